"""How a string is spelled in its file: where each character of its value stands, and how new text is written there.

One rule for every format and style: each character of the value has a place of its own in the source, and the source
has nothing else but quotes, indentation and escapes. A string of which that is not true (folded lines, joined pieces)
has no spelling, and nothing is written into it.
"""

from __future__ import annotations

import re
from functools import cache

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.edits import TextEdit
from tokenrouter_video.documents.tree import Scalar
from tokenrouter_video.records import dataclass

_BRACE = frozenset({"json", "jsonc", "json5", "javascript", "typescript"})
_QUOTES = {"single": 1, "double": 1, "backtick": 1, "triple-single": 3, "triple-double": 3}
_QUOTES |= {"multiline-basic": 3, "multiline-literal": 3}
_ON_LINES = frozenset({"backtick", "triple-single", "triple-double", "multiline-basic", "multiline-literal"})

_HEX = "[0-9A-Fa-f]"
# JSON writes a character beyond U+FFFF as two escapes.
_PAIR = rf"\\u[dD][89abAB]{_HEX}{{2}}\\u[dD][c-fC-F]{_HEX}{{2}}"
# Escapes by the grammar that reads them; the group `none` stands for no character at all.
_ESCAPES = {
    "brace": rf"{_PAIR}|\\u\{{{_HEX}{{1,8}}\}}|\\u{_HEX}{{4}}|\\x{_HEX}{{2}}"
    r"|(?P<none>\\(?:\r\n|[\n\r\u2028\u2029]))|\\[\s\S]",
    "yaml": rf"{_PAIR}|\\x{_HEX}{{2}}|\\u{_HEX}{{4}}|\\U{_HEX}{{8}}"
    r"|(?P<none>\Z)|\\.",
    "toml": rf"\\x{_HEX}{{2}}|\\u{_HEX}{{4}}|\\U{_HEX}{{8}}|(?P<none>\\[ \t]*\r?\n\s*)|\\.",
    "python": rf"\\N\{{[^}}]*\}}|\\x{_HEX}{{2}}|\\u{_HEX}{{4}}|\\U{_HEX}{{8}}|\\[0-7]{{1,3}}|(?P<none>\\\r?\n)|\\.",
    "doubled": r"''|(?P<none>\Z)",
    "raw": r"(?P<none>\Z)",
}
_FOLDED = "its lines are folded, so that they are not the lines of the file; write the text as a literal block (|)"


@cache
def _escapes(grammar: str) -> re.Pattern[str]:
    return re.compile(_ESCAPES[grammar])


@dataclass(frozen=True)
class Spelling:
    """Where the characters of a string's value stand: each from ``starts[n]`` up to ``ends[n]``.

    ``indent`` is what stands in front of a block scalar's lines, ``None`` for quoted strings; ``newline`` is how a line
    end of the value is written, empty where a string has none.
    """

    document: Document
    node: Scalar
    starts: list[int]
    ends: list[int]
    newline: str
    grammar: str = ""
    indent: str | None = None
    empty_lines: frozenset[int] = frozenset()

    def line(self, offset: int) -> int:
        """Return the line of the file, from 1, on which a character of the value stands."""
        place = self.starts[offset] if offset < len(self.starts) else self.node.token.end
        return self.document.line(place)

    def edit(self, edit: TextEdit) -> TextEdit:
        """Return the edit of the file that makes an edit of the value; raise :class:`DocumentError` where none does."""
        return self._quoted_edit(edit) if self.indent is None else self._block_edit(edit, self.indent)

    def _fail(self, reason: str) -> DocumentError:
        return DocumentError(reason, self.node.token.start)

    def _place(self, edit: TextEdit, end_of_text: int) -> tuple[int, int]:
        start = self.starts[edit.start] if edit.start < len(self.starts) else end_of_text
        return start, start if edit.is_insertion else self.ends[edit.end - 1]

    # -- quoted strings --------------------------------------------------------------------------------------------

    def _quoted_edit(self, edit: TextEdit) -> TextEdit:
        start, end = self._place(edit, self.node.token.end - _QUOTES[self.node.style])
        return TextEdit(start, end, self._quoted(edit.text))

    def _quoted(self, text: str) -> str:
        """Return text as it is spelled between the string's quotes."""
        style, on_lines = self.node.style, self.node.style in _ON_LINES
        quote = self.node.token.of(self.document.text)[-1]
        if not on_lines and self.grammar in ("raw", "doubled") and ("\n" in text or "\r" in text):
            raise self._fail("the new text spans lines, and this string of one line has no escape for that")
        if self.grammar == "raw":
            if quote * _QUOTES[style] in text:
                raise self._fail("the new text holds the quotes that would end this string")
        elif self.grammar == "doubled":
            text = text.replace("'", "''")
        elif not on_lines:
            import json

            text = json.dumps(text, ensure_ascii=False)[1:-1]
            text = text.replace('\\"', '"').replace("'", "\\'") if quote == "'" else text
        else:
            text = text.replace("\\", "\\\\")
            text = text.replace("`", "\\`").replace("${", "\\${") if style == "backtick" else text
            text = text.replace(quote * 3, quote * 2 + "\\" + quote)
        return text.replace("\n", self.newline) if on_lines and "\r" not in text else text

    # -- block scalars ---------------------------------------------------------------------------------------------

    def _block_edit(self, edit: TextEdit, indent: str) -> TextEdit:
        value, text = str(self.node.value), edit.text
        if edit.is_insertion and edit.start == len(value) and value.endswith("\n"):
            # Behind the last line end the block is over: the same text comes about in front of it.
            if not text.endswith("\n"):
                raise self._fail("the new text would leave the last line of this block without its end")
            edit = TextEdit(len(value) - 1, len(value) - 1, "\n" + text[:-1])
            text = edit.text
        if text and self.node.style == "folded":
            raise self._fail(f"a text that is written with > cannot be edited safely: {_FOLDED}")
        start, end = self._place(edit, self.node.token.end)
        lines = text.split("\n")
        is_at_line_start = edit.start == 0 or value[edit.start - 1] == "\n"
        rest = value[edit.end : edit.end + 1]
        if is_at_line_start and edit.is_insertion and len(lines) > 1 and not lines[-1] and edit.start < len(value):
            # Whole lines go in front of the indentation of the line that they push down.
            start = end = self.document.text.rfind("\n", 0, start) + 1
            written = [indent + line if line else line for line in lines]
        else:
            blanks = start - (self.document.text.rfind("\n", 0, start) + 1)
            first = indent[blanks:] if edit.start in self.empty_lines and lines[0] else ""
            last_needs_it = rest not in ("", "\n")
            written = [first + lines[0], *(indent + line if line else line for line in lines[1:])]
            if len(lines) > 1 and not lines[-1] and last_needs_it:
                written[-1] = indent
        return TextEdit(start, end, self.newline.join(written))


