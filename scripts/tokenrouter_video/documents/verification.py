"""Proof that an edit changed what was planned and nothing else: parse again, compare the data, ask a second reader."""

from __future__ import annotations

from collections.abc import Sequence as Items

from tokenrouter_video.documents.comparison import Meant, Moved, same_entry_frame, same_frame, same_nodes
from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.edits import TextEdit, apply_edits
from tokenrouter_video.documents.formats import Reading, parse, second_reading
from tokenrouter_video.documents.tree import (
    Container,
    Entry,
    Mapping,
    Node,
    Scalar,
    ScalarValue,
    Sequence,
    Span,
)
from tokenrouter_video.documents.values import Value, reading_at, value_matches_reading
from tokenrouter_video.records import dataclass


@dataclass(frozen=True, slots=True)
class Insertion:
    """A planned entry: the container that gets it, its place there, its key in a mapping, whose spreads it repeats.

    ``shared`` are the places of the aliases through which the caller knows the change to be seen.
    """

    parts: tuple[str, ...]
    position: int
    key: str | None
    value: Value
    like: Node | None = None
    shared: frozenset[tuple[str, ...]] = frozenset()


@dataclass(frozen=True, slots=True)
class Replacement:
    """A planned new value of a scalar."""

    parts: tuple[str, ...]
    value: ScalarValue
    shared: frozenset[tuple[str, ...]] = frozenset()


Change = Insertion | Replacement


def verify(document: Document, edits: Items[TextEdit], change: Change) -> Document:
    """Return the edited document; raise :class:`DocumentError` where it says anything but the planned change.

    All that stands outside of the change must be read as before and stand where the edits have moved it, so that
    neither a number's spelling nor an alias' target nor the order of keys can differ.
    """
    try:
        text = apply_edits(document.text, edits)
    except ValueError as error:
        raise DocumentError(str(error)) from None
    edited = parse(text, document.format)
    if edited.format != document.format:
        raise DocumentError(f"the edit would turn {document.format} into {edited.format}")
    if edited.obstacles:
        raise DocumentError(f"after the edit: {edited.obstacles[0].reason}", edited.obstacles[0].offset)
    proof = _Proof(document, edited, edits, change.shared)
    if isinstance(change, Insertion) and not all(edit.is_insertion for edit in edits):
        raise DocumentError("the edit is no pure insertion")
    is_as_planned = proof.is_insertion(change) if isinstance(change, Insertion) else proof.is_replacement(change)
    if not is_as_planned:
        raise DocumentError("the edited text does not say what was planned")
    # jsonc-parser takes what stands behind an odd number of escaped quotes for code.
    if document.format != "jsonc" or '\\"' not in text:
        _ask_second_reader(document, edited, change)
    return edited


class _Proof:
    """Compares the located trees of a text and of the edited one."""

    def __init__(
        self, document: Document, edited: Document, edits: Items[TextEdit], shared: frozenset[tuple[str, ...]]
    ) -> None:
        self.document = document
        self.shared = shared
        self.edited = edited
        self.edits = sorted(edits)
        self.moved = Moved(edits)
        self.meant = Meant(document.root, document.text, edited.text, self.moved)

    def is_insertion(self, change: Insertion) -> bool:
        """Whether one entry is new, says what was meant, and all else is as it was."""
        nodes = self._descend(change.parts)
        if nodes is None:
            return False
        old, new = nodes
        if not isinstance(new, Mapping | Sequence) or len(new.entries) <= change.position:
            return False
        others = [*new.entries[: change.position], *new.entries[change.position + 1 :]]
        if isinstance(old, Mapping | Sequence):
            if not same_frame(old, new) or len(others) != len(old.entries):
                return False
            if not all(self._same_entry(one, other) for one, other in zip(old.entries, others, strict=True)):
                return False
        elif not isinstance(old, Scalar) or old.style != "empty" or others:
            return False
        inserted = new.entries[change.position]
        if inserted.key != change.key or not self._is_all_that_is_new(inserted.span):
            return False
        return self.meant.is_value(change.value, inserted.value, change.like)

    def is_replacement(self, change: Replacement) -> bool:
        """Whether one scalar, and no more of the text than its own, says what was meant."""
        nodes = self._descend(change.parts)
        if nodes is None:
            return False
        old, new = nodes
        if not isinstance(old, Scalar):
            return False
        if not all(old.token.start <= edit.start <= edit.end <= old.token.end for edit in self.edits):
            return False
        return self.meant.is_value(change.value, new, None)

    def _descend(self, parts: tuple[str, ...]) -> tuple[Node, Node] | None:
        """Return the nodes at the end of a way through both trees, ``None`` where anything beside the way differs."""
        old, new = self.document.root, self.edited.root
        passed: list[Node] = [old]
        for part in parts:
            if not isinstance(old, Mapping | Sequence) or not isinstance(new, Mapping | Sequence):
                return None
            number = _entry_number(old, part)
            if number is None or not same_frame(old, new) or len(old.entries) != len(new.entries):
                return None
            pairs = list(zip(old.entries, new.entries, strict=True))
            before, after = pairs.pop(number)
            if before.key != after.key or not all(self._same_entry(*pair) for pair in pairs):
                return None
            old, new = before.value, after.value
            passed.append(old)
        self._refuse_shared(passed)
        return old, new

    def _refuse_shared(self, passed: list[Node]) -> None:
        """Raise where an alias repeats a node on the way and nobody said that it may: it would say something else."""
        if self.document.format != "yaml":  # the only one that has aliases
            return
        from tokenrouter_video.documents.sharing import repeats_of

        for repeat in repeats_of(self.document, passed):
            if repeat.parts not in self.shared:
                reason = "an alias repeats what would be changed, so another place would change too"
                raise DocumentError(reason, repeat.alias.span.start)

    def _same_entry(self, old: Entry, new: Entry) -> bool:
        return same_entry_frame(old, new, self.moved) and same_nodes(old.value, new.value, self.moved)

    def _is_all_that_is_new(self, entry: Span) -> bool:
        """Whether the new entry is new text, and the rest of the new text is white space and commas."""
        text = self.edited.text
        shift = 0
        is_new = False
        for edit in self.edits:
            start = edit.start + shift
            end = start + len(edit.text)
            shift += len(edit.text)
            holds_entry = start <= entry.start and entry.end <= end
            is_new = is_new or holds_entry
            around = text[start : entry.start] + text[entry.end : end] if holds_entry else edit.text
            if around.strip(" \t\r\n,\\"):
                return False
        return is_new


