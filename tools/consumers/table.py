"""The consumers that are asked, as data, and those that cannot be asked here, with the reason.

A consumer runs in a copy of the case's workspace, which is its home folder and its working folder at once, so that
its config stands in its default place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from consumers.answers import (
    Answer,
    read_droid_help,
    read_exit_code,
    read_json_line,
    read_lines,
    read_omp_json,
    read_pi_table,
)
from consumers.install import HERE, Installed, Npm, Pip
from consumers.sandbox import Completed

Command = Callable[[Installed, Path], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One config in a person's formatting.

    ``folder`` is below ``tests/fixtures/consumers``. ``broken`` is a replacement of its text that the consumer must
    refuse, so that the check is known to discriminate. ``newline`` is the line end that its config gets.
    """

    folder: str
    config: str
    broken: tuple[str, str]
    newline: str = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerCheck:
    """One consumer: how it is installed, asked and understood.

    ``listed_as`` is how it names a model, ``{id}`` being the model's id; empty where it keeps no list, and the file
    must stay as it is. ``needs_namespace``: it tries to reach its provider, so it runs only where there is no network
    at all. ``environ`` are further variables, ``{home}`` being the folder that it runs in.
    """

    name: str
    title: str
    install: Npm | Pip | None
    command: Command
    read: Callable[[Completed], Answer]
    listed_as: str
    cases: tuple[Case, ...]
    environ: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    needs_namespace: bool = False
    seconds: float = 180


def _script(name: str) -> Command:
    """Return the command that runs a checker of ours inside the consumer's environment."""

    def command(installed: Installed, config: Path) -> tuple[str, ...]:
        folder = HERE / "python" if name.endswith(".py") else installed.folder
        return (installed.runtime, str(folder / name), str(config))

    return command


def _binary(path: str, *words: str) -> Command:
    """Return the command that runs a program of an npm package, ``*`` standing for this machine's platform."""

    def command(installed: Installed, _config: Path) -> tuple[str, ...]:
        found = sorted((installed.folder / "node_modules").glob(path))
        plain = [one for one in found if not any(mark in str(one) for mark in ("baseline", "-musl/bin"))]
        return (str((plain or found or [Path(path)])[0]), *words)

    return command


def _node_script(path: str, *words: str) -> Command:
    def command(installed: Installed, _config: Path) -> tuple[str, ...]:
        return (installed.runtime, str(installed.folder / "node_modules" / path), *words)

    return command


_PI_CASES = (
    Case(
        folder="pi",
        config=".pi/agent/models.json",
        broken=('"input": ["text", "image"]', '"input": ["text", "video"]'),
    ),
    Case(folder="pi-tabs", config=".pi/agent/models.json", broken=('{"id": "kling-v2-1",', '{"model": "kling-v2-1",')),
)

