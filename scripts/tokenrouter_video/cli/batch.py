"""``generate --batch``: many requests checked as a whole, then sent once each and followed together."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from tokenrouter_video.catalog import MODELS, VideoModel, find_model
from tokenrouter_video.cli import task_report
from tokenrouter_video.cli.batch_file import MAX_BYTES, Line, ResultLines, check_output, parse_lines
from tokenrouter_video.cli.flags import DEFAULT_CONCURRENCY
from tokenrouter_video.cli.gateway_access import (
    Account,
    key_problem,
    loopback_of,
    open_journal,
    profile_of,
    usable_key,
)
from tokenrouter_video.cli.generate import prepared_route, read_bounded, require_name, write_route
from tokenrouter_video.cli.selection import find_channel
from tokenrouter_video.cli.task_report import Report, Subject
from tokenrouter_video.display import visible
from tokenrouter_video.errors import InvalidRequestError, NoStateError, RejectedError, UnreachableError, UsageError
from tokenrouter_video.gateway.batch import (
    Batch,
    Conclusion,
    Interrupted,
    Job,
    Listener,
    NotStarted,
    Pace,
    Remembered,
    StillUnknown,
    remembered,
)
from tokenrouter_video.gateway.polling import Ended, Rejected, TimedOut
from tokenrouter_video.gateway.submission import Refused
from tokenrouter_video.gateway.submit import Result, result_of
from tokenrouter_video.gateway.validation import build_body, validate
from tokenrouter_video.records import replace

if TYPE_CHECKING:
    from tokenrouter_video.channels import Channel
    from tokenrouter_video.cli.console import Console
    from tokenrouter_video.cli.route import PreparedRoute
    from tokenrouter_video.gateway.client import GatewayClient
    from tokenrouter_video.gateway.journal import Journal
    from tokenrouter_video.gateways import GatewayProfile

# Which of several codes a batch ends with: the first that occurred.
SERIOUSNESS = (11, 10, 9, 8, 17, 13)
_MAX_FAULTS_SHOWN = 20
_PROMPT_SHOWN = 40


def execute(args: argparse.Namespace, console: Console) -> int:
    """Check every line before anything is written or sent, then work through them."""
    loopback = loopback_of(args)
    name = str(args.batch)
    lines = parse_lines(read_bounded(args.batch, "--batch", MAX_BYTES), name)
    if args.output is not None:
        check_output(args.output, args.batch)
    first = next((model for line in lines if (model := _known_model(line, args)) is not None), None)

    choice = find_channel(args, console, first.id if first else None)
    channel = choice.channel
    bodies = _checked_bodies(lines, args, name, console)
    models = [MODELS[name] for name in dict.fromkeys(str(body["model"]) for body in bodies)]
    routes = {model.id: prepared_route(args, console, choice, model) for model in models}
    profile = profile_of(channel)
    results = ResultLines(args.output, console)
    if not args.submit:
        problem = key_problem(channel, args)
        known = 0
        if problem is not None:
            console.note(f"note: {problem.message}")
        else:
            account = Account(channel, usable_key(channel, args), loopback, args)
            with suppress(NoStateError):  # a preview needs no journal
                known = _count_remembered(open_journal(console), _jobs(account, lines, bodies), again=args.again)
        reports = _write_routes(args, console, models, channel, routes)
        _plan(lines, bodies, profile, reports, results)
        _note_plan(len(lines), known, reports, console)
        return 0

    account = Account(channel, usable_key(channel, args), loopback, args)
    journal = open_journal(console)
    jobs = _jobs(account, lines, bodies)
    # only that it can be written: what is open already is followed
    journal.check(jobs[0].submission, again=True)
    with account.open(console) as client:
        _write_routes(args, console, models, channel, routes)
        return _Run(account, client, journal, jobs, console=console, results=results).run()


def _jobs(account: Account, lines: list[Line], bodies: list[dict[str, Any]]) -> list[Job]:
    return [
        Job(account.submission(body, batch=True, line=line.id), line.number)
        for line, body in zip(lines, bodies, strict=True)
    ]


def _count_remembered(journal: Journal, jobs: list[Job], *, again: bool) -> int:
    return sum(remembered(journal, job.submission, again=again) is not None for job in jobs)


def _known_model(line: Line, args: argparse.Namespace) -> VideoModel | None:
    name = line.fields.get("model", args.model)
    return MODELS.get(name) if isinstance(name, str) else None


def _checked_bodies(lines: list[Line], args: argparse.Namespace, name: str, console: Console) -> list[dict[str, Any]]:
    """Return the body of every line; raises InvalidRequestError with the faults of all of them."""
    bodies: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []
    warnings: dict[str, int] = {}
    for line in lines:
        try:
            model = find_model(require_name(line.fields.get("model", args.model)))
            body = build_body(model, {}, line.fields)
            for warning in validate(model, body, allow_unknown=args.allow_unknown_params):
                warnings.setdefault(warning, line.number)
        except InvalidRequestError as error:
            faults.append({"line": line.number, "message": error.message, **error.details})
        else:
            bodies.append(body)
    if faults:
        shown = "\n".join(f"{name}:{fault['line']}: {fault['message']}" for fault in faults[:_MAX_FAULTS_SHOWN])
        more = f"\nand {len(faults) - _MAX_FAULTS_SHOWN} more" if len(faults) > _MAX_FAULTS_SHOWN else ""
        raise InvalidRequestError(
            f"{len(faults)} of {len(lines)} requests break their model's rules; nothing was sent\n{shown}{more}",
            "Correct them. The models' rules: tokenrouter-video models",
            details={"lines": faults[:_MAX_FAULTS_SHOWN]},
        )
    for warning, number in warnings.items():
        console.note(f"note: {name}:{number}: {warning}")
    _require_distinct(lines, bodies, name)
    return bodies


def _require_distinct(lines: list[Line], bodies: list[dict[str, Any]], name: str) -> None:
    import json

    seen: dict[tuple[str | None, str], int] = {}
    for line, body in zip(lines, bodies, strict=True):
        same = (line.id, json.dumps(body, sort_keys=True))
        if same in seen:
            raise UsageError(
                f"{name}:{line.number}: the same request stands in line {seen[same]}",
                'Give each of them an "id" of its own if both are wanted.',
            )
        seen[same] = line.number


def _write_routes(
    args: argparse.Namespace,
    console: Console,
    models: list[VideoModel],
    channel: Channel,
    routes: Mapping[str, PreparedRoute | None],
) -> dict[str, dict[str, Any] | None]:
    """Write the routes one after the other, each planned on what the one before it left; reload after the last."""
    reports: dict[str, dict[str, Any] | None] = {}
    to_write = [model for model in models if (route := routes[model.id]) is not None and route.status == "planned"]
    for model in models:
        route = routes[model.id]
        status = route.status if route is not None else None
        if route is not None and args.apply and model in to_write:
            if model is not to_write[0]:
                again = argparse.Namespace(**{**vars(args), "channel": channel.id})
                route = prepared_route(args, console, find_channel(again, console, model.id), model)
            last = argparse.Namespace(**{**vars(args), "reload": args.reload and model is to_write[-1]})
            status = write_route(last, console, route)
        reports[model.id] = route.report(status) if route is not None else None
    return reports


def _plan(
    lines: list[Line],
    bodies: list[dict[str, Any]],
    profile: GatewayProfile,
    routes: Mapping[str, dict[str, Any] | None],
    results: ResultLines,
) -> None:
    """Print every line as it would be sent; a model's route stands in its first line."""
    shown: set[str] = set()
    for line, body in zip(lines, bodies, strict=True):
        model = str(body["model"])
        report = Report("planned", Subject(profile, body, route=None if model in shown else routes[model]))
        shown.add(model)
        results.write(_as_line(report, line.number, line.id), _text(report, line.number, line.id))


