"""``route``: preview, apply or take back the edit that adds a video model to a channel's config."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from tokenrouter_video.catalog import VideoModel, find_model
from tokenrouter_video.cli.channel_report import channel_report
from tokenrouter_video.cli.layout import wrapped
from tokenrouter_video.cli.selection import Choice, find_channel, mask_document
from tokenrouter_video.discovery.files import LONG_BYTES
from tokenrouter_video.display import visible
from tokenrouter_video.errors import ChangedError, InterruptedByUserError, ProgramError, UsageError
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.file_checks import require_absent, require_single_link, require_writable
from tokenrouter_video.routing.plan import RoutePlan, plan_route
from tokenrouter_video.routing.preview import unified_diff
from tokenrouter_video.routing.reload import ReloadCommand, choose_reload, find_reload_commands, run_reload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tokenrouter_video.channels import Channel
    from tokenrouter_video.cli.console import Console
    from tokenrouter_video.routing.undo import UndoFile

_WARNINGS = {
    "consumer-has-no-video-path": "this consumer has no notion of video: the entry is for this program and for you",
}


@dataclass(frozen=True, slots=True)
class PreparedRoute:
    """A planned edit with the workspace that it is for, and the commands that would reload it."""

    plan: RoutePlan
    workspace: Path
    reload: tuple[ReloadCommand, ...]

    @property
    def status(self) -> str:
        """What is to be done: ``planned``, ``unchanged`` or ``not-needed``."""
        return self.plan.status

    def report(self, status: str | None = None) -> dict[str, Any]:
        """Return the object that ``route --json`` prints."""
        plan = self.plan
        return {
            "schema": 1,
            "status": status or plan.status,
            "model": plan.model.id,
            "channel": channel_report(plan.channel, plan.survey),
            "action": plan.action,
            "exemplar": plan.exemplar,
            "files": [
                {
                    "file": one.name,
                    "diff": unified_diff(one.name, one.before, one.text, is_new=one.data is None),
                    "edits": [{"start": edit.start, "end": edit.end, "text": edit.text} for edit in one.edits],
                }
                for one in plan.files
            ],
            "warnings": list(plan.warnings),
            "advice": list(plan.advice),
            "reload": [{"command": list(one.command), "source": one.source} for one in self.reload],
        }


def execute(args: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    if args.undo:
        return _undo(args, console)
    entry = read_entry(args.entry) if args.entry is not None else None
    choice = find_channel(args, console, args.model)
    model = find_model(args.model)
    prepared = prepare_route(args, console, choice, model, entry)
    status = prepared.status
    if args.apply:
        if args.reload:
            choose_reload(prepared.reload)
        apply_route(prepared, console)
        if status == "planned":
            status = "applied"
    report = prepared.report(status)
    wants_reload = args.reload and status == "applied"
    # JSON is one object, so it waits for the reload; people see what was written before it runs.
    if not console.json:
        console.result(report, lambda: route_text(report, console))
    if wants_reload:
        try:
            reload_workspace(prepared, console)
        except ProgramError as error:
            error.result = report
            raise
        except KeyboardInterrupt:
            interrupted = InterruptedByUserError(
                "interrupted during the reload; the config was written", "Reload the gateway yourself."
            )
            interrupted.result = report
            raise interrupted from None
    if console.json:
        console.result(report, lambda: "")
    return 0


def read_entry(text: str) -> Any:
    """Return the value of ``--entry``; raise :class:`UsageError` where it is no JSON, or repeats a key."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is no JSON")

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_constant=constant)
    except (ValueError, RecursionError):
        raise UsageError(
            "--entry is not valid JSON", 'Give one entry, such as --entry \'{"id": "kling-v3"}\'.'
        ) from None
    if not isinstance(value, dict | str):
        raise UsageError("--entry is neither a JSON object nor a string", "Give one entry of the list.")
    return value


def prepare_route(
    args: argparse.Namespace, console: Console, choice: Choice, model: VideoModel, entry: Any = None
) -> PreparedRoute:
    """Plan the edit and find the reload commands; nothing is written.

    Raises :class:`RefusedError` where the file cannot be edited safely.
    """
    channel = choice.channel
    with console.progress() as progress:
        if progress is not None:
            progress(f"planning and proving the edit of {channel.file}", len(channel.outer.text) >= LONG_BYTES)
        plan = plan_route(channel, model, entry, choice.surveyed)
    for one in plan.files:
        if one.data is None:
            require_absent(one.name, one.path)
            continue
        require_single_link(one.name, one.path)
        if args.apply:
            require_writable(one.name, one.path)
    commands = _reload_commands(args, choice.channel) if plan.status == "planned" else ()
    console.detail(f"route: {plan.status}")
    return PreparedRoute(plan, args.workspace, commands)


def _reload_commands(args: argparse.Namespace, channel: Channel) -> tuple[ReloadCommand, ...]:
    from tokenrouter_video.consumers import CONSUMERS

    consumer = CONSUMERS.get(channel.consumer or "")
    known = consumer.reload if consumer is not None else ()
    return find_reload_commands(args.workspace.resolve(), channel.path.absolute(), known, channel.consumer or "")


