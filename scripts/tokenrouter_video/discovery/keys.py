"""Which key goes with a base URL, and what it comes to.

A key is looked for beside the URL, then in the rest of its entry, then in what the entry names, then above it. It is
never taken from where it may belong to another service's URL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tokenrouter_video.consumers import Consumer
from tokenrouter_video.discovery import names
from tokenrouter_video.discovery.addresses import Address
from tokenrouter_video.discovery.fields import Field, Fields
from tokenrouter_video.discovery.files import ParsedFile
from tokenrouter_video.discovery.references import read_key
from tokenrouter_video.discovery.resolution import Resolver, dereferenced
from tokenrouter_video.discovery.values import Command, FileReference, SecretReference, Text, Unknown, Value, Variable
from tokenrouter_video.documents.tree import Mapping, Node, Opaque, Place, Scalar, Sequence, find
from tokenrouter_video.secrets import is_placeholder

MAX_DEPTH = 4

# Maps of keys by provider, beside the map of providers.
_KEYRINGS = frozenset({"apikeys", "keys", "credentials", "secrets", "auth", "tokens", "auths"})
# Fields that name an entry of a list of credentials (LiteLLM `litellm_credential_name`).
_CREDENTIAL_NAME = re.compile(r"(?:credential|credentials|secret|key|auth)_?-?(?:name|ref|profile|id)\Z", re.IGNORECASE)

# What Kubernetes calls the place of a value in a secret.
_STORES = frozenset({"secretkeyref", "secretref", "valuefrom", "secret"})


class KeyField(NamedTuple):
    """Where a key stands and what it says; ``field`` is ``None`` where the consumer's own rule gives the variable."""

    value: Value
    field: Field | None


class _Candidate(NamedTuple):
    field: Field
    kind: str
    distance: int
    affinity: int


def find_key(
    address: Address,
    file: ParsedFile,
    fields: Fields,
    resolver: Resolver,
    *,
    elsewhere: tuple[tuple[str, ...], ...],
    consumer: Consumer | None,
) -> KeyField | None:
    """Return the key that goes with a base URL, or ``None``; ``elsewhere`` are the places of other services' URLs."""
    bare = consumer is not None and consumer.bare_variables
    block = find(file.document.root, address.block)
    tried: list[KeyField] = []
    for candidates in (
        _beside(address, fields, elsewhere),
        _within(address, block, fields),
        _named(address, block, file, fields),
        _above(address, fields, elsewhere),
    ):
        tried += [KeyField(_value(c, address, resolver, bare), c.field) for c in _best(candidates)]
        usable = [key for key in tried if not (_is_nothing(key.value) or isinstance(key.value, Unknown))]
        if usable:
            return usable[0]
    if consumer is not None and consumer.key_variable:
        name = re.sub(r"[^A-Z0-9]+", "_", (address.block[-1] if address.block else "").upper()).strip("_")
        return KeyField(Variable(consumer.key_variable.format(name=name)), None)
    # Code that is not followed says more than a placeholder beside it.
    return next((key for key in tried if isinstance(key.value, Unknown)), tried[0]) if tried else None


def _best(candidates: Iterator[_Candidate]) -> list[_Candidate]:
    """Return the candidates, best first; those that only lack a reason against them count where they are alone."""
    ranked = sorted(candidates, key=lambda candidate: (candidate.distance, candidate.affinity))
    sure = [candidate for candidate in ranked if candidate.affinity < 2]
    if sure:
        return sure
    return ranked if len(ranked) == 1 else []


def _beside(address: Address, fields: Fields, elsewhere: tuple[tuple[str, ...], ...]) -> Iterator[_Candidate]:
    """Yield the keys in the container of the URL; beside other services' URLs only one of the same prefix."""
    others = any(parts[:-1] == address.place.parts and names.url_rank(parts[-1]) < 2 for parts in elsewhere if parts)
    for field in fields.of(address.place):
        kind = names.key_kind(field.name)
        affinity = names.affinity(address.field.name, field.name)
        if kind is not None and affinity is not None and (affinity == 0 or not others):
            yield _Candidate(field, kind, 0, affinity)


