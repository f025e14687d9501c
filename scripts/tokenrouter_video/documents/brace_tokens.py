"""One tokenizer made of regular expressions for JSON, JSONC, JSON5, JavaScript and TypeScript.

It finds where strings, templates, comments and regular expressions start and end, and which brackets belong together;
what the tokens mean is the parsers' matter. The lexical grammar is that of ECMA-262, chapter 12, and of JSX.
"""

from __future__ import annotations

import re
from functools import cache

from tokenrouter_video.documents.document import MAX_DEPTH, DocumentError
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass, field

# Kinds of tokens; punctuation and reserved words are kinds of their own.
NAME = "a name"
NUMBER = "a number"
PLAIN = "a plain string"  # in double quotes, without escapes and control characters
STRING = "a string"
TEMPLATE = "a template"  # without substitutions
HEAD, MIDDLE, TAIL = "template head", "template middle", "template tail"
REGEX = "a regular expression"
JSX, JSX_TEXT, JSX_END = "JSX", "JSX text", "JSX end"
END = "the end"

STRINGS = frozenset({PLAIN, STRING})
CLOSERS = frozenset({")", "]", "}"})

_WORDS = """
    await break case catch class const continue debugger default delete do else enum export extends finally for function
    if import in instanceof let new return switch throw try typeof var void while with yield
"""
RESERVED = frozenset(_WORDS.split())

# ASCII's own characters of names, and whatever else is no white space: a parser that wants a name in earnest checks it.
_NAME_CHAR = r"[^\x00-\x23\x25-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xa0\s\ufeff]"

# Sorted by how often they occur in JSON; each alternative starts with another character, or excludes what it shares.
# Loops are unrolled, so that a failing match gives up in linear time. A plain string takes the comma or colon behind it
# along: those two are most of JSON.
_TOKEN = regex(
    r"""[ \t\r\n]*(?:
      ("[^"\\\x00-\x1f]*")(?:[ \t\r\n]*([,:]))?
    | ([{\[(])
    | ([}\])])
    | ([,:;@~]|=>|[=!]==?|=|!|\?\.(?![0-9])|\?\?=?|\?|\.\.\.|\.(?![0-9])|\+\+|--|(?:&&|\|\||\*\*|<<|>>>?|[-+*%&|^<>])=?)
    | (\#?(?![0-9])(?:CHAR+|ESCAPE)(?:CHAR*ESCAPE)*CHAR*)
    | ((?:0[xX][0-9A-Fa-f_]+|0[oO][0-7_]+|0[bB][01_]+
        |(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?)n?)
    | ("[^"\\\n\r]*(?:\\(?:\r\n|[\s\S])[^"\\\n\r]*)*"|'[^'\\\n\r]*(?:\\(?:\r\n|[\s\S])[^'\\\n\r]*)*')
    | (//[^\n\r\u2028\u2029]*|/\*[\s\S]*?\*/)
    | (\Z)
    | (/(?!\*)=?)
    | (`[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*)*(?:`|\$\{))
    | ([^\S\x1c-\x1f\x85]|\ufeff)
    | ([\s\S])
    )""".replace("CHAR", _NAME_CHAR).replace("ESCAPE", r"\\u(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]+\})"),
    re.VERBOSE,
)
(
    _PLAIN, _BEHIND_PLAIN, _OPEN, _CLOSE, _SIGN, _NAME, _NUMBER, _STRING, _COMMENT, _END, _SLASH, _TEMPLATE, _SPACE,
    _OTHER,
) = range(1, 15)  # fmt: skip

# The same tokens, with the same numbers, as most files spell them: these need not wait until the whole grammar is
# compiled, which takes longer than reading them.
_USUAL_TOKEN = regex(
    r"""[ \t\r\n]*(?:
      ("[^"\\\x00-\x1f]*")(?:[ \t\r\n]*([,:]))?
    | ([{\[(])
    | ([}\])])
    | ([,:;]|-(?=[0-9])|=(?![=>])|\.(?![.0-9]))
    | ([A-Za-z_$][A-Za-z0-9_$]*+(?![^\x00-\x5b\x5d-\x7f]))
    | ((?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?=[\s,;)}\]]|\Z))
    | ("[^"\\\n\r]*(?:\\(?:\r\n|[\s\S])[^"\\\n\r]*)*")
    | (//[\x00-\t\v\f\x0e-\x7f]*+(?![^\x00-\x7f])|/\*[\s\S]*?\*/)
    | (\Z)
    | ([\s\S])
    )""",
    re.VERBOSE,
)
_KINDS = {_NUMBER: NUMBER, _STRING: STRING}

