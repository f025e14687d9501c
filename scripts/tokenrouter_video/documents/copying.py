"""A node's own text taken apart and put together again: what a copy of it is made of.

Comments and anchors are left behind, separators, brackets and alignment are kept. All text is indented as it is in the
document; whoever puts it elsewhere moves it as a whole.
"""

from __future__ import annotations

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.file_style import FileStyle, is_block
from tokenrouter_video.documents.tree import (
    Alias,
    Container,
    Entry,
    Mapping,
    Node,
    Opaque,
    Place,
    Scalar,
    Sequence,
)
from tokenrouter_video.documents.trivia import (
    frozen,
    has_newline,
    indentation,
    last_line,
    line_start,
    starts_its_line,
    strip_comments,
)
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

_ANCHOR = regex(r"&\S+[ \t]*")
_BLANKS_AT_END = regex(r"[ \t]+(?=[\r\n])")
_LONG_QUOTES = ("`", '"""', "'''")


@dataclass(frozen=True, slots=True)
class Renamed:
    """A part of TOML headers that a copy spells otherwise: its place in the header and its new text."""

    part: int
    text: str


class Copier:
    """Reads the text of one document's nodes, entry by entry."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.format = document.format
        self.style = FileStyle(document)

    def _assembled(self, texts: list[tuple[int | None, str]], like: Container, renamed: Renamed | None) -> str:
        """Join entries with the separators that the model has, and put its brackets or header around them."""
        pieces = [self._head(like, renamed)]
        for position, (number, text) in enumerate(texts):
            if position:
                pieces.append(self.gap(like, number or len(like.entries) - 1, is_table=number is not None))
            pieces.append(text)
        tail = self._tail(like)
        if isinstance(like, Sequence) and like.kind == "tuple" and len(texts) == 1 and "," not in tail:
            tail = "," + tail
        pieces.append(tail)
        return "".join(pieces)

    def gap(self, container: Container, number: int, *, is_table: bool = True) -> str:
        """Return what separates entry ``number`` from the one before, without comments; the usual where none does.

        In TOML a key is never set apart as a table is: ``is_table`` says whether a header may follow.
        """
        entries = container.entries
        newline = self.document.newline
        is_headed = self.format == "toml" and any(self.is_headed(entry) for entry in entries)
        if is_headed and not is_table:
            plain = next((entry for entry in entries if self.is_plain(entry)), entries[0])
            return newline + self.entry_indent(plain)
        if 0 < number < len(entries):
            between = self.text[entries[number - 1].span.end : entries[number].span.start]
            gap = strip_comments(between, self.format)
            if not is_block(container) or not gap.strip():
                return gap
        if is_block(container):
            is_tables = is_headed or container.layout == "tables"
            return newline * 2 if is_tables else newline + self.entry_indent(entries[0])
        head = strip_comments(self.text[container.body.start : entries[0].span.start], self.format)
        return "," + newline + last_line(head) if has_newline(head) else self.style.separator

    def _head(self, like: Container, renamed: Renamed | None) -> str:
        first = like.entries[0].span.start
        if isinstance(like, Mapping) and like.header:
            return self._header(like, renamed) + strip_comments(self.text[like.header[-1].end : first], self.format)
        if is_block(like):
            return ""
        return self._opening(like) + strip_comments(self.text[like.body.start : first], self.format)

    def _header(self, like: Mapping, renamed: Renamed | None) -> str:
        """Return a TOML header up to the end of its name."""
        start, end = like.span.start, like.header[-1].end
        if renamed is None or renamed.part >= len(like.header):
            return self.text[start:end]
        part = like.header[renamed.part]
        return self.text[start : part.start] + renamed.text + self.text[part.end : end]

    def _opening(self, like: Container) -> str:
        """Return a bracket, with the callee and a YAML tag in front of it but no anchor."""
        front = self.text[like.span.start : like.body.start]
        if self.format != "yaml":
            return front
        words = front[:-1].split()
        return "".join(word + " " for word in words if not word.startswith("&")) + front[-1:]

    def _tail(self, like: Container) -> str:
        if is_block(like):
            return ""
        inside = self.text[like.entries[-1].span.end : like.body.end]
        return strip_comments(inside, self.format) + self.text[like.body.end : like.span.end]

    def _copied(self, node: Node, renamed: Renamed | None) -> str:
        """Return a node's text without its comments and anchors; what may not move with its line is frozen."""
        if isinstance(node, Scalar):
            token = node.token.of(self.text)
            front = _without_anchors(self.text[node.span.start : node.token.start])
            return front + (token if self.format == "yaml" else frozen(token))
        if isinstance(node, Alias | Opaque) or not node.entries or node.layout == "scope":
            text = node.span.of(self.text)
            return frozen(text) if any(quote in text for quote in _LONG_QUOTES) else text
        if isinstance(node, Mapping) and node.scattered:
            raise DocumentError("the entry to copy is scattered over the file", node.span.start)
        texts: list[tuple[int | None, str]] = []
        for number, entry in enumerate(node.entries):
            if self._is_shorthand(entry):
                text = entry.span.of(self.text)
            else:
                text = self._copied(entry.value, renamed)
                if not self.is_headed(entry):
                    text = self._prefix(entry) + text + self._suffix(entry)
            texts.append((number, text))
        return self._assembled(texts, node, renamed)

    def _prefix(self, entry: Entry) -> str:
        """Return what stands in front of an entry's value: dash, key, colon, and the line end of a block below."""
        return self._front(entry) + self._between(entry)

    def _front(self, entry: Entry) -> str:
        """Return a member's key and what stands in front of it."""
        if entry.key_span is None:
            return ""
        front = strip_comments(self.text[entry.span.start : entry.key_span.start], self.format)
        return (_without_anchors(front) if self.format == "yaml" else front) + entry.key_span.of(self.text)

    def _between(self, entry: Entry) -> str:
        """Return what stands between a member's key, or the start of an item, and its value."""
        start = entry.key_span.end if entry.key_span is not None else entry.span.start
        node = entry.value
        if self.format != "yaml" or not isinstance(node, Mapping | Sequence) or not node.entries or not is_block(node):
            return strip_comments(self.text[start : node.span.start], self.format)
        # Tags and anchors of a block stand on the line above it.
        between = strip_comments(self.text[start : node.entries[0].span.start], self.format)
        return _BLANKS_AT_END.sub("", _without_anchors(between)) if "&" in between else between

    def _suffix(self, entry: Entry) -> str:
        """Return what of an entry stands behind its value, as a type does."""
        return self.text[entry.value.span.end : entry.span.end]

    def is_headed(self, entry: Entry) -> bool:
        """Whether an entry's key stands inside its value: in a TOML header or in front of a dotted key."""
        starts_inside = entry.key_span is not None and entry.value.span.start <= entry.key_span.start
        return self.format == "toml" and starts_inside

    def is_table(self, entry: Entry) -> bool:
        """Whether an entry of a TOML text starts with a header, its own or its first child's."""
        node = entry.value
        is_lines = self.format == "toml" and isinstance(node, Mapping | Sequence) and is_block(node)
        return is_lines and self.text.startswith("[", entry.span.start)

    def is_plain(self, entry: Entry) -> bool:
        """Whether an entry is a key with a value behind it."""
        return entry.key_span is not None and not self.is_headed(entry) and not self._is_shorthand(entry)

    def _is_shorthand(self, entry: Entry) -> bool:
        """Whether a property or method of JavaScript is its own key."""
        return entry.key_span is not None and self.format != "toml" and entry.value.span.start < entry.key_span.end

    def entry_indent(self, entry: Entry) -> str:
        """Return the indentation of a further line that would hold a sibling of this entry."""
        if starts_its_line(self.text, entry.span.start) or self.format not in ("yaml",):
            return indentation(self.text, entry.span.start)
        front = self.text[line_start(self.text, entry.span.start) : entry.span.start]
        return "".join(char if char == "\t" else " " for char in front)

    def _base_indent(self, place: Place) -> str:
        """Return the indentation by which a node's text moves when it is put elsewhere."""
        node = place.node
        if isinstance(node, Mapping | Sequence) and is_block(node) and node.entries:
            return self.entry_indent(node.entries[0])
        siblings = place.parents[-1].entries if place.parents else ()
        owner = next((entry for entry in siblings if entry.value is node), None)
        return self.entry_indent(owner) if owner is not None else indentation(self.text, node.span.start)


def _without_anchors(text: str) -> str:
    return _ANCHOR.sub("", text) if "&" in text else text
