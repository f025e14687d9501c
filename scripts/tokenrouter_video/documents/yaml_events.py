"""ruamel.yaml's pure-Python parser events, with the places that its events leave out.

Only the reader, scanner and parser of ruamel.yaml run: nothing is composed or constructed, no alias is followed, and no
comment is kept. What is changed in them, and why:

* marks are three numbers: cheap, and no error can carry the file's text;
* positions of dashes, ``?``, ``:``, anchors and tags are noted when the parser takes their tokens, because events lack
  them, or (an empty value, an anchor behind a tag) have them wrong;
* tabs may stand behind a value or a key's colon, as in YAML 1.2 and libyaml, and on lines that hold nothing but a
  comment; never in indentation;
* a ``?`` in a flow collection is an indicator only in front of a blank or another indicator, as in YAML 1.2 (section
  7.3.3) and libyaml;
* blank lines above a block scalar's text may be indented less than it, as in YAML 1.2 (section 8.1.1.1);
* U+0085, U+2028 and U+2029 are ordinary characters, as in YAML 1.2 (section 5.4): see :func:`stand_ins`;
* a directive is forgotten at the end of its document.
"""

from __future__ import annotations

import re

from ruamel.yaml.docinfo import DocInfo
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import (
    AnchorToken,
    BlockEntryToken,
    DocumentEndToken,
    KeyToken,
    ScalarToken,
    TagToken,
    ValueToken,
)

from tokenrouter_video.documents.document import MAX_DEPTH, DocumentError
from tokenrouter_video.patterns import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NOWHERE = -1

_SEPARATORS = "\x85\u2028\u2029"
_ENDS = " \t\r\n\0"
_COUNTED_APART = frozenset("\n\r\ufeff")
_INDENTATION_OR_COMMENT = regex(r" *(?:[ \t]*(?:#[^\0\r\n]*|(?=[\0\r\n])))?")
_BLANKS_AND_COMMENT = regex(r"[ \t]*(?:#[^\0\r\n]*)?")
_BLANKS = regex(r"[ \t]*")
_SPACES = regex(r" *")
# What a plain scalar has on one line: a ':' ends it only in front of a blank.
_PLAIN = regex(r"(?:[^ \t\r\n\0:]+|:(?![ \t\r\n\0]))+")
_PLAIN_IN_FLOW = regex(r"(?:[^ \t\r\n\0:,\[\]{}]+|:(?![ \t\r\n\0]))+")
_PLAIN_IN_FLOW_1_1 = regex(r"(?:[^ \t\r\n\0:,?\[\]{}]+|:(?![ \t\r\n\0]))+")
_BLOCK_HEADER = regex(r"[|>][-+0-9]*")


class Mark:
    """A place in the text: a character's offset, and its line and column from 0."""

    __slots__ = ("column", "index", "line")

    def __init__(self, index: int, line: int, column: int) -> None:
        self.index = index
        self.line = line
        self.column = column


def stand_ins(text: str) -> dict[int, int]:
    """Return characters that the text does not have, in place of the separators that it has.

    ruamel.yaml ends lines at U+0085, U+2028 and U+2029, as YAML 1.1 did, but does not count these lines, so that what
    follows seems indented. A text with one character for another keeps all offsets. The text has none as a rule.
    """
    found = [char for char in _SEPARATORS if char in text]
    if not found:
        return {}
    used = set(text)
    free = (code for code in (*range(0xE000, 0xF900), *range(0xF0000, 0xFFFFE)) if chr(code) not in used)
    pairs = dict(zip(map(ord, found), free, strict=False))
    if len(pairs) < len(found):
        raise DocumentError("the text uses every private-use character")
    return pairs


