"""Configs with the habits of people: where their owners would put a new model, and what they would write there.

What stands between ``<+`` and ``+>`` is the edit; without it the text is the config before.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from routed import before_and_after, planned, routed
from tokenrouter_video.errors import RefusedError

OWN = "tr:\n  base_url: https://api.tokenrouter.com/v1\n  api_key: ${TR_KEY}\n"

PLACES = [
    pytest.param(
        "models.ts",
        "export const tr = { baseURL: 'https://api.tokenrouter.com/v1', apiKey: process.env.TR_KEY,\n"
        "  models: ['openai/gpt-4o', 'openai/MiniMax-Hailuo-02'<+, 'openai/kling-v3'+>] };\n",
        id="a protocol in front of other makers' models",
    ),
    pytest.param(
        "models.ts",
        "export const tr = { baseURL: 'https://api.tokenrouter.com/v1', apiKey: process.env.TR_KEY,\n"
        "  models: ['kwaivgi/kling-v2.1'<+, 'kling-v3'+>] };\n",
        id="a maker in front of a single model",
    ),
    pytest.param(
        "config.yaml",
        """\
base_url: https://api.tokenrouter.com/v1
api_key: ${TR_KEY}
models:
  - id: kling-v2-6
    aliases: [film]
<+  - id: kling-v3
+>""",
        id="other names that one model has",
    ),
    pytest.param(
        "litellm_config.yaml",
        """\
model_list:
  - model_name: kling-v2-6
    litellm_params:
      model: openai/kling-v2-6
      api_base: https://api.tokenrouter.com/v1
      api_key: os.environ/TR_KEY
    model_info:
      id: 8c4f-2a
      mode: video_generation
<+  - model_name: kling-v3
    litellm_params:
      model: openai/kling-v3
      api_base: https://api.tokenrouter.com/v1
      api_key: os.environ/TR_KEY
    model_info:
      mode: video_generation
+>""",
        id="an id that a router knows the one entry by",
    ),
    pytest.param(
        "config.yaml",
        """\
base_url: https://api.tokenrouter.com/v1
api_key: ${TR_KEY}
models:
  - id: gpt-4o
    docs_url: https://docs.example/gpt-4o
<+  - id: kling-v3
+>  - id: kling-v2-6
    base_url: https://video.example/v1
    api_key: ${VIDEO_KEY}
""",
        id="a list of the file's channel, of which one entry is another provider's",
    ),
    pytest.param(
        "litellm_config.yaml",
        """\
model_list:
  # ---- TokenRouter ----
  - model_name: glm
    litellm_params: {model: openai/glm, api_base: "https://api.tokenrouter.com/v1", api_key: os.environ/TR_KEY}
<+
  - model_name: kling-v3
    litellm_params: {model: openai/kling-v3, api_base: "https://api.tokenrouter.com/v1", api_key: os.environ/TR_KEY}
    model_info: {mode: video_generation}
+>
  # ---- Anthropic ----
  - model_name: claude
    litellm_params: {model: anthropic/claude, api_key: os.environ/ANTHROPIC_API_KEY}
""",
        id="a list that providers share: with the channel's own, not under another's heading",
    ),
    pytest.param(
        ".vibe/config.toml",
        """\
[[providers]]
name = "tr"
api_base = "https://api.tokenrouter.com/v1"
api_key_env_var = "TR_KEY"

[[models]]
name = "z-ai/glm-5"
provider = "tr"

<+[[models]]
name = "kling-v3"
provider = "tr"

+># Mistral's own
[[models]]
name = "devstral"
provider = "mistral"
""",
        id="tables of several providers",
    ),
    pytest.param(
        "gateway.yaml",
        OWN + "  models:\n    - ${DEFAULT}\n    - openai/gpt-5\n<+    - kling-v3\n+>",
        id="an entry without an id is no other provider's",
    ),
    pytest.param(
        ".factory/config.json",
        '{"custom_models": [\n'
        '  {"index": 0, "model": "glm-5", "base_url": "https://api.tokenrouter.com/v1", "api_key": "${K}", '
        '"provider": "openai"},\n'
        '  {"index": 1, "model": "qwen", "base_url": "http://localhost:1/v1", "api_key": "x", "provider": "a"}<+,\n'
        '  {"index": 2, "model": "kling-v3", "base_url": "https://api.tokenrouter.com/v1", "api_key": "${K}", '
        '"provider": "openai"}+>\n]}\n',
        id="a list that counts all of its entries: the next number, and the last place",
    ),
]

SHAPES = [
    pytest.param(
        "models.ts",
        """\
