"""A new route in every shape of list, as the file's owner would write it: (before, after), a reason per row."""

from __future__ import annotations

from pathlib import Path

import pytest

from routed import planned, routed
from tokenrouter_video.errors import RefusedError, UsageError

LITELLM = """\
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_base: https://api.tokenrouter.com/v1
      api_key: os.environ/TR_KEY
      rpm: 60
  - model_name: claude
    litellm_params:
      model: openai/claude-sonnet
      api_base: https://api.tokenrouter.com/v1  # the router
      api_key: os.environ/TR_KEY
    model_info:
      mode: chat
      max_tokens: 100

general_settings:
  num_retries: 3
"""
LITELLM_AFTER = LITELLM.replace(
    "\ngeneral_settings",
    """\
  - model_name: kling-v3
    litellm_params:
      model: openai/kling-v3
      api_base: https://api.tokenrouter.com/v1
      api_key: os.environ/TR_KEY
    model_info:
      mode: video_generation

general_settings""",
)

OBJECTS = """\
{
  "providers": {
    "tokenrouter": {
      "baseUrl": "https://api.tokenrouter.com/v1",
      "apiKey": "${TR_KEY}",
      "models": [
        {
          "id": "openai/gpt-4o",
          "name": "GPT-4o (TokenRouter)",
          "reasoning": false,
          "input": ["text", "image"],
          "cost": { "input": 2.5, "output": 10 },
          "contextWindow": 128000
        }
      ]
    }
  }
}
"""

SPLIT = """\
channels:
  - name: tokenrouter
    base_url: https://api.tokenrouter.com
    key: ${TR_KEY}
    chat_models:
      - id: gpt-4o
        kind: chat
        path: /v1/chat/completions
    video_models:
      # Kling
      - id: kling-v2-6
        label: "Kling v2.6"   # best
        kind: video
        path: /v1/video/generations
        price: 0.3
      # Hailuo
      - id: MiniMax-Hailuo-2.3
        label: "Hailuo 2.3"
        kind: video
        path: /v1/video/generations
        price: 0.2
"""

JSONC_MAP = """\
{
  // my models
  "provider": {
    "tokenrouter": {
      "options": { "baseURL": "https://api.tokenrouter.com/v1", "apiKey": "{env:TR_KEY}" },
      "models": {
        "openai/gpt-4o": { "name": "GPT-4o", "limit": { "context": 1, "output": 2 } },
        "anthropic/claude": { "name": "Claude", "modalities": { "input": ["text", "image"], "output": ["text"] } },
      },
    },
  },
}
"""

