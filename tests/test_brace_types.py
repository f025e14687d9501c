"""Types are skipped: the value or body behind an annotation is found whatever the type looks like."""

from __future__ import annotations

import pytest

from brace_outline import bindings
from tokenrouter_video.documents.brace_tokens import tokenize
from tokenrouter_video.documents.brace_types import TypeSkipper

TYPES = [
    "string",
    "a.b.C",
    "'x' | \"y\" | 1 | -1 | true | null | undefined | void | `a${b}`",
    "| A\n  | B\n  & C",
    "{ a: string; b?: number, [key: string]: any }",
    "Record<string, { a: string }>",
    "Map<string, Array<Map<A, B>>>",
    "A[]",
    "readonly string[][]",
    "readonly [a: A, b?: B, ...c: C[]]",
    "A['b'][number]",
    "() => void",
    "(a: string, b?: { c: D }) => { e: F }",
    "new (a: A) => B",
    "abstract new () => A",
    "<T extends A = B>(a: T) => T[]",
    "(A | B)[]",
    "typeof import('a')",
    "import('a').B<C>",
    "typeof a.b",
    "keyof typeof a",
    "unique symbol",
    "A extends B ? C : D extends (infer E extends F)[] ? { g: E } : never",
    "{ readonly [K in keyof T as `x${K}`]?: T[K] }",
    "A<B extends C ? D : E>",
    "asserts a is B",
    "(a: any) => a is B",
    "Promise<(a: A) => B<C>>",
    "this",
]


@pytest.mark.parametrize("type_text", TYPES)
def test_type_is_skipped_to_its_end(type_text: str) -> None:
    for follower in ("= 1", "{ }", ", b", ")", ";", "", "=> c"):
        text = f"{type_text} {follower}"
        tokens = tokenize(f"({text}" if follower == ")" else text, is_code=True)
        end = TypeSkipper(tokens).skip(1 if follower == ")" else 0)
        assert tokens.text[tokens.starts[end] :].strip() == follower


@pytest.mark.parametrize("type_text", [text for text in TYPES if text != "asserts a is B"])
def test_value_behind_an_annotation_is_bound(type_text: str) -> None:
    text = f"const a: {type_text} = {{ b: 1 }}\nlet c: {type_text}\nvar d: {type_text} = [2], e = 3"
    assert bindings(text) == {"a": {"b": 1}, "d": [2], "e": 3}


@pytest.mark.parametrize("type_text", TYPES)
def test_body_behind_a_return_type_is_read(type_text: str) -> None:
    text = f"function f(a: A, b?: {{ c: D }}): {type_text} {{ return {{ e: 1 }} }}"
    assert bindings(text) == {"f": ("scope", {"return": {"e": 1}})}


@pytest.mark.parametrize("type_text", TYPES)
def test_arrow_function_behind_a_return_type_is_read(type_text: str) -> None:
    text = f"const f = async (a): {type_text} => {{ const b = 1 }}, g = 2"
    assert bindings(text) == {"f": ("scope", {"b": 1}), "g": 2}


@pytest.mark.parametrize("type_text", [text for text in TYPES if text != "asserts a is B"])
def test_assertion_is_transparent(type_text: str) -> None:
    text = f"const a = {{ b: [1] as {type_text}, c: 2 }} satisfies {type_text}, d = 3"
    assert bindings(text) == {"a": {"b": [1], "c": 2}, "d": 3}


@pytest.mark.parametrize("type_text", [text for text in TYPES if text not in ("asserts a is B", "-1")])
def test_type_alias_is_skipped(type_text: str) -> None:
    text = f"export type A<T = {{ x: 1 }}> = {type_text}\nconst b = 1"
    assert bindings(text) == {"b": 1}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param("f<A>({ a: 1 })", ("f", {"a": 1}), id="call"),
        pytest.param("f<A, { b: C<D> }>({ a: 1 })", ("f", {"a": 1}), id="several-arguments"),
        pytest.param("new Map<string, A<B<C>>>([1])", ("Map", [1]), id="closed-by-a-shift-operator"),
        pytest.param("[a < b, c > 1, { d: 2 }].length", None, id="comparisons"),
        pytest.param("[new Map<A, B>(), { d: 2 }]", None, id="commas-in-type-arguments"),
        pytest.param("a < b ? { c: 1 } : d", {"c": 1}, id="comparison-in-a-condition"),
        pytest.param("a < (1 >> 2) && f({ c: 1 })", ("f", {"c": 1}), id="shift"),
        pytest.param("i < n >> 1 || { c: 1 }", {"c": 1}, id="shift-behind-a-comparison"),
    ],
)
def test_angle_brackets_are_type_arguments_or_comparisons(expression: str, expected: object) -> None:
    found = bindings(f"const x = {expression}")["x"]
    if expected is not None:
        assert found == expected
    else:
        assert found[-1] == {"d": 2}
