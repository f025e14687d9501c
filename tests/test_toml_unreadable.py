"""TOML that cannot be read: one reason, one place, never the text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tokenrouter_video.documents.document import MAX_DEPTH, DocumentError
from tokenrouter_video.documents.toml_tree import parse

DUPLICATE = "a duplicate key"
TOO_DEEP = "nested more than 100 levels deep"


def failure(text: str) -> tuple[str, int | None]:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    assert caught.value.reason == str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.reason, caught.value.offset


# ``^`` marks the place that the error names, and is taken out.
@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("a = 1\n^a = 2\n", id="a key twice"),
        pytest.param("a = 1\n^'a' = 2\n", id="a key twice, spelled otherwise"),
        pytest.param("[t]\nb = 1\n[^t]\n", id="a table twice"),
        pytest.param("[t]\n[t.u]\n[o]\n[t.^u]\n", id="a sub-table twice, out of order"),
        pytest.param("a = 1\n[^a]\n", id="a table over a value"),
        pytest.param("a = 1\n[^a.b]\n", id="a sub-table of a value"),
        pytest.param("a = {}\n[^a.b]\n", id="a sub-table of an inline table"),
        pytest.param("a = [{}]\n[^a.b]\n", id="a sub-table of an array"),
        pytest.param("a = []\n[[^a]]\n", id="an element of an array that is no array of tables"),
        pytest.param("[a]\n[[^a]]\n", id="an element over a table"),
        pytest.param("[a.b]\n[[^a]]\n", id="an element over an implied table"),
        pytest.param("[[a]]\n[^a]\n", id="a table over an array of tables"),
        pytest.param("[[a]]\nb = 1\n^b = 2\n", id="a key twice in an element"),
        pytest.param("a.b = 1\n^a = 2\n", id="a value over a table of dotted keys"),
        pytest.param("a = 1\n^a.b = 2\n", id="a dotted key through a value"),
        pytest.param("a.b = 1\na.^b.c = 2\n", id="a longer dotted key through a value"),
        pytest.param("a = {}\n^a.b = 2\n", id="a dotted key into an inline table"),
        pytest.param("[t]\na.b = 1\n[t.^a]\n", id="a header for a table of dotted keys"),
        pytest.param("[t.a]\n[t]\n^a.b = 1\n", id="a dotted key into a table that has a header"),
        pytest.param("[t.a.b]\n[t]\na.^b.c = 1\n", id="a dotted key into a deeper table that has a header"),
        pytest.param("[[t.a]]\n[t]\n^a.b = 1\n", id="a dotted key into an array of tables"),
        pytest.param("a.b = 1\n[a.c]\nx = 1\n[o]\n[a.^c]\n", id="a sub-table of dotted keys twice"),
        pytest.param("x = { a = 1, ^a = 2 }\n", id="a key twice in an inline table"),
        pytest.param("x = [{ y = { a.b = 1, a.^b = 2, c = 3 } }]\n", id="a dotted key twice in a nested inline table"),
        pytest.param("x = { a = 1, ^a.b = 2 }\n", id="a dotted key through a value in an inline table"),
    ],
)
def test_second_definition_is_named(marked: str) -> None:
    offset = marked.index("^")
    assert (DUPLICATE, offset) == failure(marked.replace("^", ""))


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        pytest.param("a = ^\n", "an unexpected character", id="no value"),
        pytest.param("a = 1 ^b = 2\n", "an unexpected character", id="two statements on a line"),
        pytest.param(
            "x = 1\r\n\r\n[t]\r\na = [1 ^2]\r\n", "an unexpected character", id="two values, no comma, behind CRLF"
        ),
        pytest.param("[t^\n", "an unexpected character", id="an open header"),
        pytest.param("[[t]^\n", "an unexpected character", id="half an element's header"),
        pytest.param("[t] ^x\n", "an unexpected character", id="something behind a header"),
        pytest.param("[t] ^x = 1\n", "an unexpected character", id="a key behind a header"),
        pytest.param("[^]\n", "a key is missing", id="an empty header"),
        pytest.param("a = 1\n^= 2\n", "a key is missing", id="no key"),
        pytest.param("a..^b = 1\n", None, id="an empty key part"),
        pytest.param("a = 01^\n", "not a number", id="a leading zero"),
        pytest.param("a = ^" + chr(0x0661) + "\n", None, id="a digit of another script"),
        pytest.param("a = ^1" + chr(0x0661) + "\n", "not a number", id="a number that ends in another script"),
        pytest.param("a = 2026-13-01^\n", None, id="a month that is none"),
        pytest.param("a = tru^\n", None, id="half a boolean"),
        pytest.param('^a = "', "the text ends in the middle of a value", id="an open string"),
        pytest.param('a = "\\^q"\n', None, id="an unknown escape"),
        pytest.param("a = 'x^\n'\n", "a control character", id="a line end in a string"),
        pytest.param("a = 1 # ^" + chr(1) + "\n", "a control character", id="a control character in a comment"),
        pytest.param("a = 1^\rb = 2\n", "a control character", id="a lone carriage return"),
        pytest.param("a b = 1\n", None, id="a key with a blank"),
        pytest.param("^" + chr(0) + "\n", None, id="a NUL"),
    ],
)
def test_syntax_error_names_its_line_and_kind(marked: str, reason: str | None) -> None:
    text = marked.replace("^", "")
    found, offset = failure(text)
    assert found.startswith("not valid TOML: ")
    assert offset is not None
    if reason is not None:
        assert f"not valid TOML: {reason}" == found
    if "^" in marked:
        assert text.count("\n", 0, marked.index("^")) == text.count("\n", 0, offset)


def test_error_behind_odd_line_separators_is_on_its_own_line() -> None:
    text = f'a = "{chr(0x2028)}{chr(0x85)}{chr(0x2028)}"\nb = !\n'
    assert ("not valid TOML: an unexpected character", text.index("!")) == failure(text)


NESTED: dict[str, Callable[[int], str]] = {
    "arrays": lambda depth: "x = " + "[" * (depth - 1) + "]" * (depth - 1) + "\n",
    "array of a value": lambda depth: "x = " + "[" * (depth - 1) + "1" + "]" * (depth - 1) + "\n",
    "inline tables": lambda depth: "x = " + "{a = " * (depth - 1) + "1" + "}" * (depth - 1) + "\n",
    "dotted key": lambda depth: ".".join("a" * depth) + " = 1\n",
    "header": lambda depth: "[" + ".".join("a" * depth) + "]\n",
    "key under a header": lambda depth: "[" + ".".join("a" * (depth - 1)) + "]\nx = 1\n",
    "element's header": lambda depth: "[[" + ".".join("a" * (depth - 1)) + "]]\n",
    "arrays of tables in one another": lambda depth: "".join(
        "[[" + ".".join("a" * (n + 1)) + "]]\n" for n in range(depth // 2)
    ),
    "dotted keys in inline tables": lambda depth: (
        "x = "
        + "{a.b = " * ((depth - 1) // 2)
        + "[" * ((depth - 1) % 2)
        + "]" * ((depth - 1) % 2)
        + "}" * ((depth - 1) // 2)
    ),
}


@pytest.mark.parametrize("shape", [name for name in NESTED if name != "dotted keys in inline tables"])
def test_a_hundred_levels_are_read(shape: str) -> None:
    depth = 0
    node = parse(NESTED[shape](MAX_DEPTH)).root
    while True:
        below = getattr(node, "entries", ())
        if not below:
            break
        node = below[-1].value
        depth += 1
    # An array that is itself the hundredth level has nothing in it.
    assert depth == (MAX_DEPTH - 1 if shape == "arrays" else MAX_DEPTH)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 2, 1_000, 50_000])
@pytest.mark.parametrize("shape", [name for name in NESTED if name != "arrays of tables in one another"])
def test_deeper_nesting_is_refused_without_recursion(shape: str, depth: int) -> None:
    reason, offset = failure(NESTED[shape](depth))
    assert reason == TOO_DEEP or reason.endswith(", or one nested too deep")
    assert offset is not None


def test_deeper_arrays_of_tables_are_refused() -> None:
    assert failure(NESTED["arrays of tables in one another"](MAX_DEPTH + 2))[0] == TOO_DEEP


@pytest.mark.parametrize(
    "text",
    [
        'example-key-7f2 = 1\nexample-key-7f2 = "example-key-7f2"\n',
        "[example-key-7f2]\n[example-key-7f2]\n",
        'x = "example-key-7f2\n',
        "example-key-7f2 example-key-7f2 = 1\n",
        "x = example-key-7f2\n",
        "x = { example-key-7f2 = 1, example-key-7f2 = 2 }\n",
        'x = """example-key-7f2""""""\n',
        'x = "\\uexample-key-7f2"\n',
        "x = 20example-key-7f2\n",
    ],
)
def test_reason_never_quotes_the_text(text: str) -> None:
    reason, _ = failure(text)
    assert "example" not in reason
