"""Keys as a server may quote them: under the escapes of JSON, HTML, URLs and mail, broken over lines, or cut off.

A text is compared after these are undone, and what is found is masked where it stands. Each step is one pass over the
text, and there are at most ten of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from tokenrouter_video.needles import Needles
from tokenrouter_video.patterns import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

# Blanks count for nothing here: a shorter text, or one of letters only, may be words that stand side by side.
_SHORTEST = 12
_SHORTEST_OF_LETTERS = 20
# So much of a key in front of three points is a key that was cut off.
_SHORTEST_PART = 10
_MOST_CUTS = 50
# A text that was quoted in a text that was quoted.
_MOST_LAYERS = 3

_BLANKS = dict.fromkeys((*range(0x21), 0x7F))
# Blanks, the escape sequences of colours, and what nobody sees (display.py names the source).
_GAP = regex(
    "\x1b\\[[0-9;:?]{0,40}[@-~]|[\\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]+"
)
# A line ends softly in mail with "=" (RFC 2045, 6.7), in shells and code with a backslash.
_SOFT_END = regex(r"[=\\](?=\s)")
_IN_MAIL = regex(r"=[0-9A-F]{2}")

# The short ones are taken by the row: a megabyte of backslashes is one.
_ESCAPE_FORMS = r"""
      (?:\\x1b|\\u001b|\\033|\\e)\[[0-9;:?]{0,40}[@-~]
    | <[A-Za-z/!][^<>]{0,200}>
    | %(?P<percent>[0-9A-Fa-f]{2})
    | &\#(?P<decimal>[0-9]{1,7});
    | &\#[xX](?P<hexadecimal>[0-9A-Fa-f]{1,6});
    | &(?P<name>[A-Za-z][A-Za-z0-9]{1,30});
    | \\(?:u\{(?P<braced>[0-9A-Fa-f]{1,6})\}|u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})
        |x(?P<two>[0-9A-Fa-f]{2})|(?P<octal>[0-7]{3}))
    | (?P<blank>(?:\\[nrtfbv])+)
    | (?P<itself>(?:\\[^A-Za-z0-9])+)
"""
_ESCAPE = regex(_ESCAPE_FORMS, re.VERBOSE)
_ESCAPE_IN_MAIL = regex(_ESCAPE_FORMS + "| =(?P<mail>[0-9A-F]{2})", re.VERBOSE)
_ESCAPE_STARTS = "%&\\<"

if TYPE_CHECKING:
    # Where a passage starts after a pass and before it, how long it is after it, and where it ends before it.
    Swap: TypeAlias = tuple[int, int, int, int]


class KeyEchoes:
    """The keys that are sent, and the places of a text that quote them in disguise."""

    def __init__(self) -> None:
        self._masks = Needles(_SHORTEST)
        self._keys: set[str] = set()

    def add(self, key: str, masked: str, encodings: Iterable[str] = ()) -> None:
        """Look for a key from now on, and for what it becomes in other encodings; ``masked`` is what is shown of it."""
        for form in (key, _undone(key), *encodings):
            text = form.rstrip("=")
            if len(text) >= (_SHORTEST_OF_LETTERS if text.isalpha() else _SHORTEST):
                self._masks.add(text, masked)
        if key in self._masks:
            self._keys.add(key)

    def spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and masked form of each quotation, in no order; keys as they stand are among them."""
        if not self._masks:
            return
        yield from self._search(text, (_GAP,), _ESCAPE)
        if ("=" in text or "\\" in text) and (_SOFT_END.search(text) or _IN_MAIL.search(text)):
            yield from self._search(text, (_SOFT_END, _GAP), _ESCAPE_IN_MAIL)

    def _search(
        self, text: str, gaps: tuple[re.Pattern[str], ...], escapes: re.Pattern[str]
    ) -> Iterator[tuple[int, int, str]]:
        """Look into a text without its gaps, then under one layer of escapes after the other."""
        layer = text
        for pattern in gaps:
            layer = _without(pattern, layer)
        passes = gaps
        for _ in range(_MOST_LAYERS + 1):
            found = list(self._found(layer))
            if found:
                swaps = _swaps(text, passes)
                for start, end, masked in found:
                    yield (*_source(swaps, start, end), masked)
            if not _may_hold_escapes(layer, escapes):
                return
            below = escapes.sub(_meant, layer)
            if below == layer:
                return
            layer, passes = below, (*passes, escapes)

    def _found(self, text: str) -> Iterator[tuple[int, int, str]]:
        yield from self._masks.found(text)
        if "..." in text:
            for key in self._keys:
                if key[:_SHORTEST_PART] in text:
                    yield from _cut_off(text, key)


