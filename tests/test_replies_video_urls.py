import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_answers import PROFILE, TASK, VIDEO
from tokenrouter_video.gateway.loopback import shapes
from tokenrouter_video.gateway.video_urls import Cost, cost, video_urls
from tokenrouter_video.gateway.web_urls import clean_url, expires_at, is_web_url
from tokenrouter_video.gateway_answers import TaskStatus
from tokenrouter_video.gateways import TOKEN360, TOKENROUTER

OTHER = "https://other.example/w.mp4?a=1&b=2"
ORIGIN = "http://localhost:9000"
CONTENT = f"{ORIGIN}/v1/videos/task_1/content"
REASON = "https://x.example failed: the output audio may be related to copyright"


def urls(
    payload: dict[str, Any], status: TaskStatus = TaskStatus.SUCCEEDED, task_id: str = "task_1"
) -> tuple[str, ...]:
    return video_urls(PROFILE, payload, task_id=task_id, status=status, origin=ORIGIN)


def done(raw: object = None, **fields: Any) -> dict[str, Any]:
    return shapes.task_response(TASK, "SUCCESS", "100%", raw, **fields)


def at(place: str, value: object) -> dict[str, Any]:
    """Return an object that holds a value at a place and nothing else."""
    for step in reversed(place.split(".")):
        name, bracket, test = step.partition("[")
        key, _, wanted = test.rstrip("]").partition("=")
        if bracket:
            value = [value | {key: wanted} if key and isinstance(value, dict) else value]
        value = {name: value}
    assert isinstance(value, dict)
    return value


# --- where the URL is


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(done(shapes.kling_raw(TASK, VIDEO), result_url=VIDEO), id="since February 2026"),
        pytest.param(done(shapes.kling_raw(TASK, VIDEO)), id="only in Kling's own answer"),
        pytest.param(done(shapes.seedance_raw(TASK, VIDEO)), id="only in Ark's own answer"),
        pytest.param(done({"output": {"video_url": VIDEO}}), id="only in Alibaba's own answer"),
        pytest.param(done(shapes.hailuo_raw(TASK, "x"), fail_reason=VIDEO), id="in fail_reason, until February 2026"),
        pytest.param(shapes.openai_video(TASK, "completed", 100, metadata={"url": VIDEO}), id="OpenAI's object"),
        pytest.param(shapes.realtime(TASK, "succeeded", VIDEO), id="realtime"),
        pytest.param(shapes.documented_flat(TASK, "succeeded", VIDEO), id="documented"),
        pytest.param(shapes.kling_raw(TASK, VIDEO), id="Kling's own answer"),
        pytest.param(shapes.seedance_raw(TASK, VIDEO), id="Ark's own answer"),
        pytest.param(done(done(shapes.kling_raw(TASK, VIDEO), result_url=VIDEO)), id="a gateway behind the gateway"),
        pytest.param(done(done(shapes.kling_raw(TASK, VIDEO))), id="a gateway behind the gateway, Kling's own below"),
        pytest.param(done(done(shapes.seedance_raw(TASK, VIDEO))), id="a gateway behind the gateway, Ark's own below"),
        pytest.param(done(done(None, fail_reason=VIDEO)), id="an old gateway behind the gateway"),
        pytest.param(done(shapes.openai_video(TASK, "completed", 100, metadata={"url": VIDEO})), id="OpenAI's below"),
        pytest.param({"unsigned_urls": [VIDEO]}, id="a list"),
        pytest.param(
            {"artifacts": [{"type": "image", "content_url": OTHER}, {"type": "video", "content_url": VIDEO}]},
            id="the video among artifacts",
        ),
        pytest.param({"legacy_content_url": VIDEO}, id="the old name for it"),
    ],
)
def test_the_url_is_found_whole(payload: dict[str, Any]) -> None:
    assert urls(payload) == (VIDEO,)


# The order of the facts page, written out a second time.
ORDER = [
    "data.result_url",
    "result_url",
    "data.video_url",
    "video_url",
    "data.url",
    "url",
    "metadata.url",
    "data.metadata.url",
    "metadata.result_url",
    "content.video_url",
    "data.content.video_url",
    "data.data.content.video_url",
    "data.data.output.video_url",
    "data.output.video_url",
    "data.task_result.videos[].url",
    "data.data.task_result.videos[].url",
    "data.data.data.task_result.videos[].url",
    "data.data.result_url",
    "unsigned_urls[]",
    "urls[]",
    "artifacts[type=video].content_url",
    "legacy_content_url",
    "data.fail_reason",
]


