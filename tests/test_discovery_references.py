"""Base URLs that stand elsewhere: in variables, constants and other modules."""

from __future__ import annotations

from pathlib import Path

import pytest

from workspace_files import KEY, URL, key_of, litellm, look, only

CLIENT = "export const client = createOpenAICompatible({ baseURL: TR, apiKey: process.env.TR_KEY });\n"
PY_CLIENT = "from openai import OpenAI\n\nclient = OpenAI(base_url={}, api_key=os.environ['TR_KEY'])\n"


@pytest.mark.parametrize(
    ("reference", "name", "text", "pointer"),
    [
        pytest.param("os.environ/TR_URL", "litellm.yaml", litellm("os.environ/TR_URL"), "/model_list/0", id="LiteLLM"),
        pytest.param("${TR_URL}", "a.yaml", "llm:\n  base_url: ${TR_URL}\n", "/llm", id="braces"),
        pytest.param("$TR_URL", "a.yaml", "llm:\n  base_url: $TR_URL\n", "/llm", id="a dollar"),
        pytest.param("${TR_HOST}/v1", "a.yaml", "llm:\n  base_url: ${TR_HOST}/v1\n", "/llm", id="with a path"),
        pytest.param(
            "https://${TR_NAME}", "a.yaml", "llm:\n  base_url: https://${TR_NAME}/v1\n", "/llm", id="the host alone"
        ),
        pytest.param("{env:TR_URL}", "a.json", '{"llm": {"baseURL": "{env:TR_URL}"}}', "/llm", id="OpenCode"),
        pytest.param("env.TR_URL", "a.json", '{"llm": {"base_url": "env.TR_URL"}}', "/llm", id="Bifrost"),
        pytest.param("env::TR_URL", "a.toml", '[llm]\napi_base = "env::TR_URL"\n', "/llm", id="TensorZero"),
        pytest.param(
            "process.env", "a.ts", "export const c = { baseURL: process.env.TR_URL };\n", "/c", id="JavaScript"
        ),
        pytest.param("os.environ", "a.py", 'import os\nc = dict(base_url=os.environ["TR_URL"])\n', "/c", id="Python"),
        pytest.param("${{ env.TR_URL }}", "a.yaml", "llm:\n  apiBase: ${{ env.TR_URL }}\n", "/llm", id="a template"),
    ],
)
@pytest.mark.parametrize("source", [".env", ".env.local", "compose.yaml", "the environment"])
def test_a_base_url_in_a_variable(
    reference: str, name: str, text: str, pointer: str, *, source: str, tmp_path: Path
) -> None:
    values = {"TR_URL": URL, "TR_HOST": "https://api.tokenrouter.com", "TR_NAME": "api.tokenrouter.com"}
    files = {name: text}
    if source == "compose.yaml":
        rows = "".join(f"      {key}: {value}\n" for key, value in values.items() if key in text)
        files[source] = f"services:\n  a:\n    command: run {name}\n    environment:\n{rows}"
    elif source != "the environment":
        files[source] = "".join(f"{key}={value}\n" for key, value in values.items())
    discovery = look(tmp_path, files, environ=values if source == "the environment" else {})
    channel = next(channel for channel in discovery.channels if channel.file == name)
    assert (channel.pointer, channel.base_url.startswith("https://api.tokenrouter.com")) == (pointer, True)
    assert [one.file for one in discovery.channels if one.live] == [name], reference


def test_a_variable_with_another_services_url_makes_no_channel(tmp_path: Path) -> None:
    files = {"litellm.yaml": litellm("${TR_URL:-" + URL + "}"), ".env": "TR_URL=https://api.openai.com/v1\n"}
    assert look(tmp_path, files).channels == ()
    assert only(look(tmp_path, {".env": "TR_URL=\n"})).base_url == URL


