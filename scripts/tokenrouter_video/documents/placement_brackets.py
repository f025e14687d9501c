"""Where a new entry goes between brackets: behind which comma, past which comments, on which line."""

from __future__ import annotations

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.edits import TextEdit
from tokenrouter_video.documents.render import Renderer
from tokenrouter_video.documents.tree import Container, Mapping, Sequence
from tokenrouter_video.documents.trivia import (
    blank_lines,
    comment_block_start,
    comment_pattern,
    has_newline,
    indentation,
    last_line,
    line_start,
    newline_at,
    starts_its_line,
)
from tokenrouter_video.patterns import regex

_BLANKS = regex(r"[ \t]*")
_NEWLINE = regex(r"\r\n|\n|\r")


def place_between(renderer: Renderer, container: Container, position: int, entry_text: str) -> tuple[TextEdit, ...]:
    """Return the insertions that make ``entry_text`` the entry number ``position`` between brackets."""
    text = renderer.text
    entries = container.entries
    if position == 0:
        return _first(renderer, container, entry_text)
    before = entries[position - 1].span
    is_last = position == len(entries)
    follows = text[before.end : container.body.end if is_last else entries[position].span.start]
    comma, line_tail = _after_value(renderer, follows)
    # The separator in front of the sibling says whether entries stand on lines of their own.
    gap = renderer.gap(container, position - 1 if position > 1 else len(entries) - 1)
    if not has_newline(gap):
        if is_last:
            return _at_the_end_of_a_line(renderer, container, follows, gap, entry_text)
        if comma is None:
            raise DocumentError("there is no comma behind the entry before", before.end)
        at = before.end + comma + 1
        return (TextEdit(at, at, gap.partition(",")[2] + entry_text + ","),)
    front = gap[: len(gap) - len(last_line(gap))]
    at = before.end + line_tail
    newline = newline_at(text, before.end, renderer.document.newline)
    lines = newline * (1 + blank_lines(front + "\n" if not has_newline(front) else front)) + last_line(gap) + entry_text
    if "," in last_line(gap):
        at = before.end + _own_line_end(renderer, follows)
        return (TextEdit(at, at, lines),)
    if comma is not None:
        return (TextEdit(at, at, lines + ","),)
    if at == before.end:
        return (TextEdit(at, at, "," + lines),)
    return (TextEdit(before.end, before.end, ","), TextEdit(at, at, lines))


def place_only(renderer: Renderer, container: Container, entry_text: str, *, on_lines: bool) -> tuple[TextEdit, ...]:
    """Return the insertion that puts the first entry between the brackets of an empty container."""
    text = renderer.text
    inside = container.body.of(text)
    start = container.body.start
    outer = indentation(text, container.span.start)
    inner = outer + renderer.style.unit
    newline = newline_at(text, start, renderer.document.newline)
    is_tuple = isinstance(container, Sequence) and container.kind == "tuple"
    comma = "," if is_tuple else renderer.style.trailing_comma
    if inside.strip():
        return _behind_comments(renderer, container, entry_text)
    if has_newline(inside):
        return (TextEdit(start, start, newline + inner + entry_text + comma),)
    if on_lines and not inside:
        return (TextEdit(start, start, newline + inner + entry_text + comma + newline + outer),)
    pad = renderer.style.brace_padding if isinstance(container, Mapping) and not inside else inside
    end = container.body.end
    return (TextEdit(end, end, (pad if not inside else "") + entry_text + ("," if is_tuple else "") + pad),)


