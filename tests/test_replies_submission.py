import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_answers import EMPTY, HTML, PROFILE, TASK, flat, nested, reply
from tokenrouter_video.display import visible
from tokenrouter_video.gateway.loopback import SCENARIOS, Answer, shapes
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.gateway.submission import Accepted, Refused, Unclear, read_submission
from tokenrouter_video.gateway_answers import Cause, TaskStatus
from tokenrouter_video.gateways import TOKEN360


@pytest.mark.parametrize(
    ("body", "task_id", "status"),
    [
        pytest.param(shapes.submitted(TASK), "task_1", TaskStatus.QUEUED, id="OpenAI's object with a second id"),
        pytest.param({"task_id": "a", "status": "queued", "progress": 0}, "a", TaskStatus.QUEUED, id="flat"),
        pytest.param({"id": "a", "object": "video"}, "a", TaskStatus.UNKNOWN, id="an id and no status"),
        pytest.param(shapes.submitted_kling_native(TASK), "task_1", TaskStatus.QUEUED, id="Kling's own, 2025"),
        pytest.param({"code": "success", "data": {"task_id": "a"}}, "a", TaskStatus.UNKNOWN, id="below data"),
        pytest.param({"code": 0, "data": {"id": "a"}}, "a", TaskStatus.UNKNOWN, id="id below data"),
        pytest.param({"id": 8123, "data": {"id": "a"}}, "a", TaskStatus.UNKNOWN, id="a number is no id"),
        pytest.param({"task_id": "", "id": "a"}, "a", TaskStatus.UNKNOWN, id="an empty text is no id"),
        pytest.param(
            {"task_id": "a", "id": "b", "data": {"id": "c"}}, "a", TaskStatus.UNKNOWN, id="the first of three"
        ),
        pytest.param({"id": "829", "status": "Queueing"}, "829", TaskStatus.QUEUED, id="digits are an id"),
        pytest.param({"id": "cgt-1/../x y?z"}, "cgt-1/../x y?z", TaskStatus.UNKNOWN, id="any printable text is an id"),
        pytest.param({"id": "t" * 512}, "t" * 512, TaskStatus.UNKNOWN, id="as long as is allowed"),
        pytest.param(
            {"id": "a", "status": "failed", "error": {"message": "no", "code": ""}},
            "a",
            TaskStatus.FAILED,
            id="a task that failed at once",
        ),
        pytest.param(
            {"id": "a", "error": None, "code": ""}, "a", TaskStatus.UNKNOWN, id="empty error fields are no error"
        ),
    ],
)
def test_a_success_with_an_id_is_accepted(body: dict[str, Any], task_id: str, status: TaskStatus) -> None:
    for code in (200, 201, 202):
        accepted = read_submission(PROFILE, reply(body, code))
        assert isinstance(accepted, Accepted)
        assert (accepted.task_id, accepted.status, accepted.payload, accepted.http_status) == (
            task_id,
            status,
            body,
            code,
        )


def test_a_second_document_does_not_hide_the_first() -> None:
    body = b'{"id":"task_1","status":"queued"}{"code":"insert_task_failed","message":"","data":null}'
    accepted = read_submission(PROFILE, Reply(200, {}, body))
    assert isinstance(accepted, Accepted)
    assert accepted.task_id == "task_1"


def test_the_type_of_the_content_does_not_matter() -> None:
    accepted = read_submission(PROFILE, Reply(200, {"Content-Type": "text/html"}, b'{"id":"task_1"}'))
    assert isinstance(accepted, Accepted)


def test_another_gateway_is_another_profile() -> None:
    body = {"task_id": "not here", "id": "v-1", "object": "video", "status": "queued"}
    accepted = read_submission(TOKEN360, reply(body))
    assert isinstance(accepted, Accepted)
    assert accepted.task_id == "v-1"
    refused = read_submission(TOKEN360, reply(nested("no money", "insufficient_balance"), 402))
    assert isinstance(refused, Refused)
    assert refused.cause is Cause.BALANCE


