"""The program is killed at many points of a submit, a wait and a download: what is left behind tells the truth.

Whatever the moment: the gateway got at most one POST, ``task list`` knows of it, no half a video has taken the target's
name, the same command does not send again, and what was accepted can be resumed to its end.
"""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from gateway_play import REQUEST, Play, Ran, in_process
from tokenrouter_video.gateway.loopback import SCENARIOS, Answer, LoopbackGateway, Scenario, Step, Visit, steps
from tokenrouter_video.gateway.loopback.answers import json_answer
from tokenrouter_video.records import replace

FAST = ("--poll-interval", "0.05", "--json")


@dataclass
class Killer:
    """Ends a process at a point that was asked for; ``moments`` names every point that was passed."""

    point: str
    process: subprocess.Popen[str] | None = None
    started: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    moments: list[str] = field(default_factory=list)
    number: int = signal.SIGKILL

    def pass_by(self, moment: str) -> None:
        """Called where a point is passed; kills there if it is the one, and waits until the process is gone."""
        self.moments.append(moment)
        if moment != self.point or self.done.is_set():
            return
        assert self.started.wait(30)
        assert self.process is not None
        self.process.send_signal(self.number)
        self.done.set()
        if self.number == signal.SIGKILL:
            self.process.wait(30)

    def watched(self, name: str, step: Step) -> Step:
        """Return a step that passes ``name`` before it answers."""

        def answer(visit: Visit) -> Answer:
            self.pass_by(f"{name} {visit.number + 1}")
            return step(visit) if callable(step) else step

        return answer

    def silent(self, visit: Visit) -> Answer:
        """Take a request, and answer later than an interrupted program listens."""
        self.pass_by("silent post")
        time.sleep(5)
        return json_answer({})

    def scenario(self) -> Scenario:
        polls: tuple[Step, ...] = (steps.running("QUEUED"), steps.running(), steps.running(), steps.succeeded())
        return replace(
            SCENARIOS["demo"],
            submit=(self.silent if self.point == "silent post" else self.watched("post", steps.accepting()),),
            first_poll_path=(self.watched("first path", steps.invalid_path),),
            poll=tuple(self.watched("poll", step) for step in polls),
            file=(self.watched("file", steps.video_file(pace=0.01)),),
        )


def watch_files(killer: Killer, play: Play) -> None:
    """Pass points by what stands on disk: lines of the journal, bytes of the video."""
    kind, _, amount = killer.point.partition(" ")
    while not killer.done.is_set() and killer.process is not None and killer.process.poll() is None:
        if kind == "journal":
            journal = play.state / "tasks.jsonl"
            reached = journal.exists() and journal.read_bytes().count(b"\n") >= int(amount)
        else:
            parts = list(play.folder.glob(".out.mp4.*.part"))
            reached = bool(parts) and size_of(parts[0]) >= int(amount)
        if reached:
            killer.pass_by(killer.point)
        time.sleep(0.0005)


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def watch_stderr(killer: Killer, stream: IO[str], heard: list[str]) -> None:
    for line in stream:
        heard.append(line)
        if line.startswith("accepted"):
            killer.pass_by("accepted on stderr")


@pytest.fixture
def playing(tmp_path: Path) -> Iterator[Callable[[Killer], Play]]:
    gateways: list[LoopbackGateway] = []

    def start(killer: Killer) -> Play:
        gateway = LoopbackGateway(killer.scenario(), video=steps_video())
        gateway.__enter__()
        gateways.append(gateway)
        return Play(tmp_path, gateway)

    yield start
    for gateway in gateways:
        gateway.__exit__(None, None, None)


def steps_video() -> bytes:
    from tokenrouter_video.gateway.loopback.server import sample_video

    return sample_video(400_000)


def run_and_kill(killer: Killer, play: Play, *words: str) -> list[str]:
    """Run a command until the killer's point; return what it said on stderr."""
    killer.process = process = play.start(*words)
    killer.started.set()
    heard: list[str] = []
    assert process.stderr is not None
    watchers = [threading.Thread(target=watch_stderr, args=(killer, process.stderr, heard))]
    if killer.point.startswith(("journal", "part")):
        watchers.append(threading.Thread(target=watch_files, args=(killer, play)))
    if killer.point.startswith("after "):
        killer.done.wait(float(killer.point.split()[1]))
        process.kill()
    for watcher in watchers:
        watcher.start()
    process.wait(30)
    for watcher in watchers:
        watcher.join()
    assert process.stdout is not None
    play.look_for_key(process.stdout.read(), "".join(heard))
    process.stdout.close()
    process.stderr.close()
    return heard


