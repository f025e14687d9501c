"""Expressions in code: which are literals, which wrap one, which are calls, and which are only code."""

from __future__ import annotations

from typing import Any

import pytest

from brace_outline import Code, bindings, value_of
from tokenrouter_video.documents.brace import parse
from tokenrouter_video.documents.tree import Entry, Mapping, Scalar, Sequence


def entry_of(expression: str) -> tuple[str, Entry]:
    """Return a text that binds an expression to a name, and the entry."""
    text = f"const x = {expression}; // end"
    root = parse(text, "typescript").root
    assert isinstance(root, Mapping)
    return text, root.entries[0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param("'a'", "a", id="string"),
        pytest.param("`a\\n`", "a\n", id="template-without-substitutions"),
        pytest.param("-0x1F", -31, id="signed-number"),
        pytest.param("- 1_000n", -1000, id="blank-behind-a-sign"),
        pytest.param("undefined", None, id="undefined"),
        pytest.param("[true, null, .5]", [True, None, 0.5], id="array"),
        pytest.param("[1, , ...a, , 2,]", [1, Code(""), Code("...a"), Code(""), 2], id="holes-and-spreads"),
        pytest.param("{ a: 1, 'b': 2, 3: 4, 0x10: 5, 1.5: 6 }", {"a": 1, "b": 2, "3": 4, "16": 5, "1.5": 6}, id="keys"),
        pytest.param(
            "{ if: 1, get: 2, async: 3, static: 4 }", {"if": 1, "get": 2, "async": 3, "static": 4}, id="words-as-keys"
        ),
        pytest.param("{ ['a']: 1, [b]: 2, [`c`]: 3 }", {"a": 1, 1: 2, 2: 3}, id="computed-keys"),
        pytest.param("{ a, async, ...b }", {"a": Code("a"), "async": Code("async"), 2: Code("...b")}, id="shorthands"),
        pytest.param(
            "{ ...f<A, B>({ a: 1 }), b: 2 }", {0: Code("...f<A, B>({ a: 1 })"), "b": 2}, id="spread-of-type-arguments"
        ),
        pytest.param(
            "{ a() { return 1 }, async *b() { yield 2 }, get c() { return [3] }, set c(v) {}, 'd'() {} }",
            {
                "a": ("scope", {"return": 1}),
                "b": Code("async *b() { yield 2 }"),
                "c": Code("set c(v) {}"),
                "d": Code("'d'() {}"),
            },
            id="methods",
        ),
        pytest.param("{ a: b ? 1 : 2, c: 3 }", {"a": Code("b ? 1 : 2"), "c": 3}, id="condition-in-a-member"),
        pytest.param("{ a: x => x, b: 1 }", {"a": Code("x => x"), "b": 1}, id="arrow-function-in-a-member"),
        pytest.param("{ 'a' /* b */ : /* c */ 1 }", {"a": 1}, id="comments-around-the-colon"),
    ],
)
def test_literal_is_read(expression: str, expected: Any) -> None:
    assert value_of(expression) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(", ")"),
        ("((", "))"),
        ("", " as const"),
        ("", " as A<{ b: C }>[]"),
        ("", " satisfies A | B"),
        ("", " as unknown as A"),
        ("", "!"),
        ("<A>", ""),
        ("<const>", ""),
        ("await ", ""),
        ("(await ", " as A)!"),
        ("/* a */ (", " /* b */)"),
    ],
)
@pytest.mark.parametrize("literal", ["{ a: [1] }", "[1, { b: 2 }]", "'c'", "-1", "`d`"])
def test_wrapper_is_transparent_and_covered_by_the_entry(literal: str, before: str, after: str) -> None:
    text, entry = entry_of(before + literal + after)
    assert entry.value.span.of(text) == literal
    assert entry.span.of(text) == f"x = {before}{literal}{after}"
    assert value_of(before + literal + after) == value_of(literal)