def test_a_variable_that_is_not_set_makes_no_channel(tmp_path: Path) -> None:
    assert look(tmp_path, {"litellm.yaml": litellm("os.environ/TR_URL")}).channels == ()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "src/urls.ts": f'export const TR = "{URL}";\n',
                "src/a.ts": 'import {\n  importAll,\n  TR,\n  type exported,\n} from "./urls";\n' + CLIENT,
            },
            "src/a.ts#/client",
            id="an import of many lines and odd names",
        ),
        pytest.param(
            {"src/urls.ts": f'export const TR = "{URL}";\n', "src/a.ts": 'import { TR } from "./urls";\n' + CLIENT},
            "src/a.ts#/client",
            id="a named import",
        ),
        pytest.param(
            {
                "src/urls.ts": f'export const X = "{URL}";\n',
                "src/a.ts": 'import { X as TR } from "./urls.js";\n' + CLIENT,
            },
            "src/a.ts#/client",
            id="renamed, with a suffix",
        ),
        pytest.param(
            {"src/urls/index.ts": f'export default "{URL}";\n', "src/a.ts": 'import TR from "./urls";\n' + CLIENT},
            "src/a.ts#/client",
            id="a default import of a folder",
        ),
        pytest.param(
            {
                "src/urls.ts": f'export const URLS = {{ tr: "{URL}" }};\n',
                "src/a.ts": 'import * as urls from "./urls";\n' + CLIENT.replace("TR,", "urls.URLS.tr,"),
            },
            "src/a.ts#/client",
            id="a namespace",
        ),
        pytest.param(
            {
                "src/lib/urls.ts": f'export const TR = "{URL}";\n',
                "src/app/a.ts": 'import { TR } from "@/lib/urls";\n' + CLIENT,
            },
            "src/app/a.ts#/client",
            id="an alias",
        ),
        pytest.param(
            {"urls.js": f'exports.TR = "{URL}";\n', "a.js": 'const { TR } = require("./urls");\n' + CLIENT},
            "a.js#/client",
            id="require",
        ),
        pytest.param(
            {
                "base.ts": f'export const TR = "{URL}";\n',
                "urls.ts": 'export { TR } from "./base";\n',
                "a.ts": 'import { TR } from "./urls";\n' + CLIENT,
            },
            "a.ts#/client",
            id="handed on",
        ),
        pytest.param(
            {
                "base.ts": f'export const TR = "{URL}";\n',
                "urls.ts": 'export * from "./base";\n',
                "a.ts": 'import { TR } from "./urls";\n' + CLIENT,
            },
            "a.ts#/client",
            id="all handed on",
        ),
        pytest.param(
            {
                "urls.json": f'{{"tr": "{URL}"}}',
                "a.ts": 'import urls from "./urls.json";\n' + CLIENT.replace("TR,", "urls.tr,"),
            },
            "",
            id="a JSON file is not looked at for constants",
        ),
        pytest.param(
            {
                "urls.ts": 'export const TR = "https://api.openai.com";\n',
                "a.ts": 'import { TR } from "./urls";\n' + CLIENT,
            },
            "",
            id="another service's constant",
        ),
        pytest.param(
            {"urls.ts": f'export const TR = "{URL}";\n', "a.ts": 'import { TR } from "../urls";\n' + CLIENT},
            "",
            id="an import that leads elsewhere",
        ),
        pytest.param(
            {
                "app/urls.py": f'TR = "{URL}"\n',
                "app/a.py": "import os\nfrom .urls import TR\n" + PY_CLIENT.format("TR"),
            },
            "app/a.py#/client",
            id="Python, relative",
        ),
        pytest.param(
            {
                "app/urls.py": f'TR = "{URL}"\n',
                "app/a.py": "import os\nfrom app.urls import TR as U\n" + PY_CLIENT.format("U"),
            },
            "app/a.py#/client",
            id="Python, absolute and renamed",
        ),
        pytest.param(
            {
                "src/app/urls.py": f'TR = "{URL}"\n',
                "src/app/a.py": "import os\nfrom app import urls\n" + PY_CLIENT.format("urls.TR"),
            },
            "src/app/a.py#/client",
            id="Python, a module",
        ),
        pytest.param(
            {"urls.py": f'TR = "{URL}"\n', "a.py": "import os, urls\n" + PY_CLIENT.format("urls.TR")},
            "a.py#/client",
            id="Python, an import",
        ),
        pytest.param(
            {"urls.py": f'TR = "{URL}"\n', "a.py": "import os\nfrom urls import *\n" + PY_CLIENT.format("TR")},
            "a.py#/client",
            id="Python, everything",
        ),
        pytest.param(
            {
                "conf.py": f'class Settings:\n    base = "{URL}"\n\n\nsettings = Settings()\n',
                "a.py": "import os\nfrom conf import settings\n" + PY_CLIENT.format("settings.base"),
            },
            "a.py#/client",
            id="Python, an instance",
        ),
    ],
)
def test_a_base_url_in_another_module(files: dict[str, str], expected: str, tmp_path: Path) -> None:
    discovery = look(tmp_path, {**files, ".env": f"TR_KEY={KEY}\n"})
    assert [channel.id for channel in discovery.channels] == [expected] * bool(expected)
    assert [key_of(channel) for channel in discovery.channels] == [f"env TR_KEY: {KEY} from .env:1"] * bool(expected)


def test_modules_that_import_each_other_end(tmp_path: Path) -> None:
    files = {
        "a.ts": 'import { TR } from "./b";\nexport const X = "' + URL + '";\n' + CLIENT,
        "b.ts": 'export { TR } from "./a";\nexport * from "./a";\n',
    }
    assert look(tmp_path, files).channels == ()


def test_nothing_is_imported_from_outside_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "urls.ts").write_text(f'export const TR = "{URL}";\n', encoding="utf-8")
    files = {"work/a.ts": 'import { TR } from "../urls";\n' + CLIENT, "work/b.ts": f"// {URL}\n"}
    look(tmp_path, files)
    assert look(tmp_path / "work").channels == ()
