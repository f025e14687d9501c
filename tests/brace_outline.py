"""A located tree of the brace family as plain Python values, to compare all of it at once, and a check of its spans."""

from __future__ import annotations

from typing import Any

from tokenrouter_video.documents.brace import parse
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Opaque, Scalar, Sequence


class Code(str):
    """The text of an opaque node, told apart from a string."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Code({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Code) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def outline(node: Node) -> Any:
    """Return a flow mapping as a dict, a sequence as a list, a scalar as its value and code as :class:`Code`.

    Keyless members are keyed by their number. ``(layout or callee, ...)`` stands in front of what is no bare literal:
    ``("scope", {...})``, ``("call", "name", {...})``, ``("Set", [...])``.
    """
    match node:
        case Scalar():
            return node.value
        case Opaque():
            return Code(node.code)
        case Sequence():
            items = [outline(entry.value) for entry in node.entries]
            return (node.callee, items) if node.callee else items
        case Mapping():
            members = {
                number if entry.key is None else entry.key: outline(entry.value)
                for number, entry in enumerate(node.entries)
            }
            head = tuple(part for part in ("" if node.layout == "flow" else node.layout, node.callee) if part)
            return (*head, members) if head else members
        case _:
            raise AssertionError("the brace family has no aliases")


def bindings(text: str, format: str = "typescript") -> dict[str, Any]:
    """Return the bindings of a code file."""
    document = parse(text, format)
    check_spans(document)
    assert document.format == format
    layout, found = outline(document.root)
    assert layout == "scope"
    assert isinstance(found, dict)
    return found


def value_of(expression: str) -> Any:
    """Return what an expression becomes."""
    found = bindings(f"const x = {expression};")
    assert list(found) == ["x"]
    return found["x"]


def check_spans(document: Document) -> None:
    """Check that every node lies in its entry, every entry in its parent's body behind the one before, and so on."""
    text = document.text
    stack: list[Node] = [document.root]
    while stack:
        node = stack.pop()
        assert 0 <= node.span.start <= node.span.end <= len(text)
        if isinstance(node, Scalar):
            assert node.token == node.span
        if not isinstance(node, Mapping | Sequence):
            continue
        if node.layout == "flow":
            assert text[node.span.start] + text[node.span.end - 1] in ("{}", "[]")
            assert (node.body.start, node.body.end) == (node.span.start + 1, node.span.end - 1)
        elif node.layout == "call":
            assert text[node.body.start - 1] + text[node.body.end] == "()"
            assert node.body.end + 1 == node.span.end
        else:
            assert node.layout == "scope"
            assert node.body == node.span
            keys = [entry.key for entry in node.entries]
            assert None not in keys
            assert len(keys) == len(set(keys))
        position = node.body.start
        for entry in node.entries:
            if node.layout == "flow":
                assert position <= entry.span.start
            assert node.body.start <= entry.span.start <= entry.span.end <= node.body.end
            _check_entry(entry)
            position = entry.span.end
            stack.append(entry.value)


def _check_entry(entry: Entry) -> None:
    assert entry.span.start <= entry.value.span.start
    assert entry.value.span.end <= entry.span.end
    if entry.key_span is not None:
        assert entry.span.start <= entry.key_span.start <= entry.key_span.end <= entry.span.end
