"""``task``: list, ask about, wait for, download and forget what was submitted from this machine."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenrouter_video.cli import task_report
from tokenrouter_video.cli.following import conclude, fresh_seconds, save, wait_for
from tokenrouter_video.cli.gateway_access import (
    find_again,
    loopback_of,
    open_gateway,
    open_journal,
    profile_of,
    require_same_gateway,
    usable_key,
)
from tokenrouter_video.cli.task_report import Report, Subject, deliver
from tokenrouter_video.display import visible
from tokenrouter_video.errors import ProgramError, RejectedError, UnreachableError, UsageError
from tokenrouter_video.gateway import interruption
from tokenrouter_video.gateway.history import NEVER_SENT, Entry
from tokenrouter_video.gateway.origin import may_see_key
from tokenrouter_video.gateway.polling import Ended, Rejected, Watch, look
from tokenrouter_video.gateways import PROFILES, TOKENROUTER, GatewayProfile
from tokenrouter_video.records import replace

if TYPE_CHECKING:
    from tokenrouter_video.cli.console import Console
    from tokenrouter_video.gateway.client import GatewayClient
    from tokenrouter_video.gateway.journal import Journal

_LOOK_SECONDS = 40.0


def execute(args: argparse.Namespace, console: Console) -> int:
    """Run one of the actions."""
    journal = open_journal(console)
    if args.action == "list":
        return _list(journal, console)
    loopback = loopback_of(args)
    if args.download is not None:
        from tokenrouter_video.gateway.download import check_target

        check_target(args.download, force=args.force)
    entry = _find(journal, args.id)
    profile = _profile(entry)
    subject = Subject.of(profile, entry, loopback)
    if args.action == "forget":
        return _forget(journal, entry, subject, console)
    with interruption.termination_as_interrupt():
        if args.action == "status" and entry.task_id is None:
            return deliver(task_report.of_entry(subject, entry, console), console)
        _require_task(entry, subject, console)
        require_same_gateway(entry, profile, loopback)
        task = _Task(journal, entry, subject, args, console)
        return {"status": task.status, "wait": task.wait, "download": task.download}[args.action]()


def _find(journal: Journal, id: str) -> Entry:
    entry = journal.find(id)
    if entry is None:
        raise UsageError(f"no task {visible(id)} is remembered here", "tokenrouter-video task list")
    return entry


def _profile(entry: Entry) -> GatewayProfile:
    """Return the profile of the gateway that a request went to; a loopback gateway stands in for TokenRouter."""
    return next((profile for profile in PROFILES.values() if profile.origin == entry.gateway), TOKENROUTER)


def _require_task(entry: Entry, subject: Subject, console: Console) -> None:
    """Raise the error of a request that has no task to follow."""
    if entry.task_id is not None:
        return
    if entry.status == "rejected":
        raise RejectedError(
            entry.reason or "the gateway refused the request",
            "Correct the request, then send it again.",
            details={"retryable": False, "id": entry.id},
        )
    if entry.status == NEVER_SENT:
        raise UsageError(f"{entry.id} was never sent: {entry.reason or 'it did not leave'}", "send the request again")
    report = task_report.unknown_fate(subject, entry.reason or "the program ended before one came", console)
    deliver(report, console)


class _Task:
    """One task, its channel found again when it is needed."""

    def __init__(
        self, journal: Journal, entry: Entry, subject: Subject, args: argparse.Namespace, console: Console
    ) -> None:
        self._journal = journal
        self._entry = entry
        self._subject = subject
        self._args = args
        self._console = console
        self._loopback = subject.gateway_url

    def status(self) -> int:
        """Ask once; the end that is remembered counts where the gateway does not tell."""
        report = self._learned(self._look)
        return deliver(replace(report, error=None) if report.status == "failed" else report, self._console)

    def wait(self) -> int:
        """Follow the task to its end, then save the video; an end that is known is not waited for."""
        if self._entry.ended:
            return deliver(self._saved(self._learned(self._look), self._args.download), self._console)
        with self._client() as client:
            report = wait_for(
                client,
                self._journal,
                self._subject,
                self._args,
                self._console,
                accepted_at=self._entry.accepted_at,
                first_wait=0.0,
            )
            return deliver(save(report, client, self._args.download, self._args.force, self._console), self._console)

    def download(self) -> int:
        """Save the video: from the URL that is remembered while it is valid, else from what the gateway says now."""
        target = self._args.download or Path()
        if self._args.download is None:
            from tokenrouter_video.gateway.download import check_target, target_names

            check_target(target_names(target, self._entry.task_id or "", 1)[0], force=self._args.force)
        if self._entry.status == "succeeded" and _is_valid(self._entry):
            remembered = self._saved(task_report.of_remembered_end(self._subject, self._entry), target)
            if remembered.error is None:
                return deliver(remembered, self._console)
            self._console.note(f"{remembered.error.message}; asking the gateway again")
        report = self._learned(self._look)
        if report.error is None and report.status != "succeeded":
            report = task_report.not_finished(report)
        return deliver(self._saved(report, target), self._console)

    def _saved(self, report: Report, target: Path | None) -> Report:
        """Save the videos; the channel's key is looked for only where the gateway itself serves them."""
        if target is None or report.error is not None:
            return report
        origin = self._loopback or self._subject.profile.origin
        needs_key = any(may_see_key(url, origin) for url in report.video_urls)
        with self._client() if needs_key else self._keyless() as client:
            return save(report, client, target, self._args.force, self._console)

    def _client(self) -> GatewayClient:
        channel = find_again(self._entry, self._args, self._console)
        allowed = argparse.Namespace(**vars(self._args))
        allowed.allow_foreign_key |= self._entry.options.get("allow_foreign_key") is True
        return open_gateway(profile_of(channel), usable_key(channel, allowed), self._loopback, self._console)

    def _keyless(self) -> GatewayClient:
        return open_gateway(self._subject.profile, None, self._loopback, self._console)

    def _learned(self, ask: Callable[[], Report]) -> Report:
        try:
            report = ask()
        except ProgramError as error:
            return self._from_memory(error)
        return self._from_memory(report.error, report) if isinstance(report.error, RejectedError) else report

    def _from_memory(self, error: ProgramError, report: Report | None = None) -> Report:
        """Return the end that is remembered; where there is none, the report, or raise its error."""
        if self._entry.ended:
            self._console.note(f"as remembered, the gateway was not heard: {error.message}")
            return task_report.of_remembered_end(self._subject, self._entry)
        if report is None:
            raise error
        return report

    def _look(self) -> Report:
        with self._client() as client:
            now = time.monotonic()
            watch = Watch(
                client.profile,
                self._entry.task_id or "",
                now=now,
                deadline=now + _LOOK_SECONDS,
                interval=_LOOK_SECONDS,
                fresh_until=now + fresh_seconds(self._entry.accepted_at),
                first_wait=0.0,
            )
            ending = look(client, watch)
            if isinstance(ending, Ended | Rejected):
                result = conclude(client, self._journal, self._subject, ending, self._console)
                return task_report.of_ending(self._subject, ending, result, self._console, _LOOK_SECONDS)
            if watch.state is not None:
                return task_report.of_running_state(self._subject, watch.state, self._console)
            raise self._not_told(watch)

    def _not_told(self, watch: Watch) -> ProgramError:
        if watch.unanswered:
            return UnreachableError(watch.trouble, "Try again later; the task goes on meanwhile.")
        return RejectedError(
            watch.trouble, "Try again in a moment; the task goes on meanwhile.", details={"retryable": True}
        )


