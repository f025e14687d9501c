"""The unified diff that shows an edit before it is made."""

from __future__ import annotations

import difflib

from tokenrouter_video.display import visible

_CONTEXT = 3


def unified_diff(name: str, old: str, new: str, *, is_new: bool = False, is_gone: bool = False) -> str:
    """Return the unified diff of two texts with three lines of context; empty where they are equal.

    Lines end where the texts' own lines end; a last line without an end is marked as ``diff -u`` does. The missing side
    of a file that comes or goes is called ``/dev/null``, as ``git diff`` does. A name's line breaks are spelled out,
    since they would start lines of their own.
    """
    if old == new:
        return ""
    lines = difflib.unified_diff(
        _lines(old),
        _lines(new),
        "/dev/null" if is_new else f"a/{visible(name)}",
        "/dev/null" if is_gone else f"b/{visible(name)}",
        n=_CONTEXT,
    )
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """Split at LF only: other characters that Python takes for line ends are content."""
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines
