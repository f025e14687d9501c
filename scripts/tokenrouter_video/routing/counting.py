"""Lists that number their entries: which number goes on, be it a field of its own or the end of a text."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from collections.abc import Sequence as Items

from tokenrouter_video.documents.tree import Container, Mapping, ScalarValue, children, scalar_at
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.fields import counter_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeGuard

Parts = tuple[str, ...]

_MOST_DIGITS = 6
_STARTS = (0, 1)


@dataclass(frozen=True, slots=True)
class Counted:
    """What texts that count their entries end with: the last number, and the stem if all have the same."""

    number: int
    stem: str | None


def next_number(name: str, values: Items[ScalarValue], others: Items[ScalarValue] = ()) -> int | None:
    """Return the number that goes on a count, in its own steps; ``None`` where the entries do not count.

    ``values`` are what the list's entries say in the field of that name, in their order, ``others`` what those of lists
    like it say. Where all of these are numbered through, none of their numbers is given again.
    """
    number = _next(name, values)
    taken = _numbers([*values, *others])
    if not others or len(set(taken)) < len(taken):
        return number
    return _next(name, [*values, *others]) if number is None else max(taken) + 1 if number in taken else number


def _next(name: str, values: Iterable[ScalarValue]) -> int | None:
    """Return the number that goes on the count of one list.

    A single one counts where nothing else than a place can stand under its name, or where it is 0 or 1; ranks, which
    may be those of a benchmark's table, where they are those of the list.
    """
    kind = counter_kind(name)
    numbers = _numbers(values)
    if kind is None or not numbers or len(set(numbers)) < len(numbers):
        return None
    first, last = numbers[0], max(numbers)
    if len(numbers) == 1:
        return last + 1 if first in _STARTS or (kind == "order" and first > 0) else None
    steps = {after - before for before, after in itertools.pairwise(sorted(numbers))}
    if kind == "rank" and not (first in _STARTS and len(steps) == 1 and numbers == sorted(numbers)):
        return None
    step = steps.pop() if len(steps) == 1 else 1
    if _counts_down(numbers) and kind == "order":
        # Largest first: the next is smaller, as far as there are numbers.
        return numbers[-1] - step if numbers[-1] >= step else None
    # A gap between two is a step only where people leave such gaps: 10, 20.
    return last + (step if len(numbers) > 2 or step % 5 == 0 else 1)


def is_one_entrys_alone(name: str, values: Iterable[ScalarValue]) -> bool:
    """Whether a number that may count entries is repeated by none of them, so that another must not have it as well."""
    said = [float(value) for value in values if isinstance(value, float) or _is_number(value)]
    return counter_kind(name) is not None and bool(said) and len(set(said)) == len(said)


def _numbers(values: Iterable[ScalarValue]) -> list[int]:
    """Return the numbers that entries say, none where one of them says something else."""
    said = [value for value in values if value is not None]
    numbers = [int(value) for value in said if _is_number(value)]
    return numbers if len(numbers) == len(said) else []


def _is_number(value: ScalarValue) -> TypeGuard[int | str]:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and value.isdecimal())


def counts_its_entries(node: Container) -> bool:
    """Whether a list numbers all of its entries in their order, so that a new one can only be the last."""
    entries = [entry.value for entry in node.entries]
    first = entries[0] if len(entries) > 1 and isinstance(entries[0], Mapping) else None
    for name, _ in children(first) if first is not None else ():
        if counter_kind(name) is None:
            continue
        numbers = _numbers(scalar_at(entry, (name,)) for entry in entries)
        is_rising = all(before < after for before, after in itertools.pairwise(numbers))
        if len(numbers) == len(entries) and (is_rising or _counts_down(numbers)):
            return True
    return False


def _counts_down(numbers: Items[int]) -> bool:
    """Whether three numbers or more fall in even steps: of two, the smaller may just as well be a later change."""
    steps = {before - after for before, after in itertools.pairwise(numbers)}
    return len(numbers) > 2 and len(steps) == 1 and min(steps) > 0


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
