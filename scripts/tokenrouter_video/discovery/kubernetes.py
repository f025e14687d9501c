"""What Kubernetes manifests say of a config in a ConfigMap or Secret: who mounts it, and with which variables.

Shapes: https://kubernetes.io/docs/reference/kubernetes-api/. A name in another namespace is another object. A Secret is
read where a file of the workspace holds it in the open, and is named where none does.
"""

from __future__ import annotations

from collections.abc import Iterator

from tokenrouter_video.discovery import liveness
from tokenrouter_video.discovery.files import Files, ParsedFile
from tokenrouter_video.discovery.liveness import Reason
from tokenrouter_video.discovery.scan import search
from tokenrouter_video.documents.tree import Mapping, Node, Scalar, Sequence, children, find, walk
from tokenrouter_video.manifests import decoded, may_meet, objects_in, text_of
from tokenrouter_video.records import dataclass, field, replace

# Of the files that hold an object's name this many are read.
MAX_MANIFESTS = 50

_ENDINGS = (".yaml", ".yml", ".json")
# How a pod names an object of a kind: the member, and the member of that which is the name.
_NAMED_BY = {
    "ConfigMap": {"configMap": "name", "configMapRef": "name", "configMapKeyRef": "name"},
    "Secret": {"secret": "secretName", "secretRef": "name", "secretKeyRef": "name"},
}


@dataclass(frozen=True, slots=True)
class Held:
    """What a variable or a Secret's key holds and where that stands; ``secret`` names the Secret and its key.

    ``text`` is ``None`` where no file of the workspace holds it, or where several do and differ.
    """

    text: str | None
    file: str
    line: int
    secret: str | None

    @property
    def origin(self) -> str:
        """Where it stands, as ``file:line``."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Object:
    """An object of a manifest: its file, its node, and what it is called."""

    file: ParsedFile
    node: Mapping
    kind: str
    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Workload:
    """The pod of an object that uses a ConfigMap or Secret, and the line that names it."""

    owner: Object
    pod: Mapping
    line: int
    holder: str


@dataclass()
class KubernetesFiles:
    """Reads the manifests of a workspace by the names that are asked for, each name once."""

    files: Files
    _objects: dict[str, list[Object]] = field(default_factory=dict)
    _workloads: dict[tuple[str, str, str], list[Workload]] = field(default_factory=dict)

    def reasons(self, config: ParsedFile) -> Iterator[Reason]:
        """Yield the evidence that a config is in use: the workloads that name the ConfigMap or Secret that holds it."""
        for workload in self._workloads_of(config):
            owner = workload.owner
            text = f"{owner.file.name}:{workload.line} names its {workload.holder} ({owner.kind} {owner.name})"
            yield Reason("started with it", text)

    def setting(self, name: str, config: ParsedFile) -> Held | None:
        """Return what a variable holds in the containers that use a config's ConfigMap, ``None`` where none sets it."""
        for workload in self._workloads_of(config):
            for container in _containers(workload.pod):
                for _, entry in _items(container.get("env")):
                    if text_of(entry.get("name")) == name:
                        found = self._given(entry, workload.owner)
                        if found is not None:
                            return found
                for _, source in _items(container.get("envFrom")):
                    found = self._from_whole(source, name, workload.owner)
                    if found is not None:
                        return found
        return None

    def secret(self, name: str, key: str, namespace: str = "") -> list[Held]:
        """Return what the workspace's Secrets of a name hold under a key."""
        return [
            held
            for one in self._named(name)
            if one.kind == "Secret" and one.name == name and may_meet(one.namespace, namespace)
            for held in _held_by(one, key)
        ]

    def _given(self, entry: Mapping, owner: Object) -> Held | None:
        value = entry.get("value")
        if isinstance(value, Scalar) and value.value is not None:
            return Held(str(value.value), owner.file.name, owner.file.line(value.token.start), None)
        source = entry.get("valueFrom")
        if not isinstance(source, Mapping):
            return None
        for word in ("secretKeyRef", "configMapKeyRef"):
            reference = source.get(word)
            if isinstance(reference, Mapping):
                return self._referred(
                    word, text_of(reference.get("name")), text_of(reference.get("key")), reference, owner
                )
        return None

    def _from_whole(self, source: Mapping, name: str, owner: Object) -> Held | None:
        prefix = text_of(source.get("prefix"))
        for word in ("secretRef", "configMapRef"):
            reference = source.get(word)
            if isinstance(reference, Mapping) and name.startswith(prefix):
                held = self._referred(word, text_of(reference.get("name")), name[len(prefix) :], reference, owner)
                if held is not None and held.text is not None:
                    return held
        return None

    def _referred(self, word: str, name: str, key: str, at: Mapping, owner: Object) -> Held | None:
        line = owner.file.line(at.span.start)
        if word.startswith("secret"):
            found = self.secret(name, key, owner.namespace)
            texts = {one.text for one in found}
            if len(texts) == 1:
                return replace(found[0], secret=f"{name}/{key}")
            return Held(None, owner.file.name, line, f"{name}/{key}")
        for one in self._named(name):
            if one.kind == "ConfigMap" and one.name == name and may_meet(one.namespace, owner.namespace):
                for held in _held_by(one, key):
                    return held
        return None

    def _workloads_of(self, config: ParsedFile) -> list[Workload]:
        holder = _holder_of(config)
        if holder is None:
            return []
        key = (holder.kind, holder.name, holder.namespace)
        if key not in self._workloads:
            self._workloads[key] = [
                workload
                for one in self._named(holder.name)
                if may_meet(one.namespace, holder.namespace) and not liveness.by_path(tuple(one.file.name.split("/")))
                for workload in _users(one, holder)
            ]
        return self._workloads[key]

    def _named(self, name: str) -> list[Object]:
        """Return the objects of the files that hold a name."""
        if name not in self._objects:
            listing = self.files.listing
            paths = [path for path in listing.configs if path.endswith(_ENDINGS)] if name else []
            found = search(listing, paths, (name.encode("utf-8", "surrogateescape"),), fold=False, report=False)
            files = (self.files.load(path) for path in found[:MAX_MANIFESTS])
            self._objects[name] = [one for file in files if file is not None for one in _objects(file)]
        return self._objects[name]


