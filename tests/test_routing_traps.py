"""What consumers were seen to pass over: such words are not copied, such lists not written to, such files warned of."""

from __future__ import annotations

from pathlib import Path

import pytest

from routed import before_and_after, planned, routed
from tokenrouter_video.documents.values import Value

OF_ALL = "this consumer reads none of the file's models while one entry breaks its rules"

WORDS = [
    pytest.param(
        ".factory/settings.json",
        '{"customModels": [\n'
        '  {"model": "gpt-5.1", "baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "example-key-7f2",'
        ' "provider": "generic-chat-completion-api"},\n'
        '  {"model": "sora-2", "baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "example-key-7f2",'
        ' "provider": "openai-compatible"}<+,\n'
        '  {"model": "kling-v3", "baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "example-key-7f2",'
        ' "provider": "generic-chat-completion-api"}+>\n]}\n',
        "/customModels/1",
        id="Droid knows three providers",
    ),
    pytest.param(
        ".pi/agent/models.json",
        '{"providers": {"tr": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "$TR_KEY", "models": [\n'
        '  {"id": "gpt-5.1"},\n  {"id": "sora-2", "input": ["text", "video"]}<+,\n  {"id": "kling-v3"}+>\n]}}}\n',
        "/providers/tr/models/1",
        id="pi's models take text and images",
    ),
    pytest.param(
        ".omp/agent/models.yml",
        "providers:\n  tr:\n    baseUrl: https://api.tokenrouter.com/v1\n    apiKey: TR_KEY\n    models:\n"
        "      - id: gpt-5.1\n      - {id: sora-2, input: [video]}\n<+      - id: kling-v3\n+>",
        "/providers/tr/models/1",
        id="so do oh-my-pi's",
    ),
    pytest.param(
        ".continue/config.yaml",
        "name: mine\nversion: 0.0.1\nmodels:\n"
        "  - {name: GPT, provider: openai, model: gpt-5.1, apiBase: https://api.tokenrouter.com/v1}\n"
        "  - {name: Sora, provider: openai, model: sora-2, apiBase: https://api.tokenrouter.com/v1, roles: [video]}\n"
        "<+  - {name: Kling v3, provider: openai, model: kling-v3, apiBase: https://api.tokenrouter.com/v1}\n+>",
        "/models/1",
        id="Continue knows no role for video",
    ),
    pytest.param(
        ".openclaw/openclaw.json",
        '{models: {providers: {tr: {baseUrl: "https://api.tokenrouter.com/v1", apiKey: "${TR_KEY}", models: [\n'
        '  {id: "gpt-5.1", name: "GPT"},\n  {id: "sora-2", name: "Sora", input: ["prompt"]},\n'
        '<+  {id: "kling-v3", name: "Kling v3"},\n+>]}}}}\n',
        "/models/providers/tr/models/1",
        id="OpenClaw's models take four media",
    ),
]


@pytest.mark.parametrize(("name", "marked", "pointer"), WORDS)
def test_an_entry_with_a_word_that_its_consumer_refuses_is_named_and_not_copied(
    tmp_path: Path, name: str, marked: str, pointer: str
) -> None:
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, name, before, "kling-v3")
    warnings = planned(tmp_path, name, before, "kling-v3").warnings
    assert f"{pointer} breaks its consumer's rules and was not copied" in warnings
    assert OF_ALL in warnings


GIVEN: dict[str, Value] = {
    "id": "kling-v3",
    "name": "Kling",
    "model": "kling-v3",
    "provider": "video",
    "input": ["prompt"],
}


@pytest.mark.parametrize(("name", "text"), [(row.values[0], before_and_after(str(row.values[1]))[0]) for row in WORDS])
def test_a_given_entry_with_such_a_word_is_warned_of(tmp_path: Path, name: str, text: str) -> None:
    entry: Value = {**GIVEN, "roles": ["video"]}
    warning = "the given entry breaks its consumer's rules: see references/config_patterns.md"
    assert warning in planned(tmp_path, name, text, "kling-v3", entry).warnings


