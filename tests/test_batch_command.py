"""``generate --batch``: each line sent once and accounted for, whatever fails and whoever kills the program."""

from __future__ import annotations

import json
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway_play import CONFIG, REQUEST, Play, Ran, in_process
from tokenrouter_video.gateway import journal as journal_module
from tokenrouter_video.gateway.journal import Journal
from tokenrouter_video.gateway.loopback import SCENARIOS, Answer, Fault, LoopbackGateway, Scenario, Step, Visit, steps
from tokenrouter_video.gateway.loopback.answers import empty_answer, html_answer, json_answer
from tokenrouter_video.records import replace

FAST = ("--submit", "--json", "--quiet", "--poll-interval", "0.05")
Runner = Callable[..., Ran]


def request(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"shot-{number}",
        "model": "kling-v3",
        "mode": "pro",
        "duration": "5",
        "prompt": f"robot {number}",
        **fields,
    }


def write_batch(play: Play, *requests: Any) -> str:
    path = play.folder / "batch.jsonl"
    lines = [each if isinstance(each, str) else json.dumps(each) for each in requests]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with LoopbackGateway("quick", time_scale=0.02) as gateway:
        yield Play(tmp_path, gateway)


@pytest.fixture
def run(play: Play, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    return lambda *words: in_process(play, capsys, monkeypatch, "generate", "--batch", *words)


def prompts(play: Play) -> Counter[str]:
    assert play.gateway is not None
    return Counter(post.json["prompt"] for post in play.gateway.submissions)


def set_scenario(play: Play, scenario: Scenario) -> None:
    assert play.gateway is not None
    play.gateway.scenario = scenario


def test_every_line_is_sent_and_gives_one_result_line(play: Play, run: Runner) -> None:
    batch = write_batch(
        play, request(1), "", request(2), request(3, model="MiniMax-Hailuo-2.3", size="768P", duration=6, mode=None)
    )
    text = Path(batch).read_text().replace(', "mode": null', "").replace('"mode": null, ', "")
    Path(batch).write_text(text)
    ran = run(batch, *FAST)
    assert ran.code == 0, ran.err
    assert sorted((line["line"], line["line_id"], line["status"]) for line in ran.lines) == [
        (1, "shot-1", "succeeded"),
        (3, "shot-2", "succeeded"),
        (4, "shot-3", "succeeded"),
    ]
    assert all(len(line["video_urls"]) == 1 for line in ran.lines)
    assert all("id" not in line["request"] for line in ran.lines)
    assert play.posts == 3


def test_the_model_of_the_command_line_is_that_of_lines_without_one(play: Play, run: Runner) -> None:
    batch = write_batch(play, {"mode": "pro", "duration": "5", "prompt": "a robot"})
    ran = run(batch, "--model", "kling-v3", *FAST)
    assert (ran.code, ran.lines[0]["model"]) == (0, "kling-v3")


def test_a_preview_shows_every_line_and_sends_nothing(play: Play, run: Runner) -> None:
    ran = run(write_batch(play, request(1), request(2)), "--json")
    assert ran.code == 0
    assert [(line["line"], line["status"]) for line in ran.lines] == [(1, "planned"), (2, "planned")]
    assert [line["route"] is not None for line in ran.lines] == [True, False]
    assert play.gateway is not None
    assert play.gateway.requests == []
    assert not play.state.exists()


def test_a_preview_in_text_says_what_submit_would_send(play: Play, run: Runner) -> None:
    config = play.workspace / "providers.json"
    config.write_text(config.read_text().replace("kling-v3", "kling-v2-6"))
    batch = write_batch(play, request(1), {**request(2), "id": None}, request(3, model="kling-v2-6"))
    first = run(batch)
    assert first.code == 0
    assert first.out == (
        "line 1 (shot-1): planned: kling-v3, robot 1\n"
        "line 2: planned: kling-v3, robot 2\n"
        "line 3 (shot-3): planned: kling-v2-6, robot 3\n"
    )
    no_route = "note: kling-v3 has no route yet: see it with tokenrouter-video route kling-v3\n"
    assert first.err == no_route + "nothing was sent; --submit sends 3 requests; each costs money\n"
    assert not play.state.exists()

    assert run(batch, "--apply", *FAST).code == 0
    assert run(batch).err == "3 requests were sent by an earlier run, and are not sent again\n"
    longer = write_batch(play, request(1), {**request(2), "id": None}, request(3, model="kling-v2-6"), request(4))
    assert run(longer).err == (
        "nothing was sent; --submit sends 1 request; it costs money\n"
        "3 requests were sent by an earlier run, and are not sent again\n"
    )
    assert play.posts == 3


@pytest.mark.parametrize(
    ("lines", "code", "names"),
    [
        pytest.param(["{"], 2, "batch.jsonl:1", id="no JSON"),
        pytest.param([request(1), "[1]"], 2, "batch.jsonl:2", id="no object"),
        pytest.param([""], 2, "no request", id="nothing"),
        pytest.param([request(1), request(2, id="shot-1")], 2, "line 1", id="an id that stands there twice"),
        pytest.param([request(1, id=7)], 2, "batch.jsonl:1", id="an id that is no text"),
        pytest.param(
            [{**request(1), "id": None}, {**request(1), "id": None}], 2, "line 1", id="the same request twice, no ids"
        ),
        pytest.param([request(1), request(2, size="1080P")], 6, "batch.jsonl:2", id="a broken rule"),
        pytest.param([request(1, model="kling-v9")], 6, "kling-v9", id="an unknown model"),
        pytest.param([{"prompt": "x"}], 6, "model", id="no model"),
    ],
)
def test_one_bad_line_stops_all_before_anything_is_sent(
    lines: list[Any], code: int, names: str, play: Play, run: Runner
) -> None:
    ran = run(write_batch(play, *lines), *FAST)
    assert ran.code == code
    assert names in ran.json["error"]["message"]
    assert play.posts == 0


def test_all_broken_rules_are_reported_at_once(play: Play, run: Runner) -> None:
    ran = run(write_batch(play, request(1, size="x"), request(2), request(3, mode="")), *FAST)
    assert [fault["line"] for fault in ran.json["error"]["lines"]] == [1, 3]


def test_a_route_that_is_missing_stops_all(play: Play, run: Runner) -> None:
    ran = run(write_batch(play, request(1), request(2, model="kling-v2-6")), *FAST)
    assert (ran.code, ran.json["error"]["code"]) == (14, "not-routed")
    assert play.posts == 0


def test_apply_writes_the_routes_of_all_models(play: Play, run: Runner) -> None:
    config = play.workspace / "providers.json"
    config.write_text(CONFIG.replace('{"id": "kling-v3"},\n        ', ""))
    ran = run(write_batch(play, request(1), request(2, model="kling-v2-6")), "--apply", *FAST)
    assert ran.code == 0, ran.out
    models = json.loads(config.read_text())["providers"]["tokenrouter"]["models"]
    assert {model["id"] for model in models} == {"kling-v3", "kling-v2-6", "MiniMax-Hailuo-2.3"}
    assert play.posts == 2


@pytest.mark.parametrize(
    ("submit", "poll", "code"),
    [
        pytest.param(None, steps.failed(), 9, id="failed"),
        pytest.param(json_answer({"code": "invalid_request", "message": "no"}, 400), None, 8, id="refused"),
        pytest.param(empty_answer(500), None, 11, id="unknown"),
        pytest.param(None, steps.running(), 10, id="timeout"),
    ],
)
def test_the_most_serious_outcome_is_the_exit_code(
    submit: Step | None, poll: Step | None, code: int, play: Play, run: Runner
) -> None:
    """The second line goes wrong, the first and the third go well."""
    accept, succeed = steps.accepting(), steps.succeeded()

    def submitting(visit: Visit) -> Answer:
        step = submit if submit is not None and visit.request.json["prompt"] == "robot 2" else accept
        return step(visit) if callable(step) else step

    def polling(visit: Visit) -> Answer:
        step = poll if poll is not None and visit.task.body["prompt"] == "robot 2" else succeed
        return step(visit) if callable(step) else step

    set_scenario(play, replace(SCENARIOS["quick"], submit=(submitting,), poll=(polling,)))
    ran = run(write_batch(play, request(1), request(2), request(3)), *FAST, "--timeout", "1")
    assert ran.code == code
    statuses = {line["line"]: line["status"] for line in ran.lines}
    assert (statuses[1], statuses[3]) == ("succeeded", "succeeded")
    bad = next(line for line in ran.lines if line["line"] == 2)
    assert bad["error"]["message"]
    assert bad["error"]["code"] == {8: "rejected", 9: "failed", 10: "timeout", 11: "unknown"}[code]
    assert bool(bad["resume_argv"]) == (code == 10)
    assert play.posts == 3


def test_a_second_run_goes_on_where_the_first_was(play: Play, run: Runner) -> None:
    """Refused lines are sent anew, finished ones are given as remembered, unknown ones are left alone."""
    accept = steps.accepting()
    wrong: dict[str, Step] = {"robot 2": empty_answer(403), "robot 3": empty_answer(500)}

    def submitting(visit: Visit) -> Answer:
        step = wrong.get(visit.request.json["prompt"], accept)
        return step(visit) if callable(step) else step

    set_scenario(play, replace(SCENARIOS["quick"], submit=(submitting,)))
    batch = write_batch(play, request(1), request(2), request(3))
    assert run(batch, *FAST, "--concurrency", "1").code == 11
    wrong.clear()
    ran = run(batch, *FAST)
    assert ran.code == 11
    assert {line["line"]: line["status"] for line in ran.lines} == {1: "succeeded", 2: "succeeded", 3: "unknown"}
    assert prompts(play) == {"robot 1": 1, "robot 2": 2, "robot 3": 1}
    assert run(batch, *FAST, "--again").code == 0
    assert prompts(play) == {"robot 1": 1, "robot 2": 2, "robot 3": 2}


def test_what_runs_since_an_earlier_run_is_followed(play: Play, run: Runner) -> None:
    batch = write_batch(play, request(1), request(2))
    first = run(batch, *FAST, "--no-wait")
    assert (first.code, {line["status"] for line in first.lines}) == (0, {"queued"})
    ran = run(batch, *FAST)
    assert (ran.code, {line["status"] for line in ran.lines}) == (0, {"succeeded"})
    assert play.posts == 2


def test_a_line_with_another_id_is_another_request(play: Play, run: Runner) -> None:
    assert run(write_batch(play, request(1)), *FAST).code == 0
    assert run(write_batch(play, request(1, id="again")), *FAST).code == 0
    assert prompts(play) == {"robot 1": 2}


def test_results_are_appended_to_the_output_and_not_repeated(play: Play, run: Runner) -> None:
    output = play.folder / "results.jsonl"
    output.write_text('{"torn": ')
    batch = write_batch(play, request(1), request(2))
    ran = run(batch, *FAST, "--output", str(output))
    assert (ran.code, ran.out) == (0, "")
    torn, *lines = output.read_text().splitlines()
    assert torn == '{"torn": '
    assert sorted(json.loads(line)["line"] for line in lines) == [1, 2]
    before = output.read_bytes()
    assert run(batch, *FAST, "--output", str(output)).code == 0
    assert output.read_bytes() == before


@pytest.mark.parametrize("name", ["nowhere/out.jsonl", "."])
def test_an_output_that_cannot_be_written_stops_all(name: str, play: Play, run: Runner) -> None:
    ran = run(write_batch(play, request(1)), *FAST, "--output", name)
    assert ran.code == 2
    assert play.posts == 0


def test_the_batch_file_is_not_written_to(play: Play, run: Runner) -> None:
    batch = write_batch(play, request(1))
    (play.workspace / "link.jsonl").symlink_to(batch)
    before = Path(batch).read_bytes()
    for name in (batch, "link.jsonl"):
        ran = run(batch, *FAST, "--output", name)
        assert (ran.code, play.posts, Path(batch).read_bytes()) == (2, 0, before)


def test_what_is_not_sent_is_told_in_an_output_with_a_preview_too(play: Play, run: Runner) -> None:
    output = play.folder / "results.jsonl"
    batch = write_batch(play, *(request(number) for number in range(5)))
    assert play.gateway is not None
    assert play.run("generate", "--batch", batch, "--output", str(output)).code == 0
    assert len(output.read_text().splitlines()) == 5
    play.gateway.scenario = replace(play.gateway.scenario, submit=(steps.unauthorized(),))
    assert run(batch, *FAST, "--concurrency", "1", "--output", str(output)).code == 8
    told = [json.loads(line) for line in output.read_text().splitlines()[5:]]
    assert [one["line"] for one in told] == [1, 2, 3, 4, 5]


def test_as_many_requests_as_allowed_are_on_their_way_and_no_more(play: Play, run: Runner) -> None:
    """Each is answered only when three are there; were a fourth let out, it would be counted."""
    three = threading.Barrier(3, timeout=30)
    lock, under_way, most = threading.Lock(), 0, 0
    accept = steps.accepting()

    def submitting(visit: Visit) -> Answer:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        three.wait()
        with lock:
            under_way -= 1
        return accept(visit) if callable(accept) else accept

    set_scenario(play, replace(SCENARIOS["quick"], submit=(submitting,)))
    ran = run(write_batch(play, *map(request, range(9))), *FAST, "--concurrency", "3")
    assert ran.code == 0
    assert most == 3


def test_a_key_that_is_refused_is_not_tried_on_every_line(play: Play, run: Runner) -> None:
    set_scenario(play, SCENARIOS["submit-refused-key"])
    ran = run(write_batch(play, *map(request, range(20))), *FAST, "--concurrency", "1")
    assert ran.code == 8
    assert play.posts == 3
    assert Counter(line["status"] for line in ran.lines) == {"rejected": 3, "planned": 17}
    assert all(line["error"]["code"] == "rejected" for line in ran.lines)


def test_a_gateway_that_is_gone_is_not_tried_on_every_line(play: Play, run: Runner) -> None:
    assert play.gateway is not None
    url = play.gateway.url
    play.gateway.url = "http://127.0.0.1:9"
    ran = run(write_batch(play, *map(request, range(8))), *FAST, "--concurrency", "2")
    play.gateway.url = url
    assert ran.code == 13
    assert len(ran.lines) == 8
    assert all((line["status"], line["error"]["code"]) == ("planned", "unreachable") for line in ran.lines)
    assert run(write_batch(play, *map(request, range(8))), *FAST).code == 0
    assert play.posts == 8


def test_in_text_each_result_is_a_line(play: Play, run: Runner) -> None:
    ran = run(write_batch(play, request(1)), "--submit", "--poll-interval", "0.05")
    assert ran.code == 0
    assert ran.out.startswith("line 1 (shot-1): succeeded task task_")


# --- kills and faults


def test_a_batch_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """Killed again and again, at whatever it does; in the end every line was sent at most once and has its result."""
    chance = random.Random(3)
    run_once = steps.running()
    succeed = steps.succeeded()

    def polling(visit: Visit) -> Answer:
        step = run_once if visit.task.polls < 2 else succeed
        return step(visit) if callable(step) else step

    scenario = replace(SCENARIOS["quick"], poll=(polling,))
    with LoopbackGateway(scenario) as gateway:
        play = Play(tmp_path, gateway)
        batch = write_batch(play, *map(request, range(40)))
        words = ("generate", "--batch", batch, *FAST, "--output", str(tmp_path / "out.jsonl"), "--rate", "2400")
        for _ in range(8):
            process = play.start(*words)
            time.sleep(0.3 + chance.random() * 0.6)
            process.kill()
            process.communicate()
        ran = play.run(*words)
        assert max(prompts(play).values()) == 1
        lost = {entry.line for entry in Journal(play.state).entries() if entry.status == "unknown"}
        assert ran.code == (11 if lost else 0)
        results = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines() if ends_well(line)]
        final = {result["line_id"]: result["status"] for result in results}
        assert len(final) == 40
        assert {id for id, status in final.items() if status != "succeeded"} == lost
        # what became of a request whose answer nobody read is not known, and it was not sent again
        assert play.posts <= 40
        assert len(lost) <= 8 * 4


