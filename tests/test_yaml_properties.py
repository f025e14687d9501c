"""Properties of the YAML parser over generated data, written by two libraries in many styles, and over any text."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scanner import Scanner

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.tree import Alias, Mapping, Node, Scalar, Sequence, walk
from tokenrouter_video.documents.yaml_events import YamlEvents
from tokenrouter_video.documents.yaml_reader import second_reading
from tokenrouter_video.documents.yaml_tree import parse

# YAML 1.1 ends lines at the three separators, and 1.2 does not: they have tests of their own.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029")
WORDS = st.text(st.sampled_from("ab1 -:#,[]{}&*!|>'\"%@`?~<=._\\/\t\n☺\U0001f3ac"), max_size=12)
TEXTS = st.one_of(
    WORDS, st.text(CHARACTERS, max_size=12), st.sampled_from(["yes", "null", "0x1F", "1:30", "2026-01-31"])
)
LINES = TEXTS.map(lambda text: re.sub(r"[\x00-\x1f\x7f-\x9f#\ufeff]", "", text))
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)


def data_of(scalars: st.SearchStrategy[Any], keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    def collections(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.one_of(st.lists(below, max_size=4), st.dictionaries(keys, below, max_size=4))

    return collections(st.recursive(scalars, collections, max_leaves=8))


DATA = data_of(SCALARS, TEXTS)
ONE_LINE_DATA = data_of(st.one_of(st.none(), st.booleans(), st.integers(), LINES), LINES)

PYYAML_STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, False, True]),
        "default_style": st.sampled_from([None, None, "'", '"', "|", ">"]),
        "width": st.sampled_from([10, 80, 10_000]),
        "indent": st.sampled_from([2, 4, 7]),
        "allow_unicode": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n", "\r"]),
        "explicit_start": st.booleans(),
        "explicit_end": st.booleans(),
        "canonical": st.sampled_from([None, None, None, True]),
    }
)
RUAMEL_STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, False, True]),
        "width": st.sampled_from([10, 80, 10_000]),
        "explicit_start": st.sampled_from([None, True]),
        "line_break": st.sampled_from(["\n", "\r\n"]),
        "map_indent": st.sampled_from([2, 4]),
        "sequence": st.sampled_from([(2, 0), (4, 2), (6, 3)]),
    }
)


KINDS = {"NoneType": "null", "bool": "boolean", "int": "integer", "float": "float", "str": "string"}


def meant(data: Any) -> Any:
    """Return data with each scalar's kind."""
    if isinstance(data, dict):
        return {key: meant(value) for key, value in data.items()}
    if isinstance(data, list):
        return [meant(value) for value in data]
    return KINDS[type(data).__name__], data


def said(node: Node) -> Any:
    """Return a tree's data with each scalar's kind."""
    match node:
        case Scalar():
            return node.kind, node.value
        case Alias():
            assert node.target is not None
            return said(node.target)
        case Mapping():
            return {entry.key: said(entry.value) for entry in node.entries}
        case Sequence():
            return [said(entry.value) for entry in node.entries]
    raise AssertionError


def check_spans(document: Document) -> None:
    """Check that entries lie in their containers, in order, with nothing but trivia between them."""
    text = document.text
    for place in walk(document.root):
        node = place.node
        assert 0 <= node.span.start <= node.span.end <= len(text)
        if isinstance(node, Scalar):
            assert node.span.start <= node.token.start <= node.token.end == node.span.end
        if not isinstance(node, Mapping | Sequence):
            continue
        position = node.body.start
        for number, entry in enumerate(node.entries):
            assert position <= entry.span.start <= entry.value.span.start
            assert entry.value.span.end <= entry.span.end <= node.body.end
            if entry.key_span is not None:
                assert entry.span.start <= entry.key_span.start <= entry.key_span.end <= entry.value.span.start
            if number or node.layout == "flow":
                check_gap(text[position : entry.span.start], node.layout, commas=min(number, 1))
            position = entry.span.end
        if node.layout == "flow":
            check_gap(text[position : node.body.end], "flow", commas=None)
        else:
            assert position == node.span.end


def check_gap(gap: str, layout: str, *, commas: int | None) -> None:
    gap = re.sub(r"#[^\r\n]*", "", gap)
    if layout == "documents":
        gap = re.sub(r"(?m)^(?:\.\.\.|%[^\r\n]*)", "", gap)
    elif layout == "flow":
        if commas is not None:
            assert gap.count(",") == commas
        gap = gap.replace(",", "", 1)
    assert gap.strip(" \t\r\n\ufeff") == ""


def reads_alike(text: str) -> bool:
    """Whether a string of such a text is plain for PyYAML and no string for ruamel.yaml, or the other way round."""
    return not re.fullmatch(r"[-+]?[0-9._]*e[-+]?[0-9]+|[-+]?0o[0-7_]+|[-+]?[0-9._]+|[yYnN]", text, re.IGNORECASE)


