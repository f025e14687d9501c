"""From a configured key to the key itself: variables, files and literals are followed, commands and vaults named."""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
import re

from tokenrouter_video.config_names import is_variable_name
from tokenrouter_video.discovery.files import ParsedFile
from tokenrouter_video.discovery.keys import KeyField
from tokenrouter_video.discovery.references import read_key as read_reference
from tokenrouter_video.discovery.resolution import MAX_STEPS, Resolver, Standing
from tokenrouter_video.discovery.scan import read_bytes
from tokenrouter_video.discovery.values import (
    Command,
    FileReference,
    Joined,
    Name,
    SecretReference,
    Text,
    Value,
    Variable,
)
from tokenrouter_video.discovery.walk import is_within
from tokenrouter_video.documents.tree import Scalar, dereferenced
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass, replace
from tokenrouter_video.secrets import KeyReference, ResolvedKey, read_key

MAX_KEY_FILE_BYTES = 65_536

_LOOKED_IN = "not in the environment, .env.local, .env or a compose file"
_BEARER = regex(r"\s*bearer\s+\Z", re.IGNORECASE)
# Objects whose attributes are read from variables of the same name (pydantic's settings and the like).
_SETTINGS = frozenset({"settings", "config", "cfg", "conf", "env", "Settings", "Config"})


