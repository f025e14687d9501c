"""What one value of an entry becomes for another model: a scalar, or a list of strings.

Ids and labels are respelled, numbers go on, kinds and paths get their video form; what stays is judged by
:class:`~tokenrouter_video.routing.relevance.Relevance`.
"""

from __future__ import annotations

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.consumer_rules import INPUTS, Rules
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import (
    Mapping,
    Node,
    Scalar,
    ScalarValue,
    Sequence,
    children,
    find,
    scalar_at,
    text_at,
)
from tokenrouter_video.documents.values import Copy, Value
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.counting import is_one_entrys_alone, last_number, next_number
from tokenrouter_video.routing.exemplar import Exemplar, is_video_entry
from tokenrouter_video.routing.fields import (
    CREDENTIAL_FIELDS,
    MODEL_FIELDS,
    PROTOCOL_FIELDS,
    PROVIDER_FIELDS,
    belongs_to_chat,
    counter_kind,
    fold,
    is_kind,
    is_label,
    is_page,
    is_video_word,
    video_kind,
    video_path,
)
from tokenrouter_video.routing.model_lists import RouteEntry, RouteList, sent_ids
from tokenrouter_video.routing.model_names import (
    ModelName,
    is_vendor_prefix,
    looks_like_id,
    read_model_name,
    respell,
)
from tokenrouter_video.routing.naming import Naming
from tokenrouter_video.routing.relevance import Relevance

Parts = tuple[str, ...]

# Stands for a value that is left behind.
DROPPED = object()
# Parts of an entry that say something of the entry itself. A number below others is no place in the list: under
# litellm_params `order` is a tier among the entries of one name (https://docs.litellm.ai/docs/routing).
_ABOUT_THE_ENTRY = frozenset({"ui", "display", "view", "meta", "metadata", "info", "modelinfo"})


