"""A located TOML tree as lines of text, for comparing all of it at once."""

from __future__ import annotations

from tokenrouter_video.documents.toml_tree import parse
from tokenrouter_video.documents.tree import Entry, Mapping, Scalar, Sequence, Span, children


def outline(text: str) -> list[str]:
    """Return a line for each entry: ``pointer | what | key | entry``, each as its source text, line ends as ⏎ and ␍⏎.

    ``what`` is a scalar's kind, style and value, or a collection's layout, with a header's parts in brackets. The
    node's own text follows where it is not the entry's.
    """
    document = parse(text)
    assert isinstance(document.root, Mapping)
    assert document.root.layout == "file"
    assert document.root.span == document.root.body == Span(0, len(text))
    lines: list[str] = []
    for key, entry in children(document.root):
        _add(lines, text, f"/{key}", entry)
    return lines


def _add(lines: list[str], text: str, path: str, entry: Entry) -> None:
    node = entry.value
    match node:
        case Scalar():
            assert node.span == node.token
            what = f"{node.kind} {node.style} {node.value!r}"
        case Mapping() | Sequence():
            inner = Span(node.span.start + 1, node.span.end - 1) if node.layout == "flow" else node.span
            assert node.body == inner
            what = f"{node.layout} {type(node).__name__.lower()}"
        case _:
            raise AssertionError("TOML has neither aliases nor code")
    if isinstance(node, Mapping) and node.header:
        what += " [" + " ".join(part.of(text) for part in node.header) + "]"
    if isinstance(node, Mapping) and node.scattered:
        what += " scattered"
    pieces = [path, what, entry.key_span.of(text) if entry.key_span else "-", entry.span.of(text)]
    if node.span != entry.span:
        pieces.append(node.span.of(text))
    lines.append(" | ".join(pieces).replace("\r", "␍").replace("\n", "⏎"))
    for part, below in children(node):
        _add(lines, text, f"{path}/{part}", below)
