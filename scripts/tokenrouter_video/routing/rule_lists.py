"""Models that are routed by rules in other objects than the channel's own, of the same file or another.

A rule sends the models that its conditions name to backends that it names. An exact condition is one model's; one by
pattern, or a rule without any, takes all models that fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from tokenrouter_video.catalog import MODELS
from tokenrouter_video.channels import Channel, OtherFile
from tokenrouter_video.consumer_hosts import HOST_FORMS, HostForm, Ref, RouteRules
from tokenrouter_video.documents.tree import Place, Scalar
from tokenrouter_video.manifests import Manifest, Manifests, may_meet, places_at, text_at
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.model_lists import RouteEntry, RouteList
from tokenrouter_video.routing.model_names import read_model_name

# https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch: the type may be left out for an exact match.
EXACT = "Exact"
ANY = "*"

_GLOB = {r"\.": ".", ".*": "*", ".+": "?*", ".": "?"}
_GROUP = regex(r"([^()|]*)\((?:\?:)?([^()]*)\)([^()|]*)")
_PIECE = regex(r"\\\.|\.[*+]?|[\w:/@-]")


@dataclass(frozen=True, slots=True)
class Condition:
    """One match of a rule: its place, the model that it names or the pattern as it stands, the pattern as globs."""

    place: Place
    model: str
    globs: tuple[str, ...] = ()

    def takes(self, model_id: str) -> bool:
        """Whether a model of this id meets the condition by its pattern."""
        return any(fnmatchcase(model_id, glob) for glob in self.globs)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: ``own`` are the places of the channel's backends in it, ``others`` how many it sends to besides."""

    place: Place
    conditions: tuple[Condition, ...]
    own: tuple[Place, ...]
    others: int


@dataclass(frozen=True, slots=True)
class RuleObject:
    """An object with rules: the file that it stands in (``None`` for the channel's own), and its list of rules."""

    name: str
    home: OtherFile | None
    place: Place
    rules: tuple[Rule, ...]


def rules_form(channel: Channel) -> RouteRules | None:
    """Return how the channel's consumer routes by rules, ``None`` where it does not."""
    form = HOST_FORMS.get(channel.consumer or "")
    return form.routes if form is not None else None


def find_rule_lists(channel: Channel) -> tuple[RouteList, ...] | None:
    """Return the lists of rules for the channel's models, the one for a new route first.

    ``None`` where the channel is not one that is routed so. Where no rule names the channel's backend there is one list
    without entries, or one that says why it cannot get any.
    """
    form = HOST_FORMS.get(channel.consumer or "")
    if form is None or form.routes is None:
        return None
    manifests = _manifests(channel)
    users = _users(channel, form, manifests)
    if not users:
        return None
    objects = _rule_objects(channel, form.routes, manifests, users)
    lists = [_list_of(one) for one in objects if any(rule.own for rule in one.rules)]
    if lists:
        return tuple(sorted(lists, key=lambda one: (-_videos(one), -len(one.entries))))
    if len(objects) == 1:
        return (_list_of(objects[0]),)
    named = f"{users[0].kind} {users[0].name}"
    files = sorted({one.file for user in users for one in manifests.naming(user, _ref(form.routes), anywhere=True)})
    if files:
        reason = f"several files have a rule for {named}, and which is meant is not said: {', '.join(files)}"
        way_out = f"Put the {form.routes.kind} into this file or its folder."
    else:
        reason = f"no {form.routes.kind} has a rule for {named}"
        way_out = f"Write one rule for {named} into an {form.routes.kind}; further models are then copies of it."
    return (RouteList("documents", (), "general", (), refusal=reason, way_out=way_out),)


def rule_objects(channel: Channel) -> list[RuleObject]:
    """Return the objects with rules that name the channel's backend; where none does, those that could get one."""
    form = HOST_FORMS[channel.consumer or ""]
    assert form.routes is not None
    manifests = _manifests(channel)
    return _rule_objects(channel, form.routes, manifests, _users(channel, form, manifests))


def _rule_objects(
    channel: Channel, routes: RouteRules, manifests: Manifests, users: list[Manifest]
) -> list[RuleObject]:
    found = {(one.file, one.place.parts): one for user in users for one in manifests.naming(user, _ref(routes))} or {
        (one.file, one.place.parts): one for one in manifests.near(routes.kind, channel.file)
    }
    homes = {one.name: one for one in channel.others}
    return [
        RuleObject(one.name, homes.get(one.file), place, tuple(_rules(routes, one, place, users, manifests)))
        for one in found.values()
        for place in places_at(one.place, routes.rules)
    ]


def namesakes(channel: Channel, one: RuleObject) -> list[tuple[OtherFile | None, Place]]:
    """Return where other files have rules for an object of the same kind and name: a tool may put them in its place."""
    form = HOST_FORMS[channel.consumer or ""]
    assert form.routes is not None
    manifests = _manifests(channel)
    homes = {other.name: other for other in channel.others}
    file = one.home.name if one.home is not None else channel.file
    itself = manifests.around(file, one.place.parts)
    return [
        (homes.get(other.file), place)
        for other in manifests.of_kind(form.routes.kind)
        if itself is not None
        and other.file != file
        and other.name == itself.name
        and may_meet(other.namespace, itself.namespace)
        for place in places_at(other.place, form.routes.rules)
    ]


