"""Edits of a string's value as edits of the file around it: every style of string, and what cannot be placed."""

from __future__ import annotations

import pytest

from routed import before_and_after
from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.edits import TextEdit, apply_edits
from tokenrouter_video.documents.embedded import Embedded
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.tree import Scalar, from_pointer


def embedded(text: str, format_name: str, pointer: str) -> Embedded:
    """Return a string of a document as what it holds, whatever that is."""
    document = parse(text, format_name)
    place = document.at(pointer)
    assert place is not None
    assert isinstance(place.node, Scalar)
    return Embedded(document, from_pointer(pointer), place.node, parse(str(place.node.value), "yaml"))


STYLES = [
    pytest.param("yaml", "c: |\n  a:\n    - x<+\n    - y+>\nz: 1\n", id="a literal block"),
    pytest.param("yaml", "c: |-\n  a:\n    - x<+\n    - y+>\n", id="a literal block that is stripped"),
    pytest.param("yaml", "c: |\n  a:\n    - x<+\n    - y+>\n\n\nz: 1\n", id="blank lines behind the block"),
    pytest.param("yaml", "c: |+\n  a:\n    - x<+\n    - y+>\n\nz: 1\n", id="kept blank lines behind the block"),
    pytest.param("yaml", "c: |2-\n  a:\n    - x<+\n    - y+>\n", id="an indentation indicator"),
    pytest.param("yaml", "c: |  # the config\n   a:\n     - x<+\n     - y+>\n", id="a comment behind the indicator"),
    pytest.param("yaml", "c: |\n  a:\n    - x<+\n    - y+>", id="no line end at the end of the file"),
    pytest.param("yaml", "c: |\r\n  a:\r\n    - x<+\r\n    - y+>\r\nz: 1\r\n", id="CRLF"),
    pytest.param("yaml", "- c: |\n    a:\n      - x<+\n      - y+>\n", id="a block in a list"),
    pytest.param("yaml", 'c: "a:\\n  - x<+\\n  - y+>\\n"\n', id="YAML, double quotes"),
    pytest.param("yaml", 'c: "a:\\x0A  - x<+\\n  - y+>\\u000a"\n', id="YAML, other escapes"),
    pytest.param("json", '{"c": "a:\\n  - x<+\\n  - y+>\\n"}\n', id="JSON"),
    pytest.param("json5", "{c: 'a:\\n  - x<+\\n  - y+>\\n'}\n", id="JSON5, single quotes"),
    pytest.param("toml", 'c = "a:\\n  - x<+\\n  - y+>\\n"\n', id="TOML, one line"),
    pytest.param("toml", 'c = """\na:\n  - x<+\n  - y+>\n"""\n', id="TOML, lines"),
    pytest.param("toml", "c = '''\na:\n  - x<+\n  - y+>\n'''\n", id="TOML, literal lines"),
    pytest.param("toml", "c = '''\r\na:\r\n  - x<+\r\n  - y+>\r\n'''\r\n", id="TOML, literal lines, CRLF"),
    pytest.param("toml", 'c = """\\\n  a:\n  - x<+\n  - y+>\n"""\n', id="TOML, a line end that is none"),
    pytest.param("javascript", "export const c = `a:\n  - x<+\n  - y+>\n`;\n", id="a template literal"),
    pytest.param("typescript", "const c = `a:\r\n  - x<+\r\n  - y+>\r\n`;\r\n", id="a template literal, CRLF"),
    pytest.param("javascript", "const c = 'a:\\n  - x<+\\n  - y+>\\n';\n", id="a string of code"),
    pytest.param("python", 'c = """a:\n  - x<+\n  - y+>\n"""\n', id="Python, triple quotes"),
    pytest.param("python", "c = '''a:\n  - x<+\n  - y+>\n'''\n", id="Python, triple single quotes"),
    pytest.param("python", "c = '''\\\na:\n  - x<+\n  - y+>\n'''\n", id="Python, a line end that is none"),
    pytest.param("python", 'c = r"""a:\n  - x<+\n  - y+>\n"""\n', id="Python, raw"),
    pytest.param("python", 'c = "a:\\n  - x<+\\n  - y+>\\n"\n', id="Python, one line"),
]


