"""Every known consumer's config with a list, as a person writes it, and the one edit that adds a model to it.

What stands between ``<+`` and ``+>`` is the edit; without it the text is the config before.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from routed import before_and_after, planned, routed
from tokenrouter_video.consumer_rules import RULES, rules_of
from tokenrouter_video.consumers import CONSUMERS
from tokenrouter_video.errors import RefusedError

ROWS = {
    "openclaw": (
        "openclaw.json",
        "kling-v3",
        """\
{
  // one provider, two models; the gateway watches this file
  models: {
    mode: "merge",
    providers: {
      tokenrouter: {
        baseUrl: "https://api.tokenrouter.com/v1",
        apiKey: { source: "env", provider: "default", id: "TR_KEY" },
        api: "openai-completions",
        models: [
          { id: "openai/gpt-4o", name: "GPT-4o", reasoning: false, input: ["text", "image"], maxTokens: 16384 },
          { id: "kling-v2-6", name: "Kling v2.6", input: ["text", "image"] }, // drafts
<+          { id: "kling-v3", name: "Kling v3", input: ["text", "image"] },
+>        ],
      },
    },
  },
  agents: {
    defaults: {
      model: { primary: "tokenrouter/openai/gpt-4o" },
      models: {
        "tokenrouter/openai/gpt-4o": { alias: "four" },
        "tokenrouter/kling-v2-6": {},
<+        "tokenrouter/kling-v3": {},
+>        "anthropic/claude": { alias: "c" },
      },
      modelPolicy: { allow: ["anthropic/*", "tokenrouter/openai/gpt-4o"<+, "tokenrouter/kling-v3"+>] },
    },
  },
}
""",
    ),
    "opencode": (
        "opencode.jsonc",
        "MiniMax-Hailuo-2.3",
        """\
{
  "$schema": "https://opencode.ai/config.json",
  "provider": {
    "tokenrouter": {
      "npm": "@ai-sdk/openai-compatible",
      "options": { "baseURL": "https://api.tokenrouter.com/v1", "apiKey": "{env:TR_KEY}" },
      "whitelist": ["openai/gpt-4o"<+, "MiniMax-Hailuo-2.3"+>],
      "models": {
        "openai/gpt-4o": {
          "name": "GPT-4o",
          "limit": { "context": 128000, "output": 16384 },
          "modalities": { "input": ["text", "image"], "output": ["text"] },
        },
<+        "MiniMax-Hailuo-2.3": {
          "name": "MiniMax Hailuo 2.3",
          "modalities": { "input": ["text"], "output": ["video"] },
        },
+>      },
    },
  },
}
""",
    ),
    "kilo": (
        "kilo.jsonc",
        "kling-v3",
        """\
{
  // my own gateway
  "provider": {
    "tr": {
      "options": {
        "baseURL": "https://api.tokenrouter.com/v1",
        "apiKey": "example-key-7f2"
      },
      "models": {
        "tr/glm-5": {},
        "tr/glm-5-air": { "name": "GLM", "limit": { "context": 128000, "output": 8192 } }<+,
        "tr/kling-v3": { "name": "Kling v3", "modalities": { "input": ["text", "image"], "output": ["video"] } }+>
      }
    }
  }
}
""",
    ),
    "hermes": (
        ".hermes/config.yaml",
        "kling-v3",
        """\
model:
  default: deepseek/deepseek-v4
  provider: tokenrouter
providers:
  tokenrouter:
    api: https://api.tokenrouter.com/v1
    key_env: TR_KEY
    default_model: deepseek/deepseek-v4
    models:
      deepseek/deepseek-v4:
        context_length: 128000
      z-ai/glm-5: {}
<+      kling-v3: {}
+>    transport: chat_completions
toolsets:
- hermes-cli
""",
    ),
    "litellm": (
        "litellm_config.yaml",
        "kling-v3",
        """\
model_list:
- model_name: gpt-4o
  litellm_params: {model: openai/openai/gpt-4o, api_base: "https://api.tokenrouter.com/v1", api_key: os.environ/TR_KEY}
