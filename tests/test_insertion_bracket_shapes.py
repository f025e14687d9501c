"""Inserting between the brackets of JSON, JSONC, JSON5, TypeScript and Python: whole texts before and after."""

from __future__ import annotations

from typing import Any

import pytest

from tokenrouter_video.documents.edits import apply_edits
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.insertion import insert
from tokenrouter_video.documents.values import Copy, Value


def inserted(text: str, format_name: str, pointer: str, value: Value, **options: Any) -> str:
    """Insert and return the new text."""
    edited = insert(parse(text, format_name), pointer, value, **options)
    assert all(edit.is_insertion for edit in edited.edits)
    return apply_edits(text, edited.edits)


SHAPES = [
    pytest.param(
        "jsonc",
        '{"m": [\n  "a" /* over\n two lines */,\n  "b" /* over\n two lines */\n]}',
        ('{"m": [\n  "a" /* over\n two lines */,\n  "b", /* over\n two lines */\n  "kling-v3"\n]}'),
        ("/m", "kling-v3", {}),
        id="comments around the first of the list",
    ),
    pytest.param(
        "jsonc",
        '{"m": [\n  "a" // a\n  , "b" // b\n]}',
        '{"m": [\n  "a" // a\n  , "kling-v3"\n  , "b" // b\n]}',
        ("/m", "kling-v3", {"position": 1}),
        id="leading commas with comments",
    ),
    pytest.param(
        "jsonc",
        '{"m": ["a" /* a */, "b"]}',
        '{"m": ["a" /* a */, "kling-v3", "b"]}',
        ("/m", "kling-v3", {"position": 1}),
        id="one line, the comment of a sibling in the middle",
    ),
    pytest.param(
        "jsonc",
        '{"m": ["a", /* b */ "b"]}',
        '{"m": ["a", "kling-v3", /* b */ "b"]}',
        ("/m", "kling-v3", {"position": 1}),
        id="one line, the comment in front of the next sibling",
    ),
    pytest.param(
        "jsonc",
        '{"m": ["a", // a\n]}',
        '{"m": ["a", // a\n  "kling-v3",\n]}',
        ("/m", "kling-v3", {}),
        id="a comment ends the line of a list on one line",
    ),
    pytest.param(
        "jsonc",
        '{"m": ["a" // a\n]}',
        '{"m": ["a", // a\n  "kling-v3"\n]}',
        ("/m", "kling-v3", {}),
        id="a comment ends the line of a list on one line without a comma",
    ),
    pytest.param(
        "jsonc",
        '{"m": [ // all\n  "a", "b" // b\n]}',
        '{"m": [ // all\n  "a", "b", // b\n  "kling-v3"\n]}',
        ("/m", "kling-v3", {}),
        id="a wrapped list whose last line has a comment",
    ),
    pytest.param(
        "jsonc",
        '{"m": [ // all\n  "a"\n]}',
        '{"m": [ // all\n  "kling-v3",\n  "a"\n]}',
        ("/m", "kling-v3", {"position": 0}),
        id="the first place, behind what is said about the list",
    ),
    pytest.param(
        "jsonc",
        '{"m": [/* a */ "a", "b"]}',
        '{"m": ["kling-v3", /* a */ "a", "b"]}',
        ("/m", "kling-v3", {"position": 0}),
        id="the first place on one line, before the comment of the first",
    ),
    pytest.param(
        "jsonc",
        '{\n  // about x\n  "x": 1,\n  // about y\n  "y": 2\n}',
        '{\n  "kling-v3": 3,\n  // about x\n  "x": 1,\n  // about y\n  "y": 2\n}',
        ("", 3, {"key": "kling-v3", "position": 0}),
        id="the first place of a map",
    ),
    pytest.param(
        "jsonc",
        '{"m": [\n  // chat\n  "a",\n  "b",\n\n  // video\n  "c"\n  // "d",\n]}',
        ('{"m": [\n  // chat\n  "a",\n  "b",\n  "kling-v3",\n\n  // video\n  "c"\n  // "d",\n]}'),
        ("/m", "kling-v3", {"position": 2}),
        id="groups",
    ),
    pytest.param(
        "jsonc",
        '{\n  "m": [\n    // none yet\n  ]\n}\n',
        '{\n  "m": [\n    // none yet\n    "kling-v3"\n  ]\n}\n',
        ("/m", "kling-v3", {}),
        id="an empty list that holds a comment",
    ),
    pytest.param(
        "jsonc",
        '{"m": [ /* none yet */ ]}',
        '{"m": [ /* none yet */ "kling-v3" ]}',
        ("/m", "kling-v3", {}),
        id="an empty list that holds a comment on its line",
    ),
    pytest.param(
        "json",
        '{"m":[{"id":"a"}]}',
        '{"m":[{"id":"a"},{"id":"kling-v3","modes":["std","pro"],"info":{"n":1}}]}',
        ("/m", {"id": "kling-v3", "modes": ["std", "pro"], "info": {"n": 1}}, {}),
        id="minified",
    ),
    pytest.param(
        "json",
        '{"m":{"a":1}}',
        '{"m":{"a":1,"kling-v3":2}}',
        ("/m", 2, {"key": "kling-v3"}),
        id="one member, minified",
    ),
    pytest.param(
        "json",
        '{\n    "a": {\n        "b": 1\n    },\n    "m": []\n}\n',
        (
            '{\n    "a": {\n        "b": 1\n    },\n    "m": [\n        {\n'
            '            "id": "kling-v3",\n            "kind": "video"\n        }\n    ]\n}\n'
        ),
        ("/m", {"id": "kling-v3", "kind": "video"}, {}),
        id="an empty list in a file of four blanks",
    ),
    pytest.param(
        "json",
        '{"m": [{\n  "id": "a"\n}, {\n  "id": "b"\n}]}',
        '{"m": [{\n  "id": "a"\n}, {\n  "id": "b"\n}, {\n  "id": "kling-v3"\n}]}',
        ("/m", {"id": "kling-v3"}, {}),
        id="hugging braces",
    ),
    pytest.param(
        "json",
        '{"m": [\n  "a",\n  "b"]}',
        '{"m": [\n  "a",\n  "b",\n  "kling-v3"]}',
        ("/m", "kling-v3", {}),
        id="closing brackets behind the last value",
    ),
    pytest.param(
        "json",
        (
            '{"a": [\n    {\n        "id": "x",\n        "n": {\n            "q": 1\n'
            '        }\n    }\n], "b": [\n  {"id": "y"}\n]}'
        ),
        (
            '{"a": [\n    {\n        "id": "x",\n        "n": {\n            "q": 1\n'
            '        }\n    }\n], "b": [\n  {"id": "y"},\n  {\n      "id": "kling-v3",\n'
            '      "n": {\n          "q": 1\n      }\n  }\n]}'
        ),
        ("/b", {"id": "kling-v3", "n": Copy(("a", "0", "n"))}, {"like": "/a/0"}),
        id="another indentation where the model is",
    ),
    pytest.param(
        "json5",
        "{\n  m: {\n    b: 2,\n    'a-b': 1,\n  },\n}",
        "{\n  m: {\n    b: 2,\n    'a-b': 1,\n    c: 3,\n  },\n}",
        ("/m", 3, {"key": "c"}),
        id="a name that needs no quotes though its sibling needs some",
    ),
    pytest.param(
        "json5",
        "{\n  m: {\n    b: 'x',\n  },\n}",
        "{\n  m: {\n    b: 'x',\n    'kling-v3': 'y',\n  },\n}",
        ("/m", "y", {"key": "kling-v3"}),
        id="a name that needs quotes gets those of the file",
    ),
    pytest.param(
        "json5",
        "{m: ['a',]}",
        "{m: ['a', 'it\\'s \"v3\" \\\\',]}",
        ("/m", 'it\'s "v3" \\', {}),
        id="quotes inside of quotes",
    ),
    pytest.param(
        "typescript",
        "const m = { a, b };\n",
        'const m = { a, b, c: "v" };\n',
        ("/m", "v", {"key": "c"}),
        id="shorthand properties",
    ),
    pytest.param(
        "typescript",
        "const m = {\n  [A]: 'x',\n};\n",
        "const m = {\n  [A]: 'x',\n  'kling-v3': 'v',\n};\n",
        ("/m", "v", {"key": "kling-v3"}),
        id="computed keys",
    ),
    pytest.param(
        "typescript",
        "const m = [\n  ...others,\n  { id: 'a', run: () => go(1), ...base },\n];\n",
        (
            "const m = [\n  ...others,\n  { id: 'a', run: () => go(1), ...base },\n"
            "  { id: 'kling-v3', run: () => go(1), ...base },\n];\n"
        ),
        ("/m", {"id": "kling-v3", "run": Copy(("m", "1", "run")), "\x000": Copy(())}, {}),
        id="spreads and functions are repeated",
    ),
    pytest.param(
        "typescript",
        "export const m = {\n  a: { id: 'a' } satisfies Model, // a\n} as const; // all\n",
        (
            "export const m = {\n  a: { id: 'a' } satisfies Model, // a\n"
            "  'kling-v3': { id: 'kling-v3' } satisfies Model,\n} as const; // all\n"
        ),
        ("/m", {"id": "kling-v3"}, {"key": "kling-v3"}),
        id="casts behind the value and comments behind the bracket",
    ),
    pytest.param(
        "typescript",
        "const m = new Map([\n  ['a', { id: 'a' }],\n]);\n",
        ("const m = new Map([\n  ['a', { id: 'a' }],\n  ['kling-v3', { id: 'kling-v3' }],\n]);\n"),
        ("/m", ["kling-v3", {"id": "kling-v3"}], {}),
        id="a list of pairs",
    ),
    pytest.param(
        "typescript",
        "export const m = [\n  ...others,\n];\n",
        ('export const m = [\n  ...others,\n  {\n    id: "kling-v3",\n    kind: "video",\n  },\n];\n'),
        ("/m", {"id": "kling-v3", "kind": "video"}, {}),
        id="no list of its own to look like",
    ),
    pytest.param(
        "python",
        'M = ("a",)\n',
        'M = ("a", "kling-v3")\n',
        ("/M", "kling-v3", {}),
        id="a tuple of one",
    ),
    pytest.param(
        "python",
        "M = ()\n",
        'M = ("kling-v3",)\n',
        ("/M", "kling-v3", {}),
        id="an empty tuple",
    ),
    pytest.param(
        "python",
        'M = [\n    ("a", "b"),\n]\n',
        'M = [\n    ("a", "b"),\n    ("kling-v3",),\n]\n',
        ("/M", ["kling-v3"], {}),
        id="a tuple inside gets its comma",
    ),
    pytest.param(
        "python",
        "M = {\n}\n",
        'M = {\n    "kling-v3": {\n        "id": "kling-v3",\n    },\n}\n',
        ("/M", {"id": "kling-v3"}, {"key": "kling-v3"}),
        id="no trailing comma yet in a Python file",
    ),
    pytest.param(
        "python",
        "M = [\n    'a'\n    'b',\n]\n",
        "M = [\n    'a'\n    'b',\n    'kling-v3',\n]\n",
        ("/M", "kling-v3", {}),
        id="strings of several parts",
    ),
    pytest.param(
        "python",
        "M = [r'a\\d']\n",
        "M = [r'a\\d', 'x\\\\y']\n",
        ("/M", "x\\y", {}),
        id="a raw string is no model for a backslash",
    ),
    pytest.param(
        "python",
        "M = [  # all\n    'a',\n]\n",
        "M = [  # all\n    'kling-v3',\n    'a',\n]\n",
        ("/M", "kling-v3", {"position": 0}),
        id="a comment behind the opening bracket",
    ),
    pytest.param(
        "python",
        "M = ['a', \\\n     'b']\n",
        "M = ['kling-v3', \\\n     'a', \\\n     'b']\n",
        ("/M", "kling-v3", {"position": 0}),
        id="a continued line",
    ),
    pytest.param(
        "python",
        ("A = [\n    {'a': '''x\n  y'''},\n]\nB = {\n    'm': [\n        {'a': 'b'},\n    ],\n}\n"),
        (
            "A = [\n    {'a': '''x\n  y'''},\n]\nB = {\n    'm': [\n        {'a': 'b'},\n"
            "        {'a': '''x\n  y'''},\n    ],\n}\n"
        ),
        ("/B/m", {"a": Copy(("A", "0", "a"))}, {"like": "/A/0"}),
        id="a string over several lines is moved as it stands",
    ),
    pytest.param(
        "python",
        "M = dict(\n    a=1,\n    b=2,\n)\n",
        "M = dict(\n    a=1,\n    b=2,\n    c=3,\n)\n",
        ("/M", 3, {"key": "c"}),
        id="keywords of a call",
    ),
]


@pytest.mark.parametrize(("format_name", "before", "after", "at"), SHAPES)
def test_the_owner_would_have_written_the_same(
    format_name: str, before: str, after: str, at: tuple[str, Value, dict[str, Any]]
) -> None:
    pointer, value, options = at
    assert after == inserted(before, format_name, pointer, value, **options)
