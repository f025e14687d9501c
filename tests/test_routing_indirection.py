"""Lists that stand elsewhere: aliases, merge keys, constants, spreads, JSON in strings, one file a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from routed import before_and_after, channels_in, planned, routed
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.errors import RefusedError
from tokenrouter_video.routing.plan import plan_route

ROWS = [
    pytest.param(
        "gateway.yaml",
        "base: &base {base_url: https://api.tokenrouter.com/v1, api_key: example-key-7f2}\nmodels:\n"
        "  - {<<: *base, id: gpt-4o}\n  - {<<: *base, id: kling-v2-6}\n<+  - {<<: *base, id: kling-v3}\n+>"
        "  - {base_url: http://localhost:1/v1, id: qwen}\n",
        id="flat entries that merge URL and key",
    ),
    pytest.param(
        "registry.ts",
        "const CHAT_MODELS = [{ id: 'gpt-4o' }];\nconst VIDEO_MODELS = [\n  { id: 'kling-v2-6', fps: 24 },\n"
        "<+  { id: 'kling-v3', fps: 24 },\n+>];\n"
        "export const tr = {\n  baseURL: 'https://api.tokenrouter.com/v1',\n  apiKey: process.env.TR_KEY,\n"
        "  models: [...CHAT_MODELS, ...VIDEO_MODELS],\n};\n",
        id="a spread of constants: the one for video",
    ),
    pytest.param(
        "registry.ts",
        "const IDS = ['gpt-4o', 'claude'<+, 'kling-v3'+>] as const;\nexport const tr = {\n"
        "  baseURL: 'https://api.tokenrouter.com/v1',\n  apiKey: process.env.TR_KEY,\n"
        "  models: IDS.map((id) => ({ id, name: id })),\n};\n",
        id="a constant whose items are mapped",
    ),
    pytest.param(
        "channel.json",
        '{"base_url": "https://api.tokenrouter.com", "key": "example-key-7f2", "group": "default",\n'
        ' "models": "[\\"gpt-4o\\", \\"kling-v2-6\\"<+, \\"kling-v3\\"+>]"}\n',
        id="a JSON list in a JSON string",
    ),
    pytest.param(
        "channel.yaml",
        "tr:\n  base_url: https://api.tokenrouter.com\n  key: example-key-7f2\n"
        """  models: '[{"id": "gpt-4o", "name": "it''s"}<+, {"id": "kling-v3", "name": "Kling v3"}+>]' # as JSON\n""",
        id="JSON objects in a single-quoted YAML string",
    ),
    pytest.param(
        "channel.yaml",
        "tr:\n  base_url: https://api.tokenrouter.com\n  key: example-key-7f2\n  models: |\n"
        '    [\n      "gpt-4o"<+,\n      "kling-v3"+>\n    ]\n',
        id="a JSON list in a block of lines",
    ),
]


@pytest.mark.parametrize(("name", "marked"), ROWS)
def test_the_list_is_followed_to_where_it_stands(tmp_path: Path, name: str, marked: str) -> None:
    before, after = before_and_after(marked)
    channels = channels_in(tmp_path, {name: before})
    (file,) = plan_route(channels[0], MODELS["kling-v3"]).files
    assert after == file.text
    again = channels_in(tmp_path, {name: after})
    assert plan_route(again[0], MODELS["kling-v3"]).status == "unchanged"


REFUSED = [
    pytest.param(
        "gateway.yaml",
        "x: &models [gpt-4o]\nproviders:\n  tr:\n    base_url: https://api.tokenrouter.com/v1\n    api_key: ${TR_KEY}\n"
        "    models: *models\n  other:\n    base_url: http://localhost:1/v1\n    models: *models\n",
        "gateway.yaml:1: the list is shared with another provider (gateway.yaml:9), which would get the model as well",
        id="an alias that another provider uses",
    ),
    pytest.param(
        "registry.ts",
        "import { MODELS } from './models';\nexport const tr = { baseURL: 'https://api.tokenrouter.com/v1',\n"
        "  apiKey: process.env.TR_KEY, models: MODELS };\n",
        "registry.ts:3: what the list holds is not said in this file",
        id="a constant of another module",
    ),
    pytest.param(
        "registry.ts",
        "export const tr = { baseURL: 'https://api.tokenrouter.com/v1', apiKey: process.env.TR_KEY,\n"
        "  models: [{ id: 'gpt-5' }].concat([{ id: 'glm-5' }]) };\n",
        "registry.ts:2: what the list holds is not said in this file",
        id="an expression with lists in it",
    ),
    pytest.param(
        "registry.ts",
        "const A = B;\nconst B = A;\nexport const tr = { baseURL: 'https://api.tokenrouter.com/v1',\n"
        "  apiKey: process.env.TR_KEY, models: A };\n",
        "registry.ts:4: what the list holds is not said in this file",
        id="constants in a ring",
    ),
    pytest.param(
        "channel.yaml",
        'tr:\n  base_url: https://api.tokenrouter.com\n  key: example-key-7f2\n  models: >\n    ["gpt-4o"]\n',
        "channel.yaml:4: a text that is written with > cannot be edited safely: its lines are folded, so that they are "
        "not the lines of the file; write the text as a literal block (|)",
        id="JSON in a folded text",
    ),
    pytest.param(
        ".openclaw/agents/main/agent/models.json",
        '{"providers": {"tr": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "example-key-7f2", "models": '
        '[{"id": "gpt-4o", "name": "GPT-4o"}]}}}\n',
        ".openclaw/agents/main/agent/models.json:1: OpenClaw writes this file itself, and an edit would be lost",
        id="a generated file",
    ),
]