def patches_by_number(channel: Channel, pointer: str, number: int) -> Iterator[tuple[OtherFile | None, Place]]:
    """Yield the texts that call an entry of a list by its number, from ``number`` on, behind a JSON Patch's pointer."""
    for home, document in ((None, channel.document), *((one, one.document) for one in channel.others)):
        if pointer not in document.text:
            continue
        for place in document.places:
            text = place.node.value if isinstance(place.node, Scalar) else None
            called = re.findall(rf"{re.escape(pointer)}(\d{{1,6}})", text) if isinstance(text, str) else ()
            if any(int(one) >= number for one in called):
                yield home, place


def _manifests(channel: Channel) -> Manifests:
    others = ((one.name, one.document.root) for one in channel.others)
    return Manifests([(channel.file, channel.document.root), *others])


def _users(channel: Channel, form: HostForm, manifests: Manifests) -> list[Manifest]:
    """Return the objects through which the channel's address is used: the names that rules know."""
    user_kind = form.user.kind if form.user is not None else form.kind
    found: dict[tuple[str, tuple[str, ...]], Manifest] = {}
    # Several addresses with one key are one channel.
    for parts in (channel.parts, *channel.url_parts):
        holder = manifests.around(channel.file, parts)
        if holder is None or holder.kind not in (form.kind, user_kind):
            continue
        users = [holder]
        if form.user is not None and holder.kind != user_kind:
            users = manifests.naming(holder, form.user)
        found.update({(one.file, one.place.parts): one for one in users})
    return list(found.values())


def _ref(routes: RouteRules) -> Ref:
    return Ref(routes.kind, (f"{routes.rules}.[].{routes.backends}.[].name",))


def _rules(
    routes: RouteRules, source: Manifest, rules: Place, users: list[Manifest], manifests: Manifests
) -> Iterator[Rule]:
    for rule in places_at(rules, "[]"):
        # A backend of weight 0 gets nothing (https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref).
        backends = [one for one in places_at(rule, f"{routes.backends}.[]") if text_at(one, "weight") != "0"]
        own = tuple(
            one
            for one in backends
            if any(manifests.means(source, name, user) for user in users for name in places_at(one, "name"))
        )
        yield Rule(rule, tuple(_conditions(routes, rule)), own, len(backends) - len(own))


def _conditions(routes: RouteRules, rule: Place) -> Iterator[Condition]:
    matches = list(places_at(rule, f"{routes.matches}.[]"))
    if not matches:
        yield Condition(rule, ANY, (ANY,))
    for match in matches:
        header = model_header(routes, match)
        if header is None:
            continue
        model = text_at(header, "value")
        is_exact = text_at(header, "type") in ("", EXACT)
        yield Condition(match, model, () if is_exact else globs_of(model))


def model_header(routes: RouteRules, match: Place) -> Place | None:
    """Return the header of a match that names the model; header names have no case."""
    headers = places_at(match, f"{routes.headers}.[]")
    return next((one for one in headers if text_at(one, "name").lower() == routes.header), None)


def globs_of(pattern: str) -> tuple[str, ...]:
    """Return a regular expression as globs, none where it says more than globs can; it is never run as one."""
    body = pattern.removeprefix("^").removesuffix("$")
    group = _GROUP.fullmatch(body)
    parts = [group[1] + one + group[3] for one in group[2].split("|")] if group is not None else body.split("|")
    globs = []
    for part in parts:
        pieces = _PIECE.findall(part)
        if "".join(pieces) != part:
            return ()
        globs.append("".join(_GLOB.get(piece, piece) for piece in pieces))
    return tuple(globs)


def _list_of(one: RuleObject) -> RouteList:
    entries: dict[tuple[int, str], RouteEntry] = {}
    for number, rule in enumerate(one.rules):
        for condition in rule.conditions if rule.own else ():
            taken = _taken(one.rules, number, condition) if condition.globs else frozenset()
            entry = RouteEntry(rule.place.parts, condition.model, rule.place.node, condition.globs, taken)
            entries.setdefault((number, condition.model), entry)
    return RouteList("documents", one.place.parts, "general", tuple(entries.values()), home=one.home)


def _taken(rules: tuple[Rule, ...], number: int, pattern: Condition) -> frozenset[str]:
    """Return the models that other backends' rules take from a pattern of rule ``number``.

    An exact condition goes before a pattern, any condition before none, and of two patterns the first
    (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule).
    """
    others = [
        condition
        for place, rule in enumerate(rules)
        for condition in rule.conditions
        if not rule.own and (not condition.globs or (pattern.model == ANY and condition.model != ANY) or place < number)
    ]
    return frozenset(
        model_id
        for model_id in MODELS
        if any(one.takes(model_id) if one.globs else one.model == model_id for one in others)
    )


def _videos(route_list: RouteList) -> int:
    return sum(read_model_name(name).is_video for name in route_list.models)
