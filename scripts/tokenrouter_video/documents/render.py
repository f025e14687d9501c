"""Writing a value as source text that looks like its neighbours.

A value is laid out *like* a node: the node's own text is taken apart at its entries and put together again with the
wanted entries, so that separators, quotes, alignment and the one-line or many-line form are the file's own. Comments
and anchors are left behind. The same code serves every format, because it works on spans. All text is indented as it
would be in the model's place; whoever puts it elsewhere moves it as a whole.
"""

from __future__ import annotations

from functools import cached_property

from tokenrouter_video.documents.copying import Copier, Renamed
from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.file_style import is_block
from tokenrouter_video.documents.scalars import is_bare_key, is_plain_yaml, key_text, scalar_text
from tokenrouter_video.documents.tree import (
    Entry,
    Mapping,
    Node,
    Place,
    Scalar,
    ScalarValue,
    Sequence,
    Span,
    find,
    walk,
)
from tokenrouter_video.documents.trivia import (
    has_newline,
    reindent,
)
from tokenrouter_video.documents.values import Copy, Value, entry_names, is_spread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.documents.fresh import FreshText


class Renderer(Copier):
    """Writes values for one document."""

    @cached_property
    def fresh(self) -> FreshText:
        """What writes collections that have no model to follow."""
        return self._fresh(may_spread=True)

    @cached_property
    def on_one_line(self) -> FreshText:
        """What writes them where the file has all on one line."""
        return self._fresh(may_spread=False)

    def _fresh(self, *, may_spread: bool) -> FreshText:
        from tokenrouter_video.documents.fresh import FreshText

        return FreshText(self.document, self.style, may_spread=may_spread)

    def value(
        self, value: Value, like: Node | None, indent: str, *, in_flow: bool, renamed: Renamed | None = None
    ) -> str:
        """Return a value's text like ``like``; ``indent`` is that of the line where the value starts."""
        if isinstance(value, Copy):
            place = self._place(value)
            copied = self._copied(place.node, renamed)
            if place.node is like:
                return copied
            if _is_lines(place.node):
                raise DocumentError("a block cannot be copied to this place", place.node.span.start)
            return reindent(copied, self._base_indent(place), indent)
        if isinstance(like, Mapping) and like.layout == "scope" and isinstance(value, dict):
            raise DocumentError("code cannot be written anew", like.span.start)
        is_filled = isinstance(like, Mapping | Sequence) and bool(like.entries and value) and like.layout != "scope"
        if isinstance(value, dict):
            if isinstance(like, Mapping) and is_filled:
                return self._mapping(value, like, renamed)
            return self._collection(value, indent, in_flow=in_flow)
        if isinstance(value, list):
            if isinstance(like, Sequence) and is_filled:
                return self._sequence(value, like, renamed)
            return self._collection(value, indent, in_flow=in_flow)
        return self._scalar(value, like, in_flow=in_flow)

    def _scalar(self, value: ScalarValue, like: Node | None, *, in_flow: bool) -> str:
        """Return a scalar in its model's quotes, in YAML plain where neither needs any, else in the file's."""
        style = like.style if isinstance(like, Scalar) and like.kind == "string" else ""
        if style == "concatenated" and isinstance(like, Scalar):
            style = {"'": "single", '"': "double"}.get(self.text[like.token.end - 1], "")
        if self.format == "yaml" and style not in ("single", "double"):
            needs_quotes = isinstance(value, str) and not is_plain_yaml(value, in_flow=in_flow)
            style = self.style.string_style if needs_quotes else "plain"
        elif isinstance(value, str) and not style:
            style = self.style.string_style
        return scalar_text(value, self.format, style, in_flow=in_flow)

    def _place(self, copy: Copy) -> Place:
        place = find(self.document.root, copy.parts)
        if place is None:
            raise DocumentError("the place to copy is not there")
        return place

    def entry(self, entry: Entry, value: Value, *, in_flow: bool, renamed: Renamed | None = None) -> str:
        """Return the text of an entry that stands in the document, with another value."""
        node = entry.value
        if entry.key is None and value == Copy(()):
            return self._prefix(entry) + self._copied(node, renamed) + self._suffix(entry)
        indent = self.entry_indent(entry)
        if self.is_headed(entry):
            if not isinstance(value, Copy) and form_of(value) != form_of(node):
                raise DocumentError("a table cannot become a value", entry.span.start)
            return self.value(value, node, indent, in_flow=in_flow, renamed=renamed)
        if self._is_shorthand(entry):
            if isinstance(value, Copy) and self._place(value).node is node:
                return entry.span.of(self.text)
            assert entry.key_span is not None
            return entry.key_span.of(self.text) + self._after_key(value, self.style.colon, indent, in_flow=in_flow)
        if self._fits(value, node):
            text = self.value(value, node, indent, in_flow=in_flow, renamed=renamed)
            return self._prefix(entry) + text + self._suffix(entry)
        if entry.key_span is not None:
            colon = self._colon(entry, in_flow=in_flow)
            return self._front(entry) + self._after_key(value, colon, indent, in_flow=in_flow) + self._suffix(entry)
        return self.item(value, indent, entry, in_flow=in_flow)

    def item(self, value: Value, indent: str, like: Entry | None, *, in_flow: bool) -> str:
        """Return the text of a list's item that is of another form than its sibling."""
        if in_flow:
            return self.value(value, None, indent, in_flow=True)
        dash = self._between(like) if like is not None else "- "
        if has_newline(dash) or not dash.endswith(" "):
            dash = "- "
        inner = indent + " " * len(dash)
        if isinstance(value, Copy):
            return dash + self._moved_block(value, inner)
        if isinstance(value, dict | list):
            return dash + self.fresh.block_item(value, inner, self.value)
        return dash + self.value(value, None, inner, in_flow=False)

    def _moved_block(self, copy: Copy, indent: str) -> str:
        place = self._place(copy)
        return reindent(self._copied(place.node, None), self._base_indent(place), indent)

    def _fits(self, value: Value, node: Node) -> bool:
        """Whether a value can stand just where a node stands: on its line, or as a block below."""
        if isinstance(node, Scalar) and node.style == "empty":
            return False
        on_lines = _is_lines(node)
        if isinstance(value, Copy):
            source = self._place(value).node
            return source is node or not (_is_lines(source) or on_lines)
        if isinstance(node, Mapping | Sequence) and form_of(value) == form_of(node):
            return bool(value) and bool(node.entries)
        return not on_lines and not isinstance(value, dict | list)

    def _flat(self, value: Value, like: Node | None, indent: str, *, in_flow: bool) -> str:
        """Return a value's text as it stands within a collection on one line."""
        if isinstance(value, dict | list):
            return self.on_one_line.flow(value, indent, self._flat)
        return self.value(value, like, indent, in_flow=in_flow)

    def member(self, key: str, value: Value, like: Entry | None, container: Mapping, indent: str) -> str:
        """Return the text of a member that does not stand in the document yet, written like another one."""
        in_flow = not is_block(container)
        flat = in_flow and bool(container.entries) and not has_newline(container.span.of(self.text))
        name = self._key(key, like, container)
        if like is not None and like.key_span is not None and self.is_headed(like):
            node = like.value
            if isinstance(value, dict) and isinstance(node, Mapping) and not node.entries and node.header:
                return self._filled_table(name, value, node, indent)
            if isinstance(value, Copy) or (form_of(value) == form_of(node) and value):
                renamed = Renamed(_header_part(node, like.key_span), name)
                return self.value(value, node, indent, in_flow=in_flow, renamed=renamed)
            like = None
        if like is None or like.key_span is None or self._is_shorthand(like):
            return name + self._after_key(value, self._colon(None, in_flow=in_flow), indent, in_flow=in_flow, flat=flat)
        front = self._front(like)[: -len(like.key_span.of(self.text)) or None]
        if self.format != "toml" and front.strip(" \t") not in ("", "?"):
            front = ""
        elif self._fits(value, like.value):
            text = self.value(value, like.value, indent, in_flow=in_flow)
            return front + name + self._between(like) + text + self._suffix(like)
        colon = "=" if container.layout == "call" else self._colon(like, in_flow=in_flow)
        return name + self._after_key(value, colon, indent, in_flow=in_flow, flat=flat)

    def _key(self, key: str, like: Entry | None, container: Mapping) -> str:
        if is_spread(key):
            raise DocumentError("a spread can only be copied")
        if container.layout == "call":
            return key_text(key, self.format, as_keyword=True)
        quote = self.style.key_quote(container)
        written = like.key_span.of(self.text) if like is not None and like.key_span is not None else ""
        usual = written[:1] if written[:1] in ("'", '"') else ""
        if not quote and not usual and not is_bare_key(key, self.format):
            usual = self.style.quote
        return key_text(key, self.format, quote, usual=usual)

    def _filled_table(self, name: str, value: dict[str, Value], like: Mapping, indent: str) -> str:
        """Return a TOML table like one that has a header and nothing else."""
        end = like.header[-1].end
        brackets = "]]" if self.text.startswith("]]", end) else "]"
        head = self._header(like, Renamed(len(like.header) - 1, name)) + brackets
        lines = [self.member(key, one, None, like, indent) for key, one in value.items()]
        return (self.document.newline + indent).join([head, *lines])

    def _after_key(self, value: Value, colon: str, indent: str, *, in_flow: bool, flat: bool = False) -> str:
        if isinstance(value, Copy) and self.format == "yaml" and not in_flow:
            node = self._place(value).node
            if _is_lines(node):
                step = self.style.unit if isinstance(node, Mapping) else self.style.list_indent
                inner = indent + step
                return colon.rstrip(" ") + self.document.newline + inner + self._moved_block(value, inner)
        text = (self._flat if flat else self.value)(value, None, indent, in_flow=in_flow)
        return colon.rstrip(" ") + text if text[:1] in ("\n", "\r") else colon + text

    def _colon(self, like: Entry | None, *, in_flow: bool) -> str:
        """Return what stands between a key and a value on its line."""
        if like is not None and like.key_span is not None:
            between = self._between(like)
            if between.strip(" \t") in (":", "=") and (between.endswith(" ") or self.format != "yaml"):
                return between
        return self.style.colon if in_flow or self.format == "toml" else ": "

    def _mapping(self, value: dict[str, Value], like: Mapping, renamed: Renamed | None) -> str:
        if like.scattered:
            raise DocumentError("the entry to copy is scattered over the file", like.span.start)
        in_flow = not is_block(like)
        sources = {name: (number, like.entries[number]) for number, name in enumerate(entry_names(like))}
        plain = [entry for entry in like.entries if self.is_plain(entry)]
        indent = self.entry_indent(plain[0] if plain else like.entries[0])
        texts: list[tuple[int | None, str]] = []
        tables: list[tuple[int | None, str]] = []
        for name, one in value.items():
            number, source = sources.get(name, (None, None))
            if source is not None:
                group = tables if self.is_headed(source) else texts
                group.append((number, self.entry(source, one, in_flow=in_flow, renamed=renamed)))
            else:
                model = next((entry for entry in reversed(plain) if form_of(one) == form_of(entry.value)), None)
                model = model or (plain[-1] if plain else None)
                texts.append((None, self.member(name, one, model, like, indent)))
        # A key behind a sub-table's header would belong to the sub-table.
        return self._assembled(texts + tables, like, renamed)

    def _sequence(self, value: list[Value], like: Sequence, renamed: Renamed | None) -> str:
        in_flow = not is_block(like)
        last = len(like.entries) - 1
        texts = [
            (number if number <= last else None, self.entry(like.entries[min(number, last)], one, in_flow=in_flow))
            for number, one in enumerate(value)
        ]
        return self._assembled(texts, like, renamed)

    def _collection(self, value: dict[str, Value] | list[Value], indent: str, *, in_flow: bool) -> str:
        """Return the text of a collection that has no model."""
        if self.format == "yaml" and not in_flow and value:
            return self.fresh.block(value, indent, self.value)
        return self.fresh.flow(value, indent, self.value)


def _is_lines(node: Node) -> bool:
    """Whether a node is a block of lines; a function's body is code that is copied as it stands."""
    return isinstance(node, Mapping | Sequence) and is_block(node) and node.layout != "scope"


def _header_part(node: Node, key: Span) -> int:
    """Return which part of a table's header a key is."""
    for place in walk(node):
        if isinstance(place.node, Mapping) and key in place.node.header:
            return place.node.header.index(key)
    raise DocumentError("a dotted key cannot be copied under another name", key.start)


def form_of(value: Value | Node) -> str:
    """Return whether a value or node is a mapping, a sequence or a scalar."""
    if isinstance(value, Mapping) and value.layout == "scope":
        return "code"
    if isinstance(value, dict | Mapping):
        return "mapping"
    if isinstance(value, list | Sequence):
        return "sequence"
    return "scalar"
