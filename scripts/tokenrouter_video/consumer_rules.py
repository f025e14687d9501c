"""What the known consumers demand of a model entry, as data; what neighbours show comes first, this completes it.

Every row names its source: the consumer's documentation or source, or what it did when it was run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """A consumer's rules for one entry of its model list.

    ``required`` are fields without which it refuses an entry, ``allowed`` the only fields that it knows (empty: any),
    ``video_marks`` the fields that say "video" there, ``id_prefixes`` what an id field must start with,
    ``has_video`` whether the consumer can call a video API at all.
    """

    source: str
    required: tuple[Path, ...] = ()
    allowed: frozenset[str] = frozenset()
    video_marks: tuple[tuple[Path, str], ...] = ()
    id_prefixes: tuple[tuple[Path, str], ...] = ()
    has_video: bool = False


NO_RULES = Rules("no known consumer", has_video=True)

_RULES: Mapping[str, Rules] = MappingProxyType(
    {
        "litellm": Rules(
            "https://docs.litellm.ai/docs/proxy/configs and litellm 1.109 run",
            required=(("model_name",), ("litellm_params", "model")),
            video_marks=((("model_info", "mode"), "video_generation"),),
            id_prefixes=((("litellm_params", "model"), "openai/"),),
            has_video=True,
        ),
        "openclaw": Rules(
            "openclaw src/config/zod-schema.core.ts and OpenClaw 2026.9 run: its entries are strict",
            required=(("id",), ("name",)),
            allowed=frozenset(
                {"id", "name", "api", "reasoning", "input", "cost", "contextWindow", "maxTokens", "headers", "compat"}
            ),
        ),
        "opencode": Rules("https://opencode.ai/docs/models and OpenCode 1.18 run"),
        "kilo": Rules("https://kilo.ai/docs and Kilo 7.7 run: a fork of OpenCode"),
        "continue": Rules("@continuedev/config-yaml 1.42 run", required=(("name",), ("provider",), ("model",))),
        "librechat": Rules("https://www.librechat.ai/docs/configuration/librechat_yaml"),
        "crush": Rules("https://github.com/charmbracelet/crush README", required=(("id",), ("name",))),
        "zed": Rules("https://zed.dev/docs/ai/llm-providers", required=(("name",), ("max_tokens",))),
        "goose": Rules("https://block.github.io/goose", required=(("name",), ("context_limit",))),
        "aider": Rules("https://aider.chat/docs/config/adv-model-settings.html and aider 0.86 run"),
        "claude-code-router": Rules("https://github.com/musistudio/claude-code-router README"),
        "hermes": Rules("hermes-agent website/docs/integrations/providers.md"),
        "bifrost": Rules("https://docs.getbifrost.ai"),
        "pi": Rules("pi docs/models.md and pi 0.73 run", required=(("id",),)),
        "oh-my-pi": Rules("omp 18.2 run", required=(("id",),)),
        "kimi": Rules(
            "https://moonshotai.github.io/kimi-cli and kimi-cli run",
            required=(("provider",), ("model",), ("max_context_size",)),
        ),
        "vibe": Rules("https://docs.mistral.ai/mistral-vibe and Vibe 2.26 run", required=(("name",), ("provider",))),
        "qwen-code": Rules("https://qwenlm.github.io/qwen-code-docs and Qwen Code 0.24 run", required=(("id",),)),
        "factory": Rules("https://docs.factory.ai/cli/byok and droid 0.215 run", required=(("model",), ("provider",))),
        "codebuddy": Rules("CodeBuddy models.json documentation", required=(("id",),)),
        "qoder": Rules("Qoder settings documentation", required=(("model",),)),
        "raycast": Rules("https://manual.raycast.com/ai/custom-providers"),
        "mods": Rules("https://github.com/charmbracelet/mods README"),
        "tensorzero": Rules("https://www.tensorzero.com/docs/gateway/configuration-reference"),
        "codex": Rules("https://developers.openai.com/codex/config-reference and Codex 0.169 run"),
        "claude-code": Rules("https://code.claude.com/docs/en/settings"),
    }
)


def rules_of(consumer: str | None) -> Rules:
    """Return a consumer's rules; for one that is not known, rules that demand nothing."""
    return _RULES.get(consumer or "", NO_RULES)
