"""The edit that adds or fixes a model's route, planned and proven on a copy; nothing is written here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.channels import Channel, OtherFile
from tokenrouter_video.consumer_rules import Rules, rules_of
from tokenrouter_video.consumers import CONSUMERS, is_generated
from tokenrouter_video.documents.document import Document, DocumentError, SourceText
from tokenrouter_video.documents.edits import TextEdit, apply_edits
from tokenrouter_video.documents.embedded import Embedded
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.tree import Mapping, find, from_pointer, to_pointer
from tokenrouter_video.documents.values import Value
from tokenrouter_video.errors import RefusedError
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass, replace
from tokenrouter_video.routing.adapt import Adaptation, adapt_entry
from tokenrouter_video.routing.adapted_values import Kept, Wanted
from tokenrouter_video.routing.changes import Changes, name_in
from tokenrouter_video.routing.exemplar import Exemplar, choose_exemplar, place_for
from tokenrouter_video.routing.model_lists import RouteList
from tokenrouter_video.routing.neighbours import breaks_rules, kept_of, may_be_copied, polluted, taken_by_another
from tokenrouter_video.routing.survey import Survey, survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tokenrouter_video.routing.sibling_files import Siblings

NO_VIDEO_PATH = "consumer-has-no-video-path"

# The two fields that every Kubernetes object has (https://kubernetes.io/docs/concepts/overview/working-with-objects).
_API_VERSION = regex(r"^apiVersion:[ \t]*\S", re.MULTILINE, needs=("apiversion:",))
_KIND = regex(r"^kind:[ \t]*\S", re.MULTILINE, needs=("kind:",))

_BY_HAND = "Edit the file by hand, or name another file with --config; nothing was changed."


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One file's edits, on its decoded text, and the text that they lead to.

    ``name`` is how output calls it. A file that does not exist yet has no ``source`` and no ``data``, and its text
    before is empty.
    """

    name: str
    path: Path
    before: str
    edits: tuple[TextEdit, ...]
    text: str
    source: SourceText | None
    data: bytes | None

    @property
    def encoded(self) -> bytes:
        """The file's new bytes."""
        return self.source.encode(self.text) if self.source is not None else self.text.encode()


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """What has to be done for a model's route.

    ``status`` is ``planned``, ``unchanged`` or ``not-needed``; ``action`` is ``insert`` or ``fix``, ``None`` where
    nothing is done; ``exemplar`` describes the entry that was copied; ``advice`` says what to do where the consumer
    keeps no list, and what is left to do after the edit.
    """

    status: str
    model: VideoModel
    channel: Channel
    survey: Survey
    action: str | None = None
    exemplar: dict[str, Any] | None = None
    files: tuple[FilePlan, ...] = ()
    warnings: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


def plan_route(channel: Channel, model: VideoModel, entry: Value = None, surveyed: Survey | None = None) -> RoutePlan:
    """Return the plan; ``entry`` is inserted instead of a copy where it is given.

    Raises :class:`RefusedError` where the file cannot be edited safely or holds nothing to copy, and
    :class:`UsageError` where ``entry`` is no entry for the model.
    """
    surveyed = surveyed or survey(channel)
    if surveyed.route_list is None:
        if entry is not None:
            raise RefusedError(
                f"{_where(channel, None)}: the channel keeps no list of models that an entry could go into",
                "Leave --entry out: the model needs no route here.",
            )
        advice = rules_of(channel.consumer).advice
        advised = (advice,) if advice else ()
        return RoutePlan("not-needed", model, channel, surveyed, warnings=_trap_warnings(channel), advice=advised)
    state = surveyed.video_models[model.id]
    if state == "configured":
        return RoutePlan("unchanged", model, channel, surveyed, warnings=_trap_warnings(channel))
    consumer = CONSUMERS.get(channel.consumer or "")
    if consumer is not None and is_generated(consumer, channel.path.absolute().parts):
        raise RefusedError(
            f"{_where(channel, None)}: {consumer.title} writes this file itself, and an edit would be lost",
            f"Edit the config that {consumer.title} makes it from.",
        )
    try:
        if state == "incorrect":
            plan = _fix(channel, model, surveyed)
        else:
            plan = _insert(channel, model, surveyed, surveyed.route_list, entry)
        return replace(plan, advice=tuple(_advice(plan.files)))
    except DocumentError as error:
        raise RefusedError(f"{_where(channel, error.offset)}: {error.reason}", _BY_HAND) from None


