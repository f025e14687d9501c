"""Texts that the YAML parser refuses or marks: the place is given, the text is never quoted, nothing else is raised."""

from __future__ import annotations

import traceback
import warnings

import pytest

from tokenrouter_video.documents.document import MAX_ALIASES, MAX_DEPTH, DocumentError
from tokenrouter_video.documents.tree import walk
from tokenrouter_video.documents.yaml_tree import parse
from yaml_outline import outline

# The mark ``^`` shows the place and is taken out.
UNREADABLE = [
    pytest.param("a:\n^\tb: 1\n", "a tab stands where YAML allows only spaces", id="a tab as indentation"),
    pytest.param("a:\n  b: 1\n ^\tc: 1\n", "a tab stands where YAML allows only spaces", id="a tab behind spaces"),
    pytest.param("-^\t- a\n", "a tab stands where YAML allows only spaces", id="a tab between dashes"),
    pytest.param("a: ^'x\nb: 1\n", "a quoted text is not closed", id="single quote"),
    pytest.param('a: ^"x\nb: 1\n', "a quoted text is not closed", id="double quote"),
    pytest.param(
        "a: 'x\n^---\nb'\n", "a quoted text is not closed before the document ends", id="quote over documents"
    ),
    pytest.param("a: ^[1, 2\n", "a comma is missing, or a '[' or '{' is not closed", id="list"),
    pytest.param("a: ^{b: [1]\n\n", "a comma is missing, or a '[' or '{' is not closed", id="mapping"),
    pytest.param("a: ['1' ^2]\n", "a comma is missing, or a '[' or '{' is not closed", id="comma"),
    pytest.param("a: [1, ^, 2]\n", "a value is missing, or a bracket or comma stands where none can", id="two commas"),
    pytest.param("a: ^]\n", "a value is missing, or a bracket or comma stands where none can", id="no opening bracket"),
    pytest.param('a: "\\^q"\n', "an escape that YAML does not know stands in a double-quoted text", id="escape"),
    pytest.param('a: "\\x^zz"\n', "an escape in a double-quoted text is incomplete", id="half an escape"),
    pytest.param('a: "\\U^ffffffff"\n', "not valid YAML", id="an escape beyond Unicode"),
    pytest.param('a: ^"\\ud83c"\n', "an escape in a double-quoted text stands for half a character", id="half a pair"),
    pytest.param(
        "a: b^: c\n", "a ':' stands where no value can start; a text that holds ': ' needs quotes", id="colon"
    ),
    pytest.param(
        "a: 1\n^b\nc: 1\n",
        "a ':' is missing behind a key, or a text over several lines is not indented",
        id="a key without a colon",
    ),
    pytest.param(
        "a: 1\n - b\n^- c\n",
        "a line is indented wrongly, or a '-', ',' or ':' is missing before it",
        id="a dash among keys",
    ),
    pytest.param(
        "a: |\n    \n  ^x\nb: 1\n",
        "a line is indented wrongly, or a '-', ',' or ':' is missing before it",
        id="a literal's first line is blank and longer than its indentation",
    ),
    pytest.param(
        "a:\n  b: 1\n ^c: 2\n",
        "a line is indented wrongly, or a '-', ',' or ':' is missing before it",
        id="between two indentations",
    ),
    pytest.param("a: ^@x\n", "a value starts with a character that YAML reserves; such a text needs quotes", id="@"),
    pytest.param("a: ^- b\n", "a '-' stands where no list item can start", id="a dash behind a colon"),
    pytest.param("a: ^? b\n", "a '?' stands where no key can start", id="a question mark behind a colon"),
    pytest.param(
        "[a] ^]\n", "the document's value is complete; a line is indented wrongly, or a mark too many", id="]"
    ),
    pytest.param(
        "a: |^x\n", "text stands behind a '|' or '>', where only its indicators or a comment can", id="text behind |"
    ),
    pytest.param(
        "a: &^ x\n", "an anchor, alias or directive has no name, or a character that none can have", id="no anchor name"
    ),
    pytest.param("a: ^!x!y z\n", "a tag's handle is not declared", id="tag handle"),
    pytest.param("a: ^*x\n", "an alias has no anchor before it", id="alias"),
    pytest.param("a: ^*x\nb: &x 1\n", "an alias has no anchor before it", id="alias before its anchor"),
    pytest.param("a: &x 1\n---\nb: ^*x\n", "an alias has no anchor before it", id="alias to another document"),
    pytest.param("a: x^\0\n", "a control character that YAML forbids", id="NUL"),
    pytest.param("a: 'x^\x1b'\n", "a control character that YAML forbids", id="escape character"),
    pytest.param("a: ☺^\ud800\n", "a control character that YAML forbids", id="half a surrogate pair"),
    pytest.param("^%YAML 2.0\n---\na\n", "not valid YAML", id="version"),
]


@pytest.mark.parametrize(("marked", "reason"), UNREADABLE)
def test_a_text_that_is_no_yaml_is_refused_with_its_place(marked: str, reason: str) -> None:
    offset = marked.index("^")
    with pytest.raises(DocumentError) as caught:
        parse(marked[:offset] + marked[offset + 1 :])
    assert (reason, offset) == (caught.value.reason, caught.value.offset)


def test_no_error_shows_the_text() -> None:
    key = "example-key-7f2"
    for text in (f"k: '{key}", f"{key}: [1\n", f"k: *{key}\n", f'k: "{key}\\q"\n', f"k: !{key}!x y\n", f"k: {key}\0"):
        with pytest.raises(DocumentError) as caught:
            parse(text)
        assert key not in "".join(traceback.format_exception(caught.value))


def nested(depth: int, opening: str, closing: str = "") -> str:
    return opening * depth + "x" + closing * depth