ROWS = [
    pytest.param(
        "litellm_config.yaml", LITELLM, "kling-v3", LITELLM_AFTER, id="flat entries repeat URL and key, LiteLLM's mode"
    ),
    pytest.param(
        "providers.json",
        OBJECTS,
        "kling-v3",
        OBJECTS.replace(
            "        }\n      ]",
            '        },\n        {\n          "id": "kling-v3",\n          "name": "Kling v3 (TokenRouter)",\n'
            '          "input": ["text", "image"]\n        }\n      ]',
        ),
        id="from a chat entry only what is true of a video model",
    ),
    pytest.param(
        "providers.json",
        OBJECTS,
        "MiniMax-Hailuo-2.3",
        OBJECTS.replace(
            "        }\n      ]",
            '        },\n        {\n          "id": "MiniMax-Hailuo-2.3",\n'
            '          "name": "MiniMax Hailuo 2.3 (TokenRouter)",\n          "input": ["text"]\n        }\n      ]',
        ),
        id="Hailuo takes no image",
    ),
    pytest.param(
        "channels.yaml",
        SPLIT,
        "kling-v3",
        SPLIT.replace(
            "      # Hailuo",
            '      - id: kling-v3\n        label: "Kling v3"\n        kind: video\n'
            "        path: /v1/video/generations\n      # Hailuo",
        ),
        id="the video list goes before the chat list, the family's last entry is followed",
    ),
    pytest.param(
        "channels.yaml",
        SPLIT,
        "dreamina-seedance-2-0-260128",
        SPLIT + '      - id: dreamina-seedance-2-0-260128\n        label: "Seedance 2.0"\n        kind: video\n'
        "        path: /v1/video/generations\n",
        id="another family goes behind the last video entry",
    ),
    pytest.param(
        "opencode.jsonc",
        JSONC_MAP,
        "MiniMax-Hailuo-2.3",
        JSONC_MAP.replace(
            '"output": ["text"] } },\n',
            '"output": ["text"] } },\n        "MiniMax-Hailuo-2.3": { "name": "MiniMax Hailuo 2.3", "modalities": '
            '{ "input": ["text"], "output": ["video"] } },\n',
        ),
        id="a map keyed by id, without the vendor prefixes of its chat models",
    ),
    pytest.param(
        "librechat.yaml",
        "endpoints:\n  custom:\n    - name: TokenRouter\n      apiKey: ${TR_KEY}\n      baseURL: https://api.tokenrouter.com/v1\n"
        '      models:\n        default: ["gpt-4o", "claude"]\n        fetch: false\n      titleConvo: true\n',
        "kling-v3",
        "endpoints:\n  custom:\n    - name: TokenRouter\n      apiKey: ${TR_KEY}\n      baseURL: https://api.tokenrouter.com/v1\n"
        '      models:\n        default: ["gpt-4o", "claude", "kling-v3"]\n        fetch: false\n'
        "      titleConvo: true\n",
        id="a list of strings in a group",
    ),
    pytest.param(
        "channels.json",
        '{"channels":[{"base_url":"https://api.tokenrouter.com","key":"example-key-7f2",'
        '"models":"gpt-4o, kling-v2-6"}]}',
        "kling-v3",
        '{"channels":[{"base_url":"https://api.tokenrouter.com","key":"example-key-7f2",'
        '"models":"gpt-4o, kling-v2-6, kling-v3"}]}',
        id="a string of ids keeps its separator",
    ),
    pytest.param(
        "router.yaml",
        "tokenrouter:\n  baseurl: https://api.tokenrouter.com\n  key: example-key-7f2\n  model_map:\n"
        "    gpt-4o: openai/gpt-4o\n    kling-v2-6: kling-v2-6\n",
        "kling-v3",
        "tokenrouter:\n  baseurl: https://api.tokenrouter.com\n  key: example-key-7f2\n  model_map:\n"
        "    gpt-4o: openai/gpt-4o\n    kling-v2-6: kling-v2-6\n    kling-v3: kling-v3\n",
        id="a map from id to upstream id",
    ),
    pytest.param(
        "config.toml",
        '[providers.tr]\nbase_url = "https://api.tokenrouter.com/v1"\napi_key = "example-key-7f2"\n\n'
        '[models.gpt-4o]\nprovider = "tr"\nmodel = "gpt-4o"\nmax_context_size = 128000\n\n[other]\na = 1\n',
        "MiniMax-Hailuo-2.3",
        '[providers.tr]\nbase_url = "https://api.tokenrouter.com/v1"\napi_key = "example-key-7f2"\n\n'
        '[models.gpt-4o]\nprovider = "tr"\nmodel = "gpt-4o"\nmax_context_size = 128000\n\n'
        '[models."MiniMax-Hailuo-2.3"]\nprovider = "tr"\nmodel = "MiniMax-Hailuo-2.3"\nmax_context_size = 128000\n\n'
        "[other]\na = 1\n",
        id="tables that name their provider; a name with a dot is quoted; what the consumer requires is kept",
    ),
    pytest.param(
        "registry.ts",
        "export default defineConfig({\n  providers: {\n    tokenrouter: {\n      baseURL: 'https://api.tokenrouter.com/v1',\n"
        "      apiKey: process.env.TR_KEY,\n      models: [\n"
        "        { id: 'gpt-4o', name: 'GPT-4o', kind: 'chat' as const, handler: chatHandler },\n"
        "        { id: 'sora-2', name: 'Sora 2', kind: 'video' as const, handler: videoHandler }, // video\n"
        "      ],\n    },\n  },\n} satisfies Config);\n",
        "kling-v3",
        "export default defineConfig({\n  providers: {\n    tokenrouter: {\n      baseURL: 'https://api.tokenrouter.com/v1',\n"
        "      apiKey: process.env.TR_KEY,\n      models: [\n"
        "        { id: 'gpt-4o', name: 'GPT-4o', kind: 'chat' as const, handler: chatHandler },\n"
        "        { id: 'sora-2', name: 'Sora 2', kind: 'video' as const, handler: videoHandler }, // video\n"
        "        { id: 'kling-v3', name: 'Kling v3', kind: 'video' as const, handler: videoHandler },\n"
        "      ],\n    },\n  },\n} satisfies Config);\n",
        id="TypeScript: references and casts are repeated as they stand",
    ),
    pytest.param(
        "settings.py",
        'PROVIDERS = {\n    "tokenrouter": {\n        "base_url": "https://api.tokenrouter.com/v1",\n'
        '        "api_key": os.environ["TR_KEY"],\n        "models": [\n'
        '            Model(id="gpt-4o", kind="chat"),  # text\n'
        '            Model(id="kling-v2-6", kind="video", label="Kling 2.6"),\n        ],\n    },\n}\n',
        "kling-v3",
        'PROVIDERS = {\n    "tokenrouter": {\n        "base_url": "https://api.tokenrouter.com/v1",\n'
        '        "api_key": os.environ["TR_KEY"],\n        "models": [\n'
        '            Model(id="gpt-4o", kind="chat"),  # text\n'
        '            Model(id="kling-v2-6", kind="video", label="Kling 2.6"),\n'
        '            Model(id="kling-v3", kind="video", label="Kling 3.0"),\n        ],\n    },\n}\n',
        id="Python: calls with keywords",
    ),
    pytest.param(
        ".hermes/config.yaml",
        "custom_providers:\n- name: TokenRouter\n  base_url: https://api.tokenrouter.com/v1\n  key_env: TR_KEY\n"
        "  model: openai/gpt-5.1\ntoolsets:\n- hermes-cli\n",
        "kling-v3",
        "custom_providers:\n- name: TokenRouter\n  base_url: https://api.tokenrouter.com/v1\n  key_env: TR_KEY\n"
        "  model: openai/gpt-5.1\n- name: TokenRouter\n  base_url: https://api.tokenrouter.com/v1\n  key_env: TR_KEY\n"
        "  model: kling-v3\ntoolsets:\n- hermes-cli\n",
        id="a name that is the provider's, by the consumer's rule",
    ),
    pytest.param(
        "agent.yaml",
        "models:\n- name: Router\n  base_url: https://api.tokenrouter.com/v1\n  key_env: TR_KEY\n  model: gpt-4o\n"
        "- name: Router\n  base_url: https://api.tokenrouter.com/v1\n  key_env: TR_KEY\n  model: kling-v2-6\n",
        "kling-v3",
        "models:\n- name: Router\n  base_url: https://api.tokenrouter.com/v1\n  key_env: TR_KEY\n  model: gpt-4o\n"
        "- name: Router\n  base_url: https://api.tokenrouter.com/v1\n  key_env: TR_KEY\n  model: kling-v2-6\n"
        "- name: Router\n  base_url: https://api.tokenrouter.com/v1\n  key_env: TR_KEY\n  model: kling-v3\n",
        id="a name that all entries have alike is the provider's",
    ),
    pytest.param(
        "gateway.yaml",
        "channel:\n  base_url: https://api.tokenrouter.com\n  api_key: ${TR_KEY}\n  models:\n"
        "    - {id: gpt-4o, kind: chat, path: /v1/chat/completions}\n",
        "kling-v3",
        "channel:\n  base_url: https://api.tokenrouter.com\n  api_key: ${TR_KEY}\n  models:\n"
        "    - {id: gpt-4o, kind: chat, path: /v1/chat/completions}\n"
        "    - {id: kling-v3, kind: video, path: /v1/video/generations}\n",
        id="kind and path of a chat entry turn to video",
    ),
    pytest.param(
        "gateway.yaml",
        "channel:\n  base_url: https://api.tokenrouter.com\n  api_key: ${TR_KEY}\n  models:\n"
        "    - a-chat\n    - b-chat\n    - d-chat\n    - l-chat\n    - z-chat\n",
        "kling-v3",
        "channel:\n  base_url: https://api.tokenrouter.com\n  api_key: ${TR_KEY}\n  models:\n"
        "    - a-chat\n    - b-chat\n    - d-chat\n    - kling-v3\n    - l-chat\n    - z-chat\n",
        id="a sorted list of five stays sorted",
    ),
    pytest.param(
        "gateway.yaml",
        "channel:\n  base_url: https://api.tokenrouter.com\n  api_key: ${TR_KEY}\n  models:\n"
        "    - {no: 1, id: tr/gpt-4o, default: true}\n    - {no: 2, id: tr/claude}\n",
        "kling-v3",
        "channel:\n  base_url: https://api.tokenrouter.com\n  api_key: ${TR_KEY}\n  models:\n"
        "    - {no: 1, id: tr/gpt-4o, default: true}\n    - {no: 2, id: tr/claude}\n    - {no: 3, id: tr/kling-v3}\n",
        id="counted entries, a prefix that all share, and nobody else's default",
    ),
]