def check_what_is_left(play: Play, target: Path, run: Callable[..., Ran]) -> None:
    """Assert all that must hold after a kill, then take it up again from there."""
    assert play.gateway is not None
    assert play.posts <= 1
    assert not target.exists() or target.read_bytes() == play.gateway.video
    entries = run("task", "list", "--json").json["tasks"]
    accepted = list(play.gateway.tasks)
    if play.posts:
        [entry] = entries
        assert entry["task_id"] in (None, *accepted)
        assert (entry["task_id"] is None) == (entry["status"] == "unknown")
        assert entry["status"] in ("unknown", "queued", "in_progress", "succeeded")
    else:
        assert [entry["status"] for entry in entries] in ([], ["unknown"])
    if entries and entries[0]["status"] != "succeeded":
        again = run("generate", *REQUEST, "--submit", *FAST)
        assert (again.code, again.json["error"]["code"]) == (16, "duplicate")
        assert play.posts <= 1
    if entries and entries[0]["task_id"]:
        done = run("task", "wait", entries[0]["task_id"], "--download", str(target), "--force", *FAST)
        assert (done.code, done.json["status"]) == (0, "succeeded")
        assert target.read_bytes() == play.gateway.video
        assert play.posts == 1
        [entry] = run("task", "list", "--json").json["tasks"]
        assert (entry["status"], entry["open"]) == ("succeeded", False)
        assert entry["video_urls"] == done.json["video_urls"]
    elif entries:
        assert run("task", "forget", entries[0]["id"]).code == 0
        assert run("task", "list", "--json").json["tasks"] == []
        sent = run("generate", *REQUEST, "--submit", *FAST)
        assert (sent.code, sent.json["status"]) == (0, "succeeded")


EVENTS = [
    "post 1",
    "journal 1",
    "journal 2",
    "journal 3",
    "journal 4",
    "accepted on stderr",
    "first path 1",
    "poll 1",
    "poll 2",
    "poll 3",
    "poll 4",
    "file 1",
    "part 1",
    "part 100000",
    "part 399000",
]
TIMES = [f"after {seconds}" for seconds in (0.05, 0.15, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.75, 0.9)]


