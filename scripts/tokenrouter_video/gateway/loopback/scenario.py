"""A scenario: what each endpoint of the loopback gateway answers, request by request."""

from __future__ import annotations

from tokenrouter_video.gateway.loopback import steps
from tokenrouter_video.gateway.loopback.answers import Step, html_answer
from tokenrouter_video.records import dataclass


@dataclass(frozen=True, slots=True)
class Scenario:
    """What each endpoint answers: the n-th step to its n-th request, the last step to all that follow.

    ``first_poll_path`` is ``GET /video/generations/:id``, which on the real gateway is the console's page, ``poll`` the
    same under ``/v1``. Polls and files are counted for each task. ``summary`` says what the scenario is for.
    """

    summary: str
    submit: tuple[Step, ...] = (steps.accepting(),)
    first_poll_path: tuple[Step, ...] = (html_answer(),)
    poll: tuple[Step, ...] = (steps.running(), steps.succeeded())
    content: tuple[Step, ...] = (steps.content,)
    models: tuple[Step, ...] = (steps.models_list,)
    file: tuple[Step, ...] = (steps.video_file(),)
