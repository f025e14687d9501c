"""The edit that adds a rule for a model, or one more condition where a rule lists models: a copy of its neighbour.

A rule is copied as it stands but for what is another model's or another backend's: the id in its conditions and in the
override, its name, the other backends, and what the consumer says is one rule's own. No rule of another backend's is
ever copied.
"""

from __future__ import annotations

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.channels import Channel, OtherFile
from tokenrouter_video.consumer_hosts import RouteRules
from tokenrouter_video.consumer_rules import rules_of
from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.tree import Alias, Mapping, Place, Sequence, children, find, to_pointer
from tokenrouter_video.documents.values import Copy, Value, node_data
from tokenrouter_video.errors import RefusedError
from tokenrouter_video.manifests import places_at, text_at, text_of
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.changes import Changes
from tokenrouter_video.routing.given_entry import given_entry
from tokenrouter_video.routing.model_lists import RouteList
from tokenrouter_video.routing.model_names import ModelName, read_model_name, respell
from tokenrouter_video.routing.naming import Naming
from tokenrouter_video.routing.rule_lists import (
    EXACT,
    Condition,
    Rule,
    RuleObject,
    model_header,
    namesakes,
    patches_by_number,
    rule_objects,
    rules_form,
)

# What decides between the backends of a rule, and says nothing where only one is left.
_SHARES = frozenset({"weight", "priority"})
# A rule's name is that of a section of a route (https://gateway-api.sigs.k8s.io/reference/spec/#sectionname).
_NOT_IN_A_NAME = regex(r"[^a-z0-9.-]+")

_BY_HAND = "Edit the file by hand, or name another file with --config; nothing was changed."

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class RuleEdit:
    """The changes of one file (``home``: ``None`` for the channel's own), the rule copied, and what to say of it."""

    changes: Changes
    home: OtherFile | None
    exemplar: dict[str, Any] | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Exemplar:
    holder: RuleObject
    rule: Rule
    condition: Condition
    why: str


def add_rule(channel: Channel, model: VideoModel, lists: tuple[RouteList, ...], entry: Value) -> RuleEdit:
    """Return the edit; ``entry`` is the rule to insert instead of a copy.

    Raises :class:`RefusedError` where there is nothing to copy, or a rule would not be reached or not be accepted.
    """
    target = lists[0]
    if target.refusal:
        raise RefusedError(f"{channel.file}:{channel.line}: {target.refusal}", target.way_out)
    routes = rules_form(channel)
    assert routes is not None
    objects = {(one.home, one.place.parts): one for one in rule_objects(channel)}
    ordered = [objects[one.home, one.parts] for one in lists]
    edit = _Edit(channel, model, routes, ordered)
    try:
        return edit.given(target, entry) if entry is not None else edit.copied()
    except DocumentError as error:
        raise RefusedError(f"{edit.where(ordered[0], error.offset)}: {error.reason}", _BY_HAND) from None