@pytest.mark.parametrize(("format_name", "marked"), STYLES)
def test_an_insertion_stays_one_in_every_style(format_name: str, marked: str) -> None:
    before, after = before_and_after(marked)
    pointer = "/0/c" if before.startswith("- ") else "/c"
    string = embedded(before, format_name, pointer)
    value = str(string.node.value)
    at = value.index("x") + 1
    indent = value[: value.index("- x")].rpartition("\n")[2]
    newline = "\r\n" if "\r\n" in value else "\n"
    edits = string.outer_edits((TextEdit(at, at, f"{newline}{indent}- y"),))
    assert all(edit.is_insertion for edit in edits)
    assert after == apply_edits(before, edits)
    assert string.line(at - 1) == before.count("\n", 0, before.index("- x")) + 1


# The value's text, the edit of it, and the file's text before and after.
BLOCKS = [
    pytest.param("|\n  a: 1\n  c: 3\n", (5, 5, "b: 2\n"), "|\n  a: 1\n  b: 2\n  c: 3\n", id="whole lines between"),
    pytest.param("|\n  a: 1\n", (5, 5, "b: 2\n"), "|\n  a: 1\n  b: 2\n", id="whole lines behind the last"),
    pytest.param("|\n  a: 1\n", (0, 0, "b: 2\n"), "|\n  b: 2\n  a: 1\n", id="whole lines before the first"),
    pytest.param("|\n  a: 1\n", (4, 4, "\n\nb: 2"), "|\n  a: 1\n\n  b: 2\n", id="a blank line stays blank"),
    pytest.param("|\n  a: 1\n\n  c: 3\n", (5, 5, "b: 2"), "|\n  a: 1\n  b: 2\n  c: 3\n", id="into a blank line"),
    pytest.param("|\n  a: 1\n \n  c: 3\n", (5, 5, "b: 2"), "|\n  a: 1\n  b: 2\n  c: 3\n", id="into a line of blanks"),
    pytest.param("|\n  a: [1]\n", (5, 5, ", 2"), "|\n  a: [1, 2]\n", id="within a line"),
    pytest.param("|\n  a: [1]\n", (5, 5, ",\n 2"), "|\n  a: [1,\n   2]\n", id="a line is broken"),
    pytest.param("|\n  a: [1]\n", (5, 5, "\n"), "|\n  a: [1\n  ]\n", id="a line is broken before its rest"),
    pytest.param("|-\n  a: 1", (4, 4, "\nb: 2"), "|-\n  a: 1\n  b: 2", id="no line end anywhere"),
    pytest.param("|\n  a: 1\n  b: 2\n", (3, 4, "17"), "|\n  a: 17\n  b: 2\n", id="a replaced scalar"),
    pytest.param(">-\n  {a: [1]}\n", (6, 6, ""), ">-\n  {a: [1]}\n", id="a folded line that nothing is added to"),
]


@pytest.mark.parametrize(("block", "edit", "after"), BLOCKS)
def test_a_block_of_text_keeps_its_indentation(block: str, edit: tuple[int, int, str], after: str) -> None:
    before = f"x:\n c: {block}".replace("\n  ", "\n    ")
    wanted = f"x:\n c: {after}".replace("\n  ", "\n    ")
    string = embedded(before, "yaml", "/x/c")
    assert wanted == apply_edits(before, string.outer_edits((TextEdit(*edit),)))


