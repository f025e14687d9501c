"""Inserting between brackets: JSON, JSONC, JSON5, TypeScript, YAML flow, TOML arrays, Python literals."""

from __future__ import annotations

from typing import Any

import pytest

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.edits import apply_edits
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.insertion import insert
from tokenrouter_video.documents.values import Copy, Value

MODEL = {"id": "kling-v3", "kind": "video"}


def inserted(text: str, format_name: str, pointer: str, value: Value, **options: Any) -> str:
    """Insert and return the new text; every insertion must leave the old text when it is taken out again."""
    edited = insert(parse(text, format_name), pointer, value, **options)
    result = apply_edits(text, edited.edits)
    assert all(edit.is_insertion for edit in edited.edits)
    assert edited.document.text == result
    return result


FLOW = [
    pytest.param("json", '{"models": ["a", "b"]}', '{"models": ["a", "b", "kling-v3"]}', id="one line: its separator"),
    pytest.param("json", '{"models":["a","b"]}', '{"models":["a","b","kling-v3"]}', id="one line without blanks"),
    pytest.param("json", '{"models": [ "a" ]}', '{"models": [ "a", "kling-v3" ]}', id="padding of the brackets stays"),
    pytest.param("json", '{"models": []}', '{"models": ["kling-v3"]}', id="an empty list on one line"),
    pytest.param(
        "json",
        '{\n  "models": [\n    "a",\n    "b"\n  ]\n}\n',
        '{\n  "models": [\n    "a",\n    "b",\n    "kling-v3"\n  ]\n}\n',
        id="many lines: a line of its own",
    ),
    pytest.param(
        "json",
        '{\r\n\t"models": [\r\n\t\t"a"\r\n\t]\r\n}',
        '{\r\n\t"models": [\r\n\t\t"a",\r\n\t\t"kling-v3"\r\n\t]\r\n}',
        id="CRLF, tabs and no end of line at the end",
    ),
    pytest.param(
        "json",
        '{\n  "models": [\n    "a", "b",\n    "c", "d"\n  ]\n}\n',
        '{\n  "models": [\n    "a", "b",\n    "c", "d", "kling-v3"\n  ]\n}\n',
        id="a wrapped list goes on on its last line",
    ),
    pytest.param(
        "jsonc",
        '{"models": [\n  "a", // first\n  "b" // last\n  // the end\n]}',
        '{"models": [\n  "a", // first\n  "b", // last\n  "kling-v3"\n  // the end\n]}',
        id="the comma goes before the comment, the entry behind its line",
    ),
    pytest.param(
        "jsonc",
        '{"models": [\n  "a",\n  "b", /* last */ // really\n]}',
        '{"models": [\n  "a",\n  "b", /* last */ // really\n  "kling-v3",\n]}',
        id="a trailing comma is kept up",
    ),
    pytest.param(
        "jsonc",
        '{"models": ["a", "b" /* best */]}',
        '{"models": ["a", "b" /* best */, "kling-v3"]}',
        id="on one line a comment stays with its sibling",
    ),
    pytest.param(
        "jsonc",
        '{"models": [\n  // all of them\n  "a" // only\n]}',
        '{"models": [\n  // all of them\n  "a", // only\n  "kling-v3"\n]}',
        id="one entry with comments around",
    ),
    pytest.param("json5", "{models: ['a', 'b',]}", "{models: ['a', 'b', 'kling-v3',]}", id="single quotes"),
    pytest.param(
        "json5",
        "{\n  models: [\n      'a'\n    , 'b'\n  ]\n}",
        "{\n  models: [\n      'a'\n    , 'b'\n    , 'kling-v3'\n  ]\n}",
        id="leading commas",
    ),
    pytest.param("yaml", "models: [a, 'b']\n", "models: [a, 'b', 'kling-v3']\n", id="YAML flow, quoted like the last"),
    pytest.param(
        "yaml", "models: [a, b] # all\n", "models: [a, b, kling-v3] # all\n", id="YAML flow with a comment behind"
    ),
    pytest.param(
        "yaml",
        "models: [\n  a, # first\n  b # last\n]\n",
        "models: [\n  a, # first\n  b, # last\n  kling-v3\n]\n",
        id="YAML flow over several lines",
    ),
    pytest.param("toml", "models = ['a']\n", "models = ['a', 'kling-v3']\n", id="TOML literal strings"),
    pytest.param(
        "toml",
        'models = [\n    "a",\n    "b", # last\n]\n',
        'models = [\n    "a",\n    "b", # last\n    "kling-v3",\n]\n',
        id="TOML array over several lines",
    ),
    pytest.param("toml", 'models = [ "a" ] # all', 'models = [ "a", "kling-v3" ] # all', id="TOML without end of line"),
    pytest.param("python", "models = ['a', 'b']\n", "models = ['a', 'b', 'kling-v3']\n", id="Python list"),
    pytest.param("python", 'models = ("a",)\n', 'models = ("a", "kling-v3")\n', id="Python tuple of one"),
    pytest.param(
        "python",
        'models = {\n    "a",\n    "b",  # last\n}\n',
        'models = {\n    "a",\n    "b",  # last\n    "kling-v3",\n}\n',
        id="Python set",
    ),
    pytest.param(
        "typescript",
        "export const models = [\n  'a', // first\n  `b`\n] as const;\n",
        "export const models = [\n  'a', // first\n  `b`,\n  `kling-v3`\n] as const;\n",
        id="TypeScript as const, template quotes like the last",
    ),
]


