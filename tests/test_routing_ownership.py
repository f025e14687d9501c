"""Parts of a channel's block, and entries of its list, that another provider's URL or key makes another provider's."""

from __future__ import annotations

from pathlib import Path

import pytest

from routed import before_and_after, channels_in, planned, routed
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.errors import RefusedError
from tokenrouter_video.routing.plan import NO_VIDEO_PATH, plan_route
from tokenrouter_video.routing.route_lists import find_route_lists

URL = "https://api.tokenrouter.com/v1"
OUTER = f"base_url: {URL}\napi_key: ${{TR_KEY}}\n"
TR = f"tr:\n  base_url: {URL}\n  api_key: ${{TR_KEY}}\n"

OWN = [
    pytest.param(
        "a.yaml",
        "models:\n"
        f"  - id: kling-v2-6\n    base_url: {URL}\n    api_key: ${{TR_KEY}}\n"
        "    headers: {Authorization: Bearer example-key-7f2}\n"
        f"<+  - id: kling-v3\n    base_url: {URL}\n    api_key: ${{TR_KEY}}\n+>"
        f"  - id: MiniMax-Hailuo-02\n    base_url: {URL}\n    api_key: ${{TR_KEY}}\n"
        "    headers: {Authorization: Bearer example-key-9c1}\n",
        id="without its neighbour's second key, which no second run puts there either",
    ),
    pytest.param(
        "a.json",
        f'{{"providers": {{"a": {{"baseUrl": "{URL}", "apiKey": "${{TR_KEY}}",\n'
        ' "models": [{"id": "happyhorse-1.0-t2v", "type": "chat"}<+, {"id": "kling-v3", "type": "video"}+>]},\n'
        f' "b": {{"baseUrl": "{URL}", "apiKey": "${{TR_KEY}}",\n'
        ' "models": [{"model": "seedance-1-0-pro", "name": "Seedance", "type": "video"}]}}}\n',
        id="an entry like those of its own list, though another's of the channel has a video model",
    ),
    pytest.param(
        "a.yaml",
        TR + "  openai:\n    api_key: ${OPENAI_API_KEY}\n    models: [gpt-4o]\n  models: [glm-5<+, kling-v3+>]\n",
        id="its own list, behind that of a provider with another key",
    ),
    pytest.param(
        "a.yaml",
        OUTER + "video:\n  api_key: ${TR_KEY}\n  models: [kling-v2-6<+, kling-v3+>]\n",
        id="a part that repeats the channel's key",
    ),
    pytest.param(
        "a.yaml",
        OUTER + "openai:\n  api_key_env: TR_KEY\n  models: [gpt-4o<+, kling-v3+>]\n",
        id="a part that names the channel's variable in another way, whatever it is called",
    ),
    pytest.param(
        "a.yaml",
        OUTER + "video:\n  headers: {Authorization: 'Bearer ${TR_KEY}'}\n  models: [kling-v2-6<+, kling-v3+>]\n",
        id="the channel's key in a header",
    ),
    pytest.param(
        "a.yaml",
        "x-key: &k ${TR_KEY}\n"
        f"tr:\n  base_url: {URL}\n  api_key: *k\n  video: {{api_key: *k, models: [kling-v2-6<+, kling-v3+>]}}\n",
        id="the channel's key by its anchor",
    ),
    pytest.param(
        "a.json",
        f'{{"base_url": "{URL}", "api_key": "example-key-7f2",\n'
        ' "video": {"api_key": "example-key-7f2", "models": ["kling-v2-6"<+, "kling-v3"+>]}}\n',
        id="the same literal key",
    ),
    pytest.param(
        "a.py",
        "import os\n\nKEY = os.environ['TR_KEY']\n"
        f"TR = {{\n    'base_url': '{URL}',\n    'api_key': KEY,\n"
        "    'openai': {'api_key': os.environ['OPENAI_API_KEY'], 'models': ['gpt-4o']},\n"
        "    'video': {'api_key': KEY, 'models': ['kling-v2-6'<+, 'kling-v3'+>]},\n}\n",
        id="the same constant in code",
    ),
    pytest.param(
        "a.toml",
        f'[tr]\nbase_url = "{URL}"\napi_key_env = "TR_KEY"\n\n[tr.openai]\napi_key_env = "OPENAI_API_KEY"\n'
        'models = ["gpt-4o"]\n\n[tr.video]\nmodels = ["kling-v2-6"<+, "kling-v3"+>]\n',
        id="a table without a key of its own, beside one with another",
    ),
    pytest.param(
        "a.yaml",
        f"base_url: {URL}\nllm:\n  api_key: ${{TR_KEY}}\n  models: [gpt-4o<+, kling-v3+>]\n",
        id="the only key that is said in the block of a base URL without one",
    ),
    pytest.param(
        "a.yaml",
        f"base_url: {URL}\nllm:\n  api_key: ${{TR_KEY}}\n  models: [gpt-4o<+, kling-v3+>]\n"
        "search:\n  api_key: ${S}\n",
        id="the only key that is said beside models",
    ),
    pytest.param(
        "a.yaml",
        TR + "  video:\n    env: {TR_KEY: example-key-7f2}\n    models: [kling-v2-6<+, kling-v3+>]\n",
        id="a part that sets the channel's variable",
    ),
    pytest.param(
        "a.yaml",
        TR + "  video:\n    webhook_secret: ${HOOK}\n    s3: {secret_key: '${S3}'}\n"
        "    models: [kling-v2-6<+, kling-v3+>]\n",
        id="secrets of other things than the provider",
    ),
    pytest.param(
        "a.yaml",
        TR + "  groups:\n    film: {key: film, models: [kling-v2-6<+, kling-v3+>]}\n",
        id="a key that is a name",
    ),
    pytest.param(
        "a.yaml",
        TR + "  models:\n    - {key: gpt-5, label: GPT-5}\n    - {key: MiniMax-Hailuo-2.3, label: Hailuo 2.3}\n"
        "<+    - {key: kling-v3, label: Kling 3.0}\n+>",
        id="a key that is an id",
    ),
    pytest.param(
        "a.yaml",
        TR + "  video:\n    api_key: ''\n    models: [kling-v2-6<+, kling-v3+>]\n",
        id="an empty place for a key",
    ),
    pytest.param(
        "config.json",
        f'{{"providers": {{"tr": {{"network_config": {{"base_url": "{URL}"}}, "keys": [\n'
        '  {"name": "a", "value": "env.TR_A", "models": ["gpt-4o"<+, "kling-v3"+>]},\n'
        '  {"name": "b", "value": "env.TR_B", "models": ["glm-5"]}]}}}\n',
        id="keys that take turns for one provider",
    ),
    pytest.param(
        "a.yaml",
        TR + "  models:\n    - id: glm-5\n<+    - id: kling-v3\n+>    - id: kling-v2-6\n      api_key: ${KLING_KEY}\n",
        id="no copy of an entry with another key",
    ),
    pytest.param(
        "a.yaml",
        TR + "  models:\n    - {id: kling-v2-6, fps: 24, queue_url: https://queue.example/1}\n"
        "<+    - {id: kling-v3, fps: 24, queue_url: https://queue.example/1}\n+>",
        id="an address of an entry that is no base URL",
    ),
    pytest.param(
        "a.yaml",
        TR + "docs_url: https://docs.example/\nmodels:\n"
        "  - {id: kling-v2-6, preview_url: https://cdn.example/a}\n"
        "<+  - {id: kling-v3}\n+>",
        id="pages and pictures beside the provider",
    ),
    pytest.param(
        "a.yaml",
        f"chat:\n  base_url: {URL}\n  api_key: ${{TR_KEY}}\n  models: [gpt-5]\n"
        f"video:\n  base_url: {URL}\n  api_key: ${{TR_KEY}}\n  models: [<+kling-v3+>]\n",
        id="entries that repeat URL and key: the one for video",
    ),
    pytest.param(
        "a.yaml",
        f"x: &x\n  base_url: {URL}\n  api_key: ${{TR_KEY}}\n"
        "fast:\n  <<: *x\n  models: [gpt-5]\nfilm:\n  <<: *x\n  models: [kling-v2-6<+, kling-v3+>]\n",
        id="entries that merge URL and key: the one that has a video model",
    ),
    pytest.param(
        "a.yaml",
        TR + "  groups:\n    - {name: a, models: [gpt-5]}\n    - {name: b, models: [kling-v2-6<+, kling-v3+>]}\n",
        id="of two lists the one that has a video model",
    ),
    pytest.param(
        "a.yaml",
        TR + "  models:\n    chat: {items: [gpt-5]}\n    video: {items: [kling-v2-6<+, kling-v3+>]}\n",
        id="lists of groups that are called items",
    ),
    pytest.param(
        "a.yaml",
        TR + "  models:\n    - id: kling-v2-6\n      fallback: {base_url: https://fal.example/v1, api_key: '${FAL}'}\n"
        "<+    - id: kling-v3\n+>",
        id="an entry of the channel, whose fallback is another provider's: without that",
    ),
    pytest.param(
        "a.yaml",
        TR + "  models:\n    - id: kling-v2-6\n      providers:\n        - name: tr\n          order: 1\n"
        "        - name: fal\n          api_key: ${FAL_KEY}\n          order: 2\n"
        "<+    - id: kling-v3\n      providers:\n        - name: tr\n          order: 1\n+>",
        id="a list of those who serve a model, without those of whom nobody knows whether they have the new one",
    ),
    pytest.param(
        "a.ts",
        f"const base = {{ baseURL: '{URL}', apiKey: process.env.TR_KEY }};\n"
        "export const chat = { ...base, models: ['gpt-5'] };\n"
        "export const video = { ...base, models: ['kling-v2-6'<+, 'kling-v3'+>] };\n",
        id="objects of code that take in URL and key",
    ),
    pytest.param(
        "a.py",
        "import os\n\n"
        f"BASE = {{'base_url': '{URL}', 'api_key': os.environ['TR_KEY']}}\n"
        "OTHER = {**BASE, 'base_url': 'https://other.example/v1', 'models': ['llama']}\n"
        "TR = {**BASE, 'models': ['gpt-5'<+, 'kling-v3'+>]}\n",
        id="a dict that takes in URL and key, beside one with a URL of its own",
    ),
    pytest.param(
        "a.yaml",
        OUTER + "openai:\n  api_key: ${OPENAI_API_KEY}\n  models: [kling-v3]\nmodels: [glm-5<+, kling-v3+>]\n",
        id="a model that only another provider has",
    ),
]


