"""The scan: which of many files hold one of some words, read with as few system calls as that takes.

Nothing but regular files is opened, and none through a link. The work is system calls and copying, which threads cannot
share, so copies of this process take part in it, from when the first files are known.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Sequence

from tokenrouter_video.discovery.walk import Listing
from tokenrouter_video.documents.document import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_CHUNK = 65_536
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

# Below this many files a second process costs more than it saves.
FILES_WORTH_A_PROCESS = 1_000
_MOST_PROCESSES = 4
# Paths go from hand to hand in packets, which a pipe takes and gives whole up to PIPE_BUF (pipe(7)).
_PACKET_PATHS = 40
_PACKET_BYTES = 4_096
_PIPE_BYTES = 1_048_576

HIT, BINARY, TOO_LARGE, UNREADABLE, UTF16 = 1, 2, 3, 4, 5
_REASONS = {
    BINARY: "a binary file",
    TOO_LARGE: f"larger than {MAX_BYTES // 1_000_000} MB",
    UNREADABLE: "it cannot be read",
}


class Scan:
    """One look at many files: those that are added are read while more of them are still being looked for.

    With ``fold`` the needles, in lower case, match any case.
    """

    def __init__(self, needles: Sequence[bytes], *, fold: bool) -> None:
        self._needles = tuple(needles)
        self._fold = fold
        self._paths: list[str] = []
        self._packets: list[bytes] = []
        self._count = 0
        self._crew: _Crew | None = None

    def add(self, paths: Iterable[str]) -> None:
        """Take in files by their absolute paths, which lead through no link."""
        self._paths += paths
        while len(self._paths) >= _PACKET_PATHS:
            self._pack()

    def _pack(self) -> None:
        """Make one packet, and hand out what the others have room for."""
        some = self._paths[:_PACKET_PATHS]
        del self._paths[:_PACKET_PATHS]
        self._count += len(some)
        self._packets.append(_packet(some))
        if self._crew is None and self._count >= FILES_WORTH_A_PROCESS:
            self._crew = _Crew(self._needles, self._fold)
        if self._crew is not None:
            self._crew.hand_out(self._packets)

    def verdicts(self, meanwhile: Callable[[], object] | None = None) -> dict[str, int]:
        """Return what the files are that are not simply without a needle; ``HIT`` are those that hold one.

        ``meanwhile`` is called where other processes scan, before this one takes its share.
        """
        while self._paths:
            self._pack()
        crew = self._crew if self._crew is not None and self._crew.is_at_work else None
        if crew is not None and meanwhile is not None:
            meanwhile()
        found: list[tuple[bytes, int]] = []
        while self._packets:
            found += _scan(self._packets.pop(), self._needles, self._fold)
            if crew is not None:
                crew.hand_out(self._packets)
        if crew is not None:
            found += crew.finish()
        return {os.fsdecode(path): verdict for path, verdict in found}


def search(listing: Listing, paths: Sequence[str], needles: Sequence[bytes], *, fold: bool, report: bool) -> list[str]:
    """Return the paths, of those of a listing, whose bytes contain one of ``needles``; see :func:`judge_all`."""
    scan = Scan(needles, fold=fold)
    scan.add([listing.real.get(path, path) for path in paths] if listing.real else paths)
    return judge_all(listing, paths, scan.verdicts(), report=report)


def judge_all(listing: Listing, paths: Sequence[str], verdicts: dict[str, int], *, report: bool) -> list[str]:
    """Return the paths that verdicts call hits.

    With ``report``, files that are too large, binary, unreadable or in another encoding are noted in the listing.
    """
    if not verdicts:
        return []
    hits: list[str] = []
    for path in paths:
        verdict = verdicts.get(listing.real.get(path, path))
        if verdict == HIT:
            hits.append(path)
        elif verdict is not None and report:
            if verdict == UTF16:
                listing.utf16.append(path)
            else:
                listing.skip(path, _REASONS[verdict])
    return hits


def read_bytes(path: str) -> bytes:
    """Return a regular file's bytes, at most one more than ``MAX_BYTES``; raise ``OSError``, for a link too."""
    descriptor = os.open(path, _OPEN_FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "it is not a regular file")
        data = os.read(descriptor, _CHUNK)
        return data if len(data) < _CHUNK else data + _read_rest(descriptor, len(data))
    finally:
        os.close(descriptor)


def _read_rest(descriptor: int, count: int) -> bytes:
    pieces: list[bytes] = []
    while count <= MAX_BYTES:
        piece = os.read(descriptor, MAX_BYTES + 1 - count)
        if not piece:
            break
        pieces.append(piece)
        count += len(piece)
    return b"".join(pieces)


def _packet(paths: Sequence[str]) -> bytes:
    """Return paths as bytes, each with a null character behind it, which no path holds."""
    return os.fsencode("\0".join(paths)) + b"\0"