def _entry_number(node: Container, part: str) -> int | None:
    """Return the number of the entry that a part of a pointer names."""
    if isinstance(node, Sequence):
        return int(part) if part.isdigit() and int(part) < len(node.entries) else None
    return next((number for number, entry in enumerate(node.entries) if entry.key == part), None)


def _ask_second_reader(document: Document, edited: Document, change: Change) -> None:
    old = second_reading(document.text, document.format)
    if old is None:
        return
    new = second_reading(edited.text, document.format)
    if new is None:
        raise DocumentError("a second reader cannot read the edited text")
    is_as_planned = (
        _reading_has_insertion(old, new, change)
        if isinstance(change, Insertion)
        else _reading_has_replacement(old, new, change)
    )
    if not is_as_planned:
        raise DocumentError("a second reader reads the edited text otherwise than planned")


def _reading_has_insertion(old: Reading, new: Reading, change: Insertion) -> bool:
    root = old
    for part in change.parts:
        stepped = _reading_step(old, new, part)
        if stepped is None:
            return False
        old, new = stepped
    if isinstance(old, tuple) and old[0] == "null":
        # A key without a value gets its first entry.
        old = [] if change.key is None else {}
    if isinstance(old, list) and isinstance(new, list):
        position = change.position
        return (
            len(new) == len(old) + 1
            and new[:position] + new[position + 1 :] == old
            and value_matches_reading(change.value, new[position], root)
        )
    if isinstance(old, dict) and isinstance(new, dict) and change.key is not None:
        rest = {key: value for key, value in new.items() if key != change.key}
        return (
            change.key in new
            and change.key not in old
            and rest == old
            and value_matches_reading(change.value, new[change.key], root)
        )
    return False


def _reading_has_replacement(old: Reading, new: Reading, change: Replacement) -> bool:
    for part in change.parts:
        stepped = _reading_step(old, new, part)
        if stepped is None:
            return False
        old, new = stepped
    if not isinstance(old, tuple):
        return False
    # tomllib reads each line end of a text as LF, tomlkit as it stands.
    value = change.value.replace("\r\n", "\n") if isinstance(change.value, str) else change.value
    return value_matches_reading(change.value, new, old) or value_matches_reading(value, new, old)


def _reading_step(old: Reading, new: Reading, part: str) -> tuple[Reading, Reading] | None:
    """Step into the same entry of both readings, ``None`` where their other entries differ."""
    before, after = reading_at(old, (part,)), reading_at(new, (part,))
    if before is None or after is None:
        return None
    if isinstance(old, dict) and isinstance(new, dict):
        same = {k: v for k, v in old.items() if k != part} == {k: v for k, v in new.items() if k != part}
    elif isinstance(old, list) and isinstance(new, list):
        number = int(part)
        same = old[:number] + old[number + 1 :] == new[:number] + new[number + 1 :]
    else:
        return None
    return (before, after) if same else None