_PAIRS = {"(": ")", "[": "]", "{": "}", HEAD: "}", JSX: ""}
_HASHBANG = regex(r"#![^\n\r\u2028\u2029]*")

# What stands in front of a '/' that divides, and of a '<' that compares.
_VALUE_ENDS = frozenset({NAME, NUMBER, PLAIN, STRING, TEMPLATE, TAIL, REGEX, JSX_END, "]", "++", "--"})
_CONDITIONS = frozenset({"if", "while", "for", "with"})
# In front of '{' these start a block, everything else an object literal or a pattern.
_BLOCK_STARTS = frozenset({NAME, ";", "{", "}", ")", "=>", ">", "else", "do", "try", "finally", "catch", STRING, PLAIN})


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Compile what only code needs when code first needs it: a JSON file does not wait for it."""
    return re.compile(
        {
            "regex": r"/(?:[^\\/\[\n\r\u2028\u2029]|\\[^\n\r\u2028\u2029]"
            r"|\[(?:[^\]\\\n\r\u2028\u2029]|\\[^\n\r\u2028\u2029])*\])+/[\w$]*",
            "template": r"[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*)*(?:`|\$\{)",
            # A generic arrow function in a .tsx file says so with a comma or a constraint.
            "jsx": r"<(?=[A-Za-z_$>])(?!(?:const\s+)?[\w$]+\s*(?:,|=[^>]|extends\b(?!\s*=)))",
            "jsx children": r"[^<{]*(?:\{|<(/)?)",
            # Type arguments follow the element's name directly: <Select<Model> value={model} />
            "jsx tag": r"[^\"'{}<>/]*(?:(?:\"[^\"]*\"|'[^']*'|/(?![>*/])|//[^\n\r]*|/\*[\s\S]*?\*/"
            r"|(?<=[\w$])<(?:[^<>=]|=>|<(?:[^<>=]|=>)*>)*>)[^\"'{}<>/]*)*(?:\{|(/)?>)",
        }[name]
    )


@dataclass(slots=True)
class Tokens:
    """A text's tokens as parallel lists, ended by one of kind :data:`END`.

    ``partner`` maps the index of each opening bracket, template head and JSX element to that of its end, and back.
    """

    text: str
    kinds: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    partner: dict[int, int] = field(default_factory=dict)
    has_comments: bool = False
    has_strange_space: bool = False

    def add(self, kind: str, start: int, end: int) -> None:
        """Append a token."""
        self.kinds.append(kind)
        self.starts.append(start)
        self.ends.append(end)

    def word(self, index: int) -> str:
        """Return a token's text."""
        return self.text[self.starts[index] : self.ends[index]]

    def behind(self, index: int) -> int:
        """Return the index behind a token, or behind what it opens."""
        return max(self.partner.get(index, index), index) + 1

    def on_new_line(self, index: int) -> bool:
        """Whether a line ends between a token and the one before it."""
        gap = self.text[self.ends[index - 1] : self.starts[index]]
        return "\n" in gap or "\r" in gap

    def code(self, start: int, end: int) -> str:
        """Return the text of some tokens without comments and with at most one blank between two."""
        pieces: list[str] = []
        for index in range(start, end):
            if index > start and self.starts[index] > self.ends[index - 1]:
                is_tight = self.kinds[index - 1] in _TIGHT_BEHIND or self.kinds[index] in _TIGHT_BEFORE
                pieces.append("" if is_tight else " ")
            pieces.append(self.word(index))
        return "".join(pieces)


_TIGHT_BEHIND = frozenset({"(", "[", ".", "?.", "...", HEAD, MIDDLE})
_TIGHT_BEFORE = frozenset({")", "]", ".", "?.", ",", ";", MIDDLE, TAIL})


