"""Scenarios of the end: every place where a video's URL stands, failures that hold one, and the file itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tokenrouter_video.gateway.loopback import shapes, steps
from tokenrouter_video.gateway.loopback.answers import (
    Answer,
    Fault,
    Step,
    Task,
    Visit,
    empty_answer,
    html_answer,
    json_answer,
)
from tokenrouter_video.gateway.loopback.scenario import Scenario


def _done(shape: Any) -> tuple[Step, ...]:
    return (steps.running(), steps.polled(shape, final=True))


def _not_done(shape: Any) -> tuple[Step, ...]:
    return (steps.running(), steps.polled(shape))


_REASON = "The request failed because the output audio may be related to copyright"


def _response(task: Task, raw: object = None, **fields: Any) -> dict[str, Any]:
    return shapes.task_response(task, "SUCCESS", "100%", raw, **fields)


def results() -> Iterator[tuple[str, Scenario]]:
    """Yield the scenarios of finished and failed tasks, with their names."""
    done: Mapping[str, tuple[str, Any]] = {
        "2025": (
            "until February 2026: the URL stands where a failure's reason would",
            lambda task, visit: _response(task, shapes.hailuo_raw(task, "x"), fail_reason=visit.video_url),
        ),
        "raw-kling": (
            "only in Kling's own answer",
            lambda task, visit: _response(task, shapes.kling_raw(task, visit.video_url)),
        ),
        "raw-seedance": (
            "only in Ark's own answer, beside a last frame",
            lambda task, visit: _response(task, shapes.seedance_raw(task, visit.video_url)),
        ),
        "raw-ali": (
            "only in Alibaba's own answer",
            lambda task, visit: _response(task, {"output": {"video_url": visit.video_url, "task_status": "SUCCEEDED"}}),
        ),
        "openai": (
            "OpenAI's video object",
            lambda task, visit: shapes.openai_video(task, "completed", 100, metadata={"url": visit.video_url}),
        ),
        "realtime": (
            "the realtime object of Gemini and Vertex",
            lambda task, visit: shapes.realtime(task, "succeeded", visit.video_url),
        ),
        "documented": (
            "the flat object of the published reference",
            lambda task, visit: shapes.documented_flat(task, "succeeded", visit.video_url),
        ),
        "nested": (
            "a gateway behind the gateway",
            lambda task, visit: _response(
                task, _response(task, shapes.kling_raw(task, visit.video_url), result_url=visit.video_url)
            ),
        ),
        "kling-native": (
            "Kling's own answer and nothing around it",
            lambda task, visit: shapes.kling_raw(task, visit.video_url),
        ),
        "several": (
            "two videos",
            lambda task, visit: _response(
                task,
                shapes.kling_raw(task, visit.video_url, visit.video_url.replace(".mp4", "-b.mp4")),
                result_url=visit.video_url,
            ),
        ),
        "artifacts": (
            "artifacts of the newest generation, with their own permission",
            lambda task, visit: {
                **shapes.newest(task, "SUCCESS", "100%"),
                "artifacts": [
                    {"key": "cover", "type": "image", "content_url": f"{visit.url}/cover?access=a"},
                    {"key": "video", "type": "video", "content_url": f"{visit.cdn_url}/videos/1.mp4?access=a%2Bb"},
                ],
            },
        ),
        "unsigned-urls": (
            "OpenRouter's lists",
            lambda task, visit: {"id": task.id, "status": "completed", "unsigned_urls": [visit.video_url],
                                 "usage": {"cost": 0.35}},
        ),
        "escaped-twice": (
            "a URL whose ampersands were escaped once too often",
            lambda task, visit: _response(task, result_url=visit.video_url.replace("&", r"\u0026")),
        ),
        "content-url": (
            "the gateway's own content endpoint, named",
            lambda task, visit: _response(task, result_url=f"{visit.url}/v1/videos/{task.id}/content"),
        ),
        "no-url": (
            "no URL anywhere: the content endpoint is left",
            lambda task, visit: _response(task, shapes.hailuo_raw(task, "x")),
        ),
        "data-url": (
            "the video itself instead of a URL",
            lambda task, visit: shapes.realtime(task, "succeeded", "data:video/mp4;base64,AAAA"),
        ),
    }  # fmt: skip
    for name, (summary, shape) in done.items():
        yield f"result-{name}", Scenario(summary, poll=_done(shape))
    failed: Mapping[str, tuple[str, Any]] = {
        "openai": (
            "OpenAI's video object, the reason where the URL would be",
            lambda task, visit: shapes.openai_video(
                task, "failed", 100, metadata={"url": _REASON}, error={"message": _REASON, "code": "Sensitive"}
            ),
        ),
        "with-url": (
            "a URL in the answer of a failed task",
            lambda task, visit: shapes.task_response(
                task, "FAILURE", "100%", fail_reason=_REASON, result_url=visit.video_url
            ),
        ),
        "kling-native": (
            "Kling's own failure",
            lambda task, visit: {
                "code": 0,
                "message": "SUCCEED",
                "data": {"task_id": "1", "task_status": "failed", "task_status_msg": _REASON},
            },
        ),
        "text": ("the error as text", lambda task, visit: {"id": task.id, "status": "failed", "error": _REASON}),
        "cancelled": ("cancelled", lambda task, visit: {"id": task.id, "status": "cancelled"}),
        "gateway-timeout": (
            "given up by the gateway after a day",
            lambda task, visit: shapes.task_response(task, "FAILURE", "100%", fail_reason="任务超时（1440分钟）"),
        ),
    }
    yield "result-failed", Scenario("failed, the reason where the URL would be", poll=(steps.running(), steps.failed()))
    for name, (summary, shape) in failed.items():
        yield f"result-failed-{name}", Scenario(summary, poll=_not_done(shape))
    yield (
        "result-spelled-lower",
        Scenario(
            "status words in other case",
            poll=(steps.running("In_Progress"), steps.running("queueing"), steps.succeeded()),
        ),
    )


def _moved(visit: Visit) -> Answer:
    """Send on to another path, where the file is."""
    if visit.request.path != "/moved.mp4":
        return steps.redirect(302, "{cdn_url}/moved.mp4")
    return steps.serve_video(visit)


def files() -> Iterator[tuple[str, Scenario]]:
    """Yield the scenarios of the download, with their names."""
    files: Mapping[str, tuple[str, tuple[Step, ...]]] = {
        "cut": ("cut in the middle once, and resumable", (steps.video_file(cut_after=20_000), steps.video_file())),
        "cut-no-ranges": (
            "cut in the middle once, and not resumable",
            (steps.video_file(ranges=False, cut_after=20_000), steps.video_file(ranges=False)),
        ),
        "always-cut": ("cut after nothing, every time", (steps.video_file(cut_after=0),)),
        "no-length": ("no length announced", (steps.video_file(announced=False),)),
        "slow": ("in drips", (steps.video_file(pace=0.1),)),
        "expired": ("403: the signature is too old", (html_answer(403, "AccessDenied"),)),
        "missing": ("404", (html_answer(404, "NoSuchKey"),)),
        "html": ("a page instead of a video", (html_answer(),)),
        "empty": ("nothing instead of a video", (empty_answer(),)),
        "redirect": ("a redirect to the file", (_moved,)),
        "redirect-to-gateway": ("a redirect to the gateway", (steps.redirect(302, "{url}/v1/models"),)),
        "redirect-loop": ("redirects without end", (steps.redirect(302, "{cdn_url}/again.mp4"),)),
        "server-error": ("500 once", (empty_answer(500), steps.video_file())),
        "reset": ("a reset once", (Answer(fault=Fault.RESET_READ), steps.video_file())),
    }
    for name, (summary, script) in files.items():
        yield f"file-{name}", Scenario(summary, poll=(steps.succeeded(),), file=script)


def models() -> Iterator[tuple[str, Scenario]]:
    """Yield the scenarios of the list of models, with their names."""
    answers: Mapping[str, tuple[str, Step]] = {
        "none": ("no video model on offer", json_answer({"data": [{"id": "gpt-4o", "object": "model"}]})),
        "key": ("401", steps.unauthorized()),
        "html": ("a page", html_answer()),
        "empty": ("an empty list", json_answer({"data": [], "object": "list"})),
        "server-error": ("500", empty_answer(500)),
    }
    for name, (summary, step) in answers.items():
        yield f"models-{name}", Scenario(summary, models=(step,))
