"""What a channel's model list holds: the list where a route goes, and the state of every video model in it."""

from __future__ import annotations

from dataclasses import dataclass

from tokenrouter_video.catalog import MODELS, VideoModel
from tokenrouter_video.channels import Channel
from tokenrouter_video.consumer_rules import rules_of
from tokenrouter_video.routing.model_names import read_model_name
from tokenrouter_video.routing.repair import Repair, find_repairs
from tokenrouter_video.routing.route_lists import RouteEntry, RouteList, find_route_lists


@dataclass(frozen=True, slots=True)
class Survey:
    """A channel's lists, the one for a new route first, and what became of each video model.

    ``video_models`` maps a catalog id to ``configured``, ``incorrect``, ``missing`` or ``not-needed``.
    """

    lists: tuple[RouteList, ...]
    entries: dict[str, RouteEntry]
    repairs: dict[str, tuple[Repair, ...]]
    video_models: dict[str, str]

    @property
    def route_list(self) -> RouteList | None:
        """The list where a route would go, ``None`` where the consumer keeps none."""
        return self.lists[0] if self.lists else None


def survey(channel: Channel) -> Survey:
    """Return what the channel's model list holds."""
    lists = find_route_lists(channel)
    if not lists:
        return Survey((), {}, {}, dict.fromkeys(MODELS, "not-needed"))
    entries: dict[str, RouteEntry] = {}
    repairs: dict[str, tuple[Repair, ...]] = {}
    states: dict[str, str] = {}
    for model in MODELS.values():
        found = _entry_of(lists, model)
        if found is None:
            states[model.id] = "missing"
            continue
        route_list, entry = found
        entries[model.id] = entry
        repairs[model.id] = find_repairs(channel.document, route_list, entry, model, rules_of(channel.consumer))
        states[model.id] = "incorrect" if repairs[model.id] else "configured"
    return Survey(lists, entries, repairs, states)


def _entry_of(lists: tuple[RouteList, ...], model: VideoModel) -> tuple[RouteList, RouteEntry] | None:
    """Return the model's entry; where a list for video exists, an entry in a chat list does not count."""
    purposes = {one.purpose for one in lists}
    for route_list in lists:
        if route_list.purpose == "chat" and purposes != {"chat"}:
            continue
        for entry in route_list.entries:
            if read_model_name(entry.name).model is model:
                return route_list, entry
    return None
