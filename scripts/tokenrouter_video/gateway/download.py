"""Fetch a finished video into a file: whole or not at all, resumed after a cut, the key to its own gateway only.

A video is streamed to a hidden name beside its target and takes the target's name once it is complete and as long as
announced. A cut is resumed where the server can (RFC 9110, sections 13.1.5 and 14: ``If-Range``, ``Range``, 206).
"""

from __future__ import annotations

import glob
import os
import re
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol
from urllib.parse import urljoin

from tokenrouter_video.errors import UsageError
from tokenrouter_video.gateway.exchange import plain_bytes
from tokenrouter_video.gateway.origin import may_see_key
from tokenrouter_video.gateway.replies import Reply, retry_after
from tokenrouter_video.records import dataclass
from tokenrouter_video.state import sync_directory

if TYPE_CHECKING:
    import httpx

    from tokenrouter_video.gateway.client import GatewayClient

MAX_VIDEO_BYTES = 16_000_000_000
MAX_SECONDS = 3600.0
MAX_REDIRECTS = 5
# A part that nobody has written to for so long belongs to a program that was killed: no try is silent that long.
ABANDONED_SECONDS = 1800.0
# Tries in a row that bring nothing new, and all tries together.
MAX_IDLE_TRIES = 5
MAX_TRIES = 40

# Characters of the target's name in the hidden one: with four bytes for each there is room for the rest.
_PART_NAME = 50

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
# What pages, errors and lists of a store begin with, whatever type they are sent as; no container of videos does.
_NO_VIDEO_START = (b"<", b"{")
_NO_VIDEO = ("text/", "application/json", "application/xml", "application/problem+json")


class Progress(Protocol):
    """What is told how far a download is: bytes so far, and bytes in all where that is known."""

    def __call__(self, done: int, total: int | None) -> None:
        """Show it."""


class DownloadError(Exception):
    """The video could not be fetched or saved; nothing stands under the target's name. The text is fit to be shown."""


