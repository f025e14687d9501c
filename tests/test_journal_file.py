"""The journal on disk: private, durable, forgiving about torn lines, and one decision at a time."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from command_line import SCRIPTS
from test_journal_history import submission
from tokenrouter_video.errors import NoStateError
from tokenrouter_video.gateway import journal as journal_module
from tokenrouter_video.gateway.journal import Journal, OpenRequest
from tokenrouter_video.masking import Masker
from tokenrouter_video.records import replace
from tokenrouter_video.state import state_dir

START = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


def open_journal(tmp_path: Path, at: datetime = START) -> Journal:
    return Journal(tmp_path / "state", now=lambda: at)


def lines(journal: Journal) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.path.read_text().splitlines()]


def test_intent_is_on_disk_before_begin_returns(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    entry = journal.begin(submission(options={"user_configs": True}, line="shot-1", batch=True))
    expected = {
        "v": 1,
        "kind": "intent",
        "id": entry.id,
        "at": "2026-01-01T12:00:00Z",
        "identity": submission(line="shot-1").identity,
        "gateway": "https://gateway.example",
        "key": "fp-1",
        "workspace": "/work",
        "channel": "a.yaml#/x",
        "options": {"user_configs": True},
        "batch": True,
        "line": "shot-1",
        "body": {"model": "kling-v3", "prompt": "a robot"},
    }
    assert [expected] == lines(journal)


def test_each_record_is_synced_before_its_method_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def counting(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            synced.append(os.fstat(descriptor).st_size)
        real(descriptor)

    journal = open_journal(tmp_path)
    monkeypatch.setattr(os, "fsync", counting)
    entry = journal.begin(submission())
    journal.accepted(entry.id, "task_1")
    sizes = [len(text) for text in journal.path.read_bytes().splitlines(keepends=True)]
    assert [sizes[0], sum(sizes)] == synced


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.begin(submission())
    assert stat.S_IMODE(journal.directory.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in sorted(journal.directory.iterdir())] == [0o600, 0o600]


def test_reading_without_a_journal_makes_nothing(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    assert journal.entries() == []
    assert journal.find("req_1") is None
    assert not journal.directory.exists()


def test_the_same_request_is_refused_while_it_is_open(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    entry = journal.begin(submission())
    with pytest.raises(OpenRequest) as caught:
        open_journal(tmp_path).begin(submission())
    assert entry.id == caught.value.entry.id
    with pytest.raises(OpenRequest):
        open_journal(tmp_path).check(submission())
    assert len(lines(journal)) == 1


def test_again_begins_a_second_one(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    first, second = journal.begin(submission()), journal.begin(submission(), again=True)
    assert first.id != second.id
    assert [first.id, second.id] == [entry.id for entry in journal.entries()]


@pytest.mark.parametrize("close", ["refused", "unsent", "failed", "forget", "succeeded"])
def test_a_closed_request_may_be_sent_anew(tmp_path: Path, close: str) -> None:
    journal = open_journal(tmp_path)
    entry = journal.begin(submission())
    arguments: dict[str, tuple[Any, ...]] = {"forget": (), "succeeded": (("https://v.example/1",), None)}
    getattr(journal, close)(entry.id, *arguments.get(close, ("because",)))
    assert entry.id != journal.begin(submission()).id


def test_check_leaves_the_journal_as_it_was(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.check(submission())
    assert journal.path.read_bytes() == b""
    entry = journal.begin(submission())
    before = journal.path.read_bytes()
    journal.check(submission(), again=True)
    assert before == journal.path.read_bytes()
    assert [entry.id] == [each.id for each in journal.entries()]
    assert sorted(path.name for path in journal.directory.iterdir()) == ["tasks.jsonl", "tasks.lock"]


def test_a_torn_last_line_loses_that_record_only(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    entry = journal.begin(submission())
    journal.accepted(entry.id, "task_1")
    whole = journal.path.read_bytes()
    first = whole.index(b"\n") + 1
    for end in range(first, len(whole) - 1):
        journal.path.write_bytes(whole[:end])
        [read] = open_journal(tmp_path).entries()
        assert (read.status, read.task_id) == ("unknown", None)


def test_a_last_line_without_a_line_break_counts(tmp_path: Path) -> None:
    """Editors and copies leave it out; a request that is not seen for it would be sent twice."""
    journal = open_journal(tmp_path)
    entry = journal.begin(submission())
    journal.path.write_bytes(journal.path.read_bytes().removesuffix(b"\n"))
    for reader in (journal, open_journal(tmp_path)):
        with pytest.raises(OpenRequest):
            reader.begin(submission())
        reader.accepted(entry.id, "task_1")
        assert [each.task_id for each in reader.entries()] == ["task_1"]
        journal.path.write_bytes(journal.path.read_bytes().removesuffix(b"\n"))
    assert [entry.id] * 3 == [line["id"] for line in lines(journal)]


def test_whoever_writes_next_starts_a_new_line_behind_a_torn_one(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    first = journal.begin(submission())
    torn = journal.path.read_bytes()[:-20]
    journal.path.write_bytes(torn)
    second = open_journal(tmp_path).begin(submission())
    content = journal.path.read_bytes()
    assert content.startswith(torn + b"\n")
    assert [second.id] == [entry.id for entry in open_journal(tmp_path).entries()]
    assert first.id.encode() in content


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(b"not json\n", id="no JSON"),
        pytest.param(b"\xff\xfe\x00\n", id="no UTF-8"),
        pytest.param(b"\n\n", id="empty lines"),
        pytest.param(b"[" * 200_000 + b"\n", id="nesting without end"),
        pytest.param(b'{"kind":"intent","id":"' + b"x" * 1_500_000 + b'"}\n', id="a line without end"),
        pytest.param(b"\x00" * 4096 + b"\n", id="zeros after a power cut"),
    ],
)
def test_damage_costs_only_the_damaged_line(tmp_path: Path, noise: bytes) -> None:
    journal = open_journal(tmp_path)
    first = journal.begin(submission())
    with journal.path.open("ab") as file:
        file.write(noise)
    second = open_journal(tmp_path).begin(submission(), again=True)
    assert [first.id, second.id] == [entry.id for entry in open_journal(tmp_path).entries()]


def test_what_another_program_appends_is_seen(tmp_path: Path) -> None:
    mine, theirs = open_journal(tmp_path), open_journal(tmp_path)
    entry = mine.begin(submission())
    theirs.accepted(entry.id, "task_1")
    theirs.begin(submission(line="other"))
    assert [each.status for each in mine.entries()] == ["queued", "unknown"]


def test_a_journal_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.begin(submission())
    assert len(journal.entries()) == 1
    journal.path.unlink()
    assert journal.entries() == []
    entry = open_journal(tmp_path).begin(submission(line="new"))
    assert [entry.id] == [each.id for each in journal.entries()]


def test_no_key_can_get_in(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    entry = journal.begin(submission())
    journal.refused(entry.id, "no")
    known = {"v", "kind", "id", "at", "identity", "gateway", "key", "workspace", "channel", "options", "batch", "line"}
    assert {*known, "body", "reason"} == {name for record in lines(journal) for name in record}
    assert lines(journal)[0]["key"] == "fp-1"


def test_what_a_gateway_quotes_is_cleaned_before_it_is_written(tmp_path: Path) -> None:
    masker = Masker()
    masker.add("example-key-7f2-0123456789")
    journal = Journal(tmp_path / "state", clean=masker.clean_json)
    entry = journal.begin(submission())
    journal.refused(entry.id, "Invalid token example-key-7f2-0123456789")
    assert [entry.reason for entry in journal.entries()] == ["Invalid token exa...789"]
    assert b"7f2-0123" not in journal.path.read_bytes()


def test_what_a_task_is_found_again_by_is_written_as_it_is(tmp_path: Path) -> None:
    masker = Masker()
    masker.add_literal("litellm")  # a password such as samples have, and the name of a folder
    journal = Journal(tmp_path / "state", clean=masker.clean_json, keep=masker.keep)
    options = {"config": "/data/litellm/sk-learn-settings.json"}
    entry = journal.begin(submission(workspace="/data/litellm/sk-learn-samples", channel="litellm#/x", options=options))
    task_id, url = "sk-0123456789", f"https://videos.example/v.mp4?X-Amz-Credential=AKIA{'0' * 16}%2Fs3"
    journal.accepted(entry.id, task_id)
    journal.succeeded(entry.id, (url,), None)
    [read] = open_journal(tmp_path).entries()
    expected = ("/data/litellm/sk-learn-samples", "litellm#/x", options, task_id, (url,))
    assert expected == (read.workspace, read.channel, read.options, read.task_id, read.video_urls)


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    victim = tmp_path / "victim"
    victim.write_text("theirs\n")
    journal.directory.mkdir()
    journal.path.symlink_to(victim)
    with pytest.raises(NoStateError):
        journal.begin(submission())
    assert victim.read_text() == "theirs\n"


def test_a_pipe_in_its_place_does_not_block(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.directory.mkdir()
    os.mkfifo(journal.path)
    with pytest.raises(NoStateError):
        journal.entries()


def make_file_in_the_way(directory: Path) -> None:
    directory.write_text("a file")


def make_folder_in_the_way(directory: Path) -> None:
    (directory / "tasks.jsonl").mkdir(parents=True)


@pytest.mark.parametrize("obstacle", [make_file_in_the_way, make_folder_in_the_way])
@pytest.mark.parametrize("method", ["begin", "check"])
def test_a_journal_that_cannot_be_written_is_an_error(tmp_path: Path, obstacle: Any, method: str) -> None:
    journal = open_journal(tmp_path)
    obstacle(journal.directory)
    with pytest.raises(NoStateError) as caught:
        getattr(journal, method)(submission())
    assert str(journal.path) in caught.value.message
    assert caught.value.remedy


def test_a_full_disk_leaves_the_journal_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = open_journal(tmp_path)
    journal.begin(submission())
    before = journal.path.read_bytes()
    real, calls = os.write, 0

    def full(descriptor: int, data: bytes) -> int:
        nonlocal calls
        calls += 1
        if calls == 1:
            return real(descriptor, data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(NoStateError) as caught:
        journal.begin(submission(line="second"))
    monkeypatch.undo()
    assert caught.value.message == f"the journal {journal.path} cannot be written: No space left on device"
    assert before == journal.path.read_bytes()
    assert len(journal.entries()) == 1


def test_a_request_that_is_too_large_is_not_begun(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with pytest.raises(NoStateError):
        journal.begin(submission(body={"model": "m", "prompt": "x" * 1_000_001}))
    assert journal.entries() == []


# Every way in which a request can have ended long ago, and what a large journal keeps of it.
OF_OLD: list[tuple[str, Callable[[Journal, str], object], bool, str]] = [
    ("refused", lambda journal, id: journal.refused(id, "no"), False, "nothing"),
    ("never sent", lambda journal, id: journal.unsent(id, "no"), False, "nothing"),
    ("forgotten", lambda journal, id: journal.forget(id), False, "nothing"),
    ("failed", lambda journal, id: journal.failed(id, "no"), False, "nothing"),
    ("failed in a batch, which is not sent again", lambda journal, id: journal.failed(id, "no"), True, "short"),
    ("a video", lambda journal, id: journal.succeeded(id, ("https://v.example/1",), None), False, "short"),
    ("a video of a batch", lambda journal, id: journal.succeeded(id, ("https://v.example/1",), None), True, "short"),
    ("refused in a batch", lambda journal, id: journal.refused(id, "no"), True, "nothing"),
    ("on its way", lambda journal, id: None, False, "all"),
    ("unknown", lambda journal, id: journal.uncertain(id, "no answer"), True, "all"),
    ("unfinished", lambda journal, id: journal.progress(id, "in_progress"), True, "all"),
]


def test_a_large_journal_keeps_of_what_ended_long_ago_what_others_are_held_against(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = open_journal(tmp_path, START - timedelta(days=100))
    sent = {}
    for name, end, batch, _ in OF_OLD:
        sent[name] = old.begin(submission(line=name, batch=batch))
        old.accepted(sent[name].id, f"task of {name}")
        end(old, sent[name].id)
    recent = open_journal(tmp_path, START - timedelta(days=1)).begin(submission(line="recent"))
    open_journal(tmp_path, START - timedelta(days=1)).refused(recent.id, "no")
    with (tmp_path / "state" / "tasks.jsonl").open("ab") as file:
        file.write(b'{"kind":"inte')
    before = {entry.line: entry for entry in open_journal(tmp_path).entries()}

    monkeypatch.setattr(journal_module, "COMPACT_BYTES", 2_000)
    journal = open_journal(tmp_path)
    journal.begin(submission(line="latest"))
    after = {entry.line: entry for entry in open_journal(tmp_path).entries()}
    assert after == {entry.line: entry for entry in journal.entries()}
    assert list(after) == [name for name, *_, kept in OF_OLD if kept != "nothing"] + ["recent", "latest"]
    for name, *_, kept in OF_OLD:
        if kept == "short":
            assert after[name] == replace(before[name], body={"model": "kling-v3"})
            assert journal.same(submission(line=name))[0] == after[name]
        elif kept == "all":
            assert (after[name], after[name].open) == (before[name], True)
            with pytest.raises(OpenRequest):
                journal.check(submission(line=name))
    assert after["recent"] == before["recent"]
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert sorted(path.name for path in journal.directory.iterdir()) == ["tasks.jsonl", "tasks.lock"]

    size = journal.path.stat().st_size
    journal.unsent(journal.begin(submission(line="one more")).id, "no")
    assert journal.path.stat().st_size > size, "what is short already is not rewritten with each request"


def test_a_large_journal_that_cannot_be_rewritten_leaves_no_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = open_journal(tmp_path, START - timedelta(days=100))
    old.refused(old.begin(submission()).id, "no")
    with old.path.open("ab") as file:
        file.write(b'{"kind":"intent","id":[],"at":"by hand"}\n')

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal_module, "COMPACT_BYTES", 100)
    monkeypatch.setattr(os, "replace", no_space)
    before = old.path.read_bytes()
    with pytest.raises(NoStateError):
        open_journal(tmp_path).begin(submission())
    assert before == old.path.read_bytes()
    assert sorted(path.name for path in old.directory.iterdir()) == ["tasks.jsonl", "tasks.lock"]


BEGIN = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from test_journal_history import submission
from tokenrouter_video.gateway.journal import Journal, OpenRequest
journal = Journal(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(25):
    try:
        entry = journal.begin(submission(line=str(number)))
        journal.accepted(entry.id, f"task {number}")
        print("began", number)
    except OpenRequest:
        pass
"""


