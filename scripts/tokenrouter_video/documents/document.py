"""A parsed file: its text, its located tree, and what forbids editing it."""

from __future__ import annotations

import bisect
import codecs
from functools import cached_property
from itertools import accumulate

from tokenrouter_video.documents.tree import Node, Place, find, from_pointer, walk
from tokenrouter_video.records import dataclass, field

MAX_BYTES = 5_000_000
MAX_DEPTH = 100
MAX_ALIASES = 1_000
MAX_EXPANDED = 1_000_000

_BOM = codecs.BOM_UTF8


class DocumentError(Exception):
    """A text that cannot be read as its format; ``offset`` (characters) is ``None`` where no place is known.

    The reason never quotes the text.
    """

    def __init__(self, reason: str, offset: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason why a readable document must not be edited, such as a duplicate key, and the offset where it shows."""

    offset: int
    reason: str


@dataclass(frozen=True)
class Document:
    """One file's text and what it says.

    ``format`` is one of ``yaml``, ``toml``, ``json``, ``jsonc``, ``json5``, ``javascript``, ``typescript``, ``python``,
    ``dotenv``. ``root`` is a ``documents`` sequence where a YAML file holds several documents, and a ``scope`` mapping
    of bindings for code.
    """

    text: str
    format: str
    root: Node
    obstacles: tuple[Obstacle, ...] = field(default=())

    def at(self, pointer: str) -> Place | None:
        """Return the place that a JSON Pointer names, or ``None``."""
        return find(self.root, from_pointer(pointer))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every node of the document in its place, in source order, parents first: walked once for all who ask."""
        return tuple(walk(self.root))

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))][:-1]

    def line(self, offset: int) -> int:
        """Return the number, from 1, of the line that holds a character."""
        return bisect.bisect_right(self._line_starts, offset)

    @cached_property
    def newline(self) -> str:
        """The line end that the text uses most, LF or CRLF."""
        crlf = self.text.count("\r\n")
        return "\r\n" if crlf > self.text.count("\n") - crlf else "\n"


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's decoded text and whether a byte order mark stood in front of it."""

    text: str
    has_bom: bool

    def encode(self, text: str) -> bytes:
        """Return the bytes of a changed text, with the mark where the original had it."""
        return (_BOM if self.has_bom else b"") + text.encode("utf-8")


def decode(data: bytes) -> SourceText:
    """Decode a file's bytes, line ends untouched; raise :class:`DocumentError` where it is too large or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise DocumentError(f"the file has more than {MAX_BYTES:,} bytes")
    if b"\0" in data[:8192]:
        raise DocumentError("the file is binary or not UTF-8")
    has_bom = data.startswith(_BOM)
    body = data[len(_BOM) :] if has_bom else data
    try:
        return SourceText(body.decode("utf-8"), has_bom)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise DocumentError(f"the file is not UTF-8 (line {line})") from None
