"""Offsets are characters of the text as it was given, whatever its line ends, alphabets and odd characters."""

from __future__ import annotations

import pytest

from python_outline import containers, outline
from tokenrouter_video.documents.document import Obstacle
from tokenrouter_video.documents.python_tree import parse
from tokenrouter_video.documents.tree import Mapping, Scalar, Span

FF = chr(0x0C)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'ключ = {"модель": "é😀", "b": [ "ñ" ]}  # 注释\nX = "y"\n',
            [
                '/ключ | dict | ключ | ключ = {"мод…b": [ "ñ" ]} | {"модель": "…b": [ "ñ" ]}',
                '/ключ/модель | string double \'é😀\' | "модель" | "модель": "é😀" | "é😀"',
                '/ключ/b | list | "b" | "b": [ "ñ" ] | [ "ñ" ]',
                "/ключ/b/0 | string double 'ñ' | - | \"ñ\"",
                '/X | string double \'y\' | X | X = "y" | "y"',
            ],
            id="characters-not-bytes",
        ),
        pytest.param(
            'X = [\r\n    "a",\r\n]\r\nY = """b\r\nc"""\r\n',
            [
                '/X | list | X | X = [␍⏎    "a",␍⏎] | [␍⏎    "a",␍⏎]',
                "/X/0 | string double 'a' | - | \"a\"",
                '/Y | string triple-double \'b\\nc\' | Y | Y = """b␍⏎c""" | """b␍⏎c"""',
            ],
            id="crlf",
        ),
        pytest.param(
            'X = [\r\n\t"a",\n\t"b"]\nY = 1\r\n',
            [
                '/X | list | X | X = [␍⏎\t"a",⏎\t"b"] | [␍⏎\t"a",⏎\t"b"]',
                "/X/0 | string double 'a' | - | \"a\"",
                "/X/1 | string double 'b' | - | \"b\"",
                "/Y | integer plain 1 | Y | Y = 1 | 1",
            ],
            id="mixed-line-ends-and-tabs",
        ),
        pytest.param(
            "X = 1\rY = 2\r",
            ["/X | integer plain 1 | X | X = 1 | 1", "/Y | integer plain 2 | Y | Y = 2 | 2"],
            id="lone-carriage-returns",
        ),
        pytest.param(
            f"{FF}X = 1\n{FF}\n{FF}Y = 2\nclass A:\n    a = 3\n  {FF}    b = [{FF}4]{FF}\n{FF}# end\n",
            [
                "/X | integer plain 1 | X | X = 1 | 1",
                "/Y | integer plain 2 | Y | Y = 2 | 2",
                f"/A | scope | A | A:⏎    a = 3…    b = [{FF}4] | :⏎    a = 3⏎…    b = [{FF}4]",
                "/A/a | integer plain 3 | a | a = 3 | 3",
                f"/A/b | list | b | b = [{FF}4] | [{FF}4]",
                "/A/b/0 | integer plain 4 | - | 4",
            ],
            id="form-feeds",
        ),
        pytest.param(
            "X = 1\n\n  # less\n # and less \n \n \\\n",
            ["/X | integer plain 1 | X | X = 1 | 1"],
            id="comments-and-blanks-behind-the-last-statement",
        ),
        pytest.param("X = 1", ["/X | integer plain 1 | X | X = 1 | 1"], id="no-line-end-at-the-end"),
        pytest.param(
            "class A:\n\tx = 1\n\n\t# end of A\n\ndef f(y=2): ...\n",
            [
                "/A | scope | A | A:⏎\tx = 1 | :⏎\tx = 1",
                "/A/x | integer plain 1 | x | x = 1 | 1",
                "/f | scope | f | f(y=2): ... | (y=2): ...",
                "/f/y | integer plain 2 | y | y=2 | 2",
            ],
            id="scopes-end-at-their-last-statement",
        ),
        pytest.param("", [], id="nothing"),
        pytest.param("\n  # only a comment", [], id="only-a-comment"),
        pytest.param(
            "X = f (  # (\n    k = 1)\n",
            [
                "/X | call f | X | X = f (  # (⏎    k = 1) | f (  # (⏎    k = 1)",
                "/X/k | integer plain 1 | k | k = 1 | 1",
            ],
            id="a-bracket-in-a-comment",
        ),
    ],
)
def test_spans_are_those_of_the_text(text: str, expected: list[str]) -> None:
    assert expected == outline(text)


def test_the_body_of_a_call_is_between_its_parentheses() -> None:
    text = "X = (a\n     # (\n     (k=1, ))\n"
    node = parse(text).root
    assert isinstance(node, Mapping)
    call = node.get("X")
    assert isinstance(call, Mapping)
    assert call.body.of(text) == "k=1, "


def test_the_body_of_a_bare_tuple_is_its_span_with_the_last_comma() -> None:
    text = "X = 1, 2 ,  # end\nY = ( 1, )\n"
    bare, bracketed = [node for node in containers(parse(text)) if node.layout == "flow"][::-1]
    assert (bare.span.of(text), bare.body.of(text)) == ("1, 2 ,", "1, 2 ,")
    assert (bracketed.span.of(text), bracketed.body.of(text)) == ("( 1, )", " 1, ")


def test_repeated_keys_are_obstacles_where_the_second_starts() -> None:
    text = 'X = {"a": 1, \'a\': 2, ("a"): 3}\nY = f(k=1, k=2)\nZ = {1: 1, True: 2, MODEL: 3, MODEL: 4, "MODEL": 5}\n'
    assert parse(text).obstacles == tuple(
        Obstacle(text.index(part), "a duplicate key") for part in ("'a'", '("a")', "k=2", "True", "MODEL: 4")
    )


def test_of_repeated_keys_the_last_is_found() -> None:
    found = parse('X = {"a": 1, "a": 2}\n').at("/X/a")
    assert found is not None
    assert found.node == Scalar(Span(18, 19), Span(18, 19), 2, "integer", "plain")


def test_bindings_of_one_name_are_no_obstacle() -> None:
    assert parse("X = 1\nX = 2\ndef X(): return 1\n").obstacles == ()


def test_the_format_is_the_one_that_was_asked_for() -> None:
    document = parse("X = 1\n", "python")
    assert (document.format, document.text) == ("python", "X = 1\n")
