"""What holds for every insertion: it is pure, says just what was planned, moves no comment, and comes out again."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tokenrouter_video.documents.edits import apply_edits
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.insertion import Edited, insert
from tokenrouter_video.documents.values import Value

NAMES = st.text(alphabet="abcxyz0123456789-_.", min_size=1, max_size=12).map(lambda text: "m" + text)
TEXTS = st.text(alphabet="abc \u00e9\u4e2d:#,'\"{}[]&*!|>%@`~=-+0.\\/\t", max_size=10)
PLAIN = st.one_of(st.booleans(), st.integers(-(10**20), 10**20), TEXTS, NAMES)
FLAT = st.dictionaries(NAMES, PLAIN, min_size=1, max_size=4)
VALUES: st.SearchStrategy[Value] = st.one_of(
    NAMES, FLAT, st.dictionaries(NAMES, st.one_of(PLAIN, FLAT, st.lists(NAMES, max_size=3)), min_size=1, max_size=4)
)
COMMENTS = st.sampled_from(["", "", " note", " 'x", " [", " {a: b}", ' end, of "it"', "#", " \u4e2d"])
NEWLINES = st.sampled_from(["\n", "\r\n"])
INDENTS = st.sampled_from(["  ", "    ", "\t"])


def check(before: str, edited: Edited) -> str:
    """Apply the edits and check what must hold whatever the format."""
    after = apply_edits(before, edited.edits)
    assert all(edit.is_insertion for edit in edited.edits)
    # Taken out again, from the back to the front, the old text is there, byte for byte.
    text = after
    shift = sum(len(edit.text) for edit in edited.edits)
    for edit in sorted(edited.edits, reverse=True):
        shift -= len(edit.text)
        start = edit.start + shift
        assert edit.text == text[start : start + len(edit.text)]
        text = text[:start] + text[start + len(edit.text) :]
    assert before == text
    return after


def comment_hosts(text: str, mark: str) -> list[tuple[str, str]]:
    """Return each trailing comment with what stands in front of it on its line, commas apart."""
    pairs = []
    for line in text.splitlines():
        front, found, comment = line.partition(mark)
        if found:
            pairs.append((front.replace(",", "").strip(), comment))
    return pairs


@st.composite
def json_lists(draw: st.DrawFn) -> tuple[str, str]:
    """A JSONC list of strings or flat objects in some layout; comments are marked by a word that no value holds."""
    newline, indent = draw(NEWLINES), draw(INDENTS)
    items = draw(st.lists(st.one_of(NAMES, FLAT), min_size=1, max_size=4))
    many_lines = draw(st.booleans())
    trailing = draw(st.booleans())
    with_comments = many_lines and draw(st.booleans())
    texts = [json.dumps(item, ensure_ascii=draw(st.booleans())) for item in items]
    if not many_lines:
        separator = draw(st.sampled_from([",", ", ", " , "]))
        return f'{{"l": [{separator.join(texts)}{"," if trailing else ""}]}}', "jsonc"
    lines = ['{"l": [']
    for number, text in enumerate(texts):
        comma = "," if number < len(texts) - 1 or trailing else ""
        comment = f" //@@{draw(COMMENTS)}" if with_comments and draw(st.booleans()) else ""
        if with_comments and draw(st.booleans()):
            lines.append(f"{indent}//@@ head {number}")
        lines.append(indent + text + comma + comment)
    if with_comments and draw(st.booleans()):
        lines.append(f"{indent}//@@ end")
    lines.append("]}" + draw(st.sampled_from(["", newline])))
    return newline.join(lines), "jsonc"


@settings(max_examples=200, deadline=None)
@given(json_lists(), VALUES, st.integers(0, 4))
def test_any_value_joins_any_json_list(source: tuple[str, str], value: Value, position: int) -> None:
    before, format_name = source
    document = parse(before, format_name)
    count = len(getattr(document.at("/l").node, "entries"))  # type: ignore[union-attr]  # noqa: B009
    edited = insert(document, "/l", value, position=min(position, count))
    after = check(before, edited)
    assert comment_hosts(before, "//@@") == comment_hosts(after, "//@@")
    strict = "\n".join(line.partition("//@@")[0] for line in after.splitlines())
    if edited.document.format == "json":
        assert json.loads(strict)["l"][min(position, count)] == value


@st.composite
def yaml_lists(draw: st.DrawFn) -> str:
    """A YAML block list of strings or flat mappings, with comments."""
    newline, dash = draw(NEWLINES), draw(st.sampled_from(["- ", "-   "]))
    outer = draw(st.sampled_from(["", "  ", "    "]))
    items = draw(st.lists(st.one_of(NAMES, FLAT), min_size=1, max_size=4))
    lines = ["l:"]

    def comment() -> str:
        return f" #@@{draw(COMMENTS)}" if draw(st.booleans()) else ""

    for item in items:
        if draw(st.integers(0, 3)) == 0:
            lines.append(f"{outer}#@@ head")
        if isinstance(item, str):
            lines.append(outer + dash + json.dumps(item) + comment())
            continue
        front = dash
        for key, one in item.items():
            lines.append(outer + front + json.dumps(key) + ": " + json.dumps(one, ensure_ascii=False) + comment())
            front = " " * len(dash)
        if draw(st.integers(0, 3)) == 0:
            lines.append(f"{outer}{front}#@@ own")
        if draw(st.integers(0, 3)) == 0:
            lines.append("")
    lines.append(draw(st.sampled_from(["other: 1", "#@@ next" + newline + "other: 1", "", "..."])))
    return newline.join(lines)


@settings(max_examples=200, deadline=None)
@given(yaml_lists(), VALUES, st.integers(0, 4))
def test_any_value_joins_any_yaml_list(before: str, value: Value, position: int) -> None:
    document = parse(before, "yaml")
    place = document.at("/l")
    assert place is not None
    count = len(getattr(place.node, "entries"))  # noqa: B009
    edited = insert(document, "/l", value, position=min(position, count))
    after = check(before, edited)
    assert [pair for pair in comment_hosts(before, "#@@") if pair[0]] == [
        pair for pair in comment_hosts(after, "#@@") if pair[0]
    ]


@st.composite
def toml_tables(draw: st.DrawFn) -> str:
    """An array of tables with comments, and a table behind it."""
    newline = draw(NEWLINES)
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        lines.append("[[l]]" + draw(st.sampled_from(["", " #@@ head"])))
        for key in draw(st.lists(NAMES, min_size=1, max_size=3, unique=True)):
            value = draw(st.one_of(st.booleans(), st.integers(-(2**62), 2**62), NAMES))
            lines.append(json.dumps(key) + " = " + json.dumps(value) + draw(st.sampled_from(["", " #@@ tail"])))
        lines += draw(st.sampled_from([[], [""], ["#@@ own", ""]]))
    lines += draw(st.sampled_from([["[other]", "x = 1"], ["#@@ next", "[other]"], [""]]))
    return newline.join(lines)


TOML_VALUES = st.dictionaries(
    NAMES,
    st.one_of(st.booleans(), st.integers(-(2**62), 2**62), NAMES, st.lists(NAMES, max_size=2), FLAT),
    min_size=1,
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(toml_tables(), TOML_VALUES)
def test_any_table_joins_any_array_of_tables(before: str, value: dict[str, Value]) -> None:
    edited = insert(parse(before, "toml"), "/l", dict(value))
    after = check(before, edited)
    assert comment_hosts(before, "#@@") == comment_hosts(after, "#@@")
