"""What a channel is: its entry, its base URL and its key, in every shape that the known consumers write."""

from __future__ import annotations

from pathlib import Path

import pytest

from workspace_files import KEY, URL, key_of, litellm, look, only

NOT_SET = "no key: TR_KEY is not set: not in the environment, .env.local, .env or a compose file"
NO_KEY = "none None: no key: no key stands with the base URL"
LITERAL = f"literal None: {KEY} from "
DOTENV = f"TR_KEY={KEY}\n"
ROUTER_KEY = "tr: {{baseUrl: '{}', apiKey: {}}}"


@pytest.mark.parametrize(
    ("name", "text", "place", "consumer", "key"),
    [
        pytest.param(
            "litellm_config.yaml", litellm(), "#/model_list/0 line 5", "litellm", f"env TR_KEY: {NOT_SET}", id="LiteLLM"
        ),
        pytest.param(
            "openclaw.json",
            f"{{models: {{providers: {{tr: {{\n"
            f'  baseUrl: "{URL}", apiKey: "{KEY}", models: [{{id: "a", name: "A"}}]}}}}}}}}',
            "#/models/providers/tr line 2",
            "openclaw",
            LITERAL + "openclaw.json:2",
            id="OpenClaw",
        ),
        pytest.param(
            "openclaw.json",
            '{"models": {"providers": {"tr": {"baseUrl": "' + URL + '", "models": [],\n'
            ' "apiKey": {"source": "env", "provider": "default", "id": "TR_KEY"}}}}}',
            "#/models/providers/tr line 1",
            "openclaw",
            f"env TR_KEY: {NOT_SET}",
            id="OpenClaw, a secret reference to a variable",
        ),
        pytest.param(
            "openclaw.json",
            '{"models": {"providers": {"tr": {"baseUrl": "' + URL + '", "models": [],\n'
            ' "apiKey": {"source": "exec", "provider": "default", "id": "pass/tr"}}}}}',
            "#/models/providers/tr line 1",
            "openclaw",
            "command pass/tr: no key: the key is a command's output, and commands are never run",
            id="OpenClaw, a secret reference to a command",
        ),
        pytest.param(
            "opencode.jsonc",
            '// mine\n{"provider": {"tr": {"npm": "x", "options": {\n "baseURL": "'
            + URL
            + '", "apiKey": "{env:TR_KEY}",},},},}',
            "#/provider/tr line 3",
            "opencode",
            f"env TR_KEY: {NOT_SET}",
            id="OpenCode",
        ),
        pytest.param(
            ".claude/settings.json",
            '{"env": {"ANTHROPIC_BASE_URL": "https://api.tokenrouter.com",\n'
            f' "ANTHROPIC_API_KEY": "", "ANTHROPIC_AUTH_TOKEN": "{KEY}"}}}}',
            "# line 1",
            "claude-code",
            LITERAL + ".claude/settings.json:2",
            id="Claude Code",
        ),
        pytest.param(
            "settings.json",
            '{"apiKeyHelper": "./key.sh", "env": {"ANTHROPIC_BASE_URL": "https://api.tokenrouter.com"}}',
            "# line 1",
            "claude-code",
            "command ./key.sh: no key: the key is a command's output, and commands are never run",
            id="Claude Code, a helper",
        ),
        pytest.param(
            "config.toml",
            f'model = "a"\n[model_providers.tr]\nname = "TR"\nbase_url = "{URL}"\nenv_key = "TR_KEY"\n',
            "#/model_providers/tr line 4",
            "codex",
            f"env TR_KEY: {NOT_SET}",
            id="Codex",
        ),
        pytest.param(
            "config.toml",
            f'[model_providers.tr]\nbase_url = "{URL}"\nenv_http_headers = {{Authorization = "TR_KEY"}}\n',
            "#/model_providers/tr line 2",
            "codex",
            f"env TR_KEY: {NOT_SET}",
            id="Codex, a header from a variable",
        ),
        pytest.param(
            "hermes.yaml",
            f"model:\n  default: a\n  provider: tr\nproviders:\n  tr:\n    api: {URL}\n    key_env: TR_KEY\n",
            "#/providers/tr line 6",
            "hermes",
            f"env TR_KEY: {NOT_SET}",
            id="Hermes, api holds the URL",
        ),
        pytest.param(
            "hermes.yaml",
            f"custom_providers:\n- name: tr\n  base_url: {URL}\n  api_key: ${{TR_KEY}}\n  model: a\n",
            "#/custom_providers/0 line 3",
            "hermes",
            f"env TR_KEY: {NOT_SET}",
            id="Hermes, custom providers",
        ),
        pytest.param(
            "hermes.yaml",
            f"model:\n  default: a\n  base_url: {URL}\n  api_key: {KEY}\ntoolsets: []\n",
            "#/model line 3",
            "hermes",
            LITERAL + "hermes.yaml:4",
            id="Hermes, one model",
        ),
        pytest.param(
            ".claude-code-router/config.json",
            '{"APIKEY": "example-own-key-1", "Providers": [{"name": "tr", "models": ["a"],\n'
            f'  "api_base_url": "{URL}/chat/completions", "api_key": "$TR_KEY"}}], "Router": {{"default": "tr,a"}}}}',
            "#/Providers/0 line 2",
            "claude-code-router",
            f"env TR_KEY: {NOT_SET}",
            id="claude-code-router",
        ),
        pytest.param(
            ".continue/config.yaml",
            f"name: a\nversion: 1.0.0\nschema: v1\nmodels:\n  - name: A\n    provider: openai\n    model: a\n"
            f"    apiBase: {URL}\n    apiKey: ${{{{ secrets.TR_KEY }}}}\n",
            "#/models/0 line 8",
            "continue",
            f"secret-ref TR_KEY: {NOT_SET}",
            id="Continue",
        ),
        pytest.param(
            "librechat.yaml",
            "version: 1.2.1\nendpoints:\n  custom:\n    - name: TR\n      apiKey: user_provided\n"
            f"      baseURL: {URL}\n"
            "      models: {default: [a], fetch: false}\n",
            "#/endpoints/custom/0 line 6",
            "librechat",
            "none None: no key: the tool asks each of its users for a key",
            id="LibreChat",
        ),
        pytest.param(
            "crush.json",
            '{"providers": {"tr": {"type": "openai-compat", "base_url": "' + URL + '", "api_key": "$(pass tr)"}}}',
            "#/providers/tr line 1",
            "crush",
            "command pass tr: no key: the key is a command's output, and commands are never run",
            id="Crush",
        ),
        pytest.param(
            ".zed/settings.json",
            '{"language_models": {"openai_compatible": {"Token Router": {"api_url": "' + URL + '",},},},}',
            "#/language_models/openai_compatible/Token Router line 1",
            "zed",
            "env TOKEN_ROUTER_API_KEY: no key: TOKEN_ROUTER_API_KEY is not set: "
            "not in the environment, .env.local, .env or a compose file",
            id="Zed",
        ),
        pytest.param(
            "goose/custom_providers/tr.json",
            '{"name": "tr", "engine": "openai", "api_key_env": "TR_KEY", "base_url": "' + URL + '", "models": []}',
            "# line 1",
            "goose",
            f"env TR_KEY: {NOT_SET}",
            id="Goose",
        ),
        pytest.param(
            ".aider.conf.yml",
            f"anthropic-api-key: example-other-1\nopenai-api-base: {URL}\nopenai-api-key: {KEY}\n",
            "# line 2",
            "aider",
            LITERAL + ".aider.conf.yml:3",
            id="aider",
        ),
        pytest.param(
            ".aider.model.settings.yml",
            f"- name: openai/a\n  extra_params:\n    api_base: {URL}\n    api_key: {KEY}\n",
            "#/0 line 3",
            "aider",
            LITERAL + ".aider.model.settings.yml:4",
            id="aider, model settings",
        ),
        pytest.param(
            "roo-code-settings.json",
            '{"providerProfiles": {"apiConfigs": {"code": {"openAiBaseUrl": "'
            + URL
            + '", "openAiApiKey": "'
            + KEY
            + '",\n'
            ' "litellmApiKey": "example-other-1", "openAiModelId": "a"}}}}',
            "#/providerProfiles/apiConfigs/code line 1",
            "roo",
            LITERAL + "roo-code-settings.json:1",
            id="Roo Code",
        ),
        pytest.param(
            "openwebui.json",
            '{"openai": {"api_base_urls": ["https://api.openai.com/v1",\n "'
            + URL
            + '"],\n "api_keys": ["example-one-1", "'
            + KEY
            + '"]}}',
            "#/openai line 2",
            "open-webui",
            LITERAL + "openwebui.json:3",
            id="Open WebUI, parallel lists",
        ),
        pytest.param(
            "channels.json",
            '{"data": {"items": [{"id": 3, "key": "'
            + KEY
            + '\\nexample-second-2", "base_url": "https://api.tokenrouter.com",\n'
            ' "models": "a,b", "group": "default", "model_mapping": "{}", "status": 1}]}}',
            "#/data/items/0 line 1",
            "new-api",
            LITERAL + "channels.json:1",
            id="new-api",
        ),
        pytest.param(
            "bifrost.json",
            '{"providers": {"tr": {"network_config": {"base_url": "' + URL + '"}, "keys": [{"name": "k",\n'
            ' "value": "env.TR_KEY", "models": ["a"]}]}}}',
            "#/providers/tr line 1",
            "bifrost",
            f"env TR_KEY: {NOT_SET}",
            id="Bifrost",
        ),
        pytest.param(
            "conf.json",
            '{"integrations": [{"provider": "openai", "credentials": {"customHost": "'
            + URL
            + '", "apiKey": "'
            + KEY
            + '"},'
            ' "models": [{"slug": "a"}]}]}',
            "#/integrations/0 line 1",
            "portkey",
            LITERAL + "conf.json:1",
            id="Portkey",
        ),
        pytest.param(
            "kong.yml",
            "_format_version: '3.0'\nplugins:\n  - name: ai-proxy-advanced\n    config:\n      targets:\n"
            "        - model:\n            name: a\n            options:\n"
            f"              upstream_url: {URL}/chat/completions\n"
            "          auth:\n            header_name: Authorization\n"
            "            header_value: '{vault://env/tr-key}'\n",
            "#/plugins/0/config/targets/0 line 9",
            "kong",
            f"secret-ref TR_KEY: {NOT_SET}",
            id="Kong",
        ),
        pytest.param(
            "tensorzero.toml",
            f'[models.a]\nrouting = ["tr"]\n[models.a.providers.tr]\ntype = "openai"\napi_base = "{URL}"\n'
            'api_key_location = "env::TR_KEY"\n',
            "#/models/a/providers/tr line 5",
            "tensorzero",
            f"env TR_KEY: {NOT_SET}",
            id="TensorZero",
        ),
        pytest.param(
            ".pi/agent/models.json",
            '{"providers": {"tr": {"baseUrl": "' + URL + '", "apiKey": "TRKEY", "models": []}}}',
            "#/providers/tr line 1",
            "pi",
            "env TRKEY: no key: TRKEY is not set: not in the environment, .env.local, .env or a compose file",
            id="pi, one word in capitals",
        ),
        pytest.param(
            ".omp/agent/models.yml",
            f"providers:\n  tr:\n    baseUrl: {URL}\n    apiKey: '!pass tr'\n",
            "#/providers/tr line 3",
            "oh-my-pi",
            "command pass tr: no key: the key is a command's output, and commands are never run",
            id="oh-my-pi",
        ),
        pytest.param(
            ".dsh/settings.yaml",
            f"llm-pi-ai:\n  providers:\n    tr:\n      baseURL: {URL}\n      apiKeyEnv: TR_KEY\n"
            f"      models: [{{id: a}}]\n",
            "#/llm-pi-ai/providers/tr line 4",
            "dsh",
            f"env TR_KEY: {NOT_SET}",
            id="dsh",
        ),
        pytest.param(
            "provider_config.json",
            '{"config": {"providerConfigRules": {"providerRules": [{"providerId": "tr", "config": {\n'
            '"access": {"type": "api-key", "apiKey": "' + KEY + '"},\n"api": {"baseUrl": "' + URL + '"}}}]}}}',
            "#/config/providerConfigRules/providerRules/0 line 3",
            "zcode",
            LITERAL + "provider_config.json:2",
            id="ZCode",
        ),
        pytest.param(
            ".codebuddy/models.json",
            '{"availableModels": ["a"], "models": [{"id": "a", "url": "'
            + URL
            + '/chat/completions", "apiKey": "${TR_KEY}"}]}',
            "#/models/0 line 1",
            "codebuddy",
            f"env TR_KEY: {NOT_SET}",
            id="CodeBuddy",
        ),
        pytest.param(
            ".kimi/config.toml",
            f'[providers.tr]\ntype = "openai"\nbase_url = "{URL}"\napi_key = "{KEY}"\n'
            '[models."a.b"]\nprovider = "tr"\nmodel = "a.b"\nmax_context_size = 1\n',
            "#/providers/tr line 3",
            "kimi",
            LITERAL + ".kimi/config.toml:4",
            id="Kimi CLI",
        ),
        pytest.param(
            ".vibe/config.toml",
            f'[[providers]]\nname = "tr"\napi_base = "{URL}"\napi_key_env_var = "TR_KEY"\n[[models]]\nname = "a"\n'
            'provider = "tr"\n',
            "#/providers/0 line 3",
            "vibe",
            f"env TR_KEY: {NOT_SET}",
            id="Mistral Vibe",
        ),
        pytest.param(
            ".qwen/settings.json",
            '{"env": {"TR_KEY": "'
            + KEY
            + '"},\n "modelProviders": {"openai": [{"id": "a", "envKey": "TR_KEY", "baseUrl": "'
            + URL
            + '"}]}}',
            "#/modelProviders/openai/0 line 2",
            "qwen-code",
            f"env TR_KEY: {KEY} from .qwen/settings.json:1",
            id="Qwen Code, its own env",
        ),
        pytest.param(
            ".factory/config.json",
            '{"custom_models": [{"model": "a", "base_url": "'
            + URL
            + '", "api_key": "'
            + KEY
            + '", "provider": "openai"}]}',
            "#/custom_models/0 line 1",
            "factory",
            LITERAL + ".factory/config.json:1",
            id="Factory",
        ),
        pytest.param(
            "raycast/ai/providers.yaml",
            f"providers:\n  - id: tr\n    base_url: {URL}\n    api_keys:\n      tr: {KEY}\n"
            f"    models: [{{id: a, abilities: {{}}}}]\n",
            "#/providers/0 line 3",
            "raycast",
            LITERAL + "raycast/ai/providers.yaml:5",
            id="Raycast",
        ),
        pytest.param(
            "mods.yml",
            f"apis:\n  tr:\n    base-url: {URL}\n    api-key-env: TR_KEY\n    models: {{a: {{}}}}\n",
            "#/apis/tr line 3",
            "mods",
            f"env TR_KEY: {NOT_SET}",
            id="mods",
        ),
        pytest.param(
            "io.datasette.llm/extra-openai-models.yaml",
            f"- model_id: a\n  model_name: b\n  api_base: {URL}\n  api_key_name: tr\n",
            "#/0 line 3",
            "llm",
            "secret-ref tr: no key: the key is in a secret store, and those are never asked",
            id="LLM: the key's name in its own store",
        ),
        pytest.param(
            "aichat/config.yaml",
            f"clients:\n  - type: openai-compatible\n    api_base: {URL}\n    api_key: {KEY}\n"
            "    models: [{name: a}]\n",
            "#/clients/0 line 3",
            "aichat",
            LITERAL + "aichat/config.yaml:4",
            id="AIChat",
        ),
        pytest.param(
            "src/main/resources/application.yml",
            f"app:\n  llm:\n    base-url: ${{TR_URL:{URL}}}\n    api-key: ${{TR_KEY:not-set}}\n    model: a\n",
            "#/app/llm line 3",
            None,
            "env TR_KEY: no key: TR_KEY is not set: not in the environment, .env.local, .env or a compose file",
            id="Spring: what a placeholder falls back to",
        ),
        pytest.param(
            "release.yaml",
            f"config:\n  tr:\n    base_url: {URL}\n    api_key: $${{TR_KEY}}\n",
            "#/config/tr line 3",
            None,
            f"env TR_KEY: {NOT_SET}",
            id="a reference that is escaped for whoever fills the file in",
        ),
        pytest.param(
            "values.yaml",
            f"ollama: {{enabled: false}}\nextraEnvVars:\n  - {{name: OPENAI_API_BASE_URL, value: {URL}}}\n"
            f"  - {{name: OPENAI_API_KEY, value: {KEY}}}\n",
            "# line 3",
            None,
            LITERAL + "values.yaml:4",
            id="the variables of a chart's values",
        ),
        pytest.param(
            "values.yaml",
            f"env:\n  GENERIC_OPEN_AI_BASE_PATH: {URL}\n  GENERIC_OPEN_AI_API_KEY: {KEY}\n"
            "  JWT_SECRET: example-other-1\n",
            "# line 2",
            None,
            LITERAL + "values.yaml:3",
            id="AnythingLLM's base path",
        ),
        pytest.param(
            ".hermes/config.yaml",
            f"model:\n  default: a\n  provider: tr\n  base_url: {URL}\nproviders:\n  tr:\n    api: {URL}/\n"
            f"    api_key: {KEY}\n    transport: chat_completions\n",
            "#/providers/tr line 7",
            "hermes",
            LITERAL + ".hermes/config.yaml:8",
            id="the URL of the one provider with a key, said again",
        ),
        pytest.param(
            "picoclaw.json",
            '{"model_list": [{"model_name": "a", "model": "openai/a", "api_key": "!! your own key !!",\n "api_base": "'
            + URL
            + '"}]}',
            "#/model_list/0 line 2",
            None,
            "none None: no key: the configured key is a placeholder",
            id="a placeholder between exclamation marks is no command",
        ),
        pytest.param(
            "secret.yaml",
            f'config:\n  tr:\n    base_url: {URL}\n    api_key: "{{{{ .TR_KEY }}}}"\n',
            "#/config/tr line 3",
            None,
            "secret-ref TR_KEY: no key: the key is in a secret store, and those are never asked",
            id="a name that External Secrets fills in",
        ),
        pytest.param(
            "review.yaml",
            f"with:\n  ai_base_url: {URL}\n  ai_api_key: ${{{{ steps.load.outputs.TR_KEY }}}}\n",
            "#/with line 2",
            None,
            "secret-ref steps.load.outputs.TR_KEY: no key: the key is in a secret store, and those are never asked",
            id="what an earlier step of a workflow puts out",
        ),
        pytest.param(
            "release.yaml",
            f"name: &app web\nservers:\n  *app :\n    env:\n      OPENAI_BASE_URL: {URL}\n"
            f"      API_KEYS_FILE: /etc/keys.yaml\n      OPENAI_API_KEY: {KEY}\n",
            "#/servers/web line 5",
            None,
            LITERAL + "release.yaml:7",
            id="below a key that is an alias, with a file of other keys",
        ),
        pytest.param(
            "open-sse/providers/registry/tokenrouter.js",
            f'export default {{\n  id: "tokenrouter",\n  transport: {{ baseUrl: "{URL}/chat/completions" }},\n'
            "  models: [],\n};\n",
            "#/default line 3",
            "omniroute",
            NO_KEY,
            id="OmniRoute",
        ),
        pytest.param(
            "providers/tokenrouter/provider.toml",
            f'name = "TR"\nnpm = "x"\nenv = ["TR_KEY"]\napi = "{URL}"\n',
            "# line 4",
            "models.dev",
            f"env TR_KEY: {NOT_SET}",
            id="models.dev",
        ),
        pytest.param(
            "compose.yaml",
            f"services:\n  chat:\n    image: lobehub/lobe-chat\n    environment:\n      - OPENAI_PROXY_URL={URL}\n"
            f"      - OPENAI_API_KEY={KEY}\n",
            "#/services/chat line 5",
            "docker-compose",
            LITERAL + "compose.yaml:6",
            id="a compose service",
        ),
        pytest.param(
            "deploy.yaml",
            "kind: Service\n---\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n"
            "        - name: web\n          env:\n"
            f"            - name: OPENAI_BASE_URL\n              value: {URL}\n"
            "            - name: OPENAI_API_KEY\n              valueFrom: {secretKeyRef: {name: keys, key: tr}}\n",
            "#/1/spec/template/spec/containers/0 line 11",
            None,
            "secret-ref keys/tr: no key: the key is in a secret store, and those are never asked",
            id="a Kubernetes container in a second document",
        ),
        pytest.param(
            "appsettings.json",
            '{"LLM": {"OpenAI": {"BaseUrl": "' + URL + '", "ApiKey": "' + KEY + '", "ModelId": "a"}}}',
            "#/LLM/OpenAI line 1",
            None,
            LITERAL + "appsettings.json:1",
            id="ASP.NET settings",
        ),
        pytest.param(
            "config.json",
            '{"baseUrl": "' + URL + '", "model": "a", "auth": {"method": "env_var", "env_key": "TR_KEY"}}',
            "# line 1",
            None,
            f"env TR_KEY: {NOT_SET}",
            id="a file of one provider",
        ),
        pytest.param(
            "config.yaml",
            f"providers:\n  tr:\n    url: {URL}\n    headers:\n      Authorization: Bearer {KEY}\n",
            "#/providers/tr line 3",
            None,
            LITERAL + "config.yaml:5",
            id="an Authorization header",
        ),
        pytest.param(
            "config.yaml",
            f"api_keys:\n  tr: {KEY}\n  other: example-other-1\nproviders:\n  tr:\n    url: {URL}\n",
            "#/providers/tr line 6",
            None,
            LITERAL + "config.yaml:2",
            id="a map of keys by provider",
        ),
        pytest.param(
            "litellm.yaml",
            "credential_list:\n  - credential_name: other\n    credential_values: {api_key: example-other-1}\n"
            f"  - credential_name: tr\n    credential_values: {{api_key: {KEY}}}\nmodel_list:\n  - model_name: a\n"
            f"    litellm_params: {{model: openai/a, api_base: '{URL}', litellm_credential_name: tr}}\n",
            "#/model_list/0 line 8",
            "litellm",
            LITERAL + "litellm.yaml:5",
            id="LiteLLM, credentials by name",
        ),
    ],
)
def test_shapes_of_the_known_consumers(
    tmp_path: Path, *, name: str, text: str, place: str, consumer: str | None, key: str
) -> None:
    channel = only(look(tmp_path, {name: text}))
    assert f"{channel.file}#{channel.pointer} line {channel.line}" == name + place
    assert (channel.consumer, key_of(channel)) == (consumer, key)
    assert channel.base_url.startswith("https://api.tokenrouter.com")
    assert channel.document.at(channel.pointer) is not None
    assert all(channel.document.at("/" + "/".join(parts)) is not None for parts in channel.url_parts)


