"""``demo``: the whole job on a sample workspace, by the real commands, against a gateway on this machine's loopback."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenrouter_video.cli.commands import PROGRAM
from tokenrouter_video.cli.demo_workspace import ROUTES, build
from tokenrouter_video.errors import ProgramError
from tokenrouter_video.gateway.loopback import LoopbackGateway
from tokenrouter_video.records import dataclass
from tokenrouter_video.state import VARIABLE as STATE_VARIABLE

if TYPE_CHECKING:
    import argparse

    from tokenrouter_video.cli.console import Console

_PACKAGES = Path(__file__).resolve().parent.parent.parent
_LIMIT = 60.0
_REQUEST = ("--model", "kling-v3", "--mode", "pro", "--duration", "5", "--prompt", "A silver robot in the rain")
_FIRST_CONFIG, _FIRST_MODEL = ROUTES[0]


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the walk: why a user would type it, its words, its expected exit code, and whether it sends."""

    title: str
    words: tuple[str, ...]
    exit_code: int = 0
    sends: bool = False


def execute(args: argparse.Namespace, console: Console) -> int:
    """Walk through the job; raises ProgramError where a step ends otherwise than it should. Leaves nothing behind."""
    started = time.monotonic()
    done: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="tokenrouter-video-demo-") as folder, LoopbackGateway("demo") as gateway:
        walk = _Walk(Path(folder), gateway, console)
        for step in steps():
            done.append(walk.take(step))
        posts = len(gateway.submissions)
    if posts != 1:
        raise ProgramError(f"the demo's gateway got {posts} submits instead of one", "report it")
    summary = {
        "schema": 1,
        "steps": done,
        "configs": [name for name, _ in ROUTES],
        "submits": posts,
        "video_urls": next((step["video_urls"] for step in done if "video_urls" in step), []),
        "seconds": round(time.monotonic() - started, 1),
    }
    console.result(
        summary,
        lambda: (
            f"\nDone in {summary['seconds']} s: {len(ROUTES)} configs in as many formats routed, one request sent, one "
            "video made.\nIt all happened in a temporary folder, which is gone; no key and no network was used."
        ),
    )
    return 0


def steps() -> Iterator[Step]:
    """Yield the walk's commands in order."""
    config = ("--config", _FIRST_CONFIG)
    yield Step("Which channels are in this workspace, and which of them is live?", ("find",))
    yield Step("What would be changed? Nothing is written yet.", ("route", _FIRST_MODEL, *config))
    yield Step("Write it.", ("route", _FIRST_MODEL, *config, "--apply"))
    yield Step("A second time there is nothing to do.", ("route", _FIRST_MODEL, *config, "--apply"))
    for name, model in ROUTES[1:]:
        yield Step(f"The same for {name}.", ("route", model, "--config", name, "--apply"))
    yield Step("Is the request right? Nothing is sent yet.", ("generate", *config, *_REQUEST))
    yield Step(
        "Send it once, wait, and save the video.",
        ("generate", *config, *_REQUEST, "--submit", "--download", "robot.mp4"),
        sends=True,
    )
    yield Step("What was submitted from here?", ("task", "list"))
    yield Step("Take the last edit back.", ("route", "--undo"))


class _Walk:
    """Runs commands in a sample workspace, with variables, home and state of its own."""

    def __init__(self, folder: Path, gateway: LoopbackGateway, console: Console) -> None:
        self._workspace = folder / "workspace"
        self._workspace.mkdir()
        build(self._workspace)
        self._gateway = gateway
        self._console = console
        kept = {name: os.environ[name] for name in ("PATH", "TERM", "NO_COLOR", "SYSTEMROOT") if name in os.environ}
        self._environ = {
            **kept,
            "HOME": str(folder),
            STATE_VARIABLE: str(folder / "state"),
            "PYTHONPATH": str(_PACKAGES),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def take(self, step: Step) -> dict[str, Any]:
        """Run one step; with ``--json`` its own JSON is taken in, else it prints for itself."""
        console = self._console
        typed = shlex.join((PROGRAM, *step.words))
        if not console.json:
            console.result({}, lambda: f"\n{console.style(step.title, 'bold')}\n{console.style(f'$ {typed}', 'cyan')}")
        more = ("--gateway-url", self._gateway.url, "--poll-interval", "0.2") if step.sends else ()
        quiet = ("--json", "--quiet") if console.json else ()
        ran = subprocess.run(  # noqa: S603 - this interpreter and words of our own
            [sys.executable, "-P", "-c", _RUN, *step.words, *more, *quiet],
            cwd=self._workspace,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if console.json else None,
            timeout=_LIMIT,
            check=False,
        )
        result = json.loads(ran.stdout or "{}") if console.json else {}
        if ran.returncode != step.exit_code:
            raise ProgramError(
                f"the demo's step `{typed}` ended with code {ran.returncode} instead of {step.exit_code}",
                "report it",
                details={"step": result.get("error", {})},
            )
        kept = {name: result[name] for name in ("status", "video_urls", "downloaded") if result.get(name)}
        return {"title": step.title, "command": [PROGRAM, *step.words], "exit_code": ran.returncode, **kept}


_RUN = "from tokenrouter_video.cli.main import run; run()"
