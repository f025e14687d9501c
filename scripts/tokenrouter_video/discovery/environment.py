"""Environment variables as a config's consumer would see them, and where each was set.

The order is: the process environment; ``.env.local`` and ``.env`` in the config's folder and in each folder above it up
to the workspace; the ``environment`` and ``env_file`` of compose files (https://docs.docker.com/reference/compose-file/)
in those folders or that name the config. What is set to nothing counts as not set.
"""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH118, PTH119, PTH120

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property

from tokenrouter_video.discovery.references import read_text
from tokenrouter_video.discovery.scan import read_bytes
from tokenrouter_video.discovery.values import Joined, Text, Value, Variable
from tokenrouter_video.discovery.walk import Listing, is_within
from tokenrouter_video.documents import formats
from tokenrouter_video.documents.document import Document, DocumentError, decode
from tokenrouter_video.documents.tree import Mapping as Node
from tokenrouter_video.documents.tree import Scalar, Sequence
from tokenrouter_video.records import dataclass, field

DOTENV_NAMES = (".env.local", ".env")
COMPOSE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
MAX_COMPOSE_FILES = 20
_MAX_NESTING = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A variable's text, and where it is set: ``environment`` or ``file:line``; ``file`` is ``None`` for the first."""

    text: str
    origin: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class _Setting:
    """One assignment in a file; its value may refer to other variables."""

    value: Value
    file: str
    line: int


@dataclass()
class Environment:
    """The variables of a workspace, read when they are asked for and remembered.

    ``extra`` maps a config outside the workspace to dotenv files that its consumer reads as well.
    """

    listing: Listing
    process: Mapping[str, str]
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _dotenv: dict[str, dict[str, Found]] = field(default_factory=dict)
    _compose: dict[str, dict[str, _Setting]] = field(default_factory=dict)
    _composed_by: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def lookup(self, name: str, config: str) -> Found | None:
        """Return what a variable holds for the config at an absolute path, or ``None``."""
        return self._lookup(name, config, 0)

    def _lookup(self, name: str, config: str, depth: int) -> Found | None:
        if self.process.get(name, "").strip():
            return Found(self.process[name], "environment")
        for path in self._dotenv_files(config):
            found = self._read_dotenv(path).get(name)
            if found is not None:
                return found
        if depth >= _MAX_NESTING:
            return None
        for path in self._compose_files(config):
            setting = self._read_compose(path).get(name)
            text = self._text(setting.value, path, name, depth + 1) if setting is not None else None
            if setting is not None and text and text.strip():
                return Found(text, f"{setting.file}:{setting.line}", setting.file)
        return None

    def _text(self, value: Value, path: str, own_name: str, depth: int) -> str | None:
        """Return a compose file's value with its references followed: it does not see its own container's variables."""
        if isinstance(value, Text):
            return value.text
        if isinstance(value, Joined):
            texts = [self._text(part, path, own_name, depth) for part in value.parts]
            return None if None in texts else "".join(text for text in texts if text is not None)
        if not isinstance(value, Variable) or value.name == own_name:
            return (
                self._text(value.default, path, own_name, depth)
                if isinstance(value, Variable) and value.default
                else None
            )
        found = self._lookup(value.name, path, depth)
        if found is not None:
            return found.text
        return self._text(value.default, path, own_name, depth) if value.default is not None else None

    def folders(self, config: str) -> Iterator[str]:
        """Yield a config's folder and those above it up to the workspace; for one outside, the workspace alone."""
        root = self.listing.root
        folder = os.path.dirname(config)
        while is_within(folder, root) and folder != root:
            yield folder
            folder = os.path.dirname(folder)
        yield root

    def _dotenv_files(self, config: str) -> Iterator[str]:
        yield from self.extra.get(config, ())
        for folder in self.folders(config):
            for name in DOTENV_NAMES:
                yield os.path.join(folder, name)

    def _compose_files(self, config: str) -> tuple[str, ...]:
        """Return the compose files that start a config's consumer; a compose file's own values see none of them."""
        basename = os.path.basename(config)
        if config not in self._composed_by:
            near = [os.path.join(folder, name) for folder in self.folders(config) for name in COMPOSE_NAMES]
            naming = [path for path in self._composes if path not in near and self._names(path, basename)]
            self._composed_by[config] = () if basename in COMPOSE_NAMES else (*near, *naming)
        return self._composed_by[config]

    @cached_property
    def _composes(self) -> tuple[str, ...]:
        return tuple(path for path in self.listing.configs if path.endswith(COMPOSE_NAMES))[:MAX_COMPOSE_FILES]

    def _names(self, path: str, basename: str) -> bool:
        return os.fsencode(basename) in (self._read(path) or b"")

    def _read_dotenv(self, path: str) -> dict[str, Found]:
        if path not in self._dotenv:
            self._dotenv[path] = {}
            text = self._decoded(path)
            if text is not None:
                self._dotenv[path] = self._settings(path, text)
        return self._dotenv[path]

    def _settings(self, path: str, text: str) -> dict[str, Found]:
        """Return a dotenv file's variables; of several assignments of one name the last that is not empty."""
        from tokenrouter_video.documents.dotenv import variables

        name = self.listing.name(path)
        try:
            assignments = variables(text, self.process)
        except DocumentError:
            return {}
        return {key: Found(value, f"{name}:{line}", name) for key, value, line in assignments if value.strip()}

    def _read_compose(self, path: str) -> dict[str, _Setting]:
        if path not in self._compose:
            self._compose[path] = {}
            text = self._decoded(path)
            if text is not None:
                try:
                    document = formats.parse(text, "yaml")
                except DocumentError:
                    return self._compose[path]
                self._compose[path] = self._compose_settings(path, document)
        return self._compose[path]

    def _compose_settings(self, path: str, document: Document) -> dict[str, _Setting]:
        settings: dict[str, _Setting] = {}
        services = document.root.get("services") if isinstance(document.root, Node) else None
        for service in services.entries if isinstance(services, Node) else ():
            if not isinstance(service.value, Node):
                continue
            for name, value, offset in environment_of(service.value.get("environment")):
                settings.setdefault(name, _Setting(value, self.listing.name(path), document.line(offset)))
            for env_file in _env_files(service.value.get("env_file")):
                target = os.path.normpath(os.path.join(os.path.dirname(path), env_file))
                for name, found in self._read_dotenv(target).items():
                    line = int(found.origin.rpartition(":")[2])
                    settings.setdefault(name, _Setting(Text(found.text), self.listing.name(target), line))
        return settings

    def _decoded(self, path: str) -> str | None:
        data = self._read(path)
        try:
            return decode(data).text if data is not None else None
        except DocumentError:
            return None

    def _read(self, path: str) -> bytes | None:
        """Return the bytes of a file of the workspace, or one that was named; never through a link that leaves it."""
        try:
            real = os.path.realpath(path, strict=True)
            is_named = any(path in paths for paths in self.extra.values())
            return read_bytes(real) if is_within(real, self.listing.root) or is_named else None
        except OSError:
            return None


