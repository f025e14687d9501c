"""How a value or a key is written in each format, quoted like a neighbour where that is safe."""

from __future__ import annotations

import json
import keyword
import re

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.tree import ScalarValue
from tokenrouter_video.patterns import regex

_JSON = frozenset({"json", "jsonc"})
_SCRIPTS = frozenset({"json5", "javascript", "typescript"})
_WORDS = {"python": ("True", "False", "None"), "yaml": ("true", "false", "null")}
_QUOTES = {"single": "'", "double": '"', "backtick": "`", "triple-single": "'", "triple-double": '"'}

# What no plain scalar may start with, hold, or end with, for readers of YAML 1.1 and 1.2 alike.
_YAML_INDICATOR = regex(r"""[\-?:](?:\s|$)|[?:,\[\]{}\#&*!|>'"%@`<=]|---|\.\.\.""")
_YAML_BROKEN = regex(r"""^\s|\s$|\s\#|:(?:\s|$)|[^\S ]""")
_YAML_FLOW = regex(r"""[,\[\]{}]|://|:$""")
_YAML_TYPED = regex(
    r"""~|null|true|false|yes|no|on|off|y|n|<<|=
    |[-+]?[0-9][0-9_,]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?
    |[-+]?\.[0-9_]+(?:e[-+]?[0-9]+)?|[-+]?\.(?:inf|nan)
    |[-+]?0[xob][0-9a-f_]+|[-+]?[0-9]+(?::[0-9]{1,2})+(?:\.[0-9_]*)?
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\s].*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_TOML_BARE_KEY = regex(r"[A-Za-z0-9_-]+")
_SCRIPT_NAME = regex(r"[A-Za-z_$][A-Za-z0-9_$]*")
_CONTROL = regex(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPED_BY_JSON = regex(r"[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def _has_control(text: str) -> bool:
    # Compiling so wide a set of characters takes longer than all else that a plain value needs.
    return not (text.isascii() and text.isprintable()) and bool(_CONTROL.search(text))


def scalar_text(value: ScalarValue, format_name: str, style: str = "", *, in_flow: bool = True) -> str:
    """Return a scalar's source text, in a neighbour's ``style`` where the value allows it.

    Raises :class:`DocumentError` for a value that the format cannot hold.
    """
    if isinstance(value, str):
        return _string_text(value, format_name, style, in_flow=in_flow)
    true, false, null = _WORDS.get(format_name, ("true", "false", "null"))
    if value is None:
        if format_name == "toml":
            raise DocumentError("TOML has no null")
        return null
    if isinstance(value, bool):
        return true if value else false
    if isinstance(value, float) and not abs(value) < float("inf"):
        raise DocumentError("the value is not a finite number")
    text = repr(value)
    # YAML 1.1 takes an exponent without a point for a string.
    return text.replace("e", ".0e") if format_name == "yaml" and "e" in text and "." not in text else text


def _string_text(value: str, format_name: str, style: str, *, in_flow: bool) -> str:
    if format_name == "yaml":
        return _yaml_text(value, style, in_flow=in_flow)
    has_control = _has_control(value)
    if format_name in _JSON or has_control:
        # JSON's escapes are understood by every format.
        return _json_text(value)
    if format_name == "toml":
        is_literal = style in ("single", "multiline-literal") and "'" not in value
        return f"'{value}'" if is_literal else _json_text(value)
    quote = _QUOTES.get(style, '"')
    if quote == "`" and ("${" in value or "`" in value):
        quote = '"'
    return quote + value.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


def _json_text(value: str) -> str:
    """Return a JSON string with as few escapes as can be: a pair of them for one character is JSON's alone."""
    text = json.dumps(value, ensure_ascii=False)
    if not _has_control(text):
        return text
    return _ESCAPED_BY_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _yaml_text(value: str, style: str, *, in_flow: bool) -> str:
    if _has_control(value):
        return _json_text(value)
    if style == "single":
        return "'" + value.replace("'", "''") + "'"
    if style != "double" and is_plain_yaml(value, in_flow=in_flow):
        return value
    return _json_text(value)


def is_plain_yaml(value: str, *, in_flow: bool) -> bool:
    """Whether a string stays itself without quotes for readers of YAML 1.1 and 1.2."""
    if not value or _YAML_TYPED.fullmatch(value) or _YAML_INDICATOR.match(value) or _YAML_BROKEN.search(value):
        return False
    return not _has_control(value) and not (in_flow and _YAML_FLOW.search(value))


def is_bare_key(key: str, format_name: str) -> bool:
    """Whether a key needs no quotes."""
    if format_name == "yaml":
        return is_plain_yaml(key, in_flow=False)
    if format_name == "toml":
        return bool(_TOML_BARE_KEY.fullmatch(key))
    return format_name in _SCRIPTS and bool(_SCRIPT_NAME.fullmatch(key))


def key_text(key: str, format_name: str, quote: str = "", *, usual: str = '"', as_keyword: bool = False) -> str:
    """Return a key's source text, in ``quote`` where that is given, else bare or, where it needs some, in ``usual``.

    Raises :class:`DocumentError` where a call's keyword would not be a name.
    """
    if as_keyword:
        if not key.isidentifier() or keyword.iskeyword(key):
            raise DocumentError("a keyword argument's name must be an identifier")
        return key
    if not quote and is_bare_key(key, format_name):
        return key
    style = "single" if (quote or usual) == "'" else "double"
    return _string_text(key, format_name, style, in_flow=False)
