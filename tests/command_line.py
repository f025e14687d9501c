"""The real command line as a subprocess, in a clean environment of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables that a run needs and no others: no key, no proxy, no state of this machine's user."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "TOKENROUTER_VIDEO_STATE_DIR": str(home / "state"),
        "COLUMNS": "100",
        **(more or {}),
    }


def run(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    start: tuple[str, ...] = ("-W", "error", str(SCRIPTS / "tokenrouter_video")),
) -> subprocess.CompletedProcess[str]:
    """Run the program in ``cwd``; ``start`` are the interpreter's arguments in front of the program's."""
    return subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=cwd,
        env=environment(cwd, env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
