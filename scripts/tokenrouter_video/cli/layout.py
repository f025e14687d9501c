"""Text in the width of a terminal, broken between words only: what a user may copy stays in one piece."""

from __future__ import annotations

import os

# Where nobody says how wide the terminal is.
DEFAULT_WIDTH = 80


def terminal_width(descriptor: int = 1) -> int:
    """Return the columns of the terminal behind a file descriptor; ``COLUMNS`` overrules it, 80 where there is none."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isascii() and asked.isdigit() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(descriptor).columns or DEFAULT_WIDTH
    except OSError:
        return DEFAULT_WIDTH


def wrapped(line: str, width: int | None, indent: int) -> str:
    """Return one line as several of at most ``width`` columns, all but the first indented; as it is without a width."""
    if width is None or len(line) <= width:
        return line
    # Only long lines need it: importing it takes a millisecond.
    from textwrap import fill

    return fill(
        line,
        max(width, indent + 20),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
