"""What must stand in no file of the project."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from command_line import ROOT

IGNORED = {line.rstrip("/\n") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()} | {".git"}


def files() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in IGNORED and not name.startswith(".venv")]
        found += [Path(folder, name) for name in names]
    return sorted(found)


def read(path: Path) -> str:
    return path.read_bytes().decode()


def test_every_file_is_utf8_text_without_hidden_characters() -> None:
    hidden = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
    paths = files()
    assert len(paths) > 50
    assert [path for path in paths if hidden.search(read(path))] == []


@pytest.mark.parametrize(
    ("pattern", "suffixes"),
    [
        pytest.param(r"\bsk-[A-Za-z0-9_-]{16,}", None, id="a key's form"),
        pytest.param(r"\b127\.0\.0\.1\b", {".json", ".yaml", ".yml", ".toml"}, id="a raw address in a config"),
        pytest.param(r"/(?:home|Users)/[a-z]\w*/|/root/", None, id="a path of somebody's home"),
        pytest.param(re.escape(f"{ROOT}/"), None, id="a path of this machine"),
        pytest.param(r"(?:simple|pypi)/?\S*\.(?:internal|local|corp)", None, id="a package index"),
    ],
)
def test_no_file_holds(pattern: str, suffixes: set[str] | None) -> None:
    forbidden = re.compile(pattern)
    paths = [path for path in files() if path != Path(__file__) and (suffixes is None or path.suffix in suffixes)]
    assert paths
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(read(path).splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []


def test_constraints_are_names_and_versions_only() -> None:
    lines = read(ROOT / "constraints.txt").splitlines()
    pinned = [line for line in lines if not line.startswith("#")]
    assert len(pinned) > 20
    for line in pinned:
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; [a-z_]+ == \"[\w.]+\")?", line), line


def test_every_requirement_is_pinned() -> None:
    import tomllib

    project = tomllib.loads(read(ROOT / "pyproject.toml"))
    required = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    pinned = {line.partition("==")[0].lower() for line in read(ROOT / "constraints.txt").splitlines()}
    assert {re.split(r"[<>=]", requirement)[0].lower() for requirement in required} <= pinned
