"""Broken and odd texts: an insertion makes a proven edit or raises DocumentError, and never anything else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.edits import apply_edits
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.insertion import insert
from tokenrouter_video.documents.tree import Mapping, Place, Scalar, Sequence, to_pointer, walk
from tokenrouter_video.documents.values import Copy, Value

TEXTS = {
    "yaml": [
        "b: &b\n  u: 1\nm: # c\n  # A\n  - <<: *b\n    id: a # c\n    d: |+\n      t\n\n"
        "  # B\n  - {id: b, k: 'x'}\n# n\nx:\n",
        '? m\n: - a\n  -   - b\n      - "c"\n---\nm: [\n  a, # c\n  b\n]\nn: !t\n  k: *a\no: &a\n',
    ],
    "toml": [
        "# h\nx.y = 1\n\n[[m]]\nid = 'a' # c\n[m.p]\nq = [\n  1, # c\n]\n\n"
        '# n\n[o.\'k.l\']\nz = { a = 1, b = """t\nt""" }\n',
        "[a]\n[a.m.x]\nk = 1\n[b]\nm = []\n[a.m.y]\nk = 2\n",
    ],
    "jsonc": [
        '{\n  // h\n  "m": [ // c\n    {"id": "a", "n": {"q": [1, 2]}}, // a\n    /* b */ {"id": "b"}\n'
        '    // "c",\n  ],\n  "e": [],\n}\n',
        '{"m":["a","b"],"o":{"x":1}}',
    ],
    "typescript": [
        "const x = f({\n  m: [\n    { id: 'a', run: () => go(1), ...b }, // a\n"
        "    'b'\n  , `c`\n  ] as const,\n  e: {},\n});\n",
    ],
    "python": [
        "M = [\n    C('a', k=1, **b),  # a\n    {'x': ('y',), 'z': r'q'},\n]\n"
        "E = {}\nD = dict(\n    a=[],\n    b='''t\n  t''',\n)\n",
    ],
}
PIECES = [
    *" \n\t#,:-[]{}\"'&*!|>/=().0a",
    "\r\n",
    "\n  ",
    "# c\n",
    "// c\n",
    "/* c */",
    "---\n",
    "*a",
    "&a ",
    "- ",
    '"""',
    ",\n",
]
NAMES = st.sampled_from(["kling-v3", "no", "a.b", "it's", "\u4e2d #1", "class", "", "1.0"])
PLAIN: st.SearchStrategy[Value] = st.one_of(NAMES, st.integers(-5, 10**20), st.floats(), st.booleans(), st.none())
VALUES: st.SearchStrategy[Value] = st.recursive(
    PLAIN, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)), max_leaves=6
)


@st.composite
def mutated(draw: st.DrawFn, format_name: str) -> str:
    text = draw(st.sampled_from(TEXTS[format_name]))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 4)))
        text = text[:start] + draw(st.sampled_from(["", *PIECES])) + text[end:]
    return text


def parsed(text: str, format_name: str) -> Document | None:
    try:
        return parse(text, format_name)
    except DocumentError:
        return None


def draw_value(data: st.DataObject, places: list[Place], place: Place) -> Value:
    """Draw a value: a made one, a copy of some node, or the copied members of an entry."""
    choice = data.draw(st.integers(0, 2))
    if choice == 0:
        return data.draw(VALUES)
    if choice == 1:
        return Copy(places[data.draw(st.integers(0, len(places) - 1))].parts)
    maps = [one for one in places if isinstance(one.node, Mapping) and one.parents[-1:] == (place.node,)]
    if not maps:
        return data.draw(VALUES)
    chosen = maps[data.draw(st.integers(0, len(maps) - 1))]
    assert isinstance(chosen.node, Mapping)
    keys = [entry.key for entry in chosen.node.entries if entry.key is not None]
    return {key: Copy((*chosen.parts, key)) for key in keys}


@pytest.mark.parametrize("format_name", list(TEXTS))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_an_insertion_into_any_text_is_pure_or_refused(format_name: str, data: st.DataObject) -> None:
    text = data.draw(mutated(format_name))
    document = parsed(text, format_name)
    if document is None:
        return
    places = list(walk(document.root))
    targets = [one for one in places if isinstance(one.node, Mapping | Sequence)]
    targets += [one for one in places if isinstance(one.node, Scalar) and one.node.style == "empty"]
    if not targets:
        return
    place = targets[data.draw(st.integers(0, len(targets) - 1))]
    value = draw_value(data, places, place)
    key = data.draw(NAMES) if isinstance(place.node, Mapping) else None
    position = data.draw(st.one_of(st.none(), st.integers(0, 3)))
    like = data.draw(st.one_of(st.none(), st.integers(0, len(places) - 1)))
    try:
        edited = insert(
            document,
            place.pointer,
            value,
            key=key,
            position=position,
            like=None if like is None else to_pointer(places[like].parts),
        )
    except DocumentError:
        return
    assert all(edit.is_insertion for edit in edited.edits)
    assert apply_edits(text, edited.edits) == edited.document.text
