"""A located tree as lines of text, for comparing all of it at once."""

from __future__ import annotations

from collections.abc import Iterator

from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Alias, Entry, Mapping, Node, Scalar, Sequence, Span
from tokenrouter_video.documents.values import entry_names


def outline(document: Document) -> list[str]:
    """Return a line for each node: its path, what it is, and the source text of its spans.

    A scalar is shown as ``path kind style value token``, a collection as ``path layout type body``. Where they differ
    from that text, ``node`` follows with the node's span, ``key`` with the key's and ``entry`` with the entry's. A span
    without text is its offset. An entry without a name is ``#`` and its number.
    """
    return [*_lines(document, document.root, "", None)]


def source(document: Document, span: Span) -> str:
    return repr(span.of(document.text)) if span.start < span.end else f"@{span.start}"


def _lines(document: Document, node: Node, path: str, entry: Entry | None) -> Iterator[str]:
    shown = node.span
    match node:
        case Scalar():
            what, shown = f"{node.kind} {node.style} {node.value!r}", node.token
        case Alias():
            what = f"alias of {source(document, node.target.span) if node.target else None}"
        case Mapping() | Sequence():
            what, shown = f"{node.layout} {type(node).__name__.lower()}", node.body
        case _:
            raise AssertionError("YAML has no opaque code")
    words = [path or ".", what, source(document, shown)]
    if node.span != shown:
        words.append("node " + source(document, node.span))
    if isinstance(node, Mapping | Sequence) and node.anchor:
        words.append("anchor " + node.anchor)
    if entry is not None and entry.key_span is not None and (entry.key_span.of(document.text) or None) != entry.key:
        words.append("key " + source(document, entry.key_span))
    if entry is not None and entry.span != node.span:
        words.append("entry " + source(document, entry.span))
    yield " ".join(words)
    if isinstance(node, Mapping):
        for name, below in zip(entry_names(node), node.entries, strict=True):
            yield from _lines(document, below.value, f"{path}/{name.replace(chr(0), '#')}", below)
    elif isinstance(node, Sequence):
        for number, below in enumerate(node.entries):
            yield from _lines(document, below.value, f"{path}/{number}", below)
