"""What the proof of an edit refuses: changes of other places, of meanings that a text comparison misses, of dialect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.edits import TextEdit, apply_edits
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.insertion import extend_string, insert, replace_scalar
from tokenrouter_video.documents.values import Copy, Value
from tokenrouter_video.documents.verification import Change, Insertion, Replacement, verify

SHARED = "an alias repeats what would be changed, so another place would change too"
OTHERWISE = "the edited text does not say what was planned"


def refusal(text: str, format_name: str, edits: Sequence[TextEdit], change: Change) -> str:
    """Return why the proof refuses some edits."""
    with pytest.raises(DocumentError) as caught:
        verify(parse(text, format_name), edits, change)
    return caught.value.reason


LIST = "l:\n  - a\nx: 0x10\n"
INTO_LIST = Insertion(("l",), 1, None, "b")


def test_the_planned_edit_itself_is_accepted() -> None:
    edits = (TextEdit(8, 8, "\n  - b"),)
    assert apply_edits(LIST, edits) == verify(parse(LIST, "yaml"), edits, INTO_LIST).text


WRONG = [
    pytest.param((TextEdit(8, 8, "\n  - c"),), OTHERWISE, id="another value"),
    pytest.param((TextEdit(4, 4, "- b\n  "),), OTHERWISE, id="another place"),
    pytest.param((TextEdit(8, 8, "\n  - b\n  - c"),), OTHERWISE, id="one entry too many"),
    pytest.param((TextEdit(8, 8, "\n  - b # mine"),), OTHERWISE, id="a comment of ours"),
    pytest.param((TextEdit(8, 8, "\n  - b\ny: 1"),), OTHERWISE, id="another key"),
    pytest.param((TextEdit(8, 8, "\n  - !!str b"),), None, id="a tag that says the same"),
    pytest.param((TextEdit(7, 8, "a\n  - b"),), "the edit is no pure insertion", id="a replacement"),
    pytest.param((TextEdit(8, 8, "\n  - b"), TextEdit(14, 14, "0")), OTHERWISE, id="another spelling of a number"),
    pytest.param(
        (TextEdit(8, 8, "\n  - b"), TextEdit(12, 16, "16\n")), "the edit is no pure insertion", id="same number"
    ),
    pytest.param((TextEdit(8, 8, "\n  - b"), TextEdit(7, 9, "")), "edits overlap or leave the text", id="overlap"),
]


@pytest.mark.parametrize(("edits", "reason"), WRONG)
def test_an_edit_that_says_anything_else_is_refused(edits: tuple[TextEdit, ...], reason: str | None) -> None:
    if reason is None:
        assert verify(parse(LIST, "yaml"), edits, INTO_LIST).root is not None
    else:
        assert reason == refusal(LIST, "yaml", edits, INTO_LIST)


def test_a_replacement_changes_its_own_scalar_only() -> None:
    text = "a: 1\nb: 0x10\n"
    edits = (TextEdit(3, 4, "2"), TextEdit(8, 12, "16"))
    assert refusal(text, "yaml", edits, Replacement(("a",), 2)) == OTHERWISE


def test_an_anchor_in_new_text_that_catches_a_later_alias_is_refused() -> None:
    text = "d: &d x\nl:\n  - a\nm: *d\n"
    edits = (TextEdit(16, 16, "\n  - &d b"),)
    assert refusal(text, "yaml", edits, INTO_LIST) == OTHERWISE


def test_a_copied_alias_must_lead_to_the_same_anchor() -> None:
    text = "d: &d {k: 1}\nl:\n  - *d\ne: &d {k: 2}\nm:\n  - x\n"
    with pytest.raises(DocumentError) as caught:
        insert(parse(text, "yaml"), "/m", Copy(("l", "0")))
    assert caught.value.reason == OTHERWISE


ALIASED = [
    pytest.param("l: &l\n  - a\nm: *l\n", "/l", "b", {}, id="a list"),
    pytest.param(
        "p: &p\n  l:\n    - a\nq:\n  <<: *p\n", "/p/l", "b", {}, id="a list in a map that is merged elsewhere"
    ),
    pytest.param("p: &p\n  kind: chat\nq: *p\n", "/p", "b", {"key": "id"}, id="a map"),
]


@pytest.mark.parametrize(("text", "pointer", "value", "options"), ALIASED)
def test_what_aliases_repeat_is_not_edited(text: str, pointer: str, value: Value, options: dict[str, Any]) -> None:
    with pytest.raises(DocumentError) as caught:
        insert(parse(text, "yaml"), pointer, value, **options)
    assert caught.value.reason == SHARED


def test_a_scalar_that_aliases_repeat_is_not_replaced() -> None:
    for text, pointer in (("a: &a chat\nb: *a\n", "/a"), ("p: &p {a: chat}\nq: *p\n", "/p/a")):
        with pytest.raises(DocumentError) as caught:
            replace_scalar(parse(text, "yaml"), pointer, "video")
        assert caught.value.reason == SHARED


def test_an_anchored_scalar_keeps_its_anchor_when_it_is_replaced() -> None:
    assert replace_scalar(parse("a: &a chat # c\n", "yaml"), "/a", "video").document.text == "a: &a video # c\n"


def test_a_spread_must_be_that_of_the_model() -> None:
    text = "const m = [\n  { id: 'a', ...base },\n];\n"
    document = parse(text, "typescript")
    like = document.at("/m/0")
    assert like is not None
    change = Insertion(("m",), 1, None, {"id": "b", "\0" + "0": Copy(())}, like.node)
    right = (TextEdit(35, 35, "\n  { id: 'b', ...base },"),)
    wrong = (TextEdit(35, 35, "\n  { id: 'b', ...other },"),)
    assert verify(document, right, change).text == text[:35] + right[0].text + text[35:]
    assert refusal(text, "typescript", wrong, change) == OTHERWISE


@pytest.mark.parametrize(
    ("format_name", "text", "edit", "change", "reason"),
    [
        ("json", '["a"]', TextEdit(4, 4, ', "b",'), Insertion((), 1, None, "b"), "the edit would turn json into jsonc"),
        (
            "jsonc",
            '["a",]',
            TextEdit(5, 5, " 'b',"),
            Insertion((), 1, None, "b"),
            "the edit would turn jsonc into json5",
        ),
        ("json", '{"a": 1}', TextEdit(7, 7, ', "a": 2'), Insertion((), 1, "a", 2), "after the edit: a duplicate key"),
    ],
)
def test_a_dialect_is_kept_and_no_key_repeated(
    format_name: str, text: str, edit: TextEdit, change: Change, reason: str
) -> None:
    assert reason == refusal(text, format_name, (edit,), change)


def test_quotes_in_a_value_do_not_confuse_the_second_reader_of_jsonc() -> None:
    before = '[\n  "a", // first\n  "b" // last\n]'
    after = '[\n  "a", // first\n  "b", // last\n  "5\\" screen"\n]'
    assert after == insert(parse(before, "jsonc"), "", '5" screen').document.text


REFUSED = [
    pytest.param(
        "yaml",
        "l:\n  - |+\n    text",
        "/l",
        "b",
        {},
        "a block scalar ends the file without a line end, and one would change it",
        id="no end of line to add",
    ),
    pytest.param(
        "yaml", "l: {a: }\n", "/l/a", "b", {}, "there is no list or map to insert into", id="null between braces"
    ),
    pytest.param("yaml", "l: null\n", "/l", "b", {}, "there is no list or map at /l", id="a null that is written"),
    pytest.param("yaml", "a: 1\n---\nb: 2\n", "", "b", {}, "only lists and maps can get a new entry", id="a file"),
    pytest.param("toml", "m = ['a']\n", "/m", None, {}, "TOML has no null", id="null in TOML"),
    pytest.param(
        "toml", "[[m]]\nid = 1\n", "/m", "b", {}, "an array of tables takes only tables", id="a string among tables"
    ),
    pytest.param(
        "toml",
        "[a.b]\nx = 1\n",
        "/a",
        "v",
        {"key": "k"},
        "the table has no header of its own that a key could stand under",
        id="a key of an implied table",
    ),
    pytest.param(
        "toml",
        "[m]\na.id = 1\na.kind = 2\n",
        "/m",
        {"id": 3, "kind": 4},
        {"key": "b"},
        "a dotted key cannot be copied under another name",
        id="dotted keys under another name",
    ),
    pytest.param(
        "python",
        "M = dict(a=1)\n",
        "/M",
        2,
        {"key": "kling-v3"},
        "a keyword argument's name must be an identifier",
        id="a keyword that is no name",
    ),
    pytest.param(
        "python",
        "M = dict(a=1)\n",
        "/M",
        2,
        {"key": "class"},
        "a keyword argument's name must be an identifier",
        id="a keyword that Python keeps",
    ),
    pytest.param("json", "[1]", "", float("inf"), {}, "the value is not a finite number", id="infinity"),
    pytest.param("yaml", "l:\n  - a\n", "/l", "\ud800", {}, None, id="half a character"),
]


@pytest.mark.parametrize(("format_name", "text", "pointer", "value", "options", "reason"), REFUSED)
def test_what_cannot_be_done_is_refused_with_a_reason(  # noqa: PLR0917
    format_name: str, text: str, pointer: str, value: Value, options: dict[str, Any], reason: str | None
) -> None:
    with pytest.raises(DocumentError) as caught:
        insert(parse(text, format_name), pointer, value, **options)
    assert reason is None or reason == caught.value.reason


def test_a_string_that_would_end_early_is_not_extended() -> None:
    with pytest.raises(DocumentError):
        extend_string(parse('{"m": "a"}', "json"), "/m", '", "b": "')
    with pytest.raises(DocumentError):
        extend_string(parse("m: a\n", "yaml"), "/m", " # b")
    with pytest.raises(DocumentError):
        extend_string(parse("m: |\n  a,b\n", "yaml"), "/m", ",c")