@pytest.mark.parametrize(
    ("status", "body", "cause", "retryable"),
    [
        pytest.param(401, nested("Invalid token"), Cause.KEY, False, id="key"),
        pytest.param(401, nested("无效的令牌"), Cause.KEY, False, id="key, in Chinese"),
        pytest.param(403, nested("User has been banned"), Cause.FORBIDDEN, False, id="banned"),
        pytest.param(403, nested("no access to model kling-v3"), Cause.FORBIDDEN, False, id="model not granted"),
        pytest.param(400, nested("Model name not specified"), Cause.REQUEST, False, id="no model"),
        pytest.param(
            503, nested("No available channel", "model_not_found"), Cause.MODEL, False, id="no channel, a 503"
        ),
        pytest.param(403, flat("insufficient_user_quota"), Cause.BALANCE, False, id="balance"),
        pytest.param(403, flat("quota_not_enough"), Cause.BALANCE, False, id="balance, 2025"),
        pytest.param(403, flat("pre_consume_token_quota_failed"), Cause.BALANCE, False, id="limit of the key"),
        pytest.param(400, flat("invalid_request"), Cause.REQUEST, False, id="request"),
        pytest.param(400, flat("model_price_error"), Cause.MODEL, False, id="price"),
        pytest.param(500, flat("build_request_failed"), Cause.REQUEST, False, id="metadata of a wrong type, a 500"),
        pytest.param(400, flat("fail_to_fetch_task"), Cause.UPSTREAM, False, id="the provider's 400"),
        pytest.param(
            401, flat("fail_to_fetch_task"), Cause.UPSTREAM, False, id="the provider's 401 is not the user's key"
        ),
        pytest.param(429, flat("fail_to_fetch_task", "负载已饱和"), Cause.UPSTREAM, True, id="the provider's 429"),
        pytest.param(400, flat("task_failed"), Cause.UPSTREAM, False, id="Kling's code"),
        pytest.param(400, flat("1002"), Cause.RATE, True, id="MiniMax' rate limit"),
        pytest.param(400, flat("1026"), Cause.CONTENT, False, id="MiniMax' content check"),
        pytest.param(413, flat("read_request_body_failed"), Cause.TOO_LARGE, False, id="too large"),
        pytest.param(413, {}, Cause.TOO_LARGE, False, id="too large, an empty object"),
        pytest.param(404, {"error": {"message": "Invalid URL"}}, Cause.NOT_THE_API, False, id="unknown path"),
        pytest.param(429, nested("Too many requests"), Cause.RATE, True, id="too many"),
        pytest.param(409, {"message": "conflict"}, Cause.REQUEST, True, id="conflict"),
        pytest.param(422, {"detail": "unprocessable"}, Cause.REQUEST, False, id="another client error"),
        pytest.param(402, {"error": "payment required"}, Cause.BALANCE, False, id="an error that is a text"),
        pytest.param(200, shapes.console_error("not logged in"), Cause.NOT_THE_API, False, id="the console's 200"),
        pytest.param(200, flat("insufficient_user_quota"), Cause.BALANCE, False, id="a known refusal with status 200"),
        pytest.param(501, flat("not_implemented"), Cause.NOT_THE_API, False, id="not implemented"),
    ],
)
def test_what_is_certain_is_a_refusal(status: int, body: dict[str, Any], cause: Cause, retryable: bool) -> None:
    refused = read_submission(PROFILE, reply(body, status))
    assert isinstance(refused, Refused)
    assert (refused.cause, refused.retryable, refused.payload, refused.http_status) == (cause, retryable, body, status)
    assert refused.message.endswith("No task was made, and nothing is billed.")
    assert refused.remedy


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        pytest.param(Reply(403, {"Content-Type": "text/html"}, b"<html>"), Cause.FORBIDDEN, id="a firewall's page"),
        pytest.param(Reply(429, {}, b""), Cause.RATE, id="an empty 429"),
        pytest.param(Reply(404, {}, b"not found"), Cause.NOT_THE_API, id="a text"),
        pytest.param(Reply(307, {"Location": "https://other.example/"}, b""), Cause.NOT_THE_API, id="redirect 307"),
        pytest.param(Reply(308, {}, b""), Cause.NOT_THE_API, id="redirect 308"),
        pytest.param(Reply(301, {}, b'{"id":"task_1"}'), Cause.NOT_THE_API, id="redirect 301, whatever it holds"),
    ],
)
def test_client_errors_and_redirects_before_work_need_no_json(answer: Reply, cause: Cause) -> None:
    refused = read_submission(PROFILE, answer)
    assert isinstance(refused, Refused)
    assert refused.cause is cause


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(
            reply(flat("do_request_failed", "timeout"), 500),
            "HTTP 500, do_request_failed: timeout",
            id="upstream broke",
        ),
        pytest.param(
            reply(flat("invalid_response"), 500), "HTTP 500, invalid_response: words", id="the provider gave no id"
        ),
        pytest.param(
            reply(flat("get_channel_failed"), 500), "HTTP 500, get_channel_failed: words", id="retries ran out"
        ),
        pytest.param(
            reply(flat("fail_to_fetch_task"), 502), "HTTP 502, fail_to_fetch_task: words", id="upstream's 502"
        ),
        pytest.param(
            reply(flat("fail_to_fetch_task"), 408), "HTTP 408, fail_to_fetch_task: words", id="upstream's 408"
        ),
        pytest.param(reply(flat("new_kind"), 500), "HTTP 500, new_kind: words", id="an unknown code"),
        pytest.param(reply({"id": "task_1"}, 500), "HTTP 500", id="an id in a server error"),
        pytest.param(Reply(503, {}, b""), "HTTP 503 with an empty body", id="an empty 503"),
        pytest.param(Reply(502, {}, b"<html>"), "HTTP 502 with an HTML page", id="a proxy's page"),
        pytest.param(HTML, "HTTP 200 with an HTML page", id="a page"),
        pytest.param(EMPTY, "HTTP 200 with an empty body", id="nothing"),
        pytest.param(Reply(204, {}, b""), "HTTP 204 with an empty body", id="no content"),
        pytest.param(reply({}), "HTTP 200 without a task id", id="an empty object"),
        pytest.param(reply({"id": 8123}), "HTTP 200 without a task id", id="a number for an id"),
        pytest.param(reply({"id": ["a"], "task_id": {"a": 1}}), "HTTP 200 without a task id", id="ids of other types"),
        pytest.param(reply({"id": " "}), "HTTP 200 without a task id", id="a blank id"),
        pytest.param(reply({"id": ".."}), "HTTP 200 without a task id", id="an id that climbs"),
        pytest.param(reply({"id": "a\nb"}), "HTTP 200 without a task id", id="a line end in the id"),
        pytest.param(reply({"id": "t" * 513}), "HTTP 200 without a task id", id="an id that is too long"),
        pytest.param(Reply(200, {}, b'{"id": "task_1'), "HTTP 200 with JSON that is damaged or no object", id="cut"),
        pytest.param(
            reply({"error": {"message": "odd", "code": "odd"}, "id": "req_1"}),
            "HTTP 200, odd: odd",
            id="an error beside an id that may be the request's",
        ),
        pytest.param(
            reply({"code": 1102, "message": "odd"}), "HTTP 200, 1102: odd", id="a number that is no good code"
        ),
        pytest.param(Reply(302, {}, b""), "HTTP 302, a redirect", id="a 302 may follow work"),
        pytest.param(Reply(303, {}, b""), "HTTP 303, a redirect", id="a 303 follows work"),
        pytest.param(Reply(499, {}, b""), "HTTP 499 with an empty body", id="a clock's word"),
        pytest.param(Reply(999, {}, b""), "HTTP 999 with an empty body", id="no status of HTTP"),
    ],
)
def test_what_is_not_certain_is_unclear(answer: Reply, said: str) -> None:
    unclear = read_submission(PROFILE, answer)
    assert isinstance(unclear, Unclear)
    assert unclear.message == (
        f"The gateway's answer does not say what became of the request: {said}. It may have been accepted, and may be "
        "billed. It is not sent again by itself."
    )
    assert "console" in unclear.remedy