- model_name: hailuo
  litellm_params:
    model: openai/MiniMax-Hailuo-2.3
    api_base: "https://api.tokenrouter.com/v1"
    api_key: os.environ/TR_KEY
  model_info:
    mode: video_generation
    supported_endpoints: ["/v1/videos"]   # see the docs
<+- model_name: kling-v3
  litellm_params:
    model: openai/kling-v3
    api_base: "https://api.tokenrouter.com/v1"
    api_key: os.environ/TR_KEY
  model_info:
    mode: video_generation
    supported_endpoints: ["/v1/videos"]
+>
litellm_settings:
  drop_params: true
""",
    ),
    "claude-code-router": (
        ".claude-code-router/config.json",
        "kling-v3",
        """\
{
  "LOG": true,
  "Providers": [
    { "name": "local", "api_base_url": "http://localhost:11434/v1", "api_key": "x", "models": ["qwen"] },
    {
      "name": "tokenrouter",
      "api_base_url": "https://api.tokenrouter.com/v1/chat/completions",
      "api_key": "$TR_KEY",
      "models": ["anthropic/claude-sonnet", "google/gemini-3"<+, "kling-v3"+>],
      "transformer": { "use": ["openrouter"] }
    }
  ],
  "Router": { "default": "tokenrouter,anthropic/claude-sonnet" }
}
""",
    ),
    "continue": (
        ".continue/config.yaml",
        "kling-v3",
        """\
%YAML 1.1
---
name: Mine
version: 1.0.0
schema: v1
tr: &tr
  provider: openai
  apiBase: https://api.tokenrouter.com/v1
  apiKey: ${{ secrets.TR_KEY }}
models:
  # small ones
  - name: "Flash"
    <<: *tr
    model: google/gemini-3-flash
    roles: [chat, edit]
  # big ones
  - name: "Sonnet"
    <<: *tr
    model: anthropic/claude-sonnet
    capabilities:
      - tool_use
<+  - name: "Kling v3"
    <<: *tr
    model: kling-v3
+>context:
  - provider: code
""",
    ),
    "librechat": (
        "librechat.yaml",
        "kling-v2-6",
        """\
version: 1.2.8
endpoints:
  custom:
    - name: "TokenRouter"
      apiKey: "${TR_KEY}"
      baseURL: "https://api.tokenrouter.com/v1"
      models:
        default:
        - "openai/gpt-4o"
        - name: "anthropic/claude"
          description: "for text"
        - "kling-v3"
<+        - "kling-v2-6"
+>        fetch: false
      titleConvo: true
""",
    ),
    "crush": (
        "crush.json",
        "kling-v3",
        """\
{
\t"$schema": "https://charm.land/crush.json",
\t"providers": {
\t\t"tokenrouter": {
\t\t\t"type": "openai-compat",
\t\t\t"base_url": "https://api.tokenrouter.com/v1",
\t\t\t"api_key": "$TR_KEY",
\t\t\t"models": [
\t\t\t\t{
\t\t\t\t\t"id": "openai/gpt-4o",
\t\t\t\t\t"name": "GPT-4o",
\t\t\t\t\t"cost_per_1m_in": 2.5,
\t\t\t\t\t"context_window": 128000,
\t\t\t\t\t"default_max_tokens": 4096
\t\t\t\t}<+,
\t\t\t\t{
\t\t\t\t\t"id": "kling-v3",
\t\t\t\t\t"name": "Kling v3"
\t\t\t\t}+>
\t\t\t]
\t\t}
\t}
}
""",
    ),
    "zed": (
        ".zed/settings.json",
        "kling-v3",
        """\
