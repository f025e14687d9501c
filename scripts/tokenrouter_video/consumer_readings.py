"""Which consumers read what the program wrote, in which version, when, and what was seen of their reading, as data.

`make consumers` asks them, and sees each fact anew. Only ``references/config_patterns.md`` and tests read this; what
follows from it for a route stands in :mod:`tokenrouter_video.consumer_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tokenrouter_video.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One version of a consumer that was asked.

    ``package`` is its name on PyPI or npm, ``on`` the date. ``accepts`` and ``refuses`` say what of a file it takes or
    complains of, ``drops`` what it passes over, with a model or a whole file, without a word.
    """

    package: str
    version: str
    on: str = "2026-11-28"
    accepts: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()


READINGS: Mapping[str, tuple[Reading, ...]] = MappingProxyType(
    {
        "aider": (Reading(package="aider-chat", version="0.86.2", refuses=("a file with one unknown field",)),),
        "claude-code-router": (
            Reading(
                package="@musistudio/claude-code-router", version="2.0.0", accepts=("comments and trailing commas",)
            ),
        ),
        "codex": (
            Reading(
                package="@openai/codex",
                version="0.169.0",
                accepts=("unknown fields, without `--strict-config`",),
                refuses=('`wire_api = "chat"`',),
            ),
        ),
        "continue": (
            Reading(
                package="@continuedev/config-yaml",
                version="1.42.0",
                accepts=("`roles: []`", "unknown fields, without keeping them"),
                refuses=("a role that it does not know, such as `video`", "merge keys without `%YAML 1.1`"),
            ),
        ),
        "factory": (
            Reading(
                package="droid",
                version="0.215.0",
                accepts=("comments",),
                drops=(
                    "all custom models, for one trailing comma",
                    "all custom models, for one `provider` that it does not know",
                ),
            ),
        ),
        "goose": (
            Reading(
                package="goose-sdk",
                version="0.1.0a13",
                accepts=("a model without `context_limit`", "unknown fields"),
                refuses=("a model without `name`", "comments", "trailing commas"),
            ),
        ),
        "llm": (
            Reading(
                package="llm",
                version="0.36",
                accepts=("unknown fields",),
                refuses=("an entry without `model_name`",),
            ),
        ),
        "hermes": (
            Reading(
                package="hermes-agent",
                version="0.19.0",
                drops=(
                    "an item of a `models` list with its id under `model`",
                    "`custom_providers` as JSON in a string",
                ),
            ),
        ),
        "kilo": (
            Reading(
                package="@kilocode/cli",
                version="7.7.7",
                drops=("a project's file with `{env:VAR}`", "a model that `whitelist` does not name"),
            ),
        ),
        "kimi": (
            Reading(
                package="kimi-cli",
                version="1.52.0",
                refuses=(
                    "a model without `max_context_size`",
                    "a model without `model`",
                    "a key with a dot and no quotes",
                ),
            ),
        ),
        "kimi-code": (
            Reading(
                package="@moonshot-ai/kimi-code",
                version="2.1.0",
                accepts=("a model without `max_context_size`",),
                refuses=("a `model` that is no string",),
            ),
        ),
        "librechat": (
            Reading(
                package="librechat-data-provider",
                version="0.8.524",
                accepts=("`{name, description}` among strings",),
                refuses=("`{id}` among strings",),
                drops=("`models.video` beside `models.default`",),
            ),
        ),
        "litellm": (
            Reading(
                package="litellm",
                version="1.106.0",
                accepts=("any `mode`",),
                refuses=("a model without `litellm_params`", "a model without `model_name`"),
                drops=("a model without a provider in front",),
            ),
        ),
        "oh-my-pi": (
            Reading(
                package="@oh-my-pi/pi-coding-agent",
                version="18.2.3",
                refuses=("an `input` other than text and image", "a model without `id`"),
            ),
        ),
        "openclaw": (
            Reading(
                package="openclaw",
                version="2026.9.6",
                accepts=("an `input` of text, image, video and audio",),
                refuses=(
                    "a field that it does not know, such as `kind`",
                    "a model without `name`",
                    "`agents.defaults.videoGenerationModel`",
                ),
            ),
        ),
        "opencode": (
            Reading(
                package="opencode-ai",
                version="1.18.33",
                accepts=("`{}` as a model",),
                refuses=("half a `limit`",),
                drops=("a model that `whitelist` does not name",),
            ),
        ),
        "pi": (
            Reading(
                package="@earendil-works/pi-coding-agent",
                version="1.6.0",
                accepts=("comments behind `//` and trailing commas",),
                refuses=("comments in `/* */`", "an `input` other than text and image", "a model without `id`"),
            ),
            Reading(
                package="@mariozechner/pi-coding-agent",
                version="0.73.1",
                accepts=("comments behind `//` and trailing commas",),
                refuses=("comments in `/* */`", "an `input` other than text and image", "a model without `id`"),
            ),
        ),
        "qwen-code": (
            Reading(
                package="@qwen-code/qwen-code", version="0.24.4", accepts=("comments",), refuses=("a trailing comma",)
            ),
        ),
        "tensorzero": (
            Reading(
                package="tensorzero",
                version="2026.6.0",
                refuses=("an unknown field", "a key with a dot and no quotes", "a key's variable that is not set"),
            ),
        ),
        "vibe": (
            Reading(
                package="mistral-vibe",
                version="3.0.2",
                drops=("the first of two models with one `alias`", "a model that `allowed_models` does not name"),
            ),
        ),
    }
)
