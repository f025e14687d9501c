"""The parsed files of one run: each is read and parsed once, whoever asks for it."""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH113, PTH116, PTH118, PTH119, PTH120, PTH206

from __future__ import annotations

import codecs
import os

from tokenrouter_video.discovery.scan import read_bytes
from tokenrouter_video.discovery.walk import Listing, is_within
from tokenrouter_video.documents import formats
from tokenrouter_video.documents.document import Document, DocumentError, SourceText, decode
from tokenrouter_video.records import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.documents.embedded import Embedded

# Modules that imports lead to; a workspace that chains more of them together is not followed further.
MAX_FOLLOWED = 500

# From this size on it may take a part of a second to parse a file, and half a minute for the largest.
LONG_BYTES = 100_000

# Byte order marks of encodings that some editors write.
_MARKS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


@dataclass(frozen=True, eq=False)
class ParsedFile:
    """One file: ``path`` is its absolute path as named, ``real`` without links, ``name`` as it is shown.

    ``identity`` is the device and inode, equal for all names of one file. Of a config that is a string of the file,
    ``document`` is what the string says, ``embedded`` the string, and ``holder`` the file itself.
    """

    path: str
    real: str
    name: str
    data: bytes
    source: SourceText
    document: Document
    identity: tuple[int, int]
    embedded: Embedded | None = None
    holder: ParsedFile | None = None

    @property
    def whole(self) -> ParsedFile:
        """The file itself, also where this is a string of it."""
        return self.holder or self

    @property
    def label(self) -> tuple[str, ...]:
        """The parts of the path by which its consumer knows the config."""
        return self.embedded.label if self.embedded is not None else tuple(self.path.split(os.sep))

    @property
    def standing_path(self) -> str:
        """The path from which the config sees its variables: a text's is beside the file that holds it."""
        if self.embedded is None:
            return self.path
        return os.path.join(os.path.dirname(self.path), self.embedded.label[-1])

    def line(self, offset: int) -> int:
        """Return the file's line, from 1, that holds a character of ``document``."""
        return self.embedded.line(offset) if self.embedded is not None else self.document.line(offset)

    def with_embedded(self, embedded: Embedded) -> ParsedFile:
        """Return a string of this file as the config that it is."""
        return replace(self, document=embedded.document, embedded=embedded, holder=self)


@dataclass()
class Files:
    """Reads and parses files and remembers them; ``faults`` holds why one could not be, with its line."""

    listing: Listing
    faults: dict[str, tuple[int | None, str]] = field(default_factory=dict)
    _parsed: dict[str, ParsedFile | None] = field(default_factory=dict)
    _followed: int = 0

    def load(self, path: str) -> ParsedFile | None:
        """Return a file of the walk, or one that was named, parsed; ``None``, and a fault, where it cannot be."""
        if path not in self._parsed:
            self._parsed[path] = self._load(path)
        return self._parsed[path]

    def parsed(self) -> list[ParsedFile]:
        """Return the files that were parsed so far."""
        return [file for file in self._parsed.values() if file is not None]

    def follow(self, path: str) -> ParsedFile | None:
        """Return a module that another file imports, where it is a file of the workspace."""
        if path in self._parsed:
            return self._parsed[path]
        if self._followed >= MAX_FOLLOWED or not os.path.isfile(path):
            return None
        self._followed += 1
        return self.load(path) if is_within(os.path.realpath(path), self.listing.root) else None

    def _load(self, path: str) -> ParsedFile | None:
        real = os.path.realpath(path)
        format_name = formats.detect(os.path.basename(path))
        if format_name is None:
            self.faults[path] = (None, "its name tells no format that holds a config")
            return None
        text: str | None = None
        try:
            data = read_bytes(real)
            status = os.stat(real)
            source = decode(data)
            text = source.text
            if self.listing.progress is not None:
                self.listing.progress(f"reading {self.listing.name(path)}", len(data) >= LONG_BYTES)
            document = formats.parse(text, format_name)
        except OSError as error:
            self.faults[path] = (None, f"it cannot be read: {error.strerror}")
        except DocumentError as error:
            if text is None:
                self.faults[path] = _undecodable(data, error.reason)
                return None
            line = text.count("\n", 0, error.offset) + 1 if error.offset is not None else None
            self.faults[path] = (line, error.reason)
        except Exception as error:
            # A reader's own fault in one file must not hide the channels of all others.
            self.faults[path] = (None, f"its reader failed ({type(error).__name__}); please report it")
        else:
            identity = (status.st_dev, status.st_ino)
            return ParsedFile(path, real, self.listing.name(path), data, source, document, identity)
        return None


def _undecodable(data: bytes, reason: str) -> tuple[int | None, str]:
    """Return where and why a file's bytes are no UTF-8."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return 1, f"the file is {encoding}, not UTF-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1, "the file is not UTF-8"
    return None, reason
