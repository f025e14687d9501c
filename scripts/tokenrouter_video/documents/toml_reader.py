"""TOML read by the standard library: the second opinion on what tomlkit read."""

from __future__ import annotations

import tomllib
from datetime import date, time

from tokenrouter_video.documents.formats import Reading


class _FloatText(str):
    """A float as it is written, told apart from a string."""

    __slots__ = ()


def second_reading(text: str, format: str = "toml") -> Reading | None:
    """Return what ``tomllib`` reads in a text, ``None`` where it cannot read it.

    Integers are decimal text, floats as they are written, dates and times in ISO 8601; for the shape see
    :func:`tokenrouter_video.documents.formats.second_reading`.
    """
    try:
        return _reading(tomllib.loads(text, parse_float=_FloatText))
    except (ValueError, RecursionError):
        # ValueError: no TOML, or an integer longer than Python prints.
        return None


def _reading(value: object) -> Reading:
    match value:
        case dict():
            return {key: _reading(item) for key, item in value.items()}
        case list():
            return [_reading(item) for item in value]
        case bool():
            return ("bool", "true" if value else "false")
        case int():
            return ("int", str(value))
        case _FloatText():
            return ("float", str(value))
        case str():
            return ("str", value)
        case date() | time():
            return ("datetime", value.isoformat())
        case _:
            return ("other", "")
