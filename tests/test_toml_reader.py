"""What the standard library reads in a TOML text, in the shape that second readings share."""

from __future__ import annotations

import pytest

from tokenrouter_video.documents.formats import Reading
from tokenrouter_video.documents.toml_reader import second_reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param(
            "a = \"1\"\nb = 1\nc = true\nd = false\ne = '''\n1'''\n",
            {"a": ("str", "1"), "b": ("int", "1"), "c": ("bool", "true"), "d": ("bool", "false"), "e": ("str", "1")},
            id="a string, a number and a boolean that look alike",
        ),
        pytest.param("a = 0x1f\nb = +1_0\n", {"a": ("int", "31"), "b": ("int", "10")}, id="integers in decimal"),
        pytest.param(
            "a = 1.10\nb = -inf\nc = nan\nd = 1e999\n",
            {"a": ("float", "1.10"), "b": ("float", "-inf"), "c": ("float", "nan"), "d": ("float", "1e999")},
            id="floats as they are written",
        ),
        pytest.param(
            "a = 2026-01-02 03:04:05Z\nb = 2026-01-02\nc = 03:04:05.5\n",
            {
                "a": ("datetime", "2026-01-02T03:04:05+00:00"),
                "b": ("datetime", "2026-01-02"),
                "c": ("datetime", "03:04:05.500000"),
            },
            id="dates and times",
        ),
        pytest.param(
            "a.b = [1, [{ c = 'd' }], []]\n[[t]]\n[[t]]\nx = {}\n[t.u]\n",
            {
                "a": {"b": [("int", "1"), [{"c": ("str", "d")}], []]},
                "t": [{}, {"x": {}, "u": {}}],
            },
            id="collections, however they are laid out",
        ),
    ],
)
def test_reading_says_types_and_values(text: str, expected: Reading) -> None:
    assert second_reading(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a = ", id="no TOML"),
        pytest.param("a = 1\na = 2\n", id="a key twice"),
        pytest.param("a = " + "[" * 20_000, id="brackets without end"),
        pytest.param("a = " + "[" * 20_000 + "]" * 20_000, id="arrays too deep to read"),
        pytest.param("a = " + "1" * 10_000, id="an integer that Python does not read"),
        pytest.param("a = 0x" + "f" * 10_000, id="an integer that Python does not print"),
        pytest.param("a = 2026-13-01\n", id="a month that is none"),
        pytest.param(chr(0xFEFF) + "a = 1\n", id="a byte order mark"),
        pytest.param("a = '" + chr(0xD800) + "'\n=", id="half a surrogate pair"),
    ],
)
def test_what_cannot_be_read_is_no_reading(text: str) -> None:
    assert second_reading(text) is None