def _note_plan(count: int, known: int, routes: Mapping[str, dict[str, Any] | None], console: Console) -> None:
    """Say what ``--submit`` would do: how many requests it would send and pay for, and which routes are lacking."""
    for model, route in routes.items():
        if route is not None and route["status"] == "planned":
            console.note(f"note: {model} has no route yet: see it with {shlex.join(console.command('route', model))}")
    new = count - known
    if new:
        console.note(f"nothing was sent; --submit sends {_requests(new)}; {'it' if new == 1 else 'each'} costs money")
    if known:
        was, is_ = ("was", "is") if known == 1 else ("were", "are")
        console.note(f"{_requests(known)} {was} sent by an earlier run, and {is_} not sent again")


def _requests(count: int) -> str:
    return f"{count:,} request{'' if count == 1 else 's'}"


class _Run:
    """One batch on its way: turns what it tells into result lines, messages and an exit code."""

    def __init__(
        self,
        account: Account,
        client: GatewayClient,
        journal: Journal,
        jobs: list[Job],
        *,
        console: Console,
        results: ResultLines,
    ) -> None:
        args = account.args
        self._client = client
        self._timeout = args.timeout
        self._console = console
        self._results = results
        self._loopback = account.loopback
        self._total = len(jobs)
        self._counts: dict[str, int] = {}
        self._codes: set[int] = set()
        pace = Pace(
            concurrency=args.concurrency or DEFAULT_CONCURRENCY,
            rate=args.rate,
            timeout=args.timeout,
            interval=args.poll_interval,
            follow=not args.no_wait,
        )
        self._listener = Listener(self._accepted, self._concluded, console.urgent)
        self._batch = Batch(client, journal, jobs, pace, self._listener, again=args.again)

    def run(self) -> int:
        """Work to the end and return the exit code."""
        try:
            with ExitStack() as stack:
                # on one terminal a spinner would be in the way of the result lines
                if not self._results.on_terminal:
                    status = stack.enter_context(self._console.status(self._progress()))
                    self._listener.moved = lambda: status.update(self._progress())
                self._batch.run()
        except KeyboardInterrupt:
            self._console.urgent(f"interrupted; {self._progress()}. The same command goes on where it was.")
            if not self._codes:
                raise
        self._console.note(self._progress())
        return next((code for code in SERIOUSNESS if code in self._codes), max(self._codes, default=0))

    def _progress(self) -> str:
        done = ", ".join(f"{count} {status}" for status, count in sorted(self._counts.items()))
        parts = [f"{sum(self._counts.values())} of {self._total} done" + (f" ({done})" if done else "")]
        parts += [f"{len(self._batch.following)} running"] if self._batch.following else []
        parts += [f"{len(self._batch.sending)} on their way"] if self._batch.sending else []
        parts += [f"{len(self._batch.waiting)} not sent yet"] if self._batch.waiting else []
        return ", ".join(parts)

    def _accepted(self, job: Job) -> None:
        self._console.note(f"line {job.number}: task {job.task_id}")

    def _concluded(self, job: Job, conclusion: Conclusion) -> None:
        report = self._report(job, conclusion)
        self._counts[report.status] = self._counts.get(report.status, 0) + 1
        if report.error is not None:
            self._codes.add(report.error.exit_code)
        id = job.submission.line
        self._results.write(_as_line(report, job.number, id), _text(report, job.number, id))

    def _report(self, job: Job, conclusion: Conclusion) -> Report:
        subject = Subject(
            self._client.profile,
            job.submission.body,
            job.entry.id if job.entry else None,
            job.task_id,
            self._loopback,
        )
        console = self._console
        match conclusion:
            case Ended() | Rejected() | TimedOut():
                result = Result((), None)
                if isinstance(conclusion, Ended):
                    result = result_of(self._client.profile, job.task_id or "", conclusion, self._client.origin)
                return task_report.of_ending(subject, conclusion, result, console, self._timeout)
            case Remembered(entry):
                if entry.ended:
                    return task_report.of_remembered_end(subject, entry)
                return task_report.of_entry(subject, entry, console)
            case StillUnknown(entry):
                why = entry.reason or "an earlier run ended before one came, or another program is sending it now"
                return task_report.unknown_fate(subject, why, console)
            case Interrupted(state):
                return task_report.interrupted(subject, state, console)
            case NotStarted(cause):
                return _not_started(subject, cause)
            case verdict:
                return task_report.of_verdict(subject, verdict, console)


