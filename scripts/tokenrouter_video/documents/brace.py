"""The brace family: JSON, JSONC, JSON5, JavaScript and TypeScript, which nest in one another like their literals."""

from __future__ import annotations

from tokenrouter_video.documents.brace_literals import parse_value
from tokenrouter_video.documents.document import Document

_SCRIPTS = frozenset({"javascript", "typescript"})


def parse(text: str, format: str) -> Document:
    """Parse a text, without its BOM, as ``json``, ``jsonc``, ``json5``, ``javascript`` or ``typescript``.

    A JSON document's ``format`` says what is in it, whatever it was taken for: ``jsonc`` where comments or trailing
    commas need it, ``json5`` where anything else does. Code becomes a ``scope`` mapping of its bindings, as described
    in :mod:`tokenrouter_video.documents.brace_code`. Equal keys of one object are an obstacle to editing.
    Raises :class:`DocumentError` where the text is none of these.
    """
    if format in _SCRIPTS:
        from tokenrouter_video.documents.brace_code import parse_code

        root, obstacles = parse_code(text)
        return Document(text, format, root, obstacles)
    value, dialect, obstacles = parse_value(text)
    return Document(text, dialect, value, obstacles)
