"""Text of other people's making - file names, values, a gateway's answers - in a form that is safe to show."""

from __future__ import annotations

import re
from functools import cache

# What a terminal obeys or a reader does not see: controls (C0, DEL, C1), soft hyphen, bidirectional and zero-width
# characters, line and paragraph separators, fillers, lone surrogates, annotations, tags, supplementary variation
# selectors. Source: Unicode categories Cc, Cf, Zl, Zp, Cs and the property Default_Ignorable_Code_Point.
_IN_ASCII = r"[\x00-\x1f\x7f]"
_ANYWHERE = (
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


@cache
def _hidden(is_ascii: bool) -> re.Pattern[str]:
    """Return the pattern of these characters; the long one costs a millisecond that most runs need not spend."""
    return re.compile(_IN_ASCII if is_ascii else _ANYWHERE)


def visible(text: str, *, keep: str = "") -> str:
    r"""Return ``text`` with every character that hides or acts spelled out: ``\x1b``, ``\u202e``, ``\U000e0041``.

    ``keep`` names characters that stay as they are, such as ``"\n\t"`` for a text of several lines. A byte of a file
    name that is no UTF-8 (a surrogate escape) is shown as that byte: ``\xff``.
    """
    return _hidden(text.isascii()).sub(lambda match: char if (char := match[0]) in keep else _spelled(ord(char)), text)


def json_escaped(text: str) -> str:
    r"""Return a JSON text in which the same characters inside strings are ``\uXXXX``, so that nothing is lost."""
    return _hidden(text.isascii()).sub(
        lambda match: match[0] if match[0] == "\n" else _json_spelled(ord(match[0])), text
    )


def _spelled(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # a byte that Python's surrogateescape carried through
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_spelled(code: int) -> str:
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
