"""JSON, JSONC and JSON5: which of them a text is, what it says, where everything stands, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from brace_outline import check_spans, outline
from tokenrouter_video.documents.brace import parse
from tokenrouter_video.documents.document import MAX_DEPTH, Document, DocumentError, Obstacle
from tokenrouter_video.documents.tree import Entry, Mapping, Scalar, Sequence, Span

BOM = chr(0xFEFF)


@pytest.mark.parametrize("named", ["json", "jsonc", "json5"])
@pytest.mark.parametrize(
    ("text", "format"),
    [
        pytest.param('{"a": [1, -2.5e3, true, false, null, "x"]}', "json", id="strict"),
        pytest.param(' \t\r\n"only a string"\r\n', "json", id="scalar-in-white-space"),
        pytest.param("[]", "json", id="empty-array"),
        pytest.param('{"a": 1} // comment', "jsonc", id="line-comment"),
        pytest.param('/* a */ {"a" /* b */ : 1}', "jsonc", id="block-comments"),
        pytest.param('{"a": [1,],}', "jsonc", id="trailing-commas"),
        pytest.param('["// no comment", "/* none */"]', "json", id="comment-signs-in-strings"),
        pytest.param("['a']", "json5", id="single-quotes"),
        pytest.param("{a: 1}", "json5", id="unquoted-key"),
        pytest.param("{null: 1}", "json5", id="word-as-key"),
        pytest.param("{if: 1}", "json5", id="reserved-word-as-key"),
        pytest.param("[0x1F]", "json5", id="hex"),
        pytest.param("[+1]", "json5", id="plus-sign"),
        pytest.param("[.5, 5.]", "json5", id="dots-at-the-edges"),
        pytest.param("[Infinity, -Infinity, NaN]", "json5", id="no-finite-numbers"),
        pytest.param('"a\\\nb"', "json5", id="line-continuation"),
        pytest.param('["a\tb"]', "json5", id="raw-tab-in-a-string"),
        pytest.param('["\\x41"]', "json5", id="hex-escape"),
        pytest.param("[\u00a0]", "json5", id="no-break-space"),
        pytest.param("{a: 1} // comment", "json5", id="unquoted-key-and-comment"),
        pytest.param("[1] " + BOM, "json5", id="byte-order-mark-as-white-space"),
    ],
)
def test_format_says_what_is_in_the_file(text: str, format: str, named: str) -> None:
    document = parse(text, named)
    check_spans(document)
    assert document.format == format
    assert document.text == text
    assert document.obstacles == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('{"a": {"b": [1, {"c": null}]}, "d": ""}', {"a": {"b": [1, {"c": None}]}, "d": ""}, id="nested"),
        pytest.param(r'{"\u0061\"": 1, "/": "\/"}', {'a"': 1, "/": "/"}, id="escapes-in-keys"),
        pytest.param(
            "{'a': +1, b: -0x10, $c_1: .5, \\u0064: 1.}", {"a": 1, "b": -16, "$c_1": 0.5, "d": 1.0}, id="json5"
        ),
        pytest.param("[true, false, null, -1, 1.50]", [True, False, None, -1, 1.5], id="scalars"),
        pytest.param("[-Infinity, +NaN]", ["-Infinity", "+NaN"], id="no-finite-numbers-are-text"),
        pytest.param("[/**/ 1 /* , 2 */, // 3\n 4, ]", [1, 4], id="comments-between"),
        pytest.param("12345678901234567890123", 12345678901234567890123, id="big-integer"),
        pytest.param('"' + chr(0x1F600) + '"', chr(0x1F600), id="beyond-the-bmp"),
        pytest.param("{caf" + chr(0xE9) + ": 1}", {"caf" + chr(0xE9): 1}, id="non-ascii-unquoted-key"),
    ],
)
def test_text_says_its_value(text: str, value: Any) -> None:
    assert outline(parse(text, "json").root) == value


def test_everything_is_located() -> None:
    text = "{ 'a' : [1, {}], // x\n  \"b\": -2 }"
    a, b = text.index("'a'"), text.index('"b"')
    items = text.index("[")
    one, empty, two = (
        Span(items + 1, items + 2),
        Span(items + 4, items + 6),
        Span(text.index("-2"), text.index("-2") + 2),
    )
    expected = Document(
        text,
        "json5",
        Mapping(
            Span(0, len(text)),
            Span(1, len(text) - 1),
            (
                Entry(
                    "a",
                    Span(a, a + 3),
                    Sequence(
                        Span(items, items + 7),
                        Span(items + 1, items + 6),
                        (
                            Entry(None, None, Scalar(one, one, 1, "integer", "plain"), one),
                            Entry(None, None, Mapping(empty, Span(items + 5, items + 5), (), "flow"), empty),
                        ),
                        "flow",
                    ),
                    Span(a, items + 7),
                ),
                Entry("b", Span(b, b + 3), Scalar(two, two, -2, "integer", "plain"), Span(b, two.end)),
            ),
            "flow",
        ),
    )
    assert expected == parse(text, "json")


@pytest.mark.parametrize(
    ("text", "kind", "style"),
    [
        ('"a"', "string", "double"),
        ("'a'", "string", "single"),
        ("1", "integer", "plain"),
        ("1.0", "float", "plain"),
        ("true", "boolean", "plain"),
        ("null", "null", "plain"),
        ("NaN", "other", "plain"),
        ("1e400", "other", "plain"),
        (r'"\ud800"', "other", "double"),
    ],
)
def test_scalar_has_kind_and_style(text: str, kind: str, style: str) -> None:
    root = parse(text, "json5").root
    assert isinstance(root, Scalar)
    assert (root.kind, root.style, root.span) == (kind, style, Span(0, len(text)))


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        pytest.param("", "there is no value in the file", 0, id="empty"),
        pytest.param(" \n\t", "there is no value in the file", 0, id="white-space"),
        pytest.param("// only a comment\n", "there is no value in the file", 0, id="comment"),
        pytest.param("{} {}", "something stands behind the value", 3, id="two-values"),
        pytest.param("1 2", "something stands behind the value", 2, id="two-numbers"),
        pytest.param("[1,,2]", "a value is expected", 3, id="two-commas"),
        pytest.param("[,1]", "a value is expected", 1, id="comma-first"),
        pytest.param('{"a": 1,,}', "a key is expected", 8, id="two-commas-in-an-object"),
        pytest.param("{,}", "a key is expected", 1, id="only-a-comma"),
        pytest.param('{"a" 1}', "a ':' is expected behind the key", 4, id="no-colon"),
        pytest.param('{"a"}', "a ':' is expected behind the key", 4, id="no-value"),
        pytest.param('{"a": }', "a value is expected", 6, id="nothing-behind-the-colon"),
        pytest.param('{"a": 1 "b": 2}', "a ',' or a closing bracket is expected", 8, id="no-comma"),
        pytest.param("[1 2]", "a ',' or a closing bracket is expected", 3, id="no-comma-in-an-array"),
        pytest.param("[1a]", "a ',' or a closing bracket is expected", 2, id="name-glued-to-a-number"),
        pytest.param("{1: 2}", "a key is expected", 1, id="number-as-key"),
        pytest.param("{#a: 2}", "a key is expected", 1, id="private-name-as-key"),
        pytest.param("[undefined]", "JSON5 has no such literal", 1, id="undefined"),
        pytest.param("[`a`]", "JSON5 has no such literal", 1, id="template"),
        pytest.param("[1_000]", "JSON5 has no such literal", 1, id="separator"),
        pytest.param("[0b1]", "JSON5 has no such literal", 1, id="binary"),
        pytest.param("[1n]", "JSON5 has no such literal", 1, id="bigint"),
        pytest.param("[01]", "an escape or a number is written wrongly", 1, id="leading-zero"),
        pytest.param('["\\u12"]', "an escape or a number is written wrongly", 1, id="broken-escape"),
        pytest.param("{'\\8': 1}", "an escape or a number is written wrongly", 1, id="broken-escape-in-a-key"),
        pytest.param("[- 1]", "a value is expected", 1, id="blank-behind-a-sign"),
        pytest.param("[--1]", "a value is expected", 1, id="two-signs"),
        pytest.param("[...a]", "a value is expected", 1, id="spread"),
        pytest.param("[a]", "a value is expected", 1, id="name"),
        pytest.param("[if]", "a value is expected", 1, id="reserved-word"),
        pytest.param("[(1)]", "a value is expected", 1, id="parentheses"),
        pytest.param("a: 1", "a value is expected", 0, id="yaml"),
        pytest.param("[1", "a bracket is not closed", 0, id="open-bracket"),
        pytest.param('{"a": [1}', "a bracket closes that was not opened", 8, id="wrong-bracket"),
        pytest.param("]", "a bracket closes that was not opened", 0, id="only-a-closing-bracket"),
        pytest.param('["a', "a string is not closed on its line", 1, id="open-string"),
        pytest.param('["a\n"]', "a string is not closed on its line", 1, id="line-end-in-a-string"),
        pytest.param("[`a]", "a template is not closed", 1, id="open-template"),
        pytest.param("[1] /* x", "a comment is not closed", 4, id="open-comment"),
        pytest.param("[1] # x", "a character that cannot stand here", 4, id="hash-comment"),
        pytest.param("#!x\n[1]", "a character that cannot stand here", 0, id="hash-bang"),
        pytest.param("[1] / 2", "a character that cannot stand here", 4, id="slash"),
        pytest.param("[\x01]", "a character that cannot stand here", 1, id="control-character"),
        pytest.param("[\x85]", "a character that cannot stand here", 1, id="white-space-of-python-only"),
        pytest.param("[" * 101 + "]" * 101, "brackets are nested deeper than 100 levels", 100, id="too-deep"),
    ],
)
def test_text_is_refused(text: str, reason: str, offset: int) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(text, "json5")
    assert (caught.value.reason, caught.value.offset) == (reason, offset)


def test_deepest_nesting_is_read() -> None:
    text = '{"a":' * (MAX_DEPTH - 1) + "[]" + "}" * (MAX_DEPTH - 1)
    node: Any = outline(parse(text, "json").root)
    for _ in range(MAX_DEPTH - 1):
        node = node["a"]
    assert node == []


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        pytest.param('{"a": 1, "b": 2, "a": 3}', [17], id="twice"),
        pytest.param('{"a": 1, "a": 2, "a": 3}', [9, 17], id="three-times"),
        pytest.param(r'{"a": 1, "\u0061": 2}', [9], id="spelled-otherwise"),
        pytest.param("{'a': 1, a: 2}", [9], id="quoted-and-not"),
        pytest.param('{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}', [], id="in-different-objects"),
    ],
)
def test_duplicate_key_is_an_obstacle_where_it_comes_again(text: str, offsets: list[int]) -> None:
    document = parse(text, "json")
    reason = "a duplicate key"
    assert document.obstacles == tuple(Obstacle(offset, reason) for offset in offsets)


def test_last_of_equal_keys_is_the_one_that_is_found() -> None:
    document = parse('{"a": 1, "a": 2}', "json")
    place = document.at("/a")
    assert place is not None
    assert outline(place.node) == 2
