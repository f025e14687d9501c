"""Where a new entry's text goes: behind which sibling, with which comma and line end, past which comments.

The comma stands directly behind the last value, before its comment; a list ends where the *line* of its last entry
ends. So a comment behind a sibling stays with it, and one that heads what comes next still does.
"""

from __future__ import annotations

import re

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.edits import TextEdit
from tokenrouter_video.documents.file_style import is_block
from tokenrouter_video.documents.render import Renderer
from tokenrouter_video.documents.tree import Container, Mapping
from tokenrouter_video.documents.trivia import (
    comment_pattern,
    has_newline,
    indentation,
    last_line,
    line_end,
    line_start,
    newline_at,
    starts_its_line,
)

_NEWLINE = re.compile(r"\r\n|\n|\r")
_BLANKS = re.compile(r"[ \t]*")


def place_entry(renderer: Renderer, container: Container, position: int, entry_text: str) -> tuple[TextEdit, ...]:
    """Return the insertions that make ``entry_text`` the entry number ``position`` of a filled container."""
    if not is_block(container):
        return _between_brackets(renderer, container, position, entry_text)
    if renderer.format == "toml":
        return _toml_lines(renderer, container, position, entry_text)
    return _yaml_lines(renderer, container, position, entry_text)


def place_first(renderer: Renderer, container: Container, entry_text: str, *, on_lines: bool) -> tuple[TextEdit, ...]:
    """Return the insertion that puts the first entry between the brackets of an empty container."""
    text = renderer.text
    inside = container.body.of(text)
    if is_block(container) or inside.strip():
        raise DocumentError("the list is empty and cannot be filled safely", container.span.start)
    outer = indentation(text, container.span.start)
    newline = renderer.document.newline
    comma = renderer.style.trailing_comma if on_lines else ""
    if has_newline(inside):
        lines = newline + outer + renderer.style.unit + entry_text + comma
        return (TextEdit(container.body.start, container.body.start, lines),)
    if on_lines:
        lines = newline + outer + renderer.style.unit + entry_text + comma + newline + outer
        return (TextEdit(container.body.start, container.body.start, lines),)
    end = container.body.end if inside else container.body.start
    return (TextEdit(end, end, entry_text + inside),)


def _between_brackets(renderer: Renderer, container: Container, position: int, entry_text: str) -> tuple[TextEdit, ...]:
    text = renderer.text
    entries = container.entries
    if position == 0:
        return _first_between_brackets(renderer, container, entry_text)
    before = entries[position - 1].span
    is_last = position == len(entries)
    follows = text[before.end : container.body.end if is_last else entries[position].span.start]
    comma, comments_end = _after_value(renderer, follows)
    # The separator in front of the sibling says whether entries stand on lines of their own.
    gap = renderer.gap(container, position - 1) if position > 1 else renderer.gap(container, len(entries) - 1)
    if len(entries) == 1:
        gap = renderer.gap(container, 0)
    if not has_newline(gap):
        if not is_last:
            return (TextEdit(before.end, before.end, gap + entry_text),)
        return _on_the_line(renderer, before.end, follows, gap, entry_text)
    front = gap[: len(gap) - len(last_line(gap))]
    is_leading = "," in last_line(gap)
    at = before.end + comments_end
    newline = newline_at(text, before.end, renderer.document.newline) if _NEWLINE.search(front) else ""
    blank_lines = max(len(_NEWLINE.findall(front)) - 1, 0)
    lines = newline * (1 + blank_lines) + last_line(gap) + entry_text
    if is_leading:
        return (TextEdit(at, at, lines),)
    if comma is not None or not is_last:
        return (TextEdit(at, at, lines + ","),)
    if at == before.end:
        return (TextEdit(at, at, "," + lines),)
    return (TextEdit(before.end, before.end, ","), TextEdit(at, at, lines))


def _on_the_line(renderer: Renderer, end: int, follows: str, gap: str, entry_text: str) -> tuple[TextEdit, ...]:
    """Append to a list that goes on on the same line."""
    comma, _ = _after_value(renderer, follows)
    if comma is not None:
        at = end + comma + 1
        return (TextEdit(at, at, gap[gap.index(",") + 1 :] + entry_text + ","),)
    blanks = _blanks(follows)
    comment = comment_pattern(renderer.format).match(follows, len(blanks))
    if comment is None:
        return (TextEdit(end, end, gap + entry_text),)
    at = end + comment.end()
    if comment.group().startswith("/*"):
        return (TextEdit(at, at, gap + entry_text),)
    # The comment ends its line, so the entry goes on the next one.
    line = newline_at(renderer.text, end, renderer.document.newline) + indentation(renderer.text, end)
    return (TextEdit(end, end, ","), TextEdit(at, at, line + entry_text))


def _first_between_brackets(renderer: Renderer, container: Container, entry_text: str) -> tuple[TextEdit, ...]:
    text = renderer.text
    first = container.entries[0].span.start
    head = text[container.body.start : first]
    gap = renderer.gap(container, 1 if len(container.entries) > 1 else 0)
    if comment_pattern(renderer.format).search(head):
        # A comment above the first entry heads it: the new one goes above the comment.
        start = container.body.start
        indent = last_line(head)
        line = newline_at(text, start, renderer.document.newline)
        return (TextEdit(start, start, line + indent + entry_text + ","),)
    return (TextEdit(first, first, entry_text + gap),)