def _scan(packet: bytes, needles: Sequence[bytes], fold: bool) -> list[tuple[bytes, int]]:
    """Judge a packet's files; those that are fine and hold no needle are not in the answer."""
    open_, read, close = os.open, os.read, os.close
    found: list[tuple[bytes, int]] = []
    for path in packet.split(b"\0")[:-1]:
        try:
            descriptor = open_(path, _OPEN_FLAGS)
            try:
                data = read(descriptor, _CHUNK)
                if len(data) == _CHUNK:
                    data += _read_rest(descriptor, _CHUNK)
            finally:
                close(descriptor)
        except OSError:
            found.append((path, UNREADABLE))
            continue
        if len(data) > MAX_BYTES:
            found.append((path, TOO_LARGE))
            continue
        if data.find(b"\0", 0, 8192) >= 0:
            found.append((path, UTF16 if data.startswith((b"\xff\xfe", b"\xfe\xff")) else BINARY))
            continue
        if fold:
            data = data.lower()
        for needle in needles:
            if needle in data:
                found.append((path, HIT))
                break
    return found


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _may_fork() -> bool:
    """Whether a copy of this process is safe: on Linux, while no other thread may hold a lock."""
    threading = sys.modules.get("threading")
    return sys.platform == "linux" and (threading is None or threading.active_count() == 1)


class _Crew:
    """Copies of this process that scan what is handed out to them through a pipe, and do nothing else.

    The pipe is in packet mode (``O_DIRECT`` of pipe(7)), so that several readers never share a packet.
    """

    def __init__(self, needles: Sequence[bytes], fold: bool) -> None:
        self._needles = needles
        self._fold = fold
        self._given: list[bytes] = []
        self._workers: list[tuple[int, int]] = []
        count = min(_MOST_PROCESSES, _processors()) - 1
        if count > 0 and _may_fork():
            self._start(count)

    @property
    def is_at_work(self) -> bool:
        """Whether anyone could be started."""
        return bool(self._workers)

    def _start(self, count: int) -> None:
        try:
            import fcntl
            from contextlib import suppress

            self._taking, self._giving = os.pipe2(os.O_DIRECT | os.O_CLOEXEC)
        except (ImportError, AttributeError, OSError):
            return
        with suppress(OSError):  # a smaller pipe only makes them wait more
            fcntl.fcntl(self._giving, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        os.set_blocking(self._giving, False)
        for _ in range(count):
            try:
                receiving, sending = os.pipe()
            except OSError:
                break
            try:
                process = os.fork()
            except OSError:
                os.close(receiving)
                os.close(sending)
                break
            if not process:
                self._work(sending)
            os.close(sending)
            self._workers.append((process, receiving))
        if not self._workers:
            os.close(self._taking)
            os.close(self._giving)

    def hand_out(self, packets: list[bytes]) -> None:
        """Move packets into the pipe, from the end of the list, as long as there is room."""
        while self._workers and packets and len(packets[-1]) <= _PACKET_BYTES:
            try:
                os.write(self._giving, packets[-1])
            except OSError:
                return
            self._given.append(packets.pop())

    def finish(self) -> list[tuple[bytes, int]]:
        """Help with what is still in the pipe, and return everyone's findings."""
        os.close(self._giving)
        found = self._take()
        os.close(self._taking)
        is_complete = True
        for process, receiving in self._workers:
            answer = _answer(process, receiving)
            is_complete = is_complete and answer is not None
            found += answer or []
        if not is_complete:
            # Someone was stopped with packets in hand: nobody knows which.
            for packet in self._given:
                found += _scan(packet, self._needles, self._fold)
        return found

    def _take(self) -> list[tuple[bytes, int]]:
        found: list[tuple[bytes, int]] = []
        while packet := os.read(self._taking, _PIPE_BYTES):
            found += _scan(packet, self._needles, self._fold)
        return found

    def _work(self, sending: int) -> NoReturn:
        """Scan until nothing more comes, send what was found, and end this process at once, whatever happens."""
        try:
            os.close(self._giving)
            lines = [b"%d" % verdict + path + b"\0" for path, verdict in self._take()]
            data = b"".join(lines) + b"end"
            while data:
                data = data[os.write(sending, data) :]
        finally:
            os._exit(0)


def _answer(process: int, receiving: int) -> list[tuple[bytes, int]] | None:
    """Return a worker's findings, ``None`` where it did not come to its end."""
    pieces: list[bytes] = []
    while piece := os.read(receiving, _CHUNK):
        pieces.append(piece)
    os.close(receiving)
    os.waitpid(process, 0)
    *lines, last = b"".join(pieces).split(b"\0")
    return [(line[1:], int(line[:1])) for line in lines] if last == b"end" else None
