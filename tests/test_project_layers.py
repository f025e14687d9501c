"""Imports run downwards only, and no start pays for what it does not use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import SCRIPTS, environment

PACKAGE = SCRIPTS / "tokenrouter_video"

# The units of the package from the ground up: a unit imports itself, units of lower floors, and its neighbours.
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"", "errors", "display", "needles", "patterns", "records"}),
    frozenset({"catalog", "gateway_answers", "consumer_hosts", "consumer_readings", "consumer_rules", "state"}),
    frozenset({"gateways", "consumers"}),
    frozenset({"documents", "key_echoes", "secrets", "secret_names", "reference"}),
    frozenset({"channels", "config_names", "manifests", "secret_literals"}),
    frozenset({"discovery", "masking", "routing", "gateway"}),
    frozenset({"cli", "__main__"}),
)

CONSUMER_TABLES = {"consumers", "consumer_hosts", "consumer_readings", "consumer_rules"}

# Beyond the floors: what a unit must not know at all.
STRANGERS = {
    "documents": {"catalog", "gateways", *CONSUMER_TABLES, "secrets", "secret_names", "state"},
    "gateway": {"documents", "channels", "manifests", *CONSUMER_TABLES},
    "secrets": {"catalog"},
    "secret_literals": {"documents"},
    "masking": {"documents"},
    "discovery": {"state"},
}

# Neighbours on one floor that may know each other.
NEIGHBOURS = {("__main__", "cli")}


def unit_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            if node.module == "tokenrouter_video":
                below = (alias.name for alias in node.names if not alias.name.startswith("__"))
                yield from ((node.lineno, f"tokenrouter_video.{name}") for name in below)
            else:
                yield node.lineno, node.module or ""


def test_every_unit_has_its_floor() -> None:
    units = {(path.relative_to(PACKAGE).parts[0]).removesuffix(".py").replace("__init__", "") for path in modules()}
    assert len(units) > 5
    assert units <= set().union(*FLOORS)


def test_imports_run_downwards() -> None:
    floor = {unit: number for number, units in enumerate(FLOORS) for unit in units}
    looked_at, wrong = 0, []
    for path in modules():
        source = path.relative_to(PACKAGE).parts[0].removesuffix(".py").replace("__init__", "")
        for line, module in imports(path):
            if not module.startswith("tokenrouter_video"):
                continue
            looked_at += 1
            target = unit_of(module)
            allowed = (
                target == source
                or (floor[target] < floor[source] and target not in STRANGERS.get(source, ()))
                or (source, target) in NEIGHBOURS
            )
            if not allowed:
                wrong.append(f"{path.relative_to(SCRIPTS)}:{line} imports {module}")
    assert looked_at > 50
    assert wrong == []


# Heavy modules, and the work that has to do without them.
@pytest.mark.parametrize(
    ("words", "forbidden"),
    [
        pytest.param(
            ["find"], {"libcst", "httpx", "ruamel", "tomlkit", "rich", "yaml", "jsonc_parser"}, id="find in JSON"
        ),
        pytest.param(
            ["route", "kling-v3"],
            {"libcst", "httpx", "ruamel", "tomlkit", "rich", "yaml", "dataclasses", "inspect", "threading", "typing"},
            id="preview in JSON",
        ),
        pytest.param(["models"], {"libcst", "httpx", "ruamel", "tomlkit", "rich", "yaml"}, id="models"),
        pytest.param(["--version"], {"libcst", "httpx", "ruamel", "tomlkit", "rich", "dataclasses"}, id="version"),
    ],
)
def test_a_start_pays_only_for_what_it_uses(words: list[str], forbidden: set[str], tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text(
        '{"providers": {"tokenrouter": {"baseUrl": "https://api.tokenrouter.com/v1", "apiKey": "example-key-7f2",\n'
        ' "models": [{"id": "kling-v2-6"}]}}}\n',
        encoding="utf-8",
    )
    code = (
        "import sys\n"
        "from tokenrouter_video.cli.main import main\n"
        f"code = main({words!r})\n"
        "print(code, *sorted({name.partition('.')[0] for name in sys.modules}), sep='\\n', file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(tmp_path, {"PYTHONPATH": str(SCRIPTS)}),
        capture_output=True,
        text=True,
        check=True,
    )
    status, *loaded = done.stderr.splitlines()
    assert status == "0", done.stderr
    assert "argparse" in loaded
    assert sorted(forbidden & set(loaded)) == []
