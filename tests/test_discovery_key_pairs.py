"""Which key is a base URL's, by names and places: another service's secret is named at most, and never taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenrouter_video import config_names as names
from workspace_files import KEY, URL, key_of, look, only

OTHER = "https://api.acme.example/v1"


def unsure(key: str, url: str, name: str) -> str:
    """Return the line for a channel whose key is perhaps one of these."""
    return (
        f"none None: no key: {key} may be the key of {url} or, by its name and place, one of something else, so it is "
        f"not used; if it is the gateway's, give it beside {url} as {name}"
    )


@pytest.mark.parametrize(
    ("url", "key", "expected"),
    [
        pytest.param("FOO_EMBED_BASE_URL", "FOO_EMBED_API_KEY", 0, id="the same prefix"),
        pytest.param("OPENAI_API_BASE", "OPENAI_API_KEY", 0, id="the same prefix, another ending"),
        pytest.param("OpenAIBaseURL", "openai_api_key", 0, id="words in another spelling"),
        pytest.param("BASE_URL", "API_KEY", 0, id="no prefix"),
        pytest.param("GATEWAY_URL", "GATEWAY_API_KEY", 0, id="a prefix that is a word of URLs"),
        pytest.param("SERVER_URL", "SERVER_KEY", 0, id="a prefix that is the URL's last word but one"),
        pytest.param("TOKENROUTER_URL", "TR_KEY", 0, id="two names of the gateway"),
        pytest.param("VITE_OPENAI_BASE_URL", "OPENAI_API_KEY", 0, id="a framework's lead before the URL"),
        pytest.param("NEXT_PUBLIC_TR_URL", "NEXT_PUBLIC_TR_KEY", 0, id="a framework's lead before both"),
        pytest.param("self.base_url", "self.api_key", 0, id="attributes of one object"),
        pytest.param("PROVIDER2_URL", "PROVIDER2_KEY", 0, id="the same number"),
        pytest.param("OPENAI_V1_URL", "OPENAI_KEY", 0, id="a version is no number"),
        pytest.param("LLM_BASE_URL", "TR_KEY", 1, id="the gateway's own name"),
        pytest.param("LLM_BASE_URL", "LLM_TOKENROUTER_KEY", 1, id="the gateway's own name behind a prefix"),
        pytest.param("LLM_BASE_URL", "API_KEY", 1, id="a key without prefix"),
        pytest.param("BASE_URL", "OPENAI_API_KEY", 2, id="the variable that SDKs read"),
        pytest.param("PROVIDER2_URL", "PROVIDER_KEY", 2, id="one key without a number"),
        pytest.param("MEMINI_EMBED_BASE_URL", "MEMINI_API_KEY", 3, id="the program's own prefix"),
        pytest.param("OPENAI_EMBED_BASE_URL", "OPENAI_API_KEY", 3, id="a base URL for embeddings alone"),
        pytest.param("OPENAI_BASE_URL", "OPENAI_EMBED_API_KEY", 3, id="a key for embeddings alone"),
        pytest.param("EMBEDDING_BASE_URL", "OPENAI_API_KEY", 3, id="what embedders fall back to"),
        pytest.param("BASE_URL", "TELEGRAM_BOT_TOKEN", 3, id="another service's name beside none"),
        pytest.param("PROVIDER2_URL", "PROVIDER1_KEY", None, id="another number"),
        pytest.param("AI_BASE_URL", "AIRTABLE_API_KEY", None, id="letters in common are no prefix"),
        pytest.param("TR_BASE_URL", "TRELLO_API_KEY", None, id="letters in common with the gateway's name"),
        pytest.param("LLM_BASE_URL", "SERPAPI_KEY", None, id="another service"),
    ],
)
def test_how_well_names_agree(url: str, key: str, expected: int | None) -> None:
    assert names.affinity(url, key) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("FOO_EMBED_BASE_URL", "FOO_EMBED_API_KEY"),
        ("BASE_URL", "API_KEY"),
        ("embed_base_url", "embed_api_key"),
        ("embed-base-url", "embed-api-key"),
        ("embedBaseUrl", "embedApiKey"),
        ("baseURL", "apiKey"),
        ("api_base", "api_key"),
        ("PROVIDER2_URL", "PROVIDER2_API_KEY"),
        ("LLM_2_BASE_URL", "LLM_2_API_KEY"),
    ],
)
def test_the_name_that_is_advised_is_surely_the_keys(url: str, expected: str) -> None:
    assert (names.key_name_for(url), names.affinity(url, expected)) == (expected, 0)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param(
            "values.yaml",
            f"env:\n  MEMINI_LOG: json\n  MEMINI_EMBED_BASE_URL: {URL}\n  MEMINI_API_KEY: {KEY}\n",
            unsure("MEMINI_API_KEY", "MEMINI_EMBED_BASE_URL", "MEMINI_EMBED_API_KEY"),
            id="a server's own key, in a chart's values",
        ),
        pytest.param(
            ".env",
            f"FOO_EMBED_BASE_URL={URL}\nFOO_EMBED_API_KEY=\nFOO_API_KEY={KEY}\n",
            "env FOO_EMBED_API_KEY: no key: what FOO_EMBED_API_KEY holds is empty",
            id="an empty key does not lead to a shorter name",
        ),
        pytest.param(
            ".env",
            f"FOO_API_KEY=example-own-1\nFOO_EMBED_BASE_URL={URL}\nFOO_EMBED_API_KEY={KEY}\n",
            f"env FOO_EMBED_API_KEY: {KEY} from .env:3",
            id="the same prefix goes before a shorter one",
        ),
        pytest.param(
            ".env",
            f"OPENAI_BASE_URL={URL}\nOPENAI_API_KEY={KEY}\nOPENAI_EMBED_BASE_URL={URL}\n",
            f"env OPENAI_API_KEY: {KEY} from .env:2",
            id="the shorter name's own URL is the gateway's, too",
        ),
        pytest.param(
            ".env",
            f"LLM_BASE_URL={URL}\nLLM_MODEL=a\nAPI_KEY={KEY}\n",
            f"env API_KEY: {KEY} from .env:3",
            id="a key without prefix, with nothing of a server",
        ),
        pytest.param(
            ".env",
            f"PORT=3000\nLLM_BASE_URL={URL}\nAPI_KEY={KEY}\n",
            unsure("API_KEY", "LLM_BASE_URL", "LLM_API_KEY"),
            id="a key without prefix in a server's variables",
        ),
        pytest.param(
            "compose.yaml",
            f"services:\n  a:\n    environment:\n      LLM_BASE_URL: {URL}\n      API_KEY: {KEY}\n"
            "      DATABASE_URL: postgres://db\n",
            unsure("API_KEY", "LLM_BASE_URL", "LLM_API_KEY"),
            id="a key without prefix beside a database",
        ),
        pytest.param(
            ".env",
            f"PROVIDER1_URL={OTHER}\nPROVIDER1_KEY=example-other-1\nPROVIDER2_URL={URL}\nPROVIDER2_KEY={KEY}\n",
            f"env PROVIDER2_KEY: {KEY} from .env:4",
            id="numbered services",
        ),
        pytest.param(
            ".env",
            f"BASE_URL={URL}\nTELEGRAM_BOT_TOKEN={KEY}\n",
            unsure("TELEGRAM_BOT_TOKEN", "BASE_URL", "API_KEY"),
            id="a bot's token",
        ),
        pytest.param(
            ".env",
            f"BASE_URL={URL}\nOPENAI_API_KEY={KEY}\nLLM_API_KEY=example-other-1\n",
            unsure("OPENAI_API_KEY or LLM_API_KEY", "BASE_URL", "API_KEY"),
            id="two keys that may be meant",
        ),
        pytest.param(
            "config.json",
            f'{{"APIKEY": "{KEY}", "Providers": [{{"name": "tr", "api_base_url": "{URL}", "models": ["a"]}}]}}',
            unsure("APIKEY", "api_base_url", "api_key"),
            id="the key of a router's own callers",
        ),
        pytest.param(
            "config.json",
            f'{{"token": "{KEY}", "openai": {{"baseURL": "{URL}"}}}}',
            unsure("token", "baseURL", "apiKey"),
            id="a bot's token above the entry",
        ),
        pytest.param(
            "config.json",
            f'{{"port": 80, "apiKey": "{KEY}", "llm": {{"baseUrl": "{URL}"}}}}',
            unsure("apiKey", "baseUrl", "apiKey"),
            id="a server's own key above the entry",
        ),
        pytest.param(
            "config.json",
            f'{{"token": "example-other-1", "baseURL": "{URL}", "apiKey": "{KEY}"}}',
            f"literal None: {KEY} from config.json:1",
            id="an API key goes before a bare token",
        ),
        pytest.param(
            "bot.py",
            f'TOKEN = "{KEY}"\nPORT = 80\nAPI_URL = "{URL}"\n',
            unsure("TOKEN", "API_URL", "API_KEY"),
            id="a bare token in a server's code",
        ),
        pytest.param(
            "bot.py",
            f'import os\nTOKEN = os.environ["TELEGRAM_TOKEN"]\nAPI_URL = "{URL}"\n',
            unsure("TOKEN", "API_URL", "API_KEY"),
            id="a bare token read from another service's variable",
        ),
        pytest.param(
            "tr.ts",
            f'const API_KEY = process.env.ACME_KEY;\nexport const tr = {{ baseURL: "{URL}", models: ["a"] }};\n',
            unsure("API_KEY", "baseURL", "apiKey"),
            id="a constant read from another service's variable",
        ),
        pytest.param(
            "tr.py",
            f'import os\nAPI_KEY = os.environ["ACME_KEY"]\nBASE_URL = "{URL}"\n',
            "env ACME_KEY: no key: ACME_KEY is not set: not in the environment, .env.local, .env or a compose file",
            id="constants that pair by their names",
        ),
        pytest.param(
            "c.yaml",
            f"providers:\n  tr:\n    base_url: {URL}\n    headers:\n      X-Portkey-Api-Key: {KEY}\n",
            unsure("X-Portkey-Api-Key", "base_url", "api_key"),
            id="a header of another service",
        ),
        pytest.param(
            "c.yaml",
            f"providers:\n  tr:\n    base_url: {URL}\n    client:\n      base_url: {OTHER}\n      api_key: {KEY}\n",
            "none None: no key: no key stands with the base URL",
            id="another service's key within the entry",
        ),
        pytest.param(
            "c.yaml",
            f"providers:\n  acme:\n    base_url: {URL}\n    acme_api_key: {KEY}\n",
            f"literal None: {KEY} from c.yaml:4",
            id="a prefix that is the entry's name",
        ),
        pytest.param(
            "c.yaml",
            f"providers:\n  tr:\n    base_url: {URL}\n    requires_api_key: true\n",
            "none None: no key: no key stands with the base URL",
            id="a flag is no key",
        ),
    ],
)
def test_which_key_is_the_urls(name: str, text: str, expected: str, tmp_path: Path) -> None:
    assert key_of(only(look(tmp_path, {name: text}))) == expected


def test_a_key_that_is_perhaps_meant_is_said_in_the_reasons(tmp_path: Path) -> None:
    channel = only(look(tmp_path, {".env": f"FOO_EMBED_BASE_URL={URL}\nFOO_API_KEY={KEY}\n"}))
    problem = unsure("FOO_API_KEY", "FOO_EMBED_BASE_URL", "FOO_EMBED_API_KEY").partition("no key: ")[2]
    assert [reason for reason in channel.reasons if "FOO_API_KEY" in reason] == [f"{problem} (-5)"]


@pytest.mark.parametrize(
    "text", [f"TR_BASE_URL={URL}\nTRELLO_API_KEY={KEY}\n", f"AI_BASE_URL={URL}\nAIRTABLE_API_KEY={KEY}\n"]
)
def test_variables_of_other_services_make_no_channel(text: str, tmp_path: Path) -> None:
    assert look(tmp_path, {".env": text}).channels == ()
