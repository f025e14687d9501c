"""What in a file makes its consumer pass over it or over its models, whatever a route adds: found to be warned of."""

from __future__ import annotations

from collections.abc import Iterator

from tokenrouter_video.channels import Channel
from tokenrouter_video.consumer_rules import Rules, Trap
from tokenrouter_video.consumers import CONSUMERS
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Mapping, Node, Scalar, Sequence, children, walk
from tokenrouter_video.documents.trivia import strip_comments

_PROJECT_ENV = "{env:"


def trap_warnings(channel: Channel, rules: Rules) -> list[str]:
    """Return a warning for each trap that the channel's file holds: what the consumer does, and the line."""
    return [
        f"line {channel.document.line(offset)}: {trap.effect}"
        for trap in rules.traps
        if (offset := _first_offset(trap, channel)) is not None
    ]


def _first_offset(trap: Trap, channel: Channel) -> int | None:
    document = channel.document
    match trap.sign:
        case "trailing-comma":
            return next(_trailing_commas(document), None)
        case "no-json":
            return None if document.format == "json" else next(_trailing_commas(document), 0)
        case "env-in-project":
            return None if _is_at_home(channel) else _first_mention(document.root, _PROJECT_ENV)
        case _:
            path, _, value = trap.sign.partition("=")
            return next(_keys_at(document.root, tuple(path.split(".")), value), None)


def _trailing_commas(document: Document) -> Iterator[int]:
    """Yield the end of each last item of a bracketed list or object that has a comma behind it."""
    if document.format not in ("jsonc", "json5"):
        return
    for place in document.places:
        node = place.node
        if isinstance(node, Mapping | Sequence) and node.layout == "flow" and node.entries:
            end = node.entries[-1].span.end
            gap = document.text[end : node.body.end]
            if "," in gap and "," in strip_comments(gap, document.format):
                yield end


def _is_at_home(channel: Channel) -> bool:
    """Whether the file stands where the consumer keeps its own in the home directory."""
    consumer = CONSUMERS.get(channel.consumer or "")
    parts = channel.path.absolute().parts
    folders = [tuple(name.split("/")[1:-1]) for name in consumer.home] if consumer is not None else []
    return any(folder and parts[-1 - len(folder) : -1] == folder for folder in folders)


def _first_mention(root: Node, text: str) -> int | None:
    found = (place.node for place in walk(root) if isinstance(place.node, Scalar))
    return next((node.span.start for node in found if isinstance(node.value, str) and text in node.value), None)


def _keys_at(node: Node, path: tuple[str, ...], value: str) -> Iterator[int]:
    """Yield where a key path leads to, ``*`` standing for any key, of these values only where one is given."""
    if not path:
        if not value or (isinstance(node, Scalar) and node.value == value):
            yield node.span.start
    elif isinstance(node, Mapping):
        for name, entry in children(node):
            if path[0] in ("*", name):
                yield from _keys_at(entry.value, path[1:], value)
