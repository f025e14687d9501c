"""Keys: how they are held in memory, told from placeholders and other services' secrets, and masked in all output."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, TypeAlias

MAX_KEY_BYTES = 512

# Shorter literals are masked only where they stand beside a name that says what they are: elsewhere they are words.
_SHORTEST_SECRET = 6
# A literal this short may also be part of a longer word, which then stays.
_SHORTEST_UNBOUNDED = 12
# One this short says too little in another encoding, and words are like it in another case.
_SHORTEST_ENCODED = 16
_MOST_SECRETS = 2_000


class Secret:
    """A key's text, which nothing prints by accident: only :meth:`reveal` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself, for the one header that carries it."""
        return self._value

    @property
    def masked(self) -> str:
        """The form in which it may be shown."""
        return mask(self._value)

    def fingerprint(self) -> str:
        """Return 32 hexadecimal digits that tell keys apart and do not give them away."""
        from hashlib import sha256

        return sha256(b"tokenrouter-video key\0" + self._value.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


@dataclass(frozen=True, slots=True)
class KeyReference:
    """How a config names its key.

    ``source`` is ``literal``, ``env``, ``file``, ``command``, ``secret-ref`` or ``none``. ``name`` is the variable,
    path, command or reference; ``None`` for a literal. ``default`` is what a reference falls back to.
    """

    source: str
    name: str | None
    literal: Secret | None = None
    default: Secret | None = None


@dataclass(frozen=True, slots=True)
class ResolvedKey:
    """A key reference and what came of it.

    ``resolved_from`` is ``environment`` or ``file:line``. ``problem`` says in a sentence why there is no ``secret``.
    """

    reference: KeyReference
    secret: Secret | None
    resolved_from: str | None
    problem: str | None


def mask(value: str) -> str:
    """Return the first and last three characters of a key of 16 or more, else ``***``."""
    return f"{value[:3]}...{value[-3:]}" if len(value) >= 16 else "***"


def read_key(text: str) -> tuple[Secret | None, str | None]:
    """Return the key in a configured text, or ``None`` and a verb phrase that says why it is none.

    Of several lines the first that is not empty counts, a leading ``Bearer`` is dropped. A key is one token of
    printable ASCII, at most 512 bytes.
    """
    line = next((line for line in map(str.strip, text.splitlines()) if line), "")
    line = re.sub(r"(?i)\Abearer(?:\s+|\Z)", "", line).strip()
    if is_placeholder(line):
        return None, "is empty" if not line else "is a placeholder"
    if len(line.encode("utf-8", "surrogateescape")) > MAX_KEY_BYTES:
        return None, f"is longer than {MAX_KEY_BYTES} bytes"
    if not re.fullmatch(r"[!-~]+", line):
        return None, "is not one token of printable ASCII"
    return Secret(line), None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLACEHOLDER_WORDS = _words(
    """user_provided user-provided none null nil undefined empty dummy fake placeholder changeme change-me change_me
    replaceme todo tbd fixme redacted not-needed not_needed no-key no_key no-key-required not-required not_required
    unused n/a na key apikey api-key api_key token secret password your"""
)
_PLACEHOLDER = regex(
    r"""\A<[^<>]*>\Z | \A\[[^\[\]]*\]\Z | \A[x*.\u2022_-]+\Z | x{4,} | \*{3} | \.\.\. | \u2026 | redacted
    | (?:\A|[^a-z])your(?:[^a-z]|\Z)
    | (?:\A|[^a-z])(?:replace|insert|enter|paste|put|fill|change|set)[-_ ]?(?:me|this|with|your|here|in)(?:[^a-z]|\Z)
    | (?:key|token|secret)[-_ ]?(?:goes[-_ ]?)?here\Z""",
    re.VERBOSE,
)


def is_placeholder(value: str) -> bool:
    """Whether a text stands where a key belongs and is none: empty, ``sk-xxx``, ``YOUR_API_KEY``, ``<key>``."""
    text = value.strip()
    core = re.sub(r"\A(?:sk|tr|pk)-", "", text, count=1, flags=re.IGNORECASE)
    return not text or core.casefold() in _PLACEHOLDER_WORDS or bool(_PLACEHOLDER.search(core.lower()))


# Prefixes that their owners publish so that scanners can tell the keys: GitHub, GitLab, AWS, Slack, Google, npm,
# Stripe, SendGrid, Hugging Face, Groq, xAI, Replicate, Anthropic, OpenAI projects, OpenRouter.
_FOREIGN_FORMS = (
    r"-----BEGIN[ A-Z0-9]{0,60}-----",
    r"gh[pousr]_[A-Za-z0-9]{16,}",
    r"github_pat_\w{16,}",
    r"glpat-[\w-]{16,}",
    r"(?:AKIA|ASIA)[A-Z0-9]{12,}",
    r"xox[abeoprs]-[\w-]{8,}",
    r"xapp-[\w-]{8,}",
    r"AIza[\w-]{30,}",
    r"ya29\.[\w.-]{16,}",
    r"GOCSPX-[\w-]{16,}",
    r"npm_[A-Za-z0-9]{30,}",
    r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,}",
    r"SG\.[\w-]{16,}\.[\w-]{16,}",
    r"hf_[A-Za-z0-9]{20,}",
    r"gsk_[A-Za-z0-9]{20,}",
    r"xai-[A-Za-z0-9]{20,}",
    r"r8_[A-Za-z0-9]{20,}",
    r"sk-ant-[\w-]{8,}",
    r"sk-proj-[\w-]{8,}",
    r"sk-or-v1-[\w-]{8,}",
)

