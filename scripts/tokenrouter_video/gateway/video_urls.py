"""Where the finished video is, and what it cost: found at known places only, never by looking for "some URL".

Answers also hold the user's pictures, last frames, covers and watermarked copies, and failed tasks hold error texts
where a URL would stand.
"""

from __future__ import annotations

from typing import Any

from tokenrouter_video.gateway.replies import values_at
from tokenrouter_video.gateway.web_urls import clean_url
from tokenrouter_video.gateway_answers import TaskStatus
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.records import dataclass


def video_urls(
    profile: GatewayProfile, payload: dict[str, Any], *, task_id: str, status: TaskStatus, origin: str
) -> tuple[str, ...]:
    r"""Return the URLs of a finished task's videos, whole, best first; none unless it succeeded.

    The first of the profile's places that holds an http(s) URL wins. A place for one URL holds the first video of
    several, so where a list holds more, its others follow. ``\u0026`` is decoded. With no URL anywhere it is the
    gateway's content endpoint under ``origin``, which wants the key.
    """
    if status is not TaskStatus.SUCCEEDED:
        return ()
    found = [urls for place in profile.answers.url_places if (urls := _urls_at(payload, place))]
    if not found:
        return (profile.content_url(origin, task_id),)
    best = found[0]
    if len(best) == 1:
        several = next((urls for urls in found if len(urls) > 1), best)
        others = [url for url in several if url != best[0]] if best[0] in several else several[1:]
        best = [best[0], *others]
    return tuple(best)


def _urls_at(payload: dict[str, Any], place: str) -> list[str]:
    urls = (clean_url(value) for value in values_at(payload, place))
    return list(dict.fromkeys(url for url in urls if url))


@dataclass(frozen=True, slots=True)
class Cost:
    """What the gateway says a task cost; ``unit`` is the gateway's own (``quota``, ``credits``), not a currency."""

    amount: float
    unit: str


def cost(profile: GatewayProfile, payload: dict[str, Any], status: TaskStatus) -> Cost | None:
    """Return the gateway's own figure for a task that succeeded, ``None`` where it gives none.

    Before the end it is only set aside, and given back after a failure. A zero is what a field says that nobody filled.
    """
    if status is not TaskStatus.SUCCEEDED:
        return None
    for place, unit in profile.answers.cost_places:
        for value in values_at(payload, place):
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e15:
                return Cost(value, unit)
    return None
