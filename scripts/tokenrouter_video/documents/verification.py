"""Proof that an edit changed what was planned and nothing else: parse again, compare the data, ask a second reader."""

from __future__ import annotations

from collections.abc import Sequence as Items
from dataclasses import dataclass
from typing import Any

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.edits import TextEdit, apply_edits
from tokenrouter_video.documents.formats import Reading, parse, second_reading
from tokenrouter_video.documents.tree import Node, ScalarValue
from tokenrouter_video.documents.values import (
    Data,
    Value,
    node_data,
    reading_at,
    value_matches,
    value_matches_reading,
)


@dataclass(frozen=True, slots=True)
class Insertion:
    """A planned entry: the container that gets it, its place there, and its key in a mapping."""

    parts: tuple[str, ...]
    position: int
    key: str | None
    value: Value


@dataclass(frozen=True, slots=True)
class Replacement:
    """A planned new value of a scalar."""

    parts: tuple[str, ...]
    value: ScalarValue


Change = Insertion | Replacement


def verify(document: Document, edits: Items[TextEdit], change: Change) -> Document:
    """Return the edited document; raise :class:`DocumentError` where it says anything but the planned change."""
    try:
        text = apply_edits(document.text, edits)
    except ValueError as error:
        raise DocumentError(str(error)) from None
    edited = parse(text, document.format)
    if edited.format != document.format:
        raise DocumentError(f"the edit would turn {document.format} into {edited.format}")
    if edited.obstacles:
        raise DocumentError(f"after the edit: {edited.obstacles[0].reason}", edited.obstacles[0].offset)
    if isinstance(change, Insertion):
        if not all(edit.is_insertion for edit in edits):
            raise DocumentError("the edit is no pure insertion")
        inserted = _without_insertion(node_data(document.root), node_data(edited.root), change)
        is_as_planned = inserted is not None and value_matches(change.value, inserted, document.root)
    else:
        is_as_planned = _with_replacement(node_data(document.root), node_data(edited.root), change, edited.root)
    if not is_as_planned:
        raise DocumentError("the edited text does not say what was planned")
    _ask_second_reader(document, edited, change)
    return edited


def _entries(data: Data) -> tuple[Any, ...]:
    entries: tuple[Any, ...] = data[-1] if data[0] in ("map", "seq") else ()
    return entries


def _step(data: Data, part: str) -> tuple[int, Data] | None:
    """Return the number and data of the entry that a part of a pointer names, the last of equal keys."""
    entries = _entries(data)
    if data[0] == "seq":
        number = int(part) if part.isdigit() else len(entries)
        return (number, entries[number]) if number < len(entries) else None
    for number in range(len(entries) - 1, -1, -1):
        key, below = entries[number]
        if key == part:
            return number, below
    return None


def _same_but(old: Data, new: Data, number: int) -> bool:
    """Whether two containers have the same entries apart from the data of one."""
    if old[:-1] != new[:-1]:
        return False
    before, after = _entries(old), _entries(new)
    if len(before) != len(after) or before[:number] != after[:number] or before[number + 1 :] != after[number + 1 :]:
        return False
    return old[0] == "seq" or bool(before[number][0] == after[number][0])


def _without_insertion(old: Data, new: Data, change: Insertion) -> Data | None:
    """Return the data of the inserted entry, ``None`` where anything else differs."""
    for part in change.parts:
        before, after = _step(old, part), _step(new, part)
        if before is None or after is None or not _same_but(old, new, before[0]):
            return None
        old, new = before[1], after[1]
    entries = _entries(new)
    if old[:-1] != new[:-1] or len(entries) <= change.position:
        return None
    if entries[: change.position] + entries[change.position + 1 :] != _entries(old):
        return None
    inserted: Data = entries[change.position]
    if new[0] == "map":
        key, inserted = inserted
        if key != change.key:
            return None
    return inserted


def _with_replacement(old: Data, new: Data, change: Replacement, root: Node) -> bool:
    for part in change.parts:
        before, after = _step(old, part), _step(new, part)
        if before is None or after is None or not _same_but(old, new, before[0]):
            return False
        old, new = before[1], after[1]
    return old[0] == "scalar" and value_matches(change.value, new, root)


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
    return isinstance(old, tuple) and value_matches_reading(change.value, new, old)


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
