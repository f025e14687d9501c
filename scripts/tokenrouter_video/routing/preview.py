"""The unified diff that shows an edit before it is made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tokenrouter_video.display import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal, TypeAlias

    Opcode: TypeAlias = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]

_CONTEXT = 3
_MARKS = {"equal": " ", "delete": "-", "insert": "+"}


def unified_diff(name: str, old: str, new: str, *, is_new: bool = False, is_gone: bool = False) -> str:
    """Return the unified diff of two texts with three lines of context; empty where they are equal.

    Lines end where the texts' own lines end; a last line without an end is marked as ``diff -u`` does. The missing side
    of a file that comes or goes is called ``/dev/null``, as ``git diff`` does. A name's line breaks are spelled out,
    since they would start lines of their own. An entry whose last lines are those of its neighbour too is shown as one
    piece, from its first line on.
    """
    if old == new:
        return ""
    before, after = _lines(old), _lines(new)
    lines = [
        f"--- {'/dev/null' if is_new else f'a/{visible(name)}'}\n",
        f"+++ {'/dev/null' if is_gone else f'b/{visible(name)}'}\n",
    ]
    for group in _hunks(_entries_whole(_opcodes(before, after), before, after)):
        (_, i, _, j, _), (_, _, i_end, _, j_end) = group[0], group[-1]
        lines.append(f"@@ -{_range(i, i_end)} +{_range(j, j_end)} @@\n")
        for tag, i1, i2, j1, j2 in group:
            if tag != "insert":
                lines += [_MARKS.get(tag, "-") + line for line in before[i1:i2]]
            if tag in ("insert", "replace"):
                lines += ["+" + line for line in after[j1:j2]]
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _opcodes(before: list[str], after: list[str]) -> list[Opcode]:
    """Return the differences in order, with the equal stretches between them, as ``difflib`` describes them."""
    head = _in_common(before, after)
    tail = _in_common(before[head:][::-1], after[head:][::-1])
    i, j = len(before) - tail, len(after) - tail
    codes: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    old, new = before[head:i], after[head:j]
    if old and new and not set(old).isdisjoint(new):
        from difflib import SequenceMatcher

        within = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        codes += [(tag, i1 + head, i2 + head, j1 + head, j2 + head) for tag, i1, i2, j1, j2 in within]
    else:
        codes.append(("replace" if old and new else "delete" if old else "insert", head, i, head, j))
    return [*codes, ("equal", i, len(before), j, len(after))] if tail else codes


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two texts have in common from their first one on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _entries_whole(codes: list[Opcode], before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    """Return differences with each block of lines put where a person would have typed it."""
    for at in range(1, len(codes) - 1):
        tag, i1, i2, j1, j2 = codes[at]
        (_, up_i, up_end, up_j, _), (_, _, down_i, _, down_j) = codes[at - 1], codes[at + 1]
        if tag not in ("insert", "delete"):
            continue
        lines, start, stop = (after, j1, j2) if tag == "insert" else (before, i1, i2)
        shift = _best_shift(lines, start, stop, up_end - up_i, down_i - i2)
        i1, i2, j1, j2 = i1 + shift, i2 + shift, j1 + shift, j2 + shift
        codes[at - 1 : at + 2] = [
            ("equal", up_i, i1, up_j, j1),
            (tag, i1, i2, j1, j2),
            ("equal", i2, down_i, j2, down_j),
        ]
    return codes


def _hunks(codes: list[Opcode]) -> Iterator[list[Opcode]]:
    """Yield the differences with their context, those together between which no line is left out."""
    hunk: list[Opcode] = []
    for number, (tag, i1, i2, j1, j2) in enumerate(codes):
        if tag != "equal":
            hunk.append((tag, i1, i2, j1, j2))
            continue
        length = i2 - i1
        is_last = number == len(codes) - 1
        if number and (is_last or length > 2 * _CONTEXT):
            kept = min(length, _CONTEXT)
            yield [*hunk, ("equal", i1, i1 + kept, j1, j1 + kept)]
            hunk = []
        if not is_last:
            kept = min(length, _CONTEXT) if not hunk else length
            hunk.append(("equal", i2 - kept, i2, j2 - kept, j2))
    if hunk and hunk[-1][0] != "equal":
        yield hunk


def _best_shift(lines: Sequence[str], start: int, stop: int, most_up: int, most_down: int) -> int:
    """Return by how many lines a block moves, which changes no text where the lines it leaves are those it takes on.

    The block that begins and ends at the least indented lines is a whole entry (the idea of git's indent heuristic,
    https://git-scm.com/docs/git-diff#Documentation/git-diff.txt---indent-heuristic); of several the lowest.
    """
    shifts = [0]
    # Farther on the same lines come again.
    most_up, most_down = min(most_up, stop - start), min(most_down, stop - start)
    for shift in range(-1, -most_up - 1, -1):
        if lines[start + shift] != lines[stop + shift]:
            break
        shifts.insert(0, shift)
    for shift in range(1, most_down + 1):
        if lines[start + shift - 1] != lines[stop + shift - 1]:
            break
        shifts.append(shift)
    return min(reversed(shifts), key=lambda shift: _indent(lines, start + shift) + _indent(lines, stop + shift))


def _indent(lines: Sequence[str], at: int) -> int:
    """Return how far the first line from there on that is not blank is indented; 0 at the end of the text."""
    line = next((one for one in islice(lines, at, None) if one.strip()), "")
    return len(line) - len(line.lstrip())


def _range(start: int, stop: int) -> str:
    """Return a hunk's lines as ``diff -u`` writes them: the first one's number and, unless it is 1, how many."""
    length = stop - start
    return f"{start + 1}" if length == 1 else f"{start + (length > 0)},{length}"


def _lines(text: str) -> list[str]:
    """Split at LF only: other characters that Python takes for line ends are content."""
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines
