"""Which neighbour is copied, what the new entry is called, and what to do where there is no list."""

from __future__ import annotations

from pathlib import Path

import pytest

from routed import before_and_after, planned, routed
from tokenrouter_video.consumer_rules import rules_of
from tokenrouter_video.documents.values import Value

HEAD = "tr:\n  base_url: https://api.tokenrouter.com/v1\n  api_key: ${TR_KEY}\n  models:\n"

ROWS = [
    pytest.param(
        "  - {id: gpt-4o, enabled: true}\n  - {id: glm-5, enabled: false}\n<+  - {id: kling-v3, enabled: true}\n+>",
        id="none that is switched off, where one is on",
    ),
    pytest.param(
        "  - {id: kling-v2-6, type: video}\n<+  - {id: kling-v3, type: video}\n+>"
        "  - {id: hailuo-02, type: video, disabled: 'yes'}\n",
        id="none that a word switches off",
    ),
    pytest.param("    gpt-4o: true\n    glm-5: false\n<+    kling-v3: true\n+>", id="none that is false under its id"),
    pytest.param("  - gpt-4o\n  - {id: claude, ctx: 1}\n  - qwen\n<+  - kling-v3\n+>", id="most are strings"),
    pytest.param(
        "  - {id: gpt-4o, live: true}\n  - {id: claude, live: true}\n  - qwen\n<+  - {id: kling-v3, live: true}\n+>",
        id="most are objects",
    ),
    pytest.param(
        "  - {id: gpt, model_id: openai/gpt-4o}\n  - {id: kling-v2-6, model_id: up/kling-v2-6}\n"
        "<+  - {id: kling-v3, model_id: up/kling-v3}\n+>",
        id="two ids, each with what stands around it",
    ),
    pytest.param(
        "  # text\n  - gpt-4o\n  - claude\n\n  # video\n  - kling-v2-6   # cheap\n<+  - kling-v3\n+>\n"
        "  # pictures\n  - flux\n",
        id="groups under headings: behind the family's last",
    ),
    pytest.param("  - thudm/glm-4\n<+  - kling-v3\n+>", id="a single id's prefix is its maker"),
    pytest.param("  - tr/glm-4\n<+  - tr/kling-v3\n+>", id="a single id's prefix is the channel's name"),
    pytest.param(
        "  - tr/openai/gpt\n  - tr/openai/o4\n<+  - tr/kling-v3\n+>", id="behind the router's prefix a maker's"
    ),
    pytest.param(
        '  - {id: glm, label: "GLM (spark, 4 bit)"}\n<+  - {id: kling-v3, label: "Kling v3"}\n+>',
        id="a single label's tail is about its model",
    ),
    pytest.param(
        '  - {id: glm, label: "GLM (via TokenRouter)"}\n<+  - {id: kling-v3, label: "Kling v3 (via TokenRouter)"}\n+>',
        id="a single label's tail names the gateway",
    ),
    pytest.param(
        "  - {id: kling-v2-6, released: 2025-12, price: 1}\n<+  - {id: kling-v3}\n+>",
        id="dates and prices are another model's own",
    ),
]


@pytest.mark.parametrize("marked", ROWS)
def test_the_new_entry_is_made_after_its_neighbours(tmp_path: Path, marked: str) -> None:
    before, after = before_and_after(HEAD + marked)
    assert after == routed(tmp_path, "gateway.yaml", before, "kling-v3")


def test_targets_of_a_map_elsewhere_name_the_provider(tmp_path: Path) -> None:
    marked = (
        "providers:\n  tr: {base_url: https://api.tokenrouter.com/v1, api_key_env: TR_KEY}\nmodels:\n  fast:\n"
        "    primary: { provider: tr, model: gpt-4o }\n    fallback: { provider: tr, model: claude }\n"
        "<+  kling-v3:\n    primary: { provider: tr, model: kling-v3 }\n+>"
    )
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, "gateway.yaml", before, "kling-v3")


POLLUTED = [
    pytest.param(
        ".claude-code-router/config.json",
        '{"Providers": [{"name": "tr", "api_base_url": "https://api.tokenrouter.com/v1/chat/completions",\n'
        '  "api_key": "example-key-7f2", "models": ["gpt-4o", {"id": "kling-v2-6"}<+, "kling-v3"+>]}], "Router": {}}\n',
        "/Providers/0/models/1",
        id="an object where strings are due",
    ),
    pytest.param(
        "openclaw.json",
        '{"models": {"providers": {"tr": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "example-key-7f2",\n'
        '  "models": [{"id": "gpt-4o", "name": "GPT-4o"}, {"id": "kling-v2-6", "name": "Kling 2.6", "kind": "video"}'
        '<+, {"id": "kling-v3", "name": "Kling v3"}+>]}}}}\n',
        "/models/providers/tr/models/1",
        id="a field that a strict consumer refuses",
    ),
    pytest.param(
        "openclaw.json",
        '{"models": {"providers": {"tr": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "example-key-7f2",\n'
        '  "models": [{"id": "gpt-4o", "name": "GPT-4o"}, "kling-v2-6"'
        '<+, {"id": "kling-v3", "name": "Kling v3"}+>]}}}}\n',
        "/models/providers/tr/models/1",
        id="a string where objects are due",
    ),
]