def test_a_given_entry_that_keeps_the_rules_is_not_warned_of(tmp_path: Path) -> None:
    before = (
        '{"providers": {"tr": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "$TR_KEY", "models": '
        '[{"id": "gpt-5.1"}]}}}\n'
    )
    plan = planned(tmp_path, ".pi/agent/models.json", before, "kling-v3", {"id": "kling-v3", "input": ["text"]})
    assert plan.warnings == ("consumer-has-no-video-path",)


LISTS = [
    pytest.param(
        "librechat.yaml",
        "endpoints:\n  custom:\n  - name: TokenRouter\n    baseURL: https://api.tokenrouter.com/v1\n"
        "    apiKey: ${TR_KEY}\n    models:\n      default: [gpt-5.1<+, kling-v3+>]\n      video: [sora-2]\n",
        id="LibreChat drops models.video silently",
    ),
    pytest.param(
        ".hermes/config.yaml",
        "model: {default: gpt-5.1, provider: tr}\nproviders:\n  tr:\n    api: https://api.tokenrouter.com/v1\n"
        "    key_env: TR_KEY\n    models:\n    - model: gpt-5.1\n    - id: glm-4.6\n    - model: glm-4.5\n"
        "<+    - id: kling-v3\n+>",
        id="Hermes drops an item with its id under model",
    ),
    pytest.param(
        "goose/custom_providers/tr.json",
        '{"name": "tr", "engine": "openai", "base_url": "https://api.tokenrouter.com/v1", "api_key_env": "TR_KEY",\n'
        ' "models": [{"name": "gpt-5.1", "context_limit": 400000}<+, {"name": "kling-v3", "context_limit": 400000}+>]}',
        id="a context_limit stays with Goose",
    ),
    pytest.param(
        "goose/custom_providers/tr.json",
        '{"name": "tr", "engine": "openai", "base_url": "https://api.tokenrouter.com/v1", "api_key_env": "TR_KEY",\n'
        ' "models": [{"name": "glm-4.6", "context_limit": 200000}, {"name": "gpt-5.1"}<+, {"name": "kling-v3"}+>]}',
        id="and is not made up",
    ),
    pytest.param(
        ".kimi-code/config.toml",
        '[providers.tr]\ntype = "openai"\nbase_url = "https://api.tokenrouter.com/v1"\napi_key_env = "TR_KEY"\n\n'
        '[models.gpt]\nprovider = "tr"\nmodel = "gpt-5.1"\nmax_context_size = 400000\n'
        '<+\n[models.kling-v3]\nprovider = "tr"\nmodel = "kling-v3"\nmax_context_size = 400000\n+>',
        id="Kimi Code takes a size, as Kimi CLI demands it",
    ),
]


@pytest.mark.parametrize(("name", "marked"), LISTS)
def test_the_route_goes_where_its_consumer_reads_it(tmp_path: Path, name: str, marked: str) -> None:
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, name, before, "kling-v3")
    assert not [one for one in planned(tmp_path, name, before, "kling-v3").warnings if "breaks" in one]


def test_a_list_that_its_consumer_does_not_read_is_none(tmp_path: Path) -> None:
    text = (
        "endpoints:\n  custom:\n  - name: TokenRouter\n    baseURL: https://api.tokenrouter.com/v1\n"
        "    apiKey: ${TR_KEY}\n    models:\n      video: [sora-2]\n"
    )
    plan = planned(tmp_path, "librechat.yaml", text, "kling-v3")
    assert plan.status == "not-needed"
    assert plan.advice == ("LibreChat reads models.default of endpoints.custom only",)


