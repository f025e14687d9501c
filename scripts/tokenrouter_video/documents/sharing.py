"""What else a change of a YAML node changes: the aliases that repeat it, and those that repeat an alias of it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Items

from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Alias, Mapping, Node, Sequence
from tokenrouter_video.records import dataclass

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """An alias that says something else after a change; ``parts`` are ``None`` where no pointer leads to it."""

    parts: Parts | None
    alias: Alias


def repeats_of(document: Document, changed: Items[Node]) -> list[Repeat]:
    """Return the aliases that repeat one of some nodes, directly or through further aliases, in source order.

    ``changed`` are the nodes from the root down to what is changed.
    """
    if document.format != "yaml" or "*" not in document.text:
        return []
    waiting = list(_aliases(document.root))
    found: list[Repeat] = []
    starts: list[int] = []
    while True:
        reached: list[Repeat] = []
        others: list[Repeat] = []
        for one in waiting:
            (reached if _is_reached(one.alias, changed, starts) else others).append(one)
        if not reached:
            return sorted(found, key=lambda one: one.alias.span.start)
        found += reached
        # Those that wait repeat nothing of what was found before.
        changed, starts, waiting = (), [one.alias.span.start for one in reached], others


def _is_reached(alias: Alias, changed: Items[Node], starts: list[int]) -> bool:
    target = alias.target
    if target is None:
        return False
    return any(target is node for node in changed) or any(target.span.start <= at < target.span.end for at in starts)


def _aliases(root: Node) -> Iterator[Repeat]:
    """Yield every alias that stands for a value, those below keys that have no name included."""
    stack: list[tuple[Parts | None, Node]] = [((), root)]
    while stack:
        parts, node = stack.pop()
        if isinstance(node, Alias):
            yield Repeat(parts, node)
        elif isinstance(node, Mapping | Sequence):
            for number, entry in enumerate(node.entries):
                name = entry.key if isinstance(node, Mapping) else str(number)
                stack.append((None if parts is None or name is None else (*parts, name), entry.value))
