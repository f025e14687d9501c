"""Turning an entry for one model into the value of an entry for another.

From a video entry everything is copied but what is that model's alone. From a chat entry only what is true of a video
model is: its ids, labels, provider, URL and key as they are, paths and kinds in their video form, and what every entry
of the list has alike. What is left behind is reported.
"""

from __future__ import annotations

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.tree import (
    Entry,
    Mapping,
    Node,
    Opaque,
    Scalar,
    Sequence,
    children,
    find,
)
from tokenrouter_video.documents.values import Copy, Value, entry_names, is_spread
from tokenrouter_video.records import dataclass, field
from tokenrouter_video.routing.adapted_values import DROPPED, Parts, ValueAdapter, Wanted, marked
from tokenrouter_video.routing.fields import (
    MODEL_FIELDS,
    PROVIDER_FIELDS,
    belongs_to_chat,
    fold,
    is_kind,
    is_label,
    is_one_models_alone,
    is_price,
    is_video_word,
    video_kind,
)
from tokenrouter_video.routing.model_names import (
    respell,
)
from tokenrouter_video.routing.references import MERGE_KEY
from tokenrouter_video.secret_names import is_secret_name

_OWN_CODE = "the entry to copy is code of its own model, and code is not rewritten"
# Whoever reads values by their position needs each of them.
_UNKNOWN_POSITION = "a value without a name is another model's own, and nothing says what the new one's is"


@dataclass()
class Adaptation:
    """The value of the new entry, its key in a map, and the names of the fields that were left behind."""

    value: Value = None
    key: str | None = None
    left_behind: list[str] = field(default_factory=list)


def adapt_entry(wanted: Wanted) -> Adaptation:
    """Return what the new entry says."""
    return _Adapter(wanted).adapt()


