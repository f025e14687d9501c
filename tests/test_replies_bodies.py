import gzip
import json

import pytest

from gateway_answers import EMPTY, HTML, PROFILE, reply
from tokenrouter_video.gateway.replies import (
    MAX_BODY_BYTES,
    Reply,
    describe,
    json_object,
    request_id,
    retry_after,
    values_at,
    without_account_fields,
)

BOM = chr(0xFEFF)


def body(data: bytes) -> Reply:
    return Reply(200, {}, data)


@pytest.mark.parametrize(
    ("data", "document"),
    [
        pytest.param(b'{"id": "a"}', {"id": "a"}, id="an object"),
        pytest.param(b' \n{"id": "a"}\n', {"id": "a"}, id="white space around it"),
        pytest.param(b'{"id": "a"}{"code": "insert_failed"}', {"id": "a"}, id="a second document behind it"),
        pytest.param(b'{"id": "a"}\n<html>', {"id": "a"}, id="noise behind it"),
        pytest.param(BOM.encode() + b'{"id": "a"}', {"id": "a"}, id="a BOM"),
        pytest.param('{"id": "a"}'.encode("utf-16"), {"id": "a"}, id="UTF-16"),
        pytest.param('{"id": "a"}'.encode("utf-32-be"), {"id": "a"}, id="UTF-32 without a BOM"),
        pytest.param(b'{"id": "a", "m": "caf\xe9"}', {"id": "a", "m": "caf\ufffd"}, id="bytes of another encoding"),
        pytest.param(b'{"id": "a", "m": "x\ny"}', {"id": "a", "m": "x\ny"}, id="a bare line end in a string"),
        pytest.param(b'{"u": "a\\u0026b"}', {"u": "a&b"}, id="Go's escape of an ampersand"),
        pytest.param(
            b'{"a": NaN, "b": 1e999, "c": -Infinity}', {"a": None, "b": None, "c": None}, id="no JSON numbers"
        ),
        pytest.param(b'{"id": "a", "n": ' + b"9" * 5000 + b"}", {"id": "a", "n": None}, id="an integer without end"),
        pytest.param(b'{"id": "a", "id": "b"}', {"id": "b"}, id="a name twice: the last counts, as in Go"),
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"[1]", None, id="a list"),
        pytest.param(b'"text"', None, id="a string"),
        pytest.param(b"null", None, id="null"),
        pytest.param(b'{"id": "a', None, id="cut off"),
        pytest.param(b"<html>", None, id="a page"),
        pytest.param(gzip.compress(b'{"id": "a"}'), None, id="gzip that nobody unpacked"),
        pytest.param(b'{"a":' + b"[" * 200 + b"]" * 200 + b"}", None, id="two hundred levels"),
        pytest.param(b'{"a":' * 100_000, None, id="a hundred thousand levels"),
        pytest.param(b'{"a": "' + b"x" * MAX_BODY_BYTES + b'"}', None, id="too large"),
    ],
)
def test_the_object_that_a_body_begins_with(data: bytes, document: object) -> None:
    assert json_object(body(data)) == document


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(EMPTY, "HTTP 200 with an empty body", id="empty"),
        pytest.param(HTML, "HTTP 200 with an HTML page", id="page"),
        pytest.param(Reply(502, {}, b" <html>"), "HTTP 502 with an HTML page", id="page without a type"),
        pytest.param(body(b"[1]"), "HTTP 200 with JSON that is damaged or no object", id="list"),
        pytest.param(body(b"oops"), "HTTP 200 with a body that is no JSON object", id="text"),
        pytest.param(
            Reply(301, {"LOCATION": "https://front.example/a?token=b"}, b""),
            "HTTP 301, a redirect to https://front.example/a",
            id="redirect, without its query",
        ),
        pytest.param(Reply(302, {}, b""), "HTTP 302, a redirect", id="redirect to nowhere"),
        pytest.param(body(b"x" * (MAX_BODY_BYTES + 1)), "HTTP 200 with a body of more than 10 MB", id="huge"),
    ],
)
def test_an_answer_without_an_object_is_described(answer: Reply, words: str) -> None:
    assert describe(answer) == words


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("60", 60.0, id="seconds"),
        pytest.param(" 1.5 ", 1.5, id="a fraction"),
        pytest.param("0", 0.0, id="at once"),
        pytest.param("-5", 0.0, id="a negative number is at once"),
        pytest.param("999999999", 86_400.0, id="at most a day"),
        pytest.param("Wed, 01 Jul 2026 12:00:30 GMT", 30.0, id="a date to come"),
        pytest.param("Wed, 01 Jul 2026 11:00:00 GMT", 0.0, id="a date that has passed"),
        pytest.param("Wed, 01 Jul 2026 12:00:30", 30.0, id="a date without a zone"),
        pytest.param("soon", None, id="a word"),
        pytest.param("nan", None, id="no number"),
        pytest.param("inf", None, id="infinity"),
        pytest.param("", None, id="empty"),
        pytest.param("Wed, 99 Jul 2026 12:00:30 GMT", None, id="no date"),
    ],
)
def test_the_time_to_wait(value: str, seconds: float | None) -> None:
    noon = 1782907200.0  # 2026-07-01T12:00:00Z
    assert retry_after(Reply(429, {"retry-after": value}, b""), noon) == seconds


def test_no_header_is_no_time_to_wait() -> None:
    assert retry_after(EMPTY) is None


def test_the_request_id_is_found_without_case_and_bounded() -> None:
    assert request_id(PROFILE, reply({}, x_tokenrouter_request_id="2026\x1b")) == "2026\\x1b"
    assert request_id(PROFILE, reply({}, X_Oneapi_Request_Id="1" * 500)) == "1" * 197 + "..."
    assert request_id(PROFILE, EMPTY) is None


@pytest.mark.parametrize(
    ("place", "values"),
    [
        pytest.param("a.b", [1], id="a member of a member"),
        pytest.param("a", [{"b": 1}], id="a member"),
        pytest.param("list[].u", ["x", "y"], id="of each item"),
        pytest.param("list[]", [{"u": "x", "t": "video"}, {"u": "y"}, 7], id="each item"),
        pytest.param("list[t=video].u", ["x"], id="of the items that have a value"),
        pytest.param("a.b.c", [], id="below a number"),
        pytest.param("a[].b", [], id="items of an object"),
        pytest.param("list.u", [], id="a member of a list"),
        pytest.param("z", [], id="nowhere"),
    ],
)
def test_values_at_a_place(place: str, values: list[object]) -> None:
    document = {"a": {"b": 1}, "list": [{"u": "x", "t": "video"}, {"u": "y"}, 7]}
    assert list(values_at(document, place)) == values


def test_a_list_is_read_to_its_hundredth_item() -> None:
    assert len(list(values_at({"a": list(range(100_000))}, "a[]"))) == 100


def test_account_fields_are_left_out_at_every_level() -> None:
    payload = {"code": "success", "data": {"user_id": 7, "quota": 5, "data": [{"group": "x", "url": "u"}]}}
    before = json.dumps(payload)
    assert without_account_fields(PROFILE, payload) == {"code": "success", "data": {"data": [{"url": "u"}]}}
    assert json.dumps(payload) == before
