"""The second readers of JSON and JSONC: what they read, what they cannot, and that nothing of a file gets out."""

from __future__ import annotations

import pytest

from tokenrouter_video.documents.formats import Reading
from tokenrouter_video.documents.json_readers import second_reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        pytest.param('"a"', ("str", "a"), id="string"),
        pytest.param("-12", ("int", "-12"), id="integer"),
        pytest.param("9" * 5000, ("int", "9" * 5000), id="integer-that-python-does-not-read"),
        pytest.param("[1.50, 1e400]", [("float", "1.50"), ("float", "1e400")], id="floats-as-written"),
        pytest.param("[true, false, null]", [("bool", "true"), ("bool", "false"), ("null", "null")], id="words"),
        pytest.param('{"a": {"b": []}, "c": {}}', {"a": {"b": []}, "c": {}}, id="containers"),
        pytest.param('{"a": 1, "a": 2}', {"a": ("int", "2")}, id="last-of-equal-keys"),
        pytest.param('"\\ud83d\\ude00"', ("str", chr(0x1F600)), id="surrogate-pair"),
    ],
)
def test_json_is_read_by_the_standard_library(text: str, reading: Reading) -> None:
    assert second_reading(text, "json") == reading


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "reading"),
    [
        pytest.param('{"a": 1} // b', {"a": ("int", "1")}, id="line-comment-at-the-end"),
        pytest.param(
            '{ // a\n  "b": [1.50, "// c", "/* d */"] /* e\n */ }\n',
            {"b": [("float", "1.5"), ("str", "// c"), ("str", "/* d */")]},
            id="comments-and-strings",
        ),
        pytest.param(
            '// it\'s\n[true, null, "\\"a\\""]', [("bool", "true"), ("null", "null"), ("str", '"a"')], id="quotes"
        ),
        pytest.param('{"a": "b"}', {"a": ("str", "b")}, id="no-comments"),
    ],
)
def test_jsonc_is_read_by_jsonc_parser(text: str, reading: Reading, newline: str) -> None:
    assert second_reading(text.replace("\n", newline), "jsonc") == reading


@pytest.mark.parametrize(
    ("text", "format"),
    [
        pytest.param("{", "json", id="broken-json"),
        pytest.param("// a\n1", "json", id="comments-in-json"),
        pytest.param("[" * 100_000 + "]" * 100_000, "json", id="deep-json"),
        pytest.param("{ // example-key-7f2\n", "jsonc", id="broken-jsonc"),
        pytest.param('{"a": [1,], // b\n}', "jsonc", id="trailing-commas"),
        pytest.param("", "jsonc", id="empty"),
        pytest.param("[" * 100_000 + "]" * 100_000, "jsonc", id="deep-jsonc"),
        pytest.param("9" * 5000, "jsonc", id="integer-that-python-does-not-read"),
        pytest.param('["\\"' + "/*" * 6_000 + '"]', "jsonc", id="more-comment-signs-than-it-has-time-for"),
        pytest.param("{a: 1}", "json5", id="json5"),
        pytest.param("export default {}", "javascript", id="javascript"),
        pytest.param("export default {}", "typescript", id="typescript"),
    ],
)
def test_what_it_cannot_read_is_none(text: str, format: str) -> None:
    assert second_reading(text, format) is None