def test_of_several_programs_at_once_one_begins_each_request(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BEGIN, str(tmp_path / "state"), str(SCRIPTS), str(Path(__file__).parent)]
    programs = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    outputs = [program.communicate(timeout=60)[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0, 0]
    began = sorted(int(line.split()[1]) for output in outputs for line in output.splitlines())
    assert list(range(25)) == began
    entries = Journal(tmp_path / "state").entries()
    assert sorted(f"task {number}" for number in range(25)) == sorted(entry.task_id or "" for entry in entries)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({"TOKENROUTER_VIDEO_STATE_DIR": "/tmp/x"}, "/tmp/x", id="as told"),
        pytest.param({"TOKENROUTER_VIDEO_STATE_DIR": "state"}, str(Path.cwd() / "state"), id="made absolute"),
        pytest.param({"TOKENROUTER_VIDEO_STATE_DIR": "~/state"}, str(Path.home() / "state"), id="home"),
    ],
)
def test_state_directory(environ: dict[str, str], expected: str) -> None:
    assert expected == str(state_dir(environ))


@pytest.mark.parametrize("chosen", ["", "~/state"])
def test_without_a_home_nothing_is_remembered_and_nothing_sent(chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder called ``~`` in each current folder would know nothing of what was sent from another."""
    for name in ("HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)

    def unknown_user(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", unknown_user)
    with pytest.raises(NoStateError) as caught:
        state_dir({"TOKENROUTER_VIDEO_STATE_DIR": chosen})
    assert "TOKENROUTER_VIDEO_STATE_DIR" in caught.value.remedy


def test_state_directory_is_the_platforms_own_by_default() -> None:
    assert state_dir({"TOKENROUTER_VIDEO_STATE_DIR": " "}).name == "tokenrouter-video"
