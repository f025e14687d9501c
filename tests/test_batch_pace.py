"""How fast a batch sends, with a clock that moves when it is looked at and a client that answers at once."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from test_journal_history import submission
from tokenrouter_video.gateway.batch import Batch, Conclusion, Job, Listener, Pace
from tokenrouter_video.gateway.client import GatewayClient
from tokenrouter_video.gateway.journal import Journal
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.gateway.submission import Accepted, Refused
from tokenrouter_video.gateways import TOKENROUTER


class Answering:
    """Stands in for a client: notes when each request is made, and answers it as told."""

    profile = TOKENROUTER
    origin = "https://gateway.example"

    def __init__(self, *replies: Reply) -> None:
        self.replies = replies
        self.now = 1000.0
        self.moments: list[float] = []

    def clock(self) -> float:
        self.now += 0.01
        return self.now

    def submission(self, body: Mapping[str, Any]) -> Answering:
        self.moments.append(self.now)
        return self

    def run(self) -> Reply:
        return self.replies[min(len(self.moments), len(self.replies)) - 1]

    def give_up(self) -> bool:
        return False


def run(client: Answering, tmp_path: Path, count: int, rate: float | None) -> list[Conclusion]:
    conclusions: list[Conclusion] = []
    listener = Listener(
        accepted=lambda job: None,
        concluded=lambda job, conclusion: conclusions.append(conclusion),
        warn=lambda text: None,
    )
    jobs = [Job(submission(line=str(number), batch=True), number) for number in range(count)]
    pace = Pace(concurrency=4, rate=rate, timeout=60.0, interval=None, follow=False)
    journal = Journal(tmp_path / "state")
    Batch(cast(GatewayClient, client), journal, jobs, pace, listener, clock=client.clock).run()
    assert {entry.line for entry in journal.entries()} == {str(number) for number in range(count)}
    return conclusions


ACCEPTED = Reply(200, {}, b'{"task_id":"t1","status":"queued"}')
BUSY = Reply(429, {"Retry-After": "0.3"}, b'{"error":{"message":"slow down"}}')


@pytest.mark.parametrize("rate", [300.0, 600.0])
def test_the_rate_is_kept(rate: float, tmp_path: Path) -> None:
    client = Answering(ACCEPTED)
    conclusions = run(client, tmp_path, 4, rate)
    assert [type(each) for each in conclusions] == [Accepted] * 4
    pauses = [later - earlier for earlier, later in itertools.pairwise(client.moments)]
    assert all(60.0 / rate - 0.02 <= pause <= 60.0 / rate + 0.1 for pause in pauses)


def test_without_a_rate_nothing_waits(tmp_path: Path) -> None:
    client = Answering(ACCEPTED)
    run(client, tmp_path, 4, None)
    assert client.moments[-1] - client.moments[0] < 0.5


def test_a_gateway_that_is_busy_is_left_alone_as_long_as_it_asks(tmp_path: Path) -> None:
    """The refused one is not sent again, the others wait."""
    client = Answering(BUSY, ACCEPTED)
    conclusions = run(client, tmp_path, 2, 600.0)
    assert sorted(type(each).__name__ for each in conclusions) == sorted([Refused.__name__, Accepted.__name__])
    assert client.moments[1] - client.moments[0] >= 0.3
