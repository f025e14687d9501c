"""Objects, arrays, strings, numbers and words: JSON, JSONC and JSON5 whole, and what code is read on top of."""

from __future__ import annotations

from tokenrouter_video.documents.brace_scalars import (
    INVALID,
    JSON,
    JSON5,
    JSONC,
    WORDS,
    Decoded,
    decode_name,
    decode_number,
    decode_string,
)
from tokenrouter_video.documents.brace_tokens import (
    END,
    NAME,
    NUMBER,
    PLAIN,
    RESERVED,
    STRING,
    STRINGS,
    TEMPLATE,
    Tokens,
    tokenize,
)
from tokenrouter_video.documents.document import DocumentError, Obstacle
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Scalar, Sequence, Span

_STYLES = {'"': "double", "'": "single", "`": "backtick"}
_DIALECT_NAMES = ("json", "jsonc", "json5")


class LiteralParser:
    """Reads literals from tokens; methods take the index of a first token and return what stands there.

    ``dialect`` is the most that the spelling needed so far; what needs more than ``allowed`` is an error.
    """

    allowed = JSON5

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.text = tokens.text
        self.kinds = tokens.kinds
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.partner = tokens.partner
        self.dialect = JSON
        self.obstacles: list[Obstacle] = []

    def value(self, index: int, *, is_item: bool = False) -> tuple[Node, int]:
        """Return the value at a token and the index of the token behind it; ``is_item`` says that a list holds it."""
        kind = self.kinds[index]
        if kind == PLAIN:
            start, end = self.starts[index], self.ends[index]
            span = Span(start, end)
            return Scalar(span, span, self.text[start + 1 : end - 1], "string", "double"), index + 1
        if kind == "{":
            return self.mapping(index), self.partner[index] + 1
        if kind == "[":
            return self.sequence(index), self.partner[index] + 1
        scalar = self.scalar(index)
        if scalar is None:
            raise DocumentError("a value is expected", self.starts[index])
        return scalar

    def scalar(self, index: int) -> tuple[Scalar, int] | None:
        """Return the scalar at a token and the index of the token behind it, ``None`` where none starts."""
        kind, start, end = self.kinds[index], self.starts[index], self.ends[index]
        style = "plain"
        last = index
        if kind in STRINGS or kind == TEMPLATE:
            decoded = decode_string(self.text[start:end])
            style = _STYLES[self.text[start]]
        elif kind == NUMBER:
            decoded = decode_number(self.text[start:end])
        elif kind in ("-", "+"):
            last = index + 1
            signed = self._signed(kind, last)
            if signed is None:
                return None
            decoded = signed
        elif kind == NAME:
            word = WORDS.get(self.text[start:end])
            if word is None:
                return None
            decoded = word
        else:
            return None
        if decoded.dialect > self.dialect:
            self._need(decoded.dialect, start)
        span = Span(start, self.ends[last])
        return Scalar(span, span, decoded.value, decoded.kind, style), last + 1

    def _signed(self, sign: str, index: int) -> Decoded | None:
        """Return the value of the number at a token with the sign in front of it."""
        word = self.tokens.word(index)
        if self.starts[index] > self.ends[index - 1] and self.allowed <= JSON5:
            return None
        if self.kinds[index] == NUMBER:
            return decode_number(sign + word)
        if self.kinds[index] == NAME and word in ("Infinity", "NaN"):
            return Decoded(sign + word, "other", JSON5)
        return None

    def _need(self, dialect: int, offset: int) -> None:
        if dialect > self.dialect:
            if dialect > self.allowed:
                what = "an escape or a number is written wrongly" if dialect == INVALID else "JSON5 has no such literal"
                raise DocumentError(what, offset)
            self.dialect = dialect

    def key(self, index: int) -> str | None:
        """Return the key that a token spells, ``None`` where it spells none."""
        kind, start, end = self.kinds[index], self.starts[index], self.ends[index]
        if kind == PLAIN:
            return self.text[start + 1 : end - 1]
        if kind == STRING:
            decoded = decode_string(self.text[start:end])
            self._need(decoded.dialect, start)
            return str(decoded.value)
        if kind == NAME or kind in RESERVED:
            name, is_identifier = decode_name(self.text[start:end])
            if not is_identifier and self.allowed <= JSON5:
                return None
            if self.dialect < JSON5:
                self._need(JSON5, start)
            return name
        if kind == NUMBER and self.allowed > JSON5:
            decoded = decode_number(self.text[start:end])
            return str(decoded.value) if decoded.kind == "integer" else self.text[start:end]
        return None

    def mapping(self, opening: int) -> Mapping:
        """Return the object between two brackets."""
        kinds, starts, ends = self.kinds, self.starts, self.ends
        closing = self.partner[opening]
        entries: list[Entry] = []
        keys: set[str] = set()
        index = opening + 1
        while index < closing:
            start, end = starts[index], ends[index]
            if kinds[index + 1] != ":":
                key = None
            elif kinds[index] == PLAIN:
                key = self.text[start + 1 : end - 1]
            else:
                key = self.key(index)
            if key is None:
                entry, index = self.special_member(index)
            else:
                key_span = Span(start, end)
                value, index = self.value(index + 2)
                entry = Entry(key, key_span, value, Span(start, ends[index - 1]))
                if key in keys:
                    self.obstacles.append(Obstacle(start, "a duplicate key"))
                keys.add(key)
            entries.append(entry)
            if index < closing:
                index = self._separator(index, closing)
        return Mapping(Span(starts[opening], ends[closing]), self._body(opening), tuple(entries), "flow")

    def sequence(self, opening: int) -> Sequence:
        """Return the array between two brackets."""
        kinds, starts, ends = self.kinds, self.starts, self.ends
        closing = self.partner[opening]
        entries: list[Entry] = []
        index = opening + 1
        while index < closing:
            if kinds[index] in (",", "..."):
                entry, index = self.special_item(index)
            else:
                start = starts[index]
                value, index = self.value(index, is_item=True)
                entry = Entry(None, None, value, Span(start, ends[index - 1]))
            entries.append(entry)
            if index < closing:
                index = self._separator(index, closing)
        return Sequence(Span(starts[opening], ends[closing]), self._body(opening), tuple(entries), "flow")

    def special_member(self, index: int) -> tuple[Entry, int]:
        """Return a member that is no key with a value, and the index behind it; JSON has none."""
        if self.key(index) is not None:
            raise DocumentError("a ':' is expected behind the key", self.ends[index])
        raise DocumentError("a key is expected", self.starts[index])

    def special_item(self, index: int) -> tuple[Entry, int]:
        """Return an item that is no value, a hole or a spread, and the index behind it; JSON has none."""
        raise DocumentError("a value is expected", self.starts[index])

    def _body(self, opening: int) -> Span:
        return Span(self.ends[opening], self.starts[self.partner[opening]])

    def _separator(self, index: int, closing: int) -> int:
        """Return the index behind the comma at a token."""
        if self.kinds[index] != ",":
            raise DocumentError("a ',' or a closing bracket is expected", self.starts[index])
        if index + 1 == closing:
            self._need(JSONC, self.starts[index])
        return index + 1


def parse_value(text: str) -> tuple[Node, str, tuple[Obstacle, ...]]:
    """Return the one value that a text is, the dialect that it needs (``json``, ``jsonc``, ``json5``), and obstacles.

    Raises :class:`DocumentError` where it is none, and for an empty text.
    """
    tokens = tokenize(text)
    if tokens.kinds[0] == END:
        raise DocumentError("there is no value in the file", 0)
    parser = LiteralParser(tokens)
    root, index = parser.value(0)
    if tokens.kinds[index] != END:
        raise DocumentError("something stands behind the value", tokens.starts[index])
    if tokens.has_strange_space:
        parser.dialect = JSON5
    elif tokens.has_comments:
        parser.dialect = max(parser.dialect, JSONC)
    return root, _DIALECT_NAMES[parser.dialect], tuple(parser.obstacles)
