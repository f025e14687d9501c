"""The scan of Python's tokens: what it takes out of code, and what it stops before a parser sees it."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tokenrouter_video.documents.document import MAX_DEPTH, DocumentError
from tokenrouter_video.documents.python_scan import Survey, compact, survey, tokens


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("os . environ [ 'X' ]", "os.environ['X']", id="around-operators"),
        pytest.param("a  if b\n else c", "a if b else c", id="one-space-between-words"),
        pytest.param('x or "y"', 'x or "y"', id="a-string-is-a-word"),
        pytest.param('"a"  \\\n "b"', '"a" "b"', id="line-continuation"),
        pytest.param('"a"f"b"if 1else"c"', '"a" f"b" if 1 else "c"', id="one-space-where-none-was"),
        pytest.param("f'{1if 2else 3}'f''", "f'{1if 2else 3}' f''", id="none-inside-f-strings"),
        pytest.param("(a,  # first, with a )\n b)", "(a,b)", id="comments"),
        pytest.param("1 .real + 2. . imag", "1 .real+2. .imag", id="a-dot-behind-a-number"),
        pytest.param("x if y else .5", "x if y else .5", id="a-number-with-a-dot"),
        pytest.param("not  - x", "not-x", id="signs"),
        pytest.param("lambda x , * y : x [ 1 : 2 ]", "lambda x,*y:x[1:2]", id="lambda"),
        pytest.param("f'{ a  + b }  # c' \"  d\"", "f'{ a  + b }  # c' \"  d\"", id="strings-stay"),
        pytest.param('f"{x["a  b"]  }" + y', 'f"{x["a  b"]  }"+y', id="quotes-in-a-field"),
        pytest.param("f'''{\n x # }'''\n}''' + y", "f'''{\n x # }'''\n}'''+y", id="a-comment-in-a-field"),
        pytest.param("naïve . café", "naïve.café", id="other-alphabets"),
        pytest.param("br'\\' + x'", "br'\\' + x'", id="an-escaped-quote-in-a-raw-string"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_compact_takes_out_what_separates_nothing(code: str, expected: str) -> None:
    assert expected == compact(code)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = '''a'''", "name space op space string", id="triple"),
        pytest.param('""""a"""', "string", id="a-quote-in-a-triple-string"),
        pytest.param("'' ''", "string space string", id="empty-strings"),
        pytest.param("f''", "fstart fend", id="empty-f-string"),
        pytest.param("f'a{b}c'", "fstart ftext open name close ftext fend", id="a-field"),
        pytest.param("f'{{a}}'", "fstart ftext fend", id="doubled-braces"),
        pytest.param("f'{a!r:>{b}}'", "fstart open name op name op ftext open name close close fend", id="a-format"),
        pytest.param(
            "f'{a:{b:{c}}}'", "fstart open name op open name op open name close close close fend", id="formats"
        ),
        pytest.param("f'{{ {a}'", "fstart ftext open name close fend", id="a-brace-then-a-field"),
        pytest.param("f'\\N{DASH}{a}'", "fstart ftext open name close fend", id="a-character-by-its-name"),
        pytest.param("rf'\\N{DASH}'", "fstart ftext open name close fend", id="no-names-in-raw-strings"),
        pytest.param("f'\\{a}'", "fstart ftext open name close fend", id="a-backslash-before-a-field"),
        pytest.param("rf'\\''", "fstart ftext fend", id="an-escaped-quote"),
        pytest.param("f'a\\\r\nb'", "fstart ftext fend", id="an-escaped-line-end"),
        pytest.param(
            "f'{f'{1}'}'", "fstart open fstart open number close fend close fend", id="the-same-quotes-inside"
        ),
        pytest.param("t'{a}'", "fstart open name close fend", id="a-t-string"),
        pytest.param("f'{a[':']}'", "fstart open name open string close close fend", id="a-colon-in-brackets"),
        pytest.param("bar'a'", "name string", id="a-name-that-ends-like-a-prefix"),
        pytest.param("1if 0xfor 2", "number name space number name space number", id="words-behind-numbers"),
        pytest.param("1_0.5e-3j.5.", "number number op", id="numbers"),
        pytest.param("1_", "number name", id="what-is-no-number"),
        pytest.param("a\r\nb\rc\n", "name newline name newline name newline", id="line-ends"),
        pytest.param("'a\\\r\nb'", "string", id="a-line-continued-in-a-string"),
        pytest.param("x\\\r\n# c", "name space comment", id="a-line-continued"),
        pytest.param("\x0c \t", "space", id="white-space"),
        pytest.param("$?`!", "op op op op", id="what-is-no-python"),
    ],
)
def test_tokens_are_those_of_the_parser(text: str, expected: str) -> None:
    found = list(tokens(text))
    assert expected == " ".join(kind for kind, _, _ in found)
    assert text == "".join(text[start:end] for _, start, end in found)


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        pytest.param("x = 'a\ny = 'b'\n", "a string has no end", 4, id="a-string-without-end"),
        pytest.param('x = """a\n', "a string has no end", 4, id="a-triple-string-without-end"),
        pytest.param("x = f'a\n", "an f-string has no end", 7, id="an-f-string-without-end"),
        pytest.param("x = f'''a\n", "an f-string has no end", 10, id="a-triple-f-string-without-end"),
        pytest.param("x = f'{a", "a bracket or an f-string has no end", 8, id="a-field-without-end"),
        pytest.param("x = f'{a:b'", "a field of an f-string has no closing brace", 10, id="a-format-without-end"),
        pytest.param("x = f'}'", "a single closing brace stands in an f-string", 6, id="a-brace-alone"),
        pytest.param("x = (1]", "a closing bracket does not match", 6, id="brackets-crossed"),
        pytest.param("x = f'{(}'", "a closing bracket does not match", 8, id="brackets-crossed-in-a-field"),
        pytest.param("x = 1)", "a closing bracket does not match", 5, id="a-bracket-too-many"),
        pytest.param("x = [1,\n", "a bracket or an f-string has no end", 8, id="a-bracket-without-end"),
    ],
)
def test_what_does_not_end_is_told_where(text: str, reason: str, offset: int) -> None:
    with pytest.raises(DocumentError) as caught:
        survey(text)
    assert (reason, offset) == (caught.value.reason, caught.value.offset)