BRACKETS = [
    pytest.param("[", "]", id="lists"),
    pytest.param("[\n", "]", id="lists on lines"),
    pytest.param("{a: ", "}", id="mappings"),
    pytest.param("- ", "", id="dashes"),
    pytest.param("? ", "", id="explicit keys"),
]


@pytest.mark.parametrize(("opening", "closing"), BRACKETS)
def test_nesting_is_bounded(opening: str, closing: str) -> None:
    depth = MAX_DEPTH
    deepest = max(len(place.parents) for place in walk(parse(nested(depth, opening, closing)).root))
    assert deepest == (0 if opening == "? " else depth)
    for more in (1, 10_000):
        with pytest.raises(DocumentError) as caught:
            parse(nested(depth + more, opening, closing))
        assert (caught.value.reason, caught.value.offset) == ("more than 100 nested collections", len(opening) * depth)


def test_block_mappings_count_as_nesting() -> None:
    lines = ["  " * depth + "a:\n" for depth in range(MAX_DEPTH + 1)]
    parse("".join(lines[:-1]))
    with pytest.raises(DocumentError) as caught:
        parse("".join(lines))
    assert caught.value.offset == len("".join(lines[:-1])) + 2 * MAX_DEPTH


def test_aliases_are_bounded() -> None:
    parse("a: &a 1\nb: [" + "*a ," * MAX_ALIASES + "]\n")
    with pytest.raises(DocumentError) as caught:
        parse("a: &a 1\nb: [" + "*a ," * (MAX_ALIASES + 1) + "]\n")
    assert (caught.value.reason, caught.value.offset) == ("more than 1,000 aliases", 12 + 4 * MAX_ALIASES)


def test_aliases_are_never_expanded() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 60)]
    document = parse("l0: &l0 x\n" + "".join(levels))
    assert sum(1 for _ in walk(document.root)) == 1 + 1 + 59 * 10


DUPLICATES = [
    pytest.param("a: 1\nb: 2\n^a: 3\n", id="plain"),
    pytest.param("a: 1\n^'a': 2\n", id="quoted otherwise"),
    pytest.param("{a: 1, ^a: 2}\n", id="in flow"),
    pytest.param("x: &x {}\ny:\n  <<: *x\n  ^<<: *x\n", id="merge keys"),
    pytest.param("16: a\n^0x10: b\n", id="numbers spelled otherwise"),
    pytest.param("null: a\n^~: b\n", id="nulls spelled otherwise"),
    pytest.param("8080: a\n^'8080': b\n", id="a number and its text, which one pointer names"),
    pytest.param("a: 1\n&x ^a: 2\n", id="behind an anchor"),
    pytest.param("? a\n? ^a\n", id="in a set"),
    pytest.param("a: &x b\nc:\n  b: 1\n  ^*x : 2\n", id="an alias of the other key"),
]


@pytest.mark.parametrize("marked", DUPLICATES)
def test_a_duplicate_key_is_an_obstacle(marked: str) -> None:
    offset = marked.index("^")
    obstacles = parse(marked[:offset] + marked[offset + 1 :]).obstacles
    assert [("a duplicate key", offset)] == [(obstacle.reason, obstacle.offset) for obstacle in obstacles]


def test_equal_keys_of_different_mappings_are_no_obstacle() -> None:
    assert parse("- a: {a: 1}\n  b: {a: 1}\n- a: 1\n").obstacles == ()


def test_of_equal_keys_both_are_in_the_tree() -> None:
    assert outline(parse("a: 1\na: 2\n"))[1:] == [
        "/a integer plain 1 '1' entry 'a: 1'",
        "/a integer plain 2 '2' entry 'a: 2'",
    ]


ODD_BUT_READABLE = [
    pytest.param(" " * 100_000, id="blanks"),
    pytest.param("\n" * 100_000, id="blank lines"),
    pytest.param("#" * 100_000, id="a comment"),
    pytest.param(chr(0xFEFF) * 1_000, id="byte order marks"),
    pytest.param("?" * 10_000, id="question marks"),
    pytest.param("a: " + "1" * 100_000, id="digits"),
    pytest.param("---\n" * 1_000, id="documents"),
    pytest.param("a: &x 1\nb: &x 2\n", id="an anchor twice"),
    pytest.param("a: |\n  x\n" + " " * 50_000, id="blanks behind a literal"),
]


@pytest.mark.parametrize("text", ODD_BUT_READABLE)
def test_odd_texts_are_read_without_a_warning(text: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        parse(text)
    assert caught == []


ODD_AND_REFUSED = [
    pytest.param("%YAML 1." + "1" * 5_000 + "\n---\na\n", id="a version of 5,000 digits"),
    pytest.param("a: !x%25zz y\n", id="a tag with half an escape"),
    pytest.param(":" * 10_000, id="colons"),
    pytest.param("*" * 10_000, id="stars"),
    pytest.param("|" * 10_000, id="bars"),
    pytest.param("'" * 10_001, id="quotes"),
    pytest.param("- &a " * 10_000, id="anchors and dashes"),
    pytest.param("!a" * 10_000, id="tags"),
    pytest.param("\t" * 10_000 + "a", id="tabs"),
]


@pytest.mark.parametrize("text", ODD_AND_REFUSED)
def test_odd_texts_are_refused_like_others(text: str) -> None:
    with pytest.raises(DocumentError):
        parse(text)


def test_a_bomb_of_aliases_is_an_obstacle_and_a_few_hundred_are_none() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    (obstacle,) = parse(bomb).obstacles
    assert obstacle.reason == "aliases that stand for more than 1,000,000 values (a YAML bomb)"
    shared = "a: &a {x: 1, y: 2}\nl:\n" + "- *a\n" * 500
    assert parse(shared).obstacles == ()