@pytest.mark.parametrize(("name", "text", "message"), REFUSED)
def test_what_is_not_the_channels_own_list_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, name, text, "kling-v3")
    assert message == caught.value.message


PROVIDER = 'name = "TokenRouter"\nenv = ["TR_KEY"]\nnpm = "@ai-sdk/openai-compatible"\napi = "https://api.tokenrouter.com/v1"\n'
KLING = """\
# Kuaishou
name = "Kling v2.6" # the cheap one
release_date = "2025-12-01"
attachment = true

[cost]
output = 3.36

[modalities]
input = ["text", "image"]
output = ["video"]
"""
GPT = 'name = "GPT-4o"\nattachment = true\n\n[modalities]\ninput = ["text"]\noutput = ["text"]\n'
FOLDER = "providers/tokenrouter"


@pytest.mark.parametrize(
    ("model", "file", "text"),
    [
        (
            "kling-v3",
            "kling-v3.toml",
            'name = "Kling v3"\nattachment = true\n\n[modalities]\ninput = ["text", "image"]\noutput = ["video"]\n',
        ),
        (
            "MiniMax-Hailuo-2.3",
            "MiniMax-Hailuo-2.3.toml",
            'name = "MiniMax Hailuo 2.3"\nattachment = true\n\n[modalities]\ninput = ["text"]\noutput = ["video"]\n',
        ),
    ],
)
def test_a_consumer_with_a_file_a_model_gets_a_file_like_its_siblings(
    tmp_path: Path, model: str, file: str, text: str
) -> None:
    files = {
        f"{FOLDER}/provider.toml": PROVIDER,
        f"{FOLDER}/models/kling-v2-6.toml": KLING,
        f"{FOLDER}/models/openai-gpt-4o.toml": GPT,
    }
    (channel,) = channels_in(tmp_path, files)
    plan = plan_route(channel, MODELS[model])
    (made,) = plan.files
    assert (made.name, made.data, made.before) == (f"{FOLDER}/models/{file}", None, "")
    assert text == made.text
    assert made.path == tmp_path / FOLDER / "models" / file
    assert plan.survey.route_list is not None
    assert (plan.survey.route_list.shape, plan.survey.route_list.models) == ("files", ("kling-v2-6", "openai-gpt-4o"))
    (again,) = channels_in(tmp_path, {made.name: made.text})
    assert plan_route(again, MODELS[model]).status == "unchanged"


def test_files_in_the_folders_of_their_makers(tmp_path: Path) -> None:
    files = {f"{FOLDER}/provider.toml": PROVIDER, f"{FOLDER}/models/openai/gpt-4o.toml": GPT}
    (channel,) = channels_in(tmp_path, files)
    plan = plan_route(channel, MODELS["kling-v3"])
    (made,) = plan.files
    assert (made.name, made.path) == (f"{FOLDER}/models/kling-v3.toml", tmp_path / FOLDER / "models" / "kling-v3.toml")
    assert made.text == 'name = "Kling v3"\n\n[modalities]\ninput = ["text"]\noutput = ["video"]\n'
    assert plan.survey.route_list is not None
    assert plan.survey.route_list.models == ("openai/gpt-4o",)
    assert plan.warnings == (
        "not copied, because they are another model's own: attachment",
        "fill in before you use the file, since its consumer refuses one without: attachment, reasoning, tool_call, "
        "open_weights, release_date, last_updated, limit",
    )


def test_a_file_beside_that_of_its_family(tmp_path: Path) -> None:
    files = {f"{FOLDER}/provider.toml": PROVIDER, f"{FOLDER}/models/kuaishou/kling-v2-6.toml": KLING}
    (channel,) = channels_in(tmp_path, files)
    (made,) = plan_route(channel, MODELS["kling-v3"]).files
    assert made.name == f"{FOLDER}/models/kuaishou/kling-v3.toml"
    (again,) = channels_in(tmp_path, {made.name: made.text})
    assert plan_route(again, MODELS["kling-v3"]).status == "unchanged"


def test_a_model_that_a_further_place_does_not_name_is_named_there(tmp_path: Path) -> None:
    marked = (
        '{"models": [{"id": "kling-v3", "url": "https://api.tokenrouter.com/v1/chat/completions", '
        '"apiKey": "example-key-7f2"}], "availableModels": ["gpt-4o"<+, "kling-v3"+>]}\n'
    )
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, ".codebuddy/models.json", before, "kling-v3")
    assert planned(tmp_path, ".codebuddy/models.json", before, "kling-v3").action == "fix"