def _within(address: Address, block: Place | None, fields: Fields) -> Iterator[_Candidate]:
    """Yield the keys in the rest of the entry: its own fields, and those below names that keys stand under."""
    if block is None or not isinstance(block.node, Mapping | Sequence):
        return
    if isinstance(block.node, Mapping) and block.node.layout == "scope":
        return
    pending = [(block, 1, "")]
    while pending:
        place, depth, role = pending.pop(0)
        for field in fields.of(place):
            kind = names.key_kind(field.name) or _role_kind(field, role)
            affinity = names.affinity(address.field.name, field.name) if not role else 1
            if kind is not None and affinity is not None and place.parts != address.place.parts:
                yield _Candidate(field, "env" if role == "env headers" else kind, depth, affinity)
            inner = fields.inside(field)
            if inner is not None and depth < MAX_DEPTH and (names.is_key_place(field.name) or kind == "value"):
                pending += [(place, depth + 1, below) for place, below in _places(field, inner, role)]
        if isinstance(place.node, Sequence) and role == "keyring":
            for number, entry in enumerate(place.node.entries):
                if isinstance(entry.value, Scalar | Opaque):
                    parents = (*place.parents, place.node)
                    yield _Candidate(Field("key", entry.value, (*place.parts, str(number)), parents), "value", depth, 1)


def _places(field: Field, inner: Place, role: str) -> Iterator[tuple[Place, str]]:
    """Yield the containers below a field in which a key may stand, with what their own fields mean."""
    name = names.folded(field.name)
    below = role
    if name in ("keys", "apikeys"):
        below = "keyring"
    elif name == "envhttpheaders":
        below = "env headers"
    yield inner, below
    if isinstance(inner.node, Sequence) and below == "keyring":
        for number, entry in enumerate(inner.node.entries):
            if isinstance(entry.value, Mapping):
                yield Place((*inner.parts, str(number)), entry.value, (*inner.parents, inner.node)), "keyring"


def _role_kind(field: Field, role: str) -> str | None:
    """Return the kind of a field that is a key by where it stands."""
    node = dereferenced(field.node)
    if role == "keyring" and isinstance(node, Scalar | Opaque):
        in_item = bool(field.parents) and len(field.parents) > 1 and isinstance(field.parents[-2], Sequence)
        return "value" if names.folded(field.name) == "value" or not in_item else None
    if names.folded(field.name) == "env" and isinstance(node, Sequence):
        items = [entry.value for entry in node.entries]
        is_list_of_names = all(isinstance(i, Scalar) and names.is_variable_name(str(i.value)) for i in items)
        return "env" if items and is_list_of_names else None
    return None


def _named(address: Address, block: Place | None, file: ParsedFile, fields: Fields) -> Iterator[_Candidate]:
    """Yield the keys of what the entry names: credentials by name, or a map of keys by provider."""
    if block is None or not isinstance(block.node, Mapping):
        return
    own_names = {address.block[-1]} if address.block else set()
    for field in (*fields.of(block), *fields.of(address.place)):
        if names.folded(field.name) in ("name", "id") and isinstance(field.node, Scalar):
            own_names.add(str(field.node.value))
        if _CREDENTIAL_NAME.search(field.name) and isinstance(field.node, Scalar):
            yield from _credentials(str(field.node.value), address, file, fields)
    for depth in range(len(address.block) - 1, -1, -1):
        above = find(file.document.root, address.block[:depth])
        for field in fields.of(above) if above is not None else ():
            ring = fields.inside(field) if names.folded(field.name) in _KEYRINGS else None
            if ring is None or address.block[: len(ring.parts)] == ring.parts:
                continue
            for member in fields.of(ring):
                if member.name in own_names:
                    yield from _member(member, address, fields)


def _member(member: Field, address: Address, fields: Fields) -> Iterator[_Candidate]:
    inner = fields.inside(member)
    if inner is None:
        yield _Candidate(member, "value", 5, 1)
        return
    for field in fields.of(inner):
        kind = names.key_kind(field.name)
        if kind is not None and names.affinity(address.field.name, field.name) in (0, 1):
            yield _Candidate(field, kind, 5, 1)


def _credentials(name: str, address: Address, file: ParsedFile, fields: Fields) -> Iterator[_Candidate]:
    """Yield the keys of a list item or map member of credentials with that name."""
    root = find(file.document.root, address.block[:1] if _is_documents(file) else ())
    for field in fields.of(root) if root is not None else ():
        ring = fields.inside(field)
        if ring is None or "credential" not in names.folded(field.name):
            continue
        for part, entry in enumerate(ring.node.entries if isinstance(ring.node, Mapping | Sequence) else ()):
            label = str(part) if isinstance(ring.node, Sequence) else entry.key or ""
            item = Place((*ring.parts, label), entry.value, (*ring.parents, ring.node))  # type: ignore[arg-type]
            values = {str(f.node.value) for f in fields.of(item) if isinstance(f.node, Scalar)}
            if label != name and name not in values:
                continue
            for inner in (item, *(place for f in fields.of(item) if (place := fields.inside(f)) is not None)):
                for below in fields.of(inner):
                    kind = names.key_kind(below.name)
                    if kind is not None:
                        yield _Candidate(below, kind, 4, 0)


