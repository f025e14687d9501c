"""A located Python tree as lines of text, for comparing all of it at once."""

from __future__ import annotations

from collections.abc import Iterator

from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.formats import Reading
from tokenrouter_video.documents.python_tree import parse
from tokenrouter_video.documents.tree import Mapping, Node, Opaque, Scalar, Sequence, Span
from tokenrouter_video.documents.values import entry_names

TYPES = {"string": "str", "integer": "int", "float": "float", "boolean": "bool", "null": "null", "other": "other"}


def outline(text: str) -> list[str]:
    """Return a line for each entry: ``path | what | key | entry``, each as its source text, line ends as ⏎ and ␍⏎.

    ``what`` is a scalar's kind, style and value, a container's layout or kind with its callee, or the code. The node's
    own text follows where it is not the entry's. Of containers the first and last characters are shown.
    """
    root = parse(text).root
    assert isinstance(root, Mapping)
    assert root.layout == "scope"
    assert root.span == root.body == Span(0, len(text))
    return list(_lines(root, text, ""))


def _lines(container: Mapping | Sequence, text: str, path: str) -> Iterator[str]:
    for number, entry in enumerate(container.entries):
        if isinstance(container, Sequence):
            assert entry.key is None
            assert entry.key_span is None
            name = str(number)
        else:
            name = "*" if entry.key is None else entry.key
        here = f"{path}/{name}"
        key = entry.key_span.of(text) if entry.key_span else "-"
        pieces = [here, _what(entry.value, text), key, _shown(entry.span, entry.value, text)]
        if entry.value.span != entry.span:
            pieces.append(_shown(entry.value.span, entry.value, text))
        yield " | ".join(pieces).replace("\r", "␍").replace("\n", "⏎")
        if isinstance(entry.value, Mapping | Sequence):
            yield from _lines(entry.value, text, here)


def _shown(span: Span, node: Node, text: str) -> str:
    shown = span.of(text)
    is_long = isinstance(node, Mapping | Sequence) and len(shown) > 24
    return f"{shown[:12]}…{shown[-12:]}" if is_long else shown


def _what(node: Node, text: str) -> str:
    match node:
        case Scalar():
            assert node.span == node.token
            return f"{node.kind} {node.style} {node.value!r}"
        case Opaque():
            return f"code {node.code}"
        case Mapping(layout="scope"):
            assert node.body == node.span
            return f"scope {node.callee}".rstrip()
        case Mapping(layout="call"):
            assert node.body.end == node.span.end - 1
            assert text[node.body.start - 1] == "("
            assert text[node.body.end] == ")"
            return f"call {node.callee}"
        case Mapping() | Sequence():
            assert node.layout == "flow"
            kind = "dict" if isinstance(node, Mapping) else node.kind
            if text[node.span.start] in "[{(" and kind != "tuple":
                assert node.body == Span(node.span.start + 1, node.span.end - 1)
            else:
                assert node.body in (node.span, Span(node.span.start + 1, node.span.end - 1))
            bare = " bare" if node.body == node.span else ""
            return f"{kind}{bare} {node.callee}".rstrip()
        case _:
            raise AssertionError("Python has no aliases")


def shape(node: Node) -> Reading:
    """Return what a node says as a second reading says it; of code and of ``other`` only that they are there."""
    match node:
        case Mapping():
            pairs = zip(entry_names(node), node.entries, strict=True)
            return {name: shape(entry.value) for name, entry in pairs}
        case Sequence():
            return [shape(entry.value) for entry in node.entries]
        case Scalar(kind="other"):
            return ("other", "")
        case Scalar(value=None):
            return ("null", "null")
        case Scalar(value=bool()):
            return ("bool", str(node.value).lower())
        case Scalar():
            return (TYPES[node.kind], repr(node.value) if node.kind == "float" else str(node.value))
        case _:
            return ("code", "")


def without_code(reading: Reading) -> Reading:
    """Return a second reading without the texts that :func:`shape` leaves out."""
    if isinstance(reading, dict):
        return {name: without_code(value) for name, value in reading.items()}
    if isinstance(reading, list):
        return [without_code(value) for value in reading]
    return (reading[0], "") if reading[0] in ("code", "other") else reading


def containers(document: Document) -> Iterator[Mapping | Sequence]:
    """Yield all containers of a document, those in spreads' places included."""
    waiting: list[Node] = [document.root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping | Sequence):
            yield node
            waiting += (entry.value for entry in node.entries)
