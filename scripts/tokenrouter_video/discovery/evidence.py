"""Evidence for liveness from the rest of the workspace: what starts, builds, runs, imports or configures a file."""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH118, PTH119, PTH120

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping

from tokenrouter_video.discovery import liveness
from tokenrouter_video.discovery.files import ParsedFile
from tokenrouter_video.discovery.liveness import Reason
from tokenrouter_video.discovery.resolution import CODE_FORMATS
from tokenrouter_video.discovery.scan import read_bytes, search
from tokenrouter_video.discovery.walk import Listing, is_within
from tokenrouter_video.documents.formats import detect
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

# What reads the few files that hold a config's name is imported when there is one.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.discovery.mentions import Text

# Beyond these the nearest to the workspace's root were looked at.
MAX_EVIDENCE_FILES = 1_000
MAX_CODE_FILES = 1_000
MAX_EVIDENCE_BYTES = 500_000
MAX_REASONS = 3

_STARTING = {
    "compose": regex(r"(?:docker-)?compose(?:\.[\w-]+)*\.ya?ml"),
    "Dockerfile": regex(r"(?:dockerfile|containerfile)(?:\.[\w-]+)?|.*\.dockerfile", re.IGNORECASE),
    "unit file": regex(r".*\.service|supervisord?\.conf"),
    "Procfile": regex(r"procfile(?:\.[\w-]+)?", re.IGNORECASE),
    "deployment": regex(
        r"fly\.toml|render\.yaml|kustomization\.ya?ml|railway\.(?:json|toml)|devcontainer\.json|ecosystem\.config\.c?js"
    ),
}
_RUNNING = {
    "package script": regex(r"package\.json"),
    "Makefile": regex(r"(?:gnu)?makefile|.*\.mk", re.IGNORECASE),
    "justfile": regex(r"\.?justfile|.*\.just", re.IGNORECASE),
    "Taskfile": regex(r"taskfile\.ya?ml", re.IGNORECASE),
    "shell script": regex(r".*\.sh"),
    "editor task": regex(r"launch\.json|tasks\.json"),
}
_CODE_ENDINGS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".py")
_DOTENV = regex(r"\.env(?:\.[\w-]+)?")
_CONFIG_WORDS = ("CONFIG", "SETTINGS", "PROVIDERS", "MODELS", "CHANNELS")


@dataclass(frozen=True, slots=True)
class Target:
    """A file to find evidence for, under all its names."""

    file: ParsedFile
    paths: tuple[str, ...]

    @property
    def is_code(self) -> bool:
        """Whether the file is a module that others may import."""
        return self.file.document.format in CODE_FORMATS


def gather(targets: Iterable[Target], listing: Listing, environ: Mapping[str, str]) -> dict[str, list[Reason]]:
    """Return what build and service files and variables say for each file, by its path."""
    wanted = _inside(targets, listing)
    found: dict[str, list[Reason]] = {target.file.path: [] for target in wanted}
    if not wanted:
        return found
    for target in wanted:
        found[target.file.path] += _from_environment(target, listing, environ)
    words = {target.file.path: _names(target) for target in wanted}
    for path, kind, weight in _evidence_files(listing):
        data = _bytes_of(path)
        naming = [t for t in wanted if path not in t.paths and any(word in data for word in words[t.file.path])]
        if naming and not liveness.by_path(_parts(listing, path)):
            source = _text(path, data, kind)
            for target in naming:
                found[target.file.path] += _from_file(target, source, listing, path, weight)
    return {path: _fewest(reasons) for path, reasons in found.items()}


def from_code(targets: Iterable[Target], listing: Listing) -> dict[str, list[Reason]]:
    """Return what code imports or opens each file, by its path."""
    wanted = _inside(targets, listing)
    found: dict[str, list[Reason]] = {target.file.path: [] for target in wanted}
    for target, reason in _from_code(wanted, listing):
        found[target.file.path].append(reason)
    return {path: _fewest(reasons) for path, reasons in found.items()}


def _inside(targets: Iterable[Target], listing: Listing) -> list[Target]:
    return [target for target in targets if is_within(target.file.path, listing.root)]


def _fewest(reasons: list[Reason]) -> list[Reason]:
    """Keep a few of each kind: the rest says nothing new."""
    kept: list[Reason] = []
    for reason in dict.fromkeys(reasons):
        if sum(other.weight == reason.weight for other in kept) < MAX_REASONS:
            kept.append(reason)
    return kept


def _from_environment(target: Target, listing: Listing, environ: Mapping[str, str]) -> Iterator[Reason]:
    for name, value in environ.items():
        if any(word in name.upper() for word in _CONFIG_WORDS) and value.endswith(os.path.basename(target.file.path)):
            path = os.path.normpath(os.path.join(listing.root, value))
            if path in target.paths or os.path.realpath(path) == target.file.real:
                yield Reason("named by a variable", f"the environment variable {name} names it")