class _Adapter(ValueAdapter):
    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted)
        self.result = Adaptation()
        self.targets = 0

    def adapt(self) -> Adaptation:
        entry = self.exemplar.entry
        place = find(self.document.root, self.target.parts)
        if place is not None and isinstance(place.node, Mapping):
            self.result.key = self.new_id(entry.name, ())
        node = entry.node
        if isinstance(node, Mapping) and node.entries:
            value = self._mapping(node, entry.parts, ())
            self.result.value = self._completed(value)
        elif isinstance(node, Sequence):
            self.result.value = self._positions(node, entry.parts)
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            # Of a string of ids the node is the whole string; the entry's name is the one id.
            self.result.value = self.new_id(entry.name.lstrip("+-"), ())
        elif isinstance(node, Mapping):
            self.result.value = self._completed({})
        else:
            if isinstance(node, Opaque) and not self.relevance.is_shared(node, ()):
                raise DocumentError(_OWN_CODE, node.span.start)
            self.result.value = Copy(entry.parts)
        # Items of lists that were copied without them; members of maps are named where they are left out.
        items = [".".join(parts[len(entry.parts) :]) for parts in sorted(self.kept.others) if parts[-1].isdigit()]
        left = tuple(f"{name}." for name in self.result.left_behind)
        self.result.left_behind += [name for name in items if not name.startswith(left)]
        return self.result

    def _mapping(self, node: Mapping, parts: Parts, path: Parts) -> dict[str, Value]:
        value: dict[str, Value] = {}
        for name, entry in zip(entry_names(node), node.entries, strict=True):
            if self._is_another_providers(name, path):
                continue
            if is_spread(name):
                value[name] = Copy(())
                continue
            here, where = (*parts, name), (*path, name)
            one = self._field(name, entry, here, where)
            if one is DROPPED and node.layout == "call" and name.isdigit() and not isinstance(entry.value, Mapping):
                raise DocumentError(_UNKNOWN_POSITION, entry.span.start)
            if one is DROPPED:
                self.result.left_behind.append(".".join(where))
            else:
                value[name] = one  # type: ignore[assignment]
        return value

    def _positions(self, node: Sequence, parts: Parts) -> list[Value]:
        """Return a tuple of values, each in its place."""
        values: list[Value] = []
        for number, entry in children(node):
            one = self._field(number, entry, (*parts, number), (number,))
            if one is DROPPED:
                raise DocumentError(_UNKNOWN_POSITION, entry.span.start)
            values.append(one)  # type: ignore[arg-type]
        return values

    def _is_another_providers(self, name: str, path: Parts) -> bool:
        """Whether a part of the entry is another provider's: a model that several serve is routed to this one."""
        block = self.kept.block
        return len(block) > len(path) and block[: len(path)] == path and bool(path) and block[len(path)] != name

    def _field(self, name: str, entry: Entry, parts: Parts, path: Parts) -> object:
        value = self._adapted(name, entry, parts, path)
        words = next((words for where, words in self.rules.words if where == path), None)
        # What the consumer would refuse is left out: it has no word of its own for video.
        return DROPPED if words is not None and isinstance(value, str) and value not in words else value

    def _adapted(self, name: str, entry: Entry, parts: Parts, path: Parts) -> object:
        node = entry.value
        if parts in self.kept.others:
            return DROPPED
        if parts in self.kept.exact or name == MERGE_KEY:
            return Copy(parts)
        if self.rules.allowed and len(path) == 1 and name not in self.rules.allowed:
            return DROPPED
        if not self.exemplar.is_own and (is_secret_name(name) or _is_url(node)):
            return DROPPED
        if isinstance(node, Opaque) or (isinstance(node, Mapping) and node.layout == "scope"):
            # A name, or a function's body: it is repeated as it stands or not at all.
            if respell(node.span.of(self.document.text), self.old, self.model) is not None:
                raise DocumentError(_OWN_CODE, node.span.start)
            if isinstance(node, Opaque) and is_kind(name) and not self.exemplar.is_video:
                return self._kind_in_code(node, parts)
            return Copy(parts) if self.relevance.is_true_of_video(name, node, path) else DROPPED
        if isinstance(node, Scalar):
            if is_one_models_alone(name) and not self._is_id(path):
                # An only other name that repeats the id is what the config calls the model.
                is_id = fold(name) == "alias" and node.value in (self.exemplar.entry.name, self.sent.text)
                return self.new_id(str(node.value), self.list.id_path) if is_id else DROPPED
            return self._scalar(name, node, parts, path)
        if isinstance(node, Mapping) and node.entries:
            return self._nested(name, node, parts, path)
        if isinstance(node, Sequence) and node.entries:
            return DROPPED if is_one_models_alone(name) else self._items(name, node, parts, path)
        return Copy(parts) if self.relevance.is_true_of_video(name, node, path) else DROPPED

    def _nested(self, name: str, node: Mapping, parts: Parts, path: Parts) -> object:
        if _is_target(node) and not self.exemplar.is_video:
            # A chat model's second target is its fallback; a video model has none that is known.
            self.targets += 1
            if self.targets > 1:
                return DROPPED
        elif not self._holds_what_is_needed(parts, path):
            if is_price(name) and not (self.exemplar.is_video and self.relevance.is_shared(node, path)):
                return DROPPED
            if not self.exemplar.is_video and belongs_to_chat(name) and "modalit" not in fold(name):
                return DROPPED
        return self._mapping(node, parts, path) or DROPPED

    def _holds_what_is_needed(self, parts: Parts, path: Parts) -> bool:
        """Whether the id, a required field, or the channel's URL or key stands below."""
        needed = (self.list.id_path, *self.rules.required)
        return any(one[: len(path)] == path for one in needed) or any(
            one[: len(parts)] == parts for one in self.kept.exact
        )

    def _kind_in_code(self, node: Opaque, parts: Parts) -> Copy:
        """Return where the file says video as a kind's constant, in place of one for chat."""
        owner, dot, word = node.code.rpartition(".")
        if video_kind(word) is None:
            return Copy(parts)
        for place in self.document.places:
            said = place.node.code if isinstance(place.node, Opaque) else ""
            if said.startswith(owner + dot) and is_video_word(said[len(owner + dot) :]) and place.parts:
                return Copy(place.parts)
        raise DocumentError("nothing in this file says what the kind of a video model is called", node.span.start)

    def _is_marked(self, path: Parts, word: str | tuple[str, ...]) -> bool:
        """Whether the copied entry says video where its consumer looks for it."""
        text = self._text_of(self.exemplar.entry, path)
        return not isinstance(word, str) or (text is not None and is_video_word(text))

    def _completed(self, value: dict[str, Value]) -> dict[str, Value]:
        """Add what the consumer demands: its mark of a video model, and a name where it wants one."""
        for path, word in self.rules.video_marks:
            here = value
            for part in path[:-1]:
                below = here.get(part)
                if not isinstance(below, dict):
                    below = {}
                    here[part] = below
                here = below
            if self.exemplar.is_video and path[-1] in here and self._is_marked(path, word):
                continue
            here[path[-1]] = word if isinstance(word, str) else marked(word, self.model)
        for path in self.rules.required:
            if len(path) == 1 and is_label(path[0]) and not any(is_label(name) for name in value if name != MERGE_KEY):
                value[path[0]] = self.model.label
        return value


def _is_url(node: Node) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, str) and "://" in node.value


def _is_target(node: Mapping) -> bool:
    """Whether a part of an entry says which provider serves the model, and under which id."""
    names = {fold(name) for name, _ in children(node)}
    return not names.isdisjoint(PROVIDER_FIELDS) and not names.isdisjoint(MODEL_FIELDS)
