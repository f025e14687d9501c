"""Who else uses a list of models under another name, and whether all of them may get the model that is added.

A YAML alias or a constant of code repeats a list. Where every place that a change reaches belongs to a channel of the
same gateway, the change is made and the places are named; where another provider would get the model, it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from tokenrouter_video.channels import Channel
from tokenrouter_video.config_names import is_base_url_name
from tokenrouter_video.documents.tree import (
    Alias,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    children,
    dereferenced,
    find,
    walk,
)
from tokenrouter_video.gateways import PROFILES
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.fields import fold
from tokenrouter_video.routing.model_lists import PROVIDER_GROUPS
from tokenrouter_video.routing.ownership import Ownership, said_host
from tokenrouter_video.routing.provider_names import provider_names, provider_of
from tokenrouter_video.routing.references import MAX_MERGES, MERGE_KEY, References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.documents.sharing import Repeat

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """The places that repeat a list: all of ``places``, of which those at ``gaining`` get the model as well.

    ``refusal`` says why the list must not be edited, empty where it may.
    """

    places: tuple[Parts, ...] = ()
    gaining: tuple[Parts, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Changes:
    """For each container, by identity, the changing nodes below it with the member that leads there.

    ``members`` are what is known of the members that change, by the map's identity.
    """

    below: dict[int, list[tuple[Node, str]]]
    members: dict[int, set[str] | None]


class Sharers:
    """Judges the lists of one channel's document."""

    def __init__(self, channel: Channel, references: References, ownership: Ownership) -> None:
        self._channel = channel
        self._root = channel.document.root
        self._references = references
        self._ownership = ownership
        self._hosts = frozenset(PROFILES[channel.gateway].hosts)
        self._names = provider_names(channel)
        self._is_code = channel.document.format in ("javascript", "typescript", "python")

    def of(self, parts: Parts) -> Sharing:
        """Return who shares the list at ``parts``."""
        place = find(self._root, parts)
        if place is None:
            return Sharing()
        repeats = self._repeats(place)
        aliases = {one.parts: one.alias.span.start for one in repeats if one.parts is not None}
        # Where no pointer leads, nobody can tell whose the place is.
        nameless = next((one.alias.span.start for one in repeats if one.parts is None), None)
        if nameless is not None:
            return Sharing(refusal=self._refusal(nameless))
        users = self._users_in_code(place) if self._is_code else aliases
        if not users:
            return Sharing()
        gaining: list[Parts] = []
        changes = self._changes((parts, *aliases))
        merged = {id(one.alias.target) for one in repeats}
        for where, offset in {parts: place.node.span.start, **users}.items():
            if where != parts and self._is_overridden(where, changes):
                continue
            if self._is_own(where):
                if self._ownership.is_in_another_part(where):
                    return Sharing(refusal=self._refusal(offset))
                continue
            is_ours = self._is_of_the_gateway(where)
            if is_ours is None:
                is_ours = where == parts or self._is_code or self._is_template(where, merged) or self._is_alone
            elif where == parts and is_ours and not self._is_beside_own_url(where):
                gaining.append(where)
            if not is_ours:
                return Sharing(refusal=self._refusal(offset))
            if where != parts and not self._is_binding(where):
                gaining.append(where[: where.index(MERGE_KEY)] if MERGE_KEY in where else where)
        return Sharing(tuple(aliases), tuple(dict.fromkeys(gaining)))

    def _is_template(self, where: Parts, merged: set[int]) -> bool:
        """Whether what merges a map is one that others merge in turn: those are asked, and it is no one's entry."""
        holder = find(self._root, where[: where.index(MERGE_KEY)]) if MERGE_KEY in where else None
        return holder is not None and id(holder.node) in merged

    def _users_in_code(self, place: Place) -> dict[Parts, int]:
        """Return where code mentions a list, with offsets; a map that spreads its holder is like one that merges it."""
        named = self._references.users_of(place)
        users = {user.parts: user.node.span.start for user in named}
        for one in (place, *named):
            for holder, member in zip(one.parents, one.parts, strict=True):
                found = self._references.spreading(holder, member)
                users |= {(*spread.parts, MERGE_KEY): spread.node.span.start for spread in found}
        return users

    def _is_beside_own_url(self, where: Parts) -> bool:
        """Whether a list stands in the map that the channel has its base URL from.

        That is then no other channel, unless it has a key of its own or is an entry among providers.
        """
        for url in self._channel.url_parts:
            holder = url[:-1]
            if not holder or holder != where[: len(holder)]:
                continue
            place = find(self._root, holder)
            if any(fold(part) in PROVIDER_GROUPS for part in holder[:-1]):
                continue
            if place is not None and isinstance(place.node, Mapping):
                return not self._ownership.has_another_key(place.node, holder)
        return False

    def _is_binding(self, where: Parts) -> bool:
        """Whether a place is a constant of code, which is only one more name."""
        place = find(self._root, where)
        return place is not None and getattr(place.parents[-1], "layout", "") == "scope"

    def _repeats(self, place: Place) -> list[Repeat]:
        """Return the aliases that repeat a list, or what it stands in."""
        if self._channel.document.format != "yaml":
            return []
        from tokenrouter_video.documents.sharing import repeats_of

        return repeats_of(self._channel.document, (*place.parents, place.node))

    def _refusal(self, offset: int) -> str:
        where = f"{self._channel.file}:{self._channel.line_at(offset)}"
        return f"the list is shared with another provider ({where}), which would get the model as well"

    def _is_own(self, where: Parts) -> bool:
        block = self._channel.parts
        return where[: len(block)] == block if block else self._is_alone

    def _is_overridden(self, where: Parts, changes: _Changes) -> bool:
        """Whether what merges a map has members of its own, or merged before it, in place of all that change in it."""
        depth = next((number for number, part in enumerate(where) if part == MERGE_KEY), None)
        if depth is None:
            return False
        holder = find(self._root, where[:depth])
        alias = find(self._root, where)
        if holder is None or alias is None or not isinstance(holder.node, Mapping):
            return False
        changed = self._changed_members(alias.node, changes)
        if changed is None:
            return False
        before = holder.node.get(MERGE_KEY)
        earlier = [entry.value for _, entry in children(before)] if isinstance(before, Sequence) else []
        earlier = earlier[: int(where[depth + 1])] if len(where) > depth + 1 and where[depth + 1].isdigit() else []
        merged = (one.target for one in earlier if isinstance(one, Alias))
        kept = {name for name, _ in children(holder.node)}
        for one in merged:
            kept |= {name for name, _, _ in self._references.members(one, ())} if isinstance(one, Mapping) else set()
        return changed <= kept

    def _changed_members(self, alias: Node, changes: _Changes) -> set[str] | None:
        """Return the members of the map that an alias stands for that say something else after the change.

        ``None`` where nothing that changes stands in the map, so that nobody can tell.
        """
        target = alias.target if isinstance(alias, Alias) else None
        ways = changes.below.get(id(target), ())
        if target is None or not ways or len(changes.members) > MAX_MERGES:
            return None
        if id(target) in changes.members:
            return changes.members[id(target)]
        # What leads back to itself is not known while it is looked for.
        changes.members[id(target)] = None
        changed: set[str] = set()
        for node, name in ways:
            if name != MERGE_KEY:
                changed.add(name)
                continue
            merged = self._changed_members(node, changes)
            if merged is None:
                return None
            changed |= merged - {own for own, _ in children(target)}
        changes.members[id(target)] = changed
        return changed

    def _changes(self, places: Iterable[Parts]) -> _Changes:
        """Return where what changes stands: the list itself and the aliases that repeat it."""
        below: dict[int, list[tuple[Node, str]]] = {}
        for parts in places:
            place = find(self._root, parts)
            if place is not None:
                for parent, name in zip(place.parents, parts, strict=True):
                    below.setdefault(id(parent), []).append((place.node, name))
        return _Changes(below, {})

    def _is_of_the_gateway(self, where: Parts) -> bool | None:
        """Whether a place belongs to an entry of this gateway, ``None`` where it belongs to no provider's entry.

        What code puts together of several providers' lists belongs to none of them.
        """
        place = find(self._root, where[:-1])
        parents = (*place.parents, place.node) if place is not None else ()
        for depth in range(len(where) - 1, 0, -1):
            node, above = parents[depth], parents[depth - 1]
            if getattr(above, "layout", "") == "documents" or getattr(node, "layout", "") == "scope":
                break
            if isinstance(node, Mapping):
                found = list(self._urls(node, where[:depth], 1))
                if found:
                    return all(found)
                named = provider_of(node)
                if named is not None:
                    return named in self._names
                in_group = depth > 1 and fold(where[depth - 2]) in PROVIDER_GROUPS
                if in_group or isinstance(above, Sequence):
                    return False
        return None

    def _urls(self, node: Mapping, parts: Parts, depth: int) -> Iterator[bool]:
        """Yield, for each base URL of an entry, whether it is the gateway's; what is merged in is the entry's too."""
        for name, value, here in self._references.members(node, parts):
            target = dereferenced(value)
            text = target.value if isinstance(target, Scalar) and isinstance(target.value, str) else "/"
            host = said_host(name, target)
            if here in self._channel.url_parts:
                yield True
            elif host is not None or (is_base_url_name(name) and not text.startswith("/")):
                yield host in self._hosts
            elif isinstance(target, Mapping) and depth:
                yield from self._urls(target, here, depth - 1)

    @cached_property
    def _is_alone(self) -> bool:
        """Whether nothing in the document may belong to another provider."""
        for place in walk(self._root):
            if place.parts and self._ownership.is_another_url(place.parts[-1], place.node, place.parts):
                return False
        block = self._channel.parts
        group = find(self._root, block[:-1]) if block else None
        entries = list(children(group.node)) if group is not None and group.parts else []
        return all(
            isinstance(entry.value, Mapping) and any(self._urls(entry.value, (*block[:-1], name), 1))
            for name, entry in entries
        )
