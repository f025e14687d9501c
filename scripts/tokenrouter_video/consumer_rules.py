"""What the known consumers demand of a model entry, as data; what neighbours show comes first, this completes it.

:mod:`tokenrouter_video.consumers` tells whose config a file is; here stands what that tool accepts as a model of its
list, where else it wants the model named, and what to do instead where it keeps no list. One row a consumer, with its
source. What the tools did when they were run stands in :mod:`tokenrouter_video.consumer_readings`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from tokenrouter_video.records import dataclass

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """Another list or map of the file that names the models of a channel.

    ``path`` leads there from the root, or from the channel's entry where it starts with ``.``; names with dots between
    them. ``item`` is how a model is called there: ``{id}`` in the channel's list, ``{sent}`` to the gateway.
    ``is_filter``: what such a list does not name cannot be used, so that it gets the model even if it names none of the
    channel's models yet.
    """

    path: str
    item: str = "{id}"
    is_filter: bool = False


@dataclass(frozen=True, slots=True)
class Trap:
    """Something in a file for which its consumer passes over the file or its models: looked for, and warned of.

    ``sign`` is ``no-json`` (comments, trailing commas), ``trailing-comma``, ``env-in-project`` (``{env:...}`` in a file
    outside the consumer's folder in the home directory), or the key path that it refuses, ``*`` for any key, with
    ``=`` and the text where only that value is refused. ``effect`` says what the consumer does.
    """

    sign: str
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A consumer's rules for one entry of its model list.

    ``models`` says for people where the list stands. ``id_field`` is the field of the id where entries are objects; in
    entries of a map it says what is sent to the gateway, the key being what the user calls the model.
    ``form`` is ``object`` or ``string`` where entries of another form are no models to the consumer. ``required`` are
    fields without which it refuses an entry, ``allowed`` the only fields that it knows (empty: any), ``words`` the only
    texts that a field, or each item of its list, may hold there. ``all_or_nothing``: one entry that breaks these rules,
    and none of the file's models is read. ``carried`` are fields that a copy of a chat model's entry keeps though they
    are that model's own. ``list_end`` is the end of the path of the only list that it reads. ``video_marks``
    are the fields that say "video" there, with the word or list that says it (``INPUTS``: what the model takes).
    ``id_prefixes`` are what an id field must start with, ``second_places`` where else the model must be named.
    ``siblings`` is the pattern of the files, seen from the config's folder, of a consumer that keeps one file a model;
    ``facts`` are fields of such a file that it has to have, and that a neighbour cannot tell.
    ``provider_field`` names the provider in entries that repeat its URL, though it is called like a label.
    ``chosen_by`` is the field by which requests choose an entry; where entries have none they share all requests.
    ``traps`` are what makes it pass over a whole file.
    ``has_video``: the consumer can call a video API at all. ``advice`` says what to do where it keeps no list.
    """

    source: str
    models: str = ""
    id_field: Path = ()
    form: str = ""
    required: tuple[Path, ...] = ()
    allowed: frozenset[str] = frozenset()
    words: tuple[tuple[Path, frozenset[str]], ...] = ()
    all_or_nothing: bool = False
    carried: tuple[Path, ...] = ()
    list_end: Path = ()
    video_marks: tuple[tuple[Path, str | tuple[str, ...]], ...] = ()
    id_prefixes: tuple[tuple[Path, str], ...] = ()
    second_places: tuple[SecondPlace, ...] = ()
    siblings: str = ""
    facts: tuple[str, ...] = ()
    provider_field: Path = ()
    chosen_by: Path = ()
    traps: tuple[Trap, ...] = ()
    has_video: bool = False
    advice: str = ""


# In place of a list in a video mark: the media that the model takes, "text" and where it does "image".
INPUTS = ("inputs",)

_MODALITIES = ((("modalities", "input"), INPUTS), (("modalities", "output"), ("video",)))

NO_RULES = Rules(source="no known consumer", has_video=True)

_MODELS_DEV_LIKE = "one file a model, beside the provider's file"

# By the consumer's name. A run needs those of one consumer, so they are made when they are asked for.
RULES: Mapping[str, Callable[[], Rules]] = MappingProxyType(
    {
        "openclaw": lambda: Rules(
            source="openclaw src/config/zod-schema.core.ts: its entries are strict",
            models="models.providers.<provider>.models[]",
            id_field=("id",),
            form="object",
            required=(("id",), ("name",)),
            allowed=frozenset(
                {"id", "name", "api", "reasoning", "input", "cost", "contextWindow", "maxTokens", "headers", "compat"}
            ),
            words=((("input",), frozenset({"text", "image", "video", "audio"})),),
            all_or_nothing=True,
            traps=(
                Trap(
                    "agents.defaults.videoGenerationModel",
                    "OpenClaw refuses a file with agents.defaults.videoGenerationModel; it is mediaModels.video now",
                ),
            ),
            second_places=(
                SecondPlace("agents.defaults.models", "{provider}/{id}"),
                SecondPlace("agents.defaults.modelPolicy.allow", "{provider}/{id}", is_filter=True),
            ),
            advice="give the provider a models list; OpenClaw refuses one without it",
        ),
        "opencode": lambda: Rules(
            source="https://opencode.ai/docs/models",
            models="provider.<provider>.models.<id>",
            id_field=("id",),
            form="object",
            # A model without modalities counts as one that puts out text.
            video_marks=_MODALITIES,
            second_places=(SecondPlace(".whitelist", is_filter=True),),
            advice="OpenCode fills a provider without models from its own catalogue, which knows no video models",
        ),
        "kilo": lambda: Rules(
            source="https://kilo.ai/docs: a fork of OpenCode",
            models="provider.<provider>.models.<id>",
            id_field=("id",),
            form="object",
            # A model without modalities counts as one that puts out text.
            video_marks=_MODALITIES,
            second_places=(SecondPlace(".whitelist", is_filter=True),),
            traps=(
                Trap(
                    "env-in-project", "Kilo passes over a project's file with {env:...}; only ~/.config/kilo may use it"
                ),
            ),
            advice="Kilo fills a provider without models from its own catalogue, which knows no video models",
        ),
        "claude-code": lambda: Rules(
            source="https://code.claude.com/docs/en/settings",
            advice="Claude Code talks to chat models only and names them in variables, not in a list",
        ),
        "codex": lambda: Rules(
            source="https://developers.openai.com/codex/config-reference",
            traps=(
                Trap("model_providers.*.wire_api=chat", "Codex refuses a file with wire_api chat; it wants responses"),
            ),
            advice="Codex names one chat model at a time (model, profiles) and refuses a list with --strict-config",
        ),
        "hermes": lambda: Rules(
            source="hermes-agent website/docs/integrations/providers.md",
            models="providers.<provider>.models or custom_providers[].models",
            # An item of a models list that has its id under "model" is dropped silently.
            id_field=("id",),
            provider_field=("name",),
            advice="Hermes asks the endpoint for its models; a models list under the provider is optional",
        ),
        "litellm": lambda: Rules(
            source="https://docs.litellm.ai/docs/proxy/configs",
            models="model_list[]",
            id_field=("model_name",),
            form="object",
            required=(("model_name",), ("litellm_params", "model")),
            video_marks=((("model_info", "mode"), "video_generation"),),
            # Without a provider in front LiteLLM drops the model silently.
            id_prefixes=((("litellm_params", "model"), "openai/"),),
            has_video=True,
            advice="add a model_list with an entry for the model",
        ),
        "claude-code-router": lambda: Rules(
            source="https://github.com/musistudio/claude-code-router README.md",
            models="Providers[].models[]",
            form="string",
            advice="give the provider a models list",
        ),
        "continue": lambda: Rules(
            source="https://docs.continue.dev/reference",
            models="models[]",
            id_field=("model",),
            form="object",
            required=(("name",), ("provider",), ("model",)),
            words=(
                (
                    ("roles",),
                    frozenset({"chat", "autocomplete", "embed", "rerank", "edit", "apply", "summarize", "subagent"}),
                ),
            ),
            all_or_nothing=True,
            advice="Continue uses chat models only; an entry of models would be for you to read",
        ),
        "librechat": lambda: Rules(
            source="https://www.librechat.ai/docs/configuration/librechat_yaml",
            models="endpoints.custom[].models.default[]",
            # Another list beside it, such as models.video, is dropped silently.
            list_end=("models", "default"),
            advice="LibreChat reads models.default of endpoints.custom only",
        ),
        "crush": lambda: Rules(
            source="https://github.com/charmbracelet/crush README",
            models="providers.<provider>.models[]",
            id_field=("id",),
            form="object",
            required=(("id",), ("name",)),
            advice="Crush fills a provider without models from its own catalogue",
        ),
        "zed": lambda: Rules(
            source="https://zed.dev/docs/ai/llm-providers",
            models="language_models.openai_compatible.<provider>.available_models[]",
            id_field=("name",),
            form="object",
            required=(("name",), ("max_tokens",)),
            advice="give the provider available_models",
        ),
        "goose": lambda: Rules(
            source="https://github.com/block/goose crates/goose/src/providers/declarative",
            models="models[]",
            id_field=("name",),
            form="object",
            required=(("name",),),
            # Optional in goose-sdk 0.1; the public schema of before has it in every model.
            carried=(("context_limit",),),
            all_or_nothing=True,
            traps=(Trap("no-json", "Goose reads no comments and no trailing commas, and passes over the file"),),
            advice="give the provider's file a models list",
        ),
        "aider": lambda: Rules(
            source="https://aider.chat/docs/config/adv-model-settings.html",
            models=".aider.model.settings.yml: a list",
            id_field=("name",),
            form="object",
            required=(("name",),),
            allowed=frozenset(
                {
                    *("name", "edit_format", "weak_model_name", "use_repo_map", "send_undo_reply", "lazy", "overeager"),
                    *("reminder", "examples_as_sys_msg", "extra_params", "cache_control", "caches_by_default"),
                    *("use_system_prompt", "use_temperature", "streaming", "editor_model_name", "editor_edit_format"),
                    *("reasoning_tag", "remove_reasoning", "system_prompt_prefix", "accepts_settings"),
                }
            ),
            all_or_nothing=True,
            id_prefixes=((("name",), "openai/"),),
            advice="aider writes code with one chat model; a video model has no place in its config",
        ),
        "roo": lambda: Rules(
            source="https://docs.roocode.com/features/settings-management",
            advice="each profile names one chat model; make a profile in the extension's own settings",
        ),
        "cherry-studio": lambda: Rules(
            source="https://github.com/CherryHQ/cherry-studio src/renderer/src/types",
            models="llm.providers[].models[]",
            id_field=("id",),
            form="object",
            required=(("id",), ("name",)),
            advice="add the model in Cherry Studio's settings; its backups are not read back by themselves",
        ),
        "lobechat": lambda: Rules(
            source="https://lobehub.com/docs/self-hosting/environment-variables/model-provider",
            models="OPENAI_MODEL_LIST: ids with commas between them",
            advice="add +MODEL to OPENAI_MODEL_LIST by hand if the chat interface shall show the model",
        ),
        "open-webui": lambda: Rules(
            source="https://docs.openwebui.com/getting-started/env-configuration",
            models="openai.api_configs.<number>.model_ids[]",
            form="string",
            advice="Open WebUI asks the endpoint for its models",
        ),
        "dify": lambda: Rules(
            source="https://docs.dify.ai/plugin-dev-en/0411-model-designing-rules",
            models="models/<type>/*.yaml: " + _MODELS_DEV_LIKE,
            advice="Dify has no model type for video; call the gateway from a tool plugin",
        ),
        "new-api": lambda: Rules(
            source="https://github.com/QuantumNous/new-api model/channel.go",
            # model_mapping renames ids on their way to the gateway; a model under its own name needs no line there.
            models="models: ids with commas between them",
            has_video=True,
            advice="name the channel's models with commas between them",
        ),
        "bifrost": lambda: Rules(
            source="https://docs.getbifrost.ai/quickstart/gateway/provider-configuration",
            models="providers.<provider>.keys[].models[]",
            form="string",
            advice="a key without models serves every model",
        ),
        "portkey": lambda: Rules(
            source="https://github.com/Portkey-AI/gateway conf.example.json",
            models="integrations[].models[]",
            id_field=("slug",),
            form="object",
            required=(("slug",),),
            advice="an integration without models serves every model",
        ),
        "envoy-ai-gateway": lambda: Rules(
            source="https://aigateway.envoyproxy.io/docs/capabilities/llm-integrations/supported-providers",
            models="spec.rules[] of AIGatewayRoute, by the header x-ai-eg-model of matches[]",
            advice="add a rule that matches the header x-ai-eg-model to the AIGatewayRoute",
        ),
        "kong": lambda: Rules(
            source="https://developer.konghq.com/plugins/ai-proxy-advanced and how-to/route-requests-by-model-alias",
            models="config.targets[]",
            id_field=("model", "name"),
            form="object",
            video_marks=((("route_type",), "video/v1/videos/generations"),),
            # Targets without an alias are balanced, whatever model a request asks for.
            chosen_by=("model", "model_alias"),
            has_video=True,
            advice="add an ai-proxy plugin with the route_type video/v1/videos/generations to a route of its own",
        ),
        "tensorzero": lambda: Rules(
            source="https://www.tensorzero.com/docs/gateway/configuration-reference",
            models="[models.<id>] and [models.<id>.providers.<provider>]",
            required=(("routing",), ("providers",)),
            advice="TensorZero serves chat and embedding models only",
        ),
        "pi": lambda: Rules(
            source="@earendil-works/pi-coding-agent docs/models-configuration.md",
            models="providers.<provider>.models[]",
            id_field=("id",),
            form="object",
            required=(("id",),),
            words=((("input",), frozenset({"text", "image"})),),
            all_or_nothing=True,
            advice="give the provider a models list",
        ),
        "oh-my-pi": lambda: Rules(
            source="oh-my-pi docs/models.md",
            models="providers.<provider>.models[]",
            id_field=("id",),
            form="object",
            required=(("id",),),
            words=((("input",), frozenset({"text", "image"})),),
            all_or_nothing=True,
            advice="a provider with discovery asks the endpoint for its models",
        ),
        "dsh": lambda: Rules(
            source="the public skill model-channel-sync, SKILL.md",
            models="llm-pi-ai.providers.<provider>.models[]",
            id_field=("id",),
            form="object",
            required=(("id",),),
            advice="give the provider a models list",
        ),
        "zcode": lambda: Rules(
            source="the public skill model-channel-sync, SKILL.md",
            models="config.providerConfigRules.providerRules[].config.personalModelIds[]; provider.<provider>.models",
            second_places=(
                SecondPlace(".config.modelOrder", is_filter=True),
                SecondPlace("config.modelConfigRules.providerModelRules"),
            ),
            advice="give the provider personalModelIds",
        ),
        "qoder": lambda: Rules(
            source="the public skill model-channel-sync, SKILL.md",
            models="providers.<provider>.models[]",
            id_field=("model",),
            form="object",
            required=(("model",),),
            advice="give the provider a models list",
        ),
        "codebuddy": lambda: Rules(
            source="the public skill model-channel-sync, SKILL.md",
            models="models[]",
            id_field=("id",),
            form="object",
            required=(("id",),),
            second_places=(SecondPlace("availableModels", is_filter=True),),
            advice="add an entry to models",
        ),
        "kimi": lambda: Rules(
            source="https://moonshotai.github.io/kimi-cli",
            models='[models."<id>"]',
            id_field=("model",),
            form="object",
            required=(("provider",), ("model",), ("max_context_size",)),
            advice='add a table [models."<id>"] that names the provider',
        ),
        "kimi-code": lambda: Rules(
            source="https://github.com/MoonshotAI/kimi-code docs",
            models='[models."<id>"]',
            id_field=("model",),
            form="object",
            required=(("provider",), ("model",)),
            carried=(("max_context_size",),),
            advice='add a table [models."<id>"] that names the provider',
        ),
        "vibe": lambda: Rules(
            source="https://docs.mistral.ai/mistral-vibe",
            models="[[models]]",
            id_field=("name",),
            form="object",
            required=(("name",), ("provider",)),
            second_places=(SecondPlace("allowed_models", "{sent}", is_filter=True),),
            advice="add a [[models]] table that names the provider",
        ),
        "qwen-code": lambda: Rules(
            source="https://qwenlm.github.io/qwen-code-docs",
            models="modelProviders.<protocol>[]",
            id_field=("id",),
            form="object",
            required=(("id",),),
            traps=(Trap("trailing-comma", "Qwen Code does not start with a trailing comma"),),
            advice="add an entry to modelProviders.openai",
        ),
        "factory": lambda: Rules(
            source="https://docs.factory.ai/cli/byok",
            models="custom_models[] or customModels[]",
            id_field=("model",),
            form="object",
            required=(("model",), ("provider",)),
            words=((("provider",), frozenset({"anthropic", "openai", "generic-chat-completion-api"})),),
            all_or_nothing=True,
            traps=(Trap("trailing-comma", "Droid shows none of a file's custom models where it has a trailing comma"),),
            advice="add an entry to the custom models",
        ),
        "raycast": lambda: Rules(
            source="https://manual.raycast.com/ai/custom-providers",
            models="providers[].models[]",
            id_field=("id",),
            form="object",
            required=(("id",),),
            advice="give the provider a models list",
        ),
        "mods": lambda: Rules(
            source="https://github.com/charmbracelet/mods config_template.yml",
            models="apis.<api>.models.<id>",
            form="object",
            advice="give the api a models map",
        ),
        "llm": lambda: Rules(
            source="https://llm.datasette.io/en/stable/other-models.html",
            models="extra-openai-models.yaml: a list",
            id_field=("model_id",),
            form="object",
            required=(("model_id",), ("model_name",)),
            advice="add an entry to extra-openai-models.yaml",
        ),
        "aichat": lambda: Rules(
            source="https://github.com/sigoden/aichat config.example.yaml",
            models="clients[].models[]",
            id_field=("name",),
            form="object",
            required=(("name",),),
            words=((("type",), frozenset({"chat", "embedding", "reranker"})),),
            advice="give the client a models list",
        ),
        "omniroute": lambda: Rules(
            source="https://github.com/decolua/9router open-sse/providers/registry",
            models="models[] of the provider's module",
            id_field=("id",),
            form="object",
            required=(("id",),),
            video_marks=((("kind",), "video"),),
            has_video=True,
            advice="a provider with passthroughModels serves every model",
        ),
        "models.dev": lambda: Rules(
            source="https://github.com/sst/models.dev README.md and packages/core/src/schema.ts",
            models="providers/<provider>/models/**/*.toml: " + _MODELS_DEV_LIKE,
            siblings="models/**/*.toml",
            facts=(
                *("name", "attachment", "reasoning", "tool_call", "open_weights", "release_date", "last_updated"),
                *("modalities", "limit"),
            ),
            has_video=True,
            advice="add a file for the model to the provider's models folder",
        ),
        "ai-model-directory": lambda: Rules(
            source="https://github.com/vercel-labs data/providers",
            models="data/providers/<provider>/models/*.toml: " + _MODELS_DEV_LIKE,
            siblings="models/*.toml",
            has_video=True,
            advice="add a file for the model to the provider's models folder",
        ),
        "cc-switch": lambda: Rules(
            source="https://github.com/farion1231/cc-switch src/config",
            advice="cc-switch writes the tools' own configs when one switches: add the model in cc-switch itself",
        ),
        "vercel-ai-sdk": lambda: Rules(
            source="https://ai-sdk.dev/providers/openai-compatible-providers",
            advice="the SDK takes a model where it is called and has no call for video: send the request with generate",
        ),
        "openai-sdk": lambda: Rules(
            source="https://github.com/openai/openai-python README.md",
            advice="the SDK takes the model's id where it is called: send the request with generate",
        ),
        "docker-compose": lambda: Rules(
            source="https://docs.docker.com/reference/compose-file/",
            has_video=True,
            advice="the service takes its models from its own config or asks the endpoint",
        ),
    }
)


@cache
def rules_of(consumer: str | None) -> Rules:
    """Return a consumer's rules; for one that is not known, rules that demand nothing."""
    made = RULES.get(consumer or "")
    return made() if made is not None else NO_RULES
