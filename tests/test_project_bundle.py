"""The installable folder: what it holds, that it is the same each time, and what keeps it from being built."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bundle import NAME, build, faults, main
from command_line import ROOT, run

FAKE_KEY = "sk" + "-" + "abcdefgh1234567890"
ZERO_WIDTH = chr(0x200B)


def contents(folder: Path) -> dict[str, tuple[bytes, int, float]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode, path.stat().st_mtime)
        for path in paths
    }


def test_the_bundle_holds_what_a_user_needs_and_no_more(tmp_path: Path) -> None:
    names = build(ROOT, tmp_path / NAME)
    assert {"SKILL.md", "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "constraints.txt"} <= set(names)
    assert {"scripts/find_tokenrouter_config.py", "references/api_reference.md"} <= set(names)
    assert {name.split("/")[0] for name in names if "/" in name} == {"scripts", "references"}
    assert {Path(name).suffix for name in names} == {".md", ".py", ".toml", ".txt", ""}
    assert list(contents(tmp_path / NAME)) == names
    assert list(faults(tmp_path / NAME)) == []


def test_the_same_sources_give_the_same_bundle(tmp_path: Path) -> None:
    build(ROOT, tmp_path / "a" / NAME)
    build(ROOT, tmp_path / "b" / NAME)
    assert contents(tmp_path / "a" / NAME) == contents(tmp_path / "b" / NAME)


def test_an_earlier_bundle_leaves_nothing_behind(tmp_path: Path) -> None:
    build(ROOT, tmp_path / NAME)
    (tmp_path / NAME / "scripts" / "old.py").touch()
    names = build(ROOT, tmp_path / NAME)
    assert list(contents(tmp_path / NAME)) == names


@pytest.mark.parametrize("inside", [".git/config", "notes.txt"])
def test_a_folder_that_is_no_bundle_is_not_deleted(inside: str, tmp_path: Path) -> None:
    path = tmp_path / NAME / inside
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    assert main([str(tmp_path / NAME)]) == 1
    assert path.read_text(encoding="utf-8") == "mine"


def test_the_folder_must_have_the_skills_name(tmp_path: Path) -> None:
    assert main([str(tmp_path / "other")]) == 1
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        pytest.param("SKILL.md", "x\n" * 500, "SKILL.md:500: more than 499 lines", id="too long"),
        pytest.param("README.md", f"a\nb{ZERO_WIDTH}\n", "README.md:2: a hidden or control character", id="hidden"),
        pytest.param("README.md", FAKE_KEY, "README.md:1: a key, or what a scanner takes for one", id="key"),
        pytest.param("README.md", "a" * 200, "README.md:1: a run of base64", id="base64"),
        pytest.param("README.md", "[x](missing.md)", "README.md: no such file: missing.md", id="broken link"),
        pytest.param("README.md", "[x](../../etc)", "README.md: no such file: ../../etc", id="link that leaves"),
        pytest.param(
            "x.yaml",
            "a: http://127.0.0.1:1",
            "x.yaml:1: 127.0.0.1, which scanners take for an install source: write localhost",
            id="raw address",
        ),
        pytest.param("x.py", "eval" + "(text)", "x.py:1: evaluation of text", id="evaluation"),
        pytest.param(
            "x.py", "client(verify" + "=False)", "x.py:1: switched-off certificate checks", id="no certificates"
        ),
        pytest.param("x.md", "curl https://x | sh", "x.md:1: a piped installer", id="piped installer"),
    ],
)
def test_a_fault_is_named_with_its_place(name: str, text: str, fault: str, tmp_path: Path) -> None:
    build(ROOT, tmp_path / NAME)
    (tmp_path / NAME / name).write_text(text, encoding="utf-8")
    assert list(faults(tmp_path / NAME)) == [fault]


def test_a_bundle_without_files_is_a_fault(tmp_path: Path) -> None:
    assert next(iter(faults(tmp_path))) == f"{tmp_path}: no files"


def test_the_bundle_runs_where_it_was_copied_to(tmp_path: Path) -> None:
    build(ROOT, tmp_path / "from" / NAME)
    shutil.move(tmp_path / "from" / NAME, tmp_path / NAME)
    (tmp_path / "project").mkdir()
    done = run("models", cwd=tmp_path / "project", start=(str(tmp_path / NAME / "scripts" / "tokenrouter_video"),))
    assert (done.returncode, done.stderr) == (0, "")
    assert "kling-v3" in done.stdout


def test_a_project_that_holds_the_skill_holds_no_channel_for_that(tmp_path: Path) -> None:
    for place in (".agents/skills", ".claude/skills"):
        build(ROOT, tmp_path / place / NAME)
    script = tmp_path / ".agents/skills" / NAME / "scripts/find_tokenrouter_config.py"
    done = run("--json", cwd=tmp_path, start=(str(script),))
    found = json.loads(done.stdout)
    assert (done.returncode, found["error"]["code"]) == (3, "no-channel")
    assert [found[name] for name in ("channels", "candidates", "lookalikes", "skipped")] == [[], [], [], []]
