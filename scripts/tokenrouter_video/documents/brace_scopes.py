"""Functions and classes of JavaScript and TypeScript: the scopes that they are and what they bind."""

from __future__ import annotations

from abc import abstractmethod

from tokenrouter_video.documents.brace_expressions import ExpressionParser
from tokenrouter_video.documents.brace_members import Code, Found
from tokenrouter_video.documents.brace_tokens import CLOSERS, END, NAME
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Sequence, Span

STOPS = frozenset({";", END, *CLOSERS})


class Bindings:
    """The entries of one scope, their keys made unique."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._uses: dict[str, int] = {}

    def add(self, key: str, key_span: Span | None, value: Node, span: Span) -> None:
        """Append a binding."""
        unique = key
        while unique in self._uses:
            self._uses[key] += 1
            unique = f"{key}@{self._uses[key]}"
        self._uses[unique] = 1
        self.entries.append(Entry(unique, key_span, value, span))


class ScopeParser(ExpressionParser):
    """Reads functions and classes; the statements in their bodies are left to the method below."""

    @abstractmethod
    def statements(self, index: int, stop: int, bindings: Bindings) -> None:
        """Read the statements of a region into bindings."""

    def scope(self, bindings: Bindings, first: int, behind: int) -> Found:
        """Return the scope that some tokens are, plain code where it binds nothing."""
        if not bindings.entries:
            return Code(first, behind)
        span = Span(self.starts[first], self.ends[behind - 1])
        return Mapping(span, span, tuple(bindings.entries), "scope")

    def function(self, index: int, first: int) -> tuple[Found, int]:
        """Return the function or arrow function that starts at ``first``, and the index behind it.

        ``index`` is where its type parameters, its parameters or its arrow start.
        """
        kinds = self.kinds
        bindings = Bindings()
        if kinds[index] == "<":
            index = self.types.angles(index) or index
        if kinds[index] == "(":
            self.pattern(index, bindings)
            index = self.tokens.behind(index)
        if kinds[index] == ":":
            index = self.types.skip(index + 1)
        if kinds[index] == "=>":
            index += 1
            if kinds[index] != "{":
                found, behind = self.expression(index)
                if not isinstance(found, Code):
                    span = Span(self.starts[index], self.ends[behind - 1])
                    bindings.add("return", None, self.settle(found), span)
                return self.scope(bindings, first, behind), behind
        if kinds[index] == "{":
            self.statements(index + 1, self.partner[index], bindings)
            index = self.tokens.behind(index)
        return self.scope(bindings, first, index), index

    def class_body(self, index: int, first: int) -> tuple[Found, int]:
        """Return the class that starts at ``first``, and the index behind it; ``index`` is behind its keyword."""
        opening, behind = self.braces(index)
        bindings = Bindings()
        if opening:
            self._members(opening, bindings)
        return self.scope(bindings, first, behind), behind

    def _members(self, opening: int, bindings: Bindings) -> None:
        """Bind a class' fields, methods and what its static blocks and decorators hold."""
        index = opening + 1
        while index < self.partner[opening]:
            behind = self._member(index, bindings)
            index = behind if behind > index else self.tokens.behind(index)

    def _member(self, first: int, bindings: Bindings) -> int:
        """Bind the member at a token and return the index behind it, the same index where none is."""
        kinds = self.kinds
        if kinds[first] == "@":
            return self._decorator(first, bindings)
        if kinds[first] == NAME and kinds[first + 1] == "{" and self.tokens.word(first) == "static":
            self.statements(first + 2, self.partner[first + 1], bindings)
            return self.partner[first + 1] + 1
        key, key_span, index = self.member_name(first)
        if key is None:
            key = self.tokens.code(first, index)
        index += kinds[index] in ("?", "!")
        if kinds[index] in ("(", "<"):
            found, index = self.function(index, first)
            if isinstance(found, Mapping):
                bindings.add(key, key_span, found, found.span)
            return index
        if kinds[index] == ":":
            index = self.types.skip(index + 1)
        if kinds[index] == "=":
            found, index = self.expression(index + 1)
            bindings.add(key, key_span, self.settle(found), Span(self.starts[first], self.ends[index - 1]))
        return index

    def _decorator(self, index: int, bindings: Bindings) -> int:
        found, end = self.expression(index + 1)
        self.add_nameless(found, index + 1, end, bindings)
        return end

    def pattern(self, opening: int, bindings: Bindings) -> None:
        """Bind the names of a destructuring pattern or of parameters that have a literal as default."""
        kinds = self.kinds
        closing = self.partner[opening]
        index = opening + 1
        while index < closing:
            if kinds[index] == "@":
                index = self._decorator(index, bindings)
                continue
            while kinds[index] == "..." or (kinds[index] == NAME and kinds[index + 1] == NAME):
                index += 1
            behind_key = self.tokens.behind(index)
            if kinds[opening] == "{" and kinds[behind_key] == ":":
                index = behind_key + 1
            named = index
            if kinds[index] in ("{", "["):
                self.pattern(index, bindings)
            if kinds[index] != ",":
                index = self.tokens.behind(index)
            index += kinds[index] == "?"
            if kinds[index] == ":":
                index = self.types.skip(index + 1)
            if kinds[index] == "=":
                found, behind = self.expression(index + 1)
                if not isinstance(found, Code):
                    self.add_value(named, found, behind, bindings)
                index = behind
            while kinds[index] != "," and index < closing:
                index = self.tokens.behind(index)
            index += 1

    # Bindings

    def bind(self, key: str, named: tuple[int, int] | None, found: Found, behind: int, bindings: Bindings) -> None:
        """Add a function's, class' or namespace's scope to another one, unless it is empty."""
        if isinstance(found, Mapping):
            key_span = Span(self.starts[named[0]], self.ends[named[1] - 1]) if named else None
            bindings.add(key, key_span, found, Span(found.span.start, self.ends[behind - 1]))

    def add_value(self, named: int, found: Found, behind: int, bindings: Bindings) -> None:
        """Bind a value to the name at a token; without a name, to what an expression goes by."""
        if self.kinds[named] != NAME:
            self.add_nameless(found, named, behind, bindings)
            return
        key_span = Span(self.starts[named], self.ends[named])
        bindings.add(self.tokens.word(named), key_span, self.settle(found), Span(key_span.start, self.ends[behind - 1]))

    def add_nameless(self, found: Found, first: int, end: int, bindings: Bindings) -> None:
        """Add an expression that no name is bound to, under its callee, if it holds anything."""
        if not isinstance(found, Mapping | Sequence) or not found.entries:
            return
        key_span = None
        named = first
        while self.kinds[named] in ("new", "await"):
            named += 1
        if found.callee and self.text.startswith(found.callee, self.starts[named]):
            key_span = Span(self.starts[named], self.starts[named] + len(found.callee))
        bindings.add(found.callee or "expression", key_span, found, Span(self.starts[first], self.ends[end - 1]))

    def braces(self, index: int) -> tuple[int, int]:
        """Return the index of the next ``{`` of the same level, 0 where none is, and the index behind its braces."""
        while self.kinds[index] != "{":
            if self.kinds[index] in STOPS:
                return 0, index
            angles = self.types.angles(index) if self.kinds[index] == "<" else 0
            index = angles or self.tokens.behind(index)
        return index, self.tokens.behind(index)
