"""A gateway's HTTP answer as bytes, and what can be read from it without knowing what was asked."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from tokenrouter_video.gateway.wording import cut, is_deeper, message_text
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.records import dataclass

MAX_BODY_BYTES = 10_000_000
MAX_DEPTH = 100
MAX_ITEMS = 100
_LONGEST_WAIT = 86_400.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. ``headers`` may have any case; ``body`` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return a header's value, its name without case; ``None`` where there is none."""
        wanted = name.casefold()
        return next((value for given, value in self.headers.items() if given.casefold() == wanted), None)

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 2xx."""
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        """Whether the status is one of 3xx; none is ever followed with the key."""
        return 300 <= self.status < 400


def json_object(reply: Reply) -> dict[str, Any] | None:
    """Return the JSON object that the body begins with; ``None`` where it begins with anything else.

    A second document behind it is left alone: new-api of 2025 appended an error to an answer already sent
    (``relay/relay_task.go``). Bytes that are no text become U+FFFD, so that an id beside them is not lost. Numbers that
    JSON cannot carry become null. More than 10 MB or 100 levels count as no JSON.
    """
    if len(reply.body) > MAX_BODY_BYTES:
        return None
    text = reply.body.decode(json.detect_encoding(reply.body), errors="replace").removeprefix(chr(0xFEFF)).lstrip()
    if not text.startswith("{"):
        return None
    try:
        document, _ = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and not is_deeper(document, MAX_DEPTH) else None


# Python refuses an integer that is much longer, and all that stands around it.
_MOST_DIGITS = 1_000


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MOST_DIGITS else None


_DECODER = json.JSONDecoder(parse_float=_finite, parse_int=_whole, parse_constant=lambda _: None, strict=False)


def describe(reply: Reply) -> str:
    """Return in words what an answer without a usable JSON object is."""
    if reply.is_redirect:
        return f"HTTP {reply.status}, a redirect" + _target(reply)
    body = reply.body.lstrip()
    kind = (reply.header("Content-Type") or "").partition(";")[0].strip().casefold()
    if not body:
        what = "an empty body"
    elif len(reply.body) > MAX_BODY_BYTES:
        what = f"a body of more than {MAX_BODY_BYTES // 1_000_000} MB"
    elif body[:1] == b"<" or kind == "text/html":
        what = "an HTML page"
    elif body[:1] in (b"{", b"["):
        what = "JSON that is damaged or no object"
    else:
        what = "a body that is no JSON object"
    return f"HTTP {reply.status} with {what}"


def _target(reply: Reply) -> str:
    location = reply.header("Location")
    return f" to {cut(message_text(location.partition('?')[0]), 200)}" if location else ""


def retry_after(reply: Reply, now: float | None = None) -> float | None:
    """Return how many seconds the server asks to wait (RFC 9110, 10.2.3), at most a day; ``None``: it does not say.

    ``now`` is the Unix time that a date is held against.
    """
    value = (reply.header("Retry-After") or "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - (time.time() if now is None else now)
        except (ValueError, OverflowError, TypeError, IndexError):
            return None
    return min(max(seconds, 0.0), _LONGEST_WAIT) if math.isfinite(seconds) else None


def request_id(profile: GatewayProfile, reply: Reply) -> str | None:
    """Return the gateway's own id of the request, for its support; at most 200 characters."""
    found = (reply.header(name) for name in profile.request_id_headers)
    return next((cut(message_text(value), 200) for value in found if value), None)


def values_at(document: object, place: str) -> Iterator[Any]:
    """Yield what stands at a profile's place: ``a.b``, ``a[].b`` (of each item), ``a[type=video].b`` (of some).

    Nothing is yielded where a part is missing or of another type. At most 100 items of a list.
    """
    found = [document]
    for step in place.split("."):
        name, bracket, test = step.partition("[")
        found = [node[name] for node in found if isinstance(node, dict) and name in node]
        if bracket:
            key, _, wanted = test.removesuffix("]").partition("=")
            items = [item for node in found if isinstance(node, list) for item in node[:MAX_ITEMS]]
            found = [item for item in items if not key or (isinstance(item, dict) and item.get(key) == wanted)]
    yield from found


def first_text(document: object, places: tuple[str, ...]) -> str | None:
    """Return the first text at one of the places that is not blank."""
    values = (value for place in places for value in values_at(document, place))
    return next((value for value in values if isinstance(value, str) and value.strip()), None)


def without_account_fields(profile: GatewayProfile, payload: object) -> Any:
    """Return a copy of an answer for people to read: without what says whose account made the task."""
    if isinstance(payload, dict):
        kept = ((name, value) for name, value in payload.items() if name not in profile.answers.account_fields)
        return {name: without_account_fields(profile, value) for name, value in kept}
    if isinstance(payload, list):
        return [without_account_fields(profile, item) for item in payload]
    return payload
