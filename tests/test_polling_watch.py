"""When a task is asked about, on which path, and how it ends: the watch alone, with a clock made of numbers."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenrouter_video.gateway.exchange import NoReplyError
from tokenrouter_video.gateway.polling import Ended, Rejected, TimedOut, Watch
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.gateway.submit import result_of
from tokenrouter_video.gateways import TOKENROUTER

FIRST, SECOND = "/video/generations/t%2F1", "/v1/video/generations/t%2F1"


def reply(status: int, body: object, **headers: str) -> Reply:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, data)


def task(status: str, **members: object) -> Reply:
    return reply(200, {"code": "success", "message": "", "data": {"task_id": "t/1", "status": status, **members}})


HTML = reply(200, b"<!doctype html><html></html>", content_type="text/html")
EMPTY = reply(200, b"")
MISSING = reply(400, {"code": "task_not_exist", "message": "task_not_exist", "data": None})
UNAUTHORIZED = reply(401, {"error": {"message": "Invalid token", "code": ""}})
WORDLESS = reply(200, {"code": "success", "data": None})
DONE = task("SUCCESS", result_url="https://v.example/1.mp4?a=1&b=2")
NO_ANSWER = NoReplyError("the connection broke", never_left=False)


@dataclass
class Play:
    """Answers one after the other to a watch; ``asked`` is when and where it asked."""

    watch: Watch
    asked: list[tuple[float, str]] = field(default_factory=list)

    def run(self, outcomes: Iterable[Reply | NoReplyError]) -> object:
        for outcome in outcomes:
            now = self.watch.next_at
            self.asked.append((now, self.watch.path))
            ending = self.watch.take(outcome, now)
            if ending is not None:
                return ending
        return None


def play(deadline: float = 600.0, interval: float | None = 2.0, fresh_until: float = 30.0) -> Play:
    watch = Watch(
        TOKENROUTER,
        "t/1",
        now=0.0,
        deadline=deadline,
        interval=interval,
        fresh_until=fresh_until,
        chance=random.Random(1),
    )
    return Play(watch)


def test_the_documented_path_is_asked_first_and_kept_where_it_answers() -> None:
    game = play()
    assert isinstance(game.run([task("QUEUED"), HTML, EMPTY, task("IN_PROGRESS"), DONE]), Ended)
    assert game.asked == [(2.0, FIRST), (4.0, FIRST), (6.0, FIRST), (8.0, FIRST), (10.0, FIRST)]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(HTML, id="a page"),
        pytest.param(EMPTY, id="nothing"),
        pytest.param(reply(429, b""), id="an empty 429"),
        pytest.param(reply(301, b"", location="https://front.example/"), id="a redirect"),
        pytest.param(reply(404, b"not found"), id="404 in text"),
        pytest.param(reply(404, {"error": {"message": "Invalid URL"}}), id="404 in JSON"),
        pytest.param(reply(200, b"[1]"), id="a list"),
        pytest.param(reply(403, b"<html>"), id="a page of a firewall"),
        pytest.param(reply(502, b"<html>"), id="a page of a proxy"),
        pytest.param(reply(403, {"message": "Missing Authentication Token"}), id="a refusal of what is not routed"),
        pytest.param(UNAUTHORIZED, id="401: the other path tells whether it is the key"),
    ],
)
def test_what_is_no_answer_of_the_api_moves_to_the_next_path_at_once_and_for_good(wrong: Reply) -> None:
    game = play()
    assert isinstance(game.run([wrong, task("IN_PROGRESS"), HTML, DONE]), Ended)
    assert game.asked == [(2.0, FIRST), (2.0, SECOND), (4.0, SECOND), (6.0, SECOND)]


def test_answers_that_say_nothing_about_the_task_move_on_in_the_end() -> None:
    game = play()
    assert isinstance(game.run([WORDLESS, WORDLESS, task("QUEUED"), WORDLESS, WORDLESS, WORDLESS, DONE]), Ended)
    assert [path for _, path in game.asked] == [FIRST, FIRST, SECOND, SECOND, SECOND, SECOND, SECOND]


def test_a_broken_connection_says_nothing_about_the_path() -> None:
    game = play()
    assert isinstance(game.run([NO_ANSWER, NO_ANSWER, DONE]), Ended)
    assert [path for _, path in game.asked] == [FIRST, FIRST, FIRST]


@pytest.mark.parametrize(
    "passing",
    [
        pytest.param(NO_ANSWER, id="no connection"),
        pytest.param(reply(429, {"error": {"message": "slow down"}}), id="429"),
        pytest.param(reply(500, b""), id="500 without a body"),
        pytest.param(reply(502, b"<html>"), id="502 with a page"),
        pytest.param(reply(503, {"error": {"message": "busy"}}), id="503"),
        pytest.param(reply(408, b""), id="408"),
        pytest.param(HTML, id="a page"),
        pytest.param(EMPTY, id="nothing"),
        pytest.param(reply(200, b'{"code":'), id="damaged JSON"),
        pytest.param(WORDLESS, id="an object that says nothing"),
        pytest.param(task("DANCING"), id="an unknown word"),
    ],
)
def test_what_passes_is_ridden_out(passing: Reply | NoReplyError) -> None:
    game = play()
    assert isinstance(game.run([task("QUEUED"), passing, passing, passing, DONE]), Ended)
    assert len(game.asked) == 5


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        pytest.param(UNAUTHORIZED, "Invalid token", id="401"),
        pytest.param(reply(403, {"error": {"message": "no access to model"}}), "no access to model", id="403"),
        pytest.param(reply(400, {"code": "bad_id", "message": "bad id"}), "bad id", id="400"),
        pytest.param(reply(404, {"error": {"message": "Task not found"}}), "Task not found", id="404"),
        pytest.param(MISSING, "task_not_exist", id="a task that does not exist"),
        pytest.param(reply(501, {"code": "not_implemented", "message": "no"}), "not_implemented", id="501"),
    ],
)
def test_what_will_not_pass_ends_it_in_the_gateways_own_words(refusal: Reply, words: str) -> None:
    game = play(fresh_until=0.0)
    ending = game.run([task("QUEUED"), refusal, DONE])
    assert isinstance(ending, Rejected)
    assert words in ending.answer.message
    assert ending.answer.remedy


def test_a_task_that_is_not_there_yet_is_waited_for_half_a_minute() -> None:
    game = play(interval=10.0)
    assert isinstance(game.run([MISSING, MISSING, MISSING, MISSING]), Rejected)
    assert game.asked == [(10.0, FIRST), (20.0, FIRST), (30.0, FIRST)]
    assert isinstance(play(interval=10.0).run([MISSING, MISSING, task("NOT_START"), DONE]), Ended)


def test_own_rhythm_starts_quickly_settles_and_scatters() -> None:
    game = play(interval=None)
    game.run([task("QUEUED")] * 30)
    moments = [moment for moment, _ in game.asked]
    pauses = [later - earlier for earlier, later in zip([0.0, *moments], moments, strict=False)]
    assert pauses[:3] == pytest.approx([5.0, 6.5, 8.45])
    assert all(10.0 <= pause <= 15.0 for pause in pauses[3:])
    assert len({round(pause, 3) for pause in pauses[3:]}) > 10


def test_a_named_interval_is_used_as_it_is() -> None:
    game = play(interval=0.25)
    game.run([task("QUEUED")] * 4)
    assert [moment for moment, _ in game.asked] == [0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize(
    ("header", "next_question"),
    [
        pytest.param("20", 22.0, id="longer than the interval"),
        pytest.param("0.5", 4.0, id="shorter than the interval"),
        pytest.param("soon", 4.0, id="no number"),
    ],
)
def test_retry_after_is_obeyed(header: str, next_question: float) -> None:
    game = play()
    busy = reply(429, {"error": {"message": "slow down"}}, Retry_After=header)
    game.run([busy, DONE])
    assert [moment for moment, _ in game.asked] == [2.0, next_question]


def test_a_wait_beyond_the_deadline_ends_it_at_once() -> None:
    game = play()
    ending = game.run([task("IN_PROGRESS"), reply(503, {"error": {"message": "busy"}}, Retry_After="900")])
    assert isinstance(ending, TimedOut)
    assert ending.trouble.endswith("It asks to wait 900 seconds.")
    assert ending.state is not None
    assert ending.state.word == "IN_PROGRESS"


def test_the_last_question_is_asked_at_the_deadline() -> None:
    game = play(deadline=5.0)
    ending = game.run([task("QUEUED")] * 10)
    assert isinstance(ending, TimedOut)
    assert [moment for moment, _ in game.asked] == [2.0, 4.0, 5.0]
    assert isinstance(play(deadline=5.0).run([task("QUEUED"), task("QUEUED"), DONE]), Ended)


@pytest.mark.parametrize("trouble", [NO_ANSWER, reply(500, b""), HTML, task("DANCING"), WORDLESS])
def test_nothing_is_asked_without_end(trouble: Reply | NoReplyError) -> None:
    game = play(deadline=100.0)
    assert isinstance(game.run([trouble] * 1000), TimedOut)
    assert len(game.asked) < 60


ANSWERS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["SUCCESS", "FAILURE", "https://x.example/a.png", "ok"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "status", "task_status", "code", "message", "url", "image", "result_url", "cover_url", "error"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


PICTURES = ("image", "cover_url", "error")


def with_pictures(value: object) -> object:
    """Give the URLs at places of pictures and errors another name."""
    if isinstance(value, list):
        return [with_pictures(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: "https://x.example/picture" if name in PICTURES and isinstance(child, str) else with_pictures(child)
        for name, child in value.items()
    }


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([200, 400, 404, 429, 500]), ANSWERS | st.binary(max_size=20)), max_size=8))
def test_no_answer_breaks_it_and_no_url_is_taken_for_a_result_that_is_none(answers: list[tuple[int, object]]) -> None:
    game = play(deadline=50.0)
    ending = game.run([reply(status, with_pictures(body)) for status, body in answers])
    if isinstance(ending, Ended):
        result = result_of(TOKENROUTER, "t/1", ending, "https://gateway.example")
        assert bool(result.video_urls) == (ending.state.status.value == "succeeded")
        assert "https://x.example/picture" not in result.video_urls