@pytest.mark.parametrize("wrapped", ["{before}{literal}{after}", "{literal}"])
@pytest.mark.parametrize(("before", "after"), [("(", ")"), ("", " as const"), ("f(", ")"), ("new A<B>(", ", )")])
def test_entries_inside_literals_cover_their_wrappers(wrapped: str, before: str, after: str) -> None:
    item = wrapped.format(before=before, after=after, literal="{ a: 1 }")
    text, entry = entry_of(f"[0, {item}, {{ b: {item} }}, g(1, {item} )]")
    assert isinstance(entry.value, Sequence)
    item_entry, member_entry, call_entry = entry.value.entries[1:]
    assert item_entry.span.of(text) == item
    assert isinstance(member_entry.value, Mapping)
    assert member_entry.value.entries[0].span.of(text) == f"b: {item}"
    assert isinstance(call_entry.value, Mapping)
    assert call_entry.value.entries[1].span.of(text) == item
    assert {
        e.value.span.of(text) for e in (item_entry, member_entry.value.entries[0], call_entry.value.entries[1])
    } == {"{ a: 1 }"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param("f({ a: 1 })", ("f", {"a": 1}), id="call"),
        pytest.param("new OpenAI({ a: 1 })", ("OpenAI", {"a": 1}), id="new"),
        pytest.param("new a.B<C>([1], )", ("a.B", [1]), id="new-with-type-arguments"),
        pytest.param("a?.b!.c({})", ("a?.b!.c", {}), id="optional-chain"),
        pytest.param("this.f({ a: 1 })", ("this.f", {"a": 1}), id="this"),
        pytest.param("(0, a.b)({ c: 1 })", ("a.b", {"c": 1}), id="compiled-call"),
        pytest.param("a()[0].b({ c: 1 })", ("a()[0].b", {"c": 1}), id="call-without-arguments-in-the-name"),
        pytest.param("a(b).c({ d: 1 })", ("c", {"d": 1}), id="only-what-stands-behind-the-call-before"),
        pytest.param("require('a')({ b: 1 })", {"b": 1}, id="nothing-stands-behind-the-call-before"),
        pytest.param("Object.freeze(new Set([1]))", ("Set", [1]), id="innermost-of-several"),
        pytest.param("f({ a: 1 } as const)", ("f", {"a": 1}), id="assertion-inside"),
        pytest.param("f(() => ({ a: 1 }))", ("scope", "f", {"return": {"a": 1}}), id="function"),
        pytest.param("await f(async () => { const a = 1 })", ("scope", "f", {"a": 1}), id="async-function"),
        pytest.param("f('a', { b: 1 }, c)", ("call", "f", {"0": "a", "1": {"b": 1}, "2": Code("c")}), id="several"),
        pytest.param("f(a, 'b')", ("call", "f", {"0": Code("a"), "1": "b"}), id="string-among-several"),
        pytest.param(
            "f(...a, {}, b => [c])",
            ("call", "f", {"0": Code("...a"), "1": {}, "2": ("scope", {"return": [Code("c")]})}),
            id="spread",
        ),
        pytest.param(
            "[f('a'), new G(1), h(i)]",
            [("call", "f", {"0": "a"}), ("call", "G", {"0": 1}), Code("h(i)")],
            id="items-of-one-scalar",
        ),
        pytest.param("[f('a').g]", [Code("f('a').g")], id="item-that-goes-on"),
        pytest.param(
            "[env('A'), Deno.env.get('B')]", [Code("env('A')"), Code("Deno.env.get('B')")], id="environment-in-a-list"
        ),
    ],
)
def test_call_is_what_its_arguments_make_it(expression: str, expected: Any) -> None:
    assert value_of(expression) == expected


