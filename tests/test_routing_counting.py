"""Numbers that each entry of a list has to itself: which go on, which are shared, and which are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from routed import before_and_after, planned, routed
from tokenrouter_video.routing.fields import counter_kind

TR = "base_url: https://api.tokenrouter.com/v1\napi_key: ${TR_KEY}\nmodels:\n"
LITELLM = "api_base: https://api.tokenrouter.com/v1, api_key: os.environ/TR_KEY"

# What the list says, what is added, and which fields the warning says are left out.
LISTS = [
    pytest.param(
        "  - {id: kling-v2-6, order: 1}\n<+  - {id: kling-v3, order: 2}\n+>", "",
        id="a place in an order, behind a single entry",
    ),
    pytest.param(
        "  - {id: kling-v2-6, index: 0}\n<+  - {id: kling-v3, index: 1}\n+>", "",
        id="a count that starts at 0",
    ),
    pytest.param(
        "  - {id: glm-5, sort: 10}\n<+  - {id: kling-v3, sort: 11}\n+>", "",
        id="a place in an order, behind a single chat model",
    ),
    pytest.param(
        "  - {id: kling-v2-6, displayOrder: 3, list_index: 2}\n"
        "<+  - {id: kling-v3, displayOrder: 4, list_index: 3}\n+>",
        "",
        id="other names of an order",
    ),
    pytest.param(
        "  - {id: 1, model: kling-v2-6}\n<+  - {id: 2, model: kling-v3}\n+>", "",
        id="a number of the list's own that starts at 1",
    ),
    pytest.param(
        "  - {id: 4711, model: kling-v2-6}\n<+  - {model: kling-v3}\n+>", "id",
        id="a single number from somewhere else",
    ),
    pytest.param(
        '  - {uid: "001", model: kling-v2-6}\n<+  - {uid: "002", model: kling-v3}\n+>', "",
        id="a number with zeros in front, in quotes",
    ),
    pytest.param(
        "  - {id: kling-v2-6, sort: name}\n<+  - {id: kling-v3, sort: name}\n+>", "",
        id="a word under the name of an order",
    ),
    pytest.param(
        "  - {id: kling-v2-6, order: 30}\n  - {id: a-2, order: 20}\n  - {id: b-3, order: 10}\n"
        "<+  - {id: kling-v3, order: 0}\n+>",
        "",
        id="an order that counts down, with the new entry at its end",
    ),
    pytest.param(
        "  - {id: kling-v2-6, order: -1}\n<+  - {id: kling-v3}\n+>", "order",
        id="a number that stands for no place",
    ),
    pytest.param(
        "  - {id: glm-5}\n  - {id: kling-v2-6, order: 1}\n<+  - {id: kling-v3, order: 2}\n+>", "",
        id="entries of which one has a place",
    ),
    pytest.param(
        "  - {id: glm-5, order: 1}\n  - {id: kling-v2-6, order: 1}\n<+  - {id: kling-v3, order: 1}\n+>", "",
        id="a number that entries share",
    ),
    pytest.param(
        "  - {id: kling-v2-6, order: 1}\n  - {id: gpt-5, order: 2}\n<+  - {id: kling-v3, order: 3}\n+>", "",
        id="the next place is the last, not the one behind the family",
    ),
    pytest.param(
        "  - {id: a-1, n: 1, no: 1}\n  - {id: b-2, n: 1, no: 2}\n  - {id: c-3, n: 1, no: 3}\n"
        "  - {id: d-4, n: 1, no: 4}\n  - {id: z-5, n: 1, no: 5}\n<+  - {id: kling-v3, n: 1, no: 6}\n+>",
        "",
        id="the last place in a list that is sorted as well",
    ),
    pytest.param(
        "  - {id: kling-v2-6, rank: 1}\n  - {id: MiniMax-Hailuo-02, rank: 2}\n<+  - {id: kling-v3, rank: 3}\n+>", "",
        id="ranks that are those of the list",
    ),
    pytest.param(
        "  - {id: kling-v2-6, rank: 12}\n<+  - {id: kling-v3}\n+>  - {id: MiniMax-Hailuo-02, rank: 7}\n", "rank",
        id="ranks of a table elsewhere",
    ),
    pytest.param(
        "  - {id: kling-v2-6, priority: 1, weight: 10}\n<+  - {id: kling-v3, priority: 1, weight: 10}\n+>", "",
        id="what gateways share requests by",
    ),
    pytest.param(
        "  kling-v2-6: {order: 1, inputs: {image: {order: 1}, text: {order: 2}}}\n"
        "<+  kling-v3: {order: 2, inputs: {image: {order: 1}, text: {order: 2}}}\n+>",
        "",
        id="a map, whose entries count something of their own",
    ),
    pytest.param(
        "  - {id: 3, slug: kling-v2-6}\n<+  - {id: 4, slug: kling-v3}\n+>  - {id: 1, slug: gpt-5}\n", "",
        id="two numbers in no order, whose gap is no step",
    ),
    pytest.param(
        "  - {id: kling-v2-6, order: 1}\n<+  - {id: kling-v3, order: 4}\n+>"
        "  - {id: gpt-5}\n  - {id: glm-5, order: 3}\n",
        "",
        id="two numbers between which one is missing",
    ),
    pytest.param(
        "  - {id: kling-v2-6, order: 1.0}\n<+  - {id: kling-v3}\n+>", "order",
        id="a number that is not a whole one by its type",
    ),
    pytest.param(
        "  - {id: kling-v2-6, ui: {order: 1}}\n<+  - {id: kling-v3, ui: {order: 2}}\n+>", "",
        id="a place among what is said for people",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "left_behind"), LISTS)
def test_no_number_that_an_entry_has_to_itself_is_given_to_two(tmp_path: Path, marked: str, left_behind: str) -> None:
    before, after = before_and_after(TR + marked)
    assert after == routed(tmp_path, "a.yaml", before, "kling-v3")
    said = f"not copied, because they are another model's own: {left_behind}"
    assert planned(tmp_path, "a.yaml", before, "kling-v3").warnings == ((said,) if left_behind else ())


def test_an_entry_without_a_number_is_not_wired_wrong(tmp_path: Path) -> None:
    text = TR + "  - {id: MiniMax-Hailuo-02, order: 1}\n  - {id: kling-v3, order: 2}\n  - {id: kling-v2-6}\n"
    assert planned(tmp_path, "a.yaml", text, "kling-v2-6").status == "unchanged"


PROVIDERS = "providers:\n  - {name: tr, base_url: 'https://api.tokenrouter.com/v1', api_key: '${TR_KEY}',\n"
OTHER = "  - {name: oa, base_url: 'https://api.openai.com/v1', api_key: '${OA_KEY}',\n"

SEVERAL = [
    pytest.param(
        PROVIDERS + "     models: [{id: 11, model: glm}, {id: 12, model: kling-v2-6}<+, {id: 14, model: kling-v3}+>]}\n"
        + OTHER + "     models: [{id: 13, model: gpt-5}]}\n",
        id="numbers that go through all lists of the file",
    ),
    pytest.param(
        PROVIDERS + "     models: [{id: 1, model: glm-5}, {id: 2, model: kling-v2-6}<+, {id: 3, model: kling-v3}+>]}\n"
        + OTHER + "     models: [{id: 1, model: gpt-5}, {id: 2, model: gpt-4}, {id: 3, model: gpt-3}]}\n",
        id="numbers that start again in each list",
    ),
    pytest.param(
        PROVIDERS + "     models: [{id: 1, model: glm-5}, {id: 2, model: kling-v2-6}<+, {id: 3, model: kling-v3}+>]}\n"
        + OTHER + "     models: [{id: 101, model: gpt-5}]}\n",
        id="numbers of which each list has a range",
    ),
    pytest.param(
        PROVIDERS + "     chat_models: [{id: 1, model: glm-5}, {id: 2, model: gpt-5}],\n"
        "     video_models: [{id: 3, model: kling-v2-6}<+, {id: 4, model: kling-v3}+>]}\n",
        id="numbers that go through the channel's lists, of which this one has one",
    ),
]  # fmt: skip


@pytest.mark.parametrize("marked", SEVERAL)
def test_a_number_that_another_list_has_is_not_given_again(tmp_path: Path, marked: str) -> None:
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, "a.yaml", before, "kling-v3")


# https://docs.litellm.ai/docs/routing: the lower order is asked first, among entries of one name; equal ones share.
TIERS = [
    pytest.param(
        f"  - model_name: kling-v2-6\n    litellm_params: {{model: openai/kling-v2-6, {LITELLM}, order: 1}}\n"
        "    model_info: {mode: video_generation}\n"
        f"<+  - model_name: kling-v3\n    litellm_params: {{model: openai/kling-v3, {LITELLM}, order: 1}}\n"
        "    model_info: {mode: video_generation}\n+>",
        id="the first tier of another name",
    ),
    pytest.param(
        f"  - model_name: gpt-5\n    litellm_params: {{model: openai/gpt-5, {LITELLM}, order: 1}}\n"
        f"  - model_name: gpt-5\n    litellm_params: {{model: openai/gpt-5-b, {LITELLM}, order: 2}}\n"
        f"<+  - model_name: kling-v3\n    litellm_params: {{model: openai/kling-v3, {LITELLM}}}\n"
        "    model_info: {mode: video_generation}\n+>",
        id="no third tier behind two of another name",
    ),
]


@pytest.mark.parametrize("marked", TIERS)
def test_a_tier_among_entries_of_one_name_is_no_place_in_the_list(tmp_path: Path, marked: str) -> None:
    before, after = before_and_after("model_list:\n" + marked)
    assert after == routed(tmp_path, "litellm_config.yaml", before, "kling-v3")


KINDS = [
    *(("order", name) for name in ("order", "sortOrder", "display_order", "sort_index", "position", "orderNum", "seq")),
    *(("number", name) for name in ("id", "uid", "no", "number")),
    ("rank", "rank"),
    *((None, name) for name in ("priority", "weight", "fallback_order", "intelligence_index", "model", "reorder", "n")),
]


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_a_name_says_what_a_number_counts(kind: str | None, name: str) -> None:
    assert kind == counter_kind(name)
