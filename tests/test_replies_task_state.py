import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_answers import EMPTY, HTML, PROFILE, TASK, VIDEO, flat, nested, reply
from tokenrouter_video.display import visible
from tokenrouter_video.gateway.loopback import shapes
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.gateway.task_state import NotTheApi, Permanent, TaskState, Transient, read_task
from tokenrouter_video.gateway_answers import Cause, TaskStatus
from tokenrouter_video.gateways import TOKEN360

REASON = "The request failed because the output audio may be related to copyright"


def state(body: object, status: int = 200) -> TaskState:
    judged = read_task(PROFILE, reply(body, status))
    assert isinstance(judged, TaskState), judged
    return judged


# --- states


@pytest.mark.parametrize(
    ("body", "status", "word", "progress"),
    [
        pytest.param(
            shapes.task_response(TASK, "IN_PROGRESS", "50%", shapes.kling_raw(TASK)),
            "in_progress",
            "IN_PROGRESS",
            50,
            id="the gateway's task",
        ),
        pytest.param(shapes.task_response(TASK, "NOT_START", "0%"), "queued", "NOT_START", 0, id="not started"),
        pytest.param(
            shapes.task_response(TASK, "UNKNOWN", ""), "queued", "UNKNOWN", None, id="its word for not started"
        ),
        pytest.param(shapes.task_response(TASK, "SUCCESS", "100%", None), "succeeded", "SUCCESS", 100, id="success"),
        pytest.param(
            shapes.task_response(TASK, "FAILURE", "100%", None), "failed", "FAILURE", 100, id="failure is 100% too"
        ),
        pytest.param(
            shapes.openai_video(TASK, "in_progress", 30), "in_progress", "in_progress", 30, id="OpenAI's object"
        ),
        pytest.param(shapes.openai_video(TASK, "completed", 100), "succeeded", "completed", 100, id="completed"),
        pytest.param(shapes.realtime(TASK, "processing"), "in_progress", "processing", None, id="realtime"),
        pytest.param(shapes.documented_flat(TASK, "succeeded", VIDEO), "succeeded", "succeeded", None, id="documented"),
        pytest.param(shapes.newest(TASK, "SUCCESS", "100%"), "succeeded", "SUCCESS", 100, id="newest"),
        pytest.param(shapes.kling_raw(TASK, VIDEO), "succeeded", "succeed", None, id="Kling's own"),
        pytest.param(shapes.kling_raw(TASK), "in_progress", "processing", None, id="Kling's own, running"),
        pytest.param(shapes.hailuo_raw(TASK), "in_progress", "Processing", None, id="MiniMax' own"),
        pytest.param(shapes.hailuo_raw(TASK, "x"), "succeeded", "Success", None, id="MiniMax' own, done"),
        pytest.param(shapes.seedance_raw(TASK), "in_progress", "running", None, id="Ark's own"),
        pytest.param(
            {"code": "success", "data": shapes.task_response(TASK, "IN_PROGRESS", "20%")},
            "in_progress",
            "IN_PROGRESS",
            20,
            id="an envelope in an envelope",
        ),
        pytest.param(
            {"status": "success", "data": {"status": "processing"}},
            "in_progress",
            "processing",
            None,
            id="the inner word goes first",
        ),
        pytest.param(
            {"status": "success", "data": {"task_status": "submitted"}},
            "queued",
            "submitted",
            None,
            id="also where the inner one is Kling's",
        ),
        pytest.param(
            shapes.task_response(TASK, "IN_PROGRESS", "30%", shapes.seedance_raw(TASK, VIDEO)),
            "in_progress",
            "IN_PROGRESS",
            30,
            id="the gateway's word beats the provider's",
        ),
        pytest.param(
            {"status": "", "data": {"status": 5, "task_status": "succeed"}},
            "succeeded",
            "succeed",
            None,
            id="empty words and numbers are none",
        ),
        pytest.param({"status": "DREAMING", "progress": "40%"}, "unknown", "DREAMING", 40, id="an unknown word"),
        pytest.param(
            {"status": "a\x1b[2Jb" + "c" * 500},
            "unknown",
            "a\\x1b[2Jb" + "c" * 94,
            None,
            id="an unknown word is shown safely",
        ),
        pytest.param({"code": "success", "data": None}, "unknown", "", None, id="no data"),
        pytest.param({}, "unknown", "", None, id="an empty object"),
        pytest.param({"data": [1, 2]}, "unknown", "", None, id="a list for data"),
    ],
)
def test_the_state_of_the_task(body: object, status: str, word: str, progress: int | None) -> None:
    judged = state(body)
    assert (judged.status, judged.word, judged.progress, judged.message) == (status, word, progress, "")
    assert judged.payload == body


WORDS = {
    "queued": "NOT_START SUBMITTED QUEUED UNKNOWN queued submitted pending Preparing Queueing",
    "in_progress": "IN_PROGRESS PROCESSING in_progress processing running Processing",
    "succeeded": "SUCCESS completed succeeded succeed Success",
    "failed": "FAILURE FAILED failed Fail cancelled canceled CANCELLED expired",
}


