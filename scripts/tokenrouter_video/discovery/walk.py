"""The walk: which files of a workspace may be configs, and which of them hold given words.

This is the only part of discovery that meets every file, so it keeps to plain strings and system calls. Nothing is
followed out of the workspace, nothing but regular files is opened, and what is left out is said.
"""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH116

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from tokenrouter_video.discovery.findings import Skipped
from tokenrouter_video.documents.document import MAX_BYTES
from tokenrouter_video.documents.formats import detect

# Directories that hold no configs of the workspace's own: version control, installed packages, build output, caches.
# Virtual environments and caches of other names are known by a marker file.
PRUNED_DIRECTORIES = frozenset(
    {
        *(".git", ".hg", ".svn", ".jj", ".bzr", "CVS"),
        *("node_modules", "bower_components", "jspm_packages", ".yarn", ".pnpm-store", "site-packages", "Pods"),
        *(".venv", "venv", "virtualenv", ".virtualenv", ".direnv", ".eggs", "__pypackages__"),
        *("build", "dist", "out", "target", "_build", ".output", ".next", ".nuxt", ".svelte-kit", ".angular"),
        *(".vercel", ".netlify", ".serverless", ".aws-sam", ".terraform", ".gradle", "DerivedData", "storybook-static"),
        *("__pycache__", ".cache", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".tox", ".nox"),
        *(".parcel-cache", ".turbo", ".nyc_output", "coverage", "htmlcov", ".ipynb_checkpoints", ".sass-cache"),
    }
)

# ``python -m venv`` writes the first; the second is https://bford.info/cachedir/.
_MARKERS = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})

MAX_FOLDERS_DEEP = 100
MAX_SKIPPED = 1_000

# Names and suffixes, of no config format, of files that say which config a program is started with.
_EVIDENCE_NAMES = frozenset({"makefile", "gnumakefile", "dockerfile", "containerfile", "procfile", "justfile"})
_EVIDENCE_SUFFIXES = frozenset({"service", "dockerfile", "sh", "mk", "conf", "procfile", "justfile"})

# Formats that may name a gateway and are not read as configs: they are looked into where no channel is found.
_OTHER_SUFFIXES = frozenset(
    {
        *(
            "go",
            "rs",
            "java",
            "kt",
            "rb",
            "php",
            "cs",
            "swift",
            "lua",
            "dart",
            "ex",
            "scala",
            "nix",
            "tf",
            "ps1",
            "bat",
        ),
        *("ini", "cfg", "conf", "properties", "xml", "plist", "sh", "bash", "zsh", "fish", "vue", "svelte", "astro"),
        *("crushrc", "envrc", "netrc"),
    }
)
_CONFIG_SUFFIXES = frozenset(
    "yaml yml toml json jsonc json5 js mjs cjs jsx ts mts cts tsx py env".split()  # noqa: SIM905
)
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
_FILES_WORTH_A_PROCESS = 2_000
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


@dataclass(slots=True)
class Listing:
    """What a walk found; paths are absolute.

    ``configs`` have a config's name. ``real`` gives, for those that are links, the file that they lead to.
    ``utf16`` are those whose bytes are not UTF-8 but that.
    ``evidence`` are build and service files that may name a config, ``others`` texts of formats that hold none.
    ``home`` is the home directory, whose files are shown with ``~/`` in front.
    """

    root: str
    home: str = ""
    configs: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    utf16: list[str] = field(default_factory=list)
    real: dict[str, str] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    def name(self, path: str) -> str:
        """Return a path as it is shown: within the workspace or ``~/``, else absolute, with ``/`` between its parts."""
        if is_within(path, self.root):
            shown = path[len(self.root) :].lstrip(os.sep)
        elif self.home and is_within(path, self.home):
            shown = "~" + path[len(self.home.rstrip(os.sep)) :]
        else:
            shown = path
        return shown.replace(os.sep, "/") if os.sep != "/" else shown

    def skip(self, path: str, reason: str, line: int | None = None) -> None:
        """Note that a path was left out."""
        if len(self.skipped) < MAX_SKIPPED:
            self.skipped.append(Skipped(self.name(path) or ".", reason, line))
        elif len(self.skipped) == MAX_SKIPPED:
            self.skipped.append(Skipped(".", f"more than {MAX_SKIPPED:,} files were left out; the rest is not listed"))


