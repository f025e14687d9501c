"""The edit that adds or fixes a model's route, planned and proven on a copy; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.channels import Channel
from tokenrouter_video.consumer_rules import Rules, rules_of
from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.edits import TextEdit, compose
from tokenrouter_video.documents.insertion import Edited, extend_string, insert, replace_scalar
from tokenrouter_video.documents.tree import Mapping, find, to_pointer
from tokenrouter_video.documents.values import Value
from tokenrouter_video.errors import RefusedError, UsageError
from tokenrouter_video.routing.adapt import Adaptation, Kept, Wanted, adapt_entry
from tokenrouter_video.routing.exemplar import Exemplar, choose_exemplar, place_for
from tokenrouter_video.routing.model_names import looks_like_id, read_model_name
from tokenrouter_video.routing.repair import Repair
from tokenrouter_video.routing.route_lists import RouteList
from tokenrouter_video.routing.survey import Survey, survey

NO_VIDEO_PATH = "consumer-has-no-video-path"


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One file's edits, on its decoded text, and the text that they lead to."""

    channel: Channel
    edits: tuple[TextEdit, ...]
    text: str


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """What has to be done for a model's route.

    ``status`` is ``planned``, ``unchanged`` or ``not-needed``; ``action`` is ``insert`` or ``fix``, ``None`` where
    nothing is done; ``exemplar`` describes the entry that was copied.
    """

    status: str
    model: VideoModel
    channel: Channel
    survey: Survey
    action: str | None = None
    exemplar: dict[str, Any] | None = None
    files: tuple[FilePlan, ...] = ()
    warnings: tuple[str, ...] = ()
    advice: tuple[str, ...] = field(default=())


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
        return RoutePlan("not-needed", model, channel, surveyed)
    state = surveyed.video_models[model.id]
    if state == "configured":
        return RoutePlan("unchanged", model, channel, surveyed)
    try:
        if state == "incorrect":
            return _fix(channel, model, surveyed)
        return _insert(channel, model, surveyed, surveyed.route_list, entry)
    except DocumentError as error:
        raise RefusedError(
            f"{_where(channel, error.offset)}: {error.reason}",
            "Edit the file by hand, or name another file with --config; nothing was changed.",
        ) from None


def _where(channel: Channel, offset: int | None) -> str:
    line = channel.line if offset is None else channel.document.line(min(offset, len(channel.document.text)))
    return f"{channel.file}:{line}"


def _fix(channel: Channel, model: VideoModel, surveyed: Survey) -> RoutePlan:
    repairs = surveyed.repairs[model.id]
    document = channel.document
    edits: tuple[TextEdit, ...] = ()
    for repair in repairs:
        done = _mended(document, repair)
        edits = compose(edits, done.edits)
        document = done.document
    exemplar = None
    likes = [repair.like for repair in repairs if repair.like]
    if likes:
        exemplar = {"pointer": likes[0], "line": _line(channel.document, likes[0]), "model": None, "why": "wired right"}
    return RoutePlan(
        "planned",
        model,
        channel,
        surveyed,
        "fix",
        exemplar,
        (FilePlan(channel, edits, document.text),),
        _warnings(channel),
    )


def _mended(document: Document, repair: Repair) -> Edited:
    if not repair.is_missing:
        assert repair.value is None or isinstance(repair.value, str | int | float | bool)
        return replace_scalar(document, repair.pointer, repair.value)
    return insert(
        document,
        to_pointer(repair.parts[:-1]),
        repair.value,
        key=repair.parts[-1],
        like=repair.like,
        position=repair.position,
    )


def _insert(channel: Channel, model: VideoModel, surveyed: Survey, target: RouteList, entry: Value) -> RoutePlan:
    document = channel.document
    rules = rules_of(channel.consumer)
    polluted = _polluted(surveyed.lists, rules)
    if len(polluted) == sum(len(one.entries) for one in surveyed.lists):
        # Where every entry breaks the known rules, they are those of another version of the consumer.
        rules, polluted = replace(rules, required=(), allowed=frozenset()), []
    exemplar = choose_exemplar(document, surveyed.lists, model, frozenset(polluted))
    if entry is None and exemplar is None:
        raise RefusedError(
            f"{channel.file}:{_line(document, target.pointer)}: the list of models is empty; there is no entry to copy",
            "Give the entry yourself: --entry with the JSON of one entry, in this consumer's schema.",
        )
    if entry is not None:
        adaptation = _given(entry, target, model, document)
    else:
        assert exemplar is not None
        adaptation = adapt_entry(Wanted(document, exemplar, target, model, rules, _kept(channel, exemplar)))
    done = _inserted(document, target, model, exemplar, adaptation)
    warnings = [*_warnings(channel)]
    warnings += [f"{to_pointer(parts)} breaks its consumer's rules and was not copied" for parts in polluted]
    if entry is None and adaptation.left_behind:
        warnings.append(f"not copied, because they are another model's own: {', '.join(adaptation.left_behind)}")
    return RoutePlan(
        "planned",
        model,
        channel,
        surveyed,
        "insert",
        _described(document, exemplar) if entry is None else None,
        (FilePlan(channel, done.edits, done.document.text),),
        tuple(warnings),
    )


