"""YAML scalars: what their tokens cover, in every style and with every line end."""

from __future__ import annotations

import pytest

from tokenrouter_video.documents.tree import Alias, Mapping, Scalar, Sequence
from tokenrouter_video.documents.yaml_tree import parse
from yaml_outline import outline

TOKENS = [
    pytest.param(
        "a: x y  # why\nb: z\n",
        [
            ". block mapping 'a: x y  # why\\nb: z'",
            "/a string plain 'x y' 'x y' entry 'a: x y'",
            "/b string plain 'z' 'z' entry 'b: z'",
        ],
        id="plain",
    ),
    pytest.param(
        "a: x\n  y\n\n  z # why\nb: w\n",
        [
            ". block mapping 'a: x\\n  y\\n\\n  z # why\\nb: w'",
            "/a string plain 'x y\\nz' 'x\\n  y\\n\\n  z' entry 'a: x\\n  y\\n\\n  z'",
            "/b string plain 'w' 'w' entry 'b: w'",
        ],
        id="plain over several lines",
    ),
    pytest.param(
        "a: 'it''s' # why\nb: \"\\u263a\\\"\" # why\n",
        [
            ". block mapping 'a: \\'it\\'\\'s\\' # why\\nb: \"\\\\u263a\\\\\"\"'",
            "/a string single \"it's\" \"'it''s'\" entry \"a: 'it''s'\"",
            '/b string double \'☺"\' \'"\\\\u263a\\\\""\' entry \'b: "\\\\u263a\\\\""\'',
        ],
        id="quoted",
    ),
    pytest.param(
        "a: \"x\n  y\"\nb: 'z\n\n  w'\n",
        [
            ". block mapping 'a: \"x\\n  y\"\\nb: \\'z\\n\\n  w\\''",
            "/a string double 'x y' '\"x\\n  y\"' entry 'a: \"x\\n  y\"'",
            "/b string single 'z\\nw' \"'z\\n\\n  w'\" entry \"b: 'z\\n\\n  w'\"",
        ],
        id="quoted over several lines",
    ),
    pytest.param(
        "a: |\n  x\n   y\n\n  z\n\n\n# why\nb: 1\n",
        [
            ". block mapping 'a: |\\n  x\\n   y\\n\\n  z\\n\\n\\n# why\\nb: 1'",
            "/a string literal 'x\\n y\\n\\nz\\n' '|\\n  x\\n   y\\n\\n  z' entry 'a: |\\n  x\\n   y\\n\\n  z'",
            "/b integer plain 1 '1' entry 'b: 1'",
        ],
        id="literal",
    ),
    pytest.param(
        "a: |-\n  x\n\nb: |+\n  y\n\n\nc: 1\n",
        [
            ". block mapping 'a: |-\\n  x\\n\\nb: |+\\n  y\\n\\n\\nc: 1'",
            "/a string literal 'x' '|-\\n  x' entry 'a: |-\\n  x'",
            "/b string literal 'y\\n\\n\\n' '|+\\n  y\\n\\n' entry 'b: |+\\n  y\\n\\n'",
            "/c integer plain 1 '1' entry 'c: 1'",
        ],
        id="chomped and kept",
    ),
    pytest.param(
        "a: >\n  x\n  y\n\n  z\nb: >-\n  w\n",
        [
            ". block mapping 'a: >\\n  x\\n  y\\n\\n  z\\nb: >-\\n  w'",
            "/a string folded 'x y\\nz\\n' '>\\n  x\\n  y\\n\\n  z' entry 'a: >\\n  x\\n  y\\n\\n  z'",
            "/b string folded 'w' '>-\\n  w' entry 'b: >-\\n  w'",
        ],
        id="folded",
    ),
    pytest.param(
        "a: |2\n   x\nb: |-1 # why\n  y\n",
        [
            ". block mapping 'a: |2\\n   x\\nb: |-1 # why\\n  y'",
            "/a string literal ' x\\n' '|2\\n   x' entry 'a: |2\\n   x'",
            "/b string literal ' y' '|-1 # why\\n  y' entry 'b: |-1 # why\\n  y'",
        ],
        id="with an indentation indicator",
    ),
    pytest.param(
        "a: | # why\n  # text\n  x\n # a comment\nb: 1\n",
        [
            ". block mapping 'a: | # why\\n  # text\\n  x\\n # a comment\\nb: 1'",
            "/a string literal '# text\\nx\\n' '| # why\\n  # text\\n  x' entry 'a: | # why\\n  # text\\n  x'",
            "/b integer plain 1 '1' entry 'b: 1'",
        ],
        id="with a comment behind the indicator",
    ),
    pytest.param(
        "a: |\n\nb: |+\n\n\nc: >- # why\nd: |+\n",
        [
            ". block mapping 'a: |\\n\\nb: |+\\n\\n\\nc: >- # why\\nd: |+'",
            "/a string literal '' '|' entry 'a: |'",
            "/b string literal '\\n\\n' '|+\\n\\n' entry 'b: |+\\n\\n'",
            "/c string folded '' '>-' entry 'c: >-'",
            "/d string literal '' '|+' entry 'd: |+'",
        ],
        id="without text",
    ),
    pytest.param(
        "a: |\n  x",
        [
            ". block mapping 'a: |\\n  x'",
            "/a string literal 'x' '|\\n  x' entry 'a: |\\n  x'",
        ],
        id="without a last line end",
    ),
    pytest.param(
        "a: |+\n  x\n\n",
        [
            ". block mapping 'a: |+\\n  x\\n'",
            "/a string literal 'x\\n\\n' '|+\\n  x\\n' entry 'a: |+\\n  x\\n'",
        ],
        id="kept at the end of the text",
    ),
    pytest.param(
        "- |\n x\n- >\n y\n",
        [
            ". block sequence '- |\\n x\\n- >\\n y'",
            "/0 string literal 'x\\n' '|\\n x' entry '- |\\n x'",
            "/1 string folded 'y\\n' '>\\n y' entry '- >\\n y'",
        ],
        id="in a list",
    ),
    pytest.param(
        "a: |\n  x\n  \n    \nb: 1\n",
        [
            ". block mapping 'a: |\\n  x\\n  \\n    \\nb: 1'",
            "/a string literal 'x\\n\\n  \\n' '|\\n  x\\n  \\n    ' entry 'a: |\\n  x\\n  \\n    '",
            "/b integer plain 1 '1' entry 'b: 1'",
        ],
        id="with blanks on its last lines",
    ),
    pytest.param(
        "a: |\n \n   x\nb: 1\n",
        [
            ". block mapping 'a: |\\n \\n   x\\nb: 1'",
            "/a string literal '\\nx\\n' '|\\n \\n   x' entry 'a: |\\n \\n   x'",
            "/b integer plain 1 '1' entry 'b: 1'",
        ],
        id="with a blank line that is indented less",
    ),
    pytest.param(
        "--- |\n x\n--- >-\n y\n",
        [
            ". documents sequence '--- |\\n x\\n--- >-\\n y'",
            "/0 string literal 'x\\n' '|\\n x' entry '--- |\\n x'",
            "/1 string folded 'y' '>-\\n y' entry '--- >-\\n y'",
        ],
        id="at a document's start",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TOKENS)
def test_a_token_ends_where_its_text_does(text: str, expected: list[str]) -> None:
    assert expected == outline(parse(text))


LINE_ENDS = [
    pytest.param(
        "a: 1\r\nb:\r\n- x\r\n- |\r\n  y\r\n  z\r\n\r\nc: 2",
        [
            ". block mapping 'a: 1\\r\\nb:\\r\\n- x\\r\\n- |\\r\\n  y\\r\\n  z\\r\\n\\r\\nc: 2'",
            "/a integer plain 1 '1' entry 'a: 1'",
            "/b block sequence '- x\\r\\n- |\\r\\n  y\\r\\n  z' entry 'b:\\r\\n- x\\r\\n- |\\r\\n  y\\r\\n  z'",
            "/b/0 string plain 'x' 'x' entry '- x'",
            "/b/1 string literal 'y\\nz\\n' '|\\r\\n  y\\r\\n  z' entry '- |\\r\\n  y\\r\\n  z'",
            "/c integer plain 2 '2' entry 'c: 2'",
        ],
        id="CRLF",
    ),
    pytest.param(
        "a: 1\rb:\r- x\r- >+\r  y\r\rc: 2\r",
        [
            ". block mapping 'a: 1\\rb:\\r- x\\r- >+\\r  y\\r\\rc: 2'",
            "/a integer plain 1 '1' entry 'a: 1'",
            "/b block sequence '- x\\r- >+\\r  y\\r' entry 'b:\\r- x\\r- >+\\r  y\\r'",
            "/b/0 string plain 'x' 'x' entry '- x'",
            "/b/1 string folded 'y\\n\\n' '>+\\r  y\\r' entry '- >+\\r  y\\r'",
            "/c integer plain 2 '2' entry 'c: 2'",
        ],
        id="lone CR",
    ),
    pytest.param(
        'a: 1\r\nb: 2\nc: "x\r\n  y"\n',
        [
            ". block mapping 'a: 1\\r\\nb: 2\\nc: \"x\\r\\n  y\"'",
            "/a integer plain 1 '1' entry 'a: 1'",
            "/b integer plain 2 '2' entry 'b: 2'",
            "/c string double 'x y' '\"x\\r\\n  y\"' entry 'c: \"x\\r\\n  y\"'",
        ],
        id="mixed",
    ),
    pytest.param(
        "a: ☺ # ☺\n😀: 🎬\nb: |\n  🎬\nc: d\n",
        [
            ". block mapping 'a: ☺ # ☺\\n😀: 🎬\\nb: |\\n  🎬\\nc: d'",
            "/a string plain '☺' '☺' entry 'a: ☺'",
            "/😀 string plain '🎬' '🎬' entry '😀: 🎬'",
            "/b string literal '🎬\\n' '|\\n  🎬' entry 'b: |\\n  🎬'",
            "/c string plain 'd' 'd' entry 'c: d'",
        ],
        id="characters beyond the first plane",
    ),
    pytest.param(
        "a:\t1\t# why\nb: x\ty\t\nc: [\td,\te\t]\n",
        [
            ". block mapping 'a:\\t1\\t# why\\nb: x\\ty\\t\\nc: [\\td,\\te\\t]'",
            "/a integer plain 1 '1' entry 'a:\\t1'",
            "/b string plain 'x\\ty' 'x\\ty' entry 'b: x\\ty'",
            "/c flow sequence '\\td,\\te\\t' node '[\\td,\\te\\t]' entry 'c: [\\td,\\te\\t]'",
            "/c/0 string plain 'd' 'd'",
            "/c/1 string plain 'e' 'e'",
        ],
        id="tabs behind keys and values",
    ),
    pytest.param(
        "a: 1\n\t\n\t# why\nb: 2\n",
        [
            ". block mapping 'a: 1\\n\\t\\n\\t# why\\nb: 2'",
            "/a integer plain 1 '1' entry 'a: 1'",
            "/b integer plain 2 '2' entry 'b: 2'",
        ],
        id="tabs on lines without values",
    ),
    pytest.param(
        "a: 1\n\n\n",
        [
            ". block mapping 'a: 1'",
            "/a integer plain 1 '1' entry 'a: 1'",
        ],
        id="blank lines at the end",
    ),
    pytest.param(
        "a: 1 # why",
        [
            ". block mapping 'a: 1'",
            "/a integer plain 1 '1' entry 'a: 1'",
        ],
        id="a comment at the end",
    ),
]


@pytest.mark.parametrize(("text", "expected"), LINE_ENDS)
def test_line_ends_blanks_and_wide_characters_do_not_move_spans(text: str, expected: list[str]) -> None:
    assert expected == outline(parse(text))


SEPARATORS = [pytest.param(chr(code), id=f"U+{code:04X}") for code in (0x85, 0x2028, 0x2029)]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_line_separator_of_yaml_1_1_is_a_character_like_others(separator: str) -> None:
    text = "a: x~y # ~b: 1\n\"c~ d\": 'e~'\nf: |\n  g~h\ni: &j~ k\n".replace("~", separator)
    root = parse(text).root
    assert isinstance(root, Mapping)
    found = {}
    for entry in root.entries:
        assert isinstance(entry.value, Scalar)
        found[entry.key] = (entry.value.value, entry.span.of(text))
    assert found == {
        "a": (f"x{separator}y", f"a: x{separator}y"),
        f"c{separator} d": (f"e{separator}", f"\"c{separator} d\": 'e{separator}'"),
        "f": (f"g{separator}h\n", f"f: |\n  g{separator}h"),
        "i": ("k", f"i: &j{separator} k"),
    }


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize(
    ("text", "offset"),
    [
        pytest.param('a: \'x~y\'\n"b~": "~"\n', None, id="in quotes all readers agree"),
        pytest.param("a: '~'\nb: x~y\n", 11, id="in a plain scalar"),
        pytest.param("a: 1 # ~\n", 7, id="in a comment"),
        pytest.param("a: |\n  ~\n", 7, id="in a literal scalar"),
    ],
)
def test_a_line_separator_outside_of_quotes_is_an_obstacle(separator: str, text: str, offset: int | None) -> None:
    obstacles = parse(text.replace("~", separator)).obstacles
    assert ([] if offset is None else [offset]) == [obstacle.offset for obstacle in obstacles]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_line_separator_may_stand_in_an_anchor(separator: str) -> None:
    root = parse(f"a: &x{separator}y [b]\nc: *x{separator}y\n").root
    assert isinstance(root, Mapping)
    anchored, alias = root.get("a"), root.get("c")
    assert isinstance(anchored, Sequence)
    assert isinstance(alias, Alias)
    assert (anchored.anchor, alias.name) == (f"x{separator}y", f"x{separator}y")
    assert alias.target is anchored


def test_private_use_characters_of_the_text_stay_apart_from_separators() -> None:
    value = "".join(map(chr, range(0xE000, 0xE010))) + chr(0x2028)
    root = parse(f"a: '{value}'\n").root
    assert isinstance(root, Mapping)
    scalar = root.get("a")
    assert isinstance(scalar, Scalar)
    assert value == scalar.value
