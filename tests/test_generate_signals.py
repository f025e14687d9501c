"""Signals in the worst moments, while the journal is being written: no answer is lost, and the last word is true."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from gateway_play import REQUEST, Play
from tokenrouter_video.gateway import interruption
from tokenrouter_video.gateway.loopback import SCENARIOS, Answer, LoopbackGateway, Scenario, Visit, steps
from tokenrouter_video.records import replace

FAST = ("--poll-interval", "0.05", "--json")
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]

# Python runs this module at its start: the journal's n-th record has just been synced when the signal comes.
SIGNAL_AT_SYNC = """
import os, signal

real, count = os.fsync, 0

def fsync(descriptor):
    global count
    real(descriptor)
    if os.readlink(f"/proc/self/fd/{descriptor}").endswith("tasks.jsonl"):
        count += 1
        if count == int(os.environ["AT"]):
            os.kill(os.getpid(), int(os.environ["SIGNAL"]))

os.fsync = fsync
"""

NO_THREADS = """
import threading

real = threading.Thread.start

def start(self):
    if self.name == "exchange":
        raise RuntimeError("can't start new thread")
    real(self)

threading.Thread.start = start
"""


def play_with(folder: Path, gateway: LoopbackGateway, customization: str, **variables: str) -> Play:
    play = Play(folder, gateway, environ=variables)
    (folder / "sitecustomize.py").write_text(customization)
    play.environ["PYTHONPATH"] = str(folder)
    return play


def quick() -> Scenario:
    return replace(SCENARIOS["demo"], poll=(steps.running(), steps.succeeded()))


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: signal.Signals(number).name)
@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(1, (130, None, []), id="the intent"),
        pytest.param(2, (10, "timeout", ["queued"]), id="the acceptance"),
        pytest.param(3, (10, "timeout", ["in_progress"]), id="the progress"),
        pytest.param(4, (15, "succeeded", ["succeeded"]), id="the end"),
    ],
)
def test_a_signal_while_a_record_is_written(
    number: int, record: int, expected: tuple[int, str | None, list[str]], tmp_path: Path
) -> None:
    with LoopbackGateway(quick()) as gateway:
        play = play_with(tmp_path, gateway, SIGNAL_AT_SYNC, AT=str(record), SIGNAL=str(number))
        target = tmp_path / "out.mp4"
        ran = play.run("generate", *REQUEST, "--submit", "--download", str(target), *FAST)
        play.environ.clear()
        assert expected == (ran.code, ran.json.get("status"), [entry["status"] for entry in play.entries()])
        assert play.posts == len(play.entries())
        assert not target.exists()
        if ran.code == 10:
            assert ran.json["task_id"] == play.entries()[0]["task_id"]


def test_a_signal_while_the_end_is_written_leaves_the_result(tmp_path: Path) -> None:
    with LoopbackGateway(quick()) as gateway:
        play = play_with(tmp_path, gateway, SIGNAL_AT_SYNC, AT="4", SIGNAL=str(int(signal.SIGTERM)))
        ran = play.run("generate", *REQUEST, "--submit", *FAST)
        assert (ran.code, ran.json["status"], len(ran.json["video_urls"])) == (0, "succeeded", 1)


@pytest.mark.parametrize("record", [1, 2, 3, 4])
def test_a_spinner_catches_no_signal_of_a_batch(record: int, tmp_path: Path) -> None:
    """A terminal has a thread that draws: a signal that it took would strike in the middle of a record."""
    with LoopbackGateway(quick()) as gateway:
        play = play_with(tmp_path, gateway, SIGNAL_AT_SYNC, AT=str(record), SIGNAL=str(int(signal.SIGINT)))
        line = '{"model": "kling-v3", "mode": "pro", "duration": "5", "prompt": "%d"}\n'
        (play.workspace / "requests.jsonl").write_text("".join(line % number for number in range(3)))
        ours, theirs = pty.openpty()
        words = ("generate", "--batch", "requests.jsonl", "--submit", "--output", "results.jsonl", *FAST)
        process = subprocess.Popen(
            play.command(*words),
            cwd=play.workspace,
            env=play.variables() | {"TERM": "xterm"},
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
        os.close(theirs)
        reader = threading.Thread(target=read_all, args=(ours,))
        reader.start()
        process.wait(60)
        reader.join()
        os.close(ours)
        play.environ.clear()
        entries = play.entries()
        assert [entry["status"] for entry in entries if entry["status"] not in ("queued", "in_progress")] == []
        assert sorted(entry["task_id"] for entry in entries) == sorted(gateway.tasks)
        results = play.workspace / "results.jsonl"
        told = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
        assert sorted(one["task_id"] for one in told) == sorted(gateway.tasks)
        assert process.returncode == (10 if told else 130)


def read_all(descriptor: int) -> None:
    with suppress(OSError):
        while os.read(descriptor, 65536):
            pass


def test_an_answer_that_comes_after_ctrl_c_is_heard(tmp_path: Path) -> None:
    with LoopbackGateway(quick()) as gateway:
        slow = threading.Event()

        def late(visit: Visit) -> Answer:
            slow.wait(1)
            accepting = steps.accepting()
            assert callable(accepting)
            return accepting(visit)

        gateway.scenario = replace(gateway.scenario, submit=(late,))
        play = Play(tmp_path, gateway)
        process = play.start("generate", *REQUEST, "--submit", *FAST)
        while not gateway.submissions:
            threading.Event().wait(0.01)
        process.send_signal(signal.SIGINT)
        ran = play.finish(process)
        assert (ran.code, ran.json["status"], ran.json["task_id"]) == (10, "timeout", next(iter(gateway.tasks)))


def test_an_interruption_within_a_block_is_raised_and_behind_it_noted() -> None:
    with pytest.raises(KeyboardInterrupt), interruption.deferred():
        raise KeyboardInterrupt
    with interruption.deferred() as signals:
        signal.raise_signal(signal.SIGINT)
        assert not signals.struck
    assert signals.struck


def test_what_nohup_ignores_stays_ignored(tmp_path: Path) -> None:
    with LoopbackGateway(quick()) as gateway:
        play = play_with(
            tmp_path,
            gateway,
            "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + SIGNAL_AT_SYNC,
            AT="2",
            SIGNAL=str(int(signal.SIGHUP)),
        )
        ran = play.run("generate", *REQUEST, "--submit", *FAST)
        assert (ran.code, ran.json["status"]) == (0, "succeeded")


def test_a_request_that_cannot_be_started_is_closed(tmp_path: Path) -> None:
    with LoopbackGateway(quick()) as gateway:
        play = play_with(tmp_path, gateway, NO_THREADS)
        ran = play.run("generate", *REQUEST, "--submit", *FAST)
        assert (ran.code, ran.json["error"]["code"], play.posts) == (13, "unreachable", 0)
        (play.workspace / "requests.jsonl").write_text(json.dumps({"prompt": "x", "mode": "pro", "duration": "5"}))
        ran = play.run("generate", "--batch", "requests.jsonl", "--model", "kling-v3", "--submit", "--json")
        assert (ran.code, ran.lines[0]["error"]["code"], play.posts) == (13, "unreachable", 0)
        play.environ.clear()
        assert play.run("generate", *REQUEST, "--submit", *FAST).code == 0
