"""What became of a submission, and what the journal is to remember of it: the one place where that is decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tokenrouter_video.errors import NoStateError
from tokenrouter_video.gateway import interruption
from tokenrouter_video.gateway.client import GatewayClient
from tokenrouter_video.gateway.exchange import NoReplyError
from tokenrouter_video.gateway.history import Entry, Submission
from tokenrouter_video.gateway.journal import Journal
from tokenrouter_video.gateway.polling import Ended
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.gateway.submission import Accepted, Refused, Unclear, read_submission
from tokenrouter_video.gateway.video_urls import video_urls
from tokenrouter_video.gateway.web_urls import expires_at
from tokenrouter_video.gateway_answers import TaskStatus
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.records import dataclass

# How long an interrupted program still listens for the answer to what has left; hosts that end a command wait longer.
LAST_WORD_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class NeverSent:
    """Surely not a byte of the request left this machine."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The request may have left, and nothing came back: it may have been accepted and billed."""

    reason: str


Verdict: TypeAlias = Accepted | Refused | Unclear | NeverSent | NoAnswer


def judge(profile: GatewayProfile, outcome: Reply | NoReplyError) -> Verdict:
    """Say what the outcome of a POST means."""
    if isinstance(outcome, Reply):
        return read_submission(profile, outcome)
    return NeverSent(outcome.reason) if outcome.never_left else NoAnswer(outcome.reason)


def remember(journal: Journal, id: str, verdict: Verdict) -> None:
    """Write down what became of a request; raises NoStateError."""
    match verdict:
        case Accepted():
            journal.accepted(id, verdict.task_id)
        case Refused():
            journal.refused(id, verdict.message)
        case Unclear():
            journal.uncertain(id, verdict.message)
        case NeverSent():
            journal.unsent(id, verdict.reason)
        case NoAnswer():
            journal.uncertain(id, verdict.reason)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was begun: its place in the journal, what became of it, and whether the user interrupted it."""

    entry: Entry
    verdict: Verdict
    interrupted: bool


def send_once(
    client: GatewayClient,
    journal: Journal,
    submission: Submission,
    *,
    again: bool = False,
    warn: Callable[[str], None] = lambda text: None,
) -> Sent:
    """Write a request down, send it, write down what became of it; Ctrl-C strikes only while it is on its way.

    After Ctrl-C an answer is still listened for, for a moment: what is billed had better be known.
    ``warn`` is told where an answer could not be written down. Raises OpenRequest and NoStateError before anything is
    sent; a KeyboardInterrupt never.
    """
    # what cannot be put together is not begun
    sending = client.submission(submission.body)
    with interruption.deferred() as signals:
        entry = journal.begin(submission, again=again)
        outcome: Reply | NoReplyError | None = None
        interrupted = False
        try:
            with interruption.let_through():
                outcome = sending.run()
        except NoReplyError as error:
            outcome = error
        except KeyboardInterrupt:
            interrupted = True
            if outcome is None:
                outcome = sending.last_word(LAST_WORD_SECONDS)
        except Exception as error:  # of this program or machine: what was begun is not to be left without an end
            outcome = NoReplyError(f"the request failed ({type(error).__name__})", never_left=sending.give_up())
        verdict = judge(client.profile, outcome)
        try:
            remember(journal, entry.id, verdict)
        except NoStateError as error:
            warn(f"what became of the request cannot be remembered, `task` will not know it: {error.message}")
    return Sent(entry, verdict, interrupted or signals.struck)


@dataclass(frozen=True, slots=True)
class Result:
    """What a finished task gave: its videos, and until when the earliest of their URLs is valid."""

    video_urls: tuple[str, ...]
    expires_at: str | None


def result_of(profile: GatewayProfile, task_id: str, ended: Ended, origin: str) -> Result:
    """Read the videos out of a terminal answer; none unless the task succeeded."""
    state = ended.state
    urls = video_urls(profile, state.payload, task_id=task_id, status=state.status, origin=origin)
    moments = [moment for moment in map(expires_at, urls) if moment is not None]
    return Result(urls, min(moments, default=None))


def remember_end(journal: Journal, id: str, ended: Ended, result: Result) -> None:
    """Write down how a task ended; raises NoStateError."""
    if ended.state.status is TaskStatus.SUCCEEDED:
        journal.succeeded(id, result.video_urls, result.expires_at)
    else:
        journal.failed(id, ended.state.message or ended.state.word)
