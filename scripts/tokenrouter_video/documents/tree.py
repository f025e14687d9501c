"""The located tree: what a document of any format parses to.

Offsets are in characters of the decoded text, a BOM not counted. A span is half open. ``node.span`` is the whole node,
a YAML anchor or tag in front of it included; a scalar's ``token`` is its own text, quotes included.
A block collection ends where its last child ends, never at the comments behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tokenrouter_video.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, TypeAlias

ScalarValue: TypeAlias = str | int | float | bool | None

# From so many entries on a mapping is not searched one by one: each name of a file may be looked up in it.
_MANY = 32


# The four that documents consist of are made by the thousand: an ``__init__`` written out takes half the time, and half
# of that without a guard around each field. Type checkers guard them.


@dataclass(slots=True, unsafe_hash=True)
class Span:
    """A half-open range of character offsets."""

    start: Final[int]
    end: Final[int]

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    def of(self, text: str) -> str:
        """Return the text that the span covers."""
        return text[self.start : self.end]


@dataclass(slots=True, unsafe_hash=True)
class Scalar:
    """A string, number, boolean or null.

    ``kind`` tells values apart that Python's types do not: ``string``, ``integer``, ``float``, ``boolean``, ``null``,
    ``datetime`` (value: its text), ``other`` (a YAML tag of its own, bytes, an integer or float that Python cannot hold
    exactly; value: its text). ``style`` is ``plain``, ``single``, ``double``, ``backtick``, ``literal``, ``folded``,
    ``multiline-basic``, ``multiline-literal``, ``triple-single``, ``triple-double``, ``concatenated`` or ``empty``.
    """

    span: Final[Span]
    token: Final[Span]
    value: Final[ScalarValue]
    kind: Final[str]
    style: Final[str]

    def __init__(self, span: Span, token: Span, value: ScalarValue, kind: str, style: str) -> None:
        self.span = span
        self.token = token
        self.value = value
        self.kind = kind
        self.style = style


@dataclass(frozen=True, slots=True)
class Alias:
    """A YAML alias: a node of its own, never expanded; ``target`` is the anchored node, ``None`` where none is."""

    span: Span
    name: str
    # Following targets would make comparing and printing a tree of aliases exponential.
    target: Node | None = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Opaque:
    """Code that is not a literal: an identifier, a call, a spread, a template with substitutions.

    ``code`` is its text with comments and redundant white space taken out, for comparing and for resolving names.
    """

    span: Span
    code: str


@dataclass(slots=True, unsafe_hash=True)
class Entry:
    """A mapping's member or a sequence's item.

    ``span`` runs from the key, dash or table header to the end of the value. ``key`` is ``None`` in sequences and for
    spreads. ``key_span`` covers the key's own text with its quotes.
    """

    key: Final[str | None]
    key_span: Final[Span | None]
    value: Final[Node]
    span: Final[Span]

    def __init__(self, key: str | None, key_span: Span | None, value: Node, span: Span) -> None:
        self.key = key
        self.key_span = key_span
        self.value = value
        self.span = span


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in source order.

    ``layout`` is ``flow`` (between brackets), ``block`` (YAML lines), ``table`` (a TOML header and what belongs to it),
    ``dotted`` (a TOML table that only dotted keys or headers of its children imply), ``call`` (keyword arguments),
    ``scope`` (a code file, class or function: its bindings) or ``file`` (a whole document of lines).
    ``body`` is the region between the brackets of a flow or call mapping, else the span.
    ``callee`` is the called name where a call wraps or is the mapping (``defineConfig``, ``OpenAI``), else ``""``.
    ``anchor`` is the YAML anchor's name, else ``""``. ``header`` holds the spans of a TOML header's key parts.
    A TOML table's span reaches to the end of its last descendant where nothing foreign stands between; where something
    does, it covers the table's own lines and ``scattered`` is true.
    """

    span: Span
    body: Span
    entries: tuple[Entry, ...]
    layout: str
    callee: str = ""
    anchor: str = ""
    header: tuple[Span, ...] = ()
    scattered: bool = False
    # The values by key of so many entries, and those that they were made of: a copy with other entries makes its own.
    _by_key: tuple[tuple[Entry, ...], dict[str | None, Node]] | None = field(default=None, compare=False, repr=False)

    def get(self, key: str) -> Node | None:
        """Return the value of the last entry of that key, or ``None``."""
        if len(self.entries) > _MANY:
            if self._by_key is None or self._by_key[0] is not self.entries:
                by_key = {entry.key: entry.value for entry in self.entries}
                object.__setattr__(self, "_by_key", (self.entries, by_key))
                return by_key.get(key)
            return self._by_key[1].get(key)
        for entry in reversed(self.entries):
            if entry.key == key:
                return entry.value
        return None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in source order.

    ``layout`` is ``flow``, ``block`` (YAML dashes), ``tables`` (a TOML array of tables) or ``documents`` (YAML files
    of several documents). ``kind`` is ``list``, ``tuple`` or ``set``. The rest is as in :class:`Mapping`.
    """

    span: Span
    body: Span
    entries: tuple[Entry, ...]
    layout: str
    kind: str = "list"
    callee: str = ""
    anchor: str = ""


Container: TypeAlias = Mapping | Sequence
Node: TypeAlias = Scalar | Alias | Opaque | Mapping | Sequence


@dataclass(slots=True, unsafe_hash=True)
class Place:
    """A node with its way from the root: keys and item numbers in ``parts``, the containers passed in ``parents``."""

    parts: Final[tuple[str, ...]]
    node: Final[Node]
    parents: Final[tuple[Container, ...]]

    def __init__(self, parts: tuple[str, ...], node: Node, parents: tuple[Container, ...]) -> None:
        self.parts = parts
        self.node = node
        self.parents = parents

    @property
    def pointer(self) -> str:
        """The JSON Pointer (RFC 6901) of the node."""
        return to_pointer(self.parts)


def to_pointer(parts: tuple[str, ...]) -> str:
    """Return the JSON Pointer (RFC 6901) for keys and item numbers."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def from_pointer(pointer: str) -> tuple[str, ...]:
    """Return the keys and item numbers of a JSON Pointer; raise ``ValueError`` where it does not start with ``/``."""
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError("a JSON Pointer is empty or starts with '/'")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))