def test_call_of_several_arguments_is_located() -> None:
    text, entry = entry_of("await new a.F<B>('c', ({ d: 1 }) as E)!")
    node = entry.value
    assert isinstance(node, Mapping)
    assert (node.layout, node.callee) == ("call", "a.F")
    assert node.span.of(text) == "a.F<B>('c', ({ d: 1 }) as E)"
    assert node.body.of(text) == "'c', ({ d: 1 }) as E"
    assert [one.span.of(text) for one in node.entries] == ["'c'", "({ d: 1 }) as E"]
    assert [one.value.span.of(text) for one in node.entries] == ["'c'", "{ d: 1 }"]
    assert entry.span.of(text) == "x = await new a.F<B>('c', ({ d: 1 }) as E)!"


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        pytest.param("a.b", "a.b", id="member"),
        pytest.param("process.env.A ?? 'b'", "process.env.A ?? 'b'", id="default"),
        pytest.param("process.env['A'] || /* b */ 'c'", "process.env['A'] || 'c'", id="comment-taken-out"),
        pytest.param("process\n  .env\n  .A!", "process.env.A", id="assertion-and-line-ends-taken-out"),
        pytest.param("(process.env.A as string)", "process.env.A", id="parentheses-and-assertion-taken-out"),
        pytest.param("await a(b)", "a(b)", id="await-taken-out"),
        pytest.param("'a' + 'b'", "'a' + 'b'", id="concatenation"),
        pytest.param("a ? 'b' : 'c'", "a ? 'b' : 'c'", id="condition"),
        pytest.param("`a${b}  c`", "`a${b}  c`", id="template-with-substitutions"),
        pytest.param("a`b`", "a`b`", id="tagged-template"),
        pytest.param("/a'{/g", "/a'{/g", id="regular-expression"),
        pytest.param("getEnv('A', 'b')", "getEnv('A', 'b')", id="environment"),
        pytest.param("f('a')", "f('a')", id="call-of-one-scalar"),
        pytest.param("new A", "new A", id="new-without-arguments"),
        pytest.param("new A()", "new A()", id="new"),
        pytest.param("!a", "!a", id="negation"),
        pytest.param("-a", "-a", id="sign-of-a-name"),
        pytest.param("-1 + a", "-1 + a", id="sum"),
        pytest.param("import.meta.env.A", "import.meta.env.A", id="import-meta"),
        pytest.param("(a) => a.b", "(a) => a.b", id="arrow-function"),
        pytest.param("function f(a) { a() }", "function f(a) { a() }", id="function"),
        pytest.param("class { a() {} }", "class { a() {} }", id="class"),
        pytest.param("a[{ b: 1 }.b]", "a[{ b: 1 }.b]", id="index"),
        pytest.param("'\\u{110000}'.length", "'\\u{110000}'.length", id="member-of-a-string"),
        pytest.param("<A b='c'>d</A>", "<A b='c'>d</A>", id="jsx"),
    ],
)
def test_everything_else_is_code(expression: str, code: str) -> None:
    assert value_of(expression) == Code(code)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param("a ? { b: 1 } : { c: 2 }", ("scope", {"0": {"b": 1}, "1": {"c": 2}}), id="condition"),
        pytest.param("a ? [1] : undefined", [1], id="condition-with-one-literal"),
        pytest.param("a ?? { b: 1 }", {"b": 1}, id="default"),
        pytest.param("['a', 'b'].filter(Boolean)", ["a", "b"], id="receiver"),
        pytest.param(
            "[1].map(a => ({ a })).b([2])",
            ("scope", {"0": [1], "1": ("scope", "map", {"return": {"a": Code("a")}}), "2": ("b", [2])}),
            id="chain",
        ),
        pytest.param("z.object({ a: 1 }).strict()", ("z.object", {"a": 1}), id="chain-behind-a-call"),
        pytest.param("(a, { b: 1 })", {"b": 1}, id="comma"),
        pytest.param("a = b = { c: 1 }", {"c": 1}, id="assignment"),
        pytest.param("!f({ a: 1 }) && [2]", ("scope", {"0": ("f", {"a": 1}), "1": [2]}), id="operators"),
        pytest.param(
            "<a b={{ c: 1 }}>{[2].map(d => <e f={{ g: 3 }}/>)}</a>",
            ("scope", {"0": {"c": 1}, "1": ("scope", {"0": [2], "1": ("scope", "map", {"return": {"g": 3}})})}),
            id="jsx",
        ),
        pytest.param("(() => { const a = 1 })()", ("scope", {"a": 1}), id="function-called-at-once"),
        pytest.param("{ a: b ? { c: 1 } : [2] }", {"a": ("scope", {"0": {"c": 1}, "1": [2]})}, id="member"),
    ],
)
def test_literals_inside_other_expressions_are_reachable(expression: str, expected: Any) -> None:
    assert value_of(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param("() => { const a = 1; return { b: 2 } }", {"a": 1, "return": {"b": 2}}, id="arrow-function"),
        pytest.param("a => 'b'", {"return": "b"}, id="arrow-function-of-a-string"),
        pytest.param("async a => ({ b: 1 })", {"return": {"b": 1}}, id="async-arrow-function"),
        pytest.param("async <T,>(a: T): Promise<T> => [1]", {"return": [1]}, id="generic-arrow-function"),
        pytest.param("<T,>(a: T) => [1]", {"return": [1]}, id="generic-arrow-function-without-async"),
        pytest.param(
            "(a = 1, { b = [2], c: { d = 'e' }, ...f } = {}, [g = { h: 3 }]) => i",
            {"a": 1, "b": [2], "d": "e", "g": {"h": 3}},
            id="defaults",
        ),
        pytest.param("function f(this: A, b: { c: D } = { c: 1 }) {}", {"b": {"c": 1}}, id="typed-default"),
        pytest.param("async function* f() { return 1 }", {"return": 1}, id="async-generator"),
        pytest.param("class A extends B { c = 1 }", {"c": 1}, id="class"),
        pytest.param("a => b => ({ c: 1 })", {"return": ("scope", {"return": {"c": 1}})}, id="curried"),
    ],
)
def test_function_is_a_scope_of_what_it_binds(expression: str, expected: Any) -> None:
    assert value_of(expression) == ("scope", expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("({ a = 1, b: [c] } = d)", {}, id="object"),
        pytest.param("[a, [b] = [1]] = c", {}, id="array"),
        pytest.param("({ a } = { b: 1 })", {"expression": {"b": 1}}, id="value"),
        pytest.param("try {} catch ({ a: [b] }) { const c = 1 }", {"c": 1}, id="catch"),
    ],
)
def test_pattern_is_no_literal(text: str, expected: Any) -> None:
    assert bindings(text) == expected


def test_duplicate_key_in_code_is_an_obstacle() -> None:
    text = "export default { a: { b: 1, 'b': 2 }, get c() {}, set c(v) {} }"
    document = parse(text, "javascript")
    assert [(one.offset, one.reason) for one in document.obstacles] == [(text.index("'b'"), "a duplicate key")]


def test_scalar_of_code_that_cannot_be_decoded_is_its_text() -> None:
    _, entry = entry_of("'\\u{110000}'")
    assert isinstance(entry.value, Scalar)
    assert (entry.value.kind, entry.value.value) == ("other", "'\\u{110000}'")
