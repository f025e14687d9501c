"""YAML text to located tree, from the events of ruamel.yaml's pure-Python parser.

How the tree shows YAML's shapes:

* Several documents are a ``documents`` sequence, an entry's span starting at its ``---``; one document is the root
  itself, and a text without documents is an empty scalar. An empty document counts.
* A value that is not written is a null of the style ``empty``, of no width, right behind its ``:``, ``-``, ``---``, tag
  or anchor, else behind its key.
* A literal or folded scalar's token reaches from its indicator to the end of its last line; blank lines behind belong
  to it only where ``+`` keeps them, the last line end never.
* A key that is no string is named by its text (``8080``, ``true``, nothing for an empty one), and one that is an alias
  of a scalar by that scalar's. A key that is a collection has no name: its entry's ``key`` is ``None``.
* A pair among a flow sequence's items (``[a: b]``) is a flow mapping without brackets: its body is its span.
* An alias inside of the node that it names has no target. ``<<`` is an entry like any other.
"""

from __future__ import annotations

import re

from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from tokenrouter_video.documents.document import (
    MAX_ALIASES,
    MAX_DEPTH,
    MAX_EXPANDED,
    Document,
    DocumentError,
    Obstacle,
)
from tokenrouter_video.documents.tree import Alias, Entry, Mapping, Node, Scalar, Sequence, Span, dereferenced
from tokenrouter_video.documents.yaml_errors import unreadable
from tokenrouter_video.documents.yaml_events import NOWHERE, YamlEvents, stand_ins
from tokenrouter_video.documents.yaml_scalars import scalar_value
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_STYLES = {"'": "single", '"': "double", "|": "literal", ">": "folded"}

# Helm and Jinja read what YAML takes for a comment (https://helm.sh/docs/chart_template_guide/control_structures).
_TEMPLATE = regex(
    r"^[ \t]*\#[^\n]{0,200}(?:\{\{-?[ ]*(?:if|else|end|range|with|define|block)\b"
    r"|\{%-?[ ]*(?:if|elif|else|endif|for|endfor)\b)",
    re.MULTILINE,
)
_SURROGATE = regex("[\ud800-\udfff]")


