"""What ``generate`` refuses before anything is written or sent, and in which order; what a preview shows."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway_play import BODY, CONFIG, KEY, REQUEST, Play, Ran, in_process
from tokenrouter_video.gateway.journal import Journal
from tokenrouter_video.gateway.loopback import SCENARIOS, Answer, LoopbackGateway, Visit, steps
from tokenrouter_video.records import replace

Runner = Callable[..., Ran]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with LoopbackGateway("quick", time_scale=0.02) as gateway:
        yield Play(tmp_path, gateway)


@pytest.fixture
def run(play: Play, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    return lambda *words: in_process(play, capsys, monkeypatch, *words)


def code_of(ran: Ran) -> tuple[int, str]:
    return ran.code, ran.json["error"]["code"]


# Each fault by what has to be done to a workspace in which all is well; in the order of the contract.
def break_usage(play: Play) -> tuple[str, ...]:
    return ("--params", "{")


def break_channel(play: Play) -> tuple[str, ...]:
    (play.workspace / "providers.json").write_text('{"providers": {}}\n')
    return ()


def break_request(play: Play) -> tuple[str, ...]:
    return ("--size", "1080P")


def break_route(play: Play) -> tuple[str, ...]:
    config = play.workspace / "providers.json"
    config.write_text(config.read_text().replace('{"id": "kling-v3"},\n        ', ""))
    return ()


def break_key(play: Play) -> tuple[str, ...]:
    (play.workspace / ".env").write_text("OTHER=1\n")
    return ()


def break_journal(play: Play) -> tuple[str, ...]:
    play.state.write_text("a file where a folder should be")
    return ()


FAULTS: list[tuple[Callable[[Play], tuple[str, ...]], tuple[int, str]]] = [
    (break_usage, (2, "usage")),
    (break_channel, (3, "no-channel")),
    (break_request, (6, "invalid-request")),
    (break_route, (14, "not-routed")),
    (break_key, (7, "no-key")),
    (break_journal, (17, "no-state")),
]


@pytest.mark.parametrize("first", range(len(FAULTS)), ids=[fault.__name__ for fault, _ in FAULTS])
def test_of_several_faults_the_first_of_the_order_is_reported(first: int, play: Play, run: Runner) -> None:
    """Everything from that fault on is broken; nothing is sent, nothing is written."""
    words = [word for fault, _ in FAULTS[first:] for word in fault(play)]
    before = (play.workspace / "providers.json").read_bytes()
    ran = run("generate", *REQUEST, *words, "--submit", "--json")
    assert code_of(ran) == FAULTS[first][1]
    assert ran.json["error"]["message"]
    assert play.posts == 0
    assert (play.workspace / "providers.json").read_bytes() == before


def test_a_duplicate_comes_behind_the_key_and_before_the_write(play: Play, run: Runner) -> None:
    assert run("generate", *REQUEST, "--submit", "--no-wait").code == 0
    break_route(play)
    before = (play.workspace / "providers.json").read_bytes()
    assert code_of(run("generate", *REQUEST, "--submit", "--apply", "--json")) == (16, "duplicate")
    assert (play.workspace / "providers.json").read_bytes() == before
    (play.workspace / ".env").write_text("")
    assert code_of(run("generate", *REQUEST, "--submit", "--apply", "--json")) == (7, "no-key")
    assert play.posts == 1


def test_a_journal_that_cannot_be_written_leaves_the_config_as_it_was(play: Play, run: Runner) -> None:
    break_route(play)
    break_journal(play)
    before = (play.workspace / "providers.json").read_bytes()
    assert code_of(run("generate", *REQUEST, "--submit", "--apply", "--json")) == (17, "no-state")
    assert (play.workspace / "providers.json").read_bytes() == before
    assert play.posts == 0


def test_apply_writes_the_route_and_then_sends(play: Play, run: Runner) -> None:
    break_route(play)
    ran = run("generate", *REQUEST, "--submit", "--apply", "--json", "--poll-interval", "0.02")
    assert (ran.code, ran.json["route"]["status"]) == (0, "applied")
    assert "kling-v3" in (play.workspace / "providers.json").read_text()
    assert play.posts == 1


def test_skip_route_sends_without_one(play: Play, run: Runner) -> None:
    break_route(play)
    before = (play.workspace / "providers.json").read_bytes()
    ran = run("generate", *REQUEST, "--submit", "--skip-route", "--json", "--poll-interval", "0.02")
    assert (ran.code, ran.json["route"]["status"]) == (0, "planned")
    assert (play.workspace / "providers.json").read_bytes() == before


def test_a_preview_sends_and_writes_nothing(play: Play, run: Runner) -> None:
    break_route(play)
    before = (play.workspace / "providers.json").read_bytes()
    ran = run("generate", *REQUEST, "--json")
    result = ran.json
    assert ran.code == 0
    expected = {"schema", "status", "model", "request", "route", "task_id", "video_urls", "expires_at", "downloaded"}
    expected |= {"cost", "payload", "http_status", "resume", "resume_argv"}
    assert expected <= result.keys()
    assert (result["status"], result["model"], result["request"]) == ("planned", "kling-v3", BODY)
    assert result["route"]["status"] == "planned"
    assert "kling-v3" in result["route"]["files"][0]["diff"]
    assert (result["task_id"], result["video_urls"], result["cost"], result["payload"]) == (None, [], None, None)
    assert play.gateway is not None
    assert play.gateway.requests == []
    assert (play.workspace / "providers.json").read_bytes() == before
    assert not play.state.exists()


def test_a_preview_in_text_shows_request_and_diff(play: Play, run: Runner) -> None:
    break_route(play)
    ran = run("generate", *REQUEST)
    assert ran.code == 0
    assert '"prompt": "a robot"' in ran.out
    assert '+        {"id": "kling-v3"}' in ran.out
    assert "nothing was sent" in ran.out


def test_what_the_same_request_led_to_before_is_said(play: Play, run: Runner) -> None:
    """Whoever does not remember the first one, an agent in a new session, would pay for the same video again."""
    assert play.gateway is not None
    assert run("generate", *REQUEST, "--json").json["warnings"] == []
    task = run("generate", *REQUEST, "--submit", "--no-wait", "--json").json
    [entry] = Journal(play.state).entries()
    status = f"tokenrouter-video task status {task['task_id']} --gateway-url {play.gateway.url}"
    assert run("generate", *REQUEST, "--json").json["warnings"] == [
        f"the same request is open since {entry.submitted_at}: --submit sends nothing without --again; "
        f"the first one: {status}"
    ]
    assert run("task", "wait", task["task_id"], "--poll-interval", "0.02", "--json").code == 0
    [entry] = Journal(play.state).entries()
    warning = (
        f"the same request made a video at {entry.closed_at}: sending it again makes and bills another; "
        f"the first one: {status}"
    )
    assert run("generate", *REQUEST, "--json").json["warnings"] == [warning]
    ran = run("generate", *REQUEST, "--submit", "--poll-interval", "0.02")
    assert (ran.code, f"note: {warning}\n" in ran.err, play.posts) == (0, True, 2)


def test_a_preview_only_warns_about_the_key(play: Play, run: Runner) -> None:
    break_key(play)
    ran = run("generate", *REQUEST, "--json")
    assert ran.code == 0
    assert "TR_KEY" in ran.json["warnings"][0]
    assert "TR_KEY" in ran.err


@pytest.mark.parametrize(
    ("words", "names"),
    [
        pytest.param(("--gateway-url", "https://api.tokenrouter.com"), "--gateway-url", id="the real gateway"),
        pytest.param(("--gateway-url", "http://192.168.0.1:80"), "--gateway-url", id="another machine"),
        pytest.param(("--download", "nowhere/out.mp4"), "--download", id="no folder for the video"),
        pytest.param(("--download", "providers.json"), "--download", id="an existing file"),
        pytest.param(("--params", "@nowhere.json"), "--params", id="no parameter file"),
        pytest.param(("--params", "@."), "--params", id="a folder as parameter file"),
        pytest.param(("--params", '{"prompt": "x"}'), "prompt", id="a field given both ways"),
    ],
)
def test_wrong_arguments_are_found_before_anything_else(
    words: tuple[str, ...], names: str, play: Play, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_channel(play)
    if "--gateway-url" in words:
        play.gateway = None
    ran = in_process(play, capsys, monkeypatch, "generate", *REQUEST, "--submit", "--json", *words)
    assert code_of(ran) == (2, "usage")
    assert names in ran.json["error"]["message"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            ("--model", "kling-v9", "--prompt", "a", "--params", '{"prompt": "b"}'),
            "prompt is given twice: by --prompt and in the parameters.",
            id="a field given both ways",
        ),
        pytest.param(
            ("--prompt", "a", "--params", '{"prompt": "b"}'),
            "prompt is given twice: by --prompt and in the parameters.",
            id="a field given both ways, and no model",
        ),
        pytest.param(
            ("--sound", "on", "--params", '{"model": 5, "metadata": {"sound": "off"}}'),
            "metadata.sound is given twice: by --sound and in the parameters.",
            id="a field given both ways, and a model that is no text",
        ),
        pytest.param(
            ("--model", "kling-v9", "--params", '{"model": "kling-v3"}'),
            'The parameters name the model "kling-v3", the command kling-v9.',
            id="two models",
        ),
    ],
)
def test_a_contradiction_comes_before_an_unknown_model(
    words: tuple[str, ...], message: str, play: Play, run: Runner
) -> None:
    ran = run("generate", *words, "--json")
    assert code_of(ran) == (2, "usage")
    assert ran.json["error"]["message"] == message


def test_params_from_a_file_give_the_whole_request(play: Play, run: Runner) -> None:
    (play.folder / "request.json").write_text(json.dumps(BODY))
    ran = run("generate", "--params", "@../request.json", "--json")
    assert (ran.code, ran.json["request"]) == (0, BODY)


def test_no_model_and_an_unknown_one_are_invalid_requests(play: Play, run: Runner) -> None:
    assert code_of(run("generate", "--params", '{"prompt": "x"}', "--json")) == (6, "invalid-request")
    assert code_of(run("generate", "--params", '{"model": 5, "prompt": "x"}', "--json")) == (6, "invalid-request")
    assert code_of(run("generate", "--model", "kling-v9", "--prompt", "x", "--json")) == (6, "invalid-request")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        pytest.param("ghp_0123456789abcdefghijklmnop", 7, id="another service's"),
        pytest.param("two words", 7, id="no single token"),
        pytest.param("your-api-key", 7, id="a placeholder"),
        pytest.param("k" * 513, 7, id="too long"),
        pytest.param(KEY, 0, id="a key"),
    ],
)
def test_what_is_no_key_of_this_gateway_is_not_sent(key: str, code: int, play: Play, run: Runner) -> None:
    (play.workspace / ".env").write_text(f"TR_KEY={key}\n")
    ran = run("generate", *REQUEST, "--submit", "--json", "--poll-interval", "0.02")
    assert ran.code == code
    assert key not in ran.out + ran.err
    assert play.posts == (0 if code else 1)


def test_a_foreign_key_is_sent_when_the_user_says_so(play: Play, run: Runner) -> None:
    play.key = "ghp_0123456789abcdefghijklmnop"
    (play.workspace / ".env").write_text(f"TR_KEY={play.key}\n")
    ran = run("generate", *REQUEST, "--submit", "--allow-foreign-key", "--json", "--poll-interval", "0.02")
    assert ran.code == 0


def test_the_same_request_is_sent_once_until_it_ends(play: Play, run: Runner) -> None:
    first = run("generate", *REQUEST, "--submit", "--no-wait", "--json")
    assert (first.code, first.json["status"]) == (0, "queued")
    again = run("generate", *REQUEST, "--submit", "--json")
    assert code_of(again) == (16, "duplicate")
    error = again.json["error"]
    assert (error["task_id"], error["status"]) == (first.json["task_id"], "queued")
    assert f"wait {first.json['task_id']}" in error["try"]
    assert f"forget {first.json['task_id']}" in error["try"]
    assert "--again" in error["try"]
    assert play.posts == 1
    assert run("generate", *REQUEST, "--submit", "--again", "--json", "--poll-interval", "0.02").code == 0
    assert play.posts == 2


def test_a_finished_request_may_be_sent_again(play: Play, run: Runner) -> None:
    assert run("generate", *REQUEST, "--submit", "--poll-interval", "0.02").code == 0
    assert run("generate", *REQUEST, "--submit", "--poll-interval", "0.02").code == 0
    assert play.posts == 2


def test_another_key_or_another_body_is_another_request(play: Play, run: Runner) -> None:
    assert run("generate", *REQUEST, "--submit", "--no-wait").code == 0
    assert run("generate", *REQUEST, "--negative-prompt", "rain", "--submit", "--no-wait").code == 0
    play.key = "example-key-another-9d1"
    (play.workspace / ".env").write_text(f"TR_KEY={play.key}\n")
    assert run("generate", *REQUEST[:-1], "another robot", "--submit", "--no-wait").code == 0
    assert play.posts == 3


def test_resume_is_the_same_command_as_text_and_as_words(play: Play, run: Runner) -> None:
    result = run("generate", *REQUEST, "--submit", "--no-wait", "--json").json
    assert shlex.split(result["resume"]) == result["resume_argv"]
    assert result["task_id"] in result["resume_argv"]


def test_the_id_is_on_stderr_even_with_quiet(play: Play, run: Runner) -> None:
    ran = run("generate", *REQUEST, "--submit", "--quiet", "--poll-interval", "0.02")
    [accepted, resume] = ran.err.splitlines()
    assert accepted.startswith("accepted: task task_")
    assert resume.startswith("resume with: ")


def test_text_output_leaves_the_accounts_fields_out(play: Play, run: Runner) -> None:
    ran = run("generate", *REQUEST, "--submit", "--poll-interval", "0.02")
    assert '"status": "SUCCESS"' in ran.out
    assert all(name not in ran.out for name in ('"user_id"', '"group"', '"channel_id"', '"quota"'))
    whole = run("generate", *REQUEST, "--submit", "--poll-interval", "0.02", "--json")
    assert whole.json["payload"]["data"]["user_id"] == 7


def test_words_of_the_gateway_are_cleaned_of_keys_and_controls(
    play: Play, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tokenrouter_video.gateway.loopback.answers import json_answer

    words = f"Invalid token {KEY} \x1b[31mred\u202e"
    scenario = replace(SCENARIOS["quick"], submit=(json_answer({"error": {"message": words, "code": ""}}, 401),))
    with LoopbackGateway(scenario) as gateway:
        play.gateway = gateway
        for flag in ((), ("--json",)):
            ran = in_process(play, capsys, monkeypatch, "generate", *REQUEST, "--submit", *flag)
            assert ran.code == 8
            assert "exa...def" in ran.out + ran.err
            assert "\x1b" not in ran.out + ran.err
            assert "\u202e" not in ran.out + ran.err


def test_a_full_state_folder_that_is_read_only_stops_before_sending(play: Play, run: Runner) -> None:
    Journal(play.state).entries()
    play.state.mkdir()
    (play.state / "tasks.jsonl").mkdir()
    assert code_of(run("generate", *REQUEST, "--submit", "--json")) == (17, "no-state")
    assert play.posts == 0


def test_a_journal_that_breaks_while_the_request_is_away_loses_no_video(
    play: Play, run: Runner, tmp_path: Path
) -> None:
    """The disk fills up, or worse, between the POST and its answer: the request is followed to its end all the same."""
    accept = steps.accepting()

    def breaking(visit: Visit) -> Answer:
        (play.state / "tasks.jsonl").rename(tmp_path / "tasks.jsonl")
        (play.state / "tasks.jsonl").mkdir()
        return accept(visit) if callable(accept) else accept

    assert play.gateway is not None
    play.gateway.scenario = replace(SCENARIOS["quick"], submit=(breaking,))
    target = tmp_path / "out.mp4"
    ran = run("generate", *REQUEST, "--submit", "--json", "--poll-interval", "0.02", "--download", str(target))
    assert (ran.code, ran.json["status"]) == (0, "succeeded")
    assert target.read_bytes() == play.gateway.video
    assert "cannot be remembered" in ran.err
    assert ran.json["task_id"] in ran.err


def test_nothing_listens(play: Play, run: Runner) -> None:
    assert play.gateway is not None
    play.gateway.__exit__(None, None, None)
    ran = run("generate", *REQUEST, "--submit", "--json")
    assert code_of(ran) == (13, "unreachable")
    [entry] = Journal(play.state).entries()
    assert (entry.status, entry.open) == ("planned", False)
    assert play.entries() == []
    play.gateway.__enter__()


def test_a_channel_in_another_folder_is_remembered_with_its_place(play: Play, run: Runner) -> None:
    assert os.path.lexists(play.workspace / "providers.json")
    assert (play.workspace / "providers.json").read_text() == CONFIG
    task = run("generate", *REQUEST, "--submit", "--no-wait", "--json").json
    [entry] = Journal(play.state).entries()
    assert (entry.workspace, entry.channel) == (str(play.workspace), "providers.json#/providers/tokenrouter")
    assert entry.task_id == task["task_id"]
