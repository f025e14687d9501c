"""What is known of the consumers' reading, seen anew whenever they are asked: a text changed, and what they make of it.

:mod:`tokenrouter_video.consumer_readings` repeats the facts for people; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Fact:
    """What a consumer does with a text in its config: it ``accepts`` or ``refuses`` the file, or ``drops`` a model.

    ``says`` is the fact for people. ``old`` stands once in the config and is replaced by ``new`` to see it.
    """

    does: str
    says: str
    old: str
    new: str


# By the folder of the case whose config is changed.
FACTS: Mapping[str, tuple[Fact, ...]] = MappingProxyType(
    {
        "aider": (Fact("refuses", "a file with one unknown field", "weak_model_name: openai", "kind: openai"),),
        "claude-code-router": (
            Fact("accepts", "comments and trailing commas", '"LOG": false,', '"LOG": false, // no log'),
        ),
        "codex": (
            Fact(
                "accepts",
                "unknown fields, without `--strict-config`",
                'wire_api = "responses"',
                'wire_api = "responses"\nmodels = ["x"]',
            ),
            Fact("refuses", '`wire_api = "chat"`', 'wire_api = "responses"', 'wire_api = "chat"'),
        ),
        "continue": (
            Fact("accepts", "`roles: []`", "roles: [autocomplete]", "roles: []"),
            Fact("accepts", "unknown fields, without keeping them", "roles: [autocomplete]", "kind: video"),
            Fact("refuses", "a role that it does not know, such as `video`", "roles: [autocomplete]", "roles: [video]"),
        ),
        "llm": (
            Fact("accepts", "unknown fields", "can_stream: false", "kind: video"),
            Fact("refuses", "an entry without `model_name`", "  model_name: google/nano-banana\n", ""),
        ),
        "continue-merge": (Fact("refuses", "merge keys without `%YAML 1.1`", "%YAML 1.1\n---\n", ""),),
        "factory": (
            Fact("accepts", "comments", "// byok", "// byok, two of them"),
            Fact(
                "drops",
                "all custom models, for one trailing comma",
                '"maxOutputTokens": 16384 }',
                '"maxOutputTokens": 16384, }',
            ),
            Fact(
                "drops",
                "all custom models, for one `provider` that it does not know",
                '"provider": "generic-chat-completion-api", "max',
                '"provider": "openai-compatible", "max',
            ),
        ),
        "goose": (
            Fact(
                "accepts",
                "a model without `context_limit`",
                '"name": "z-ai/glm-4.6",\n      "context_limit": 200000,',
                '"name": "z-ai/glm-4.6",',
            ),
            Fact("accepts", "unknown fields", '"name": "z-ai/glm-4.6",', '"name": "z-ai/glm-4.6", "kind": "chat",'),
            Fact("refuses", "a model without `name`", '"name": "z-ai/glm-4.6"', '"id": "z-ai/glm-4.6"'),
            Fact("refuses", "comments", '"engine": "openai",', '"engine": "openai", // as all'),
            Fact("refuses", "trailing commas", '"dynamic_models": false', '"dynamic_models": false,'),
        ),
        "hermes": (
            Fact(
                "drops",
                "an item of a `models` list with its id under `model`",
                (
                    "models:\n      openai/gpt-5.1: {context_length: 400000}\n      # slow but good\n   "
                    "   moonshotai/kimi-k2: {context_length: 262144}"
                ),
                "models:\n      - id: openai/gpt-5.1\n      - model: moonshotai/kimi-k2",
            ),
        ),
        "hermes-flat": (
            Fact(
                "drops",
                "`custom_providers` as JSON in a string",
                "custom_providers:\n",
                (
                    'custom_providers: \'[{"name": "TokenRouter", "base_url": "https://api.tokenrouter'
                    '.com/v1", "model": "z-ai/glm-4.6"}]\'\nignored:\n'
                ),
            ),
        ),
        "kilo-project": (
            Fact("drops", "a project's file with `{env:VAR}`", "example-key-7f2", "{env:TOKENROUTER_API_KEY}"),
            Fact("drops", "a model that `whitelist` does not name", ',\n                "kling-v2-1"\n', "\n"),
        ),
        "kimi": (
            Fact("refuses", "a model without `max_context_size`", "max_context_size = 400000\n", ""),
            Fact("refuses", "a model without `model`", 'model = "openai/gpt-5.1"\n', ""),
            Fact("refuses", "a key with a dot and no quotes", "[models.gpt]", "[models.gpt-5.1]"),
        ),
        "kimi-code": (
            Fact("accepts", "a model without `max_context_size`", "max_context_size = 400000\n", ""),
            Fact("refuses", "a `model` that is no string", 'model = "openai/gpt-5.1"', "model = 5"),
        ),
        "librechat": (
            Fact(
                "accepts",
                "`{name, description}` among strings",
                '"openai/gpt-5.1",',
                '{ name: "openai/gpt-5.1", description: "x" },',
            ),
            Fact("refuses", "`{id}` among strings", '"openai/gpt-5.1",', '{ id: "openai/gpt-5.1" },'),
        ),
        "librechat-block": (
            Fact("drops", "`models.video` beside `models.default`", "# video, for the plugin\n", "video:\n"),
        ),
        "litellm": (
            Fact("accepts", "any `mode`", "mode: chat", "mode: film"),
            Fact("drops", "a model without a provider in front", "model: openai/z-ai/glm-4.6", "model: my-glm"),
            Fact(
                "refuses",
                "a model without `litellm_params`",
                "gpt-5.1\n    litellm_params:",
                "gpt-5.1\n    litellm_param:",
            ),
        ),
        "litellm-video": (Fact("refuses", "a model without `model_name`", "model_name: sora", "name: sora"),),
        "oh-my-pi": (Fact("refuses", "an `input` other than text and image", "[text, image]", "[text, video]"),),
        "oh-my-pi-flow": (Fact("refuses", "a model without `id`", "{ id: kling", "{ model: kling"),),
        "openclaw": (
            Fact(
                "accepts",
                "an `input` of text, image, video and audio",
                'input: ["text", "image"]',
                'input: ["text", "image", "video", "audio"]',
            ),
            Fact(
                "refuses",
                "a field that it does not know, such as `kind`",
                'name: "Sonnet",',
                'name: "Sonnet", kind: "chat",',
            ),
            Fact("refuses", "a model without `name`", 'name: "Sonnet",', ""),
        ),
        "openclaw-allow": (
            Fact(
                "refuses",
                "`agents.defaults.videoGenerationModel`",
                '"modelPolicy": {',
                '"videoGenerationModel": { "primary": "tokenrouter/kling-v2-1" }, "modelPolicy": {',
            ),
        ),
        "opencode": (
            Fact("accepts", "`{}` as a model", '{ "name": "GLM 4.6" }', "{}"),
            Fact(
                "refuses",
                "half a `limit`",
                '"limit": { "context": 400000, "output": 128000 }',
                '"limit": { "context": 400000 }',
            ),
        ),
        "opencode-whitelist": (
            Fact(
                "drops",
                "a model that `whitelist` does not name",
                '"openai/gpt-5.1", "z-ai/glm-4.6"]',
                '"openai/gpt-5.1"]',
            ),
        ),
        "pi": (
            Fact("accepts", "comments behind `//` and trailing commas", "// a variable's", "// the variable's"),
            Fact("refuses", "comments in `/* */`", "// a variable's name", "/* a variable's name */"),
            Fact(
                "refuses",
                "an `input` other than text and image",
                '"input": ["text", "image"]',
                '"input": ["text", "video"]',
            ),
        ),
        "pi-tabs": (Fact("refuses", "a model without `id`", '{"id": "kling-v2-1",', '{"model": "kling-v2-1",'),),
        "qwen-code": (
            Fact("accepts", "comments", "// models that", "// these are models that"),
            Fact("refuses", "a trailing comma", '"selectedType": "openai"', '"selectedType": "openai",'),
        ),
        "tensorzero": (
            Fact("refuses", "an unknown field", 'type = "openai"', 'type = "openai"\nkind = "chat"'),
            Fact("refuses", "a key with a dot and no quotes", '[models."gpt-5.1"]', "[models.gpt-5.1]"),
            Fact("refuses", "a key's variable that is not set", "env::TOKENROUTER_API_KEY", "env::NO_SUCH_KEY"),
        ),
        "vibe": (Fact("drops", "the first of two models with one `alias`", 'alias = "local"', 'alias = "gpt"'),),
        "vibe-allowed": (
            Fact("drops", "a model that `allowed_models` does not name", '    "kling-v2-1",  # for scripts\n', ""),
        ),
    }
)
