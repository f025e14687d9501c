"""What ``generate`` and ``task`` print: one object for every way in which a request can go, its error, its text."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tokenrouter_video.display import visible
from tokenrouter_video.errors import (
    DeadlineError,
    NotSavedError,
    ProgramError,
    RejectedError,
    TaskFailedError,
    UnknownFateError,
    UnreachableError,
)
from tokenrouter_video.gateway.polling import Ended, Ending, Rejected, TimedOut
from tokenrouter_video.gateway.replies import without_account_fields
from tokenrouter_video.gateway.submission import Accepted, Refused, Unclear
from tokenrouter_video.gateway.submit import NeverSent, NoAnswer, Result, Verdict
from tokenrouter_video.gateway.task_state import TaskState
from tokenrouter_video.gateway.video_urls import Cost
from tokenrouter_video.gateway.video_urls import cost as cost_of
from tokenrouter_video.gateway_answers import Cause, TaskStatus
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.records import dataclass, field, replace

if TYPE_CHECKING:
    from tokenrouter_video.cli.console import Console
    from tokenrouter_video.gateway.history import Entry

# Why a task could not be asked about: with these the same question may be answered later.
_MAY_RESUME = frozenset({Cause.KEY, Cause.BALANCE, Cause.FORBIDDEN, Cause.RATE, Cause.SERVER, Cause.UPSTREAM})


@dataclass(frozen=True, slots=True)
class Subject:
    """The request that a report is about.

    ``id`` is its name in the journal, None while it is not there; ``gateway_url`` the loopback gateway that a command
    to resume has to name; ``sent_by`` what is to be run again to go on, where that is no ``task wait``.
    """

    profile: GatewayProfile
    body: Mapping[str, Any]
    id: str | None = None
    task_id: str | None = None
    gateway_url: str | None = None
    route: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, profile: GatewayProfile, entry: Entry, gateway_url: str | None) -> Subject:
        """Return the subject for a request of the journal."""
        return cls(profile, entry.body, entry.id, entry.task_id, gateway_url)

    def command(self, console: Console, action: str, *more: str) -> list[str]:
        """Return the words of a ``task`` command about this request; they work from any folder."""
        where = ("--gateway-url", self.gateway_url) if self.gateway_url and action not in ("forget", "list") else ()
        # what begins with a hyphen would be taken for a flag
        name = self.id if self.task_id is None or self.task_id.startswith("-") else self.task_id
        return console.command("task", action, name or self.task_id or "", *where, *more)


@dataclass(frozen=True, slots=True)
class Report:
    """The object to print, and the error that the command ends with, if any."""

    status: str
    subject: Subject
    video_urls: tuple[str, ...] = ()
    expires_at: str | None = None
    downloaded: tuple[str, ...] = ()
    payload: Mapping[str, Any] | None = None
    http_status: int | None = None
    resume: tuple[str, ...] | None = None
    error: ProgramError | None = field(default=None, compare=False)

    @property
    def cost(self) -> Cost | None:
        """What the gateway says that the task cost, None where it does not say."""
        if self.payload is None or self.status != TaskStatus.SUCCEEDED:
            return None
        return cost_of(self.subject.profile, dict(self.payload), TaskStatus.SUCCEEDED)

    def as_json(self) -> dict[str, Any]:
        """Return the object of the contract."""
        subject = self.subject
        cost = self.cost
        return {
            "schema": 1,
            "status": self.status,
            "model": subject.body.get("model"),
            "request": dict(subject.body),
            "route": subject.route,
            "id": subject.id,
            "task_id": subject.task_id,
            "video_urls": list(self.video_urls),
            "expires_at": self.expires_at,
            "downloaded": list(self.downloaded),
            "cost": {"amount": cost.amount, "unit": cost.unit} if cost else None,
            "payload": self.payload,
            "http_status": self.http_status,
            "resume": shlex.join(self.resume) if self.resume else None,
            "resume_argv": list(self.resume) if self.resume else None,
            "warnings": list(subject.warnings),
        }


def deliver(report: Report, console: Console) -> int:
    """Print a report; raise its error, which takes the object along."""
    if report.error is None:
        console.result(report.as_json(), lambda: text_of(report, console))
        return 0
    if not console.json and report.status in ("succeeded", "failed"):
        console.result({}, lambda: text_of(report, console))
    report.error.result = report.as_json()
    raise report.error


# --- what a submission led to


def of_verdict(subject: Subject, verdict: Verdict, console: Console) -> Report:
    """Return the report on a submission: accepted, refused, unclear, never sent or unanswered."""
    match verdict:
        case Accepted():
            subject = replace(subject, task_id=verdict.task_id)
            status = verdict.status if verdict.status in (TaskStatus.QUEUED, TaskStatus.IN_PROGRESS) else "queued"
            return Report(
                str(status),
                subject,
                payload=verdict.payload,
                http_status=verdict.http_status,
                resume=tuple(subject.command(console, "wait")),
            )
        case Refused():
            details = {"retryable": verdict.retryable, **_gateway_details(verdict)}
            if verdict.retry_after is not None:
                details["retry_after"] = verdict.retry_after
            error: ProgramError = RejectedError(verdict.message, verdict.remedy, details=details)
            return Report("rejected", subject, payload=verdict.payload, http_status=verdict.http_status, error=error)
        case Unclear():
            details = _gateway_details(verdict) | {"id": subject.id}
            remedy = f"{verdict.remedy}\n{_unknown_remedy(subject, console)}"
            error = UnknownFateError(verdict.message, remedy, details=details)
            return Report("unknown", subject, payload=verdict.payload, http_status=verdict.http_status, error=error)
        case NoAnswer():
            return unknown_fate(subject, verdict.reason, console)
        case NeverSent():
            error = UnreachableError(
                f"the gateway could not be reached: {verdict.reason}; nothing was sent",
                "Check the connection (and the proxy, if there is one), then send the request again.",
            )
            return Report("planned", subject, error=error)


def unknown_fate(subject: Subject, reason: str, console: Console) -> Report:
    """Return the report on a request that left and whose fate nobody knows."""
    error = UnknownFateError(
        f"the request was sent and no answer came: {reason}. It may have been accepted, and may be billed. It is not "
        "sent again by itself.",
        f"Look for the task in the task log of {subject.profile.title}'s console ({subject.profile.sign_up_url}) "
        f"before sending the request again.\n{_unknown_remedy(subject, console)}",
        details={"id": subject.id},
    )
    return Report("unknown", subject, error=error)


def _unknown_remedy(subject: Subject, console: Console) -> str:
    forget = shlex.join(subject.command(console, "forget"))
    return f"if it is not there, forget it, then send it anew: {forget}"


def _gateway_details(verdict: Refused | Unclear) -> dict[str, Any]:
    return {
        "http_status": verdict.http_status,
        "gateway_code": verdict.code or None,
        "request_id": verdict.request_id,
    }


# --- how following a task went


def of_ending(subject: Subject, ending: Ending, result: Result, console: Console, timeout: float) -> Report:
    """Return the report on a task that was followed: succeeded, failed, not told, or still running."""
    resume = tuple(subject.command(console, "wait"))
    match ending:
        case Ended(state):
            return of_final_state(subject, state, result)
        case Rejected(answer):
            error: ProgramError = RejectedError(
                answer.message,
                f"{answer.remedy}\nresume with: {shlex.join(resume)}",
                details={
                    "retryable": answer.cause in _MAY_RESUME,
                    "http_status": answer.http_status,
                    "gateway_code": answer.code or None,
                },
            )
            return Report(
                "rejected",
                subject,
                payload=answer.payload,
                http_status=answer.http_status,
                resume=resume,
                error=error,
            )
        case TimedOut(state, trouble):
            return _still_running(subject, state, f"no end within {timeout:g} seconds", trouble, resume)


def interrupted(subject: Subject, state: TaskState | None, console: Console) -> Report:
    """Return the report on a wait that the user ended; the task is left alone."""
    return _still_running(subject, state, "interrupted while waiting", "", tuple(subject.command(console, "wait")))


def _still_running(
    subject: Subject, state: TaskState | None, what: str, trouble: str, resume: tuple[str, ...]
) -> Report:
    last = f" (last heard: {state.word}{_percent(state)})" if state is not None else ""
    why = f" {trouble}" if trouble else ""
    error = DeadlineError(
        f"{what}: task {subject.task_id} may still be running and may be billed{last}.{why}",
        f"resume with: {shlex.join(resume)}",
        details={"task_id": subject.task_id},
    )
    payload, http_status = (state.payload, state.http_status) if state is not None else (None, None)
    return Report("timeout", subject, payload=payload, http_status=http_status, resume=resume, error=error)


def not_finished(report: Report) -> Report:
    """Return the report on a video that was to be saved while its task still runs."""
    resume = shlex.join(report.resume or ())
    error = DeadlineError(
        f"task {report.subject.task_id} has not finished yet ({report.status})",
        f"wait for it: {resume}",
        details={"task_id": report.subject.task_id},
    )
    return replace(report, error=error)


def of_final_state(subject: Subject, state: TaskState, result: Result) -> Report:
    """Return the report on a task that has ended."""
    report = Report(
        str(state.status),
        subject,
        video_urls=result.video_urls,
        expires_at=result.expires_at,
        payload=state.payload,
        http_status=state.http_status,
    )
    if state.status is TaskStatus.SUCCEEDED:
        return report
    return replace(report, error=_failed(subject, state.message or state.word))


def of_running_state(subject: Subject, state: TaskState, console: Console) -> Report:
    """Return the report on a task that has not ended; a word that nobody knows counts as at work."""
    status = TaskStatus.IN_PROGRESS if state.status is TaskStatus.UNKNOWN else state.status
    return Report(
        str(status),
        subject,
        payload=state.payload,
        http_status=state.http_status,
        resume=tuple(subject.command(console, "wait")),
    )


def of_entry(subject: Subject, entry: Entry, console: Console) -> Report:
    """Return the report on a request as it is remembered, without its error."""
    resume = tuple(subject.command(console, "wait")) if entry.open and entry.task_id else None
    return Report(entry.status, subject, video_urls=entry.video_urls, expires_at=entry.expires_at, resume=resume)


def of_remembered_end(subject: Subject, entry: Entry) -> Report:
    """Return the report on a task whose end is remembered, with the error of a failed one."""
    report = Report(entry.status, subject, video_urls=entry.video_urls, expires_at=entry.expires_at)
    return report if entry.status == "succeeded" else replace(report, error=_failed(subject, entry.reason or "failed"))


def _failed(subject: Subject, reason: str) -> TaskFailedError:
    return TaskFailedError(
        f"task {subject.task_id} failed: {reason}",
        "Change what the gateway's words name; a failed task's charge is given back by the gateway, as a rule.",
        details={"task_id": subject.task_id},
    )


def not_saved(report: Report, reason: str, saved: tuple[str, ...], console: Console) -> Report:
    """Return the report on a video that was made and could not be saved."""
    again = shlex.join(report.subject.command(console, "download", "--download", "FILE"))
    urls = ", ".join(report.video_urls)
    valid = f", valid until {report.expires_at}" if report.expires_at else ""
    error = NotSavedError(
        f"the video was made, but not saved: {reason}. It is at {urls}{valid}",
        f"save it with: {again}",
        details={"video_urls": list(report.video_urls)},
    )
    return replace(report, downloaded=saved, error=error)


# --- for people


def text_of(report: Report, console: Console) -> str:
    """Return what is printed without ``--json``."""
    subject = report.subject
    colour = {"succeeded": "green", "failed": "red"}.get(report.status, "yellow")
    task = f", task {visible(subject.task_id)}" if subject.task_id else f", {subject.id}" if subject.id else ""
    lines = [f"{console.style(report.status, 'bold', colour)}: {visible(str(subject.body.get('model')))}{task}"]
    lines += [visible(url) for url in report.video_urls]
    if report.expires_at:
        lines.append(f"valid until {report.expires_at}")
    lines += [f"saved: {visible(name)}" for name in report.downloaded]
    if report.payload is not None:
        if report.status == "succeeded":
            lines.append(f"cost: {f'{report.cost.amount:g} {report.cost.unit}' if report.cost else 'unknown'}")
        shown = json.dumps(without_account_fields(subject.profile, report.payload), ensure_ascii=False, indent=2)
        lines += ["", "the gateway's answer:", shown]
    if report.resume:
        lines += ["", f"resume with: {shlex.join(report.resume)}"]
    return "\n".join(lines)


def _percent(state: TaskState) -> str:
    return f", {state.progress} %" if state.progress is not None else ""
