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


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "X = d[1, 'a'] + d[(1, 'a')] + d[['b']] + d[(1, 2), (3, 4)] + d[(1, 2),] + d[()] + d[*a, (1,)]",
            id="indices",
        ),
        pytest.param(
            "X = d[(1, 2):(3,)] + d[(a := (1, 2))] + d[lambda: {1}]",
            id="slices-and-walrus",
        ),
        pytest.param(
            (
                "d['a',].f('x')\n"
                "d['a'].f('x')\n"
                "d[1:2].f('x')\n"
                "d[True].f('x')\n"
                "d[1.5].f('x')\n"
                "d[b'a'][x].f('x')\n"
                "d[-1].f('x')"
            ),
            id="paths",
        ),
        pytest.param(
            (
                "None('a')\n"
                "True.x('a')\n"
                "(f)('a')\n"
                "(f or g)('a')\n"
                "f()('a')\n"
                "f(1)('a')\n"
                "f('a')\n"
                "'a'.f('b')\n"
                "[].f('a')\n"
                "(f.g)('a')"
            ),
            id="what-is-called",
        ),
        pytest.param(
            "X = f(g([1]))(h(k=2)).i(j=[3])[0]({4})",
            id="chains",
        ),
        pytest.param(
            ("X = [f('a'), getenv('a'), (yield {1}), await f([1]), not [2], *{3}, -4, (-5), - 6, -(-7), +8.0, -True]"),
            id="items",
        ),
        pytest.param(
            (
                "X = {'a': 1, 'a' 'b': 2, **{}, 1: 3, True: 4, '1': 5, x: 6, (x): 7, -1: 8, +1: 9, f'': 10, "
                "1j: 11, ...: 12, None: 13}"
            ),
            id="keys",
        ),
        pytest.param(
            ("X = (lambda a=[1], *b, c={2}, **d: {3})\nY = lambda: (yield)\nZ = [lambda: [1], lambda: [2]]"),
            id="lambdas",
        ),
        pytest.param(
            "X = [[a, [1]] for b, [c, d] in [2] if {3} for e in ({4} for f in {5})]",
            id="comprehensions",
        ),
        pytest.param(
            ("X = {**{1: 2}, 3: [4] if 5 else {6}}\nY = {1} | {2} - {3}\nZ = a < [1] < b in (2, 3) is not {4}"),
            id="operators",
        ),
        pytest.param(
            ("X, (Y, *Z) = [a, b] = (c), d['e'] = f.g = 1, 2\n((X)) = (((1, 2)))\n[] = ()\n() = []"),
            id="targets",
        ),
        pytest.param(
            ("X: (int) = (yield)\na.b: int = [1]\nd[0]: int = 2\nX: int"),
            id="annotations",
        ),
        pytest.param(
            (
                "@f([1])\n"
                "@g.h\n"
                "@(i | {2})\n"
                "@j(k=3)(4)\n"
                "class A(B, c=[5]):\n"
                "  @l\n"
                "  async def m(a=1, /, b=2, *c, d=3, e, **f): return [6]"
            ),
            id="decorators",
        ),
        pytest.param(
            ("with f('a') as b, c([1]) as d.e, ({2}) as (g, h), [3]: pass\nwith (f(k=1) as x, [2]): Y = 1"),
            id="with",
        ),
        pytest.param(
            (
                "async def f():\n"
                "  async with g(k=1) as h: i = 1\n"
                "  async for j in [1]: k = 2\n"
                "  else: l = 3\n"
                "  await m(1)\n"
                "  return await [4]"
            ),
            id="async",
        ),
        pytest.param(
            ("for x in 1, [2]: pass\nfor y in f('a'): pass\nfor z in g: pass\nwhile [1]: a = 1\nelse: b = 2"),
            id="for",
        ),
        pytest.param(
            ("try: a = 1\nexcept* E as e: b = 2\nexcept* F: c = 3\nelse: d = 4\nfinally: e = 5"),
            id="try",
        ),
        pytest.param(
            ("match a, [1]:\n  case {'k': [1, *x], **y} | C(z=1) if [2]: b = 1\n  case _: c = 2"),
            id="match",
        ),
        pytest.param(
            ("if [1]: a = 1\nelif {2}: b = 2\nelse:\n  if 3: c = 3\n  elif 4: d = 4\nreturn_ = 5; return_ += 6"),
            id="if",
        ),
        pytest.param(
            (
                "X = field(default_factory=lambda: [1], b=2)\n"
                "Y = f(*[1])\n"
                "Z = f(**{'a': 1})\n"
                "W = f(*[1], a=2)\n"
                "V = f(x for x in [1])"
            ),
            id="arguments",
        ),
        pytest.param(
            ("X = f'{[1]}' f'{x!r:{[2]}}' 'a'\nY = 'a' 'b'\nZ = b'a' b'b'\nW = [f'', 'a' f'', f'{1}'.g('b')]"),
            id="f-strings",
        ),
        pytest.param(
            (
                "del a[[1]], b\n"
                "assert [1], {2}\n"
                "raise f([1]) from g(k=2)\n"
                "global c; import d; from e import f\n"
                "pass; [3]; {}; f(); ()"
            ),
            id="other-statements",
        ),
        pytest.param(
            (
                "X = Model('a', b)\n"
                "Y = model('a', b)\n"
                "Z = m._Model('a', 'b')\n"
                "W = m('a').Model('b', 'c')\n"
                "V = Model('a')"
            ),
            id="instances",
        ),
    ],
)
def test_both_readers_agree_on_odd_code(text: str) -> None:
    document = parse(text)
    reading = second_reading(text)
    assert reading is not None
    assert shape(document.root) == without_code(reading)
    assert_code_and_strings_are_as_located(document, reading)


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
