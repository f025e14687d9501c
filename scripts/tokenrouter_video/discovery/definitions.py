"""Variables and constants that hold a gateway's host, and the forms in which other files refer to them."""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH119

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from tokenrouter_video.discovery import hosts
from tokenrouter_video.discovery.environment import environment_of
from tokenrouter_video.discovery.files import Files, ParsedFile
from tokenrouter_video.discovery.resolution import CODE_FORMATS, Resolver, Standing, class_of
from tokenrouter_video.documents.tree import Mapping as Node
from tokenrouter_video.documents.tree import Opaque, Place, Scalar
from tokenrouter_video.records import dataclass

# A reference is bounded by a sign in front; only a sentence has a blank there.
_IN_FRONT = rb"[${:/.\[\"'(%>]|\benv\s"
MAX_NAMES = 200


@dataclass(frozen=True, slots=True)
class Definitions:
    """Names of environment variables, and of constants that code exports or of the modules that do."""

    variables: frozenset[str]
    constants: frozenset[str]

    def needles(self) -> tuple[bytes, ...]:
        """Return the names as bytes, for a first look."""
        return tuple(os.fsencode(name) for name in sorted(self.variables | self.constants))

    def are_referred_to(self, data: bytes, *, is_code: bool) -> bool:
        """Whether a file's bytes refer to one of the names in a form that a reference can have."""
        return any(
            re.search(rb"(?:" + _IN_FRONT + rb")" + re.escape(os.fsencode(name)) + rb"(?![A-Za-z0-9_])", data)
            for name in self.variables
            if os.fsencode(name) in data
        ) or (
            is_code
            and any(
                re.search(rb"(?<![\w$])" + re.escape(os.fsencode(name)) + rb"(?![\w$])", data)
                for name in self.constants
                if os.fsencode(name) in data
            )
        )


def collect(files: Files, resolver: Resolver, environ: Mapping[str, str]) -> Definitions:
    """Return what the parsed files and the process environment define."""
    variables = {name for name, value in environ.items() if hosts.named_host(value) is not None}
    constants: set[str] = set()
    for file in files.parsed():
        if file.document.format == "dotenv":
            variables.update(_dotenv(file, resolver))
        elif file.document.format == "yaml":
            variables.update(_environments(file))
        elif file.document.format in CODE_FORMATS:
            constants.update(_constants(file, resolver))
    return Definitions(frozenset(sorted(variables)[:MAX_NAMES]), frozenset(sorted(constants)[:MAX_NAMES]))


def _dotenv(file: ParsedFile, resolver: Resolver) -> Iterator[str]:
    from tokenrouter_video.documents.dotenv import variables

    for name, value, _ in variables(file.document.text, resolver.environment.process):
        if hosts.named_host(value) is not None:
            yield name


def _environments(file: ParsedFile) -> Iterator[str]:
    """Yield the variables that a compose file's services set to a gateway's URL."""
    for place in file.document.places:
        if place.parts[-1:] in (("environment",), ("env",)) and not isinstance(place.node, Scalar | Opaque):
            for name, value, _ in environment_of(place.node):
                if hosts.named_host(getattr(value, "text", "")) is not None:
                    yield name


def _constants(file: ParsedFile, resolver: Resolver) -> Iterator[str]:
    """Yield the names of a module, and of its classes and objects, that hold a gateway's URL or host."""
    root = file.document.root
    found: set[str] = set()
    for place in _bindings(Place((), root, ())):
        if isinstance(place.node, Scalar | Opaque):
            text = resolver.text_of(Standing(file, place.node, place.parts, place.parents)).text
            if text is not None and hosts.named_host(text) is not None:
                # Importers use the module's own name for it: the object's, not the field's.
                found.add(place.parts[0])
    for place in _bindings(Place((), root, ()), depth=2):
        if class_of(place.node) in found:
            found.add(place.parts[0])
    # What a module exports by default has the name that its importer gives it: they name the module.
    yield from (_module_name(file) if name == "default" else name for name in found)


def _module_name(file: ParsedFile) -> str:
    folder, name = os.path.split(file.path)
    stem = name.partition(".")[0]
    return os.path.basename(folder) if stem == "index" else stem


def _bindings(place: Place, depth: int = 0) -> Iterator[Place]:
    if not isinstance(place.node, Node) or depth > 2:
        return
    for entry in place.node.entries:
        if entry.key is not None:
            below = Place((*place.parts, entry.key), entry.value, (*place.parents, place.node))
            yield below
            yield from _bindings(below, depth + 1)
