"""Which list of a config holds the models of a channel, and what its entries are called.

Looked for in this order: a list inside the channel's own block; the list that the block itself is an entry of (flat
entries); a list elsewhere whose entries name this provider; a list beside or above the block, without other providers.
A list meant for video goes before a general one, a general one before one for chat.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tokenrouter_video.channels import Channel
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import (
    Alias,
    Container,
    Mapping,
    Node,
    Opaque,
    Scalar,
    Sequence,
    children,
    find,
    to_pointer,
    walk,
)
from tokenrouter_video.routing.fields import ID_FIELDS, PROVIDER_FIELDS, fold, list_class
from tokenrouter_video.routing.model_names import looks_like_id, read_model_name

Parts = tuple[str, ...]

_MAX_DEPTH = 6
_PURPOSES = {"video": 0, "general": 1, "chat": 2}
_GROUP_NAMES = {"default": "general", "list": "general", "ids": "general", "available": "general", "names": "general"}
# A string under a name in the singular is one model, not a list of one.
_PLURALS = ("models", "modelids", "modelnames", "modellist", "routes")
_FLAT_IDS = frozenset({"model", "modelname", "modelid"})
_PROVIDER_GROUPS = frozenset({"providers", "provider", "channels", "endpoints", "backends", "upstreams"})


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """One model of a list: where it stands, and the id under which the consumer knows it."""

    parts: Parts
    name: str
    node: Node


@dataclass(frozen=True, slots=True)
class RouteList:
    """A list of models.

    ``shape`` is as the contract names it. ``entries`` are the channel's own. ``id_path`` leads from an entry to its id,
    empty where the entry or its key is the id. ``purpose`` is ``video``, ``general`` or ``chat``.
    """

    shape: str
    parts: Parts
    purpose: str
    entries: tuple[RouteEntry, ...]
    id_path: Parts = ()
    separator: str = ","

    @property
    def pointer(self) -> str:
        """The list's JSON Pointer."""
        return to_pointer(self.parts)

    @property
    def models(self) -> tuple[str, ...]:
        """The ids of the channel's own entries."""
        return tuple(entry.name for entry in self.entries)


def find_route_lists(channel: Channel) -> tuple[RouteList, ...]:
    """Return the lists that hold the channel's models, the one for a new route first; empty where it keeps none."""
    document = channel.document
    if document.format == "dotenv":
        return ()
    finder = _Finder(document, channel)
    lists = finder.inside() or finder.flat() or finder.naming_the_provider() or finder.above()
    return tuple(sorted(lists, key=lambda one: _PURPOSES[one.purpose]))


