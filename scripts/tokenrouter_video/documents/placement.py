"""Where a new entry's text goes: behind which sibling, with which comma and line end, past which comments.

The comma stands directly behind the last value, before its comment; a list ends where the *line* of its last entry
ends. So a comment behind a sibling stays with it, and one that heads what comes next still does.
"""

from __future__ import annotations

from itertools import pairwise

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.edits import TextEdit
from tokenrouter_video.documents.file_style import is_block
from tokenrouter_video.documents.placement_brackets import heads_are_own, place_between, place_only
from tokenrouter_video.documents.render import Renderer
from tokenrouter_video.documents.tree import Container, Entry, Mapping, Scalar
from tokenrouter_video.documents.trivia import (
    blank_lines,
    comment_block_start,
    has_newline,
    indentation,
    line_above,
    line_end,
    line_start,
    newline_at,
    starts_its_line,
)
from tokenrouter_video.patterns import regex

_NEWLINE = regex(r"\r\n|\n|\r")
_BLANKS = regex(r"[ \t]*")


def place_entry(renderer: Renderer, container: Container, position: int, entry_text: str) -> tuple[TextEdit, ...]:
    """Return the insertions that make ``entry_text`` the entry number ``position`` of a filled container."""
    if not is_block(container):
        return place_between(renderer, container, position, entry_text)
    if renderer.format == "toml":
        return _toml_lines(renderer, container, position, entry_text)
    return _yaml_lines(renderer, container, position, entry_text)


def place_first(renderer: Renderer, container: Container, entry_text: str, *, on_lines: bool) -> tuple[TextEdit, ...]:
    """Return the insertion that puts the first entry into an empty container."""
    if not is_block(container):
        return place_only(renderer, container, entry_text, on_lines=on_lines)
    if isinstance(container, Mapping) and container.header:
        return _below_header(renderer, container, entry_text)
    raise DocumentError("the list is empty and cannot be filled safely", container.span.start)


def place_below_key(renderer: Renderer, owner: Entry, lines: str) -> tuple[TextEdit, ...]:
    """Return the insertion of the block that a YAML key without a value gets: behind its line and its own comments.

    ``lines`` starts with a line end.
    """
    text = renderer.text
    end = line_end(text, owner.value.span.end)
    end = _past_own_comments(text, end, renderer.entry_indent(owner), stops_at_blank=True)
    return (TextEdit(end, end, lines),)


def _yaml_lines(renderer: Renderer, container: Container, position: int, entry_text: str) -> tuple[TextEdit, ...]:
    text = renderer.text
    entries = container.entries
    indent = renderer.entry_indent(entries[0])
    if position == 0:
        return _yaml_first(renderer, container, entry_text)
    before = entries[position - 1]
    newline = newline_at(text, before.span.end, renderer.document.newline)
    end = line_end(text, before.span.end)
    if end == len(text) and _ends_in_block_scalar(before):
        raise DocumentError("a block scalar ends the file without a line end, and one would change it", end)
    end = _past_own_comments(text, end, indent)
    blanks = newline * _blank_lines_before(renderer, container, position)
    return (TextEdit(end, end, blanks + newline + indent + entry_text),)


def _yaml_first(renderer: Renderer, container: Container, entry_text: str) -> tuple[TextEdit, ...]:
    text = renderer.text
    first = container.entries[0].span.start
    newline = newline_at(text, first, renderer.document.newline)
    blanks = newline * _blank_lines_before(renderer, container, 1)
    indent = renderer.entry_indent(container.entries[0])
    # What stands above the first line of a document may head the whole file.
    is_nested = bool(indent) or _is_below_a_key(text, first)
    if is_nested and starts_its_line(text, first) and heads_are_own(renderer, container):
        start = comment_block_start(text, first, "yaml")
        return (TextEdit(start, start, indent + entry_text + newline + blanks),)
    return (TextEdit(first, first, entry_text + newline + blanks + indent),)


def _is_below_a_key(text: str, offset: int) -> bool:
    """Whether the comments above a line stand below another line of the document."""
    return bool(text[: comment_block_start(text, offset, "yaml")].strip())