def test_the_places_are_tried_in_the_documented_order() -> None:
    assert [place for place in TOKENROUTER.answers.url_places if place in ORDER] == ORDER


@pytest.mark.parametrize("place", TOKENROUTER.answers.url_places)
def test_every_place_is_read(place: str) -> None:
    assert urls(at(place, VIDEO)) == (VIDEO,)


@pytest.mark.parametrize("place", TOKENROUTER.answers.url_places)
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(REASON, id="an error text that begins like a URL"),
        pytest.param("data:video/mp4;base64,AAAA", id="the data itself"),
        pytest.param("ftp://files.example/v.mp4", id="another scheme"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("//cdn.example/v.mp4", id="no scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://cdn.example/" + "x" * 8192, id="too long"),
        pytest.param("https://cdn.example/\x1b[2J", id="an escape sequence"),
        pytest.param("https://cdn.example/\u202e4pm.", id="a bidi character"),
        pytest.param("", id="empty"),
        pytest.param(None, id="null"),
        pytest.param(7, id="a number"),
        pytest.param({"url": OTHER}, id="an object"),
    ],
)
def test_what_is_no_url_is_never_one(place: str, value: object) -> None:
    assert urls(at(place, value)) == (CONTENT,)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(done(shapes.kling_raw(TASK, VIDEO), result_url=VIDEO), id="a task"),
        pytest.param({}, id="nothing"),
        pytest.param(shapes.openai_video(TASK, "failed", 100, metadata={"url": VIDEO}), id="a URL in a failure"),
    ],
)
@pytest.mark.parametrize("status", [status for status in TaskStatus if status is not TaskStatus.SUCCEEDED])
def test_without_success_there_is_no_url(payload: dict[str, Any], status: TaskStatus) -> None:
    assert urls(payload, status) == ()


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(
            {"image": OTHER, "images": [OTHER], "input": {"image_url": OTHER}, "prompt": OTHER},
            id="the user's pictures",
        ),
        pytest.param(
            done({"image_url": OTHER, "cover_url": OTHER}), id="the user's pictures, in the provider's answer"
        ),
        pytest.param({"content": {"last_frame_url": OTHER, "url": OTHER}}, id="a last frame"),
        pytest.param({"data": {"task_result": {"images": [{"url": OTHER}]}}}, id="pictures of a result"),
        pytest.param({"data": {"task_result": {"videos": [{"watermark_url": OTHER}]}}}, id="a watermarked copy"),
        pytest.param({"data": {"task_info": {"parent_video": {"url": OTHER}}}}, id="the video that it was made from"),
        pytest.param({"artifacts": [{"type": "image", "content_url": OTHER}]}, id="an artifact that is no video"),
        pytest.param({"polling_url": OTHER, "callback_url": OTHER, "metadata": {"image": OTHER}}, id="other addresses"),
        pytest.param({"error": {"message": OTHER}, "message": OTHER}, id="an error"),
    ],
)
def test_other_addresses_are_left_alone(payload: dict[str, Any]) -> None:
    assert urls(payload) == (CONTENT,)


def test_the_content_endpoint_has_the_id_encoded() -> None:
    assert urls({}, task_id="a/../b?c#d e") == (f"{ORIGIN}/v1/videos/a%2F..%2Fb%3Fc%23d%20e/content",)


def test_another_profile_has_other_places() -> None:
    payload = {"url": VIDEO, "video_url": None, "data": {"result_url": OTHER}}
    assert video_urls(TOKEN360, payload, task_id="a", status=TaskStatus.SUCCEEDED, origin="https://x.example") == (
        VIDEO,
    )


