"""The journal: what was sent is on disk before it is sent, so that nothing is billed twice and no result is lost.

Append-only JSON Lines in ``tasks.jsonl`` of the state directory, mode 0600, each record synced to disk before the
program goes on. ``tasks.lock`` is held while the file is read, the decision taken and the record appended: of two
programs with the same request at the same instant one sends it. A kill can tear the last line only: readers leave a
torn line out and writers start a new one. A record holds the request's body and no key, only its fingerprint.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from tokenrouter_video.errors import NoStateError
from tokenrouter_video.gateway import history
from tokenrouter_video.gateway.history import Entry, History, Submission
from tokenrouter_video.state import make_private, sync_directory

MAX_LINE_BYTES = 1_000_000
LOCK_SECONDS = 20.0
# Beyond this size the requests that ended long ago are cut down, once they are half of all.
COMPACT_BYTES = 16_000_000
KEEP_CLOSED = timedelta(days=60)

# Members of a record that users and gateways worded.
_WORDED = frozenset({"body", "reason", "task_id", "video_urls"})

# Windows has none of the first two; without the third its descriptors turn line breaks into two bytes.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class OpenRequest(Exception):
    """The same request is open or its fate unknown; ``entry`` is the one."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.id)
        self.entry = entry


def _now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """The remembered requests of one state directory; one instance belongs to one thread.

    ``clean`` takes secrets out of what others worded before it is written: gateways quote keys in their errors. By
    what the program itself wrote, paths and names, a task is found again: it stays as it is. ``keep`` is told of task
    ids and result URLs, which are of no use in part. Every writing method raises NoStateError where the journal cannot
    be read or written.
    """

    def __init__(
        self,
        directory: Path,
        *,
        clean: Callable[[Any], Any] = lambda value: value,
        keep: Callable[[str], None] = lambda text: None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.directory = directory
        self.path = directory / "tasks.jsonl"
        self._clean = clean
        self._keep = keep
        self._now = now
        self._history = History()
        self._inode: tuple[int, int] | None = None
        self._offset = 0

    # reading

    def entries(self) -> list[Entry]:
        """Return all remembered requests, oldest first; none where there is no journal yet."""
        self._catch_up()
        return self._history.entries()

    def find(self, id: str) -> Entry | None:
        """Return the request with this id or task id."""
        self._catch_up()
        return self._history.find(id)

    def same(self, submission: Submission) -> list[Entry]:
        """Return the remembered requests that are the same as this one, the latest first."""
        self._catch_up()
        return self._history.same(submission.identity)

    # writing

    def check(self, submission: Submission, *, again: bool = False) -> None:
        """Prove that this request could be written down now and is not open, without changing the journal.

        Raises OpenRequest for a duplicate (unless ``again``) and NoStateError.
        """
        line = _line(history.intent_record(submission, _new_id(), self._stamp()))
        with self._locked():
            self._refuse_duplicate(submission, again)
            self._prove_space(len(line))

    def begin(self, submission: Submission, *, again: bool = False) -> Entry:
        """Write down that a request is about to be sent, and return it; after this it is open.

        Raises OpenRequest for a duplicate (unless ``again``) and NoStateError: then nothing was written.
        """
        with self._locked():
            self._refuse_duplicate(submission, again)
            self._compact()
            id = _new_id()
            self._append(history.intent_record(submission, id, self._stamp()))
            entry = self._history.find(id)
        if entry is None:
            raise NoStateError(f"the journal {self.path} does not hold what was just written to it", _REMEDY)
        return entry

    def accepted(self, id: str, task_id: str) -> None:
        """Remember the id under which the gateway took the request."""
        self._record(id, history.ACCEPTED, task_id=task_id)

    def progress(self, id: str, status: str) -> None:
        """Remember that a task is now queued or in progress."""
        self._record(id, history.PROGRESS, status=status)

    def uncertain(self, id: str, reason: str) -> None:
        """Remember why nobody knows what became of a request; it stays open."""
        self._record(id, history.UNCERTAIN, reason=reason)

    def refused(self, id: str, reason: str) -> None:
        """Close a request that the gateway surely did not take."""
        self._record(id, history.REFUSED, reason=reason)

    def unsent(self, id: str, reason: str) -> None:
        """Close a request that surely never left this machine."""
        self._record(id, history.UNSENT, reason=reason)

    def succeeded(self, id: str, video_urls: tuple[str, ...], expires_at: str | None) -> None:
        """Close a request whose video is there."""
        self._record(id, history.SUCCEEDED, video_urls=list(video_urls), expires_at=expires_at)

    def failed(self, id: str, reason: str) -> None:
        """Close a request whose task ended in failure."""
        self._record(id, history.FAILED, reason=reason)

    def forget(self, id: str) -> None:
        """Close a request whose end nobody will learn, or cares to."""
        self._record(id, history.FORGOTTEN)

    def _record(self, id: str, kind: str, **members: Any) -> None:
        with self._locked():
            self._append({"v": 1, "kind": kind, "id": id, "at": self._stamp(), **members})

    def _refuse_duplicate(self, submission: Submission, again: bool) -> None:
        entry = self._history.open_with(submission.identity)
        if entry is not None and not again:
            raise OpenRequest(entry)

    # the file

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the journal's lock with everything read that is in it."""
        from filelock import FileLock, Timeout

        try:
            make_private(self.directory)
            lock = FileLock(str(self.directory / "tasks.lock"), timeout=LOCK_SECONDS, mode=0o600)
            lock.acquire()
        except Timeout as error:
            problem = f"the journal {self.path} has been locked by another program for {LOCK_SECONDS:.0f} seconds"
            raise NoStateError(problem, "wait for the other program, or end it") from error
        except (OSError, NotImplementedError) as error:
            raise self._unwritable(error) from error
        try:
            self._catch_up()
            yield
        finally:
            lock.release()

    def _catch_up(self) -> None:
        """Read what was appended since the last time; all of it, where the file is another one now."""
        try:
            with self._open_to_read() as file:
                state = os.fstat(file.fileno())
                inode = (state.st_dev, state.st_ino)
                if inode != self._inode or state.st_size < self._offset:
                    self._history, self._inode, self._offset = History(), inode, 0
                file.seek(self._offset)
                for line, complete in _lines(file):
                    # A torn line is not an end: whoever appends next finishes it with a line break. An object is whole
                    # without one too, as editors leave it: no part of an object is an object.
                    if not complete and not isinstance(line.record, dict):
                        break
                    self._offset += line.size
                    self._keep_results(line.record)
                    self._history.add(line.record)
        except FileNotFoundError:
            self._history, self._inode, self._offset = History(), None, 0
        except OSError as error:
            problem = f"the journal {self.path} cannot be read: {error.strerror or error}"
            raise NoStateError(problem, _REMEDY) from error

    def _open_to_read(self) -> BinaryIO:
        descriptor = os.open(self.path, os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0))
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError("not a regular file")
        return os.fdopen(descriptor, "rb", buffering=1 << 16)

    def _append(self, record: dict[str, Any]) -> None:
        """Add one line and sync it; a failure leaves the file as it was. The lock is held."""
        self._keep_results(record)
        line = _line({name: self._clean(value) if name in _WORDED else value for name, value in record.items()})
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _NO_FOLLOW, 0o600)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            before = os.fstat(descriptor).st_size
            try:
                if before and _last_byte(descriptor, before) != b"\n":
                    line = b"\n" + line
                _write(descriptor, line)
                os.fsync(descriptor)
            except OSError as error:
                with suppress(OSError):
                    os.ftruncate(descriptor, before)
                raise self._unwritable(error) from error
        finally:
            os.close(descriptor)
        if not before:
            sync_directory(self.directory)
        self._catch_up()

    def _prove_space(self, size: int) -> None:
        """Show that the journal can be opened for writing and that the disk takes a line of this size."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _NO_FOLLOW, 0o600)
            os.close(descriptor)
            with tempfile.TemporaryFile(dir=self.directory) as file:
                file.write(bytes(size))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._unwritable(error) from error

    def _compact(self) -> None:
        """Rewrite a large journal with less of the requests that ended long ago. The lock is held.

        Nothing is left of those that no later request is held against; of the others, which would be billed again,
        what tells them apart and how they ended.
        """
        if self._offset < COMPACT_BYTES:
            return
        entries = self._history.entries()
        horizon = _stamp(self._now() - KEEP_CLOSED)
        old = [entry for entry in entries if not entry.open and (entry.closed_at or "") < horizon]
        dropped = {entry.id for entry in old if not entry.is_asked_for}
        cut = {entry.id for entry in old if entry.is_asked_for and not entry.is_short}
        if (len(dropped) + len(cut)) * 2 < len(entries):
            return
        name = None
        try:
            descriptor, name = tempfile.mkstemp(prefix="tasks-", suffix=".jsonl", dir=self.directory)
            with os.fdopen(descriptor, "wb") as kept, self._open_to_read() as file:
                for line, _ in _lines(file):
                    record = line.record
                    if not isinstance(record, dict) or str(record.get("id")) in dropped:
                        continue
                    rest = history.shortened(record) if str(record.get("id")) in cut else record
                    if rest is not None:
                        kept.write(_line(rest))
                kept.flush()
                os.fsync(kept.fileno())
            os.replace(name, self.path)  # noqa: PTH105 - the name is a string here
            sync_directory(self.directory)
        except OSError as error:
            # what does not fit is not to fill the disk a little more with each try
            if name is not None:
                Path(name).unlink(missing_ok=True)
            raise self._unwritable(error) from error
        self._catch_up()

    def _keep_results(self, record: object) -> None:
        if isinstance(record, dict):
            urls = record.get("video_urls")
            for text in (record.get("task_id"), *(urls if isinstance(urls, list) else ())):
                if isinstance(text, str):
                    self._keep(text)

    def _unwritable(self, error: Exception) -> NoStateError:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return NoStateError(f"the journal {self.path} cannot be written: {reason}", _REMEDY)

    def _stamp(self) -> str:
        return _stamp(self._now())


_REMEDY = "free some space, correct the permissions, or set TOKENROUTER_VIDEO_STATE_DIR to a folder of your own"


class _Line:
    """One line of the file: its size in bytes with the line break, and what it says (None if that is no JSON)."""

    __slots__ = ("record", "size")

    def __init__(self, text: bytes, size: int) -> None:
        self.size = size
        self.record: object = None
        if text.strip():
            with suppress(ValueError, RecursionError):
                self.record = json.loads(text)


def _lines(file: BinaryIO) -> Iterator[tuple[_Line, bool]]:
    """Yield each line and whether it ends in a line break; of one that is too long only its size."""
    while text := file.readline(MAX_LINE_BYTES):
        size, complete = len(text), text.endswith(b"\n")
        too_long = not complete and size == MAX_LINE_BYTES
        while too_long and not complete and (rest := file.readline(MAX_LINE_BYTES)):
            size, complete = size + len(rest), rest.endswith(b"\n")
        yield _Line(b"" if too_long else text, size), complete


def _line(record: Mapping[str, Any]) -> bytes:
    line = json.dumps(record, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"
    if len(line) > MAX_LINE_BYTES:
        problem = f"the request is too large to be remembered: {len(line)} bytes, at most {MAX_LINE_BYTES}"
        raise NoStateError(problem, "shorten the request's parameters")
    return line


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _last_byte(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _new_id() -> str:
    return f"req_{os.urandom(8).hex()}"