class YamlEvents(Reader, Scanner, Parser):
    """The events of one text, by ``get_event()``.

    Until the next event these tell where the tokens stood that the parser took for it, or ``NOWHERE``: ``dash``,
    ``key`` (a ``?``, else where the key starts), ``colon_end``, ``properties`` (the first anchor or tag) and ``scalar``
    (where a scalar's own text starts).
    """

    def __init__(self, text: str) -> None:
        # ``None`` is what parser and scanner expect of a loader that does not sort comments.
        self.comment_handling = None
        self.version = (1, 2)
        self.doc_infos = [DocInfo()]
        self.dash = self.key = self.colon_end = self.properties = self.scalar = NOWHERE
        self._trailing_lines = NOWHERE
        Reader.__init__(self, text, loader=self)
        Scanner.__init__(self, loader=self)
        Parser.__init__(self, loader=self)

    # One object is reader, scanner, parser and resolver.

    @property
    def reader(self) -> Any:
        """The reader that the scanner asks for."""
        return self

    @property
    def scanner(self) -> Any:
        """The scanner that the parser asks for."""
        return self

    @property
    def resolver(self) -> Any:
        """The resolver that the parser asks for the YAML version only."""
        return self

    @property
    def processing_version(self) -> tuple[int, int]:
        """The YAML version that the parser goes by."""
        return self.version

    @property
    def scanner_processing_version(self) -> tuple[int, int]:
        """The YAML version that the scanner goes by."""
        return self.version

    # The reader: the whole text is its buffer.

    def peek(self, index: int = 0) -> str:
        """Return a character ahead."""
        return self.buffer[self.pointer + index]

    def forward(self, length: int = 1) -> None:
        """Pass over characters, counting lines and columns."""
        end = self.pointer + length
        if _COUNTED_APART.isdisjoint(self.buffer[self.pointer : end]):
            self.pointer = self.index = end
            self.column += length
        else:
            super().forward(length)

    def get_mark(self) -> Mark:
        """Return the present place."""
        return Mark(self.index, self.line, self.column)

    # The scanner: tokens.

    def need_more_tokens(self) -> bool:
        """Whether the next token is not certain yet."""
        if self.tokens and not self.possible_simple_keys:
            return False
        return bool(super().need_more_tokens())

    def check_token(self, *choices: Any) -> bool:
        """Whether the next token is of one of the classes."""
        if self.possible_simple_keys or not self.tokens:  # else the next one is certain
            while self.need_more_tokens():
                self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def get_token(self) -> Any:
        """Take the next token and note where it stands."""
        token = super().get_token()
        match token:
            case ScalarToken():
                self.scalar = token.start_mark.index
            case KeyToken():
                self.key = token.start_mark.index
            case ValueToken():
                self.colon_end = token.end_mark.index
            case BlockEntryToken():
                self.dash = token.start_mark.index
            case AnchorToken() | TagToken() if self.properties == NOWHERE:
                self.properties = token.start_mark.index
        return token

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:
        """Start a flow collection, unless it nests too deep: looking ahead costs time for each open bracket."""
        if len(self.flow_context) >= MAX_DEPTH:
            raise DocumentError(f"more than {MAX_DEPTH} nested collections", self.index)
        super().fetch_flow_collection_start(TokenClass, to_push)

    def check_key(self) -> bool:
        """Whether a ``?`` is an indicator."""
        after = self.peek(1)
        return after in _ENDS or bool(self.flow_context and (after in ",[]{}" or self.version == (1, 1)))

    def check_plain(self) -> bool:
        """Whether a plain scalar starts here; a ``?`` that is no indicator starts one."""
        return bool(super().check_plain() or self.peek() == "?")

    def scan_to_next_token(self) -> None:
        """Pass over blanks, comments and line ends; tabs only where nothing can start that indentation would place."""
        if self.pointer == 0 and self.peek() == "\ufeff":
            self.forward()
        while True:
            is_indentation = self.allow_simple_key and not self.flow_context
            self._pass(_INDENTATION_OR_COMMENT if is_indentation else _BLANKS_AND_COMMENT)
            if not self.scan_line_break():
                return
            if not self.flow_context:
                self.allow_simple_key = True

    def scan_plain(self) -> Any:
        """Scan a plain scalar, each of its lines by one expression: ruamel.yaml asks for every character by itself."""
        run = _PLAIN
        if self.flow_context:
            run = _PLAIN_IN_FLOW if self.version != (1, 1) else _PLAIN_IN_FLOW_1_1
        start_mark = end_mark = self.get_mark()
        indent = self.indent + 1
        pieces: list[str] = []
        spaces: list[str] = []
        while self.peek() != "#":
            line = self._pass(run)
            if not line:
                break
            self.allow_simple_key = False
            pieces += (*spaces, line)
            end_mark = self.get_mark()
            spaces = self.scan_plain_spaces(indent, start_mark)
            if not spaces or (not self.flow_context and self.column < indent):
                break
        return ScalarToken("".join(pieces), True, start_mark, end_mark)

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> list[str]:
        """Return what blanks and line ends inside a plain scalar stand for; nothing where the document ends."""
        blanks = self._pass(_BLANKS)
        if not self.scan_line_break():
            return [blanks] if blanks else []
        self.allow_simple_key = True
        blank_lines = 0
        while True:
            if self.check_document_start() or self.check_document_end():
                return []
            while self.peek() == " " or (self.peek() == "\t" and self.column >= indent):
                self.forward()
            if not self.scan_line_break():
                return ["\n" * blank_lines or " "]
            blank_lines += 1

    def _pass(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.buffer, self.pointer)
        passed = found.group() if found is not None else ""
        if passed:
            self.forward(len(passed))
        return passed

    def scan_block_scalar(self, style: str, rt: bool | None = False) -> Any:
        """Scan a literal or folded scalar; let its token end where the text of its last line does.

        Blank lines behind belong to it where ``+`` keeps them. A scalar without lines ends behind its indicators.
        """
        header = _BLOCK_HEADER.match(self.buffer, self.pointer)
        token = super().scan_block_scalar(style, rt)
        assert header is not None
        end = header.end()
        if token.value:
            end = token.end_mark.index if "+" in header.group() else self._trailing_lines
            end -= 2 if self.buffer.startswith("\r\n", end - 2) else self.buffer[end - 1] in "\r\n"
        token.end_mark = Mark(end, token.end_mark.line, token.end_mark.column)
        return token

    def scan_block_scalar_indentation(self) -> Any:
        """Pass over the blank lines above a block scalar's text; return them, the deepest indentation and their end."""
        breaks: list[str] = []
        end_mark = self.get_mark()
        deepest = 0
        while True:
            self._pass(_SPACES)
            deepest = max(deepest, self.column)
            line_break = self.scan_line_break()
            if not line_break:
                return breaks, deepest, end_mark
            breaks.append(line_break)
            end_mark = self.get_mark()

    def scan_block_scalar_breaks(self, indent: int) -> Any:
        """Pass over blank lines in a block scalar, and note where the last run of them starts."""
        self._trailing_lines = self.index
        return super().scan_block_scalar_breaks(indent)

    # The parser.

    def get_event(self) -> Any:
        """Return the next event; its tokens' places stand until the one after."""
        self.dash = self.key = self.colon_end = self.properties = self.scalar = NOWHERE
        return super().get_event()

    def parse_implicit_document_start(self) -> Any:
        """Start a document; further ``...`` lines behind the first end nothing."""
        while self.check_token(DocumentEndToken):
            self.get_token()
        return super().parse_implicit_document_start()
