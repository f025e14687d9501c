"""Show values of other people's making in messages: bounded, on one line, with hidden characters spelled out."""

from __future__ import annotations

import json

from tokenrouter_video.display import visible

SHOWN_LENGTH = 60
MESSAGE_LENGTH = 500


def shown(value: object) -> str:
    """Return a value as JSON of at most 60 characters."""
    return cut(visible(json.dumps(_bounded(value), ensure_ascii=False, default=repr)))


def message_text(text: str) -> str:
    """Return a server's message on one line, at most 500 characters long."""
    return cut(visible(" ".join(text[: 4 * MESSAGE_LENGTH].split())), MESSAGE_LENGTH)


def cut(text: str, length: int = SHOWN_LENGTH) -> str:
    """Return a text of at most ``length`` characters, three points at the end where something is missing."""
    return text if len(text) <= length else text[: length - 3] + "..."


def is_deeper(value: object, limit: int) -> bool:
    """Tell whether containers are nested deeper than ``limit``, without recursion."""
    level: list[object] = [value]
    for _ in range(limit + 1):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _bounded(value: object, depth: int = 3) -> object:
    """Leave out what is certainly behind the cut, before anything is made of it."""
    if isinstance(value, str):
        return value[: 2 * SHOWN_LENGTH]
    if isinstance(value, list | dict) and depth == 0:
        return "..."
    if isinstance(value, list):
        return [_bounded(item, depth - 1) for item in value[:SHOWN_LENGTH]]
    if isinstance(value, dict):
        members = list(value.items())[:SHOWN_LENGTH]
        return {str(key)[: 2 * SHOWN_LENGTH]: _bounded(child, depth - 1) for key, child in members}
    return value
