"""What a YAML scalar's text means: the core schema of YAML 1.2, or the types of YAML 1.1 under its directive.

ruamel.yaml's own patterns decide which type a plain text has, so that this reading and ruamel's do not differ.
"""

from __future__ import annotations

import re
from functools import cache

from ruamel.yaml.resolver import implicit_resolvers

from tokenrouter_video.documents.decimals import survives
from tokenrouter_video.documents.tree import ScalarValue
from tokenrouter_video.patterns import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_STANDARD = "tag:yaml.org,2002:"
_TRUE = frozenset({"true", "yes", "on", "y"})
_FALSE = frozenset({"false", "no", "off", "n"})
_NULL = frozenset({"", "~", "null"})

# Python prints no integer of more than 4,300 digits, and hexadecimal ones grow when they are printed in decimal.
_LONGEST_NUMBER = 1_000

_INTEGER = regex(
    r"""(?P<sign>[-+]?)
    (?:0b(?P<binary>[01]+)|0o(?P<octal>[0-7]+)|0x(?P<hex>[0-9a-f]+)|(?P<sexagesimal>[0-9]+(?::[0-9]+)+)
    |(?P<decimal>[0-9]+))""",
    re.VERBOSE,
)
_FLOAT = regex(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?")
_SEXAGESIMAL_FLOAT = regex(r"(?P<sign>[-+]?)(?P<places>[0-9]+(?::[0-9]+)+)(?P<fraction>\.[0-9]*)")
_SPECIAL_FLOATS = {
    ".inf": float("inf"),
    "+.inf": float("inf"),
    "-.inf": float("-inf"),
    ".nan": float("nan"),
}


@cache
def _patterns(version: tuple[int, int]) -> dict[str, list[tuple[str, Any]]]:
    """Return the types' patterns by the first character of the texts that they can match."""
    patterns: dict[str, list[tuple[str, Any]]] = {}
    for versions, tag, pattern, first in implicit_resolvers:
        if version in versions:
            for char in first:
                patterns.setdefault(char, []).append((tag.removeprefix(_STANDARD), pattern))
    return patterns


def _implied_type(text: str, version: tuple[int, int]) -> str:
    for name, pattern in _patterns(version).get(text[:1], ()):
        if pattern.match(text):
            return name
    return "str"


def scalar_value(text: str, tag: str | None, version: tuple[int, int], *, is_plain: bool) -> tuple[ScalarValue, str]:
    """Return the value of a scalar's content and its kind, as in :class:`~tokenrouter_video.documents.tree.Scalar`.

    ``tag`` is the whole tag or ``None``. ``is_plain`` tells whether the type follows from the text: of a plain scalar,
    and of any scalar with the tag ``!``, as ruamel.yaml and PyYAML read it.
    """
    if tag in (None, "!"):
        name = _implied_type(text, version) if is_plain else "str"
    else:
        assert tag is not None
        name = tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else "other"
    if name in ("str", "merge", "value"):
        return text, "string"
    if name == "timestamp":
        return text, "datetime"
    lower = text.lower()
    if name == "null" and lower in _NULL:
        return None, "null"
    if name == "bool" and lower in _TRUE | _FALSE:
        return lower in _TRUE, "boolean"
    if name == "int":
        integer = _integer(lower.replace("_", ""), version)
        return (text, "other") if integer is None else (integer, "integer")
    if name == "float":
        number = _float(lower.replace("_", ""), version)
        return (text, "other") if number is None else (number, "float")
    return text, "other"


def _integer(text: str, version: tuple[int, int]) -> int | None:
    match = _INTEGER.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    if match is None:
        return None
    sign = -1 if match["sign"] == "-" else 1
    if match["sexagesimal"]:
        return sign * _base_60(match["sexagesimal"])
    decimal = match["decimal"]
    if decimal and version == (1, 1) and decimal.startswith("0"):
        return sign * int(decimal, 8) if decimal.strip("01234567") == "" else None
    for digits, base in ((decimal, 10), (match["hex"], 16), (match["octal"], 8), (match["binary"], 2)):
        if digits:
            return sign * int(digits, base)
    return None


def _base_60(text: str) -> int:
    value = 0
    for place in text.split(":"):
        value = value * 60 + int(place)
    return value


def _float(text: str, version: tuple[int, int]) -> float | None:
    """Return the number, ``None`` where Python's float, printed again, would be another one."""
    if text in _SPECIAL_FLOATS:
        return _SPECIAL_FLOATS[text]
    if len(text) > _LONGEST_NUMBER:
        return None
    if version == (1, 1) and (match := _SEXAGESIMAL_FLOAT.fullmatch(text)):
        return (-1 if match["sign"] == "-" else 1) * (_base_60(match["places"]) + float("0" + match["fraction"]))
    if not _FLOAT.fullmatch(text):
        return None
    value = float(text)
    return value if survives(text, value) else None
