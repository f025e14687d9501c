"""``generate --submit`` against every scenario of the loopback gateway: code, status, POSTs, files, and the key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway_play import BODY, REQUEST, Play, Ran, in_process
from tokenrouter_video.gateway.journal import Journal
from tokenrouter_video.gateway.loopback import SCENARIOS, LoopbackGateway, Scenario


class Expected(NamedTuple):
    code: int
    status: str
    saved: bool = False
    remembered: str = ""

    @property
    def in_journal(self) -> str:
        return self.remembered or self.status


SUCCEEDED = Expected(0, "succeeded", saved=True)
REJECTED = Expected(8, "rejected")
UNKNOWN = Expected(11, "unknown")
NOT_TOLD = Expected(8, "rejected", remembered="queued")
FAILED = Expected(9, "failed")
TIMEOUT = Expected(10, "timeout", remembered="queued")
NOT_SAVED = Expected(15, "succeeded")

# What each family of scenarios leads to, the longest matching beginning counts.
FAMILIES = {
    "demo": SUCCEEDED,
    "quick": SUCCEEDED,
    "submit-": SUCCEEDED,
    "submit-refused-": REJECTED,
    "submit-unclear-": UNKNOWN,
    "submit-failed-at-once": FAILED,
    "poll-": SUCCEEDED,
    "poll-ends-": NOT_TOLD,
    "poll-ends-key-later": NOT_TOLD._replace(remembered="in_progress"),
    # a task that does not exist is waited for half a minute, which this table does not have
    "poll-ends-404": TIMEOUT,
    "poll-ends-missing": TIMEOUT,
    "poll-never-ends": TIMEOUT._replace(remembered="in_progress"),
    "poll-silence": TIMEOUT,
    "poll-always-": TIMEOUT,
    "result-": SUCCEEDED,
    "result-failed": FAILED,
    "file-": SUCCEEDED,
    "file-expired": NOT_SAVED,
    "file-missing": NOT_SAVED,
    "file-html": NOT_SAVED,
    "file-redirect-to-gateway": NOT_SAVED,
    "file-redirect-loop": NOT_SAVED,
    "models-": SUCCEEDED,
}

# Seconds of silence or of patience with a broken server: looked at elsewhere, with shorter limits.
SLOW = {"submit-unclear-silence", "poll-silence", "file-always-cut", "file-empty"}


def expected_of(name: str) -> Expected:
    return FAMILIES[max((family for family in FAMILIES if name.startswith(family)), key=len)]


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Play, Ran]]:
    def play(scenario: str | Scenario, *words: str) -> tuple[Play, Ran]:
        with LoopbackGateway(scenario, time_scale=0.02) as gateway:
            game = Play(tmp_path, gateway)
            ran = in_process(game, capsys, monkeypatch, "generate", *REQUEST, "--submit", "--json", *words)
        return game, ran

    return play


def test_every_family_has_its_scenarios() -> None:
    unused = [family for family in FAMILIES if not any(name.startswith(family) for name in SCENARIOS)]
    assert unused == []
    assert SCENARIOS.keys() >= SLOW


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - SLOW))
def test_scenario(name: str, run: Callable[..., tuple[Play, Ran]], tmp_path: Path) -> None:
    expected = expected_of(name)
    timeout = "0.5" if expected.code == 10 else "20"
    game, ran = run(name, "--poll-interval", "0.02", "--timeout", timeout, "--download", str(tmp_path / "out.mp4"))
    result = ran.json
    assert (ran.code, result["status"]) == (expected.code, expected.status), ran.err
    assert game.posts == 1
    assert game.gateway is not None
    videos = [path for path in tmp_path.iterdir() if path.suffix == ".mp4"]
    assert bool(videos) == expected.saved
    assert all(video.read_bytes() == game.gateway.video for video in videos)
    assert sorted(str(video) for video in videos) == sorted(result["downloaded"])
    assert bool(result["video_urls"]) == (expected.status == "succeeded")
    assert all(url.startswith("http") for url in result["video_urls"])
    assert result["request"] == BODY
    assert ("error" in result) == bool(expected.code)
    if expected.code:
        assert result["error"]["message"]
        assert result["error"]["try"]
    if expected.code in (0, 9):
        assert isinstance(result["payload"], dict)
    assert bool(result["resume"]) == (expected.code == 10 or expected == NOT_TOLD or name == "poll-ends-key-later")
    [entry] = Journal(game.state).entries()
    assert entry.status == expected.in_journal
    assert list(entry.video_urls) == result["video_urls"]


def test_the_cost_is_the_gateways_own_or_unknown(run: Callable[..., tuple[Play, Ran]]) -> None:
    _, ran = run("result-unsigned-urls", "--poll-interval", "0.02")
    assert ran.json["cost"] == {"amount": 0.35, "unit": "credits"}


def test_no_figure_is_unknown_and_not_zero(run: Callable[..., tuple[Play, Ran]]) -> None:
    _, ran = run("result-openai", "--poll-interval", "0.02")
    assert ran.json["cost"] is None


def test_several_videos_are_all_given_and_numbered(run: Callable[..., tuple[Play, Ran]], tmp_path: Path) -> None:
    game, ran = run("result-several", "--poll-interval", "0.02", "--download", str(tmp_path / "out.mp4"))
    assert len(ran.json["video_urls"]) == 2
    assert ran.json["downloaded"] == [str(tmp_path / "out-1.mp4"), str(tmp_path / "out-2.mp4")]
    assert game.gateway is not None
    assert [(tmp_path / name).read_bytes() for name in ("out-1.mp4", "out-2.mp4")] == [game.gateway.video] * 2


def test_a_presigned_url_says_until_when(run: Callable[..., tuple[Play, Ran]]) -> None:
    _, ran = run("quick", "--poll-interval", "0.02")
    assert ran.json["expires_at"] == "2026-07-02T12:00:00Z"
    assert ran.json["video_urls"][0].endswith(
        "?X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Date=20260701T120000Z&X-Tos-Expires=86400&X-Tos-Signature=0123abcd"
    )