// Zed settings
{
  "language_models": {
    "openai_compatible": {
      "TokenRouter": {
        "api_url": "https://api.tokenrouter.com/v1",
        "available_models": [
          {
            "name": "z-ai/glm-5",
            "display_name": "GLM 5",
            "max_tokens": 200000,
            "capabilities": { "tools": true, "images": false },
          },
<+          {
            "name": "kling-v3",
            "display_name": "Kling v3",
            "max_tokens": 200000,
          },
+>        ],
      },
    },
  },
}
""",
    ),
    "goose": (
        "goose/custom_providers/tokenrouter.json",
        "kling-v3",
        """\
{
  "name": "tokenrouter",
  "engine": "openai",
  "display_name": "TokenRouter",
  "api_key_env": "TR_KEY",
  "base_url": "https://api.tokenrouter.com/v1/chat/completions",
  "models": [
    {"name": "openai/gpt-4o", "context_limit": 128000},
    {"name": "z-ai/glm-5", "context_limit": 200000}<+,
    {"name": "kling-v3", "context_limit": 200000}+>
  ]
}
""",
    ),
    "aider": (
        ".aider.model.settings.yml",
        "kling-v3",
        """\
- name: openai/z-ai/glm-5
  edit_format: diff
  use_temperature: false
  extra_params:
    api_base: https://api.tokenrouter.com/v1
    api_key: example-key-7f2
    max_tokens: 8000
<+- name: openai/kling-v3
  extra_params:
    api_base: https://api.tokenrouter.com/v1
    api_key: example-key-7f2
+>""",
    ),
    "cherry-studio": (
        "cherry.json",
        "kling-v3",
        """\
{"llm": {"providers": [
  {"id": "tr", "name": "TokenRouter", "apiHost": "https://api.tokenrouter.com", "apiKey": "example-key-7f2", "models": [
    {"id": "openai/gpt-4o", "provider": "tr", "name": "GPT-4o", "group": "openai"},
    {"id": "kling-v2-6", "provider": "tr", "name": "Kling 2.6", "group": "video"}<+,
    {"id": "kling-v3", "provider": "tr", "name": "Kling 3.0", "group": "video"}+>
  ]}
]}}
""",
    ),
    "new-api": (
        "channels.json",
        "kling-v3",
        """\
[
  {
    "type": 1,
    "name": "tokenrouter",
    "base_url": "https://api.tokenrouter.com",
    "key": "example-key-7f2",
    "models": "gpt-4o,MiniMax-Hailuo-2.3<+,kling-v3+>",
    "model_mapping": "{\\"gpt-4o\\": \\"openai/gpt-4o\\"}",
    "group": "default,vip"
  }
]
""",
    ),
    "bifrost": (
        "config.json",
        "kling-v3",
        """\
{
  "providers": {
    "openai": {
      "keys": [
        { "name": "tr", "value": "env.TR_KEY", "models": ["gpt-4o"<+, "kling-v3"+>], "weight": 1.0 }
      ],
      "network_config": { "base_url": "https://api.tokenrouter.com", "max_retries": 1 }
    }
  }
}
""",
    ),
    "portkey": (
        "conf.json",
        "kling-v3",
        """\
{
  "integrations": [
    {
      "provider": "openai",
      "slug": "tokenrouter",
      "credentials": { "apiKey": "example-key-7f2", "customHost": "https://api.tokenrouter.com/v1" },
      "models": [
        {
          "slug": "gpt-4o",
          "status": "active",
          "pricing_config": null
        }<+,
        {
          "slug": "kling-v3",
          "status": "active"
        }+>
      ]
    }
  ]
}
""",
    ),
    "envoy-ai-gateway": (
        "gateway.yaml",
        "kling-v3",
        """\
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIGatewayRoute
metadata: {name: models}
spec:
  parentRefs: [{name: edge, kind: Gateway, group: gateway.networking.k8s.io}]
  rules:
    # cheap
    - matches:
        - headers: [{type: Exact, name: x-ai-eg-model, value: z-ai/glm-5}]
      backendRefs: [{name: tokenrouter}]
<+    - matches:
        - headers: [{type: Exact, name: x-ai-eg-model, value: kling-v3}]
      backendRefs: [{name: tokenrouter}]
+>    # everything else
    - backendRefs: [{name: openai}]
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: tokenrouter}
spec:
  schema: {name: OpenAI, prefix: /v1}
  backendRef: {name: tokenrouter, kind: Backend, group: gateway.envoyproxy.io}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: tokenrouter}
