"""Inserting lines: YAML blocks and TOML tables."""

from __future__ import annotations

from typing import Any

import pytest

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.edits import apply_edits
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.insertion import extend_string, insert, replace_scalar
from tokenrouter_video.documents.values import Copy, Value


def inserted(text: str, format_name: str, pointer: str, value: Value, **options: Any) -> str:
    """Insert and return the new text."""
    edited = insert(parse(text, format_name), pointer, value, **options)
    assert all(edit.is_insertion for edit in edited.edits)
    return apply_edits(text, edited.edits)


STRINGS = [
    pytest.param("models:\n  - a\n  - b\n", "models:\n  - a\n  - b\n  - kling-v3\n", id="plain"),
    pytest.param("models:\n- a\nx: 1\n", "models:\n- a\n- kling-v3\nx: 1\n", id="dashes at the key's column"),
    pytest.param("models:\n  - a", "models:\n  - a\n  - kling-v3", id="no end of line at the end"),
    pytest.param('models:\r\n  - "a"\r\n', 'models:\r\n  - "a"\r\n  - "kling-v3"\r\n', id="CRLF and quotes"),
    pytest.param(
        "models:\n  - a # tail\n# next\nx: 1\n",
        "models:\n  - a # tail\n  - kling-v3\n# next\nx: 1\n",
        id="comments stay",
    ),
    pytest.param(
        "models:\n  - a\n\n  # gone:\n  # - b\n\nx: 1\n",
        "models:\n  - a\n  - kling-v3\n\n  # gone:\n  # - b\n\nx: 1\n",
        id="blank lines and comments behind the list stay behind it",
    ),
    pytest.param("models:\n  -   a\n", "models:\n  -   a\n  -   kling-v3\n", id="wide dashes"),
    pytest.param("models:\n  - a\n\n  - b\n", "models:\n  - a\n\n  - b\n\n  - kling-v3\n", id="blank lines between"),
    pytest.param("- models:\n  - a\n  - b\n", "- models:\n  - a\n  - b\n  - kling-v3\n", id="a list in a list's item"),
    pytest.param(
        "models:\n  - |\n    text\n  - b\n",
        "models:\n  - |\n    text\n  - b\n  - kling-v3\n",
        id="a block scalar before",
    ),
]


@pytest.mark.parametrize(("before", "after"), STRINGS)
def test_a_string_joins_a_yaml_block(before: str, after: str) -> None:
    pointer = "/0/models" if before.startswith("- models") else "/models"
    assert after == inserted(before, "yaml", pointer, "kling-v3")


OBJECTS = [
    pytest.param(
        "models:\n  - id: a\n    kind: chat\n",
        "models:\n  - id: a\n    kind: chat\n  - id: kling-v3\n    kind: video\n",
        id="plain",
    ),
    pytest.param(
        "models:\n  - id: a # name\n    # what it is\n    kind: chat\n    # rpm: 5\n# next\nx: 1\n",
        "models:\n  - id: a # name\n    # what it is\n    kind: chat\n    # rpm: 5\n  - id: kling-v3\n    kind: video\n"
        "# next\nx: 1\n",
        id="a comment that stands deeper than the dash is the entry's own",
    ),
    pytest.param(
        "models:\n  -\n    id: a\n    kind: chat\n",
        "models:\n  -\n    id: a\n    kind: chat\n  -\n    id: kling-v3\n    kind: video\n",
        id="dash on a line of its own",
    ),
    pytest.param(
        "models:\n  - id:   a\n    kind: chat\n",
        "models:\n  - id:   a\n    kind: chat\n  - id:   kling-v3\n    kind: video\n",
        id="aligned values",
    ),
    pytest.param(
        "models:\n  - &first\n    id: a\n    kind: &kind chat\n",
        "models:\n  - &first\n    id: a\n    kind: &kind chat\n  -\n    id: kling-v3\n    kind: video\n",
        id="anchors are not defined twice",
    ),
    pytest.param(
        "models:\n\t \n  - id: a\n    kind: 'chat'\n...\n",
        "models:\n\t \n  - id: a\n    kind: 'chat'\n  - id: kling-v3\n    kind: 'video'\n...\n",
        id="a document end",
    ),
]


