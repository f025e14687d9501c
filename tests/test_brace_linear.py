"""The work that hostile text makes, counted in lines executed, grows as the text does; what is too deep is refused."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from tokenrouter_video.documents.brace import parse
from tokenrouter_video.documents.document import MAX_DEPTH, DocumentError

REPEATED = [
    "a<", "a<b>(", "a<b>", "a?(b):c?", "(a):T|", "a=>", "class a ", "a=", "a.", "!", "await ", "as T ", "<T>", "a,",
    "new ", "B|", "(b) => ", "A extends B ? ", "interface A ", "import a ", "export ", "export type {a} ", "a:",
    "namespace a ", "@a ", "async ", "async (a)", "async<", "<a>", "<a<b", "</", "a ", "1 ", ";", "{}", "()", "for(",
    "f({}).", "f(a,1).", "f(a).", "f().", "yield*", "a=1;", "f({a:1});", "a = void 0;", "`${a}`", "//\n", "/**/",
    "a\n(b)", "a<b>>", "a[0]", "if(a)", "function f(a=1){", "x={a:", "/a/ ", "'\\", "\\u0061", "type A = ", "enum A ",
    "let a: ", "return ", "get ", "case ",
]  # fmt: skip
ENCLOSED = [
    ("x = {", "a,", "}"),
    ("x = {", "a:1,", "}"),
    ("x = {", "'a@2':1,a:1,", "}"),
    ("x = {", "a b ", "}"),
    ("x = {", "...a,", "}"),
    ("x = {", "a(){},", "}"),
    ("x = [", ",", "]"),
    ("x = [", "a<b,", "]"),
    ("x = [", "{a:1},", "]"),
    ("f(", "...a,", ")"),
    ("f(", "a=>b,", ")"),
    ("class A {", "a;", "}"),
    ("class A {", "a=1;", "}"),
    ("class A {", "a<", "}"),
    ("class A {", "get ", "}"),
    ("class A {", "@a ", "}"),
    ("const {", "a=1,", "} = x"),
    ("function f(", "a=1,", "){}"),
    ("x = <a>", "{b}", "</a>"),
    ("x = <a>", "<b/>", "</a>"),
    ("x = a", "\n", "as b"),
    ('["', "\\n", '"]'),
    ("[", "1,", "1]"),
    ("{", '"a":1,', '"b":2}'),
]


def lines_executed(text: str, format: str) -> int:
    """Return how many lines of Python the parsing of a text runs through."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parse(text, format)
    except DocumentError:
        pass
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("format", ["typescript", "json"])
@pytest.mark.parametrize(("head", "unit", "tail"), [*(("x = ", unit, "") for unit in REPEATED), *ENCLOSED])
def test_work_grows_as_the_text_does(head: str, unit: str, tail: str, format: str) -> None:
    short = lines_executed(head + unit * 100 + tail, format)
    long = lines_executed(head + unit * 400 + tail, format)
    assert long <= 5 * short + 1000


@pytest.mark.parametrize(
    ("opening", "inner", "closing", "brackets"),
    [
        ("[", "y", "]", 1),
        ("(", "y", ")", 1),
        ("{a:", "y", "}", 1),
        ("f(", "y", ")", 1),
        ("f(...", "y", ")", 1),
        ("[...[", "y", "]]", 2),
        ("`${", "y", "}`", 1),
        ("<a>{", "y", "}</a>", 2),
        ("()=>{", "x = y;" * 50, "}", 1),
        ("function a(){", "x = y;" * 50, "}", 1),
        ("namespace a{", "x = y;" * 50, "}", 1),
        ("x=class{a=", "y", "}", 1),
        ("x={m(){", "x = y;" * 50, "}}", 2),
        ("if(a){f(", "y", ")}", 2),
    ],
)
def test_nesting_is_read_to_its_limit_and_refused_beyond(opening: str, inner: str, closing: str, brackets: int) -> None:
    def nested(levels: int) -> str:
        return "x = y;" + opening * levels + inner + closing * levels

    deepest = MAX_DEPTH // brackets
    parse(nested(deepest), "typescript")
    assert lines_executed(nested(deepest), "typescript") <= 3 * lines_executed(nested(deepest // 2), "typescript")
    with pytest.raises(DocumentError) as caught:
        parse(nested(deepest + 1), "typescript")
    assert caught.value.reason == "brackets are nested deeper than 100 levels"


# No pattern may take more than linear time to give up: these would take minutes.
@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"' + "\\a" * 200_000, id="string"),
        pytest.param("`" + "\\a$" * 200_000, id="template"),
        pytest.param("`${a}" + "$\\a" * 200_000, id="template-behind-a-substitution"),
        pytest.param("/*" + "* /" * 200_000, id="comment"),
        pytest.param("x = /" + "[a\\]" * 200_000, id="regular-expression"),
        pytest.param("x = /" + "[a]" * 200_000, id="classes"),
        pytest.param("x = <p></p>; y = <a " + "b='c' / " * 100_000, id="tag"),
        pytest.param("x = <p></p>; y = <a" + "<b" * 100_000, id="type-arguments-of-a-tag"),
        pytest.param("x = <p></p>; y = <a" + "<b=>" * 100_000, id="arrows-in-type-arguments-of-a-tag"),
        pytest.param("\\u0061" * 100_000 + "\\", id="name"),
        pytest.param("1_" * 200_000 + "\\", id="number"),
        pytest.param("<" * 100_000 + "/a", id="angle-brackets"),
    ],
)
def test_pattern_gives_up_in_linear_time(text: str) -> None:
    for format in ("json", "typescript"):
        with pytest.raises(DocumentError):
            parse(text, format)
