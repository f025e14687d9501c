"""TOML to a located tree, read with tomlkit.

The root is a ``file`` mapping over the whole text, a header opens a ``table`` mapping, ``[[x]]`` elements make up a
``tables`` sequence of them, a table that only dotted keys or headers of its children imply is ``dotted``, arrays and
inline tables are ``flow``. A ``dotted`` mapping and a ``tables`` sequence reach from their first child to their last
also where something foreign stands between. Members are in the order in which the text first names them.

A text that defines a key twice is no TOML (https://toml.io/en/v1.0.0#keys): it raises instead of being an obstacle.
"""

from __future__ import annotations

import math

from tomlkit.exceptions import (
    EmptyKeyError,
    EmptyTableNameError,
    InvalidCharInStringError,
    InvalidControlChar,
    InvalidDateError,
    InvalidDateTimeError,
    InvalidNumberError,
    InvalidTimeError,
    InvalidUnicodeValueError,
    ParseError,
    TOMLKitError,
    UnexpectedCharError,
    UnexpectedEofError,
)
from tomlkit.items import Array, Bool, Float, InlineTable, Integer, Item, Key, String
from tomlkit.parser import Parser

from tokenrouter_video.documents.document import MAX_DEPTH, Document, DocumentError
from tokenrouter_video.documents.toml_tables import KeyPart, TableTree
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Scalar, ScalarValue, Sequence, Span
from tokenrouter_video.patterns import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

_Parts: TypeAlias = tuple[KeyPart, ...]

_BLANKS = " \t"

# tomlkit also takes what Python's int() takes: digits of other scripts, odd white space around them.
_PLAIN = regex(r"[0-9A-Za-z+\-_.: ]+")

# Longer integers than this are kept as text: Python prints at most 4,300 digits.
_MAX_INTEGER_BITS = 4_096

_NOT_LOCATED = "the text cannot be located as tomlkit reads it"
_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"

# tomlkit's own messages quote the text.
_REASONS: dict[type[ParseError], str] = {
    EmptyKeyError: "a key is missing",
    EmptyTableNameError: "a table's name is missing",
    InvalidCharInStringError: "a string holds an escape or character that TOML does not allow",
    InvalidControlChar: "a control character",
    InvalidDateError: "not a date",
    InvalidDateTimeError: "not a date and time",
    InvalidNumberError: "not a number",
    InvalidTimeError: "not a time",
    InvalidUnicodeValueError: "not a Unicode escape",
    UnexpectedCharError: "an unexpected character",
    UnexpectedEofError: "the text ends in the middle of a value",
}