@pytest.mark.parametrize(("before", "after"), OBJECTS)
def test_an_object_joins_a_yaml_block(before: str, after: str) -> None:
    assert after == inserted(before, "yaml", "/models", {"id": "kling-v3", "kind": "video"})


def test_aliases_and_merge_keys_are_repeated_and_never_expanded() -> None:
    before = "d: &d {u: x}\nmodels:\n  - <<: *d\n    id: a\n    k: *d\n"
    value: Value = {"<<": Copy(("models", "0", "<<")), "id": "kling-v3", "k": Copy(("models", "0", "k"))}
    assert before + "  - <<: *d\n    id: kling-v3\n    k: *d\n" == inserted(before, "yaml", "/models", value)


def test_the_second_document_of_a_file_is_edited_in_its_place() -> None:
    before = "models:\n- a\n---\nmodels:\n- b\n---\nx: 1\n"
    after = "models:\n- a\n---\nmodels:\n- b\n- kling-v3\n---\nx: 1\n"
    assert after == inserted(before, "yaml", "/1/models", "kling-v3")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("kling-v3", "kling-v3"),
        ("no", '"no"'),
        ("1.0", '"1.0"'),
        ("0x1F", '"0x1F"'),
        ("12:30:45", '"12:30:45"'),
        ("2026-01-02", '"2026-01-02"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("*x", '"*x"'),
        ("", '""'),
        ("null", '"null"'),
        ("~", '"~"'),
        ("=", '"="'),
        ("caf\u00e9", "caf\u00e9"),
        ("Kling v3 (new)", "Kling v3 (new)"),
        ("a\nb", '"a\\nb"'),
        ("\u2028", '"\\u2028"'),
    ],
)
def test_a_yaml_string_gets_quotes_where_a_reader_would_take_it_for_something_else(name: str, written: str) -> None:
    assert f"models:\n  - a\n  - {written}\n" == inserted("models:\n  - a\n", "yaml", "/models", name)


def test_a_map_of_a_yaml_block_gets_a_member() -> None:
    before = "models:\n  a:\n    kind: chat # c\n  # end\nx: 1\n"
    after = "models:\n  a:\n    kind: chat # c\n  kling-v3:\n    kind: video\n  # end\nx: 1\n"
    assert after == inserted(before, "yaml", "/models", {"kind": "video"}, key="kling-v3")


def test_nested_values_without_a_model_are_written_in_block_style() -> None:
    before = "models:\n  - id: a\n"
    value: Value = {"id": "kling-v3", "info": {"mode": "video_generation", "sizes": ["720p", "1080p"]}}
    after = (
        before
        + "  - id: kling-v3\n    info:\n      mode: video_generation\n      sizes:\n        - 720p\n        - 1080p\n"
    )
    assert after == inserted(before, "yaml", "/models", value)


