"""The search as a whole: one file, the home directory, links, look-alikes, candidates, workspaces that mean harm."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tokenrouter_video.discovery.search import Search, discover
from tokenrouter_video.errors import UsageError
from workspace_files import KEY, URL, key_of, litellm, look, only, write

OPENCLAW = f'{{models: {{providers: {{tr: {{baseUrl: "{URL}", apiKey: "{KEY}", models: []}}}}}}}}'
GOOSE = f'{{"base_url": "{URL}", "api_key_env": "GOOSE_TR_KEY", "models": []}}'
JSON = f'{{"baseUrl": "{URL}", "apiKey": "{KEY}"}}'


def test_channels_come_live_first_then_by_score_then_by_id(tmp_path: Path) -> None:
    files = {
        "b.json": JSON,
        "a.json": JSON.replace(KEY, "sk-xxx"),
        "docs/c.json": JSON,
        "a2.json": JSON,
        ".claude/settings.json": f'{{"env": {{"ANTHROPIC_BASE_URL": "{URL}", "ANTHROPIC_AUTH_TOKEN": "{KEY}"}}}}',
    }
    channels = look(tmp_path, files).channels
    assert [(channel.id, channel.live, channel.score) for channel in channels] == [
        (".claude/settings.json#", True, 90),
        ("a2.json#", True, 70),
        ("b.json#", True, 70),
        ("a.json#", True, 50),
        ("docs/c.json#", False, 30),
    ]


def test_a_search_is_the_same_each_time(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"d{n}/c{n}.json": JSON for n in range(8)}
    files |= {"x.yaml": "url: https://api.tokenrouter.io\n", "y.yaml": "hostname: api.tokenrouter.com\n"}
    first = look(tmp_path, files)
    assert all(look(tmp_path) == first for _ in range(3))
    assert first.files_scanned == 10


def test_an_empty_workspace_holds_nothing(tmp_path: Path) -> None:
    found = look(tmp_path)
    assert (found.channels, found.candidates, found.lookalikes, found.skipped, found.files_scanned) == (
        (),
        (),
        (),
        (),
        0,
    )


# One file


def test_a_named_config_is_looked_at_alone(tmp_path: Path) -> None:
    found = look(
        tmp_path, {"a.json": JSON, "b.json": JSON, "c.yaml": "url: https://api.tokenrouter.io\n"}, config="b.json"
    )
    assert (only(found).id, found.files_scanned, found.lookalikes) == ("b.json#", 1, ())


@pytest.mark.parametrize("name", ["node_modules/a.json", "dist/a.json", "docs/a.example.json"])
def test_a_named_config_may_stand_where_the_walk_does_not_look(name: str, tmp_path: Path) -> None:
    assert only(look(tmp_path, {name: JSON}, config=name)).id == f"{name}#"


def test_a_named_config_outside_is_consent_for_that_file_alone(tmp_path: Path) -> None:
    write(tmp_path, {"home/a.yaml": litellm(), "home/.env": f"TR_KEY={KEY}\n", "work/b.json": JSON})
    channel = only(look(tmp_path / "work", config=str(tmp_path / "home/a.yaml")))
    assert channel.file == str(tmp_path / "home/a.yaml")
    assert key_of(channel).startswith("env TR_KEY: no key")
    write(tmp_path, {"work/.env": f"TR_KEY={KEY}\n"})
    assert (
        key_of(only(look(tmp_path / "work", config=str(tmp_path / "home/a.yaml")))) == f"env TR_KEY: {KEY} from .env:1"
    )


def test_a_named_config_in_the_home_directory_is_shown_so(tmp_path: Path) -> None:
    write(tmp_path, {"home/x/a.json": JSON, "work/b.json": "{}"})
    found = look(tmp_path / "work", config="~/x/a.json", environ={"HOME": str(tmp_path / "home")})
    assert only(found).id == "~/x/a.json#"


def test_a_named_config_may_be_a_link_that_leaves_the_workspace(tmp_path: Path) -> None:
    write(tmp_path, {"outside.json": JSON, "work/b.json": "{}"})
    (tmp_path / "work/a.json").symlink_to("../outside.json")
    assert look(tmp_path / "work").channels == ()
    channel = only(look(tmp_path / "work", config="a.json"))
    assert (channel.id, channel.path) == ("a.json#", tmp_path / "work/a.json")


def test_a_relative_config_is_taken_from_here_then_from_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"work/a.json": JSON, "work/b.json": JSON, "here/b.json": JSON})
    monkeypatch.chdir(tmp_path / "here")
    assert only(look(tmp_path / "work", config="a.json")).file == "a.json"
    assert only(look(tmp_path / "work", config="b.json")).file == str(tmp_path / "here/b.json")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("nowhere.json", "--config nowhere.json is not there"),
        ("folder", "--config folder is not a regular file"),
        ("pipe.json", "--config pipe.json is not a regular file"),
        ("a\0b", "--config a\0b is not there"),
    ],
)
def test_a_config_that_is_no_file_is_a_usage_error(config: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(UsageError) as raised:
        discover(Search(tmp_path, config=config))
    assert raised.value.message == message


@pytest.mark.parametrize("name", ["README.md", "config", "a.txt"])
def test_a_named_config_of_no_known_format_says_so(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = look(tmp_path, {name: JSON}, config=name)
    assert [(one.file, one.reason) for one in found.unreadable] == [
        (name, "its name tells no format that holds a config")
    ]


# The home directory


def test_known_files_of_the_home_directory_are_added_by_name(tmp_path: Path) -> None:
    home = write(
        tmp_path / "home",
        {
            ".openclaw/openclaw.json": OPENCLAW,
            ".hermes/config.yaml": f"providers:\n  tr:\n    api: {URL}\n    key_env: HERMES_TR_KEY\n",
            ".hermes/.env": "HERMES_TR_KEY=example-hermes-1\n",
            ".config/goose/custom_providers/tr.json": GOOSE,
            "projects/other/opencode.json": JSON,
            ".env": "GOOSE_TR_KEY=example-goose-1\n",
        },
    )
    (tmp_path / "work").mkdir()
    environ = {"HOME": str(home)}
    assert look(tmp_path / "work", environ=environ).channels == ()
    found = look(tmp_path / "work", environ=environ, user_configs=True)
    assert {channel.id: (channel.consumer, channel.live, key_of(channel)) for channel in found.channels} == {
        "~/.openclaw/openclaw.json#/models/providers/tr": (
            "openclaw",
            True,
            f"literal None: {KEY} from ~/.openclaw/openclaw.json:1",
        ),
        "~/.hermes/config.yaml#/providers/tr": (
            "hermes",
            True,
            "env HERMES_TR_KEY: example-hermes-1 from ~/.hermes/.env:1",
        ),
        "~/.config/goose/custom_providers/tr.json#": (
            "goose",
            True,
            "env GOOSE_TR_KEY: no key: GOOSE_TR_KEY is not set: "
            "not in the environment, .env.local, .env or a compose file",
        ),
    }


def test_the_home_directory_is_never_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = write(tmp_path / "home", {".claude/settings.json": "{}", "secret/a.json": JSON})
    (tmp_path / "work").mkdir()
    scandir, entered = os.scandir, []

    def noted(path: str) -> object:
        entered.append(os.path.relpath(path, tmp_path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", noted)
    look(tmp_path / "work", environ={"HOME": str(home)}, user_configs=True)
    assert entered == ["work", "home/.config/goose/custom_providers"]


def test_a_home_file_may_be_a_link_within_the_home_directory_only(tmp_path: Path) -> None:
    home = write(tmp_path / "home", {"dotfiles/claude.json": JSON, ".claude/x": "", ".factory/x": ""})
    write(tmp_path, {"outside.json": JSON, "work/x": ""})
    (home / ".claude/settings.json").symlink_to("../dotfiles/claude.json")
    (home / ".factory/config.json").symlink_to(tmp_path / "outside.json")
    found = look(tmp_path / "work", environ={"HOME": str(home)}, user_configs=True)
    assert only(found).id == "~/.claude/settings.json#"
    assert [(one.file, one.reason) for one in found.skipped] == [
        ("~/.factory/config.json", "a link that leaves the home directory")
    ]


def test_a_workspace_in_the_home_directory_meets_a_file_once(tmp_path: Path) -> None:
    home = write(tmp_path / "home", {".claude/settings.json": JSON})
    found = look(home, environ={"HOME": str(home)}, user_configs=True)
    assert (only(found).id, found.files_scanned) == (".claude/settings.json#", 1)


# Several names of one file


@pytest.mark.parametrize(
    ("real", "link", "expected"),
    [
        pytest.param("conf/tr.json", "current.json", "current.json", id="the shorter path"),
        pytest.param("tr.json", "latest.json", "tr.json", id="the file's own name"),
        pytest.param("examples/tr.json", "conf/deep/tr.json", "conf/deep/tr.json", id="the one that looks live"),
        pytest.param("shared/tr.data", "a/tr.json", "a/tr.json", id="the only one with a config's name"),
        pytest.param("dist/tr.json", "a/tr.json", "a/tr.json", id="the only one that the walk meets"),
    ],
)
def test_a_file_with_several_names_is_one_channel(real: str, link: str, expected: str, tmp_path: Path) -> None:
    write(tmp_path, {real: JSON})
    path = tmp_path / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(os.path.relpath(tmp_path / real, path.parent))
    channel = only(look(tmp_path))
    assert (channel.file, channel.path) == (expected, tmp_path / expected)


def test_hard_links_are_one_channel(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": JSON})
    (tmp_path / "b.json").hardlink_to(tmp_path / "a.json")
    assert only(look(tmp_path)).file == "a.json"


def test_copies_are_two_channels(tmp_path: Path) -> None:
    assert [channel.file for channel in look(tmp_path, {"a.json": JSON, "b.json": JSON}).channels] == [
        "a.json",
        "b.json",
    ]


# Look-alikes


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param(
            "a.yaml", "a: 1\nbase_url: https://api.tokenrouter.io/v1\n", ["a.yaml:2 api.tokenrouter.io"], id="YAML"
        ),
        pytest.param(
            "a.yaml", "website: https://www.tokenrouter.com\n", ["a.yaml:1 www.tokenrouter.com"], id="any value"
        ),
        pytest.param("a.yaml", "# https://api.tokenrouter.io\na: 1\n", [], id="a comment"),
        pytest.param("a.yaml", "about: see https://www.tokenrouter.com for more\n", [], id="a link in a sentence"),
        pytest.param(
            "a.yaml",
            "host: api.tokenrouter.io\nname: tokenrouter.io\n",
            ["a.yaml:1 api.tokenrouter.io"],
            id="a bare host where an address is due",
        ),
        pytest.param(
            "a.json",
            '{"u": "https://me:pw@api.tokenrouter.com/v1"}',
            ["a.json:1 api.tokenrouter.com"],
            id="a user part",
        ),
        pytest.param(
            "a.json", '{"u": "https://api.tokenrouter.com:8080"}', ["a.json:1 api.tokenrouter.com"], id="a port"
        ),
        pytest.param(".env", "A=1\nTR_URL=https://open.palebluedot.io\n", [".env:2 open.palebluedot.io"], id="dotenv"),
        pytest.param(
            "compose.yaml",
            "environment:\n  - U=https://tokenrouter.me/v1\n",
            ["compose.yaml:2 tokenrouter.me"],
            id="NAME=value",
        ),
        pytest.param(
            "a.ts",
            "const a = {\n  u: `https://api.tokenrouter.io/${x}`,\n};\n",
            ["a.ts:2 api.tokenrouter.io"],
            id="a template",
        ),
        pytest.param(
            "a.py",
            'import os\nU = os.environ.get("U", "https://x.palebluedot.ai")\n',
            ["a.py:2 x.palebluedot.ai"],
            id="a default in code",
        ),
        pytest.param(
            "a.yaml",
            "a: [\n# https://tokenrouter.me\nb: https://api.tokenrouter.io\n",
            ["a.yaml:3 api.tokenrouter.io"],
            id="a file that cannot be parsed",
        ),
        pytest.param("README.md", "https://api.tokenrouter.io\n", [], id="prose"),
        pytest.param(
            "a.yaml", "u: https://api.tokenroute.io\nv: https://beta.token-router.org\n", [], id="other names"
        ),
    ],
)
def test_look_alikes_are_listed_with_file_line_and_host(
    name: str, text: str, expected: list[str], tmp_path: Path
) -> None:
    found = look(tmp_path, {name: text})
    assert [f"{one.file}:{one.line} {one.host}" for one in found.lookalikes] == expected
    assert "pw" not in repr(found.lookalikes)


def test_look_alikes_are_listed_up_to_a_bound(tmp_path: Path) -> None:
    text = "".join(f"u{n}: https://x{n}.tokenrouter.io\n" for n in range(500))
    assert len(look(tmp_path, {"a.yaml": text}).lookalikes) == 200


# Candidates


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        pytest.param(
            "providers.yaml",
            "providers:\n  a:\n    base_url: https://api.openai.com/v1\n    models: [x]\n",
            "it has the keys base_url, models, providers",
            id="another service's providers",
        ),
        pytest.param(
            "config.json",
            '{"Providers": [{"api_base_url": "x", "models": []}]}',
            "it has the keys api_base_url, models, providers",
            id="keys in any case",
        ),
        pytest.param(
            "gateway.yaml",
            "spec:\n  endpoints:\n    - fqdn:\n        hostname: api.tokenrouter.com\n",
            "line 4: hostname is api.tokenrouter.com alone, a host name and no base URL",
            id="a host name alone",
        ),
        pytest.param(
            "map.yaml",
            f"data:\n  install.sh: |\n    set -e\n    export OPENAI_BASE_URL={URL}\n",
            "line 2: install.sh is a text of several lines that names api.tokenrouter.com "
            "and is no config that holds a channel",
            id="a script in a text",
        ),
        pytest.param(
            ".env", f"TR_URL={URL}\n", "line 1: TR_URL is the base URL, and no key stands with it", id="a URL alone"
        ),
        pytest.param(
            "a.yaml",
            f"website: {URL}\n",
            "line 1: website names api.tokenrouter.com, but not as a base URL",
            id="a link",
        ),
        pytest.param(
            "main.go",
            f'package main\n\nconst u = "{URL}"\n',
            "line 3 names the gateway's host, in a format that holds no channels for this program",
            id="Go",
        ),
        pytest.param(
            "Dockerfile",
            f"FROM x\nENV OPENAI_BASE_URL={URL}\n",
            "line 2 names the gateway's host, in a format that holds no channels for this program",
            id="Dockerfile",
        ),
        pytest.param(
            "crushrc",
            f"provider add tr --base-url {URL}\n",
            "line 1 names the gateway's host, in a format that holds no channels for this program",
            id="crushrc",
        ),
    ],
)
def test_what_looks_like_a_provider_config_is_said_where_there_is_no_channel(
    name: str, text: str, reason: str, tmp_path: Path
) -> None:
    found = look(tmp_path, {name: text})
    assert found.channels == ()
    assert [(one.file, *one.reasons) for one in found.candidates] == [(name, reason)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"providers": 1, "models": 2, "baseUrl": 3}'),
        ("config.yaml", "title: x\nmodels: y\n"),
        ("README.md", "providers:\n base_url: x\n"),
        ("data.json", '{"providers": 1, "models": 2, "baseUrl": 3}'),
        ("notes.yaml", f"# {URL}\na: 1\n"),
    ],
)
def test_other_files_are_no_candidates(name: str, text: str, tmp_path: Path) -> None:
    assert look(tmp_path, {name: text}).candidates == ()


def test_candidates_are_bounded_and_the_likeliest_come_first(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"d{n:02}/config.json": '{"providers": {}, "models": []}' for n in range(40)}
    found = look(
        tmp_path, {**files, "z/provider.json": '{"providers": {}, "base_url": "", "api_key": "", "models": []}'}
    )
    assert (len(found.candidates), found.candidates[0].file) == (20, "z/provider.json")


def test_no_candidates_of_other_services_where_there_is_a_channel(tmp_path: Path) -> None:
    files = {"a.json": JSON, "providers.yaml": "providers:\n  a:\n    base_url: https://api.openai.com/v1\n"}
    assert look(tmp_path, files).candidates == ()


def test_modules_and_variables_that_a_channel_uses_are_no_candidates(tmp_path: Path) -> None:
    files = {
        "urls.ts": f'export const TR = "{URL}";\n',
        "a.ts": 'import { TR } from "./urls";\nexport const c = createOpenAI({ baseURL: TR, apiKey: "k1" });\n',
        "b.yaml": "llm: {base_url: $TR_URL, api_key: k1}\n",
        ".env": f"TR_URL={URL}\n",
    }
    assert look(tmp_path, files).candidates == ()


# Files that cannot be read


@pytest.mark.parametrize(
    ("name", "data", "line", "reason"),
    [
        pytest.param("a.yaml", f"a: 1\nurl: {URL}\n b: [\n".encode(), 3, "", id="no YAML"),
        pytest.param("a.json", f'{{"url": "{URL}",\n"a": }}'.encode(), 2, "", id="no JSON"),
        pytest.param("a.toml", f'url = "{URL}"\na = \n'.encode(), 2, "", id="no TOML"),
        pytest.param("a.py", f'url = "{URL}"\nx = = 1\ny = 1\n'.encode(), 2, "", id="no Python"),
        pytest.param("a.yaml", b"# caf\xe9\nurl: " + URL.encode(), 1, "the file is not UTF-8", id="Latin-1"),
        pytest.param("a.json", f'{{"url": "{URL}"}}'.encode("utf-16"), 1, "the file is UTF-16, not UTF-8", id="UTF-16"),
        pytest.param(
            "a.json",
            b'{"a": ' + b"[" * 5_000 + f'"{URL}"'.encode() + b"]" * 5_000 + b"}",
            1,
            "",
            id="nested without end",
        ),
        pytest.param("a.yaml", b"url: " + URL.encode() + b"\na: " + b"[" * 5_000, 2, "", id="YAML nested without end"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_with_its_line(
    name: str, data: bytes, line: int, reason: str, tmp_path: Path
) -> None:
    found = look(tmp_path, {name: data, "other.yaml": "a: [\n"})
    assert (found.channels, found.skipped) == ((), found.unreadable)
    assert [(one.file, one.line) for one in found.unreadable] == [(name, line)]
    assert found.unreadable[0].reason.startswith(reason)
    assert URL not in found.unreadable[0].reason


def test_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    found = look(tmp_path, {"a.json": JSON, "b.yaml": f"url: {URL}\n b: [\n"})
    assert (only(found).id, [one.file for one in found.unreadable]) == ("a.json#", ["b.yaml"])


def test_a_yaml_bomb_takes_no_time(tmp_path: Path) -> None:
    rows = [f"a0: &a0 {{url: '{URL}', key: k1}}"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    merged = "".join(f"m{n}: &m{n}\n  <<: [{', '.join([f'*m{n - 1}'] * 9)}]\n" for n in range(1, 12))
    found = look(tmp_path, {"a.yaml": "\n".join(rows) + f"\nm0: &m0 {{url: '{URL}', key: k1}}\n" + merged})
    assert [channel.file for channel in found.channels] == ["a.yaml"]


def test_a_reader_that_fails_is_said_and_hides_no_channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tokenrouter_video.documents import formats

    parse = formats.parse

    def failing(text: str, format_name: str) -> object:
        if format_name == "toml":
            raise ZeroDivisionError(text)
        return parse(text, format_name)

    monkeypatch.setattr(formats, "parse", failing)
    found = look(tmp_path, {"a.json": JSON, "b.toml": f'url = "{URL}"\n'})
    assert only(found).id == "a.json#"
    assert found.skipped[0].reason == "its reader failed (ZeroDivisionError); please report it"


# A workspace that means harm


def test_names_of_any_bytes_are_carried_through(tmp_path: Path) -> None:
    names = ["a\x1b[31m.json", "b\nc.json", "d\u202ee.json", "-rf.json", "$(x).json", "a#b.json", "~.json"]
    write(tmp_path, dict.fromkeys(names, JSON))
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.json"))).write_text(JSON, encoding="utf-8")
    found = look(tmp_path)
    assert sorted(channel.file for channel in found.channels) == sorted([*names, "caf\udce9.json"])


def test_pointers_escape_what_they_must(tmp_path: Path) -> None:
    text = f'{{"providers": {{"a/b~c": {{"baseUrl": "{URL}", "apiKey": "{KEY}"}}}}}}'
    channel = only(look(tmp_path, {"a.json": text}))
    assert channel.id == "a.json#/providers/a~1b~0c"


def test_nothing_that_a_workspace_says_is_run_or_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("system", "popen", "execv", "posix_spawn"):
        monkeypatch.setattr(os, name, lambda *_: pytest.fail("a command was run"))
    monkeypatch.setattr("socket.socket", lambda *_: pytest.fail("a connection was made"))
    files: dict[str, str | bytes] = {
        "crush.json": JSON.replace(KEY, f"$(touch {tmp_path}/ran)"),
        "models.yml": f"providers: {{tr: {{baseUrl: '{URL}', apiKey: '!touch {tmp_path}/ran', discovery: {{}}}}}}\n",
        "a.py": f'import os\nos.system("touch {tmp_path}/ran")\nBASE_URL = "{URL}"\nAPI_KEY = eval("1")\n',
    }
    found = look(tmp_path, files)
    assert len(found.channels) == 3
    assert not (tmp_path / "ran").exists()


def test_a_large_flat_config_is_searched_in_one_pass(tmp_path: Path) -> None:
    rows = [{"model": f"m{n}", "base_url": URL, "api_key": "os.environ/TR_KEY"} for n in range(4_000)]
    channel = only(look(tmp_path, {"models.json": json.dumps({"custom_models": rows})}))
    assert (channel.id, len(channel.url_parts)) == ("models.json#/custom_models/0", 4_000)


def test_many_channels_are_listed_up_to_a_bound(tmp_path: Path) -> None:
    rows = {f"p{n}": {"base_url": f"{URL}/{n}", f"p{n}_api_key": f"example-{n}", "models": []} for n in range(4_000)}
    found = look(tmp_path, {"models.json": json.dumps({**rows, "api_keys": dict.fromkeys(rows, "example-x")})})
    assert len(found.channels) == 1_000
    assert found.skipped[0].reason == "more than 1,000 channels; the rest is not listed"
