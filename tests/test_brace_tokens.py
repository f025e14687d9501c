"""Tokens: where strings, templates, comments, regular expressions and JSX stand, and what cannot be bracketed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenrouter_video.documents.brace_tokens import END, JSX, JSX_END, NAME, REGEX, tokenize
from tokenrouter_video.documents.document import MAX_DEPTH, DocumentError


def words(text: str, *, with_jsx: bool = False) -> list[str]:
    """Return the text of each token."""
    tokens = tokenize(text, is_code=True, with_jsx=with_jsx)
    return [tokens.word(index) for index in range(len(tokens.kinds) - 1)]


def regular_expressions(text: str) -> list[str]:
    tokens = tokenize(text, is_code=True)
    return [tokens.word(index) for index, kind in enumerate(tokens.kinds) if kind == REGEX]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a.b?.c ?? d", ["a", ".", "b", "?.", "c", "??", "d"], id="members"),
        pytest.param("a?.5:1", ["a", "?", ".5", ":", "1"], id="condition-before-a-fraction"),
        pytest.param("a ??= b ||= c &&= d", ["a", "??=", "b", "||=", "c", "&&=", "d"], id="logical-assignments"),
        pytest.param("a>>>=b**=c", ["a", ">>>=", "b", "**=", "c"], id="long-operators"),
        pytest.param(
            "(a)=>b=c==d===e!=f!==g",
            [*"(a)", "=>", "b", "=", "c", "==", "d", "===", "e", "!=", "f", "!==", "g"],
            id="equals",
        ),
        pytest.param("a+++b", ["a", "++", "+", "b"], id="increment"),
        pytest.param("[...a]", ["[", "...", "a", "]"], id="spread"),
        pytest.param("$a_1 #b \\u0061c", ["$a_1", "#b", "\\u0061c"], id="names"),
        pytest.param("caf\u00e9 \u4e2d\u6587", ["caf\u00e9", "\u4e2d\u6587"], id="non-ascii-names"),
        pytest.param("a\u00a0b\ufeffc\u2003d", ["a", "b", "c", "d"], id="all-white-space"),
        pytest.param(
            "1_000n 0xFFn .5e-3 5..b 1e+2", ["1_000n", "0xFFn", ".5e-3", "5.", ".", "b", "1e+2"], id="numbers"
        ),
        pytest.param("'a\\'b' \"c\\\"d\" 'e\\\nf'", ["'a\\'b'", '"c\\"d"', "'e\\\nf'"], id="strings"),
        pytest.param("'//' /* ' */ \"/*\" // \"\n'x'", ["'//'", '"/*"', "'x'"], id="comments-and-quotes"),
        pytest.param("/***/a/* *//b", ["a", "/", "b"], id="stars-in-comments"),
        pytest.param("a//x\rb", ["a", "b"], id="carriage-return-ends-a-comment"),
        pytest.param("#!/usr/bin/env node's\na", ["a"], id="hash-bang"),
        pytest.param("`a`", ["`a`"], id="template"),
        pytest.param("`\\`$ \\${ {` b", ["`\\`$ \\${ {`", "b"], id="template-escapes"),
        pytest.param("`a${b}c${`d${e}`}f`", ["`a${", "b", "}c${", "`d${", "e", "}`", "}f`"], id="nested-templates"),
        pytest.param("`${{a: '}'}}`", ["`${", "{", "a", ":", "'}'", "}", "}`"], id="braces-in-a-substitution"),
    ],
)
def test_text_is_cut_into_tokens(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a / b / c", [], id="division"),
        pytest.param("a /= b /c", [], id="assignment"),
        pytest.param("1 / 2 / 3", [], id="numbers"),
        pytest.param("(a) / b / c", [], id="parentheses"),
        pytest.param("a[0] / b / c", [], id="brackets"),
        pytest.param("x = {} / b / c", [], id="object"),
        pytest.param("`a` / `${b}` / c", [], id="templates"),
        pytest.param("a++ / b / c", [], id="increment"),
        pytest.param("a! / b / c", [], id="non-null-assertion"),
        pytest.param("a.return / b / c", [], id="member-named-like-a-keyword"),
        pytest.param("this / b / c", [], id="this"),
        pytest.param("x = /a/", ["/a/"], id="assigned"),
        pytest.param("x = /=a/", ["/=a/"], id="starts-with-equals"),
        pytest.param(r"f(/[/\]]\//gi)", [r"/[/\]]\//gi"], id="slash-in-a-class"),
        pytest.param("return /'/", ["/'/"], id="returned"),
        pytest.param('typeof /`/ + case /"/', ["/`/", '/"/'], id="behind-keywords"),
        pytest.param("!/{/.test(a)", ["/{/"], id="negated"),
        pytest.param("a && /b/ || /c/", ["/b/", "/c/"], id="behind-operators"),
        pytest.param("[/a/, /b/]", ["/a/", "/b/"], id="items"),
        pytest.param("({a: /b/})", ["/b/"], id="member"),
        pytest.param("x => /a/", ["/a/"], id="arrow"),
        pytest.param("if (a) /b'/.test(c)", ["/b'/"], id="behind-a-condition"),
        pytest.param("{ a }\n/b'/.test(c)", ["/b'/"], id="behind-a-block"),
        pytest.param("`${/a'/}`", ["/a'/"], id="in-a-substitution"),
        pytest.param("a.replace(/>/g, '')", ["/>/g"], id="greater-than"),
        pytest.param("a\n!/b/.test(c)", ["/b/"], id="negated-on-a-new-line"),
    ],
)
def test_slash_divides_or_starts_a_regular_expression(text: str, expected: list[str]) -> None:
    assert regular_expressions(text) == expected


@pytest.mark.parametrize(
    ("text", "element", "rest"),
    [
        pytest.param("x = <br/>; y", "<br/>", "; y", id="empty-element"),
        pytest.param("x = <a>It's {b}</a>; y", "<a>It's {b}</a>", "; y", id="apostrophe-in-text"),
        pytest.param("return <a b='{' c={{d: 1}}><e/></a>; y", "<a b='{' c={{d: 1}}><e/></a>", "; y", id="attributes"),
        pytest.param("x = (<><a.b/></>); y", "<><a.b/></>", "); y", id="fragment"),
        pytest.param("x = a && <b>{c ? <d/> : `}`}</b>, y", "<b>{c ? <d/> : `}`}</b>", ", y", id="nested"),
        pytest.param("x = <a // it's\n b/>, y", "<a // it's\n b/>", ", y", id="comment-in-a-tag"),
        pytest.param("x = <A<B, C<D>> e={1}></A>, y", "<A<B, C<D>> e={1}></A>", ", y", id="type-arguments"),
    ],
)
def test_jsx_element_is_one_group(text: str, element: str, rest: str) -> None:
    tokens = tokenize(text, is_code=True, with_jsx=True)
    start = tokens.kinds.index(JSX)
    end = tokens.partner[start]
    assert tokens.kinds[end] == JSX_END
    assert text[tokens.starts[start] : tokens.ends[end]] == element
    assert text[tokens.ends[end] :] == rest


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a < b > c", id="comparison"),
        pytest.param("x = <T,>(a: T) => a", id="generic-arrow-function-with-a-comma"),
        pytest.param("x = <T extends B>(a: T) => a", id="generic-arrow-function-with-a-constraint"),
        pytest.param("f<A>(b)", id="type-arguments"),
    ],
)
def test_angle_brackets_of_types_are_no_jsx(text: str) -> None:
    assert JSX not in tokenize(text, is_code=True, with_jsx=True).kinds


def test_brackets_know_their_partners() -> None:
    tokens = tokenize("f([{a: (1)}], `${b}`)", is_code=True)
    pairs = {(tokens.word(one), tokens.word(other)) for one, other in tokens.partner.items() if one < other}
    assert pairs == {("(", ")"), ("[", "]"), ("{", "}"), ("`${", "}`")}
    assert all(tokens.partner[tokens.partner[index]] == index for index in tokens.partner)


def test_tokens_end_at_the_end_of_the_text() -> None:
    tokens = tokenize("a // b\n ", is_code=True)
    assert (tokens.kinds, tokens.starts, tokens.ends) == ([NAME, END], [0, 8], [1, 8])


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        pytest.param("f(a", "a bracket is not closed", 1, id="open-bracket"),
        pytest.param("f({a)", "a bracket closes that was not opened", 4, id="wrong-bracket"),
        pytest.param("a)", "a bracket closes that was not opened", 1, id="closing-bracket"),
        pytest.param("a = `b${c`", "a template is not closed", 9, id="template-in-an-open-substitution"),
        pytest.param("a = `b${c} d", "a template is not closed", 4, id="open-template-behind-a-substitution"),
        pytest.param("a = `b${c", "a bracket is not closed", 4, id="open-substitution"),
        pytest.param("a = 'b\n'", "a string is not closed on its line", 4, id="line-end-in-a-string"),
        pytest.param("a /* b", "a comment is not closed", 2, id="open-comment"),
        pytest.param("a = /b\n/", "a regular expression is not closed", 4, id="line-end-in-a-regular-expression"),
        pytest.param("a = /[/]", "a regular expression is not closed", 4, id="open-class"),
        pytest.param("a \\ b", "a character that cannot stand here", 2, id="lone-backslash"),
        pytest.param("a = <b>", "a JSX element is not closed", 4, id="open-element"),
        pytest.param("a = <b c='>", "a JSX element is not closed", 4, id="open-attribute"),
        pytest.param("(" * 101 + ")" * 101, "brackets are nested deeper than 100 levels", MAX_DEPTH, id="too-deep"),
        pytest.param("`${" * 101 + "}`" * 101, "brackets are nested deeper than 100 levels", 300, id="deep-templates"),
    ],
)
def test_text_cannot_be_bracketed(text: str, reason: str, offset: int) -> None:
    with pytest.raises(DocumentError) as caught:
        tokenize(text, is_code=True, with_jsx=True)
    assert (caught.value.reason, caught.value.offset) == (reason, offset)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        pytest.param("x = <a></a>", 8, id="closing-tag"),
        pytest.param("x = <a b={1} />", 13, id="element-that-closes-itself"),
    ],
)
def test_jsx_is_an_error_where_none_is_expected(text: str, offset: int) -> None:
    with pytest.raises(DocumentError) as caught:
        tokenize(text, is_code=True)
    assert (caught.value.reason, caught.value.offset) == ("JSX stands where none is expected", offset)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("process . env\n  .X", "process.env.X", id="white-space-around-dots"),
        pytest.param("f( a /* b */ ,\n c )", "f(a, c)", id="comment"),
        pytest.param("a/* b */c", "a c", id="comment-that-separates"),
        pytest.param("a// b\n+c", "a +c", id="line-comment"),
        pytest.param("'a  /* b */' +  `c  ${ d }  e`", "'a  /* b */' + `c  ${d}  e`", id="strings-stay"),
        pytest.param("[ a,b ]", "[a,b]", id="blanks-in-brackets"),
        pytest.param("new  Foo ( )", "new Foo ()", id="words-stay-apart"),
    ],
)
def test_code_is_text_without_comments_and_redundant_white_space(text: str, code: str) -> None:
    tokens = tokenize(text, is_code=True)
    assert tokens.code(0, len(tokens.kinds) - 1) == code


PIECES = st.sampled_from(
    [
        *"{}[](),:;@~=!?.+-*%&|^<>/#\\'\"`$_n \t\n\r0e",
        *("=>", "==", "...", "?.", "--", "//c", "/*c*/", "//\u2028", "0x1F", "1_0", "1.5e3", "1..a", "-1", "01", "1e"),
        *(
            '"a"',
            '"\\n"',
            '"\\',
            "'a'",
            "true",
            "trueish",
            "null",
            "caf\u00e9",
            "a\\u0061",
            "\u00a0",
            "\u2028",
            chr(0xFEFF),
        ),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_usual_spellings_are_cut_as_the_whole_grammar_cuts_them(text: str) -> None:
    """A template is beyond the pattern of usual tokens: what stands behind it is read by the whole grammar."""
    outcomes: list[object] = []
    for front in ("`a`;", '"a";'):
        try:
            tokens = tokenize(front + text, is_code=True)
        except DocumentError as error:
            outcomes.append((error.reason, error.offset))
        else:
            outcomes.append((tokens.kinds[1:], tokens.starts[1:], tokens.ends[1:], tokens.partner, tokens.has_comments))
    assert outcomes[0] == outcomes[1]