def _cut_off(text: str, key: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a key's first characters, and not all of them, stand in front of three points."""
    end = text.find("...")
    for _ in range(_MOST_CUTS):
        if end < 0:
            return
        lengths = range(min(len(key) - 1, end), _SHORTEST_PART - 1, -1)
        length = next((length for length in lengths if text.startswith(key[:length], end - length)), 0)
        if length:
            yield end - length, end, "***"
        end = text.find("...", end + 3)


def _undone(text: str) -> str:
    """Return a text without any escape: a key may hold what looks like one."""
    for _ in range(_MOST_LAYERS):
        if _may_hold_escapes(text, _ESCAPE):
            text = _ESCAPE.sub(_meant, text)
    return text


def _may_hold_escapes(text: str, escapes: re.Pattern[str]) -> bool:
    if any(start in text for start in _ESCAPE_STARTS):
        return True
    return escapes is _ESCAPE_IN_MAIL and bool(_IN_MAIL.search(text))


def _without(gaps: re.Pattern[str], text: str) -> str:
    # Deleting by a table takes a fiftieth of the time, and nearly all texts are so.
    if gaps is _GAP and text.isascii() and "\x1b" not in text:
        return text.translate(_BLANKS)
    return gaps.sub("", text)


def _meant(match: re.Match[str]) -> str:
    """Return what an escape stands for: nothing where that is a blank or cannot be seen, itself where it is none."""
    kind = match.lastgroup
    if kind is None or kind == "blank":
        return ""
    found = match[kind]
    if kind == "itself":
        return found[1::2]
    if kind == "name":
        from html import unescape

        meant = unescape(match[0])
    else:
        code = int(found, {"decimal": 10, "octal": 8}.get(kind, 16))
        meant = chr(code) if code <= 0x10FFFF else match[0]
    return "" if _GAP.fullmatch(meant) else meant


def _swaps(text: str, patterns: Iterable[re.Pattern[str]]) -> list[list[Swap]]:
    """Return what each pass over a text took out and put in, so that a place can be followed back."""
    passes = []
    for pattern in patterns:
        takes_out = pattern is _GAP or pattern is _SOFT_END
        swaps: list[Swap] = []
        pieces: list[str] = []
        length = position = 0
        for match in pattern.finditer(text):
            start, end = match.span()
            new = "" if takes_out else _meant(match)
            pieces += (text[position:start], new)
            length += start - position
            swaps.append((length, start, len(new), end))
            length += len(new)
            position = end
        passes.append(swaps)
        text = "".join(pieces) + text[position:]
    return passes


def _source(passes: list[list[Swap]], start: int, end: int) -> tuple[int, int]:
    """Return the span of the text from which the characters between two offsets come."""
    for swaps in reversed(passes):
        start, end = _before(swaps, start)[0], _before(swaps, end - 1)[1]
    return start, end


def _before(swaps: list[Swap], offset: int) -> tuple[int, int]:
    """Return the start and end of what a character was before a pass."""
    place = bisect_right(swaps, offset, key=lambda swap: swap[0]) - 1
    if place < 0:
        return offset, offset + 1
    start, old_start, length, old_end = swaps[place]
    if offset < start + length:
        if old_end - old_start == 2 * length:
            # One of a row of characters that each had a backslash.
            old_start += 2 * (offset - start)
            return old_start, old_start + 2
        return old_start, old_end
    offset += old_end - start - length
    return offset, offset + 1
