"""Expressions of JavaScript and TypeScript: what of them is a literal, and what is only code.

What an expression becomes:

- a literal is its node. Parentheses, ``await``, ``as T``, ``satisfies T``, ``<T>x``, ``x!`` around it change nothing;
- a call or ``new`` with one argument that is a literal, a function or another such call *is* that argument, with
  ``callee`` set (of several around one literal, the innermost);
- a call with several arguments of which some are literals is a ``call`` mapping of all of them, keyed ``0``, ``1``...;
  as an item of a list and as a statement of its own a call with one string, number or word is one as well. Not so
  what reads an environment variable: ``getEnv("NAME", "default")`` is code;
- a function, arrow function or class that holds bindings is a ``scope`` mapping of them;
- anything else is :class:`Opaque`, unless it has parts of the kinds above (the two sides of a condition, the receiver
  and the arguments of a chain of calls): the only one takes its place, several are a ``scope`` keyed ``0``, ``1``...
"""

from __future__ import annotations

from abc import abstractmethod

from tokenrouter_video.documents.brace_members import ENDS, Code, Found, MemberParser
from tokenrouter_video.documents.brace_tokens import HEAD, JSX, NAME, NUMBER, REGEX, TEMPLATE, Tokens
from tokenrouter_video.documents.document import MAX_DEPTH, DocumentError
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Scalar, Sequence, Span
from tokenrouter_video.records import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

_PLAIN_OPERANDS = frozenset({NAME, REGEX, "import", "let", "await", "yield"})
_POSTFIXES = frozenset({".", "?.", "[", "(", "++", "--", TEMPLATE, HEAD})
_PREFIXES = frozenset({"!", "~", "+", "-", "++", "--", "typeof", "void", "delete", "await", "yield", "..."})
_OPERATORS = """
    + - * / % ** & | ^ << >> >>> < > <= >= == != === !== && || ?? ? in instanceof
    = += -= *= /= %= **= &= |= ^= <<= >>= >>>= &&= ||= ??=
"""
_BINARY = frozenset(_OPERATORS.split())

_Argument: TypeAlias = tuple[Found, int, int]


