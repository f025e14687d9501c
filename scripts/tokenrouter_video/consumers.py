"""The tools whose configs hold channels: how their files are told, one entry of one table each.

A pattern of ``files`` is compared with the end of a path, folder by folder, and stands only for names that no other
tool uses; a common name (``config.json``) is told by its folder or by ``signatures``. A signature is a set of key paths
that all exist: names with dots between them, ``[]`` for any item of a list, ``*`` for any key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

# A document's containers without its scalars, to a depth that signatures reach.
Shape: TypeAlias = "dict[str, Shape] | list[Shape] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """One tool.

    ``name`` is the short name that output uses. ``home`` are its files in the home directory, ``~/`` in front, the last
    part with ``*`` where it keeps one file a provider. ``generated`` are patterns of files that it writes itself and
    that must not be edited. ``reload`` is the command that makes it read its config again, empty where it watches the
    file or none is known. ``bare_variables``: a key of one word in capitals is a variable's name. ``key_variable`` is
    the variable of a provider whose key the file never holds, ``{name}`` being the provider's name in capitals.
    ``key_name`` is the field that names a key in the tool's own store.
    ``dotenv`` are further files in the home directory from which it reads variables. ``endings`` limits signatures to
    files whose names hold one of them, where two tools differ in their format only. ``is_nested``: its config stands
    as a part of other files as well, such as a Helm chart's values or an operator's object, and its signatures are
    looked for there. ``source`` is where these facts are published.
    """

    name: str
    title: str
    source: str
    files: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    signatures: tuple[tuple[str, ...], ...] = ()
    generated: tuple[str, ...] = ()
    reload: tuple[str, ...] = ()
    bare_variables: bool = False
    key_variable: str = ""
    dotenv: tuple[str, ...] = ()
    key_name: str = ""
    endings: tuple[str, ...] = ()
    is_nested: bool = False

    def is_in_place(self, path: tuple[str, ...]) -> bool:
        """Whether a path ends with a folder and name that only this tool uses."""
        return any("/" in pattern and _matches(pattern, path) for pattern in self.files)


_TABLE = (
    Consumer(
        name="openclaw",
        title="OpenClaw",
        source="https://docs.openclaw.ai/gateway/configuration-reference",
        files=("openclaw.json", "openclaw.json5", "openclaw*.json"),
        home=("~/.openclaw/openclaw.json",),
        signatures=(("models.providers.*.baseUrl", "models.providers.*.models"),),
        generated=(".openclaw/agents/*/agent/models.json",),
        reload=("openclaw", "gateway", "restart"),
        is_nested=True,
    ),
    Consumer(
        name="opencode",
        title="OpenCode",
        source="https://opencode.ai/docs/config",
        files=("opencode.json", "opencode.jsonc", ".opencode/*.json", ".opencode/*.jsonc", "opencode*.json*"),
        home=("~/.config/opencode/opencode.json", "~/.config/opencode/opencode.jsonc"),
        signatures=(("provider.*.options.baseURL",), ("provider.*.npm",)),
    ),
    Consumer(
        name="kilo",
        title="Kilo Code",
        source="https://kilo.ai/docs/cli",
        files=("kilo.json", "kilo.jsonc", "kilo*.jsonc"),
        home=("~/.config/kilo/kilo.jsonc", "~/.config/kilo/kilo.json"),
        # A fork of OpenCode: the same keys, told by the file's name.
        signatures=(("provider.*.options.baseURL",), ("provider.*.npm",)),
    ),
    Consumer(
        name="claude-code",
        title="Claude Code",
        source="https://docs.anthropic.com/en/docs/claude-code/settings",
        files=(".claude/settings.json", ".claude/settings.local.json"),
        home=("~/.claude/settings.json",),
        signatures=(("env.ANTHROPIC_BASE_URL",),),
    ),
    Consumer(
        name="codex",
        title="Codex",
        source="https://developers.openai.com/codex/config-reference",
        files=(".codex/config.toml",),
        home=("~/.codex/config.toml",),
        signatures=(("model_providers.*.base_url",), ("model_providers.*.env_key",)),
    ),
    Consumer(
        name="hermes",
        title="Hermes Agent",
        source="https://github.com/NousResearch/hermes-agent website/docs/integrations/providers.md",
        files=(".hermes/config.yaml", "hermes*.yaml"),
        home=("~/.hermes/config.yaml",),
        signatures=(
            ("custom_providers.[].base_url",),
            ("model.default", "model.provider", "providers.*"),
            ("model.base_url", "toolsets"),
            ("providers.*.transport", "providers.*.key_env"),
            ("providers.*.api", "providers.*.transport"),
            ("providers.*.default_model", "providers.*.models"),
        ),
        reload=("hermes", "gateway", "restart"),
        dotenv=("~/.hermes/.env",),
    ),
    Consumer(
        name="litellm",
        title="LiteLLM proxy",
        source="https://docs.litellm.ai/docs/proxy/configs",
        files=("litellm_config.yaml", "litellm_config.yml", "litellm*.yaml", "litellm*.yml", "proxy_config.yaml"),
        signatures=(("model_list.[].litellm_params",), ("credential_list.[].credential_values",)),
        is_nested=True,
    ),
    Consumer(
        name="claude-code-router",
        title="claude-code-router",
        source="https://github.com/musistudio/claude-code-router README.md",
        files=(".claude-code-router/config.json",),
        home=("~/.claude-code-router/config.json",),
        signatures=(("Providers.[].api_base_url",), ("Providers", "Router.default")),
        reload=("ccr", "restart"),
    ),
    Consumer(
        name="continue",
        title="Continue",
        source="https://docs.continue.dev/reference",
        files=(
            *(".continue/config.yaml", ".continue/config.json", ".continue/agents/*.yaml", ".continue/models/*.yaml"),
            *(".continue/assistants/*.yaml", ".continuerc.json"),
        ),
        home=("~/.continue/config.yaml", "~/.continue/config.json"),
        signatures=(("models.[].apiBase",), ("models.[].provider", "schema"), ("tabAutocompleteModel", "models")),
        dotenv=("~/.continue/.env",),
    ),
    Consumer(
        name="librechat",
        title="LibreChat",
        source="https://www.librechat.ai/docs/configuration/librechat_yaml",
        files=("librechat.yaml", "librechat.yml", "librechat*.yaml"),
        signatures=(("endpoints.custom.[].baseURL",),),
        is_nested=True,
    ),
    Consumer(
        name="crush",
        title="Crush",
        source="https://github.com/charmbracelet/crush README.md",
        files=("crush.json", ".crush.json", "crush*.json"),
        home=("~/.config/crush/crush.json",),
        generated=(".local/share/crush/crush.json",),
        signatures=(("providers.*.base_url", "providers.*.models.[].default_max_tokens"),),
    ),
    Consumer(
        name="zed",
        title="Zed",
        source="https://zed.dev/docs/ai/llm-providers",
        files=(".zed/settings.json", "zed/settings.json"),
        home=("~/.config/zed/settings.json",),
        signatures=(("language_models.openai_compatible.*",), ("language_models.*.available_models",)),
        key_variable="{name}_API_KEY",
    ),
    Consumer(
        name="goose",
        title="Goose",
        source="https://github.com/block/goose crates/goose/src/providers/declarative",
        files=("goose/custom_providers/*.json",),
        home=("~/.config/goose/custom_providers/*.json",),
        signatures=(("engine", "base_url", "api_key_env", "models"),),
    ),
    Consumer(
        name="aider",
        title="aider",
        source="https://aider.chat/docs/config/aider_conf.html",
        files=(
            *(".aider.conf.yml", ".aider.conf.yaml", ".aider.model.settings.yml", ".aider.model.metadata.json"),
            "aider*.yml",
        ),
        home=("~/.aider.conf.yml", "~/.aider.model.settings.yml"),
        signatures=(("openai-api-base",), ("[].extra_params.api_base",)),
    ),
    Consumer(
        name="roo",
        title="Roo Code, Kilo Code and Cline for VS Code",
        source="https://docs.roocode.com/features/settings-management",
        files=("roo-code-settings.json", "roo*.json"),
        signatures=(
            ("providerProfiles.apiConfigs.*",),
            ("apiConfigs.*.openAiBaseUrl",),
            ("rooCode.apiConfigurations.profiles",),
        ),
    ),
    Consumer(
        name="cherry-studio",
        title="Cherry Studio",
        source="https://github.com/CherryHQ/cherry-studio src/renderer/src/types",
        signatures=(("llm.providers.[].apiHost",), ("providers.[].apiHost", "providers.[].models")),
    ),
    Consumer(
        name="lobechat",
        title="LobeChat",
        source="https://lobehub.com/docs/self-hosting/environment-variables/model-provider",
        signatures=(("OPENAI_PROXY_URL",), ("OPENAI_MODEL_LIST",)),
    ),
    Consumer(
        name="open-webui",
        title="Open WebUI",
        source="https://docs.openwebui.com/getting-started/env-configuration",
        signatures=(("openai.api_base_urls",), ("OPENAI_API_BASE_URLS",)),
    ),
    Consumer(
        name="dify",
        title="Dify",
        source="https://docs.dify.ai/plugin-dev-en/0411-model-designing-rules",
        signatures=(("credentials.endpoint_url",), ("model_type", "model_properties")),
    ),
    Consumer(
        name="new-api",
        title="new-api and one-api",
        source="https://github.com/QuantumNous/new-api model/channel.go",
        signatures=(
            ("data.items.[].base_url", "data.items.[].model_mapping"),
            ("channel.base_url", "channel.model_mapping"),
            ("base_url", "key", "models", "group"),
            ("[].base_url", "[].models", "[].group"),
            ("channels.[].base_url", "channels.[].models", "channels.[].group"),
            ("data.[].base_url", "data.[].models", "data.[].group"),
        ),
    ),
    Consumer(
        name="bifrost",
        title="Bifrost",
        source="https://docs.getbifrost.ai/quickstart/gateway/provider-configuration",
        signatures=(("providers.*.network_config",), ("providers.*.keys.[].value",)),
        is_nested=True,
    ),
    Consumer(
        name="portkey",
        title="Portkey gateway",
        source="https://github.com/Portkey-AI/gateway conf.example.json",
        signatures=(("integrations.[].credentials",), ("integrations.[].models.[].slug",)),
    ),
    Consumer(
        name="envoy-ai-gateway",
        title="Envoy AI Gateway",
        source="https://aigateway.envoyproxy.io/docs/capabilities/llm-integrations/supported-providers",
        signatures=(
            ("[].spec.endpoints.[].fqdn.hostname",),
            ("[].spec.backendRef", "[].spec.schema"),
            ("spec.endpoints.[].fqdn.hostname",),
            ("items.[].spec.endpoints.[].fqdn.hostname",),
        ),
    ),
    Consumer(
        name="kong",
        title="Kong AI Gateway",
        source="https://developer.konghq.com/plugins/ai-proxy-advanced",
        files=("kong.yml", "kong.yaml", "kong*.yaml", "kong*.yml"),
        signatures=(("_format_version", "plugins"), ("_format_version", "services")),
        reload=("kong", "reload"),
    ),
    Consumer(
        name="tensorzero",
        title="TensorZero",
        source="https://www.tensorzero.com/docs/gateway/configuration-reference",
        files=("tensorzero.toml", "tensorzero*.toml"),
        signatures=(("models.*.providers.*.type",), ("embedding_models.*.providers.*.type",)),
    ),
    Consumer(
        name="pi",
        title="pi",
        source="@earendil-works/pi-coding-agent docs/models-configuration.md",
        files=(".pi/agent/models.json", "pi-models.json", "pi-*.json"),
        home=("~/.pi/agent/models.json",),
        # What it fetched of the providers' own lists.
        generated=(".pi/agent/models-store.json",),
        signatures=(("providers.*.baseUrl", "providers.*.api", "providers.*.models.[].id"),),
        endings=(".json",),
        # In 0.73 a bare word is a variable and $VAR a key; in 1.6 it is the other way round.
        bare_variables=True,
    ),
    Consumer(
        name="oh-my-pi",
        title="oh-my-pi",
        source="https://github.com/can1357/oh-my-pi docs/models.md",
        files=(".omp/agent/models.yml", ".omp/agent/models.yaml", "omp*.yml"),
        home=("~/.omp/agent/models.yml", "~/.omp/agent/models.yaml"),
        signatures=(
            ("providers.*.baseUrl", "providers.*.discovery"),
            ("providers.*.baseUrl", "providers.*.api", "providers.*.models.[].id"),
        ),
        endings=(".yml", ".yaml"),
        reload=("omp", "models", "refresh"),
        bare_variables=True,
    ),
    Consumer(
        name="dsh",
        title="dsh",
        source="the public skill model-channel-sync, SKILL.md",
        files=(".dsh/settings.yaml",),
        home=("~/.dsh/settings.yaml",),
        signatures=(("llm-pi-ai.providers",),),
    ),
    Consumer(
        name="zcode",
        title="ZCode",
        source="the public skill model-channel-sync, SKILL.md",
        files=(".zcode/v2/provider_config.json", ".zcode/cli/config.json", "provider_config.json"),
        home=("~/.zcode/v2/provider_config.json", "~/.zcode/cli/config.json"),
        signatures=(("config.providerConfigRules.providerRules",),),
    ),
    Consumer(
        name="qoder",
        title="Qoder",
        source="the public skill model-channel-sync, SKILL.md",
        files=(".qoder/settings.json",),
        home=("~/.qoder/settings.json",),
        signatures=(("providers.*.baseUrl", "providers.*.models.[].displayName"),),
    ),
    Consumer(
        name="codebuddy",
        title="CodeBuddy",
        source="the public skill model-channel-sync, SKILL.md",
        files=(".codebuddy/models.json",),
        home=("~/.codebuddy/models.json",),
        signatures=(("availableModels", "models.[].url"),),
    ),
    Consumer(
        name="kimi",
        title="Kimi CLI",
        source="https://github.com/MoonshotAI/kimi-cli docs/en/configuration/config-files.md",
        files=(".kimi/config.toml",),
        home=("~/.kimi/config.toml",),
        signatures=(("providers.*.base_url", "models.*.provider", "models.*.max_context_size"),),
    ),
    Consumer(
        name="kimi-code",
        title="Kimi Code",
        source="https://github.com/MoonshotAI/kimi-code docs",
        files=(".kimi-code/config.toml",),
        home=("~/.kimi-code/config.toml",),
    ),
    Consumer(
        name="vibe",
        title="Mistral Vibe",
        source="https://github.com/mistralai/mistral-vibe README.md",
        files=(".vibe/config.toml",),
        home=("~/.vibe/config.toml",),
        signatures=(("providers.[].api_base", "models.[].provider"), ("providers.[].api_key_env_var",)),
    ),
    Consumer(
        name="qwen-code",
        title="Qwen Code",
        source="https://github.com/QwenLM/qwen-code docs/users/configuration",
        files=(".qwen/settings.json",),
        home=("~/.qwen/settings.json",),
        signatures=(("modelProviders.*.[].baseUrl",), ("modelProviders.*.[].envKey",)),
    ),
    Consumer(
        name="factory",
        title="Factory Droid",
        source="https://docs.factory.ai/cli/byok/overview",
        files=(".factory/config.json", ".factory/settings.json", ".factory/settings.local.json"),
        home=("~/.factory/config.json", "~/.factory/settings.json"),
        signatures=(("custom_models.[].base_url",), ("customModels.[].baseUrl",)),
    ),
    Consumer(
        name="raycast",
        title="Raycast AI",
        source="https://manual.raycast.com/ai/custom-providers",
        files=("raycast/ai/providers.yaml",),
        home=("~/.config/raycast/ai/providers.yaml",),
        signatures=(("providers.[].base_url", "providers.[].models.[].abilities"),),
    ),
    Consumer(
        name="mods",
        title="mods",
        source="https://github.com/charmbracelet/mods config_template.yml",
        files=("mods/mods.yml", "mods.yml"),
        home=("~/.config/mods/mods.yml",),
        signatures=(("apis.*.base-url",),),
    ),
    Consumer(
        name="llm",
        title="LLM",
        source="https://llm.datasette.io/en/stable/other-models.html",
        files=("io.datasette.llm/extra-openai-models.yaml", "extra-openai-models.yaml"),
        home=("~/.config/io.datasette.llm/extra-openai-models.yaml",),
        signatures=(("[].model_id", "[].api_base"),),
        key_name="api_key_name",
    ),
    Consumer(
        name="aichat",
        title="AIChat",
        source="https://github.com/sigoden/aichat config.example.yaml",
        files=("aichat/config.yaml",),
        home=("~/.config/aichat/config.yaml",),
        signatures=(("clients.[].type", "clients.[].api_base"),),
    ),
    Consumer(
        name="omniroute",
        title="OmniRoute and 9router",
        source="https://github.com/decolua/9router open-sse/providers/registry",
        files=("open-sse/providers/registry/*.js", "open-sse/config/providers/registry/*/index.ts"),
        signatures=(
            ("default.transport.baseUrl", "default.models"),
            ("default.transport.baseUrl", "default.passthroughModels"),
            ("*.transport.baseUrl", "*.serviceKinds"),
        ),
    ),
    Consumer(
        name="models.dev",
        title="models.dev",
        source="https://github.com/sst/models.dev README.md",
        files=("providers/*/provider.toml",),
        signatures=(("api", "env", "npm"),),
    ),
    Consumer(
        name="ai-model-directory",
        title="AI model directory",
        source="https://github.com/vercel-labs data/providers",
        files=("data/providers/*/index.toml",),
        signatures=(("apiBaseUrl",),),
    ),
    Consumer(
        name="cc-switch",
        title="cc-switch",
        source="https://github.com/farion1231/cc-switch src/config",
        files=("*ProviderPresets.ts",),
        generated=(".cc-switch/*",),
    ),
    Consumer(
        name="vercel-ai-sdk",
        title="Vercel AI SDK",
        source="https://ai-sdk.dev/providers/openai-compatible-providers",
        signatures=(("createOpenAICompatible()",), ("createOpenAI()",)),
    ),
    Consumer(
        name="openai-sdk",
        title="OpenAI SDK",
        source="https://github.com/openai/openai-python README.md",
        signatures=(("OpenAI()",), ("AsyncOpenAI()",), ("openai.OpenAI()",), ("openai.AsyncOpenAI()",)),
    ),
    Consumer(
        name="docker-compose",
        title="Docker Compose service",
        source="https://docs.docker.com/reference/compose-file/",
        files=("compose.y*ml", "docker-compose.y*ml", "compose.*.y*ml", "docker-compose.*.y*ml"),
        signatures=(("services.*.environment",),),
    ),
)

CONSUMERS: Mapping[str, Consumer] = MappingProxyType({consumer.name: consumer for consumer in _TABLE})

# What each kind of match is worth: a file in the tool's own place, a signature, a name that is the tool's own.
_PLACE, _SIGNATURE, _NAME = 40, 20, 10


# How far below the root a part may begin: `spec.values.litellm.proxy_config`.
_PART_DEPTH = 4


def recognise(path: tuple[str, ...], shape: Shape) -> Consumer | None:
    """Return the tool that a file belongs to, or ``None``.

    ``path`` are the parts of its path, the file's name last; ``shape`` is what the document holds, with ``callee()``
    as a key for each value that a call makes.
    """
    scores = [_score(consumer, path, shape) for consumer in _TABLE]
    return _TABLE[scores.index(max(scores))] if any(scores) else _recognise_part(shape)


def _recognise_part(shape: Shape) -> Consumer | None:
    """Return the tool whose config is a part of a file that is no tool's: the nearest to the root."""
    nested = [consumer for consumer in _TABLE if consumer.is_nested]
    level = shape if isinstance(shape, list) else [shape]
    for _ in range(_PART_DEPTH):
        level = [below for part in level if isinstance(part, dict) for below in part.values()]
        for part in level:
            for consumer in nested:
                if any(_fits(keys, part) for keys in consumer.signatures):
                    return consumer
    return None


