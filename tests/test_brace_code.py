"""Code files: what is bound to which name, and where."""

from __future__ import annotations

from typing import Any

import pytest

from brace_outline import Code, bindings
from tokenrouter_video.documents.brace import parse
from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.tree import Mapping, Span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("// only a comment", {}, id="comment"),
        pytest.param(
            "const a = 1, b = [2]; let c = 'd'\nvar e = f",
            {"a": 1, "b": [2], "c": "d", "e": Code("f")},
            id="declarations",
        ),
        pytest.param("let a\nlet b: C\ndeclare const d: { e: 1 }\nlet f!: G", {}, id="declarations-without-values"),
        pytest.param("export const a = 1\nexport let b: C = { d: 2 }", {"a": 1, "b": {"d": 2}}, id="exports"),
        pytest.param("export default { a: 1 }", {"default": {"a": 1}}, id="default-export"),
        pytest.param(
            "export default defineConfig({ a: 1 }) satisfies B",
            {"default": ("defineConfig", {"a": 1})},
            id="default-export-of-a-call",
        ),
        pytest.param(
            "export default async () => ({ a: 1 })",
            {"default": ("scope", {"return": {"a": 1}})},
            id="default-export-of-an-arrow-function",
        ),
        pytest.param(
            "export default function f() { return 1 }\n[2].forEach(g)",
            {"default": ("scope", {"return": 1}), "expression": [2]},
            id="default-export-of-a-function",
        ),
        pytest.param(
            "export default async function () { return 1 }",
            {"default": ("scope", {"return": 1})},
            id="default-export-of-an-async-function",
        ),
        pytest.param(
            "export default abstract class A { b = 1 }",
            {"default": ("scope", {"b": 1})},
            id="default-export-of-a-class",
        ),
        pytest.param("export default interface A { b: 1 }\nconst c = 1", {"c": 1}, id="default-export-of-an-interface"),
        pytest.param("export = { a: 1 }", {"default": {"a": 1}}, id="export-assignment"),
        pytest.param("module.exports = { a: 1 }", {"default": {"a": 1}}, id="commonjs"),
        pytest.param("module.exports = exports = { a: 1 }", {"default": {"a": 1}}, id="commonjs-twice"),
        pytest.param("exports.a = 1; module.exports.b = [2]", {"a": 1, "b": [2]}, id="commonjs-names"),
        pytest.param("exports.a = void 0;\nexports.a = { b: 1 }", {"a": {"b": 1}}, id="announced-by-a-compiler"),
        pytest.param("exports.default = (0, a_1.b)({ c: 1 })", {"default": ("a_1.b", {"c": 1})}, id="compiled"),
        pytest.param(
            "a = 1; b.c.d = { e: 2 }; f['g'] = [3]; this.h ??= 'i'",
            {"a": 1, "b.c.d": {"e": 2}, "f['g']": [3], "this.h": "i"},
            id="assignments",
        ),
        pytest.param("a = b.c = { d: 1 }", {"a": {"d": 1}}, id="assignment-of-an-assignment"),
        pytest.param("a = { b: 1 }, c = [2]", {"a": {"b": 1}, "c": [2]}, id="assignments-with-a-comma"),
        pytest.param("register({ a: 1 })", {"register": ("register", {"a": 1})}, id="call"),
        pytest.param("a.b('c', { d: 1 })", {"a.b": ("call", "a.b", {"0": "c", "1": {"d": 1}})}, id="call-of-several"),
        pytest.param("model('a'); f(b)", {"model": ("call", "model", {"0": "a"})}, id="call-of-a-string"),
        pytest.param(
            "new A({ b: 1 })\nawait c([2])", {"A": ("A", {"b": 1}), "c": ("c", [2])}, id="calls-with-words-in-front"
        ),
        pytest.param("(() => { const a = 1 })()", {"expression": ("scope", {"a": 1})}, id="function-called-at-once"),
        pytest.param(
            "const { a, b = 1, c: [d = [2]], ...e } = f({ g: 3 })",
            {"b": 1, "d": [2], "f": ("f", {"g": 3})},
            id="destructuring",
        ),
        pytest.param("const { a } = { b: 1 }", {"expression": {"b": 1}}, id="destructuring-of-a-literal"),
        pytest.param("using a = b({ c: 1 })", {"a": ("b", {"c": 1})}, id="using"),
        pytest.param(
            "let type = 1, of = 2, async = 3\ntype = 4\nasync = 5\ndeclare = 6\nnamespace.a = 7",
            {"type": 1, "of": 2, "async": 3, "type@2": 4, "async@2": 5, "declare": 6, "namespace.a": 7},
            id="contextual-words-as-names",
        ),
    ],
)
def test_value_is_bound_to_its_name(text: str, expected: Any) -> None:
    assert bindings(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "function f() { const a = 1; return { b: 2 } }",
            {"f": ("scope", {"a": 1, "return": {"b": 2}})},
            id="function",
        ),
        pytest.param(
            "async function f() { await g(); exports.a = 1 }", {"f": ("scope", {"a": 1})}, id="async-function"
        ),
        pytest.param("function f() { return g }\nfunction h() {}", {}, id="function-that-binds-nothing"),
        pytest.param(
            "function f(a: string): void\nfunction f(a: any) { const b = 1 }", {"f": ("scope", {"b": 1})}, id="overload"
        ),
        pytest.param(
            "function f(a = 1, { b = [2] } = {}) {}", {"f": ("scope", {"a": 1, "b": [2]})}, id="defaults-of-parameters"
        ),
        pytest.param("function f() { return\n{ a: 1 } }", {}, id="line-end-behind-return"),
        pytest.param("function f() { return a = 1, [2] }", {"f": ("scope", {"return": [2]})}, id="comma-behind-return"),
        pytest.param(
            "const f = () => {\n  const g = () => { const a = 1 }\n}",
            {"f": ("scope", {"g": ("scope", {"a": 1})})},
            id="function-in-a-function",
        ),
        pytest.param(
            "namespace A.B { export const c = 1 }\nmodule D { const e = 2 }",
            {"A.B": ("scope", {"c": 1}), "D": ("scope", {"e": 2})},
            id="namespaces",
        ),
        pytest.param("declare global { interface A { b: 1 } }\nconst c = 1", {"c": 1}, id="global"),
        pytest.param(
            "class A<T> extends B<{ c: 1 }> implements D, E {\n"
            "  f = 1; static g: T[] = [2]\n  #h = 'i'\n  'j' = 3;\n  [k] = 4; l }",
            {"A": ("scope", {"f": 1, "g": [2], "#h": "i", "j": 3, "[k]": 4})},
            id="fields",
        ),
        pytest.param(
            "abstract class A { constructor(private readonly b = { c: 1 }) { this.d = [2] } abstract e(): void; "
            "get f() { return 3 } async *g<T>(a: T): AsyncGenerator<T> { const h = 4 } "
            "static { const i = 5 } static = 6 }",
            {
                "A": (
                    "scope",
                    {
                        "constructor": ("scope", {"b": {"c": 1}, "this.d": [2]}),
                        "f": ("scope", {"return": 3}),
                        "g": ("scope", {"h": 4}),
                        "i": 5,
                        "static": 6,
                    },
                )
            },
            id="methods",
        ),
        pytest.param(
            "@Component({ a: 1 })\nexport class B { @Input() c = [2]; @Output({ d: 3 }) e: F; "
            "constructor(@Inject({ g: 4 }) h: I) {} }",
            {
                "Component": ("Component", {"a": 1}),
                "B": (
                    "scope",
                    {
                        "c": [2],
                        "Output": ("Output", {"d": 3}),
                        "constructor": ("scope", {"Inject": ("Inject", {"g": 4})}),
                    },
                ),
            },
            id="decorators",
        ),
    ],
)
def test_function_or_class_is_a_scope_under_its_name(text: str, expected: Any) -> None:
    assert bindings(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "import a, { b } from 'c'\nimport 'd'\nimport * as e from 'f' with { type: 'json' }", id="imports"
        ),
        pytest.param("import type { A } from 'b'\nimport c = require('d')\nimport e = F.G", id="typescript-imports"),
        pytest.param(
            "export { a, b as c } from 'd'\nexport { e }\nexport * from 'f'\nexport * as g from 'h'", id="exports"
        ),
        pytest.param("export type { A } from 'b'\nexport type { C }\nexport as namespace D", id="exports-of-types"),
        pytest.param("enum A { B = 'c' }\nexport const enum D { E = 1 }\ndeclare enum F { G }", id="enums"),
        pytest.param("interface A extends B<{ c: 1 }>, D { e: { f: string } }", id="interface"),
        pytest.param("type A<B = { c: 1 }> = | { d: 'e' } | [1, 2]\ntype F = 'g'", id="types"),
        pytest.param("declare module 'a' { const b: string; function c(): void }", id="module-declaration"),
        pytest.param("a: for (;;) { break a }\nb: { continue }", id="labels"),
        pytest.param("'use strict'; debugger; a++; f(b); c`d`; delete e.f; throw new Error('g')", id="expressions"),
    ],
)
def test_statement_that_holds_no_literal_binds_nothing(text: str) -> None:
    assert bindings(text + "\nconst last = { a: 1 }") == {"last": {"a": 1}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "if (a) { const b = 1 } else if (c) const_ = 2; else { let d = 3 }", {"b": 1, "const_": 2, "d": 3}, id="if"
        ),
        pytest.param("if (f({ a: 1 })) b()", {"f": ("f", {"a": 1})}, id="condition"),
        pytest.param(
            "for (const a of ['b']) { const c = 1 }\nfor (const d in { e: 2 }) f()",
            {"a": ["b"], "c": 1, "d": {"e": 2}},
            id="loops-over-literals",
        ),
        pytest.param(
            "for (let i = 0, n = a.length; i < n; i++) { const b = 1 }",
            {"i": 0, "n": Code("a.length"), "b": 1},
            id="counting-loop",
        ),
        pytest.param("while (a) { const b = 1 }\ndo { const c = 2 } while (d)", {"b": 1, "c": 2}, id="while"),
        pytest.param(
            "switch (a) { case 'b': const c = 1; break; case d ? e : f: { let g = 2 } default: var h = 3 }",
            {"c": 1, "g": 2, "h": 3},
            id="switch",
        ),
        pytest.param(
            "try { const a = 1 } catch { const b = 2 } finally { const c = 3 }", {"a": 1, "b": 2, "c": 3}, id="try"
        ),
        pytest.param("for await (const a of [1]) { const b = 2 }", {"a": [1], "b": 2}, id="for-await"),
        pytest.param("{ const a = 1\n{ const b = 2 } }", {"a": 1, "b": 2}, id="blocks"),
    ],
)
def test_blocks_open_no_scope(text: str, expected: Any) -> None:
    assert bindings(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("const a = 1\nconst b = { c: 2 }\nd = [3]", {"a": 1, "b": {"c": 2}, "d": [3]}, id="declarations"),
        pytest.param("const a = b\n(c)\nconst d = 1", {"a": Code("b (c)"), "d": 1}, id="parentheses-go-on"),
        pytest.param("const a = b\n[0]\nconst d = 1", {"a": Code("b [0]"), "d": 1}, id="brackets-go-on"),
        pytest.param("const a = b\n  .c\n  ?.d\nconst e = 1", {"a": Code("b.c?.d"), "e": 1}, id="members-go-on"),
        pytest.param("const a =\n  b +\n  c\nlet d = 1", {"a": Code("b + c"), "d": 1}, id="operators-go-on"),
        pytest.param("const a = b\n++c\nlet d = 1", {"a": Code("b"), "d": 1}, id="increment-starts-anew"),
        pytest.param("const a = 1\n{ const b = 2 }", {"a": 1, "b": 2}, id="block-starts-anew"),
        pytest.param("const a = b\nas = 1", {"a": Code("b"), "as": 1}, id="word-on-a-new-line-is-no-assertion"),
        pytest.param(
            "const f = function ()\n{\n  const a = 1\n}\nconst b = 2",
            {"f": ("scope", {"a": 1}), "b": 2},
            id="brace-on-the-next-line",
        ),
        pytest.param(
            "class A {\n  a = 1\n  b\n  c = () => { const d = 2 }\n  e() {}\n}",
            {"A": ("scope", {"a": 1, "c": ("scope", {"d": 2})})},
            id="fields",
        ),
        pytest.param("let a = 1 // b\n/* c\n */ let d = 2", {"a": 1, "d": 2}, id="comments"),
        pytest.param("let a = 1\r\nlet b = 2\r\n", {"a": 1, "b": 2}, id="crlf"),
    ],
)
def test_statement_ends_without_a_semicolon(text: str, expected: Any) -> None:
    assert bindings(text) == expected


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        pytest.param("a = 1; a = 2; a = 3", ["a", "a@2", "a@3"], id="assignments"),
        pytest.param("f({ a: 1 }); f({ b: 2 })", ["f", "f@2"], id="calls"),
        pytest.param("if (a) { var b = 1 } else { var b = 2 }", ["b", "b@2"], id="blocks"),
        pytest.param("class A { 'a@2' = 1; a = 2; a = 3; a = 4 }", ["A"], id="class"),
        pytest.param("x['a@2'] = 1", ["x['a@2']"], id="sign-in-a-name"),
    ],
)
def test_equal_names_of_a_scope_are_numbered(text: str, keys: list[str]) -> None:
    assert list(bindings(text)) == keys