@pytest.mark.parametrize(
    ("name", "text", "place", "key"),
    [
        pytest.param(
            "a.ts",
            f'const TR = "{URL}";\nexport const client = createOpenAICompatible({{\n  baseURL: `${{TR}}`,\n'
            "  apiKey: process.env.TR_KEY!,\n});\n",
            "#/client line 3",
            "env TR_KEY",
            id="a constant in a template",
        ),
        pytest.param(
            "a.ts",
            f'export default {{ providers: {{ tr: {{ baseURL: process.env.TR_URL ?? "{URL}", apiKey: "x1" }} }} }};\n',
            "#/default/providers/tr line 1",
            "literal None",
            id="a default for a variable",
        ),
        pytest.param(
            "a.js",
            f'module.exports = {{ baseURL: prod ? "{URL}" : "http://localhost:1", apiKey: process.env["TR_KEY"] }};\n',
            "#/default line 1",
            "env TR_KEY",
            id="a choice between two",
        ),
        pytest.param(
            "a.mjs",
            f'const cfg = {{ url: "{URL}", key: process.env.TR_KEY }};\n'
            "export const c = new OpenAI({ baseURL: cfg.url, apiKey: cfg.key });\n",
            "#/c line 2",
            "env TR_KEY",
            id="attributes of an object",
        ),
        pytest.param(
            "a.py",
            f'import os\nfrom openai import OpenAI\n\nBASE = "{URL}"\nKEY = os.environ.get("TR_KEY")\n'
            "client = OpenAI(base_url=BASE, api_key=KEY)\n",
            "#/client line 6",
            "env TR_KEY",
            id="Python constants",
        ),
        pytest.param(
            "a.py",
            'import os\n\nHOST = "https://api.tokenrouter.com"\nPROVIDERS = {"tr": {"base_url": f"{HOST}/v1", '
            '"api_key": os.environ["TR_KEY"]}}\n',
            "#/PROVIDERS/tr line 4",
            "env TR_KEY",
            id="a Python dict and an f-string",
        ),
        pytest.param(
            "a.py",
            f'import os\n\n\nclass Settings:\n    base_url = "{URL}"\n    api_key = os.getenv("TR_KEY")\n',
            "#/Settings line 5",
            "env TR_KEY",
            id="attributes of a class",
        ),
        pytest.param(
            "a.py",
            f'import os\n\n\ndef run():\n    client = OpenAI(base_url="{URL}", api_key=os.environ["TR_KEY"])\n',
            "#/run/client line 5",
            "env TR_KEY",
            id="a call in a function",
        ),
        pytest.param(
            "a.py",
            f'import os\n\nBASE_URL = "{URL}"\nAPI_KEY = os.environ["TR_KEY"]\n',
            "#/BASE_URL line 3",
            "env TR_KEY",
            id="constants alone",
        ),
        pytest.param(
            "a.py",
            f'import os\n\nOTHER_BASE_URL = "https://api.openai.com/v1"\nOTHER_API_KEY = "x"\nTR_BASE_URL = "{URL}"\n'
            'TR_API_KEY = os.environ["TR_KEY"]\n',
            "#/TR_BASE_URL line 5",
            "env TR_KEY",
            id="constants of two services, told by their prefix",
        ),
    ],
)
def test_channels_in_code(name: str, text: str, place: str, key: str, tmp_path: Path) -> None:
    channel = only(look(tmp_path, {name: text}))
    assert f"{channel.file}#{channel.pointer} line {channel.line}" == name + place
    assert key_of(channel).partition(":")[0] == key