spec:
  endpoints: [{fqdn: {hostname: api.tokenrouter.com, port: 443}}]
""",
    ),
    "kong": (
        "kong.yml",
        "kling-v3",
        """\
_format_version: "3.0"
plugins:
  - name: ai-proxy-advanced
    route: video
    config:
      genai_category: video/generation
      targets:
        - route_type: video/v1/videos/generations
          auth: {header_name: Authorization, header_value: "{vault://env/tr-key}"}
          model:
            provider: openai
            name: kling-v2-6
            model_alias: kling-v2-6
            options:
              upstream_url: https://api.tokenrouter.com/v1/video/generations
<+        - route_type: video/v1/videos/generations
          auth: {header_name: Authorization, header_value: "{vault://env/tr-key}"}
          model:
            provider: openai
            name: kling-v3
            model_alias: kling-v3
            options:
              upstream_url: https://api.tokenrouter.com/v1/video/generations
+>""",
    ),
    "open-webui": (
        "webui.json",
        "kling-v3",
        """\
{"openai": {
  "api_base_urls": ["http://localhost:8080/v1", "https://api.tokenrouter.com/v1"],
  "api_keys": ["x", "example-key-7f2"],
  "api_configs": {
    "0": {"enable": true, "model_ids": ["qwen"]},
    "1": {"enable": true, "model_ids": ["z-ai/glm-5"<+, "kling-v3"+>]}
  }
}}
""",
    ),
    "tensorzero": (
        "config/tensorzero.toml",
        "MiniMax-Hailuo-2.3",
        """\
[models.gpt-4o]
routing = ["tokenrouter"]

[models.gpt-4o.providers.tokenrouter]
type = "openai"
api_base = "https://api.tokenrouter.com/v1" # the router
model_name = "openai/gpt-4o"
api_key_location = "env::TR_KEY"

<+[models."MiniMax-Hailuo-2.3"]
routing = ["tokenrouter"]

[models."MiniMax-Hailuo-2.3".providers.tokenrouter]
type = "openai"
api_base = "https://api.tokenrouter.com/v1"
model_name = "MiniMax-Hailuo-2.3"
api_key_location = "env::TR_KEY"

+>[functions.draft]
type = "chat"
""",
    ),
    "pi": (
        ".pi/agent/models.json",
        "kling-v3",
        """\
{
  "providers": {
    "tokenrouter": {
      "baseUrl": "https://api.tokenrouter.com/v1",
      "api": "openai-completions",
      "apiKey": "TR_KEY",
      "models": [
        { "id": "openai/gpt-4o" },
        { "id": "z-ai/glm-5" }<+,
        { "id": "kling-v3" }+>
      ]
    }
  }
}
""",
    ),
    "oh-my-pi": (
        ".omp/agent/models.yml",
        "kling-v3",
        """\
providers:
  tokenrouter:
    baseUrl: https://api.tokenrouter.com/v1
    apiKey: TR_KEY
    api: openai-completions
    models:
      - id: z-ai/glm-5
        name: "GLM 5"
        reasoning: true
        input: [text]
        contextWindow: 200000
<+      - id: kling-v3
        name: "Kling v3"
        input: [text]
+>  other:
    baseUrl: http://localhost:8080/v1
""",
    ),
    "dsh": (
        ".dsh/settings.yaml",
        "kling-v3",
        """\
llm-pi-ai:
  providers:
    tokenrouter:
      baseURL: https://api.tokenrouter.com/v1
      apiKeyEnv: TR_KEY
      models:
      - id: z-ai/glm-5
      - id: kling-v2-6
