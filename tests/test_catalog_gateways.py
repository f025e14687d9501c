import pytest

from tokenrouter_video.catalog import MODELS
from tokenrouter_video.gateway_answers import TaskStatus
from tokenrouter_video.gateways import NEW_API, PROFILES, TOKEN360, TOKENROUTER, GatewayProfile

EVERY_PROFILE = pytest.mark.parametrize("profile", [TOKENROUTER, NEW_API, TOKEN360], ids=lambda profile: profile.name)


def test_tokenrouter_is_the_gateway_of_the_document() -> None:
    assert TOKENROUTER.hosts == ("api.tokenrouter.com", "open.palebluedot.ai")
    assert TOKENROUTER.origin == "https://api.tokenrouter.com"
    assert (TOKENROUTER.submit_method, TOKENROUTER.submit_path) == ("POST", "/v1/video/generations")
    assert (TOKENROUTER.poll_method, TOKENROUTER.poll_path(0, "task_1")) == ("GET", "/video/generations/task_1")
    assert TOKENROUTER.poll_path(1, "task_1") == "/v1/video/generations/task_1"
    assert TOKENROUTER.models is MODELS
    assert list(PROFILES) == ["tokenrouter"]


def test_the_words_without_a_channel_are_those_of_the_document_on_one_line() -> None:
    assert TOKENROUTER.no_channel_message == (
        "No tokenrouter channel with https://api.tokenrouter.com or https://open.palebluedot.ai was found. Please "
        "visit https://www.tokenrouter.com to register and obtain your channel configuration, "
        "then add it to the workspace."
    )


@pytest.mark.parametrize(
    ("task_id", "path"),
    [
        pytest.param("task_AbC-1.2~3", "/v1/video/generations/task_AbC-1.2~3", id="what needs no encoding"),
        pytest.param("../models", "/v1/video/generations/..%2Fmodels", id="a path"),
        pytest.param("a?b#c&d", "/v1/video/generations/a%3Fb%23c%26d", id="a query"),
        pytest.param("任务 1", "/v1/video/generations/%E4%BB%BB%E5%8A%A1%201", id="other scripts and a space"),
        pytest.param("{task_id}%2F", "/v1/video/generations/%7Btask_id%7D%252F", id="braces and percent signs"),
    ],
)
def test_ids_are_encoded_in_paths(task_id: str, path: str) -> None:
    assert TOKENROUTER.poll_path(1, task_id) == path


def test_the_content_url_stands_under_the_origin_that_is_asked() -> None:
    assert TOKENROUTER.content_url("http://localhost:8080/", "a b") == "http://localhost:8080/v1/videos/a%20b/content"


def test_the_key_goes_into_one_header() -> None:
    assert TOKENROUTER.authorization("example-key-7f2") == ("Authorization", "Bearer example-key-7f2")


@EVERY_PROFILE
def test_status_words_are_folded_and_lead_to_every_end(profile: GatewayProfile) -> None:
    assert all(word == word.casefold().strip() for word in profile.answers.status_words)
    assert {TaskStatus.SUCCEEDED, TaskStatus.FAILED} < set(profile.answers.status_words.values())
    assert profile.answers.status_of("no such word") is TaskStatus.UNKNOWN


@EVERY_PROFILE
def test_no_place_is_named_twice(profile: GatewayProfile) -> None:
    for places in (
        profile.answers.id_places,
        profile.answers.status_places,
        profile.answers.url_places,
        profile.answers.failure_places,
    ):
        assert len(set(places)) == len(places)


@EVERY_PROFILE
def test_a_profile_is_a_key_of_a_dictionary(profile: GatewayProfile) -> None:
    assert {profile: 1}[profile] == 1
