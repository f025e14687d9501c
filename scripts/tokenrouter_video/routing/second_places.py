"""The further places of a file in which a model is named so that its consumer uses it: orders, filters, rules.

Which places these are is the consumer's rule; a list of the channel that repeats the ids of the list for the route is
one for every consumer. A place that is not there is not made.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.channels import Channel
from tokenrouter_video.consumer_rules import Rules, SecondPlace
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Mapping, Scalar, Sequence, find
from tokenrouter_video.records import dataclass, replace
from tokenrouter_video.routing.model_lists import RouteEntry, RouteList, read_list
from tokenrouter_video.routing.model_names import read_model_name
from tokenrouter_video.routing.provider_names import provider_names, provider_of

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registration:
    """A further place that has to name a model: its list, whose ``entries`` are the channel's own.

    ``item`` is how the place calls a model, with ``{id}`` for the id in the channel's list and ``{sent}`` for the one
    that is sent to the gateway.
    """

    route_list: RouteList
    item: str

    def named(self, name: str, sent: str) -> str:
        """Return what the place calls the model of an id, ``sent`` being what the gateway calls it."""
        return self.item.replace("{id}", name).replace("{sent}", sent)


def registrations(
    channel: Channel, lists: tuple[RouteList, ...], model: VideoModel, rules: Rules
) -> tuple[Registration, ...]:
    """Return the further places that do not name the model yet."""
    return tuple(
        Registration(one, item)
        for one, item in _places(channel, lists, model, rules)
        if not any(read_model_name(entry.name).model is model for entry in one.entries)
    )


def _places(
    channel: Channel, lists: tuple[RouteList, ...], model: VideoModel, rules: Rules
) -> Iterator[tuple[RouteList, str]]:
    target = lists[0]
    seen = {target.parts}
    for place in rules.second_places:
        located = _located(channel, place)
        if located is None or located.parts in seen:
            continue
        seen.add(located.parts)
        item = place.item.replace("{provider}", channel.parts[-1] if channel.parts else "")
        called = {
            item.replace("{id}", one.name).replace("{sent}", sent_name(one, rules) or one.name)
            for one in target.entries
        }
        own = _own_entries(channel, located, called)
        wanted = item.replace("{id}", model.id).replace("{sent}", model.id)
        is_open = any("*" in entry.name and fnmatchcase(wanted, entry.name) for entry in located.entries)
        if not is_open and (own or (place.is_filter and located.entries)):
            yield replace(located, entries=own), item
    for one in lists[1:]:
        is_twin = one.purpose == target.purpose and one.models and set(one.models) == set(target.models)
        if is_twin and one.parts not in seen and not one.refusal and one.inside is None:
            yield one, "{id}"


def sent_name(entry: RouteEntry, rules: Rules) -> str | None:
    """Return the id that an entry says itself, where its key in a map is only what the consumer's user calls it."""
    place = find(entry.node, rules.id_field) if rules.id_field else None
    value = place.node.value if place is not None and isinstance(place.node, Scalar) else None
    return value if isinstance(value, str) else None


def _located(channel: Channel, place: SecondPlace) -> RouteList | None:
    way = tuple(place.path.strip(".").split("."))
    # The config may be a part of the file: what its paths start at stands somewhere above the channel.
    depths = [len(channel.parts)] if place.path.startswith(".") else range(len(channel.parts) + 1)
    for depth in depths:
        parts = (*channel.parts[:depth], *way)
        found = find(channel.document.root, parts)
        if found is not None and isinstance(found.node, Mapping | Sequence):
            return _names_in(channel.document, found.node, parts)
    return None


def _names_in(document: Document, node: Mapping | Sequence, parts: Parts) -> RouteList | None:
    """Return the list with every string in it, a pattern of ids as well."""
    if isinstance(node, Sequence) and all(isinstance(entry.value, Scalar) for entry in node.entries):
        entries = tuple(
            RouteEntry((*parts, str(number)), str(entry.value.value), entry.value)
            for number, entry in enumerate(node.entries)
            if isinstance(entry.value, Scalar)
        )
        return RouteList("strings", parts, "general", entries)
    return read_list(document, node, parts, "general")


def _own_entries(channel: Channel, located: RouteList, names: set[str]) -> tuple[RouteEntry, ...]:
    providers = provider_names(channel)
    own: list[RouteEntry] = []
    for entry in located.entries:
        provider = provider_of(entry.node) if isinstance(entry.node, Mapping) else None
        if provider in providers or (provider is None and entry.name in names):
            own.append(entry)
    return tuple(own)
