"""What a node stands for when it is a name: YAML aliases and merge keys, constants and spreads in code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Alias, Container, Mapping, Node, Opaque, Place, Sequence, children
from tokenrouter_video.patterns import regex

Parts = tuple[str, ...]

# A constant may be another's name, and that one another's; names in a ring lead nowhere.
_MAX_STEPS = 20
# So many maps are followed of those that a map merges; each is one call deeper.
MAX_MERGES = 100
# https://yaml.org/type/merge.html; elsewhere no config has such a key.
MERGE_KEY = "<<"

_NAME = r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*"
_PLAIN = regex(_NAME)
_SPREAD = regex(rf"(?:\.\.\.|\*\*?)\s*({_NAME})", needs=("...", "*"))
_SUM = regex(rf"{_NAME}(?:\s*\+\s*{_NAME})*")
_CONCAT = regex(rf"({_NAME})\.concat\(\s*({_NAME}(?:\s*,\s*{_NAME})*)\s*\)", needs=("concat",))
_MAPPED = regex(rf"({_NAME})\.(?:map|flatMap)", needs=("map",))


class References:
    """Follows the names of one document; nothing is evaluated, and what is not a plain name leads nowhere."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._reached: dict[int, bool] = {}

    @cached_property
    def _places(self) -> dict[int, Place]:
        return {id(place.node): place for place in self.document.places}

    def place_of(self, node: Node) -> Place:
        """Return where a node of the document stands."""
        return self._places[id(node)]

    def leads_to(self, node: Node, depth: int = 0) -> tuple[Place, ...]:
        """Return the lists and maps that a node is a name for, in the order of their mention."""
        if isinstance(node, Alias):
            is_container = isinstance(node.target, Mapping | Sequence)
            return (self.place_of(node.target),) if is_container and node.target is not None else ()
        code = node.code if isinstance(node, Opaque) else node.callee if isinstance(node, Mapping) else ""
        found: list[Place] = []
        for name in _names_in(code):
            bound = self._bound(name, self._parents_of(node)) if depth < _MAX_STEPS else None
            if bound is None:
                return ()
            is_found = isinstance(bound.node, Mapping | Sequence)
            found += [bound] if is_found else self.leads_to(bound.node, depth + 1)
        return tuple(found)

    @cached_property
    def _spreads(self) -> dict[int, Place]:
        """The containers of spreads in maps, which have no pointer of their own."""
        return {
            id(entry.value): place
            for place in self._places.values()
            if isinstance(place.node, Mapping)
            for entry in place.node.entries
            if entry.key is None
        }

    def _parents_of(self, node: Node) -> tuple[Container, ...]:
        place = self._places.get(id(node))
        if place is not None:
            return place.parents
        holder = self._spreads[id(node)]
        assert isinstance(holder.node, Mapping)
        return (*holder.parents, holder.node)

    def _bound(self, name: str, parents: tuple[Container, ...]) -> Place | None:
        """Return the place of what a name with dots is bound to, looked for from the innermost scope outwards."""
        first, *steps = name.split(".")
        for scope in reversed(parents):
            if isinstance(scope, Mapping) and scope.layout == "scope":
                node = scope.get(first)
                for step in steps:
                    node = node.get(step) if isinstance(node, Mapping) else None
                if node is not None:
                    return self.place_of(node)
        return None

    def members(self, node: Mapping, parts: Parts, seen: set[int] | None = None) -> Iterator[tuple[str, Node, Parts]]:
        """Yield a mapping's members, what it merges or spreads in included, with the parts where they really stand.

        What is merged in may merge in more; each map, of those in ``seen`` none, is read once.
        """
        own = {entry.key for entry in node.entries}
        seen = {id(node)} if seen is None else seen
        for name, entry in children(node):
            if name != MERGE_KEY:
                yield name, entry.value, (*parts, name)
        for entry in node.entries:
            if entry.key is None or entry.key == MERGE_KEY:
                values = (
                    [one.value for one in entry.value.entries] if isinstance(entry.value, Sequence) else [entry.value]
                )
                for target in (place for value in values for place in self.leads_to(value)):
                    is_new = id(target.node) not in seen and len(seen) <= MAX_MERGES
                    if is_new and isinstance(target.node, Mapping):
                        seen.add(id(target.node))
                        below = self.members(target.node, target.parts, seen)
                        yield from (member for member in below if member[0] not in own)

    def stands_for(self, node: Node, targets: frozenset[int]) -> bool:
        """Whether a node is one of those of these identities, or a plain name for one: a constant, an alias."""
        return id(node) in targets or id(self.value_of(node)) in targets

    def value_of(self, node: Node, depth: int = 0) -> Node:
        """Return what a node is a plain name for, a constant or an alias; the node itself where it is none."""
        if isinstance(node, Alias) and node.target is not None:
            return node.target
        if not isinstance(node, Opaque) or depth >= _MAX_STEPS or not _PLAIN.fullmatch(node.code):
            return node
        bound = self._bound(node.code, self._parents_of(node))
        return self.value_of(bound.node, depth + 1) if bound is not None else node

    def reaches(self, node: Node, targets: frozenset[int]) -> bool:
        """Whether one of the nodes of these identities stands in ``node`` or in what its names stand for.

        All calls of one object ask for the same targets: what is known of a node is kept.
        """
        came_from: dict[int, int] = {id(node): 0}
        stack = [node]
        while stack:
            here = stack.pop()
            if id(here) in targets or self._reached.get(id(here)):
                step = id(here)
                while step:
                    self._reached[step] = True
                    step = came_from[step]
                return True
            if id(here) in self._reached:
                continue
            below: Iterable[Node] = ()
            if isinstance(here, Mapping | Sequence):
                below = (entry.value for entry in here.entries)
            elif isinstance(here, Alias | Opaque):
                below = (place.node for place in self.leads_to(here))
            for one in below:
                if id(one) not in came_from:
                    came_from[id(one)] = id(here)
                    stack.append(one)
        self._reached.update(dict.fromkeys(came_from, False))
        return False

    @cached_property
    def _users(self) -> dict[int, list[Place]]:
        users: dict[int, list[Place]] = {}
        for place in self._places.values():
            if isinstance(place.node, Alias | Opaque):
                for target in self.leads_to(place.node):
                    users.setdefault(id(target.node), []).append(place)
        return users

    @cached_property
    def _spreaders(self) -> dict[int, list[tuple[Place, int]]]:
        found: dict[int, list[tuple[Place, int]]] = {}
        for place in self._places.values():
            for number, entry in enumerate(place.node.entries if isinstance(place.node, Mapping) else ()):
                for target in self.leads_to(entry.value) if entry.key is None else ():
                    found.setdefault(id(target.node), []).append((place, number))
        return found

    def spreading(self, target: Node, member: str) -> list[Place]:
        """Return the maps of code that take in a member of a map by a spread, directly or through one another."""
        found: dict[int, Place] = {}
        waiting = [target]
        while waiting and len(found) < MAX_MERGES:
            for holder, number in self._spreaders.get(id(waiting.pop()), ()):
                assert isinstance(holder.node, Mapping)
                # What stands behind a spread takes the place of what it brings.
                is_kept = all(entry.key != member for entry in holder.node.entries[number:])
                if is_kept and id(holder.node) not in found:
                    found[id(holder.node)] = holder
                    waiting.append(holder.node)
        return list(found.values())

    def users_of(self, target: Place) -> list[Place]:
        """Return the places in which a list or map is mentioned by its name."""
        return self._users.get(id(target.node), [])


