"""Whether two located trees say the same in the same places, apart from what an edit moved."""

from __future__ import annotations

from collections.abc import Sequence as Items

from tokenrouter_video.documents.edits import TextEdit
from tokenrouter_video.documents.tree import Alias, Entry, Mapping, Node, Opaque, Scalar, Sequence, Span, find
from tokenrouter_video.documents.values import Copy, Value, entry_names, is_spread, scalar_kind


class Moved:
    """Where the places of the original text are after some edits."""

    def __init__(self, edits: Items[TextEdit]) -> None:
        self._edits = sorted(edits)
        self.first = self._edits[0].start if self._edits else 0

    def start(self, offset: int) -> int:
        """Return where something starts now; text inserted right there stands before it."""
        return offset + sum(len(edit.text) - (edit.end - edit.start) for edit in self._edits if edit.end <= offset)

    def end(self, offset: int) -> int:
        """Return where something ends now; text inserted right there stands behind it."""
        return offset + sum(
            len(edit.text) - (edit.end - edit.start)
            for edit in self._edits
            if edit.end < offset or (edit.end == offset and edit.start < offset)
        )

    def matches(self, old: Span, new: Span) -> bool:
        """Whether a span is where an old one has moved to; one without width may be on either side of an edit."""
        if old.end < self.first:
            return old.start == new.start and old.end == new.end
        if old.start == old.end:
            return new.start == new.end and self.end(old.start) <= new.start <= self.start(old.start)
        return new.start == self.start(old.start) and new.end == self.end(old.end)


def same_nodes(old: Node, new: Node, moved: Moved) -> bool:
    """Whether a node and all below it are what they were, where they were: as the text is the same, so are spellings.

    Aliases must also lead to the same place, which an anchor in new text could change.
    """
    stack = [(old, new)]
    while stack:
        before, after = stack.pop()
        if type(before) is not type(after):
            return False
        if isinstance(before, Scalar) and isinstance(after, Scalar):
            if not (_same_scalar(before, after) and before.style == after.style):
                return False
            if not moved.matches(before.token, after.token):
                return False
            continue
        if not _same_self(before, after, moved):
            return False
        if isinstance(before, Mapping | Sequence) and isinstance(after, Mapping | Sequence):
            if len(before.entries) != len(after.entries):
                return False
            for one, other in zip(before.entries, after.entries, strict=True):
                if not same_entry_frame(one, other, moved):
                    return False
                stack.append((one.value, other.value))
    return True


def same_entry_frame(old: Entry, new: Entry, moved: Moved) -> bool:
    """Whether two entries have the same key in the same place, whatever their values are."""
    if old.key != new.key or (old.key_span is None) != (new.key_span is None):
        return False
    if old.key_span is not None and new.key_span is not None and not moved.matches(old.key_span, new.key_span):
        return False
    return old.span.start == new.span.start or moved.start(old.span.start) == new.span.start


def same_frame(old: Node, new: Node) -> bool:
    """Whether two collections are of the same kind, whatever stands in them."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return (old.layout, old.callee, old.anchor) == (new.layout, new.callee, new.anchor)
    if isinstance(old, Sequence) and isinstance(new, Sequence):
        return (old.layout, old.kind, old.callee, old.anchor) == (new.layout, new.kind, new.callee, new.anchor)
    return False


def _same_self(old: Node, new: Node, moved: Moved) -> bool:
    match old, new:
        case Alias(), Alias():
            return old.name == new.name and moved.matches(old.span, new.span) and _same_target(old, new, moved)
        case Opaque(), Opaque():
            return old.code == new.code and moved.matches(old.span, new.span)
        case _:
            return same_frame(old, new)


def _same_scalar(old: Scalar, new: Scalar) -> bool:
    both_nan = old.value != old.value and new.value != new.value
    return old.kind == new.kind and (old.value == new.value or both_nan)


def _same_target(old: Alias, new: Alias, moved: Moved) -> bool:
    if old.target is None or new.target is None:
        return old.target is new.target
    return new.target.span.start in (old.target.span.start, moved.start(old.target.span.start))


class Meant:
    """Whether what was read back is the value that was meant; copies are looked up in the old tree."""

    def __init__(self, root: Node, text: str, new_text: str, moved: Moved) -> None:
        self._root = root
        self._text = text
        self._new_text = new_text
        self._moved = moved

    def is_value(self, value: Value, node: Node, like: Node | None) -> bool:
        """Whether a node says a value; ``like`` is the node whose spreads the value repeats."""
        match value:
            case Copy():
                place = find(self._root, value.parts)
                return place is not None and self._is_copy(place.node, node)
            case dict():
                return isinstance(node, Mapping) and self._is_mapping(value, node, like)
            case list():
                if not isinstance(node, Sequence) or len(node.entries) != len(value):
                    return False
                models = like.entries if isinstance(like, Sequence) else ()
                return all(
                    self.is_value(one, entry.value, models[min(number, len(models) - 1)].value if models else None)
                    for number, (one, entry) in enumerate(zip(value, node.entries, strict=True))
                )
            case _:
                if not isinstance(node, Scalar) or node.kind != scalar_kind(value):
                    return False
                return node.value == value

    def _is_mapping(self, value: dict[str, Value], node: Mapping, like: Node | None) -> bool:
        found = dict(zip(entry_names(node), node.entries, strict=True))
        if len(found) != len(node.entries):
            return False
        wanted = sorted(name for name in value if not is_spread(name))
        if wanted != sorted(name for name in found if not is_spread(name)):
            return False
        models = dict(zip(entry_names(like), like.entries, strict=True)) if isinstance(like, Mapping) else {}
        spreads = [models[name].value if name in models else None for name in value if is_spread(name)]
        written = [entry.value for name, entry in found.items() if is_spread(name)]
        if len(spreads) != len(written):
            return False
        if not all(old is not None and self._is_copy(old, new) for old, new in zip(spreads, written, strict=True)):
            return False
        return all(
            self.is_value(value[name], found[name].value, models[name].value if name in models else None)
            for name in wanted
        )

    def _is_copy(self, old: Node, new: Node) -> bool:
        """Whether a node repeats another one: what it says, its tags, and where its aliases lead."""
        if type(old) is not type(new) or self._tags(old, self._text) != self._tags(new, self._new_text):
            return False
        match old, new:
            case Scalar(), Scalar():
                return _same_scalar(old, new)
            case Alias(), Alias():
                return old.name == new.name and _same_target(old, new, self._moved)
            case Opaque(), Opaque():
                return old.code == new.code
            case Mapping(), Mapping():
                same = old.callee == new.callee and entry_names(old) == entry_names(new)
            case Sequence(), Sequence():
                same = (old.callee, old.kind) == (new.callee, new.kind)
            case _:
                return False
        return (
            same
            and len(old.entries) == len(new.entries)
            and all(self._is_copy(one.value, two.value) for one, two in zip(old.entries, new.entries, strict=True))
        )

    def _tags(self, node: Node, text: str) -> list[str]:
        """Return the YAML tags in front of a node."""
        if isinstance(node, Scalar):
            end = node.token.start
        elif isinstance(node, Mapping | Sequence) and node.entries:
            end = node.entries[0].span.start
        else:
            return []
        front = text[node.span.start : end] if end - node.span.start < _LONGEST_FRONT else ""
        return [word for word in front.split() if word.startswith("!")]


_LONGEST_FRONT = 1_000
