"""Writing a list or map that has no model to follow, in the file's general style."""

from __future__ import annotations

from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.file_style import FileStyle
from tokenrouter_video.documents.scalars import is_bare_key, key_text
from tokenrouter_video.documents.tree import Node
from tokenrouter_video.documents.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class WriteValue(Protocol):
        """How the values inside are written: see :meth:`~tokenrouter_video.documents.render.Renderer.value`."""

        def __call__(self, value: Value, like: Node | None, indent: str, *, in_flow: bool) -> str:
            """Return a value's source text."""


class FreshText:
    """Writes collections between brackets and, in YAML, as blocks; on one line where they may not ``may_spread``."""

    def __init__(self, document: Document, style: FileStyle, *, may_spread: bool = True) -> None:
        self.document = document
        self.format = document.format
        self.style = style
        self.may_spread = may_spread

    def flow(self, value: dict[str, Value] | list[Value], indent: str, write: WriteValue) -> str:
        """Return a collection between brackets, over several lines where the file writes such ones so."""
        is_mapping = isinstance(value, dict)
        opening, closing = "{}" if is_mapping else "[]"
        if not value:
            return opening + closing
        members = value.values() if isinstance(value, dict) else value
        is_nested = any(isinstance(one, dict | list) for one in members)
        on_lines = self.may_spread and self.style.spreads_over_lines(is_mapping=is_mapping, is_nested=is_nested)
        inner = indent + self.style.unit if on_lines else indent
        parts = self._parts(value, inner, write)
        if on_lines:
            newline = self.document.newline
            lines = ("," + newline + inner).join(parts)
            return opening + newline + inner + lines + self.style.trailing_comma + newline + indent + closing
        pad = self.style.brace_padding if is_mapping else ""
        return opening + pad + self.style.separator.join(parts) + pad + closing

    def _parts(self, value: dict[str, Value] | list[Value], indent: str, write: WriteValue) -> list[str]:
        if isinstance(value, list):
            return [write(one, None, indent, in_flow=True) for one in value]
        return [
            self._key(key) + self.style.colon + write(one, None, indent, in_flow=True) for key, one in value.items()
        ]

    def _key(self, key: str) -> str:
        quote = self.style.key_quote(None)
        usual = "" if quote or is_bare_key(key, self.format) else self.style.quote
        return key_text(key, self.format, quote, usual=usual)

    def block(self, value: dict[str, Value] | list[Value], indent: str, write: WriteValue) -> str:
        """Return a YAML block that starts with a line end, its entries one step further in."""
        inner = indent + (self.style.list_indent if isinstance(value, list) else self.style.unit)
        if isinstance(value, list):
            lines = ["- " + self.block_item(one, inner + "  ", write) for one in value]
        else:
            lines = self._lines(value, inner, write)
        newline = self.document.newline
        return "".join(newline + inner + line for line in lines)

    def block_item(self, value: Value, indent: str, write: WriteValue) -> str:
        """Return what stands behind a dash: a map starts on the dash's own line."""
        if isinstance(value, dict) and value:
            return (self.document.newline + indent).join(self._lines(value, indent, write))
        return write(value, None, indent, in_flow=isinstance(value, list))

    def _lines(self, value: dict[str, Value], indent: str, write: WriteValue) -> list[str]:
        lines: list[str] = []
        for key, one in value.items():
            text = write(one, None, indent, in_flow=False)
            name = key_text(key, "yaml", usual=self.style.quote if not is_bare_key(key, "yaml") else "")
            lines.append(name + (":" if text[:1] in ("\n", "\r") else ": ") + text)
        return lines
