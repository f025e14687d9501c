"""The real command against a gateway on loopback: a workspace with a key in it, runs, and a look for the key after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from command_line import SCRIPTS, environment
from tokenrouter_video.gateway.loopback import LoopbackGateway, Request

KEY = "example-key-7f2-0123456789abcdef"
REQUEST = ("--model", "kling-v3", "--mode", "pro", "--duration", "5", "--prompt", "a robot")
BODY = {"model": "kling-v3", "prompt": "a robot", "mode": "pro", "duration": "5"}
MAIN = ("-W", "error", str(SCRIPTS / "tokenrouter_video"))

CONFIG = """\
{
  "providers": {
    "tokenrouter": {
      "baseUrl": "https://api.tokenrouter.com/v1",
      "apiKey": "${TR_KEY}",
      "models": [
        {"id": "kling-v3"},
        {"id": "MiniMax-Hailuo-2.3"}
      ]
    }
  }
}
"""


@dataclass
class Ran:
    """One run of the program: exit code, both streams, and stdout as JSON where it is that."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Play:
    """A workspace, a state directory and a gateway for the runs of one test."""

    folder: Path
    gateway: LoopbackGateway | None = None
    key: str = KEY
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.workspace.mkdir(parents=True)
        (self.workspace / "providers.json").write_text(CONFIG)
        (self.workspace / ".env").write_text(f"TR_KEY={self.key}\n")

    @property
    def workspace(self) -> Path:
        return self.folder / "work"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def command(self, *words: str) -> list[str]:
        """Return the arguments of one run, the gateway's address among them where the command talks to it."""
        talks = words[0] in ("generate", "check") or (words[0] == "task" and words[1] not in ("list", "forget"))
        url = ("--gateway-url", self.gateway.url) if self.gateway is not None and talks else ()
        return [sys.executable, *MAIN, *words, *url]

    def variables(self) -> dict[str, str]:
        return environment(self.folder, self.environ)

    def start(self, *words: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        """Start the program and leave it running."""
        return subprocess.Popen(
            self.command(*words),
            cwd=cwd or self.workspace,
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *words: str, cwd: Path | None = None) -> Ran:
        """Run the program to its end; the key is in none of its outputs and in no file that it wrote."""
        return self.finish(self.start(*words, cwd=cwd))

    def finish(self, process: subprocess.Popen[str]) -> Ran:
        out, err = process.communicate(timeout=120)
        ran = Ran(process.returncode, out, err)
        self.look_for_key(ran.out, ran.err)
        return ran

    def look_for_key(self, *texts: str) -> None:
        """Assert that the key went nowhere but into the one header of requests to the gateway itself."""
        assert all(self.key not in text for text in texts)
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.name != ".env"]
        assert [path for path in files if self.key.encode() in path.read_bytes()] == []
        if self.gateway is not None:
            for request in list(self.gateway.requests):
                allowed = {"authorization"} if request.server == "gateway" else set()
                assert set(places_of(self.key, request)) <= allowed

    def entries(self) -> list[dict[str, Any]]:
        """Return what ``task list`` says, the latest first."""
        ran = self.run("task", "list", "--json")
        assert ran.code == 0, ran.err
        tasks = ran.json["tasks"]
        assert isinstance(tasks, list)
        return tasks

    @property
    def posts(self) -> int:
        assert self.gateway is not None
        return len(self.gateway.submissions)


def places_of(key: str, request: Request) -> list[str]:
    """Return the headers that hold the key, and ``path``, ``query`` or ``body`` where those do."""
    body = request.body.decode("utf-8", "replace")
    places = {"path": request.path, "query": request.query, "body": body, **request.headers}
    return [name for name, text in places.items() if key in text]


def in_process(play: Play, capsys: Any, monkeypatch: Any, *words: str) -> Ran:
    """Run the program's own ``main`` in this process, which is what a table of two hundred rows can afford."""
    from tokenrouter_video.cli.main import main

    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in play.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(play.workspace)
    capsys.readouterr()
    code = main(play.command(*words)[1 + len(MAIN) :])
    out, err = capsys.readouterr()
    play.look_for_key(out, err)
    return Ran(code, out, err)