# --- several videos


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        pytest.param(done(shapes.kling_raw(TASK, VIDEO, OTHER)), (VIDEO, OTHER), id="two in a list"),
        pytest.param(
            done(shapes.kling_raw(TASK, VIDEO, OTHER), result_url=VIDEO), (VIDEO, OTHER), id="the first again"
        ),
        pytest.param(
            done(shapes.kling_raw(TASK, VIDEO, OTHER), result_url=OTHER), (OTHER, VIDEO), id="the second again"
        ),
        pytest.param(
            done(shapes.kling_raw(TASK, VIDEO, OTHER), result_url="https://mirror.example/v.mp4"),
            ("https://mirror.example/v.mp4", OTHER),
            id="a mirror of the first",
        ),
        pytest.param(done(shapes.kling_raw(TASK, VIDEO, VIDEO)), (VIDEO,), id="one twice"),
        pytest.param(
            done(shapes.kling_raw(TASK, VIDEO), result_url=OTHER), (OTHER,), id="one video at two addresses is one"
        ),
        pytest.param({"unsigned_urls": [VIDEO, 5, OTHER], "urls": ["https://z.example/"]}, (VIDEO, OTHER), id="a list"),
        pytest.param(
            {"artifacts": [{"type": "video", "content_url": VIDEO}, {"type": "video", "content_url": OTHER}]},
            (VIDEO, OTHER),
            id="artifacts",
        ),
    ],
)
def test_several_videos_are_all_given(payload: dict[str, Any], found: tuple[str, ...]) -> None:
    assert urls(payload) == found


# --- the text of a URL


@pytest.mark.parametrize(
    ("text", "url"),
    [
        pytest.param(
            r"https://a.example/v?x=1\u0026y=2", "https://a.example/v?x=1&y=2", id="an ampersand escaped once more"
        ),
        pytest.param(r"https://a.example/v?x=1\\u0026y=2", "https://a.example/v?x=1&y=2", id="and once more"),
        pytest.param(r"https://a.example/v?x\u003d1\u0026y=2", "https://a.example/v?x=1&y=2", id="an equals sign"),
        pytest.param("https://a.example/v?x=%5Cu0026", "https://a.example/v?x=%5Cu0026", id="percent signs stay"),
        pytest.param(
            "https://a.example/v?x=a%2Bb+c&amp;d", "https://a.example/v?x=a%2Bb+c&amp;d", id="so does the rest"
        ),
        pytest.param(" https://a.example/v\n", "https://a.example/v", id="white space around it"),
        pytest.param("HTTPS://A.example/V", "HTTPS://A.example/V", id="case stays"),
        pytest.param("http://[::1]:8080/v", "http://[::1]:8080/v", id="an IPv6 address"),
        pytest.param("https://a.example/видео.mp4", "https://a.example/видео.mp4", id="other scripts"),
        pytest.param("https://a.example/a\\b", None, id="a backslash that escapes nothing"),
        pytest.param(r"https://a.example/\u000ab", None, id="an escaped control character"),
        pytest.param(r"https://a.example/\u0020b", None, id="an escaped space"),
        pytest.param("https://a.example:99999/", None, id="no port"),
        pytest.param("https://[::1/", None, id="half an address"),
        pytest.param("https://a.example/" + r"\u0026" * 8000, None, id="too long"),
    ],
)
def test_a_url_is_kept_whole_or_not_at_all(text: str, url: str | None) -> None:
    assert clean_url(text) == url


@given(st.text(max_size=60) | st.text(alphabet="htps:/.a[]@%?&=\\u0026", max_size=60))
@settings(max_examples=300)
def test_any_text_is_a_url_or_none(text: str) -> None:
    url = clean_url(text)
    if url is not None:
        assert is_web_url(url)
        assert re.match(r"(?i)https?://[^/]", url)
        assert clean_url(url) == url