@pytest.mark.parametrize(("format_name", "before", "after"), FLOW)
def test_a_string_joins_a_list_in_its_style(format_name: str, before: str, after: str) -> None:
    assert after == inserted(before, format_name, "/models", "kling-v3")


OBJECTS = [
    pytest.param(
        "json",
        '{"models": [{"id": "a", "kind": "chat"}]}',
        '{"models": [{"id": "a", "kind": "chat"}, {"id": "kling-v3", "kind": "video"}]}',
        id="one line",
    ),
    pytest.param(
        "jsonc",
        '{\n  "models": [\n    {\n      "id": "a", // name\n      /* what */ "kind": "chat"\n    }, // first\n'
        "  ],\n}\n",
        '{\n  "models": [\n    {\n      "id": "a", // name\n      /* what */ "kind": "chat"\n    }, // first\n'
        '    {\n      "id": "kling-v3",\n      "kind": "video"\n    },\n  ],\n}\n',
        id="comments inside the sibling are not copied",
    ),
    pytest.param(
        "typescript",
        "export default {\n  models: [\n    { id: 'a', kind: 'chat' },\n  ],\n}\n",
        "export default {\n  models: [\n    { id: 'a', kind: 'chat' },\n"
        "    { id: 'kling-v3', kind: 'video' },\n  ],\n}\n",
        id="objects on one line each",
    ),
    pytest.param(
        "yaml",
        "models:\n  - {id: a,   kind: chat} # first\n",
        "models:\n  - {id: a,   kind: chat} # first\n  - {id: kling-v3,   kind: video}\n",
        id="flow mappings in a block list keep their alignment",
    ),
    pytest.param(
        "toml",
        'models = [\n  { id = "a", kind = "chat" },\n]\n',
        'models = [\n  { id = "a", kind = "chat" },\n  { id = "kling-v3", kind = "video" },\n]\n',
        id="TOML inline tables",
    ),
    pytest.param(
        "python",
        'models = [\n    Model(id="a", kind="chat"),\n]\n',
        'models = [\n    Model(id="a", kind="chat"),\n    Model(id="kling-v3", kind="video"),\n]\n',
        id="Python calls with keywords",
    ),
]


@pytest.mark.parametrize(("format_name", "before", "after"), OBJECTS)
def test_an_object_looks_like_its_sibling(format_name: str, before: str, after: str) -> None:
    pointer = "/default/models" if format_name == "typescript" else "/models"
    assert after == inserted(before, format_name, pointer, dict(MODEL))


MEMBERS = [
    pytest.param(
        "json",
        '{\n  "models": {\n    "a": {"kind": "chat"}\n  }\n}\n',
        '{\n  "models": {\n    "a": {"kind": "chat"},\n    "kling-v3": {"kind": "video"}\n  }\n}\n',
        id="JSON map",
    ),
    pytest.param(
        "json5",
        "{models: {a: {kind: 'chat'}}}",
        "{models: {a: {kind: 'chat'}, 'kling-v3': {kind: 'video'}}}",
        id="a key that needs quotes gets the file's",
    ),
    pytest.param(
        "yaml",
        "models: {a: {kind: chat}}\n",
        "models: {a: {kind: chat}, kling-v3: {kind: video}}\n",
        id="YAML flow map",
    ),
    pytest.param(
        "toml",
        'models = { a = { kind = "chat" } }\n',
        'models = { a = { kind = "chat" }, kling-v3 = { kind = "video" } }\n',
        id="TOML inline map",
    ),
    pytest.param(
        "python",
        'models = {\n    "a": {"kind": "chat"},\n}\n',
        'models = {\n    "a": {"kind": "chat"},\n    "kling-v3": {"kind": "video"},\n}\n',
        id="Python dict",
    ),
]