CHECKS = (
    ConsumerCheck(
        name="litellm",
        title="LiteLLM proxy",
        install=Pip("litellm", ((3, 11), (3, 15))),
        command=_script("litellm_check.py"),
        read=read_json_line,
        listed_as="{id} = openai/{id} (video_generation)",
        cases=(
            Case(
                folder="litellm",
                config="litellm_config.yaml",
                broken=("  - model_name: gpt-5.1\n    litellm_params:", "  - model_name: gpt-5.1\n    litellm_param:"),
            ),
            Case(
                folder="litellm-video",
                config="litellm_config.yaml",
                broken=("model_name: sora", "name: sora"),
            ),
        ),
    ),
    ConsumerCheck(
        name="continue",
        title="Continue",
        install=Npm(("@continuedev/config-yaml",)),
        command=_script("continue.mjs"),
        read=read_json_line,
        listed_as="openai/{id} at https://api.tokenrouter.com/v1",
        cases=(
            Case(
                folder="continue",
                config=".continue/config.yaml",
                broken=("provider: openai # same", "providr: openai # same"),
            ),
            Case(folder="continue-merge", config=".continue/agents/team.yaml", broken=("roles: []", "roles: [video]")),
        ),
    ),
    ConsumerCheck(
        name="librechat",
        title="LibreChat",
        install=Npm(("librechat-data-provider", "yaml")),
        command=_script("librechat.mjs"),
        read=read_json_line,
        listed_as="TokenRouter/{id}",
        cases=(
            Case(folder="librechat", config="librechat.yaml", broken=('"openai/gpt-5.1",', "{ id: gpt-5.1 },")),
            Case(
                folder="librechat-block", config="config/librechat.yaml", broken=("- openai/gpt-5.1", "- id: gpt-5.1")
            ),
        ),
    ),
    ConsumerCheck(
        name="openclaw",
        title="OpenClaw",
        install=Npm(("openclaw",), (24, 16)),
        command=_script("openclaw.mjs"),
        read=read_json_line,
        listed_as="tokenrouter/{id}",
        environ={"OPENCLAW_CONFIG_PATH": "{home}/.openclaw/openclaw.json", "OPENCLAW_STATE_DIR": "{home}/.state"},
        cases=(
            Case(
                folder="openclaw",
                config=".openclaw/openclaw.json",
                broken=('name: "Sonnet",', 'name: "Sonnet", kind: "chat",'),
            ),
            Case(
                folder="openclaw-allow",
                config=".openclaw/openclaw.json",
                broken=(
                    '"modelPolicy": {',
                    '"videoGenerationModel": { "primary": "tokenrouter/kling-v2-1" }, "modelPolicy": {',
                ),
            ),
        ),
    ),
    ConsumerCheck(
        name="opencode",
        title="OpenCode",
        install=Npm(("opencode-ai",)),
        command=_binary("opencode-*/bin/opencode", "models", "tr"),
        read=read_lines,
        listed_as="tr/{id}",
        cases=(
            Case(
                folder="opencode",
                config="opencode.jsonc",
                broken=('"limit": { "context": 400000, "output": 128000 }', '"limit": { "context": 400000 }'),
            ),
            Case(
                folder="opencode-whitelist",
                config="opencode.json",
                broken=('"limit": {"context": 400000, "output": 128000}', '"limit": {"output": 128000}'),
            ),
        ),
    ),
    ConsumerCheck(
        name="kilo",
        title="Kilo Code",
        install=Npm(("@kilocode/cli",)),
        command=_binary("@kilocode/cli-*/bin/kilo", "models", "tr"),
        read=read_lines,
        listed_as="tr/{id}",
        cases=(
            Case(folder="kilo", config=".config/kilo/kilo.jsonc", broken=('"options": {', '"options": [], "x": {')),
            # A variable in a project's file, and the whole file is passed over.
            Case(folder="kilo-project", config="kilo.json", broken=("example-key-7f2", "{env:TOKENROUTER_API_KEY}")),
        ),
    ),
    ConsumerCheck(
        name="codex",
        title="Codex",
        install=Npm(("@openai/codex",)),
        command=_binary("@openai/codex-*/vendor/*/bin/codex", "features", "list"),
        read=read_exit_code,
        listed_as="",
        environ={"CODEX_HOME": "{home}/.codex"},
        cases=(
            Case(folder="codex", config=".codex/config.toml", broken=('wire_api = "responses"', 'wire_api = "chat"')),
            Case(folder="codex-headers", config=".codex/config.toml", broken=('"responses"', '"chat"')),
        ),
    ),
    ConsumerCheck(
        name="qwen-code",
        title="Qwen Code",
        install=Npm(("@qwen-code/qwen-code",), (22, 0)),
        command=_script("qwen-code.mjs"),
        read=read_json_line,
        listed_as="{id}(openai)",
        cases=(
            Case(
                folder="qwen-code",
                config=".qwen/settings.json",
                broken=('"selectedType": "openai"', '"selectedType": "openai",'),
            ),
            Case(folder="qwen-code-tabs", config=".qwen/settings.json", broken=('"anthropic": []', '"anthropic": [],')),
        ),
    ),
    ConsumerCheck(
        name="factory",
        title="Factory Droid",
        install=Npm(("droid",)),
        command=_binary("@factory/cli-*/bin/droid", "exec", "--help"),
        read=read_droid_help,
        listed_as="{id}",
        cases=(
            Case(
                folder="factory",
                config=".factory/settings.json",
                broken=('"maxOutputTokens": 16384 }', '"maxOutputTokens": 16384, }'),
            ),
            Case(
                folder="factory-legacy",
                config=".factory/config.json",
                broken=('"max_tokens": 16384', '"max_tokens": 16384,'),
            ),
        ),
    ),
    ConsumerCheck(
        name="pi",
        title="pi",
        install=Npm(("@earendil-works/pi-coding-agent",), (22, 19)),
        command=_node_script("@earendil-works/pi-coding-agent/dist/bundle/cli.js", "--list-models"),
        read=read_pi_table,
        listed_as="tokenrouter/{id}",
        environ={"PI_CODING_AGENT_DIR": "{home}/.pi/agent"},
        cases=_PI_CASES,
    ),
    ConsumerCheck(
        name="pi-mariozechner",
        title="pi under its older name",
        install=Npm(("@mariozechner/pi-coding-agent",), (20, 6)),
        command=_node_script("@mariozechner/pi-coding-agent/dist/cli.js", "--list-models"),
        read=read_pi_table,
        listed_as="tokenrouter/{id}",
        environ={"PI_CODING_AGENT_DIR": "{home}/.pi/agent"},
        cases=_PI_CASES,
    ),
    ConsumerCheck(
        name="oh-my-pi",
        title="oh-my-pi",
        install=Npm(("@oh-my-pi/pi-coding-agent",), bun=True),
        command=_node_script("@oh-my-pi/pi-coding-agent/dist/cli.js", "models", "tokenrouter", "--json"),
        read=read_omp_json,
        listed_as="tokenrouter/{id}",
        cases=(
            Case(folder="oh-my-pi", config=".omp/agent/models.yml", broken=("[text, image]", "[text, video]")),
            Case(folder="oh-my-pi-flow", config=".omp/agent/models.yml", broken=("{ id: kling", "{ model: kling")),
        ),
    ),
    ConsumerCheck(
        name="claude-code-router",
        title="claude-code-router",
        install=Npm(("@musistudio/claude-code-router",), (20, 0)),
        command=_script("claude-code-router.mjs"),
        read=read_json_line,
        listed_as="tokenrouter/{id}",
        cases=(
            Case(
                folder="claude-code-router",
                config=".claude-code-router/config.json",
                broken=('"Providers": [', '"Providers": [['),
            ),
            Case(
                folder="claude-code-router-tabs",
                config=".claude-code-router/config.json",
                broken=('"Providers": [', '"Providers": [['),
            ),
        ),
    ),
    ConsumerCheck(
        name="kimi",
        title="Kimi CLI",
        install=Pip("kimi-cli", ((3, 12), (3, 15))),
        command=_script("kimi_check.py"),
        read=read_json_line,
        listed_as="tokenrouter/{id}",
        cases=(
            Case(folder="kimi", config=".kimi/config.toml", broken=("max_context_size = 400000\n", "")),
            Case(folder="kimi-crlf", config=".kimi/config.toml", broken=('model = "kling-v2-1"\n', ""), newline="\r\n"),
        ),
    ),
    ConsumerCheck(
        name="kimi-code",
        title="Kimi Code",
        install=Npm(("@moonshot-ai/kimi-code",), (22, 19)),
        command=_script("kimi-code.mjs"),
        read=read_json_line,
        listed_as="tokenrouter/{id}",
        cases=(
            Case(
                folder="kimi-code",
                config=".kimi-code/config.toml",
                broken=('model = "openai/gpt-5.1"', "model = 5"),
            ),
            Case(
                folder="kimi-code-several",
                config=".kimi-code/config.toml",
                broken=('model = "kling-v2-1"', 'model = ["kling-v2-1"]'),
            ),
        ),
    ),
    ConsumerCheck(
        name="goose",
        title="Goose",
        install=Pip("goose-sdk", ((3, 11), (3, 15))),
        command=_script("goose_check.py"),
        read=read_json_line,
        listed_as="{id}",
        cases=(
            Case(
                folder="goose",
                config=".config/goose/custom_providers/tokenrouter.json",
                broken=('"name": "z-ai/glm-4.6"', '"id": "z-ai/glm-4.6"'),
            ),
            Case(
                folder="goose-short",
                config=".config/goose/custom_providers/custom_tr.json",
                broken=('{"name": "kling-v2-1"}', '{"name": "kling-v2-1"},'),
            ),
        ),
    ),
    ConsumerCheck(
        name="vibe",
        title="Mistral Vibe",
        install=Pip("mistral-vibe", ((3, 12), (3, 15))),
        command=_script("vibe_check.py"),
        read=read_json_line,
        listed_as="tokenrouter/{id}",
        environ={"VIBE_HOME": "{home}/.vibe"},
        cases=(
            Case(
                folder="vibe",
                config=".vibe/config.toml",
                broken=('provider = "tokenrouter"\nalias', "provider = 7\nalias"),
            ),
            Case(folder="vibe-allowed", config=".vibe/config.toml", broken=("temperature = 1.0", 'temperature = "x"')),
        ),
    ),
    ConsumerCheck(
        name="aider",
        title="aider",
        install=Pip("aider-chat", ((3, 11), (3, 13))),
        command=_script("aider_check.py"),
        read=read_json_line,
        listed_as="openai/{id}",
        cases=(
            Case(
                folder="aider",
                config=".aider.model.settings.yml",
                broken=("weak_model_name: openai", "weak_model: openai"),
            ),
            Case(folder="aider-flow", config=".aider.model.settings.yml", broken=("streaming: false", "kind: video")),
        ),
    ),
    ConsumerCheck(
        name="llm",
        title="LLM",
        install=Pip("llm", ((3, 11), (3, 15))),
        command=_script("llm_check.py"),
        read=read_json_line,
        listed_as="{id}",
        cases=(
            Case(
                folder="llm",
                config=".config/io.datasette.llm/extra-openai-models.yaml",
                broken=("model_name: google", "model: google"),
            ),
        ),
    ),
    ConsumerCheck(
        name="hermes",
        title="Hermes Agent",
        install=Pip("hermes-agent", ((3, 11), (3, 14))),
        command=_script("hermes_check.py"),
        read=read_json_line,
        listed_as="TokenRouter/{id}",
        environ={"HERMES_HOME": "{home}/.hermes"},
        cases=(
            Case(folder="hermes", config=".hermes/config.yaml", broken=("    transport: chat", "   transport: chat")),
            Case(
                folder="hermes-flat", config=".hermes/config.yaml", broken=("custom_providers:", "custom_providers: x")
            ),
        ),
    ),
    ConsumerCheck(
        name="tensorzero",
        title="TensorZero gateway",
        install=Pip("tensorzero", ((3, 11), (3, 15))),
        command=_script("tensorzero_check.py"),
        read=read_json_line,
        listed_as="{id}",
        needs_namespace=True,
        cases=(
            Case(
                folder="tensorzero",
                config="config/tensorzero.toml",
                broken=('type = "openai"', 'type = "openai"\nkind = "chat"'),
            ),
            Case(
                folder="tensorzero-inline",
                config="config/tensorzero.toml",
                broken=('[models."kling-v2-1"]', "[models.kling-v2-1]\nkind = 1"),
            ),
        ),
    ),
    ConsumerCheck(
        name="typescript",
        title="TypeScript compiler",
        install=Npm(("typescript",)),
        command=_script("typescript.mjs"),
        read=read_json_line,
        listed_as="{id}",
        cases=(
            Case(
                folder="typescript", config="src/providers/tokenrouter.ts", broken=('kind: "chat" }', 'kind: "talk" }')
            ),
            Case(folder="typescript-const", config="src/providers/tokenrouter.ts", broken=("as const", "as constant")),
        ),
    ),
    ConsumerCheck(
        name="javascript",
        title="Node module",
        install=Npm(("typescript",)),
        command=_script("javascript.mjs"),
        read=read_json_line,
        listed_as="{id}",
        cases=(
            Case(
                folder="javascript",
                config="open-sse/providers/registry/tokenrouter.js",
                broken=("models: [", "models: [["),
            ),
            Case(folder="javascript-cjs", config="config/tokenrouter.cjs", broken=("models: [", "models: [[")),
        ),
    ),
    ConsumerCheck(
        name="python",
        title="Python module",
        install=None,
        command=_script("module_check.py"),
        read=read_json_line,
        listed_as="{id}",
        cases=(
            Case(
                folder="python",
                config="app/gateway.py",
                broken=('"kind": "image",\n        },', '"kind": "image",\n        '),
            ),
            Case(folder="python-lists", config="bot/models.py", broken=('"sora-2",\n]', '"sora-2",\n')),
        ),
    ),
)

