"""Wait for a task, remember its end, save its video: what ``generate`` and ``task`` share."""

from __future__ import annotations

import argparse
import math
import shlex
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tokenrouter_video.cli import task_report
from tokenrouter_video.cli.download_progress import download_progress
from tokenrouter_video.cli.task_report import Report, Subject
from tokenrouter_video.errors import NoStateError
from tokenrouter_video.gateway import interruption
from tokenrouter_video.gateway.download import DownloadError, download, target_names
from tokenrouter_video.gateway.polling import FRESH_SECONDS, Ended, Ending, Watch, follow, is_running
from tokenrouter_video.gateway.submit import Result, remember_end, result_of
from tokenrouter_video.gateway_answers import TaskStatus
from tokenrouter_video.records import replace

if TYPE_CHECKING:
    from tokenrouter_video.cli.console import Console, Status
    from tokenrouter_video.gateway.client import GatewayClient
    from tokenrouter_video.gateway.journal import Journal

NOTHING = Result((), None)


def wait_for(
    client: GatewayClient,
    journal: Journal,
    subject: Subject,
    args: argparse.Namespace,
    console: Console,
    *,
    accepted_at: str | None = None,
    first_wait: float | None = None,
) -> Report:
    """Follow a task until it ends, the time is over or the user interrupts; its end is remembered."""
    task_id = subject.task_id or ""
    now = time.monotonic()
    watch = Watch(
        client.profile,
        task_id,
        now=now,
        deadline=now + args.timeout,
        interval=args.poll_interval,
        fresh_until=now + fresh_seconds(accepted_at),
        first_wait=first_wait,
    )
    try:
        with console.status(f"waiting for task {task_id}") as status:
            noted = _Noted(journal, subject.id, console, status)
            ending = follow(client, watch, on_state=noted)
    except KeyboardInterrupt:
        return task_report.interrupted(subject, watch.state, console)
    with interruption.deferred() as signals:
        result = conclude(client, journal, subject, ending, console)
    report = task_report.of_ending(subject, ending, result, console, args.timeout)
    if signals.struck and args.download is not None and report.video_urls:
        return task_report.not_saved(report, "interrupted", (), console)
    return report


def conclude(client: GatewayClient, journal: Journal, subject: Subject, ending: Ending, console: Console) -> Result:
    """Read the result out of an ending and remember it."""
    if not isinstance(ending, Ended):
        return NOTHING
    result = result_of(client.profile, subject.task_id or "", ending, client.origin)
    if subject.id is not None:
        with interruption.held():
            try:
                remember_end(journal, subject.id, ending, result)
            except NoStateError as error:
                console.urgent(f"the result cannot be remembered: {error.message}")
    return result


class _Noted:
    """Shows each state as it comes, and remembers that the task has begun to run."""

    def __init__(self, journal: Journal, id: str | None, console: Console, status: Status) -> None:
        self._journal = journal
        self._id = id
        self._console = console
        self._status = status
        self._words: set[str] = set()

    def __call__(self, watch: Watch) -> None:
        state = watch.state
        if watch.trouble:
            self._console.detail(watch.trouble)
        if state is None:
            return
        percent = f", {state.progress} %" if state.progress is not None else ""
        self._status.update(f"task {watch.task_id}: {state.word}{percent}")
        if state.word in self._words:
            return
        self._words.add(state.word)
        if state.status is TaskStatus.UNKNOWN:
            self._console.note(f"status: {state.word} (a word that this program does not know; waiting on)")
        else:
            self._console.detail(f"status: {state.word}")
        if is_running(state) and self._id is not None:
            with interruption.held():
                try:
                    self._journal.progress(self._id, "in_progress")
                except NoStateError as error:
                    self._console.detail(error.message)


def fresh_seconds(accepted_at: str | None) -> float:
    """Return how much longer a task that the gateway does not know may still turn up there."""
    return FRESH_SECONDS if accepted_at is None else max(FRESH_SECONDS - seconds_since(accepted_at), 0.0)


def seconds_since(stamp: str) -> float:
    """Return how long ago a moment of the journal was: 0 for one to come, from before a clock was put back."""
    try:
        return max((datetime.now(UTC) - datetime.fromisoformat(stamp)).total_seconds(), 0.0)
    except (ValueError, TypeError):  # no moment, as edited by hand
        return math.inf


def save(report: Report, client: GatewayClient, target: Path | None, force: bool, console: Console) -> Report:
    """Save a succeeded task's videos; return the report with their names, or with what went wrong."""
    if target is None or report.error is not None or not report.video_urls:
        return report
    task_id = report.subject.task_id or ""
    names = target_names(target, task_id, len(report.video_urls))
    saved: list[str] = []
    try:
        for url, name in zip(report.video_urls, names, strict=True):
            with download_progress(console, name.name) as progress:
                download(client, url, name, force=force, progress=progress)
            saved.append(str(name))
            if console.json:  # else the report is about to say it
                console.note(f"saved {name}")
    except DownloadError as error:
        return task_report.not_saved(report, str(error), tuple(saved), console)
    except KeyboardInterrupt:
        return task_report.not_saved(report, "interrupted", tuple(saved), console)
    return replace(report, downloaded=tuple(saved))


def announce(subject: Subject, console: Console) -> None:
    """Say at once under which id a request was accepted, and how to resume: the host may end us any moment."""
    resume = shlex.join(subject.command(console, "wait"))
    console.urgent(f"accepted: task {subject.task_id}\nresume with: {resume}")