def ends_well(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def test_an_interrupted_batch_says_what_is_where(tmp_path: Path) -> None:
    running = threading.Event()
    run_on = steps.running()

    def polling(visit: Visit) -> Answer:
        running.set()
        return run_on(visit) if callable(run_on) else run_on

    with LoopbackGateway(replace(SCENARIOS["quick"], poll=(polling,))) as gateway:
        play = Play(tmp_path, gateway)
        batch = write_batch(play, *map(request, range(10)))
        process = play.start("generate", "--batch", batch, *FAST, "--rate", "60")
        assert running.wait(30)
        process.send_signal(signal.SIGINT)
        ran = play.finish(process)
        assert ran.code == 10, ran.err
        sent = play.posts
        assert [line["status"] for line in ran.lines] == ["timeout"] * sent
        assert all(line["resume_argv"] for line in ran.lines)
        assert f"{10 - sent} not sent yet" in ran.err
        gateway.scenario = SCENARIOS["quick"]
        assert play.run("generate", "--batch", batch, *FAST).code == 0
        assert prompts(play) == {f"robot {number}": 1 for number in range(10)}


def test_soak_of_200_requests_against_a_gateway_that_fails_one_call_in_five(tmp_path: Path) -> None:
    chance, lock = random.Random(11), threading.Lock()
    accept, run_on, succeed, fail = steps.accepting(), steps.running(), steps.succeeded(), steps.failed()
    faults: tuple[Step, ...] = (
        empty_answer(500),
        empty_answer(429, headers=(("Retry-After", "0.02"),)),
        html_answer(502),
        html_answer(200),
        Answer(fault=Fault.RESET_READ),
        Answer(fault=Fault.CLOSE_READ),
        Answer(body=b'{"code":'),
        json_answer({"code": "do_request_failed", "message": "timeout", "data": None}, 500),
    )

    def unlucky(step: Callable[[Visit], Step]) -> Callable[[Visit], Answer]:
        def answer(visit: Visit) -> Answer:
            with lock:
                chosen = chance.choice(faults) if chance.random() < 0.2 else step(visit)
            return chosen(visit) if callable(chosen) else chosen

        return answer

    def polled(visit: Visit) -> Step:
        if visit.task.polls < 2:
            return run_on
        return fail if visit.task.number % 10 == 0 else succeed

    scenario = replace(SCENARIOS["quick"], submit=(unlucky(lambda _: accept),), poll=(unlucky(polled),))
    with LoopbackGateway(scenario, time_scale=0.02) as gateway:
        play = Play(tmp_path, gateway)
        batch = write_batch(play, *map(request, range(200)))
        ran = play.run("generate", "--batch", batch, *FAST, "--concurrency", "8", "--timeout", "60")
        assert ran.code == 11
        assert len(ran.lines) == 200
        assert {line["line"] for line in ran.lines} == set(range(1, 201))
        assert max(prompts(play).values()) == 1
        statuses = Counter(line["status"] for line in ran.lines)
        assert set(statuses) == {"succeeded", "failed", "unknown", "rejected"}
        assert statuses["succeeded"] + statuses["failed"] == len(gateway.tasks)
        assert statuses.total() == play.posts == 200
        assert {line["task_id"] for line in ran.lines if line["status"] == "succeeded"} | {
            line["task_id"] for line in ran.lines if line["status"] == "failed"
        } == set(gateway.tasks)
        entries = Journal(play.state).entries()
        assert Counter(entry.status for entry in entries) == statuses


def test_what_a_batch_made_long_ago_is_not_made_again_when_the_journal_was_cut_down(
    play: Play, run: Runner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Months later, with a journal beyond its size: each line's end is still known, and nothing is billed twice."""
    batch = write_batch(play, request(1), request(2))
    first = run(batch, *FAST)
    assert (first.code, play.posts) == (0, 2)
    journal = play.state / "tasks.jsonl"
    journal.write_text(re.sub(r'"at":"20\d\d', '"at":"2024', journal.read_text()))
    monkeypatch.setattr(journal_module, "COMPACT_BYTES", 1_000)
    assert in_process(play, capsys, monkeypatch, "generate", *REQUEST, "--submit", "--poll-interval", "0.05").code == 0
    assert "robot 1" not in journal.read_text()
    again = run(batch, *FAST)
    assert (again.code, play.posts) == (0, 3)
    ended = [
        sorted((line["line"], line["status"], *line["video_urls"]) for line in ran.lines) for ran in (first, again)
    ]
    assert ended[0] == ended[1]
