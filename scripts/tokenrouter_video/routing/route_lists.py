"""Which lists of a config hold the models of a channel, the one for a new route first.

Looked for in this order: a list inside the channel's own block; the list that the block itself is an entry of (flat
entries); a list elsewhere whose entries name this provider; a list beside or above the block, without other providers.
A list meant for video goes before a general one, a general one before one for chat; of lists alike the one that has a
video model already goes first. Names are followed: aliases, merge keys, constants, spreads. A list that another
provider uses as well is found and not edited.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    text_at,
    walk,
)
from tokenrouter_video.records import replace
from tokenrouter_video.routing.exemplar import is_video_entry
from tokenrouter_video.routing.fields import MODEL_FIELDS, fold, list_class
from tokenrouter_video.routing.model_lists import (
    PROVIDER_GROUPS,
    RouteEntry,
    RouteList,
    entry_id,
    id_path_of,
    read_list,
)
from tokenrouter_video.routing.model_names import looks_like_id, read_model_name
from tokenrouter_video.routing.ownership import Ownership, said_host
from tokenrouter_video.routing.provider_names import provider_names, provider_of
from tokenrouter_video.routing.references import References
from tokenrouter_video.routing.sharing import Sharers
from tokenrouter_video.secret_names import is_secret_name

Parts = tuple[str, ...]

_MAX_DEPTH = 6
_OWN_LIST = "Write the channel's models out as a list of its own, then run the same command again."
_OWN_OBJECT = "Copy one of the channel's objects and give the copy the model's name and id, then run this again."
_SPLIT_NAME = "the name of a model's table has a dot outside of quotes, which makes two names of it"
_QUOTE_NAME = """Put quotes around it, as in [models."name-2.5"], then run the same command again."""
_NOT_SAID = "what the list holds is not said in this file"
_NO_IDS = "no ids of models can be told in this list"
_ANOTHERS_URL = "the only list of models stands beside a base URL that is not this gateway's"
_ANOTHERS_KEY = "the only list of models stands beside a key that is not this channel's"
_NOT_THE_CHANNELS = frozenset({_NO_IDS, _ANOTHERS_URL, _ANOTHERS_KEY})
_PURPOSES = {"video": 0, "general": 1, "chat": 2}
_GROUP_NAMES = dict.fromkeys(("default", "list", "ids", "available", "names", "items", "entries"), "general")
_CHAT_GROUPS = frozenset({"chat", "completion", "llm", "text"})
_BLOCK_LISTS = frozenset({"keys", "deployments", "groups"})
_FLAT_IDS = frozenset({"model", "modelname", "modelid"})
_PROVIDER_LISTS = ("providers", "provider", "providerlist")


def find_route_lists(channel: Channel, id_field: Parts = (), list_end: Parts = ()) -> tuple[RouteList, ...]:
    """Return the lists that hold the channel's models, the one for a new route first; empty where it keeps none.

    ``id_field`` is the path at which the channel's consumer is known to keep an entry's id, ``list_end`` the end of the
    path of the only list that it reads, where it is known to pass over others.
    """
    document = channel.document
    if document.format == "dotenv":
        return ()
    finder = _Finder(document, channel, id_field)
    inside = finder.inside()
    own = [one for one in inside if one.refusal not in _NOT_THE_CHANNELS]
    lists = own or finder.flat() or finder.naming_the_provider() or finder.above() or inside or finder.objects()
    lists = [_whole_names(finder.with_sharers(finder.own_entries(one))) for one in lists]
    lists = [one for one in lists if one.parts[len(one.parts) - len(list_end) :] == list_end]
    # A list that must not be edited stands in only where there is no other.
    lists = [one for one in lists if not one.refusal] or lists
    if len(lists) > 1:
        lists.sort(key=lambda one: (_PURPOSES[one.purpose], not _holds_video(one)))
    return tuple(lists)


class _Finder:
    def __init__(self, document: Document, channel: Channel, id_field: Parts) -> None:
        self.document = document
        self.id_field = id_field
        self.channel = channel
        self.references = References(document)
        self.ownership = Ownership(channel, self.references)
        self.sharers = Sharers(channel, self.references, self.ownership)
        urls = (find(document.root, parts) for parts in channel.url_parts)
        # Of parallel lists (Open WebUI) the URL's number is that of everything else that is the channel's.
        last = channel.url_parts[0][-1] if channel.url_parts and channel.url_parts[0] else ""
        self.number = last if last.isdigit() else None
        self.urls = frozenset(id(place.node) for place in urls if place is not None)

    def _read(self, node: Node, parts: Parts, purpose: str) -> RouteList | None:
        return read_list(self.document, node, parts, purpose, self.id_field)

    # -- inside the channel's block --------------------------------------------------------------------------------

    def inside(self) -> list[RouteList]:
        """Return the lists in the channel's block, and in those that repeat it for other models."""
        below: list[RouteList] = []
        for parts in (self.channel.parts, *self.channel.repeats):
            place = find(self.document.root, parts)
            if place is not None and isinstance(place.node, Mapping):
                found = self._below(place.node, parts, None, 0)
                is_for_video = bool(self.channel.repeats) and bool(parts) and list_class(parts[-1]) == "video"
                below += (replace(one, purpose="video") if is_for_video else one for one in found)
        # Of a list that several parts of the block name, the channel's own name for it counts.
        below.sort(key=lambda one: one.refusal not in _NOT_THE_CHANNELS)
        return list({one.parts: one for one in below}.values())

    def _below(self, node: Mapping, parts: Parts, purpose: str | None, depth: int) -> Iterator[RouteList]:
        if depth > _MAX_DEPTH:
            return
        members = list(self.references.members(node, parts))
        if self.number is not None and all(name.isdigit() for name, _, _ in members):
            members = [member for member in members if member[0] == self.number]
        for name, value, here in members:
            own = list_class(name) or (_GROUP_NAMES.get(fold(name)) if purpose else None)
            if purpose and own is None and fold(name) in _CHAT_GROUPS:
                own = "chat"
            if own is not None:
                meant = purpose if purpose == "video" and own == "general" else own
                found = list(self._lists_at(value, here, meant))
                if found:
                    yield from found
                    continue
                if isinstance(value, Mapping):
                    found = list(self._part(value, here, meant, depth + 1))
                    if not found and value.layout in ("call", "scope"):
                        found = [RouteList("call", here, meant, (), refusal=_NOT_SAID)]
                    yield from found
                    continue
            if isinstance(value, Mapping):
                yield from self._part(value, here, None, depth + 1)
            elif isinstance(value, Sequence) and fold(name) in _BLOCK_LISTS:
                for number, item in children(value):
                    if isinstance(item.value, Mapping):
                        yield from self._part(item.value, (*here, number), None, depth + 1)

    def _part(self, node: Mapping, parts: Parts, purpose: str | None, depth: int) -> Iterator[RouteList]:
        """Yield the lists in a part of the block; beside a base URL or key of its own they are another provider's."""
        refusal = ""
        if self.ownership.has_another_url(node, parts):
            refusal = _ANOTHERS_URL
        elif self.ownership.has_another_key(node, parts):
            refusal = _ANOTHERS_KEY
        for one in self._below(node, parts, purpose, depth):
            yield replace(one, entries=(), refusal=refusal, way_out=_OWN_LIST) if refusal else one

    def _lists_at(self, node: Node, parts: Parts, purpose: str) -> Iterator[RouteList]:
        """Yield the lists of models that a member of the block is, or is put together from."""
        own = self._read(node, parts, purpose)
        names = [node]
        if isinstance(node, Sequence):
            names = [entry.value for entry in node.entries if isinstance(entry.value, Opaque | Alias)]
            if names and own is not None and not own.entries:
                own = None
        elif isinstance(node, Mapping):
            names = [entry.value for entry in node.entries if entry.key is None] or [node]
        if own is not None:
            yield own
        is_known = own is not None
        targets = {id(place.node): place for name in names for place in self.references.leads_to(name)}
        for place in targets.values():
            meant = (list_class(place.parts[-1]) if place.parts else None) or purpose
            located = self._read(place.node, place.parts, meant)
            if located is not None:
                is_known = True
                yield located
        if not is_known and isinstance(node, Opaque | Alias) and not _is_plain_value(node):
            yield RouteList("objects", parts, purpose, (), refusal=_NOT_SAID)
        elif not is_known and isinstance(node, Sequence) and fold(parts[-1]).endswith("models"):
            yield RouteList("objects", parts, purpose, (), refusal=_NO_IDS)

    def own_entries(self, one: RouteList) -> RouteList:
        """Return a list without the entries that have another's base URL or key, which a copy would take along."""
        entries = tuple(
            entry
            for entry in one.entries
            if one.inside is not None or one.home is not None or not self._is_another_providers(entry)
        )
        return replace(one, entries=entries) if len(entries) < len(one.entries) else one

    def _is_another_providers(self, entry: RouteEntry) -> bool:
        if isinstance(entry.node, Sequence):
            return self.ownership.is_another_providers_row(entry.node)
        return isinstance(entry.node, Mapping) and self.ownership.is_another_providers_entry(entry.node, entry.parts)

    def with_sharers(self, one: RouteList) -> RouteList:
        """Return a list with the places that repeat it under a name, or why it must not be edited for their sake."""
        if one.refusal or one.home is not None:
            return one
        found = self.sharers.of(one.place)
        if not (found.places or found.gaining or found.refusal):
            return one
        way_out = _OWN_LIST if found.refusal else ""
        return replace(one, shared=found.places, gaining=found.gaining, refusal=found.refusal, way_out=way_out)

    # -- the list that the block is an entry of --------------------------------------------------------------------

    def flat(self) -> list[RouteList]:
        """Return the list that the channel's block is itself an entry of."""
        parts = self.channel.parts
        for length in range(len(parts) - 1, -1, -1):
            place = find(self.document.root, parts[:length])
            if place is None or not isinstance(place.node, Mapping | Sequence):
                continue
            purpose = list_class(parts[length - 1]) if length else None
            found = self._flat_list(place.node, parts[:length], purpose)
            if found is not None:
                return [found]
        return []

    def _flat_list(self, node: Container, parts: Parts, purpose: str | None) -> RouteList | None:
        members = [(name, one.value) for name, one in children(node) if self.references.reaches(one.value, self.urls)]
        mappings = [value for _, value in members if isinstance(value, Mapping)]
        if not mappings or len(mappings) != len(members):
            return None
        if isinstance(node, Mapping):
            if purpose is None or any(fold(name) in PROVIDER_GROUPS for name, _ in members):
                return None
            if not all(looks_like_id(name) for name, _ in members):
                return None
            entries = tuple(RouteEntry((*parts, name), name, value) for name, value in members)
            return RouteList("tables" if mappings[0].header else "map", parts, purpose, entries)
        id_path = id_path_of(mappings, self.id_field)
        if not id_path or (len(self.id_field) > 1 and id_path != self.id_field):
            return None
        is_models = (
            (len(id_path) > 1 and id_path == self.id_field)
            or purpose is not None
            or fold(id_path[-1]) in _FLAT_IDS
            or len(members) > 1
            or not parts
        )
        if not is_models and not (len(parts) > 1 and fold(parts[-2]) == "modelproviders"):
            return None
        if parts and fold(parts[-1]).endswith(_PROVIDER_LISTS) and fold(id_path[-1]) not in _FLAT_IDS:
            # What the entries are called is the providers' name.
            return None
        found = [
            RouteEntry((*parts, name), identity, value)
            for name, value in members
            if (identity := entry_id(value, id_path)) is not None
        ]
        return RouteList("flat", parts, purpose or "general", tuple(found), id_path)

    # -- lists elsewhere -------------------------------------------------------------------------------------------

    def naming_the_provider(self) -> list[RouteList]:
        """Return the lists elsewhere whose entries name this channel's provider."""
        names = provider_names(self.channel)
        found: list[RouteList] = []
        for place in self.document.places:
            if not place.parts or place.parts == self.channel.parts:
                continue
            purpose = list_class(place.parts[-1])
            if purpose is None or not isinstance(place.node, Mapping | Sequence):
                continue
            members = [entry.value for _, entry in children(place.node) if isinstance(entry.value, Mapping)]
            if not any(map(provider_of, members)) or self.ownership.is_in_another_block(place.parts):
                continue
            located = self._read(place.node, place.parts, purpose)
            if located is None:
                continue
            shape = "tables" if self.document.format == "toml" else located.shape
            found.append(replace(located, entries=entries_of(located, names), shape=shape))
        return found

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
                and (located := read_list(self.document, entry.value, (*parts[:length], name), purpose)) is not None
                and located.shape != "delimited"
                and not any(map(_has_own_key, located.entries))
            ]
            if found:
                return found
        return []

    # -- objects of one model each ---------------------------------------------------------------------------------

    def objects(self) -> list[RouteList]:
        """Return the Kubernetes objects that are a model each, where the channel's block is one of them.

        Such are LiteLLMModel (litellm.home-operations.com/v1alpha1) and kagent's ModelConfig.
        """
        root = self.document.root
        members = [("", root)]
        if isinstance(root, Sequence) and root.layout == "documents":
            members = [(name, one.value) for name, one in children(root)]
        own = next((node for name, node in members if self.channel.parts[:1] == (name,) or node is root), None)
        kind = (text_at(own, ("kind",)) if own is not None and text_at(own, ("apiVersion",)) else None) or ""
        if "Model" not in kind:
            return []
        entries = tuple(
            RouteEntry((name,) if name else (), identity, node)
            for name, node in members
            if text_at(node, ("kind",)) == kind and self.references.reaches(node, self.urls)
            if (identity := _model_of(node)) is not None
        )
        refusal = "each model is a Kubernetes object of its own here, and objects are not made"
        return [RouteList("documents", (), "general", entries, refusal=refusal, way_out=_OWN_OBJECT)]

    def _has_other_provider(self, node: Mapping, parts: Parts) -> bool:
        own = set(self.channel.url_parts)
        for place in walk(node):
            here = (*parts, *place.parts)
            host = said_host(here[-1], place.node) if here and here not in own else None
            if host and host != self.channel.host:
                return True
        return False


