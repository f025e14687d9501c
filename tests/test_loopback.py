import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway_answers import PROFILE
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.gateway.loopback import SCENARIOS, Answer, Fault, LoopbackGateway, Scenario, Visit, steps
from tokenrouter_video.gateway.loopback.rules import OFFERED
from tokenrouter_video.gateway.loopback.server import sample_video
from tokenrouter_video.gateway.models_list import Offer, read_models
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.gateway.submission import Accepted, Refused, Unclear, read_submission
from tokenrouter_video.gateway.task_state import NotTheApi, Permanent, TaskState, Transient, read_task
from tokenrouter_video.gateway.video_urls import video_urls
from tokenrouter_video.gateway_answers import Cause, TaskStatus
from tokenrouter_video.records import replace

KEY = "example-key-7f2"
BODY = MODELS["kling-v3"].examples[0].body


class Talk:
    """A client that does no more than is needed to hear what a gateway says."""

    def __init__(self, gateway: LoopbackGateway, client: httpx.Client) -> None:
        self.gateway = gateway
        self.client = client
        self.silent = False

    def ask(self, method: str, path: str, **options: Any) -> Reply | None:
        """Return the answer, ``None`` where none came whole."""
        options.setdefault("headers", {"Authorization": f"Bearer {KEY}"})
        # where no answer is to come, a second shows it
        options.setdefault("timeout", 1.0 if self.silent else 20.0)
        try:
            answer = self.client.request(method, self.gateway.url + path, **options)
        except httpx.HTTPError:
            return None
        return Reply(answer.status_code, dict(answer.headers), answer.content)

    def submit(self, body: Any = BODY, **options: Any) -> Reply | None:
        return self.ask("POST", PROFILE.submit_path, json=body, **options)

    def accepted(self, body: Any = BODY) -> str:
        answer = self.submit(body)
        assert answer is not None
        judged = read_submission(PROFILE, answer)
        assert isinstance(judged, Accepted), judged
        return judged.task_id

    def state(self, task_id: str) -> TaskState:
        answer = self.poll(task_id)
        assert answer is not None
        judged = read_task(PROFILE, answer)
        assert isinstance(judged, TaskState), judged
        return judged

    def poll(self, task_id: str, index: int = 1) -> Reply | None:
        return self.ask("GET", PROFILE.poll_path(index, task_id))


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=20.0, trust_env=False) as shared:
        yield shared


def scenarios(*prefixes: str) -> pytest.MarkDecorator:
    names = [name for name in SCENARIOS if name.startswith(prefixes)]
    assert names
    return pytest.mark.parametrize("name", names)


# --- the main road


def test_the_demo_goes_from_a_request_to_a_video(client: httpx.Client) -> None:
    with LoopbackGateway("demo") as gateway:
        talk = Talk(gateway, client)
        task_id = talk.accepted()
        assert isinstance(read_task(PROFILE, talk.poll(task_id, 0) or Reply(0, {}, b"")), NotTheApi)
        states = [talk.state(task_id) for _ in range(5)]
        assert [(state.word, state.progress) for state in states] == [
            ("NOT_START", 0),
            ("QUEUED", 20),
            ("IN_PROGRESS", 50),
            ("SUCCESS", 100),
            ("SUCCESS", 100),
        ]
        state = states[-1]
        (url,) = video_urls(PROFILE, state.payload, task_id=task_id, status=state.status, origin=gateway.url)
        assert url.startswith(gateway.cdn_url)
        assert client.get(url).content == gateway.video
        assert [(request.server, request.method) for request in gateway.requests] == [
            ("gateway", "POST"),
            *[("gateway", "GET")] * 6,
            ("cdn", "GET"),
        ]
        assert gateway.submissions[0].json == BODY
        assert gateway.submissions[0].key == KEY
        assert "authorization" not in gateway.requests[-1].headers


def test_an_ampersand_is_escaped_as_go_does(client: httpx.Client) -> None:
    with LoopbackGateway("quick") as gateway:
        talk = Talk(gateway, client)
        answer = talk.poll(talk.accepted())
        assert answer is not None
        assert rb"\u0026X-Tos-Date=" in answer.body
        assert b"&" not in answer.body