DROID = (
    '{\n  "customModels": [\n    {"model": "gpt-5.1", "baseUrl": "https://api.tokenrouter.com/v1",\n'
    '     "apiKey": "example-key-7f2", "provider": "openai"}%s\n  ]\n}\n'
)
QWEN = (
    '{\n  // mine\n  "modelProviders": {"openai": [{"id": "gpt-5.1", "envKey": "TR_KEY",\n'
    '    "baseUrl": "https://api.tokenrouter.com/v1"}%s /* , */ ]}\n}\n'
)
KILO = (
    '{"provider": {"tr": {"options": {"baseURL": "https://api.tokenrouter.com/v1", "apiKey": "%s"},\n'
    '  "models": {"gpt-5.1": {}}}}}\n'
)
GOOSE = (
    '{%s"name": "tr", "engine": "openai", "base_url": "https://api.tokenrouter.com/v1", "api_key_env": "TR_KEY",\n'
    ' "models": [{"name": "gpt-5.1"}%s]}\n'
)
OPENCLAW = (
    '{models: {providers: {tr: {baseUrl: "https://api.tokenrouter.com/v1", apiKey: "${TR_KEY}",\n'
    '  models: [{id: "gpt-5.1", name: "GPT"}]}}},\n agents: {defaults: {%s: {primary: "tr/kling-v3"}}}}\n'
)
CODEX = (
    'model = "gpt-5.1"\nmodel_provider = "tr"\n\n[model_providers.tr]\nname = "TokenRouter"\n'
    'base_url = "https://api.tokenrouter.com/v1"\nenv_key = "TR_KEY"\nwire_api = "%s"\n'
)
DROID_SHOWS_NONE = "line 4: Droid shows none of a file's custom models where it has a trailing comma"
QWEN_STOPS = "line 4: Qwen Code does not start with a trailing comma"
KILO_SKIPS = "line 1: Kilo passes over a project's file with {env:...}; only ~/.config/kilo may use it"
GOOSE_SKIPS = "line %d: Goose reads no comments and no trailing commas, and passes over the file"
OPENCLAW_REFUSES = (
    "line 3: OpenClaw refuses a file with agents.defaults.videoGenerationModel; it is mediaModels.video now"
)
CODEX_REFUSES = "line 8: Codex refuses a file with wire_api chat; it wants responses"

TRAPS = [
    pytest.param(".factory/settings.json", DROID % ",", [DROID_SHOWS_NONE], id="droid: a trailing comma"),
    pytest.param(".factory/settings.json", DROID % " // ,", [], id="droid: a comma in a comment"),
    pytest.param(".qwen/settings.json", QWEN % ",", [QWEN_STOPS], id="qwen: a trailing comma"),
    pytest.param(".qwen/settings.json", QWEN % "", [], id="qwen: comments only"),
    pytest.param("kilo.jsonc", KILO % "{env:TR_KEY}", [KILO_SKIPS], id="kilo: a variable in a project"),
    pytest.param("kilo.jsonc", KILO % "example-key-7f2", [], id="kilo: a literal key in a project"),
    pytest.param(".config/kilo/kilo.jsonc", KILO % "{env:TR_KEY}", [], id="kilo: its own folder"),
    pytest.param("goose/custom_providers/tr.json", GOOSE % ("", ","), [GOOSE_SKIPS % 2], id="goose: a trailing comma"),
    pytest.param("goose/custom_providers/tr.json", GOOSE % ("/**/", ""), [GOOSE_SKIPS % 1], id="goose: a comment"),
    pytest.param("goose/custom_providers/tr.json", GOOSE % ("", ""), [], id="goose: JSON"),
    pytest.param("openclaw.json", OPENCLAW % "videoGenerationModel", [OPENCLAW_REFUSES], id="openclaw: the old key"),
    pytest.param("openclaw.json", OPENCLAW % "mediaModels", [], id="openclaw: another key"),
    pytest.param(".codex/config.toml", CODEX % "chat", [CODEX_REFUSES], id="codex: chat, though it keeps no list"),
    pytest.param(".codex/config.toml", CODEX % "responses", [], id="codex: responses"),
]


@pytest.mark.parametrize(("name", "text", "expected"), TRAPS)
def test_what_makes_a_consumer_pass_over_a_file_is_warned_of(
    tmp_path: Path, name: str, text: str, expected: list[str]
) -> None:
    warnings = planned(tmp_path, name, text, "kling-v3").warnings
    assert [one for one in warnings if one != "consumer-has-no-video-path"] == expected


def test_a_model_that_is_there_already_is_warned_of_as_well(tmp_path: Path) -> None:
    text = (DROID % ",").replace("gpt-5.1", "kling-v3")
    plan = planned(tmp_path, ".factory/settings.json", text, "kling-v3")
    assert (plan.status, plan.warnings) == ("unchanged", (DROID_SHOWS_NONE,))