class ExpressionParser(MemberParser):
    """Reads expressions; functions and classes are left to others."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens)
        self._depth = 0

    @abstractmethod
    def class_body(self, index: int, first: int) -> tuple[Found, int]:
        """Return the class that starts at ``first``, and the index behind it; ``index`` is behind its keyword."""

    def expression(self, index: int, *, is_item: bool = False) -> tuple[Found, int]:
        """Return the expression at a token, up to a comma or the end of the statement, and the index behind it."""
        self._depth += 1
        if self._depth > MAX_DEPTH + 1:
            raise DocumentError(f"expressions are nested deeper than {MAX_DEPTH} levels", self.starts[index])
        kinds = self.kinds
        first = index
        found: Found = Code(index, index)
        parts: list[Node] = []
        operands = questions = 0
        is_alone = True
        while True:
            while True:
                kind = kinds[index]
                if kind == "<" and self.types.angles(index) and not self._is_generic_arrow(index):
                    index = self.types.angles(index)
                elif kind in _PREFIXES and not (kind in ("+", "-") and kinds[index + 1] == NUMBER):
                    is_alone = is_alone and kind == "await"
                    index += 2 if kind == "yield" and kinds[index + 1] == "*" else 1
                else:
                    break
            start = index
            found, index = self._operand(start, is_item=is_item and is_alone, in_condition=questions > 0)
            if index == start:
                break
            operands += 1
            if isinstance(found, Mapping | Sequence):
                parts.append(found)
            index = self._skip_assertions(index)
            kind = kinds[index]
            if kind in _BINARY or (kind == ":" and questions):
                questions += (kind == "?") - (kind == ":")
                is_alone = False
                index += 1
                continue
            break
        self._depth -= 1
        if is_alone and operands == 1:
            return found, index
        return self._joined(parts, first, index), index

    def _joined(self, parts: list[Node], first: int, end: int) -> Found:
        """Return what stands for an expression that is none of its parts."""
        if len(parts) < 2:
            return parts[0] if parts else Code(first, end)
        span = Span(self.starts[first], self.ends[end - 1])
        entries = tuple(Entry(str(number), None, part, part.span) for number, part in enumerate(parts))
        return Mapping(span, span, entries, "scope")

    def _skip_assertions(self, index: int) -> int:
        """Return the index behind ``as T`` and ``satisfies T``."""
        while (
            self.kinds[index] == NAME
            and self.tokens.word(index) in ("as", "satisfies")
            and not self.tokens.on_new_line(index)
        ):
            index = self.types.skip(index + 1)
        return index

    def _operand(self, first: int, *, is_item: bool, in_condition: bool) -> tuple[Found, int]:
        """Return an operand with its members and calls, and the index behind it; ``first`` itself where none is."""
        kinds = self.kinds
        index = first
        while kinds[index] == "new":
            index += 1
        path = index
        if kinds[index] == NAME:
            index = self._behind_async(index)
        kind = kinds[index]
        if kind == NAME and kinds[index + 1] == "=>":
            return self.function(index + 1, first)
        if kind == "(" and self._is_arrow(index, in_condition=in_condition):
            return self.function(index, first)
        if kind == "<" and self._is_generic_arrow(index):
            return self.function(index, first)
        found: Found | None = None
        if kind in ("{", "["):
            behind = self.tokens.behind(index)
            # What is assigned to is no literal but a pattern.
            if kinds[behind] != "=":
                found = self.mapping(index) if kind == "{" else self.sequence(index)
            index = behind
        elif kind == "(":
            found, index = self._group(index)
        elif kind == "function":
            index += 2 if kinds[index + 1] == "*" else 1
            found, index = self.function(index + (kinds[index] == NAME), first)
        elif kind == "class":
            found, index = self.class_body(index + 1, first)
        elif kind == HEAD:
            index = self.tokens.behind(index)
        elif kind == JSX:
            found, index = self._element(index)
        elif scalar := self.scalar(index):
            found, index = scalar
        elif kind in _PLAIN_OPERANDS:
            index += 1
        elif index == first:
            return Code(first, first), first
        return self._chain(found or Code(first, index), first, path, index, is_item=is_item)

    def _behind_async(self, index: int) -> int:
        """Return the index behind ``async`` where it stands in front of a function, else the index itself."""
        kinds, following = self.kinds, index + 1
        if self.tokens.word(index) != "async" or self.tokens.on_new_line(following):
            return index
        match kinds[following]:
            case "(":
                is_function = self._is_arrow(following, in_condition=False)
            case "<":
                is_function = self._is_generic_arrow(following)
            case kind:
                is_function = kind == "function" or (kind == NAME and kinds[following + 1] == "=>")
        return following if is_function else index

    def _is_arrow(self, opening: int, *, in_condition: bool) -> bool:
        """Whether parentheses hold an arrow function's parameters."""
        index = self.partner[opening] + 1
        if self.kinds[index] == ":" and not in_condition:
            index = self.types.skip(index + 1)
        return self.kinds[index] == "=>"

    def _is_generic_arrow(self, index: int) -> bool:
        """Whether a ``<`` starts the type parameters of an arrow function."""
        behind = self.types.angles(index)
        return behind > 0 and self.kinds[behind] == "(" and self._is_arrow(behind, in_condition=False)

    def _group(self, opening: int) -> tuple[Found, int]:
        """Return what parentheses hold, and the index behind them."""
        closing = self.partner[opening]
        parts: list[Node] = []
        index = opening + 1
        while True:
            found, end = self.expression(index)
            if end == closing and index == opening + 1:
                return found, closing + 1
            if isinstance(found, Mapping | Sequence):
                parts.append(found)
            if self.kinds[end] != ",":
                return self._joined(parts, opening, closing + 1), closing + 1
            index = end + 1

    def _element(self, opening: int) -> tuple[Found, int]:
        """Return what the expressions inside a JSX element hold, and the index behind it."""
        closing = self.partner[opening]
        parts: list[Node] = []
        index = opening + 1
        while index < closing:
            if self.kinds[index] == "{":
                found, _ = self.expression(index + 1)
                if isinstance(found, Mapping | Sequence):
                    parts.append(found)
            index = self.tokens.behind(index)
        return self._joined(parts, opening, closing + 1), closing + 1

    def _chain(self, found: Found, first: int, path: int, index: int, *, is_item: bool) -> tuple[Found, int]:
        """Follow the members, calls and assertions behind an operand; ``path`` is where the name of a call starts."""
        kinds = self.kinds
        parts: list[Node] = []
        is_touched = False
        end = index
        if not (kinds[path] == NAME or kinds[path] == "import" or self._is_detached(path)):
            path = index
        while True:
            kind = kinds[index]
            if kind == "<":
                behind = self.types.arguments(index)
                if not behind:
                    break
                index = behind
                continue
            if kind == "!" and not self.tokens.on_new_line(index):
                index += 1
                continue
            if kind not in _POSTFIXES or (kind in ("++", "--") and self.tokens.on_new_line(index)):
                break
            if isinstance(found, Mapping | Sequence):
                parts.append(found)
            is_touched = True
            found = Code(first, first)
            if kind == "(":
                behind = self.tokens.behind(index)
                found = self._call(path, end, index, is_item=is_item and kinds[behind] not in _POSTFIXES)
                if behind > index + 2:
                    # Of a chain of calls the name is what stands behind the last one that was given something.
                    path = behind
                index = behind
            elif kind in (".", "?."):
                index += 2 if kinds[index + 1] == NAME else 1
            else:
                index = self.tokens.behind(index)
            end = index
        if not is_touched:
            return found, index
        if isinstance(found, Mapping | Sequence):
            parts.append(found)
        return self._joined(parts, first, end), index

    def _is_detached(self, index: int) -> bool:
        """Whether ``(0, name)`` stands at a token, which is how compilers write a call without its object."""
        return self.kinds[index] == "(" and self.kinds[index + 2] == "," and self.tokens.word(index + 1) == "0"

    def _call(self, path: int, path_end: int, opening: int, *, is_item: bool) -> Found:
        """Return what a call stands for, code where its arguments hold nothing."""
        arguments = self._arguments(opening)
        if not any(isinstance(found, Mapping | Sequence | Scalar) for found, _, _ in arguments):
            return Code(path, path)
        path += self.kinds[path] in (".", "?.")
        callee = self._callee(path, path_end)
        only = arguments[0][0]
        if len(arguments) == 1 and isinstance(only, Mapping | Sequence):
            return only if only.callee else replace(only, callee=callee)
        from tokenrouter_video.documents.callees import reads_environment

        if not any(isinstance(found, Mapping | Sequence) for found, _, _ in arguments) and (
            reads_environment(callee) or (len(arguments) == 1 and not is_item)
        ):
            return Code(path, path)
        span = Span(self.starts[path], self.ends[self.partner[opening]])
        entries = []
        for number, (found, first, end) in enumerate(arguments):
            argument_span = Span(self.starts[first], self.ends[end - 1])
            entries.append(Entry(str(number), None, self.settle(found), argument_span))
        return Mapping(span, self._body(opening), tuple(entries), "call", callee)

    def _callee(self, path: int, end: int) -> str:
        code = self.tokens.code(path, end)
        return code[len("(0, ") : -1] if self._is_detached(path) and code.endswith(")") else code

    def _arguments(self, opening: int) -> list[_Argument]:
        """Return what a call's arguments are and the tokens that each reaches over."""
        closing = self.partner[opening]
        arguments: list[_Argument] = []
        index = opening + 1
        while index < closing:
            found, end = (Code(index, index), index) if self.kinds[index] == "..." else self.expression(index)
            if self.kinds[end] not in ENDS:
                end = self.next_end(end)
                found = Code(index, end) if isinstance(found, Code | Scalar) else found
            if end > index:
                arguments.append((found, index, end))
            index = end + 1
        return arguments
