"""Build the installable skill: `python tools/bundle.py [FOLDER]`, by default `dist/tokenrouter-video`.

The folder holds what a user needs and no tests, caches or tools; the same sources give the same bytes, modes and times.
It is checked before it counts as built. Exit codes: 0 built, 1 a check failed (each fault is one line on stderr).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tokenrouter_video.display import visible

ROOT = Path(__file__).resolve().parent.parent
NAME = "tokenrouter-video"
TOP = ("SKILL.md", "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "constraints.txt")
TREES = (("scripts", ".py"), ("references", ".md"))
MAX_SKILL_LINES = 499

# One time for all files: 2026-01-01, or what https://reproducible-builds.org/specs/source-date-epoch/ says.
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600"))

# What the registries' scanners take for a leaked key, an injection or a hidden payload, wherever it stands.
SUSPICIOUS = {
    "a key, or what a scanner takes for one": re.compile(r"\bsk-[A-Za-z0-9_-]{16,}"),
    "a run of base64": re.compile(r"[A-Za-z0-9+/]{200,}"),
    "words of a prompt injection": re.compile(
        r"(?i)(ignore|disregard) (all )?previous instructions|you are now a|system prompt:"
    ),
    "a piped installer": re.compile(r"curl[^\n|]*\|\s*(ba)?sh\b"),
    "switched-off certificate checks": re.compile(r"verify\s*=\s*False|check_hostname\s*=\s*False"),
    "evaluation of text": re.compile(r"(?<![\w.])(eval|exec)\("),
}
LOCAL_ADDRESS = re.compile(r"\b127\.0\.0\.1\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def sources(root: Path) -> list[str]:
    """Return the bundle's files by their paths below ``root``, in order."""
    names = [name for name in TOP if (root / name).is_file()]
    for folder, suffix in TREES:
        names += [
            path.relative_to(root).as_posix()
            for path in (root / folder).rglob(f"*{suffix}")
            if "__pycache__" not in path.parts
        ]
    return sorted(names)


def build(root: Path, target: Path) -> list[str]:
    """Make ``target`` hold exactly the bundle's files and return their names.

    Raises ``FileExistsError`` where it holds something that is no earlier bundle: that is not ours to delete.
    """
    if target.exists():
        if (target / ".git").exists() or not (target / "SKILL.md").is_file():
            raise FileExistsError(f"{target} exists and is no bundle")
        shutil.rmtree(target)
    names = sources(root)
    for name in names:
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((root / name).read_bytes())
        copy.chmod(0o755 if name.startswith("scripts/") and name.count("/") == 1 else 0o644)
    for path in (*target.rglob("*"), target):
        os.utime(path, (EPOCH, EPOCH))
    return names


def faults(target: Path) -> Iterator[str]:
    """Yield what is wrong with a built bundle, one line each; a bundle without files is a fault."""
    files = sorted(path for path in target.rglob("*") if path.is_file())
    if not files:
        yield f"{target}: no files"
    missing = [name for name in TOP if not (target / name).is_file()]
    if missing:
        yield f"{target}: without {', '.join(missing)}"
    for path in files:
        name = path.relative_to(target).as_posix()
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            yield f"{name}: not UTF-8"
            continue
        yield from (f"{name}:{line}: {fault}" for line, fault in _faults_of_text(name, text))
        if path.suffix == ".md":
            yield from (f"{name}: no such file: {link}" for link in _broken_links(path, target, text))


def _faults_of_text(name: str, text: str) -> Iterator[tuple[int, str]]:
    lines = text.splitlines()
    if name == "SKILL.md" and len(lines) > MAX_SKILL_LINES:
        yield len(lines), f"more than {MAX_SKILL_LINES} lines"
    for number, line in enumerate(text.split("\n"), 1):
        if visible(line, keep="\t") != line:
            yield number, "a hidden or control character"
        if Path(name).suffix in {".json", ".yaml", ".toml"} and LOCAL_ADDRESS.search(line):
            yield number, "127.0.0.1, which scanners take for an install source: write localhost"
        for fault, pattern in SUSPICIOUS.items():
            if pattern.search(line):
                yield number, fault


def _broken_links(page: Path, target: Path, text: str) -> Iterator[str]:
    for link in LINK.findall(text):
        place = link.partition("#")[0]
        if not place or re.match(r"[a-z]+:", place):
            continue
        linked = (page.parent / place).resolve()
        if not linked.is_relative_to(target.resolve()) or not linked.exists():
            yield link


def main(argv: list[str]) -> int:
    """Build and check; return the exit code."""
    target = Path(argv[0]) if argv else ROOT / "dist" / NAME
    if target.name != NAME:
        sys.stderr.write(f"the folder must have the skill's name, {NAME}\n")
        return 1
    try:
        names = build(ROOT, target)
    except FileExistsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    found = list(faults(target))
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    size = sum((target / name).stat().st_size for name in names)
    sys.stdout.write(f"{target}: {len(names)} files, {size // 1024} KB, {len(found)} faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