@dataclass()
class _Edit:
    channel: Channel
    model: VideoModel
    routes: RouteRules
    objects: list[RuleObject]

    def where(self, holder: RuleObject, offset: int | None) -> str:
        """Return file and line of an offset, that of the list of rules where there is none."""
        document = self._document(holder)
        offset = holder.place.node.span.start if offset is None else min(offset, len(document.text))
        name = holder.home.name if holder.home is not None else self.channel.file
        return f"{name}:{document.line(offset)}"

    def _document(self, holder: RuleObject) -> Document:
        return holder.home.document if holder.home is not None else self.channel.document

    def given(self, target: RouteList, entry: Value) -> RuleEdit:
        """Return the edit that inserts the user's own rule."""
        holder = self.objects[0]
        self._require_reachable(holder)
        self._require_room(holder)
        changes = Changes(self._document(holder))
        value = given_entry(entry, target, self.model, changes.document).value
        position = self._position(holder, None)
        self._require_uncounted(self.routes.pointer, position)
        changes.insert(holder.place.parts, value, position=position)
        return RuleEdit(changes, holder.home, None, self._warnings(holder))

    def copied(self) -> RuleEdit:
        """Return the edit that copies the best rule, or the best condition of a rule that lists models."""
        exemplar = self._exemplar()
        if exemplar is None:
            holder = self.objects[0]
            self._require_reachable(holder)
            raise RefusedError(
                f"{self.where(holder, None)}: no rule of {self.routes.kind} {holder.name} sends a model by name to "
                "this backend, and one of another's is not copied",
                "Give the rule yourself: --entry with the JSON of one rule that names the model and the backend.",
            )
        holder, rule = exemplar.holder, exemplar.rule
        self._require_reachable(holder)
        changes = Changes(self._document(holder))
        left_behind: list[str] = []
        if self._lists_models(exemplar):
            parts = (*rule.place.parts, self.routes.matches)
            like = exemplar.condition.place
            value = self._match(exemplar, like)
            position = int(like.parts[-1]) + 1
            self._require_uncounted(f"{self.routes.pointer}{rule.place.parts[-1]}/{self.routes.matches}/", position)
            changes.insert(parts, value, like=to_pointer(like.parts), position=position)
        else:
            self._require_room(holder)
            like = rule.place
            value = self._rule(exemplar, left_behind)
            position = self._position(holder, exemplar)
            self._require_uncounted(self.routes.pointer, position)
            changes.insert(holder.place.parts, value, like=to_pointer(like.parts), position=position)
        warnings = list(self._warnings(holder))
        if like is rule.place and rule.others:
            warnings.append("the rule that was copied shares its requests with other backends; the new one does not")
        if left_behind:
            warnings.append(f"not copied, because they are another model's own: {', '.join(left_behind)}")
        described = {
            "pointer": to_pointer(like.parts),
            "line": changes_line(self._document(holder), like),
            "model": exemplar.condition.model,
            "why": exemplar.why + (f": {holder.home.name}" if holder.home is not None else ""),
        }
        return RuleEdit(changes, holder.home, described, tuple(warnings))

    def _exemplar(self) -> _Exemplar | None:
        """Return the rule to copy: the last of the model's family, of any video model, of the channel's backend.

        Of equal ones a rule that sends to this backend alone goes first, an exact condition before a pattern, a list of
        rules with room before a full one.
        """
        found = [
            (holder, rule, condition)
            for holder in self.objects
            for rule in holder.rules
            if rule.own
            for condition in rule.conditions
            if condition.place is not rule.place and self._stands_there(holder, condition.place)
        ]

        def rank(item: tuple[RuleObject, Rule, Condition]) -> tuple[bool, ...]:
            holder, rule, condition = item
            name = read_model_name(condition.model)
            is_full = 0 < self.routes.most <= len(holder.rules)
            return (
                not is_full,
                name.family == self.model.family,
                name.is_video,
                holder is self.objects[0],
                not condition.globs,
                not rule.others,
            )

        best = max(map(rank, found), default=None)
        if best is None:
            return None
        holder, rule, condition = [item for item in found if rank(item) == best][-1]
        why = "the nearest rule of this backend; none is for a video model"
        if best[1]:
            why = f"the last rule for a {self.model.family.capitalize()} model"
        elif best[2]:
            why = "the last rule for a video model"
        return _Exemplar(holder, rule, condition, why)

    def _stands_there(self, holder: RuleObject, place: Place) -> bool:
        """Whether a place is one of the text itself, and not one that an alias leads to."""
        found = find(self._document(holder).root, place.parts)
        return found is not None and found.node is place.node

    # -- where it goes ---------------------------------------------------------------------------------------------

    def _lists_models(self, exemplar: _Exemplar) -> bool:
        """Whether the copied rule names several models, sends them as they are, and to this backend alone."""
        rule = exemplar.rule
        models = [condition.model for condition in rule.conditions]
        is_single = models.count(exemplar.condition.model) == 1
        return len(set(models)) > 1 and is_single and not rule.others and not self._overrides(rule)

    def _position(self, holder: RuleObject, exemplar: _Exemplar | None) -> int:
        """Return the new rule's number: behind the last of its family or kind, before what takes any model."""
        position = len(holder.rules)
        if exemplar is not None and read_model_name(exemplar.condition.model).is_video:
            position = holder.rules.index(exemplar.rule) + 1
        takers = [
            number
            for number, rule in enumerate(holder.rules)
            if any(condition.takes(self.model.id) for condition in rule.conditions)
        ]
        return min([position, *takers])

    def _require_reachable(self, holder: RuleObject) -> None:
        for rule in holder.rules:
            names = {condition.model for condition in rule.conditions if not condition.globs}
            if not rule.own and self.model.id in names:
                raise RefusedError(
                    f"{self.where(holder, rule.place.node.span.start)}: this rule sends {self.model.id} to another "
                    "backend, and a second rule for it would never be reached",
                    "Take that rule away first, or send the request with generate --skip-route.",
                )

    def _require_room(self, holder: RuleObject) -> None:
        if 0 < self.routes.most <= len(holder.rules):
            raise RefusedError(
                f"{self.where(holder, None)}: {self.routes.kind} {holder.name} has {len(holder.rules)} rules, and more "
                f"than {self.routes.most} are not accepted",
                f"Write a second {self.routes.kind} with one rule for this backend; further models go there.",
            )

    def _require_uncounted(self, pointer: str, position: int) -> None:
        """Refuse what moves entries that a patch calls by their number: it would change another one."""
        for home, place in patches_by_number(self.channel, pointer, position):
            raise RefusedError(
                f"{self._line_of(home, place)}: a patch calls an entry of {pointer[:-1]} by its number, and would "
                f"change another one, since the new one is number {position}",
                "Let the patch name rules in another way, or add the model by hand, in both places.",
            )

    def _names_model(self, rules: Place) -> bool:
        """Whether one of some rules is the model's by name."""
        values = places_at(rules, f"[].{self.routes.matches}.[].{self.routes.headers}.[].value")
        return any(text_of(one.node) == self.model.id for one in values)

    def _line_of(self, home: OtherFile | None, place: Place) -> str:
        document = home.document if home is not None else self.channel.document
        name = home.name if home is not None else self.channel.file
        return f"{name}:{changes_line(document, place)}"

    def _warnings(self, holder: RuleObject) -> tuple[str, ...]:
        others = [one for one in self.objects if one is not holder and any(rule.own for rule in one.rules)]
        named = [
            f"{self.routes.kind} {one.name} ({self.where(one, None)}) has rules for this backend as well, and does not "
            "get the model"
            for one in others
        ]
        known = {(one.home, one.place.parts) for one in others}
        named += [
            f"{self._line_of(home, place)} has rules for {self.routes.kind} {holder.name} as well, without the model: "
            "where they are applied over these, they take their place"
            for home, place in namesakes(self.channel, holder)
            if (home, place.parts) not in known and not self._names_model(place)
        ]
        return tuple(named)

    # -- what it says ----------------------------------------------------------------------------------------------

    def _rule(self, exemplar: _Exemplar, left_behind: list[str]) -> dict[str, Value]:
        rule, value = exemplar.rule, dict[str, Value]()
        for name, entry in children(rule.place.node):
            here = (*rule.place.parts, name)
            if name == self.routes.matches:
                value[name] = self._matches(exemplar)
            elif name == self.routes.backends:
                is_alias = isinstance(entry.value, Alias) and not (rule.others or self._overrides(rule))
                value[name] = Copy(here) if is_alias else self._backends(rule)
            elif name == self.routes.unique:
                value[name] = self._name(exemplar, text_at(rule.place, name))
            elif name in self.routes.own and not self._is_shared(exemplar.holder, name):
                left_behind.append(name)
            else:
                value[name] = Copy(here)
        return value

    def _matches(self, exemplar: _Exemplar) -> list[Value]:
        """Return the rule's conditions for the copied model, each for the new one."""
        same = [one for one in exemplar.rule.conditions if one.model == exemplar.condition.model]
        return [self._match(exemplar, one.place) for one in same]

    def _match(self, exemplar: _Exemplar, match: Place) -> Value:
        header = model_header(self.routes, match)
        assert header is not None
        changed: dict[tuple[str, ...], Value] = {(*header.parts, "value"): self._id(exemplar)}
        if text_at(header, "type") not in ("", EXACT):
            changed[(*header.parts, "type")] = EXACT
        return _rebuilt(match, changed)

    def _id(self, exemplar: _Exemplar) -> str:
        """Return the id that clients ask for: of the neighbours' form only where the rule says what to send instead."""
        rule, condition = exemplar.rule, exemplar.condition
        if condition.globs or not self._overrides(rule):
            return self.model.id
        peers = [one.model for rule in exemplar.holder.rules if rule.own for one in rule.conditions if not one.globs]
        return Naming(self.model, rules_of(self.channel.consumer), None).new_id(condition.model, (), peers)

    def _overrides(self, rule: Rule) -> bool:
        """Whether a rule says which id is sent to the channel's backend."""
        return any(text_at(one, self.routes.override) for one in rule.own)

    def _backends(self, rule: Rule) -> list[Value]:
        backends: list[Value] = []
        for one in rule.own:
            changed: dict[tuple[str, ...], Value] = {}
            if text_at(one, self.routes.override):
                changed[(*one.parts, self.routes.override)] = self.model.id
            drop = frozenset((*one.parts, name) for name in _SHARES) if rule.others else frozenset()
            backends.append(_rebuilt(one, changed, drop))
        return backends

    def _name(self, exemplar: _Exemplar, old: str) -> str:
        """Return a name for the new rule that no other has, spelled after the copied one's where that says a model."""
        said: ModelName = read_model_name(exemplar.condition.model)
        name = respell(old, said, self.model) or self.model.id
        name = _NOT_IN_A_NAME.sub("-", name.lower()).strip("-.")
        taken = {text_at(rule.place, self.routes.unique) for rule in exemplar.holder.rules}
        numbered = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
        return next(one for one in numbered if one not in taken)

    def _is_shared(self, holder: RuleObject, name: str) -> bool:
        """Whether all of the backend's rules, and more than one, say the same in a field."""
        rules = [rule for rule in holder.rules if rule.own]
        places = [place for rule in rules for place in places_at(rule.place, name)]
        return len(places) == len(rules) > 1 and len({node_data(place.node) for place in places}) == 1


def changes_line(document: Document, place: Place) -> int:
    """Return the line on which a place of a document starts."""
    return document.line(place.node.span.start)


def _rebuilt(
    place: Place, changed: dict[tuple[str, ...], Value], drop: frozenset[tuple[str, ...]] = frozenset()
) -> Value:
    """Return a place's value with some of its members changed or left out, everything else copied as it stands."""
    node, parts = place.node, place.parts
    if parts in changed:
        return changed[parts]
    if not any(one[: len(parts)] == parts for one in (*changed, *drop)):
        return Copy(parts)
    if not isinstance(node, Mapping | Sequence):
        raise DocumentError("what would have to change in the copy is shared by an alias", node.span.start)
    below = [
        (name, Place((*parts, name), entry.value, ())) for name, entry in children(node) if (*parts, name) not in drop
    ]
    if isinstance(node, Mapping):
        return {name: _rebuilt(one, changed, drop) for name, one in below}
    return [_rebuilt(one, changed, drop) for _, one in below]
