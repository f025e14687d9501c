"""Python's expressions as located nodes, built from libcst's tree.

What an expression becomes:

- a literal is its node; parentheses and ``await`` around it change nothing. ``-5`` is a number. Neighbouring strings
  are one string of style ``concatenated``. An f-string is code, even without fields;
- a call with one positional argument that is a list, dict, tuple, set or another such call *is* that argument, with
  ``callee`` set (of several around one literal, the innermost); so is a call with ``default_factory=lambda: [...]``;
- a call with keyword arguments, or with an argument as above among several, is a ``call`` mapping, positional arguments
  keyed ``0``, ``1``, ...; so is one with strings, numbers or words as positional arguments where it stands alone as a
  statement, where it is an item of a list and reads no environment variable, and where it makes an instance from
  several;
- any other expression that has parts of the kinds above (a sum of lists, the sides of a condition, the iterables of a
  comprehension, the receiver and the arguments of a chain of calls) is its only such part; several become a ``scope``
  keyed ``0``, ``1``, ...;
- everything else is :class:`Opaque`, a spread with its stars.

This module imports libcst, which takes a tenth of a second: it is imported where a Python file is parsed.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable

import libcst as cst

from tokenrouter_video.documents.callees import reads_environment
from tokenrouter_video.documents.document import DocumentError, Obstacle
from tokenrouter_video.documents.python_names import (
    Key,
    code_key,
    constant_key,
    key_names,
    makes_object,
    string_key,
)
from tokenrouter_video.documents.python_places import Locator
from tokenrouter_video.documents.python_scan import compact
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Opaque, Scalar, ScalarValue, Sequence, Span
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import replace

_STYLES = {"'": "single", '"': "double", "'''": "triple-single", '"""': "triple-double"}
_WORDS: dict[str, tuple[ScalarValue, str]] = {
    "True": (True, "boolean"),
    "False": (False, "boolean"),
    "None": (None, "null"),
}
_NEWLINE = regex(r"\r\n?")
# libcst 1.8.4 added t-strings.
_FORMATTED = tuple(getattr(cst, name) for name in ("FormattedString", "TemplatedString") if hasattr(cst, name))
# Without one of these an expression holds no list, map or call; a tuple needs no brackets.
_SIGNS_OF_PARTS = regex(r"[\[({,]")