# Consumers that no check asks, each with the reason.
NOT_ASKED: Mapping[str, str] = MappingProxyType(
    {
        "bifrost": "its npm package holds no program: it downloads one",
        "crush": "its npm package holds neither program nor schema: it downloads the program from GitHub",
        "omniroute": "its npm packages hold the built application: the registry's modules are asked of node itself",
        "portkey": "its npm package holds the gateway without what reads conf.json",
        "qoder": "its npm package lists models only after a login",
        "zed": "no package on npm or PyPI is known that carries its settings schema",
        **dict.fromkeys(
            (
                *("aichat", "cherry-studio", "codebuddy", "dsh", "envoy-ai-gateway", "kong", "mods", "new-api"),
                *("raycast", "zcode"),
            ),
            "no package on npm or PyPI is known that carries it",
        ),
        **dict.fromkeys(("ai-model-directory", "models.dev"), "its schema is in its repository and in no package"),
        **dict.fromkeys(
            ("lobechat", "open-webui"), "its list stands in a variable or a database, not in a file of its own"
        ),
        **dict.fromkeys(
            ("cc-switch", "claude-code", "dify", "docker-compose", "openai-sdk", "roo", "vercel-ai-sdk"),
            "it keeps no list of models for video, and nothing of its files is edited",
        ),
    }
)
