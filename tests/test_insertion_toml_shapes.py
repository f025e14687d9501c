"""Inserting into the shapes that TOML files have: whole texts before and after."""

from __future__ import annotations

from typing import Any

import pytest

from tokenrouter_video.documents.edits import apply_edits
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.insertion import insert
from tokenrouter_video.documents.values import Value


def inserted(text: str, format_name: str, pointer: str, value: Value, **options: Any) -> str:
    """Insert and return the new text."""
    edited = insert(parse(text, format_name), pointer, value, **options)
    assert all(edit.is_insertion for edit in edited.edits)
    return apply_edits(text, edited.edits)


SHAPES = [
    pytest.param(
        "toml",
        "[a] # ours\n\n[b]\nx = 1\n",
        '[a] # ours\nkling-v3 = "v"\n\n[b]\nx = 1\n',
        ("/a", "v", {"key": "kling-v3"}),
        id="a table that has a header and nothing else",
    ),
    pytest.param(
        "toml",
        "[a]\nx = 1\n\n[b]\n",
        '[a]\nx = 1\n\n[b]\n\n[kling-v3]\nkind = "video"\n',
        ("", {"kind": "video"}, {"key": "kling-v3"}),
        id="a table like one that has a header and nothing else",
    ),
    pytest.param(
        "toml",
        "# Config\n\n[b]\ny = 1\n",
        '# Config\n\nkling-v3 = "v"\n\n[b]\ny = 1\n',
        ("", "v", {"key": "kling-v3"}),
        id="a key before the first table, below the text that heads the file",
    ),
    pytest.param(
        "toml",
        "# about b\n[b]\ny = 1\n",
        'kling-v3 = "v"\n\n# about b\n[b]\ny = 1\n',
        ("", "v", {"key": "kling-v3"}),
        id="a key before the comment that heads the first table",
    ),
    pytest.param(
        "toml",
        "a.b = 1\na.c = 2\nz = 3\n",
        "a.b = 1\na.c = 2\na.d = 4\nz = 3\n",
        ("/a", 4, {"key": "d"}),
        id="dotted keys",
    ),
    pytest.param(
        "toml",
        "[a]\nx = 1\n\n[[a.list]]\ny = 2\n\n[a.sub]\nz = 3\n",
        '[a]\nx = 1\nk = "v"\n\n[[a.list]]\ny = 2\n\n[a.sub]\nz = 3\n',
        ("/a", "v", {"key": "k", "position": 3}),
        id="a key among sub-tables and arrays of tables",
    ),
    pytest.param(
        "toml",
        '[[m]]\nid = "a"\n\n  [m.p]\n  x = 1\n',
        (
            '[[m]]\nid = "a"\n\n  [m.p]\n  x = 1\n\n[[m]]\nid = "kling-v3"\nkind = "video"\n\n'
            "  [m.p]\n  x = 2\n  more = { q = 1 }\n"
        ),
        ("/m", {"id": "kling-v3", "p": {"x": 2, "more": {"q": 1}}, "kind": "video"}, {}),
        id="new keys go before the sub-tables, not into them",
    ),
    pytest.param(
        "toml",
        '[[m]]\nid = "a"\n\n[z]\nx = 1\n\n[[m]]\nid = "b"\n\n[y]\nx = 1\n',
        ('[[m]]\nid = "a"\n\n[z]\nx = 1\n\n[[m]]\nid = "b"\n\n[[m]]\nid = "kling-v3"\n\n[y]\nx = 1\n'),
        ("/m", {"id": "kling-v3"}, {}),
        id="tables that stand apart",
    ),
    pytest.param(
        "toml",
        '[[m]]\nid = "a"\n\n# ------\n# Other\n# ------\n\n[z]\nx = 1\n',
        ('[[m]]\nid = "a"\n\n[[m]]\nid = "kling-v3"\n\n# ------\n# Other\n# ------\n\n[z]\nx = 1\n'),
        ("/m", {"id": "kling-v3"}, {}),
        id="a banner above the next section",
    ),
    pytest.param(
        "toml",
        '[[m]]\nid = "a"\n# rpm = 5\n\n# [[m]]\n# id = "b"\n\n[z]\nx = 1\n',
        ('[[m]]\nid = "a"\n# rpm = 5\n\n[[m]]\nid = "kling-v3"\n\n# [[m]]\n# id = "b"\n\n[z]\nx = 1\n'),
        ("/m", {"id": "kling-v3"}, {}),
        id="commented-out keys belong to the table above, commented-out tables to nobody",
    ),
    pytest.param(
        "toml",
        '# Models\n[[m]]\nid = "a"\n',
        '# Models\n[[m]]\nid = "kling-v3"\n\n[[m]]\nid = "a"\n',
        ("/m", {"id": "kling-v3"}, {"position": 0}),
        id="the first table of a file below its heading",
    ),
    pytest.param(
        "toml",
        '[[m]]\nid = "a"\n\n# b\n[[m]]\nid = "b"\n',
        '[[m]]\nid = "a"\n\n[[m]]\nid = "kling-v3"\n\n# b\n[[m]]\nid = "b"\n',
        ("/m", {"id": "kling-v3"}, {"position": 1}),
        id="a table between commented tables",
    ),
    pytest.param(
        "toml",
        '[[m]]\nid = "a"\n\n  [[m.p]]\n  x = 1\n  [[m.p]]\n  x = 2\n',
        (
            '[[m]]\nid = "a"\n\n  [[m.p]]\n  x = 1\n  [[m.p]]\n  x = 2\n\n[[m]]\n'
            'id = "kling-v3"\n\n  [[m.p]]\n  x = 3\n  [[m.p]]\n  x = 4\n  [[m.p]]\n  x = 5\n'
        ),
        ("/m", {"id": "kling-v3", "p": [{"x": 3}, {"x": 4}, {"x": 5}]}, {}),
        id="nested arrays of tables, of which one more element is wanted",
    ),
    pytest.param(
        "toml",
        ('[[p]]\nname = "tr"\n[[p.models]]\nid = "a"\n\n[[p]]\nname = "x"\n[[p.models]]\nid = "z"\n'),
        (
            '[[p]]\nname = "tr"\n[[p.models]]\nid = "a"\n[[p.models]]\nid = "kling-v3"\n\n'
            '[[p]]\nname = "x"\n[[p.models]]\nid = "z"\n'
        ),
        ("/p/0/models", {"id": "kling-v3"}, {}),
        id="an array of tables inside the first of two providers",
    ),
    pytest.param(
        "toml",
        '[m."a.b"]\nx = 1\n',
        '[m."a.b"]\nx = 1\n\n[m."kling-v3"]\nx = 2\n',
        ("/m", {"x": 2}, {"key": "kling-v3"}),
        id="a name that needs no quotes gets those that all others have",
    ),
    pytest.param(
        "toml",
        "[m.'a.b']\nx = 1\n",
        "[m.'a.b']\nx = 1\n\n[m.'Hailuo-2.3']\nx = 2\n",
        ("/m", {"x": 2}, {"key": "Hailuo-2.3"}),
        id="a name that needs quotes gets those of its sibling",
    ),
    pytest.param(
        "toml",
        '[[m]]\nid="a"\n',
        '[[m]]\nid="a"\n\n[[m]]\nid="kling-v3"\nmodes=["std", "pro"]\nn=1\n',
        ("/m", {"id": "kling-v3", "modes": ["std", "pro"], "n": 1}, {}),
        id="equals signs without blanks",
    ),
    pytest.param(
        "toml",
        "m = {}\nx = { y = 1 }\n",
        'm = { kling-v3 = { kind = "video" } }\nx = { y = 1 }\n',
        ("/m", {"kind": "video"}, {"key": "kling-v3"}),
        id="an empty inline table",
    ),
    pytest.param(
        "toml",
        "m = [\n  # none yet\n]\n",
        'm = [\n  # none yet\n  "kling-v3"\n]\n',
        ("/m", "kling-v3", {}),
        id="an empty array that holds a comment",
    ),
    pytest.param(
        "toml",
        '[[a.m]]\nid = "x"\n\n[b]\nm = [{ id = "y" }]\n',
        '[[a.m]]\nid = "x"\n\n[b]\nm = [{ id = "y" }, { id = "kling-v3" }]\n',
        ("/b/m", {"id": "kling-v3"}, {"like": "/a/m/0"}),
        id="an inline array whose model is in an array of tables",
    ),
    pytest.param(
        "toml",
        '[a.m.x]\nid = "x"\nkind = "v"\n\n[b.m.y]\nid = "y"\nkind = "c"\n',
        (
            '[a.m.x]\nid = "x"\nkind = "v"\n\n[b.m.y]\nid = "y"\nkind = "c"\n\n[b.m.kling-v3]\n'
            'id = "kling-v3"\nkind = "v"\n'
        ),
        ("/b/m", {"id": "kling-v3", "kind": "v"}, {"key": "kling-v3", "like": "/a/m/x"}),
        id="named tables whose model stands under another table",
    ),
    pytest.param(
        "toml",
        "[a]\r\n\tx = 1\r\n\r\n\t[a.b]\r\n\ty = 2\r\n",
        '[a]\r\n\tx = 1\r\n\tz = "v"\r\n\r\n\t[a.b]\r\n\ty = 2\r\n',
        ("/a", "v", {"key": "z"}),
        id="tabs and CRLF",
    ),
    pytest.param(
        "toml",
        "[a]\nx = '''\ntext\n'''\n",
        "[a]\nx = '''\ntext\n'''\ny = \"it's\"\n",
        ("/a", "it's", {"key": "y"}),
        id="a string over several lines above",
    ),
    pytest.param(
        "toml",
        'm = ["a"]\n',
        'm = ["a", "可灵 \\"v3\\" \\\\ \\u007f 🎬"]\n',
        ("/m", '可灵 "v3" \\ \x7f 🎬', {}),
        id="text with escapes and characters of other scripts",
    ),
]


@pytest.mark.parametrize(("format_name", "before", "after", "at"), SHAPES)
def test_the_owner_would_have_written_the_same(
    format_name: str, before: str, after: str, at: tuple[str, Value, dict[str, Any]]
) -> None:
    pointer, value, options = at
    assert after == inserted(before, format_name, pointer, value, **options)
