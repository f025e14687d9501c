"""How a value or a key is written in each format, quoted like a neighbour where that is safe."""

from __future__ import annotations

import json
import math
import re

from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.tree import ScalarValue

_JSON = frozenset({"json", "jsonc"})
_SCRIPTS = frozenset({"json5", "javascript", "typescript"})
_WORDS = {"python": ("True", "False", "None"), "yaml": ("true", "false", "null")}
_QUOTES = {"single": "'", "double": '"', "backtick": "`", "triple-single": "'", "triple-double": '"'}

# Plain in YAML 1.1 and 1.2: no indicator, no ": ", no " #", nothing that another type claims.
_YAML_PLAIN = re.compile(r"(?![-?:]\s|---|\.\.\.)[A-Za-z0-9_./$+(~-][^\s:#\[\]{},&*!|>'\"%@`\\]*(?::[^\s:#\[\]{},]+)*")
_YAML_TYPED = re.compile(
    r"""~|null|true|false|yes|no|on|off|y|n|<<|=
    |[-+]?[0-9][0-9_,]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?
    |[-+]?\.[0-9_]+(?:e[-+]?[0-9]+)?|[-+]?\.(?:inf|nan)
    |[-+]?0[xob][0-9a-f_]+|[-+]?[0-9]+(?::[0-9]{1,2})+(?:\.[0-9_]*)?
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\s].*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_TOML_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCRIPT_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


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
    if isinstance(value, float) and not math.isfinite(value):
        raise DocumentError("the value is not a finite number")
    return repr(value)


def _string_text(value: str, format_name: str, style: str, *, in_flow: bool) -> str:
    if format_name in _JSON:
        return json.dumps(value, ensure_ascii=bool(_CONTROL.search(value)))
    if format_name == "yaml":
        return _yaml_text(value, style, in_flow=in_flow)
    if format_name == "toml":
        is_literal = style in ("single", "multiline-literal") and "'" not in value and not _CONTROL.search(value)
        return f"'{value}'" if is_literal else json.dumps(value, ensure_ascii=bool(_CONTROL.search(value)))
    quote = _QUOTES.get(style, '"')
    if quote == "`" and ("${" in value or "`" in value):
        quote = '"'
    if _CONTROL.search(value):
        # Only JSON's escapes are shared by Python and the JavaScript family.
        return json.dumps(value)
    return quote + value.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


def _yaml_text(value: str, style: str, *, in_flow: bool) -> str:
    if _CONTROL.search(value):
        return json.dumps(value)
    if style == "single":
        return "'" + value.replace("'", "''") + "'"
    if style == "double":
        return json.dumps(value, ensure_ascii=False)
    if is_plain_yaml(value, in_flow=in_flow):
        return value
    return json.dumps(value, ensure_ascii=False)


def is_plain_yaml(value: str, *, in_flow: bool) -> bool:
    """Whether a string stays itself without quotes for readers of YAML 1.1 and 1.2."""
    words = value.split(" ")
    if _YAML_TYPED.fullmatch(value) or not all(words):
        return False
    if in_flow and "://" in value:
        return False
    first, *others = words
    return bool(_YAML_PLAIN.fullmatch(first)) and all(_YAML_LATER.fullmatch(word) for word in others)


_YAML_LATER = re.compile(r"[^\s:#\[\]{},\\]+(?::[^\s:#\[\]{},]+)*")


def key_text(key: str, format_name: str, like: str = "", quote: str = '"', *, as_keyword: bool = False) -> str:
    """Return a key's source text; ``like`` is a neighbouring key's text, ``quote`` the file's usual quote.

    Raises :class:`DocumentError` where a call's keyword would not be a name.
    """
    like_quote = like[:1] if like[:1] in ("'", '"') else ""
    style = {"'": "single", '"': "double"}.get(like_quote or quote, "double")
    if as_keyword:
        if not key.isidentifier():
            raise DocumentError("a keyword argument's name must be an identifier")
        return key
    if format_name in _JSON:
        return json.dumps(key, ensure_ascii=False)
    if format_name == "yaml":
        return _yaml_text(key, style if like_quote else "plain", in_flow=False)
    if format_name == "toml":
        is_bare = not like_quote and _TOML_BARE_KEY.fullmatch(key)
        return key if is_bare else _string_text(key, "toml", style if like_quote else "double", in_flow=True)
    if format_name in _SCRIPTS and not like_quote and like != "" and _SCRIPT_NAME.fullmatch(key):
        return key
    return _string_text(key, format_name, style, in_flow=True)
