"""Putting a value into a document, or another scalar in its place, as a proven text edit.

Every function plans edits on the original text, applies them to a copy, and returns only what
:func:`~tokenrouter_video.documents.verification.verify` accepts.
"""

from __future__ import annotations

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.edits import TextEdit
from tokenrouter_video.documents.file_style import is_block
from tokenrouter_video.documents.placement import place_below_key, place_entry, place_first
from tokenrouter_video.documents.render import Renderer
from tokenrouter_video.documents.tree import (
    Container,
    Entry,
    Mapping,
    Node,
    Place,
    Scalar,
    ScalarValue,
    Sequence,
    find,
    from_pointer,
)
from tokenrouter_video.documents.trivia import has_newline, indentation, reindent, thawed
from tokenrouter_video.documents.values import Copy, Value
from tokenrouter_video.documents.verification import Insertion, Replacement, verify
from tokenrouter_video.records import dataclass

_FIXED_LAYOUTS = frozenset({"scope", "documents"})


@dataclass(frozen=True, slots=True)
class Edited:
    """A document after a proven change, and the edits of the original text that lead to it."""

    document: Document
    edits: tuple[TextEdit, ...]


def insert(
    document: Document,
    pointer: str,
    value: Value,
    *,
    key: str | None = None,
    like: str | None = None,
    position: int | None = None,
    shared: frozenset[tuple[str, ...]] = frozenset(),
) -> Edited:
    """Insert ``value`` into the list or map at a JSON Pointer, as its new last entry, laid out like its siblings.

    ``key`` names the new member of a map. ``like`` is the pointer of the entry to look like (default: the last sibling
    of the same form), ``position`` the new entry's number (default: the last). ``shared`` are the places of YAML
    aliases that may change with it. Raises :class:`DocumentError` where that cannot be done safely; the result is
    always a pure insertion.
    """
    _require_editable(document)
    place = document.at(pointer)
    if place is not None and isinstance(place.node, Scalar) and place.node.style == "empty":
        return _insert_below_key(document, place, value, key, shared)
    if place is None or not isinstance(place.node, Mapping | Sequence):
        raise DocumentError(f"there is no list or map at {pointer or 'the root'}")
    container = place.node
    if container.layout in _FIXED_LAYOUTS:
        raise DocumentError("only lists and maps can get a new entry", container.span.start)
    if isinstance(container, Mapping) != (key is not None):
        raise DocumentError("a key is needed for a map, and only for a map", container.span.start)
    if key is not None and isinstance(container, Mapping) and container.get(key) is not None:
        raise DocumentError("the key is there already", container.span.start)
    planner = _Planner(document, container, value, key)
    model = planner.model(from_pointer(like) if like is not None else None, place.parts)
    edits, position = planner.plan(model, position)
    change = Insertion(place.parts, position, key, value, model.entry.value if model is not None else None, shared)
    return Edited(verify(document, edits, change), edits)


def _insert_below_key(
    document: Document, place: Place, value: Value, key: str | None, shared: frozenset[tuple[str, ...]]
) -> Edited:
    """Give a YAML key without a value (``models:``) its first entry, as a block below it."""
    owner = place.parents[-1] if place.parents else None
    entry = next((one for one in owner.entries if one.value is place.node), None) if owner is not None else None
    blocks = all(is_block(parent) and parent.layout != "documents" for parent in place.parents[-1:])
    if entry is None or entry.key is None or not blocks or place.node.span.start != entry.value.span.end:
        raise DocumentError("there is no list or map to insert into", place.node.span.start)
    renderer = Renderer(document)
    indent = renderer.entry_indent(entry)
    whole: dict[str, Value] | list[Value] = [value] if key is None else {key: value}
    lines = renderer.fresh.block(whole, indent, renderer.value)
    edits = place_below_key(renderer, entry, lines)
    return Edited(verify(document, edits, Insertion(place.parts, 0, key, value, None, shared)), edits)


