"""Scenarios of polling: the first path that is no API, answers to ride out, answers that end it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping

from tokenrouter_video.gateway.loopback import shapes, steps
from tokenrouter_video.gateway.loopback.answers import (
    Answer,
    Fault,
    Step,
    empty_answer,
    html_answer,
    json_answer,
)
from tokenrouter_video.gateway.loopback.scenario import Scenario


def _zipped(body: bytes) -> Answer:
    return Answer(body=gzip.compress(body, mtime=0), headers=(("Content-Encoding", "gzip"),))


def _then_done(*first: Step) -> tuple[Step, ...]:
    return (*first, steps.succeeded())


def polls() -> Iterator[tuple[str, Scenario]]:
    """Yield the scenarios of polling, with their names."""
    first: Mapping[str, tuple[str, Step]] = {
        "empty": ("nothing at the first path", empty_answer()),
        "404": ("404 at the first path", steps.not_found),
        "redirect": ("a redirect at the first path", steps.redirect(301, "{cdn_url}/front")),
        "empty-429": ("an empty 429 at the first path", empty_answer(429)),
        "html-502": ("a proxy's page at the first path", html_answer(502, "502 Bad Gateway")),
        "list": ("a JSON list at the first path", json_answer([])),
        "console": ("the console's error at the first path", json_answer(shapes.console_error("not logged in"))),
    }
    for name, (summary, step) in first.items():
        yield f"poll-first-path-{name}", Scenario(summary, first_poll_path=(step,))
    yield (
        "poll-first-path-works",
        Scenario(
            "the first path is the API, and the other one is none",
            first_poll_path=(steps.running(), steps.succeeded()),
            poll=(steps.not_found,),
        ),
    )
    passing: Mapping[str, tuple[str, Step]] = {
        "missing-at-first": ("unknown at first: the row is written after the answer", steps.task_not_exist()),
        "server-error": ("500 once", json_answer(shapes.task_error("get_task_failed", "database"), 500)),
        "unreadable-task": (
            "500 once: the stored answer does not parse yet",
            json_answer(shapes.task_error("convert_to_openai_video_failed", "unexpected end of JSON input"), 500),
        ),
        "html-502": ("a proxy's page once", html_answer(502, "502 Bad Gateway")),
        "html-200": ("the console's page once", html_answer()),
        "empty-200": ("nothing once", empty_answer()),
        "null": ("success without data", json_answer({"code": "success", "data": None})),
        "error-as-success": ("an error with status 200 once", json_answer(shapes.task_error("odd", "database"))),
        "unknown-word": ("a status word that nobody knows", steps.running("DREAMING", "40%")),
        "cut": ("an answer cut off once", Answer(body=b'{"code":"success","data":{"status":"SUCC', cut_after=20)),
        "bad-json": ("JSON that ends too early once", Answer(body=b'{"code":"success","data":{"status":"SUCC')),
        "bad-gzip": ("an answer called gzip and none", Answer(body=b"{}", headers=(("Content-Encoding", "gzip"),))),
        "gzip": ("an answer in gzip", _zipped(b'{"code":"success","data":{"status":"QUEUED"}}')),
        "reset": ("a reset once", Answer(fault=Fault.RESET_READ)),
        "reset-unread": ("a reset before anything was read, once", Answer(fault=Fault.RESET_UNREAD)),
        "not-http": ("noise once", Answer(fault=Fault.NOT_HTTP)),
        "rate": (
            "429 with seconds to wait once",
            json_answer(shapes.nested_error("Too many requests"), 429, headers=(("Retry-After", "1"),)),
        ),
        "rate-date": (
            "429 with a date in the past once",
            json_answer(
                shapes.nested_error("Too many requests"),
                429,
                headers=(("Retry-After", "Wed, 01 Jul 2026 12:00:00 GMT"),),
            ),
        ),
        "empty-429": ("429 without a body once", empty_answer(429)),
    }
    for name, (summary, step) in passing.items():
        yield f"poll-passing-{name}", Scenario(summary, poll=_then_done(steps.running(), step, steps.running()))
    yield (
        "poll-passing-missing-from-the-start",
        Scenario("unknown to the first two polls", poll=_then_done(steps.task_not_exist(), steps.task_not_exist())),
    )
    ends: Mapping[str, tuple[str, Step]] = {
        "key": ("the submission used up the key", steps.unauthorized()),
        "forbidden": ("the key may submit but not ask", json_answer(shapes.nested_error("no access to model "), 403)),
        "request": ("400 that is not about the task", json_answer(shapes.task_error("bad_id", "bad id"), 400)),
        "404": ("404 on both paths", steps.not_found),
        "missing": ("unknown for ever: the row was never written", steps.task_not_exist()),
        "not-implemented": ("501", json_answer(shapes.task_error("not_implemented", "not_implemented:50"), 501)),
        "redirect": ("a redirect on both paths", steps.redirect(301, "{cdn_url}/front")),
    }
    for name, (summary, step) in ends.items():
        yield f"poll-ends-{name}", Scenario(summary, poll=(step,))
    yield "poll-ends-key-later", Scenario("401 after a good answer", poll=(steps.running(), steps.unauthorized()))
    yield "poll-never-ends", Scenario("in progress for ever", poll=(steps.running(),))
    yield "poll-silence", Scenario("no answer to any poll", poll=(Answer(delay=3600.0),))
    yield "poll-always-html", Scenario("a page to every poll", poll=(html_answer(),))
    yield "poll-always-500", Scenario("500 to every poll", poll=(empty_answer(500),))