def _after_value(renderer: Renderer, follows: str) -> tuple[int | None, int]:
    """Return the offset of the comma behind a value, if any, and where its line's comma and comments end."""
    comma: int | None = None
    at = 0
    end = 0
    pattern = comment_pattern(renderer.format)
    passed_newline = False
    while at < len(follows):
        comment = pattern.match(follows, at)
        char = follows[at]
        if comment is not None:
            at = comment.end()
            if not passed_newline and (comma is not None or not has_newline(comment.group())):
                end = at
        elif char == ",":
            if comma is not None:
                break
            comma = at
            at += 1
            end = at
            passed_newline = False
        elif char in "\r\n":
            passed_newline = True
            at += 1
        elif char in " \t":
            at += 1
        else:
            break
    return comma, end


def _blanks(text: str) -> str:
    match = _BLANKS.match(text)
    assert match is not None
    return match.group()


def _yaml_lines(renderer: Renderer, container: Container, position: int, entry_text: str) -> tuple[TextEdit, ...]:
    text = renderer.text
    entries = container.entries
    indent = renderer.entry_indent(entries[0])
    if position == 0:
        start = entries[0].span.start
        newline = newline_at(text, start, renderer.document.newline)
        return (TextEdit(start, start, entry_text + newline + indent),)
    before = entries[position - 1].span
    newline = newline_at(text, before.end, renderer.document.newline)
    if text[before.end - 1 : before.end] in ("\n", "\r"):
        # A block scalar that keeps its line ends has its last one inside.
        return (TextEdit(before.end, before.end, indent + entry_text + newline),)
    end = _past_own_comments(text, line_end(text, before.end), indent)
    gap = renderer.gap(container, position - 1) if position > 1 else ""
    blank_lines = newline * max(len(_NEWLINE.findall(gap)) - 1, 0)
    return (TextEdit(end, end, blank_lines + newline + indent + entry_text),)


def _past_own_comments(text: str, end: int, indent: str) -> int:
    """Return the end of the comment lines that stand deeper than the entries: they are the last entry's own."""
    at = end
    while True:
        newline = _NEWLINE.match(text, at)
        if newline is None:
            return end
        blanks = _BLANKS.match(text, newline.end())
        assert blanks is not None
        at = line_end(text, blanks.end())
        if at == blanks.end():
            continue
        if text[blanks.end()] != "#" or len(blanks.group()) <= len(indent):
            return end
        end = at


def _toml_lines(renderer: Renderer, container: Container, position: int, entry_text: str) -> tuple[TextEdit, ...]:
    text = renderer.text
    entries = container.entries
    if position == 0 or (isinstance(container, Mapping) and container.scattered):
        return _toml_first(renderer, container, position, entry_text)
    before = entries[position - 1].span
    newline = newline_at(text, before.end, renderer.document.newline)
    end = line_end(text, before.end)
    if not entry_text.startswith("["):
        return (TextEdit(end, end, newline + indentation(text, entries[0].span.start) + entry_text),)
    end = _past_trailing_comments(text, end)
    gap = renderer.gap(container, position - 1) if position > 1 else newline * 2
    blank_lines = max(len(_NEWLINE.findall(gap)) - 1, 0)
    return (TextEdit(end, end, newline * (1 + blank_lines) + last_line(gap) + entry_text),)


def _toml_first(renderer: Renderer, container: Container, position: int, entry_text: str) -> tuple[TextEdit, ...]:
    text = renderer.text
    if position == 0 and not entry_text.startswith("[") and isinstance(container, Mapping) and container.header:
        end = line_end(text, container.header[-1].end)
        newline = newline_at(text, end, renderer.document.newline)
        return (TextEdit(end, end, newline + entry_text),)
    if position == 0:
        start = container.entries[0].span.start
        if not starts_its_line(text, start):
            raise DocumentError("there is no line to insert before", start)
        start = line_start(text, start)
        newline = newline_at(text, start, renderer.document.newline)
        return (TextEdit(start, start, entry_text + newline * (2 if entry_text.startswith("[") else 1)),)
    end = line_end(text, container.entries[position - 1].span.end)
    newline = newline_at(text, end, renderer.document.newline)
    end = _past_trailing_comments(text, end) if entry_text.startswith("[") else end
    return (TextEdit(end, end, newline * (2 if entry_text.startswith("[") else 1) + entry_text),)


def _past_trailing_comments(text: str, end: int) -> int:
    """Return the end of the comment lines right below a table, unless they head the header that follows them."""
    at = end
    while True:
        newline = _NEWLINE.match(text, at)
        if newline is None:
            return at
        blanks = _BLANKS.match(text, newline.end())
        assert blanks is not None
        following = text[blanks.end() : blanks.end() + 1]
        if following == "#":
            at = line_end(text, blanks.end())
            continue
        return end if following == "[" else at