@dataclass(frozen=True, slots=True)
class Kept:
    """What belongs to the channel and not to a model.

    ``exact`` are the pointers of its URLs and key, repeated as configured; ``provider`` is its name; ``block`` leads
    from an entry to the part of it that is the channel's, where a model's entry lists several providers. ``renamed`` is
    another provider's name and what the channel's is called in its place, where that one's entry is copied. ``others``
    are the parts of the entry that are further providers', of which nobody knows whether they have the new model.
    """

    exact: frozenset[Parts]
    provider: str | None = None
    block: Parts = ()
    renamed: tuple[str, str] | None = None
    others: frozenset[Parts] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted: an entry for ``model`` in ``target`` after the exemplar's pattern and the consumer's rules.

    ``lists`` are the channel's other lists: a single entry says less of the channel's habits than all together do.
    """

    document: Document
    exemplar: Exemplar
    target: RouteList
    model: VideoModel
    rules: Rules
    kept: Kept
    lists: tuple[RouteList, ...] = ()


class ValueAdapter:
    """Adapts the values of the exemplar; paths lead from the entry to a value, parts from the document's root."""

    def __init__(self, wanted: Wanted) -> None:
        self.document = wanted.document
        self.exemplar = exemplar = wanted.exemplar
        self.target = wanted.target
        self.model = wanted.model
        self.rules = wanted.rules
        self.kept = wanted.kept
        self.lists = wanted.lists
        self.old: ModelName = read_model_name(exemplar.entry.name)
        # Where the entry's name is one of the user's own, other fields repeat the id that it sends.
        sent = next(sent_ids(exemplar.entry, self.rules), exemplar.entry.name)
        self.sent: ModelName = read_model_name(sent)
        self.relevance = Relevance(exemplar, wanted.rules, self.old)
        self.list = exemplar.route_list
        self.naming = Naming(self.model, self.rules, self.kept.provider)

    def new_id(self, text: str, path: Parts) -> str:
        """Return the new model's id with the prefix and suffix that belong to the list and not to the old model."""
        entries = self.list.entries
        if len(entries) < 2:
            entries = (*entries, *(entry for one in self.lists for entry in one.entries if one is not self.list))
        texts = (self._text_of(entry, path) for entry in entries)
        return self.naming.new_id(text, path, [text for text in texts if text is not None])

    def _text_of(self, entry: RouteEntry, path: Parts) -> str | None:
        return text_at(entry.node, path) if path else entry.name

    def _is_id(self, path: Parts) -> bool:
        return path == self.list.id_path

    def _scalar(self, name: str, node: Scalar, parts: Parts, path: Parts) -> object:
        if isinstance(node.value, str):
            is_sent = path == self.rules.id_field or any(where == path for where, _ in self.rules.id_prefixes)
            if self._is_id(path) or is_sent:
                return self.new_id(node.value, path)
            names_provider = fold(name) in PROVIDER_FIELDS | CREDENTIAL_FIELDS
            if names_provider and self.kept.renamed is not None and node.value == self.kept.renamed[0]:
                return self.kept.renamed[1]
        number = self._next_number(name, node, path)
        if number is not None:
            return number
        if self._may_count(name, path) and is_one_entrys_alone(name, self._in_all_entries(path)):
            return Copy(parts) if path in self.rules.required else DROPPED
        if isinstance(node.value, str) and node.kind == "string":
            text = self._string(name, node, parts, path)
            return self._counted(text, node.value, path)
        return Copy(parts) if self.relevance.is_true_of_video(name, node, path) else DROPPED

    def _counted(self, text: object, old: str, path: Parts) -> object:
        """Return a text with the next number at its end where those of all entries end in 0, 1, 2... or 1, 2, 3..."""
        counted = last_number(self._in_all_entries(path))
        if counted is None:
            return text
        end = old[len(old.rstrip("0123456789")) :]
        if counted.stem is not None:
            return counted.stem + str(counted.number + 1)
        if not isinstance(text, str) or not text.endswith(end):
            return text
        return text[: -len(end)] + str(counted.number + 1)

    def _string(self, name: str, node: Scalar, parts: Parts, path: Parts) -> object:
        text = str(node.value)
        if text == self.old.text:
            return self.new_id(text, self.list.id_path)
        if text == self.sent.text and self.rules.id_prefixes:
            return self.new_id(text, self.rules.id_prefixes[0][0])
        is_url = "://" in text
        says_model = respell(text, self.old, self.model) is not None
        if is_url and is_page(name) and (says_model or not self.relevance.is_shared(node, path)):
            return DROPPED
        front = text.removesuffix(self.exemplar.entry.name)
        if fold(name) in PROVIDER_FIELDS and front != text and front.endswith(("/", ":")):
            # "tr/glm-5" in a field about the provider, where the id is "glm-5".
            return front + self.new_id(self.exemplar.entry.name, self.list.id_path)
        if not is_url and looks_like_id(text) and (self._says_old_id(text, name) or fold(name) in MODEL_FIELDS):
            return self.new_id(text, path)
        respelled = self._relabelled(text) or respell(text, self.old, self.model)
        if is_label(name):
            if self._is_providers_name(path):
                return Copy(parts)
            return self._without_maker(respelled) if respelled and self.old.model else self._label(path)
        if respelled is not None and not (not self.exemplar.is_video and belongs_to_chat(name)):
            return respelled
        if not self.exemplar.is_video:
            word = self._video_word(path) if is_kind(name) else None
            word = word or (video_kind(text) if is_kind(name) else None) or video_path(text)
            if word is not None:
                return word
            if fold(name) in PROTOCOL_FIELDS and any(parts[:-1] == one[:-1] for one in self.kept.exact):
                # Beside the URL a word that is no model's kind says how the provider is talked to.
                return Copy(parts)
        return Copy(parts) if self.relevance.is_true_of_video(name, node, path) else DROPPED

    def _without_maker(self, label: str) -> str:
        """Return a label without the name of the old model's maker in front, where the new one has another."""
        maker, colon, rest = label.partition(": ")
        is_another = self.old.family != self.model.family and is_vendor_prefix(maker)
        return rest if colon and is_another else label

    def _relabelled(self, text: str) -> str | None:
        """Return a text that repeats the entry's label with dashes for its blanks, with the new label in its place."""
        node = self.exemplar.entry.node
        for name, one in children(node) if isinstance(node, Mapping) else ():
            if not isinstance(one.value, Scalar) or not isinstance(one.value.value, str) or not is_label(name):
                continue
            old = one.value.value
            if " " in old and old != text and old.replace(" ", "-") in text:
                new = self._scalar(name, one.value, (), (name,))
                return text.replace(old.replace(" ", "-"), str(new).replace(" ", "-"))
        return None

    def _says_old_id(self, text: str, name: str) -> bool:
        """Whether a text is the old model's id; a label may be the same word in capitals."""
        said = read_model_name(text)
        if said.model is not None and said.model is self.sent.model:
            return True
        if text == self.sent.text and not is_label(name):
            return True
        if self.old.model is not None:
            return said.model is self.old.model
        return said.core == self.old.core if is_label(name) else said.core.lower() == self.old.core.lower()

    def _is_providers_name(self, path: Parts) -> bool:
        """Whether what looks like a label names the provider: it does where models that differ all have it alike."""
        texts = {self._text_of(entry, path) for entry in self.list.entries}
        if self.list.shape == "flat" and path == self.rules.provider_field:
            # Where each model has another, it is made of the model's name.
            return len(texts) == 1 or len(texts) < len(self.list.entries)
        return len(texts) == 1 and len({entry.name for entry in self.list.entries}) > 1

    def _label(self, path: Parts) -> str:
        return self.naming.label(
            [text for entry in self.list.entries if (text := self._text_of(entry, path)) is not None]
        )

    def _video_word(self, path: Parts) -> str | None:
        """Return what other video entries of the file say in the same field."""
        for entry in self.list.entries:
            text = self._text_of(entry, path)
            if text is not None and is_video_word(text) and is_video_entry(entry, self.list):
                return text
        return None

    def _items(self, name: str, node: Sequence, parts: Parts, path: Parts) -> object:
        texts = [entry.value.value for entry in node.entries if isinstance(entry.value, Scalar)]
        strings = [text for text in texts if isinstance(text, str)]
        if len(self.kept.block) > 1 and len(path) == 1 and self.kept.block[-1] in strings:
            return [self.kept.block[-1]]
        if len(strings) != len(node.entries):
            kept = [Copy((*parts, number)) for number, _ in children(node) if (*parts, number) not in self.kept.others]
            if len(kept) < len(node.entries):
                return [*kept] or DROPPED
            return Copy(parts) if self.relevance.is_true_of_video(name, node, path) else DROPPED
        folded = fold(name)
        if not self.exemplar.is_video:
            if "output" in folded and {"text", "image", "audio"} & set(strings):
                return ["video"]
            if folded.startswith("input") and "text" in strings:
                return self._inputs(strings, path)
            words = [video_path(text) or (video_kind(text) if is_kind(name.rstrip("s")) else None) for text in strings]
            if any(words):
                return list(dict.fromkeys(word for word in words if word))
        elif folded.startswith("input") and "text" in strings and not self.exemplar.is_family:
            return self._inputs(strings, path)
        elif any(respell(text, self.old, self.model) for text in strings):
            return [respell(text, self.old, self.model) or text for text in strings]
        return Copy(parts) if self.relevance.is_true_of_video(name, node, path) else DROPPED

    def _inputs(self, strings: list[str], path: Parts) -> list[Value]:
        """Return what the model takes, in words that the list uses: a consumer may refuse others."""
        wanted = [str(word) for word in marked(INPUTS, self.model)]
        kept = [text for text in strings if text in wanted]
        known = {word for entry in self.list.entries for word in _strings_at(entry.node, path)}
        return [*kept, *(word for word in wanted if word in known and word not in kept)]

    def _next_number(self, name: str, node: Scalar, path: Parts) -> int | str | None:
        """Return the next number where the list counts its entries, other providers' included."""
        number = None
        if self._may_count(name, path):
            number = next_number(name, self._in_all_entries(path), self._in_other_lists(path))
        if number is None or not isinstance(node.value, str):
            return number
        return str(number).zfill(len(node.value) if node.value.startswith("0") else 0)

    def _may_count(self, name: str, path: Parts) -> bool:
        """Whether a field may hold a number that the list gives its entries."""
        is_entrys = len(path) == 1 or (len(path) == 2 and fold(path[0]) in _ABOUT_THE_ENTRY)
        return is_entrys and counter_kind(name) is not None

    def _in_other_lists(self, path: Parts) -> list[ScalarValue]:
        """Return what the entries of the channel's other lists, and of the file's lists of the same name, say."""
        here, own = self.list.parts, {one.parts for one in self.lists}
        nodes = [
            place.node
            for place in self.document.places
            if place.parts != here
            and (place.parts in own or (here and len(place.parts) == len(here) and place.parts[-1] == here[-1]))
        ]
        return [
            value
            for node in nodes
            for _, entry in children(node)
            if (value := scalar_at(entry.value, path)) is not None
        ]

    def _in_all_entries(self, path: Parts) -> list[ScalarValue]:
        """Return what every entry of the list says in a field, be it another provider's."""
        holder = find(self.document.root, self.list.parts)
        entries = holder.node.entries if holder is not None and isinstance(holder.node, Mapping | Sequence) else ()
        return [scalar_at(entry.value, path) for entry in entries]


def marked(word: tuple[str, ...], model: VideoModel) -> list[Value]:
    """Return the list that marks a video model."""
    if word == INPUTS:
        return ["text", "image"] if model.image_field else ["text"]
    return list(word)


def _strings_at(node: Node, path: Parts) -> list[str]:
    place = find(node, path)
    items = place.node.entries if place is not None and isinstance(place.node, Sequence) else ()
    return [item.value.value for item in items if isinstance(item.value, Scalar) and isinstance(item.value.value, str)]