TABLES = [
    pytest.param(
        '[[models]]\nid = "a"\nkind = "chat"\n',
        '[[models]]\nid = "a"\nkind = "chat"\n\n[[models]]\nid = "kling-v3"\nkind = "video"\n',
        id="one table",
    ),
    pytest.param(
        '[[models]]\nid = "a" # name\nkind = "chat"\n# own\n\n# next\n[x]\ny = 1\n',
        '[[models]]\nid = "a" # name\nkind = "chat"\n# own\n\n[[models]]\nid = "kling-v3"\nkind = "video"\n'
        "\n# next\n[x]\ny = 1\n",
        id="the comment below belongs to the table, the one above the next header to that",
    ),
    pytest.param(
        '[[models]]\nid = "a"\nkind = "chat"\n# next\n[x]\ny = 1\n',
        '[[models]]\nid = "a"\nkind = "chat"\n\n[[models]]\nid = "kling-v3"\nkind = "video"\n# next\n[x]\ny = 1\n',
        id="a comment right above the next header heads it",
    ),
    pytest.param(
        '[[models]]\r\n  id   = "a"\r\n  kind = "chat"\r\n',
        '[[models]]\r\n  id   = "a"\r\n  kind = "chat"\r\n\r\n[[models]]\r\n'
        '  id   = "kling-v3"\r\n  kind = "video"\r\n',
        id="CRLF, indentation and aligned equals signs",
    ),
    pytest.param(
        '[[models]]\nid = "a"\nkind = "chat"\n[[models]]\nid = "b"\nkind = "chat"',
        '[[models]]\nid = "a"\nkind = "chat"\n[[models]]\nid = "b"\nkind = "chat"\n'
        '[[models]]\nid = "kling-v3"\nkind = "video"',
        id="no blank line where the file has none",
    ),
]


@pytest.mark.parametrize(("before", "after"), TABLES)
def test_a_table_joins_an_array_of_tables(before: str, after: str) -> None:
    assert after == inserted(before, "toml", "/models", {"id": "kling-v3", "kind": "video"})


def test_a_named_table_gets_a_quoted_name_in_all_its_headers() -> None:
    before = '[models.a]\nkind = "chat"\n\n[models.a.providers.tr]\ntype = "x"\n\n[other]\ny = 1\n'
    after = (
        '[models.a]\nkind = "chat"\n\n[models.a.providers.tr]\ntype = "x"\n\n'
        '[models."MiniMax-Hailuo-2.3"]\nkind = "video"\n\n'
        '[models."MiniMax-Hailuo-2.3".providers.tr]\ntype = "x"\n\n[other]\ny = 1\n'
    )
    value: Value = {"kind": "video", "providers": Copy(("models", "a", "providers"))}
    assert after == inserted(before, "toml", "/models", value, key="MiniMax-Hailuo-2.3")


def test_a_key_is_put_before_the_sub_tables_that_would_swallow_it() -> None:
    before = "[a]\nx = 1\n\n[a.b]\ny = 2\n"
    assert inserted(before, "toml", "/a", "video", key="kind") == '[a]\nx = 1\nkind = "video"\n\n[a.b]\ny = 2\n'


REPLACEMENTS = [
    ("yaml", "a: chat # c\n", "/a", "video", "a: video # c\n"),
    ("yaml", "a: 'chat'\n", "/a", "video", "a: 'video'\n"),
    ("yaml", "a:\nb: 1\n", "/a", "video", "a: video\nb: 1\n"),
    ("json", '{"a": "chat"}', "/a", "video", '{"a": "video"}'),
    ("json5", "{a: 'chat'}", "/a", "video", "{a: 'video'}"),
    ("toml", "a = 'chat' # c\n", "/a", "video", "a = 'video' # c\n"),
    ("python", "A = {'a': 'chat'}\n", "/A/a", "video", "A = {'a': 'video'}\n"),
    ("typescript", "const A = {a: `chat`};\n", "/A/a", "video", "const A = {a: `video`};\n"),
]


@pytest.mark.parametrize(("format_name", "before", "pointer", "value", "after"), REPLACEMENTS)
def test_a_scalar_is_replaced_in_its_quotes(
    format_name: str, before: str, pointer: str, value: str, after: str
) -> None:
    edited = replace_scalar(parse(before, format_name), pointer, value)
    assert after == edited.document.text
    assert len(edited.edits) == 1


def test_a_string_is_extended_inside_its_quotes() -> None:
    edited = extend_string(parse('{"models": "a,b" }', "json"), "/models", ",kling-v3")
    assert edited.document.text == '{"models": "a,b,kling-v3" }'


def test_a_list_that_only_an_alias_names_is_refused() -> None:
    with pytest.raises(DocumentError):
        insert(parse("d: &d [a]\nmodels: *d\n", "yaml"), "/models", "kling-v3")