export const tokenrouter = {
  baseURL: "https://api.tokenrouter.com/v1",
  apiKey: process.env.TR_KEY,
  models: {
    chat: [m("openai/gpt-5", { ctx: 400_000 })],
    video: [
      m("kling-v2-6", "Kling 2.6", { fps: 24 }), // drafts
<+      m("kling-v3", "Kling 3.0", { fps: 24 }),
+>    ],
  },
};
""",
        id="calls that name their model first",
    ),
    pytest.param(
        "models.py",
        'TR = {"base_url": "https://api.tokenrouter.com/v1", "api_key": os.environ["TR_KEY"],\n'
        '      "models": [("openai/gpt-5", "GPT-5"), ("kling-v2-6", "Kling 2.6")<+, ("kling-v3", "Kling 3.0")+>]}\n',
        id="tuples of id and label",
    ),
    pytest.param(
        "models.ts",
        'export const tr = { baseURL: "https://api.tokenrouter.com/v1", apiKey: process.env.TR_KEY, models: [\n'
        '  { id: "kling-v2-6", run: (x) => { const y = x; return send(y, "hd"); } },\n'
        '<+  { id: "kling-v3", run: (x) => { const y = x; return send(y, "hd"); } },\n+>] };\n',
        id="a function of no model is repeated as it stands",
    ),
    pytest.param(
        "channels.json",
        '{"base_url": "https://api.tokenrouter.com/v1", "api_key": "example-key-7f2", "models": [\n'
        '  {"id": "m_1", "model": "openai/gpt-5", "sort": 10},\n  {"id": "m_2", "model": "glm-5", "sort": 20}<+,\n'
        '  {"id": "m_3", "model": "kling-v3", "sort": 30}+>\n]}\n',
        id="numbers of the list's own, inside ids and in steps of ten",
    ),
    pytest.param(
        ".factory/settings.json",
        """\
{"customModels": [
  {"model": "glm-5", "id": "custom:GLM-5-[TR]-0", "index": 0, "baseUrl": "https://api.tokenrouter.com/v1",
    "apiKey": "${TR_KEY}", "displayName": "GLM 5 [TR]", "provider": "openai"},
  {"model": "gpt-5", "id": "custom:GPT-5-[TR]-1", "index": 1, "baseUrl": "https://api.tokenrouter.com/v1",
    "apiKey": "${TR_KEY}", "displayName": "GPT 5 [TR]", "provider": "openai"}<+,
  {"model": "kling-v3", "id": "custom:Kling-v3-[TR]-2", "index": 2, "baseUrl": "https://api.tokenrouter.com/v1",
    "apiKey": "${TR_KEY}", "displayName": "Kling v3 [TR]", "provider": "openai"}+>
]}
""",
        id="an id made of the label and a number",
    ),
    pytest.param(
        "gateway.yaml",
        OWN + "  chat_models: [{id: tr/gpt-5, upstream_id: openai/gpt-5}]\n"
        "  image_models: [{id: tr/flux, upstream_id: bfl/flux}]\n"
        "  video_models: [<+{id: tr/kling-v3, upstream_id: kling-v3}+>]\n",
        id="a prefix that the channel's lists have in common",
    ),
]

FIELDS = [
    pytest.param(
        "openclaw.json",
        """\
{models: {providers: {tr: {baseUrl: 'https://api.tokenrouter.com/v1', apiKey: '${TR_KEY}', models: [
  {id: 'openai/gpt-5', name: 'GPT-5', input: ['text', 'image']},
  {id: 'z-ai/glm-5', name: 'GLM 5', input: ['text']},
<+  {id: 'kling-v3', name: 'Kling v3', input: ['text', 'image']},
+>]}}}}
""",
        id="what the model takes, not what its neighbour takes",
    ),
    pytest.param(
        "gateway.yaml",
        OWN + "  models:\n    - {id: z-ai/glm-5, input: [text]}\n<+    - {id: kling-v3, input: [text]}\n+>",
        id="no word that the list does not know",
    ),
    pytest.param(
        "cherry.json",
        '{"llm": {"providers": [{"id": "tr", "apiHost": "https://api.tokenrouter.com", "apiKey": "example-key-7f2",\n'
        '  "models": [{"id": "openai/gpt-5", "provider": "tr", "name": "GPT-5", "group": "openai", '
        '"owned_by": "openai", "endpoint_type": "openai"}'
        '<+, {"id": "kling-v3", "provider": "tr", "name": "Kling v3", "endpoint_type": "openai"}+>]}]}}\n',
        id="whose model the neighbour is; the same word as a protocol stays",
    ),
    pytest.param(
        ".vibe/config.toml",
        '[[providers]]\nname = "tr"\napi_base = "https://api.tokenrouter.com/v1"\napi_key_env_var = "TR_KEY"\n\n'
        '[models.glm]\nname = "z-ai/glm-5"\nprovider = "tr"\n\n[models.gpt]\nname = "openai/gpt-5"\nprovider = "tr"\n'
        '<+\n[models.kling-v3]\nname = "kling-v3"\nprovider = "tr"\n+>',
        id="in a map by alias the name is the id that is sent",
    ),
]

OTHERS = [
    pytest.param(
        "proxy_config.yaml",
        """\
