"""The brace parser's literals against those of tree-sitter's TypeScript and JavaScript parsers."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
import tree_sitter
import tree_sitter_javascript
import tree_sitter_typescript
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from brace_outline import check_spans
from tokenrouter_video.documents.brace import parse
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Opaque, Scalar, Sequence, Span

LITERALS = {"object", "array", "string", "template_string"}
WRAPPERS = {
    "parenthesized_expression",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "type_assertion",
    "await_expression",
}


@functools.cache
def grammar(name: str) -> tree_sitter.Parser:
    languages = {
        "typescript": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
        "javascript": tree_sitter_javascript.language,
    }
    return tree_sitter.Parser(tree_sitter.Language(languages[name]()))


class Oracle:
    """tree-sitter's tree of a text, with offsets in characters."""

    def __init__(self, text: str, name: str) -> None:
        data = text.encode()
        self.root = grammar(name).parse(data).root_node
        self._characters: dict[int, int] = {}
        position = 0
        for number, character in enumerate(text):
            self._characters[position] = number
            position += len(character.encode())
        self._characters[position] = len(text)
        self.literals = {self.span(node): node for node in self.nodes(self.root) if node.type in LITERALS}

    def span(self, node: tree_sitter.Node) -> Span:
        return Span(self._characters[node.start_byte], self._characters[node.end_byte])

    @staticmethod
    def nodes(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
        stack = [root]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(node.children)

    def values(self, literal: tree_sitter.Node) -> list[Span]:
        """Return the spans of the literals that a literal holds directly, through what wraps them transparently."""
        found: list[Span] = []
        for child in literal.named_children:
            value = child.child_by_field_name("value") if child.type == "pair" else child
            while value is not None and value.type in WRAPPERS:
                inner = [one for one in value.named_children if one.type != "comment"]
                value = inner[-1] if value.type == "type_assertion" else inner[0]
            if value is not None and value.type in LITERALS and not has_substitution(value):
                found.append(self.span(value))
        return found


def has_substitution(node: tree_sitter.Node) -> bool:
    return any(child.type == "template_substitution" for child in node.children)


def literals_of(root: Node) -> Iterator[Node]:
    """Yield every object, array and string of a located tree."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping | Sequence):
            stack.extend(entry.value for entry in node.entries)
            if node.layout == "flow":
                yield node
        elif isinstance(node, Scalar) and node.style != "plain":
            yield node


def assert_agrees(text: str, name: str) -> int:
    """Compare both parsers' literals; return how many there are."""
    oracle = Oracle(text, name)
    assert not oracle.root.has_error, text
    document = parse(text, "javascript" if name == "javascript" else "typescript")
    check_spans(document)
    ours = {node.span: node for node in literals_of(document.root)}
    for span, node in ours.items():
        theirs = oracle.literals.get(span)
        assert theirs is not None, span.of(text)
        if isinstance(node, Scalar):
            assert theirs.type in ("string", "template_string")
            continue
        assert theirs.type == ("object" if isinstance(node, Mapping) else "array")
        direct = {entry.value.span for entry in node.entries} if isinstance(node, Mapping | Sequence) else set()
        for value in oracle.values(theirs):
            assert value in direct, value.of(text)
        if isinstance(node, Mapping):
            assert [entry_text(entry, text) for entry in node.entries] == member_texts(theirs, oracle, text)
    for value in bound_literals(oracle):
        assert value in ours, value.of(text)
    return len(ours)


def entry_text(entry: Entry, text: str) -> str:
    """Return what a member starts with: its key as it is written, or all of a spread."""
    if entry.key_span is not None:
        return entry.key_span.of(text)
    is_spread = isinstance(entry.value, Opaque) and entry.value.span == entry.span
    return entry.span.of(text) if is_spread else "[computed]"


def member_texts(literal: tree_sitter.Node, oracle: Oracle, text: str) -> list[str]:
    found: list[str] = []
    for child in literal.named_children:
        if child.type == "comment":
            continue
        name = child.child_by_field_name("key" if child.type == "pair" else "name")
        if name is not None and name.type == "computed_property_name":
            inner = name.named_children[0]
            found.append(oracle.span(inner).of(text) if inner.type == "string" else "[computed]")
        else:
            found.append(oracle.span(name or child).of(text))
    return found


def bound_literals(oracle: Oracle) -> Iterator[Span]:
    """Yield the span of each literal that a declaration, an assignment or a default export binds."""
    for node in oracle.nodes(oracle.root):
        value = None
        if node.type in ("variable_declarator", "export_statement", "public_field_definition"):
            value = node.child_by_field_name("value")
        elif node.type == "assignment_expression" and node.parent and node.parent.type == "expression_statement":
            value = node.child_by_field_name("right")
        while value is not None and value.type in WRAPPERS:
            inner = [one for one in value.named_children if one.type != "comment"]
            value = inner[-1] if value.type == "type_assertion" else inner[0]
        is_plain = value is not None and value.type in LITERALS and not has_substitution(value)
        if value is not None and is_plain and not is_hidden(node):
            yield oracle.span(value)


def is_hidden(node: tree_sitter.Node) -> bool:
    """Whether something stands where the located tree does not look: in a substitution, a spread or an index."""
    parent = node.parent
    while parent is not None:
        if parent.type in ("template_substitution", "spread_element", "subscript_expression"):
            return True
        parent = parent.parent
    return False


CORPUS = {
    "provider-config": (
        """import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { Model } from './types';

const BASE = "https://gateway.example/v1" as const;

// It's a comment with { and "
export const provider = createOpenAICompatible<Model>({
  name: 'router',
  baseURL: process.env.BASE_URL ?? BASE,
  apiKey: process.env.KEY!,
  headers: { "x-a": `b`, ...extra, [dynamic]: "c", ["d"]: 'e' },
});

export const models: Record<string, { id: string; kind?: 'video' | "chat" }> = {
  "kling-v3": { id: "kling-v3", kind: "video" }, // trailing
  hailuo: { id: 'MiniMax-Hailuo-2.3', kind: "video", /* cost: { input: 1 } */ },
  [`computed`]: { id: "x" },
} satisfies Models;

export default { models: ["a", 'b', `c`, `d${e}`], nested: [[1, [{}]], ["x"]] as const };
"""
    ),
    "classes-and-functions": (
        """@Injectable({ providedIn: 'root' })
export abstract class Registry<T extends { id: string }> extends Base<Map<string, T[]>> implements A, B {
  static readonly defaults = ["a", "b"] as const
  private cache?: Map<string, T> = new Map<string, T>([["k", { v: 1 }]])
  declare label: "x" | "y"
  handlers = { onError: (e: Error): void => { log("failed", { e }) } }

  constructor(private readonly options: Options = { retry: 3, hosts: ["h"] }, ...rest: string[]) { super({ rest }) }

  get list(): { id: string }[] { return [{ id: "g" }] }
  async *walk<U>(this: Registry<T>, depth = 1): AsyncGenerator<U> { yield* other({ depth }) }
  abstract find(id: string): T | undefined
  [Symbol.iterator]() { return ["it"][Symbol.iterator]() }
}

function over(a: string): void
function over(a: number, b?: { c: string }): void
function over(a: any, { b = { c: "d" }, e: [f = "g"] = [] }: { b?: object; e?: string[] } = {}): asserts a is string {
  const inner = () => ({ z: ["y"] })
  if (a) return
  else throw new Failure("text", { cause: a })
}
"""
    ),
    "operators-and-regular-expressions": (
        """const ratio = width / height / 2, quoted = /["'`{]/g, cls = /[/\\]]+/.test(x) ? { m: "n" } : ["o"]
const less = a < b && c > d, generic = f<string>("s"), shifted = n >> 2 < m
let label = `outer ${cond ? `inner ${deep["k"]} {` : "}"} end`, after = { ok: "yes" }
const opt = obj?.list?.[0] ?? { none: "here" }, num = cond ? .5 : 1
x = y / 2
z = { w: "v" }
const chain = ["p", "q"]
  .filter((s) => s.length > 1 / 2)
  .map<{ s: string }>((s) => ({ s, t: ["u"] }))
export const t1 = !/re{/.test(s) && { neg: "reg" }
const typed = <Config>{ cast: "old" }, unknown = (value as unknown) as { a: string }, fn = async <T,>(v: T) => [v, "w"]
"""
    ),
    "statements-without-semicolons": (
        """type Alias<T> = { [K in keyof T as `get${string & K}`]?: () => T[K] } | (new (...a: any[]) => T)
interface Shape { a: { b: 'c' }, d(): void }
enum Color { Red = "red", Blue = "blue" }
declare module "m" { export const hidden: string }
namespace N.Inner { export const visible = { a: ["b"] } }
let i = 0
++i
const first = { a: 1 }
const second = ["x"]
;["a", "b"].forEach((k) => { registry[k] = { k } })
outer: for (const m of ["u", "v"]) { if (m) continue outer }
for (let j = 0, k = { n: "m" }; j < 3; j++) {}
switch (kind) { case "a": { const inCase = { b: "c" }; break } default: const other = ["d"] }
try { load({ path: "p" }) } catch ({ message }) { report(["e"], message) } finally { done() }
do { const once = { o: "p" } } while (next())
export const last = function named() { return { deep: { er: ["s"] } } }
import lazy = require("lazy")
export { first as one, second } from "./x"
"""
    ),
}

TSX = """export const Panel = ({ items = ["a"], title = "t" }: Props): JSX.Element => {
  const style = { color: "red" } as const
  return (
    <Frame<Item> title={`x ${title}`} style={{ ...style, width: 1 }} {...rest}>
      It's "quoted" text {/* with { */} &amp; more
      {items.map((item) => <Row key={item} data={{ item, tags: ["b", 'c'] }} />)}
      <></>
    </Frame>
  )
}
export default { Panel, names: ["d"] }
"""

JAVASCRIPT = """#!/usr/bin/env node
"use strict";
var __assign = (this && this.__assign) || function () { return { a: "b" } };
Object.defineProperty(exports, "__esModule", { value: true });
exports.models = void 0;
exports.models = [{ id: "x", "quoted-key": 'y', 3: ["z"] }, , ...more];
module.exports = { nested: { list: ["p", `q`] }, method() { return ["r"] }, get prop() { return { s: "t" } } };
(0, lib_1.configure)({ list: ["u"] }, function cb(err) { handler.options = { v: "w" } });
const label = "caf\u00e9 \u4e2d\u6587 \U0001f600", after = { label: "\u00e9", list: ["\U0001f600"] };
if (a) b = { c: "d" }; else e({ f: ["g"] });
!function () { var h = ["i"] }();
const { k, l = { m: "n" } } = require("o"), p = a ? b : [{ q: "r" }][0];
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", CORPUS)
def test_literals_of_typescript_agree(name: str, newline: str) -> None:
    assert assert_agrees(CORPUS[name].replace("\n", newline), "typescript") >= 15


def test_literals_of_tsx_agree() -> None:
    assert assert_agrees(TSX, "tsx") >= 10


def test_literals_of_javascript_agree() -> None:
    assert assert_agrees(JAVASCRIPT, "javascript") >= 25


# Generated code: literals in wrappers, among everything that could hide a bracket.
ATOMS = st.sampled_from(
    [
        "a",
        "a.b",
        "'s'",
        '"t{"',
        "`u`",
        "`v${w}x`",
        "`y${ {z: '}'}.z }`",
        "1",
        "-2.5e3",
        "0xFn",
        "true",
        "null",
        "/r[/']/g",
        "this",
    ]
)
TYPE_TEXTS = st.sampled_from(
    [
        "T",
        "{ a: 'b' }",
        "Map<string, T[]>",
        "(a: { b: T }) => void",
        "'x' | \"y\"",
        "readonly [T, U?]",
        "typeof a.b",
        "T extends U ? { c: 1 } : never",
    ]
)
KEYS = st.sampled_from(["a", "if", "'b-c'", '"d"', "3", "['e']", "[f]", "get", "async", "$_"])
COMMENTS = st.sampled_from(["", "", "", " ", "\n", "/* it's { */", " // ]\n"])


def wrap(expressions: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(expressions, max_size=3).map(", ".join)
    members = st.one_of(
        st.tuples(KEYS, expressions).map(": ".join),
        st.sampled_from(["s", "...t", "get g() { return { h: 'i' } }", "async *m<T>(a = 'b') { yield ['c'] }"]),
    )
    return st.one_of(
        st.tuples(st.lists(expressions, max_size=3), COMMENTS, st.sampled_from(["", ","])).map(
            lambda drawn: "[" + drawn[1] + f",{drawn[1]}".join(drawn[0]) + (drawn[2] if drawn[0] else "") + "]"
        ),
        st.tuples(st.lists(members, max_size=3), COMMENTS, st.sampled_from(["", ","])).map(
            lambda drawn: "{" + drawn[1] + f",{drawn[1]}".join(drawn[0]) + (drawn[2] if drawn[0] else "") + "}"
        ),
        expressions.map("({})".format),
        st.tuples(expressions, TYPE_TEXTS).map("({0[0]} as {0[1]})".format),
        st.tuples(expressions, TYPE_TEXTS).map("({0[0]} satisfies {0[1]})".format),
        expressions.map("({})!".format),
        arguments.map("f({})".format),
        st.tuples(TYPE_TEXTS, arguments).map("new a.B<{0[0]}>({0[1]})".format),
        st.tuples(expressions, expressions).map("(a ? {0[0]} : {0[1]})".format),
        st.tuples(expressions, expressions).map("({0[0]} ?? {0[1]})".format),
        expressions.map("(({{ a = 'b' }}, ...c) => ({}))".format),
        st.tuples(TYPE_TEXTS, expressions).map(
            "(async <T,>(a: {0[0]}): Promise<{0[0]}> => {{ return ({0[1]}) }})".format
        ),
        expressions.map("(function* () {{ const x = {}; }})".format),
        expressions.map("(class {{ static x = {} }})".format),
        expressions.map("({}).length".format),
        expressions.map("(1 / ({}) / 2)".format),
    )


EXPRESSIONS = st.recursive(ATOMS, wrap, max_leaves=8)
STATEMENTS = st.one_of(
    EXPRESSIONS.map("const x = {}".format),
    st.tuples(TYPE_TEXTS, EXPRESSIONS).map("export let y: {0[0]} = {0[1]}".format),
    EXPRESSIONS.map("a.b = {}".format),
    EXPRESSIONS.map("export default {}".format),
    EXPRESSIONS.map("if (a) {{ var z = {} }} else b()".format),
    EXPRESSIONS.map("function g(p = {}) {{ return }}".format),
    TYPE_TEXTS.map("type U = {}".format),
    st.sampled_from(
        [
            "import a, { b } from 'c'",
            "interface I { a: { b: 'c' } }",
            "enum E { A = 'b' }",
            "l: for (;;) {}",
            "declare const d: { e: 1 }",
        ]
    ),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STATEMENTS, min_size=1, max_size=4), st.sampled_from([";\n", ";", ";\r\n// it's\n"]))
def test_literals_of_generated_typescript_agree(statements: list[str], separator: str) -> None:
    text = separator.join(statements) + separator
    assume(not Oracle(text, "typescript").root.has_error)
    assert_agrees(text, "typescript")