def test_number_of_an_equal_name_is_free() -> None:
    assert bindings("class A { 'a@2' = 1; a = 2; a = 3; a = 4 }") == {
        "A": ("scope", {"a@2": 1, "a": 2, "a@3": 3, "a@4": 4})
    }


@pytest.mark.parametrize(
    ("text", "key", "key_text", "entry_text"),
    [
        pytest.param("export const a: B = { c: 1 } as B;", "a", "a", "a: B = { c: 1 } as B", id="declaration"),
        pytest.param("export default f({ a: 1 });", "default", None, "default f({ a: 1 })", id="default-export"),
        pytest.param("module.exports = { a: 1 };", "default", None, "module.exports = { a: 1 }", id="commonjs"),
        pytest.param("module.exports.a = 1;", "a", "a", "module.exports.a = 1", id="commonjs-name"),
        pytest.param("exports.a.b = 1;", "a.b", "a.b", "exports.a.b = 1", id="commonjs-path"),
        pytest.param("a.b = 1;", "a.b", "a.b", "a.b = 1", id="assignment"),
        pytest.param("f.g({ a: 1 }).h();", "f.g", "f.g", "f.g({ a: 1 }).h()", id="call"),
        pytest.param("new F({ a: 1 });", "F", "F", "new F({ a: 1 })", id="new"),
        pytest.param("f\n.g({ a: 1 });", "f.g", None, "f\n.g({ a: 1 })", id="call-on-two-lines"),
        pytest.param("async function f() { return 1 }", "f", "f", "async function f() { return 1 }", id="function"),
        pytest.param("export class A { b = 1 }", "A", "A", "class A { b = 1 }", id="class"),
        pytest.param("namespace A.B { const c = 1 }", "A.B", "A.B", "namespace A.B { const c = 1 }", id="namespace"),
    ],
)
def test_binding_is_located(text: str, key: str, key_text: str | None, entry_text: str) -> None:
    root = parse(text, "typescript").root
    assert isinstance(root, Mapping)
    (entry,) = root.entries
    assert entry.key == key
    assert (entry.key_span.of(text) if entry.key_span else None) == key_text
    assert entry.span.of(text) == entry_text


