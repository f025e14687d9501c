"""TOML of every shape: tomlkit's tree against tomllib's data, and spans against the text that they cover."""

from __future__ import annotations

import datetime
import math
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import tomlkit
from hypothesis import example, given
from hypothesis import strategies as st

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.formats import Reading
from tokenrouter_video.documents.toml_reader import second_reading
from tokenrouter_video.documents.toml_tree import parse
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Scalar, Sequence, Span, children, walk
from tokenrouter_video.documents.values import reading_at

NAMES = ["a", "b", "c", "1", "k-v_2", '"a"', "'b'", '"x.y"', '"#"', '"\\"\\u0063"', "'[d]'", '""']
VALUES = [
    "1",
    "-0x0",
    "+1_000",
    "1.5",
    "-inf",
    "nan",
    "true",
    "2026-01-02",
    "2026-01-02 03:04:05",
    "03:04:05",
    '"s # [x] = 1"',
    "'s \"q'",
    '"\\t\\u00e9"',
    '"""m\n# [t]\n  x = 1 \\\n """',
    "'''\n'm'\n[[x]]'''",
]
BLANKS = st.sampled_from(["", " ", "\t "])
COMMENTS = st.sampled_from(["", "", " # c", "#", '\t# "x = [" '])


def dotted(names: list[str]) -> st.SearchStrategy[str]:
    parts = st.lists(st.sampled_from(names), min_size=1, max_size=3)
    return st.builds(lambda parts, blanks: (blanks + "." + blanks).join(parts), parts, BLANKS)


KEYS = dotted(NAMES)
# Few names, so that headers meet: children of one table, out of order, with others between them.
HEADER_KEYS = dotted(["a", "b", '"x.y"'])
GAPS = st.sampled_from(["", " ", "\n", " # c, ]\n\t", "\n\n  "])


def arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def written(items: list[str], gaps: list[str], is_trailing: bool) -> str:
        inner = "".join(f"{gaps[0]}{item}{gaps[1]}," for item in items)
        return "[" + (inner if is_trailing else inner[:-1]) + gaps[2] + "]"

    return st.builds(written, st.lists(values, max_size=3), st.lists(GAPS, min_size=3, max_size=3), st.booleans())


def inline_tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.builds("{0}{1}{2}={2}{3}{0}".format, BLANKS, KEYS, BLANKS, values)
    return st.builds(lambda pairs: "{" + ",".join(pairs) + "}", st.lists(pairs, max_size=3))


TOKENS = st.recursive(st.sampled_from(VALUES), lambda inner: arrays(inner) | inline_tables(inner), max_leaves=6)
PAIRS = st.builds("{0}{1}{2}={2}{3}{4}".format, BLANKS, KEYS, BLANKS, TOKENS, COMMENTS)
HEADERS = st.builds("{0}[{1}{2}{1}]{3}".format, BLANKS, BLANKS, HEADER_KEYS, COMMENTS)
ELEMENT_HEADERS = st.builds("{0}[[{1}{2}{1}]]{3}".format, BLANKS, BLANKS, HEADER_KEYS, COMMENTS)
LINES = st.one_of(PAIRS, HEADERS, HEADERS, ELEMENT_HEADERS, COMMENTS)
TEXTS = st.builds(
    lambda lines, newline, end: "\n".join(lines).replace("\n", newline) + end,
    st.lists(LINES, max_size=12),
    st.sampled_from(["\n", "\n", "\r\n"]),
    st.sampled_from(["", "\n", "\n\n"]),
)

LEAVES = st.one_of(
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.dates(),
    st.times(),
    st.datetimes(),
)
DATA = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=4),
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.# ", max_size=3), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=5,
)


def library_data(text: str) -> Any:
    """What tomllib reads, or ``None``."""
    try:
        return plain(tomllib.loads(text))
    except (ValueError, RecursionError):
        return None