@pytest.mark.parametrize(
    ("word", "status"), [(word, TaskStatus(status)) for status, words in WORDS.items() for word in words.split()]
)
def test_every_known_word_in_any_case(word: str, status: TaskStatus) -> None:
    for spelling in (word, word.upper(), word.lower(), f" {word}\n"):
        assert state({"data": {"status": spelling}}).status is status


def test_only_two_states_are_final() -> None:
    assert [status.value for status in TaskStatus if status.is_final] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("progress", "percent"),
    [("50%", 50), ("7", 7), (30, 30), (12.9, 12), ("", None), ("half", None), (-1, None), (101, None), ("999%", None),
     (True, None), (None, None), ([], None), ("٥%", None)],
)  # fmt: skip
def test_progress_in_percent(progress: object, percent: int | None) -> None:
    assert state({"data": {"status": "QUEUED", "progress": progress}}).progress == percent


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(
            shapes.task_response(TASK, "FAILURE", "100%", None, fail_reason=REASON, result_url=REASON),
            REASON,
            id="task",
        ),
        pytest.param(
            shapes.openai_video(TASK, "failed", 100, error={"message": REASON, "code": "x"}),
            REASON,
            id="OpenAI's object",
        ),
        pytest.param({"status": "failed", "error": REASON}, REASON, id="a text"),
        pytest.param(
            {"code": 0, "message": "SUCCEED", "data": {"task_status": "failed", "task_status_msg": REASON}},
            REASON,
            id="Kling's own",
        ),
        pytest.param(
            shapes.task_response(TASK, "FAILURE", "100%", {"status": "failed", "error": {"message": REASON}}),
            REASON,
            id="only the provider says why",
        ),
        pytest.param(
            {"status": "Fail", "base_resp": {"status_code": 1026, "status_msg": REASON}}, REASON, id="MiniMax' own"
        ),
        pytest.param(
            {"status": "failed", "message": "success", "data": None}, "", id="an envelope's success is no reason"
        ),
        pytest.param({"data": {"status": "FAILURE", "fail_reason": VIDEO}}, "", id="a URL is no reason"),
        pytest.param({"status": "failed", "error": {"message": "a\n\x07b"}}, "a \\x07b", id="shown safely"),
        pytest.param({"status": "failed"}, "", id="none given"),
    ],
)
def test_why_a_task_failed(body: object, reason: str) -> None:
    judged = state(body)
    assert (judged.status, judged.message) == (TaskStatus.FAILED, reason)


def test_another_profile_has_other_places() -> None:
    body = {"id": "a", "status": "completed", "url": VIDEO, "data": {"status": "failed"}}
    judged = read_task(TOKEN360, reply(body))
    assert isinstance(judged, TaskState)
    assert judged.status is TaskStatus.SUCCEEDED


# --- answers without a state


@pytest.mark.parametrize(
    ("answer", "code", "wait"),
    [
        pytest.param(
            reply(nested("Too many requests"), 429, Retry_After="60"), "new_api_error", 60.0, id="429 with a time"
        ),
        pytest.param(reply(nested("Too many requests"), 429), "new_api_error", None, id="429"),
        pytest.param(reply(flat("get_task_failed"), 500), "get_task_failed", None, id="500"),
        pytest.param(
            reply(flat("convert_to_openai_video_failed"), 500), "convert_to_openai_video_failed", None, id="early"
        ),
        pytest.param(reply(nested("no channel", "model_not_found"), 503), "model_not_found", None, id="503"),
        pytest.param(reply({}, 502), "", None, id="an empty object with 502"),
        pytest.param(reply({"message": "artifact not ready"}, 409), "", None, id="409"),
        pytest.param(reply({}, 408), "", None, id="408"),
        pytest.param(reply(flat("odd")), "odd", None, id="an unknown error with status 200"),
    ],
)
def test_what_passes(answer: Reply, code: str, wait: float | None) -> None:
    judged = read_task(PROFILE, answer)
    assert isinstance(judged, Transient)
    assert (judged.code, judged.retry_after) == (code, wait)


