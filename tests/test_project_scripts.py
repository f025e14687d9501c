"""The scripts: the same program under other names, from any directory, with or without its dependencies."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from command_line import ROOT, SCRIPTS, environment, run
from tokenrouter_video import __version__
from tokenrouter_video.cli.commands import COMMANDS
from tokenrouter_video.cli.script import MODULES
from tokenrouter_video.cli.script import SCRIPTS as NAMES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_each_script_belongs_to_a_command() -> None:
    assert sorted(path.name for path in SCRIPTS.glob("*.py")) == sorted(NAMES.values())
    assert set(NAMES) < set(COMMANDS)


@pytest.mark.parametrize("name", sorted(NAMES.values()))
def test_inline_metadata_equals_the_projects(name: str) -> None:
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    # The reference implementation's pattern: https://peps.python.org/pep-0723/#reference-implementation
    blocks = re.findall(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$", text)
    assert [kind for kind, *_ in blocks] == ["script"]
    metadata = tomllib.loads("".join(line[2:] for line in blocks[0][1].splitlines(keepends=True)))
    assert metadata == {"requires-python": PROJECT["requires-python"], "dependencies": PROJECT["dependencies"]}


def test_the_missing_dependency_check_knows_every_dependency() -> None:
    names = sorted(re.split(r"[<>=!~ ]", requirement, maxsplit=1)[0] for requirement in PROJECT["dependencies"])
    assert sorted(MODULES.values()) == names


def test_versions_agree() -> None:
    assert PROJECT["version"] == __version__


@pytest.mark.parametrize(("command", "name"), NAMES.items())
def test_a_script_runs_from_any_directory(command: str, name: str, tmp_path: Path) -> None:
    done = run("--help", cwd=tmp_path, start=(str(SCRIPTS / name),))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: {name} [-h]")
    assert COMMANDS[command].description.split()[0] in done.stdout


def test_a_script_runs_through_a_link(tmp_path: Path) -> None:
    link = tmp_path / "find"
    link.symlink_to(SCRIPTS / "find_tokenrouter_config.py")
    done = run("--help", cwd=tmp_path, start=("-P", str(link)))
    assert (done.returncode, done.stderr) == (0, "")


def test_the_package_runs_by_its_path_and_by_its_name(tmp_path: Path) -> None:
    for start, variables in (
        ((str(SCRIPTS / "tokenrouter_video"),), {}),
        (("-m", "tokenrouter_video"), {"PYTHONPATH": str(SCRIPTS)}),
    ):
        done = run("--version", cwd=tmp_path, start=start, env=variables)
        assert (done.returncode, done.stdout) == (0, f"tokenrouter-video {__version__}\n")


def test_remedies_of_a_script_name_the_script(tmp_path: Path) -> None:
    done = run("--timeout", cwd=tmp_path, start=(str(SCRIPTS / "video_task.py"), "wait", "x"))
    assert done.returncode == 2
    assert done.stderr.splitlines()[1] == "try: video_task.py wait --help"


@pytest.mark.parametrize("name", sorted(NAMES.values()))
def test_a_missing_dependency_is_said_in_one_line_with_the_way_to_get_it(name: str, tmp_path: Path) -> None:
    script = SCRIPTS / name
    done = run(cwd=tmp_path, start=("-S", str(script)))  # no site-packages
    assert (done.returncode, done.stdout) == (1, "")
    message = f"missing {' '.join(MODULES.values())}"
    place = "~/.cache/tokenrouter-video"
    remedy = (
        f"run `uv run {script} ...`; without uv `python3 -m venv {place} && {place}/bin/pip install {SCRIPTS.parent}`, "
        f"then `{place}/bin/python {script} ...`"
    )
    assert done.stderr == f"tokenrouter-video: {message}: {remedy}\n"
    done = run("--json", cwd=tmp_path, start=("-S", str(script)))
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout) == {"schema": 1, "error": {"code": "internal", "message": message, "try": remedy}}


def test_a_command_to_resume_names_the_interpreter_of_an_environment_whatever_the_path(tmp_path: Path) -> None:
    """``uv run`` puts its environment in front of PATH for one run; a python3 of the user's has no dependencies."""
    path = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    code = "from tokenrouter_video.cli.script import _interpreter; print(_interpreter())"
    done = run(cwd=tmp_path, start=("-c", code), env={**path, "PYTHONPATH": str(SCRIPTS)})
    assert done.stdout == f"{sys.executable}\n"


def test_an_old_python_is_told_so_in_one_line(tmp_path: Path) -> None:
    code = (
        "import sys, runpy\n"
        "sys.version_info, sys.version = (3, 9, 1), '3.9.1 (main)'\n"
        f"runpy.run_path({str(SCRIPTS / 'demo.py')!r}, run_name='__main__')\n"
    )
    done = run(cwd=tmp_path, start=("-c", code))
    assert done.returncode == 1
    assert done.stderr == (
        f"tokenrouter-video: Python 3.11 or newer is needed, this is 3.9.1: run `uv run {SCRIPTS / 'demo.py'} ...`\n"
    )


def test_what_an_old_python_reads_is_written_for_it() -> None:
    import ast

    for path in (*SCRIPTS.glob("*.py"), *(SCRIPTS / "tokenrouter_video" / "cli").glob("script.py"),
                 SCRIPTS / "tokenrouter_video" / "__init__.py", SCRIPTS / "tokenrouter_video" / "cli" / "__init__.py",
                 SCRIPTS / "tokenrouter_video" / "__main__.py"):  # fmt: skip
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_profiler_gets_to_its_report(tmp_path: Path) -> None:
    """The process ends at once where nobody waits for the interpreter's own end."""
    done = run(cwd=tmp_path, start=("-m", "cProfile", "-o", "report", str(SCRIPTS / "add_video_route.py"), "--version"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "report").stat().st_size > 0


def test_an_installed_program_is_the_same_program(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("tokenrouter-video")
    if not program.exists():
        pytest.skip("this environment runs the package without installing it")
    done = subprocess.run(
        [program, "--version"], cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert done.stdout == f"tokenrouter-video {__version__}\n"
