"""What objects, arrays and classes hold in code and not in JSON: methods, shorthands, computed keys, spreads, holes."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property

from tokenrouter_video.documents.brace_literals import LiteralParser
from tokenrouter_video.documents.brace_scalars import INVALID
from tokenrouter_video.documents.brace_tokens import CLOSERS, NAME, NUMBER, STRINGS, TEMPLATE
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Opaque, Scalar, Sequence, Span
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from tokenrouter_video.documents.brace_types import TypeSkipper

_MODIFIER_WORDS = """
    abstract accessor async declare get override private protected public readonly set static
"""
_MODIFIERS = frozenset(_MODIFIER_WORDS.split())
# Behind one of these words they say that the word is the member's own name.
_BEHIND_NAMES = frozenset({"(", "<", ":", "=", ";", ",", "?", "!", "}"})
_LITERAL_STARTS = frozenset({*STRINGS, TEMPLATE, NUMBER, "{", "["})
ENDS = frozenset({",", *CLOSERS})


@dataclass(frozen=True, slots=True)
class Code:
    """Code that is no literal, as a range of tokens; it becomes :class:`Opaque` only where the tree keeps it."""

    first: int
    end: int


Found: TypeAlias = Node | Code


class MemberParser(LiteralParser):
    """Reads what objects, arrays and classes hold in code; expressions and functions are left to the methods below."""

    allowed = INVALID

    @cached_property
    def types(self) -> TypeSkipper:
        """What passes over TypeScript's types, which most configs have none of."""
        from tokenrouter_video.documents.brace_types import TypeSkipper

        return TypeSkipper(self.tokens)

    @abstractmethod
    def expression(self, index: int, *, is_item: bool = False) -> tuple[Found, int]:
        """Return the expression at a token, up to a comma or the end of the statement, and the index behind it."""

    @abstractmethod
    def function(self, index: int, first: int) -> tuple[Found, int]:
        """Return the function or arrow function that starts at ``first``, and the index behind it.

        ``index`` is where its type parameters, its parameters or its arrow start.
        """

    def settle(self, found: Found) -> Node:
        """Return the node that stands for something found."""
        if not isinstance(found, Code):
            return found
        if found.end <= found.first:
            nowhere = self.ends[found.first - 1]
            return Opaque(Span(nowhere, nowhere), "")
        span = Span(self.starts[found.first], self.ends[found.end - 1])
        return Opaque(span, self.tokens.code(found.first, found.end))

    def value(self, index: int, *, is_item: bool = False) -> tuple[Node, int]:
        """Return the value at a token and the index of the comma or closing bracket behind it."""
        kinds = self.kinds
        if kinds[index] in _LITERAL_STARTS and kinds[self.partner.get(index, index) + 1] in ENDS:
            return super().value(index, is_item=is_item)
        found, end = self.expression(index, is_item=is_item)
        if kinds[end] not in ENDS:
            end = self.next_end(end)
            found = Code(index, end) if isinstance(found, Code | Scalar) else found
        return self.settle(found), end

    def next_end(self, index: int) -> int:
        """Return the index of the next comma or closing bracket of the same level."""
        while (kind := self.kinds[index]) not in ENDS:
            behind = self.types.arguments(index) if kind == "<" else 0
            index = behind or self.tokens.behind(index)
        return index

    def special_item(self, index: int) -> tuple[Entry, int]:
        """Return a hole or a spread, and the index behind it."""
        if self.kinds[index] == ",":
            span = Span(self.starts[index], self.starts[index])
            return Entry(None, None, Opaque(span, ""), span), index
        return self._spread(index)

    def _spread(self, index: int) -> tuple[Entry, int]:
        end = self.next_end(index)
        node = self.settle(Code(index, end))
        return Entry(None, None, node, node.span), end

    def special_member(self, index: int) -> tuple[Entry, int]:
        """Return a spread, a method, an accessor, a shorthand or a member with a computed key, and the index behind."""
        first = index
        if self.kinds[index] == "...":
            return self._spread(index)
        key, key_span, index = self.member_name(index)
        kind = self.kinds[index]
        node: Node | None = None
        if kind == ":":
            node, index = self.value(index + 1)
        elif kind in ("(", "<"):
            found, index = self.function(index, first)
            node = self.settle(found)
        elif key_span and index == first + 1:
            node = Opaque(key_span, self.tokens.word(first))
        if self.kinds[index] not in ENDS:
            index = self.next_end(index)
            node = node if isinstance(node, Mapping | Sequence) else None
        if node is None:
            node = self.settle(Code(first, index))
        span = Span(self.starts[first], self.ends[index - 1]) if index > first else node.span
        return Entry(key, key_span, node, span), index

    def member_name(self, index: int) -> tuple[str | None, Span | None, int]:
        """Return a member's key with its span, ``None`` for computed ones, and the index behind; skip its modifiers."""
        kinds = self.kinds
        while (
            kinds[index] == NAME
            and kinds[index + 1] not in _BEHIND_NAMES
            and self.tokens.word(index) in _MODIFIERS
            and not self.tokens.on_new_line(index + 1)
        ):
            index += 1
        index += kinds[index] == "*"
        named, end = index, index + 1
        if kinds[index] == "[":
            end = self.tokens.behind(index)
            if end - index != 3 or kinds[index + 1] not in STRINGS:
                return None, None, end
            named = index + 1
        key = self.key(named)
        if key is None:
            return None, None, index
        return key, Span(self.starts[named], self.ends[named]), end
