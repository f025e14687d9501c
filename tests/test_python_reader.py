"""The second reading has the names, numbers and values of the located tree, from Python's own parser."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from pathlib import Path

import pytest

from python_outline import shape, without_code
from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.formats import Reading
from tokenrouter_video.documents.python_reader import second_reading
from tokenrouter_video.documents.python_tree import parse
from tokenrouter_video.documents.tree import Opaque, Scalar, walk
from tokenrouter_video.documents.values import reading_at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'X = {"a": "b", "n": -5, "f": 1e3, "t": True, "z": None, "h": 0xFF}\n',
            {
                "X": {
                    "a": ("str", "b"),
                    "n": ("int", "-5"),
                    "f": ("float", "1000.0"),
                    "t": ("bool", "true"),
                    "z": ("null", "null"),
                    "h": ("int", "255"),
                }
            },
            id="scalars",
        ),
        pytest.param("X = b'a'\nY = 1e999\n", {"X": ("other", "b'a'"), "Y": ("other", "inf")}, id="others"),
        pytest.param(
            "X = 0x1" + "0" * 5_000, {"X": ("int", "0x1" + "0" * 5_000)}, id="an-integer-too-long-for-decimal"
        ),
        pytest.param(
            'X = ["a", ("b",), {1}]\nX += []\n',
            {"X": [("str", "a"), [("str", "b")], [("int", "1")]], "X@2": []},
            id="containers",
        ),
        pytest.param(
            'X = {**a, "k": 1, **b}\nY = f(*a, 1, k=2, **b)\nZ = [*a]\n',
            {
                "X": {"\0000": ("code", "**Name(id='a', ctx=Load())"), "k": ("int", "1"), "\0001": ("code", "**B")},
                "Y": {"\0000": ("code", "*A"), "0": ("int", "1"), "k": ("int", "2"), "\0001": ("code", "**B")},
                "Z": [("code", "*A")],
            },
            id="spreads-by-number",
        ),
        pytest.param(
            'class A:\n    x: int = 1\n    def f(self, y="b"):\n        return {"c": 2}\n',
            {"A": {"x": ("int", "1"), "f": {"y": ("str", "b"), "return": {"c": ("int", "2")}}}},
            id="scopes",
        ),
        pytest.param('X = "a" "b"\n', {"X": ("str", "ab")}, id="neighbouring-strings"),
        pytest.param('X = """a\r\nb"""\r\n', {"X": ("str", "a\nb")}, id="line-ends-in-strings"),
        pytest.param('ключ["é"] = f(ñ="ü")\n', {'ключ["é"]': {"ñ": ("str", "ü")}}, id="other-alphabets"),
    ],
)
def test_the_reading_has_types_and_texts(text: str, expected: Reading) -> None:
    a, b = ("Name(id='a', ctx=Load())", "Name(id='b', ctx=Load())")
    assert _replaced(expected, {"**B": f"**{b}", "*A": f"*{a}"}) == second_reading(text)


def _replaced(reading: Reading, texts: dict[str, str]) -> Reading:
    if isinstance(reading, dict):
        return {name: _replaced(value, texts) for name, value in reading.items()}
    if isinstance(reading, list):
        return [_replaced(value, texts) for value in reading]
    return (reading[0], texts.get(reading[1], reading[1]))


def test_code_is_compared_by_its_meaning() -> None:
    assert second_reading("X = a . b ( c )  # d\n") == second_reading("X = (a.b(\n    c,\n))\n")
    assert second_reading("X = a.b(c)\n") != second_reading("X = a.b(d)\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = = 1\n", id="syntax"),
        pytest.param("x = '\\x1'\n", id="an-escape"),
        pytest.param("x = [\n", id="a-bracket-without-end"),
        pytest.param("x = 'a" + chr(0) + "b'\n", id="nul"),
        pytest.param("x = " + "1" * 5_000 + "\n", id="a-number-too-long"),
        pytest.param("x = " + "a + " * 5_000 + "a\n", id="an-expression-too-long"),
        pytest.param("x = '" + chr(0xD800) + "'\n", id="half-a-character"),
        pytest.param("  x = 1\n", id="indentation"),
    ],
)
def test_what_python_cannot_read_has_no_second_reading(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert second_reading(text) is None
    assert tuple(capfd.readouterr()) == ("", "")


def test_an_unknown_escape_warns_nobody() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        reading = second_reading('X = "\\d"\n')
        document = parse('X = "\\d"\n')
    assert (reading, shape(document.root), caught) == ({"X": ("str", "\\d")}, {"X": ("str", "\\d")}, [])


def sample() -> list[Path]:
    """Return some files of the standard library: every ninth of its modules, the largest left out."""
    library = Path(sysconfig.get_path("stdlib"))
    modules = sorted(path for path in library.glob("*.py") if path.stat().st_size < 60_000)
    packages = sorted(path for name in ("json", "email", "logging") for path in (library / name).glob("*.py"))
    return [*modules[::9], *packages[::5]]


SAMPLE = sample()


def test_the_sample_is_not_empty() -> None:
    assert len(SAMPLE) >= 15


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_both_readers_agree_on_the_standard_library(path: Path) -> None:
    text = path.read_bytes().decode()
    try:
        document = parse(text)
    except DocumentError as error:
        pytest.skip(error.reason)
    reading = second_reading(text)
    assert reading is not None
    assert shape(document.root) == without_code(reading)
    assert_code_and_strings_are_as_located(document, reading)


def assert_code_and_strings_are_as_located(document: Document, reading: Reading) -> None:
    for place in walk(document.root):
        node = place.node
        if isinstance(node, Opaque) and not node.code.startswith("*"):
            code = ast.dump(ast.parse(f"({node.code}\n)", mode="eval").body)
            found = reading_at(reading, place.parts)
            assert isinstance(found, tuple)
            # A name that is assigned to is told from one that is read.
            assert found[1].replace("Store()", "Load()") == code.replace("Store()", "Load()")
        elif isinstance(node, Scalar) and node.kind == "string":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert node.value == ast.literal_eval(f"({node.token.of(document.text)}\n)")
