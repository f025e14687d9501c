"""Where libcst's nodes stand: one pass that prints the tree and counts characters.

libcst's own providers count bytes or lines, take twice the time, and hide that Python's stack is full behind an error
that quotes the file. This module imports libcst.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from types import TracebackType

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider
from libcst.metadata.span_provider import SpanProvidingCodegenState

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.python_scan import compact
from tokenrouter_video.documents.tree import Span

_Places = dict[cst.CSTNode, tuple[int, int]]


class _Printer(SpanProvidingCodegenState):
    """The state that libcst's nodes print themselves to; a node's own place leaves out the white space around it."""

    def __init__(self, module: cst.Module) -> None:
        # The provider would keep libcst's own record of places.
        super().__init__(module.default_indent, module.default_newline, provider=ByteSpanPositionProvider())
        self.places: _Places = {}

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.position += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._stack.append(self.position)

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._stack.pop()
        if node not in self.places:
            self.places[node] = (start, self.position)

    def record_syntactic_position(  # type: ignore[override]
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> _Record:
        return _Record(self, node, start_node, end_node)


class _Record:
    """Remembers what is printed inside a ``with`` block as a node's own place."""

    __slots__ = ("end_node", "node", "printer", "start", "start_node")

    def __init__(
        self, printer: _Printer, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
    ) -> None:
        self.printer = printer
        self.node = node
        self.start_node = start_node
        self.end_node = end_node

    def __enter__(self) -> None:
        self.start = self.printer.position

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            places = self.printer.places
            start = self.start if self.start_node is None else places[self.start_node][0]
            end = self.printer.position if self.end_node is None else places[self.end_node][1]
            places[self.node] = (start, end)


class Locator:
    """Says where the nodes of a module stand in a text; ``cuts`` are what was taken out of it before libcst saw it.

    Places are trusted because what libcst prints must be what it was given; else raises :class:`DocumentError`.
    """

    def __init__(self, text: str, cuts: Sequence[tuple[int, int]], source: str, module: cst.Module) -> None:
        self.text = text
        printer = _Printer(module)
        module._codegen(printer)
        if "".join(printer.tokens) != source:
            raise DocumentError("the file is laid out in a way that cannot be located exactly")
        self._places = printer.places
        self._removed = list(itertools.accumulate((end - start for start, end in cuts), initial=0))
        self._points = [start - before for (start, _), before in zip(cuts, self._removed, strict=False)]

    def span(self, node: cst.CSTNode) -> Span:
        """Return where a node stands without parentheses around it; those of a tuple are its own."""
        if isinstance(node, cst.Tuple | cst.GeneratorExp) and node.lpar:
            return Span(self.span(node.lpar[-1]).start, self.span(node.rpar[0]).end)
        start, end = self._places[node]
        if not self._points:
            return Span(start, end)
        return Span(
            start + self._removed[bisect.bisect_right(self._points, start)],
            end + self._removed[bisect.bisect_left(self._points, end)],
        )

    def outer(self, node: cst.BaseExpression) -> Span:
        """Return where an expression stands with all parentheses around it."""
        if not node.lpar:
            return self.span(node)
        return Span(self.span(node.lpar[0]).start, self.span(node.rpar[-1]).end)

    def code(self, node: cst.CSTNode) -> str:
        """Return a node's text without what separates nothing."""
        return compact(self.span(node).of(self.text))
