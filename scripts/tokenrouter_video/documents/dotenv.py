"""Dotenv files to a located tree, read with python-dotenv.

Such files are read and never edited. The root is a ``file`` mapping with an entry for each assignment, equal names
included; an assignment's value is a string, ``null`` where a name stands without ``=``. Values are unquoted and
unescaped as python-dotenv does (https://pypi.org/project/python-dotenv/, "File format"), not interpolated.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping as MappingType

from dotenv.parser import Binding, parse_stream
from dotenv.variables import parse_variables

from tokenrouter_video.documents.document import Document, DocumentError, Obstacle
from tokenrouter_video.documents.tree import Entry, Mapping, Scalar, Span
from tokenrouter_video.patterns import regex

_ASSIGNMENT = regex(r"\s*(?:export[^\S\r\n]+)?(?P<key>'(?P<quoted>[^']+)'|[^=#\s]+)[^\S\r\n]*(?P<equals>=)?[^\S\r\n]*")
_QUOTED = regex(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
_BEHIND = regex(r"[^\S\r\n]*(?:#[^\r\n]*)?(?:\r\n|\n|\r)?")

_STYLES = {"'": "single", '"': "double"}

# python-dotenv's search for a comment takes time with the square of a run of blanks.
_BLANK_RUN = regex(r"[^\S\r\n]{50,}")
_MAX_BLANK_WORK = 50_000_000

# A value of references to values of references doubles with each line.
_MAX_INTERPOLATED = 4_096
_MAX_REFERENCES = 32

_NOT_LOCATED = "an assignment cannot be located as python-dotenv reads it"


def parse(text: str, format: str = "dotenv") -> Document:
    """Parse a dotenv file; raise :class:`DocumentError` where that would take too long or nothing can be located.

    A line that is no assignment, which python-dotenv passes over, is an obstacle, and so is a name's second assignment.
    """
    _check_blanks(text)
    entries: list[Entry] = []
    obstacles: list[Obstacle] = []
    names: set[str] = set()
    start = 0
    for binding in parse_stream(io.StringIO(text)):
        end = start + len(binding.original.string)
        if text[start:end] != binding.original.string:
            raise DocumentError(_NOT_LOCATED, start)
        if binding.error:
            blanks = len(binding.original.string) - len(binding.original.string.lstrip())
            obstacles.append(Obstacle(min(start + blanks, end - 1), "a line that is no assignment"))
        elif binding.key is not None:
            entry = _entry(text, start, end, binding)
            if binding.key in names:
                obstacles.append(Obstacle(entry.span.start, "a duplicate key"))
            names.add(binding.key)
            entries.append(entry)
        start = end
    span = Span(0, len(text))
    return Document(text, format, Mapping(span, span, tuple(entries), "file"), tuple(obstacles))


def _check_blanks(text: str) -> None:
    work = 0
    for run in _BLANK_RUN.finditer(text):
        work += (run.end() - run.start()) ** 2
        if work > _MAX_BLANK_WORK:
            raise DocumentError("the lines hold too many blanks", run.start())


def _entry(text: str, start: int, end: int, binding: Binding) -> Entry:
    """Return the entry of an assignment that stands, with the blank lines above it, from ``start`` to ``end``."""
    match = _ASSIGNMENT.match(text, start, end)
    if match is None or (match["quoted"] or match["key"]) != binding.key:
        raise DocumentError(_NOT_LOCATED, start)
    key_span = Span(*match.span("key"))
    if binding.value is None:
        token = Span(key_span.end, key_span.end)
        return Entry(binding.key, key_span, Scalar(token, token, None, "null", "empty"), key_span)
    token, style = _token(text, match.end("equals"), match.end(), end, binding.value)
    value = Scalar(token, token, binding.value, "string", style)
    return Entry(binding.key, key_span, value, Span(key_span.start, token.end))


def _token(text: str, equals: int, start: int, end: int, value: str) -> tuple[Span, str]:
    """Return where a value's own text stands, and its style, for a value that starts behind ``equals``."""
    style = _STYLES.get(text[start : start + 1])
    if style is not None:
        quoted = _QUOTED.match(text, start, end)
        if quoted is None or not _BEHIND.fullmatch(text, quoted.end(), end):
            raise DocumentError(_NOT_LOCATED, start)
        return Span(*quoted.span()), style
    if not value:
        return Span(equals, equals), "empty"
    if not text.startswith(value, start):
        raise DocumentError(_NOT_LOCATED, start)
    return Span(start, start + len(value)), "plain"


def variables(text: str, environ: MappingType[str, str] | None = None) -> tuple[tuple[str, str, int], ...]:
    """Return the name, value and line (from 1) of each assignment in source order, a name's later ones included.

    ``${OTHER}`` and ``${OTHER:-default}`` are replaced as python-dotenv does by default: from an earlier assignment of
    the file, else from ``environ`` (default: empty), else by the default or nothing; in any quotes; ``$OTHER`` stays.
    A value that is or becomes longer than 4,096 characters, or holds more than 32 references, stays as it is written.
    Names without ``=`` are left out. Raises :class:`DocumentError` as :func:`parse` does.
    """
    document = parse(text)
    assert isinstance(document.root, Mapping)
    known = dict(environ or {})
    found: list[tuple[str, str, int]] = []
    for entry in document.root.entries:
        assert entry.key is not None
        assert isinstance(entry.value, Scalar)
        value = entry.value.value
        if not isinstance(value, str):
            # python-dotenv takes such a name for defined, with nothing in it.
            known[entry.key] = ""
            continue
        known[entry.key] = _interpolate(value, known)
        found.append((entry.key, known[entry.key], document.line(entry.span.start)))
    return tuple(found)


def _interpolate(value: str, known: MappingType[str, str]) -> str:
    if "${" not in value or len(value) > _MAX_INTERPOLATED or value.count("${") > _MAX_REFERENCES:
        return value
    replaced = "".join(atom.resolve(known) for atom in parse_variables(value))
    return replaced if len(replaced) <= _MAX_INTERPOLATED else value
