"""Every output of a run without its secrets: as they stand, and as formats, shells, URLs and servers spell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tokenrouter_video.key_echoes import KeyEchoes
from tokenrouter_video.needles import Needles
from tokenrouter_video.patterns import regex
from tokenrouter_video.secret_literals import literals_in_lines, literals_of
from tokenrouter_video.secrets import COMMON_WORDS, FOREIGN_FORMS, FOREIGN_STARTS, is_placeholder, is_reference, mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

# Shorter literals are masked only where they stand beside a name that says what they are: elsewhere they are words.
_SHORTEST_SECRET = 6
# A literal this short may also be part of a longer word, which then stays.
_SHORTEST_UNBOUNDED = 12
# One this short says too little in another encoding, and words are like it in another case.
_SHORTEST_ENCODED = 16
_MOST_SECRETS = 2_000

_KEY_FORMS = regex(
    r"""-----BEGIN[ ](?:[A-Z0-9]{1,20}[ ]){0,3}PRIVATE[ ]KEY-----[^-]*(?:-(?!----END)[^-]*)*
            (?:-----END[ A-Z0-9]{1,60}-----)?
    | (?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{8,}
    | (?<![A-Za-z0-9])eyJ[\w-]{10,}\.eyJ[\w-]{10,}(?:\.[\w-]+)?
    | (?<=://)[^\s/:@"']{1,200}:[^\s/@"']{1,200}(?=@)
    | (?i:(?<![A-Za-z0-9])bearer)[ ]+(?P<bearer>(?=[A-Za-z._~+/=-]{0,200}[0-9]|[^\s"']{20})[A-Za-z0-9._~+/=-]{6,})
    | (?<![A-Za-z0-9])(?:"""
    + "|".join(FOREIGN_FORMS[1:])
    + ")",
    re.VERBOSE,
    needs=("private key", "sk-", "eyj", "://", "bearer", *FOREIGN_STARTS),
)

# A literal beside a name that can mean nothing else; code (a bare name behind the colon) has no digit or a bracket.
_NAMED_LITERAL = regex(
    r"""(?ai:api[_-]?key|(?:access|secret|private)[_-]?key|(?:auth|access|bearer|refresh)[_-]?token|client[_-]?secret
        |password|passwd|passphrase|authorization)
    ["']?[ \t]{0,8}[:=][ \t]{0,8}
    (?:"(?P<double>[^"\r\n]{1,600})"|'(?P<single>[^'\r\n]{1,600})'|(?P<plain>(?=[^\s"',;()\[\]{}]{0,200}[0-9])
        [^\s"',;()\[\]{}$!<*][^\s"',;()\[\]{}]{0,600}(?=[\s,;}]|\Z)))""",
    re.VERBOSE,
    needs=(
        *(f"{word}{sign}key" for word in ("api", "access", "secret", "private") for sign in ("", "_", "-")),
        *(f"{word}{sign}token" for word in ("auth", "access", "bearer", "refresh") for sign in ("", "_", "-")),
        *(f"client{sign}secret" for sign in ("", "_", "-")),
        "passw", "passphrase", "authorization",
    ),
)  # fmt: skip
_SHOWN_WORD = regex(r"""[^\s"'<>]+""")

# Where something to be masked begins and ends, and its masked form.
Span: TypeAlias = tuple[int, int, str]


class Masker:
    """What knows the secrets of one run and cleans every output of them.

    Besides what was added, the forms that keys are known by are masked, and short literals beside a name that says
    what they are. Texts are masked as they stand and as JSON, YAML, a shell and a URL spell them.
    """

    def __init__(self) -> None:
        self._masks = Needles(_SHORTEST_SECRET)
        self._kept: set[str] = set()
        self._echoes = KeyEchoes()

    def keep(self, text: str) -> None:
        """Leave a task's id or a result's URL whole from now on, whatever forms of keys a signature in it resembles.

        A secret that was added is masked there too.
        """
        self._kept.add(text)

    def add(self, value: str) -> None:
        """Mask a key from now on; one shorter than six characters only beside a name of key, token or password."""
        for line in {value.strip(), *map(str.strip, value.splitlines())}:
            token = re.sub(r"(?i)\Abearer\s+", "", line)
            if len(token) >= _SHORTEST_SECRET and len(self._masks) < _MOST_SECRETS:
                for spelling in _spellings(token):
                    self._masks.add(spelling, mask(token))

    def add_key(self, value: str) -> None:
        """Mask a key that is sent, in the encodings and escapes too in which a server may quote what it was sent."""
        self.add(value)
        encodings = _encodings(value) if len(value) >= _SHORTEST_ENCODED else set()
        for encoded in encodings:
            self._masks.add(encoded, mask(value))
        self._echoes.add(value, mask(value), encodings)

    def add_literal(self, value: str) -> None:
        """Mask what stands under the name of a secret, whoever's it is, unless it is a reference or a common word."""
        token = re.sub(r"(?i)\Abearer\s+", "", value.strip())
        if not (is_placeholder(token) or is_reference(token) or token.casefold() in COMMON_WORDS):
            self.add(token)

    def add_document(self, document: Any) -> None:
        """Mask every literal that stands under the name of a secret in a document's located tree."""
        for literal in literals_of(document):
            self.add_literal(literal)

    def add_lines(self, text: str) -> None:
        """Mask what stands behind the name of a secret in a text that is no document: a script, a list of variables."""
        for literal in literals_in_lines(text):
            self.add_literal(literal)

    def clean(self, text: str) -> str:
        """Return ``text`` with every secret masked; overlapping ones are masked as one."""
        spans = [*self._known(text), *self._echoes.spans(text), *self._outside_of_kept(text, _forms(text))]
        if not spans:
            return text
        spans.sort(key=lambda span: (span[0], -span[1]))
        merged: list[tuple[int, int, str]] = []
        for start, end, masked in spans:
            if not merged or start >= merged[-1][1]:
                merged.append((start, end, masked))
            elif end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end, "***")
        pieces: list[str] = []
        position = 0
        for start, end, masked in merged:
            pieces += (text[position:start], masked)
            position = end
        return "".join(pieces) + text[position:]

    def clean_json(self, value: Any) -> Any:
        """Return JSON data with every text in it, keys of objects too, cleaned."""
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, Mapping):
            return {self.clean_json(key): self.clean_json(member) for key, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.clean_json(item) for item in value]
        return value

    def _outside_of_kept(self, text: str, spans: Iterable[Span]) -> Iterable[Span]:
        """Leave out what stands within a word that was kept."""
        spans = list(spans)
        if not (spans and self._kept):
            return spans
        words = [word for word in _SHOWN_WORD.finditer(text) if self._kept.intersection((word[0], word[0][:-1]))]
        return [span for span in spans if not any(word.start() <= span[0] and span[1] <= word.end() for word in words)]

    def _known(self, text: str) -> Iterable[tuple[int, int, str]]:
        for start, end, masked in self._masks.found(text):
            if end - start >= _SHORTEST_UNBOUNDED or not _is_part_of_word(text, start, end):
                yield start, end, masked


# A URL as outputs show it: on its own, in quotes, or with a comma behind it.


def _is_part_of_word(text: str, start: int, end: int) -> bool:
    """Whether a short secret stands in a longer word; one of letters only is a name too, of which names are made.

    A password such as ``litellm`` is none in ``litellm_params``, ``litellm.yaml`` and ``models/litellm``.
    """
    if _in_word(text, start) or _in_word(text, end):
        return True
    if not text[start:end].isalpha():
        return False
    return bool(_NAME_BEFORE.search(text[max(start - 2, 0) : start]) or _NAME_BEHIND.match(text, end))


_NAME_BEFORE = regex(r"_\Z|\w[-./]\Z")
_NAME_BEHIND = regex(r"_|[-./]\w")


def _in_word(text: str, offset: int) -> bool:
    """Whether a letter or digit stands on both sides of an offset."""
    return 0 < offset < len(text) and text[offset - 1].isalnum() and text[offset].isalnum()


def _forms(text: str) -> Iterable[tuple[int, int, str]]:
    for match in _KEY_FORMS.finditer(text):
        group = "bearer" if match["bearer"] else 0
        yield match.start(group), match.end(group), mask(match[group]) if "\n" not in match[group] else "***"
    for match in _NAMED_LITERAL.finditer(text):
        group = match.lastgroup or 0
        value = match[group]
        if not (is_reference(value) or is_placeholder(value) or value.casefold() in COMMON_WORDS):
            yield match.start(group), match.end(group), mask(re.sub(r"(?i)\Abearer\s+", "", value))


def _encodings(key: str) -> set[str]:
    """Return a key in the other case, in hexadecimal, percent-encoded and as any part of a text in Base64.

    In Base64 (RFC 4648) three bytes make four characters: what a key becomes depends on where it begins among three,
    and a character at either end belongs to its neighbours too.
    """
    from binascii import b2a_base64

    data = key.encode("utf-8", "surrogateescape")
    percent = re.sub(r"[^A-Za-z0-9]", lambda match: f"%{ord(match[0]):02X}", key)
    encoded = {key.upper(), key.lower(), data.hex(), data.hex().upper(), percent, percent.lower()}
    for shift in range(3):
        text = b2a_base64(bytes(shift) + data, newline=False).decode("ascii")
        inner = text[(shift * 8 + 5) // 6 : (shift + len(data)) * 8 // 6]
        encoded |= {inner, inner.translate(_URL_SAFE)}
    return encoded


_URL_SAFE = str.maketrans("+/", "-_")


def _spellings(secret: str) -> set[str]:
    """Return a secret as it stands and as the formats that outputs quote spell it."""
    if re.fullmatch(r"[\w.~-]+", secret, re.ASCII):
        return {secret}
    import json
    from urllib.parse import quote, quote_plus

    percent = quote(secret, safe="", errors="replace")
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1].replace("/", "\\/"),
        secret.replace("'", "''"),
        secret.replace("'", "'\"'\"'"),
        secret.replace("'", "\\'"),
        percent,
        re.sub(r"%..", lambda match: match[0].lower(), percent),
        quote_plus(secret, errors="replace"),
    }