def plain(value: Any) -> Any:
    """Data that can be compared: NaN equals itself, times are text, integers are not floats or booleans."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case datetime.date() | datetime.time():
            return ("datetime", value.isoformat())
        case float():
            return ("float", repr(value))
        case str():
            return value
        case _:
            return (type(value).__name__, value)


def tree_data(node: Node) -> Any:
    match node:
        case Mapping():
            return {entry.key: tree_data(entry.value) for entry in node.entries}
        case Sequence():
            return [tree_data(entry.value) for entry in node.entries]
        case Scalar(kind="datetime"):
            return plain(tomllib.loads(f"x = {node.value}")["x"])
        case Scalar(kind="string"):
            # tomllib takes a CRLF in a multi-line string for LF, as TOML allows.
            return str(node.value).replace("\r\n", "\n") if node.style.startswith("multiline") else node.value
        case Scalar(kind="other"):
            return ("float", repr(float(str(node.value))))
        case Scalar():
            return plain(node.value)
        case _:
            raise AssertionError("TOML has neither aliases nor code")


def check_agreement(text: str) -> Document | None:
    """What tomllib reads we read as the same; what it does not read raises our error or is TOML 1.1."""
    expected = library_data(text)
    document, offset = parsed(text)
    if document is None:
        assert expected is None
        assert offset is not None
        assert 0 <= offset <= len(text)
    elif expected is not None:
        assert tree_data(document.root) == expected
    return document


def parsed(text: str) -> tuple[Document | None, int | None]:
    try:
        return parse(text), None
    except DocumentError as error:
        return None, error.offset


def check_spans(document: Document) -> None:
    text = document.text
    taken: list[Span] = []
    for place in walk(document.root):
        node = place.node
        for _, entry in children(node):
            check_entry(text, entry)
        if isinstance(node, Mapping | Sequence):
            check_nesting(node)
        if isinstance(node, Mapping):
            taken += node.header
        if isinstance(node, Scalar):
            assert plain(tomllib.loads(f"x = {node.token.of(text)}")["x"]) == tree_data(node)
            taken.append(node.token)
        if isinstance(node, Mapping | Sequence) and node.layout == "flow":
            assert text[node.span.start] + text[node.span.end - 1] in ("[]", "{}")
            assert node.body == Span(node.span.start + 1, node.span.end - 1)
    check_gaps(text, taken)


def check_entry(text: str, entry: Entry) -> None:
    if entry.key_span is not None:
        assert tomllib.loads(f"{entry.key_span.of(text)} = 1") == {entry.key: 1}
    if isinstance(entry.value, Mapping) and entry.value.header and entry.key_span is not None:
        assert entry.key_span == entry.value.header[-1]
    assert entry.span.start <= entry.value.span.start
    assert entry.span.end == entry.value.span.end
    written = entry.span.of(text)
    assert written == written.strip()


def check_nesting(container: Mapping | Sequence) -> None:
    """The children of what is in one piece lie in it, one behind the other; so do those of a scattered table."""
    is_scattered = isinstance(container, Mapping) and container.scattered
    inner = [entry.span for entry in container.entries]
    if not is_scattered and not (
        container.layout == "tables" and any(is_in_pieces(e.value) for e in container.entries)
    ):
        assert all(container.body.start <= span.start and span.end <= container.body.end for span in inner)
    whole = [entry.span for entry in container.entries if not is_in_pieces(entry.value)]
    for before, after in zip(sorted(whole, key=starts), sorted(whole, key=starts)[1:], strict=False):
        assert before.end <= after.start


def is_in_pieces(node: Node) -> bool:
    """Whether something foreign may stand in a node's span: it is scattered, or an array of tables."""
    return (isinstance(node, Mapping) and node.scattered) or (isinstance(node, Sequence) and node.layout == "tables")


def starts(span: Span) -> int:
    return span.start