def _behind_comments(renderer: Renderer, container: Container, entry_text: str) -> tuple[TextEdit, ...]:
    """Fill a container that holds comments and nothing else."""
    text = renderer.text
    inside = container.body.of(text)
    kept = inside.rstrip()
    at = container.body.start + len(kept)
    end = 0
    for comment in comment_pattern(renderer.format).finditer(inside):
        if inside[end : comment.start()].strip():
            raise DocumentError("the list is empty and cannot be filled safely", container.span.start)
        end = comment.end()
        is_own_line = starts_its_line(text, container.body.start + comment.start())
    if end != len(kept):
        raise DocumentError("the list is empty and cannot be filled safely", container.span.start)
    if not has_newline(inside):
        return (TextEdit(at, at, " " + entry_text),)
    if is_own_line:
        indent = indentation(text, container.body.start + comment.start())
    else:
        indent = indentation(text, container.span.start) + renderer.style.unit
    newline = newline_at(text, container.body.start, renderer.document.newline)
    return (TextEdit(at, at, newline + indent + entry_text + renderer.style.trailing_comma),)


def _at_the_end_of_a_line(
    renderer: Renderer, container: Container, follows: str, gap: str, entry_text: str
) -> tuple[TextEdit, ...]:
    """Append to a list that goes on on the same line."""
    last = container.entries[-1].span
    text = renderer.text
    comma, _ = _after_value(renderer, follows)
    pattern = comment_pattern(renderer.format)
    behind_comma = 0 if comma is None else comma + 1
    comment = pattern.match(follows, behind_comma + len(_blanks(follows[behind_comma:])))
    if comment is not None and not comment.group().startswith("/*"):
        # The comment ends its line, so the entry goes on the next one.
        is_inside = line_start(text, last.start) > container.body.start
        indent = indentation(text, last.start) + ("" if is_inside else renderer.style.unit)
        at = last.end + comment.end()
        line = newline_at(text, last.end, renderer.document.newline) + indent + entry_text
        if comma is not None:
            return (TextEdit(at, at, line + ","),)
        return (TextEdit(last.end, last.end, ","), TextEdit(at, at, line))
    if comma is not None:
        at = last.end + comma + 1
        is_pair_of_one = isinstance(container, Sequence) and container.kind == "tuple" and len(container.entries) == 1
        return (TextEdit(at, at, gap.partition(",")[2] + entry_text + ("" if is_pair_of_one else ",")),)
    at = last.end if comment is None else last.end + comment.end()
    return (TextEdit(at, at, gap + entry_text),)


def _first(renderer: Renderer, container: Container, entry_text: str) -> tuple[TextEdit, ...]:
    text = renderer.text
    first = container.entries[0].span.start
    gap = renderer.gap(container, 1 if len(container.entries) > 1 else 0)
    head = text[container.body.start : first]
    if not comment_pattern(renderer.format).search(head):
        return (TextEdit(first, first, entry_text + gap),)
    if not has_newline(head):
        at = container.body.start + len(_blanks(head))
        return (TextEdit(at, at, entry_text + gap),)
    if not starts_its_line(text, first):
        raise DocumentError("there is no line to insert before", first)
    start = line_start(text, first)
    if heads_are_own(renderer, container):
        start = max(comment_block_start(text, first, renderer.format), line_start(text, container.body.start))
        if start <= container.body.start:
            start = line_start(text, first)
    newline = newline_at(text, container.body.start, renderer.document.newline)
    return (TextEdit(start, start, indentation(text, first) + entry_text + "," + newline),)


def heads_are_own(renderer: Renderer, container: Container) -> bool:
    """Whether a comment above the first entry is about that entry: other entries have such comments too."""
    starts = [entry.span.start for entry in container.entries[1:]]
    return any(
        comment_block_start(renderer.text, start, renderer.format) < line_start(renderer.text, start)
        for start in starts
        if starts_its_line(renderer.text, start)
    )


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
            if not passed_newline:
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


def _own_line_end(renderer: Renderer, follows: str) -> int:
    """Return where the comments behind a value end that stand on its line, in front of any comma."""
    pattern = comment_pattern(renderer.format)
    end = 0
    while (comment := pattern.match(follows, end + len(_blanks(follows[end:])))) is not None:
        end = comment.end()
    return end


def _blanks(text: str) -> str:
    match = _BLANKS.match(text)
    assert match is not None
    return match.group()
