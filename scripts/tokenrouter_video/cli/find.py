"""``find``: the channels of a workspace, where they are, which key and models they have, live or not, and why."""

from __future__ import annotations

from tokenrouter_video.cli.layout import wrapped
from tokenrouter_video.cli.selection import listed, look_around, none_live, nothing_found, skipped_report
from tokenrouter_video.discovery.liveness import LIVE_FROM, START
from tokenrouter_video.display import visible
from tokenrouter_video.errors import AmbiguousError, NoChannelError, RefusedError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from tokenrouter_video.channels import Channel
    from tokenrouter_video.cli.console import Console
    from tokenrouter_video.discovery.search import Discovery

# Text output keeps to what a person reads; --json lists everything.
MOST_SHOWN = 10


def execute(args: argparse.Namespace, console: Console) -> int:
    """List the channels.

    Raises :class:`NoChannelError` where there is none, :class:`RefusedError` where a file that may hold one cannot be
    read and :class:`AmbiguousError` where none is live, each with the find object, and :class:`UsageError` for a
    ``--channel`` that is not there.
    """
    discovery = look_around(args, console)
    shown = discovery.channels
    if args.channel:
        shown = tuple(channel for channel in shown if channel.id == args.channel)
        if discovery.channels and not shown:
            raise UsageError(f"there is no channel {args.channel}", f"Use one of: {listed(discovery.channels)}.")
    payload = _payload(args, discovery, shown)
    failure = _failure(args, discovery, shown)
    if failure is not None and console.json:
        failure.result = payload
    else:
        console.result(payload, lambda: _text(payload, discovery, console))
    if failure is not None:
        raise failure
    return 0


def _failure(
    args: argparse.Namespace, discovery: Discovery, shown: tuple[Channel, ...]
) -> NoChannelError | RefusedError | AmbiguousError | None:
    if not shown:
        return nothing_found(discovery, args)
    is_named = bool(args.channel or args.config)
    return None if is_named or any(channel.live for channel in shown) else none_live(shown)


def _payload(args: argparse.Namespace, discovery: Discovery, shown: tuple[Channel, ...]) -> dict[str, Any]:
    return {
        "schema": 1,
        "workspace": str(args.workspace.absolute()),
        "channels": [_channel(channel) for channel in shown],
        "candidates": [{"file": one.file, "reasons": list(one.reasons)} for one in discovery.candidates],
        "lookalikes": [
            {"file": one.file, "line": one.line, "host": one.host, "reason": one.reason} for one in discovery.lookalikes
        ],
        "skipped": [skipped_report(one) for one in discovery.skipped],
        "files_scanned": discovery.files_scanned,
    }


def _channel(channel: Channel) -> dict[str, Any]:
    from tokenrouter_video.cli.channel_report import channel_report
    from tokenrouter_video.routing.survey import survey

    report = channel_report(channel, survey(channel))
    report["key"]["problem"] = channel.key.problem
    return report


def _text(payload: dict[str, Any], discovery: Discovery, console: Console) -> str:
    lines: list[str] = []
    for channel in payload["channels"]:
        lines += [*_about_channel(channel, console), ""]
    for title, rows in _lists(payload):
        lines += [console.style(title, "bold"), *rows[:MOST_SHOWN]]
        lines += [f"  and {len(rows) - MOST_SHOWN} more: see --json"] if len(rows) > MOST_SHOWN else []
        lines.append("")
    if payload["channels"]:
        lines.append(f"A channel starts with a score of {START}, and is live from {LIVE_FROM} on.")
    count = discovery.files_scanned
    lines.append(f"{count:,} {'file' if count == 1 else 'files'} looked at in {visible(payload['workspace'])}")
    return "\n".join(lines)


def _about_channel(channel: dict[str, Any], console: Console) -> list[str]:
    from tokenrouter_video.cli.channel_report import models_by_state

    state = console.style("live", "green") if channel["live"] else console.style("not live", "yellow")
    key = channel["key"]
    listed = channel["route_list"]
    rows = {
        "base URL": f"{visible(channel['base_url'])}  ({visible(channel['file'])}:{channel['line']})",
        "consumer": f"{channel['consumer'] or 'not known'}, {channel['format']}",
        "key": _key(key),
        "models": _models(listed),
        "video": models_by_state(channel["video_models"]),
        "why": "; ".join(visible(reason) for reason in channel["reasons"]),
    }
    return [
        f"{console.style(visible(channel['id']), 'bold')}  {state} (score {channel['score']})",
        *(wrapped(f"  {label:8}  {text}", console.width, 12) for label, text in rows.items()),
    ]


def _key(key: dict[str, Any]) -> str:
    named = {"none": "none", "literal": "written in the config"}.get(key["source"], f"{key['source']} {key['name']}")
    if key["resolved"]:
        return visible(f"{named}: {key['masked']} from {key['resolved_from']}")
    return visible(f"{named}: {key['problem']}")


def _models(listed: dict[str, Any] | None) -> str:
    if listed is None:
        return "no list: the consumer keeps none"
    names = [visible(name) for name in listed["models"]]
    shown = ", ".join(names[:MOST_SHOWN]) + (f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else "")
    place = f"{listed['file']}#{listed['pointer']}" if "file" in listed else listed["pointer"]
    return f"{shown or 'none yet'}  ({listed['shape']}, {visible(place) or 'the whole file'})"


def _lists(payload: dict[str, Any]) -> list[tuple[str, list[str]]]:
    candidates = [f"  {visible(one['file'])}: {visible('; '.join(one['reasons']))}" for one in payload["candidates"]]
    lookalikes = [
        f"  {visible(one['file'])}:{one['line']}: {visible(one['host'])}, {visible(one['reason'])}"
        for one in payload["lookalikes"]
    ]
    skipped = [
        f"  {visible(one['file'])}{':' + str(one['line']) if 'line' in one else ''}: {visible(one['reason'])}"
        for one in payload["skipped"]
    ]
    found = [
        ("look like provider configs, but hold no channel:", candidates),
        ("other services' hosts that look like the gateway's:", lookalikes),
        ("left out:", skipped),
    ]
    return [(title, rows) for title, rows in found if rows]