class _Finder:
    def __init__(self, document: Document, channel: Channel) -> None:
        self.document = document
        self.channel = channel
        place = find(document.root, channel.parts)
        self.block: Node | None = place.node if place else None
        self.parents: tuple[Container, ...] = place.parents if place else ()

    def inside(self) -> list[RouteList]:
        """Return the lists in the channel's block."""
        if not isinstance(self.block, Mapping):
            return []
        return list(self._below(self.block, self.channel.parts, None, 0))

    def _below(self, node: Mapping, parts: Parts, purpose: str | None, depth: int) -> Iterator[RouteList]:
        if depth > _MAX_DEPTH:
            return
        for name, entry in children(node):
            own = list_class(name) or (_GROUP_NAMES.get(fold(name)) if purpose else None)
            if purpose and own is None and fold(name) in ("chat", "completion", "llm", "text"):
                own = "chat"
            here = (*parts, name)
            value, where = self._followed(entry.value, here)
            if own is not None:
                meant = purpose if purpose == "video" and own == "general" else own
                found = self._list_at(value, where, meant)
                if found is not None:
                    yield found
                    continue
                if isinstance(value, Mapping):
                    yield from self._below(value, where, meant, depth + 1)
                    continue
            if isinstance(value, Mapping) and where == here:
                yield from self._below(value, here, None, depth + 1)
            elif isinstance(value, Sequence) and where == here and fold(name) in ("keys", "deployments", "groups"):
                for number, item in children(value):
                    if isinstance(item.value, Mapping):
                        yield from self._below(item.value, (*here, number), None, depth + 1)

    def _followed(self, node: Node, parts: Parts) -> tuple[Node, Parts]:
        """Follow a name to the literal that it is bound to in the same file, and an alias that nobody else uses."""
        if isinstance(node, Opaque) and node.code.isidentifier():
            for depth in range(len(self.parents), -1, -1):
                scope = self.parents[depth - 1] if depth else self.document.root
                if isinstance(scope, Mapping) and scope.layout == "scope":
                    bound = scope.get(node.code)
                    if isinstance(bound, Mapping | Sequence):
                        return bound, self._parts_of(bound)
        root = self.document.root
        if isinstance(node, Alias) and node.target is not None:
            uses = sum(isinstance(place.node, Alias) and place.node.name == node.name for place in walk(root))
            if uses == 1:
                return node.target, self._parts_of(node.target)
        return node, parts

    def _parts_of(self, node: Node) -> Parts:
        return next(place.parts for place in walk(self.document.root) if place.node is node)

    def _list_at(self, node: Node, parts: Parts, purpose: str) -> RouteList | None:
        """Return the list of models that a node is, if it is one."""
        if isinstance(node, Sequence):
            return self._sequence(node, parts, purpose)
        if isinstance(node, Mapping):
            return self._map(node, parts, purpose)
        if isinstance(node, Scalar) and isinstance(node.value, str) and fold(parts[-1]).endswith(_PLURALS):
            return _delimited(node, parts, purpose)
        return None

    def _sequence(self, node: Sequence, parts: Parts, purpose: str) -> RouteList | None:
        if not node.entries:
            return RouteList(self._shape_of_namesake(parts) or "objects", parts, purpose, ())
        entries, id_path = sequence_entries(node, parts)
        if not entries:
            return None
        shape = _objects_shape(node) if id_path else "strings"
        return RouteList(shape, parts, purpose, entries, id_path)

    def _map(self, node: Mapping, parts: Parts, purpose: str) -> RouteList | None:
        if node.layout in ("scope", "call"):
            return None
        named = [(name, entry.value) for name, entry in children(node)]
        if any(isinstance(value, Sequence) for _, value in named):
            return None
        if any(fold(name) in _PROVIDER_GROUPS for name, _ in named):
            return None
        if not all(looks_like_id(name) for name, _ in named):
            return None
        if any(list_class(name) == "video" and isinstance(value, Mapping) for name, value in named):
            return None
        shape = "tables" if any(isinstance(value, Mapping) and value.header for _, value in named) else "map"
        entries = tuple(RouteEntry((*parts, name), name, value) for name, value in named)
        return RouteList(shape, parts, purpose, entries)

    def _shape_of_namesake(self, parts: Parts) -> str | None:
        for place in walk(self.document.root):
            if place.parts and parts and place.parts[-1] == parts[-1] and isinstance(place.node, Sequence):
                kinds = {type(entry.value) for entry in place.node.entries}
                if kinds == {Scalar}:
                    return "strings"
                if Mapping in kinds:
                    return "objects"
        return None

    def flat(self) -> list[RouteList]:
        """Return the list that the channel's block is itself an entry of."""
        parts = self.channel.parts
        for length in range(len(parts) - 1, -1, -1):
            place = find(self.document.root, parts[:length])
            if place is None or not isinstance(place.node, Mapping | Sequence):
                continue
            purpose = list_class(parts[length - 1]) if length else None
            numbers = self._own_entries(parts[:length])
            found = self._flat_list(place.node, parts[:length], purpose, numbers)
            if found is not None:
                return [found]
        return []

    def _own_entries(self, parts: Parts) -> list[str]:
        """Return the keys of the entries below ``parts`` that hold one of the channel's URLs."""
        length = len(parts)
        keys = (url[length] for url in self.channel.url_parts if url[:length] == parts and len(url) > length)
        return list(dict.fromkeys(keys))

    def _flat_list(self, node: Container, parts: Parts, purpose: str | None, own: list[str]) -> RouteList | None:
        members = [(name, entry.value) for name, entry in children(node) if name in own]
        mappings = [value for _, value in members if isinstance(value, Mapping)]
        if not mappings or len(mappings) != len(members):
            return None
        if isinstance(node, Mapping):
            if purpose is None or any(fold(name) in _PROVIDER_GROUPS for name, _ in members):
                return None
            if not all(looks_like_id(name) for name, _ in members):
                return None
            entries = tuple(RouteEntry((*parts, name), name, value) for name, value in members)
            return RouteList("tables" if mappings[0].header else "map", parts, purpose, entries)
        id_path = _id_path(mappings)
        if not id_path:
            return None
        is_models = purpose is not None or fold(id_path[-1]) in _FLAT_IDS or len(members) > 1 or not parts
        if not is_models and not (len(parts) > 1 and fold(parts[-2]) == "modelproviders"):
            return None
        found = [
            RouteEntry((*parts, name), identity, value)
            for name, value in members
            if (identity := _entry_id(value, id_path)) is not None
        ]
        return RouteList("flat", parts, purpose or "general", tuple(found), id_path)

    def naming_the_provider(self) -> list[RouteList]:
        """Return the lists elsewhere whose entries name this channel's provider."""
        names = self._provider_names()
        found: list[RouteList] = []
        for place in walk(self.document.root):
            if not place.parts or place.parts == self.channel.parts:
                continue
            purpose = list_class(place.parts[-1])
            if purpose is None or not isinstance(place.node, Mapping | Sequence):
                continue
            members = [entry.value for _, entry in children(place.node) if isinstance(entry.value, Mapping)]
            fields = [_provider_of(member) for member in members]
            if not any(fields):
                continue
            located = self._list_at(place.node, place.parts, purpose)
            if located is None:
                continue
            own = tuple(
                entry
                for entry in located.entries
                if isinstance(entry.node, Mapping) and _provider_of(entry.node) in names
            )
            shape = "tables" if self.document.format == "toml" else located.shape
            found.append(replace(located, entries=own, shape=shape))
        return found

    def _provider_names(self) -> frozenset[str]:
        names = {self.channel.parts[-1]} if self.channel.parts else set()
        if isinstance(self.block, Mapping):
            for name in ("name", "id"):
                value = self.block.get(name)
                if isinstance(value, Scalar) and isinstance(value.value, str):
                    names.add(value.value)
        return frozenset(names)

    def above(self) -> list[RouteList]:
        """Return the lists beside or above the block, where nothing there belongs to another provider."""
        parts = self.channel.parts
        for length in range(len(parts) - 1, -1, -1):
            place = find(self.document.root, parts[:length])
            if place is None or not isinstance(place.node, Mapping):
                continue
            if self._has_other_provider(place.node, parts[:length]):
                return []
            found = [
                located
                for name, entry in children(place.node)
                if name != parts[length]
                and (purpose := list_class(name.rpartition(".")[2])) is not None
                and (located := self._list_at(entry.value, (*parts[:length], name), purpose)) is not None
                and located.shape != "delimited"
            ]
            if found:
                return found
        return []

    def _has_other_provider(self, node: Mapping, parts: Parts) -> bool:
        own = set(self.channel.url_parts)
        for place in walk(node):
            here = (*parts, *place.parts)
            if here in own or not isinstance(place.node, Scalar) or not isinstance(place.node.value, str):
                continue
            if place.node.value.startswith(("http://", "https://")) and _names_a_url(here):
                return True
        return False