@pytest.mark.parametrize(
    ("answer", "cause", "words"),
    [
        pytest.param(
            reply(nested("Invalid token"), 401), Cause.KEY, "HTTP 401, new_api_error: Invalid token", id="401"
        ),
        pytest.param(reply(nested("no access to model "), 403), Cause.FORBIDDEN, "no access to model", id="403"),
        pytest.param(reply(flat("bad_id"), 400), Cause.REQUEST, "HTTP 400, bad_id: words", id="400"),
        pytest.param(reply(flat("task_not_exist"), 400), Cause.TASK_MISSING, "task_not_exist", id="unknown task"),
        pytest.param(
            reply(flat("task_not_exist"), 500), Cause.TASK_MISSING, "task_not_exist", id="whatever the status"
        ),
        pytest.param(reply(flat("task_not_exist")), Cause.TASK_MISSING, "task_not_exist", id="with status 200 too"),
        pytest.param(reply(flat("not_implemented"), 501), Cause.NOT_THE_API, "not_implemented", id="501"),
        pytest.param(reply({}, 410), Cause.REQUEST, "HTTP 410", id="gone"),
        pytest.param(reply(flat("insufficient_user_quota"), 402), Cause.BALANCE, "insufficient_user_quota", id="402"),
    ],
)
def test_what_does_not_pass(answer: Reply, cause: Cause, words: str) -> None:
    judged = read_task(PROFILE, answer)
    assert isinstance(judged, Permanent)
    assert judged.cause is cause
    assert words in judged.message
    assert judged.message.endswith("The task itself may go on, and may be billed.")


def test_a_refused_key_after_the_submission_hints_at_the_quota() -> None:
    judged = read_task(PROFILE, reply(nested("Invalid token"), 401))
    assert isinstance(judged, Permanent)
    assert judged.remedy == (
        "The task id is kept. The submission may have used up the key's quota, and a used-up key counts as invalid: "
        "top up at https://www.tokenrouter.com, then resume."
    )


# --- answers that are not the API's


@pytest.mark.parametrize(
    ("answer", "otherwise"),
    [
        pytest.param(HTML, Transient, id="a page"),
        pytest.param(EMPTY, Transient, id="nothing"),
        pytest.param(reply([]), Transient, id="a list"),
        pytest.param(Reply(200, {}, b'{"code":"success","data":{"status":"SUCC'), Transient, id="cut off"),
        pytest.param(Reply(429, {}, b""), Transient, id="an empty 429"),
        pytest.param(Reply(502, {}, b"<html>"), Transient, id="a proxy's page"),
        pytest.param(Reply(204, {}, b""), Transient, id="no content"),
        pytest.param(Reply(301, {"Location": "https://front.example/"}, b""), Permanent, id="a redirect"),
        pytest.param(Reply(302, {}, b'{"status":"SUCCESS"}'), Permanent, id="a redirect, whatever it holds"),
        pytest.param(Reply(404, {}, b""), Permanent, id="an empty 404"),
        pytest.param(reply({"error": {"message": "Invalid URL"}}, 404), Permanent, id="a 404 in JSON"),
        pytest.param(Reply(401, {}, b"<html>"), Permanent, id="a page that wants a login"),
        pytest.param(Reply(403, {}, b"<html>"), Permanent, id="a firewall's page"),
        pytest.param(reply(shapes.console_error("not logged in")), Permanent, id="the console"),
    ],
)
def test_what_is_not_the_api_says_what_it_means_otherwise(
    answer: Reply, otherwise: type[Transient] | type[Permanent]
) -> None:
    judged = read_task(PROFILE, answer)
    assert isinstance(judged, NotTheApi)
    assert type(judged.otherwise) is otherwise
    assert judged.http_status == answer.status


def test_a_404_is_a_missing_task_where_the_path_is_right() -> None:
    judged = read_task(PROFILE, reply({"error": {"message": "Task not found", "type": "invalid_request_error"}}, 404))
    assert isinstance(judged, NotTheApi)
    assert isinstance(judged.otherwise, Permanent)
    assert judged.otherwise.cause is Cause.TASK_MISSING
    assert "Task not found" in judged.otherwise.message


def test_an_empty_429_keeps_the_time_to_wait() -> None:
    judged = read_task(PROFILE, Reply(429, {"Retry-After": "30"}, b""))
    assert isinstance(judged, NotTheApi)
    assert isinstance(judged.otherwise, Transient)
    assert judged.otherwise.retry_after == 30.0


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["SUCCESS", "failed"]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "status", "task_status", "error", "code", "message", "success", "progress", "fail_reason"]
            ),
            children,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from([200, 202, 302, 400, 401, 404, 429, 500, 501]))
@settings(max_examples=300)
def test_any_json_is_judged_and_only_a_good_answer_has_a_state(value: Any, status: int) -> None:
    judged = read_task(PROFILE, Reply(status, {}, json.dumps(value).encode("utf-8", "surrogatepass")))
    if isinstance(judged, TaskState):
        assert status < 300
        assert isinstance(value, dict)
        assert visible(judged.word + judged.message) == judged.word + judged.message
    else:
        assert len(judged.message) < 1000
        assert visible(judged.message) == judged.message


@given(st.binary(max_size=200), st.integers(min_value=100, max_value=599))
@settings(max_examples=200)
def test_any_bytes_are_judged(data: bytes, status: int) -> None:
    judged = read_task(PROFILE, Reply(status, {"Retry-After": data.decode("latin-1")}, data))
    assert not isinstance(judged, TaskState) or (status in range(200, 300) and data.lstrip().startswith(b"{"))