def test_return_and_fields_are_located() -> None:
    text = "class A { static b: C = [1] as C\n d() { return { e: 1 } satisfies F } }"
    root = parse(text, "typescript").root
    assert isinstance(root, Mapping)
    scope = root.entries[0].value
    assert isinstance(scope, Mapping)
    field, method = scope.entries
    assert isinstance(method.value, Mapping)
    (returned,) = method.value.entries
    assert [one.span.of(text) for one in (field, method, returned)] == [
        "static b: C = [1] as C",
        "d() { return { e: 1 } satisfies F }",
        "return { e: 1 } satisfies F",
    ]
    assert [one.key_span.of(text) if one.key_span else None for one in (field, method, returned)] == ["b", "d", None]


def test_root_covers_the_file() -> None:
    text = "#!/usr/bin/env node\n\nconst a = 1\n\n"
    root = parse(text, "javascript").root
    assert isinstance(root, Mapping)
    assert (root.span, root.body, root.layout) == (Span(0, len(text)), Span(0, len(text)), "scope")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("export const A = () => <p>Don't \"{f({ a: 1 })}</p>\nconst b = [1]", id="text-with-quotes"),
        pytest.param("const A = <Select<B> c={{ d: 1 }} />\nconst b = [1]", id="type-arguments"),
        pytest.param("const b = [1]\nexport default function A() { return (<><br />it's</>) }", id="fragment"),
    ],
)
def test_jsx_is_read_where_a_file_holds_some(text: str) -> None:
    assert bindings(text)["b"] == [1]


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        pytest.param("const a = { b: 1", "a bracket is not closed", 10, id="open-bracket"),
        pytest.param("const a = 'b\nconst c = 1", "a string is not closed on its line", 10, id="open-string"),
        pytest.param("const a = <b>{c}</b", "a JSX element is not closed", 10, id="open-element"),
        pytest.param("x = " + "a => " * 200 + "1", "expressions are nested deeper than 100 levels", 509, id="arrows"),
    ],
)
def test_code_that_cannot_be_bracketed_is_refused(text: str, reason: str, offset: int) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(text, "typescript")
    assert (caught.value.reason, caught.value.offset) == (reason, offset)
