"""Follow a task to its end: when to ask again, on which path, and when to stop asking.

:class:`Watch` is the whole logic, without network, clock or sleep: it is told the time and what came, and says when to
ask next or how it ended. One loop drives one of them (:func:`follow`), a batch drives many.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeAlias

from tokenrouter_video.gateway.client import GatewayClient
from tokenrouter_video.gateway.exchange import NoReplyError
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.gateway.task_state import NotTheApi, Permanent, TaskState, Transient, read_task
from tokenrouter_video.gateway_answers import Cause, TaskStatus
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.records import dataclass

# Seconds. The gateway itself looks at its providers every 15: asking faster than that gains nothing.
FIRST_WAIT = 5.0
GROWTH = 1.3
SETTLED_WAIT = (10.0, 15.0)
# A task is announced before its row is in the gateway's data base (controller/relay.go of new-api).
FRESH_SECONDS = 30.0
# So many answers without a word on the task, on a path that has never had one, mean that it is the wrong path.
MAX_WORDLESS = 2


@dataclass(frozen=True, slots=True)
class Ended:
    """The task succeeded or failed; ``state.payload`` is the terminal answer."""

    state: TaskState


@dataclass(frozen=True, slots=True)
class Rejected:
    """The gateway will not tell: asking again does not help now."""

    answer: Permanent


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The time is over and the task still runs, for all we know; ``trouble`` is what kept us from knowing better."""

    state: TaskState | None
    trouble: str


Ending: TypeAlias = Ended | Rejected | TimedOut


class Watch:
    """One task being followed; times are seconds of any clock that does not go back.

    ``interval`` is used as it is where the user names one. ``fresh_until`` is until when a task that the gateway does
    not know may still appear. ``first_wait`` is the pause before the first question. ``state`` is the last that was
    told, ``trouble`` why the last answer told none (``unanswered``: because there was none).
    """

    def __init__(
        self,
        profile: GatewayProfile,
        task_id: str,
        *,
        now: float,
        deadline: float,
        interval: float | None = None,
        fresh_until: float = 0.0,
        first_wait: float | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.profile = profile
        self.task_id = task_id
        self.deadline = deadline
        self.state: TaskState | None = None
        self.trouble = ""
        self.unanswered = False
        self._interval = interval
        self._fresh_until = fresh_until
        self._chance = chance or random.Random()  # noqa: S311 - it spreads questions over time, no more
        self._path = 0
        self._proven = False
        self.wordless = 0  # answers of the present path, in a row, without a word on the task
        self._wait = FIRST_WAIT
        first = first_wait if first_wait is not None else self._next_wait()
        self.next_at = min(now + first, deadline)

    @property
    def path(self) -> str:
        """The path to ask next."""
        return self.profile.poll_path(self._path, self.task_id)

    def take(self, outcome: Reply | NoReplyError, now: float) -> Ending | None:
        """Take what a question brought; return how it ended, or None: then ask again at ``next_at``."""
        self.unanswered = isinstance(outcome, NoReplyError)
        if isinstance(outcome, NoReplyError):
            self.trouble = f"The gateway did not answer: {outcome.reason}."
            return self._later(now)
        answer = read_task(self.profile, outcome)
        if isinstance(answer, NotTheApi):
            if self._move_on(now):
                return None
            answer = answer.otherwise
        match answer:
            case TaskState():
                return self._take_state(answer, now)
            case Transient():
                self.trouble = answer.message
                return self._later(now, answer.retry_after)
            case Permanent():
                return self._take_refusal(answer, now)

    def _take_state(self, state: TaskState, now: float) -> Ending | None:
        if not state.word:
            self.wordless += 1
            self.trouble = "The gateway's answer says nothing about the task."
            if self.wordless >= MAX_WORDLESS and self._move_on(now):
                return None
            return self._later(now)
        self._proven = True
        self.state, self.trouble = state, ""
        return Ended(state) if state.status.is_final else self._later(now)

    def _take_refusal(self, answer: Permanent, now: float) -> Ending | None:
        self.trouble = answer.message
        unknown_task = answer.cause is Cause.TASK_MISSING
        # some gateways refuse what they do not route, and only there: the next path tells whether it is the task
        if not unknown_task and self._move_on(now):
            return None
        if unknown_task and now < self._fresh_until:
            return self._later(now)
        return Rejected(answer)

    def _move_on(self, now: float) -> bool:
        """Leave a path that has never told a state for the next one, to be asked at once; False if there is none."""
        if self._proven or self._path + 1 >= len(self.profile.poll_paths):
            return False
        self._path += 1
        self.wordless = 0
        self.next_at = now
        return True

    def _later(self, now: float, asked_for: float | None = None) -> Ending | None:
        """Plan the next question; the last one is asked at the deadline, unless the gateway wants to be left alone."""
        if now >= self.deadline or (asked_for is not None and now + asked_for > self.deadline):
            if asked_for is not None and now < self.deadline:
                self.trouble += f" It asks to wait {asked_for:.0f} seconds."
            return TimedOut(self.state, self.trouble)
        self.next_at = min(now + max(self._next_wait(), asked_for or 0.0), self.deadline)
        return None

    def _next_wait(self) -> float:
        if self._interval is not None:
            return self._interval
        wait, low = self._wait, SETTLED_WAIT[0]
        self._wait = min(wait * GROWTH, low)
        return wait if wait < low else self._chance.uniform(*SETTLED_WAIT)


def follow(
    client: GatewayClient,
    watch: Watch,
    *,
    on_state: Callable[[Watch], None] = lambda watch: None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Ending:
    """Ask until the task has ended or the time is over; ``on_state`` is called after each answer."""
    while True:
        pause = watch.next_at - clock()
        if pause > 0:
            sleep(pause)
        ending = watch.take(ask(client, watch, clock()), clock())
        on_state(watch)
        if ending is not None:
            return ending


def ask(client: GatewayClient, watch: Watch, now: float) -> Reply | NoReplyError:
    """Ask once, for little longer than the deadline allows; safe on any thread while the watch is left alone."""
    try:
        return client.ask(watch.path, max(watch.deadline - now, 1.0))
    except NoReplyError as error:
        return error


def look(client: GatewayClient, watch: Watch, clock: Callable[[], float] = time.monotonic) -> Ending | None:
    """Ask for a task's state once, on each path that it takes to find the right one; the watch holds what was said."""
    for _ in range(len(watch.profile.poll_paths) + MAX_WORDLESS):
        path = watch.path
        ending = watch.take(ask(client, watch, clock()), clock())
        if ending is not None or watch.state is not None or (watch.path == path and not watch.wordless):
            return ending
    return None


def is_running(state: TaskState | None) -> bool:
    """Whether the last thing heard of a task is that it is at work."""
    return state is not None and state.status is TaskStatus.IN_PROGRESS