def test_a_refusal_says_what_happened_and_what_to_try() -> None:
    answer = reply(flat("insufficient_user_quota", "left $0.01, need $0.35"), 403, x_tokenrouter_request_id="2026")
    assert read_submission(PROFILE, answer) == Refused(
        message="The gateway refused the request: HTTP 403, insufficient_user_quota: left $0.01, need $0.35. "
        "No task was made, and nothing is billed.",
        remedy="Top up the account, or raise the key's limit, at https://www.tokenrouter.com; then send the request "
        "again.",
        cause=Cause.BALANCE,
        code="insufficient_user_quota",
        retryable=False,
        retry_after=None,
        payload=flat("insufficient_user_quota", "left $0.01, need $0.35"),
        http_status=403,
        request_id="2026",
    )


def test_the_time_to_wait_is_told() -> None:
    refused = read_submission(PROFILE, reply(nested("Too many requests"), 429, Retry_After="7"))
    assert isinstance(refused, Refused)
    assert refused.retry_after == 7.0
    assert refused.remedy == "Wait a while, then send the request again. It asks to wait 7 seconds."


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        pytest.param("a\x1b[2J\u202eb", "a\\x1b[2J\\u202eb", id="escape and bidi characters"),
        pytest.param("a\n\n  b", "a b", id="line ends"),
        pytest.param("x" * 10_000, "x" * 497 + "...", id="bounded"),
        pytest.param("\ud800", "\\ud800", id="half a pair"),
        pytest.param(
            '{"error":{"code":"InvalidParameter","message":"the image cannot be fetched"}}',
            "the image cannot be fetched",
            id="the provider's body inside",
        ),
        pytest.param('{"base": 1}', '{"base": 1}', id="an object without a message"),
        pytest.param('{"a"', '{"a"', id="what only begins like one"),
    ],
)
def test_the_gateways_words_are_shown_safely(message: str, shown: str) -> None:
    refused = read_submission(PROFILE, Reply(400, {}, json.dumps(flat("fail_to_fetch_task", message)).encode()))
    assert isinstance(refused, Refused)
    assert refused.message == (
        f"The gateway refused the request: HTTP 400, fail_to_fetch_task: {shown}. "
        "No task was made, and nothing is billed."
    )