def test_polls_are_counted_for_each_task(client: httpx.Client) -> None:
    with LoopbackGateway(Scenario("", poll=(steps.running("QUEUED", "0%"), steps.succeeded()))) as gateway:
        talk = Talk(gateway, client)
        first, second = talk.accepted(), talk.accepted()
        words = [talk.state(task_id).word for task_id in (first, second, first, second)]
        assert words == ["QUEUED", "QUEUED", "SUCCESS", "SUCCESS"]
        assert [task.polls for task in gateway.tasks.values()] == [2, 2]


def test_many_submit_at_once_and_each_gets_its_own_task() -> None:
    with LoopbackGateway("demo") as gateway:
        ids: list[str] = []

        def submit() -> None:
            with httpx.Client(trust_env=False) as own:
                ids.append(Talk(gateway, own).accepted())

        threads = [threading.Thread(target=submit) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ids) == sorted(gateway.tasks)
        assert len(gateway.submissions) == 16


def test_nothing_is_left_behind() -> None:
    before = threading.active_count()
    with LoopbackGateway("poll-silence") as gateway, httpx.Client(trust_env=False) as own:
        Talk(gateway, own).accepted()
        hanging = socket.create_connection(("127.0.0.1", int(gateway.url.rpartition(":")[2])))
        hanging.sendall(b"GET /video/generations/x HTTP/1.1\r\n")
        address = hanging.getpeername()
    hanging.close()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


# --- what the gateway accepts


@pytest.mark.parametrize("name", OFFERED)
def test_the_documents_own_requests_are_accepted(client: httpx.Client, name: str) -> None:
    with LoopbackGateway("demo") as gateway:
        for example in MODELS[name].examples:
            Talk(gateway, client).accepted(example.body)
        assert [task.model for task in gateway.tasks.values()] == [name] * len(MODELS[name].examples)


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        pytest.param({"json": BODY, "headers": {}}, 401, "new_api_error", id="no key"),
        pytest.param(
            {"json": BODY, "headers": {"Authorization": "Bearer other"}}, 401, "new_api_error", id="another key"
        ),
        pytest.param({"json": BODY, "headers": {"Authorization": KEY}}, 401, "new_api_error", id="no scheme"),
        pytest.param({"content": b"{}"}, 400, "new_api_error", id="no type"),
        pytest.param({"json": [1]}, 400, "new_api_error", id="a list"),
        pytest.param({"json": {"prompt": "a"}}, 400, "new_api_error", id="no model"),
        pytest.param({"json": BODY | {"model": "sora-2"}}, 503, "model_not_found", id="unknown model"),
        pytest.param({"json": BODY | {"prompt": ""}}, 400, "invalid_request", id="no prompt"),
        pytest.param({"json": BODY | {"images": "a"}}, 400, "invalid_request", id="images as a text"),
        pytest.param({"json": BODY | {"metadata": "a"}}, 400, "invalid_request", id="metadata as a text"),
        pytest.param({"json": BODY | {"duration": 5}}, 400, "task_failed", id="Kling's duration as a number"),
        pytest.param(
            {"json": {"model": OFFERED[0], "prompt": "a", "size": "1080P", "duration": 10}},
            400,
            "2013",
            id="Hailuo's pairs",
        ),
        pytest.param(
            {"json": {"model": OFFERED[3], "prompt": "a", "metadata": {"duration": "5"}}},
            500,
            "build_request_failed",
            id="metadata of a wrong type",
        ),
    ],
)
def test_what_breaks_the_gateways_rules_is_refused(
    client: httpx.Client, options: dict[str, Any], status: int, code: str
) -> None:
    with LoopbackGateway("demo", keys=frozenset({KEY})) as gateway:
        answer = Talk(gateway, client).ask("POST", PROFILE.submit_path, **options)
        assert answer is not None
        judged = read_submission(PROFILE, answer)
        assert isinstance(judged, Refused)
        assert (judged.http_status, judged.code) == (status, code)
        assert not gateway.tasks


