"""What a list of models is: its entries, their ids, and where in an entry the id stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tokenrouter_video.channels import OtherFile
from tokenrouter_video.consumer_rules import Rules
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.embedded import Embedded, json_in
from tokenrouter_video.documents.tree import (
    Container,
    Mapping,
    Node,
    Scalar,
    Sequence,
    children,
    text_at,
    to_pointer,
    walk,
)
from tokenrouter_video.records import dataclass, replace
from tokenrouter_video.routing.counting import last_number
from tokenrouter_video.routing.fields import ID_FIELDS, MODEL_FIELDS, fold, list_class
from tokenrouter_video.routing.model_names import looks_like_id, read_model_name

Parts = tuple[str, ...]

# A string under a name in the singular is one model, not a list of one.
_PLURALS = ("models", "modelids", "modelnames", "modellist", "routes")
# What a map of these holds are providers and not models.
PROVIDER_GROUPS = frozenset({"providers", "provider", "channels", "endpoints", "backends", "upstreams"})
# Where an entry keeps its id when that does not stand in the entry itself.
_ID_HOLDERS = frozenset({"litellmparams", "model", "config", "params"})
# In a list of ids this one stands for all of them.
_EVERY = ("*",)
# A call without keywords names its model first: Model("kling-v3", fps=24).
FIRST_ARGUMENT = "0"


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """One model of a list: where it stands, and the id under which the consumer knows it.

    ``globs`` are the patterns of ids that the entry stands for where it is not one model's; ``name`` is then the
    pattern as the file has it. ``taken`` are ids of the catalog that fit them and are another entry's all the same.
    """

    parts: Parts
    name: str
    node: Node
    globs: tuple[str, ...] = ()
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RouteList:
    """A list of models.

    ``shape`` is as the contract names it. ``entries`` are the channel's own. ``id_path`` leads from an entry to its id,
    empty where the entry or its key is the id. ``purpose`` is ``video``, ``general`` or ``chat``. ``refusal`` says why
    the list must not be edited, empty where it may, and ``way_out`` what to do instead. ``home`` is the file that the
    list stands in where that is not the channel's. ``shared`` are the places of the aliases that repeat the list,
    ``gaining`` those of other channels and places that get a new model as well.
    """

    shape: str
    parts: Parts
    purpose: str
    entries: tuple[RouteEntry, ...]
    id_path: Parts = ()
    separator: str = ","
    refusal: str = ""
    inside: Embedded | None = None
    way_out: str = ""
    home: OtherFile | None = None
    shared: tuple[Parts, ...] = ()
    gaining: tuple[Parts, ...] = ()

    @property
    def place(self) -> Parts:
        """Where the list stands in the channel's document; of a list inside a string where the string does."""
        return self.inside.parts if self.inside is not None else self.parts

    def document_in(self, outer: Document) -> Document:
        """Return the document that the list's pointers lead through: ``outer``, the channel's, or a string's in it."""
        return self.inside.document if self.inside is not None else outer

    @property
    def pointer(self) -> str:
        """The JSON Pointer of :attr:`place`."""
        return to_pointer(self.place)

    @property
    def models(self) -> tuple[str, ...]:
        """The ids of the channel's own entries."""
        return tuple(entry.name for entry in self.entries)


def read_list(document: Document, node: Node, parts: Parts, purpose: str, id_field: Parts = ()) -> RouteList | None:
    """Return the list of models that a node of a document is, ``None`` if it is none.

    ``id_field`` is where the consumer is known to keep an entry's id.
    """
    if isinstance(node, Sequence):
        return _read_sequence(document.root, node, parts, purpose, id_field)
    if isinstance(node, Mapping):
        return _read_map(node, parts, purpose)
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    inside = json_in(document, parts, node)
    if inside is not None:
        inner = read_list(inside.document, inside.document.root, (), purpose, id_field)
        return replace(inner, inside=inside) if inner is not None else None
    return _read_delimited(node, parts, purpose) if fold(parts[-1]).endswith(_PLURALS) else None


def _read_sequence(root: Node, node: Sequence, parts: Parts, purpose: str, id_field: Parts) -> RouteList | None:
    if not node.entries:
        return RouteList(_shape_of_namesake(root, parts) or "objects", parts, purpose, ())
    entries, id_path = sequence_entries(node, parts, id_field)
    if not entries:
        return None
    forms = [type(entry.node) for entry in entries]
    is_strings = not id_path or 2 * forms.count(Scalar) > len(forms)
    return RouteList("strings" if is_strings else _objects_shape(node), parts, purpose, entries, id_path)


def _read_map(node: Mapping, parts: Parts, purpose: str) -> RouteList | None:
    if node.layout in ("scope", "call"):
        return None
    named = [(name, entry.value) for name, entry in children(node)]
    if any(isinstance(value, Sequence) for _, value in named):
        return None
    if any(fold(name) in PROVIDER_GROUPS for name, _ in named):
        return None
    if not all(looks_like_id(name) for name, _ in named):
        return None
    if any(list_class(name) == "video" and isinstance(value, Mapping) for name, value in named):
        return None
    models = [(name, value) for name, value in named if not _is_setting(name, value)]
    if len(models) < len(named):
        if any(isinstance(value, Mapping) for _, value in models):
            named = models
        elif not models or any(isinstance(value, Scalar) and value.kind == "string" for _, value in models):
            return None
    shape = "tables" if any(isinstance(value, Mapping) and value.header for _, value in named) else "map"
    entries = tuple(RouteEntry((*parts, name), name, value) for name, value in named)
    return RouteList(shape, parts, purpose, entries)


def _is_setting(name: str, value: Node) -> bool:
    """Whether a member is a switch or limit of the list and no model: a plain word with a number or truth value."""
    return name.isalpha() and isinstance(value, Scalar) and value.kind in ("boolean", "integer", "float")


