"""JSON inside a string: a list of models that is a document of its own, whose edits become edits of the string.

Only strings in which every character of the inner text stands for itself or for one known escape are written to.
What comes out is proven like any other change: the file must say the old string with the planned text in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.edits import TextEdit, apply_edits
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.tree import Mapping, Node, Scalar, Sequence
from tokenrouter_video.documents.verification import Replacement, verify
from tokenrouter_video.patterns import regex

Parts = tuple[str, ...]

_ESCAPE = regex(r"\\u[0-9A-Fa-f]{4}|\\.", re.DOTALL)
_FORMATS_OF_JSON_STRINGS = frozenset({"json", "jsonc", "json5"})


def inner_document(node: Node) -> Document | None:
    """Return what a string holds where that is a JSON list or object, else ``None``."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or node.value.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        document = parse(node.value, "json")
    except DocumentError:
        return None
    return document if isinstance(document.root, Mapping | Sequence) else None


def outer_edits(document: Document, parts: Parts, node: Scalar, edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """Return the edits of the file that make these edits in the string at ``parts``, proven.

    Raises :class:`DocumentError` where the string is written in a way that cannot be edited safely.
    """
    edits = sorted(edits)
    starts = _starts(document, node)
    made = tuple(TextEdit(starts[edit.start], starts[edit.end], _written(document, node, edit.text)) for edit in edits)
    verify(document, made, Replacement(parts, apply_edits(str(node.value), edits)))
    return made


def _starts(document: Document, node: Scalar) -> list[int]:
    """Return where in the file each character of a string starts, and where its last one ends."""
    token = node.token.of(document.text)
    inside = token[1:-1]
    if node.style not in ("single", "double") or "\n" in inside:
        raise DocumentError("JSON in a string of this style cannot be edited safely", node.token.start)
    is_escaped = node.style == "double" or document.format in _FORMATS_OF_JSON_STRINGS
    starts: list[int] = []
    at = 0
    while at < len(inside):
        starts.append(node.token.start + 1 + at)
        escape = _ESCAPE.match(inside, at) if is_escaped else None
        if escape is not None:
            at = escape.end()
        else:
            at += 2 if document.format == "yaml" and inside.startswith("''", at) and node.style == "single" else 1
    starts.append(node.token.end - 1)
    if len(starts) != len(str(node.value)) + 1:
        raise DocumentError("JSON in a string with such escapes cannot be edited safely", node.token.start)
    return starts


def _written(document: Document, node: Scalar, text: str) -> str:
    """Return text as it is spelled in a string of the node's style."""
    if node.style == "double":
        return json.dumps(text, ensure_ascii=False)[1:-1]
    if document.format == "yaml":
        return text.replace("'", "''")
    if "'" in text or "\\" in text or "\n" in text:
        raise DocumentError("the new text cannot stand in this string", node.token.start)
    return text
