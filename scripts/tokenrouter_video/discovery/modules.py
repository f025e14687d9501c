"""Which name of another module a name of code is: the imports of JavaScript, TypeScript and Python.

Imports are found in the text by their form, since a located tree holds bindings only. A module is looked for where the
languages' usual resolution would find it, in the workspace only.
"""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice

from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

MAX_IMPORTS = 1_000

# The end of an import; where it begins is looked for backwards from there.
_FROM_MODULE = regex(r"""\bfrom\s{0,20}["'](?P<module>[^"'\n]{1,500})["']""", needs=("from",))
_CLAUSE = regex(r"""(?P<verb>import|export)\b(?:\s+type\b)?(?P<clause>[\w$\s,*{}]+)\Z""")
_LONGEST_CLAUSE = 4_000
_REQUIRED = regex(
    r"""\b(?:const|let|var)\s+(?P<clause>[\w$]+|\{[^{}]{0,2000}\})\s*=\s*require\(\s*["'](?P<module>[^"'\n]+)["']\s*\)""",
    needs=("require",),
)
_PYTHON_FROM = regex(
    r"^[ \t]*from[ \t]+(?P<module>\.*[\w.]*)[ \t]+import[ \t]+(?:\((?P<many>[^()]{0,4000})\)|(?P<names>[^\n#;]+))",
    re.MULTILINE,
)
_PYTHON_IMPORT = regex(r"^[ \t]*import[ \t]+(?P<names>[^\n#;]+)", re.MULTILINE)

_SCRIPT_ENDINGS = (
    *("", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"),
    *("/index.ts", "/index.tsx", "/index.js", "/index.mjs"),
)
# Folders that `@/` and `~/` stand for in the usual set-ups.
_ALIAS_FOLDERS = ("src", "", "app")


@dataclass(frozen=True, slots=True)
class Import:
    """A bound name's origin: ``name`` is what the module calls it, ``default``, or ``None`` for the whole module."""

    module: str
    name: str | None


def imports_of(text: str, format_name: str) -> dict[str, tuple[Import, ...]]:
    """Return the imported names of a code file; ``*`` holds the modules of which everything is taken."""
    found: dict[str, list[Import]] = {}
    pairs = _python_imports(text) if format_name == "python" else _script_imports(text)
    for name, origin in islice(pairs, MAX_IMPORTS):
        found.setdefault(name, []).append(origin)
    return {name: tuple(origins) for name, origins in found.items()}


def _script_imports(text: str) -> Iterator[tuple[str, Import]]:
    for match in _FROM_MODULE.finditer(text):
        clause = _clause_before(text[max(0, match.start() - _LONGEST_CLAUSE) : match.start()])
        if clause is not None:
            yield from _clause(clause["clause"], match["module"], is_export=clause["verb"] == "export")
    for match in _REQUIRED.finditer(text):
        if match["clause"].startswith("{"):
            yield from _named(match["clause"][1:-1].replace(":", " as "), match["module"])
        else:
            yield match["clause"], Import(match["module"], None)


def _clause_before(text: str) -> re.Match[str] | None:
    """Return the import that a text ends in; names in it may themselves begin with the word."""
    end = len(text)
    for _ in range(8):
        begin = max(text.rfind("import", 0, end), text.rfind("export", 0, end))
        if begin < 0:
            return None
        clause = _CLAUSE.match(text, begin)
        if clause is not None:
            return clause
        end = begin
    return None


def _clause(clause: str, module: str, *, is_export: bool) -> Iterator[tuple[str, Import]]:
    braces = re.search(r"\{([^{}]*)\}", clause)
    if braces is not None:
        yield from _named(braces[1], module)
    outside = re.sub(r"\{[^{}]*\}", "", clause)
    for part in outside.split(","):
        words = part.split()
        if words[:2] == ["*", "as"] and len(words) == 3:
            yield words[2], Import(module, None)
        elif words == ["*"] and is_export:
            yield "*", Import(module, None)
        elif len(words) == 1:
            yield words[0], Import(module, "default")


def _named(names: str, module: str) -> Iterator[tuple[str, Import]]:
    for part in names.split(","):
        words = [word for word in part.split() if word != "type"]
        if words:
            yield words[-1], Import(module, words[0])


def _python_imports(text: str) -> Iterator[tuple[str, Import]]:
    for match in _PYTHON_FROM.finditer(text):
        for part in re.sub(r"#[^\n]*", "", match["many"] or match["names"]).split(","):
            words = part.replace("\\", " ").split()
            if words == ["*"]:
                yield "*", Import(match["module"], None)
            elif words:
                yield words[-1], Import(match["module"], words[0])
    for match in _PYTHON_IMPORT.finditer(text):
        for part in match["names"].split(","):
            words = part.split()
            if len(words) == 3:
                yield words[2], Import(words[0], None)
            elif len(words) == 1 and "." not in words[0]:
                yield words[0], Import(words[0], None)


def candidates(origin: Import, importer: str, root: str, format_name: str) -> Iterator[tuple[str, str | None]]:
    """Yield the absolute paths at which an imported module may stand, each with the name to look for in it."""
    if format_name == "python":
        yield from _python_candidates(origin, importer, root)
        return
    for base in _script_bases(origin.module, importer, root):
        stem = re.sub(r"\.[mc]?jsx?$", "", base)
        for start in dict.fromkeys((base, stem)):
            for ending in _SCRIPT_ENDINGS:
                yield start + ending, origin.name


def _script_bases(module: str, importer: str, root: str) -> Iterator[str]:
    if module.startswith("."):
        yield os.path.normpath(os.path.join(os.path.dirname(importer), module))
    elif module.startswith(("@/", "~/", "#/")):
        for folder in _folders(importer, root):
            for alias in _ALIAS_FOLDERS:
                yield os.path.join(folder, alias, module[2:])


def _python_candidates(origin: Import, importer: str, root: str) -> Iterator[tuple[str, str | None]]:
    dots = len(origin.module) - len(origin.module.lstrip("."))
    inner = origin.module.lstrip(".").replace(".", "/")
    if dots:
        base = os.path.dirname(importer)
        for _ in range(dots - 1):
            base = os.path.dirname(base)
        bases = [base]
    else:
        bases = [place for folder in _folders(importer, root) for place in (folder, os.path.join(folder, "src"))]
    for base in bases:
        stem = os.path.join(base, inner) if inner else base
        if origin.name is not None:
            # `from package import module`
            yield os.path.join(stem, origin.name + ".py"), None
        yield stem + ".py", origin.name
        yield os.path.join(stem, "__init__.py"), origin.name


def _folders(importer: str, root: str) -> Iterator[str]:
    folder = os.path.dirname(importer)
    while len(folder) > len(root):
        yield folder
        folder = os.path.dirname(folder)
    yield root
