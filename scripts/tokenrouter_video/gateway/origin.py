"""Where the key may go: to the gateway's own origin, or to this machine's loopback in its stead."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import parse_qsl, urlsplit

from tokenrouter_video.errors import UsageError

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str | None:
    """Return ``scheme://host:port`` of an http(s) URL, or None where it has none (RFC 6454, section 4).

    Equal origins compare equal however they are written: case, a port of the scheme's own, brackets. A URL with a
    user part or with characters that clients read differently has no origin here.
    """
    if not url.isascii() or not url.isprintable() or any(char in url for char in ' \\"<>^`{|}'):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc:
        return None
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}:{port or _DEFAULT_PORTS[parts.scheme]}"


def is_loopback(origin: str) -> bool:
    """Whether an origin's host is a literal loopback address or ``localhost``."""
    host = urlsplit(origin).hostname or ""
    return host == "localhost" or _is_loopback_address(host)


def loopback_origin(url: str) -> str:
    """Return the origin of a ``--gateway-url``: a literal loopback address, or ``localhost`` that resolves to one.

    Raises UsageError for anything else, a path or a query too: the key goes there.
    """
    remedy = "--gateway-url takes a loopback address, such as http://127.0.0.1:8080"
    origin = origin_of(url)
    if origin is None:
        raise UsageError("--gateway-url is no plain http or https URL", remedy)
    parts = urlsplit(url)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise UsageError("--gateway-url has a path or a query; only scheme, host and port are wanted", remedy)
    host = parts.hostname or ""
    if not is_loopback(origin) or (host == "localhost" and not _resolves_to_loopback(host, parts.port)):
        raise UsageError(f"--gateway-url names the host {host}, which is not this machine's loopback", remedy)
    return origin


def may_see_key(url: str, origin: str) -> bool:
    """Tell whether the key may go along to ``url``: the gateway's own origin, and no ticket in the URL already.

    new-api's artifact URLs carry their own permission as ``access=``.
    """
    own = origin_of(origin)
    if own is None or origin_of(url) != own:
        return False
    return all(name != "access" for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _is_loopback_address(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if "%" in host:  # a zone is no part of a loopback address
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _resolves_to_loopback(host: str, port: int | None) -> bool:
    try:
        found = socket.getaddrinfo(host, port or 80, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return bool(found) and all(_is_loopback_address(str(address[0]).partition("%")[0]) for *_, address in found)