@pytest.mark.parametrize(("format_name", "before", "after"), MEMBERS)
def test_a_member_joins_a_map(format_name: str, before: str, after: str) -> None:
    assert after == inserted(before, format_name, "/models", {"kind": "video"}, key="kling-v3")


POSITIONS = [
    pytest.param(0, '["kling-v3", "a", "b"]', id="first"),
    pytest.param(1, '["a", "kling-v3", "b"]', id="between"),
    pytest.param(2, '["a", "b", "kling-v3"]', id="last"),
]


@pytest.mark.parametrize(("position", "after"), POSITIONS)
def test_a_position_on_one_line(position: int, after: str) -> None:
    assert after == inserted('["a", "b"]', "json", "", "kling-v3", position=position)


@pytest.mark.parametrize(
    ("position", "after"),
    [
        (0, '[\n  "kling-v3",\n  // one\n  "a", // 1\n  // two\n  "b" // 2\n]'),
        (1, '[\n  // one\n  "a", // 1\n  "kling-v3",\n  // two\n  "b" // 2\n]'),
        (2, '[\n  // one\n  "a", // 1\n  // two\n  "b", // 2\n  "kling-v3"\n]'),
    ],
)
def test_a_position_between_commented_lines_leaves_each_comment_with_its_owner(position: int, after: str) -> None:
    before = '[\n  // one\n  "a", // 1\n  // two\n  "b" // 2\n]'
    assert after == inserted(before, "jsonc", "", "kling-v3", position=position)


def test_new_fields_follow_the_layout_of_the_others() -> None:
    before = '{\n  "models": [\n    {\n      "id": "a"\n    }\n  ]\n}\n'
    after = (
        '{\n  "models": [\n    {\n      "id": "a"\n    },\n    {\n      "id": "kling-v3",\n'
        '      "modes": ["std", "pro"],\n'
        '      "info": {\n        "kind": "video"\n      }\n    }\n  ]\n}\n'
    )
    value: Value = {"id": "kling-v3", "modes": ["std", "pro"], "info": {"kind": "video"}}
    assert after == inserted(before, "json", "/models", value)


def test_a_copy_repeats_source_text_as_it_stands() -> None:
    before = '{"models": [{"id": "a", "u": "caf\\u00e9 \\/", "n": 1.50}]}'
    value: Value = {"id": "kling-v3", "u": Copy(("models", "0", "u")), "n": Copy(("models", "0", "n"))}
    after = before[:-2] + ', {"id": "kling-v3", "u": "caf\\u00e9 \\/", "n": 1.50}]}'
    assert after == inserted(before, "json", "/models", value)


def test_an_empty_list_looks_like_its_namesake() -> None:
    before = '{\n  "x": {"models": [\n    "a"\n  ]},\n  "y": {"models": []}\n}\n'
    after = '{\n  "x": {"models": [\n    "a"\n  ]},\n  "y": {"models": [\n    "kling-v3"\n  ]}\n}\n'
    assert after == inserted(before, "json", "/y/models", "kling-v3")


@pytest.mark.parametrize(
    ("text", "pointer", "value", "options", "reason"),
    [
        ('{"a": 1}', "/b", "x", {}, "there is no list or map at /b"),
        ('{"a": 1}', "/a", "x", {}, "there is no list or map at /a"),
        ('{"a": []}', "/a", "x", {"key": "k"}, "a key is needed for a map, and only for a map"),
        ('{"a": {}}', "/a", "x", {}, "a key is needed for a map, and only for a map"),
        ('{"a": {"k": 1}}', "/a", "x", {"key": "k"}, "the key is there already"),
    ],
)
def test_what_cannot_be_done_is_refused(
    text: str, pointer: str, value: Value, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        insert(parse(text, "json"), pointer, value, **options)
    assert reason == caught.value.reason


def test_a_duplicate_key_anywhere_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        insert(parse('{"a": ["x"],\n "b": 1, "b": 2}', "json"), "/a", "kling-v3")
    assert caught.value.offset == 22
