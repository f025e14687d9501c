"""The demo: the whole job by the real commands, leaving nothing behind."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from command_line import SCRIPTS, run
from tokenrouter_video.cli.arguments import parse, require_consistent
from tokenrouter_video.cli.demo import Step, steps
from tokenrouter_video.cli.demo_workspace import FILES, KEY, ROUTES, build
from tokenrouter_video.documents.formats import detect


def test_the_demo_does_the_whole_job_and_leaves_nothing(tmp_path: Path) -> None:
    for name in ("tmp", "home"):
        (tmp_path / name).mkdir()
    variables = {"TMPDIR": str(tmp_path / "tmp"), "TOKENROUTER_VIDEO_STATE_DIR": str(tmp_path / "home" / "state")}
    done = run("--json", cwd=tmp_path / "home", env=variables, start=(str(SCRIPTS / "demo.py"),))
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert [step["exit_code"] for step in summary["steps"]] == [0 for _ in steps()]
    assert [step.get("status") for step in summary["steps"] if step["command"][1] == "route"] == [
        "planned",
        "applied",
        "unchanged",
        *("applied" for _ in ROUTES[1:]),
        "undone",
    ]
    assert summary["submits"] == 1
    assert [url.startswith("http://127.0.0.1:") for url in summary["video_urls"]] == [True]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_demo_says_what_a_user_would_type(tmp_path: Path) -> None:
    done = run("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {line.partition(":")[0].split()[0] for line in done.stderr.splitlines()} == {"accepted", "resume"}
    for step in steps():
        assert f"\n{step.title}\n$ {shlex.join(('tokenrouter-video', *step.words))}\n" in done.stdout
    assert KEY not in done.stdout
    assert "+  - model_name: kling-v3\n" in done.stdout


@pytest.mark.parametrize("step", list(steps()), ids=lambda step: " ".join(step.words)[:50])
def test_every_step_is_a_valid_command_line(step: Step) -> None:
    require_consistent(parse(step.words))


def test_the_sample_workspace_has_a_config_in_each_format() -> None:
    formats = {detect(Path(name).name) for name, _ in ROUTES} | {detect(".env")}
    assert formats == {
        "yaml", "jsonc", "json", "json5", "toml", "typescript", "javascript", "python", "dotenv",
    }  # fmt: skip


def test_the_sample_workspace_is_built_as_written(tmp_path: Path) -> None:
    build(tmp_path)
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == set(FILES)
    assert all((tmp_path / name).read_bytes() == text.encode() for name, text in FILES.items())