def _advice(files: tuple[FilePlan, ...]) -> Iterator[str]:
    """Yield what is left to do: nobody reads a Kubernetes object from its file."""
    for one in files:
        if _API_VERSION.search(one.before) and _KIND.search(one.before):
            yield f"the cluster has it once {one.name} is applied to it: kubectl apply, or what deploys it here"


def _where(channel: Channel, offset: int | None) -> str:
    line = channel.line if offset is None else channel.line_at(offset)
    return f"{channel.file}:{line}"


def _fix(channel: Channel, model: VideoModel, surveyed: Survey) -> RoutePlan:
    repairs = surveyed.repairs[model.id]
    existing = surveyed.entries[model.id]
    holders = [one for one in surveyed.lists if existing in one.entries]
    inside = holders[0].inside
    shared = frozenset(parts for one in holders for parts in one.shared)
    changes = Changes(holders[0].document_in(channel.document), shared=shared)
    for repair in repairs:
        changes.repair(repair)
    if inside is not None:
        changes = _in_the_file(channel, inside, changes)
    if surveyed.registrations[model.id]:
        from tokenrouter_video.routing.second_places import sent_name

        sent = sent_name(existing, rules_of(channel.consumer)) or existing.name
        _register(channel, changes, surveyed, model, name=existing.name, sent=sent)
    exemplar = None
    likes = [repair.like for repair in repairs if repair.like]
    if likes:
        like = from_pointer(likes[0]) if inside is None else inside.parts
        line = _line(channel, like)
        exemplar = {"pointer": channel.pointer_to(like), "line": line, "model": None, "why": "wired right"}
    files = (_file_plan(channel, changes),)
    warnings = _warnings(channel, holders[0])
    return RoutePlan("planned", model, channel, surveyed, "fix", exemplar, files, warnings)


def _insert(channel: Channel, model: VideoModel, surveyed: Survey, target: RouteList, entry: Value) -> RoutePlan:
    document = target.document_in(channel.document)
    if surveyed.siblings is not None:
        return _add_file(channel, model, surveyed, surveyed.siblings, entry)
    if target.shape == "documents" and channel.is_host:
        return _add_rule(channel, model, surveyed, entry)
    if target.refusal:
        raise RefusedError(
            f"{channel.file}:{_line(channel, target.place)}: {target.refusal}", target.way_out or _BY_HAND
        )
    taken = taken_by_another(channel, target, model)
    if taken is not None:
        where = f"{channel.file}:{_line(channel, taken)}"
        raise RefusedError(
            f"{where}: the list has {model.id} already, with a base URL or key of its own",
            "Take that entry's URL and key out, or send the request with generate --skip-route.",
        )
    rules = rules_of(channel.consumer)
    # Entries of another document cannot be copied into this one.
    lists = tuple(one for one in surveyed.lists if one.inside is target.inside)
    unfit = polluted(lists, rules)
    is_unlike_rules = bool(unfit) and len(unfit) == sum(len(one.entries) for one in lists)
    if is_unlike_rules:
        # Where every entry breaks the known rules, they are those of another version of the consumer.
        rules, unfit = replace(rules, required=(), allowed=frozenset(), words=(), form=""), []
    exemplar = choose_exemplar(document, lists, model, frozenset(unfit))
    if exemplar is not None and not may_be_copied(channel, exemplar, target, rules):
        exemplar = None
    if entry is None:
        _require_copy(channel, target, exemplar, rules)
    if entry is not None:
        adaptation = _given(entry, target, model, document)
    else:
        assert exemplar is not None
        adaptation = adapt_entry(Wanted(document, exemplar, target, model, rules, kept_of(channel, exemplar), lists))
    warnings = [*_warnings(channel, target)]
    warnings += [f"{channel.pointer_to(parts)} breaks its consumer's rules and was not copied" for parts in unfit]
    if is_unlike_rules and entry is None:
        warnings.append("every entry breaks the known rules of its consumer, and the new one is made after them")
    if unfit and rules.all_or_nothing:
        warnings.append("this consumer reads none of the file's models while one entry breaks its rules")
    if entry is not None and _is_unfit(adaptation.value, rules_of(channel.consumer)):
        warnings.append("the given entry breaks its consumer's rules: see references/config_patterns.md")
    if entry is None and adaptation.left_behind:
        warnings.append(f"not copied, because they are another model's own: {', '.join(adaptation.left_behind)}")
    changes = Changes(document, shared=frozenset(target.shared))
    _put(changes, target, model, exemplar, adaptation)
    if target.inside is not None:
        changes = _in_the_file(channel, target.inside, changes)
    name = name_in(adaptation.value, adaptation.key, target.id_path) or model.id
    sent = name_in(adaptation.value, None, rules.id_field) or name
    _register(channel, changes, surveyed, model, name=name, sent=sent)
    return RoutePlan(
        "planned",
        model,
        channel,
        surveyed,
        "insert",
        _described(channel, target, exemplar) if entry is None else None,
        (_file_plan(channel, changes),),
        tuple(warnings),
    )


