"""The tables of a TOML text: which table each header and each key belongs to, and what of the text each one covers.

TOML lets a table be spread over the file: by headers of its children, by dotted keys, out of order. What may be defined
twice and what may not follows https://toml.io/en/v1.0.0 (keys, table, array of tables).
"""

from __future__ import annotations

from collections.abc import Sequence as SequenceType

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Sequence, Span
from tokenrouter_video.records import dataclass, field

_DUPLICATE = "a duplicate key"


@dataclass(frozen=True, slots=True)
class KeyPart:
    """One part of a dotted key or header: its name, and the span of its own text with its quotes."""

    name: str
    span: Span


@dataclass(slots=True)
class _Table:
    """A table under construction.

    ``first``, ``last`` and ``count`` say which statements are its own or a descendant's. ``opened_by`` is the number of
    its own header's statement, ``own_last`` that of the last key under that header. ``section`` is the header under
    which the table was defined; ``None`` while only headers of its children imply it.
    """

    section: int | None = None
    header: tuple[Span, ...] = ()
    opened_by: int | None = None
    own_last: int = 0
    members: dict[str, _Member] = field(default_factory=dict)
    first: int = -1
    last: int = -1
    count: int = 0

    def cover(self, statement: int) -> None:
        """Note that a statement belongs to the table or to a descendant."""
        if self.first < 0:
            self.first = statement
        self.last = statement
        self.count += 1


@dataclass(slots=True)
class _Elements:
    """An array of tables under construction."""

    tables: list[_Table]


@dataclass(slots=True)
class _Member:
    """A key of a table under construction; ``span`` is that of the whole statement, dotted key to value."""

    key_span: Span
    value: _Table | _Elements | Node
    span: Span


class TableTree:
    """The statements of a TOML text or of one inline table, put where they belong.

    Every method that adds a statement raises :class:`DocumentError` where it defines something a second time; the
    offset is that of the key part at fault.
    """

    def __init__(self) -> None:
        self._root = _Table(section=0)
        self._path = [self._root]
        self._depth = 0
        self._section = 0
        self._statements: list[Span] = []

    def open_table(self, parts: SequenceType[KeyPart], span: Span) -> int:
        """Add a header ``[a.b]`` that covers ``span`` and return the table's depth; the next keys belong to it."""
        parent = self._enter(parts[:-1])
        name = parts[-1]
        member = parent.members.get(name.name)
        if member is None:
            member = parent.members[name.name] = _Member(name.span, _Table(), span)
        table = member.value
        if not isinstance(table, _Table) or table.section is not None:
            raise DocumentError(_DUPLICATE, name.span.start)
        member.key_span = name.span
        return self._open(table, parts, span)

    def open_element(self, parts: SequenceType[KeyPart], span: Span) -> int:
        """Add a header ``[[a.b]]`` that covers ``span`` and return the table's depth; the next keys belong to it."""
        parent = self._enter(parts[:-1])
        name = parts[-1]
        member = parent.members.get(name.name)
        if member is None:
            member = parent.members[name.name] = _Member(name.span, _Elements([]), span)
        if not isinstance(member.value, _Elements):
            raise DocumentError(_DUPLICATE, name.span.start)
        table = _Table()
        member.value.tables.append(table)
        self._depth += 1
        return self._open(table, parts, span)

    def _enter(self, parts: SequenceType[KeyPart]) -> _Table:
        """Walk from the root through tables that a header names, the last element of each array of tables."""
        table = self._root
        self._path = [table]
        self._depth = len(parts)
        for part in parts:
            member = table.members.get(part.name)
            if member is None:
                member = table.members[part.name] = _Member(part.span, _Table(), part.span)
            value = member.value
            if isinstance(value, _Elements):
                value = value.tables[-1]
                self._depth += 1
            if not isinstance(value, _Table):
                raise DocumentError(_DUPLICATE, part.span.start)
            table = value
            self._path.append(table)
        return table

    def _open(self, table: _Table, parts: SequenceType[KeyPart], span: Span) -> int:
        self._path.append(table)
        self._section += 1
        statement = self._cover(span)
        table.section = self._section
        table.header = tuple(part.span for part in parts)
        table.opened_by = table.own_last = statement
        return self._depth + 1

    def add(self, parts: SequenceType[KeyPart], value: Node) -> None:
        """Add ``a.b = value`` to the table whose header was added last."""
        span = Span(parts[0].span.start, value.span.end)
        statement = self._cover(span)
        table = self._path[-1]
        table.own_last = statement
        for part in parts[:-1]:
            member = table.members.get(part.name)
            if member is None:
                member = table.members[part.name] = _Member(part.span, _Table(), span)
            inner = member.value
            if not isinstance(inner, _Table) or inner.section not in (None, self._section):
                raise DocumentError(_DUPLICATE, part.span.start)
            inner.section = self._section
            inner.cover(statement)
            table = inner
        name = parts[-1]
        if name.name in table.members:
            raise DocumentError(_DUPLICATE, name.span.start)
        table.members[name.name] = _Member(name.span, value, span)

    def _cover(self, span: Span) -> int:
        statement = len(self._statements)
        self._statements.append(span)
        for table in self._path:
            table.cover(statement)
        return statement

    def entries(self) -> tuple[Entry, ...]:
        """Return the members of the root in the order in which they are first named."""
        return self._entries(self._root)

    def _entries(self, table: _Table) -> tuple[Entry, ...]:
        return tuple(self._entry(key, member) for key, member in table.members.items())

    def _entry(self, key: str, member: _Member) -> Entry:
        value = member.value
        if isinstance(value, _Table):
            mapping = self._mapping(value)
            return Entry(key, member.key_span, mapping, mapping.span)
        if isinstance(value, _Elements):
            sequence = self._sequence(value)
            return Entry(key, member.key_span, sequence, sequence.span)
        return Entry(key, member.key_span, value, member.span)

    def _mapping(self, table: _Table) -> Mapping:
        statements = self._statements
        entries = self._entries(table)
        is_whole = table.last - table.first + 1 == table.count
        if table.opened_by is None:
            span = Span(statements[table.first].start, statements[table.last].end)
            return Mapping(span, span, entries, "dotted", scattered=not is_whole)
        is_whole = is_whole and table.first == table.opened_by
        last = table.last if is_whole else table.own_last
        span = Span(statements[table.opened_by].start, statements[last].end)
        return Mapping(span, span, entries, "table", header=table.header, scattered=not is_whole)

    def _sequence(self, elements: _Elements) -> Sequence:
        mappings = [self._mapping(table) for table in elements.tables]
        span = Span(mappings[0].span.start, mappings[-1].span.end)
        return Sequence(span, span, tuple(Entry(None, None, one, one.span) for one in mappings), "tables")