def is_within(path: str, root: str) -> bool:
    """Whether a path is ``root`` or below it; both are absolute and free of links and dots."""
    return path == root or path.startswith(root if root.endswith(os.sep) else root + os.sep)


def is_config_name(name: str) -> bool:
    """Whether a file's name is that of a config that can be read."""
    _, dot, tail = name.rpartition(".")
    return bool(dot) and (tail.lower() in _CONFIG_SUFFIXES or (name.count(".") > 1 and detect(name) is not None))


def list_files(root: str, home: str = "") -> Listing:
    """Walk a workspace; ``root`` and ``home`` are absolute and free of links.

    Links to files inside the workspace are kept, those that leave it are not; links to folders are not followed, so
    that a folder is met once and no walk is endless.
    """
    listing = Listing(root, home)
    pending = [(root, 0)]
    while pending:
        folder, depth = pending.pop()
        try:
            with os.scandir(folder) as entries:
                below = _list_folder(entries, listing, is_root=depth == 0)
        except OSError as error:
            listing.skip(folder, f"the folder cannot be read: {error.strerror}")
            continue
        if below and depth >= MAX_FOLDERS_DEEP:
            listing.skip(folder, f"it holds folders more than {MAX_FOLDERS_DEEP} deep")
            continue
        pending += [(path, depth + 1) for path in below]
    return listing


def _list_folder(entries: Iterable[os.DirEntry[str]], listing: Listing, *, is_root: bool) -> list[str]:
    """Sort one folder's entries into the listing and return its folders; a cache's or environment's are none."""
    folders: list[str] = []
    configs: list[str] = []
    others: list[os.DirEntry[str]] = []
    for entry in entries:
        name = entry.name
        _, dot, tail = name.rpartition(".")
        # The same as `is_config_name`, for tens of thousands of names: most are settled by their last suffix.
        if dot and (
            tail in _CONFIG_SUFFIXES or tail.lower() in _CONFIG_SUFFIXES or (name.count(".") > 1 and detect(name))
        ):
            if entry.is_file(follow_symlinks=False):
                configs.append(entry.path)
                continue
        elif entry.is_file(follow_symlinks=False):
            if tail.lower() in _EVIDENCE_SUFFIXES or name.lower() in _EVIDENCE_NAMES or name.startswith("Dockerfile"):
                listing.evidence.append(entry.path)
            elif name in _MARKERS and not is_root:
                return []
            if tail in _OTHER_SUFFIXES or name == "crushrc":
                listing.others.append(entry.path)
            continue
        if entry.is_dir(follow_symlinks=False):
            if name not in PRUNED_DIRECTORIES and not name.endswith(".egg-info"):
                folders.append(entry.path)
        else:
            others.append(entry)
    for entry in others:
        _list_other(entry, listing, configs)
    listing.configs += configs
    return folders


def _list_other(entry: os.DirEntry[str], listing: Listing, configs: list[str]) -> None:
    """Sort a link or a special file into the listing."""
    is_config = is_config_name(entry.name)
    if not entry.is_symlink():
        if is_config:
            listing.skip(entry.path, "it is not a regular file")
        return
    try:
        real = os.path.realpath(entry.path, strict=True)
        kind = os.stat(real).st_mode
    except OSError:
        if is_config:
            listing.skip(entry.path, "a link that leads to no file")
        return
    if not is_within(real, listing.root):
        if is_config or stat.S_ISDIR(kind):
            listing.skip(entry.path, "a link that leaves the workspace")
    elif is_config and stat.S_ISREG(kind):
        listing.real[entry.path] = real
        configs.append(entry.path)
    elif is_config and not stat.S_ISDIR(kind):
        listing.skip(entry.path, "a link to what is not a regular file")


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
