"""What is wrong with an entry that exists: measured against the file's own video entries, and mended only there."""

from __future__ import annotations

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.channels import Channel
from tokenrouter_video.consumer_rules import INPUTS, Rules
from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.tree import Mapping, Scalar, Sequence, find, scalar_at, text_at, to_pointer
from tokenrouter_video.documents.values import Value
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.adapt import adapt_entry
from tokenrouter_video.routing.adapted_values import Kept, Wanted
from tokenrouter_video.routing.counting import is_one_entrys_alone
from tokenrouter_video.routing.exemplar import Exemplar, is_wired_video
from tokenrouter_video.routing.fields import (
    is_kind,
    is_one_models_alone,
    is_price,
    is_video_word,
    video_kind,
    video_path,
)
from tokenrouter_video.routing.model_lists import RouteEntry, RouteList
from tokenrouter_video.routing.model_names import read_model_name
from tokenrouter_video.routing.neighbours import others_of

Parts = tuple[str, ...]

# What one neighbour has may be its own affair; what two have is the file's habit.
_HABIT = 2


@dataclass(frozen=True, slots=True)
class Repair:
    """One field to mend: a scalar's new ``value``, or a missing member, ``like`` a neighbour's where one has it."""

    parts: Parts
    value: Value
    position: int | None = None
    like: str = ""
    is_missing: bool = False

    @property
    def pointer(self) -> str:
        """The pointer of the field."""
        return to_pointer(self.parts)


def find_repairs(
    channel: Channel, route_list: RouteList, entry: RouteEntry, model: VideoModel, rules: Rules
) -> tuple[Repair, ...]:
    """Return what has to change in an existing entry so that it is wired as the file's other video entries are."""
    if not isinstance(entry.node, Mapping):
        return ()
    peers = [
        one
        for one in route_list.entries
        if one is not entry and isinstance(one.node, Mapping) and is_wired_video(one, route_list)
    ]
    repairs = list(_wrong_marks(entry, rules))
    if peers:
        peer = next((p for p in reversed(peers) if read_model_name(p.name).family == model.family), peers[-1])
        exemplar = Exemplar(peer, route_list, True, read_model_name(peer.name).family == model.family, "")
        document = route_list.document_in(channel.document)
        kept = Kept(frozenset(), others=others_of(channel, exemplar))
        try:
            adapted = adapt_entry(Wanted(document, exemplar, route_list, model, rules, kept)).value
        except DocumentError:
            # A neighbour in code of its own model says nothing of others.
            return tuple(repairs)
        if isinstance(adapted, dict) and isinstance(peer.node, Mapping):
            comparison = _Comparison(peers, peer, repairs)
            comparison.compare(entry.node, entry.parts, adapted, ())
    return tuple(repairs)


def _wrong_marks(entry: RouteEntry, rules: Rules) -> list[Repair]:
    """Return the consumer's own mark of a video model where the entry has another kind there.

    A consumer that calls video APIs goes by the mark: without it the model is one for chat.
    """
    repairs: list[Repair] = []
    for path, word in rules.video_marks:
        place = find(entry.node, path)
        node, parts = place.node if place is not None else None, (*entry.parts, *path)
        wanted = word if isinstance(word, str) else word[0]
        if isinstance(node, Sequence) and len(node.entries) == 1:
            node, parts = node.entries[0].value, (*parts, "0")
        if isinstance(node, Scalar) and node.value != wanted and word != INPUTS:
            repairs.append(Repair(parts, wanted))
        elif place is None and rules.has_video and isinstance(word, str) and isinstance(entry.node, Mapping):
            repairs.append(_missing_mark(entry, path, word))
    return repairs


def _missing_mark(entry: RouteEntry, path: Parts, word: str) -> Repair:
    """Return the repair that inserts a mark, with the map around it where that is missing as well."""
    value: Value = word
    while len(path) > 1 and find(entry.node, path[:-1]) is None:
        value, path = {path[-1]: value}, path[:-1]
    return Repair((*entry.parts, *path), value, is_missing=True)


class _Comparison:
    def __init__(self, peers: list[RouteEntry], peer: RouteEntry, repairs: list[Repair]) -> None:
        self.peers = peers
        self.peer = peer
        self.repairs = repairs

    def compare(self, node: Mapping, parts: Parts, adapted: dict[str, Value], path: Parts) -> None:
        """Compare an entry with what it would be if it were made after its neighbour."""
        mended = {repair.parts for repair in self.repairs}
        names = list(adapted)
        keys = [entry.key for entry in node.entries]
        for number, (name, wanted) in enumerate(adapted.items()):
            here, where = (*parts, name), (*path, name)
            own = node.get(name)
            if own is None:
                if self._belongs_there(where):
                    position = _position(keys, names[:number])
                    keys.insert(position, name)
                    like = to_pointer((*self.peer.parts, *where))
                    self.repairs.append(Repair(here, wanted, position, like, is_missing=True))
            elif isinstance(own, Mapping) and isinstance(wanted, dict):
                self.compare(own, here, wanted, where)
            elif here not in mended and isinstance(own, Scalar) and isinstance(own.value, str):
                peers = {text_at(peer.node, where) for peer in self.peers}
                word = next(iter(peers)) if len(peers) == 1 else None
                is_wrong = word is not None and is_video_word(word) and _is_not_video(name, own.value)
                if word is not None and is_wrong:
                    self.repairs.append(Repair(here, word))

    def _belongs_there(self, path: Parts) -> bool:
        """Whether all neighbours have the field, and enough of them, or it is what wires them to video."""
        if is_price(path[-1]) or is_one_models_alone(path[-1]):
            return False
        if is_one_entrys_alone(path[-1], [scalar_at(peer.node, path) for peer in self.peers]):
            return False
        places = [find(peer.node, path) for peer in self.peers]
        if any(place is None for place in places):
            return False
        if len(self.peers) >= _HABIT:
            return True
        text = text_at(self.peer.node, path)
        return text is not None and is_video_word(text) and (is_kind(path[-1]) or "/" in text)


def _position(keys: list[str | None], before: list[str]) -> int:
    """Return the number behind the nearest field that comes before it in the neighbour, else the last."""
    return next((keys.index(name) + 1 for name in reversed(before) if name in keys), len(keys))


def _is_not_video(name: str, value: str) -> bool:
    """Whether a value wires an entry to another path or kind."""
    if is_video_word(value):
        return False
    return video_path(value) is not None or (is_kind(name) and video_kind(value) is not None)