@pytest.mark.parametrize(
    ("query", "moment"),
    [
        pytest.param("X-Amz-Date=20260701T120000Z&X-Amz-Expires=3600", "2026-07-01T13:00:00Z", id="AWS"),
        pytest.param("X-Tos-Date=20260701T120000Z&X-Tos-Expires=86400", "2026-07-02T12:00:00Z", id="Volcengine"),
        pytest.param("X-Goog-Expires=60&X-Goog-Date=20260701T120000Z", "2026-07-01T12:01:00Z", id="Google"),
        pytest.param("x-oss-date=20260701T120000Z&x-oss-expires=60", "2026-07-01T12:01:00Z", id="Alibaba"),
        pytest.param("Expires=1782907200&OSSAccessKeyId=a&Signature=b", "2026-07-01T12:00:00Z", id="Unix time"),
        pytest.param("x-expires=1782907200&x-signature=b", "2026-07-01T12:00:00Z", id="ByteDance"),
        pytest.param("q-sign-time=1782900000;1782907200", "2026-07-01T12:00:00Z", id="Tencent"),
        pytest.param("se=2026-07-01T12%3A00%3A00Z&sig=a", "2026-07-01T12:00:00Z", id="Azure"),
        pytest.param("X-Sig=a&Expires=1", "1970-01-01T00:00:01Z", id="long ago"),
        pytest.param("Expires=1782907200&x-expires=1782900000", "2026-07-01T10:00:00Z", id="the earliest of two"),
        pytest.param("se=2026-07-01T12%3A00%3A00Z", None, id="a name that may mean anything"),
        pytest.param("X-Amz-Date=20260701T120000Z", None, id="half of it"),
        pytest.param("X-Amz-Date=yesterday&X-Amz-Expires=60", None, id="no date"),
        pytest.param("X-Amz-Date=20260701T120000Z&X-Amz-Expires=-5", None, id="no number"),
        pytest.param("X-Amz-Date=99991231T235959Z&X-Amz-Expires=999999999999", None, id="beyond the calendar"),
        pytest.param("Expires=1782907200000", None, id="milliseconds are not guessed"),
        pytest.param("Expires=999999999999", None, id="beyond the calendar too"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_until_when_a_url_is_valid(query: str, moment: str | None) -> None:
    assert expires_at(f"https://a.example/v.mp4?{query}") == moment


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_any_query_gives_a_moment_or_none(query: str) -> None:
    moment = expires_at("https://a.example/v?X-Amz-Date=20260701T120000Z&X-Amz-Expires=" + query)
    assert moment is None or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)


# --- what it cost


@pytest.mark.parametrize(
    ("payload", "status", "expected"),
    [
        pytest.param({"usage": {"cost": 0.35}}, "succeeded", Cost(0.35, "credits"), id="the gateway's figure"),
        pytest.param(done(), "succeeded", Cost(250000, "quota"), id="quota in the gateway's units"),
        pytest.param(done(quota=0), "succeeded", None, id="a zero is unknown"),
        pytest.param(done(quota="5"), "succeeded", None, id="a text is unknown"),
        pytest.param(done(quota=True), "succeeded", None, id="a boolean is unknown"),
        pytest.param({}, "succeeded", None, id="none given"),
        pytest.param(done(), "failed", None, id="given back after a failure"),
        pytest.param(done(), "in_progress", None, id="only set aside so far"),
    ],
)
def test_what_it_cost(payload: dict[str, Any], status: str, expected: Cost | None) -> None:
    assert cost(PROFILE, payload, TaskStatus(status)) == expected


# --- anything


KEYS = st.sampled_from(
    [
        "data",
        "result_url",
        "video_url",
        "url",
        "metadata",
        "content",
        "output",
        "task_result",
        "videos",
        "unsigned_urls",
        "urls",
        "artifacts",
        "content_url",
        "type",
        "fail_reason",
        "image",
        "images",
        "cover_url",
        "last_frame_url",
        "watermark_url",
        "input",
        "properties",
        "error",
        "message",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["video", "image", REASON, VIDEO, OTHER, "data:video/mp4;base64,AA"])
    | st.integers(0, 99).map(lambda number: f"https://cdn.example/{number}.mp4")
)
JSON = st.recursive(
    LEAVES,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(KEYS, children, max_size=5),
    max_leaves=20,
)
RESULT = re.compile(
    r"(data\.)*(result_url|video_url|url|content\.video_url|output\.video_url|metadata\.(result_)?url|fail_reason"
    r"|task_result\.videos\[\]\.url)|(unsigned_)?urls\[\]|artifacts\[\]\.content_url|legacy_content_url"
)


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield from leaves(child, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for child in value:
            yield from leaves(child, f"{path}[]")
    else:
        yield path, value


@given(st.dictionaries(KEYS, JSON, max_size=6), st.sampled_from(list(TaskStatus)))
@settings(max_examples=400)
def test_whatever_the_answer_no_url_is_given_that_was_no_result(payload: dict[str, Any], status: TaskStatus) -> None:
    before = json.dumps(payload)
    found = urls(payload, status)
    results = {value for path, value in leaves(payload) if RESULT.fullmatch(path)}
    assert (found == ()) == (status is not TaskStatus.SUCCEEDED)
    assert len(set(found)) == len(found)
    assert all(url == CONTENT or url in results for url in found)
    assert json.dumps(payload) == before