def _names_a_url(parts: Parts) -> bool:
    last = fold(parts[-1]) if parts else ""
    return last.endswith(("url", "uri", "base", "endpoint", "host")) and "image" not in last and "icon" not in last


def _provider_of(node: Mapping) -> str | None:
    for name, entry in children(node):
        if fold(name) in PROVIDER_FIELDS and isinstance(entry.value, Scalar) and isinstance(entry.value.value, str):
            return entry.value.value
    return None


def sequence_entries(node: Sequence, parts: Parts) -> tuple[tuple[RouteEntry, ...], Parts]:
    """Return a list's entries that carry an id, and the path of the id in them, empty where strings are the ids."""
    mappings = [entry.value for entry in node.entries if isinstance(entry.value, Mapping)]
    strings = [
        entry.value for entry in node.entries if isinstance(entry.value, Scalar) and entry.value.kind == "string"
    ]
    id_path = _id_path(mappings) if len(mappings) >= len(strings) else ()
    if mappings and len(mappings) >= len(strings) and not id_path:
        return (), ()
    found = tuple(
        RouteEntry((*parts, str(number)), name, entry.value)
        for number, entry in enumerate(node.entries)
        if (name := _entry_id(entry.value, id_path)) is not None
    )
    return found, id_path


def container_names(node: Container, id_path: Parts) -> list[str]:
    """Return the id of every entry of a list or map, empty for what has none; other channels' entries included."""
    if isinstance(node, Mapping):
        return [entry.key or "" for entry in node.entries]
    return [_entry_id(entry.value, id_path) or "" for entry in node.entries]


