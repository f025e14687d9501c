"""The located tree: looking up keys, in mappings of few entries and of many."""

from __future__ import annotations

import pytest

from tokenrouter_video.documents.tree import Entry, Mapping, Scalar, Span
from tokenrouter_video.records import replace

NOWHERE = Span(0, 0)


def entry(key: str | None, value: int) -> Entry:
    return Entry(key, NOWHERE, Scalar(NOWHERE, NOWHERE, value, "integer", "plain"), NOWHERE)


@pytest.mark.parametrize("count", [1, 32, 33, 400])
def test_the_last_of_equal_keys_is_found_however_many_there_are(count: int) -> None:
    mapping = Mapping(NOWHERE, NOWHERE, tuple(entry(f"k{n}", n) for n in range(count)), "flow")
    again = replace(mapping, entries=(*mapping.entries, entry(None, -1), entry("k0", -2)))
    assert mapping.get("k0") == entry("k0", 0).value
    for one, first in ((mapping, 0), (again, -2)):
        assert [one.get(f"k{n}") for n in range(count)] == [entry("", n or first).value for n in range(count)]
        assert one.get("other") is None
    assert mapping == Mapping(NOWHERE, NOWHERE, mapping.entries, "flow")
    assert "_by_key" not in repr(mapping)
