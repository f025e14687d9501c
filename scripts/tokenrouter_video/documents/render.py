"""Writing a value as source text that looks like its neighbours.

A value is laid out *like* a node: the node's own text is taken apart at its entries and put together again with the
wanted entries, so that separators, quotes, alignment and the one-line or many-line form are the file's own. Comments
and anchors are left behind. The same code serves every format, because it works on spans. All text is indented as it
would be in the model's place; whoever puts it elsewhere moves it as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.file_style import FileStyle, is_block
from tokenrouter_video.documents.scalars import key_text, scalar_text
from tokenrouter_video.documents.tree import (
    Alias,
    Container,
    Entry,
    Mapping,
    Node,
    Opaque,
    Scalar,
    Sequence,
    Span,
    find,
    walk,
)
from tokenrouter_video.documents.trivia import (
    has_newline,
    indentation,
    last_line,
    line_start,
    reindent,
    starts_its_line,
    strip_comments,
)
from tokenrouter_video.documents.values import Copy, Value, entry_names, is_spread


@dataclass(frozen=True, slots=True)
class Renamed:
    """A part of TOML headers that a copy spells otherwise: its place in the header and its new text."""

    part: int
    text: str


class Renderer:
    """Writes values for one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.format = document.format
        self.style = FileStyle(document)

    def value(
        self, value: Value, like: Node | None, indent: str, *, in_flow: bool, renamed: Renamed | None = None
    ) -> str:
        """Return a value's text like ``like``; ``indent`` is that of the line where the value starts."""
        if isinstance(value, Copy):
            place = find(self.document.root, value.parts)
            if place is None:
                raise DocumentError("the place to copy is not there")
            copied = self._copied(place.node, renamed)
            return copied if place.node is like else reindent(copied, self.base_indent(place.node), indent)
        if isinstance(value, dict):
            if isinstance(like, Mapping) and like.entries and value:
                return self._mapping(value, like, renamed)
            return self._fresh(value, indent, in_flow=in_flow)
        if isinstance(value, list):
            if isinstance(like, Sequence) and like.entries and value:
                return self._sequence(value, like, renamed)
            return self._fresh(value, indent, in_flow=in_flow)
        style = like.style if isinstance(like, Scalar) and like.kind == "string" else ""
        if not style:
            style = "plain" if self.format == "yaml" else self.style.string_style
        return scalar_text(value, self.format, style, in_flow=in_flow)

    def entry(self, entry: Entry, value: Value, *, in_flow: bool, renamed: Renamed | None = None) -> str:
        """Return the text of an entry that stands in the document, with another value."""
        node = entry.value
        if entry.key is None and value == Copy(()):
            return self._prefix(entry) + self._copied(node, renamed) + self.text[node.span.end : entry.span.end]
        indent = self.entry_indent(entry)
        text = self.value(value, node, indent, in_flow=in_flow, renamed=renamed)
        if _is_headed(entry):
            return text
        return self._prefix(entry) + text + self.text[node.span.end : entry.span.end]

    def member(self, key: str, value: Value, like: Entry | None, container: Mapping, indent: str) -> str:
        """Return the text of a member that does not stand in the document yet, written like another one."""
        in_flow = not is_block(container)
        as_keyword = container.layout == "call"
        if like is None or like.key_span is None:
            name = key_text(key, self.format, "", self.style.quote, as_keyword=as_keyword)
            return name + self._after_key(value, self._colon(container), None, indent, in_flow=in_flow)
        like_key = like.key_span.of(self.text)
        name = key_text(key, self.format, like_key, self.style.quote, as_keyword=as_keyword)
        if _is_headed(like):
            renamed = Renamed(_header_part(like.value, like.key_span), name)
            return self.value(value, like.value, indent, in_flow=in_flow, renamed=renamed)
        front = strip_comments(self.text[like.span.start : like.key_span.start], self.format)
        between = strip_comments(self.text[like.key_span.end : like.value.span.start], self.format)
        is_bare = isinstance(value, dict | list) and not value
        if _form(value) == _form(like.value) and not is_bare:
            tail = self.text[like.value.span.end : like.span.end]
            return front + name + between + self.value(value, like.value, indent, in_flow=in_flow) + tail
        return front + name + self._after_key(value, self._colon(container), None, indent, in_flow=in_flow)

    def _after_key(self, value: Value, colon: str, like: Node | None, indent: str, *, in_flow: bool) -> str:
        text = self.value(value, like, indent, in_flow=in_flow)
        return colon.rstrip(" ") + text if text[:1] in ("\n", "\r") else colon + text

    def _colon(self, container: Mapping) -> str:
        if container.layout == "call":
            return "="
        return " = " if self.format == "toml" else ": "

    def _mapping(self, value: dict[str, Value], like: Mapping, renamed: Renamed | None) -> str:
        if like.scattered:
            raise DocumentError("the entry to copy is scattered over the file", like.span.start)
        in_flow = not is_block(like)
        sources = dict(zip(entry_names(like), like.entries, strict=True))
        plain = [entry for entry in like.entries if entry.key_span is not None and not _is_headed(entry)]
        texts: list[tuple[int | None, str]] = []
        for name, one in value.items():
            source = sources.get(name)
            if source is not None:
                text = self.entry(source, one, in_flow=in_flow, renamed=renamed)
                texts.append((like.entries.index(source), text))
            elif is_spread(name):
                raise DocumentError("a spread can only be copied")
            else:
                model = next((entry for entry in reversed(plain) if _form(one) == _form(entry.value)), None)
                model = model or (plain[-1] if plain else None)
                indent = self.entry_indent(like.entries[0])
                texts.append((None, self.member(name, one, model, like, indent)))
        return self._assembled(texts, like, renamed)

    def _sequence(self, value: list[Value], like: Sequence, renamed: Renamed | None) -> str:
        in_flow = not is_block(like)
        last = len(like.entries) - 1
        texts = [
            (number if number <= last else None, self.entry(like.entries[min(number, last)], one, in_flow=in_flow))
            for number, one in enumerate(value)
        ]
        return self._assembled(texts, like, renamed)

    def _assembled(self, texts: list[tuple[int | None, str]], like: Container, renamed: Renamed | None) -> str:
        """Join entries with the separators that the model has, and put its brackets or header around them."""
        pieces = [self._head(like, renamed)]
        for position, (number, text) in enumerate(texts):
            if position:
                pieces.append(self.gap(like, number or len(like.entries) - 1))
            pieces.append(text)
        pieces.append(self._tail(like))
        return "".join(pieces)

    def gap(self, container: Container, number: int) -> str:
        """Return what separates entry ``number`` from the one before, without comments; the usual where none does."""
        entries = container.entries
        if 0 < number < len(entries):
            return strip_comments(self.text[entries[number - 1].span.end : entries[number].span.start], self.format)
        newline = self.document.newline
        if is_block(container):
            is_tables = any(_is_headed(entry) for entry in entries)
            return newline * 2 if is_tables else newline + self.entry_indent(entries[0])
        head = strip_comments(self.text[container.body.start : entries[0].span.start], self.format)
        return "," + (newline + last_line(head) if has_newline(head) else " ")

    def _head(self, like: Container, renamed: Renamed | None) -> str:
        first = like.entries[0].span.start
        if isinstance(like, Mapping) and like.header:
            end = like.header[-1].end
            front = self.text[like.span.start : end]
            if renamed is not None and renamed.part < len(like.header):
                part = like.header[renamed.part]
                front = self.text[like.span.start : part.start] + renamed.text + self.text[part.end : end]
            return front + strip_comments(self.text[end:first], self.format)
        if is_block(like):
            return ""
        return self._opening(like) + strip_comments(self.text[like.body.start : first], self.format)

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
        """Return a node's text without its comments and anchors."""
        if isinstance(node, Scalar):
            words = self.text[node.span.start : node.token.start].split()
            return "".join(word + " " for word in words if not word.startswith("&")) + node.token.of(self.text)
        if isinstance(node, Alias | Opaque) or not node.entries:
            return node.span.of(self.text)
        if isinstance(node, Mapping) and node.scattered:
            raise DocumentError("the entry to copy is scattered over the file", node.span.start)
        texts: list[tuple[int | None, str]] = []
        for number, entry in enumerate(node.entries):
            text = self._copied(entry.value, renamed)
            if not _is_headed(entry):
                text = self._prefix(entry) + text + self.text[entry.value.span.end : entry.span.end]
            texts.append((number, text))
        return self._assembled(texts, node, renamed)

    def _prefix(self, entry: Entry) -> str:
        """Return what stands in front of an entry's value: dash, key, colon, and the line end of a block below."""
        start, end = entry.span.start, entry.value.span.start
        if isinstance(entry.value, Mapping | Sequence) and is_block(entry.value) and entry.value.anchor:
            end = entry.value.entries[0].span.start
            front = self.text[start:end].replace("&" + entry.value.anchor, "", 1).rstrip(" ")
            between = self.text[start:end]
            lines = between[len(between.rstrip()) :]
            return strip_comments(front.rstrip() + lines, self.format) if has_newline(lines) else front
        if entry.key_span is None:
            return strip_comments(self.text[start:end], self.format)
        return (
            strip_comments(self.text[start : entry.key_span.start], self.format)
            + entry.key_span.of(self.text)
            + strip_comments(self.text[entry.key_span.end : end], self.format)
        )

    def entry_indent(self, entry: Entry) -> str:
        """Return the indentation of a further line that would hold a sibling of this entry."""
        if starts_its_line(self.text, entry.span.start) or self.format not in ("yaml",):
            return indentation(self.text, entry.span.start)
        front = self.text[line_start(self.text, entry.span.start) : entry.span.start]
        return "".join(char if char == "\t" else " " for char in front)

    def base_indent(self, node: Node) -> str:
        """Return the indentation by which a node's text moves when it is put elsewhere."""
        if isinstance(node, Mapping | Sequence) and is_block(node) and node.entries:
            return self.entry_indent(node.entries[0])
        return indentation(self.text, node.span.start)

    def _fresh(self, value: dict[str, Value] | list[Value], indent: str, *, in_flow: bool) -> str:
        """Return the text of a collection that has no model, in the file's general style."""
        is_mapping = isinstance(value, dict)
        opening, closing = "{}" if is_mapping else "[]"
        if not value:
            return opening + closing
        if self.format == "yaml" and not in_flow:
            return self._fresh_block(value, indent)
        members = value.values() if isinstance(value, dict) else value
        is_nested = any(isinstance(one, dict | list) for one in members)
        on_lines = self.style.spreads_over_lines(is_mapping=is_mapping, is_nested=is_nested)
        inner = indent + self.style.unit if on_lines else indent
        parts = self._fresh_parts(value, inner)
        if on_lines:
            newline = self.document.newline
            lines = ("," + newline + inner).join(parts)
            return opening + newline + inner + lines + self.style.trailing_comma + newline + indent + closing
        pad = self.style.brace_padding if is_mapping else ""
        return opening + pad + ", ".join(parts) + pad + closing

    def _fresh_parts(self, value: dict[str, Value] | list[Value], indent: str) -> list[str]:
        if isinstance(value, list):
            return [self.value(one, None, indent, in_flow=True) for one in value]
        colon = " = " if self.format == "toml" else ": "
        return [
            key_text(key, self.format, self.style.usual_key, self.style.quote)
            + colon
            + self.value(one, None, indent, in_flow=True)
            for key, one in value.items()
        ]

    def _fresh_block(self, value: dict[str, Value] | list[Value], indent: str) -> str:
        """Return a YAML block that starts with a line end, its entries one step further in."""
        newline = self.document.newline
        inner = indent + self.style.unit
        if isinstance(value, list):
            lines = ["- " + self.block_item(one, inner) for one in value]
        else:
            lines = [
                key_text(key, "yaml") + self._after_key(one, ": ", None, inner, in_flow=False)
                for key, one in value.items()
            ]
        return "".join(newline + inner + line for line in lines)

    def block_item(self, value: Value, indent: str) -> str:
        """Return what stands behind a dash: a block starts on the dash's own line."""
        if isinstance(value, dict) and value:
            inner = indent + "  "
            lines = [
                key_text(key, "yaml") + self._after_key(one, ": ", None, inner, in_flow=False)
                for key, one in value.items()
            ]
            return (self.document.newline + inner).join(lines)
        return self.value(value, None, indent, in_flow=isinstance(value, list))


def _is_headed(entry: Entry) -> bool:
    """Whether an entry's key stands inside its value: in a TOML header or in front of a dotted key."""
    return entry.key_span is not None and entry.value.span.start <= entry.key_span.start


def _header_part(node: Node, key: Span) -> int:
    """Return which part of a table's header a key is."""
    for place in walk(node):
        if isinstance(place.node, Mapping) and key in place.node.header:
            return place.node.header.index(key)
    raise DocumentError("a dotted key cannot be copied under another name", key.start)


def _form(value: Value | Node) -> str:
    if isinstance(value, dict | Mapping):
        return "mapping"
    if isinstance(value, list | Sequence):
        return "sequence"
    return "scalar"
