"""Properties of reading Python, over literals in many layouts and over broken texts."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from python_outline import containers, shape, without_code
from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.python_reader import second_reading
from tokenrouter_video.documents.python_tree import parse
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Opaque, Scalar, Sequence, Span

CHECKS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
SCALARS = st.one_of(
    TEXTS,
    st.integers(-(10**25), 10**25),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(TEXTS, inner, max_size=4),
        st.sets(st.integers(0, 99), min_size=1, max_size=4),
    ),
    max_leaves=14,
)
COMMENTS = ["", "", "  # c", "  # it's {[(\"", " # ключ, ', "]


class Printer:
    """Prints a value as Python source; every choice of layout is drawn."""

    def __init__(self, data: st.DataObject, newline: str) -> None:
        self.draw = data.draw
        self.newline = newline
        self.step = self.draw(st.sampled_from(["    ", "  ", "\t"]))

    def value(self, value: Any, indent: str = "") -> str:
        match value:
            case str():
                text = self._string(value)
            case list() | tuple() | set():
                opening, closing = {list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}")}[type(value)]
                items = [self.value(item, indent + self.step) for item in value]
                text = self._container(opening, items, closing, indent, needs_comma=isinstance(value, tuple))
            case dict():
                pairs = [
                    f"{self._string(key)}{self._colon()}{self.value(one, indent + self.step)}"
                    for key, one in value.items()
                ]
                text = self._container("{", pairs, "}", indent)
            case _:
                text = repr(value)
        return f"( {text})" if self.draw(st.integers(0, 15)) == 0 else text

    def _colon(self) -> str:
        return self.draw(st.sampled_from([": ", ":", " :  "]))

    def _string(self, value: str) -> str:
        if self.draw(st.booleans()) and value.isprintable() and "\\" not in value:
            for quote in self.draw(st.permutations(['"', "'", '"""', "'''"])):
                if quote[0] not in value:
                    return quote + value + quote
        if len(value) > 1 and self.draw(st.integers(0, 5)) == 0:
            return f"{value[:1]!r} {value[1:]!r}"
        return repr(value)

    def _container(
        self, opening: str, items: list[str], closing: str, indent: str, *, needs_comma: bool = False
    ) -> str:
        layout = self.draw(st.sampled_from(["black", "line", "loose"]))
        if not items:
            return opening + closing
        last = "," if len(items) == 1 and needs_comma else self.draw(st.sampled_from(["", ","]))
        if layout == "line":
            return opening + ", ".join(items) + last + closing
        if layout == "loose":
            return f"{opening} {' ,  '.join(items)} {last} {closing}"
        inner = indent + self.step
        lines = [item + ("," if number < len(items) - 1 else last) for number, item in enumerate(items)]
        text = opening + self._comment() + self.newline
        for line in lines:
            text += inner + line + self._comment() + self.newline
        return text + indent + closing

    def _comment(self) -> str:
        return self.draw(st.sampled_from(COMMENTS))


def data_of(node: Node) -> Any:
    """Return the Python value that a located literal is."""
    match node:
        case Scalar():
            return node.value
        case Mapping():
            return {entry.key: data_of(entry.value) for entry in node.entries}
        case Sequence():
            kinds: dict[str, Any] = {"list": list, "tuple": tuple, "set": set}
            return kinds[node.kind](data_of(entry.value) for entry in node.entries)
        case _:
            raise AssertionError("a literal holds no code")


GAP = re.compile(r"(?:[\s,]|\\\r?\n|#[^\r\n]*)*")


def assert_well_placed(document: Document) -> None:
    """Check that every span lies in the one around it and that only what separates stands between siblings."""
    text = document.text
    for node in containers(document):
        assert node.span.start <= node.body.start <= node.body.end <= node.span.end
        position = node.body.start
        for entry in node.entries:
            assert_inside(entry, node.body)
            if node.layout in ("flow", "call"):
                assert GAP.fullmatch(text, position, entry.span.start)
                position = entry.span.end
        if node.layout in ("flow", "call"):
            assert GAP.fullmatch(text, position, node.body.end)
        if isinstance(node, Mapping) and node.layout == "scope":
            continue
        for one, following in zip(node.entries, node.entries[1:], strict=False):
            assert one.span.end <= following.span.start


def assert_inside(entry: Entry, around: Span) -> None:
    assert around.start <= entry.span.start <= entry.span.end <= around.end
    value = entry.value.span
    assert entry.span.start <= value.start <= value.end <= entry.span.end
    if entry.key_span is not None:
        assert entry.span.start <= entry.key_span.start <= entry.key_span.end <= entry.span.end


