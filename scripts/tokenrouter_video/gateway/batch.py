"""Many requests at once: each sent once, with bounded concurrency and rate, all of them followed in one loop.

The loop owns the journal and every decision; threads only carry requests and questions over the network and hand back
what came. What an earlier run sent is not sent again: it is followed, or its end is given as remembered.
"""

from __future__ import annotations

import heapq
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from typing import TypeAlias

from tokenrouter_video.errors import NoStateError
from tokenrouter_video.gateway import interruption
from tokenrouter_video.gateway.client import GatewayClient, Sending
from tokenrouter_video.gateway.exchange import NoReplyError
from tokenrouter_video.gateway.history import Entry, Submission
from tokenrouter_video.gateway.journal import Journal, OpenRequest
from tokenrouter_video.gateway.polling import FRESH_SECONDS, Ended, Ending, Watch, ask, is_running
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.gateway.submission import Accepted, Refused, Unclear
from tokenrouter_video.gateway.submit import (
    LAST_WORD_SECONDS,
    NeverSent,
    NoAnswer,
    Verdict,
    judge,
    remember,
    remember_end,
    result_of,
)
from tokenrouter_video.gateway.task_state import TaskState
from tokenrouter_video.gateway_answers import Cause
from tokenrouter_video.records import dataclass

QUESTIONS_AT_ONCE = 16
# So many in a row that cannot be sent, or are refused for the key or the balance: the others would fare no better.
GIVE_UP_AFTER = 3
RATE_PAUSE_SECONDS = 5.0
MAX_RATE_PAUSE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Remembered:
    """An earlier run learned the end of this request, or it runs and is not to be followed."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class StillUnknown:
    """An earlier run, or another program just now, sent this request, and nobody knows what became of it."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class NotStarted:
    """The request was not sent, since others before it could not be; ``cause`` is what happened to the last of them."""

    cause: Refused | NeverSent | NoStateError


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The user ended the wait; the task is left alone. ``state`` is the last that was heard of it."""

    state: TaskState | None


Conclusion: TypeAlias = Verdict | Ending | Remembered | StillUnknown | NotStarted | Interrupted


@dataclass(slots=True, eq=False)
class Job:
    """One request of a batch; ``number`` is its line, ``entry`` its place in the journal once it has one."""

    submission: Submission
    number: int = 0
    entry: Entry | None = None
    task_id: str | None = None
    watch: Watch | None = None
    sending: Sending | None = None
    running_noted: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a batch goes: POSTs under way at once and a minute, seconds for each task and between questions.

    Without ``follow`` a request is done with as soon as it is accepted.
    """

    concurrency: int
    rate: float | None
    timeout: float
    interval: float | None
    follow: bool = True


@dataclass(slots=True)
class Listener:
    """What a batch tells while it runs, always from the thread that runs it."""

    accepted: Callable[[Job], None]
    concluded: Callable[[Job, Conclusion], None]
    warn: Callable[[str], None]
    moved: Callable[[], None] = lambda: None


def remembered(journal: Journal, submission: Submission, *, again: bool = False) -> Entry | None:
    """Return the earlier request for whose sake this one of a batch is not sent, None where it is."""
    same = journal.same(submission)
    known = next((entry for entry in same if entry.open), None)
    if known is None:
        known = next((entry for entry in same if entry.batch and entry.ended), None)
    if known is None or (again and (known.task_id is None or known.status == "failed")):
        return None
    return known


