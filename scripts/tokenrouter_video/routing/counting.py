"""Lists that number their entries: which number goes on, be it a field of its own or the end of a text."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from collections.abc import Sequence as Items

from tokenrouter_video.documents.tree import Container, Mapping, ScalarValue, children, scalar_at
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.fields import COUNTER_FIELDS, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeGuard

Parts = tuple[str, ...]

_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Counted:
    """What texts that count their entries end with: the last number, and the stem if all have the same."""

    number: int
    stem: str | None


def next_number(values: Items[ScalarValue]) -> int | None:
    """Return the number that goes on a count, in its own steps; ``None`` where not every entry has one of its own."""
    numbers = [int(value) for value in values if _is_number(value)]
    if len(numbers) < 2 or len(set(numbers)) != len(values):
        return None
    steps = {after - before for before, after in itertools.pairwise(sorted(numbers))}
    return max(numbers) + (steps.pop() if len(steps) == 1 else 1)


def _is_number(value: ScalarValue) -> TypeGuard[int | str]:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and value.isdecimal())


def counts_its_entries(node: Container) -> bool:
    """Whether a list numbers its entries in their order, so that a new one can only be the last."""
    entries = [entry.value for entry in node.entries]
    first = entries[0] if entries and isinstance(entries[0], Mapping) else None
    for name, _ in children(first) if first is not None else ():
        if fold(name) not in COUNTER_FIELDS:
            continue
        values = [scalar_at(entry, (name,)) for entry in entries]
        numbers = [int(value) for value in values if _is_number(value)]
        if next_number(values) is not None and numbers == sorted(numbers):
            return True
    return False


def last_number(texts: Iterable[ScalarValue]) -> Counted | None:
    """Return the last number of texts that end in 0, 1, 2... or 1, 2, 3..., ``None`` where they do not."""
    found = [(text, text.rstrip("0123456789")) for text in texts if isinstance(text, str) and text]
    ends = [text[len(stem) :] for text, stem in found]
    if len(ends) < 2 or not all(0 < len(end) < _MOST_DIGITS for end in ends) or ends[0] not in ("0", "1"):
        return None
    numbers = [int(end) for end in ends]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None
    stems = {stem for _, stem in found}
    return Counted(numbers[-1], stems.pop() if len(stems) == 1 else None)
