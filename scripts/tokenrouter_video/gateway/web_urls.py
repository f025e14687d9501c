"""Web addresses in requests and answers: what is one, and until when a presigned one is valid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, parse_qsl, urlsplit

from tokenrouter_video.patterns import regex

MAX_LENGTH = 8192

# What some encoders leave of `&` in a string; a backslash is no character of a URL, so nothing else can be meant.
_ESCAPED = regex(r"\\+u00([2-7][0-9a-fA-F])")


def is_web_url(value: object) -> bool:
    """Tell whether a value is an absolute http or https URL with a host, and without space or control characters."""
    return isinstance(value, str) and _split(value) is not None


def clean_url(value: object) -> str | None:
    r"""Return a URL from an answer, whole, with ``\u0026`` decoded to ``&``; ``None`` for what is no http(s) URL.

    At most 8,192 characters.
    """
    if not isinstance(value, str) or len(value) > 2 * MAX_LENGTH:
        return None
    url = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value.strip())
    return url if len(url) <= MAX_LENGTH and is_web_url(url) else None


def expires_at(url: str) -> str | None:
    """Return until when a presigned URL is valid, as ISO 8601 in UTC (``2026-07-01T12:00:00Z``); ``None``: unknown.

    Known forms: a date and a number of seconds (``X-Amz-``, ``X-Tos-``, ``X-Goog-``, ``x-oss-``: AWS Signature
    Version 4 and its kin), a Unix time (``Expires``, ``x-expires``), Tencent's ``q-sign-time=from;until`` and Azure's
    ``se``. Of several, the earliest.
    """
    parts = _split(url)
    if parts is None:
        return None
    query = {name.casefold(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)}
    moments = [moment for moment in _expiries(query) if moment is not None]
    return min(moments).strftime("%Y-%m-%dT%H:%M:%SZ") if moments else None


def _expiries(query: dict[str, str]) -> list[datetime | None]:
    moments = [
        _after(value, query.get(f"{name.removesuffix('-date')}-expires", ""))
        for name, value in query.items()
        if name.startswith("x-") and name.endswith("-date")
    ]
    moments += [_unix_time(query.get(name, "")) for name in ("expires", "x-expires")]
    moments.append(_unix_time(query.get("q-sign-time", "").rpartition(";")[2]))
    if "sig" in query:
        moments.append(_iso_time(query.get("se", "")))
    return moments


def _after(date: str, seconds: str) -> datetime | None:
    try:
        start = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return start + timedelta(seconds=int(seconds)) if _is_number(seconds) else None
    except (ValueError, OverflowError):
        return None


def _unix_time(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if _is_number(seconds) else None
    except (ValueError, OverflowError, OSError):
        return None


def _iso_time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _split(url: str) -> SplitResult | None:
    """Split a URL; ``None`` unless it is http(s) with a host and a possible port, in printable characters."""
    if not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname and port != 0 else None