def _blank_lines_before(renderer: Renderer, container: Container, position: int) -> int:
    """Return how many blank lines set a new entry apart from the one before: as many as the sibling has."""
    entries, text = container.entries, renderer.text
    if len(entries) < 2:
        return 0
    blanks = blank_lines(renderer.gap(container, max(position - 1, 1)))
    if blanks or not has_newline(entries[max(position - 1, 0)].span.of(text)):
        return blanks
    # The comment that heads a sibling took its blank line along; where every entry has one, so has the new one.
    return min(_blank_line_count(text[one.span.end : other.span.start]) for one, other in pairwise(entries))


def _blank_line_count(between: str) -> int:
    lines = _NEWLINE.split(between)
    return min(sum(not line.strip() for line in lines[1:-1]), 1)


def _ends_in_block_scalar(entry: Entry) -> bool:
    node = entry.value
    while not isinstance(node, Scalar):
        children = getattr(node, "entries", ())
        if not children:
            return False
        node = children[-1].value
    return node.style in ("literal", "folded")


def _past_own_comments(text: str, end: int, indent: str, *, stops_at_blank: bool = False) -> int:
    """Return the end of the comment lines that stand deeper than the entries: they are the last entry's own."""
    at = end
    while True:
        newline = _NEWLINE.match(text, at)
        if newline is None:
            return end
        blanks = _BLANKS.match(text, newline.end())
        assert blanks is not None
        at = line_end(text, blanks.end())
        if at == blanks.end() and not stops_at_blank:
            continue
        if text[blanks.end() : blanks.end() + 1] != "#" or len(blanks.group()) <= len(indent):
            return end
        end = at


def _toml_lines(renderer: Renderer, container: Container, position: int, entry_text: str) -> tuple[TextEdit, ...]:
    text = renderer.text
    entries = container.entries
    is_table = entry_text.startswith("[")
    if container.layout == "tables" and not is_table:
        raise DocumentError("an array of tables takes only tables", container.span.start)
    if position == 0:
        return _toml_first(renderer, container, entry_text, is_table=is_table)
    before = entries[position - 1].span
    newline = newline_at(text, before.end, renderer.document.newline)
    end = line_end(text, before.end)
    if not is_table:
        return (TextEdit(end, end, newline + indentation(text, before.start) + entry_text),)
    end = _past_trailing_comments(text, end)
    if len(entries) > 1:
        blanks = blank_lines(renderer.gap(container, max(position - 1, 1)))
    else:
        # A table that follows its parent's keys without a blank line has siblings that do too.
        start = comment_block_start(text, before.start, "toml")
        blanks = 1 if start == 0 or not text[line_above(text, start) : start].strip() else 0
    return (TextEdit(end, end, newline * (1 + blanks) + indentation(text, before.start) + entry_text),)


def _toml_first(renderer: Renderer, container: Container, entry_text: str, *, is_table: bool) -> tuple[TextEdit, ...]:
    text = renderer.text
    first = container.entries[0]
    if not is_table and isinstance(container, Mapping) and container.header:
        return _below_header(renderer, container, entry_text)
    start = first.span.start
    if isinstance(container, Mapping) and container.layout == "dotted" and not is_table:
        raise DocumentError("the table has no header of its own that a key could stand under", start)
    if not starts_its_line(text, start):
        raise DocumentError("there is no line to insert before", start)
    newline = newline_at(text, start, renderer.document.newline)
    if renderer.is_headed(first) or is_table or heads_are_own(renderer, container):
        above = comment_block_start(text, start, "toml")
        # The comment at the top of a file may head all of it.
        start = above if above or heads_are_own(renderer, container) or not is_table else line_start(text, start)
    else:
        start = line_start(text, start)
    indent = indentation(text, first.span.start) if is_table or not renderer.is_headed(first) else ""
    gap = newline * (2 if is_table or renderer.is_headed(first) else 1)
    return (TextEdit(start, start, indent + entry_text + gap),)


def _below_header(renderer: Renderer, container: Mapping, entry_text: str) -> tuple[TextEdit, ...]:
    """Put a key right below the header of its table."""
    text = renderer.text
    end = line_end(text, container.header[-1].end)
    newline = newline_at(text, end, renderer.document.newline)
    plain = next((entry for entry in container.entries if renderer.is_plain(entry)), None)
    indent = indentation(text, plain.span.start if plain is not None else container.span.start)
    return (TextEdit(end, end, newline + indent + entry_text),)


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