@CHECKS
@given(VALUES, st.sampled_from(["\n", "\r\n"]), st.data())
def test_a_literal_is_read_as_python_reads_it(value: Any, newline: str, data: st.DataObject) -> None:
    printed = Printer(data, newline).value(value)
    text = f"# before{newline}X = {printed}  # behind{newline}Y = 1"
    assert ast.literal_eval(printed) == value
    document = parse(text)
    found, behind = document.at("/X"), document.at("/Y")
    assert found is not None
    assert behind is not None
    assert repr(data_of(found.node)) == repr(ast.literal_eval(printed))
    assert behind.node == Scalar(Span(len(text) - 1, len(text)), Span(len(text) - 1, len(text)), 1, "integer", "plain")
    assert_well_placed(document)
    assert document.obstacles == ()
    reading = second_reading(text)
    assert reading is not None
    assert shape(document.root) == without_code(reading)


@CHECKS
@given(VALUES, st.data())
def test_a_node_stands_where_its_text_says_the_same(value: Any, data: st.DataObject) -> None:
    text = f"class A:\n    def f(self, x={Printer(data, chr(10)).value(value)}): ...\n"
    document = parse(text)
    for node in containers(document):
        for entry in node.entries:
            if not isinstance(entry.value, Mapping) or entry.value.layout != "scope":
                assert repr(ast.literal_eval(entry.value.span.of(text))) == repr(data_of(entry.value))


CONFIG = """\
# A gateway's settings, with a bit of everything.
import os
BASE = "https://localhost/v1"
KEY = os.environ["K"] or f"{BASE!r:>{9}}"
MODELS = [
    {"id": 'a', **extra, "n": [1, -2.5, None,],},  # first
    Model("b", kind="video"), *MORE,
]
class Settings(Base):
    models: list[str] = field(default_factory=lambda: ["x", "y" "z"])
    def f(self, a, b={1}, *c):
        if a: return {"k": (1, 2)}
        elif b: self.x, y = 1, '''t
'''
        with OpenAI(base_url=BASE).run(k=1) as client: client.add("m", [v for v in (3, 4)])
MODELS += ["c"]; d["k"] = r"\\d", b"\\x00"
match a:
    case {"k": [1, x]} if x: Z = 1_0
"""
PIECES = [
    *("", "(", ")", "[", "]", "{", "}", "'", '"', '"""', "f'", "rb'", "\\", "\n", "\r\n", "\r", "\t", " ", "\x0c", "#"),
    *(
        ",",
        ":",
        "=",
        ":=",
        "*",
        "**",
        "->",
        "@",
        ";",
        "!",
        "$",
        "é",
        "0x",
        "1_",
        "lambda ",
        "for ",
        "in ",
        "elif ",
        "\0",
    ),
    *(
        "async ",
        "await ",
        "yield ",
        "match ",
        "case ",
        "\ufeff",
        "\u2028",
        "\x1a",
        "{{",
        "}}",
        "\\N{",
        "    ",
        "None",
        "...",
    ),
]
EDITS = st.lists(
    st.tuples(st.integers(0, len(CONFIG)), st.integers(0, 5), st.sampled_from(PIECES)), min_size=1, max_size=4
)


@settings(CHECKS, max_examples=400)
@given(EDITS)
def test_a_broken_text_is_read_alike_by_both_or_refused(edits: list[tuple[int, int, str]]) -> None:
    text = CONFIG
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reading = second_reading(text)
        try:
            document = parse(text)
        except DocumentError as error:
            fault: DocumentError | None = error
        else:
            fault = None
    if fault is not None:
        assert fault.offset is None or 0 <= fault.offset <= len(text)
        return
    assert_well_placed(document)
    if reading is not None:
        assert shape(document.root) == without_code(reading)


@settings(CHECKS, max_examples=300)
@given(st.text(st.sampled_from("ab1 \n\r\t\x0c'\"\\{}[]()#,:=.*fr;@é"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse(text)
    except DocumentError:
        return
    assert_well_placed(document)
    reading = second_reading(text)
    assert reading is None or shape(document.root) == without_code(reading)


def test_the_unbroken_text_is_read_alike_by_both() -> None:
    document, reading = parse(CONFIG), second_reading(CONFIG)
    assert reading is not None
    assert shape(document.root) == without_code(reading)
    assert_well_placed(document)
    codes = [
        entry.value.code for node in containers(document) for entry in node.entries if isinstance(entry.value, Opaque)
    ]
    assert sorted(codes) == ["**extra", "*MORE", "BASE", 'os.environ["K"]or f"{BASE!r:>{9}}"']