def _not_started(subject: Subject, cause: object) -> Report:
    report = Report("planned", subject)
    match cause:
        case NoStateError():
            return replace(report, error=cause)
        case Refused():
            error = RejectedError(
                f"not sent, since the requests before it were refused: {cause.message}",
                cause.remedy,
                details={"retryable": True, "http_status": cause.http_status},
            )
            return replace(report, error=error)
        case _:
            return replace(
                report,
                error=UnreachableError(
                    "not sent, since the gateway could not be reached for the requests before it",
                    "Run the same command again: what was not sent is sent then.",
                ),
            )


def _as_line(report: Report, number: int, id: str | None) -> dict[str, Any]:
    """Return the result line of one request."""
    line = {"schema": 1, "line": number, "line_id": id, **report.as_json()}
    if report.error is not None:
        error = report.error
        line["error"] = {**error.details, "code": error.code, "message": error.message, "try": error.remedy}
    return line


def _text(report: Report, number: int, id: str | None) -> str:
    name = f"line {number}" + (f" ({id})" if id else "")
    task = f" task {report.subject.task_id}" if report.subject.task_id else ""
    what = f": {report.error.message}" if report.error is not None else ""
    if report.status == "planned" and not what:
        body = report.subject.body
        prompt = body.get("prompt")
        about = f", {visible(prompt[:_PROMPT_SHOWN])}" if isinstance(prompt, str) else ""
        what = f": {visible(str(body['model']))}{about}"
    return " ".join([f"{name}: {report.status}{task}{what}", *report.video_urls])
