"""Whose host a URL names: a gateway's own, or one that only looks like it.

A substring test would take ``https://api.tokenrouter.com.evil.example`` for the gateway, so the authority is parsed
and compared whole. What two URL parsers could read differently (a backslash, a percent sign, a control character in
the authority) is never the gateway's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tokenrouter_video.gateways import PROFILES, GatewayProfile
from tokenrouter_video.needles import around
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

_URL = regex(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,30})://(?P<authority>[^/?#\s]*)(?:[/?#]\S*)?")
_AUTHORITY = regex(r"(?P<host>[A-Za-z0-9.-]+)(?::(?P<port>[0-9]*))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}

# A host name that no scheme introduces: at least one dot, letters at the end.
_BARE_HOST = regex(r"(?P<authority>[^/?#\s:@,;=\"'<>()\[\]{}|\\]+\.[A-Za-z]{2,}(?::[0-9]+)?)(?:[/?#]\S*)?")

# URLs inside a longer text end at what a sentence or a quoted value ends with.
_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]{1,30}\Z")
_REST = regex(r"[^\s\"'`<>(){}\[\]|,;]{1,2000}")


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A host that is not the gateway's, though a reader might take it for that, and what is wrong with it."""

    host: str
    reason: str


def needles() -> tuple[bytes, ...]:
    """Return the lower-case words of which every gateway host and every look-alike holds one."""
    return tuple(word.encode() for profile in PROFILES.values() for word in profile.brand_words)


_NAME_BYTES = b"abcdefghijklmnopqrstuvwxyz0123456789-"
# A dot as JSON, URLs and regular expressions may spell it.
_DOT = r"(?:\.|\\u002e|%2e|\\\\?\.)"
_HOST = regex(
    (
        "(?<![a-z0-9-])(?:"
        + "|".join(_DOT.join(map(re.escape, host.split("."))) for one in PROFILES.values() for host in one.hosts)
        + ")(?![a-z0-9-])"
    ).encode(),
    re.IGNORECASE,
)
# Where a brand stands in what may be a host name: behind a scheme, or in front of a top-level domain.
_MAYBE_HOST = regex(
    rb"(?:://[^\s/\"'<>]{0,100}(?:%(w)s))|(?:%(w)s)[a-z0-9.-]{0,60}\."
    rb"(?:com|ai|io|me|org|net|dev|app|co|xyz|cc|cn|top|site|cloud|tech|pro|example|invalid|test|localhost)(?![a-z0-9-])"
    % {b"w": b"|".join(word.encode() for profile in PROFILES.values() for word in profile.brand_words)},
    re.IGNORECASE,
)


def names_a_brand(text: str) -> bool:
    """Whether a text holds a word of which every gateway's host and every look-alike holds one."""
    return _resembled(text) is not None


def names_a_host(data: bytes) -> bool:
    """Whether a file's bytes hold a gateway's host, in any case and with escaped dots."""
    return _host_in(data) is not None


def _host_in(data: bytes) -> bytes | None:
    """Return a gateway's host as bytes hold it, in any case, first of all one without escapes."""
    lower = data.lower()
    for host in (host.encode() for profile in PROFILES.values() for host in profile.hosts):
        if any(not any(byte in _NAME_BYTES for byte in before + behind) for before, behind in around(lower, host)):
            return host
    match = _HOST.search(data) if b"\\" in data or b"%2e" in lower else None
    return match[0] if match is not None else None


def may_name_a_host(data: bytes) -> bool:
    """Whether a file's bytes hold a gateway's host or what may be a look-alike: more than the mere brand."""
    return names_a_host(data) or _MAYBE_HOST.search(data) is not None


def named_host(text: str) -> str | None:
    """Return a gateway host that a text holds, in lower case, or ``None``."""
    found = _host_in(text.encode("utf-8", "replace")) if _resembled(text) is not None else None
    return found.lower().decode() if found is not None else None


def stands_alone(text: str) -> bool:
    """Whether a file's text holds a gateway's host that is no part of a URL, an address or a longer name."""
    lower = text.lower()
    return any(
        not any(char.isalnum() or char in "/@.-_:" for char in before + behind)
        for profile in PROFILES.values()
        for host in profile.hosts
        for before, behind in around(lower, host)
    )


def gateway_of(url: str) -> GatewayProfile | None:
    """Return the gateway whose base URL a text is: http or https, its exact host, no user part, no port of its own."""
    match = _URL.fullmatch(url.strip())
    if match is None:
        return None
    scheme, authority = match["scheme"].lower(), _AUTHORITY.fullmatch(match["authority"])
    if scheme not in _DEFAULT_PORTS or authority is None or not _is_default(authority["port"] or "", scheme):
        return None
    host = authority["host"].lower()
    return next((profile for profile in PROFILES.values() if host in profile.hosts), None)


def host_of(url: str) -> str | None:
    """Return the lower-case host that a text as a whole names as an http or https URL, or ``None``."""
    match = _URL.fullmatch(url.strip())
    if match is None or match["scheme"].lower() not in _DEFAULT_PORTS:
        return None
    return match["authority"].rpartition("@")[2].partition(":")[0].lower()


def lookalike(url: str, *, bare: bool = False) -> Lookalike | None:
    """Return what makes a URL a look-alike, or ``None`` where it is the gateway's or has nothing to do with it.

    With ``bare`` a host name alone counts as well.
    """
    if _resembled(url) is None:
        return None
    match = _URL.fullmatch(url.strip()) or (_BARE_HOST.fullmatch(url.strip()) if bare else None)
    if match is None:
        return None
    authority = match["authority"]
    _user, at, place = authority.rpartition("@")
    host, _, port = place.partition(":")
    host = host.lower()
    profile = _resembled(authority)
    if profile is None:
        return None
    if host not in profile.hosts:
        return Lookalike(host[:253], f"not a host of {profile.title}")
    if at:
        return Lookalike(host, "a user part stands in front of the host")
    scheme = match["scheme"].lower() if "scheme" in match.re.groupindex else "https"
    if not _is_default(port, scheme):
        return Lookalike(host, f"port {port[:10]} is not the gateway's")
    return None


def lookalikes_in(text: str) -> Iterator[tuple[int, Lookalike]]:
    """Yield the look-alikes among the URLs of a longer text, each with its offset."""
    colon = text.find("://")
    while colon >= 0:
        scheme = _SCHEME.search(text[max(0, colon - 31) : colon])
        rest = _REST.match(text, colon + 3)
        if scheme is not None and rest is not None:
            found = lookalike(f"{scheme[0]}://{rest[0].rstrip('.:!?')}")
            if found is not None:
                yield colon - len(scheme[0]), found
        colon = text.find("://", rest.end() if rest is not None else colon + 3)


def _is_default(port: str, scheme: str) -> bool:
    return port in ("", _DEFAULT_PORTS.get(scheme, port))


def _resembled(authority: str) -> GatewayProfile | None:
    """Return the gateway whose name stands in an authority, its user part included."""
    lower = authority.lower()
    for profile in PROFILES.values():
        for word in profile.brand_words:
            if word in lower:
                return profile
    return None