def _objects_shape(node: Sequence) -> str:
    if node.layout == "tables":
        return "tables"
    is_calls = any(isinstance(entry.value, Mapping) and entry.value.layout == "call" for entry in node.entries)
    return "call" if is_calls else "objects"


def _id_path(entries: list[Mapping]) -> Parts:
    """Return the path of the field that most entries carry their id in, the most telling name first."""
    best: tuple[int, int] | None = None
    chosen: Parts = ()
    paths = dict.fromkeys(path for entry in entries for path in _string_paths(entry))
    for path in paths:
        folded = fold(path[-1])
        if folded not in ID_FIELDS:
            continue
        values = [value for entry in entries if (value := _text_at(entry, path)) is not None]
        ids = {value for value in values if looks_like_id(value)}
        if not ids:
            continue
        known = sum(read_model_name(value).is_video for value in ids)
        rank = (-len(ids) - known, ID_FIELDS.index(folded) + 10 * (len(path) - 1))
        if best is None or rank < best:
            best, chosen = rank, path
    return chosen


def _string_paths(entry: Mapping) -> Iterator[Parts]:
    for name, one in children(entry):
        if isinstance(one.value, Scalar) and one.value.kind == "string":
            yield (name,)
        elif isinstance(one.value, Mapping) and fold(name) in ("litellmparams", "model", "config", "params"):
            for inner, below in children(one.value):
                if isinstance(below.value, Scalar) and below.value.kind == "string":
                    yield (name, inner)


def _text_at(entry: Node, path: Parts) -> str | None:
    place = find(entry, path)
    if place is None or not isinstance(place.node, Scalar) or not isinstance(place.node.value, str):
        return None
    return place.node.value


def _entry_id(node: Node, id_path: Parts) -> str | None:
    if isinstance(node, Scalar):
        return node.value if isinstance(node.value, str) else None
    return _text_at(node, id_path) if id_path else None


def _delimited(node: Scalar, parts: Parts, purpose: str) -> RouteList | None:
    """Return the list that a string of ids separated by commas or semicolons is."""
    text = str(node.value)
    separator = ";" if ";" in text else ","
    names = [name.strip() for name in text.split(separator)]
    if not text.strip() or not all(looks_like_id(name.lstrip("+-").partition("=")[0]) for name in names if name):
        return None
    entries = tuple(RouteEntry(parts, name, node) for name in names if name)
    return RouteList("delimited", parts, purpose, entries, separator=separator)
