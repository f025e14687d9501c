"""What of an entry to copy is true of another model: the channel's own, and what all or all video entries share."""

from __future__ import annotations

from collections.abc import Iterator

from tokenrouter_video.consumer_rules import Rules
from tokenrouter_video.documents.tree import Node, Scalar, find
from tokenrouter_video.documents.values import node_data
from tokenrouter_video.patterns import regex
from tokenrouter_video.routing.exemplar import Exemplar, is_video_entry
from tokenrouter_video.routing.fields import (
    CREDENTIAL_FIELDS,
    PROVIDER_FIELDS,
    belongs_to_chat,
    fold,
    is_dated,
    is_maker_name,
    is_price,
)
from tokenrouter_video.routing.model_lists import RouteEntry
from tokenrouter_video.routing.model_names import ModelName

Parts = tuple[str, ...]

_SWITCHES = frozenset({"enabled", "active", "available", "visible", "public", "status"})
_OWN_TO_FAMILY = regex(r"duration|resolution|size|ratio|aspect|fps|param|description|summary|length|quality|note")
# Fields by which people group models, often by their makers.
_GROUPINGS = frozenset({"group", "vendor", "brand", "series", "company", "owner"})

# What tells an entry from all others (LiteLLM's `model_info.id`): two with the same one are one to their consumer.
_IDENTITIES = frozenset({"id", "uuid", "uid", "guid"})


class Relevance:
    """Judges the fields of the exemplar, whose model's name is ``old``; paths lead from the entry to a field."""

    def __init__(self, exemplar: Exemplar, rules: Rules, old: ModelName) -> None:
        self.exemplar = exemplar
        self.list = exemplar.route_list
        self.rules = rules
        self.old = old

    def is_true_of_video(self, name: str, node: Node, path: Parts) -> bool:
        """Whether a field can be repeated as it stands."""
        if path in self.rules.required or path in self.rules.carried:
            return True
        if len(path) == 1 and name.isdigit() and isinstance(node, Scalar) and node.kind in ("integer", "float"):
            # A number without a name may be a price as well as a frame rate.
            return self.is_shared(node, path)
        if fold(name) in _IDENTITIES and isinstance(node, Scalar) and not _is_providers(path):
            return self.is_shared(node, path)
        if is_price(name) or is_dated(name):
            return self.exemplar.is_video and self.is_shared(node, path)
        if self.exemplar.is_video:
            if self.exemplar.is_family or not _OWN_TO_FAMILY.search(fold(name)):
                return True
            return self.is_shared(node, path)
        if fold(name) in _SWITCHES or fold(name) in PROVIDER_FIELDS | CREDENTIAL_FIELDS:
            return True
        if belongs_to_chat(name):
            return False
        if len(self.list.entries) > 1:
            return self.is_shared(node, path)
        if self._says_maker(name, node):
            return False
        return not (isinstance(node, Scalar) and node.kind in ("integer", "float", "boolean"))

    def _says_maker(self, name: str, node: Node) -> bool:
        """Whether a field repeats the maker that stands in front of the old model's id, which is not the new one's."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return False
        makers = self.old.prefix.lower().rstrip("/").split("/")
        return is_maker_name(name) or (fold(name) in _GROUPINGS and node.value.lower() in makers)

    def is_shared(self, node: Node, path: Parts) -> bool:
        """Whether at least one other entry of the kind exists and all of them say the same here."""
        others = [entry for entry in self._peers() if entry is not self.exemplar.entry]
        places = [find(entry.node, path) for entry in others]
        return bool(others) and all(place is not None and node_data(place.node) == node_data(node) for place in places)

    def _peers(self) -> Iterator[RouteEntry]:
        for entry in self.list.entries:
            is_alike = isinstance(entry.node, type(self.exemplar.entry.node))
            if is_alike and (not self.exemplar.is_video or is_video_entry(entry, self.list)):
                yield entry


def _is_providers(path: Parts) -> bool:
    """Whether an id is that of the entry's provider."""
    return len(path) > 1 and fold(path[-2]) in PROVIDER_FIELDS
