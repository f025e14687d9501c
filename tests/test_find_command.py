"""``find`` as users and agents run it: its JSON, its text, its exit codes, and that no key gets out."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from command_line import run
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.cli.layout import wrapped
from workspace_files import KEY, URL, litellm, write

STOP = (
    "No tokenrouter channel with https://api.tokenrouter.com or https://open.palebluedot.ai was found. Please visit "
    "https://www.tokenrouter.com to register and obtain your channel configuration, then add it to the workspace."
)
JSON = f'{{"baseUrl": "{URL}", "apiKey": "{KEY}"}}'


def find(root: Path, *arguments: str, code: int = 0, env: dict[str, str] | None = None) -> dict[str, Any]:
    """Run ``find --json`` and return its object; no key may be anywhere in what it prints."""
    done = run("find", "--workspace", str(root), "--json", *arguments, cwd=root, env=env)
    assert done.returncode == code, done.stdout + done.stderr
    assert KEY not in done.stdout + done.stderr
    assert done.stderr == ""
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def text(root: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = run("find", "--workspace", str(root), *arguments, cwd=root)
    assert done.returncode == code, done.stdout + done.stderr
    assert KEY not in done.stdout + done.stderr
    return done


def test_the_find_object(tmp_path: Path) -> None:
    write(tmp_path, {"litellm_config.yaml": "# mine\n" + litellm(), ".env": f"\n\nTR_KEY={KEY}\n", "x.md": URL})
    assert find(tmp_path) == {
        "schema": 1,
        "workspace": str(tmp_path),
        "channels": [
            {
                "id": "litellm_config.yaml#/model_list/0",
                "file": "litellm_config.yaml",
                "line": 6,
                "pointer": "/model_list/0",
                "format": "yaml",
                "gateway": "tokenrouter",
                "host": "api.tokenrouter.com",
                "base_url": URL,
                "consumer": "litellm",
                "key": {
                    "source": "env",
                    "name": "TR_KEY",
                    "masked": "exa...c41",
                    "resolved": True,
                    "resolved_from": ".env:3",
                    "problem": None,
                },
                "route_list": {"shape": "flat", "pointer": "/model_list", "models": ["gpt-4o"]},
                "video_models": dict.fromkeys(MODELS, "missing"),
                "live": True,
                "score": 75,
                "reasons": ["its key is there, from .env:3 (+10)", "it is a config of LiteLLM proxy (+5)"],
            }
        ],
        "candidates": [],
        "lookalikes": [],
        "skipped": [],
        "files_scanned": 2,
    }


def test_no_channel_is_the_stop_message_with_the_find_object(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "base_url: https://api.tokenrouter.io/v1\n", "README.md": URL})
    found = find(tmp_path, code=3)
    assert found == {
        "schema": 1,
        "workspace": str(tmp_path),
        "channels": [],
        "candidates": [],
        "lookalikes": [
            {"file": "a.yaml", "line": 1, "host": "api.tokenrouter.io", "reason": "not a host of TokenRouter"}
        ],
        "skipped": [],
        "files_scanned": 1,
        "error": {
            "code": "no-channel",
            "message": STOP,
            "try": "Register at https://www.tokenrouter.com, add the channel to the workspace, then run the same "
            "command again.",
        },
    }


def test_no_channel_in_text_is_one_line_on_stderr(tmp_path: Path) -> None:
    done = text(tmp_path, code=3)
    assert done.stderr.splitlines()[0].endswith(STOP)
    assert done.stdout == f"0 files looked at in {tmp_path}\n"


def test_channels_none_of_which_is_live_are_listed_with_code_4(tmp_path: Path) -> None:
    write(tmp_path, {"docs/a.json": JSON, "examples/b.json": JSON})
    found = find(tmp_path, code=4)
    assert [(channel["id"], channel["live"]) for channel in found["channels"]] == [
        ("docs/a.json#", False),
        ("examples/b.json#", False),
    ]
    assert found["error"]["code"] == "ambiguous"
    assert found["error"]["message"] == "there are channels, but none looks live: docs/a.json#, examples/b.json#"


def test_several_live_channels_are_all_listed(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": JSON, "b.json": JSON})
    assert [channel["id"] for channel in find(tmp_path)["channels"]] == ["a.json#", "b.json#"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(("--channel", "docs/a.json#"), ["docs/a.json#"], id="by id"),
        pytest.param(("--config", "docs/a.json"), ["docs/a.json#"], id="by file"),
    ],
)
def test_what_the_user_names_need_not_look_live(
    arguments: tuple[str, ...], expected: list[str], tmp_path: Path
) -> None:
    write(tmp_path, {"docs/a.json": JSON, "examples/b.json": JSON})
    assert [channel["id"] for channel in find(tmp_path, *arguments)["channels"]] == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("--channel", "b.json#"), "there is no channel b.json#", id="an unknown channel"),
        pytest.param(("--config", "b.json"), "--config b.json is not there", id="a config that is not there"),
    ],
)
def test_what_is_not_there_is_a_usage_error(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.json": JSON})
    error = find(tmp_path, *arguments, code=2)["error"]
    assert (error["code"], error["message"]) == ("usage", message)


def test_a_config_that_cannot_be_read_is_no_missing_channel_but_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"litellm.yaml": f"model_list:\n  - api_base: {URL}\n b: [\n"})
    found = find(tmp_path, code=5)
    reason = "a line is indented wrongly, or a '-', ',' or ':' is missing before it"
    assert found["skipped"] == [{"file": "litellm.yaml", "reason": reason, "line": 3}]
    assert found["error"] == {
        "code": "refused",
        "message": f"litellm.yaml:3: the file names the gateway but cannot be read: {reason}",
        "try": "Repair the file, then run the same command again.",
        "unreadable": found["skipped"],
    }


def test_text_is_for_people(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "litellm.yaml": litellm(),
        ".env": f"TR_KEY={KEY}\n",
        "b.yaml": "url: https://api.tokenrouter.io\n",
        "large.json": b" " * 5_000_001,
    }
    done = text(write(tmp_path, files))
    assert done.stdout == (
        "litellm.yaml#/model_list/0  live (score 75)\n"
        f"  base URL  {URL}  (litellm.yaml:5)\n"
        "  consumer  litellm, yaml\n"
        "  key       env TR_KEY: exa...c41 from .env:1\n"
        "  models    gpt-4o  (flat, /model_list)\n"
        f"  video     missing: {', '.join(MODELS)}\n"
        "  why       its key is there, from .env:1 (+10); it is a config of LiteLLM proxy (+5)\n"
        "\n"
        "other services' hosts that look like the gateway's:\n"
        "  b.yaml:1: api.tokenrouter.io, not a host of TokenRouter\n"
        "\n"
        "left out:\n"
        "  large.json: larger than 5 MB\n"
        "\n"
        "A channel starts with a score of 60, and is live from 50 on.\n"
        f"4 files looked at in {tmp_path}\n"
    )
    assert done.stderr == ""


def test_rows_are_broken_between_words_on_a_terminal_and_only_there() -> None:
    line = "  why       its key is there; a name-that-is-never-broken-however-long-it-may-be; the end"
    assert wrapped(line, None, 12) == line
    assert wrapped(line, 40, 12) == (
        "  why       its key is there; a\n"
        "            name-that-is-never-broken-however-long-it-may-be;\n"
        "            the end"
    )


def test_long_lists_are_cut_in_text_and_whole_in_json(tmp_path: Path) -> None:
    write(tmp_path, {f"x{n:02}.yaml": "url: https://api.tokenrouter.io\n" for n in range(25)})
    assert len(find(tmp_path, code=3)["lookalikes"]) == 25
    assert "  and 15 more: see --json\n" in text(tmp_path, code=3).stdout


# Keys


KEYS = [
    pytest.param({"a.json": JSON}, {}, id="a literal"),
    pytest.param({"l.yaml": litellm(), ".env": f"TR_KEY={KEY}\n"}, {}, id="a dotenv file"),
    pytest.param({"l.yaml": litellm()}, {"TR_KEY": KEY}, id="the environment"),
    pytest.param({"a.json": JSON.replace(KEY, "{file:k}"), "k": KEY}, {}, id="a file"),
    pytest.param({"a.json": f'{{"baseUrl": "{URL}?key={KEY}", "apiKey": "{KEY}"}}'}, {}, id="in the URL as well"),
    pytest.param({"a.json": f'{{"baseUrl": "{URL}", "models": ["{KEY}"], "apiKey": "{KEY}"}}'}, {}, id="as a model"),
    pytest.param({"a.json": f'{{"{KEY}": {{"baseUrl": "{URL}", "apiKey": "{KEY}"}}}}'}, {}, id="as a name"),
    pytest.param({f"{KEY}/a.json": JSON}, {}, id="as a folder's name"),
    pytest.param({"a.yaml": f"url: {URL}\nheaders:\n  Authorization: Bearer {KEY}\n"}, {}, id="a header"),
    pytest.param({"a.json": JSON.replace(KEY, f"!echo {KEY}"), "b.json": JSON}, {}, id="in a command"),
]


@pytest.mark.parametrize(("files", "env"), KEYS)
def test_a_key_is_never_printed(files: dict[str, str], env: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, files)
    assert find(tmp_path, env=env)["channels"]
    done = run("find", "--verbose", cwd=tmp_path, env=env)
    assert done.returncode == 0
    assert KEY not in done.stdout + done.stderr


def test_other_services_keys_are_not_printed_either(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": JSON.replace("}", ', "bot_token": "other-token-55", "models": ["other-token-55"]}')})
    done = run("find", "--json", cwd=tmp_path)
    assert "other-token-55" not in done.stdout


def test_a_key_file_outside_is_read_with_the_flag_only(tmp_path: Path) -> None:
    write(tmp_path, {"key.txt": KEY, "work/a.json": JSON.replace(KEY, "{file:../key.txt}")})
    assert find(tmp_path / "work")["channels"][0]["key"]["resolved"] is False
    allowed = run(
        *("find", "--json", "--workspace", str(tmp_path / "work"), "--allow-key-file", str(tmp_path / "key.txt")),
        cwd=tmp_path,
    )
    if allowed.returncode == 2:
        pytest.skip("find takes no --allow-key-file")
    assert json.loads(allowed.stdout)["channels"][0]["key"]["resolved"] is True


# A workspace that means harm


def test_names_and_values_are_shown_without_their_control_characters(tmp_path: Path) -> None:
    name = "a\x1b[2J\u202e.json"
    write(
        tmp_path,
        {name: f'{{"pro\\u001bvider": {{"baseUrl": "{URL}", "apiKey": "$(rm -rf /)", "models": ["m\\u0007"]}}}}'},
    )
    shown = text(tmp_path).stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown
    assert shown.startswith("a\\x1b[2J\\u202e.json#/pro\\x1bvider  live")
    found = find(tmp_path)["channels"][0]
    assert (found["file"], found["pointer"], found["route_list"]["models"]) == (name, "/pro\x1bvider", ["m\x07"])
    assert found["key"] == {
        "source": "command",
        "name": "rm -rf /",
        "masked": None,
        "resolved": False,
        "resolved_from": None,
        "problem": "the key is a command's output, and commands are never run",
    }


def test_pipes_links_folders_and_broken_files_are_passed_over(tmp_path: Path) -> None:
    work = write(tmp_path / "work", {"a.json": JSON, "b.yaml": f"u: {URL}\n x: [\n", "c.json": b"\x00" + URL.encode()})
    write(tmp_path, {"outside.json": JSON})
    os.mkfifo(work / "config.json")
    (work / "x.yaml").mkdir()
    (work / "out.json").symlink_to("../outside.json")
    (work / "loop").symlink_to(".")
    found = find(work)
    assert [channel["id"] for channel in found["channels"]] == ["a.json#"]
    assert [(one["file"], one["reason"]) for one in found["skipped"] if one["file"] != "b.yaml"] == [
        ("c.json", "a binary file"),
        ("config.json", "it is not a regular file"),
        ("out.json", "a link that leaves the workspace"),
    ]


def test_find_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": JSON, "l.yaml": litellm(), ".env": f"TR_KEY={KEY}\n"})
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()}
    find(tmp_path)
    assert {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()
    } == before


def test_user_configs_are_read_with_the_flag_only(tmp_path: Path) -> None:
    home = write(
        tmp_path / "home",
        {".factory/config.json": f'{{"custom_models": [{{"base_url": "{URL}", "api_key": "{KEY}"}}]}}'},
    )
    (tmp_path / "work").mkdir()
    assert find(tmp_path / "work", code=3, env={"HOME": str(home)})["channels"] == []
    found = find(tmp_path / "work", "--user-configs", env={"HOME": str(home)})
    assert [channel["id"] for channel in found["channels"]] == ["~/.factory/config.json#/custom_models/0"]


def test_a_workspace_of_json_pays_for_no_other_format(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": JSON, "b.py": "x = 1\n", "c.yaml": "a: 1\n", "d.toml": "a = 1\n"})
    program = Path(__file__).resolve().parent.parent / "scripts" / "tokenrouter_video"
    done = run("find", "--json", cwd=tmp_path, start=("-X", "importtime", str(program)))
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert json.loads(done.stdout)["files_scanned"] == 4
    assert imported.isdisjoint({"libcst", "httpx", "ruamel.yaml", "tomlkit", "rich", "yaml", "dotenv"})