@pytest.mark.parametrize(("name", "marked"), OWN)
def test_what_is_the_channels_gets_the_model(tmp_path: Path, name: str, marked: str) -> None:
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, name, before, "kling-v3")


BY_KEY = "the only list of models stands beside a key that is not this channel's"
BY_URL = "the only list of models stands beside a base URL that is not this gateway's"
SHARED = "the list is shared with another provider (a.yaml:{}), which would get the model as well"

ANOTHERS = [
    pytest.param(
        OUTER + "openai:\n  api_key: ${OPENAI_API_KEY}\n  models: [kling-v3]\n", 5, BY_KEY, [],
        id="a provider with a key, inside another's block",
    ),
    pytest.param(
        OUTER + "openai:\n  openai_api_key: ${OTHER}\n  models: [gpt-4o]\n", 5, BY_KEY, [],
        id="a key with the part's own name in front",
    ),
    pytest.param(
        OUTER + "video:\n  api_key: ${TR_VIDEO_KEY}\n  models: [kling-v2-6]\n", 5, BY_KEY, [],
        id="another account of the gateway: a channel is one base URL with one key",
    ),
    pytest.param(
        OUTER + "chat:\n  auth: {token: '${OTHER}'}\n  models: [gpt-4o]\n", 5, BY_KEY, [],
        id="a key in the usual place below",
    ),
    pytest.param(
        OUTER + "chat:\n  apiKey: {source: env, provider: default, id: OTHER}\n  models: [gpt-4o]\n", 5, BY_KEY, [],
        id="a key that an object refers to",
    ),
    pytest.param(
        OUTER + "fallback:\n  base_url: https://other.example/v1\n  models: [gpt-4o]\n", 5, BY_URL, [],
        id="a provider with a base URL",
    ),
    pytest.param(
        TR + "  models:\n    - id: glm-5\n    - id: kling-v3\n      api_key: ${KLING_KEY}\n",
        6, "the list has kling-v3 already, with a base URL or key of its own", ["glm-5"],
        id="the model itself, with another key in the channel's own list",
    ),
    pytest.param(
        OUTER + "fallback:\n  api: https://other.example/v1\n  models: [gpt-4o]\n", 5, BY_URL, [],
        id="a provider with a base URL under another name",
    ),
    pytest.param(
        OUTER + "fallback:\n  litellm_base_url: https://other.example/v1\n  models: [gpt-4o]\n", 5, BY_URL, [],
        id="a provider with a base URL with its name in front",
    ),
    pytest.param(
        OUTER + "fallback:\n  base_url: ${OTHER_URL}\n  models: [gpt-4o]\n", 5, BY_URL, [],
        id="a provider with a base URL that is not said here",
    ),
    pytest.param(
        f"base_url: {URL}\nproviders:\n  one: {{api_key: '${{A}}', models: [gpt-4o]}}\n"
        "  two: {api_key: '${B}', models: [glm-5]}\n",
        3, BY_KEY, [],
        id="two keys, and none that is said to be the channel's",
    ),
    pytest.param(
        OUTER + "models: &m [gpt-4o]\nopenai:\n  api_key: ${OPENAI_API_KEY}\n  models: *m\n",
        3, SHARED.format(6), ["gpt-4o"],
        id="a list that a provider with another key repeats",
    ),
    pytest.param(
        TR + "  fallback:\n    base_url: https://other.example/v1\n    models: &m [gpt-4o]\n  models: *m\n",
        6, SHARED.format(6), ["gpt-4o"],
        id="another provider's list, which the channel repeats",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "reason", "models"), ANOTHERS)