LONG = "an expression is too long, or the code is nested too deeply"
DEEP = f"brackets are nested more than {MAX_DEPTH} deep"
MUCH = "the file has too much Python code to be read"


@pytest.mark.parametrize(
    ("make", "passes", "fails", "reason"),
    [
        pytest.param(lambda n: "x = " + "[" * n + "]" * n, MAX_DEPTH, MAX_DEPTH + 1, DEEP, id="lists"),
        pytest.param(lambda n: "x = " + "f(" * n + ")" * n, MAX_DEPTH, MAX_DEPTH + 1, DEEP, id="calls"),
        pytest.param(lambda n: "x = " + "f'{" * n + "1" + "}'" * n, 50, 51, DEEP, id="f-strings"),
        pytest.param(lambda n: "x = f'" + "{a:" * n + "1" + "}" * n + "'", 90, 100, LONG, id="formats"),
        pytest.param(lambda n: 'x = f"{' + "(" * n + ")" * n + '}"', 98, 99, DEEP, id="brackets-in-an-f-string"),
        pytest.param(lambda n: "x = f'\\N{' " + "(" * n + ")" * n, 100, 101, DEEP, id="behind-a-broken-name"),
        pytest.param(lambda n: "x = " + "not " * n + "y", 700, 800, LONG, id="not"),
        pytest.param(lambda n: "x = " + "y + " * n + "y", 350, 400, LONG, id="sums"),
        pytest.param(lambda n: "x = y" + ".z" * n, 350, 400, LONG, id="attributes"),
        pytest.param(lambda n: "x = y" + "()" * n, 350, 400, LONG, id="calls-of-calls"),
        pytest.param(lambda n: "x = " + "'a' " * n, 700, 800, LONG, id="neighbouring-strings"),
        pytest.param(lambda n: "x = " + "lambda a, b: " * n + "c", 80, 120, LONG, id="lambdas"),
        pytest.param(lambda n: "x = " + "(lambda a, b=" * n + "1" + ": 1)" * n, 50, 66, LONG, id="lambdas-in-defaults"),
        pytest.param(lambda n: "x = [1 " + "for a, b in c " * n + "]", 120, 140, LONG, id="for-in-a-comprehension"),
        pytest.param(lambda n: "if a: b\n" + "elif a: b\n" * n, 700, 800, LONG, id="elif"),
        pytest.param(
            lambda n: "if a: b\n" + "elif a:\n if b: c\n elif d: e\n" * n, 700, 800, LONG, id="elif-with-others-inside"
        ),
        pytest.param(
            lambda n: "".join(" " * depth + "if a:\n" for depth in range(n)) + " " * n + "b\n",
            38,
            40,
            LONG,
            id="blocks",
        ),
        pytest.param(lambda n: "match a:\n case " + "{1: " * n + "b" + "}" * n + ": c\n", 6, 10, MUCH, id="patterns"),
        pytest.param(lambda n: "x = [" + "1, " * n + "]", 1_000, 200_000, MUCH, id="many-items"),
        pytest.param(lambda n: "\n" * n + "x = 1", 1_000, 600_000, MUCH, id="many-lines"),
        pytest.param(lambda n: "x = [" + ("[" * 90 + "]" * 90 + ", ") * n + "]", 50, 70, MUCH, id="deep-lists-again"),
    ],
)
def test_what_a_parser_could_not_bear_is_stopped(
    make: Callable[[int], str], passes: int, fails: int, reason: str
) -> None:
    text = make(passes)
    assert Survey(len(text.rstrip()), ()) == survey(text)
    with pytest.raises(DocumentError) as caught:
        survey(make(fails))
    assert reason == caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = [" + "lambda a, b: a, " * 5_000 + "]", id="lambdas-side-by-side"),
        pytest.param("x = {" + "'k': [1 for a, b in c if a in b], " * 3_000 + "}", id="comprehensions-side-by-side"),
        pytest.param("x = [" + "a.b(c)[d] + 'e', " * 5_000 + "]", id="expressions-side-by-side"),
        pytest.param("for a, b in c: d\n" * 5_000, id="statements"),
        pytest.param("x = a if b else c; " * 5_000, id="statements-in-a-line"),
        pytest.param("if a: b\nelif c: d\nelse: e\n" * 5_000, id="many-short-chains"),
        pytest.param("def f():\n    if a:\n        b\n    elif c:\n        d\n" * 3_000, id="chains-in-functions"),
        pytest.param("match a:\n case [b, {'c': d}] if e([[[[f]]]]): g([[[[h]]]])\n" * 500, id="short-patterns"),
    ],
)
def test_what_is_long_but_shallow_passes(text: str) -> None:
    assert survey(text).end == len(text.rstrip())


def test_form_feeds_in_front_of_statements_are_found() -> None:
    feed = chr(0x0C)
    text = f"{feed}x = [{feed}1]{feed}\n{feed}\n  {feed} {feed}y = '{feed}'\n{feed}# end\n"
    assert Survey(text.index("\n" + feed + "#"), ((0, 1), (13, 18))) == survey(text)


def test_scanning_any_text_tells_it_whole_or_refuses_it() -> None:
    draw = random.Random(4)
    alphabet = [
        "'",
        '"',
        "'''",
        '"""',
        "f",
        "r",
        "b",
        "\\",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        "!",
        "\n",
        "\r",
        "#",
        "a",
        "N",
    ]
    whole = 0
    offsets: list[tuple[int | None, int]] = []
    for _ in range(20_000):
        text = "".join(draw.choices(alphabet, k=draw.randrange(12)))
        try:
            found = list(tokens(text))
        except DocumentError as error:
            offsets.append((error.offset, len(text)))
            continue
        whole += 1
        assert text == "".join(text[start:end] for _, start, end in found)
    assert whole > 2_000
    assert all(offset is not None and 0 <= offset <= length for offset, length in offsets)
