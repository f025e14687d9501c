"""What is no list that is read: refused with the reason where it looks like one, not-needed where nothing does."""

from __future__ import annotations

from pathlib import Path

import pytest

from routed import planned, routed
from tokenrouter_video.errors import RefusedError

URL = "https://api.tokenrouter.com/v1"
OTHER = "https://api.acme.example/v1"
TR = f"base_url: {URL}\napi_key: ${{TR_KEY}}\n"


@pytest.mark.parametrize(
    ("name", "text", "line", "pointer"),
    [
        pytest.param(
            "bot.py",
            f'TR_URL = "{URL}"\nACME = "{OTHER}"\nTR_KEY = "example-key-7f2"\nAVAILABLE_MODELS = {{\n'
            '    "v3": ("DeepSeek V3", TR_URL, TR_KEY, "deepseek-chat"),\n'
            '    "glm": ("GLM 4", ACME, TR_KEY, "glm-4"),\n}\n',
            4,
            "/AVAILABLE_MODELS",
            id="a map of tuples that name the URL's constant",
        ),
        pytest.param(
            "models.ts",
            f'const TR_URL = "{URL}";\nexport const MODELS = {{ v3: ["DeepSeek V3", TR_URL, "deepseek-chat"] }};\n',
            2,
            "/MODELS",
            id="a map of arrays that name the URL's constant",
        ),
        pytest.param(
            "c.yaml",
            f"{TR}models:\n  1: {{model: gpt-4o}}\n  2: {{model: gpt-4o-mini}}\n",
            4,
            "/models",
            id="a map keyed by numbers",
        ),
        pytest.param(
            "c.yaml",
            f"{TR}tenants:\n  - token: ${{A}}\n    models: [gpt-4o, gpt-4o-mini]\n",
            5,
            "/tenants/0/models",
            id="lists below a holder that nobody knows",
        ),
        pytest.param(
            "c.yaml",
            f"{TR}users:\n  - name: ann\n    allowed_models: [gpt-4o]\n",
            5,
            "/users/0/allowed_models",
            id="who may use which models",
        ),
        pytest.param(
            "c.yaml",
            f"{TR}models:\n  default: gpt-4o\n  fetch: true\n",
            4,
            "/models",
            id="a model and a switch",
        ),
        pytest.param(
            "c.yaml",
            f"{TR}models:\n  openai:\n    - id: gpt-4o\n  kling:\n    - id: kling-v2-6\n",
            4,
            "/models",
            id="lists by maker",
        ),
    ],
)
def test_what_looks_like_a_list_is_refused(name: str, text: str, line: int, pointer: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, name, text, "kling-v3")
    assert str(caught.value) == f"{name}:{line}: what looks like a list of models at {pointer} is not understood"


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param("model: gpt-4o\n", id="one model"),
        pytest.param("fallback_models: [gpt-4o]\n", id="what is asked where a model fails"),
        pytest.param("agents:\n  - {name: writer, model: gpt-4o}\n", id="who uses a model"),
        pytest.param("routes:\n  - {name: chat-v1, paths: [/v1/chat]}\n", id="routes of HTTP"),
        pytest.param(
            f"acme:\n  base_url: {OTHER}\n  api_key: ${{A}}\n  tenants:\n    - {{token: a, models: [gpt-4o]}}\n",
            id="a list of another provider",
        ),
    ],
)
def test_what_keeps_no_list_needs_no_route(rest: str, tmp_path: Path) -> None:
    assert planned(tmp_path, "c.yaml", TR + rest, "kling-v3").status == "not-needed"


@pytest.mark.parametrize(
    "row",
    [
        pytest.param('("glm-4", ACME)', id="a tuple with another service's constant"),
        pytest.param(f'("glm-4", "{OTHER}")', id="a tuple with another service's URL"),
        pytest.param('{"id": "glm-4", "url": ACME}', id="an object with another service's constant"),
    ],
)
def test_a_row_of_another_service_is_not_copied(row: str, tmp_path: Path) -> None:
    text = f'TR_URL = "{URL}"\nACME = "{OTHER}"\nMODELS = [\n    {row},\n]\n'
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, "a.py", text, "kling-v3")
    assert str(caught.value).endswith("no model of the list is this channel's; there is no entry to copy")


def test_of_rows_the_channels_own_is_copied(tmp_path: Path) -> None:
    before = f'TR_URL = "{URL}"\nACME = "{OTHER}"\nMODELS = [\n    ("gpt-4o", TR_URL),\n    ("glm-4", ACME),\n]\n'
    after = before.replace('("gpt-4o", TR_URL),\n', '("gpt-4o", TR_URL),\n    ("kling-v3", TR_URL),\n')
    assert routed(tmp_path, "a.py", before, "kling-v3") == after