credential_list:
  - credential_name: tr
    credential_values: {api_base: "https://api.tokenrouter.com/v1", api_key: os.environ/TR_KEY}
model_list:
  - model_name: gpt-5
    litellm_params: {model: openai/openai/gpt-5, litellm_credential_name: tr}
<+  - model_name: kling-v3
    litellm_params: {model: openai/kling-v3, litellm_credential_name: tr}
    model_info: {mode: video_generation}
+>  - model_name: claude
    litellm_params: {model: anthropic/claude, api_key: os.environ/ANTHROPIC_API_KEY}
""",
        id="entries that name their credentials",
    ),
    pytest.param(
        ".kimi/config.toml",
        """\
[providers.tr]
type = "openai_legacy"
base_url = "https://api.tokenrouter.com/v1"
api_key = "example-key-7f2"

[providers.local]
type = "openai_legacy"
base_url = "http://localhost:8080/v1"
api_key = "x"

[models.qwen]
provider = "local"
model = "qwen3"
max_context_size = 32768
<+
[models.kling-v3]
provider = "tr"
model = "kling-v3"
max_context_size = 32768
+>""",
        id="a provider without a model yet: another's entry under this one's name",
    ),
    pytest.param(
        "cherry.json",
        '{"llm": {"providers": [\n'
        '  {"id": "local", "apiHost": "http://localhost:1", "models": [{"id": "qwen", "name": "Qwen", '
        '"provider": "local"}]},\n'
        '  {"id": "5d1f", "apiHost": "https://api.tokenrouter.com", "apiKey": "example-key-7f2", '
        '"models": [<+{"id": "kling-v3", "name": "Kling v3", "provider": "5d1f"}+>]}\n]}}\n',
        id="a list of providers: called as the other one is called",
    ),
    pytest.param(
        "gateway.yaml",
        "providers:\n  - {id: local, base_url: http://localhost:1/v1, models: [{id: q, api_key: example-other-9c1, "
        "region: eu}]}\n  - id: tr\n    base_url: https://api.tokenrouter.com/v1\n    api_key: ${TR_KEY}\n"
        "    models: [<+{id: kling-v3, region: eu}+>]\n",
        id="another provider's key is not this one's",
    ),
]


WIRED = [
    pytest.param(
        "litellm_config.yaml",
        "model_list:\n- model_name: film\n  litellm_params:\n    model: openai/dreamina-seedance-2-0-260128\n"
        "    api_base: https://api.tokenrouter.com/v1\n    api_key: os.environ/TR_KEY\n  model_info:\n"
        "    mode: video_generation\n    base_model: openai/dreamina-seedance-2-0-260128\n"
        "<+- model_name: kling-v3\n  litellm_params:\n    model: openai/kling-v3\n"
        "    api_base: https://api.tokenrouter.com/v1\n    api_key: os.environ/TR_KEY\n  model_info:\n"
        "    mode: video_generation\n    base_model: openai/kling-v3\n+>",
        id="under a name of the user's own the id that is sent stands in further fields",
    ),
    pytest.param(
        "models.ts",
        'export const tr = { baseURL: "https://api.tokenrouter.com/v1", apiKey: process.env.TR_KEY, models: [\n'
        '  { id: "openai/gpt-5", kind: Kind.Chat },\n<+  { id: "kling-v3", kind: Kind.Video },\n+>] };\n'
        'const fal = [{ id: "x", kind: Kind.Video }];\n',
        id="a kind that is a constant: the one for video that the file knows",
    ),
    pytest.param(
        "gateway.yaml",
        OWN + "  endpoints: {chat: /v1/chat/completions, video: /v1/video/generations}\n"
        "  models:\n    - {id: gpt-5, endpoint: chat}\n<+    - {id: kling-v3, endpoint: video}\n+>",
        id="an endpoint by its name",
    ),
    pytest.param(
        "gateway.yaml",
        OWN + '  models:\n    - {id: minimax/MiniMax-Hailuo-2.3, name: "MiniMax: Hailuo 2.3"}\n'
        '<+    - {id: kling-v3, name: "Kling 3.0"}\n+>',
        id="a label without another maker's name",
    ),
    pytest.param(
        "gateway.yaml",
        OWN + "  models:\n    - {id: sora-2, mode: video, path: /v1/video/generations}\n"
        "    - {id: kling-v2-6, mode: chat, path: /v1/chat/completions} # wrong\n"
        "<+    - {id: kling-v3, mode: video, path: /v1/video/generations}\n+>",
        id="a relative that is wired like a chat model is no pattern, but keeps its place",
    ),
    pytest.param(
        ".codebuddy/models.json",
        '{"models": [\n  {"id": "kling-v2-6", "url": "https://api.tokenrouter.com/v1/chat/completions", '
        '"apiKey": "${TR_KEY}", "fps": 24},\n'
        '<+  {"id": "kling-v3", "url": "https://api.tokenrouter.com/v1/chat/completions", '
        '"apiKey": "${TR_KEY}", "fps": 24},\n+>'
        '  {"id": "glm-5", "url": "https://api.tokenrouter.com/v1/chat/completions", "apiKey": "${TR_KEY}"}\n]}\n',
        id="the channel's URL says nothing of a model's kind",
    ),
]

THIN = [
    pytest.param(
        ".claude-code-router/config.json",
        '{\r\n\t"Providers": [{"name":"tr","api_base_url":"https://api.tokenrouter.com/v1/chat/completions",'
        '"api_key":"$TR_KEY","models":["a/b","c/d"<+,"kling-v3"+>]}],\r\n\t"Router": {"default":"tr,a/b"}\r\n}',
        id="CRLF, tabs, no line end: an item in a long line",
    ),
    pytest.param(
        "providers.js",
        "module.exports = {\n  baseUrl: 'https://api.tokenrouter.com/v1', apiKey: process.env.TR_KEY,\n"
        "  modelMap: new Map([\n    ['gpt-5', 'openai/gpt-5'],\n    ['kling-v2-6', 'kling-v2-6'],\n"
        "<+    ['kling-v3', 'kling-v3'],\n+>  ]),\n  models: new Set(['gpt-5', 'kling-v2-6'<+, 'kling-v3'+>]),\n};\n",
        id="a Map of pairs and a Set of the same ids: both",
    ),
    pytest.param(
        "gateway.toml",
        'tr.base_url = "https://api.tokenrouter.com/v1"\ntr.api_key = "${TR_KEY}"\n'
        'tr.models.gpt-5 = "openai/gpt-5"\ntr.models.glm = "z-ai/glm-5"\n'
        '<+tr.models.kling-v3 = "kling-v3"\n+>other.x = 1\n',
        id="dotted keys of TOML",
    ),
    pytest.param(
        "gateway.toml",
        '[tr]\nbase_url = "https://api.tokenrouter.com/v1"\napi_key = "${TR_KEY}"\nmodels = [\n'
        '  { id = "openai/gpt-5", kind = "chat", ctx = 400_000 },  # main\n'
        '  { id = "kling-v2-6", kind = "video" },                  # film\n'
        '<+  { id = "kling-v3", kind = "video" },\n+>  # { id = "old", kind = "chat" },\n]\n',
        id="inline tables with comments in a column",
    ),
    pytest.param(
        "router.toml",
        '[gateway]\nbase_url = "https://api.tokenrouter.com/v1"\napi_key_env = "TR_KEY"\n\n'
        '[[gateway.models]]   # chat\nid = "openai/gpt-5"\nkind = "chat"\n\n# video models below\n'
        '[[gateway.models]]\nid = "kling-v2-6"\nkind = "video"\n\n'
        '<+[[gateway.models]]\nid = "kling-v3"\nkind = "video"\n\n+>'
        '# image models below\n[[gateway.models]]\nid = "flux"\nkind = "image"\n',
        id="tables under headings: the heading below stays with its own",
    ),
    pytest.param(
        ".qwen/settings.json",
        '{"modelProviders": {"openai": [\n'
        '  {"id": "openai/gpt-5", "baseUrl": "https://api.tokenrouter.com/v1", "envKey": "TR_KEY", '
        '"capabilities": {"vision": true}, "generationConfig": {"timeout": 60000}},\n'
        '<+  {"id": "kling-v3", "baseUrl": "https://api.tokenrouter.com/v1", "envKey": "TR_KEY"},\n+>'
        '  {"id": "gpt-4o", "baseUrl": "https://api.openai.com/v1", "envKey": "OPENAI_API_KEY"}\n]}}\n',
        id="Qwen Code: no capabilities of a chat model, not behind another provider's",
    ),
    pytest.param(
        ".hermes/config.yaml",
        "custom_providers:\n- name: tr\n  base_url: https://api.tokenrouter.com/v1\n  api_key: ${TR_KEY}\n"
        "  model: glm-5\n<+- name: tr\n  base_url: https://api.tokenrouter.com/v1\n  api_key: ${TR_KEY}\n"
        "  model: kling-v3\n+>- name: local\n  base_url: http://localhost:11434/v1\n  model: qwen3\nagent: {}\n",
        id="Hermes: one entry a model",
    ),
    pytest.param(
        "crush.json",
        '{"providers": {"tr": {"type": "openai-compat", "base_url": "https://api.tokenrouter.com/v1", "api_key": '
        '"$(pass show tr)", "models": [\n    { "id": "glm-5", "name": "GLM 5", "can_reason": true, '
        '"supports_attachments": false, "default_max_tokens": 5000 }<+,\n    '
        '{ "id": "kling-v3", "name": "Kling v3" }+>\n]}}}\n',
        id="Crush: a key that a command prints",
    ),
    pytest.param(
        ".opencode/opencode.jsonc",
        '{ "provider": { "tr": { "options": { "baseURL": "https://api.tokenrouter.com/v1", '
        '"apiKey": "{file:./tr.key}" }, "models": {\n'
        '  // text\n  "glm-5": {},\n\n  // video\n'
        '  "kling-v2-6": { "name": "Kling 2.6", "modalities": { "input": ["text"], "output": ["video"] } },\n'
        '<+  "kling-v3": { "name": "Kling 3.0", "modalities": { "input": ["text"], "output": ["video"] } },\n+>\n'
        '  // image\n  "banana": { "modalities": { "input": ["text"], "output": ["image"] } }\n} } } }\n',
        id="OpenCode: inside its group, as the relative is written",
    ),
    pytest.param(
        "app/providers.py",
        'class TokenRouter:\n    base_url = "https://api.tokenrouter.com/v1"\n'
        '    api_key = os.environ.get("TR_KEY", "")\n'
        '    models = [\n        "openai/gpt-5",  # default\n        # video\n        "kling-v2-6",\n'
        '<+        "kling-v3",\n+>    ]\n',
        id="attributes of a class",
    ),
    pytest.param(
        "reg.py",
        'TR = Provider(\n    base_url="https://api.tokenrouter.com/v1",\n    api_key=env("TR_KEY"),\n    models=[\n'
        '        Spec(\n            id="kling-v2-6",\n            kind=Kind.VIDEO,\n            max_duration=10,\n'
        '        ),\n<+        Spec(\n            id="kling-v3",\n            kind=Kind.VIDEO,\n'
        "            max_duration=10,\n        ),\n+>    ],\n)\n",
        id="keyword arguments on lines of their own",
    ),
    pytest.param(
        "gateway.yaml",
        "channels:\n  tr:\n    baseUrl: https://api.tokenrouter.com\n    apiKey: ${TR_KEY}\n    models:\n"
        "      - {id: MiniMax-Hailuo-02, type: video, durations: [6, 10], price_per_second: 0.05, i2v: true}\n"
        "      - {id: dreamina-seedance-1-0, type: video, durations: [5], price_per_second: 0.03, i2v: true}\n"
        "<+      - {id: kling-v3, type: video, i2v: true}\n+>",
        id="of another family's video entry only what all of them say",
    ),
]


# Habits of people who run models of their own beside the gateway, and configs that are a part of a file.
PARTS = [
    pytest.param(
        "values.yaml",
        "replicaCount: 2\nproxy_config:\n  model_list:\n    - model_name: fast\n      litellm_params:\n"
        "        model: openai/gpt-5\n        api_base: https://api.tokenrouter.com/v1\n"
        "        api_key: os.environ/TR_KEY\n"
        "<+    - model_name: kling-v3\n      litellm_params:\n        model: openai/kling-v3\n"
        "        api_base: https://api.tokenrouter.com/v1\n        api_key: os.environ/TR_KEY\n"
        "      model_info:\n        mode: video_generation\n+>  litellm_settings:\n    drop_params: true\n",
        id="LiteLLM's own chart: the values hold its config",
    ),
    pytest.param(
        "claw.yaml",
        "apiVersion: claw.example/v1\nkind: Claw\nspec:\n  raw:\n    agents:\n      defaults:\n        models:\n"
        "          tr/glm-5: {}\n<+          tr/kling-v3: {}\n+>    models:\n      providers:\n        tr:\n"
        "          baseUrl: https://api.tokenrouter.com/v1\n          apiKey: ${TR_KEY}\n          models:\n"
        "            - id: glm-5\n              name: GLM 5\n"
        "<+            - id: kling-v3\n              name: Kling v3\n+>",
        id="OpenClaw in an operator's object, registered there as well",
    ),
    pytest.param(
        "release.yaml",
        "name: &app studio\nbackends:\n  *app :\n    base_url: https://api.tokenrouter.com/v1\n"
        "    api_key: ${TR_KEY}\n    models:\n      - glm-5\n<+      - kling-v3\n+>  other:\n    models: [gpt-5]\n",
        id="below a key that is an alias",
    ),
    pytest.param(
        ".pi/agent/models.json",
        '{"providers": {"home": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "$TR_KEY", "models": [\n'
        '  {"id": "qwen3-coder:30b-32k"},\n  {"id": "qwen3-coder:30b"}<+,\n  {"id": "kling-v3"}+>\n]}}}\n',
        id="what stands in front of a tag is a model",
    ),
    pytest.param(
        ".pi/agent/models.json",
        '{"providers": {"home": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "$TR_KEY", "models": [\n'
        '  {"id": "tr:glm-5"},\n  {"id": "tr:qwen3"}<+,\n  {"id": "tr:kling-v3"}+>\n]}}}\n',
        id="what stands in front of other models is who serves them",
    ),
    pytest.param(
        "agent.yaml",
        "modelList:\n  auto:\n    model: litellm_proxy/coder\n    api_base: https://api.tokenrouter.com/v1\n"
        '    api_key: "{{ env.TR_KEY }}"\n'
        "<+  kling-v3:\n    model: litellm_proxy/kling-v3\n    api_base: https://api.tokenrouter.com/v1\n"
        '    api_key: "{{ env.TR_KEY }}"\n+>',
        id="LiteLLM's word for a proxy is no maker",
    ),
    pytest.param(
        ".hermes/config.yaml",
        "custom_providers:\n  - name: lab Qwen3-32B\n    base_url: https://api.tokenrouter.com/v1\n"
        "    key_env: TR_KEY\n    model: Qwen/Qwen3-32B\n"
        "  - name: lab GLM-5\n    base_url: https://api.tokenrouter.com/v1\n    key_env: TR_KEY\n"
        "    model: zai/GLM-5\n"
        "<+  - name: Kling v3\n    base_url: https://api.tokenrouter.com/v1\n    key_env: TR_KEY\n"
        "    model: kling-v3\n+>",
        id="a name that is each model's own is not repeated",
    ),
    pytest.param(
        "tensorzero.toml",
        '[models.opus]\nrouting = ["a"]\n\n[models.opus.providers.a]\ntype = "openai"\nmodel_name = "opus-4"\n'
        'api_base = "https://api.tokenrouter.com/v1"\napi_key_location = "env::TR_KEY"\n\n'
        '[models.pro]\nrouting = ["b"]\n\n[models.pro.providers.b]\ntype = "openai"\nmodel_name = "pro-3"\n'
        'api_base = "https://api.tokenrouter.com/v1"\napi_key_location = "env::TR_KEY"\n'
        '<+\n[models.kling-v3]\nrouting = ["b"]\n\n[models.kling-v3.providers.b]\ntype = "openai"\n'
        'model_name = "kling-v3"\napi_base = "https://api.tokenrouter.com/v1"\napi_key_location = "env::TR_KEY"\n+>',
        id="how a provider is talked to stands beside its URL",
    ),
    pytest.param(
        ".vibe/config.toml",
        '[[providers]]\nname = "tr"\napi_base = "https://api.tokenrouter.com/v1"\napi_key_env_var = "TR_KEY"\n\n'
        '[[models]]\nname = "glm-5"\nprovider = "tr"\nauto_compact_threshold = 200000\n'
        '<+\n[[models]]\nname = "kling-v3"\nprovider = "tr"\n+>',
        id="when a talk is shortened is about talks",
    ),
    pytest.param(
        "opencode.json",
        '{\n  "provider": {\n    "tr": {\n      "options": {\n        "baseURL": "https://api.tokenrouter.com/v1",\n'
        '        "apiKey": "{env:TR_KEY}"\n      },\n      "models": {\n'
        '        "glm-5": { "name": "GLM 5" }<+,\n'
        '        "kling-v3": { "name": "Kling v3", "modalities": '
        '{ "input": ["text", "image"], "output": ["video"] } }+>\n'
        "      }\n    }\n  }\n}\n",
        id="an entry on one line stays there with what its consumer demands",
    ),
    pytest.param(
        "models.json",
        '{"models": [\n  {"providerId": "home/qwen3", "id": "qwen3", "name": "Qwen 3"},\n'
        '  {"providerId": "deepseek/ds-v4", "id": "ds-v4", "baseUrl": "https://api.tokenrouter.com/v1"}<+,\n'
        '  {"providerId": "deepseek/kling-v3", "id": "kling-v3", "baseUrl": "https://api.tokenrouter.com/v1"}+>\n]}\n',
        id="in front of the id stands the provider where the field is about it",
    ),
    pytest.param(
        "models.json",
        '{"models": [\n'
        '  {"providerId": "deepseek/ds-v4", "id": "ds-v4", "baseUrl": "https://api.tokenrouter.com/v1"},\n'
        '  {"providerId": "deepseek/kling-v2-6", "id": "kling-v2-6", "baseUrl": "https://api.tokenrouter.com/v1"}<+,\n'
        '  {"providerId": "deepseek/kling-v3", "id": "kling-v3", "baseUrl": "https://api.tokenrouter.com/v1"}+>\n]}\n',
        id="so it does after a video model",
    ),
    pytest.param(
        "app.toml",
        'endpoint = "https://api.tokenrouter.com/v1"\napi_key = "${TR_KEY}"\ndefault_model = "coder"\n\n'
        '[[models]]\nalias = "coder"\nname = "Coder"\nmodel = "coder"\n'
        '<+\n[[models]]\nalias = "kling-v3"\nname = "Kling v3"\nmodel = "kling-v3"\n+>',
        id="an only other name that repeats the id",
    ),
]


@pytest.mark.parametrize(("name", "marked"), [*PLACES, *SHAPES, *FIELDS, *OTHERS, *WIRED, *THIN, *PARTS])
def test_the_edit_is_what_the_files_owner_would_write(tmp_path: Path, name: str, marked: str) -> None:
    before, after = before_and_after(marked)
    assert after == routed(tmp_path, name, before, "kling-v3")


REFUSED = [
    pytest.param(
        "models.py",
        'TR = Provider(base_url="https://api.tokenrouter.com/v1", api_key=env("TR_KEY"), models=[\n'
        '    Spec(id="openai/gpt-5", kind=Kind.CHAT),\n])\n',
        "models.py:2: nothing in this file says what the kind of a video model is called",
        id="a kind that is a constant, and none for video in sight",
    ),
    pytest.param(
        "ai.ts",
        'export const tr = createOpenAICompatible({ baseURL: "https://api.tokenrouter.com/v1", apiKey: k });\n'
        'export const models = { fast: tr.chatModel("openai/gpt-5"), film: tr.chatModel("kling-v2-6") };\n',
        "ai.ts:2: the entry to copy is code of its own model, and code is not rewritten",
        id="a model made by a call",
    ),
    pytest.param(
        "models.ts",
        'export const tr = { baseURL: "https://api.tokenrouter.com/v1", apiKey: process.env.TR_KEY,\n'
        '  models: [{ id: "kling-v2-6", run: (x) => { return send("kling-v2-6", x); } }] };\n',
        "models.ts:2: the entry to copy is code of its own model, and code is not rewritten",
        id="a field that calls its model by name",
    ),
    pytest.param(
        "models.py",
        'TR = {"base_url": "https://api.tokenrouter.com/v1", "api_key": os.environ["TR_KEY"],\n'
        '      "models": [("openai/gpt-5", "GPT-5", 400000), ("glm-5", "GLM", 200000)]}\n',
        "models.py:2: a value without a name is another model's own, and nothing says what the new one's is",
        id="a tuple with a number of its model",
    ),
    pytest.param(
        "models.ts",
        'export const tr = { baseURL: "https://api.tokenrouter.com/v1", apiKey: process.env.TR_KEY,\n'
        "  models: [make(a), make(b)] };\n",
        "models.ts:2: no ids of models can be told in this list",
        id="a list of what other code makes is a list all the same",
    ),
    pytest.param(
        ".kimi/config.toml",
        '[providers.tr]\ntype = "openai_legacy"\nbase_url = "https://api.tokenrouter.com/v1"\napi_key = "x"\n\n'
        '[models.qwen]\nprovider = "gone"\nmodel = "qwen3"\nmax_context_size = 32768\n',
        ".kimi/config.toml:6: no model of the list is this channel's; there is no entry to copy",
        id="entries of a provider that is not there",
    ),
    pytest.param(
        "config.yaml",
        "tokenrouter_url: https://api.tokenrouter.com/v1\nopenai:\n  options: {baseURL: https://llm.example/v1}\n"
        "  api_key: ${OPENAI_KEY}\n  models: [gpt-4o]\n",
        "config.yaml:5: the only list of models stands beside a base URL that is not this gateway's",
        id="a list of another provider below an address that nothing uses",
    ),
    pytest.param(
        "config.toml",
        "base_url = 'https://api.tokenrouter.com/v1'\n[openai]\nbase_url = '${OPENAI_URL}'\nmodels = ['gpt-4o']\n",
        "config.toml:4: the only list of models stands beside a base URL that is not this gateway's",
        id="a list beside a base URL that is not said",
    ),
    pytest.param(
        "config.yaml",
        "base_url: https://api.tokenrouter.com/v1\napi_key: ${TR_KEY}\nmodels:\n  - id: kling-v2-6\n"
        "    base_url: https://video.example/v1\n    api_key: ${VIDEO_KEY}\n",
        "config.yaml:4: no model of the list is this channel's; there is no entry to copy",
        id="an entry with a base URL of its own, which a copy would take along",
    ),
]

REFUSED += [
    pytest.param(
        "tensorzero.toml",
        '[models.qwen2.5-coder]\nrouting = ["a"]\n\n[models.qwen2.5-coder.providers.a]\ntype = "openai"\n'
        'model_name = "q"\napi_base = "https://api.tokenrouter.com/v1"\napi_key_location = "env::TR_KEY"\n',
        "tensorzero.toml:1: the name of a model's table has a dot outside of quotes, which makes two names of it",
        id="a table's name that its dot splits",
    ),
    pytest.param(
        "models.yaml",
        "apiVersion: litellm.example/v1\nkind: LiteLLMModel\nmetadata: {name: glm-5}\nspec:\n"
        "  modelName: glm-5\n  params: {model: openai/glm-5, apiBase: https://api.tokenrouter.com/v1,\n"
        "    apiKeyRef: {name: keys, key: TR_KEY}}\n",
        "models.yaml:1: each model is a Kubernetes object of its own here, and objects are not made",
        id="a Kubernetes object for each model",
    ),
]


@pytest.mark.parametrize(("name", "text", "message"), REFUSED)
def test_what_cannot_be_known_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, name, text, "kling-v3")
    assert message == caught.value.message


def test_switches_beside_a_list_are_no_models(tmp_path: Path) -> None:
    text = (
        "endpoints:\n  custom:\n    - name: TR\n      apiKey: ${TR_KEY}\n      baseURL: https://api.tokenrouter.com/v1\n"
        "      models:\n        fetch: true\n"
    )
    assert planned(tmp_path, "librechat.yaml", text, "kling-v3").status == "not-needed"


def test_a_map_entry_under_an_alias_counts_by_the_model_that_it_names(tmp_path: Path) -> None:
    text = (
        '[providers.tr]\ntype = "openai_legacy"\nbase_url = "https://api.tokenrouter.com/v1"\napi_key = "x"\n\n'
        '[models.film]\nprovider = "tr"\nmodel = "kling-v3"\nmax_context_size = 1\n'
    )
    assert planned(tmp_path, ".kimi/config.toml", text, "kling-v3").status == "unchanged"


def test_a_model_that_is_an_object_of_its_own_is_there_already(tmp_path: Path) -> None:
    text = "".join(
        f"---\napiVersion: litellm.example/v1\nkind: LiteLLMModel\nmetadata: {{name: {name}}}\nspec:\n"
        f"  modelName: own/{name}\n  params: {{model: openai/{name}, apiBase: https://api.tokenrouter.com/v1,\n"
        "    apiKeyRef: {name: keys, key: TR_KEY}}\n"
        for name in ("glm-5", "kling-v3")
    )
    plan = planned(tmp_path, "models.yaml", text, "kling-v3")
    assert (plan.status, plan.survey.video_models["kling-v2-6"]) == ("unchanged", "missing")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param(
            "registry.py",
            'PROVIDERS = (\n    Spec(name="tr", base_url="https://api.tokenrouter.com/v1", env_key="TR_KEY"),\n'
            '    Spec(name="tr_eu", base_url="https://api.tokenrouter.com/v1", env_key="TR_KEY"),\n)\n',
            id="in code",
        ),
        pytest.param(
            "app.json",
            '{"providers": [\n  {"name": "tr", "baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "${TR_KEY}"},\n'
            '  {"name": "spare", "baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "${TR_KEY}"}\n]}\n',
            id="in data",
        ),
    ],
)
def test_a_list_of_providers_is_no_list_of_models(tmp_path: Path, name: str, text: str) -> None:
    assert planned(tmp_path, name, text, "kling-v3").status == "not-needed"


def test_a_legacy_file_of_continue_calls_a_label_title(tmp_path: Path) -> None:
    marked = (
        '{"models": [{"title": "GLM 5", "provider": "openai", "model": "glm-5", "apiKey": "example-key-7f2",\n'
        '  "apiBase": "https://api.tokenrouter.com/v1"}<+, {"title": "Kling v3", "provider": "openai", "model": '
        '"kling-v3", "apiKey": "example-key-7f2",\n  "apiBase": "https://api.tokenrouter.com/v1"}+>]}\n'
    )
    before, after = before_and_after(marked)
    assert planned(tmp_path, ".continue/config.json", before, "kling-v3").warnings == ("consumer-has-no-video-path",)
    assert after == routed(tmp_path, ".continue/config.json", before, "kling-v3")


def test_a_list_that_stands_for_every_model_needs_no_more(tmp_path: Path) -> None:
    text = (
        '{"providers": {"tr": {"network_config": {"base_url": "https://api.tokenrouter.com"},\n'
        '  "keys": [{"value": "env.TR_KEY", "models": ["*"]}]}}}\n'
    )
    assert planned(tmp_path, "config.json", text, "kling-v3").status == "unchanged"
