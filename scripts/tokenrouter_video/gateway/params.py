"""Read the request fields that a user wrote as JSON: ``--params``, a parameter file, a line of a batch."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from tokenrouter_video.errors import UsageError
from tokenrouter_video.gateway.wording import is_deeper, shown

MAX_BYTES = 1_000_000
MAX_DEPTH = 50


def parse_params(data: str | bytes, source: str = "--params") -> dict[str, Any]:
    """Parse one strict JSON object; ``source`` says in messages where it stands, ``batch.jsonl:7`` for example.

    Stricter than ``json``: a name given twice, ``NaN`` and ``Infinity``, and numbers too large for a float are refused,
    because what would be sent is then not what was written. At most 1,000,000 bytes and 50 levels.
    Raises ``UsageError``, which never quotes the text but for a name given twice.
    """
    text = _decode(data, source)
    try:
        value = json.loads(
            text, object_pairs_hook=_unique_names, parse_constant=_no_constant, parse_float=_finite_float
        )
    except _NotStrictError as error:
        raise UsageError(f"{source}: {error}", _REMEDY) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise UsageError(f"{source} is no JSON: {_lower(error.msg)} at {place}", _REMEDY) from None
    except RecursionError:
        raise UsageError(f"{source} is nested too deeply", f"Use at most {MAX_DEPTH} levels.") from None
    except ValueError:  # an integer of thousands of digits
        raise UsageError(f"{source} holds a number that is too long", _REMEDY) from None
    if not isinstance(value, dict):
        raise UsageError(f"{source} must be a JSON object, not {_type_name(value)}", _REMEDY)
    if is_deeper(value, MAX_DEPTH):
        raise UsageError(f"{source} is nested too deeply", f"Use at most {MAX_DEPTH} levels.")
    return value


_REMEDY = """Write one JSON object, for example {"mode": "pro", "metadata": {"sound": "on"}}."""


class _NotStrictError(Exception):
    pass


def _decode(data: str | bytes, source: str) -> str:
    if len(data) > MAX_BYTES:
        raise UsageError(f"{source} is larger than {MAX_BYTES:,} bytes", "Give pictures as URLs, not as data.")
    if isinstance(data, str):
        return data.removeprefix(chr(0xFEFF))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{source} is not UTF-8: byte {error.start}", "Save the file as UTF-8.") from None


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _NotStrictError(f"the name {shown(name)} is given twice")
            seen.add(name)
    return result


def _no_constant(name: str) -> NoReturn:
    raise _NotStrictError(f"{name} is no JSON number")


def _finite_float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _NotStrictError("a number is too large")
    return value


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _type_name(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    return "a list" if isinstance(value, list) else "a string" if isinstance(value, str) else "a number"