FOLDED = "its lines are folded, so that they are not the lines of the file; write the text as a literal block (|)"
REFUSED = [
    pytest.param(
        "yaml", "c: >\n  a:\n\n  - x\n", f"a text that is written with > cannot be edited safely: {FOLDED}", id="folded"
    ),
    pytest.param(
        "yaml",
        "c: >\n  a:\n    - x\n",
        f"a text that is written with > cannot be edited safely: {FOLDED}",
        id="folded, though its lines stay",
    ),
    pytest.param(
        "yaml",
        "c: 'a:\n\n  - x\n\n  '\n",
        f"a text in quotes over several lines cannot be edited safely: {FOLDED}",
        id="quotes over several lines",
    ),
    pytest.param(
        "yaml",
        'c: "a:\\n\\\n  \\  - x\\n"\n',
        f"a text in quotes over several lines cannot be edited safely: {FOLDED}",
        id="a broken line in quotes",
    ),
    pytest.param(
        "python",
        'c = ("a:\\n"\n     "  - x\\n")\n',
        "a text in a string of concatenated style cannot be edited safely",
        id="joined strings",
    ),
    pytest.param(
        "python",
        'c = "a: \\d\\n  - x\\n"\n',
        "a text in a string with such escapes cannot be edited safely",
        id="an escape that is none",
    ),
    pytest.param(
        "toml",
        "c = '[\"x\"]'\n",
        "the new text spans lines, and this string of one line has no escape for that",
        id="a string without escapes",
    ),
    pytest.param(
        "yaml",
        "c: '[\"x\"]'\n",
        "the new text spans lines, and this string of one line has no escape for that",
        id="single quotes",
    ),
]


@pytest.mark.parametrize(("format_name", "text", "reason"), REFUSED)
def test_what_has_no_place_of_its_own_is_refused(format_name: str, text: str, reason: str) -> None:
    string = embedded(text, format_name, "/c")
    at = str(string.node.value).index("x") + 1
    with pytest.raises(DocumentError) as caught:
        string.outer_edits((TextEdit(at, at, "\n  - y"),))
    assert reason == caught.value.reason


SPELLED = [
    pytest.param("yaml", "c: '[1]'\n", ', "it\'s"', "c: '[1, \"it''s\"]'\n", id="a doubled quote"),
    pytest.param("json", '{"c": "[1]"}', ', "\\\\"', '{"c": "[1, \\"\\\\\\\\\\"]"}', id="JSON in JSON"),
    pytest.param("json", '{"c": "[1]"}', ', "\u4e2d"', '{"c": "[1, \\"\u4e2d\\"]"}', id="letters stay letters"),
    pytest.param("javascript", "const c = '[1]';", ', "it\'s"', "const c = '[1, \"it\\'s\"]';", id="a quote of code"),
    pytest.param("javascript", "let c = `[1]`;", ', "`${x}\\\\"', 'let c = `[1, "\\`\\${x}\\\\\\\\"]`;', id="template"),
    pytest.param("toml", 'c = """[1]"""\n', ", 'a\"\"\"b'", "c = \"\"\"[1, 'a\"\"\\\"b']\"\"\"\n", id="three quotes"),
    pytest.param("python", "c = r'''[1]'''\n", ", '\\d'", "c = r'''[1, '\\d']'''\n", id="raw text"),
]  # fmt: skip


@pytest.mark.parametrize(("format_name", "before", "added", "after"), SPELLED)
def test_new_text_is_spelled_as_its_string_demands(format_name: str, before: str, added: str, after: str) -> None:
    string = embedded(before, format_name, "/c")
    assert after == apply_edits(before, string.outer_edits((TextEdit(2, 2, added),)))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("c: |\n  \n", id="a block of blanks"),
        pytest.param("c: &t |\n  a: 1\nd: *t\n", id="a block that an alias repeats"),
    ],
)
def test_a_block_that_is_repeated_or_empty_is_refused(text: str) -> None:
    string = embedded(text, "yaml", "/c")
    with pytest.raises(DocumentError):
        string.outer_edits((TextEdit(0, 0, "b: 2\n"),))


def test_a_surrogate_pair_is_one_character() -> None:
    before = '{"c": "[\\"\\ud83d\\ude00\\", 1]"}'
    string = embedded(before, "json", "/c")
    value = str(string.node.value)
    edits = string.outer_edits((TextEdit(len(value) - 1, len(value) - 1, ", 2"),))
    after = '{"c": "[\\"\\ud83d\\ude00\\", 1, 2]"}'
    assert after == apply_edits(before, edits)