<+      - id: kling-v3
+>""",
    ),
    "zcode": (
        ".zcode/v2/provider_config.json",
        "kling-v3",
        """\
{
  "schemaVersion": 1,
  "config": {
    "providerOrder": ["tr", "builtin:zai"],
    "providerConfigRules": {
      "providerRules": [
        {
          "providerId": "tr",
          "providerName": "TokenRouter",
          "config": {
            "access": { "type": "api-key", "apiKey": "example-key-7f2" },
            "api": { "type": "openai-chat-completions", "baseUrl": "https://api.tokenrouter.com/v1" },
            "personalModelIds": ["z-ai/glm-5", "openai/gpt-4o"<+, "kling-v3"+>],
            "modelOrder": ["openai/gpt-4o", "z-ai/glm-5"<+, "kling-v3"+>]
          }
        }
      ]
    },
    "modelConfigRules": {
      "providerModelRules": [
        { "modelId": "z-ai/glm-5", "config": { "enabled": true }, "providerId": "tr" },
        { "modelId": "openai/gpt-4o", "config": { "enabled": true }, "providerId": "tr" },
<+        { "modelId": "kling-v3", "config": { "enabled": true }, "providerId": "tr" },
+>        { "modelId": "glm-5", "config": { "enabled": false }, "providerId": "builtin:zai" }
      ]
    }
  }
}
""",
    ),
    "qoder": (
        ".qoder/settings.json",
        "kling-v3",
        """\
{
  "providers": {
    "tr": {
      "baseUrl": "https://api.tokenrouter.com/v1",
      "apiKey": "example-key-7f2",
      "models": [
        {"model": "openai/gpt-4o", "displayName": "GPT-4o", "contextWindow": 128000, "capabilities": {}}<+,
        {"model": "kling-v3", "displayName": "Kling v3"}+>
      ]
    }
  }
}
""",
    ),
    "codebuddy": (
        ".codebuddy/models.json",
        "kling-v3",
        """\
{
  "models": [
    {
      "id": "z-ai/glm-5",
      "name": "GLM 5",
      "vendor": "TokenRouter",
      "apiKey": "${TR_KEY}",
      "url": "https://api.tokenrouter.com/v1/chat/completions",
      "maxInputTokens": 200000,
      "supportsToolCall": true
    }<+,
    {
      "id": "kling-v3",
      "name": "Kling v3",
      "vendor": "TokenRouter",
      "apiKey": "${TR_KEY}",
      "url": "https://api.tokenrouter.com/v1/chat/completions"
    }+>
  ],
  "availableModels": ["z-ai/glm-5"<+, "kling-v3"+>]
}
""",
    ),
    "kimi": (
        ".kimi/config.toml",
        "MiniMax-Hailuo-2.3",
        """\
default_model = "glm"

[providers.tr]
type = "openai_legacy"
base_url = "https://api.tokenrouter.com/v1"
api_key = "example-key-7f2"

[models.glm]
provider = "tr"
model = "z-ai/glm-5"
max_context_size = 200_000
capabilities = ["thinking"]

<+[models."MiniMax-Hailuo-2.3"]
provider = "tr"
model = "MiniMax-Hailuo-2.3"
max_context_size = 200_000

+>[loop_control]
max_steps_per_turn = 100
""",
    ),
    "kimi-code": (
        ".kimi-code/config.toml",
        "MiniMax-Hailuo-2.3",
        """\
[providers.tr]
type = "openai"
base_url = "https://api.tokenrouter.com/v1"
api_key_env = "TR_KEY"

[models."z-ai/glm-5"]
provider = "tr"
model = "z-ai/glm-5"
<+
[models."MiniMax-Hailuo-2.3"]
provider = "tr"
model = "MiniMax-Hailuo-2.3"
+>""",
    ),
    "vibe": (
        ".vibe/config.toml",
        "kling-v3",
        """\
allowed_models = ["z-ai/glm-5"<+, "kling-v3"+>]

[[providers]]
name = "tr"
api_base = "https://api.tokenrouter.com/v1"
api_key_env_var = "TR_KEY"

[[models]]
name = "z-ai/glm-5"
provider = "tr"
alias = "glm"
temperature = 0.2

<+[[models]]
name = "kling-v3"
provider = "tr"

