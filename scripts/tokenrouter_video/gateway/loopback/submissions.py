"""Scenarios of the submission: accepted in every shape, refused for every reason, and neither."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tokenrouter_video.gateway.loopback import shapes, steps
from tokenrouter_video.gateway.loopback.answers import (
    Answer,
    Fault,
    Step,
    Visit,
    empty_answer,
    html_answer,
    json_answer,
)
from tokenrouter_video.gateway.loopback.scenario import Scenario

_UPSTREAM_BODY = json.dumps({"error": {"code": "InvalidParameter", "message": "the image cannot be fetched"}})

# name: status, body
_REFUSALS: Mapping[str, tuple[int, dict[str, Any]]] = {
    "key": (401, shapes.nested_error("Invalid token")),
    "key-chinese": (401, shapes.nested_error("无效的令牌")),
    "no-key": (401, shapes.nested_error("Token not provided")),
    "banned": (403, shapes.nested_error("User has been banned")),
    "address": (403, shapes.nested_error("Your IP is not in the list of allowed IPs")),
    "model-not-granted": (403, shapes.nested_error("This token has no access to model kling-v3")),
    "no-model": (400, shapes.nested_error("Model name not specified, model name cannot be empty")),
    "no-json": (400, shapes.nested_error("Invalid request: unexpected EOF")),
    "model-not-found": (
        503,
        shapes.nested_error("No available channel for model kling-v3 under group default", "model_not_found"),
    ),
    "balance": (403, shapes.task_error("insufficient_user_quota", "user quota is not enough, left $0.01, need $0.35")),
    "balance-2025": (403, shapes.task_error("quota_not_enough", "user quota is not enough")),
    "key-limit": (403, shapes.task_error("pre_consume_token_quota_failed", "token quota is not enough")),
    "request": (400, shapes.task_error("invalid_request", "prompt is required")),
    "seconds": (400, shapes.task_error("invalid_seconds", "seconds must be between 0 and 3600")),
    "price": (400, shapes.task_error("model_price_error", "the price of kling-v3 is not configured")),
    "metadata-type": (
        500,
        shapes.task_error(
            "build_request_failed",
            "unmarshal metadata failed: json: cannot unmarshal number into Go struct field "
            "requestPayload.duration of type string",
        ),
    ),
    "upstream-words": (400, shapes.task_error("fail_to_fetch_task", _UPSTREAM_BODY)),
    "upstream-key": (401, shapes.task_error("fail_to_fetch_task", "upstream authentication failed")),
    "upstream-busy": (429, shapes.task_error("fail_to_fetch_task", "当前分组上游负载已饱和，请稍后再试")),
    "kling": (400, shapes.task_error("task_failed", "kling: invalid parameter")),
    "hailuo-rate": (400, shapes.task_error("1002", "hailuo api error: rate limit")),
    "hailuo-key": (400, shapes.task_error("1004", "hailuo api error: login fail")),
    "hailuo-balance": (400, shapes.task_error("1008", "hailuo api error: insufficient balance")),
    "hailuo-content": (400, shapes.task_error("1026", "hailuo api error: sensitive content")),
    "hailuo-params": (400, shapes.task_error("2013", "hailuo api error: invalid params")),
    "hailuo-key-invalid": (400, shapes.task_error("2049", "hailuo api error: invalid api key")),
    "too-large": (413, shapes.task_error("read_request_body_failed", "request body too large")),
    "path": (
        404,
        {"error": {"message": "Invalid URL (POST /v1/video/generations)", "type": "invalid_request_error"}},
    ),
    "console": (200, shapes.console_error("无权进行此操作，未登录且未提供 access token")),
    "not-implemented": (501, shapes.task_error("not_implemented", "not_implemented:50")),
}

# name: status, body
_UNCERTAIN: Mapping[str, tuple[int, dict[str, Any]]] = {
    "upstream-connection": (500, shapes.task_error("do_request_failed", "Post upstream: context deadline exceeded")),
    "upstream-no-id": (500, shapes.task_error("invalid_response", "task_id is empty")),
    "no-channel-left": (500, shapes.task_error("get_channel_failed", "no channel left for another try")),
    "upstream-error": (502, shapes.task_error("fail_to_fetch_task", "bad gateway")),
    "unknown-code": (500, shapes.task_error("something_new", "a new kind of failure")),
    "request-timeout": (408, shapes.task_error("fail_to_fetch_task", "upstream timed out")),
    "no-id": (200, {"object": "video", "status": "queued"}),
    "number-as-id": (200, {"id": 8123, "status": "queued"}),
    "blank-id": (200, {"id": "", "task_id": " ", "status": "queued"}),
    "control-characters-in-id": (200, {"id": "task_\x1b[2J", "status": "queued"}),
    "long-id": (200, {"id": "t" * 5000, "status": "queued"}),
    "unknown-error-as-success": (200, {"error": {"message": "something went wrong", "code": "odd"}, "id": "req_1"}),
}


def _huge(visit: Visit) -> Answer:
    task = visit.accept(visit.request.json)
    return json_answer({"padding": "x" * 12_000_000, "id": task.id})


def _deep(visit: Visit) -> Answer:
    task = visit.accept(visit.request.json)
    return Answer(body=b'{"id":"' + task.id.encode() + b'","deep":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


def _utf16(visit: Visit) -> Answer:
    answer = json_answer(shapes.submitted(visit.accept(visit.request.json)))
    return Answer(body=answer.body.decode().encode("utf-16"))


def _latin(visit: Visit) -> Answer:
    body = shapes.submitted(visit.accept(visit.request.json)) | {"message": "@"}
    return Answer(body=json_answer(body).body.replace(b"@", b"caf\xe9 \xff"))


def _cut(visit: Visit) -> Answer:
    answer = json_answer(shapes.submitted(visit.accept(visit.request.json)))
    return Answer(body=answer.body, cut_after=20)


def _typed(content_type: str | None) -> Step:
    def step(visit: Visit) -> Answer:
        answer = json_answer(shapes.submitted(visit.accept(visit.request.json)))
        return Answer(body=answer.body, content_type=content_type)

    return step


def _lazily(delay: float, pace: float) -> Step:
    def step(visit: Visit) -> Answer:
        answer = json_answer(shapes.submitted(visit.accept(visit.request.json)))
        return Answer(body=answer.body, delay=delay, pace=pace)

    return step


def submissions() -> Iterator[tuple[str, Scenario]]:
    """Yield the scenarios of the submission, with their names."""
    yield (
        "submit-flat",
        Scenario(
            "the short answer that clients have seen",
            submit=(steps.accepting(lambda task: {"task_id": task.id, "status": "queued", "progress": 0}),),
        ),
    )
    yield (
        "submit-id-only",
        Scenario(
            "OpenAI's video object with one id",
            submit=(steps.accepting(lambda task: {"id": task.id, "object": "video", "status": "queued"}),),
        ),
    )
    yield (
        "submit-kling-2025",
        Scenario(
            "Kling's own answer, from before October 2025", submit=(steps.accepting(shapes.submitted_kling_native),)
        ),
    )
    yield (
        "submit-nested-id",
        Scenario(
            "the id below data, a number above it",
            submit=(steps.accepting(lambda task: {"code": "success", "id": 8123, "data": {"id": task.id}}),),
        ),
    )
    yield "submit-202", Scenario("accepted with 202", submit=(steps.accepting(status=202),))
    yield (
        "submit-second-document",
        Scenario(
            "an error appended to an answer already sent, as in 2025",
            submit=(steps.accepting(extra=json_answer(shapes.task_error("insert_task_failed", "database")).body),),
        ),
    )
    yield "submit-utf16", Scenario("accepted, in UTF-16", submit=(_utf16,))
    yield "submit-bad-bytes", Scenario("accepted, with bytes that are no UTF-8 in a message", submit=(_latin,))
    yield "submit-as-text", Scenario("accepted, as text/plain", submit=(_typed("text/plain"),))
    yield "submit-as-html", Scenario("accepted, as text/html", submit=(_typed("text/html"),))
    yield "submit-without-type", Scenario("accepted, without a Content-Type", submit=(_typed(None),))
    yield "submit-slow", Scenario("accepted after two seconds, in drips", submit=(_lazily(1.0, 0.06),))
    yield (
        "submit-failed-at-once",
        Scenario(
            "accepted, and failed in the same answer",
            submit=(
                steps.accepting(
                    lambda task: shapes.openai_video(task, "failed", 0, error={"message": "no", "code": ""})
                ),
            ),
            poll=(steps.failed("no"),),
        ),
    )
    for name, (status, body) in _REFUSALS.items():
        answer = json_answer(body, status)
        yield f"submit-refused-{name}", Scenario(f"{status}: nothing is accepted", submit=(answer,))
    yield (
        "submit-refused-rate",
        Scenario(
            "429 with a time to wait",
            submit=(json_answer(shapes.nested_error("Too many requests"), 429, headers=(("Retry-After", "7"),)),),
        ),
    )
    yield "submit-refused-empty-429", Scenario("429 without a body", submit=(empty_answer(429),))
    yield "submit-refused-html-403", Scenario("a firewall's page", submit=(html_answer(403, "Forbidden"),))
    for status in (301, 307, 308):
        yield (
            f"submit-refused-redirect-{status}",
            Scenario(f"{status} to another origin, which must not be followed", submit=(steps.redirect(status),)),
        )
    for name, (status, body) in _UNCERTAIN.items():
        answer = json_answer(body, status)
        yield (
            f"submit-unclear-{name}",
            Scenario(f"{status}: the task may exist all the same", submit=(steps.accepting_silently(answer),)),
        )
    unclear: Mapping[str, tuple[str, Step]] = {
        "redirect-302": ("a redirect that may follow work done", steps.accepting_silently(steps.redirect(302))),
        "redirect-303": ("a redirect that follows work done", steps.accepting_silently(steps.redirect(303))),
        "html": ("200 with a page", steps.accepting_silently(html_answer())),
        "empty": ("200 without a body", steps.accepting_silently(empty_answer())),
        "list": ("200 with a JSON list", steps.accepting_silently(json_answer([1, 2]))),
        "html-502": ("a proxy's page", steps.accepting_silently(html_answer(502, "502 Bad Gateway"))),
        "empty-503": ("503 without a body", steps.accepting_silently(empty_answer(503))),
        "empty-500": ("500 without a body", steps.accepting_silently(empty_answer(500))),
        "cut": ("accepted, the answer cut off", _cut),
        "huge": ("accepted, in 12 MB", _huge),
        "deep": ("accepted, nested 100,000 deep", _deep),
        "bad-gzip": (
            "accepted, called gzip and none",
            steps.accepting_silently(Answer(body=b"{}", headers=(("Content-Encoding", "gzip"),))),
        ),
        "reset-unread": ("reset before anything was read", Answer(fault=Fault.RESET_UNREAD)),
        "reset-read": ("accepted, then reset", steps.accepting_silently(Answer(fault=Fault.RESET_READ))),
        "closed": ("accepted, then closed", steps.accepting_silently(Answer(fault=Fault.CLOSE_READ))),
        "not-http": ("accepted, then noise", steps.accepting_silently(Answer(fault=Fault.NOT_HTTP))),
        "silence": ("accepted, and never an answer", steps.accepting_silently(Answer(delay=3600.0))),
    }
    for name, (summary, step) in unclear.items():
        yield f"submit-unclear-{name}", Scenario(summary, submit=(step,))
