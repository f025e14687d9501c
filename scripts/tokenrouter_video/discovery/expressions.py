"""What an expression of JavaScript, TypeScript or Python says, as far as it is text put together from names.

Parsed, never evaluated: string and template literals, ``+``, ``??``, ``||`` and ``or``, names with attributes, the
ways to read an environment variable, and calls that hand their text on. Everything else is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from tokenrouter_video.discovery.values import Name, Text, Unknown, Value, Variable, join
from tokenrouter_video.patterns import regex

MAX_LENGTH = 4_000
MAX_TOKENS = 400
MAX_NESTING = 20

_TOKEN = regex(
    r"""\s+
    | (?P<string>(?P<prefix>[A-Za-z]{0,2})(?:'''(?:[^\\]|\\.)*?'''|\"{3}(?:[^\\]|\\.)*?\"{3}
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    | (?P<template>`(?:[^`\\]|\\.)*`)
    | (?P<name>[A-Za-z_$][\w$]*)
    | (?P<other>\?\?|\|\||\?\.|[0-9][\w.]*|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = regex(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}

# ``environ.get``, ``getenv``, ``env``, ``Deno.env.get``, ``requireEnv``, ``config`` of decouple: a name in quotes.
_READS_A_VARIABLE = regex(r"(?:.*\.)?(?:environ\.get|env\.get|\w*[eE]nv\w*|environ|config|secret|env\.\w+)")
_VARIABLE = regex(r"[A-Za-z_][A-Za-z0-9_]*")
# What hands its text on, as a function around it or a method behind it.
_HANDS_ON = frozenset(
    {
        *("String", "str", "SecretStr", "Secret", "URL", "HttpUrl", "AnyUrl", "AnyHttpUrl", "make", "of"),
        *("trim", "strip", "rstrip", "lstrip", "trimEnd", "trimStart", "toString", "get_secret_value"),
        *("replace", "replaceAll", "removesuffix", "removeprefix"),
    }
)


def read_code(code: str) -> Value:
    """Return what an expression says."""
    if len(code) > MAX_LENGTH:
        return Unknown("given by code")
    tokens = list(islice(_tokens(code), MAX_TOKENS + 1))
    if len(tokens) > MAX_TOKENS:
        return Unknown("given by code")
    reader = _Reader(tokens)
    value = reader.either(0)
    return value if reader.at_end() else Unknown("given by code")


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    """Yield the tokens of an expression, each behind its kind: the pattern's group."""
    names = code.split(".")
    if code.isascii() and all(name.isidentifier() for name in names):
        # What most expressions are, without the pattern that tells all others.
        yield "name", names[0]
        for name in names[1:]:
            yield from (("other", "."), ("name", name))
        return
    for match in _TOKEN.finditer(code):
        if match.lastgroup is not None:
            yield "string" if match.lastgroup == "prefix" else match.lastgroup, match[0]


class _Reader:
    """A recursive descent over the tokens; what it does not know becomes :class:`Unknown`."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0

    def at_end(self) -> bool:
        return self._place >= len(self._tokens)

    def either(self, depth: int) -> Value:
        """Read ``a ?? b``, ``a || b``, ``a or b``: the first is meant, the rest are what it falls back to."""
        if depth > MAX_NESTING:
            self._place = len(self._tokens)
            return Unknown("given by code")
        value = self._sum(depth)
        while self._accept("??") or self._accept("||") or self._accept("or"):
            fallback = self._sum(depth)
            if isinstance(value, Variable):
                default = fallback if value.default is None else value.default
                value = Variable(value.name, default, value.is_secret)
            elif isinstance(value, Unknown):
                return value
        if self._accept("as") or self._accept("satisfies"):
            while not self.at_end() and self._peek() not in (")", ",", "]"):
                self._place += 1
        return value

    def _sum(self, depth: int) -> Value:
        parts = [self._postfix(depth)]
        while self._accept("+"):
            parts.append(self._postfix(depth))
        return join(parts)

    def _postfix(self, depth: int) -> Value:
        """Read a primary and what follows it: attributes, indices, calls, TypeScript's ``!``."""
        value = self._primary(depth)
        while not self.at_end():
            if self._accept("."):
                value = self._attribute(value)
            elif self._accept("?."):
                value = self._attribute(value) if self._peek() not in ("[", "(") else value
            elif self._accept("["):
                index = self.either(depth + 1)
                if not self._accept("]"):
                    return Unknown("given by code")
                value = _index(value, index)
            elif self._accept("("):
                value = self._call(value, depth)
            elif not self._accept("!"):
                break
        return value

    def _primary(self, depth: int) -> Value:
        if self.at_end():
            return Unknown("given by code")
        kind, text = self._tokens[self._place]
        self._place += 1
        if kind in ("string", "template"):
            pieces = [_literal(text, depth)]
            while not self.at_end() and self._tokens[self._place][0] == "string" and kind == "string":
                pieces.append(_literal(self._tokens[self._place][1], depth))
                self._place += 1
            return join(pieces)
        if kind == "name" and text in ("await", "new"):
            return self._primary(depth + 1) if depth < MAX_NESTING else Unknown("given by code")
        if kind == "name":
            return Name((text,))
        if text == "(":
            value = self.either(depth + 1)
            return value if self._accept(")") else Unknown("given by code")
        return Unknown("given by code")

    def _attribute(self, value: Value) -> Value:
        if self.at_end() or self._tokens[self._place][0] != "name":
            return Unknown("given by code")
        name = self._tokens[self._place][1]
        self._place += 1
        if isinstance(value, Name):
            return _settled(Name((*value.path, name)))
        # A method of a text; whether it is one that hands the text on shows when it is called.
        return value if name in _HANDS_ON else Unknown("given by code")

    def _call(self, function: Value, depth: int) -> Value:
        arguments: list[Value] = []
        keywords: dict[str, Value] = {}
        while not self.at_end() and not self._accept(")"):
            is_keyword = self._tokens[self._place][0] == "name" and self._peek(1) == "=" and self._peek(2) != "="
            if is_keyword:
                name = self._peek()
                self._place += 2
                keywords[name] = self.either(depth + 1)
            else:
                arguments.append(self.either(depth + 1))
            if not self._accept(",") and self._peek() != ")":
                self._skip_argument()
                arguments.append(Unknown("given by code"))
        return _called(function, arguments, keywords)

    def _skip_argument(self) -> None:
        """Leave an argument that is not understood, up to the comma or bracket that ends it."""
        nesting = 0
        while not self.at_end():
            text = self._peek()
            if nesting == 0 and text in (",", ")"):
                self._accept(",")
                return
            nesting += (text in "([{") - (text in ")]}") if len(text) == 1 else 0
            self._place += 1

    def _peek(self, ahead: int = 0) -> str:
        place = self._place + ahead
        return self._tokens[place][1] if place < len(self._tokens) else ""

    def _accept(self, text: str) -> bool:
        if self._peek() != text or self._tokens[self._place][0] in ("string", "template"):
            return False
        self._place += 1
        return True


def _settled(name: Name) -> Value:
    """Return the variable that ``process.env.V``, ``import.meta.env.V`` or ``env.V`` is, else the name."""
    path = name.path
    if len(path) < 2 or path[-2] not in ("env", "environ"):
        return name
    is_environment = path[:-2] in (("process",), ("import", "meta"), ("Bun",), ("os",), ("Deno",))
    is_capital = path[-1].isupper() and path[-1] not in ("GET",)
    return Variable(path[-1]) if (is_environment and path[-1] != "get") or is_capital else name


def _index(value: Value, index: Value) -> Value:
    if not isinstance(value, Name) or not isinstance(index, Text):
        return Unknown("given by code")
    if value.path[-1] in ("env", "environ") and _VARIABLE.fullmatch(index.text):
        return Variable(index.text)
    return Name((*value.path, index.text))


def _called(function: Value, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if not isinstance(function, Name):
        # A method that hands its text on: see `_attribute`.
        return function
    first = arguments[0] if arguments else None
    dotted = ".".join(function.path)
    if isinstance(first, Text) and _VARIABLE.fullmatch(first.text) and _READS_A_VARIABLE.fullmatch(dotted):
        default = keywords.get("default", arguments[1] if len(arguments) > 1 else None)
        return Variable(first.text, None if default == Name(("None",)) else default)
    if function.path[-1] in _HANDS_ON:
        if len(function.path) > 1 and function.path[-1] not in ("make", "of"):
            return Name(function.path[:-1])
        return first if first is not None else Unknown("given by code")
    default = keywords.get("default")
    return default if default is not None else Unknown("given by code")


def _literal(source: str, depth: int) -> Value:
    """Return what a string or template literal says."""
    if source[0] == "`":
        return _template(source[1:-1], "${", depth)
    quote = re.search(r"'''|\"\"\"|['\"]", source)
    assert quote is not None
    prefix = source[: quote.start()].lower()
    body = source[quote.end() : -len(quote[0])]
    if "f" in prefix:
        return _template(body, "{", depth)
    return Text(body if "r" in prefix else _unescaped(body))


def _template(body: str, opening: str, depth: int) -> Value:
    """Return a template's texts and expressions joined."""
    parts: list[Value] = []
    position = 0
    while depth < MAX_NESTING:
        start = body.find(opening, position)
        end = body.find("}", start)
        if start < 0 or end < 0:
            break
        if opening == "{" and body.startswith("{{", start):
            parts.append(Text(_unescaped(body[position : start + 1])))
            position = start + 2
            continue
        expression = body[start + len(opening) : end]
        parts += [Text(_unescaped(body[position:start])), read_code(expression)]
        position = end + 1
    return join([*parts, Text(_unescaped(body[position:]))])


def _unescaped(body: str) -> str:
    return _ESCAPE.sub(_unescape, body) if "\\" in body else body


def _unescape(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits is None:
        return _ESCAPED.get(match[4], match[4])
    code = int(digits, 16)
    return chr(code) if code < 0x110000 else ""
