"""What a command prints, where, and in which form."""

from __future__ import annotations

import errno
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tokenrouter_video.cli.console import Console
from tokenrouter_video.display import json_escaped, visible
from tokenrouter_video.errors import AmbiguousError, UsageError

ESC = chr(0x1B)
RIGHT_TO_LEFT = chr(0x202E)
ZERO_WIDTH = chr(0x200B)
LINE_SEPARATOR = chr(0x2028)
BOM = chr(0xFEFF)
TAG_A = chr(0xE0041)
BYTE_FF = "\udcff"  # how Python carries the byte 0xff of a file name


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Full(io.StringIO):
    """A stream whose disk is full, or whose reader has left."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def write(self, text: str) -> int:
        raise OSError(self._number, "No space left on device")


def console(**options: Any) -> tuple[Console, io.StringIO, io.StringIO]:
    out = options.pop("stdout", None) or io.StringIO()
    err = options.pop("stderr", None) or io.StringIO()
    return Console(stdout=out, stderr=err, environ=options.pop("environ", {}), **options), out, err


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("naïve 视频 🎬 back\\slash", "naïve 视频 🎬 back\\slash", id="ordinary text stays"),
        pytest.param(f"{ESC}[31mred", "\\x1b[31mred", id="terminal escape"),
        pytest.param("a\r\nb\tc\0", "a\\x0d\\x0ab\\x09c\\x00", id="line breaks, tabs and NUL"),
        pytest.param(chr(0x7F) + chr(0x9B) + "31m", "\\x7f\\x9b31m", id="DEL and the one-byte CSI"),
        pytest.param(f"a{RIGHT_TO_LEFT}b", "a\\u202eb", id="bidirectional override"),
        pytest.param(f"a{ZERO_WIDTH}{BOM}b", "a\\u200b\\ufeffb", id="zero width"),
        pytest.param(f"a{LINE_SEPARATOR}b", "a\\u2028b", id="line separator"),
        pytest.param(TAG_A, "\\U000e0041", id="tag characters"),
        pytest.param(BYTE_FF, "\\xff", id="a byte that is no UTF-8"),
        pytest.param("\ud800", "\\ud800", id="a lone surrogate"),
    ],
)
def test_hidden_and_acting_characters_are_spelled_out(text: str, shown: str) -> None:
    assert shown == visible(text)
    assert shown == visible(shown)


def test_named_characters_stay() -> None:
    assert visible("a\n\tb\r\n", keep="\n\t") == "a\n\tb\\x0d\n"


@pytest.mark.parametrize("value", [f"{ESC}{RIGHT_TO_LEFT}{ZERO_WIDTH}{BOM}{TAG_A}", BYTE_FF, "a\nb\u0085", "\x7f视"])
def test_escaped_json_reads_back_as_it_was(value: str) -> None:
    text = json_escaped(json.dumps({"v": value}, ensure_ascii=False))
    assert visible(text) == text
    assert json.loads(text) == {"v": value}


def test_a_result_is_text_or_one_json_object() -> None:
    plain, out, _ = console()
    plain.result({"schema": 1}, lambda: "one\ntwo")
    assert out.getvalue() == "one\ntwo\n"
    machine, out, _ = console(json=True)
    machine.result({"schema": 1, "file": Path("a b")}, lambda: pytest.fail("text is not built for JSON"))
    assert out.getvalue() == '{"schema": 1, "file": "a b"}\n'


def test_json_on_a_terminal_is_indented() -> None:
    machine, out, _ = console(json=True, stdout=Terminal())
    machine.result({"schema": 1}, str)
    assert out.getvalue() == '{\n  "schema": 1\n}\n'


def test_a_batch_line_is_one_line_on_a_terminal_too() -> None:
    machine, out, _ = console(json=True, stdout=Terminal())
    machine.json_line({"a": {"b": "1\n2"}})
    assert out.getvalue() == '{"a": {"b": "1\\n2"}}\n'


def test_everything_printed_is_masked_and_visible() -> None:
    secret = "example-key-7f2-of-sixteen-and-more"
    for machine in (False, True):
        this, out, err = console(json=machine, verbose=True)
        this.masker.add(secret)
        this.result({"k": f"{ESC}{secret}"}, lambda: f"{ESC}{secret}")
        this.json_line({"k": [secret]})
        for show in (this.note, this.detail, this.urgent):
            show(f"{ESC}{secret}")
        this.error(UsageError(f"bad {secret}{ESC}", f"not {secret}", details={"d": secret}))
        assert secret not in out.getvalue() + err.getvalue()
        assert ESC not in out.getvalue() + err.getvalue()
        assert "exa...ore" in out.getvalue()


@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        pytest.param({}, "note\nurgent\n", id="neither"),
        pytest.param({"quiet": True}, "urgent\n", id="quiet"),
        pytest.param({"verbose": True}, "note\ndetail\nurgent\n", id="verbose"),
        pytest.param({"json": True}, "note\nurgent\n", id="json leaves stderr alone"),
    ],
)
def test_who_sees_what_on_stderr(flags: dict[str, bool], shown: str) -> None:
    this, out, err = console(**flags)
    this.note("note")
    this.detail("detail")
    this.urgent("urgent")
    assert (out.getvalue(), err.getvalue()) == ("", shown)


def test_an_error_is_two_lines() -> None:
    this, out, err = console()
    this.error(AmbiguousError("two channels fit:\n  a\n  b", "choose with --channel ID"))
    assert out.getvalue() == ""
    assert err.getvalue() == "tokenrouter-video: two channels fit:\n  a\n  b\ntry: choose with --channel ID\n"


def test_a_json_error_keeps_its_details_and_joins_the_result() -> None:
    this, out, err = console(json=True)
    error = AmbiguousError("m", details={"channels": ["a"], "code": "never wins"})
    error.result = {"schema": 1, "channels": []}
    this.error(error)
    expected = {
        "schema": 1,
        "channels": [],
        "error": {"channels": ["a"], "code": "ambiguous", "message": "m", "try": ""},
    }
    assert json.loads(out.getvalue()) == expected
    assert err.getvalue() == ""


def test_remedies_name_commands_the_way_the_program_was_started() -> None:
    this, _, err = console(starts=lambda name: ("python3", f"/a b/{name}.py"))
    this.error(UsageError("m", "tokenrouter-video task wait X, or tokenrouter-video find"))
    assert err.getvalue().splitlines()[1] == "try: python3 '/a b/task.py' wait X, or python3 '/a b/find.py'"
    assert this.command("task", "wait", "X") == ["python3", "/a b/task.py", "wait", "X"]


@pytest.mark.parametrize(
    ("stream", "environ", "expected"),
    [
        pytest.param(Terminal(), {}, f"{ESC}[1m{ESC}[32m+ ok{ESC}[0m\n", id="terminal"),
        pytest.param(io.StringIO(), {}, "+ ok\n", id="pipe"),
        pytest.param(Terminal(), {"NO_COLOR": "1"}, "+ ok\n", id="NO_COLOR"),
        pytest.param(Terminal(), {"TERM": "dumb"}, "+ ok\n", id="dumb terminal"),
    ],
)
def test_colour_is_for_terminals_that_want_it(stream: io.StringIO, environ: dict[str, str], expected: str) -> None:
    this, out, _ = console(stdout=stream, environ=environ)
    this.result({}, lambda: this.style("+ ok", "bold", "green"))
    assert expected == out.getvalue()


def test_only_own_colours_reach_a_terminal() -> None:
    this, out, _ = console(stdout=Terminal())
    this.result({}, lambda: this.style(f"{ESC}[2J{ESC}]0;x", "red"))
    assert out.getvalue() == f"{ESC}[31m\\x1b[2J\\x1b]0;x{ESC}[0m\n"


def test_no_progress_in_a_pipe_nor_when_quiet() -> None:
    for this, _, err in (console(), console(quiet=True, stderr=Terminal())):
        with this.status("waiting") as status:
            status.update("still waiting")
        assert err.getvalue() == ""


def test_progress_on_a_terminal_shows_the_text_as_text() -> None:
    this, _, err = console(stderr=Terminal(), environ={"TERM": "xterm"})
    with this.status("[bold]waiting") as status:
        status.update(f"[red]still {ESC}]0;x")
        this.note("a [note]")
    assert "[red]still \\x1b]0;x" in err.getvalue()
    assert "a [note]" in err.getvalue()
    assert f"{ESC}]0;" not in err.getvalue()


def test_a_reader_that_has_left_ends_nothing() -> None:
    this, _, err = console(stdout=Full(errno.EPIPE))
    this.result({}, lambda: "text")
    this.flush()
    assert (err.getvalue(), this.failed) == ("", False)


def test_a_full_disk_is_said_and_fails_the_run() -> None:
    this, _, err = console(stdout=Full(errno.ENOSPC))
    this.result({}, lambda: "text")
    assert err.getvalue() == "tokenrouter-video: stdout cannot be written: No space left on device\n"
    assert this.failed


def test_streams_that_were_closed_before_the_start_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    this = Console()
    this.result({}, lambda: "text")
    this.urgent("text")
    this.flush()
    assert not this.failed