class Expressions:
    """Builds the nodes of one document's expressions and collects what forbids editing it."""

    def __init__(self, locator: Locator) -> None:
        self.locator = locator
        self.text = locator.text
        self.obstacles: list[Obstacle] = []

    def value(self, node: cst.BaseExpression, *, is_item: bool = False) -> Node:
        """Return the node of an expression; ``is_item`` says that a list, tuple or set holds it."""
        while isinstance(node, cst.Await):
            node = node.expression
        found = self._literal(node)
        if found is None and isinstance(node, cst.Call) and _is_path(node.func):
            found = self._call(node, is_item=is_item)
        elif found is None and not isinstance(node, _FORMATTED):
            found = self._joined(node)
        return found or self._opaque(self.locator.span(node))

    def standing_alone(self, node: cst.BaseExpression) -> tuple[cst.BaseExpression | None, Mapping | Sequence | None]:
        """Return what an expression that no name is bound to calls, and what it holds."""
        while isinstance(node, cst.Await):
            node = node.expression
        if isinstance(node, cst.Call) and _is_path(node.func):
            return node.func, self._call(node, is_statement=True)
        return None, self._container(node) or self._joined(node)

    def _opaque(self, span: Span) -> Opaque:
        return Opaque(span, compact(span.of(self.text)))

    # Literals

    def _literal(self, node: cst.BaseExpression) -> Node | None:
        if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
            return self._string(node)
        if isinstance(node, cst.Integer | cst.Float | cst.UnaryOperation):
            return self._number(node)
        if isinstance(node, cst.Name):
            word = _WORDS.get(node.value)
            return self._scalar(node, *word) if word else None
        return self._container(node)

    def _scalar(self, node: cst.CSTNode, value: ScalarValue, kind: str, style: str = "plain") -> Scalar:
        span = self.locator.span(node)
        return Scalar(span, span, value, kind, style)

    def _string(self, node: cst.SimpleString | cst.ConcatenatedString) -> Scalar | None:
        parts: list[str] = []
        rest: cst.BaseExpression = node
        while isinstance(rest, cst.ConcatenatedString):
            if not isinstance(rest.left, cst.SimpleString):
                return None
            parts.append(self._text_of(rest.left))
            rest = rest.right
        if not isinstance(rest, cst.SimpleString):
            return None
        style = _STYLES[rest.quote] if rest is node else "concatenated"
        if "b" in rest.prefix.lower():
            return self._scalar(node, self.locator.code(node), "other", style)
        parts.append(self._text_of(rest))
        return self._scalar(node, "".join(parts), "string", style)

    def _text_of(self, node: cst.SimpleString) -> str:
        source = node.value
        body = source[len(node.prefix) + len(node.quote) : -len(node.quote)]
        if "\\" not in body or "r" in node.prefix.lower():
            return _NEWLINE.sub("\n", body)
        try:
            return str(ast.literal_eval(source))
        except (SyntaxError, ValueError):
            pass
        # Raised here and not there, so that no exception in its chain holds the text.
        raise DocumentError("a string has an escape that Python does not know", self.locator.span(node).start)

    def _number(self, node: cst.BaseExpression) -> Scalar | None:
        number, sign = node, 1
        if isinstance(node, cst.UnaryOperation):
            if not isinstance(node.operator, cst.Minus | cst.Plus):
                return None
            number, sign = node.expression, -1 if isinstance(node.operator, cst.Minus) else 1
        try:
            if isinstance(number, cst.Integer):
                return self._scalar(node, sign * int(number.value, 0), "integer")
            if isinstance(number, cst.Float) and math.isfinite(value := float(number.value)):
                return self._scalar(node, sign * value, "float")
        except ValueError:  # more digits than Python converts (sys.int_info.default_max_str_digits)
            pass
        is_number = isinstance(number, cst.Integer | cst.Float)
        return self._scalar(node, self.locator.code(node), "other") if is_number else None

    def _container(self, node: cst.BaseExpression) -> Mapping | Sequence | None:
        if not isinstance(node, cst.Dict | cst.List | cst.Tuple | cst.Set):
            return None
        span = self.locator.span(node)
        if isinstance(node, cst.Tuple) and not node.lpar:
            return Sequence(span, span, self._items(node.elements), "flow", "tuple")
        body = Span(span.start + 1, span.end - 1)
        if isinstance(node, cst.Dict):
            return Mapping(span, body, self._members(node.elements), "flow")
        kind = "tuple" if isinstance(node, cst.Tuple) else "set" if isinstance(node, cst.Set) else "list"
        return Sequence(span, body, self._items(node.elements), "flow", kind)

    def _items(self, elements: Iterable[cst.BaseElement]) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        for element in elements:
            if isinstance(element, cst.StarredElement):
                span = Span(self.locator.span(element).start, self.locator.outer(element.value).end)
                entries.append(Entry(None, None, self._opaque(span), span))
            else:
                value = self.value(element.value, is_item=True)
                entries.append(Entry(None, None, value, self.locator.outer(element.value)))
        return tuple(entries)

    def _members(self, elements: Iterable[cst.BaseDictElement]) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        keys: list[Key] = []
        for element in elements:
            end = self.locator.outer(element.value).end
            if isinstance(element, cst.DictElement):
                span = Span(self.locator.outer(element.key).start, end)
                keys.append(self._key(element.key))
                entries.append(Entry("", self.locator.span(element.key), self.value(element.value), span))
            else:
                span = Span(self.locator.span(element).start, end)
                entries.append(Entry(None, None, self._opaque(span), span))
        names = iter(key_names(keys))
        named = [entry if entry.key is None else replace(entry, key=next(names)) for entry in entries]
        self._note_repeats(named)
        return tuple(named)

    def _key(self, node: cst.BaseExpression) -> Key:
        if isinstance(
            node, cst.SimpleString | cst.ConcatenatedString | cst.Integer | cst.Float | cst.UnaryOperation | cst.Name
        ):
            scalar = self._literal(node)
            source = self.locator.code(node)
            if isinstance(scalar, Scalar):
                if scalar.kind == "string":
                    return string_key(str(scalar.value))
                return constant_key(source, ("other", source) if scalar.kind == "other" else scalar.value)
        return code_key(self.locator.code(node))

    def _note_repeats(self, entries: Iterable[Entry]) -> None:
        seen: set[str] = set()
        for entry in entries:
            if entry.key is None:
                continue
            if entry.key in seen:
                self.obstacles.append(Obstacle(entry.span.start, "a duplicate key"))
            seen.add(entry.key)

    # Calls

    def _call(self, node: cst.Call, *, is_item: bool = False, is_statement: bool = False) -> Mapping | Sequence | None:
        """Return what a call stands for, ``None`` where its arguments hold nothing."""
        callee, span = self._callee(node)
        entries: list[Entry] = []
        keywords: dict[str, Node] = {}
        positional: list[Node] = []
        for arg in node.args:
            place = Span(self.locator.span(arg).start, self.locator.outer(arg.value).end)
            if arg.star:
                entries.append(Entry(None, None, self._opaque(place), place))
                continue
            value = self.value(arg.value)
            if arg.keyword:
                entries.append(Entry(arg.keyword.value, self.locator.span(arg.keyword), value, place))
                keywords[arg.keyword.value] = value
            else:
                entries.append(Entry(str(len(positional)), None, value, place))
                positional.append(value)
        only = positional[0] if len(entries) == len(positional) == 1 else None
        if len(entries) == len(keywords):
            only = keywords.get("default_factory")
        if isinstance(only, Mapping | Sequence):
            return only if only.callee else replace(only, callee=callee)
        has_scalars = any(isinstance(value, Scalar) for value in positional)
        if (
            keywords
            or any(isinstance(value, Mapping | Sequence) for value in positional)
            or (has_scalars and is_statement)
            or (has_scalars and is_item and not reads_environment(callee))
            or (has_scalars and len(positional) > 1 and makes_object(callee))
        ):
            self._note_repeats(entries)
            return Mapping(span, Span(self._behind_opening(node), span.end - 1), tuple(entries), "call", callee)
        return None

    def _callee(self, node: cst.Call) -> tuple[str, Span]:
        """Return the name of what is called and the span of the call from that name on.

        Of a chain it is what stands behind the call before: ``create`` in ``client(...).create(...)``.
        """
        span = self.locator.span(node)
        if _is_path(node.func):
            return self.locator.code(node.func), span
        names: list[str] = []
        start = self._behind_opening(node) - 1
        function = node.func
        while isinstance(function, cst.Attribute):
            names.append(function.attr.value)
            start = self.locator.span(function.attr).start
            function = function.value
        return ".".join(reversed(names)), Span(start, span.end)

    def _behind_opening(self, node: cst.Call) -> int:
        """Return the offset behind a call's opening parenthesis."""
        return self.locator.span(node.whitespace_after_func).end + 1

    # Expressions that are no literal but hold some

    def _joined(self, node: cst.BaseExpression) -> Mapping | Sequence | None:
        """Return what stands for an expression that is none of its parts."""
        span = self.locator.span(node)
        if not _SIGNS_OF_PARTS.search(self.text, span.start, span.end):
            return None
        parts = sorted(self._parts(node), key=lambda part: part.span.start)
        if len(parts) < 2:
            return parts[0] if parts else None
        entries = tuple(Entry(str(number), None, part, part.span) for number, part in enumerate(parts))
        return Mapping(span, span, entries, "scope")

    def _parts(self, node: cst.BaseExpression) -> list[Mapping | Sequence]:
        """Return the outermost lists, maps and calls that hold some, in no order."""
        parts: list[Mapping | Sequence] = []
        waiting: list[cst.CSTNode] = [node]
        while waiting:
            here = waiting.pop()
            if isinstance(here, _FORMATTED):
                continue
            if isinstance(here, cst.Subscript) and isinstance(indices := _index(here), cst.Tuple):
                # `x[(1, 2)]` means `x[1, 2]`.
                waiting += (here.value, *indices.elements)
                continue
            if isinstance(here, cst.CompFor):
                # Not what it assigns to.
                waiting += (here.iter, *here.ifs, *((here.inner_for_in,) if here.inner_for_in else ()))
                continue
            found = self._container(here) if isinstance(here, cst.BaseExpression) else None
            if found is None and isinstance(here, cst.Call):
                found = self._call(here)
                if not _is_path(here.func):
                    waiting.append(here.func)
            elif found is None:
                waiting += (
                    child for child in here.children if not isinstance(child, cst.BaseParenthesizableWhitespace)
                )
            if found is not None:
                parts.append(found)
        return parts


def _is_path(node: cst.BaseExpression) -> bool:
    """Whether what is called can be named by its text: names, attributes, plain indices, calls without arguments."""
    while True:
        if isinstance(node, cst.Name):
            return node.value not in _WORDS
        if isinstance(node, cst.Attribute):
            node = node.value
        elif isinstance(node, cst.Call) and not node.args:
            node = node.func
        elif isinstance(node, cst.Subscript) and _is_plain(_index(node)):
            node = node.value
        else:
            return False


def _is_plain(index: cst.BaseExpression | None) -> bool:
    return isinstance(index, cst.SimpleString | cst.Integer | cst.Name)


def _index(node: cst.Subscript) -> cst.BaseExpression | None:
    """Return the one index of a subscript, ``None`` for slices, spreads and several; ``x[1,]`` has several."""
    only = node.slice[0]
    if len(node.slice) > 1 or not isinstance(only.comma, cst.MaybeSentinel) or not isinstance(only.slice, cst.Index):
        return None
    return None if only.slice.star else only.slice.value
