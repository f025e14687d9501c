"""Strings, numbers and names: their values, their kinds, and the dialect that their spelling needs."""

from __future__ import annotations

import pytest

from tokenrouter_video.documents.brace_scalars import (
    INVALID,
    JSON,
    JSON5,
    SCRIPT,
    Decoded,
    decode_name,
    decode_number,
    decode_string,
)

LONE = chr(0xD83D)
SNOWMAN = chr(0x2603)
GRIN = chr(0x1F600)


@pytest.mark.parametrize(
    ("token", "value", "kind", "dialect"),
    [
        pytest.param('""', "", "string", JSON, id="empty"),
        pytest.param('"a/b"', "a/b", "string", JSON, id="plain"),
        pytest.param(r'"\"\\\/\b\f\n\r\t"', '"\\/\b\f\n\r\t', "string", JSON, id="json-escapes"),
        pytest.param(r'"\u2603"', SNOWMAN, "string", JSON, id="unicode-escape"),
        pytest.param(r'"\ud83d\ude00"', GRIN, "string", JSON, id="surrogate-pair"),
        pytest.param(r'"\ud83d!"', LONE + "!", "other", JSON, id="lone-surrogate"),
        pytest.param(r'"\ude00\ud83d"', chr(0xDE00) + LONE, "other", JSON, id="pair-in-the-wrong-order"),
        pytest.param(r'"\ud83d\ud83d\ude00"', LONE + GRIN, "other", JSON, id="lone-surrogate-before-a-pair"),
        pytest.param(r'"\\u2603"', r"\u2603", "string", JSON, id="escaped-backslash-before-u"),
        pytest.param('"a\tb"', "a\tb", "string", JSON5, id="raw-tab"),
        pytest.param("'a'", "a", "string", JSON5, id="single-quotes"),
        pytest.param("'\\'\"'", "'\"", "string", JSON5, id="escaped-single-quote"),
        pytest.param(r'"\x41\v\0"', "A\v\0", "string", JSON5, id="json5-escapes"),
        pytest.param(r'"\q\-"', "q-", "string", JSON5, id="escape-of-nothing-special"),
        pytest.param('"a\\\nb"', "ab", "string", JSON5, id="line-continuation"),
        pytest.param('"a\\\r\nb"', "ab", "string", JSON5, id="line-continuation-of-crlf"),
        pytest.param('"a\\' + chr(0x2028) + 'b"', "ab", "string", JSON5, id="line-continuation-of-a-line-separator"),
        pytest.param(r'"\u{1F600}\u{41}"', GRIN + "A", "string", SCRIPT, id="code-point-escape"),
        pytest.param("`a\r\nb`", "a\nb", "string", SCRIPT, id="template-line-ends-are-lf"),
        pytest.param("`\\`\\${x}`", "`${x}", "string", SCRIPT, id="template-escapes"),
        pytest.param(r'"\u12"', r'"\u12"', "other", INVALID, id="short-unicode-escape"),
        pytest.param(r'"\x4"', r'"\x4"', "other", INVALID, id="short-hex-escape"),
        pytest.param(r'"\u{110000}"', r'"\u{110000}"', "other", INVALID, id="code-point-out-of-range"),
        pytest.param(r'"\101"', r'"\101"', "other", INVALID, id="octal-escape"),
        pytest.param(r'"\01"', r'"\01"', "other", INVALID, id="octal-escape-that-starts-with-zero"),
    ],
)
def test_string_is_decoded(token: str, value: str, kind: str, dialect: int) -> None:
    assert decode_string(token) == Decoded(value, kind, dialect)


