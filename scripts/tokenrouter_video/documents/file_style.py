"""What a file does in general: indentation, quotes, padding, trailing commas; for what has no model to follow."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import pairwise

from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.scalars import is_bare_key
from tokenrouter_video.documents.tree import Container, Mapping, Scalar, Sequence
from tokenrouter_video.documents.trivia import has_newline, indentation, line_start, starts_its_line, strip_comments

_PADDED = frozenset({"json5", "javascript", "typescript", "toml"})
# Where all keys of a map need quotes, the formatters of code still give none to one that needs none.
_QUOTED_ALIKE = frozenset({"toml", "yaml"})
# Their usual formatters end every line of a list with a comma.
_COMMA_AT_END = frozenset({"python", "javascript", "typescript"})
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
            for place in self.document.places
            if isinstance(place.node, Mapping | Sequence) and place.node.entries
        ]

    @cached_property
    def _flow(self) -> list[Container]:
        return [node for node, _ in self._containers if not is_block(node)]

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
        marks: Counter[str] = Counter()
        for place in self.document.places:
            if isinstance(place.node, Mapping | Sequence):
                values = [entry.value for entry in place.node.entries]
                spans = [node.token for node in values if isinstance(node, Scalar) and node.kind == "string"]
                spans += [entry.key_span for entry in place.node.entries if entry.key_span is not None]
                marks.update(self.text[span.end - 1 : span.end] for span in spans)
        return "single" if marks["'"] > marks['"'] else "double"

    @property
    def quote(self) -> str:
        """The quote mark of most strings."""
        return "'" if self.string_style == "single" else '"'

    def key_quote(self, container: Mapping | None) -> str:
        """Return the quote mark that a new key gets though it needs none, as the last such key has it."""
        if container is not None and container.entries:
            quote = self._key_quote(container)
            if quote is not None:
                return quote
            if self.format in _QUOTED_ALIKE:
                return self._last_quote(container)
        return next((quote for node in self._mappings if (quote := self._key_quote(node)) is not None), "")

    def _last_quote(self, node: Mapping) -> str:
        spans = [entry.key_span for entry in node.entries if entry.key_span is not None]
        mark = self.text[spans[-1].start : spans[-1].start + 1] if spans else ""
        return mark if mark in ("'", '"') else ""

    def _key_quote(self, node: Mapping) -> str | None:
        for entry in reversed(node.entries):
            if entry.key is not None and entry.key_span is not None and is_bare_key(entry.key, self.format):
                mark = self.text[entry.key_span.start]
                return mark if mark in ("'", '"') else ""
        return None

    @cached_property
    def _mappings(self) -> list[Mapping]:
        return [node for node in self._flow if isinstance(node, Mapping) and node.layout == "flow"]

    @cached_property
    def trailing_comma(self) -> str:
        """A comma where most lists over several lines end with one."""
        if self.format == "json":
            return ""
        tails = [
            "," in strip_comments(self.text[node.entries[-1].span.end : node.body.end], self.format)
            for node in self._flow
            if has_newline(self.text[node.body.start : node.entries[0].span.start])
        ]
        if not tails:
            return "," if self.format in _COMMA_AT_END else ""
        return "," if sum(tails) * 2 > len(tails) else ""

    @cached_property
    def separator(self) -> str:
        """A comma and what follows it between two entries on one line."""
        for node in self._flow:
            for one, other in pairwise(node.entries[:3]):
                between = strip_comments(self.text[one.span.end : other.span.start], self.format)
                if not has_newline(between) and between.startswith(","):
                    return between
        return "," if self.colon == ":" else ", "

    @cached_property
    def colon(self) -> str:
        """What stands between a key and its value between brackets."""
        default = " = " if self.format == "toml" else ": "
        if self.format == "yaml":
            return default
        for node in self._mappings:
            for entry in node.entries[:1]:
                if entry.key_span is not None and entry.key_span.end < entry.value.span.start:
                    between = self.text[entry.key_span.end : entry.value.span.start]
                    if between in (":", ": ", " : ", "=", " = "):
                        return between
        return default

    @cached_property
    def list_indent(self) -> str:
        """How far the dashes of a YAML list stand behind the key that has the list."""
        for node, parent in self._containers:
            if isinstance(node, Sequence) and node.layout == "block" and isinstance(parent, Mapping):
                owner = next(entry for entry in parent.entries if entry.value is node)
                dash = indentation(self.text, node.entries[0].span.start)
                key = self.text[line_start(self.text, owner.span.start) : owner.span.start]
                if starts_its_line(self.text, node.entries[0].span.start) and len(dash) >= len(key):
                    return dash[len(key) :]
        return self.unit

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