@pytest.mark.parametrize(("name", "before", "model", "after"), ROWS)
def test_a_route_is_added_as_its_owner_would(tmp_path: Path, name: str, before: str, model: str, after: str) -> None:
    assert after == routed(tmp_path, name, before, model)


FIXES = [
    pytest.param(
        "models:\n    - {id: kling-v2-6, kind: video, path: /v1/video/generations} # right\n"
        "    - {id: kling-v3, kind: chat, path: /v1/chat/completions} # wrong\n",
        "models:\n    - {id: kling-v2-6, kind: video, path: /v1/video/generations} # right\n"
        "    - {id: kling-v3, kind: video, path: /v1/video/generations} # wrong\n",
        id="a chat kind and path",
    ),
    pytest.param(
        "models:\n    - id: kling-v2-6\n      kind: video\n      path: /v1/video/generations\n"
        "    - id: kling-v3 # bare\n",
        "models:\n    - id: kling-v2-6\n      kind: video\n      path: /v1/video/generations\n"
        "    - id: kling-v3 # bare\n"
        "      kind: video\n      path: /v1/video/generations\n",
        id="missing kind and path",
    ),
    pytest.param(
        "models:\n    - {id: sora-2, label: Sora 2}\n    - {id: kling-v2-6, label: Kling 2.6}\n    - {id: kling-v3}\n",
        "models:\n    - {id: sora-2, label: Sora 2}\n    - {id: kling-v2-6, label: Kling 2.6}\n"
        "    - {id: kling-v3, label: Kling 3.0}\n",
        id="a field that all other video entries have",
    ),
]


