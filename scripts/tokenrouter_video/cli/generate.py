"""``generate``: the whole job - channel, model, route, request, video - previewed, or sent once and waited for."""

from __future__ import annotations

import argparse
import json
import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tokenrouter_video.catalog import FLAG_PATHS, MODELS, VideoModel, find_model
from tokenrouter_video.cli.following import announce, save, seconds_since, wait_for
from tokenrouter_video.cli.gateway_access import Account, key_problem, loopback_of, open_journal, profile_of, usable_key
from tokenrouter_video.cli.route import apply_route, prepare_route, reload_workspace, route_text
from tokenrouter_video.cli.selection import Choice, find_channel
from tokenrouter_video.cli.task_report import Report, Subject, deliver, interrupted, of_verdict
from tokenrouter_video.errors import (
    DuplicateError,
    InvalidRequestError,
    NoStateError,
    NotRoutedError,
    RefusedError,
    UsageError,
)
from tokenrouter_video.gateway import interruption, params
from tokenrouter_video.gateway.history import Entry
from tokenrouter_video.gateway.journal import OpenRequest
from tokenrouter_video.gateway.submission import Accepted
from tokenrouter_video.gateway.submit import NeverSent, send_once
from tokenrouter_video.gateway.validation import build_body, validate
from tokenrouter_video.records import replace
from tokenrouter_video.routing.reload import choose_reload

if TYPE_CHECKING:
    from tokenrouter_video.cli.console import Console
    from tokenrouter_video.cli.route import PreparedRoute
    from tokenrouter_video.gateway.history import Submission
    from tokenrouter_video.gateway.journal import Journal


def execute(args: argparse.Namespace, console: Console) -> int:
    """Run the command; what it refuses, it refuses in the order of the contract, before anything is written or sent."""
    with interruption.termination_as_interrupt():
        if args.batch is not None:
            from tokenrouter_video.cli import batch

            return batch.execute(args, console)
        return _execute_one(args, console)


def _execute_one(args: argparse.Namespace, console: Console) -> int:
    loopback = loopback_of(args)
    if args.download is not None:
        from tokenrouter_video.gateway.download import check_target

        check_target(args.download, force=args.force)
    given = read_params(args.params)
    name = args.model or given.get("model")
    # faults of the arguments come before what a search finds, an unknown model behind it
    known = MODELS.get(name) if isinstance(name, str) else None
    body = build_body(known or _unknown_model(name), field_flags(args), given)

    choice = find_channel(args, console, known.id if known else None)
    channel = choice.channel
    model = known or find_model(require_name(name))
    warnings = validate(model, body, allow_unknown=args.allow_unknown_params)
    route = prepared_route(args, console, choice, model)
    subject = Subject(profile_of(channel), body, gateway_url=loopback, warnings=tuple(warnings))
    if not args.submit:
        problem = key_problem(channel, args)
        if problem is not None:
            subject = replace(subject, warnings=(*warnings, problem.message))
        else:
            account = Account(channel, usable_key(channel, args), loopback, args)
            with suppress(NoStateError):  # a preview needs no journal
                journal = open_journal(console)
                subject = _warned_of_same(subject, journal, account.submission(dict(body)), console)
        _note_warnings(subject, console)
        subject = replace(subject, route=_written(args, console, route))
        report = Report("planned", subject)
        console.result(report.as_json(), lambda: _plan_text(subject, console))
        return 0
    account = Account(channel, usable_key(channel, args), loopback, args)
    return deliver(_submit(account, route, subject, console), console)


def _unknown_model(name: object) -> VideoModel:
    """Return what stands for a model that is not in the catalog while the arguments are looked at: it has no fields."""
    return replace(next(iter(MODELS.values())), id=cast("str", name), fields=())


def _submit(account: Account, route: PreparedRoute | None, subject: Subject, console: Console) -> Report:
    """Write the route, send the request once, wait for the video; a duplicate and a journal's fault come first."""
    args = account.args
    journal = open_journal(console)
    submission = account.submission(dict(subject.body))
    with account.open(console) as client:
        try:
            journal.check(submission, again=args.again)
            subject = _warned_of_same(subject, journal, submission, console)
            _note_warnings(subject, console)
            subject = replace(subject, route=_written(args, console, route))
            sent = send_once(client, journal, submission, again=args.again, warn=console.urgent)
        except OpenRequest as open_request:
            raise _duplicate(open_request.entry, subject, console) from None
        report = of_verdict(replace(subject, id=sent.entry.id), sent.verdict, console)
        if not isinstance(sent.verdict, Accepted):
            if sent.interrupted and isinstance(sent.verdict, NeverSent):
                raise KeyboardInterrupt
            return report
        accepted = report
        try:
            announce(accepted.subject, console)
            if sent.interrupted:
                return interrupted(accepted.subject, None, console)
            if args.no_wait:
                return accepted
            report = wait_for(client, journal, accepted.subject, args, console)
            return save(report, client, args.download, args.force, console)
        except KeyboardInterrupt:
            # between two steps; what was accepted or even made is not to end as "interrupted" and no more
            return interrupted(accepted.subject, None, console) if report is accepted else report


