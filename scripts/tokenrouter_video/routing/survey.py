"""What a channel's model list holds: the list where a route goes, and the state of every video model in it."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from tokenrouter_video.catalog import MODELS
from tokenrouter_video.channels import Channel
from tokenrouter_video.consumer_rules import NO_RULES, Rules, rules_of
from tokenrouter_video.records import dataclass, field
from tokenrouter_video.routing.model_lists import RouteEntry, RouteList, sent_ids
from tokenrouter_video.routing.model_names import read_model_name
from tokenrouter_video.routing.repair import Repair, find_repairs
from tokenrouter_video.routing.route_lists import find_route_lists

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.routing.second_places import Registration
    from tokenrouter_video.routing.sibling_files import Siblings


@dataclass(frozen=True, slots=True)
class Survey:
    """A channel's lists, the one for a new route first, and what became of each video model.

    ``video_models`` maps a catalog id to ``configured``, ``incorrect``, ``missing`` or ``not-needed``;
    ``registrations`` are the further places that do not name a model; ``siblings`` are the models' files where each has
    its own.
    """

    lists: tuple[RouteList, ...]
    entries: dict[str, RouteEntry]
    repairs: dict[str, tuple[Repair, ...]]
    video_models: dict[str, str]
    registrations: dict[str, tuple[Registration, ...]] = field(default_factory=dict)
    siblings: Siblings | None = None

    @property
    def route_list(self) -> RouteList | None:
        """The list where a route would go, ``None`` where the consumer keeps none."""
        return self.lists[0] if self.lists else None


def survey(channel: Channel) -> Survey:
    """Return what the channel's model list holds."""
    rules = rules_of(channel.consumer)
    if rules.siblings:
        from tokenrouter_video.routing.sibling_files import find_siblings

        siblings = find_siblings(channel, rules)
        if siblings is not None:
            return _unmeasured((siblings.route_list,), siblings)
    if channel.is_host:
        from tokenrouter_video.routing.rule_lists import find_rule_lists

        rule_lists = find_rule_lists(channel)
        if rule_lists is not None:
            return _unmeasured(rule_lists)
    lists = find_route_lists(channel, rules.id_field, rules.list_end)
    if not lists:
        from tokenrouter_video.routing.unread_lists import find_unread_list

        # A consumer that is known to read one list passes over whatever else looks like one.
        unread = find_unread_list(channel) if not rules.list_end else None
        if unread is None:
            return Survey((), {}, {}, dict.fromkeys(MODELS, "not-needed"))
        lists = (unread,)
    entries: dict[str, RouteEntry] = {}
    repairs: dict[str, tuple[Repair, ...]] = {}
    states: dict[str, str] = {}
    places = _registrations(channel, lists, rules)
    found_entries = _entries_of(lists, rules)
    for model in MODELS.values():
        found = found_entries.get(model.id)
        if found is None:
            states[model.id] = "missing"
            continue
        route_list, entry = found
        entries[model.id] = entry
        if entry.globs:
            # What stands for every model is not made one for video.
            states[model.id] = "configured"
            continue
        repairs[model.id] = find_repairs(channel, route_list, entry, model, rules)
        states[model.id] = "incorrect" if repairs[model.id] or places[model.id] else "configured"
    return Survey(lists, entries, repairs, states, places)


def _registrations(channel: Channel, lists: tuple[RouteList, ...], rules: Rules) -> dict[str, tuple[Registration, ...]]:
    """Return the further places that do not name a model, for each model."""
    if len(lists) == 1 and not rules.second_places:
        return dict.fromkeys(MODELS, ())
    from tokenrouter_video.routing.second_places import registrations

    return {model.id: registrations(channel, lists, model, rules) for model in MODELS.values()}


def _unmeasured(lists: tuple[RouteList, ...], siblings: Siblings | None = None) -> Survey:
    """Return what is there where each model has a file or a rule; what that says is not measured against the others."""
    entries = {name: entry for name, (_, entry) in _entries_of(lists, NO_RULES).items()}
    states = {name: "configured" if name in entries else "missing" for name in MODELS}
    nothing: dict[str, tuple[Registration, ...]] = dict.fromkeys(MODELS, ())
    return Survey(lists, entries, {}, states, nothing, siblings)


def _entries_of(lists: tuple[RouteList, ...], rules: Rules) -> dict[str, tuple[RouteList, RouteEntry]]:
    """Return each configured model's entry; where a list for video exists, an entry in a chat list does not count.

    An entry under another name counts if the id that it sends to the gateway is the model's, and one for all ids of a
    pattern if the model's is one of them.
    """
    is_all_chat = all(one.purpose == "chat" for one in lists)
    named: dict[str, tuple[RouteList, RouteEntry]] = {}
    sent: dict[str, tuple[RouteList, RouteEntry]] = {}
    for route_list in lists:
        if route_list.purpose == "chat" and not is_all_chat:
            continue
        for entry in route_list.entries:
            model = read_model_name(entry.name).model
            if model is not None:
                named.setdefault(model.id, (route_list, entry))
            for name in _meant(entry, rules):
                sent.setdefault(name, (route_list, entry))
    return sent | named


def _meant(entry: RouteEntry, rules: Rules) -> Iterator[str]:
    """Yield the catalog ids that an entry is for, whatever its own name is."""
    for glob in entry.globs:
        yield from (name for name in MODELS if name not in entry.taken and fnmatchcase(name, glob))
    for text in sent_ids(entry, rules):
        model = read_model_name(text).model
        if model is not None:
            yield model.id
