"""Keys: how they are held in memory, and told from placeholders, references and other services' secrets."""

from __future__ import annotations

import re

from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

MAX_KEY_BYTES = 512


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
    not-set not_set notset unset no-auth no_auth noauth unused n/a na key apikey api-key api_key token secret password
    your"""
)
_KEY_STARTS = ("sk-", "tr-", "pk-")
_PLACEHOLDER = regex(
    r"""\A<[^<>]*>\Z | \A\[[^\[\]]*\]\Z | x{4,} | \*{3} | \.\.\. | \u2026 | redacted
    | (?:\A|[^a-z])your(?:[^a-z]|\Z)
    | (?:\A|[^a-z])(?:replace|insert|enter|paste|put|fill|change|set)[-_ ]?(?:me|this|with|your|here|in)(?:[^a-z]|\Z)
    | (?:key|token|secret)[-_ ]?(?:goes[-_ ]?)?here\Z""",
    re.VERBOSE,
    needs=(
        ">", "]", "xxxx", "***", "...", "\u2026",
        "redacted", "your", "replace", "insert", "enter", "paste", "put", "fill", "change", "set", "here",
    ),
)  # fmt: skip


def is_placeholder(value: str) -> bool:
    """Whether a text stands where a key belongs and is none: empty, ``sk-xxx``, ``YOUR_API_KEY``, ``<key>``."""
    text = value.strip()
    core = text.lower()
    core = core[3:] if core.startswith(_KEY_STARTS) else core
    is_drawn = bool(core) and not core.strip("x*.\u2022_-")
    return not text or is_drawn or core in _PLACEHOLDER_WORDS or bool(_PLACEHOLDER.search(core))


# Prefixes that their owners publish so that scanners can tell the keys: GitHub, GitLab, AWS, Slack, Google, npm,
# Stripe, SendGrid, Hugging Face, Groq, xAI, Replicate, Anthropic, OpenAI projects, OpenRouter.
FOREIGN_FORMS = (
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
# How the forms begin, in lower case.
FOREIGN_STARTS = (
    "-----begin", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "akia", "asia", "xox", "xapp-",
    "aiza", "ya29.", "gocspx-", "npm_", "rk_", "sk_", "sg.", "hf_", "gsk_", "xai-", "r8_", "sk-",
)  # fmt: skip

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
    return is_named or re.match("|".join(FOREIGN_FORMS), value) is not None


# Words that a config writes where a secret could stand, and that outputs are made of.
COMMON_WORDS = _words(
    """string number boolean object required optional default enabled disabled bearer header cookie oauth oauth2 basic
    secret password token apikey api_key api-key authorization credentials keyring keychain system public private
    production development localhost tokenrouter example missing configured incorrect planned unknown failed"""
)
_SIGNS = tuple("$!<{*%")
_REFERENCE = regex(
    r"""\s*(?i:bearer\s+)? (?:[$!<{*%] | (?i:os\.environ | process\.env | import\.meta | env[.:/] | path:: | file:
    | [a-z]+://) | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s*\Z | [A-Za-z0-9]{3}\.\.\.)""",
    re.VERBOSE,
)


def is_reference(value: str) -> bool:
    """Whether a text only names where a secret is: a variable, file, command or vault."""
    return value.startswith(_SIGNS) or bool(_REFERENCE.match(value))
