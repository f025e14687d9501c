"""The scan: which of many files hold one of some words, read with as few system calls as that takes.

Nothing but regular files is opened, and none through a link.
"""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

from tokenrouter_video.discovery.walk import Listing
from tokenrouter_video.documents.document import MAX_BYTES

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
_FILES_WORTH_A_PROCESS = 1_000
_MOST_PROCESSES = 4
# The work is shared out in this many parts; a part's number fits a byte.
_PARTS = 120

HIT, BINARY, TOO_LARGE, UNREADABLE, UTF16 = 1, 2, 3, 4, 5
_REASONS = {
    BINARY: "a binary file",
    TOO_LARGE: f"larger than {MAX_BYTES // 1_000_000} MB",
    UNREADABLE: "it cannot be read",
}


class _Job(NamedTuple):
    """A scan: which files, in which parts, for what."""

    paths: Sequence[str]
    bounds: Sequence[int]
    needles: Sequence[bytes]
    fold: bool


def search(
    listing: Listing,
    paths: Sequence[str],
    needles: Sequence[bytes],
    *,
    fold: bool,
    report: bool,
    meanwhile: Callable[[], object] | None = None,
) -> list[str]:
    """Return the paths whose bytes contain one of ``needles``; with ``fold``, lower-case needles match any case.

    With ``report``, files that are too large, binary or unreadable are noted in the listing. ``meanwhile`` is called
    where other processes scan, before this one takes its share.
    """
    targets = [listing.real.get(path, path) for path in paths] if listing.real else paths
    hits: list[str] = []
    for number, verdict in sorted(_scan_in_parallel(targets, needles, fold, meanwhile)):
        if verdict == HIT:
            hits.append(paths[number])
        elif report and verdict == UTF16:
            listing.utf16.append(paths[number])
        elif report:
            listing.skip(paths[number], _REASONS[verdict])
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


def _scan(job: _Job, first: int, last: int) -> list[tuple[int, int]]:
    """Judge the files from ``first`` to ``last``; those that are fine and hold no needle are not in the answer."""
    paths, _, needles, fold = job
    open_, read, close = os.open, os.read, os.close
    found: list[tuple[int, int]] = []
    for number in range(first, last):
        try:
            descriptor = open_(paths[number], _OPEN_FLAGS)
            try:
                data = read(descriptor, _CHUNK)
                if len(data) == _CHUNK:
                    data += _read_rest(descriptor, _CHUNK)
            finally:
                close(descriptor)
        except OSError:
            found.append((number, UNREADABLE))
            continue
        if len(data) > MAX_BYTES:
            found.append((number, TOO_LARGE))
            continue
        if data.find(b"\0", 0, 8192) >= 0:
            found.append((number, UTF16 if data.startswith((b"\xff\xfe", b"\xfe\xff")) else BINARY))
            continue
        if fold:
            data = data.lower()
        for needle in needles:
            if needle in data:
                found.append((number, HIT))
                break
    return found


def _scan_in_parallel(
    paths: Sequence[str], needles: Sequence[bytes], fold: bool, meanwhile: Callable[[], object] | None
) -> list[tuple[int, int]]:
    """Scan in as many processes as pay: the work is system calls and copying, which threads cannot share.

    Who is free takes the next part: the parts' numbers lie in a pipe, one byte each.
    """
    count = min(_MOST_PROCESSES, _processors(), len(paths) // _FILES_WORTH_A_PROCESS)
    bounds = [len(paths) * part // _PARTS for part in range(_PARTS + 1)]
    job = _Job(paths, bounds, needles, fold)
    parts, workers = (None, []) if count < 2 or not _may_fork() else _share(count - 1, job)
    if parts is None:
        return _scan(job, 0, len(paths))
    if meanwhile is not None:
        meanwhile()
    found, done = _take_parts(parts, job)
    os.close(parts)
    for process, pipe in workers:
        answers, scanned = _read_answer(process, pipe)
        found += answers
        done |= scanned
    for part in set(range(_PARTS)) - done:  # a worker that was killed leaves its parts undone
        found += _scan(job, bounds[part], bounds[part + 1])
    return found


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _may_fork() -> bool:
    """Whether a copy of this process is safe: on Linux, while no other thread may hold a lock."""
    threading = sys.modules.get("threading")
    return sys.platform == "linux" and (threading is None or threading.active_count() == 1)


def _share(count: int, job: _Job) -> tuple[int | None, list[tuple[int, int]]]:
    """Start copies of this process that scan and do nothing else; return the pipe of parts, and each one's answers."""
    try:
        parts, filling = os.pipe()
    except OSError:
        return None, []
    os.write(filling, bytes(range(_PARTS)))
    os.close(filling)
    workers: list[tuple[int, int]] = []
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
            _work(parts, sending, job)
        os.close(sending)
        workers.append((process, receiving))
    return parts, workers


def _work(parts: int, sending: int, job: _Job) -> NoReturn:
    """Scan parts until none is left, send what was found, and end this process at once, whatever happens."""
    try:
        found, done = _take_parts(parts, job)
        lines = [f"{number} {verdict}\n" for number, verdict in found]
        data = ("".join(lines) + f"done {' '.join(map(str, sorted(done)))}\n").encode()
        while data:
            data = data[os.write(sending, data) :]
    finally:
        os._exit(0)


def _take_parts(parts: int, job: _Job) -> tuple[list[tuple[int, int]], set[int]]:
    found: list[tuple[int, int]] = []
    done: set[int] = set()
    while part := os.read(parts, 1):
        found += _scan(job, job.bounds[part[0]], job.bounds[part[0] + 1])
        done.add(part[0])
    return found, done


def _read_answer(process: int, pipe: int) -> tuple[list[tuple[int, int]], set[int]]:
    """Return a worker's findings and the parts that it did, none where it did not come to its end."""
    pieces: list[bytes] = []
    while piece := os.read(pipe, _CHUNK):
        pieces.append(piece)
    os.close(pipe)
    os.waitpid(process, 0)
    *lines, last = b"".join(pieces).decode().splitlines() or [""]
    if not last.startswith("done"):
        return [], set()
    return [(int(number), int(verdict)) for number, verdict in map(str.split, lines)], set(map(int, last.split()[1:]))