def has_path(node: Node, path: Parts) -> bool:
    """Whether an entry has a field, be it merged in."""
    here = [node]
    for part in path:
        below: list[Node] = []
        for one in here:
            below += [value for holder in _merged(one) if (value := holder.get(part)) is not None]
        here = below
    return bool(here)


def _merged(node: Node) -> list[Mapping]:
    """Return a mapping and what it merges in, nearest first; an alias stands for its target."""
    found: list[Mapping] = []
    waiting = [node]
    while waiting and len(found) < _MAX_STEPS:
        here = waiting.pop(0)
        target = here.target if isinstance(here, Alias) else here
        if isinstance(target, Mapping):
            found.append(target)
            merge = target.get(MERGE_KEY)
            if merge is not None:
                waiting += [one.value for one in merge.entries] if isinstance(merge, Sequence) else [merge]
    return found


def _names_in(code: str) -> list[str]:
    """Return the names whose lists an expression puts together, none where it does more than that."""
    spread = _SPREAD.fullmatch(code)
    if spread is not None:
        return [spread[1]]
    mapped = _MAPPED.fullmatch(code)
    if mapped is not None:
        return [mapped[1]]
    if code.isascii() and code.replace(".", "").isidentifier() and not code.endswith("."):
        return [code]
    if _SUM.fullmatch(code):
        return [name.strip() for name in code.split("+")]
    joined = _CONCAT.fullmatch(code)
    if joined is not None:
        return [joined[1], *(name.strip() for name in joined[2].split(","))]
    return []