def _given(entry: Value, target: RouteList, model: VideoModel, document: Document) -> Adaptation:
    from tokenrouter_video.routing.given_entry import given_entry

    return given_entry(entry, target, model, document)


def _require_copy(channel: Channel, target: RouteList, exemplar: Exemplar | None, rules: Rules) -> None:
    """Raise where no entry of the list may be copied, with the way out."""
    where = f"{channel.file}:{_line(channel, target.place)}"
    if rules.chosen_by and not _is_chosen(exemplar, rules.chosen_by):
        raise RefusedError(
            f"{where}: the list's entries share all requests, and none is a "
            "video model's that requests choose by name: one more would get requests for the others",
            f"Instead, {rules.advice}, or send the request with generate --skip-route.",
        )
    if exemplar is None:
        document = target.document_in(channel.document)
        place = find(document.root, target.parts)
        is_empty = place is None or not getattr(place.node, "entries", ())
        lacking = "the list of models is empty" if is_empty else "no model of the list is this channel's"
        raise RefusedError(
            f"{where}: {lacking}; there is no entry to copy",
            "Give the entry yourself: --entry with the JSON of one entry, in this consumer's schema.",
        )


def _is_chosen(exemplar: Exemplar | None, path: tuple[str, ...]) -> bool:
    """Whether the entry to copy is a video model's, and says by which name requests choose it."""
    return exemplar is not None and exemplar.is_video and find(exemplar.entry.node, path) is not None


def _add_file(channel: Channel, model: VideoModel, surveyed: Survey, siblings: Siblings, entry: Value) -> RoutePlan:
    """Plan a new file beside those of the other models."""
    from tokenrouter_video.routing.sibling_files import new_file

    exemplar = choose_exemplar(channel.document, surveyed.lists, model)
    assert exemplar is not None
    like = siblings.file_of(exemplar.entry)
    target = siblings.route_list
    warnings = _warnings(channel)
    if entry is not None:
        adaptation = _given(entry, target, model, like.document)
    else:
        wanted = Wanted(like.document, exemplar, target, model, rules_of(channel.consumer), Kept(frozenset()))
        adaptation = adapt_entry(wanted)
        if adaptation.left_behind:
            warnings += (f"not copied, because they are another model's own: {', '.join(adaptation.left_behind)}",)
    said = adaptation.value if isinstance(adaptation.value, dict) else {}
    lacks = [name for name in rules_of(channel.consumer).facts if name not in said]
    if lacks:
        warnings += (f"fill in before you use the file, since its consumer refuses one without: {', '.join(lacks)}",)
    name, path, text = new_file(like, adaptation.value, model)
    described = {"pointer": "", "line": 1, "model": like.model, "why": f"{exemplar.why}: {like.name}"}
    file = FilePlan(name, path, "", (TextEdit(0, 0, text),), text, None, None)
    exemplar_report = described if entry is None else None
    return RoutePlan("planned", model, channel, surveyed, "insert", exemplar_report, (file,), warnings)