# Variables of other services whose values have no form of their own.
_FOREIGN_NAMES = (
    r"(?:AWS|AZURE_CLIENT|GITHUB|GH|GITLAB|SLACK|NPM|PYPI|DOCKER|STRIPE|CLOUDFLARE|SSH|GPG)_(?:\w+_)?"
    r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|PAT)"
)


def is_plain_name(text: str) -> bool:
    """Whether a text is more likely a name than a key: short, or without a digit (``lm-studio``, ``local-8b``)."""
    return len(text) < 16 or not any(char.isdigit() for char in text)


def is_foreign(value: str, name: str | None = None) -> bool:
    """Whether a key is evidently another service's secret, by its form or by the ``name`` of its variable."""
    # A Kubernetes Secret's key is named behind the Secret.
    is_named = name is not None and re.fullmatch(_FOREIGN_NAMES, name.rpartition("/")[2]) is not None
    return is_named or re.match("|".join(_FOREIGN_FORMS), value) is not None


_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_LAST_WORDS = _words(
    "key keys token tokens secret secrets password passwords passwd passphrase authorization apikey apikeys"
)
_SECRET_WORDS = _words("password passwd passphrase secret authorization apikey")
# Behind one of these the name is that of a reference, a number or a label.
_NOT_A_SECRET = _words(
    """env envs var vars variable variables name names id ids file files path paths url urls uri location helper cmd
    command type types method mode header headers prefix format field ref reference source count limit size
    max min ttl expires expiry length hint label policy provider required enabled"""
)


def may_name_secrets(text: str) -> bool:
    """Whether a text may hold a name of key, token, secret, password or authorization, without a closer look."""
    return re.search("key|token|secret|passw|passphrase|authoriz", text, re.IGNORECASE) is not None


def name_words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name in any spelling: ``apiKey``, ``api_key`` and ``API-KEY`` are equal."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether a literal under this name is a secret: a name of key, token, secret, password or authorization."""
    words = [word for word in name_words(name) if not word.isdigit() and word != "value"]
    if not words or words[-1] in _NOT_A_SECRET:
        return False
    return words[-1] in _SECRET_LAST_WORDS or not _SECRET_WORDS.isdisjoint(words)