def test_a_task_is_its_owners(client: httpx.Client) -> None:
    with LoopbackGateway("quick") as gateway:
        talk = Talk(gateway, client)
        task_id = talk.accepted()
        for path in (PROFILE.poll_path(1, task_id), PROFILE.poll_path(1, "task_unknown")):
            key = "another-key" if task_id in path else KEY
            answer = talk.ask("GET", path, headers={"Authorization": f"Bearer {key}"})
            assert answer is not None
            judged = read_task(PROFILE, answer)
            assert isinstance(judged, Permanent)
            assert judged.cause is Cause.TASK_MISSING


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        pytest.param("GET", "/v1/nothing", 404, "application/json; charset=utf-8", id="below /v1"),
        pytest.param("GET", "/openai/v1/x", 200, "text/html; charset=utf-8", id="any other prefix"),
        pytest.param("POST", "/v1/videos", 404, "application/json; charset=utf-8", id="a POST elsewhere"),
        pytest.param("GET", "/v1/video/generations/a/b", 404, "application/json; charset=utf-8", id="too deep"),
        pytest.param("GET", "/v1/video/generations/", 404, "application/json; charset=utf-8", id="no id"),
    ],
)
def test_unknown_paths(client: httpx.Client, method: str, path: str, status: int, kind: str) -> None:
    with LoopbackGateway("demo") as gateway:
        answer = Talk(gateway, client).ask(method, path)
        assert answer is not None
        assert (answer.status, answer.header("content-type")) == (status, kind)


def test_the_models_on_offer_need_a_credential(client: httpx.Client) -> None:
    with LoopbackGateway("demo") as gateway:
        talk = Talk(gateway, client)
        offered, refused = talk.ask("GET", "/v1/models"), talk.ask("GET", "/v1/models", headers={})
        assert offered is not None
        assert read_models(PROFILE, offered) == Offer(frozenset({*OFFERED, "gpt-4o"}))
        assert refused is not None
        assert refused.status == 400


def test_the_content_endpoint_serves_the_owner_of_a_finished_task(client: httpx.Client) -> None:
    with LoopbackGateway("demo") as gateway:
        talk = Talk(gateway, client)
        task_id = talk.accepted()
        path = PROFILE.content_url("", task_id)
        early, foreign = talk.ask("GET", path), talk.ask("GET", path, headers={})
        for _ in range(4):
            talk.poll(task_id)
        late = talk.ask("GET", path)
        assert early is not None
        assert foreign is not None
        assert late is not None
        assert (early.status, foreign.status, late.status) == (400, 401, 200)
        assert late.body == gateway.video


# --- every scenario is what its name says


@scenarios("submit-")
def test_a_submission_is_judged_as_the_scenarios_name_says(client: httpx.Client, name: str) -> None:
    with LoopbackGateway(name, time_scale=0.2) as gateway:
        talk = Talk(gateway, client)
        talk.silent = name == "submit-unclear-silence"
        answer = talk.submit()
        judged = None if answer is None else read_submission(PROFILE, answer)
        assert len(gateway.submissions) == 1
        if name.startswith("submit-refused-"):
            assert isinstance(judged, Refused)
            assert not gateway.tasks
        elif name.startswith("submit-unclear-"):
            assert judged is None or isinstance(judged, Unclear)
            assert len(gateway.tasks) == (name != "submit-unclear-reset-unread")
        else:
            assert isinstance(judged, Accepted)
            assert list(gateway.tasks) == [judged.task_id]
        assert all(request.server == "gateway" for request in gateway.requests)


@scenarios("poll-first-path-")
def test_a_first_path_that_is_no_api_is_told_apart(client: httpx.Client, name: str) -> None:
    with LoopbackGateway(name) as gateway:
        talk = Talk(gateway, client)
        task_id = talk.accepted()
        answer = talk.poll(task_id, 0)
        assert answer is not None
        wanted = TaskState if name == "poll-first-path-works" else NotTheApi
        assert isinstance(read_task(PROFILE, answer), wanted)