def _add_rule(channel: Channel, model: VideoModel, surveyed: Survey, entry: Value) -> RoutePlan:
    """Plan a rule in another object than the channel's own, be it in another file."""
    from tokenrouter_video.routing.rule_edits import add_rule

    edit = add_rule(channel, model, surveyed.lists, entry)
    files = (_file_plan(edit.home or channel, edit.changes),)
    warnings = (*_warnings(channel), *edit.warnings)
    return RoutePlan("planned", model, channel, surveyed, "insert", edit.exemplar, files, warnings)


def _file_plan(file: Channel | OtherFile, changes: Changes) -> FilePlan:
    before, edits, text = file.document.text, changes.edits, changes.document.text
    if not isinstance(file, Channel):
        return FilePlan(file.name, file.path, before, edits, text, file.source, file.data)
    if file.embedded is not None:
        before = file.outer.text
        try:
            edits = file.embedded.outer_edits(edits)
        except DocumentError as error:
            line = file.line if error.offset is None else file.outer.line(error.offset)
            raise RefusedError(f"{file.file}:{line}: {error.reason}", _BY_HAND) from None
        text = apply_edits(before, edits)
    return FilePlan(file.file, file.path, before, edits, text, file.source, file.data)


def _in_the_file(channel: Channel, inside: Embedded, changes: Changes) -> Changes:
    """Return the changes of a string's own document as changes of the file."""
    edits = inside.outer_edits(changes.edits)
    text = apply_edits(channel.document.text, edits)
    return Changes(parse(text, channel.document.format), edits)


def _put(
    changes: Changes, target: RouteList, model: VideoModel, exemplar: Exemplar | None, adaptation: Adaptation
) -> None:
    if target.shape == "delimited":
        changes.extend(target, name_in(adaptation.value, adaptation.key, ()) or model.id)
        return
    position = place_for(changes.document, target, model)
    like = to_pointer(exemplar.entry.parts) if exemplar is not None else None
    changes.insert(target.parts, adaptation.value, key=adaptation.key, like=like, position=position)


def _register(channel: Channel, changes: Changes, surveyed: Survey, model: VideoModel, *, name: str, sent: str) -> None:
    """Name the model in the further places where it is not; ``name`` is its id in the list, ``sent`` the gateway's."""
    if not surveyed.registrations[model.id]:
        return
    from tokenrouter_video.routing.second_place_edits import register

    for registration in surveyed.registrations[model.id]:
        register(channel, changes, registration, model, registration.named(name, sent))


def _warnings(channel: Channel, target: RouteList | None = None) -> tuple[str, ...]:
    warnings = [] if rules_of(channel.consumer).has_video else [NO_VIDEO_PATH]
    for parts in target.gaining if target is not None else ():
        where = f"{channel.file}:{_line(channel, parts)}"
        says = (
            "holds the list itself" if target is not None and parts == target.place else "repeats the list under a name"
        )
        warnings.append(f"{where}: {channel.pointer_to(parts)} {says} and gets the model as well")
    return (*warnings, *_trap_warnings(channel))


def _trap_warnings(channel: Channel) -> tuple[str, ...]:
    rules = rules_of(channel.consumer)
    if not rules.traps:
        return ()
    from tokenrouter_video.routing.traps import trap_warnings

    return tuple(trap_warnings(channel, rules))


def _is_unfit(value: Value, rules: Rules) -> bool:
    """Whether an object that the user gives as an entry breaks the consumer's rules."""
    if not isinstance(value, dict):
        return False
    node = parse(json.dumps(value), "json").root
    return isinstance(node, Mapping) and breaks_rules(node, rules)


def _described(channel: Channel, target: RouteList, exemplar: Exemplar | None) -> dict[str, Any] | None:
    if exemplar is None:
        return None
    parts = exemplar.entry.parts if target.inside is None else target.place
    return {
        "pointer": channel.pointer_to(parts),
        "line": _line(channel, parts),
        "model": exemplar.entry.name,
        "why": exemplar.why,
    }


def _line(channel: Channel, parts: tuple[str, ...]) -> int:
    place = find(channel.document.root, parts)
    return channel.line_at(place.node.span.start) if place is not None else 1