_KEY_FORMS = regex(
    r"""-----BEGIN[ ](?:[A-Z0-9]{1,20}[ ]){0,3}PRIVATE[ ]KEY-----[^-]*(?:-(?!----END)[^-]*)*
            (?:-----END[ A-Z0-9]{1,60}-----)?
    | (?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{8,}
    | (?<![A-Za-z0-9])eyJ[\w-]{10,}\.eyJ[\w-]{10,}(?:\.[\w-]+)?
    | (?<=://)[^\s/:@"']{1,200}:[^\s/@"']{1,200}(?=@)
    | (?i:(?<![A-Za-z0-9])bearer)[ ]+(?P<bearer>(?=[A-Za-z._~+/=-]{0,200}[0-9]|[^\s"']{20})[A-Za-z0-9._~+/=-]{6,})
    | (?<![A-Za-z0-9])(?:"""
    + "|".join(_FOREIGN_FORMS[1:])
    + ")",
    re.VERBOSE,
)

# A literal beside a name that can mean nothing else; code (a bare name behind the colon) has no digit or a bracket.
_NAMED_LITERAL = regex(
    r"""(?i:api[_-]?key|(?:access|secret|private)[_-]?key|(?:auth|access|bearer|refresh)[_-]?token|client[_-]?secret
        |password|passwd|passphrase|authorization)
    ["']?[ \t]{0,8}[:=][ \t]{0,8}
    (?:"(?P<double>[^"\r\n]{1,600})"|'(?P<single>[^'\r\n]{1,600})'|(?P<plain>(?=[^\s"',;()\[\]{}]{0,200}[0-9])
        [^\s"',;()\[\]{}$!<*][^\s"',;()\[\]{}]{0,600}(?=[\s,;}]|\Z)))""",
    re.VERBOSE,
)
_REFERENCE = regex(
    r"""\s*(?i:bearer\s+)? (?:[$!<{*%] | (?i:os\.environ | process\.env | import\.meta | env[.:/] | path:: | file:
    | [a-z]+://) | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s*\Z | [A-Za-z0-9]{3}\.\.\.)""",
    re.VERBOSE,
)
# Words that a config writes where a secret could stand, and that outputs are made of.
_COMMON_WORDS = _words(
    """string number boolean object required optional default enabled disabled bearer header cookie oauth oauth2 basic
    secret password token apikey api_key api-key authorization credentials keyring keychain system public private
    production development localhost tokenrouter example missing configured incorrect planned unknown failed"""
)


# Where something to be masked begins and ends, and its masked form.
Span: TypeAlias = tuple[int, int, str]


def is_reference(value: str) -> bool:
    """Whether a text only names where a secret is: a variable, file, command or vault."""
    return bool(_REFERENCE.match(value))