def _warned_of_same(subject: Subject, journal: Journal, submission: Submission, console: Console) -> Subject:
    """Add what became of the same request before: whoever does not remember it would pay for the video again."""
    same = next((entry for entry in journal.same(submission) if entry.open or entry.status == "succeeded"), None)
    if same is None:
        return subject
    before = Subject.of(subject.profile, same, subject.gateway_url)
    if same.open:
        what = f"is open since {same.submitted_at}: --submit sends nothing without --again"
    else:
        what = f"made a video at {same.closed_at}: sending it again makes and bills another"
    status = shlex.join(before.command(console, "status"))
    return replace(subject, warnings=(*subject.warnings, f"the same request {what}; the first one: {status}"))


def _note_warnings(subject: Subject, console: Console) -> None:
    for warning in subject.warnings:
        console.note(f"note: {warning}")


def _written(args: argparse.Namespace, console: Console, route: PreparedRoute | None) -> dict[str, Any] | None:
    """Write the route if ``--apply`` says so, and return its report."""
    status = write_route(args, console, route)
    return route.report(status) if route is not None else None


# --- what a batch shares


def field_flags(args: argparse.Namespace) -> dict[str, object]:
    """Return the request fields that were given as flags, None where one was not."""
    return {name: getattr(args, name) for name in FLAG_PATHS}


def read_params(text: str | None) -> dict[str, Any]:
    """Return the object of ``--params``, which is JSON or ``@`` and a file; raises UsageError."""
    if text is None:
        return {}
    if not text.startswith("@"):
        return params.parse_params(text)
    return params.parse_params(read_bounded(Path(text[1:]), "--params", params.MAX_BYTES), f"--params {text}")


def read_bounded(path: Path, flag: str, limit: int) -> bytes:
    """Return a file's bytes, up to one more than the limit; raises UsageError."""
    try:
        if path.exists() and not path.is_file():
            raise UsageError(f"{flag}: {path} is no regular file", "name a file")
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"{flag}: {path} cannot be read: {error.strerror or error}", "name a readable file") from None


def require_name(name: object) -> str:
    """Return the model's name; raises InvalidRequestError where it is missing or no text."""
    if isinstance(name, str) and name:
        return name
    raise InvalidRequestError("the request names no model", f"Use one of: {', '.join(MODELS)}.")


def prepared_route(
    args: argparse.Namespace, console: Console, choice: Choice, model: VideoModel
) -> PreparedRoute | None:
    """Plan the model's route; None where ``--skip-route`` makes do without. Raises RefusedError, NotRoutedError."""
    try:
        route = prepare_route(args, console, choice, model)
    except RefusedError as error:
        if not args.skip_route:
            raise
        console.note(f"no route is planned: {error.message}")
        return None
    if args.apply and args.reload:
        choose_reload(route.reload)
    if args.submit and route.status == "planned" and not (args.apply or args.skip_route):
        wrong = route.report()["action"] == "fix"
        raise NotRoutedError(
            f"{model.id} is {'routed wrongly' if wrong else 'not routed'} in {choice.channel.id}; nothing was sent",
            "Add --apply to write the route (a look at it first: leave --submit out), or --skip-route to send "
            "without one.",
            details={"model": model.id, "channel": choice.channel.id, "route": route.report()},
        )
    return route


def write_route(args: argparse.Namespace, console: Console, route: PreparedRoute | None) -> str | None:
    """Write a planned route if ``--apply`` says so, reload if ``--reload`` does; return the route's status."""
    if route is None:
        return None
    if not args.apply or route.status != "planned":
        return route.status
    apply_route(route, console)
    if args.reload:
        reload_workspace(route, console)
    return "applied"


# For so long another program may be sending a request of which nothing more is known: longer than a POST may take.
_ON_ITS_WAY_SECONDS = 120.0


def _duplicate(entry: Entry, subject: Subject, console: Console) -> DuplicateError:
    """Return the error for a request that is open already, with the commands to follow, forget or repeat it."""
    profile = subject.profile
    subject = Subject.of(profile, entry, subject.gateway_url)
    forget = shlex.join(subject.command(console, "forget"))
    if entry.task_id:
        what = f"is open already as task {entry.task_id} ({entry.status}, submitted {entry.submitted_at})"
        first = f"follow it: {shlex.join(subject.command(console, 'wait'))}"
    elif entry.reason is None and seconds_since(entry.submitted_at) < _ON_ITS_WAY_SECONDS:
        what = f"is on its way from another program, it seems ({entry.id}, {entry.submitted_at})"
        first = f"see in two minutes what became of it: {shlex.join(subject.command(console, 'status'))}"
    else:
        what = f"was sent already ({entry.id}, {entry.submitted_at}) and its fate is unknown"
        first = f"look for it in {profile.title}'s console: {profile.sign_up_url}"
    return DuplicateError(
        f"the same request {what}; nothing was sent",
        f"{first}\nforget it: {forget}\nsend it all the same: the same command with --again",
        details={"id": entry.id, "task_id": entry.task_id, "status": entry.status},
    )


# --- the preview


def _plan_text(subject: Subject, console: Console) -> str:
    origin = subject.gateway_url or subject.profile.origin
    lines = [console.style("nothing was sent", "bold") + "; --submit sends this request, which costs money:", ""]
    lines.append(f"{subject.profile.submit_method} {origin}{subject.profile.submit_path}")
    lines.append(json.dumps(dict(subject.body), ensure_ascii=False, indent=2))
    lines += ["", "cost: unknown (the gateway does not say before)"]
    if subject.route is not None:
        lines += ["", route_text(dict(subject.route), console)]
    return "\n".join(lines)
