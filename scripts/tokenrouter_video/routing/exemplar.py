"""Which entry is copied, and where the copy goes."""

from __future__ import annotations

import itertools

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.config_names import switches_off
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Mapping, Node, Opaque, Scalar, Sequence, children, find
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.counting import counts_its_entries
from tokenrouter_video.routing.fields import fold, is_kind, is_video_word, video_kind, video_path
from tokenrouter_video.routing.model_lists import (
    RouteEntry,
    RouteList,
    container_names,
    sequence_entries,
)
from tokenrouter_video.routing.model_names import read_model_name

# A list of fewer ids may be sorted by accident.
_SORTED_FROM = 5


@dataclass(frozen=True, slots=True)
class Exemplar:
    """The entry to copy; ``is_video`` whether it is a video model's, ``why`` in words for the user.

    ``is_own``: the entry is the channel's, not another provider's.
    """

    entry: RouteEntry
    route_list: RouteList
    is_video: bool
    is_family: bool
    why: str
    is_own: bool = True


def is_video_entry(entry: RouteEntry, route_list: RouteList) -> bool:
    """Whether an entry is a video model's, by its list, its id, or what its kind field says."""
    if route_list.purpose == "video" or read_model_name(entry.name).is_video:
        return True
    if not isinstance(entry.node, Mapping):
        return False
    return _says_video(entry.node)


def is_wired_video(entry: RouteEntry, route_list: RouteList) -> bool:
    """Whether an entry is a video model's, and its kind and path say video where they say anything."""
    if not is_video_entry(entry, route_list):
        return False
    return not any(
        isinstance(one.value, Scalar)
        and isinstance(one.value.value, str)
        and not is_video_word(one.value.value)
        # A whole URL is the channel's, which is repeated as configured.
        and "://" not in one.value.value
        and (video_path(one.value.value) or (is_kind(name) and video_kind(one.value.value)))
        for name, one in (children(entry.node) if isinstance(entry.node, Mapping) else ())
    )


def _says_video(node: Node, name: str = "") -> bool:
    """Whether a field, or one below it, says that its model makes videos: its kind, or what it puts out."""
    if isinstance(node, Mapping):
        return any(
            _says_video(entry.value, entry.key)
            for entry in node.entries
            if entry.key is not None and (is_kind(entry.key) or isinstance(entry.value, Mapping | Sequence))
        )
    if isinstance(node, Sequence):
        is_output = fold(name).startswith("output")
        items = [entry.value for entry in node.entries]
        return any(is_output and isinstance(item, Scalar) and item.value == "video" for item in items) or any(
            _says_video(item) for item in items if isinstance(item, Mapping | Sequence)
        )
    if isinstance(node, Opaque):
        return is_kind(name) and is_video_word(node.code.rpartition(".")[2])
    return isinstance(node, Scalar) and isinstance(node.value, str) and is_kind(name) and is_video_word(node.value)


def is_family_entry(entry: RouteEntry, model: VideoModel) -> bool:
    """Whether an entry is of the model's family."""
    return read_model_name(entry.name).family == model.family


def choose_exemplar(
    document: Document,
    lists: tuple[RouteList, ...],
    model: VideoModel,
    polluted: frozenset[tuple[str, ...]] = frozenset(),
) -> Exemplar | None:
    """Return the entry to copy into the first list: of the same family, any video entry, the nearest entry."""
    target = lists[0]
    candidates = [(entry, one) for one in lists for entry in _alike(one, polluted) if _fits(one, target)]
    own = [(entry, one) for entry, one in candidates if one is target]
    for pool in (own, candidates):
        # One that is wired like a chat model is no pattern, whatever its id says.
        video = [(entry, one) for entry, one in pool if is_wired_video(entry, one)]
        family = [(entry, one) for entry, one in video if is_family_entry(entry, model)]
        if family:
            entry, one = family[-1]
            return Exemplar(entry, one, True, True, f"the last {model.family.capitalize()} entry of the list")
        if video:
            entry, one = video[-1]
            return Exemplar(entry, one, True, False, "the last video entry of the list")
    if own:
        entry, one = own[-1]
        return Exemplar(entry, one, False, False, "the nearest entry; the list holds no video model")
    if candidates:
        entry, one = candidates[-1]
        return Exemplar(entry, one, False, False, "the nearest entry of the channel's other list")
    return _of_another_provider(document, target, model) or _from_another_provider(document, target)


def _fits(one: RouteList, target: RouteList) -> bool:
    """Whether entries of one list can be entries of the other."""
    return one is target or not target.entries or (one.shape == target.shape and one.id_path == target.id_path)


