"""The documents say what the program does: commands, flags, codes, models, the words to stop with."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from command_line import ROOT, run
from tokenrouter_video.catalog import MODELS, Presence
from tokenrouter_video.cli.arguments import parse, require_consistent
from tokenrouter_video.cli.commands import COMMANDS, exit_codes
from tokenrouter_video.cli.demo_workspace import build
from tokenrouter_video.cli.script import SCRIPTS
from tokenrouter_video.gateways import TOKENROUTER

SKILL = (ROOT / "SKILL.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FRONTMATTER = yaml.safe_load(SKILL.split("---\n")[1])


def test_the_skill_is_valid(tmp_path: Path) -> None:
    folder = tmp_path / "tokenrouter-video"
    folder.mkdir()
    (folder / "SKILL.md").write_text(SKILL, encoding="utf-8")
    validator = Path(sys.executable).with_name("agentskills")
    done = subprocess.run([validator, "validate", folder], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"Valid skill: {folder}\n"), done.stderr


def test_the_frontmatter_is_what_every_host_reads() -> None:
    assert set(FRONTMATTER) <= {"name", "description", "license", "compatibility", "metadata", "allowed-tools"}
    assert FRONTMATTER["name"] == "tokenrouter-video"
    assert len(FRONTMATTER["description"]) <= 1024
    assert not set("<>") & set(FRONTMATTER["description"])
    assert len(FRONTMATTER["compatibility"]) <= 500
    assert [model for model in ("kling-v3", "kling-v2-6", "MiniMax-Hailuo-2.3") if model in FRONTMATTER["description"]]


def test_versions_and_licence_agree() -> None:
    assert FRONTMATTER["metadata"]["version"] == PROJECT["version"]
    assert f"## [{PROJECT['version']}] - 2026-11-20\n" in CHANGELOG
    assert FRONTMATTER["license"] == PROJECT["license"] == "MIT-0"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT No Attribution\n")


def test_the_skill_is_short_and_free_of_what_hosts_replace() -> None:
    assert len(SKILL.splitlines()) < 500
    assert not re.search(r"\$(\d|ARGUMENTS|\{)", SKILL)  # hosts substitute these


def test_the_stop_message_is_word_for_word() -> None:
    assert f"> {TOKENROUTER.no_channel_message}\n" in SKILL


def test_the_skill_tells_what_to_do_for_every_exit_code() -> None:
    table = SKILL.partition("## Exit codes")[2].partition("\n## ")[0]
    rows = re.findall(r"(?m)^\| (\d+) \| (.+?) \| (.+?) \|$", table)
    assert [int(code) for code, *_ in rows] == list(exit_codes())


def test_the_skills_table_of_models_is_the_catalogs() -> None:
    table = SKILL.partition("| model | required |")[2].partition("\n\n")[0]
    rows = {name: row for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])}
    assert set(rows) == set(MODELS)
    for model in MODELS.values():
        _, _, required, optional, never, _ = rows[model.id].split("|")
        for field in model.fields:
            flag = field.flag.split("/")[0]
            cell = optional if field.presence is Presence.OPTIONAL else required
            assert f"`{flag}" in cell, (model.id, flag)
            for value in field.values:
                assert re.search(rf"\b{value}\b", cell), (model.id, flag, value)
            assert field.with_image or re.search(rf"{flag}`? \(not with ", cell), (model.id, flag)
        assert never.strip().split(", ") == list(model.forbidden)


COMMAND_LINES = [
    (name, line.partition("  #")[0])
    for name, text in (("SKILL.md", SKILL), ("README.md", README))
    for line in re.findall(r"(?m)^ *((?:uv run|python3|tokenrouter-video) .+)$", text)
]


@pytest.mark.parametrize(("document", "line"), COMMAND_LINES, ids=[line for _, line in COMMAND_LINES])
def test_every_command_line_in_the_documents_is_valid(document: str, line: str) -> None:
    words = shlex.split(line)
    if words[0] == "tokenrouter-video":
        arguments = words[1:]
    else:
        script = next(word for word in words if word.endswith(".py"))
        name = Path(script).name
        assert (ROOT / "scripts" / name).is_file()
        command = next(command for command, its in SCRIPTS.items() if its == name)
        arguments = [command, *words[words.index(script) + 1 :]]
    require_consistent(parse(arguments))


def test_documents_name_every_command_and_script() -> None:
    assert len(COMMAND_LINES) > 10
    for command in COMMANDS:
        assert re.search(rf"\b{command}\b", SKILL), command
        assert re.search(rf"`{command}`|tokenrouter-video {command}|make {command}", README), command
    for script in SCRIPTS.values():
        assert f"`{script}" in SKILL
        assert f"`scripts/{script}`" in README


@pytest.mark.parametrize(("name", "text"), [("SKILL.md", SKILL), ("README.md", README), ("CHANGELOG.md", CHANGELOG)])
def test_every_flag_that_a_document_names_exists(name: str, text: str) -> None:
    known = _all_flags()
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))
    assert sorted(named - known - {"--from"}) == [], name  # uvx's own


def test_the_readme_gives_every_dependency_its_reason() -> None:
    table = README.partition("## Dependencies")[2].partition("\n## ")[0]
    named = re.findall(r"(?m)^\| ([\w.-]+) \| .+ \|$", table)
    required = [re.split(r"[<>=]", requirement)[0] for requirement in PROJECT["dependencies"]]
    assert sorted(named) == sorted([*required, "package"])


def test_the_changelog_keeps_its_form() -> None:
    headings = re.findall(r"(?m)^## (.+)$", CHANGELOG)
    assert headings[0] == "[Unreleased]"
    for heading in headings[1:]:
        assert re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", heading)
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"(?m)^### (.+)$", CHANGELOG)) <= kinds


def _all_flags() -> set[str]:
    from contextlib import redirect_stdout
    from io import StringIO

    shown = StringIO()
    for words in ([], *([command] for command in COMMANDS), *(["task", action] for action in ("wait", "download"))):
        with redirect_stdout(shown), pytest.raises(SystemExit):
            parse([*words, "--help"])
    return set(re.findall(r"--[a-z][a-z-]+", shown.getvalue()))


def test_the_diff_in_the_readme_is_what_the_program_shows(tmp_path: Path) -> None:
    build(tmp_path)
    done = run("route", "kling-v3", "--config", "litellm_config.yaml", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = README.partition("```diff\n")[2].partition("```\n")[0]
    assert shown == json.loads(done.stdout)["files"][0]["diff"]


def test_json_members_that_the_skill_names_exist(tmp_path: Path) -> None:
    build(tmp_path)
    found = json.loads(run("find", "--json", cwd=tmp_path).stdout)
    assert {"channels", "candidates", "lookalikes"} <= set(found)
    assert {"id", "live", "reasons", "video_models"} <= set(found["channels"][0])
    planned = json.loads(run("route", "kling-v3", "--config", "litellm_config.yaml", "--json", cwd=tmp_path).stdout)
    assert {"status", "warnings", "reload"} <= set(planned)