@pytest.mark.parametrize(("name", "marked", "pointer"), POLLUTED)
def test_a_neighbour_that_breaks_its_consumers_rules_is_named_and_not_copied(
    tmp_path: Path, name: str, marked: str, pointer: str
) -> None:
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, name, before, "kling-v3")
    plan = planned(tmp_path, name, before, "kling-v3")
    assert f"{pointer} breaks its consumer's rules and was not copied" in plan.warnings


def test_an_entry_under_another_name_counts_by_the_id_that_it_sends(tmp_path: Path) -> None:
    text = (
        "model_list:\n- model_name: film\n  litellm_params:\n    model: openai/kling-v3\n"
        "    api_base: https://api.tokenrouter.com/v1\n    api_key: os.environ/TR_KEY\n"
        "  model_info: {mode: video_generation}\n"
    )
    assert planned(tmp_path, "litellm_config.yaml", text, "kling-v3").status == "unchanged"


def test_an_entry_without_its_consumers_mark_of_video_gets_it(tmp_path: Path) -> None:
    marked = (
        "model_list:\n- model_name: kling-v3\n  litellm_params:\n    model: openai/kling-v3\n"
        "    api_base: https://api.tokenrouter.com/v1\n    api_key: os.environ/TR_KEY\n"
        "<+  model_info:\n    mode: video_generation\n+>"
    )
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, "litellm_config.yaml", before, "kling-v3")
    assert planned(tmp_path, "litellm_config.yaml", before, "kling-v3").action == "fix"


CHAT = "tr:\n  base_url: https://api.tokenrouter.com/v1\n  api_key: ${TR_KEY}\n  "
GIVEN: list[object] = [
    pytest.param(CHAT + "models: [<+kling-v3+>]\n", "kling-v3", id="strings"),
    pytest.param(
        CHAT + "models:\n  - id: a\n    x: 1\n<+  - id: kling-v3\n    x: 2\n+>",
        {"id": "kling-v3", "x": 2},
        id="objects",
    ),
    pytest.param(
        CHAT + "models:\n    a: {x: 1}\n<+    kling-v3: {x: 2}\n+>", {"kling-v3": {"x": 2}}, id="map, with the key"
    ),
    pytest.param(CHAT + "models:\n    a: {x: 1}\n<+    kling-v3: {x: 2}\n+>", {"x": 2}, id="map, the value alone"),
    pytest.param(CHAT + "models: a,b<+,kling-v3+>\n", "kling-v3", id="delimited"),
    pytest.param(
        "- model: a\n  base_url: https://api.tokenrouter.com/v1\n  api_key: ${TR_KEY}\n"
        "<+- model: kling-v3\n  base_url: https://api.tokenrouter.com/v1\n+>",
        {"model": "kling-v3", "base_url": "https://api.tokenrouter.com/v1"},
        id="flat",
    ),
]


@pytest.mark.parametrize(("marked", "entry"), GIVEN)
def test_a_given_entry_goes_into_every_shape(tmp_path: Path, marked: str, entry: Value) -> None:
    before, after = before_and_after(marked)
    (file,) = planned(tmp_path, "gateway.yaml", before, "kling-v3", entry).files
    assert after == file.text


NO_LIST = [
    pytest.param(
        ".claude/settings.json",
        '{"env": {"ANTHROPIC_BASE_URL": "https://api.tokenrouter.com", "ANTHROPIC_AUTH_TOKEN": "example-key-7f2"}}',
        "claude-code",
        id="Claude Code",
    ),
    pytest.param(
        ".codex/config.toml",
        'model = "gpt-4o"\n[model_providers.tr]\nbase_url = "https://api.tokenrouter.com/v1"\nenv_key = "TR_KEY"\n',
        "codex",
        id="Codex",
    ),
    pytest.param(
        "roo-code-settings.json",
        '{"providerProfiles": {"apiConfigs": {"tr": {"openAiBaseUrl": "https://api.tokenrouter.com/v1",'
        ' "openAiApiKey": "example-key-7f2", "openAiModelId": "gpt-4o"}}}}',
        "roo",
        id="Roo Code",
    ),
    pytest.param(
        "main.ts",
        'const tr = createOpenAICompatible({ name: "tr", baseURL: "https://api.tokenrouter.com/v1",'
        ' apiKey: process.env.TR_KEY });\nexport const model = tr.chatModel("gpt-4o");\n',
        "vercel-ai-sdk",
        id="Vercel AI SDK: ids are arguments of calls",
    ),
    pytest.param(
        "compose.yaml",
        "services:\n  ui:\n    environment:\n      OPENAI_BASE_URL: https://api.tokenrouter.com/v1\n"
        "      OPENAI_API_KEY: example-key-7f2\n",
        "docker-compose",
        id="a compose service",
    ),
]


@pytest.mark.parametrize(("name", "text", "consumer"), NO_LIST)
def test_a_consumer_without_a_list_is_told_what_to_do_instead(
    tmp_path: Path, name: str, text: str, consumer: str
) -> None:
    plan = planned(tmp_path, name, text, "kling-v3")
    assert (plan.status, plan.channel.consumer, plan.files) == ("not-needed", consumer, ())
    assert plan.advice == (rules_of(consumer).advice,)
    assert rules_of(consumer).advice
