"""Which lines of a build, service or code file name a given file of the workspace.

A mention is a path in the text that leads to the file, from the folder of the text or from one above it. Paths inside a
container are taken back through the text's own mounts and ``COPY`` lines to where they come from.
"""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice

from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

MAX_MENTIONS = 50
MAX_MOUNTS = 200

_PATH_CHARACTERS = regex(r"[^\s\"'`=:,;()\[\]{}<>|&]*\Z")
_BEHIND = regex(r"[A-Za-z0-9_-]|\.[A-Za-z0-9]")
_COMMENT = regex(r"(?:\A|\s)(?:#|//)")

# Bounded, so that no run of dots or slashes is looked through from each of its characters.
_MOUNT = regex(r"(?<![^\s\"',\[])(?P<outside>[.~$/][^\s\"',\[\]:]{0,500}):(?P<inside>/[^\s\"':,\[\]]{1,500})")
_LONG_MOUNT = regex(
    r"source:[ \t]*[\"']?(?P<outside>[^\s\"']{1,500})[\"']?[ \t]*\r?\n"
    r"[ \t]*target:[ \t]*[\"']?(?P<inside>/[^\s\"']{1,500})"
)
_COPY = regex(
    r"^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*(?P<outside>\S+)[ \t]+(?P<inside>\S+)[ \t]*$", re.M | re.IGNORECASE
)
_VARIABLE_FOLDER = regex(r"\A(?:\$\{?\w+\}?|\$\(\w+\))/")


@dataclass(frozen=True, slots=True)
class Text:
    """A file that may name others: its folder, its text, and whether paths in it may be those of a container."""

    folder: str
    text: str
    is_compose: bool = False
    is_dockerfile: bool = False


@dataclass(frozen=True, slots=True)
class _Mention:
    """A path in a text, with what stands before and behind it on its line."""

    path: str
    before: str
    behind: str


def lines_naming(source: Text, targets: tuple[str, ...], root: str) -> Iterator[int]:
    """Yield the lines, from 1, that name the file with the absolute paths ``targets``, all names of one file."""
    bases = _folders(source.folder, root)
    places = _places(source, bases)
    for basename in dict.fromkeys(target.rpartition(os.sep)[2] for target in targets):
        for start, mention in _mentions(source.text, basename):
            if _COMMENT.search(mention.before) or _is_destination(source, mention):
                continue
            if _leads_to(mention, targets, bases, places):
                yield source.text.count("\n", 0, start) + 1


def folders_mounted(source: Text, root: str) -> Iterator[tuple[str, int]]:
    """Yield the folders below the workspace that a compose file mounts, each with its line."""
    for match in islice(_MOUNT.finditer(source.text), MAX_MOUNTS):
        line = source.text[source.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        folder = os.path.normpath(os.path.join(source.folder, _VARIABLE_FOLDER.sub("", match["outside"])))
        if folder != root and not _COMMENT.search(line):
            yield folder, source.text.count("\n", 0, match.start()) + 1


def _mentions(text: str, basename: str) -> Iterator[tuple[int, _Mention]]:
    start = text.find(basename)
    for _ in range(MAX_MENTIONS):
        if start < 0:
            return
        end = start + len(basename)
        head = text[max(text.rfind("\n", 0, start) + 1, start - 1_000) : start]
        line_end = text.find("\n", end)
        behind = text[end : line_end if line_end >= 0 else len(text)][:1_000]
        prefix = _PATH_CHARACTERS.search(head)
        assert prefix is not None
        own = prefix[0]
        if (not own or own.endswith("/")) and not _BEHIND.match(behind):
            yield start, _Mention(own + basename, head[: len(head) - len(own)], behind)
        start = text.find(basename, end)


def _is_destination(source: Text, mention: _Mention) -> bool:
    """Whether a path is where a mount or COPY puts something, not what it puts there."""
    if source.is_compose:
        at_target = mention.before.endswith(":") or re.search(r"target:\s*[\"']?\Z", mention.before) is not None
        return at_target and mention.path.startswith("/")
    if source.is_dockerfile:
        copied = re.match(r"\s*(?:COPY|ADD)\s+(?:--\S+\s+)*", mention.before, re.IGNORECASE)
        return copied is not None and bool(mention.before[copied.end() :].strip()) and not mention.behind.strip()
    return False


def _leads_to(mention: _Mention, targets: tuple[str, ...], bases: list[str], places: list[tuple[str, str]]) -> bool:
    path = _VARIABLE_FOLDER.sub("", mention.path)
    if path.startswith("/") and mention.before.endswith((")", "}")):
        path = path.lstrip("/")
    inner = os.path.normpath(path)
    for inside, outside in places:
        if inner == inside or inner.startswith(inside.rstrip("/") + "/"):
            return os.path.normpath(outside + inner[len(inside.rstrip("/")) :]) in targets
    if not path.startswith("/"):
        return any(os.path.normpath(os.path.join(base, path)) in targets for base in bases)
    return path in targets or any(
        target.startswith(base + os.sep) and path.endswith(target[len(base) :]) for base in bases for target in targets
    )


def _places(source: Text, bases: list[str]) -> list[tuple[str, str]]:
    """Return what stands inside a container and where it comes from, the longest paths first."""
    patterns = [_MOUNT, _LONG_MOUNT] if source.is_compose else [_COPY] if source.is_dockerfile else []
    found: list[tuple[str, str]] = []
    for pattern in patterns:
        for match in islice(pattern.finditer(source.text), MAX_MOUNTS):
            outside = _VARIABLE_FOLDER.sub("", match["outside"])
            inside = match["inside"]
            for base in bases:
                origin = os.path.normpath(os.path.join(base, outside))
                if os.path.lexists(origin):
                    found.append((_destination(inside, origin), origin))
                    break
    return sorted(found, key=lambda pair: -len(pair[0]))


def _destination(inside: str, origin: str) -> str:
    """Return the path that a COPY gives its source: behind a folder's name, the source's own name."""
    name = os.path.basename(origin)  # noqa: PTH119
    if not os.path.isdir(origin) and inside.endswith(("/", ".")):  # noqa: PTH112
        return os.path.normpath(os.path.join(inside, name))
    return os.path.normpath(inside) if inside != "." else "."


def _folders(folder: str, root: str) -> list[str]:
    """Return a folder and those above it, up to the workspace."""
    found = [folder]
    while len(folder) > len(root):
        folder = os.path.dirname(folder)
        found.append(folder)
    return found
