"""Texts looked for in another: one at each place of it, or many at once by whichever way is less work."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import AnyStr

# Looking for one text in a long one costs as much as looking at this many places of it.
_WORTH_AS_MANY_PLACES = 800


def places_of(text: AnyStr, needle: AnyStr) -> Iterator[int]:
    """Yield where a text starts in another, each place of it; they may overlap."""
    start = text.find(needle)
    while start >= 0:
        yield start
        start = text.find(needle, start + 1)


def around(text: AnyStr, needle: AnyStr) -> Iterator[tuple[AnyStr, AnyStr]]:
    """Yield what stands directly in front of and behind each place of a text in another, empty at the other's ends."""
    for start in places_of(text, needle):
        end = start + len(needle)
        yield text[max(start - 1, 0) : start], text[end : end + 1]


class Needles:
    """The texts to be looked for, each with what it means; those shorter than ``shortest`` characters are not."""

    def __init__(self, shortest: int) -> None:
        self._shortest = shortest
        self._meanings: dict[str, str] = {}
        self._by_start: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._meanings)

    def __contains__(self, needle: object) -> bool:
        return needle in self._meanings

    def add(self, needle: str, meaning: str) -> None:
        """Look for a text from now on; the first meaning stands."""
        if len(needle) >= self._shortest and needle not in self._meanings:
            self._meanings[needle] = meaning
            self._by_start.setdefault(needle[: self._shortest], []).append(needle)

    def found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and meaning of each text that stands in another, in no order; they may overlap."""
        if len(self._meanings) > min(len(text), _WORTH_AS_MANY_PLACES):
            yield from self._found_by_place(text)
            return
        for needle, meaning in self._meanings.items():
            for start in places_of(text, needle):
                yield start, start + len(needle), meaning

    def _found_by_place(self, text: str) -> Iterator[tuple[int, int, str]]:
        by_start, length = self._by_start, self._shortest
        for start in range(len(text) - length + 1):
            for needle in by_start.get(text[start : start + length], ()):
                if text.startswith(needle, start):
                    yield start, start + len(needle), self._meanings[needle]