class Batch:
    """The requests of one batch on their way; ``waiting``, ``sending`` and ``following`` say where they are."""

    def __init__(
        self,
        client: GatewayClient,
        journal: Journal,
        jobs: Sequence[Job],
        pace: Pace,
        listener: Listener,
        *,
        again: bool = False,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.waiting = deque(jobs)
        self.sending: set[Job] = set()
        self.following: set[Job] = set()
        self._client = client
        self._journal = journal
        self._pace = pace
        self._listener = listener
        self._again = again
        self._clock = clock
        self._wall_clock = wall_clock
        self._due: list[tuple[float, int, Job]] = []
        self._numbers = count()
        self._asking = 0
        self._events: queue.SimpleQueue[tuple[Job, Reply | NoReplyError]] = queue.SimpleQueue()
        self._next_start = clock()
        self._in_vain: list[Refused | NeverSent | NoStateError] = []

    def run(self) -> None:
        """Work until every request is concluded.

        A KeyboardInterrupt is raised on when everything that has left this machine is concluded; requests that were
        not sent stay in ``waiting``.
        """
        try:
            self._take_up_what_is_remembered()
            while self.waiting or self.sending or self.following:
                self._start_due()
                self._ask_due()
                self._wait()
        except KeyboardInterrupt:
            self._wind_up()
            raise

    # submitting

    def _take_up_what_is_remembered(self) -> None:
        for job in list(self.waiting):
            known = remembered(self._journal, job.submission, again=self._again)
            if known is not None:
                self.waiting.remove(job)
                self._take_up(job, known)

    def _take_up(self, job: Job, entry: Entry) -> None:
        job.entry, job.task_id = entry, entry.task_id
        if not entry.open:
            self._conclude(job, Remembered(entry))
        elif entry.task_id is None:
            self._conclude(job, StillUnknown(entry))
        elif not self._pace.follow:
            self._conclude(job, Remembered(entry))
        else:
            self._listener.accepted(job)
            self._follow(job, entry.task_id, self._age(entry), first_wait=0.0)

    def _start_due(self) -> None:
        while self.waiting and len(self.sending) < self._pace.concurrency:
            now = self._clock()
            if now < self._next_start:
                return
            job = self.waiting.popleft()
            try:
                with interruption.held():
                    job.entry = self._journal.begin(job.submission, again=self._again)
                    self._send(job)
            except OpenRequest as open_request:
                self._take_up(job, open_request.entry)
                continue
            except NoStateError as error:
                self._in_vain = [error] * GIVE_UP_AFTER
                self.waiting.appendleft(job)
                self._give_up_waiting()
                return
            if self._pace.rate:
                self._next_start = max(now, self._next_start) + 60.0 / self._pace.rate
            self._listener.moved()

    def _send(self, job: Job) -> None:
        sending = job.sending = self._client.submission(job.submission.body)
        self.sending.add(job)
        self._spawn(job, sending.run)

    def _answered(self, job: Job, outcome: Reply | NoReplyError) -> None:
        self.sending.discard(job)
        job.sending = None
        verdict = judge(self._client.profile, outcome)
        id = job.entry.id if job.entry else ""
        self._remember(lambda: remember(self._journal, id, verdict))
        if isinstance(verdict, Accepted):
            self._in_vain.clear()
            job.task_id = verdict.task_id
            self._listener.accepted(job)
            if self._pace.follow:
                self._follow(job, verdict.task_id, age=0.0)
            else:
                self._conclude(job, verdict)
            return
        self._conclude(job, verdict)
        self._learn_from(verdict)

    def _learn_from(self, verdict: Refused | Unclear | NeverSent | NoAnswer) -> None:
        """Slow down when asked to, and stop sending what would be refused just the same."""
        hopeless = isinstance(verdict, NeverSent)
        if isinstance(verdict, Refused):
            hopeless = verdict.cause in (Cause.KEY, Cause.BALANCE)
            if verdict.retryable:
                asked_for = RATE_PAUSE_SECONDS if verdict.retry_after is None else verdict.retry_after
                pause = min(asked_for, MAX_RATE_PAUSE_SECONDS)
                self._next_start = max(self._next_start, self._clock() + pause)
        if hopeless and isinstance(verdict, NeverSent | Refused):
            self._in_vain.append(verdict)
        else:
            self._in_vain.clear()
        self._give_up_waiting()

    def _give_up_waiting(self) -> None:
        if len(self._in_vain) >= GIVE_UP_AFTER:
            while self.waiting:
                self._conclude(self.waiting.popleft(), NotStarted(self._in_vain[-1]))

    # following

    def _follow(self, job: Job, task_id: str, age: float, first_wait: float | None = None) -> None:
        now = self._clock()
        job.watch = Watch(
            self._client.profile,
            task_id,
            now=now,
            deadline=now + self._pace.timeout,
            interval=self._pace.interval,
            fresh_until=now + min(max(FRESH_SECONDS - age, 0.0), FRESH_SECONDS),
            first_wait=first_wait,
        )
        self.following.add(job)
        self._plan(job, job.watch)
        self._listener.moved()

    def _plan(self, job: Job, watch: Watch) -> None:
        heapq.heappush(self._due, (watch.next_at, next(self._numbers), job))

    def _ask_due(self) -> None:
        while self._due and self._asking < QUESTIONS_AT_ONCE and self._due[0][0] <= self._clock():
            _, _, job = heapq.heappop(self._due)
            watch = job.watch
            if watch is not None:
                self._asking += 1
                self._spawn(job, lambda watch=watch: ask(self._client, watch, self._clock()))  # type: ignore[misc]

    def _told(self, job: Job, watch: Watch, outcome: Reply | NoReplyError) -> None:
        self._asking -= 1
        ending = watch.take(outcome, self._clock())
        id = job.entry.id if job.entry else ""
        if ending is None:
            if is_running(watch.state) and not job.running_noted:
                job.running_noted = True
                self._remember(lambda: self._journal.progress(id, "in_progress"))
            self._plan(job, watch)
            return
        self.following.discard(job)
        if isinstance(ending, Ended):
            result = result_of(self._client.profile, watch.task_id, ending, self._client.origin)
            self._remember(lambda: remember_end(self._journal, id, ending, result))
        self._conclude(job, ending)

    # the loop

    def _spawn(self, job: Job, work: Callable[[], Reply | NoReplyError]) -> None:
        def carry() -> None:
            try:
                outcome: Reply | NoReplyError = work()
            except NoReplyError as error:
                outcome = error
            except Exception as error:  # a lost answer would be waited for without end
                outcome = NoReplyError(type(error).__name__, never_left=False)
            self._events.put((job, outcome))

        try:
            with interruption.held():  # signals are for the thread of the loop
                threading.Thread(target=carry, name="batch", daemon=True).start()
        except RuntimeError:  # no more threads are to be had
            self._events.put((job, NoReplyError("the request could not be started", never_left=True)))

    def _wait(self) -> None:
        """Wait for the next answer, or until something is due."""
        now = self._clock()
        moments = [self._due[0][0]] if self._due and self._asking < QUESTIONS_AT_ONCE else []
        if self.waiting and len(self.sending) < self._pace.concurrency:
            moments.append(self._next_start)
        under_way = bool(self.sending) or self._asking > 0
        if not moments and not under_way:
            return
        timeout = max(min(moments) - now, 0.0) if moments else None
        try:
            job, outcome = self._events.get(timeout=timeout)
        except queue.Empty:
            return
        self._handle(job, outcome)

    def _handle(self, job: Job, outcome: Reply | NoReplyError) -> None:
        with interruption.held():
            if job.sending is not None:
                self._answered(job, outcome)
            elif job.watch is not None and job in self.following:
                self._told(job, job.watch, outcome)

    def _wind_up(self) -> None:
        """Conclude what has left this machine; what has not left yet never will."""
        with interruption.held():
            for job in [job for job in self.sending if job.sending is not None and job.sending.give_up()]:
                self.sending.discard(job)
                # it waits again: what its thread may still bring is no end of it
                job.sending = None
                id = job.entry.id if job.entry else ""
                self._remember(lambda id=id: self._journal.unsent(id, "interrupted"))  # type: ignore[misc]
                self.waiting.appendleft(job)
        deadline = self._clock() + LAST_WORD_SECONDS
        try:
            while self.sending and (left := deadline - self._clock()) > 0:
                self._handle(*self._events.get(timeout=left))
        except (queue.Empty, KeyboardInterrupt):
            pass
        with interruption.held():
            for job in list(self.sending):
                # an answer that was taken out of the queue, and then came the signal, is found here
                if job.sending is not None:
                    self._answered(job, job.sending.last_word(0.0))
            for job in list(self.following):
                state = job.watch.state if job.watch else None
                self._conclude(job, Interrupted(state))

    def _remember(self, write: Callable[[], None]) -> None:
        """Write into the journal; a request that has left is not given up because of a full disk."""
        try:
            write()
        except NoStateError as error:
            self._listener.warn(f"not remembered: {error.message}")

    def _conclude(self, job: Job, conclusion: Conclusion) -> None:
        self.sending.discard(job)
        self.following.discard(job)
        self._listener.concluded(job, conclusion)
        self._listener.moved()

    def _age(self, entry: Entry) -> float:
        """Return how many seconds ago a request was accepted."""
        try:
            return self._wall_clock() - datetime.fromisoformat(entry.accepted_at or "").timestamp()
        except ValueError:
            return FRESH_SECONDS
