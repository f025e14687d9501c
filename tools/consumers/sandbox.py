"""Running a consumer where it can reach neither the network nor the user's own files."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Nothing listens on the discard port of this machine: a request that is made all the same fails at once.
_NOWHERE = "http://localhost:9"
_LOOPBACK_UP = 'ip link set lo up && exec "$@"'
_NAMESPACE = ("unshare", "--user", "--map-root-user", "--net", "sh", "-c", _LOOPBACK_UP, "sh")

KEY = "example-key-7f2"
QUIET = {
    **{"AIDER_ANALYTICS": "false", "AIDER_CHECK_UPDATE": "false", "DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"},
    **{"KILO_TELEMETRY_LEVEL": "off", "KIMI_CLI_NO_AUTO_UPDATE": "1", "KIMI_DISABLE_TELEMETRY": "1"},
    **{"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION", "LITELLM_TELEMETRY": "False"},
    **{"OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_MODELS_FETCH": "1", "OPENCODE_DISABLE_LSP_DOWNLOAD": "1"},
    **{"KILO_DISABLE_AUTOUPDATE": "1", "KILO_DISABLE_MODELS_FETCH": "1", "OTEL_SDK_DISABLED": "true"},
    **{"OPENCLAW_DISABLE_UPDATE_CHECK": "1", "PI_OFFLINE": "1", "PI_TELEMETRY": "0", "PI_SKIP_VERSION_CHECK": "1"},
    **{"QWEN_TELEMETRY_ENABLED": "false", "VIBE_ENABLE_TELEMETRY": "false", "VIBE_ENABLE_UPDATE_CHECKS": "false"},
    **{"NO_COLOR": "1", "CI": "1", "TERM": "dumb", "PYTHONDONTWRITEBYTECODE": "1", "HF_HUB_OFFLINE": "1"},
}


@dataclass(frozen=True, slots=True)
class Completed:
    """How a process ended; ``code`` is ``None`` where it took too long."""

    code: int | None
    stdout: str
    stderr: str

    @property
    def words(self) -> str:
        """The end of what it said, for a report."""
        said = "\n".join(part.strip() for part in (self.stdout, self.stderr) if part.strip())
        return said[-2000:] if self.code is not None else f"(took too long) {said[-2000:]}"


@functools.cache
def has_namespaces() -> bool:
    """Whether this machine lets a process run in a network namespace where nothing but loopback exists."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return run((*_NAMESPACE, "true"), Path.cwd(), os.environ, 20).code == 0


def run_offline(command: Sequence[str], home: Path, extra: Mapping[str, str], seconds: float) -> Completed:
    """Run a command in a home folder of its own without a network: in a namespace, else behind a dead proxy."""
    folders = {"HOME": "", "USERPROFILE": "", "XDG_CONFIG_HOME": ".config", "XDG_DATA_HOME": ".local/share"}
    folders |= {"XDG_STATE_HOME": ".local/state", "XDG_CACHE_HOME": ".cache", "TMPDIR": ".tmp"}
    environ = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TOKENROUTER_API_KEY": KEY, **QUIET}
    for name, folder in folders.items():
        (home / folder).mkdir(parents=True, exist_ok=True)
        environ[name] = str(home / folder)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        environ |= {name: _NOWHERE, name.lower(): _NOWHERE}
    environ |= {"NO_PROXY": "localhost", "no_proxy": "localhost"} | dict(extra)
    return run((*_NAMESPACE, *command) if has_namespaces() else command, home, environ, seconds)


def run(command: Sequence[str], cwd: Path, environ: Mapping[str, str], seconds: float) -> Completed:
    """Run a command with no input; it ends with everything that it started, after ``seconds`` at the latest."""
    with subprocess.Popen(  # noqa: S603 - commands of our own
        command,
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as child:
        code: int | None = None
        try:
            out, err = child.communicate(timeout=seconds)
            code = child.returncode
        except subprocess.TimeoutExpired:
            _end_group(child.pid)
            out, err = child.communicate()
        # What it left running in the background would still write into its folder.
        _end_group(child.pid)
    return Completed(code, out.decode(errors="replace"), err.decode(errors="replace"))


def _end_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