def is_generated(consumer: Consumer, path: tuple[str, ...]) -> bool:
    """Whether a file is one that the tool writes itself, where an edit would be lost."""
    return any(_matches(pattern, path) for pattern in consumer.generated)


def _score(consumer: Consumer, path: tuple[str, ...], shape: Shape) -> int:
    patterns = [pattern for pattern in (*consumer.files, *consumer.generated) if _matches(pattern, path)]
    by_file = max((_PLACE if "/" in pattern else _NAME for pattern in patterns), default=0)
    may_fit = not consumer.endings or any(ending in path[-1] for ending in consumer.endings)
    fitting = [keys for keys in consumer.signatures if may_fit and _fits(keys, shape)]
    by_shape = max((_SIGNATURE + sum(key.count(".") + 1 for key in keys) for keys in fitting), default=0)
    return by_file + by_shape


def _matches(pattern: str, path: tuple[str, ...]) -> bool:
    """Compare a pattern with the end of a path; one unknown suffix behind the name is allowed (``.bak``)."""
    name = pattern.rpartition("/")[2]
    if "*" not in name and name != path[-1] and name != path[-1].rpartition(".")[0]:
        return False
    parts = _split(pattern, "/")
    if len(parts) > len(path):
        return False
    tail = path[-len(parts) :]
    if not (_is_like(tail[-1], parts[-1]) or _is_like(tail[-1].rpartition(".")[0], parts[-1])):
        return False
    return all(_is_like(part, wanted) for part, wanted in zip(tail[:-1], parts[:-1], strict=True))


@cache
def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(text.split(separator))


def _is_like(name: str, pattern: str) -> bool:
    """Compare a name with a pattern in which ``*`` stands for any text; `fnmatch` would compile each."""
    first, *rest = _split(pattern, "*")
    if not rest:
        return name == pattern
    if not name.startswith(first):
        return False
    position = len(first)
    for piece in rest[:-1]:
        position = name.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return name.endswith(rest[-1]) and len(name) - len(rest[-1]) >= position


def _fits(keys: tuple[str, ...], shape: Shape) -> bool:
    return all(_has(_split(key, "."), shape) for key in keys)


def _has(way: Sequence[str], shape: Shape) -> bool:
    """Whether a key path exists; a key with dots of its own may stand for several of its parts."""
    if not way:
        return True
    if isinstance(shape, dict):
        if way[0] == "*":
            return any(_has(way[1:], member) for member in shape.values())
        for count in range(1, len(way) + 1):
            name = ".".join(way[:count])
            if name in shape and _has(way[count:], shape[name]):
                return True
    elif isinstance(shape, list) and way[0] == "[]":
        return any(_has(way[1:], item) for item in shape)
    return False
