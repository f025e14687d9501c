"""Blocks of a channel with parts of others in them: no part of another changes, and no number is given twice."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from routed import channels_in
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.errors import RefusedError
from tokenrouter_video.routing.plan import RoutePlan, plan_route

URL = "https://api.tokenrouter.com/v1"
OWN_KEYS: tuple[dict[str, object], ...] = (
    {},
    {"api_key": "${TR_KEY}"},
    {"api_key_env": "TR_KEY"},
    {"headers": {"Authorization": "Bearer ${TR_KEY}"}},
)
OTHERS: tuple[dict[str, object], ...] = (
    {"api_key": "${OTHER}"},
    {"base_url": "https://other.example/v1"},
    {"api": "https://other.example/v1"},
)
IDS = ("openai/gpt-5", "z-ai/glm-5", "kling-v2-6", "MiniMax-Hailuo-02", "kling-v3")
NUMBERS = ("order", "index", "sort_order", "id", "rank")


@st.composite
def _models(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Entries of different ids, all or some of them with numbers of their own, in the field ``number``."""
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))
    name = draw(st.sampled_from((*NUMBERS, "")))
    numbers = draw(st.permutations(range(1, 6)))
    return [
        {"model": one, **({name: number} if name and draw(st.integers(0, 3)) else {})}
        for one, number in zip(ids, numbers, strict=False)
    ]


@st.composite
def _blocks(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    """Return a channel's block, and the names of the parts in it that are another provider's."""
    block: dict[str, Any] = {"base_url": URL, "api_key": "${TR_KEY}"}
    others: list[str] = []
    for name in draw(st.lists(st.sampled_from(("openai", "video", "defaults", "team", "chat")), unique=True)):
        is_other = draw(st.booleans())
        signs = draw(st.sampled_from(OTHERS if is_other else OWN_KEYS))
        block[name] = {**signs, "models": draw(_models())}
        others += [name] if is_other else []
    if draw(st.booleans()):
        block["models"] = draw(_models())
    return block, others


def _planned(folder: str, block: dict[str, Any], model: str) -> RoutePlan | str:
    """Return the plan for the block's channel, or why there is none."""
    (channel,) = channels_in(Path(folder), {"a.json": json.dumps({"tr": block}, indent=2)})
    try:
        return plan_route(channel, MODELS[model])
    except RefusedError as error:
        return error.message


@given(_blocks(), st.sampled_from(sorted(MODELS)))
@settings(deadline=None, max_examples=60)
def test_only_the_channels_own_lists_get_the_model(drawn: tuple[dict[str, Any], list[str]], model: str) -> None:
    block, others = drawn
    with TemporaryDirectory() as folder:
        plan = _planned(folder, block, model)
        if isinstance(plan, str):
            # Only where every list stands beside what is another's.
            assert "the only list of models stands beside" in plan
            assert "models" not in block
            assert {name for name, part in block.items() if isinstance(part, dict)} == set(others)
            return
        if not plan.files:
            return
        after = json.loads(plan.files[0].text)["tr"]
        again = _planned(folder, after, model)
    assert isinstance(again, RoutePlan)
    assert again.status == "unchanged"
    assert {name: block[name] for name in others} == {name: after[name] for name in others}
    old, new = _lists(block), _lists(after)
    changed = [name for name in new if new[name] != old[name]]
    assert changed
    for name in changed:
        assert [entry for entry in new[name] if entry in old[name]] == old[name]
        assert len(new[name]) == len(old[name]) + 1
        for field in NUMBERS:
            said = [entry[field] for entry in new[name] if field in entry]
            assert len(said) == len(set(said))


def _lists(block: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    parts = {name: part["models"] for name, part in block.items() if isinstance(part, dict)}
    return parts | ({"models": block["models"]} if "models" in block else {})