def apply_route(prepared: PreparedRoute, console: Console) -> None:
    """Write the planned edit, its undo record first.

    Raises :class:`ChangedError`, :class:`RefusedError` or :class:`NoStateError`; nothing is written then.
    """
    from tokenrouter_video.routing.undo import UndoLog, undo_file
    from tokenrouter_video.routing.write import write_file
    from tokenrouter_video.state import state_dir

    files = prepared.plan.files
    if not files:
        return
    log = UndoLog(state_dir(os.environ), prepared.workspace)
    changes = []
    for one in files:
        real = require_absent(one.name, one.path) if one.data is None else require_writable(one.name, one.path)
        changes.append((one, real))
    log.push(
        prepared.plan.model.id,
        [undo_file(one.name, real, one.data, one.encoded, one.edits) for one, real in changes],
    )
    done: list[tuple[str, Path, bytes | None, bytes]] = []
    try:
        for one, real in changes:
            write_file(one.name, real, one.data, one.encoded)
            done.append((one.name, real, one.data, one.encoded))
    except BaseException:
        # All files or none: what is written already is given back.
        for name, real, old, new in reversed(done):
            write_file(name, real, new, old)
        log.pop()
        raise
    console.detail(f"written: {', '.join(one.name for one, _ in changes)}")


def reload_workspace(prepared: PreparedRoute, console: Console) -> None:
    """Run the workspace's one reload command, if it has one.

    Raises :class:`AmbiguousError` for several and :class:`ReloadFailedError` where it fails.
    """
    command = choose_reload(prepared.reload)
    if command is None:
        console.note("no reload command was found; restart the gateway yourself if it does not watch its config")
        return
    console.note(f"running {' '.join(command.command)} ({command.source})")
    secret = prepared.plan.channel.key.secret
    run_reload(command, frozenset({secret.reveal()} if secret else ()), os.environ, console.urgent)


def _undo(args: argparse.Namespace, console: Console) -> int:
    from tokenrouter_video.routing.undo import UndoLog, reverted
    from tokenrouter_video.routing.write import write_file
    from tokenrouter_video.state import state_dir

    log = UndoLog(state_dir(os.environ), args.workspace)
    report: dict[str, Any] = {"schema": 1, "status": "unchanged", "model": None, "channel": None, "action": None}
    report |= {"exemplar": None, "files": [], "warnings": [], "reload": []}
    record = log.last()
    if record is not None:
        log.require_writable()
        planned = []
        for one in record.files:
            path = Path(one.path)
            try:
                current = path.read_bytes() if one.before or path.exists() else None
            except OSError as error:
                raise ChangedError(
                    f"{one.name}: the file cannot be read: {error.strerror}", "Restore the file, then try again."
                ) from None
            planned.append((one, path, current, reverted(one, current)))
        for one, path, current, old in planned:
            write_file(one.name, path, current, old)
        log.pop()
        report |= {
            "status": "undone",
            "model": record.model,
            "files": [_undone(console, one, current, old) for one, _, current, old in planned],
        }
    console.result(report, lambda: _undo_text(report, console))
    return 0


def _undone(console: Console, one: UndoFile, current: bytes | None, old: bytes | None) -> dict[str, Any]:
    """Return what was taken back of one file; the diff is left out where its secrets cannot be told."""
    from tokenrouter_video.documents.document import DocumentError, decode
    from tokenrouter_video.documents.formats import detect, parse

    before, after = decode(current or b"").text, decode(old or b"").text
    diff = unified_diff(one.name, before, after, is_gone=old is None)
    try:
        for text in filter(None, (before, after)):
            mask_document(console.masker, parse(text, detect(Path(one.path).name) or detect(one.name) or "json"))
    except DocumentError:
        diff = ""
    edits = [{"start": start, "end": start + length, "text": text} for start, length, text in one.spans]
    return {"file": one.name, "diff": diff, "edits": edits}


def _undo_text(report: dict[str, Any], console: Console) -> str:
    if report["status"] == "unchanged":
        return "nothing to take back in this workspace"
    names = ", ".join(visible(one["file"]) for one in report["files"])
    return f"{console.style('taken back', 'green')}: the route for {report['model']} in {names}"


def route_text(report: dict[str, Any], console: Console) -> str:
    """Return what ``route`` prints for people."""
    lines = [_headline(report, console)]
    if report["exemplar"] and report["exemplar"].get("why"):
        exemplar = report["exemplar"]
        copied = f" ({visible(exemplar['model'])})" if exemplar.get("model") else ""
        lines.append(f"like line {exemplar['line']}{copied}: {exemplar['why']}")
    for one in report["files"]:
        lines += ["", coloured_diff(one["diff"], console).rstrip("\n")]
    if report["files"] and (report["warnings"] or report["reload"]):
        lines.append("")
    lines += [_note(_WARNINGS.get(one, one), console) for one in (*report["warnings"], *report["advice"])]
    for command in report["reload"]:
        lines.append(f"reload with: {visible(' '.join(command['command']))}  ({visible(command['source'])})")
    if report["status"] == "planned":
        lines += ["", "Nothing was written; --apply writes it."]
    return "\n".join(lines)


def _note(text: str, console: Console) -> str:
    # What a style adds to the word takes no column.
    return console.style("note", "yellow") + wrapped(f"note: {visible(text)}", console.width, 6)[4:]


def _headline(report: dict[str, Any], console: Console) -> str:
    model = report["model"]
    where = visible(report["channel"]["id"])
    words = {
        "planned": f"{model} would be {'fixed' if report['action'] == 'fix' else 'added'} in {where}",
        "applied": f"{model} was {'fixed' if report['action'] == 'fix' else 'added'} in {where}",
        "unchanged": f"{model} is configured already in {where}",
        "not-needed": f"{model} needs no route in {where}: it keeps no list of models, and generate sends without one",
    }
    return console.style(words[report["status"]], "bold")


def coloured_diff(diff: str, console: Console) -> str:
    """Return a diff with its lines coloured on a terminal and control characters made visible."""
    lines = []
    # A CRLF at a line's end is the file's habit and nothing to see.
    for line in visible(diff.replace("\r\n", "\n"), keep="\n\t").split("\n"):
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        lines.append(console.style(line, "bold" if line.startswith(("+++", "---")) else style) if style else line)
    return "\n".join(lines)