def _is_valid(entry: Entry) -> bool:
    """Whether the remembered URLs may still be good for a download."""
    if not entry.video_urls:
        return False
    try:
        return entry.expires_at is None or datetime.fromisoformat(entry.expires_at) > datetime.now(UTC)
    except (ValueError, TypeError):
        return False


def _forget(journal: Journal, entry: Entry, subject: Subject, console: Console) -> int:
    was_open = entry.open
    if was_open:
        journal.forget(entry.id)
    listed = _listed(journal.find(entry.id) or entry)

    def text() -> str:
        if not was_open:
            return f"{entry.id} is closed already ({entry.status})"
        may_run = "; the task may still run, and may be billed" if entry.task_id else ""
        return f"forgotten: {entry.id}{may_run}. The same request may now be sent again."

    console.result({"schema": 1, **listed}, text)
    return 0


def _list(journal: Journal, console: Console) -> int:
    entries = [entry for entry in journal.entries() if entry.status != NEVER_SENT and not entry.forgotten]
    entries.reverse()
    console.result(
        {"schema": 1, "tasks": [_listed(entry) for entry in entries]},
        lambda: "\n".join(_row(entry, console) for entry in entries) or "nothing was submitted from here",
    )
    return 0


def _listed(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "task_id": entry.task_id,
        "status": entry.status,
        "model": entry.model,
        "request": dict(entry.body),
        "workspace": entry.workspace,
        "channel": entry.channel,
        "submitted_at": entry.submitted_at,
        "video_urls": list(entry.video_urls),
        "open": entry.open,
        "expires_at": entry.expires_at,
        "gateway": entry.gateway,
        "line": entry.line,
    }


def _row(entry: Entry, console: Console) -> str:
    colour = {"succeeded": "green", "failed": "red", "rejected": "red", "unknown": "yellow"}.get(entry.status)
    status = console.style(f"{entry.status:<11}", *([colour] if colour else []))
    prompt = entry.body.get("prompt")
    about = f"  {visible(prompt[:40])}" if isinstance(prompt, str) else ""
    lines = [f"{status}  {visible(entry.task_id or entry.id)}  {entry.submitted_at}  {visible(entry.model)}{about}"]
    lines += [f"             {visible(url)}" for url in entry.video_urls]
    return "\n".join(lines)
