"""What is remembered of an applied edit, and how it is taken back.

A record holds a file's path, offsets, lengths and hashes, and for a fix the scalar that stood there: never a file's
text and never a key.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tokenrouter_video.documents.document import decode
from tokenrouter_video.documents.edits import TextEdit
from tokenrouter_video.errors import ChangedError, NoStateError
from tokenrouter_video.records import dataclass
from tokenrouter_video.state import make_private

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEPT_RECORDS = 200
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class UndoFile:
    """One edited file: where inserted text stands now, and which scalars a fix replaced.

    ``spans`` are (start, length now, text before), in characters of the edited text, a BOM not counted. ``before`` is
    the old bytes' hash, empty for a file that the edit made.
    """

    name: str
    path: str
    before: str
    after: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class UndoRecord:
    """One applied edit of a workspace."""

    model: str
    applied_at: float
    files: tuple[UndoFile, ...]


def digest(data: bytes) -> str:
    """Return the hash by which a file's state is recognised."""
    return hashlib.sha256(data).hexdigest()


def undo_file(name: str, path: Path, old: bytes | None, new: bytes, edits: Iterable[TextEdit]) -> UndoFile:
    """Return what must be remembered so that the edits can be taken back; ``old`` is ``None`` for a new file."""
    if old is None:
        return UndoFile(name, str(path), "", digest(new), ())
    text = decode(old).text
    spans: list[tuple[int, int, str]] = []
    shift = 0
    for edit in sorted(edits):
        spans.append((edit.start + shift, len(edit.text), text[edit.start : edit.end]))
        shift += len(edit.text) - (edit.end - edit.start)
    return UndoFile(name, str(path), digest(old), digest(new), tuple(spans))


def reverted(record: UndoFile, current: bytes | None) -> bytes | None:
    """Return the file's bytes before the edit, ``None`` being no file.

    Raises :class:`ChangedError` where it is not as the edit left it.
    """
    state = digest(current) if current is not None else ""
    if state == record.before:
        # The program ended between the record and the write.
        return current
    if state != record.after or current is None:
        raise ChangedError(
            f"{record.name}: the file changed since the edit; nothing was written",
            "Take the route out by hand, or restore the file's text as the edit left it.",
        )
    if not record.before:
        return None
    source = decode(current)
    text = source.text
    for start, length, before in reversed(record.spans):
        text = text[:start] + before + text[start + length :]
    data = source.encode(text)
    if digest(data) != record.before:
        raise ChangedError(
            f"{record.name}: the record of the edit does not lead back to the old file; nothing was written",
            "Take the route out by hand.",
        )
    return data


class UndoLog:
    """The applied edits of one workspace, newest last, as a file in the state directory."""

    def __init__(self, state: Path, workspace: Path) -> None:
        key = hashlib.sha256(os.fsencode(workspace.resolve())).hexdigest()[:32]
        self._folder = state / "undo"
        self._path = self._folder / f"{key}.json"

    def require_writable(self) -> None:
        """Raise :class:`NoStateError` where records cannot be kept."""
        try:
            make_private(self._folder.parent)
            make_private(self._folder)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
        except OSError as error:
            raise self._no_state(error) from None

    @staticmethod
    def _no_state(error: OSError) -> NoStateError:
        return NoStateError(
            f"the undo record cannot be written: {error.strerror}; nothing was changed",
            "Make the state directory writable, or name another with TOKENROUTER_VIDEO_STATE_DIR.",
        )

    def last(self) -> UndoRecord | None:
        """Return the edit that was applied last, ``None`` where none is left."""
        records = self._read()
        return records[-1] if records else None

    def push(self, model: str, files: Iterable[UndoFile]) -> None:
        """Remember an edit; called before it is written, so that no edit is ever without its record."""
        self._write([*self._read(), UndoRecord(model, time.time(), tuple(files))][-_KEPT_RECORDS:])

    def pop(self) -> None:
        """Forget the edit that was applied last."""
        self._write(self._read()[:-1])

    def _read(self) -> list[UndoRecord]:
        try:
            data = json.loads(self._path.read_bytes())
            return [_record(item) for item in data["records"]] if data["schema"] == _SCHEMA else []
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _write(self, records: list[UndoRecord]) -> None:
        data = {"schema": _SCHEMA, "records": [_plain(record) for record in records]}
        temporary = ""
        try:
            make_private(self._folder.parent)
            make_private(self._folder)
            descriptor, temporary = tempfile.mkstemp(dir=self._folder, suffix=".tmp")
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(data, stream)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(self._path)
        except OSError as error:
            with suppress(OSError):
                Path(temporary).unlink()
            raise self._no_state(error) from None


def _plain(record: UndoRecord) -> dict[str, Any]:
    files = [
        {"name": one.name, "path": one.path, "before": one.before, "after": one.after, "spans": one.spans}
        for one in record.files
    ]
    return {"model": record.model, "applied_at": record.applied_at, "files": files}


def _record(item: dict[str, Any]) -> UndoRecord:
    files = tuple(
        UndoFile(
            str(one["name"]),
            str(one["path"]),
            str(one["before"]),
            str(one["after"]),
            tuple((int(start), int(length), str(before)) for start, length, before in one["spans"]),
        )
        for one in item["files"]
    )
    return UndoRecord(str(item["model"]), float(item["applied_at"]), files)
