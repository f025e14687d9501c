"""Naming a model in a further place of the file, as the channel's other models are named there."""

from __future__ import annotations

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.channels import Channel
from tokenrouter_video.consumer_rules import NO_RULES
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Mapping, children, find, to_pointer
from tokenrouter_video.documents.values import Value
from tokenrouter_video.routing.adapt import adapt_entry
from tokenrouter_video.routing.adapted_values import Wanted
from tokenrouter_video.routing.changes import Changes
from tokenrouter_video.routing.exemplar import Exemplar, is_video_entry, place_for
from tokenrouter_video.routing.model_lists import RouteList
from tokenrouter_video.routing.neighbours import kept_of
from tokenrouter_video.routing.second_places import Registration


def register(channel: Channel, changes: Changes, registration: Registration, model: VideoModel, item: str) -> None:
    """Name the model ``item`` in one further place."""
    place = registration.route_list
    node = find(changes.document.root, place.parts)
    is_map = node is not None and isinstance(node.node, Mapping)
    position = _position(changes.document, place, model)
    likes = [entry for entry in place.entries if isinstance(entry.node, Mapping)]
    if not likes:
        value: Value = {} if is_map else item
        changes.insert(place.parts, value, key=item if is_map else None, position=position)
        return
    like = next((entry for entry in reversed(likes) if is_video_entry(entry, place)), likes[-1])
    exemplar = Exemplar(like, place, is_video_entry(like, place), False, "")
    wanted = Wanted(changes.document, exemplar, place, model, NO_RULES, kept_of(channel, exemplar))
    adaptation = adapt_entry(wanted)
    key = item if is_map else None
    changes.insert(place.parts, adaptation.value, key=key, like=to_pointer(like.parts), position=position)


def _position(document: Document, place: RouteList, model: VideoModel) -> int:
    """Return the model's number in a further place: never behind other providers' entries."""
    position = place_for(document, place, model)
    found = find(document.root, place.parts)
    items = [(*place.parts, name) for name, _ in children(found.node)] if found is not None else []
    entries = {entry.parts for entry in place.entries}
    own = [number for number, parts in enumerate(items) if parts in entries]
    return min(position, own[-1] + 1) if own else position
