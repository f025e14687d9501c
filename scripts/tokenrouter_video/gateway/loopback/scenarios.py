"""The named scenarios: one for each shape, status and fault that gateways of this family are known to show.

Names begin with what they are about: ``submit-``, ``poll-``, ``result-``, ``file-``, ``models-``. What a scenario does
not mention works: two polls and a video. Others are made from these: ``replace(SCENARIOS["demo"], poll=(...))``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tokenrouter_video.gateway.loopback import steps
from tokenrouter_video.gateway.loopback.polls import polls
from tokenrouter_video.gateway.loopback.results import files, models, results
from tokenrouter_video.gateway.loopback.scenario import Scenario
from tokenrouter_video.gateway.loopback.submissions import submissions

_DEMO = Scenario(
    "as the real gateway: the console's page at the first path, then queued, two steps of progress, the video",
    poll=(
        steps.running("NOT_START", "0%"),
        steps.running("QUEUED", "20%"),
        steps.running("IN_PROGRESS", "50%"),
        steps.succeeded(),
    ),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "demo": _DEMO,
        "quick": Scenario("done at the first poll", poll=(steps.succeeded(),)),
        **dict(submissions()),
        **dict(polls()),
        **dict(results()),
        **dict(files()),
        **dict(models()),
    }
)