@pytest.mark.parametrize(("before", "after"), FIXES)
def test_an_entry_that_is_wired_wrongly_is_fixed_and_only_there(tmp_path: Path, before: str, after: str) -> None:
    head = "channel:\n  base_url: https://api.tokenrouter.com\n  api_key: ${TR_KEY}\n  "
    assert head + after == routed(tmp_path, "gateway.yaml", head + before, "kling-v3")
    assert planned(tmp_path, "gateway.yaml", head + before, "kling-v3").action == "fix"


def test_an_entry_that_is_right_is_left_alone(tmp_path: Path) -> None:
    plan = planned(tmp_path, "channels.yaml", SPLIT, "kling-v2-6")
    assert (plan.status, plan.files, plan.survey.video_models["kling-v2-6"]) == ("unchanged", (), "configured")


def test_an_entry_is_not_measured_against_one_in_code_of_its_own_model(tmp_path: Path) -> None:
    text = (
        "export default {\n  baseURL: 'https://api.tokenrouter.com/v1',\n  apiKey: process.env.TR_KEY,\n  models: [\n"
        "    { id: 'kling-v3' },\n    { id: 'sora-2', kind: 'video', path: `${P}/sora-2` },\n  ],\n};\n"
    )
    plan = planned(tmp_path, "providers.ts", text, "kling-v3")
    assert (plan.status, plan.files, plan.survey.video_models["kling-v3"]) == ("unchanged", (), "configured")


def test_a_consumer_without_a_list_needs_no_route(tmp_path: Path) -> None:
    text = '{"env": {"ANTHROPIC_BASE_URL": "https://api.tokenrouter.com", "ANTHROPIC_AUTH_TOKEN": "example-key-7f2"}}'
    plan = planned(tmp_path, ".claude/settings.json", text, "kling-v3")
    assert (plan.status, plan.survey.route_list) == ("not-needed", None)


EMPTY = (
    '{"providers": {"tr": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "example-key-7f2", "models": []}}}\n'
)


def test_an_empty_list_without_a_neighbour_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, "providers.json", EMPTY, "kling-v3")
    assert caught.value.message == "providers.json:1: the list of models is empty; there is no entry to copy"
    assert "--entry" in caught.value.remedy


def test_a_given_entry_fills_an_empty_list(tmp_path: Path) -> None:
    after = EMPTY.replace("[]", '[{"id": "kling-v3", "kind": "video"}]')
    assert after == routed(tmp_path, "providers.json", EMPTY, "kling-v3", {"id": "kling-v3", "kind": "video"})


def test_a_given_entry_for_another_model_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        planned(tmp_path, "providers.json", EMPTY, "kling-v3", {"id": "kling-v2-6"})


def test_a_duplicate_key_refuses_the_file_with_its_line(tmp_path: Path) -> None:
    text = OBJECTS.replace('"reasoning": false', '"id": "x"')
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, "providers.json", text, "kling-v3")
    assert caught.value.message == "providers.json:10: a duplicate key"