class Masker:
    """What knows the secrets of one run and cleans every output of them.

    Besides what was added, the forms that keys are known by are masked, and short literals beside a name that says
    what they are. Texts are masked as they stand and as JSON, YAML, a shell and a URL spell them.
    """

    def __init__(self) -> None:
        self._masks: dict[str, str] = {}
        self._kept: set[str] = set()

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
                    self._masks.setdefault(spelling, mask(token))

    def add_key(self, value: str) -> None:
        """Mask a key that is sent, in the encodings too in which a server may quote what it was sent."""
        self.add(value)
        if len(value) >= _SHORTEST_ENCODED:
            for encoded in _encodings(value):
                self._masks.setdefault(encoded, mask(value))

    def add_literal(self, value: str) -> None:
        """Mask what stands under the name of a secret, whoever's it is, unless it is a reference or a common word."""
        token = re.sub(r"(?i)\Abearer\s+", "", value.strip())
        if not (is_placeholder(token) or is_reference(token) or token.casefold() in _COMMON_WORDS):
            self.add(token)

    def add_document(self, document: Any) -> None:
        """Mask every literal that stands under the name of a secret in a document's located tree.

        Under ``key`` alone, which names much else, only beside a URL or a field of credentials. A constant or anchor
        that stands there by its name, and what a reference falls back to, count as if they stood there themselves.
        """
        pending: list[tuple[Any, str]] = [(document.root, "")]
        literals: list[str] = []
        keys: set[str] = set()
        bound: dict[str, str] = {}
        mentioned: set[str] = set()
        while pending:
            node, name = pending.pop()
            anchored = getattr(node, "target", None) if is_secret_name(name) else None
            if hasattr(anchored, "value"):
                # Only one that is a text: what an alias of a list repeats stands elsewhere, or in itself.
                node = anchored
            if getattr(node, "layout", "") == "scope":
                texts = ((one.key, getattr(one.value, "value", None)) for one in node.entries)
                bound |= {name: text for name, text in texts if isinstance(text, str)}
            entries = getattr(node, "entries", None)
            if entries is not None:
                literals += _stored_secrets(entries)
                keys.update(entry.key for entry in entries if entry.key)
                kept = name if _is_keyring(name) else ""
                pending += [(e.value, _own_name(e.key, entries, kept)) for e in entries]
                literals += _behind_options(entries)
            elif is_secret_name(name) and isinstance(getattr(node, "value", None), str):
                literals += [node.value, *_FALLBACK.findall(node.value)]
            elif isinstance(getattr(node, "value", None), str):
                literals += _assigned(node.value)
            elif is_secret_name(name) and hasattr(node, "code"):
                mentioned.add(node.code)
                literals += [literal[2] for literal in _QUOTED.finditer(node.code[:_LONGEST_CODE])]
        literals += [text for constant, text in bound.items() if constant in mentioned]
        literals += [match["value"] for match in _COMMENTED.finditer(document.text) if is_secret_name(match["name"])]
        for literal in literals:
            # A provider called like its own placeholder key must stay nameable: a plain name in the file is no secret.
            if not (literal in keys and is_plain_name(literal)):
                self.add_literal(literal)

    def add_lines(self, text: str) -> None:
        """Mask what stands behind the name of a secret in a text that is no document: a script, a list of variables."""
        for match in _LINES.finditer(text):
            value = match["quoted"] or match["plain"] or ""
            if is_secret_name(match["name"]) and not _NO_SECRET.fullmatch(value):
                self.add_literal(value)

    def clean(self, text: str) -> str:
        """Return ``text`` with every secret masked; overlapping ones are masked as one."""
        spans = [*self._known(text), *self._outside_of_kept(text, _forms(text))]
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
        for secret, masked in self._masks.items():
            start = text.find(secret)
            while start >= 0:
                end = start + len(secret)
                if len(secret) >= _SHORTEST_UNBOUNDED or not _is_part_of_word(text, start, end):
                    yield start, end, masked
                start = text.find(secret, start + 1)


# A URL as outputs show it: on its own, in quotes, or with a comma behind it.
_SHOWN_WORD = regex(r"""[^\s"'<>]+""")
_QUOTED = regex(r"""(["'`])([^"'`\s]{6,512})\1""")
_LONGEST_CODE = 4_000
# ${NAME:-text}, as shells and the configs that follow them write it.
_FALLBACK = regex(r"\$\{[A-Za-z_][A-Za-z0-9_]*:?-([^{}]+)\}")
_KEYS_COMPANIONS = ("url", "base", "host", "secret", "token", "auth", "value", "weight")


# A line that gives a name a value, as scripts, dotenv files and templates of configs do.
_LINES = regex(
    r"""^[ \t]*(?:export[ \t]+|-[ \t]+|"|')?(?P<name>[A-Za-z_][\w.-]{0,80})["']?[ \t]*[:=][ \t]*
    (?:(?P<quote>["'])(?P<quoted>[^"'\r\n]{1,600})(?P=quote)|(?P<plain>[^\s"'()\[\]{},;]{1,600}))""",
    re.VERBOSE | re.MULTILINE,
)
_NO_SECRET = regex(r"[-+]?[\d._]+|true|false|null|~|[|>][-+0-9]*", re.IGNORECASE)


