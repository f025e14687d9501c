"""``check``: what can be known before spending - channel, routes, whether the key is accepted, what it may use."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING, Any

from tokenrouter_video.catalog import MODELS, VideoModel, find_model
from tokenrouter_video.cli.channel_report import USABLE, models_by_state
from tokenrouter_video.cli.gateway_access import key_problem, loopback_of, open_gateway, profile_of
from tokenrouter_video.cli.layout import wrapped
from tokenrouter_video.cli.selection import Choice, find_channel
from tokenrouter_video.display import visible
from tokenrouter_video.errors import (
    AmbiguousError,
    NoChannelError,
    NotRoutedError,
    ProgramError,
    RefusedError,
    RejectedError,
    UnreachableError,
)
from tokenrouter_video.gateway import interruption
from tokenrouter_video.gateway.exchange import NoReplyError
from tokenrouter_video.gateway.models_list import NoOffer, Offer, read_models
from tokenrouter_video.records import dataclass, replace

if TYPE_CHECKING:
    from tokenrouter_video.channels import Channel
    from tokenrouter_video.cli.console import Console


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the answer: what was looked at, whether it is well, what was found, what to do about it."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    error: ProgramError | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the object of the contract."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail, "try": self.remedy or None}


def execute(args: argparse.Namespace, console: Console) -> int:
    """Run the checks, print a line for each, and end with the code of the most serious one that is not well."""
    loopback = loopback_of(args)
    with interruption.termination_as_interrupt():
        try:
            choice = find_channel(args, console, args.model)
        except (NoChannelError, AmbiguousError, RefusedError) as error:
            return _deliver([Check("channel", False, error.message, error.remedy, error)], console)
        channel = choice.channel
        models = (find_model(args.model),) if args.model else tuple(MODELS.values())
        checks = [Check("channel", True, f"{channel.id} ({channel.file}:{channel.line})")]
        states = _states_of(choice, models)
        checks.append(_check_route(choice, states, console))
        problem = key_problem(channel, args)
        if problem is not None:
            checks.append(Check("key", False, problem.message, problem.remedy, problem))
        else:
            checks += _ask_gateway(channel, states, loopback, console)
    return _deliver(checks, console)


# What is said first is what has to be repaired first.
_SERIOUSNESS = (3, 4, 5, 7, 13, 8, 14)


def _deliver(checks: list[Check], console: Console) -> int:
    checks = [replace(check, remedy=console.as_started(check.remedy)) for check in checks]
    payload = {"schema": 1, "checks": [check.as_json() for check in checks]}
    errors = [check.error for check in checks if check.error is not None]
    if errors:
        error = min(errors, key=lambda error: _SERIOUSNESS.index(error.exit_code))
        if not console.json:
            console.result(payload, lambda: _text(checks, console))
            error.remedy = ""  # it stands in the line of its check
        error.result = payload
        raise error
    console.result(payload, lambda: _text(checks, console))
    return 0


def _states_of(choice: Choice, models: tuple[VideoModel, ...]) -> dict[str, str]:
    """Return what became of the models that were asked about: of all of them, where none was named."""
    from tokenrouter_video.routing.survey import survey

    states = (choice.surveyed or survey(choice.channel)).video_models
    return {model.id: states.get(model.id, "missing") for model in models}


def _check_route(choice: Choice, states: dict[str, str], console: Console) -> Check:
    """Judge the routes: of several models, which a config need not have all, one that can be used is enough."""
    detail = models_by_state(states)
    if not USABLE.isdisjoint(states.values()):
        return Check("route", True, detail)
    preview = console.command("route", next(iter(states)) if len(states) == 1 else "MODEL")
    remedy = f"Preview the route: {shlex.join(preview)}"
    error = NotRoutedError(f"no route in {choice.channel.id}: {detail}", remedy, details={"video_models": states})
    return Check("route", False, detail, remedy, error)


def _ask_gateway(channel: Channel, states: dict[str, str], loopback: str | None, console: Console) -> list[Check]:
    profile = profile_of(channel)
    source = channel.key.resolved_from or "the config"
    with open_gateway(profile, channel.key.secret, loopback, console) as client:
        try:
            with console.status(f"asking {client.origin}"):
                reply = client.ask(profile.models_path)
        except NoReplyError as silence:
            unreachable = UnreachableError(
                f"the gateway did not answer: {silence.reason}", "Check the connection, then try again."
            )
            return [Check("key", False, unreachable.message, unreachable.remedy, unreachable)]
    match read_models(profile, reply):
        case Offer(offered):
            accepted = Check("key", True, f"accepted by {client.origin} (resolved from {source})")
            return [accepted, _check_models(offered, states)]
        case NoOffer() as refusal:
            details = {"retryable": not refusal.key_refused, "http_status": refusal.http_status}
            error = RejectedError(refusal.message, refusal.remedy, details=details)
            return [Check("key", False, refusal.message, refusal.remedy, error)]


def _check_models(offered: frozenset[str], states: dict[str, str]) -> Check:
    """Judge what the gateway offers: one of the models that can be used has to be among it, if there are any."""
    has = [model for model in states if model in offered]
    lacks = [model for model in states if model not in offered]
    parts = (("offered", has), ("not offered", lacks))
    detail = "; ".join(f"{state}: {', '.join(names)}" for state, names in parts if names)
    wanted = [model for model, state in states.items() if state in USABLE] or list(states)
    if not offered.isdisjoint(wanted):
        return Check("model", True, detail)
    said = f"the gateway does not offer to this key: {', '.join(wanted)}"
    remedy = "Ask for the model in the gateway's console, or use a key of a group that has it."
    error = RejectedError(said, remedy, details={"retryable": False, "offered": sorted(offered)[:200]})
    return Check("model", False, detail, remedy, error)


def _text(checks: list[Check], console: Console) -> str:
    lines = []
    for check in checks:
        mark = console.style("ok", "green") if check.ok else console.style("no", "red")
        # What a style adds to the mark takes no column.
        lines.append(mark + wrapped(f"    {check.name:<8} {visible(check.detail)}", console.width, 13)[2:])
        if check.remedy:
            lines.append(wrapped(f"             try: {visible(check.remedy)}", console.width, 18))
    return "\n".join(lines)