class _LocatingParser(Parser):
    """tomlkit's parser, stepped from statement to statement, that notes where each key and value stands.

    It builds on methods that tomlkit does not publish, hence the upper bound of tomlkit's version in pyproject.toml:
    tomlkit's document keeps no positions, and moves the parts of a table that stand out of order to the first one, so
    that adding up its text does not give them either. Each piece is compared with the text where it is said to stand.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._text = text
        self._tables = TableTree()
        # What was read since the enclosing bracket or line began: the parts of a key, then its value, or just values.
        self._read: list[_Parts | Node] = []
        self._depth = 0

    def entries(self) -> tuple[Entry, ...]:
        """Read the whole text and return the members of its root table."""
        while not self.end():
            if self._current == "[":
                self._step_over_header()
            else:
                self._parse_item()
                if self._read:
                    self._tables.add(*_pair(self._read))
            self._read.clear()
        return self._tables.entries()

    def _step_over_header(self) -> None:
        start = self._idx
        self.inc()
        is_element = self._current == "["
        if is_element:
            self.inc()
        self._parse_key()
        parts = self._read.pop()
        assert isinstance(parts, tuple)
        for _ in "]]" if is_element else "]":
            self.consume("]", min=1, max=1)
        span = Span(start, self._idx)
        self._parse_comment_trail()
        self._depth = self._tables.open_element(parts, span) if is_element else self._tables.open_table(parts, span)
        self._check_depth(start)

    def _parse_key(self) -> Key:
        at, read = self._idx, len(self._read)
        key = super()._parse_key()
        # Older versions read the rest of a dotted key by calling this method again.
        del self._read[read:]
        parts = []
        for part in key:
            written = part.as_string()
            if not self._text.startswith(written, at):
                raise DocumentError(_NOT_LOCATED, at)
            start = at + len(written) - len(written.lstrip(_BLANKS))
            parts.append(KeyPart(part.key, Span(start, start + len(written.strip(_BLANKS)))))
            at += len(written) + 1
        self._read.append(tuple(parts))
        return key

    def _parse_value(self) -> Item:
        start = self._idx
        outer, self._read = self._read, []
        depth = self._depth
        self._depth += len(outer[-1]) if outer and isinstance(outer[-1], tuple) else 1
        try:
            self._check_depth(start)
            item = super()._parse_value()
            outer.append(self._locate(item, start))
        except ParseError:
            raise
        except TOMLKitError:
            raise self._second_definition(start) from None
        finally:
            self._read, self._depth = outer, depth
        return item

    def _check_depth(self, offset: int) -> None:
        if self._depth > MAX_DEPTH:
            raise DocumentError(_TOO_DEEP, offset)

    def _locate(self, item: Item, start: int) -> Node:
        """Return the node of a value that has just been read, and of what was read inside it."""
        if not isinstance(item, Array | InlineTable):
            written = item.as_string()
            if not self._text.startswith(written, start):
                raise DocumentError(_NOT_LOCATED, start)
            if not isinstance(item, String) and not _PLAIN.fullmatch(written):
                raise DocumentError(f"not valid TOML: {_REASONS[InvalidNumberError]}", start)
            return _scalar(item, Span(start, start + len(written)), written)
        span, body = Span(start, self._idx), Span(start + 1, self._idx - 1)
        if isinstance(item, Array):
            nodes = [node for node in self._read if not isinstance(node, tuple)]
            if len(nodes) != len(item):
                raise DocumentError(_NOT_LOCATED, start)
            return Sequence(span, body, tuple(Entry(None, None, node, node.span) for node in nodes), "flow")
        return Mapping(span, body, self._inline_entries(), "flow")

    def _second_definition(self, start: int) -> DocumentError:
        """Return where the inline table at ``start``, which tomlkit refused, defines something twice."""
        try:
            self._inline_entries()
        except DocumentError as error:
            return error
        return DocumentError("not valid TOML: an inline table that TOML does not allow", start)

    def _inline_entries(self) -> tuple[Entry, ...]:
        tables = TableTree()
        for number in range(0, len(self._read), 2):
            tables.add(*_pair(self._read[number : number + 2]))
        return tables.entries()


def _pair(read: list[_Parts | Node]) -> tuple[_Parts, Node]:
    parts, value = read
    if not isinstance(parts, tuple) or isinstance(value, tuple):
        raise DocumentError(_NOT_LOCATED)
    return parts, value


def _scalar(item: Item, span: Span, written: str) -> Scalar:
    value: ScalarValue
    if isinstance(item, String):
        value, kind = item.unwrap(), "string"
    elif isinstance(item, Bool):
        value, kind = item.unwrap(), "boolean"
    elif isinstance(item, Integer):
        value, kind = item.unwrap(), "integer"
        if value.bit_length() > _MAX_INTEGER_BITS:
            value, kind = written, "other"
    elif isinstance(item, Float):
        value, kind = item.unwrap(), "float"
        if math.isinf(value) and "inf" not in written:
            value, kind = written, "other"
    else:
        value, kind = written, "datetime"
    return Scalar(span, span, value, kind, _style(written) if kind == "string" else "plain")


def _style(written: str) -> str:
    is_multiline = written[:3] in ('"""', "'''")
    if written[0] == '"':
        return "multiline-basic" if is_multiline else "double"
    return "multiline-literal" if is_multiline else "single"


def parse(text: str, format: str = "toml") -> Document:
    """Parse TOML; raise :class:`DocumentError`, which says where, for any text that is not TOML or nests too deep."""
    try:
        entries = _LocatingParser(text).entries()
    except DocumentError:
        raise
    except ParseError as error:
        reason = _REASONS.get(type(error), "a key or value that TOML does not allow, or one nested too deep")
        raise DocumentError(f"not valid TOML: {reason}", _offset(text, error)) from None
    except Exception:
        # What else tomlkit raises (ValueError, RecursionError, ...) depends on its version, and may quote the text.
        raise DocumentError("not valid TOML") from None
    span = Span(0, len(text))
    return Document(text, format, Mapping(span, span, entries, "file"))


def _offset(text: str, error: ParseError) -> int:
    """Return the offset of an error's line and column, which tomlkit counts as ``str.splitlines`` does."""
    lines = text.splitlines(keepends=True)
    return min(sum(map(len, lines[: error.line - 1])) + error.col, len(text))