@scenarios("poll-passing-")
def test_what_passes_is_followed_by_success(client: httpx.Client, name: str) -> None:
    with LoopbackGateway(name) as gateway:
        talk = Talk(gateway, client)
        task_id = talk.accepted()
        odd = 0
        for _ in range(len(gateway.scenario.poll)):
            answer = talk.poll(task_id)
            judged = read_task(PROFILE, answer) if answer is not None else None
            if isinstance(judged, NotTheApi):
                judged = judged.otherwise
            if isinstance(judged, Permanent):
                assert judged.cause is Cause.TASK_MISSING
            odd += not isinstance(judged, TaskState) or judged.status is TaskStatus.UNKNOWN
        assert isinstance(judged, TaskState)
        assert judged.status is TaskStatus.SUCCEEDED
        assert odd == {"poll-passing-gzip": 0, "poll-passing-missing-from-the-start": 2}.get(name, 1)


@scenarios("poll-ends-")
def test_what_ends_the_polling_is_permanent(client: httpx.Client, name: str) -> None:
    with LoopbackGateway(name) as gateway:
        talk = Talk(gateway, client)
        task_id = talk.accepted()
        for _ in range(len(gateway.scenario.poll)):
            answer = talk.poll(task_id)
            assert answer is not None
            judged = read_task(PROFILE, answer)
        if isinstance(judged, NotTheApi):
            judged = judged.otherwise
        assert isinstance(judged, Permanent)


@pytest.mark.parametrize("name", ["poll-always-html", "poll-always-500", "poll-never-ends", "poll-silence"])
def test_what_goes_on_for_ever_never_ends(client: httpx.Client, name: str) -> None:
    with LoopbackGateway(name) as gateway:
        talk = Talk(gateway, client)
        task_id = talk.accepted()
        talk.silent = name == "poll-silence"
        for _ in range(1 if talk.silent else 3):
            answer = talk.poll(task_id)
            judged = read_task(PROFILE, answer) if answer is not None else None
            if isinstance(judged, NotTheApi):
                judged = judged.otherwise
            assert judged is None or isinstance(judged, Transient) or judged.__class__ is TaskState
            assert not (isinstance(judged, TaskState) and judged.status.is_final)


RESULT_URLS: dict[str, list[str]] = {
    "result-several": ["{cdn}/videos/1.mp4?", "{cdn}/videos/1-b.mp4?"],
    "result-artifacts": ["{cdn}/videos/1.mp4?access=a%2Bb"],
    "result-content-url": ["{url}/v1/videos/{id}/content"],
    "result-no-url": ["{url}/v1/videos/{id}/content"],
    "result-data-url": ["{url}/v1/videos/{id}/content"],
}


@scenarios("result-")
def test_a_result_is_found_or_its_failure_understood(client: httpx.Client, name: str) -> None:
    with LoopbackGateway(name) as gateway:
        talk = Talk(gateway, client)
        task_id = talk.accepted()
        state = [talk.state(task_id) for _ in gateway.scenario.poll][-1]
        urls = video_urls(PROFILE, state.payload, task_id=task_id, status=state.status, origin=gateway.url)
        if name.startswith("result-failed"):
            assert state.status is TaskStatus.FAILED
            assert urls == ()
            assert bool(state.message) == (name != "result-failed-cancelled")
            return
        wanted = RESULT_URLS.get(name, ["{cdn}/videos/1.mp4?"])
        starts = [text.format(cdn=gateway.cdn_url, url=gateway.url, id=task_id) for text in wanted]
        assert state.status is TaskStatus.SUCCEEDED
        assert len(urls) == len(starts)
        for url, start in zip(urls, starts, strict=True):
            assert url.startswith(start)
            assert url == start or "&X-Tos-Date=20260701T120000Z&X-Tos-Expires=86400&X-Tos-Signature=0123abcd" in url


@scenarios("models-")
def test_no_list_of_models_holds_a_video_model(client: httpx.Client, name: str) -> None:
    with LoopbackGateway(name) as gateway:
        answer = Talk(gateway, client).ask("GET", "/v1/models")
        assert answer is not None
        judged = read_models(PROFILE, answer)
        assert not (isinstance(judged, Offer) and judged.models & set(OFFERED))


# --- files