class JsxError(DocumentError):
    """JSX where none was expected."""

    def __init__(self, offset: int) -> None:
        super().__init__("JSX stands where none is expected", offset)


class _Tokenizer:
    """The state of one pass over a text."""

    def __init__(self, text: str, *, is_code: bool, with_jsx: bool) -> None:
        self.text = text
        self.tokens = Tokens(text)
        self.is_code = is_code
        self.with_jsx = with_jsx
        self.open: list[int] = []
        # For each open JSX element: how many tags of it are open, and whether the text is inside a tag.
        self.elements: list[tuple[int, bool]] = []

    def run(self, position: int) -> Tokens:
        """Tokenize from a position; templates, regular expressions and JSX interrupt the one pattern's run."""
        text, kinds, starts, ends = self.text, self.tokens.kinds, self.tokens.starts, self.tokens.ends
        pattern = _USUAL_TOKEN
        while position >= 0:
            for match in pattern.finditer(text, position):
                group = match.lastindex or _OTHER
                start, end = match.span(group)
                if group == _PLAIN:
                    kind = PLAIN
                elif group == _BEHIND_PLAIN:
                    plain = match.span(_PLAIN)
                    kinds.append(PLAIN)
                    starts.append(plain[0])
                    ends.append(plain[1])
                    kind = text[start]
                elif group == _SIGN:
                    kind = text[start:end]
                    if kind == "<" and self.with_jsx and self._starts_element(start):
                        self._push(JSX, start, end)
                        self.elements.append((1, True))
                        position = self._jsx(end)
                        break
                elif group == _OPEN:
                    self._push(text[start], start, end)
                    continue
                elif group == _CLOSE:
                    resumed = self._bracket(start, end)
                    if resumed:
                        position = resumed
                        break
                    continue
                elif group == _NAME:
                    kind = text[start:end]
                    if kind not in RESERVED or (kinds and kinds[-1] in (".", "?.")):
                        kind = NAME
                elif group in _KINDS:
                    kind = _KINDS[group]
                elif group == _COMMENT:
                    self.tokens.has_comments = True
                    continue
                elif pattern is _USUAL_TOKEN and group > _END:
                    pattern, position = _TOKEN, start
                    break
                else:
                    position = self._special(group, start, end)
                    break
                kinds.append(kind)
                starts.append(start)
                ends.append(end)
        return self.tokens

    def _special(self, group: int, start: int, end: int) -> int:
        """Treat what is rare, or no token; return where to go on, -1 at the end of the text."""
        if group == _SPACE:
            self.tokens.has_strange_space = True
        elif group == _TEMPLATE and self.text[end - 1] == "{":
            self._push(HEAD, start, end)
        elif group == _TEMPLATE:
            self.tokens.add(TEMPLATE, start, end)
        elif group == _SLASH and self.is_code:
            return self._slash(start, end)
        elif group == _END:
            if self.open:
                raise DocumentError("a bracket is not closed", self.tokens.starts[self.open[-1]])
            self.tokens.add(END, end, end)
            return -1
        else:
            raise DocumentError(_what_is_wrong(self.text, start), start)
        return end

    def _bracket(self, start: int, end: int) -> int:
        """Close a bracket; return where to go on if it belongs to a template or to JSX, else 0."""
        tokens, kind = self.tokens, self.text[start]
        opener = self.open.pop() if self.open else -1
        if opener < 0 or kind != _PAIRS[tokens.kinds[opener]]:
            raise DocumentError("a bracket closes that was not opened", start)
        if tokens.kinds[opener] == HEAD:
            return self._template(opener, start)
        self._close(opener, kind, start, end)
        return self._jsx(end) if self.elements and self.open and tokens.kinds[self.open[-1]] == JSX else 0

    def _push(self, kind: str, start: int, end: int) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise DocumentError(f"brackets are nested deeper than {MAX_DEPTH} levels", start)
        self.open.append(len(self.tokens.kinds))
        self.tokens.add(kind, start, end)

    def _close(self, opener: int, kind: str, start: int, end: int) -> None:
        self.tokens.partner[opener] = len(self.tokens.kinds)
        self.tokens.partner[len(self.tokens.kinds)] = opener
        self.tokens.add(kind, start, end)

    def _template(self, opener: int, start: int) -> int:
        """Read on behind a substitution's closing bracket, to the next substitution or the template's end."""
        match = _pattern("template").match(self.text, start + 1)
        if match is None:
            raise DocumentError("a template is not closed", self.tokens.starts[opener])
        if self.text[match.end() - 1] == "{":
            self.open.append(opener)
            self.tokens.add(MIDDLE, start, match.end())
        else:
            self._close(opener, TAIL, start, match.end())
        return match.end()

    def _ends_value(self) -> bool:
        """Whether the last token ends a value, so that an operator follows and no operand."""
        kinds, last = self.tokens.kinds, len(self.tokens.kinds) - 1
        if last < 0:
            return False
        kind = kinds[last]
        if kind == "!":
            # TypeScript's non-null assertion stands directly behind what it asserts.
            is_behind = last > 0 and self.tokens.ends[last - 1] == self.tokens.starts[last]
            return is_behind and (kinds[last - 1] in _VALUE_ENDS or kinds[last - 1] == ")")
        if kind in (")", "}"):
            opener = self.tokens.partner[last]
            before = kinds[opener - 1] if opener else ";"
            return before not in (_CONDITIONS if kind == ")" else _BLOCK_STARTS)
        return kind in _VALUE_ENDS

    def _slash(self, start: int, end: int) -> int:
        """Tell a division from a regular expression; return where it ends."""
        tokens, text = self.tokens, self.text
        if tokens.kinds and tokens.kinds[-1] == "<" and tokens.ends[-1] == start:
            raise JsxError(start)
        if self._ends_value():
            if text.startswith(">", end):
                raise JsxError(start)
            tokens.add(text[start:end], start, end)
            return end
        match = _pattern("regex").match(text, start)
        if match is None:
            raise DocumentError("a regular expression is not closed", start)
        tokens.add(REGEX, start, match.end())
        return match.end()

    def _starts_element(self, start: int) -> bool:
        return not self._ends_value() and _pattern("jsx").match(self.text, start) is not None

    def _jsx(self, position: int) -> int:
        """Read tags and text of the innermost JSX element up to its next ``{`` or its end; return where that is."""
        depth, in_tag = self.elements[-1]
        opener = self.open[-1]
        start = position
        while True:
            match = _pattern("jsx tag" if in_tag else "jsx children").match(self.text, position)
            if match is None:
                raise DocumentError("a JSX element is not closed", self.tokens.starts[opener])
            position = match.end()
            if self.text[position - 1] == "{":
                self.tokens.add(JSX_TEXT, start, position - 1)
                self.elements[-1] = (depth, in_tag)
                self._push("{", position - 1, position)
                return position
            if in_tag:
                # depth is negative while the tag is a closing one.
                depth = -depth - 1 if depth < 0 else depth - 1 if match.group(1) else depth
                in_tag = False
                if depth == 0:
                    self.tokens.add(JSX_TEXT, start, position)
                    self.elements.pop()
                    self.open.pop()
                    self._close(opener, JSX_END, position, position)
                    return position
            else:
                in_tag = True
                depth = -depth if match.group(1) else depth + 1


def _what_is_wrong(text: str, offset: int) -> str:
    if text.startswith("/*", offset):
        return "a comment is not closed"
    if text[offset] in "\"'":
        return "a string is not closed on its line"
    return "a template is not closed" if text[offset] == "`" else "a character that cannot stand here"


def tokenize(text: str, *, is_code: bool = False, with_jsx: bool = False) -> Tokens:
    """Return a text's tokens; raise :class:`DocumentError` where strings, brackets or comments are not closed.

    ``is_code`` allows a ``#!`` line. ``with_jsx`` reads a ``<`` where an operand is due as the start of a JSX element;
    without it JSX is an error, because its text would be taken for code.
    """
    hashbang = _HASHBANG.match(text) if is_code and text.startswith("#!") else None
    return _Tokenizer(text, is_code=is_code, with_jsx=with_jsx).run(hashbang.end() if hashbang else 0)