+>[tools.bash]
permission = "ask"
""",
    ),
    "qwen-code": (
        ".qwen/settings.json",
        "kling-v3",
        """\
{
  "modelProviders": {
    "openai": [
      {
        "id": "z-ai/glm-5",
        "name": "[TR] GLM 5",
        "baseUrl": "https://api.tokenrouter.com/v1",
        "envKey": "TR_KEY",
        "generationConfig": { "contextWindowSize": 200000 }
      },
      {
        "id": "openai/gpt-4o",
        "name": "[TR] GPT-4o",
        "baseUrl": "https://api.tokenrouter.com/v1",
        "envKey": "TR_KEY"
      }<+,
      {
        "id": "kling-v3",
        "name": "[TR] Kling v3",
        "baseUrl": "https://api.tokenrouter.com/v1",
        "envKey": "TR_KEY"
      }+>
    ]
  },
  "env": { "TR_KEY": "example-key-7f2" }
}
""",
    ),
    "factory": (
        ".factory/settings.json",
        "kling-v3",
        """\
{
  "customModels": [
    {
      "model": "z-ai/glm-5",
      "displayName": "GLM 5 (TokenRouter)",
      "baseUrl": "https://api.tokenrouter.com/v1",
      "apiKey": "${TR_KEY}",
      "provider": "generic-chat-completion-api",
      "maxOutputTokens": 16384
    }<+,
    {
      "model": "kling-v3",
      "displayName": "Kling v3 (TokenRouter)",
      "baseUrl": "https://api.tokenrouter.com/v1",
      "apiKey": "${TR_KEY}",
      "provider": "generic-chat-completion-api"
    }+>
  ]
}
""",
    ),
    "raycast": (
        "raycast/ai/providers.yaml",
        "kling-v3",
        """\
providers:
  - id: tokenrouter
    name: TokenRouter
    base_url: https://api.tokenrouter.com/v1
    api_keys:
      tokenrouter: example-key-7f2
    models:
      - id: z-ai/glm-5
        name: "GLM 5"
        context: 200000
        abilities:
          tools: { supported: true }
<+      - id: kling-v3
        name: "Kling v3"
+>""",
    ),
    "mods": (
        "mods/mods.yml",
        "kling-v3",
        """\
default-model: glm
apis:
  tokenrouter:
    base-url: https://api.tokenrouter.com/v1
    api-key-env: TR_KEY
    models:
      z-ai/glm-5:
        aliases: ["glm"]
        max-input-chars: 400000
<+      kling-v3: {}
+>  openai:
    base-url: http://localhost:8080/v1
""",
    ),
    "llm": (
        "io.datasette.llm/extra-openai-models.yaml",
        "kling-v3",
        """\
# asked by: llm -m glm
- model_id: glm
  model_name: z-ai/glm-5
  api_base: https://api.tokenrouter.com/v1
  api_key_name: tokenrouter
  aliases: [g]
  supports_tools: true

<+- model_id: kling-v3
  model_name: kling-v3
  api_base: https://api.tokenrouter.com/v1
  api_key_name: tokenrouter

+>- model_id: local
  model_name: qwen3
  api_base: http://localhost:8080/v1
""",
    ),
    "aichat": (
        "aichat/config.yaml",
        "kling-v3",
        """\
model: tr:z-ai/glm-5
clients:
  - type: openai-compatible
    name: tr
    api_base: https://api.tokenrouter.com/v1
    api_key: example-key-7f2
    models:
      - name: z-ai/glm-5
        max_input_tokens: 200000
        supports_function_calling: true
      - name: text-embedding-3-small
        type: embedding
        default_chunk_size: 2000
<+      - name: kling-v3
+>""",
    ),
    "omniroute": (
        "open-sse/providers/registry/tokenrouter.js",
        "kling-v3",
        """\
import { chat } from "../kinds.js";

export default {
  id: "tokenrouter",
  alias: "tr",
  transport: { baseUrl: "https://api.tokenrouter.com/v1/chat/completions", format: "openai" },
  models: [
    { id: "openai/gpt-4o", name: "GPT-4o" },
    { id: "z-ai/glm-5", name: "GLM 5" },
<+    { id: "kling-v3", name: "Kling v3", kind: "video" },
+>  ],
  serviceKinds: ["llm"],
};
""",
    ),
}

# A list of Kong's whose entries share all requests, whatever model these ask for.
KONG_TARGETS = """\
_format_version: "3.0"
plugins:
  - name: ai-proxy-advanced
    config:
      targets:
        - route_type: {route_type}
          auth: {{header_name: Authorization, header_value: "{{vault://env/tr-key}}"}}
          model:
            provider: openai
            name: {model}
            options:
              upstream_url: https://api.tokenrouter.com/v1/{path}
