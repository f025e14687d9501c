import pytest

from gateway_answers import EMPTY, HTML, PROFILE, flat, nested, reply
from tokenrouter_video.gateway.models_list import NoOffer, Offer, read_models
from tokenrouter_video.gateway.replies import Reply


@pytest.mark.parametrize(
    ("body", "models"),
    [
        pytest.param(
            {"data": [{"id": "kling-v3"}, {"id": "gpt-4o"}], "success": True}, {"kling-v3", "gpt-4o"}, id="two"
        ),
        pytest.param({"data": [], "object": "list"}, set(), id="none"),
        pytest.param({"data": [7, {"id": 5}, {"id": "a"}, None]}, {"a"}, id="what is no entry is skipped"),
    ],
)
def test_the_models_on_offer(body: object, models: set[str]) -> None:
    assert read_models(PROFILE, reply(body)) == Offer(frozenset(models))


@pytest.mark.parametrize(
    ("answer", "key_refused", "said"),
    [
        pytest.param(
            reply(nested("Token not provided"), 400), True, "HTTP 400, new_api_error: Token not provided", id="400"
        ),
        pytest.param(reply(nested("Invalid token"), 401), True, "HTTP 401, new_api_error: Invalid token", id="401"),
        pytest.param(reply(nested("banned"), 403), False, "HTTP 403, new_api_error: banned", id="403"),
        pytest.param(reply(flat("odd"), 500), False, "HTTP 500, odd: words", id="500"),
        pytest.param(reply({"success": False, "message": "no"}), False, "HTTP 200: no", id="the console"),
        pytest.param(reply({"data": {}}), False, "HTTP 200", id="no list"),
        pytest.param(HTML, False, "HTTP 200 with an HTML page", id="a page"),
        pytest.param(EMPTY, False, "HTTP 200 with an empty body", id="nothing"),
        pytest.param(Reply(401, {}, b"<html>"), False, "HTTP 401 with an HTML page", id="a login page between"),
        pytest.param(Reply(302, {}, b""), False, "HTTP 302, a redirect", id="a redirect"),
    ],
)
def test_no_list_is_told_apart_from_a_refused_key(answer: Reply, key_refused: bool, said: str) -> None:
    judged = read_models(PROFILE, answer)
    assert isinstance(judged, NoOffer)
    assert (judged.key_refused, judged.message) == (key_refused, f"The gateway did not list its models: {said}.")
    assert judged.remedy
