"""Inserting into the shapes that YAML files have: whole texts before and after."""

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
        "yaml",
        "models:\nx: 1\n",
        "models:\n  - kling-v3\nx: 1\n",
        ("/models", "kling-v3", {}),
        id="a list that is announced and not written",
    ),
    pytest.param(
        "yaml",
        "a:\n- x\nmodels: # ours\nb: 1\n",
        "a:\n- x\nmodels: # ours\n- kling-v3\nb: 1\n",
        ("/models", "kling-v3", {}),
        id="an announced list in a file whose dashes stand below the key",
    ),
    pytest.param(
        "yaml",
        "models:\n  # none yet\n\nx: 1\n",
        "models:\n  # none yet\n  - id: kling-v3\n    kind: video\n\nx: 1\n",
        ("/models", {"id": "kling-v3", "kind": "video"}, {}),
        id="an announced list of maps with its own comment",
    ),
    pytest.param(
        "yaml",
        "providers:\n  tr:\n    models:\n",
        "providers:\n  tr:\n    models:\n      kling-v3:\n        kind: video\n",
        ("/providers/tr/models", {"kind": "video"}, {"key": "kling-v3"}),
        id="an announced map",
    ),
    pytest.param(
        "yaml",
        "models: [\n  # none yet\n]\n",
        "models: [\n  # none yet\n  kling-v3\n]\n",
        ("/models", "kling-v3", {}),
        id="an empty flow list that holds a comment",
    ),
    pytest.param(
        "yaml",
        "a:\n  models:\n    - id: x\n      p: {q: 1}\nb:\n  models: []\n",
        ("a:\n  models:\n    - id: x\n      p: {q: 1}\nb:\n  models: [{id: kling-v3, p: {q: 1}}]\n"),
        ("/b/models", {"id": "kling-v3", "p": Copy(("a", "models", "0", "p"))}, {"like": "/a/models/0"}),
        id="an empty flow list far from the block list it looks like",
    ),
    pytest.param(
        "yaml",
        "models: [a, b # both\n  ]\n",
        "models: [a, b, # both\n  kling-v3\n  ]\n",
        ("/models", "kling-v3", {}),
        id="a flow list whose comment stands on the last line",
    ),
    pytest.param(
        "yaml",
        "models:\n  # Kling\n  - k1\n  - k2\n\n  # Hailuo\n  - h1\n",
        "models:\n  # Kling\n  - k1\n  - k2\n  - kling-v3\n\n  # Hailuo\n  - h1\n",
        ("/models", "kling-v3", {"position": 2}),
        id="an item in the middle goes above the comment that heads the next",
    ),
    pytest.param(
        "yaml",
        "models:\n  - a\n  # - b\n  # - c\n\n# next\nx: 1\n",
        "models:\n  - a\n  - kling-v3\n  # - b\n  # - c\n\n# next\nx: 1\n",
        ("/models", "kling-v3", {}),
        id="commented-out siblings stay below the last",
    ),
    pytest.param(
        "yaml",
        "models:\n  # sorted\n  - l1\n  - m1\n",
        "models:\n  # sorted\n  - kling-v3\n  - l1\n  - m1\n",
        ("/models", "kling-v3", {"position": 0}),
        id="the first place below the comment that heads the list",
    ),
    pytest.param(
        "yaml",
        "models:\n  # L\n  - l1\n  # M\n  - m1\n",
        "models:\n  - kling-v3\n  # L\n  - l1\n  # M\n  - m1\n",
        ("/models", "kling-v3", {"position": 0}),
        id="the first place above the comment that heads the first item as others do the other",
    ),
    pytest.param(
        "yaml",
        "# Models\n- l1\n# M\n- m1\n",
        "# Models\n- kling-v3\n- l1\n# M\n- m1\n",
        ("", "kling-v3", {"position": 0}),
        id="the first place of a document below what heads the file",
    ),
    pytest.param(
        "yaml",
        (
            "models:\n  # A\n  - id: a\n    kind: chat\n\n  # B\n  - id: b\n    kind: chat\n\n"
            "  # C\n  - id: c\n    kind: chat\n"
        ),
        (
            "models:\n  # A\n  - id: a\n    kind: chat\n\n  # B\n  - id: b\n    kind: chat\n\n"
            "  # C\n  - id: c\n    kind: chat\n\n  - id: kling-v3\n    kind: video\n"
        ),
        ("/models", {"id": "kling-v3", "kind": "video"}, {}),
        id="items of several lines that are all set apart by a blank line",
    ),
    pytest.param(
        "yaml",
        ("models:\n  - id: a\n    kind: chat\n  - id: b\n    kind: chat\n\n  # others\n  - id: c\n    kind: chat\n"),
        (
            "models:\n  - id: a\n    kind: chat\n  - id: b\n    kind: chat\n  - id: kling-v3\n"
            "    kind: video\n\n  # others\n  - id: c\n    kind: chat\n"
        ),
        ("/models", {"id": "kling-v3", "kind": "video"}, {"position": 2}),
        id="a group without blank lines inside gets none",
    ),
    pytest.param(
        "yaml",
        "models:\n  - id: a\n    kind: chat\n\n  - id: b\n    kind: chat\n",
        ("models:\n  - id: a\n    kind: chat\n\n  - id: kling-v3\n    kind: video\n\n  - id: b\n    kind: chat\n"),
        ("/models", {"id": "kling-v3", "kind": "video"}, {"position": 1}),
        id="the second of two that a blank line sets apart",
    ),
    pytest.param(
        "yaml",
        "models:\n  - |+\n    text\n\n\nx: 1\n",
        "models:\n  - |+\n    text\n\n\n  - kling-v3\nx: 1\n",
        ("/models", "kling-v3", {}),
        id="a block scalar that keeps its blank lines stays as it is",
    ),
    pytest.param(
        "yaml",
        "models:\n  - id: a\n    d: >+\n      text\n      # no comment\n\n# next\nx: 1\n",
        (
            "models:\n  - id: a\n    d: >+\n      text\n      # no comment\n\n"
            "  - id: kling-v3\n    d: >+\n      text\n      # no comment\n\n# next\nx: 1\n"
        ),
        ("/models", {"id": "kling-v3", "d": Copy(("models", "0", "d"))}, {}),
        id="a kept block scalar is repeated with its blank line",
    ),
    pytest.param(
        "yaml",
        ("a:\n  models:\n    - id: x\n      t: |\n        text\n      p:\n        q: 1\nb:\n  models:\n  - id: y\n"),
        (
            "a:\n  models:\n    - id: x\n      t: |\n        text\n      p:\n        q: 1\nb:\n"
            "  models:\n  - id: y\n  - id: kling-v3\n    t: |\n      text\n    p:\n      q: 1\n"
        ),
        (
            "/b/models",
            {"id": "kling-v3", "t": Copy(("a", "models", "0", "t")), "p": Copy(("a", "models", "0", "p"))},
            {},
        ),
        id="a block of another list is moved to its new indentation",
    ),
    pytest.param(
        "yaml",
        ("a:\n    models:\n        - id: x # c\n          p:\n              q: 1\nb:\n  models:\n  - id: y\n"),
        (
            "a:\n    models:\n        - id: x # c\n          p:\n              q: 1\nb:\n"
            "  models:\n  - id: y\n  - id: kling-v3\n    p:\n        q: 2\n"
        ),
        ("/b/models", {"id": "kling-v3", "p": {"q": 2}}, {"like": "/a/models/0"}),
        id="a model in another list at another depth",
    ),
    pytest.param(
        "yaml",
        "models:\n  ? a\n  : kind: chat\n",
        "models:\n  ? a\n  : kind: chat\n  ? kling-v3\n  : kind: video\n",
        ("/models", {"kind": "video"}, {"key": "kling-v3"}),
        id="an explicit key",
    ),
    pytest.param(
        "yaml",
        "models:\n  a:\n  b:\n",
        "models:\n  a:\n  b:\n  kling-v3: x\n",
        ("/models", "x", {"key": "kling-v3"}),
        id="members without values are no models for one with a value",
    ),
    pytest.param(
        "yaml",
        "models:\n  - id: a\n    tags: []\n    info:\n    x: 1\n",
        (
            "models:\n  - id: a\n    tags: []\n    info:\n    x: 1\n  - id: kling-v3\n"
            "    tags:\n      - t\n    info:\n      p: 1\n    x: {}\n"
        ),
        ("/models", {"id": "kling-v3", "tags": ["t"], "info": {"p": 1}, "x": {}}, {}),
        id="an empty list and an empty value are no models for filled ones",
    ),
    pytest.param(
        "yaml",
        "models:\n  - id: a\n    tags:\n      - t\n    info:\n      p: 1\n",
        (
            "models:\n  - id: a\n    tags:\n      - t\n    info:\n      p: 1\n"
            "  - id: kling-v3\n    tags: []\n    info: null\n"
        ),
        ("/models", {"id": "kling-v3", "tags": [], "info": None}, {}),
        id="a filled value is no model for an empty one",
    ),
    pytest.param(
        "yaml",
        "models:\n  - !Model\n    id: a\n    key: !env KEY\n",
        ("models:\n  - !Model\n    id: a\n    key: !env KEY\n  - !Model\n    id: kling-v3\n    key: !env KEY\n"),
        ("/models", {"id": "kling-v3", "key": Copy(("models", "0", "key"))}, {}),
        id="tags are repeated",
    ),
    pytest.param(
        "yaml",
        "models:\n  - id: a\n    key: &k secret\n    p: &p\n      q: 1\n",
        (
            "models:\n  - id: a\n    key: &k secret\n    p: &p\n      q: 1\n  - id: kling-v3\n"
            "    key: secret\n    p:\n      q: 1\n"
        ),
        ("/models", {"id": "kling-v3", "key": Copy(("models", "0", "key")), "p": Copy(("models", "0", "p"))}, {}),
        id="anchors of scalars and blocks are not defined twice",
    ),
    pytest.param(
        "yaml",
        "models:\n    -   id: a\n        kind: chat\n",
        (
            "models:\n    -   id: a\n        kind: chat\n    -   id: kling-v3\n        info:\n"
            "            modes:\n                - std\n"
        ),
        ("/models", {"id": "kling-v3", "info": {"modes": ["std"]}}, {}),
        id="a list in the older style of wide indentation",
    ),
    pytest.param(
        "yaml",
        "models:\n- id: a\n  info: 1\n",
        'models:\n- id: a\n  info: 1\n- id: kling-v3\n  info: 2\n  tags:\n  - x\n  - "y"\n',
        ("/models", {"id": "kling-v3", "info": 2, "tags": ["x", "y"]}, {}),
        id="the dashes of new lists stand where the file has them",
    ),
    pytest.param(
        "yaml",
        "models:\n  -   a\n",
        "models:\n  -   a\n  -   id: kling-v3\n      kind: video\n",
        ("/models", {"id": "kling-v3", "kind": "video"}, {}),
        id="an item of another form keeps the width of the dash",
    ),
    pytest.param(
        "yaml",
        "models:\n  - id: a\n",
        "models:\n  - id: a\n  - kling-v3\n",
        ("/models", "kling-v3", {}),
        id="a string among maps",
    ),
    pytest.param(
        "yaml",
        'models:\n  "gpt-5": {}\n',
        'models:\n  "gpt-5": {}\n  "kling-v3": {}\n',
        ("/models", {}, {"key": "kling-v3"}),
        id="quotes of keys",
    ),
    pytest.param(
        "yaml",
        '{\n  "models": [\n    {\n      "id": "a"\n    }\n  ]\n}\n',
        (
            '{\n  "models": [\n    {\n      "id": "a"\n    },\n    {\n      "id": "kling-v3",\n'
            '      "kind": "video"\n    }\n  ]\n}\n'
        ),
        ("/models", {"id": "kling-v3", "kind": "video"}, {}),
        id="JSON in a YAML file",
    ),
    pytest.param(
        "yaml",
        "---\na: 1\n---\n# two\nspec:\n  models: # ours\n  - a\n...\n---\nb: 1\n",
        ("---\na: 1\n---\n# two\nspec:\n  models: # ours\n  - a\n  - kling-v3\n...\n---\nb: 1\n"),
        ("/1/spec/models", "kling-v3", {}),
        id="the most nested of several documents",
    ),
    pytest.param(
        "yaml",
        "models:\n  - a\r\n  - b\nx: 1\r\n",
        "models:\n  - a\r\n  - kling-v3\r\n  - b\nx: 1\r\n",
        ("/models", "kling-v3", {"position": 1}),
        id="mixed line ends",
    ),
    pytest.param(
        "yaml",
        "models:\n  a: x # tail\n  # b: y\nz: 1\n",
        "models:\n  a: x # tail\n  kling-v3: v\n  # b: y\nz: 1\n",
        ("/models", "v", {"key": "kling-v3"}),
        id="a key in a map of scalars, with the comment behind it",
    ),
    pytest.param(
        "yaml",
        "models: &models\n  - a\n",
        "models: &models\n  - a\n  - kling-v3\n",
        ("/models", "kling-v3", {}),
        id="an anchored list that nothing repeats",
    ),
    pytest.param(
        "yaml",
        "models:\n  - id: a\n    note: plain\n",
        'models:\n  - id: a\n    note: plain\n  - id: kling-v3\n    note: "it\'s: #1"\n',
        ("/models", {"id": "kling-v3", "note": "it's: #1"}, {}),
        id="file without a single quote: the value that needs some",
    ),
    pytest.param(
        "yaml",
        "x: 'y'\nmodels:\n  - a\n",
        "x: 'y'\nmodels:\n  - a\n  - 'no'\n",
        ("/models", "no", {}),
        id="a file of single quotes",
    ),
    pytest.param(
        "yaml",
        "models:\n  - a\n",
        "models:\n  - a\n  - it's 50% @ x, [y] {z} a:b -1\n",
        ("/models", "it's 50% @ x, [y] {z} a:b -1", {}),
        id="text that only looks dangerous stays plain",
    ),
    pytest.param(
        "yaml",
        "models:\n  - a\n",
        "models:\n  - a\n  - 可灵 v3 – 🎬\n",
        ("/models", "可灵 v3 – 🎬", {}),
        id="text from right to left, signs and letters of other scripts stay plain",
    ),
    pytest.param(
        "yaml",
        "models:\n  - id: a\n",
        (
            "models:\n  - id: a\n  - id: kling-v3\n    i: 100000000000000000000\n"
            "    f: 1.0e+22\n    g: 0.5\n    t: true\n    z: null\n"
        ),
        ("/models", {"id": "kling-v3", "i": 100000000000000000000, "f": 1e22, "g": 0.5, "t": True, "z": None}, {}),
        id="numbers, words and nothing",
    ),
]


@pytest.mark.parametrize(("format_name", "before", "after", "at"), SHAPES)
def test_the_owner_would_have_written_the_same(
    format_name: str, before: str, after: str, at: tuple[str, Value, dict[str, Any]]
) -> None:
    pointer, value, options = at
    assert after == inserted(before, format_name, pointer, value, **options)
