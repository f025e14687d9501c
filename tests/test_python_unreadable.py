"""Texts that are no Python, or too much of it: one error, with its place, and nothing of the text in it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import libcst
import pytest

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.python_reader import second_reading
from tokenrouter_video.documents.python_tree import parse

SCRIPTS = Path(__file__).parents[1] / "scripts"
INVALID = "this is no valid Python"
ESCAPE = "a string has an escape that Python does not know"
FORM = "this Python code has a form that cannot be located"
LAYOUT = "the file is laid out in a way that cannot be located exactly"


def fault(text: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("x = 1\ny = = 2\n", 2, id="an-operator-too-many"),
        pytest.param('x = 1\r\n"é" y\r\n', 2, id="behind-crlf"),
        pytest.param("x = [\n    1\n    2\n]\n", 2, id="a-comma-is-missing"),
        pytest.param("if x:\ny = 1\n", 2, id="no-indentation"),
        pytest.param("\n  x = 1\n", 2, id="indentation-at-the-start"),
        pytest.param("if x:\n\ty\n        z\n", 3, id="tabs-and-spaces"),
        pytest.param("x = 1\nx = 007\n", 2, id="an-old-octal"),
        pytest.param("x = 1\nx = 1__0\n", 2, id="two-underscores"),
        pytest.param("x = 1\nx = 5 $ 2\n", 2, id="a-strange-sign"),
        pytest.param("x = 1\nx = 'a' b'b'\n", 2, id="a-string-beside-bytes"),
        pytest.param("x = 1\nprint 'a'\n", 2, id="python-2"),
        pytest.param("name: value\nlist:\n  - a\n", 2, id="yaml"),
        pytest.param("x = 1\n{% if a %}\nx = 1\n", 2, id="a-template"),
        pytest.param("x = 1\n\\", 2, id="a-continuation-at-the-end"),
    ],
)
def test_what_is_no_python_is_told_by_line(text: str, line: int) -> None:
    error = fault(text)
    assert error.offset is not None
    assert (INVALID, line) == (error.reason, text.count("\n", 0, error.offset) + 1)


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        pytest.param("x = 1\n" + chr(0) + "\n", "a NUL character stands in the text", 6, id="nul"),
        pytest.param("x = 'a\n", "a string has no end", 4, id="a-string-without-end"),
        pytest.param("x = [1, 2\n", "a bracket or an f-string has no end", 10, id="a-bracket-without-end"),
        pytest.param("x = 1\ny = '\\N{NO SUCH NAME}'\n", ESCAPE, 10, id="an-unknown-name"),
        pytest.param("x = ['a', '\\x1']\n", ESCAPE, 10, id="half-an-escape"),
        pytest.param("\\\nx = 1\n", LAYOUT, None, id="a-continuation-first"),
        pytest.param(chr(0xFEFF) + "x = 1\n", LAYOUT, None, id="a-second-byte-order-mark"),
        pytest.param("(x): int = 1\n", FORM, None, id="what-only-python-itself-reads"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, reason: str, offset: int | None) -> None:
    error = fault(text)
    assert (reason, offset) == (error.reason, error.offset)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("secret = 'example-key-7f2' = = 1\n", id="syntax"),
        pytest.param("secret = 'example-key-7f2\n", id="a-string-without-end"),
        pytest.param("secret = 'example-key-7f2' b'x'\n", id="mixed-strings"),
        pytest.param("secret = 'example-key-7f2\\N{NONE}'\n", id="an-escape"),
        pytest.param("secret = " + "'example-key-7f2' " * 700 + "\n", id="a-stack-that-is-full"),
    ],
)
def test_no_error_holds_the_text(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    error = fault(text)
    assert error.__context__ is None
    assert error.__cause__ is None
    assert "example" not in f"{error!r} {error.args} {error.__dict__}"
    assert tuple(capfd.readouterr()) == ("", "")


def test_a_full_stack_is_no_syntax_error() -> None:
    assert fault("x = " + "'a' " * 700).reason == "the code is nested too deeply"
    assert fault("if a: b\n" + "elif a: b\n" * 700).reason == "the code is nested too deeply"


# Whatever passes the scan must not end the process, even on a small stack.
HARDEST = [
    pytest.param("x = " + "[" * 98 + "]" * 98, id="lists"),
    pytest.param("x = " + "{1: " * 90 + "2" + "}" * 90, id="dicts"),
    pytest.param("x = " + "f(a, k=" * 75 + "2" + ")" * 75, id="calls"),
    pytest.param("x = " + "a[b][" * 70 + "2" + "]" * 70, id="indices"),
    pytest.param("x = " + "(lambda a, b=" * 50 + "2" + ": 1)" * 50, id="lambdas"),
    pytest.param("x = " + "lambda a, b: " * 84 + "2", id="lambdas-without-brackets"),
    pytest.param("x = [1 " + "for a, b in c if d " * 90 + "]", id="comprehensions"),
    pytest.param("x = " + "not " * 770 + "a", id="not"),
    pytest.param("x = " + "a + " * 380 + "a", id="sums"),
    pytest.param("x = a" + ".b()" * 190, id="chains-of-calls"),
    pytest.param("x = " + "a if b else " * 190 + "c", id="conditions"),
    pytest.param("if a: b\n" + "elif a: b\n" * 770, id="elif"),
    pytest.param("".join(" " * n + "async def f():\n" for n in range(37)) + " " * 37 + "x = [1]\n", id="functions"),
    pytest.param("".join(" " * n + "try:\n" for n in range(37)) + " " * 37 + "a\n", id="unfinished-blocks"),
    pytest.param("match a:\n case " + "{1: " * 6 + "b" + "}" * 6 + ": c\n", id="patterns"),
    pytest.param("x = " + "f'{" * 48 + "1" + "}'" * 48, id="f-strings"),
    pytest.param("x = " + "[" * 98 + "1 1" + "]" * 98, id="an-error-deep-inside"),
]


@pytest.mark.parametrize("text", HARDEST)
def test_the_deepest_code_that_passes_the_scan_fits_a_small_stack(text: str) -> None:
    outcomes: list[str] = []

    def run() -> None:
        try:
            parse(text)
            outcomes.append("read")
        except DocumentError as error:
            outcomes.append(error.reason)
        second_reading(text)

    before = threading.stack_size(1024 * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert outcomes[0] in ("read", "the code is nested too deeply", INVALID)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = " + "[" * 200_000, id="open-brackets"),
        pytest.param("x = " + "(" * 100_000 + ")" * 100_000, id="brackets"),
        pytest.param("x = " + "-" * 500_000 + "1", id="signs"),
        pytest.param("x = a" + "[0]" * 200_000, id="indices"),
        pytest.param("x = f'" + "{a:" * 100_000 + "}" * 100_000 + "'", id="formats"),
        pytest.param("x = " + "f'{" * 50_000 + "}'" * 50_000, id="f-strings"),
        pytest.param("x = " + "lambda a, b: " * 50_000 + "1", id="lambdas"),
        pytest.param("".join(" " * n + "if a:\n" for n in range(1_500)), id="blocks"),
        pytest.param("if a: b\n" + "elif a: b\n" * 100_000, id="elif"),
        pytest.param("match a:\n case " + "[" * 60 + "b" + "]" * 60 + ": c\n", id="patterns"),
        pytest.param("\n" * 600_000, id="lines"),
        pytest.param("x = '''" + "a'" * 1_000_000, id="a-string-without-end"),
    ],
)
def test_hostile_texts_are_refused_without_parsing(text: str) -> None:
    assert fault(text).reason != INVALID
    assert second_reading(text) is None


def test_a_number_too_long_for_python_is_its_text() -> None:
    digits = "1" * 5_000
    found = parse(f"x = -{digits}\n").at("/x")
    assert found is not None
    assert (getattr(found.node, "kind", ""), getattr(found.node, "value", "")) == ("other", f"-{digits}")


def test_newer_syntax_than_the_running_python_is_read() -> None:
    # PEP 701 and 695: libcst knows them whatever Python it runs on.
    text = 'x = f"{d["k"]}"\ntype T = int\ndef f[T](y=1): ...\n'
    root = parse(text).root
    assert [entry.key for entry in getattr(root, "entries", ())] == ["x", "f"]


@pytest.mark.skipif(not hasattr(libcst, "TemplatedString"), reason="libcst knows t-strings from 1.8.4 on")
def test_t_strings_are_code() -> None:
    found = parse('x = t"{ [1] }" + y\n').at("/x")
    assert found is not None
    assert getattr(found.node, "code", "") == 't"{ [1] }"+y'


def test_only_reading_python_imports_libcst() -> None:
    code = """
import sys
from tokenrouter_video.documents import python_reader, python_tree
from tokenrouter_video.documents.document import DocumentError
python_reader.second_reading("x = [1]")
try:
    python_tree.parse("x = [")
except DocumentError:
    pass
print("libcst" in sys.modules)
python_tree.parse("x = []")
print("libcst" in sys.modules)
"""
    environ = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == (["False", "True"], "")