# What may stand outside of values and header parts: keys, punctuation, blanks, comments.
GAP = re.compile(r'(?:[\s,=.\[\]{}]|[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\r\n]*)*')


def check_gaps(text: str, taken: list[Span]) -> None:
    end = 0
    pieces = []
    for span in sorted(taken, key=starts):
        assert end <= span.start
        pieces.append(text[end : span.start])
        end = span.end
    pieces.append(text[end:])
    assert GAP.fullmatch(" ".join(pieces))


def check_reading(document: Document) -> None:
    """One pointer names the same thing in the tree and in the second reading."""
    reading = second_reading(document.text)
    assert reading is not None
    for place in walk(document.root):
        found = reading_at(reading, place.parts)
        assert kind_of(place.node) == kind_of_reading(found)
        if isinstance(place.node, Mapping | Sequence):
            assert isinstance(found, dict | list)
            assert len(place.node.entries) == len(found)


def kind_of(node: Node) -> str:
    if isinstance(node, Scalar):
        return {"string": "str", "integer": "int", "float": "float", "other": "float", "boolean": "bool"}.get(
            node.kind, node.kind
        )
    return "dict" if isinstance(node, Mapping) else "list"


def kind_of_reading(reading: Reading | None) -> str:
    return reading[0] if isinstance(reading, tuple) else type(reading).__name__


@given(TEXTS)
@example("[a]\n[[a.b]]\n[c]\n[a.b.c]\nd.e = 1\n[a.b.d]\n[[a.b]]\n[a.b.c]")
@example("a.b = 1\n[a.c.d]\n[e]\n[a.c]\n")
@example('x = [ # c, ]\n\t"s # [x] = 1" # c, ]\n\t,]\r\ny.z=1')
def test_assembled_text_is_read_as_tomllib_does_and_located(text: str) -> None:
    document = check_agreement(text)
    if document is not None:
        check_spans(document)
        if library_data(text) is not None:
            check_reading(document)


def lines_without_conflicts(lines: list[str]) -> Iterator[str]:
    """The lines that can follow those before, so that most of a random text counts."""
    text = ""
    for line in lines:
        if library_data(text + line + "\n") is not None:
            text += line + "\n"
            yield line


@given(st.lists(LINES, min_size=4, max_size=16), st.sampled_from(["\n", "\r\n"]))
def test_valid_text_is_located(lines: list[str], newline: str) -> None:
    text = newline.join(line.replace("\n", newline) for line in lines_without_conflicts(lines))
    document = check_agreement(text)
    assert document is not None
    check_spans(document)
    check_reading(document)


@given(DATA)
def test_what_tomlkit_writes_is_read_back(data: dict[str, Any]) -> None:
    text = tomlkit.dumps(data)
    document = check_agreement(text)
    assert document is not None
    check_spans(document)
    assert all(not math.isnan(node.value) for node in floats(document))


def floats(document: Document) -> Iterator[Any]:
    return (
        place.node for place in walk(document.root) if isinstance(place.node, Scalar) and place.node.kind == "float"
    )


@given(TEXTS, st.data())
def test_damaged_text_raises_nothing_else(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 6)))
    fresh = data.draw(
        st.text(st.sampled_from("[]{}\"'=.,#\n\r\\ \t_-+:0aeTZu" + chr(0) + chr(0x85) + chr(0x2028)), max_size=6)
    )
    check_agreement(text[:start] + fresh + text[end:])


@given(
    st.text(st.sampled_from("[]{}\"'=.,#\n\r\\ \t_-+:0123aeftrunixZT" + chr(0) + chr(0xFEFF) + chr(0x661)), max_size=40)
)
def test_any_text_raises_nothing_else(text: str) -> None:
    check_agreement(text)


@given(st.text(st.characters(codec="utf-8")))
def test_any_characters_raise_nothing_else(text: str) -> None:
    check_agreement(text)
    check_agreement(f'x = """{text}"""')