def _read_delimited(node: Scalar, parts: Parts, purpose: str) -> RouteList | None:
    """Return the list that a string of ids separated by commas or semicolons is."""
    text = str(node.value)
    separator = ";" if ";" in text else ","
    names = [name.strip() for name in text.split(separator)]
    if not text.strip() or not all(looks_like_id(name.lstrip("+-").partition("=")[0]) for name in names if name):
        return None
    entries = tuple(RouteEntry(parts, name, node) for name in names if name)
    return RouteList("delimited", parts, purpose, entries, separator=separator)


def _shape_of_namesake(root: Node, parts: Parts) -> str | None:
    for place in walk(root):
        if place.parts and parts and place.parts[-1] == parts[-1] and isinstance(place.node, Sequence):
            kinds = {type(entry.value) for entry in place.node.entries}
            if kinds == {Scalar}:
                return "strings"
            if Mapping in kinds:
                return "objects"
    return None


def _objects_shape(node: Sequence) -> str:
    if node.layout == "tables":
        return "tables"
    is_calls = any(isinstance(entry.value, Mapping) and entry.value.layout == "call" for entry in node.entries)
    return "call" if is_calls else "objects"


def sequence_entries(node: Sequence, parts: Parts, id_field: Parts = ()) -> tuple[tuple[RouteEntry, ...], Parts]:
    """Return a list's entries that carry an id, and the path of the id in them, empty where strings are the ids.

    Strings may stand beside objects; objects without a common id field make it no list of models.
    """
    mappings = [entry.value for entry in node.entries if isinstance(entry.value, Mapping | Sequence)]
    if fold(parts[-1] if parts else "") == "routes" and any(map(is_http_route, mappings)):
        return (), ()
    strings = [entry for entry in node.entries if isinstance(entry.value, Scalar) and entry.value.kind == "string"]
    id_path = id_path_of(mappings, id_field)
    if mappings and not id_path and len(mappings) >= len(strings):
        return (), ()
    found = tuple(
        RouteEntry((*parts, str(number)), name, entry.value, _EVERY if name in _EVERY else ())
        for number, entry in enumerate(node.entries)
        if (name := entry_id(entry.value, id_path)) is not None
    )
    return found, id_path


def is_http_route(node: Container) -> bool:
    """Whether an entry of a list of routes says which requests it is for by paths and the like, not by model (Kong)."""
    return isinstance(node, Mapping) and any(
        isinstance(node.get(name), Sequence) for name in ("paths", "hosts", "methods", "protocols")
    )


def container_names(node: Container, id_path: Parts) -> list[str]:
    """Return the id of every entry of a list or map, empty for what has none; other channels' entries included."""
    if isinstance(node, Mapping):
        return [entry.key or "" for entry in node.entries]
    return [entry_id(entry.value, id_path) or "" for entry in node.entries]


def id_path_of(entries: Iterable[Mapping | Sequence], id_field: Parts = ()) -> Parts:
    """Return the path of the field that most entries carry their id in, the most telling name first.

    ``id_field`` is taken where an entry has it.
    """
    entries = list(entries)
    if id_field and any(text_at(entry, id_field) for entry in entries):
        return id_field
    best: tuple[int, int] | None = None
    chosen: Parts = ()
    paths = dict.fromkeys(path for entry in entries for path in _string_paths(entry))
    for path in paths:
        rank_of_name = _rank(path)
        if rank_of_name is None:
            continue
        values = [value for entry in entries if (value := text_at(entry, path)) is not None]
        ids = {value for value in values if looks_like_id(value)}
        if not ids:
            continue
        counted = last_number(values)
        if counted is not None and counted.stem is not None:
            # "m-1", "m-2", "m-3" are the list's own numbers; the ids of its models stand in another field.
            ids = set()
        known = sum(read_model_name(value).is_video for value in ids)
        rank = (-len(ids) - known, rank_of_name)
        if best is None or rank < best:
            best, chosen = rank, path
    return chosen


def _rank(path: Parts) -> int | None:
    """Return how telling a field's name is for an id, the smaller the more; ``None`` for a name that says nothing."""
    folded = fold(path[-1])
    if folded == FIRST_ARGUMENT:
        return len(ID_FIELDS)
    return ID_FIELDS.index(folded) + 2 * len(ID_FIELDS) * (len(path) - 1) if folded in ID_FIELDS else None


def _string_paths(entry: Mapping | Sequence) -> Iterator[Parts]:
    for name, one in children(entry):
        if name == FIRST_ARGUMENT and isinstance(entry, Mapping) and entry.layout != "call":
            continue
        if isinstance(one.value, Scalar) and one.value.kind == "string":
            yield (name,)
        elif isinstance(one.value, Mapping) and fold(name) in _ID_HOLDERS:
            for inner, below in children(one.value):
                if isinstance(below.value, Scalar) and below.value.kind == "string":
                    yield (name, inner)


def entry_id(node: Node, id_path: Parts) -> str | None:
    """Return the id of an entry: the string that it is, or what stands at ``id_path``."""
    if isinstance(node, Scalar):
        return node.value if isinstance(node.value, str) else None
    return text_at(node, id_path) if id_path else None


def sent_ids(entry: RouteEntry, rules: Rules) -> Iterator[str]:
    """Yield the ids under which an entry calls its model: by its consumer's rules, or in a field of that name."""
    paths = [path for path, _ in rules.id_prefixes]
    paths += [rules.id_field] if rules.id_field else []
    if isinstance(entry.node, Mapping):
        paths += [(name,) for name, _ in children(entry.node) if fold(name) in MODEL_FIELDS]
    for path in paths:
        text = text_at(entry.node, path)
        if text is not None:
            yield text