"""


@pytest.mark.parametrize(
    ("route_type", "model", "path"),
    [
        pytest.param("llm/v1/chat", "z-ai/glm-5", "chat/completions", id="a chat target"),
        pytest.param("video/v1/videos/generations", "kling-v2-6", "video/generations", id="a video target"),
    ],
)
def test_a_list_whose_entries_share_all_requests_gets_none(
    route_type: str, model: str, path: str, tmp_path: Path
) -> None:
    text = KONG_TARGETS.format(route_type=route_type, model=model, path=path)
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, "kong.yml", text, "kling-v3")
    assert str(caught.value) == (
        "kong.yml:6: the list's entries share all requests, and none is a video model's that requests choose by name: "
        "one more would get requests for the others"
    )
    assert "route_type video/v1/videos/generations" in caught.value.remedy


KONG_WITHOUT_A_LIST = {
    "one plugin for one model": """_format_version: "3.0"
services:
  - name: glm
    url: http://localhost:32000
    plugins:
      - name: ai-proxy
        config: &glm
          route_type: llm/v1/chat
          auth: {header_name: Authorization, header_value: "Bearer {vault://env/tr-key}"}
          model: {provider: openai, name: z-ai/glm-5, options: {upstream_url: "https://api.tokenrouter.com/v1/chat"}}
    routes:
      - name: glm
        paths: [/glm]
""",
    "several plugins, each for its route": """_format_version: "3.0"
plugins:
  - name: ai-proxy
    route: glm
    config:
      auth: {header_name: Authorization, header_value: "{vault://env/tr-key}"}
      model: {provider: openai, name: z-ai/glm-5, options: {upstream_url: "https://api.tokenrouter.com/v1/chat"}}
  - name: ai-proxy
    route: four
    config:
      auth: {header_name: Authorization, header_value: "{vault://env/tr-key}"}
      model: {provider: openai, name: gpt-4o, options: {upstream_url: "https://api.tokenrouter.com/v1/chat"}}
""",
    "services by their hosts": """_format_version: "3.0"
services:
  - {name: one, host: api.tokenrouter.com, port: 443, protocol: https, routes: [{name: a, paths: [/a]}]}
  - {name: two, host: api.tokenrouter.com, port: 443, protocol: https, routes: [{name: b, paths: [/b]}]}
""",
}


@pytest.mark.parametrize("text", KONG_WITHOUT_A_LIST.values(), ids=KONG_WITHOUT_A_LIST)
def test_neither_plugins_nor_services_nor_paths_are_models(text: str, tmp_path: Path) -> None:
    plan = planned(tmp_path, "kong.yml", text, "kling-v3")
    assert (plan.channel.consumer, plan.status, plan.files) == ("kong", "not-needed", ())
    assert plan.advice == (rules_of("kong").advice,)


# Where a consumer's list is no list of the file, or a chat entry's fields say too little, other tests look.
ELSEWHERE = {"lobechat", "dify", "models.dev", "ai-model-directory"}
WITHOUT_A_LIST = {"claude-code", "codex", "roo", "cc-switch", "vercel-ai-sdk", "openai-sdk", "docker-compose"}


@pytest.mark.parametrize("consumer", ROWS)
def test_a_consumers_config_gets_the_entry_that_its_owner_would_write(consumer: str, tmp_path: Path) -> None:
    name, model, marked = ROWS[consumer]
    before, after = before_and_after(marked)
    assert planned(tmp_path, name, before, model).channel.consumer == consumer
    assert after == routed(tmp_path, name, before, model)


def test_every_consumer_has_rules_and_a_row() -> None:
    assert set(CONSUMERS) == set(RULES)
    assert set(CONSUMERS) == set(ROWS) | ELSEWHERE | WITHOUT_A_LIST