def _is_documents(file: ParsedFile) -> bool:
    root = file.document.root
    return isinstance(root, Sequence) and root.layout == "documents"


def _above(address: Address, fields: Fields, elsewhere: tuple[tuple[str, ...], ...]) -> Iterator[_Candidate]:
    """Yield the keys of the containers around the entry; where other services' URLs are, only one of its own prefix."""
    for depth in range(len(address.place.parts) - 1, -1, -1):
        parts = address.place.parts[:depth]
        holder = address.place.parents[depth]
        if len(parts) >= len(address.block) and depth:
            continue
        others = any(other[:depth] == parts for other in elsewhere)
        for field in fields.of(Place(parts, holder, address.place.parents[:depth])):
            kind = names.key_kind(field.name)
            affinity = names.affinity(address.field.name, field.name)
            if kind is None or affinity is None or fields.inside(field) is not None:
                continue
            is_own = affinity < 2 and bool(names.key_prefix(field.name))
            if is_own or (not others and affinity < 2):
                yield _Candidate(field, kind, 10 + len(address.place.parts) - depth, affinity)


def _value(candidate: _Candidate, address: Address, resolver: Resolver, bare: bool) -> Value:
    """Return what a key's field says."""
    node = dereferenced(candidate.field.node)
    if isinstance(node, Sequence):
        items = [entry.value for entry in node.entries]
        if not items:
            return Text("")
        node = items[address.number if address.number is not None and address.number < len(items) else 0]
    value = _node_value(node, candidate.kind, resolver, bare)
    if isinstance(value, Text) and address.number is not None and ";" in value.text:
        listed = value.text.split(";")
        return Text(listed[address.number]) if address.number < len(listed) else Text("")
    return value


def _node_value(node: Node, kind: str, resolver: Resolver, bare: bool) -> Value:
    node = dereferenced(node)
    if isinstance(node, Scalar):
        if node.value is None or isinstance(node.value, bool):
            return Text("")
        return read_key(str(node.value), kind, bare_variables=bare)
    if isinstance(node, Mapping) and not (node.layout == "call" and node.callee):
        return _secret_reference(node, bare)
    return resolver.value_of(node)


def _secret_reference(node: Mapping, bare: bool) -> Value:
    """Return what an object says that stands for a key: OpenClaw's ``{source, id}``, Kubernetes' ``secretKeyRef``."""
    texts = {
        names.folded(entry.key): str(value.value)
        for entry in node.entries
        if entry.key is not None and isinstance(value := dereferenced(entry.value), Scalar) and value.value is not None
    }
    source = texts.get("source", texts.get("type", texts.get("from", texts.get("kind", "")))).lower()
    target = texts.get("id") or texts.get("name") or texts.get("key") or texts.get("path") or texts.get("command") or ""
    if source in ("env", "environment", "envvar", "env_var") and target:
        return Variable(texts.get("envkey", texts.get("envvar", target)))
    if source == "file" and (target or "path" in texts):
        return FileReference(texts.get("path", target))
    if source in ("exec", "command", "cmd", "shell") and target:
        return Command(target)
    for name, made in (("env", Variable), ("envvar", Variable), ("fromenv", Variable), ("envkey", Variable)):
        if texts.get(name):
            return made(texts[name])
    if texts.get("file"):
        return FileReference(texts["file"])
    if texts.get("command") or texts.get("cmd") or texts.get("exec"):
        return Command(texts.get("command") or texts.get("cmd") or texts["exec"])
    if texts.get("value"):
        return read_key(texts["value"], bare_variables=bare)
    for entry in node.entries:
        inner = dereferenced(entry.value)
        is_store = entry.key is not None and names.folded(entry.key) in _STORES
        if isinstance(inner, Mapping) and is_store:
            return _stored(inner)
    if source and target:
        return SecretReference(f"{source}:{target}")
    stored = [text for name, text in texts.items() if name in ("name", "key", "secret", "id")]
    return SecretReference("/".join(stored)) if stored else Unknown("an object of no known form")


def _stored(node: Mapping) -> Value:
    for entry in node.entries:
        inner = dereferenced(entry.value)
        if isinstance(inner, Mapping) and entry.key is not None and "secret" in names.folded(entry.key):
            return _stored(inner)
    texts = [str(entry.value.value) for entry in node.entries if isinstance(entry.value, Scalar)]
    return SecretReference("/".join(texts)) if texts else Unknown("an object of no known form")


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Text) and is_placeholder(value.text)