def test_what_is_another_providers_is_refused(
    tmp_path: Path, text: str, line: int, reason: str, models: list[str]
) -> None:
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, "a.yaml", text, "kling-v3")
    assert caught.value.message == f"a.yaml:{line}: {reason}"
    (channel,) = channels_in(tmp_path, {"a.yaml": text})
    assert models == list(find_route_lists(channel)[0].models)


# The channel, the text, and who else gets the model.
HOLDERS = [
    pytest.param(
        "/team",
        f"tr: &tr\n  base_url: {URL}\n  api_key: ${{A}}\n  models: [gpt-4o]\nteam:\n  <<: *tr\n  api_key: ${{B}}\n",
        ["a.yaml:4: /tr/models holds the list itself"],
        id="a provider that another one merges",
    ),
    pytest.param(
        "/providers/team",
        f"providers:\n  tr: &tr\n    base_url: {URL}\n    models: [gpt-4o]\n"
        "  team:\n    <<: *tr\n    api_key: ${B}\n",
        ["a.yaml:4: /providers/tr/models holds the list itself"],
        id="an entry among providers, be it without a key",
    ),
    pytest.param(
        "/providers/third",
        f"providers:\n  tr: &tr\n    base_url: {URL}\n    api_key: ${{A}}\n    models: &m [gpt-4o]\n  team:\n"
        f"    <<: *tr\n    api_key: ${{B}}\n  third:\n    base_url: {URL}\n    api_key: ${{C}}\n    models: *m\n",
        [
            "a.yaml:5: /providers/tr/models holds the list itself",
            "a.yaml:7: /providers/team repeats the list under a name",
        ],
        id="one that holds the list and one that merges the holder",
    ),
    pytest.param(
        "/prod",
        f"base: &base\n  base_url: {URL}\n  models: [gpt-4o]\nprod:\n  <<: *base\n  api_key: ${{A}}\n",
        [],
        id="a map that only others use",
    ),
    pytest.param(
        "/prod",
        f"dev: &dev\n  base_url: {URL}\n  api_key: ${{A}}\n  models: [gpt-4o]\nprod:\n  <<: *dev\n  timeout: 60\n",
        [],
        id="the same URL, key and list by another name: one channel",
    ),
]


@pytest.mark.parametrize(("pointer", "text", "gaining"), HOLDERS)
def test_whoever_holds_a_list_that_a_channel_merges_is_named(
    tmp_path: Path, pointer: str, text: str, gaining: list[str]
) -> None:
    channel = next(one for one in channels_in(tmp_path, {"a.yaml": text}) if one.pointer == pointer)
    warned = [one for one in plan_route(channel, MODELS["kling-v3"]).warnings if one != NO_VIDEO_PATH]
    assert warned == [f"{place} and gets the model as well" for place in gaining]


def test_a_list_in_another_providers_block_gets_nothing(tmp_path: Path) -> None:
    """Its entries name their provider; that does not make it a list for whoever has none."""
    text = (
        f"tr:\n  base_url: {URL}\n  api_key: ${{TR_KEY}}\n"
        "local:\n  base_url: http://localhost:8000/v1\n  models:\n    - {id: llama, provider: local}\n"
    )
    plan = planned(tmp_path, "a.yaml", text, "kling-v3")
    assert (plan.status, plan.files) == ("not-needed", ())
