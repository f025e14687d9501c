"""Which format a file name stands for, and which parser and second reader belong to it."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from tokenrouter_video.documents.document import Document

Reading: TypeAlias = "dict[str, Reading] | list[Reading] | tuple[str, str]"

_SUFFIXES = {
    "yaml": "yaml",
    "yml": "yaml",
    "toml": "toml",
    "json": "json",
    "jsonc": "jsonc",
    "json5": "json5",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "jsx": "javascript",
    "ts": "typescript",
    "mts": "typescript",
    "cts": "typescript",
    "tsx": "typescript",
    "py": "python",
    "env": "dotenv",
}

# A last suffix of prose says that the file quotes a config and is none.
_PROSE = frozenset({"md", "mdx", "markdown", "rst", "adoc", "txt", "html", "htm", "ipynb", "svg", "map", "snap"})

_PARSERS = {
    "yaml": "yaml_tree",
    "toml": "toml_tree",
    "json": "brace",
    "jsonc": "brace",
    "json5": "brace",
    "javascript": "brace",
    "typescript": "brace",
    "python": "python_tree",
    "dotenv": "dotenv",
}

_SECOND_READERS = {
    "yaml": "yaml_reader",
    "toml": "toml_reader",
    "json": "json_readers",
    "jsonc": "json_readers",
    "python": "python_reader",
}


def detect(name: str) -> str | None:
    """Return the format that a file's name stands for, or ``None``.

    One unknown suffix behind a known one does not hide it: ``config.yaml.example`` is YAML, ``.env.local`` is dotenv.
    """
    parts = name.lower().split(".")
    if len(parts) < 2 or parts[-1] in _PROSE:
        return None
    known = _SUFFIXES.get(parts[-1])
    if known is None and len(parts) > 2:
        known = _SUFFIXES.get(parts[-2])
    return known


def parse(text: str, format_name: str) -> Document:
    """Parse a text, without its BOM, as a format; raise ``DocumentError`` where it cannot be read."""
    module = import_module(f"tokenrouter_video.documents.{_PARSERS[format_name]}")
    document: Document = module.parse(text, format_name)
    return document


def second_reading(text: str, format_name: str) -> Reading | None:
    """Return what an independent library reads in a text, ``None`` where none exists or where it cannot read it.

    A mapping is a dict, a sequence a list, a scalar ``(type, canonical text)``, a YAML alias ``("alias", name)``, code
    that is no literal ``("code", text)``. One pointer names the same thing here and in the located tree.
    """
    name = _SECOND_READERS.get(format_name)
    if name is None:
        return None
    module = import_module(f"tokenrouter_video.documents.{name}")
    # Only JSON's reader reads several dialects.
    formats = (format_name,) if name == "json_readers" else ()
    reading: Reading | None = module.second_reading(text, *formats)
    return reading