class _TryAgain(Exception):
    """An attempt ended early; ``pause`` is how many seconds the server wants to be left alone."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


def check_target(target: Path, *, force: bool) -> None:
    """Refuse, before anything is spent, a download that could not be saved; raises UsageError."""
    if not _can_be_named(target):
        raise UsageError(f"--download {target}: no file can have this name", "name another file")
    if target.is_dir():
        directory = target
    else:
        directory = target.parent
        if os.path.lexists(target) and not force:
            raise UsageError(f"--download {target} exists already", "name another file, or add --force to replace it")
        if os.path.lexists(target) and target.exists() and not target.is_file():
            raise UsageError(f"--download {target} is no regular file", "name a file to be made")
        if not target.name:
            raise UsageError(f"--download {target} names no file", "name a file to be made")
    if not directory.is_dir():
        raise UsageError(f"--download {target}: the folder {directory} does not exist", "make the folder first")
    if not os.access(directory, os.W_OK | os.X_OK):
        raise UsageError(f"--download {target}: the folder {directory} is not writable", "name another folder")


def _can_be_named(target: Path) -> bool:
    """Tell whether the file system takes a name of that length and kind."""
    try:
        target.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return True
    except (OSError, ValueError):
        return False
    return True


def target_names(target: Path, task_id: str, count: int) -> list[Path]:
    """Return where ``count`` videos go: the target itself, or ``name-1.mp4``, ``name-2.mp4`` for several.

    A target that is a folder gets a file named after the task, of which only letters, digits, ``_`` and ``-`` are kept.
    """
    if target.is_dir():
        kept = re.sub(r"[^A-Za-z0-9_-]", "", task_id)[:100]
        target = target / f"{kept or 'video'}.mp4"
    if count == 1:
        return [target]
    return [target.with_name(f"{target.stem}-{number}{target.suffix}") for number in range(1, count + 1)]


def download(
    client: GatewayClient,
    url: str,
    target: Path,
    *,
    force: bool = False,
    progress: Progress = lambda done, total: None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Save the video at ``url`` as ``target``; raises DownloadError, and then nothing has taken the target's name."""
    final = Path(os.path.realpath(target)) if force else target
    if os.path.lexists(target) and not force:
        raise DownloadError(f"{target} exists already")
    try:
        part, descriptor = _hidden_file(final)
    except OSError as error:
        raise DownloadError(f"{target} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "w+b") as file:
            _Fetch(client, url, file, progress).run(sleep)
            file.flush()
            os.fsync(file.fileno())
        _take_name(part, final, force)
    except OSError as error:
        raise DownloadError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink()
    sync_directory(final.parent)


def _hidden_file(target: Path) -> tuple[Path, int]:
    """Make the hidden file; what killed programs left of theirs for the same target is removed."""
    name = target.name[:_PART_NAME]
    for left in target.parent.glob(f".{glob.escape(name)}.????????.part"):
        with suppress(OSError):
            if time.time() - left.lstat().st_mtime > ABANDONED_SECONDS:
                left.unlink()
    part = target.with_name(f".{name}.{os.urandom(4).hex()}.part")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    return part, os.open(part, flags, 0o666)


def _take_name(part: Path, target: Path, force: bool) -> None:
    """Give the finished file its name; without ``force`` never over one that has appeared meanwhile."""
    if force:
        if target.exists():
            with suppress(OSError):
                part.chmod(stat.S_IMODE(target.stat().st_mode))
        part.replace(target)
        return
    try:
        os.link(part, target, follow_symlinks=False)
    except FileExistsError:
        raise DownloadError(f"{target} appeared while the video was fetched") from None
    except (OSError, NotImplementedError):
        # no hard links here (FAT, some network file systems): the gap between the two calls cannot be closed
        if os.path.lexists(target):
            raise DownloadError(f"{target} appeared while the video was fetched") from None
        part.rename(target)


@dataclass()
class _Fetch:
    """One video on its way into an open file, over as many connections as it takes."""

    client: GatewayClient
    url: str
    file: BinaryIO
    progress: Progress
    done: int = 0
    total: int | None = None
    validator: str | None = None

    def run(self, sleep: Callable[[float], None]) -> None:
        best, idle, tries = 0, 0, 0
        deadline = time.monotonic() + MAX_SECONDS
        while True:
            tries += 1
            try:
                self._attempt(deadline)
            except _TryAgain as cut:
                idle = 0 if self.done > best else idle + 1
                best = max(best, self.done)
                if idle >= MAX_IDLE_TRIES or tries >= MAX_TRIES or time.monotonic() >= deadline:
                    raise DownloadError(f"{cut} ({self._amount()}, after {tries} tries)") from None
                sleep(max(min(cut.pause, 60.0), min(0.25 * 2**idle, 8.0)))
            else:
                return

    def _attempt(self, deadline: float) -> None:
        import httpx

        try:
            self._follow(deadline)
        except (httpx.InvalidURL, ValueError) as error:
            raise DownloadError("the video's URL is no valid URL") from error
        except httpx.UnsupportedProtocol as error:
            raise DownloadError("the video's URL is neither http nor https") from error
        except httpx.HTTPError as error:
            raise _TryAgain(f"the connection broke: {type(error).__name__}") from error

    def _follow(self, deadline: float) -> None:
        """Ask for the rest, following redirects by hand: none carries the key to another origin or back from one."""
        url, with_key = self.url, may_see_key(self.url, self.client.origin)
        headers = {}
        if self.done and self.validator:
            headers = {"Range": f"bytes={self.done}-", "If-Range": self.validator}
        for _ in range(MAX_REDIRECTS + 1):
            with self.client.stream(url, headers, with_key=with_key) as response:
                location = response.headers.get("location")
                if response.status_code not in _REDIRECTS or not location:
                    self._take(response, deadline)
                    return
                url = urljoin(url, location)
                with_key = with_key and may_see_key(url, self.client.origin)
        raise DownloadError(f"more than {MAX_REDIRECTS} redirects")

    def _take(self, response: httpx.Response, deadline: float) -> None:
        status = response.status_code
        if status == 206 and self.done and self._continues(response):
            pass
        elif status in (206, 416) and self.done:
            self._restart()
            raise _TryAgain("the server does not continue where it stopped")
        elif status == 200:
            self._restart()
            self._begin(response)
        elif status in _TRANSIENT:
            wait = retry_after(Reply(status, response.headers, b""))
            raise _TryAgain(f"the server answered {status}", wait or 0.0)
        else:
            hint = ": the URL may have expired" if status in (401, 403, 404, 410) else ""
            raise DownloadError(f"the server answered {status}{hint}")
        for chunk in plain_bytes(response):
            if not self.done and chunk.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_NO_VIDEO_START):
                raise DownloadError("the server sent a page or a message instead of a video")
            self.file.write(chunk)
            self.done += len(chunk)
            if self.done > MAX_VIDEO_BYTES:
                raise DownloadError(f"the video is larger than {MAX_VIDEO_BYTES:,} bytes")
            if time.monotonic() > deadline:
                raise DownloadError(f"the download took longer than {MAX_SECONDS:.0f} seconds ({self._amount()})")
            self.progress(self.done, self.total)
        self._check_end()

    def _begin(self, response: httpx.Response) -> None:
        kind = response.headers.get("content-type", "").strip().lower()
        if kind.startswith(_NO_VIDEO):
            raise DownloadError(f"the server sent {kind.partition(';')[0][:60]} instead of a video")
        encoded = response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")
        length = response.headers.get("content-length", "")
        self.total = int(length) if length.isascii() and length.isdigit() and len(length) < 16 and not encoded else None
        etag = response.headers.get("etag", "")
        strong = etag if etag.startswith('"') else response.headers.get("last-modified")
        self.validator = strong if not encoded else None
        self.progress(0, self.total)

    def _continues(self, response: httpx.Response) -> bool:
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("content-range", "").strip())
        if found is None or int(found[1]) != self.done or "content-encoding" in response.headers:
            return False
        return found[3] == "*" or self.total is None or int(found[3]) == self.total

    def _restart(self) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.done, self.total, self.validator = 0, None, None

    def _check_end(self) -> None:
        if self.total is not None and self.done != self.total:
            raise _TryAgain("the connection ended early")
        if not self.done:
            raise _TryAgain("the server sent nothing")
        self.file.flush()
        # a server that announced no length may have been cut without anyone's noticing
        if self.total is None and not _is_whole(self.file, self.done):
            raise _TryAgain("the video ends in the middle")

    def _amount(self) -> str:
        return f"{self.done:,} of {self.total:,} bytes" if self.total is not None else f"{self.done:,} bytes"


def _is_whole(file: BinaryIO, size: int) -> bool:
    """Whether an MP4's top-level boxes end where the file ends (ISO/IEC 14496-12, 4.2); True for any other file."""
    place, first = 0, True
    try:
        while place < size:
            file.seek(place)
            head = file.read(16)
            if first and head[4:8] != b"ftyp":
                return True
            first = False
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            elif length == 0:
                return True
            if length < 8 or len(head) < 8:
                return False
            place += length
        return place == size
    finally:
        file.seek(size)
