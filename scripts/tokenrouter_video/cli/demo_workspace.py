"""The demo's sample workspace: one config in each format, in the hand of a different owner, and what looks like one."""

from __future__ import annotations

from pathlib import Path

# A key of the demo's own; the gateway on loopback accepts any.
KEY = "example-key-7f2-for-the-demo"

# Config file and the model that the demo adds to it.
ROUTES: tuple[tuple[str, str], ...] = (
    ("litellm_config.yaml", "kling-v3"),
    ("opencode.jsonc", "kling-v3"),
    ("gateway/channels.json", "MiniMax-Hailuo-2.3"),
    ("studio/router.json5", "kling-v2-6"),
    ("services/render.toml", "dreamina-seedance-2-0-260128"),
    ("web/src/providers.ts", "kling-v3"),
    ("web/scripts/registry.js", "MiniMax-Hailuo-2.3"),
    ("worker/settings.py", "dreamina-seedance-2-0-fast-260128"),
)

FILES: dict[str, str] = {
    ".env": f"TOKENROUTER_KEY={KEY}\n",
    "compose.yaml": """\
services:
  proxy:
    image: ghcr.io/berriai/litellm:main-stable
    command: ["--config", "/app/litellm_config.yaml"]
    env_file: .env
    volumes:
      - ./litellm_config.yaml:/app/litellm_config.yaml:ro
""",
    "litellm_config.yaml": """\
# Proxy for the whole team.
model_list:
  - model_name: gpt-4o-mini
    litellm_params:
      model: openai/openai/gpt-4o-mini
      api_base: https://api.tokenrouter.com/v1
      api_key: os.environ/TOKENROUTER_KEY
    model_info:
      mode: chat

  # --- video ---
  - model_name: kling-v2-6   # cheap drafts
    litellm_params:
      model: openai/kling-v2-6
      api_base: https://api.tokenrouter.com/v1
      api_key: os.environ/TOKENROUTER_KEY
    model_info:
      mode: video_generation

litellm_settings:
  drop_params: true
""",
    "opencode.jsonc": """\
{
  "$schema": "https://opencode.ai/config.json",
  "provider": {
    "tokenrouter": {
      "npm": "@ai-sdk/openai-compatible",
      "options": {
        "baseURL": "https://api.tokenrouter.com/v1",
        "apiKey": "{env:TOKENROUTER_KEY}",
      },
      "models": {
        "openai/gpt-4o-mini": { "name": "GPT-4o mini" }, // daily work
        "kling-v2-6": { "name": "Kling v2.6", "modalities": { "input": ["text", "image"], "output": ["video"] } },
      },
    },
  },
}
""",
    "gateway/channels.json": """\
{
\t"channels": [
\t\t{
\t\t\t"name": "tokenrouter",
\t\t\t"base_url": "https://api.tokenrouter.com",
\t\t\t"key": "${TOKENROUTER_KEY}",
\t\t\t"chat_models": ["openai/gpt-4o-mini"],
\t\t\t"video_models": [
\t\t\t\t{"id": "kling-v3", "path": "/v1/video/generations", "label": "Kling v3"}
\t\t\t]
\t\t}
\t]
}
""",
    "studio/router.json5": """\
// what the studio may render with
{
  providers: [{
    name: 'tokenrouter',
    baseUrl: 'https://open.palebluedot.ai/v1',
    apiKey: '$TOKENROUTER_KEY',
    models: [
      'kling-v3',
      'MiniMax-Hailuo-2.3',  // for people
    ],
  }],
}
""",
    "services/render.toml": """\
title = "render farm"

[providers.tokenrouter]
base_url = "https://api.tokenrouter.com/v1"
api_key_env = "TOKENROUTER_KEY"

[[providers.tokenrouter.models]]
id    = "dreamina-seedance-2-0-fast-260128"
label = "Seedance 2.0 Fast"
kind  = "video"

[queue]
workers = 4  # one for each card
""",
    "web/src/providers.ts": """\
import type { Provider } from "./types";

const TOKENROUTER = "https://api.tokenrouter.com/v1";

export const providers = {
  tokenrouter: {
    baseURL: TOKENROUTER,
    apiKey: process.env.TOKENROUTER_KEY ?? "",
    models: [
      { id: "openai/gpt-4o-mini", name: "GPT-4o mini" },
      { id: "kling-v2-6", name: "Kling v2.6", kind: "video" },
    ],
  },
} satisfies Record<string, Provider>;
""",
    "web/scripts/registry.js": """\
module.exports = {
  id: 'tokenrouter',
  transport: { baseUrl: 'https://api.tokenrouter.com/v1' },
  auth: { apiKey: process.env.TOKENROUTER_KEY },
  models: [
    { id: 'openai/gpt-4o-mini', name: 'GPT-4o mini' },
    { id: 'kling-v3', name: 'Kling v3', kind: 'video' }
  ]
}
""",
    "worker/settings.py": """\
import os

PROVIDERS = {
    "tokenrouter": {
        "base_url": "https://api.tokenrouter.com/v1",
        "api_key": os.environ["TOKENROUTER_KEY"],
        "models": [
            {"id": "kling-v3", "kind": "video"},
            {"id": "dreamina-seedance-2-0-260128", "kind": "video"},  # slow, good
        ],
    },
}
""",
    # Prose, an example and another company's host: none of them is a channel that is in use.
    "docs/setup.md": "Set `base_url: https://api.tokenrouter.com/v1` in `litellm_config.yaml`.\n",
    "examples/litellm_config.example.yaml": """\
model_list:
  - model_name: kling-v3
    litellm_params:
      model: openai/kling-v3
      api_base: https://api.tokenrouter.com/v1
      api_key: your-key-here
""",
    "legacy/providers.yaml": """\
providers:
  tokenrouter:
    base_url: https://api.tokenrouter.io/v1
    api_key: ${OLD_KEY}
    models: [kling-v3]
""",
}


def build(folder: Path) -> None:
    """Write the sample workspace into an existing folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