def replace_scalar(
    document: Document, pointer: str, value: ScalarValue, *, shared: frozenset[tuple[str, ...]] = frozenset()
) -> Edited:
    """Replace the scalar at a JSON Pointer, keeping its quotes where the new value allows it.

    ``shared`` is as in :func:`insert`.
    """
    _require_editable(document)
    place = document.at(pointer)
    if place is None or not isinstance(place.node, Scalar):
        raise DocumentError(f"there is no scalar at {pointer or 'the root'}")
    node = place.node
    in_flow = bool(place.parents) and not is_block(place.parents[-1])
    text = Renderer(document).value(value, node, "", in_flow=in_flow)
    if node.style == "empty" and not document.text[: node.token.start].endswith((" ", "\t")):
        text = " " + text
    edits = (TextEdit(node.token.start, node.token.end, text),)
    return Edited(verify(document, edits, Replacement(place.parts, value, shared)), edits)


def extend_string(
    document: Document, pointer: str, addition: str, *, shared: frozenset[tuple[str, ...]] = frozenset()
) -> Edited:
    """Insert text at the end of the string at a JSON Pointer, inside its quotes; ``shared`` is as in :func:`insert`.

    Raises :class:`DocumentError` where the addition would need an escape.
    """
    _require_editable(document)
    place = document.at(pointer)
    if place is None or not isinstance(place.node, Scalar) or not isinstance(place.node.value, str):
        raise DocumentError(f"there is no string at {pointer or 'the root'}")
    node = place.node
    quotes = {"single": 1, "double": 1, "backtick": 1, "triple-single": 3, "triple-double": 3}
    quotes |= {"multiline-basic": 3, "multiline-literal": 3, "plain": 0}
    if node.style not in quotes:
        raise DocumentError(f"a string in {node.style} style cannot be extended safely", node.token.start)
    at = node.token.end - quotes[node.style]
    edits = (TextEdit(at, at, addition),)
    return Edited(verify(document, edits, Replacement(place.parts, str(node.value) + addition, shared)), edits)


def _require_editable(document: Document) -> None:
    if document.obstacles:
        raise DocumentError(document.obstacles[0].reason, document.obstacles[0].offset)


@dataclass(frozen=True, slots=True)
class _Model:
    """The entry to look like, and the container that it stands in."""

    entry: Entry
    container: Container


