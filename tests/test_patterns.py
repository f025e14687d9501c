"""Expressions that are compiled when they are first used, and not before a text can match at all."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokenrouter_video
from tokenrouter_video.patterns import regex


def guarded() -> dict[str, Any]:
    """Return every expression of the program that says what its matches hold, by its module and name."""
    found: dict[str, Any] = {}
    for module in pkgutil.walk_packages(tokenrouter_video.__path__, "tokenrouter_video."):
        if not module.name.endswith("__main__"):
            for name, value in vars(import_module(module.name)).items():
                for part, one in value.items() if isinstance(value, dict) else [("", value)]:
                    if getattr(one, "needs", ()):
                        found[f"{module.name}.{name}.{part}".strip(".")] = one
    return found


GUARDED = guarded()


def test_guarded_expressions_are_found() -> None:
    assert {"tokenrouter_video.masking._KEY_FORMS", "tokenrouter_video.secrets._PLACEHOLDER"} <= set(GUARDED)


@pytest.mark.parametrize("name", sorted(GUARDED))
def test_every_match_holds_one_of_the_needs(name: str) -> None:
    pattern = GUARDED[name]
    assert all(need == need.casefold() for need in pattern.needs)

    @given(st.from_regex(re.compile(pattern.pattern, pattern.flags)))
    def holds(text: str) -> None:
        assert any(need in text.casefold() for need in pattern.needs)

    holds()


def test_an_expression_is_compiled_by_the_first_text_that_it_may_match() -> None:
    faulty = regex("(", needs=("key", "token"))
    assert (faulty.search("nothing of it"), faulty.fullmatch(""), list(faulty.finditer("no"))) == (None, None, [])
    with pytest.raises(re.error):
        faulty.search("a KEY")
    with pytest.raises(re.error):
        faulty.sub("", "nothing of it")


def test_an_expression_without_needs_is_compiled_by_any_text() -> None:
    with pytest.raises(re.error):
        regex("(").search("")


@given(st.text(st.sampled_from("keyKEY \u017f"), max_size=12))
def test_the_answers_are_those_of_the_expression_itself(text: str) -> None:
    plain = re.compile("(?i)k(e)y")
    lazy = regex("k(e)y", re.IGNORECASE, needs=("key",))
    assert [match.span(1) for match in lazy.finditer(text)] == [match.span(1) for match in plain.finditer(text)]
    assert bool(lazy.search(text)) == bool(plain.search(text))
    assert bool(lazy.match(text, 1)) == bool(plain.match(text, 1))
    assert lazy.sub("-", text) == plain.sub("-", text)