def _evidence_files(listing: Listing) -> Iterator[tuple[str, str, str]]:
    candidates = sorted((*listing.evidence, *listing.naming), key=lambda path: path.count(os.sep))
    count = 0
    for path in candidates:
        kind = _kind(path.rpartition(os.sep)[2])
        if kind is not None and path not in listing.real:
            count += 1
            yield path, *kind
        if count >= MAX_EVIDENCE_FILES:
            return


def _nearest(paths: list[str], targets: list[Target], count: int) -> list[str]:
    """Return the files that share the most folders with one of the targets."""
    depths: dict[str, int] = {}
    for target in targets:
        folder = os.path.dirname(target.file.path)
        while folder not in depths and folder != os.path.dirname(folder):
            depths[folder] = folder.count(os.sep)
            folder = os.path.dirname(folder)

    def depth(folder: str) -> int:
        if folder not in depths:
            depths[folder] = depth(os.path.dirname(folder)) if folder != os.path.dirname(folder) else 0
        return depths[folder]

    return sorted(paths, key=lambda path: -depth(path.rpartition(os.sep)[0]))[:count]


def _kind(name: str) -> tuple[str, str] | None:
    for kinds, weight in ((_STARTING, "started with it"), (_RUNNING, "run by a script")):
        for kind, pattern in kinds.items():
            if pattern.fullmatch(name):
                return kind, weight
    return ("dotenv file", "named by a dotenv file") if _DOTENV.fullmatch(name) else None


def _names(target: Target) -> tuple[bytes, ...]:
    """Return what a file that names a target holds: the name of the file, or of its folder where that is mounted."""
    names = {
        name for path in target.paths for name in (os.path.basename(path), os.path.basename(os.path.dirname(path)))
    }
    return tuple(os.fsencode(name) for name in sorted(names) if name)


def _bytes_of(path: str) -> bytes:
    try:
        return read_bytes(path)[:MAX_EVIDENCE_BYTES]
    except OSError:
        return b""


def _text(path: str, data: bytes, kind: str) -> Text:
    from tokenrouter_video.discovery.mentions import Text

    is_compose, is_dockerfile = kind == "compose", kind == "Dockerfile"
    return Text(os.path.dirname(path), data.decode("utf-8", "replace"), is_compose, is_dockerfile)


def _from_file(target: Target, source: Text, listing: Listing, path: str, weight: str) -> Iterator[Reason]:
    from tokenrouter_video.discovery import mentions

    line = next(mentions.lines_naming(source, target.paths, listing.root), None)
    if line is not None:
        yield Reason(weight, f"{listing.name(path)}:{line} names it")
    elif source.is_compose:
        folders = {os.path.dirname(name) for name in target.paths}
        line = next(
            (line for folder, line in mentions.folders_mounted(source, listing.root) if folder in folders), None
        )
        if line is not None:
            yield Reason("mounted folder", f"{listing.name(path)}:{line} mounts its folder")


def _from_code(targets: list[Target], listing: Listing) -> Iterator[tuple[Target, Reason]]:
    """Yield what code imports or opens a file; the code files nearest to one of the targets are looked at."""
    needles = sorted({needle for target in targets for needle in _needles(target)})
    if not needles:
        return
    code = [path for path in listing.configs if path.endswith(_CODE_ENDINGS)]
    if len(code) > MAX_CODE_FILES:
        code = _nearest(code, targets, MAX_CODE_FILES)
    for path in search(listing, code, needles, fold=False, report=False):
        others = [target for target in targets if path not in target.paths]
        if not others or liveness.by_path(_parts(listing, path)):
            continue
        source = _text(path, _bytes_of(path), "code")
        imported = _imported_by(path, source.text, listing)
        for target in others:
            reason = _from_module(target, source, imported, listing, path)
            if reason is not None:
                yield target, reason


def _imported_by(path: str, text: str, listing: Listing) -> frozenset[str]:
    """Return the paths at which the modules that a code file imports may stand."""
    from tokenrouter_video.discovery import modules

    format_name = detect(path.rpartition(os.sep)[2]) or ""
    return frozenset(
        candidate
        for origins in modules.imports_of(text, format_name).values()
        for origin in origins
        for candidate, _ in modules.candidates(origin, path, listing.root, format_name)
    )


def _from_module(target: Target, source: Text, imported: frozenset[str], listing: Listing, path: str) -> Reason | None:
    if not imported.isdisjoint(target.paths):
        return Reason("imported", f"{listing.name(path)} imports it")
    if target.is_code:
        return None
    from tokenrouter_video.discovery import mentions

    line = next(mentions.lines_naming(source, target.paths, listing.root), None)
    return Reason("named by code", f"{listing.name(path)}:{line} names it") if line is not None else None


def _needles(target: Target) -> Iterator[bytes]:
    """Yield the words of which a file that imports or opens the target holds one."""
    for path in target.paths:
        name = path.rpartition(os.sep)[2]
        stem = name.partition(".")[0]
        if not target.is_code:
            yield os.fsencode(name)
        elif stem in ("index", "__init__"):
            yield os.fsencode(os.path.basename(os.path.dirname(path)))
        else:
            yield os.fsencode(stem)


def _parts(listing: Listing, path: str) -> tuple[str, ...]:
    return tuple(listing.name(path).split("/"))