@pytest.mark.parametrize("point", EVENTS + TIMES)
def test_kill_during_generate(
    point: str,
    playing: Callable[[Killer], Play],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killer = Killer(point)
    play = playing(killer)
    target = tmp_path / "out.mp4"
    run_and_kill(killer, play, "generate", *REQUEST, "--submit", "--download", str(target), *FAST)
    if point in EVENTS:
        assert killer.done.is_set(), f"never came to {point}, only to {killer.moments}"
    check_what_is_left(play, target, lambda *words: in_process(play, capsys, monkeypatch, *words))


@pytest.mark.parametrize("point", ["first path 1", "poll 2", "journal 3", "journal 4", "file 1", "part 200000"])
def test_kill_during_wait(
    point: str,
    playing: Callable[[Killer], Play],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killer = Killer(point)
    play = playing(killer)
    target = tmp_path / "out.mp4"
    task = play.run("generate", *REQUEST, "--submit", "--no-wait", *FAST).json["task_id"]
    run_and_kill(killer, play, "task", "wait", task, "--download", str(target), *FAST)
    assert killer.done.is_set(), f"never came to {point}, only to {killer.moments}"
    check_what_is_left(play, target, lambda *words: in_process(play, capsys, monkeypatch, *words))


def test_a_journal_torn_anywhere_in_its_last_line_is_still_good(
    playing: Callable[[Killer], Play], tmp_path: Path
) -> None:
    killer = Killer("never")
    play = playing(killer)
    task = play.run("generate", *REQUEST, "--submit", "--no-wait", *FAST).json["task_id"]
    journal = play.state / "tasks.jsonl"
    whole = journal.read_bytes()
    first = whole.index(b"\n") + 1
    for end in (first, first + 1, (first + len(whole)) // 2, len(whole) - 2):
        journal.write_bytes(whole[:end])
        [entry] = play.entries()
        assert (entry["status"], entry["task_id"]) == ("unknown", None)
        assert play.run("generate", *REQUEST, "--submit", *FAST).code == 16
    journal.write_bytes(whole)
    assert play.run("task", "wait", task, *FAST).code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize(
    ("point", "expected"),
    [
        pytest.param("post 1", (10, "timeout", "queued"), id="while sending, and an answer comes"),
        pytest.param("silent post", (11, "unknown", "unknown"), id="while sending, and none comes"),
        pytest.param("accepted on stderr", (10, "timeout", "queued"), id="as soon as it is accepted"),
        pytest.param("poll 2", (10, "timeout", "queued"), id="while waiting"),
        pytest.param("part 100000", (15, "succeeded", "succeeded"), id="while saving"),
    ],
)
def test_an_interruption_says_where_it_stands(
    number: int, point: str, expected: tuple[int, str, str], playing: Callable[[Killer], Play], tmp_path: Path
) -> None:
    code, status, remembered = expected
    killer = Killer(point, number=number)
    play = playing(killer)
    target = tmp_path / "out.mp4"
    killer.process = process = play.start(
        "generate", *REQUEST, "--submit", "--download", str(target), "--poll-interval", "0.3", "--json"
    )
    killer.started.set()
    heard: list[str] = []
    watchers = [threading.Thread(target=watch_files, args=(killer, play))] if point.startswith("part") else []
    assert process.stdout is not None
    assert process.stderr is not None
    watchers.append(threading.Thread(target=watch_stderr, args=(killer, process.stderr, heard)))
    for watcher in watchers:
        watcher.start()
    out = process.stdout.read()
    process.wait(30)
    for watcher in watchers:
        watcher.join()
    process.stdout.close()
    process.stderr.close()
    ran = Ran(process.returncode, out, "".join(heard))
    play.look_for_key(ran.out, ran.err)
    assert (ran.code, ran.json["status"]) == (code, status), ran.err
    assert ran.json["error"]["try"]
    [entry] = play.entries()
    assert entry["status"] == remembered
    assert not target.exists()
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
    if code == 10:
        resumed = subprocess.run(
            [*ran.json["resume_argv"], *FAST],
            cwd="/",
            env=play.variables(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (resumed.returncode, json.loads(resumed.stdout)["status"]) == (0, "succeeded")
    assert play.posts == 1


def test_an_interruption_before_anything_was_sent_is_only_that(tmp_path: Path) -> None:
    """The gateway takes the connection and keeps silent in the handshake: nothing has left."""
    from scripted_server import ScriptedServer

    connected = threading.Event()

    def silent(connection: object) -> None:
        connected.set()
        threading.Event().wait(20)

    with ScriptedServer(silent) as server:
        play = Play(tmp_path)
        url = server.url.replace("http:", "https:")
        process = play.start("generate", *REQUEST, "--submit", "--gateway-url", url, *FAST)
        assert connected.wait(20)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        ran = play.finish(process)
    assert (ran.code, ran.json["error"]["code"]) == (130, "interrupted")
    assert play.entries() == []
    assert server.connections == 1


def test_programs_at_the_same_instant_send_one_request(tmp_path: Path) -> None:
    """The one that was first gets its answer only when the others have ended."""
    others_ended = threading.Event()
    accept = steps.accepting()

    def answer(visit: Visit) -> Answer:
        assert others_ended.wait(90)
        return accept(visit) if callable(accept) else accept

    with LoopbackGateway(replace(SCENARIOS["quick"], submit=(answer,))) as gateway:
        play = Play(tmp_path, gateway)
        processes = [play.start("generate", *REQUEST, "--submit", *FAST) for _ in range(4)]
        deadline = time.monotonic() + 85
        while sum(process.poll() is not None for process in processes) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        others_ended.set()
        runs = [play.finish(process) for process in processes]
        assert sorted(ran.code for ran in runs) == [0, 16, 16, 16], [ran.err for ran in runs]
        errors = [ran.json["error"] for ran in runs if ran.code == 16]
        assert all("is on its way from another program, it seems" in error["message"] for error in errors)
        assert all(error["try"].startswith("see in two minutes what became of it: ") for error in errors)
        assert play.posts == 1
        [entry] = play.entries()
    assert entry["status"] == "succeeded"