def parse(text: str, format: str = "yaml") -> Document:
    """Parse a YAML text without its BOM.

    Raises :class:`DocumentError`, and nothing else, for a text that is no YAML, nests deeper than ``MAX_DEPTH``, has
    more than ``MAX_ALIASES`` aliases, or an alias without its anchor. Duplicate keys are obstacles,
    as are aliases that stand for more than ``MAX_EXPANDED`` values.
    """
    builder = _Builder(text)
    return Document(text, format, builder.build(), tuple(builder.obstacles))


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet, and the entry of it that is being read."""

    is_mapping: bool
    layout: str
    start: int
    body_start: int
    anchor: str
    entries: list[Entry] = field(default_factory=list)
    names: set[object] = field(default_factory=set)
    entry_start: int = NOWHERE
    key: Node | None = None
    key_name: str | None = None
    size: int = 1


class _Builder:
    """Builds one text's tree; the collections that are open are a list, so that no depth exhausts Python's stack."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.obstacles: list[Obstacle] = []
        self._open: list[_Open] = []
        self._documents: list[Entry] = []
        self._document_start = NOWHERE
        self._content_start = 0
        self._document_node: Node | None = None
        self._anchors: dict[str, Node | _Open] = {}
        # The content of each anchored scalar, by the node's identity: what an alias is called as a key.
        self._contents: dict[int, str] = {}
        self._alias_count = 0
        # How many values an anchored collection has once its aliases are expanded.
        self._sizes: dict[int, int] = {}
        self._is_bomb = False
        self._events: YamlEvents
        swapped = stand_ins(text)
        self._restored = {new: old for old, new in swapped.items()}
        self._swapped_text = text.translate(swapped) if swapped else text
        self._separators = {offset for offset, char in enumerate(text) if ord(char) in swapped} if swapped else set()

    def build(self) -> Node:
        """Return the root."""
        events: YamlEvents | None = None
        try:
            self._events = events = YamlEvents(self._swapped_text)
            self._take(events)
        except DocumentError:
            raise
        except Exception as error:
            # ruamel's errors quote the text, and odd texts raise others than its own (ValueError, OverflowError).
            raise unreadable(error, self.text, None if events is None else events.index) from None
        if self._separators:
            reason = "a line separator (U+0085, U+2028 or U+2029) outside of quotes, which readers take differently"
            self.obstacles.append(Obstacle(min(self._separators), reason))
        template = _TEMPLATE.search(self.text) if "{{" in self.text or "{%" in self.text else None
        if template is not None:
            reason = "a comment that is a template's condition or loop, so that nobody can tell what is around it"
            self.obstacles.append(Obstacle(template.start(), reason))
        return self._root()

    def _take(self, events: YamlEvents) -> None:
        handlers = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._start,
            SequenceStartEvent: self._start,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            AliasEvent: self._alias,
            DocumentStartEvent: self._start_document,
            DocumentEndEvent: self._end_document,
        }
        while True:
            event = events.get_event()
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
            elif isinstance(event, StreamEndEvent):
                return

    def _root(self) -> Node:
        if not self._documents:
            return Scalar(Span(0, 0), Span(0, 0), None, "null", "empty")
        if len(self._documents) == 1:
            return self._documents[0].value
        span = Span(self._documents[0].span.start, self._documents[-1].span.end)
        return Sequence(span, span, tuple(self._documents), "documents")

    def _start_document(self, event: Any) -> None:
        self._events.version = (1, 1) if event.version is not None and event.version < (1, 2) else (1, 2)
        self._anchors = {}
        self._document_start = event.start_mark.index if event.explicit else NOWHERE
        self._content_start = event.end_mark.index

    def _end_document(self, event: Any) -> None:
        node = self._document_node
        assert node is not None
        start = node.span.start if self._document_start == NOWHERE else self._document_start
        self._documents.append(Entry(None, None, node, Span(start, node.span.end)))

    def _start(self, event: Any) -> None:
        place = event.start_mark.index
        if len(self._open) >= MAX_DEPTH:
            raise DocumentError(f"more than {MAX_DEPTH} nested collections", place)
        start = place if self._events.properties == NOWHERE else self._events.properties
        is_mapping = isinstance(event, MappingStartEvent)
        inside = event.end_mark.index
        has_brackets = event.flow_style and self.text[inside - 1] in "[{"
        self._start_entry(start)
        opened = _Open(
            is_mapping,
            "flow" if event.flow_style else "block",
            start,
            inside if has_brackets else NOWHERE,
            self._restore(event.anchor or ""),
        )
        self._open.append(opened)
        if opened.anchor:
            self._anchors[opened.anchor] = opened

    def _end(self, event: Any) -> None:
        closed = self._open.pop()
        if closed.body_start == NOWHERE:
            end = closed.entries[-1].span.end if closed.entries else closed.start
            span = body = Span(closed.start, end)
        else:
            span = Span(closed.start, event.end_mark.index)
            body = Span(closed.body_start, event.start_mark.index)
        kind = Mapping if closed.is_mapping else Sequence
        node = kind(span, body, tuple(closed.entries), closed.layout, anchor=closed.anchor)
        if closed.anchor and self._anchors[closed.anchor] is closed:
            self._anchors[closed.anchor] = node
        if closed.anchor:
            self._sizes[id(node)] = closed.size
        if self._open:
            self._open[-1].size += closed.size
        self._add(node, None)

    def _scalar(self, event: Any) -> None:
        events = self._events
        is_written = events.scalar != NOWHERE
        if is_written:
            token = Span(events.scalar, event.end_mark.index)
        else:
            place = self._empty_place(event) if events.properties == NOWHERE else event.end_mark.index
            token = Span(place, place)
        span = token if events.properties == NOWHERE else Span(events.properties, token.end)
        text = self._restore(event.value)
        if event.style == '"' and _SURROGATE.search(text):
            text = _whole_characters(text, token.start)
        value, kind = scalar_value(text, event.tag, events.version, is_plain=event.implicit[0])
        style = _STYLES.get(event.style, "plain") if is_written else "empty"
        if self._separators and style in ("single", "double"):
            self._separators.difference_update(range(token.start, token.end))
        node = Scalar(span, token, value, kind, style)
        if event.anchor:
            self._anchors[self._restore(event.anchor)] = node
            self._contents[id(node)] = text
        self._start_entry(span.start)
        self._add(node, text)

    def _empty_place(self, event: Any) -> int:
        """Return where a node would stand that is not written; the event's marks are often the next token's."""
        if not self._open:
            return self._content_start
        opened = self._open[-1]
        place: int = event.start_mark.index
        if not opened.is_mapping:
            return place
        if opened.key is not None:
            return opened.key.span.end if self._events.colon_end == NOWHERE else self._events.colon_end
        # A key that neither a "?" nor a text announces: its mark is the ':', in flow collections the end of it.
        return place - 1 if self._events.key == NOWHERE and opened.layout == "flow" else place

    def _alias(self, event: Any) -> None:
        span = Span(event.start_mark.index, event.end_mark.index)
        name = self._restore(event.anchor)
        self._alias_count += 1
        if self._alias_count > MAX_ALIASES:
            raise DocumentError(f"more than {MAX_ALIASES:,} aliases", span.start)
        target = self._anchors.get(name)
        if target is None:
            raise DocumentError("an alias has no anchor before it", span.start)
        self._start_entry(span.start)
        if self._open:
            self._grow(self._open[-1], self._sizes.get(id(target), 1), span.start)
        self._add(Alias(span, name, None if isinstance(target, _Open) else target), self._contents.get(id(target)))

    def _grow(self, opened: _Open, size: int, offset: int) -> None:
        """Count what an alias stands for; a consumer that expands a bomb never gets to the edit."""
        opened.size += size
        if opened.size > MAX_EXPANDED and not self._is_bomb:
            self._is_bomb = True
            reason = f"aliases that stand for more than {MAX_EXPANDED:,} values (a YAML bomb)"
            self.obstacles.append(Obstacle(offset, reason))

    def _start_entry(self, start: int) -> None:
        """Note where the entry starts that a node is the key or the item of."""
        if not self._open:
            return
        opened = self._open[-1]
        if opened.is_mapping:
            if opened.key is None:
                opened.entry_start = start if self._events.key == NOWHERE else self._events.key
        else:
            opened.entry_start = start if self._events.dash == NOWHERE else self._events.dash

    def _add(self, node: Node, text: str | None) -> None:
        """Put a finished node in its place; ``text`` is the content of a scalar, or of the one that an alias names."""
        if not self._open:
            self._document_node = node
            return
        opened = self._open[-1]
        if opened.is_mapping and opened.key is None:
            opened.key, opened.key_name = node, text
            self._check_key(opened)
            return
        span = Span(opened.entry_start, node.span.end)
        if opened.key is None:
            opened.entries.append(Entry(None, None, node, span))
            return
        key_span = opened.key.token if isinstance(opened.key, Scalar) else opened.key.span
        opened.entries.append(Entry(opened.key_name, key_span, node, span))
        opened.key = None

    def _check_key(self, opened: _Open) -> None:
        """Note a duplicate: a key of the same name, or of the same value spelled otherwise (``0x10`` and ``16``)."""
        assert opened.key is not None
        key = dereferenced(opened.key)
        if not isinstance(key, Scalar):
            return
        identities: set[object] = {opened.key_name}
        if key.kind != "string":
            identities.add((key.kind, key.value))
        if not identities.isdisjoint(opened.names):
            place = key.token if key is opened.key else opened.key.span
            self.obstacles.append(Obstacle(place.start, "a duplicate key"))
        opened.names |= identities

    def _restore(self, text: str) -> str:
        return text.translate(self._restored) if self._restored else text


def _whole_characters(text: str, offset: int) -> str:
    """Join the two escapes by which JSON writes a character beyond U+FFFF; ruamel.yaml leaves them apart."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise DocumentError("an escape in a double-quoted text stands for half a character", offset) from None
