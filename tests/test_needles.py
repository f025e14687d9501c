"""Looking for many texts at once finds what looking for each of them does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenrouter_video.masking import Masker
from tokenrouter_video.needles import Needles


def needles(texts: list[str], shortest: int = 2) -> Needles:
    sought = Needles(shortest)
    for number, text in enumerate(texts):
        sought.add(text, str(number))
    return sought


@pytest.mark.parametrize(
    ("texts", "text", "expected"),
    [
        pytest.param(["ab"], "xxabxxab", [(2, 4, "0"), (6, 8, "0")], id="few texts in a long one"),
        pytest.param(
            ["ab", "bc", "cd", "abc"], "abc", [(0, 2, "0"), (0, 3, "3"), (1, 3, "1")], id="many in a short one"
        ),
        pytest.param(["aa"], "aaa", [(0, 2, "0"), (1, 3, "0")], id="one that overlaps itself"),
        pytest.param(["aa", "ab", "ac", "ad"], "aaa", [(0, 2, "0"), (1, 3, "0")], id="the same by place"),
        pytest.param(["ab", "ab"], "ab", [(0, 2, "0")], id="the first meaning stands"),
        pytest.param(["a", "ab"], "a", [], id="one that is too short"),
        pytest.param(["ab", "cd"], "", [], id="an empty text"),
    ],
)
def test_texts_are_found_where_they_stand(texts: list[str], text: str, expected: list[tuple[int, int, str]]) -> None:
    assert expected == sorted(needles(texts).found(text))


@given(
    st.lists(st.text("ab\u00e9", min_size=2, max_size=5), max_size=30, unique=True), st.text("ab\u00e9", max_size=40)
)
def test_all_are_found_however_many_they_are(texts: list[str], text: str) -> None:
    expected = [
        (start, start + len(sought), str(number))
        for number, sought in enumerate(texts)
        for start in range(len(text))
        if text.startswith(sought, start)
    ]
    assert sorted(expected) == sorted(needles(texts).found(text))


def test_hundreds_of_keys_are_masked_in_a_short_text_and_in_a_long_one() -> None:
    masker = Masker()
    for number in range(100):
        masker.add_key(f"example-key-of-channel-{number:03}")
    assert masker.clean("is example-key-of-channel-042 one?") == "is exa...042 one?"
    long = "some text, " * 1000
    assert masker.clean(f"{long}example-key-of-channel-099 {long}") == f"{long}exa...099 {long}"