# A setting in a string: `NAME=value` of a list of variables, an option of a command with what stands behind it.
_ASSIGNED = regex(
    r"""(?<![\w.-])(?P<option>--?)?(?P<name>[A-Za-z_][\w.-]{0,80})(?:=|(?(option)[ ]+|(?!)))
    (?:"(?P<double>[^"\r\n]{1,600})"|'(?P<single>[^'\r\n]{1,600})'|(?P<plain>[^\s"'&-][^\s"'&]{0,600}))""",
    re.VERBOSE,
)
# A setting that is commented out; a sentence in a comment has no digit behind its colon.
_COMMENTED = regex(
    r"""(?:^|[ \t])(?:\#|//)[\#/ \t]{0,40}(?:export[ \t]+|-[ \t]+|"|')?(?P<name>[A-Za-z_][\w.-]{0,80})
    ["']?[ \t]*[:=][ \t]*["']?(?P<value>(?=[^\s"'\d]{0,600}\d)[^\s"'()\[\]{},;]{8,600})""",
    re.VERBOSE | re.MULTILINE,
)


def _assigned(text: str) -> list[str]:
    """Return what a string gives to names of secrets; a bare `key` in it names much else."""
    if "=" not in text and "--" not in text:
        return []
    return [
        value
        for match in _ASSIGNED.finditer(text)
        if is_secret_name(match["name"]) and match["name"].lower() not in ("key", "keys")
        if not _NO_SECRET.fullmatch(value := match["double"] or match["single"] or match["plain"])
    ]


def _behind_options(entries: Iterable[Any]) -> list[str]:
    """Return the items of a list of arguments that stand behind an option with the name of a secret."""
    texts = [getattr(entry.value, "value", None) for entry in entries if entry.key is None]
    return [
        value
        for option, value in itertools.pairwise(texts)
        if isinstance(option, str) and isinstance(value, str) and option.startswith("-") and "=" not in option
        if is_secret_name(option.lstrip("-")) and not value.startswith("-") and not _NO_SECRET.fullmatch(value)
    ]


def _stored_secrets(entries: Iterable[Any]) -> list[str]:
    """Return what a Kubernetes Secret holds (kubernetes.io/docs/concepts/configuration/secret): all of it is secret.

    A text of several lines is a document, which has names of its own.
    """
    members = {entry.key: entry.value for entry in entries}
    if getattr(members.get("kind"), "value", None) != "Secret":
        return []
    held = [entry.value for name in ("data", "stringData") for entry in getattr(members.get(name), "entries", ())]
    texts = (getattr(node, "value", None) for node in held)
    return [text for text in texts if isinstance(text, str) and "\n" not in text.strip()]


@lru_cache(maxsize=4096)
def _is_keyring(name: str) -> bool:
    """Whether everything below a name is a secret: a list or map of keys."""
    words = name_words(name)
    return bool(words) and words[-1] in ("keys", "tokens", "secrets", "passwords", "apikeys")


def _own_name(key: str | None, entries: Iterable[Any], inherited: str) -> str:
    """Return the name by which an entry is judged: an item's is its list's, and ``key`` counts in company only."""
    if key is None:
        return inherited
    if key.lower() == "value":
        # Containers' environments and header conditions: `name: Authorization`, `value: ...`.
        texts = (getattr(entry.value, "value", None) for entry in entries if entry.key in ("name", "key"))
        named = next((text for text in texts if isinstance(text, str) and is_secret_name(text)), "")
        return named or inherited or key
    if key.lower() != "key":
        return inherited if inherited and key.lower() == "id" else key
    company = " ".join(str(entry.key).lower() for entry in entries if entry.key != key)
    return key if any(word in company for word in _KEYS_COMPANIONS) else inherited


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
        if not (is_reference(value) or is_placeholder(value) or value.casefold() in _COMMON_WORDS):
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
