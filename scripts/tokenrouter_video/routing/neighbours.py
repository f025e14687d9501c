"""The neighbours of a new entry: which of them break their consumer's rules, and what in them is the channel's."""

from __future__ import annotations

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.channels import Channel
from tokenrouter_video.consumer_rules import Rules
from tokenrouter_video.documents.tree import Mapping, Node, Scalar, Sequence, find
from tokenrouter_video.routing.adapted_values import Kept
from tokenrouter_video.routing.exemplar import Exemplar
from tokenrouter_video.routing.fields import is_label
from tokenrouter_video.routing.model_lists import RouteEntry, RouteList, container_names
from tokenrouter_video.routing.model_names import read_model_name
from tokenrouter_video.routing.ownership import Ownership
from tokenrouter_video.routing.provider_names import provider_name, provider_names, provider_of
from tokenrouter_video.routing.references import MERGE_KEY, References, has_path

Parts = tuple[str, ...]

# How far above a channel's key the part of the path ends that its other flat entries have as well.
_KEY_TAIL = 4


def polluted(lists: tuple[RouteList, ...], rules: Rules) -> list[Parts]:
    """Return the entries that break their consumer's rules."""
    return [entry.parts for one in lists for entry in one.entries if _breaks(entry, one, rules)]


def _breaks(entry: RouteEntry, route_list: RouteList, rules: Rules) -> bool:
    if route_list.shape in ("delimited", "files", "documents"):
        return False
    node = entry.node
    if not isinstance(node, Mapping):
        # A map from id to id is another form than a list of strings among objects.
        return rules.form == "object" and route_list.shape not in ("strings", "map")
    if rules.form == "string" and route_list.shape in ("strings", "objects"):
        return True
    return breaks_rules(node, rules)


def breaks_rules(node: Mapping, rules: Rules) -> bool:
    """Whether an object lacks a field that its consumer demands, or has a field or word that it does not know."""
    keys = {child.key for child in node.entries} - {MERGE_KEY, None}
    if not all(_has_field(node, path, rules) for path in rules.required) or (rules.allowed and keys - rules.allowed):
        return True
    return any(_has_other_words(place.node, words) for path, words in rules.words if (place := find(node, path)))


def _has_field(node: Mapping, path: Parts, rules: Rules) -> bool:
    """Whether a demanded field is there; a label may have another name in a consumer's other format."""
    if has_path(node, path):
        return True
    is_name = len(path) == 1 and is_label(path[0]) and path != rules.id_field
    return is_name and any(is_label(child.key) for child in node.entries if child.key)


def _has_other_words(node: Node, words: frozenset[str]) -> bool:
    """Whether a field's text, or one of its list's, is not among the words; what is said elsewhere is not judged."""
    nodes = [entry.value for entry in node.entries] if isinstance(node, Sequence) else [node]
    return any(isinstance(one, Scalar) and one.value not in words for one in nodes)


def may_be_copied(channel: Channel, exemplar: Exemplar, target: RouteList, rules: Rules) -> bool:
    """Whether an entry that was chosen can become one of the channel: another provider's has to be told as that one's.

    In a list that providers share an entry says whose it is; one that does not could be meant for any of them.
    """
    if exemplar.is_own:
        return True
    if _breaks(exemplar.entry, exemplar.route_list, rules):
        return False
    return exemplar.route_list.parts != target.parts or _renamed(channel, exemplar) is not None


def taken_by_another(channel: Channel, target: RouteList, model: VideoModel) -> Parts | None:
    """Return the place of the model's entry in a list of the channel's own block that is another provider's.

    In a list that providers share each may have the model; within one provider two entries of one id are one too many.
    """
    place = find(channel.document.root, target.parts)
    is_own_list = target.inside is None and target.parts[: len(channel.parts)] == channel.parts
    if place is None or not isinstance(place.node, Mapping | Sequence) or not is_own_list or target.shape == "flat":
        return None
    for number, name in enumerate(container_names(place.node, target.id_path)):
        if read_model_name(name).model is model:
            return (*target.parts, name if isinstance(place.node, Mapping) else str(number))
    return None


def kept_of(channel: Channel, exemplar: Exemplar) -> Kept:
    """Return what a copy of the exemplar repeats as it stands, because it is the channel's."""
    exact = set(channel.url_parts)
    if channel.key_parts is not None:
        exact.add(channel.key_parts)
    entry = exemplar.entry.parts
    block = channel.parts[len(entry) :] if channel.parts[: len(entry)] == entry else ()
    name = channel.parts[-1] if channel.parts else None
    renamed = None if exemplar.is_own else _renamed(channel, exemplar)
    return Kept(frozenset(exact | _sibling_keys(channel)), name, block, renamed, others_of(channel, exemplar))


def others_of(channel: Channel, exemplar: Exemplar) -> frozenset[Parts]:
    """Return the parts of the exemplar that are further providers', and no model's of the channel."""
    if not exemplar.is_own or exemplar.route_list.inside is not None:
        return frozenset()
    ownership = Ownership(channel, References(channel.document))
    return frozenset(ownership.others_within(exemplar.entry.node, exemplar.entry.parts))


def _renamed(channel: Channel, exemplar: Exemplar) -> tuple[str, str] | None:
    node = exemplar.entry.node
    said = provider_of(node) if isinstance(node, Mapping) else None
    own = provider_name(channel, said) if said is not None and said not in provider_names(channel) else None
    return (said, own) if said is not None and own is not None else None


def _sibling_keys(channel: Channel) -> set[Parts]:
    """Return the pointers at which the channel's other flat entries hold the key that its first one holds."""
    if channel.key_parts is None:
        return set()
    found: set[Parts] = set()
    for url in channel.url_parts:
        for length in range(len(url)):
            for tail in range(1, _KEY_TAIL):
                candidate = (*url[:length], *channel.key_parts[-tail:])
                if len(candidate) == len(channel.key_parts) and find(channel.document.root, candidate) is not None:
                    found.add(candidate)
    return found
