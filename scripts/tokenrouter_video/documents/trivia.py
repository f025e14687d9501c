"""What stands between values: white space, comments and commas, the same few rules for every format."""

from __future__ import annotations

import re

from tokenrouter_video.patterns import regex

_HASH = regex(r"#[^\r\n]*")
_SLASHES = regex(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_COMMENTS = {
    "yaml": _HASH,
    "toml": _HASH,
    "python": _HASH,
    "json": _SLASHES,
    "jsonc": _SLASHES,
    "json5": _SLASHES,
    "javascript": _SLASHES,
    "typescript": _SLASHES,
}
_LINE = regex(r"[^\r\n]*")
_BLANKS = regex(r"[ \t]*")
_NEWLINE = regex(r"\r\n|\n|\r")

# Marks a removed comment until its line is judged; it cannot stand in trivia.
_REMOVED = "\0"

# Stand for line ends inside of strings while a text moves; no decoded text holds a lone surrogate.
_FROZEN = {"\n": "\udc0a", "\r": "\udc0d"}
_FREEZE = str.maketrans(_FROZEN)
_THAW = str.maketrans({frozen: char for char, frozen in _FROZEN.items()})


def comment_pattern(format_name: str) -> re.Pattern[str]:
    """Return what a comment looks like in a region that holds no values."""
    return _COMMENTS[format_name]


def strip_comments(trivia: str, format_name: str) -> str:
    """Return trivia without its comments: a comment's own line goes, behind something only the comment does."""
    marked, count = _COMMENTS[format_name].subn(_REMOVED, trivia)
    if not count:
        return trivia
    kept: list[str] = []
    has_dropped_line = False
    pieces = re.split(r"(\r\n|\n|\r)", marked)
    lines = [(pieces[i], pieces[i + 1] if i + 1 < len(pieces) else "") for i in range(0, len(pieces), 2)]
    for number, (line, end) in enumerate(lines):
        is_own_line = _REMOVED in line and not line.replace(_REMOVED, "").strip() and number > 0 and end
        if is_own_line:
            has_dropped_line = True
            continue
        kept.append(_without_marks(line, at_end=bool(end)) + end)
    bare = "".join(kept)
    # TOML sets tables apart by blank lines whether a comment heads them or not.
    return _drop_blank_lines(bare) if has_dropped_line and format_name != "toml" else bare


def _without_marks(line: str, *, at_end: bool) -> str:
    """Take comments out of a line, with the blanks that set them apart from what stands before or behind."""
    if _REMOVED not in line:
        return line
    if at_end:
        return line.replace(_REMOVED, "").rstrip(" \t")
    return re.sub(rf"(?<![^ \t]){_REMOVED}[ \t]*|{_REMOVED}", "", line)


def _drop_blank_lines(trivia: str) -> str:
    """Take out blank lines: what they set apart was headed by the comment that is gone."""
    ends = list(_NEWLINE.finditer(trivia))
    if len(ends) < 2 or trivia[ends[0].end() : ends[-1].end()].strip():
        return trivia
    return trivia[: ends[0].end()] + trivia[ends[-1].end() :]


def line_start(text: str, offset: int) -> int:
    """Return where the line that holds ``offset`` starts."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Return where the line that holds ``offset`` ends, its line end not counted."""
    match = _LINE.match(text, offset)
    assert match is not None
    return match.end()


def indentation(text: str, offset: int) -> str:
    """Return the blanks that the line of ``offset`` starts with, up to the offset."""
    match = _BLANKS.match(text, line_start(text, offset), offset)
    assert match is not None
    return match.group()


def starts_its_line(text: str, offset: int) -> bool:
    """Whether only blanks stand in front of ``offset`` on its line."""
    return not text[line_start(text, offset) : offset].strip(" \t")


def newline_at(text: str, offset: int, default: str) -> str:
    """Return the line end of the line that holds ``offset``, or the one before it at the end of the text."""
    match = _NEWLINE.match(text, line_end(text, offset))
    if match is None:
        start = line_start(text, offset)
        match = _NEWLINE.match(text, start - 2) or _NEWLINE.match(text, start - 1) if start else None
    return match.group() if match else default


def has_newline(text: str) -> bool:
    """Whether a text spans several lines."""
    return "\n" in text or "\r" in text


def last_line(text: str) -> str:
    """Return what stands behind the last line end of a text."""
    return text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]


def frozen(text: str) -> str:
    """Return a string's source text with its line ends kept from :func:`reindent`, which would change its value."""
    return text.translate(_FREEZE) if has_newline(text) else text


def thawed(text: str) -> str:
    """Return a text with the line ends that :func:`frozen` took out."""
    return text.translate(_THAW)


def blank_lines(trivia: str) -> int:
    """Return how many blank lines a text between two entries holds."""
    return max(len(_NEWLINE.findall(trivia)) - 1, 0)


def line_above(text: str, start: int) -> int:
    """Return where the line starts that stands above the one that starts at ``start``, which is not the first."""
    return line_start(text, start - (2 if text[start - 2 : start] == "\r\n" else 1))


def comment_block_start(text: str, offset: int, format_name: str) -> int:
    """Return where the comment lines start that stand directly above a line, or where that line itself starts."""
    start = line_start(text, offset)
    marks = ("//", "/*", "*") if _COMMENTS[format_name] is _SLASHES else ("#",)
    while start:
        above = line_above(text, start)
        if not text[above:start].lstrip(" \t").startswith(marks):
            break
        start = above
    return start


def reindent(text: str, old: str, new: str) -> str:
    """Return ``text`` with the indentation of every line but the first moved from ``old`` to ``new``."""
    if old == new or not has_newline(text):
        return text
    pieces = re.split(r"(\r\n|\n|\r)", text)
    for number in range(2, len(pieces), 2):
        if pieces[number].startswith(old):
            pieces[number] = new + pieces[number][len(old) :]
    return "".join(pieces)