PREFIXES = {"submit-refused-": Refused, "submit-unclear-": Unclear}


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name.startswith(tuple(PREFIXES))])
def test_every_scenario_with_a_fixed_answer_is_judged_as_its_name_says(name: str) -> None:
    (step,) = SCENARIOS[name].submit
    wanted = next(kind for prefix, kind in PREFIXES.items() if name.startswith(prefix))
    if isinstance(step, Answer) and step.fault is None:
        headers = dict(step.headers)
        assert isinstance(read_submission(PROFILE, Reply(step.status, headers, step.body)), wanted)
    else:
        assert wanted is Unclear


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "task_id", "data", "error", "code", "message", "success", "status", "base_resp"]),
            children,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from([200, 202, 204, 301, 302, 400, 401, 403, 408, 429, 500, 503]))
@settings(max_examples=300)
def test_any_json_is_judged(value: object, status: int) -> None:
    judged = read_submission(PROFILE, Reply(status, {}, json.dumps(value).encode("utf-8", "surrogatepass")))
    if isinstance(judged, Accepted):
        assert status < 300
        assert judged.task_id.isprintable()
        assert 0 < len(judged.task_id) <= 512
    else:
        assert len(judged.message) < 1000
        assert visible(judged.message) == judged.message


@given(st.binary(max_size=200), st.integers(min_value=100, max_value=599))
@settings(max_examples=200)
def test_any_bytes_are_judged(data: bytes, status: int) -> None:
    judged = read_submission(PROFILE, Reply(status, {"Retry-After": data.decode("latin-1")}, data))
    assert isinstance(judged, Refused | Unclear) or status in range(200, 300)
