"""Values to be put into a document, and the plain data by which trees and readings are compared."""

from __future__ import annotations

from tokenrouter_video.documents.formats import Reading
from tokenrouter_video.documents.tree import Alias, Mapping, Node, Opaque, Scalar, ScalarValue, Sequence, find
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Copy:
    """A node of the same document that is repeated as it stands: an alias, a reference, an expression, a literal.

    Empty ``parts`` as the value of a spread mean the spread itself.
    """

    parts: tuple[str, ...]


Value: TypeAlias = "ScalarValue | Copy | dict[str, Value] | list[Value]"

# ("map", ((key, data), ...)), ("seq", kind, (data, ...)), ("scalar", kind, value), ("alias", name), ("code", text)
Data: TypeAlias = "tuple[Any, ...]"


def entry_names(node: Mapping) -> list[str]:
    """Return a name for each entry: its key, or for a spread, which has none, a text that no key can be."""
    names: list[str] = []
    spreads = 0
    for entry in node.entries:
        names.append(entry.key if entry.key is not None else f"\0{spreads}")
        spreads += entry.key is None
    return names


def is_spread(name: str) -> bool:
    """Whether a name of :func:`entry_names` stands for a spread."""
    return name.startswith("\0")


def scalar_kind(value: ScalarValue) -> str:
    """Return the kind of scalar that a Python value becomes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "float" if isinstance(value, float) else "string"


def node_data(node: Node) -> Data:
    """Return what a node says, without where it says it; aliases are compared by name and never expanded."""
    match node:
        case Scalar():
            value = "nan" if isinstance(node.value, float) and node.value != node.value else node.value
            return ("scalar", node.kind, value)
        case Alias():
            return ("alias", node.name)
        case Opaque():
            return ("code", node.code)
        case Mapping():
            pairs = zip(entry_names(node), node.entries, strict=True)
            return ("map", node.callee, tuple((name, node_data(entry.value)) for name, entry in pairs))
        case Sequence():
            return ("seq", node.callee, node.kind, tuple(node_data(entry.value) for entry in node.entries))


def value_matches(value: Value, data: Data, root: Node) -> bool:
    """Whether data that was read back is the value that was meant; copies are looked up in ``root``."""
    match value:
        case Copy():
            place = find(root, value.parts)
            return place is not None and node_data(place.node) == data
        case dict():
            pairs = data[2] if data[0] == "map" else None
            return (
                isinstance(pairs, tuple)
                and sorted(key for key, _ in pairs) == sorted(value)
                and all(is_spread(key) or value_matches(value[key], item, root) for key, item in pairs)
            )
        case list():
            items = data[3] if data[0] == "seq" else None
            return (
                isinstance(items, tuple)
                and len(items) == len(value)
                and all(value_matches(one, item, root) for one, item in zip(value, items, strict=True))
            )
        case _:
            return data == ("scalar", scalar_kind(value), value)


_READING_TYPES = {"null": "null", "boolean": "bool", "integer": "int", "float": "float", "string": "str"}


def value_matches_reading(value: Value, reading: Reading, root: Reading) -> bool:
    """Whether what a second reader read is the value that was meant; copies are looked up in its own old reading."""
    match value:
        case Copy():
            return reading_at(root, value.parts) == reading
        case dict():
            return (
                isinstance(reading, dict)
                and set(reading) == set(value)
                and all(is_spread(key) or value_matches_reading(value[key], reading[key], root) for key in value)
            )
        case list():
            return (
                isinstance(reading, list)
                and len(reading) == len(value)
                and all(value_matches_reading(one, item, root) for one, item in zip(value, reading, strict=True))
            )
        case _:
            if not isinstance(reading, tuple) or reading[0] != _READING_TYPES[scalar_kind(value)]:
                return False
            return reading[1] == value if isinstance(value, str) else _same_number(value, reading[1])


def _same_number(value: ScalarValue, text: str) -> bool:
    if value is None:
        return True
    if isinstance(value, bool):
        return text.lower() == str(value).lower()
    try:
        return float(text) == value if isinstance(value, float) else int(text) == value
    except ValueError:
        return False


def reading_at(reading: Reading, parts: tuple[str, ...]) -> Reading | None:
    """Return what a second reading holds at the end of ``parts``, or ``None``."""
    here: Reading | None = reading
    for part in parts:
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, list) and part.isdigit() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
    return here
