"""The search: from a workspace to its channels, with what was passed over and why."""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH118, PTH119

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from tokenrouter_video.discovery import hosts
from tokenrouter_video.discovery.scan import Scan, judge_all, read_bytes, search
from tokenrouter_video.discovery.walk import Listing, is_within, list_files
from tokenrouter_video.documents.formats import detect
from tokenrouter_video.errors import UsageError
from tokenrouter_video.records import dataclass, field

# What works on parsed trees is imported where a file is to be parsed: most files of a workspace never are.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tokenrouter_video.channels import Channel
    from tokenrouter_video.consumers import Consumer
    from tokenrouter_video.discovery.findings import Candidate, Sighting, Skipped
    from tokenrouter_video.discovery.inspection import Inspection

MAX_FOLLOWING_FILES = 2_000
MAX_HOME_FILES = 100

_CODE = frozenset({"javascript", "typescript", "python"})


@dataclass(frozen=True, slots=True)
class Search:
    """What to search.

    ``config`` is one file that is looked at alone, in the workspace or anywhere. ``environ`` is the process
    environment. ``allow_key_files`` are key files outside the workspace that may be read. ``progress`` is told what is
    being done, and whether it is known to take long.
    """

    workspace: Path
    config: str | None = None
    user_configs: bool = False
    environ: Mapping[str, str] = field(default_factory=dict)
    allow_key_files: tuple[Path, ...] = ()
    progress: Callable[[str, bool], object] | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a search found.

    ``candidates`` look like provider configs and hold no channel. ``skipped`` was left out or could not be read;
    ``unreadable`` is the part of it that names a gateway's host. ``files_scanned`` counts the files that were read.
    """

    channels: tuple[Channel, ...]
    candidates: tuple[Candidate, ...]
    lookalikes: tuple[Sighting, ...]
    skipped: tuple[Skipped, ...]
    files_scanned: int
    unreadable: tuple[Skipped, ...]


def discover(search_for: Search) -> Discovery:
    """Search a workspace, or look at one file; raise :class:`UsageError` for a ``config`` that is no regular file."""
    root = os.path.realpath(search_for.workspace)
    home = os.path.realpath(search_for.environ["HOME"]) if search_for.environ.get("HOME") else ""
    home_consumers: dict[str, Consumer] = {}
    scan = Scan(hosts.needles(), fold=True)
    if search_for.config is not None:
        listing = Listing(root, home)
        listing.configs = [_named_config(search_for.config, listing)]
        scan.add(listing.real.get(path, path) for path in listing.configs)
    else:
        listing = list_files(root, home, _told(search_for, scan.add))
        if search_for.user_configs and home:
            known = set(listing.configs)
            home_consumers = dict(_home_configs(listing))
            added = [path for path in home_consumers if path not in known]
            listing.configs += added
            scan.add(listing.real.get(path, path) for path in added)
    listing.progress = search_for.progress
    hits = sorted(judge_all(listing, listing.configs, scan.verdicts(_prepare), report=True))
    may_refer = _may_refer(search_for, listing)
    if not (hits or may_refer or listing.utf16):
        return _nothing(listing)
    from tokenrouter_video.discovery.inspection import Inspection

    allowed = frozenset(os.path.realpath(path) for path in search_for.allow_key_files)
    inspection = Inspection(listing, search_for.environ, allowed, home_consumers)
    _inspect(inspection, hits)
    for path in listing.utf16:
        _inspect_utf16(inspection, path)
    channels = inspection.channels()
    candidates = tuple(inspection.notes) if channels else (*inspection.notes, *_others(listing, inspection))
    return Discovery(
        channels=channels,
        candidates=candidates,
        lookalikes=tuple(sorted(inspection.sightings, key=lambda one: (one.file, one.line, one.host))),
        skipped=_in_order(listing),
        files_scanned=len(listing.configs),
        unreadable=tuple(inspection.unreadable),
    )


def _told(search_for: Search, add: Callable[[list[str]], object]) -> Callable[[list[str]], object]:
    """Return ``add`` such that progress is told of with each folder."""
    progress = search_for.progress
    if progress is None:
        return add

    def added(paths: list[str]) -> None:
        add(paths)
        progress(f"looking through {search_for.workspace}", False)

    return added


def _prepare() -> None:
    """Import what a hit will need while other processes look for one."""
    import tokenrouter_video.discovery.inspection  # noqa: F401


def _inspect(inspection: Inspection, hits: list[str]) -> None:
    """Inspect what names a host, then what refers to a variable or constant that holds one."""
    listing = inspection.listing
    named_only: list[str] = []
    for path in hits:
        data = _bytes_of(listing, path)
        if data is not None and hosts.may_name_a_host(data):
            inspection.inspect(path, data)
        elif data is not None:
            named_only.append(path)
    defined = inspection.definitions()
    if not defined.needles():
        return
    seen = set(hits)
    rest = [path for path in listing.configs if path not in seen]
    if not defined.variables:
        rest = [path for path in rest if detect(os.path.basename(path)) in _CODE]
    # A name with the brand in it was met in the first look.
    words = tuple(needle for needle in defined.needles() if not any(word in needle.lower() for word in hosts.needles()))
    following = search(listing, rest, words, fold=False, report=False) if words else []
    for path in (*named_only, *following)[:MAX_FOLLOWING_FILES]:
        data = _bytes_of(listing, path)
        is_code = detect(os.path.basename(path)) in _CODE
        if data is not None and defined.are_referred_to(data, is_code=is_code):
            inspection.follow(path, partial(defined.are_referred_to, is_code=False))


def _inspect_utf16(inspection: Inspection, path: str) -> None:
    """Say of a file in the wrong encoding whether it names a gateway."""
    data = _bytes_of(inspection.listing, path)
    if data is not None:
        text = data.decode("utf-16", "replace")
        if hosts.named_host(text) is not None:
            inspection.inspect(path, text.encode("utf-8", "replace"))
        else:
            inspection.listing.skip(path, "the file is UTF-16, not UTF-8")


def _may_refer(search_for: Search, listing: Listing) -> bool:
    """Whether a file could refer to a gateway that no file names: through the process environment."""
    return bool(listing.configs) and any(hosts.named_host(value) for value in search_for.environ.values())


def _nothing(listing: Listing) -> Discovery:
    return Discovery((), tuple(_others(listing, None)), (), _in_order(listing), len(listing.configs), ())


def _others(listing: Listing, inspection: Inspection | None) -> Iterator[Candidate]:
    """Yield the files that a user may have meant, where no channel was found."""
    from tokenrouter_video.discovery.candidates import look_alike_configs, unreadable_formats

    known: set[str] = set()
    if inspection is not None:
        known.update(note.file for note in inspection.notes)
        known.update(skipped.file for skipped in inspection.unreadable)
    others = list(dict.fromkeys((*listing.others, *listing.evidence)))
    texts = search(listing, others, hosts.needles(), fold=True, report=False)
    yield from unreadable_formats(listing, texts)
    for candidate in look_alike_configs(listing):
        if candidate.file not in known:
            yield candidate


def _bytes_of(listing: Listing, path: str) -> bytes | None:
    try:
        return read_bytes(listing.real.get(path, path))
    except OSError:
        return None


def _in_order(listing: Listing) -> tuple[Skipped, ...]:
    return tuple(sorted(dict.fromkeys(listing.skipped), key=lambda one: (one.file, one.reason)))


def _named_config(config: str, listing: Listing) -> str:
    """Return the absolute path of a ``--config``; a relative one is taken from here, else from the workspace."""
    expanded = os.path.join(listing.home, config[2:]) if config.startswith("~/") and listing.home else config
    for base in ("", listing.root):
        try:
            folder, name = os.path.split(os.path.join(base, expanded))
            path = os.path.join(os.path.realpath(folder), name)
            real = os.path.realpath(path, strict=True)
            kind = os.lstat(real).st_mode
        except (OSError, ValueError):
            continue
        if not stat.S_ISREG(kind):
            raise UsageError(f"--config {config} is not a regular file", "--config FILE with the config to use")
        if real != path:
            listing.real[path] = real
        return path
    raise UsageError(f"--config {config} is not there", "--config FILE with the path of an existing file")


def _home_configs(listing: Listing) -> Iterator[tuple[str, Consumer]]:
    """Yield the known tools' files that are there, file by file; a link may lead elsewhere in the home directory."""
    from tokenrouter_video.consumers import CONSUMERS

    count = 0
    for consumer in CONSUMERS.values():
        for pattern in consumer.home:
            for path in _expanded(os.path.join(listing.home, pattern.removeprefix("~/"))):
                try:
                    real = os.path.realpath(path, strict=True)
                    is_file = stat.S_ISREG(os.lstat(real).st_mode)
                except OSError:
                    continue
                if not is_within(real, listing.home):
                    listing.skip(path, "a link that leaves the home directory")
                elif not is_file:
                    listing.skip(path, "it is not a regular file")
                elif count < MAX_HOME_FILES:
                    count += 1
                    if real != path:
                        listing.real[path] = real
                    yield path, consumer


def _expanded(pattern: str) -> list[str]:
    """Return the files of one folder where a pattern asks for all of one ending, else the path itself."""
    folder, name = os.path.split(pattern)
    if "*" not in name:
        return [pattern]
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(name.removeprefix("*")))
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names]
