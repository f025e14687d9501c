"""From a key reference to a key: where variables are looked for, which files are read, what is named only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tokenrouter_video.discovery.environment import COMPOSE_NAMES
from workspace_files import KEY, URL, key_of, litellm, look, only, write

PLACES = "not in the environment, .env.local, .env or a compose file"


def found(root: Path, files: dict[str, str | bytes], **options: object) -> str:
    """Return where TR_KEY of ``app/litellm_config.yaml`` comes from."""
    discovery = look(root, {"app/litellm_config.yaml": litellm(), **files}, **options)
    channel = next(channel for channel in discovery.channels if channel.file == "app/litellm_config.yaml")
    return key_of(channel)


@pytest.mark.parametrize(
    ("files", "environ", "expected"),
    [
        pytest.param(
            {".env": "TR_KEY=example-file-1"},
            {"TR_KEY": "example-env-1"},
            "example-env-1 from environment",
            id="the process environment goes first",
        ),
        pytest.param(
            {".env": "TR_KEY=example-file-1"},
            {"TR_KEY": " "},
            "example-file-1 from .env:1",
            id="a variable set to nothing is not set",
        ),
        pytest.param(
            {"app/.env": "A=1\n\nTR_KEY=example-near-1\n", ".env": "TR_KEY=example-far-1"},
            {},
            "example-near-1 from app/.env:3",
            id="the nearest folder",
        ),
        pytest.param(
            {"app/.env": "TR_KEY=example-b-1", "app/.env.local": "TR_KEY=example-a-1"},
            {},
            "example-a-1 from app/.env.local:1",
            id=".env.local goes before .env",
        ),
        pytest.param(
            {"app/.env": "TR_KEY=example-near-1", ".env.local": "TR_KEY=example-far-1"},
            {},
            "example-near-1 from app/.env:1",
            id="a near .env goes before a far .env.local",
        ),
        pytest.param(
            {"app/.env": "TR_KEY=\n", ".env": "TR_KEY=example-far-1"},
            {},
            "example-far-1 from .env:1",
            id="an empty line leads on",
        ),
        pytest.param(
            {".env": "TR_KEY=example-a-1\nTR_KEY=example-b-2\nTR_KEY=\n"},
            {},
            "example-b-2 from .env:2",
            id="the last line that is not empty",
        ),
        pytest.param(
            {".env": 'export TR_KEY="Bearer example-a-1"  # mine\n'},
            {},
            "example-a-1 from .env:1",
            id="quoted, exported, with Bearer",
        ),
        pytest.param(
            {".env": "BASE=example\nTR_KEY=${BASE}-made-1\n"},
            {},
            "example-made-1 from .env:2",
            id="made of another variable",
        ),
        pytest.param(
            {"compose.yaml": "services:\n  a:\n    environment:\n      TR_KEY: example-c-1\n"},
            {},
            "example-c-1 from compose.yaml:4",
            id="a compose file's environment",
        ),
        pytest.param(
            {"docker-compose.yml": "services:\n  a:\n    environment:\n      - TR_KEY=example-c-1\n"},
            {},
            "example-c-1 from docker-compose.yml:4",
            id="a compose file's list",
        ),
        pytest.param(
            {"compose.yaml": "services:\n  a:\n    environment:\n      TR_KEY: ${OTHER:-example-d-1}\n"},
            {},
            "example-d-1 from compose.yaml:4",
            id="a compose file's default",
        ),
        pytest.param(
            {
                "compose.yaml": "services:\n  a:\n    environment:\n      TR_KEY: ${OTHER}\n",
                ".env": "OTHER=example-o-1",
            },
            {},
            "example-o-1 from compose.yaml:4",
            id="a compose file's reference to .env",
        ),
        pytest.param(
            {"compose.yaml": "services:\n  a:\n    env_file: keys/tr.env\n", "keys/tr.env": "\nTR_KEY=example-e-1\n"},
            {},
            "example-e-1 from keys/tr.env:2",
            id="a compose file's env_file",
        ),
        pytest.param(
            {
                "compose.yaml": "services:\n  a:\n    env_file:\n      - path: tr.env\n        required: false\n",
                "tr.env": "TR_KEY=example-e-1\n",
            },
            {},
            "example-e-1 from tr.env:1",
            id="an env_file with options",
        ),
        pytest.param(
            {
                "deploy/compose.yaml": "services:\n  a:\n    volumes: ['../app/litellm_config.yaml:/c.yaml']\n"
                "    environment: {TR_KEY: example-c-1}\n"
            },
            {},
            "example-c-1 from deploy/compose.yaml:4",
            id="a compose file elsewhere that names the config",
        ),
        pytest.param(
            {"other/compose.yaml": "services:\n  a:\n    environment: {TR_KEY: example-c-1}\n"},
            {},
            "",
            id="a compose file elsewhere that has nothing to do with it",
        ),
        pytest.param(
            {"other/.env": "TR_KEY=example-x-1\n", "app/inner/.env": "TR_KEY=example-x-1\n"},
            {},
            "",
            id="a .env beside the way",
        ),
        pytest.param(
            {".env.production": "TR_KEY=example-x-1\n", ".env.example": "TR_KEY=example-x-1\n"},
            {},
            "",
            id="other dotenv files",
        ),
    ],
)
def test_where_a_variable_is_looked_for(
    files: dict[str, str | bytes], environ: dict[str, str], expected: str, tmp_path: Path
) -> None:
    missing = f"no key: TR_KEY is not set: {PLACES}"
    assert found(tmp_path, files, environ=environ) == f"env TR_KEY: {expected or missing}"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param("two words", "TR_KEY holds no key: it is not one token of printable ASCII", id="two words"),
        pytest.param("sk-xxx", "TR_KEY holds no key: it is a placeholder", id="a placeholder"),
        pytest.param("k" * 600, "TR_KEY holds no key: it is longer than 512 bytes", id="too long"),
        pytest.param("op://vault/item", "TR_KEY holds a reference that is not followed", id="a vault's reference"),
        pytest.param("$(pass tr)", "TR_KEY holds a reference that is not followed", id="a command"),
    ],
)
def test_what_is_set_but_is_no_key(value: str, problem: str, tmp_path: Path) -> None:
    assert found(tmp_path, {".env": f"TR_KEY='{value}'\n"}) == f"env TR_KEY: no key: {problem}"


def test_nothing_of_the_environment_beside_the_named_variable_is_reported(tmp_path: Path) -> None:
    discovery = look(
        tmp_path, {"litellm.yaml": litellm()}, environ={"TR_KEY": KEY, "SECRET_OF_ANOTHER": "example-zz-9"}
    )
    assert "example-zz-9" not in repr(discovery)


def test_a_dotenv_outside_the_workspace_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {".env": f"TR_KEY={KEY}\n", "work/litellm.yaml": litellm(), "secret.env": f"TR_KEY={KEY}\n"})
    (tmp_path / "work/.env.local").symlink_to("../secret.env")
    os.mkfifo(tmp_path / "work/.env")
    channel = only(look(tmp_path / "work"))
    assert key_of(channel) == f"env TR_KEY: no key: TR_KEY is not set: {PLACES}"


def test_an_env_file_outside_the_workspace_is_not_read(tmp_path: Path) -> None:
    compose = "services:\n  a:\n    env_file: [../secret.env, /etc/environment]\n"
    write(tmp_path, {"secret.env": f"TR_KEY={KEY}\n", "work/litellm.yaml": litellm(), "work/compose.yaml": compose})
    assert key_of(only(look(tmp_path / "work"))) == f"env TR_KEY: no key: TR_KEY is not set: {PLACES}"


@pytest.mark.parametrize(
    "text", ["services: [\n", "services: {a: 1, b: [x]}\n", "- a\n", "services:\n  a:\n    environment: 7\n"]
)
@pytest.mark.parametrize("name", COMPOSE_NAMES)
def test_a_compose_file_of_no_known_shape_says_nothing(name: str, text: str, tmp_path: Path) -> None:
    assert found(tmp_path, {name: text}) == f"env TR_KEY: no key: TR_KEY is not set: {PLACES}"


def test_variables_that_lead_to_each_other_end(tmp_path: Path) -> None:
    compose = "services:\n  a:\n    environment: {TR_KEY: '${A}', A: '${B}', B: '${TR_KEY}'}\n"
    dotenv = "A=${B}\nB=${A}\n"
    expected = f"env TR_KEY: no key: TR_KEY is not set: {PLACES}"
    assert found(tmp_path, {"compose.yaml": compose, ".env": dotenv}) == expected


def opencode(reference: str) -> str:
    return f'{{"provider": {{"tr": {{"options": {{"baseURL": "{URL}", "apiKey": "{reference}"}}}}}}}}'


@pytest.mark.parametrize(
    ("reference", "files", "expected"),
    [
        pytest.param("{file:key.txt}", {"key.txt": f"\n  {KEY}\n"}, f"file key.txt: {KEY} from key.txt", id="beside"),
        pytest.param("{file:./a/key}", {"a/key": f"Bearer {KEY}"}, f"file ./a/key: {KEY} from a/key", id="below"),
        pytest.param(
            "{file:key.txt}",
            {"key.txt": b"\xef\xbb\xbf" + KEY.encode()},
            f"file key.txt: {KEY} from key.txt",
            id="with a byte order mark",
        ),
        pytest.param("{file:nowhere}", {}, "file nowhere: no key: the key file cannot be read", id="not there"),
        pytest.param("{file:a}", {"a/b": ""}, "file a: no key: the key file cannot be read", id="a folder"),
        pytest.param(
            "{file:key.txt}",
            {"key.txt": "\n"},
            "file key.txt: no key: the key file holds no key: it is empty",
            id="empty",
        ),
        pytest.param(
            "{file:key.txt}",
            {"key.txt": b"\xff\xfe"},
            "file key.txt: no key: the key file holds no key: it is not UTF-8",
            id="not UTF-8",
        ),
        pytest.param(
            "{file:key.txt}",
            {"key.txt": "k\n" * 50_000},
            "file key.txt: no key: the key file is too large to be one",
            id="too large",
        ),
        pytest.param(
            "{file:key.txt}",
            {"key.txt": "a longer text"},
            "file key.txt: no key: the key file holds no key: it is not one token of printable ASCII",
            id="prose",
        ),
    ],
)
def test_key_files(reference: str, files: dict[str, str | bytes], expected: str, tmp_path: Path) -> None:
    assert key_of(only(look(tmp_path, {"opencode.json": opencode(reference), **files}))) == expected


@pytest.mark.parametrize(
    "reference", ["{file:../key.txt}", "{file:a/../../key.txt}", "{file:ABSOLUTE}", "{file:link.txt}"]
)
def test_a_key_file_outside_the_workspace_is_read_only_where_it_is_allowed(reference: str, tmp_path: Path) -> None:
    reference = reference.replace("ABSOLUTE", str(tmp_path / "key.txt"))
    write(tmp_path, {"key.txt": KEY, "work/opencode.json": opencode(reference), "work/a/b": ""})
    (tmp_path / "work/link.txt").symlink_to("../key.txt")
    name = reference.removeprefix("{file:").removesuffix("}")
    refused = f"file {name}: no key: the key file is outside the workspace; --allow-key-file PATH lets it be read"
    assert key_of(only(look(tmp_path / "work"))) == refused
    assert key_of(only(look(tmp_path / "work", allow_key_files=(tmp_path / "work/a/b",)))) == refused
    allowed = only(look(tmp_path / "work", allow_key_files=(tmp_path / "key.txt",)))
    assert allowed.key.secret is not None
    assert (allowed.key.secret.reveal(), allowed.key.resolved_from) == (KEY, str(tmp_path / "key.txt"))


def test_a_pipe_as_key_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key.txt")
    channel = only(look(tmp_path, {"opencode.json": opencode("{file:key.txt}")}))
    assert key_of(channel) == "file key.txt: no key: the key file cannot be read"


@pytest.mark.parametrize(
    ("expression", "environ", "expected"),
    [
        pytest.param('process.env.TR_KEY ?? "example-d-1"', {}, "env TR_KEY: example-d-1 from a.ts:1", id="a default"),
        pytest.param(
            'process.env.TR_KEY ?? "x"', {"TR_KEY": KEY}, f"env TR_KEY: {KEY} from environment", id="the variable"
        ),
        pytest.param(
            "process.env.A ?? process.env.B", {"B": KEY}, f"env A: {KEY} from environment", id="the second variable"
        ),
        pytest.param(
            "`Bearer ${process.env.TR_KEY}`", {"TR_KEY": KEY}, f"env TR_KEY: {KEY} from environment", id="with Bearer"
        ),
        pytest.param(
            "`${process.env.A}-${process.env.B}`",
            {"A": "example", "B": "ab-1"},
            "env A: example-ab-1 from environment",
            id="of two variables",
        ),
        pytest.param("getKey()", {}, "none None: no key: the key is given by code, which is not followed", id="a call"),
        pytest.param(
            "settings.trKey", {}, "none None: no key: the key is given by code that is not followed", id="unknown"
        ),
        pytest.param("settings.tr_key", {"TR_KEY": KEY}, f"env TR_KEY: {KEY} from environment", id="a settings object"),
        pytest.param(
            "K", {}, "none None: no key: the key is a name that leads to itself", id="a name that leads to itself"
        ),
    ],
)
def test_keys_in_code(expression: str, environ: dict[str, str], expected: str, tmp_path: Path) -> None:
    text = f'const c = createOpenAI({{ baseURL: "{URL}", apiKey: {expression} }}); const K = L; const L = K;\n'
    assert key_of(only(look(tmp_path, {"a.ts": text}, environ=environ))) == expected


@pytest.mark.parametrize("key", [f'{{"env": "{KEY}"}}', f'{{"source": "env", "id": "{KEY}"}}'])
def test_a_key_in_the_place_of_a_variables_name_is_not_shown_as_a_name(key: str, tmp_path: Path) -> None:
    channel = only(look(tmp_path, {"a.json": f'{{"tr": {{"baseUrl": "{URL}", "apiKey": {key}}}}}'}))
    assert key_of(channel) == f"literal None: {KEY} from a.json:1"
    assert KEY not in repr(channel.key)


def test_the_default_is_part_of_the_reference(tmp_path: Path) -> None:
    text = f'const c = createOpenAI({{ baseURL: "{URL}", apiKey: process.env.TR_KEY ?? "example-d-1" }});\n'
    reference = only(look(tmp_path, {"a.ts": text})).key.reference
    assert reference.default is not None
    assert (reference.source, reference.name, reference.default.reveal()) == ("env", "TR_KEY", "example-d-1")


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        pytest.param("schlüssel-ab-1", "the configured key is not one token of printable ASCII", id="beyond ASCII"),
        pytest.param("k" * 513, "the configured key is longer than 512 bytes", id="too long"),
    ],
)
def test_a_literal_that_is_no_key(key: str, problem: str, tmp_path: Path) -> None:
    channel = only(look(tmp_path, {"a.json": f'{{"baseUrl": "{URL}", "apiKey": "{key}"}}'}))
    assert key_of(channel) == f"literal None: no key: {problem}"


@pytest.mark.parametrize(
    ("text", "environ", "expected"),
    [
        pytest.param(f"TR_BASE_URL={URL}\nTR_KEY={KEY}\n", {}, f"env TR_KEY: {KEY} from .env:2", id="one prefix"),
        pytest.param(
            f"TR_BASE_URL={URL}\nTR_KEY=x9\n",
            {"TR_KEY": KEY},
            f"env TR_KEY: {KEY} from environment",
            id="the process environment goes first",
        ),
        pytest.param(
            f"OTHER_KEY=o1\nTR_BASE_URL={URL}\nTR_API_KEY={KEY}\n",
            {},
            f"env TR_API_KEY: {KEY} from .env:3",
            id="another service's key beside it",
        ),
        pytest.param(
            f"OPENAI_BASE_URL={URL}\nTOKENROUTER_API_KEY={KEY}\n",
            {},
            f"env TOKENROUTER_API_KEY: {KEY} from .env:2",
            id="a key of the gateway's own name",
        ),
        pytest.param(f"BASE_URL={URL}\nAPI_KEY={KEY}\n", {}, f"env API_KEY: {KEY} from .env:2", id="no prefix"),
        pytest.param(
            f"TR_BASE_URL={URL}\nTR_KEY=\n", {}, "env TR_KEY: no key: what TR_KEY holds is empty", id="an empty key"
        ),
        pytest.param(
            f'OPENAI_API_BASE_URLS="https://api.openai.com/v1;{URL}"\nOPENAI_API_KEYS="example-one-1;{KEY}"\n',
            {},
            f"env OPENAI_API_KEYS: {KEY} from .env:2",
            id="lists with semicolons",
        ),
    ],
)
def test_a_dotenv_file_with_url_and_key_is_a_channel(
    text: str, environ: dict[str, str], expected: str, tmp_path: Path
) -> None:
    channel = only(look(tmp_path, {".env": text}, environ=environ))
    assert (channel.id, channel.format, key_of(channel)) == (".env#", "dotenv", expected)


@pytest.mark.parametrize(
    "text", [f"TR_BASE_URL={URL}\n", f"TR_BASE_URL={URL}\nGITHUB_TOKEN=g1\n", f"# TR_BASE_URL={URL}\nTR_KEY={KEY}\n"]
)
def test_a_dotenv_file_without_url_or_key_is_none(text: str, tmp_path: Path) -> None:
    assert look(tmp_path, {".env": text}).channels == ()


def test_two_channels_of_one_dotenv_file_are_told_apart(tmp_path: Path) -> None:
    text = f"A_BASE_URL={URL}\nA_API_KEY=example-a-1\nB_BASE_URL={URL}\nB_API_KEY=example-b-1\n"
    channels = look(tmp_path, {".env": text}).channels
    assert {channel.id: key_of(channel) for channel in channels} == {
        ".env#/A_BASE_URL": "env A_API_KEY: example-a-1 from .env:2",
        ".env#/B_BASE_URL": "env B_API_KEY: example-b-1 from .env:4",
    }


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(litellm("os.environ/TR_BASE_URL"), id="to both"),
        pytest.param(litellm(), id="to its key"),
        pytest.param(litellm("os.environ/TR_BASE_URL", "none"), id="to its URL"),
    ],
)
def test_a_dotenv_file_that_a_config_refers_to_is_that_configs_channel(config: str, tmp_path: Path) -> None:
    files = {".env": f"TR_BASE_URL={URL}\nTR_KEY={KEY}\n", ".env.example": f"TR_BASE_URL={URL}\nTR_KEY=\n"}
    assert only(look(tmp_path, {**files, "litellm.yaml": config})).id == "litellm.yaml#/model_list/0"


@pytest.mark.parametrize("name", ["docs/litellm.yaml", "litellm.example.yaml", "tests/litellm.yaml"])
def test_a_dotenv_file_that_only_a_sample_refers_to_stays_a_channel(name: str, tmp_path: Path) -> None:
    found = look(tmp_path, {".env": f"TR_BASE_URL={URL}\nTR_KEY={KEY}\n", name: litellm("os.environ/TR_BASE_URL")})
    assert [(channel.id, channel.live) for channel in found.channels] == [
        (".env#", True),
        (f"{name}#/model_list/0", False),
    ]


def test_env_local_overrides_env_beside_it(tmp_path: Path) -> None:
    text = f"TR_BASE_URL={URL}\nTR_KEY={KEY}\n"
    channels = look(tmp_path, {".env": text, ".env.local": text}).channels
    assert [(channel.id, channel.live) for channel in channels] == [(".env.local#", True), (".env#", False)]
