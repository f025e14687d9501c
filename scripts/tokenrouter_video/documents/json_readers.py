"""JSON read by the standard library and JSONC by ``jsonc-parser``: the second opinion on what the brace parser read."""

from __future__ import annotations

import json

from tokenrouter_video.documents.formats import Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# jsonc-parser looks for the end of each '/*' that it takes for a comment, so its time can grow with this product.
_MAX_STEPS = 50_000_000


def second_reading(text: str, format: str = "json") -> Reading | None:
    """Return what another library reads in a text of format ``json`` or ``jsonc``, ``None`` where it cannot read it.

    Numbers are text: as they are written in JSON, as Python prints them in JSONC. For the shape see
    :func:`tokenrouter_video.documents.formats.second_reading`.
    """
    try:
        if format == "json":
            return _reading(json.loads(text, parse_int=_integer, parse_float=_float, parse_constant=_constant))
        if format == "jsonc":
            return _reading(_strip_and_load(text))
    except (ValueError, RecursionError):
        pass
    return None


def _integer(text: str) -> tuple[str, str]:
    return ("int", text)


def _float(text: str) -> tuple[str, str]:
    return ("float", text)


def _constant(text: str) -> tuple[str, str]:
    return ("other", text)


def _strip_and_load(text: str) -> Any:
    """Read JSON with comments.

    jsonc-parser 1.1.5 removes comments by one pattern: it does not see where ``//`` ends before CRLF, takes what stands
    behind an odd number of escaped quotes for code, and refuses trailing commas. Its exceptions hold the whole text.
    """
    from jsonc_parser.errors import FunctionParameterError, ParserError  # type: ignore[import-untyped]
    from jsonc_parser.parser import JsoncParser  # type: ignore[import-untyped]

    if text.count("/*") * len(text) <= _MAX_STEPS or '\\"' not in text:
        try:
            return JsoncParser.parse_str(text.replace("\r\n", "\n"))
        except (ParserError, FunctionParameterError):
            pass
    # Raised outside the handler: as its context, jsonc-parser's exception would carry the text along.
    raise ValueError("jsonc-parser cannot read the text")


def _reading(value: Any) -> Reading:
    if isinstance(value, str):
        return ("str", value)
    match value:
        case dict():
            return {key: _reading(item) for key, item in value.items()}
        case list():
            return [_reading(item) for item in value]
        case tuple():
            return value
        case bool():
            return ("bool", "true" if value else "false")
        case None:
            return ("null", "null")
        case int():
            return ("int", str(value))
        case _:
            return ("float", repr(value))
