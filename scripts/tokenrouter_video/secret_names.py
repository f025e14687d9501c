"""Which names say that what stands under them is a secret: words of key, token, secret, password, authorization."""

from __future__ import annotations

from functools import lru_cache

from tokenrouter_video.patterns import regex


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_LAST_WORDS = _words(
    "key keys token tokens secret secrets password passwords passwd passphrase authorization apikey apikeys"
)
_SECRET_WORDS = _words("password passwd passphrase secret authorization apikey")
# One of these stands in every name of a secret.
_HINTS = ("key", "token", "secret", "passw", "passphrase", "authoriz")
# Behind one of these the name is that of a reference, a number or a label.
_NOT_A_SECRET = _words(
    """env envs var vars variable variables name names id ids file files path paths url urls uri location helper cmd
    command type types method mode header headers prefix format field ref reference source count limit size
    max min ttl expires expiry length hint label policy provider required enabled"""
)


def may_name_secrets(text: str) -> bool:
    """Whether a text may hold a name of key, token, secret, password or authorization, without a closer look."""
    folded = text.casefold()
    return any(hint in folded for hint in _HINTS)


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


@lru_cache(maxsize=4096)
def is_keyring(name: str) -> bool:
    """Whether everything below a name is a secret: a list or map of keys."""
    words = name_words(name)
    return bool(words) and words[-1] in ("keys", "tokens", "secrets", "passwords", "apikeys")