def strings_of(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [text for pair in data.items() for part in pair for text in strings_of(part)]
    if isinstance(data, list):
        return [text for part in data for text in strings_of(part)]
    return [data] if isinstance(data, str) else []


def survives(load: Callable[[], Any], data: Any) -> bool:
    """Whether a library reads back what it wrote: there are strings and styles that it does not."""
    try:
        return bool(load() == data)
    except (YAMLError, yaml.YAMLError, ValueError):
        return False


@given(DATA, PYYAML_STYLES)
@example({"a": ["x: y", {"b": -math.inf}]}, {"default_flow_style": None})
def test_what_pyyaml_writes_is_read_back(data: Any, style: dict[str, Any]) -> None:
    assume(all(map(reads_alike, strings_of(data))))
    text = yaml.safe_dump(data, version=(1, 1), **style)
    assume(survives(lambda: yaml.safe_load(text), data))
    document = parse(text)
    check_spans(document)
    assert meant(data) == said(document.root)
    assert second_reading(text) is not None


@given(DATA, RUAMEL_STYLES)
@example({"a": [{"b": 1, "c": []}]}, {"sequence": (4, 2)})
def test_what_ruamel_writes_is_read_back(data: Any, style: dict[str, Any]) -> None:
    dumper = YAML()
    options = dict(style)
    sequence, offset = options.pop("sequence")
    dumper.indent(sequence=sequence, offset=offset)
    for name, value in options.items():
        setattr(dumper, name, value)
    stream = io.StringIO()
    dumper.dump(data, stream)
    text = stream.getvalue()
    assume(survives(lambda: YAML(typ="safe", pure=True).load(text), data))
    document = parse(text)
    check_spans(document)
    assert meant(data) == said(document.root)


@given(DATA, st.sampled_from([None, 1, 4, "\t"]))
def test_json_is_yaml(data: Any, indent: int | str | None) -> None:
    assume(not any(map(math.isinf, numbers_of(data))))
    text = json.dumps(data, indent=indent, ensure_ascii=True)
    document = parse(text)
    check_spans(document)
    assert meant(data) == said(document.root)


def numbers_of(data: Any) -> list[float]:
    if isinstance(data, dict | list):
        parts = data.values() if isinstance(data, dict) else data
        return [number for part in parts for number in numbers_of(part)]
    return [data] if isinstance(data, float) else []


@given(ONE_LINE_DATA, st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_comments_are_in_no_span_of_what_they_stand_behind(data: Any, is_json: bool, newline: str) -> None:
    if is_json:
        bare = json.dumps(data, indent=2, ensure_ascii=False)
    else:
        bare = yaml.safe_dump(data, default_flow_style=False, width=10_000, allow_unicode=True)
    lines = bare.splitlines()
    assume(parse(bare).obstacles == ())
    commented = parse("".join(f"{line} # why{newline}# more{newline}" for line in lines))
    check_spans(commented)
    assert said(parse(bare).root) == said(commented.root)
    for place in walk(commented.root):
        if isinstance(place.node, Mapping | Sequence):
            for entry in place.node.entries:
                last_line = entry.span.of(commented.text).splitlines()[-1:]
                assert not any("#" in line for line in last_line)


PIECES = st.sampled_from(
    [*" \n\t:-?[]{},#&*!|>'\"%@`a1~\\\r\x00\x85\u2028\ufeff", "- ", ": ", "\n  ", "---\n", "...\n"]
)
PLACES = st.integers(min_value=0, max_value=10_000)
DAMAGE = st.lists(st.tuples(PLACES, st.integers(min_value=0, max_value=3), st.one_of(st.just(""), PIECES)), max_size=5)
SAMPLE = """%YAML 1.2
--- # models
base: &base {url: 'https://localhost/v1', "key": $KEY}
models:
- name: one # first
  <<: *base
  text: |+
    two
     lines

- ? name
  : >-
    three
  list: [a, b: c, ? d, e, ]
...
---
- - !tag x
  -
-   wide: plain
      text
"""


def test_the_sample_is_sound() -> None:
    document = parse(SAMPLE)
    check_spans(document)
    assert sum(1 for _ in walk(document.root)) == 25


@given(st.one_of(st.just(SAMPLE), DATA.map(yaml.safe_dump), DATA.map(json.dumps)), DAMAGE)
def test_a_damaged_text_is_read_or_refused(text: str, damage: list[tuple[int, int, str]]) -> None:
    for place, length, piece in damage:
        start = place % (len(text) + 1)
        text = text[:start] + piece + text[start + length :]
    check_any(text)


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    check_any(text)


def check_any(text: str) -> None:
    second_reading(text)
    try:
        document = parse(text)
    except DocumentError as error:
        place = error.offset
    else:
        check_spans(document)
        place = None
    assert place is None or 0 <= place <= len(text)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@given(DATA)
def test_line_ends_change_no_data(newline: str, data: Any) -> None:
    text = yaml.safe_dump(data, default_flow_style=False)
    assert said(parse(text).root) == said(parse(text.replace("\n", newline)).root)


PIECES = st.sampled_from(
    [
        *" \t\n:,?[]{}#-ab'\"&*!|>%.~0",
        "\n  ",
        "- ",
        "a: ",
        ": ",
        "? ",
        "--- ",
        "\n---\n",
        "...\n",
        " #c",
        "b:",
        "u://x:1",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["", "%YAML 1.1\n---\n"]))
def test_plain_scalars_are_those_that_ruamel_scans_character_by_character(text: str, version: str) -> None:
    assert outcome(version + text, YamlEvents.scan_plain) == outcome(version + text, Scanner.scan_plain)


def outcome(text: str, scan_plain: Callable[..., Any]) -> tuple[object, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(YamlEvents, "scan_plain", scan_plain)
        try:
            document = parse(text)
        except DocumentError as error:
            return error.reason, error.offset
        return document.root, document.obstacles
