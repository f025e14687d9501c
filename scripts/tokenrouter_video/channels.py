"""A channel: one base URL of a gateway with one key in one file."""

from __future__ import annotations

from pathlib import Path

from tokenrouter_video.documents.document import Document, SourceText
from tokenrouter_video.documents.tree import to_pointer
from tokenrouter_video.records import dataclass, field
from tokenrouter_video.secrets import ResolvedKey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.documents.embedded import Embedded

Parts = tuple[str, ...]


@dataclass(frozen=True)
class OtherFile:
    """A further file with objects that a channel is made of: ``name`` as it is shown, ``path`` to open it."""

    name: str
    path: Path
    document: Document = field(repr=False, compare=False)
    source: SourceText = field(repr=False, compare=False)
    data: bytes = field(repr=False, compare=False)


@dataclass(frozen=True)
class Channel:
    """What was found of one channel.

    ``file`` is the path as it is shown: in the workspace with ``/`` between its parts, ``~/...`` in the home directory,
    else absolute; ``path`` is where it can be opened, a link included. ``line`` is that of the base URL. ``parts`` lead
    to the provider or model entry. ``consumer`` is the name of a tool in :mod:`tokenrouter_video.consumers`.
    ``score`` is 0 to 100, ``reasons`` say what it is made of. ``data`` are the bytes that were read. ``url_parts`` lead
    to every value that holds one of the channel's base URLs, ``key_parts`` to the one that holds its key. ``repeats``
    lead to further entries with models that repeat URL and key: they are the same channel. ``is_host``: the address is
    written as a host and no URL. ``others`` are files whose objects may name those of this one.
    Where the config is the text of a string in the file, ``embedded`` is that string, and ``document`` what it says;
    all parts are those within it.
    """

    file: str
    path: Path
    line: int
    parts: Parts
    format: str
    gateway: str
    host: str
    base_url: str
    consumer: str | None
    key: ResolvedKey
    live: bool
    score: int
    reasons: tuple[str, ...]
    document: Document = field(repr=False, compare=False)
    source: SourceText = field(repr=False, compare=False)
    data: bytes = field(repr=False, compare=False)
    url_parts: tuple[Parts, ...]
    key_parts: Parts | None
    embedded: Embedded | None = None
    repeats: tuple[Parts, ...] = ()
    is_host: bool = False
    others: tuple[OtherFile, ...] = ()

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the provider or model entry, empty for a whole file."""
        return self.pointer_to(self.parts)

    @property
    def outer(self) -> Document:
        """The whole file's document."""
        return self.embedded.outer if self.embedded is not None else self.document

    def pointer_to(self, parts: Parts) -> str:
        """Return the JSON Pointer of a place of ``document``; it leads on through the string that holds it."""
        return to_pointer((*self.embedded.parts, *parts) if self.embedded is not None else parts)

    def line_at(self, offset: int) -> int:
        """Return the file's line, from 1, that holds a character of ``document``."""
        offset = min(offset, len(self.document.text))
        return self.embedded.line(offset) if self.embedded is not None else self.document.line(offset)

    @property
    def id(self) -> str:
        """The name by which ``--channel`` chooses it: file, ``#``, pointer."""
        return f"{self.file}#{self.pointer}"