VIBE = (
    '[[providers]]\nname = "tr"\napi_base = "https://api.tokenrouter.com/v1"\napi_key_env_var = "TR_KEY"\n\n'
    '[models.gpt]\nname = "gpt-5.1"\nprovider = "tr"\n\n[models."kling-2.6"]\nname = "kling-v2-6"\nprovider = "tr"\n'
)
ALIASES = [
    pytest.param(
        ".vibe/config.toml",
        'allowed_models = ["gpt-5.1", "kling-v2-6"<+, "kling-v3"+>]\n'
        f'{VIBE}<+\n[models.kling-v3]\nname = "kling-v3"\nprovider = "tr"\n+>',
        id="Vibe's name is no label, and its filter names what is sent",
    ),
    pytest.param(
        "opencode.json",
        '{"provider": {"tr": {"options": {"baseURL": "https://api.tokenrouter.com/v1", "apiKey": "{env:TR_KEY}"},\n'
        '  "models": {"kling": {"id": "kling-v2-6", "name": "Kling 2.6", "modalities": {"output": ["video"]}}'
        '<+, "kling-v3": {"id": "kling-v3", "name": "Kling v3", "modalities": {"output": ["video"], '
        '"input": ["text", "image"]}}+>}}}}\n',
        id="OpenCode sends the id of the entry",
    ),
    pytest.param(
        ".kimi/config.toml",
        '[providers.tr]\ntype = "openai_legacy"\nbase_url = "https://api.tokenrouter.com/v1"\napi_key = "key-7f2"\n\n'
        '[models.film]\nprovider = "tr"\nmodel = "kling-v2-6"\nmax_context_size = 8192\n'
        '<+\n[models.kling-v3]\nprovider = "tr"\nmodel = "kling-v3"\nmax_context_size = 8192\n+>',
        id="Kimi CLI sends the model of the entry",
    ),
]


@pytest.mark.parametrize(("name", "marked"), ALIASES)
def test_under_an_alias_the_entry_says_what_is_sent(tmp_path: Path, name: str, marked: str) -> None:
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, name, before, "kling-v3")


@pytest.mark.parametrize("name", ["kling-v3", "MiniMax-Hailuo-2.3"])
def test_a_model_under_an_alias_is_there_already(tmp_path: Path, name: str) -> None:
    text = VIBE.replace("kling-v2-6", name)
    assert planned(tmp_path, ".vibe/config.toml", text, name).status == "unchanged"


def test_a_filter_that_lacks_a_model_under_an_alias_gets_what_is_sent(tmp_path: Path) -> None:
    marked = 'allowed_models = ["gpt-5.1"<+, "kling-v3"+>]\n' + VIBE.replace("kling-v2-6", "kling-v3")
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, ".vibe/config.toml", before, "kling-v3")


def test_a_file_whose_entries_all_break_the_rules_is_followed_and_warned_of(tmp_path: Path) -> None:
    marked = (
        "models:\n  - name: Sora 2\n    provider: openai\n    model: sora-2\n"
        "    apiBase: https://api.tokenrouter.com/v1\n    apiKey: ${{ secrets.TR_KEY }}\n    roles: [video]\n"
        "<+  - name: Kling v3\n    provider: openai\n    model: kling-v3\n"
        "    apiBase: https://api.tokenrouter.com/v1\n    apiKey: ${{ secrets.TR_KEY }}\n    roles: [video]\n+>"
    )
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, ".continue/config.yaml", before, "kling-v3")
    assert planned(tmp_path, ".continue/config.yaml", before, "kling-v3").warnings == (
        "consumer-has-no-video-path",
        "every entry breaks the known rules of its consumer, and the new one is made after them",
    )


def test_what_a_model_takes_is_said_in_words_that_the_list_knows(tmp_path: Path) -> None:
    marked = (
        '{"providers": {"tr": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "$TR_KEY", "models": ['
        '{"id": "sora-2", "input": ["text", "video"]}<+, {"id": "kling-v3", "input": ["text"]}+>]}}}\n'
    )
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, ".pi/agent/models.json", before, "kling-v3")