def environment_of(node: object) -> Iterator[tuple[str, Value, int]]:
    """Yield name, value and offset of an ``environment``, written as a map or as a list of ``NAME=value``."""
    if isinstance(node, Node):
        for entry in node.entries:
            if entry.key is not None and isinstance(entry.value, Scalar):
                yield entry.key, _scalar_value(entry.key, entry.value.value), entry.value.span.start
    elif isinstance(node, Sequence):
        for entry in node.entries:
            if isinstance(entry.value, Scalar) and isinstance(entry.value.value, str):
                name, equals, text = entry.value.value.partition("=")
                yield name.strip(), _scalar_value(name, text if equals else None), entry.value.span.start
            elif isinstance(entry.value, Node):
                # A Kubernetes container's `env`.
                named, given = entry.value.get("name"), entry.value.get("value")
                if isinstance(named, Scalar) and isinstance(given, Scalar):
                    yield str(named.value), _scalar_value("", str(given.value)), given.span.start


def _scalar_value(name: str, value: object) -> Value:
    """Return a setting's value; a name without one is handed on from the environment of whoever starts the service."""
    return Variable(name.strip()) if value is None else read_text(str(value))


def _env_files(node: object) -> Iterator[str]:
    """Yield the paths of an ``env_file``: a text, a list of texts, or of maps with ``path``."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, Sequence):
        for entry in node.entries:
            item = entry.value.get("path") if isinstance(entry.value, Node) else entry.value
            if isinstance(item, Scalar) and isinstance(item.value, str):
                yield item.value
