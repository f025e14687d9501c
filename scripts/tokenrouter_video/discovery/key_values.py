"""What stands where a key is due: a text, a list of them, code, or an object that refers to a secret."""

from __future__ import annotations

from tokenrouter_video import config_names as names
from tokenrouter_video.discovery.references import read_key
from tokenrouter_video.discovery.resolution import Resolver
from tokenrouter_video.discovery.values import Command, FileReference, SecretReference, Text, Unknown, Value
from tokenrouter_video.documents.tree import Mapping, Node, Scalar, Sequence, dereferenced
from tokenrouter_video.secrets import is_placeholder

# What Kubernetes calls the place of a value in a secret.
_STORES = frozenset({"secretkeyref", "secretref", "valuefrom", "secret"})


def key_value(node: Node, kind: str, resolver: Resolver, *, number: int | None, bare_variables: bool) -> Value:
    """Return what a key's node says; ``number`` is the place of its URL where several stand in one field."""
    node = dereferenced(node)
    if isinstance(node, Sequence):
        items = [entry.value for entry in node.entries]
        if not items:
            return Text("")
        node = items[number if number is not None and number < len(items) else 0]
    value = _node_value(node, kind, resolver, bare_variables)
    if isinstance(value, Text) and number is not None and ";" in value.text:
        listed = value.text.split(";")
        return Text(listed[number]) if number < len(listed) else Text("")
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
        return read_key(texts.get("envkey", texts.get("envvar", target)), "env")
    if source == "file" and (target or "path" in texts):
        return FileReference(texts.get("path", target))
    if source in ("exec", "command", "cmd", "shell") and target:
        return Command(target)
    for name in ("env", "envvar", "fromenv", "envkey"):
        if texts.get(name):
            return read_key(texts[name], "env")
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
    # Outside of a store's object a member called key or secret may be the key itself: it is never shown as a name.
    for name in ("key", "secret"):
        if name in texts:
            return read_key(texts[name], bare_variables=bare)
    # Nor does a mere name: an object that says neither source nor store may be a provider and no reference.
    return Unknown("an object of no known form")


def _stored(node: Mapping) -> Value:
    for entry in node.entries:
        inner = dereferenced(entry.value)
        if isinstance(inner, Mapping) and entry.key is not None and "secret" in names.folded(entry.key):
            return _stored(inner)
    texts = [str(entry.value.value) for entry in node.entries if isinstance(entry.value, Scalar)]
    return SecretReference("/".join(texts)) if texts else Unknown("an object of no known form")


def is_nothing(value: Value) -> bool:
    """Whether a key's place is empty or holds a placeholder."""
    return isinstance(value, Text) and is_placeholder(value.text)