def _objects(file: ParsedFile) -> Iterator[Object]:
    for one in objects_in(file.name, file.document.root):
        if isinstance(one.place.node, Mapping):
            yield Object(file, one.place.node, one.kind, one.name, one.namespace)


def _holder_of(config: ParsedFile) -> Object | None:
    """Return the ConfigMap or Secret that a config is a text of."""
    if (
        config.embedded is None
        or config.holder is None
        or config.embedded.parts[-2:-1] not in (("data",), ("stringData",))
    ):
        return None
    place = find(config.holder.document.root, config.embedded.parts)
    owner = place.parents[-2] if place is not None and len(place.parents) > 1 else None
    return next((one for one in _objects(config.holder) if one.node is owner and one.kind in _NAMED_BY), None)


def _users(owner: Object, holder: Object) -> Iterator[Workload]:
    """Yield the pods of an object, of any kind, that use a ConfigMap or Secret."""
    for place in walk(owner.node):
        if isinstance(place.node, Mapping) and isinstance(place.node.get("containers"), Sequence):
            named = next(_mentions(place.node, holder), None)
            if named is not None:
                yield Workload(owner, place.node, owner.file.line(named.span.start), holder.kind)


def _mentions(pod: Mapping, holder: Object) -> Iterator[Node]:
    for place in walk(pod):
        word = _NAMED_BY[holder.kind].get(place.parts[-1]) if place.parts else None
        named = place.node.get(word) if word is not None and isinstance(place.node, Mapping) else None
        if named is not None and text_of(named) == holder.name:
            yield named


def _containers(pod: Mapping) -> Iterator[Mapping]:
    for word in ("containers", "initContainers"):
        for _, container in _items(pod.get(word)):
            yield container


def _items(node: Node | None) -> Iterator[tuple[str, Mapping]]:
    for name, entry in children(node) if isinstance(node, Sequence) else ():
        if isinstance(entry.value, Mapping):
            yield name, entry.value


def _held_by(one: Object, key: str) -> Iterator[Held]:
    """Yield what a Secret or ConfigMap holds under a key; of a Secret ``stringData`` goes before ``data``."""
    for word in ("stringData", "data"):
        members = one.node.get(word)
        node = members.get(key) if isinstance(members, Mapping) else None
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            continue
        text: str | None = node.value
        if one.kind == "Secret" and word == "data":
            text = decoded(node.value)
        if text is not None:
            yield Held(text, one.file.name, one.file.line(node.token.start), None)
            return