@dataclass(frozen=True)
class KeyResolver:
    """Resolves keys for one run; ``allowed`` are key files outside the workspace that the user named."""

    resolver: Resolver
    allowed: frozenset[str]

    def resolve(self, key: KeyField | None, file: ParsedFile, doubt: str = "") -> ResolvedKey:
        """Return what a configured key comes to; ``None`` is a channel without one, ``doubt`` why it has none."""
        if key is None:
            return _none(doubt or "no key stands with the base URL")
        if key.field is None:
            standing = Standing(file, file.document.root, (), ())
        else:
            standing = Standing(file, key.field.node, key.field.parts, key.field.parents)
            if file.document.format == "dotenv":
                return self._assigned(key.field.name, key.value, standing)
        return self._resolve(key.value, standing, 0)

    def _resolve(self, value: Value, standing: Standing, steps: int) -> ResolvedKey:
        if steps > MAX_STEPS:
            return _none("the key is a name that leads to itself")
        if isinstance(value, Text):
            return self._literal(value, standing)
        if isinstance(value, Variable):
            return self._variable(value, standing, steps)
        if isinstance(value, FileReference):
            return self._file(value, standing)
        if isinstance(value, Command):
            return _unresolved("command", value.text, "the key is a command's output, and commands are never run")
        if isinstance(value, SecretReference):
            return self._stored(value.name)
        if isinstance(value, Name):
            return self._name(value, standing, steps)
        if isinstance(value, Joined):
            return self._joined(value, standing, steps)
        return _none(f"the key is {value.reason}, which is not followed")

    def _assigned(self, name: str, value: Value, standing: Standing) -> ResolvedKey:
        """Return the key that a dotenv file sets: its readers let the process environment go first."""
        held = self.resolver.environment.process.get(name, "")
        if held.strip():
            return self._variable(Variable(name), standing, 0)
        own = self._resolve(value, standing, 0)
        problem = own.problem and own.problem.replace("the configured key", f"what {name} holds")
        return ResolvedKey(KeyReference("env", name), own.secret, own.resolved_from, problem)

    def _literal(self, value: Text, standing: Standing) -> ResolvedKey:
        secret, fault = read_key(value.text)
        if secret is None and fault in ("is empty", "is a placeholder"):
            asked = value.text.strip().casefold() in ("user_provided", "user-provided")
            word = "the tool asks each of its users for a key" if asked else f"the configured key {fault}"
            return _none(word)
        line = standing.file.line(dereferenced(standing.node).span.start)
        origin = f"{standing.file.name}:{line}" if secret is not None else None
        problem = None if secret is not None else f"the configured key {fault}"
        return ResolvedKey(KeyReference("literal", None, literal=secret), secret, origin, problem)

    def _variable(self, value: Variable, standing: Standing, steps: int) -> ResolvedKey:
        source = "secret-ref" if value.is_secret else "env"
        outcome = self.resolver.evaluate(replace(value, default=None), standing, steps)
        held_by = self._container_secret(value.name, outcome.origin, standing)
        if held_by is not None:
            return held_by
        default = self._resolve(value.default, standing, steps + 1) if value.default is not None else None
        reference = KeyReference(source, value.name, default=default.secret if default is not None else None)
        if outcome.text is None or not outcome.text.strip():
            if default is not None and default.secret is not None:
                return ResolvedKey(reference, default.secret, default.resolved_from, None)
            return ResolvedKey(reference, None, None, f"{value.name} is not set: {_LOOKED_IN}")
        held = read_reference(outcome.text)
        if isinstance(held, Command | SecretReference | FileReference):
            return ResolvedKey(reference, None, None, f"{value.name} holds a reference that is not followed")
        secret, fault = read_key(outcome.text)
        problem = None if secret is not None else f"{value.name} holds no key: it {fault}"
        return ResolvedKey(reference, secret, outcome.origin if secret is not None else None, problem)

    def _container_secret(self, name: str, origin: str | None, standing: Standing) -> ResolvedKey | None:
        """Return the Kubernetes Secret that a variable is set from, unless something nearer sets it."""
        held = self.resolver.given_to_containers(name, standing)
        if held is None or held.secret is None or origin not in (None, held.origin):
            return None
        if held.text is not None:
            return _read_secret(held.secret, held.text, held.origin)
        problem = f"{held.origin} sets {name} from the Secret {held.secret}, and no one file of the workspace holds it"
        return _unresolved("secret-ref", held.secret, f"{problem}; set {name} in the environment")

    def _stored(self, name: str) -> ResolvedKey:
        """Return a secret store's entry: a Kubernetes Secret that one file of the workspace holds is read."""
        secret, slash, key = name.partition("/")
        found = self.resolver.manifests.secret(secret, key) if slash and ":" not in name else []
        if len({held.text for held in found}) == 1 and found[0].text is not None:
            return _read_secret(name, found[0].text, found[0].origin)
        return _unresolved("secret-ref", name, "the key is in a secret store, and those are never asked")

    def _name(self, value: Name, standing: Standing, steps: int) -> ResolvedKey:
        target = self.resolver.binding(value, standing)
        if target is not None:
            node = dereferenced(target.node)
            is_text = isinstance(node, Scalar) and isinstance(node.value, str)
            inner = read_reference(str(node.value)) if isinstance(node, Scalar) and is_text else None
            bound = self._resolve(inner or self.resolver.value_of(node), target, steps + 1)
            if bound.reference.source != "none" or len(value.path) == 1:
                return bound
        last = value.path[-1].upper()
        if len(value.path) > 1 and value.path[0] in _SETTINGS and is_variable_name(last):
            return self._variable(Variable(last), standing, steps + 1)
        return _none("the key is given by code that is not followed")

    def _joined(self, value: Joined, standing: Standing, steps: int) -> ResolvedKey:
        first, *rest = value.parts
        if isinstance(first, Text) and _BEARER.fullmatch(first.text) and len(rest) == 1:
            return self._resolve(rest[0], standing, steps + 1)
        outcome = self.resolver.evaluate(value, standing, steps)
        names = [part.name for part in value.parts if isinstance(part, Variable)]
        reference = KeyReference("env", names[0]) if names else KeyReference("none", None)
        if outcome.text is None:
            return ResolvedKey(reference, None, None, f"{', '.join(names) or 'a part of it'} is not set: {_LOOKED_IN}")
        secret, fault = read_key(outcome.text)
        problem = None if secret is not None else f"the configured key {fault}"
        return ResolvedKey(reference, secret, outcome.origin if secret is not None else None, problem)

    def _file(self, value: FileReference, standing: Standing) -> ResolvedKey:
        """Read a key file of the workspace, or one that the user allowed."""
        listing = self.resolver.files.listing
        path = value.path
        if path.startswith("~/") and listing.home:
            path = os.path.join(listing.home, path[2:])
        path = os.path.join(os.path.dirname(standing.file.path), path)
        try:
            real = os.path.realpath(path, strict=True)
            if not (is_within(real, listing.root) or real in self.allowed):
                return _unresolved(
                    "file", value.path, "the key file is outside the workspace; --allow-key-file PATH lets it be read"
                )
            data = read_bytes(real)
        except (OSError, ValueError):
            return _unresolved("file", value.path, "the key file cannot be read")
        if len(data) > MAX_KEY_FILE_BYTES:
            return _unresolved("file", value.path, "the key file is too large to be one")
        try:
            secret, fault = read_key(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            secret, fault = None, "is not UTF-8"
        if secret is None:
            return _unresolved("file", value.path, f"the key file holds no key: it {fault}")
        return ResolvedKey(KeyReference("file", value.path), secret, listing.name(real), None)


def _read_secret(name: str, text: str, origin: str) -> ResolvedKey:
    secret, fault = read_key(text)
    if secret is None:
        return _unresolved("secret-ref", name, f"{origin} holds no key: it {fault}")
    return ResolvedKey(KeyReference("secret-ref", name), secret, origin, None)


def _none(problem: str) -> ResolvedKey:
    return ResolvedKey(KeyReference("none", None), None, None, problem)


def _unresolved(source: str, name: str, problem: str) -> ResolvedKey:
    return ResolvedKey(KeyReference(source, name), None, None, problem)
