"""The values of JSON's, JSON5's and JavaScript's strings, numbers and names, and which of the three spells them so.

The grammars are those of RFC 8259, of the JSON5 specification (sections 3 to 6) and of ECMA-262, chapter 12.
"""

from __future__ import annotations

import re
from functools import cache

from tokenrouter_video.documents.tree import ScalarValue
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# How much of the family a spelling needs; each includes what stands before it.
JSON, JSONC, JSON5, SCRIPT, INVALID = range(5)


@dataclass(slots=True)
class Decoded:
    """A value, its :class:`~tokenrouter_video.documents.tree.Scalar` kind, and the dialect that its spelling needs."""

    value: Final[ScalarValue]
    kind: Final[str]
    dialect: Final[int]

    def __init__(self, value: ScalarValue, kind: str, dialect: int) -> None:
        self.value = value
        self.kind = kind
        self.dialect = dialect


_ESCAPE = regex(
    r"""\\(?:u\{([0-9A-Fa-f]{1,8})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["\\/bfnrt])|(\r\n|[\n\r\u2028\u2029])|([\s\S]))"""
)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_SURROGATE = regex(r"[\ud800-\udfff]")
_CONTROL = regex(r"[\x00-\x1f]")


def decode_string(token: str) -> Decoded:
    """Return the value of a string or of a template without substitutions, given with its quotes.

    Halves of surrogate pairs are joined; a string that keeps a lone one is of kind ``other``. So is one that holds an
    escape which is none, with its text as value.
    """
    body = token[1:-1]
    dialect = JSON if token[0] == '"' else JSON5 if token[0] == "'" else SCRIPT
    if dialect == JSON and _CONTROL.search(body):
        dialect = JSON5
    if dialect == SCRIPT and "\r" in body:
        # A template's line ends are LF whatever the file's are.
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if "\\" not in body:
        return Decoded(body, "string", dialect)

    def unescape(match: re.Match[str]) -> str:
        nonlocal dialect
        point, four, two, short, line, other = match.groups()
        if four:
            return chr(int(four, 16))
        if short:
            return _SHORT.get(short, short)
        if point:
            dialect = max(dialect, SCRIPT if int(point, 16) <= 0x10FFFF else INVALID)
            return chr(int(point, 16)) if dialect < INVALID else ""
        # Octal escapes are left out of all but the loosest JavaScript.
        is_octal = other and (other in "123456789" or (other == "0" and body[match.end() : match.end() + 1].isdigit()))
        if is_octal or other in ("u", "x"):
            dialect = INVALID
        dialect = max(dialect, JSON5)
        return chr(int(two, 16)) if two else "" if line else _SHORT.get(other, other)

    value = _ESCAPE.sub(unescape, body)
    if dialect == INVALID:
        return Decoded(token, "other", INVALID)
    if _SURROGATE.search(value):
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return Decoded(value, "other" if _SURROGATE.search(value) else "string", dialect)
    return Decoded(value, "string", dialect)


# Python neither reads nor prints integers of more than 4,300 decimal digits; in hexadecimal that is fewer.
_MAX_DIGITS = 3_500
_INTEGER = regex(r"-?(?:0|[1-9][0-9]*)")
_JSON_NUMBER = regex(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_DECIMAL = regex(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEX = regex(r"([+-]?)0[xX]([0-9A-Fa-f]+)")
_BINARY = regex(r"([+-]?)0(?:[bB]([01]+)|[oO]([0-7]+))")
_SEPARATORS = regex(r"(?<=[0-9A-Fa-f])_(?=[0-9A-Fa-f])")


def decode_number(token: str) -> Decoded:
    """Return the value of a number, given with its sign.

    A whole number is an ``int`` of any size, a BigInt too. What a double does not hold exactly (``1e400``, a fraction
    of more digits than it keeps), what Python refuses to read for its length, and what is no number are of kind
    ``other`` with the text as value.
    """
    if len(token) > _MAX_DIGITS:
        return Decoded(token, "other", JSON if _JSON_NUMBER.fullmatch(token) else SCRIPT)
    if _INTEGER.fullmatch(token):
        return Decoded(int(token), "integer", JSON)
    if _JSON_NUMBER.fullmatch(token):
        return _decimal(token, token, JSON)
    plain = _SEPARATORS.sub("", token)
    dialect = JSON5 if plain == token else SCRIPT
    is_bigint = plain.endswith("n")
    if is_bigint:
        plain, dialect = plain[:-1], SCRIPT
    if match := _HEX.fullmatch(plain):
        return Decoded(int(match[1] + match[2], 16), "integer", dialect)
    if match := _BINARY.fullmatch(plain):
        return Decoded(int(match[1] + (match[2] or match[3]), 2 if match[2] else 8), "integer", SCRIPT)
    if _INTEGER.fullmatch(plain.removeprefix("+")) and not plain.startswith("+-"):
        return Decoded(int(plain), "integer", dialect)
    if _DECIMAL.fullmatch(plain) and not is_bigint:
        return _decimal(token, plain, dialect)
    return Decoded(token, "other", INVALID)


def _decimal(token: str, plain: str, dialect: int) -> Decoded:
    value = float(plain)
    # Fifteen digits always survive the way through a double, unless the exponent takes them out of its range.
    if len(plain) <= 16 and "e" not in plain and "E" not in plain:
        return Decoded(value, "float", dialect)
    from tokenrouter_video.documents.decimals import survives

    return Decoded(value, "float", dialect) if survives(plain, value) else Decoded(token, "other", dialect)


# What a bare word stands for. undefined is no value at all, and nothing that a reader might take for a string.
WORDS = {
    "true": Decoded(True, "boolean", JSON),
    "false": Decoded(False, "boolean", JSON),
    "null": Decoded(None, "null", JSON),
    "NaN": Decoded("NaN", "other", JSON5),
    "Infinity": Decoded("Infinity", "other", JSON5),
    "undefined": Decoded(None, "null", SCRIPT),
}


@cache
def _name_escape() -> re.Pattern[str]:
    return re.compile(r"\\u(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{4}))")


def decode_name(token: str) -> tuple[str, bool]:
    """Return an identifier's text and whether ECMA-262 takes it for one; its escapes are resolved."""
    if token.isidentifier():
        return token, True
    name = token
    if "\\" in token:
        name = _name_escape().sub(lambda m: chr(min(int(m[1] or m[2], 16), 0x10FFFF)), token)
    bare = name.replace("$", "_").replace("\u200c", "_").replace("\u200d", "_")
    return name, bare.isidentifier()