def ids(root: Path, files: dict[str, str]) -> list[str]:
    return sorted(channel.id for channel in look(root, files).channels)


@pytest.mark.parametrize(
    ("text", "expected", "urls"),
    [
        pytest.param(
            f"default:\n  transport: {{baseUrl: {URL}/chat, validateUrl: {URL}/models}}\n"
            f"  imageConfig: {{baseUrl: {URL}/images}}\n"
            f"  modelsFetcher: {{url: {URL}/models}}\n",
            ["a.yaml#/default"],
            4,
            id="several URLs in one block",
        ),
        pytest.param(
            "models:\n" + "".join(f"  - {{model: m{n}, api_base: {URL}, api_key: os.environ/K}}\n" for n in range(3)),
            ["a.yaml#/models/0"],
            3,
            id="flat entries",
        ),
        pytest.param(
            f"models:\n  - {{model: a, api_base: {URL}, api_key: os.environ/A_KEY}}\n"
            f"  - {{model: b, api_base: {URL}, api_key: os.environ/B_KEY}}\n",
            ["a.yaml#/models/0", "a.yaml#/models/1"],
            1,
            id="flat entries with two keys",
        ),
        pytest.param(
            f"models:\n  - {{model: a, api_base: {URL}, api_key: k1}}\n"
            f"  - {{model: b, api_base: {URL}/, api_key: k1}}\n"
            "  - {model: c, api_base: 'https://api.tokenrouter.com', api_key: k1}\n",
            ["a.yaml#/models/0"],
            3,
            id="flat entries whose paths differ",
        ),
        pytest.param(
            f"providers:\n  a: {{url: {URL}, key: k1, models: [x]}}\n"
            f"  b: {{url: 'https://open.palebluedot.ai/v1', key: k1, models: [y]}}\n",
            ["a.yaml#/providers/a", "a.yaml#/providers/b"],
            1,
            id="two hosts",
        ),
        pytest.param(
            f"providers:\n  a: {{url: {URL}, key: k1, models: [x]}}\n  b: {{url: {URL}, key: k1, models: [y]}}\n",
            ["a.yaml#/providers/a"],
            2,
            id="one URL with one key under two names",
        ),
        pytest.param(
            f"x-tr: &tr\n  api_base: {URL}\n  api_key: k1\nmodels:\n  - <<: *tr\n    model: a\n  - <<: *tr\n"
            "    model: b\n",
            ["a.yaml#/models/0"],
            1,
            id="merge keys",
        ),
        pytest.param(
            f"models:\n  - &tr {{model: a, api_base: {URL}, api_key: k1}}\n  - <<: *tr\n    model: b\n",
            ["a.yaml#/models/0"],
            1,
            id="an entry that others merge in",
        ),
        pytest.param(
            f"url: &url {URL}\nmodels:\n  - {{model: a, api_base: *url, api_key: k1}}\n",
            ["a.yaml#", "a.yaml#/models/0"],
            1,
            id="an alias of a URL that is one itself",
        ),
        pytest.param(
            f"x: &p {{api_base: {URL}, api_key: k1}}\nmodels:\n  - model_name: a\n    litellm_params: *p\n",
            ["a.yaml#/models/0"],
            1,
            id="aliased parameters",
        ),
        pytest.param(f"a: 1\n---\nurl: {URL}\nkey: k1\n", ["a.yaml#/1"], 1, id="a second document"),
    ],
)
def test_which_urls_are_one_channel(text: str, expected: list[str], urls: int, tmp_path: Path) -> None:
    discovery = look(tmp_path, {"a.yaml": text})
    assert sorted(channel.id for channel in discovery.channels) == expected
    assert max(len(channel.url_parts) for channel in discovery.channels) == urls


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"description: {URL}\n", id="a description"),
        pytest.param(f"website: {URL}\nprovider: {{docs: '{URL}', signup_url: '{URL}'}}\n", id="links for people"),
        pytest.param(f"url: see {URL}\n", id="a sentence"),
        pytest.param(f"# base_url: {URL}\na: 1\n", id="a comment"),
        pytest.param(f"mcpServers:\n  x: {{url: '{URL}'}}\n", id="a server of tools"),
        pytest.param("url: api.tokenrouter.com\n", id="a host without scheme"),
        pytest.param("url: https://api.tokenrouter.com.evil.example/v1\n", id="a host that goes on"),
        pytest.param("url: https://${USER}@api.tokenrouter.com/v1\n", id="an unknown part"),
        pytest.param("url: ftp://api.tokenrouter.com\n", id="another scheme"),
        pytest.param(f"api_base: |\n  base_url: {URL}\n", id="a config in a text"),
    ],
)
def test_what_holds_no_channel(text: str, tmp_path: Path) -> None:
    assert ids(tmp_path, {"config.yaml": text}) == []