@pytest.mark.parametrize(
    ("token", "value", "kind", "dialect"),
    [
        pytest.param("0", 0, "integer", JSON, id="zero"),
        pytest.param("-12", -12, "integer", JSON, id="negative"),
        pytest.param("9007199254740993", 9007199254740993, "integer", JSON, id="integer-that-a-double-would-round"),
        pytest.param("1" + "0" * 300, 10**300, "integer", JSON, id="integer-of-any-size"),
        pytest.param("9" * 5000, "9" * 5000, "other", JSON, id="integer-that-python-does-not-read"),
        pytest.param("0x" + "f" * 5000, "0x" + "f" * 5000, "other", SCRIPT, id="hex-that-python-does-not-print"),
        pytest.param("1.0", 1.0, "float", JSON, id="float"),
        pytest.param("0.10", 0.1, "float", JSON, id="float-with-a-trailing-zero"),
        pytest.param("1e3", 1000.0, "float", JSON, id="exponent"),
        pytest.param("-1.5E-7", -1.5e-7, "float", JSON, id="negative-exponent"),
        pytest.param("1.7976931348623157e308", 1.7976931348623157e308, "float", JSON, id="largest-double"),
        pytest.param("0.30000000000000004", 0.30000000000000004, "float", JSON, id="seventeen-digits-that-survive"),
        pytest.param("100000000000000000000.0", 1e20, "float", JSON, id="long-but-exact"),
        pytest.param("0.0000000000000000000000", 0.0, "float", JSON, id="long-zero"),
        pytest.param("3.14159265358979323846", "3.14159265358979323846", "other", JSON, id="too-many-digits"),
        pytest.param("1e400", "1e400", "other", JSON, id="too-large"),
        pytest.param("-1e400", "-1e400", "other", JSON, id="too-small"),
        pytest.param("1e-400", "1e-400", "other", JSON, id="vanishing"),
        pytest.param("0e99999", 0.0, "float", JSON, id="zero-with-a-great-exponent"),
        pytest.param("+1", 1, "integer", JSON5, id="plus-sign"),
        pytest.param("+1.5", 1.5, "float", JSON5, id="plus-sign-before-a-float"),
        pytest.param("0xFF", 255, "integer", JSON5, id="hex"),
        pytest.param("-0x10", -16, "integer", JSON5, id="negative-hex"),
        pytest.param(".5", 0.5, "float", JSON5, id="leading-dot"),
        pytest.param("5.", 5.0, "float", JSON5, id="trailing-dot"),
        pytest.param("5.e1", 50.0, "float", JSON5, id="trailing-dot-and-exponent"),
        pytest.param("1_000", 1000, "integer", SCRIPT, id="separator"),
        pytest.param("0xFF_FF", 65535, "integer", SCRIPT, id="separator-in-hex"),
        pytest.param("1_0.2_5", 10.25, "float", SCRIPT, id="separator-in-a-fraction"),
        pytest.param("0b101", 5, "integer", SCRIPT, id="binary"),
        pytest.param("0o17", 15, "integer", SCRIPT, id="octal"),
        pytest.param("12n", 12, "integer", SCRIPT, id="bigint"),
        pytest.param("0xFn", 15, "integer", SCRIPT, id="hex-bigint"),
        pytest.param("017", "017", "other", INVALID, id="leading-zero"),
        pytest.param("1.5n", "1.5n", "other", INVALID, id="fraction-as-bigint"),
        pytest.param("0x", "0x", "other", INVALID, id="hex-without-digits"),
        pytest.param("1__0", "1__0", "other", INVALID, id="two-separators"),
        pytest.param("1e", "1e", "other", INVALID, id="exponent-without-digits"),
        pytest.param("+-1", "+-1", "other", INVALID, id="two-signs"),
    ],
)
def test_number_is_decoded(token: str, value: object, kind: str, dialect: int) -> None:
    decoded = decode_number(token)
    assert decoded == Decoded(value, kind, dialect)  # type: ignore[arg-type]
    assert type(decoded.value) is type(value)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        pytest.param("name", ("name", True), id="plain"),
        pytest.param("$_1", ("$_1", True), id="dollar"),
        pytest.param("caf" + chr(0xE9), ("caf" + chr(0xE9), True), id="non-ascii"),
        pytest.param("e" + chr(0x301), ("e" + chr(0x301), True), id="combining-mark"),
        pytest.param(r"\u0061b\u{63}", ("abc", True), id="escapes"),
        pytest.param(chr(0x201C) + "a", (chr(0x201C) + "a", False), id="typographic-quote"),
        pytest.param(r"\u{FFFFFF}", (chr(0x10FFFF), False), id="escape-out-of-range"),
        pytest.param("#a", ("#a", False), id="private-name"),
    ],
)
def test_name_is_decoded(token: str, expected: tuple[str, bool]) -> None:
    assert decode_name(token) == expected