@scenarios("file-")
def test_a_file_is_whole_in_the_end_or_never(client: httpx.Client, name: str) -> None:
    with LoopbackGateway(name, time_scale=0.1) as gateway:
        whole = []
        for _ in range(2):
            try:
                answer = client.get(f"{gateway.cdn_url}/videos/1.mp4", follow_redirects=True)
                whole.append(answer.content == gateway.video)
            except httpx.HTTPError:
                whole.append(False)
        never = {"always-cut", "expired", "missing", "html", "empty", "redirect-loop", "redirect-to-gateway"}
        always = {"no-length", "slow", "redirect"}
        short = name.removeprefix("file-")
        assert whole == [short in always, short not in never]


@pytest.mark.parametrize(
    ("asked", "status", "part", "place"),
    [
        pytest.param({"Range": "bytes=100-"}, 206, slice(100, 1000), "bytes 100-999/1000", id="from a place"),
        pytest.param({"Range": "bytes=0-9"}, 206, slice(0, 10), "bytes 0-9/1000", id="from and to"),
        pytest.param({"Range": "bytes=990-5000"}, 206, slice(990, 1000), "bytes 990-999/1000", id="beyond the end"),
        pytest.param({"Range": "bytes=1000-"}, 416, slice(0, 0), "bytes */1000", id="from the end"),
        pytest.param({"Range": "bytes=100-", "If-Range": '"old"'}, 200, slice(0, 1000), None, id="another file by now"),
        pytest.param({"Range": "lines=1-2"}, 200, slice(0, 1000), None, id="another unit"),
        pytest.param({}, 200, slice(0, 1000), None, id="all of it"),
    ],
)
def test_ranges(client: httpx.Client, asked: dict[str, str], status: int, part: slice, place: str | None) -> None:
    video = sample_video(1000)
    with LoopbackGateway("demo", video=video) as gateway:
        answer = client.get(f"{gateway.cdn_url}/videos/1.mp4", headers=asked)
        assert (answer.status_code, answer.content, answer.headers.get("content-range")) == (status, video[part], place)


def test_the_sample_begins_as_an_mp4_file_does() -> None:
    video = sample_video(100)
    assert len(video) == 100
    assert video[:12] == b"\x00\x00\x00\x1cftypisom"
    assert video[28:36] == b"\x00\x00\x00\x48mdat"


# --- the machinery


def test_a_step_may_be_a_function_that_counts(client: httpx.Client) -> None:
    def every_third_fails(visit: Visit) -> Answer:
        return Answer(500) if visit.number % 3 == 2 else steps.models_list(visit)

    with LoopbackGateway(replace(SCENARIOS["demo"], models=(every_third_fails,))) as gateway:
        talk = Talk(gateway, client)
        answers = [talk.ask("GET", "/v1/models") for _ in range(6)]
        assert [answer.status for answer in answers if answer] == [200, 200, 500, 200, 200, 500]


def test_a_reset_comes_before_a_byte_is_read_and_is_recorded(client: httpx.Client) -> None:
    scenario = Scenario("", submit=(Answer(fault=Fault.RESET_UNREAD), steps.accepting()))
    with LoopbackGateway(scenario) as gateway:
        talk = Talk(gateway, client)
        assert talk.submit() is None
        talk.accepted()
        assert [(request.method, request.body == b"") for request in gateway.submissions] == [
            ("POST", True),
            ("POST", False),
        ]


def test_the_gateway_names_its_requests_and_the_store_does_not(client: httpx.Client) -> None:
    with LoopbackGateway("demo") as gateway:
        assert client.get(f"{gateway.url}/v1/models").headers["x-tokenrouter-request-id"]
        assert "x-tokenrouter-request-id" not in client.head(f"{gateway.cdn_url}/videos/1.mp4").headers


def test_every_scenario_says_what_it_is_for() -> None:
    assert len(SCENARIOS) > 100
    assert all(scenario.summary for scenario in SCENARIOS.values())


def test_half_a_request_is_none() -> None:
    with LoopbackGateway("demo") as gateway:
        host, port = gateway.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(f"POST {PROFILE.submit_path} HTTP/1.1\r\nContent-Length: 20\r\n\r\n{{".encode())
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""
        assert gateway.submissions == []