class _Planner:
    """Plans one insertion into one container."""

    def __init__(self, document: Document, container: Container, value: Value, key: str | None) -> None:
        self.document = document
        self.container = container
        self.value = value
        self.key = key
        self.renderer = Renderer(document)
        self.in_flow = not is_block(container)

    def model(self, like: tuple[str, ...] | None, parts: tuple[str, ...]) -> _Model | None:
        """Return the entry to look like: the named one, the last sibling of the same form, or one of a namesake."""
        form = self._form()
        if like:
            place = find(self.document.root, like)
            if place is None:
                raise DocumentError("the entry to look like is not there")
            owner = place.parents[-1]
            named = _Model(next(entry for entry in owner.entries if entry.value is place.node), owner)
            if self._can_serve(named):
                return named
            # A block and a flow list, or tables under other headers, are no models for each other.
            return self._sibling(form) or named
        if self.container.entries:
            return self._sibling(form)
        return self._namesake(parts, form)

    def _can_serve(self, model: _Model) -> bool:
        if model.container is self.container:
            return True
        is_table = self.document.format == "toml" and self.renderer.is_table(model.entry)
        return is_block(model.container) == is_block(self.container) and not is_table

    def _sibling(self, form: type[Mapping] | type[Sequence] | type[Scalar]) -> _Model | None:
        of_form = [entry for entry in self.container.entries if isinstance(entry.value, form)]
        if self.document.format != "python":
            # Elsewhere a call has no named arguments that a map could become.
            of_form = [entry for entry in of_form if getattr(entry.value, "layout", "") not in ("scope", "call")]
        filled = [entry for entry in of_form if getattr(entry.value, "entries", True)]
        chosen = (filled or of_form)[-1:]
        return _Model(chosen[0], self.container) if chosen else None

    def _form(self) -> type[Mapping] | type[Sequence] | type[Scalar]:
        value = self.value
        if isinstance(value, Copy):
            place = find(self.document.root, value.parts)
            node: Node | None = place.node if place else None
            return Mapping if isinstance(node, Mapping) else Sequence if isinstance(node, Sequence) else Scalar
        return Mapping if isinstance(value, dict) else Sequence if isinstance(value, list) else Scalar

    def _namesake(self, parts: tuple[str, ...], form: type[Mapping] | type[Sequence] | type[Scalar]) -> _Model | None:
        """Return an entry of another container of the same name, so that an empty list looks like the others."""
        for place in self.document.places:
            node = place.node
            if not isinstance(node, Mapping | Sequence) or type(node) is not type(self.container):
                continue
            if parts and place.parts and place.parts[-1] == parts[-1] and is_block(node) == is_block(self.container):
                for entry in reversed(node.entries):
                    if isinstance(entry.value, form):
                        return _Model(entry, node)
        return None

    def plan(self, model: _Model | None, position: int | None) -> tuple[tuple[TextEdit, ...], int]:
        """Return the edits and the new entry's number."""
        text = self._entry_text(model)
        container = self.container
        if not container.entries:
            on_lines = (
                has_newline(model.container.span.of(self.document.text))
                if model is not None and not is_block(model.container)
                else self.renderer.style.spreads_over_lines(
                    is_mapping=isinstance(container, Mapping), is_nested=isinstance(self.value, dict | list)
                )
            )
            return place_first(self.renderer, container, text, on_lines=on_lines), 0
        last = len(container.entries)
        if self.document.format == "toml" and not self.in_flow and not text.startswith("["):
            # A key behind a sub-table's header would belong to the sub-table.
            last = self._keys_before_tables()
        elif self.document.format == "toml" and not self.in_flow and isinstance(container, Mapping):
            position = max(position, self._keys_before_tables()) if position is not None else None
        position = last if position is None else min(position, last)
        return place_entry(self.renderer, container, position, text), position

    def _keys_before_tables(self) -> int:
        """Return the number of the entry behind a TOML table's last key that does not stand below a header."""
        entries = self.container.entries
        keys = (number for number in range(len(entries), 0, -1) if not self.renderer.is_table(entries[number - 1]))
        return next(keys, 0)

    def _entry_text(self, model: _Model | None) -> str:
        old = new = ""
        if model is None:
            text = self._unlike_any()
        else:
            text = self._like(model)
            old = self._base(model.container, model.entry)
            new = self._target_base()
        return thawed(reindent(text, old, new))

    def _like(self, model: _Model) -> str:
        renderer, value = self.renderer, self.value
        same_kind = is_block(model.container) == is_block(self.container)
        indent = renderer.entry_indent(model.entry)
        if isinstance(self.container, Mapping):
            assert self.key is not None
            like = model.entry if isinstance(model.container, Mapping) and same_kind else None
            return renderer.member(self.key, value, like, self.container, indent)
        if isinstance(model.container, Sequence) and same_kind:
            return renderer.entry(model.entry, value, in_flow=self.in_flow)
        node = model.entry.value
        usable = not (isinstance(node, Mapping | Sequence) and is_block(node))
        if self.in_flow:
            return renderer.value(value, node if usable else None, indent, in_flow=True)
        if self.document.format != "yaml":
            raise DocumentError("the entry to look like is of another kind", model.entry.span.start)
        if not usable:
            return renderer.item(value, indent, None, in_flow=False)
        return "- " + renderer.value(value, node, indent, in_flow=True)

    def _unlike_any(self) -> str:
        """Return the text of an entry that has no sibling of its form."""
        renderer, container = self.renderer, self.container
        indent = self._target_base()
        if isinstance(container, Mapping):
            assert self.key is not None
            like = next((entry for entry in reversed(container.entries) if renderer.is_plain(entry)), None)
            if like is not None:
                return renderer.member(self.key, self.value, like, container, indent)
            return renderer.member(self.key, self.value, None, container, indent)
        return renderer.item(
            self.value, indent, container.entries[-1] if container.entries else None, in_flow=self.in_flow
        )

    def _base(self, container: Container, entry: Entry) -> str:
        if is_block(container):
            return self.renderer.entry_indent(entry)
        return indentation(self.document.text, entry.span.start)

    def _target_base(self) -> str:
        """Return the indentation of the line that the new entry starts on."""
        entries = self.container.entries
        if entries:
            return self._base(self.container, entries[-1])
        outer = indentation(self.document.text, self.container.span.start)
        return outer + self.renderer.style.unit