def _inserted(
    document: Document, target: RouteList, model: VideoModel, exemplar: Exemplar | None, adaptation: Adaptation
) -> Edited:
    position = place_for(document, target, model)
    if target.shape == "delimited":
        return _extended(document, target, model, position)
    like = to_pointer(exemplar.entry.parts) if exemplar is not None else None
    return insert(document, target.pointer, adaptation.value, key=adaptation.key, like=like, position=position)


def _extended(document: Document, target: RouteList, model: VideoModel, position: int) -> Edited:
    """Add an id to a string of ids, with the separator and the mark in front that the others have."""
    del position
    place = document.at(target.pointer)
    assert place is not None
    text = str(getattr(place.node, "value", ""))
    after = text[text.rfind(target.separator) + 1 :] if target.separator in text else ""
    blanks = after[: len(after) - len(after.lstrip())]
    mark = "+" if target.models and target.models[0].startswith("+") else ""
    return extend_string(document, target.pointer, target.separator + blanks + mark + model.id)


def _kept(channel: Channel, exemplar: Exemplar) -> Kept:
    exact = set(channel.url_parts)
    if channel.key_parts is not None:
        exact.add(channel.key_parts)
    entry = exemplar.entry.parts
    block = channel.parts[len(entry) :] if channel.parts[: len(entry)] == entry else ()
    return Kept(frozenset(exact | _sibling_keys(channel)), channel.parts[-1] if channel.parts else None, block)


def _sibling_keys(channel: Channel) -> set[tuple[str, ...]]:
    """Return the pointers at which the channel's other flat entries hold the key that its first one holds."""
    if channel.key_parts is None:
        return set()
    found: set[tuple[str, ...]] = set()
    for url in channel.url_parts:
        for length in range(len(url)):
            for tail in range(1, 4):
                candidate = (*url[:length], *channel.key_parts[-tail:])
                if find(channel.document.root, candidate) is not None and len(candidate) == len(channel.key_parts):
                    found.add(candidate)
    return found


def _given(entry: Value, target: RouteList, model: VideoModel, document: Document) -> Adaptation:
    """Return what the user gave with ``--entry``, checked to be an entry for the model."""
    place = document.at(target.pointer)
    is_map = place is not None and isinstance(place.node, Mapping)
    key: str | None = None
    if is_map:
        key, entry = _key_and_value(entry, model)
    names = [key] if key is not None else list(_ids_in(entry))
    if not any(read_model_name(name).model is model for name in names):
        raise UsageError(f"--entry names no {model.id}", f"Give an entry whose id is {model.id}.")
    return Adaptation(entry, key)


def _key_and_value(entry: Value, model: VideoModel) -> tuple[str, Value]:
    if isinstance(entry, dict) and len(entry) == 1:
        ((key, value),) = entry.items()
        if read_model_name(key).model is model:
            return key, value
    return model.id, entry


def _ids_in(entry: Value) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    if isinstance(entry, dict):
        return [text for value in entry.values() for text in _ids_in(value) if looks_like_id(text)]
    return []


def _polluted(lists: tuple[RouteList, ...], rules: Rules) -> list[tuple[str, ...]]:
    """Return the entries that break their consumer's rules."""
    found: list[tuple[str, ...]] = []
    for one in lists:
        if one.shape not in ("objects", "flat", "tables"):
            continue
        for entry in one.entries:
            node = entry.node
            if not isinstance(node, Mapping):
                breaks = bool(rules.required or rules.allowed)
            else:
                keys = {child.key for child in node.entries}
                lacks = any(find(node, path) is None for path in rules.required)
                breaks = lacks or bool(rules.allowed and keys - rules.allowed)
            if breaks:
                found.append(entry.parts)
    return found


def _warnings(channel: Channel) -> tuple[str, ...]:
    return () if rules_of(channel.consumer).has_video else (NO_VIDEO_PATH,)


def _described(document: Document, exemplar: Exemplar | None) -> dict[str, Any] | None:
    if exemplar is None:
        return None
    pointer = to_pointer(exemplar.entry.parts)
    return {
        "pointer": pointer,
        "line": _line(document, pointer),
        "model": exemplar.entry.name,
        "why": exemplar.why,
    }


def _line(document: Document, pointer: str) -> int:
    place = document.at(pointer)
    return document.line(place.node.span.start) if place is not None else 1
