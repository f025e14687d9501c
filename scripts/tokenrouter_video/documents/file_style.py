"""What a file does in general: indentation, quotes, padding, trailing commas; for what has no model to follow."""

from __future__ import annotations

from functools import cached_property

from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Container, Mapping, Scalar, Sequence, walk
from tokenrouter_video.documents.trivia import has_newline, indentation, starts_its_line, strip_comments

_PADDED = frozenset({"json5", "javascript", "typescript", "toml"})
BLOCK_LAYOUTS = frozenset({"block", "table", "dotted", "scope", "file", "tables", "documents"})


def is_block(container: Container) -> bool:
    """Whether a container's entries stand on lines of their own instead of between brackets."""
    return container.layout in BLOCK_LAYOUTS


class FileStyle:
    """The habits of one document, each found when it is first asked for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.format = document.format

    @cached_property
    def _containers(self) -> list[tuple[Container, Container | None]]:
        """Every filled container with its parent."""
        return [
            (place.node, place.parents[-1] if place.parents else None)
            for place in walk(self.document.root)
            if isinstance(place.node, Mapping | Sequence) and place.node.entries
        ]

    @cached_property
    def _flow(self) -> list[Container]:
        return [node for node, _ in self._containers if node.layout == "flow"]

    @cached_property
    def unit(self) -> str:
        """One step of indentation: the smallest that the file takes, else two spaces, four in Python."""
        steps: list[str] = []
        for node, parent in self._containers:
            first = node.entries[0].span.start
            if parent is None or not starts_its_line(self.text, first):
                continue
            outer = indentation(self.text, node.span.start)
            if is_block(node):
                owner = next((entry.span.start for entry in parent.entries if entry.value is node), node.span.start)
                outer = indentation(self.text, owner)
            step = indentation(self.text, first)
            if step.startswith(outer) and len(step) > len(outer):
                steps.append(step[len(outer) :])
        return min(steps, key=len) if steps else ("    " if self.format == "python" else "  ")

    @cached_property
    def string_style(self) -> str:
        """The quotes of most strings, ``single`` or ``double``."""
        counts = {"single": 0, "double": 0}
        for place in walk(self.document.root):
            if isinstance(place.node, Scalar) and place.node.style in counts:
                counts[place.node.style] += 1
        return "single" if counts["single"] > counts["double"] else "double"

    @property
    def quote(self) -> str:
        """The quote mark of most strings."""
        return "'" if self.string_style == "single" else '"'

    @cached_property
    def usual_key(self) -> str:
        """Some key between braces, for its quotes; empty where the file has none."""
        for node in self._flow:
            for entry in node.entries:
                if entry.key_span is not None:
                    return entry.key_span.of(self.text)
        return ""

    @cached_property
    def trailing_comma(self) -> str:
        """A comma where most lists over several lines end with one."""
        if self.format == "json":
            return ""
        tails = [
            "," in strip_comments(self.text[node.entries[-1].span.end : node.body.end], self.format)
            for node in self._flow
            if has_newline(node.span.of(self.text))
        ]
        return "," if sum(tails) * 2 > len(tails) else ""

    @cached_property
    def brace_padding(self) -> str:
        """A blank where most mappings on one line have one inside their braces."""
        ones = [node for node in self._flow if isinstance(node, Mapping) and not has_newline(node.span.of(self.text))]
        if not ones:
            return " " if self.format in _PADDED else ""
        return " " if sum(self.text[node.body.start] == " " for node in ones) * 2 > len(ones) else ""

    def spreads_over_lines(self, *, is_mapping: bool, is_nested: bool) -> bool:
        """Whether most collections of such a form are written over several lines."""
        if self.format in ("toml", "yaml"):
            return False
        same = [
            node
            for node in self._flow
            if isinstance(node, Mapping) == is_mapping
            and any(isinstance(entry.value, Mapping | Sequence) for entry in node.entries) == is_nested
        ]
        if same:
            return sum(has_newline(node.span.of(self.text)) for node in same) * 2 > len(same)
        return has_newline(self.text.strip()) and (is_mapping or is_nested)
