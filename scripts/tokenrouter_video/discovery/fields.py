"""The named values of a container as its consumer sees them, whatever way they are written.

YAML merge keys and aliases, spreads of code (``...base``, ``**base``), lists of ``NAME=value`` and of ``{name, value}``
(containers' environments) all become fields; a field's ``parts`` lead to where its value really stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tokenrouter_video.config_names import is_environment
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import (
    Alias,
    Container,
    Mapping,
    Node,
    Opaque,
    Place,
    Scalar,
    Sequence,
    children,
    dereferenced,
)
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass, replace

MAX_MERGED = 200

# A second binding of one name in code: `name@2`.
_REPEATED = regex(r"@[0-9]+\Z")
_SPREAD = regex(r"(?:\.\.\.|\*\*)\s*([A-Za-z_$][\w$]*)")


@dataclass(frozen=True, slots=True)
class Field:
    """A name and its value; ``is_shared`` marks a value that stands elsewhere and is merged or aliased in."""

    name: str
    node: Node
    parts: tuple[str, ...]
    parents: tuple[Container, ...]
    is_shared: bool = False


class Fields:
    """Reads the fields of one document's containers, each container once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._anchored: dict[int, Place] = {}
        self._known: dict[int, tuple[Field, ...]] = {}
        if document.format == "yaml" and "&" in document.text:
            for place in document.places:
                if isinstance(place.node, Mapping | Sequence) and place.node.anchor:
                    self._anchored[id(place.node)] = place

    def of(self, place: Place) -> tuple[Field, ...]:
        """Return the fields of a container in its place; a sequence has some only where it is an environment."""
        if id(place.node) not in self._known:
            self._known[id(place.node)] = ()  # an anchor that merges itself ends here
            self._known[id(place.node)] = tuple(self._read(place))
        return self._known[id(place.node)]

    def may_name(self, place: Place, is_asked_for: Callable[[str], bool]) -> bool:
        """Whether a container may have a field whose name is asked for, or an alias or spread that leads to one."""
        node = place.node
        if not isinstance(node, Mapping) or node.layout == "scope":
            return True
        return any(
            entry.key is None or is_asked_for(entry.key) or isinstance(entry.value, Alias) or entry.key == "<<"
            for entry in node.entries
        )

    def inside(self, field: Field) -> Place | None:
        """Return the container that a field holds, in the place where it stands, or ``None``."""
        node = dereferenced(field.node)
        if not isinstance(node, Mapping | Sequence):
            return None
        if isinstance(field.node, Alias):
            return self._anchored.get(id(node))
        return Place(field.parts, node, field.parents)

    def _read(self, place: Place) -> Iterator[Field]:
        node, parts = place.node, place.parts
        if isinstance(node, Sequence):
            if parts and is_environment(parts[-1]):
                yield from self._environment(node, place)
            return
        if not isinstance(node, Mapping):
            return
        parents = (*place.parents, node)
        names: set[str] = set()
        for key, entry in children(node):
            name = _REPEATED.sub("", key) if node.layout == "scope" else key
            if key != "<<":
                names.add(name)
                yield Field(name, entry.value, (*parts, key), parents, isinstance(entry.value, Alias))
        others: Iterator[Field] = iter(())
        if self.document.format == "yaml":
            others = self._merged(node, place)
        elif any(entry.key is None for entry in node.entries):
            others = self._spread(node, place)
        for field in others:
            if field.name not in names and len(names) < MAX_MERGED:
                names.add(field.name)
                yield replace(field, is_shared=True)

    def _merged(self, node: Mapping, place: Place) -> Iterator[Field]:
        for entry in node.entries:
            if entry.key != "<<":
                continue
            value = entry.value
            sources = [item.value for item in value.entries] if isinstance(value, Sequence) else [value]
            for source in sources[:MAX_MERGED]:
                target = dereferenced(source)
                if not isinstance(target, Mapping) or target is node:
                    continue
                anchored = self._anchored.get(id(target))
                yield from self.of(anchored or Place((*place.parts, "<<"), target, (*place.parents, node)))

    def _spread(self, node: Mapping, place: Place) -> Iterator[Field]:
        """Yield the fields of the file's own objects that a literal of code takes in by their names."""
        for entry in node.entries:
            code = entry.value.code if entry.key is None and isinstance(entry.value, Opaque) else ""
            match = _SPREAD.fullmatch(code)
            bound = _bound(match[1], place) if match is not None else None
            if bound is not None and bound.node is not node:
                yield from self.of(bound)

    def _environment(self, node: Sequence, place: Place) -> Iterator[Field]:
        parents = (*place.parents, node)
        for number, entry in enumerate(node.entries):
            parts = (*place.parts, str(number))
            item = dereferenced(entry.value)
            if isinstance(item, Scalar) and isinstance(item.value, str):
                name, equals, text = item.value.partition("=")
                # A name alone is handed on from the environment.
                yield Field(
                    name.strip(), replace(item, value=text if equals else f"${{{name.strip()}}}"), parts, parents
                )
            elif isinstance(item, Mapping):
                named = item.get("name") or item.get("key")
                value = item.get("value") or item.get("valueFrom")
                if isinstance(named, Scalar) and isinstance(named.value, str) and value is not None:
                    key = "value" if item.get("value") is not None else "valueFrom"
                    yield Field(named.value, value, (*parts, key), (*parents, item))


def _bound(name: str, place: Place) -> Place | None:
    """Return the one object that a name is bound to, looked for from the innermost scope outwards."""
    for depth in range(len(place.parents) - 1, -1, -1):
        scope = place.parents[depth]
        target = scope.get(name) if isinstance(scope, Mapping) and scope.layout == "scope" else None
        if target is None:
            continue
        assert isinstance(scope, Mapping)
        is_sure = isinstance(target, Mapping) and scope.get(f"{name}@2") is None
        return Place((*place.parts[:depth], name), target, place.parents[: depth + 1]) if is_sure else None
    return None