def spelling(document: Document, node: Scalar) -> Spelling:
    """Return how a string is spelled; raise :class:`DocumentError` where its characters have no places of their own."""
    if not isinstance(node.value, str):
        raise DocumentError("this is no string", node.token.start)
    if node.style in ("literal", "folded"):
        return _block(document, node, node.value)
    if node.style in _QUOTES:
        return _quoted(document, node, node.value)
    raise DocumentError(f"a text in a string of {node.style} style cannot be edited safely", node.token.start)


def _quoted(document: Document, node: Scalar, value: str) -> Spelling:
    text, quotes = document.text, _QUOTES[node.style]
    token = node.token.of(text)
    prefix = len(token) - len(token.lstrip("rRuU")) if document.format == "python" else 0
    at, end = node.token.start + prefix + quotes, node.token.end - quotes
    if document.format == "yaml" and "\n" in text[at:end]:
        raise DocumentError(f"a text in quotes over several lines cannot be edited safely: {_FOLDED}", node.token.start)
    grammar = _grammar(document.format, node.style, token[:prefix])
    escapes = _escapes(grammar)
    starter = "'" if grammar == "doubled" else "\\"
    if document.format == "toml" and node.style.startswith("multiline"):
        # A line end right behind the opening quotes is not part of the text (toml.io/en/v1.0.0#string).
        at += 2 if text.startswith("\r\n", at) else 1 if text.startswith("\n", at) else 0
    starts: list[int] = []
    ends: list[int] = []
    newline = document.newline
    while at < end:
        char = text[at]
        match = escapes.match(text, at, end) if char == starter and grammar != "raw" else None
        after = match.end() if match is not None else at + 1
        if (
            match is None
            and char == "\r"
            and text.startswith("\n", after)
            and value[len(starts) : len(starts) + 1] == "\n"
        ):
            char, after = "\n", after + 1
        if match is None and value[len(starts) : len(starts) + 1] != char:
            break
        if match is None or match["none"] is None:
            starts.append(at)
            ends.append(after)
        at = after
    if at != end or len(starts) != len(value):
        raise DocumentError("a text in a string with such escapes cannot be edited safely", node.token.start)
    return Spelling(document, node, starts, ends, newline, grammar)


def _grammar(format_name: str, style: str, prefix: str) -> str:
    if format_name in _BRACE:
        return "brace"
    if format_name == "yaml":
        return "yaml" if style == "double" else "doubled"
    if format_name == "toml":
        return "toml" if style in ("double", "multiline-basic") else "raw"
    return "raw" if "r" in prefix.lower() else "python"


def _block(document: Document, node: Scalar, value: str) -> Spelling:
    """Return the spelling of a block scalar (https://yaml.org/spec/1.2.2/#81-block-scalar-styles)."""
    text = document.text
    lines = value.split("\n")
    at = text.find("\n", node.token.start) + 1
    starts: list[int] = []
    ends: list[int] = []
    empty: set[int] = set()
    indent: int | None = None
    newline = "\r\n" if text[:at].endswith("\r\n") else "\n"
    for number, line in enumerate(lines):
        is_last = number == len(lines) - 1
        if is_last and not line:
            break
        if not at:
            raise DocumentError(_misplaced(node), node.token.start)
        stop = text.find("\n", at)
        after = stop + 1 if stop >= 0 else len(text)
        written = text[at : stop if stop >= 0 else len(text)].removesuffix("\r")
        width = len(written) - len(line)
        if line:
            indent = width if indent is None else indent
            if width != indent or written != " " * indent + line:
                raise DocumentError(_misplaced(node), node.token.start)
        elif written.strip(" "):
            raise DocumentError(_misplaced(node), node.token.start)
        else:
            empty.add(len(starts))
        begin, close = at + width, at + len(written)
        starts += range(begin, close)
        ends += range(begin + 1, close + 1)
        if not is_last:
            starts.append(close)
            ends.append(after)
        at = after
    if indent is None:
        raise DocumentError("a block without a line of text cannot be edited safely", node.token.start)
    return Spelling(document, node, starts, ends, newline, "", " " * indent, frozenset(empty))


def _misplaced(node: Scalar) -> str:
    if node.style == "folded":
        return f"a text that is written with > cannot be edited safely: {_FOLDED}"
    return "a block of text whose lines are not those of the file cannot be edited safely"