def _alike(route_list: RouteList, polluted: frozenset[tuple[str, ...]]) -> list[RouteEntry]:
    """Return the entries of the form that most have: strings among objects are no models to copy.

    Nor are those that are switched off, if any is on.
    """
    entries = [entry for entry in route_list.entries if entry.parts not in polluted]
    forms = [type(entry.node) for entry in entries]
    usual = max(forms, key=lambda form: (forms.count(form), form is Mapping), default=None)
    alike = [entry for entry in entries if type(entry.node) is usual]
    return [entry for entry in alike if not _is_off(entry.node)] or alike


def _is_off(node: Node) -> bool:
    """Whether a model's entry switches it off: ``enabled: false``, or ``false`` under its id."""
    if isinstance(node, Scalar):
        return node.value is False
    fields = children(node) if isinstance(node, Mapping) else ()
    return any(isinstance(one.value, Scalar) and switches_off(name, one.value.value) for name, one in fields)


def _of_another_provider(document: Document, target: RouteList, model: VideoModel) -> Exemplar | None:
    """Return the best entry of other providers in the list itself, where none of its entries is the channel's."""
    place = find(document.root, target.parts)
    if place is None or target.shape not in ("objects", "tables", "map"):
        return None
    if isinstance(place.node, Sequence):
        entries, _ = sequence_entries(place.node, target.parts, target.id_path)
    elif isinstance(place.node, Mapping):
        entries = tuple(RouteEntry((*target.parts, name), name, entry.value) for name, entry in children(place.node))
    else:
        return None
    found = RouteList(target.shape, target.parts, target.purpose, entries, target.id_path)
    pools = [
        [entry for entry in entries if is_family_entry(entry, model)],
        [entry for entry in entries if is_video_entry(entry, found)],
        list(entries),
    ]
    best = next((pool[-1] for pool in pools if pool), None)
    if best is None or not isinstance(best.node, Mapping):
        return None
    is_video = is_video_entry(best, found) and target.purpose != "video"
    return Exemplar(best, found, is_video, False, "the nearest entry of another provider", is_own=False)


def _from_another_provider(document: Document, target: RouteList) -> Exemplar | None:
    """Return the last entry of another provider's list of the same name, for a list that is still empty."""
    if not target.parts:
        return None
    place = find(document.root, target.parts)
    for other in document.places:
        if not other.parts or other.parts[-1] != target.parts[-1] or other.parts == target.parts:
            continue
        if place is None or type(other.node) is not type(place.node) or len(other.parts) != len(target.parts):
            continue
        node = other.node
        if isinstance(node, Sequence) and node.entries:
            entries, id_path = sequence_entries(node, other.parts)
        elif isinstance(node, Mapping) and node.entries:
            entries = tuple(RouteEntry((*other.parts, name), name, entry.value) for name, entry in children(node))
            id_path = ()
        else:
            continue
        if entries:
            found = RouteList(target.shape, other.parts, target.purpose, entries, id_path)
            is_video = is_video_entry(entries[-1], found) and target.purpose != "video"
            why = "the nearest entry of another provider's list"
            return Exemplar(entries[-1], found, is_video, False, why, is_own=False)
    return None


def place_for(document: Document, route_list: RouteList, model: VideoModel) -> int:
    """Return the number that the new entry gets among all entries of the list.

    At the end of a list that counts its entries. Else behind the channel's last entry of the same family, else behind
    its last video entry, else at the end; in a list that other providers share behind the channel's last entry, so that
    it stays with its own. In a list of five or more whose ids are strictly sorted, at its sorted place. Ids are
    compared without case.
    """
    place = find(document.root, route_list.parts)
    assert place is not None
    if route_list.shape == "delimited" or not isinstance(place.node, Mapping | Sequence):
        names = list(route_list.models)
        numbers = list(range(len(names)))
    else:
        container = place.node
        if counts_its_entries(container):
            return len(container.entries)
        names = container_names(container, route_list.id_path)
        # The first of equal keys.
        places = dict(reversed(numbered(container)))
        numbers = [places[entry.parts[-1]] for entry in route_list.entries]
    folded = [name.lower() for name in names]
    if len(folded) >= _SORTED_FROM and all(a < b for a, b in itertools.pairwise(folded)):
        new = model.id.lower()
        return next((number for number, name in enumerate(folded) if name > new), len(folded))
    pairs = list(zip(numbers, route_list.entries, strict=True))
    behind = [number for number, entry in pairs if is_family_entry(entry, model)]
    behind = behind or [number for number, entry in pairs if is_video_entry(entry, route_list)]
    own = set(numbers)
    is_shared = any(name and number not in own for number, name in enumerate(names))
    behind = behind or (numbers if is_shared else [])
    return behind[-1] + 1 if behind else len(names)


def numbered(container: Mapping | Sequence) -> list[tuple[str | None, int]]:
    """Return the part of a pointer that names each entry, with its number; ``None`` for spreads."""
    if isinstance(container, Sequence):
        return [(str(number), number) for number in range(len(container.entries))]
    return [(entry.key, number) for number, entry in enumerate(container.entries)]
