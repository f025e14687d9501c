"""The steps that scenarios are put together from: functions that make one answer for one visit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from tokenrouter_video.gateway.loopback import shapes
from tokenrouter_video.gateway.loopback.answers import Answer, Step, Task, Visit, empty_answer, html_answer, json_answer
from tokenrouter_video.gateway.loopback.rules import OFFERED, refusal
from tokenrouter_video.patterns import regex

_RANGE = regex(r"bytes=([0-9]+)-([0-9]*)")


# --- what endpoints answer where a scenario says nothing else


def unauthorized(message: str = "Invalid token") -> Answer:
    """Return the answer to a key that is not taken."""
    return json_answer(shapes.nested_error(message), 401)


def task_not_exist() -> Answer:
    """Return the answer about an id that is unknown, or another user's."""
    return json_answer(shapes.task_error("task_not_exist", "task_not_exist"), 400)


def invalid_path(visit: Visit) -> Answer:
    """Return the answer of a path that no route has: an error under ``/v1``, else the page of the console."""
    return not_found(visit) if visit.request.path.startswith("/v1") else html_answer()


def not_found(visit: Visit) -> Answer:
    """Return the 404 of a path that no route has."""
    message = f"Invalid URL ({visit.request.method} {visit.request.path})"
    return json_answer({"error": {"message": message, "type": "invalid_request_error", "param": "", "code": ""}}, 404)


def redirect(status: int, to: str = "{cdn_url}/elsewhere") -> Answer:
    """Send elsewhere; ``{url}`` and ``{cdn_url}`` stand for the two servers."""
    return empty_answer(status, headers=(("Location", to),))


def models_list(visit: Visit) -> Answer:
    """Return the models on offer; a request without a credential is a bad one here."""
    if not visit.request.key:
        return json_answer(shapes.nested_error("Token not provided"), 400)
    visit.require_key()
    entries = [{"id": name, "object": "model", "created": shapes.CREATED, "owned_by": "custom"} for name in OFFERED]
    return json_answer({"data": [*entries, {"id": "gpt-4o", "object": "model"}], "object": "list", "success": True})


def content(visit: Visit) -> Answer:
    """Return the video through the gateway itself, to the owner of a finished task."""
    task = visit.task
    if not task.finished:
        message = "Task is not completed yet, current status: IN_PROGRESS"
        return json_answer(shapes.nested_error(message, kind="invalid_request_error"), 400)
    return Answer(200, visit.video, "video/mp4", (("Cache-Control", "public, max-age=86400"),))


def serve_video(visit: Visit, *, ranges: bool = True, **changes: Any) -> Answer:
    """Return the video's bytes, or the range of them that is asked for, as a store of files does."""
    tag = f'"{hashlib.sha256(visit.video).hexdigest()[:16]}"'
    headers = (("ETag", tag), ("Accept-Ranges", "bytes" if ranges else "none"))
    wanted = _RANGE.fullmatch(visit.request.headers.get("range", ""))
    fresh = visit.request.headers.get("if-range", tag) == tag
    if not (ranges and wanted and fresh):
        return Answer(200, visit.video, "video/mp4", headers, **changes)
    size = len(visit.video)
    first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
    if first > last:
        return empty_answer(416, headers=(*headers, ("Content-Range", f"bytes */{size}")))
    place = ("Content-Range", f"bytes {first}-{last}/{size}")
    return Answer(206, visit.video[first : last + 1], "video/mp4", (*headers, place), **changes)


def video_file(*, ranges: bool = True, **changes: Any) -> Step:
    """Serve the video; ``changes`` are members of the answer, ``cut_after=1000`` for example."""
    return lambda visit: serve_video(visit, ranges=ranges, **changes)


# --- submissions


def accepting(
    shape: Callable[[Task], dict[str, Any]] = shapes.submitted, status: int = 200, extra: bytes = b""
) -> Step:
    """Make a task of a request that the gateway's rules allow; ``extra`` bytes follow the answer's JSON."""

    def step(visit: Visit) -> Answer:
        visit.require_key()
        refused = refusal(visit.request)
        if refused:
            return refused
        answer = json_answer(shape(visit.accept(visit.request.json)), status)
        return Answer(answer.status, answer.body + extra, headers=(("X-New-Api-Other-Ratios", "{}"),))

    return step


def accepting_silently(answer: Answer) -> Step:
    """Make a task as :func:`accepting` does, and then answer something that does not say so."""
    made = accepting()

    def step(visit: Visit) -> Answer:
        if callable(made):
            made(visit)
        return answer

    return step


# --- polls


def polled(shape: Callable[[Task, Visit], object], *, final: bool = False, status: int = 200, **changes: Any) -> Step:
    """Answer about the visit's task with what ``shape`` makes of it; ``final`` marks the task as finished."""

    def step(visit: Visit) -> Answer:
        task = visit.task
        task.polls += 1
        task.finished = task.finished or final
        return json_answer(shape(task, visit), status, **changes)

    return step


def running(status: str = "IN_PROGRESS", progress: str = "30%") -> Step:
    """Say that the task is under way, in the words of ``GET /v1/video/generations/:id``."""
    return polled(lambda task, _: shapes.task_response(task, status, progress, shapes.provider_raw(task)))


def succeeded() -> Step:
    """Say that the task is done, with the URL in ``data.result_url`` and the provider's own answer below it."""
    return polled(
        lambda task, visit: shapes.task_response(
            task, "SUCCESS", "100%", shapes.provider_raw(task, visit.video_url), result_url=visit.video_url
        ),
        final=True,
    )


def failed(reason: str = "The request failed because the output audio may be related to copyright") -> Step:
    """Say that the task failed; as in the real gateway the reason stands where the URL would."""
    raw = {
        "id": "cgt-1",
        "status": "failed",
        "error": {"code": "OutputAudioSensitiveContentDetected", "message": reason},
    }
    return polled(
        lambda task, _: shapes.task_response(task, "FAILURE", "100%", raw, fail_reason=reason, result_url=reason)
    )
