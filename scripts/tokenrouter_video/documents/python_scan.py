"""Tokens of Python source, found without parsing it: what bounds a parser's work and what compares code.

libcst's parser is native and recursive. It overflows its stack, which ends the process, at some thousand nested
brackets, operators or ``elif``; time and memory grow with the depth of each token, and fourfold with each level of a
match pattern (all measured with libcst 1.9). So a text is scanned before it is parsed. Where a string ends is decided
as libcst's tokenizer decides it, f-strings within f-strings (PEP 701) included: what it would read as code is never
skipped here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tokenrouter_video.documents.document import MAX_DEPTH, DocumentError
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

# libcst needs the same stack for one block in another as for about four brackets, for one bracket as for about five
# operators, attributes, strings or `elif`; with this much of them a stack of 1 MB is enough.
MAX_LOAD = 800
_BLOCK_LOAD = 20
_BRACKET_LOAD = 5
# A token or line costs libcst and what follows some 15 microseconds and 2 KB for each bracket around it.
MAX_EFFORT = 500_000
_CHAIN_EFFORT = 16
_PATTERN_BASE = 4

_NAME = r"(?:[A-Za-z_]|[^\x00-\x7f])(?:[A-Za-z0-9_]|[^\x00-\x7f])*+"
_DIGITS = r"[0-9](?:_?[0-9])*+"
_TOKEN = regex(
    rf"""
      (?P<space>[ \t\f]++ | \\(?:\r\n|\r|\n))
    | (?P<comment>\#[^\r\n]*+)
    | (?P<newline>\r\n?|\n)
    | (?P<string>(?:[uU]|[bB][rR]?|[rR][bB]?)?+
        (?: \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
          | "(?!"")(?:[^"\\\r\n]|\\(?:\r\n|.))*+" | '(?!'')(?:[^'\\\r\n]|\\(?:\r\n|.))*+' ))
    | (?P<fstart>(?:[fFtT][rR]?|[rR][fFtT])(?:\"\"\"|'''|"|'))
    | (?P<name>{_NAME})
    | (?P<number>0[xX](?:_?[0-9a-fA-F])++ | 0[oO](?:_?[0-7])++ | 0[bB](?:_?[01])++
        | (?:{_DIGITS}(?:\.(?:{_DIGITS})?+)?+ | \.{_DIGITS})(?:[eE][+-]?+{_DIGITS})?+[jJ]?+)
    | (?P<open>[(\[{{])
    | (?P<close>[)\]}}])
    | (?P<op>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_FSTRING_STOP = regex(r"""[{}\\"'\r\n]""")
# What libcst skips behind a backslash of an f-string; any other character is looked at as if no backslash stood there.
_ESCAPED = frozenset("\n\\'\"abfnrtvx0123456789NuU")

Token: TypeAlias = tuple[str, int, int]


@dataclass(slots=True)
class _FString:
    quote: str
    raw: bool


def tokens(text: str) -> Iterator[Token]:
    """Yield ``(kind, start, end)`` for the whole text, nothing left out.

    Kinds: ``space`` (line continuations too), ``comment``, ``newline``, ``string``, ``name``, ``number``, ``open``,
    ``close``, ``op`` (one character), and for f-strings and t-strings ``fstart`` (prefix and quote), ``ftext``,
    ``fend``, with ``open`` and ``close`` around each field's code. Raises :class:`DocumentError` where a string has no
    end or brackets do not match.
    """
    match = _TOKEN.match
    # Closing brackets that are due. "field" and "spec" are a field of an f-string before and behind its colon, "text"
    # is the f-string around them.
    due: list[str] = []
    fstrings: list[_FString] = []
    position = 0
    while position < len(text):
        mode = due[-1] if due else ""
        if mode in ("text", "spec"):
            start, position = position, _fstring_text(text, position, fstrings[-1], mode == "spec")
            if position > start:
                yield "ftext", start, position
            if text[position] == "{":
                due.append("field")
                yield "open", position, position + 1
                position += 1
            elif text[position] == "}":
                due.pop()
                yield "close", position, position + 1
                position += 1
            elif mode == "spec":
                raise DocumentError("a field of an f-string has no closing brace", position)
            else:
                due.pop()
                end = position + len(fstrings.pop().quote)
                yield "fend", position, end
                position = end
            continue
        found = match(text, position)
        assert found is not None
        kind, end = found.lastgroup or "", found.end()
        if kind == "open":
            due.append(_CLOSING[text[position]])
        elif kind == "close":
            wanted = due.pop() if due else ""
            if text[position] != ("}" if wanted == "field" else wanted):
                raise DocumentError("a closing bracket does not match", position)
        elif kind == "fstart":
            quote = found[0].lstrip("fFtTrR")
            fstrings.append(_FString(quote, "r" in found[0].lower()))
            due.append("text")
        elif kind == "op":
            if text[position] in "\"'":
                raise DocumentError("a string has no end", position)
            if text[position] == ":" and mode == "field":
                due[-1] = "spec"
        yield kind, position, end
        position = end
    if due:
        raise DocumentError("a bracket or an f-string has no end", len(text))


def _fstring_text(text: str, position: int, fstring: _FString, in_spec: bool) -> int:
    """Return where the literal text of an f-string ends: at a brace that opens or closes a field, or at its quote."""
    named = False  # in the braces of a character's name, whose closing brace is text
    while found := _FSTRING_STOP.search(text, position):
        position = found.start()
        char = found[0]
        if char in "\r\n":
            if len(fstring.quote) == 1:
                break
        elif char in "\"'":
            if text.startswith(fstring.quote, position):
                return position
        elif char == "\\":
            position, named = _skip_escape(text, position + 1, fstring.raw, in_spec, named)
            continue
        elif char == "{":
            if in_spec or not text.startswith("{{", position):
                return position
            position += 1
        elif named:
            named = False
        elif in_spec:
            return position
        elif text.startswith("}}", position):
            position += 1
        else:
            raise DocumentError("a single closing brace stands in an f-string", position)
        position += 1
    raise DocumentError("an f-string has no end", min(position, len(text)))


def _skip_escape(text: str, position: int, raw: bool, in_spec: bool, named: bool) -> tuple[int, bool]:
    """Return the position behind what a backslash escapes, and whether that opened the braces of a character's name."""
    char = text[position : position + 1]
    newline = 2 if text.startswith("\r\n", position) else 1
    if raw:
        return (position + 1 if char and char in "\"'\\" else position), named
    if in_spec:
        return (position if char in ("{", "}", "") else position + newline), named
    if char == "\r" or (char and char in _ESCAPED):
        position += newline
        if char == "N" and text.startswith("{", position):
            return position + 1, True
    return position, named


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a text before it is parsed.

    ``end`` is where its last token ends: only comments and white space follow. ``feeds`` are the ranges in front of
    statements up to a form feed, which starts a line's indentation anew.
    """

    end: int
    feeds: tuple[tuple[int, int], ...]


def survey(text: str) -> Survey:
    """Scan a text once; raise :class:`DocumentError` where parsing it would go too deep or take too long."""
    levels = [_Level()]
    chain = 0  # the sum of the levels'
    blocks = _Blocks()
    effort = 0
    end = 0
    line_start: int | None = 0  # set until the line's first token
    in_pattern = False
    feeds: list[tuple[int, int]] = []
    for kind, start, stop in tokens(text):
        if kind in ("space", "comment"):
            continue
        depth = len(levels) - 1
        if effort > MAX_EFFORT:
            raise DocumentError("the file has too much Python code to be read", start)
        if kind == "newline":
            effort += 1
            if depth == 0:
                chain, levels[0], line_start, in_pattern = 0, _Level(), stop, False
            continue
        end = stop
        if line_start is not None:
            first = text[start:stop]
            feed = text.rfind("\f", line_start, start) + 1
            if feed:
                feeds.append((line_start, feed))
            blocks.line(text[max(feed, line_start) : start], first)
            in_pattern = first == "case"
            line_start = None
        if kind in ("close", "fend"):
            chain -= levels.pop().chain
        word = text[start:stop] if kind in ("op", "name") else ""
        chain += levels[-1].add(kind, word)
        if depth == 0 and word in (":", "if"):
            in_pattern = False
        if kind in ("open", "fstart"):
            levels.append(_Level())
        if depth > MAX_DEPTH:
            raise DocumentError(f"brackets are nested more than {MAX_DEPTH} deep", start)
        if chain + blocks.load + depth * _BRACKET_LOAD > MAX_LOAD:
            raise DocumentError("an expression is too long, or the code is nested too deeply", start)
        effort += _PATTERN_BASE ** min(depth, 15) if in_pattern else 1 + depth + chain // _CHAIN_EFFORT
    return Survey(end, tuple(feeds))


class _Level:
    """What stands between two brackets: ``chain`` is the load of the tokens since the last comma that ends anything.

    The commas of a lambda's parameters and of what ``for`` assigns to do not: what follows is nested in these words.
    """

    __slots__ = ("chain", "fors", "lambdas")

    def __init__(self) -> None:
        self.chain = 0
        self.lambdas = 0
        self.fors = 0

    def add(self, kind: str, word: str) -> int:
        """Add a token, of which the text matters for operators and names, and return by how much the load grew."""
        load = 1
        if kind == "op":
            if word in ",;" and not self.lambdas and not self.fors:
                load -= self.chain
            elif word == ":" and self.lambdas:
                self.lambdas -= 1
        elif word == "lambda":
            self.lambdas += 1
            load = _BRACKET_LOAD
        elif word == "for":
            self.fors += 1
        elif word == "in" and self.fors:
            self.fors -= 1
        self.chain += load
        return load


class _Blocks:
    """The blocks that a line stands in, by their columns, and the ``elif`` of the chains that are open in them.

    Each ``elif`` is nested in the one before it. ``load`` is what the blocks and they add to the stack.
    """

    def __init__(self) -> None:
        self.load = 0
        self._open: list[tuple[int, int]] = []  # column and number of elifs, outermost first

    def line(self, indent: str, word: str) -> None:
        """Enter the next logical line, by its indentation and first word."""
        column = len(indent.expandtabs(8))
        elifs = 0
        while self._open and self._open[-1][0] >= column:
            at, size = self._open.pop()
            self.load -= size + _BLOCK_LOAD
            if at == column and word in ("elif", "else"):
                elifs = size
        elifs += word == "elif"
        self._open.append((column, elifs))
        self.load += elifs + _BLOCK_LOAD


_PLAIN = regex(rf"{_NAME}(?:\.{_NAME})*+")
_WORDS = frozenset({"name", "number", "string", "fstart", "fend"})


def compact(code: str) -> str:
    """Return an expression's text without comments and without white space that separates nothing.

    Words, numbers and strings that follow each other have one space between them; what stands in strings stays as it
    is. Raises :class:`DocumentError` as :func:`tokens`.
    """
    if _PLAIN.fullmatch(code):
        return code
    pieces: list[str] = []
    before, gap, quoted = "", False, 0
    for kind, start, end in tokens(code):
        if not quoted and kind in ("space", "comment", "newline"):
            gap = True
            continue
        text = code[start:end]
        if not quoted and ((before in _WORDS and kind in _WORDS) or (gap and before == "number" and text == ".")):
            pieces.append(" ")
        pieces.append(text)
        quoted += (kind == "fstart") - (kind == "fend")
        before, gap = kind, False
    return "".join(pieces)