def _model_of(node: Node) -> str | None:
    """Return the id of the model that an object is for: the gateway's own where one is said."""
    said = [
        place.node.value
        for place in walk(node)
        if place.parts and fold(place.parts[-1]) in MODEL_FIELDS
        if isinstance(place.node, Scalar) and isinstance(place.node.value, str)
    ]
    return next((text for text in said if read_model_name(text).model is not None), next(iter(said), None))


def _whole_names(one: RouteList) -> RouteList:
    """Return a list of tables as one that must not be edited where a dot outside of quotes splits a model's name.

    ``[models.qwen2.5-coder]`` is a table ``5-coder`` in a table ``qwen2`` (https://toml.io/en/v1.0.0#table).
    """
    is_split = one.shape in ("map", "tables") and any(map(_is_split, one.entries))
    return replace(one, refusal=_SPLIT_NAME, way_out=_QUOTE_NAME) if is_split and not one.refusal else one


def _is_split(entry: RouteEntry) -> bool:
    node = entry.node
    if not isinstance(node, Mapping) or node.layout != "dotted" or len(node.entries) != 1:
        return False
    (below,) = node.entries
    return isinstance(below.value, Mapping) and entry.name[-1:].isdigit() and (below.key or "")[:1].isdigit()


def entries_of(route_list: RouteList, providers: frozenset[str]) -> tuple[RouteEntry, ...]:
    """Return the entries of a list that name one of these providers."""
    return tuple(
        entry
        for entry in route_list.entries
        if isinstance(entry.node, Mapping) and provider_of(entry.node) in providers
    )


def _has_own_key(entry: RouteEntry) -> bool:
    """Whether an entry brings its own key or credentials: it is then no entry of the provider beside the list."""
    return isinstance(entry.node, Mapping) and any(
        place.parts and isinstance(place.node, Scalar) and is_secret_name(place.parts[-1]) for place in walk(entry.node)
    )


def _holds_video(one: RouteList) -> bool:
    """Whether a list holds a video model already: what is like it goes beside it."""
    return any(is_video_entry(entry, one) for entry in one.entries)


def _is_plain_value(node: Node) -> bool:
    """Whether a name stands for no list at all: a flag, a variable's text."""
    return isinstance(node, Alias) and not isinstance(node.target, Mapping | Sequence)