def children(node: Node) -> Iterator[tuple[str, Entry]]:
    """Yield each entry of a container with its part of a pointer; spreads, which have no name, are left out."""
    if isinstance(node, Mapping):
        for entry in node.entries:
            if entry.key is not None:
                yield entry.key, entry
    elif isinstance(node, Sequence):
        for number, entry in enumerate(node.entries):
            yield str(number), entry


_CONTAINERS = (Mapping, Sequence)


def walk(root: Node) -> Iterator[Place]:
    """Yield every node below and including ``root``, parents first, in source order; aliases are not entered."""
    stack = [Place((), root, ())]
    while stack:
        place = stack.pop()
        yield place
        node = place.node
        if isinstance(node, _CONTAINERS):
            parts, parents = place.parts, (*place.parents, node)
            below = [Place((*parts, part), entry.value, parents) for part, entry in children(node)]
            stack += below[::-1]


def dereferenced(node: Node) -> Node:
    """Return the node that an alias stands for, the node itself where it is none."""
    # What an anchor names is never an alias (https://yaml.org/spec/1.2.2/#71-alias-nodes).
    return node.target if isinstance(node, Alias) and node.target is not None else node


def child(node: Node, part: str) -> Node | None:
    """Return the value that one part of a pointer leads to, the last of equal keys; aliases are not entered."""
    if isinstance(node, Mapping):
        return node.get(part)
    if isinstance(node, Sequence) and part.isascii() and part.isdigit() and int(part) < len(node.entries):
        return node.entries[int(part)].value
    return None


def find(root: Node, parts: tuple[str, ...]) -> Place | None:
    """Return the place that ``parts`` lead to, the last of equal keys, or ``None``; aliases are not entered."""
    node = root
    parents: list[Container] = []
    for part in parts:
        value = child(node, part)
        if value is None:
            return None
        assert isinstance(node, Mapping | Sequence)
        parents.append(node)
        node = value
    return Place(parts, node, tuple(parents))


def scalar_at(root: Node, parts: tuple[str, ...]) -> ScalarValue:
    """Return the value that ``parts`` lead to, ``None`` where no scalar stands there; aliases are not entered."""
    node: Node | None = root
    for part in parts:
        node = node.get(part) if isinstance(node, Mapping) else child(node, part) if node is not None else None
    return node.value if isinstance(node, Scalar) else None


def text_at(root: Node, parts: tuple[str, ...]) -> str | None:
    """Return the string that ``parts`` lead to, ``None`` where none stands there; aliases are not entered."""
    value = scalar_at(root, parts)
    return value if isinstance(value, str) else None
