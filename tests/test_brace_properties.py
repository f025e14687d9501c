"""Generated documents of every dialect: values, spans and refusals, compared with ``json`` and with one another."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from brace_outline import Code, bindings, check_spans, outline
from tokenrouter_video.documents.brace import parse
from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.json_readers import second_reading
from tokenrouter_video.documents.tree import Mapping, Scalar, Sequence, walk
from tokenrouter_video.documents.values import reading_at

CHECKS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.text(
    st.sampled_from(["a", "/", "*", "{", "}", '"', "'", "`", "\\", "$", "#", "\n", "\t", chr(0x2028), chr(0x1F600)]),
    max_size=6,
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXT, below, max_size=4),
    max_leaves=12,
)

BLANKS = st.sampled_from(["", " ", "\t", "\n", "\r\n", " \n\t"])
COMMENTS = st.sampled_from(["", " ", "// it's {\n", '/* ] " */', "/**/ ", "\n\t//\r\n", "/*\n*/"])


@CHECKS
@given(VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.sampled_from([(", ", ": "), (",", ":")]))
def test_json_says_what_the_standard_library_reads(
    value: Any, indent: int | str | None, is_ascii: bool, separators: tuple[str, str]
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=is_ascii, separators=separators)
    document = parse(text, "json")
    check_spans(document)
    assert document.format == "json"
    assert document.obstacles == ()
    assert exact(outline(document.root)) == exact(value)


@CHECKS
@given(VALUES, st.sampled_from([None, 2]))
def test_one_pointer_names_the_same_in_the_tree_and_in_the_second_reading(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    reading = second_reading(text, "json")
    assert reading is not None
    kinds = {"string": "str", "integer": "int", "float": "float", "boolean": "bool", "null": "null"}
    for place in walk(parse(text, "json").root):
        found = reading_at(reading, place.parts)
        match place.node:
            case Mapping():
                assert isinstance(found, dict)
                assert len(found) == len(place.node.entries)
            case Sequence():
                assert isinstance(found, list)
                assert len(found) == len(place.node.entries)
            case Scalar():
                source = place.node.token.of(text)
                written = str(place.node.value) if place.node.kind == "string" else source
                assert found == (kinds[place.node.kind], written)


def exact(value: Any) -> Any:
    """Return a value in which what Python takes for equal is told apart: ``1``, ``1.0``, ``True`` and ``-0.0``."""
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    sign = math.copysign(1, value) if isinstance(value, float) else 1
    return type(value).__name__, value, sign


class Dialect:
    """How a value is written: as the draws of a test say, as far as the dialect allows."""

    def __init__(self, draw: st.DrawFn, name: str) -> None:
        self.draw = draw
        self.name = name
        self.needed = 0

    def pick(self, *choices: tuple[int, str]) -> str:
        """Return one of the spellings that the dialect has and note what it needs."""
        limit = ["json", "jsonc", "json5", "typescript"].index(self.name)
        level, text = self.draw(st.sampled_from([choice for choice in choices if choice[0] <= limit]))
        self.needed = max(self.needed, level)
        return text

    def gap(self) -> str:
        if self.name == "json":
            return self.draw(BLANKS)
        text = self.draw(COMMENTS)
        self.needed = max(self.needed, 1 if "/" in text else 0)
        return text

    def write(self, value: Any) -> str:
        match value:
            case dict():
                items = [
                    self.key(key) + self.gap() + ":" + self.gap() + self.write(item) for key, item in value.items()
                ]
                return self.wrapped("{" + self.joined(items) + "}")
            case list():
                return self.wrapped("[" + self.joined([self.write(item) for item in value]) + "]")
            case str():
                return self.wrapped(self.string(value))
            case bool() | None:
                return json.dumps(value)
            case _:
                text = repr(value)
                plus = (2, "+" + text) if value > 0 else (0, text)
                hex_text = (2, f"{'-' if value < 0 else ''}0x{abs(value):x}") if isinstance(value, int) else (0, text)
                return self.pick((0, text), plus, hex_text, (3, text + "n") if isinstance(value, int) else (0, text))

    def joined(self, items: list[str]) -> str:
        text = ",".join(self.gap() + item + self.gap() for item in items)
        return text + self.pick((0, ""), (1, ",")) + self.gap() if items else self.gap()

    def key(self, key: str) -> str:
        bare = (2, key) if key.isidentifier() else (0, json.dumps(key))
        return self.pick((0, json.dumps(key)), (2, self.single(key)), bare, (3, f"[{json.dumps(key)}]"))

    def string(self, value: str) -> str:
        template = "`" + value.replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$").replace("\r", "\\r") + "`"
        return self.pick((0, json.dumps(value)), (2, self.single(value)), (3, template))

    @staticmethod
    def single(value: str) -> str:
        escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
        return f"'{escaped}'"

    def wrapped(self, text: str) -> str:
        return self.pick(
            (0, text),
            (3, f"({text})"),
            (3, f"{text} as const"),
            (3, f"<A>{text}"),
            (3, f"(await {text})!"),
            (3, f"{text} satisfies A<B>"),
        )


@st.composite
def written(draw: st.DrawFn, name: str) -> tuple[Any, str, int]:
    """Draw a value, its text in a dialect, and how much of the dialect the text needs."""
    value = draw(VALUES)
    dialect = Dialect(draw, name)
    text = dialect.gap() + dialect.write(value) + dialect.gap()
    return value, text, dialect.needed


@pytest.mark.parametrize("name", ["json", "jsonc", "json5"])
@CHECKS
@given(st.data())
def test_dialect_is_read_and_every_span_reads_the_same_again(name: str, data: st.DataObject) -> None:
    value, text, needed = data.draw(written(name))
    document = parse(text, name)
    check_spans(document)
    assert document.format == ["json", "jsonc", "json5"][needed]
    assert exact(outline(document.root)) == exact(value)
    for place in walk(document.root):
        assert exact(outline(parse(place.node.span.of(text), name).root)) == exact(outline(place.node))


@CHECKS
@given(st.data())
def test_literal_in_code_is_read_and_every_span_reads_the_same_again(data: st.DataObject) -> None:
    value, text, _ = data.draw(written("typescript"))
    source = f"export const x: A<B> = {text}\nconst last = 1"
    assert {name: exact(one) for name, one in bindings(source).items()} == {"x": exact(value), "last": exact(1)}
    for place in walk(parse(source, "typescript").root):
        if place.parts:
            again = bindings(f"const x = {place.node.span.of(source)}")
            assert exact(again["x"]) == exact(outline(place.node))


SNIPPETS = [
    *"{}[]()<>,;:=?!./\\'\"`$#@ \n\r\t-+*&|~^%0aZ_",
    "=>", "...", "?.", "??", "${", "}`", "//", "/*", "*/", "</", "/>", "<a>", "</a>", "\\u0061", "\\u", "0x", "1n",
    "async ", "await ", "function ", "class ", "extends ", "static ", "get ", "new ", "return ", "case ", "default ",
    "import ", "from ", "const ", "let ", "enum ", "interface ", "type ", "namespace ", "declare ", "abstract ", "as ",
    "satisfies ", "typeof ", "keyof ", "is ", "of ", "in ", "if ", "for ", "catch ", "export ", "module.exports",
    "{a: 1}", "[1]", "f(", "`t`", "/re/", "exports.", "x", "'s'", "1", "1e",
    chr(0x2028), chr(0xFEFF), chr(0xE9), chr(0x1F600), "\x00", "\ud800",
]  # fmt: skip

SAMPLE = """#!/usr/bin/env node
import a, { b } from "c";
export const models: Record<string, { id: string }> = { a: { id: 'b', /* c */ d: [1, `e${f({ g: 1 })}h`] } as const };
export default defineConfig(async ({ mode = "x" }: Env): Promise<Config> => ({ url: process.env.URL ?? "y", ...rest }));
class A<T> extends B { static c = [/[/"]/, a / b / c]; get d(): { e: 1 } { return { e: 1 } } #f = <T,>(x: T) => [x] }
module.exports = { if: 1, get: 2, async m() { for (const id of ["a", "b"]) register({ id }) } }
"""


def check_read_or_refused(text: str, format: str) -> None:
    try:
        document = parse(text, format)
    except DocumentError as error:
        offset = error.offset
    else:
        check_spans(document)
        return
    assert offset is not None
    assert 0 <= offset <= len(text)


@CHECKS
@given(st.lists(st.sampled_from(SNIPPETS), max_size=40).map("".join), st.sampled_from(["json", "typescript"]))
@example("a.", "typescript")
@example("class A { a<", "typescript")
@example("x = {a: }", "typescript")
@example("x = {,a}", "typescript")
@example("`${", "typescript")
@example("<a>{", "typescript")
def test_any_text_is_read_or_refused(text: str, format: str) -> None:
    check_read_or_refused(text, format)


@CHECKS
@given(st.integers(0, len(SAMPLE)), st.integers(0, len(SAMPLE)), st.sampled_from(["", *SNIPPETS]))
def test_changed_code_is_read_or_refused(start: int, end: int, inserted: str) -> None:
    check_read_or_refused(SAMPLE[:start] + inserted + SAMPLE[end:], "typescript")


@CHECKS
@given(st.integers(0, len(SAMPLE)))
def test_truncated_code_is_read_or_refused(end: int) -> None:
    check_read_or_refused(SAMPLE[:end], "javascript")


@CHECKS
@given(VALUES, st.data())
def test_truncated_json_is_refused_or_says_less(value: Any, data: st.DataObject) -> None:
    text = json.dumps(value)
    end = data.draw(st.integers(0, len(text) - 1))
    try:
        found = outline(parse(text[:end], "json").root)
    except DocumentError:
        return
    # Only a number can lose its end and still be a value.
    assert isinstance(found, int | float | str)
    assert isinstance(value, int | float)


@CHECKS
@given(st.lists(st.sampled_from(["a", "b", "c.d"]), max_size=8), st.lists(st.sampled_from(["f", "g.h"]), max_size=4))
def test_pointers_of_a_scope_are_unique(names: list[str], callees: list[str]) -> None:
    text = "".join(f"{name} = 1;" for name in names) + "".join(f"{name}({{ a: 1 }});" for name in callees)
    document = parse(text, "javascript")
    pointers = [place.pointer for place in walk(document.root)]
    assert len(pointers) == len(set(pointers))
    for place in walk(document.root):
        found = document.at(place.pointer)
        assert found is not None
        assert found.node is place.node


NAMES = st.sampled_from(["a", "process.env.B", "this", "`c${ d }`", "/e'/", "f( )", "g [ 0 ]", "'h  //'", "( i , j )"])
LINKS = st.sampled_from([" . k", "?.\nl", " [ 0 ]", "( m , /* n */ o )", " + ", " ?? // p\n", "\n&& ", " ? q : "])


@CHECKS
@given(st.lists(st.tuples(NAMES, LINKS), max_size=5), NAMES)
def test_code_of_an_opaque_node_reads_as_the_same_code_again(links: list[tuple[str, str]], last: str) -> None:
    text = "".join(name + (link if link[-1] in " \n" else link + " + ") for name, link in links) + last + " + 1"
    code = bindings(f"const x = {text};")["x"]
    assert isinstance(code, Code)
    assert bindings(f"const x = {code};") == {"x": code}