@pytest.mark.parametrize("name", ["README.md", "notes.txt", "doc.rst", "page.html", "config.yaml.md", "log", "a.csv"])
def test_prose_holds_no_channels(name: str, tmp_path: Path) -> None:
    assert ids(tmp_path, {name: f"base_url: {URL}\napi_key: k1\n"}) == []


def test_a_key_is_never_taken_from_another_services_url(tmp_path: Path) -> None:
    text = (
        '{"baseUrl": "https://api.openai.com/v1", "apiKey": "example-openai-1", "fallback": {"baseUrl": "' + URL + '"}}'
    )
    assert key_of(only(look(tmp_path, {"config.json": text}))) == NO_KEY


def test_a_key_above_the_entry_counts_where_no_other_service_is(tmp_path: Path) -> None:
    text = '{"apiKey": "' + KEY + '", "llm": {"baseUrl": "' + URL + '"}}'
    assert key_of(only(look(tmp_path, {"config.json": text}))) == LITERAL + "config.json:1"


@pytest.mark.parametrize("value", ["sk-xxx", "YOUR_API_KEY", "<your key>", "changeme", "EMPTY"])
def test_a_placeholder_is_no_key(value: str, tmp_path: Path) -> None:
    text = f'{{"providers": {{"tr": {{"baseUrl": "{URL}", "apiKey": "{value}"}}}}}}'
    assert (
        key_of(only(look(tmp_path, {"config.json": text}))) == "none None: no key: the configured key is a placeholder"
    )
