"""``task``: the channel is found again by what was remembered, and a result that was made is never lost."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway_play import BODY, CONFIG, KEY, REQUEST, Play, Ran, in_process
from tokenrouter_video.cli.following import fresh_seconds
from tokenrouter_video.gateway.history import Submission
from tokenrouter_video.gateway.journal import Journal
from tokenrouter_video.gateway.loopback import SCENARIOS, LoopbackGateway, Scenario, shapes, steps
from tokenrouter_video.gateway.loopback.answers import json_answer
from tokenrouter_video.records import replace
from tokenrouter_video.secrets import Secret

FAST = ("--poll-interval", "0.02")
Runner = Callable[..., Ran]


class Stage:
    """A play whose scenario can be changed between two runs."""

    def __init__(self, play: Play, run: Runner) -> None:
        self.play = play
        self.run = run
        assert play.gateway is not None
        self.gateway = play.gateway

    def set(self, scenario: str | Scenario) -> None:
        self.gateway.scenario = SCENARIOS[scenario] if isinstance(scenario, str) else scenario

    def submit(self) -> str:
        ran = self.run("generate", *REQUEST, "--submit", "--no-wait", "--json")
        assert ran.code == 0, ran.err
        return str(ran.json["task_id"])

    def journal(self) -> Journal:
        return Journal(self.play.state)


@pytest.fixture
def stage(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with LoopbackGateway("quick", time_scale=0.02) as gateway:
        play = Play(tmp_path, gateway)
        yield Stage(play, lambda *words: in_process(play, capsys, monkeypatch, *words))


def code_of(ran: Ran) -> tuple[int, str]:
    return ran.code, ran.json["error"]["code"]


def remember(stage: Stage, **changes: object) -> str:
    """Write an intent into the journal as an earlier run would have, and return its id."""
    plain: dict[str, object] = {
        "gateway": stage.gateway.url,
        "key": Secret(KEY).fingerprint(),
        "body": BODY,
        "workspace": str(stage.play.workspace),
        "channel": "providers.json#/providers/tokenrouter",
    }
    return stage.journal().begin(Submission(**{**plain, **changes})).id  # type: ignore[arg-type]


def test_list_is_empty_without_a_journal_and_makes_none(stage: Stage) -> None:
    ran = stage.run("task", "list", "--json")
    assert (ran.code, ran.json) == (0, {"schema": 1, "tasks": []})
    assert not stage.play.state.exists()
    assert "nothing was submitted" in stage.run("task", "list").out


def test_list_has_the_members_of_the_contract_the_latest_first(stage: Stage) -> None:
    first = stage.submit()
    unknown = remember(stage, line="other")
    tasks = stage.run("task", "list", "--json").json["tasks"]
    assert tasks[0]["id"] == unknown
    assert [(task["task_id"], task["status"]) for task in tasks] == [(None, "unknown"), (first, "queued")]
    members = {"id", "task_id", "status", "model", "request", "workspace", "channel", "submitted_at", "video_urls"}
    assert all(members <= task.keys() for task in tasks)
    assert tasks[1]["request"] == BODY
    assert tasks[1]["workspace"] == str(stage.play.workspace)
    text = stage.run("task", "list").out
    assert first in text
    assert unknown in text


def test_list_needs_no_config(stage: Stage) -> None:
    task = stage.submit()
    (stage.play.workspace / "providers.json").unlink()
    assert [entry["task_id"] for entry in stage.run("task", "list", "--json").json["tasks"]] == [task]


@pytest.mark.parametrize("action", ["status", "wait", "download", "forget"])
def test_an_unknown_id_is_a_usage_error(action: str, stage: Stage) -> None:
    assert code_of(stage.run("task", action, "task_nowhere", "--json")) == (2, "usage")


@pytest.mark.parametrize(
    ("scenario", "status"),
    [
        ("poll-never-ends", "in_progress"),
        ("quick", "succeeded"),
        ("result-failed", "in_progress"),
        (replace(SCENARIOS["demo"], poll=(steps.failed(),)), "failed"),
        (replace(SCENARIOS["demo"], poll=(steps.running("DANCING"),)), "in_progress"),
    ],
    ids=["running", "succeeded", "not yet failed", "failed", "an unknown word"],
)
def test_status_asks_once_and_ends_well_whatever_the_state(scenario: str | Scenario, status: str, stage: Stage) -> None:
    task = stage.submit()
    stage.set(scenario)
    ran = stage.run("task", "status", task, "--json")
    assert (ran.code, ran.json["status"]) == (0, status)
    assert ran.json["task_id"] == task
    assert ran.json["request"] == BODY
    assert isinstance(ran.json["payload"], dict)
    polls = [request.path for request in stage.gateway.requests if request.method == "GET"]
    assert polls == [f"/video/generations/{task}", f"/v1/video/generations/{task}"]
    assert stage.run("task", "status", task).code == 0


def test_either_id_will_do(stage: Stage) -> None:
    task = stage.submit()
    [entry] = stage.journal().entries()
    assert stage.run("task", "status", entry.id, "--json").json["task_id"] == task


def test_status_of_an_unknown_fate_is_known_to_be_unknown(stage: Stage) -> None:
    id = remember(stage)
    ran = stage.run("task", "status", id, "--json")
    assert (ran.code, ran.json["status"], ran.json["task_id"]) == (0, "unknown", None)
    assert code_of(stage.run("task", "wait", id, "--json")) == (11, "unknown")
    assert stage.gateway.requests == []


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("poll-ends-key", (8, "rejected")),
        ("poll-always-500", (8, "rejected")),
        ("poll-always-html", (8, "rejected")),
    ],
)
def test_status_that_cannot_be_learned_is_an_error(scenario: str, code: tuple[int, str], stage: Stage) -> None:
    task = stage.submit()
    stage.set(scenario)
    assert code_of(stage.run("task", "status", task, "--json")) == code


def test_wait_works_from_any_folder_without_flags(stage: Stage, tmp_path: Path) -> None:
    task = stage.submit()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ran = stage.play.run("task", "wait", task, "--json", *FAST, cwd=elsewhere)
    assert (ran.code, ran.json["status"]) == (0, "succeeded")
    assert len(ran.json["video_urls"]) == 1


def test_wait_reaches_its_deadline_and_says_how_to_resume(stage: Stage) -> None:
    task = stage.submit()
    stage.set("poll-never-ends")
    ran = stage.run("task", "wait", task, "--timeout", "0.2", "--json", *FAST)
    assert code_of(ran) == (10, "timeout")
    assert task in ran.json["resume"]
    assert ran.json["status"] == "timeout"
    assert task in ran.json["error"]["try"]


def test_wait_for_a_failed_task(stage: Stage) -> None:
    task = stage.submit()
    stage.set("result-failed")
    ran = stage.run("task", "wait", task, "--json", *FAST)
    assert code_of(ran) == (9, "failed")
    assert "copyright" in ran.json["error"]["message"]
    assert [(entry.status, entry.open) for entry in stage.journal().entries()] == [("failed", False)]


def test_the_channel_is_found_again_under_another_id(stage: Stage) -> None:
    """The config was reshaped since; the key is the same."""
    task = stage.submit()
    config = stage.play.workspace / "providers.json"
    config.rename(stage.play.workspace / "channels.json")
    assert stage.run("task", "wait", task, "--json", *FAST).code == 0


def test_a_config_outside_the_workspace_is_found_again(stage: Stage, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (stage.play.workspace / "providers.json").rename(outside / "providers.json")
    stage.play.environ["TR_KEY"] = KEY
    ran = stage.run("generate", *REQUEST, "--submit", "--no-wait", "--json", "--config", "../outside/providers.json")
    assert ran.code == 0, ran.out
    done = stage.play.run("task", "wait", ran.json["task_id"], "--json", *FAST, cwd=tmp_path)
    assert (done.code, done.json["status"]) == (0, "succeeded")


def test_a_key_file_outside_is_read_again(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(KEY)
    config = stage.play.workspace / "providers.json"
    config.write_text(CONFIG.replace("${TR_KEY}", f"{{file:{tmp_path / '.env'}}}"))
    (stage.play.workspace / ".env").unlink()
    assert code_of(stage.run("generate", *REQUEST, "--submit", "--no-wait", "--json")) == (7, "no-key")
    ran = stage.run("generate", *REQUEST, "--submit", "--no-wait", "--json", "--allow-key-file", "../.env")
    assert ran.code == 0, ran.out
    done = stage.play.run("task", "wait", ran.json["task_id"], "--json", *FAST, cwd=tmp_path)
    assert (done.code, done.json["status"]) == (0, "succeeded")


def test_another_key_is_not_used_unless_the_channel_is_named(stage: Stage) -> None:
    task = stage.submit()
    (stage.play.workspace / ".env").write_text("TR_KEY=example-key-another-9d1\n")
    ran = stage.run("task", "wait", task, "--json", *FAST)
    assert code_of(ran) == (7, "no-key")
    assert "--channel" in ran.json["error"]["try"]
    asked = len(stage.gateway.requests)
    named = ("--channel", "providers.json#/providers/tokenrouter")
    ran = stage.run("task", "status", task, "--json", *named)
    # the gateway knows the task under the first key only
    assert ran.code == 8
    assert len(stage.gateway.requests) > asked


def test_a_key_that_is_gone_says_what_it_refers_to(stage: Stage) -> None:
    task = stage.submit()
    (stage.play.workspace / ".env").write_text("")
    ran = stage.run("task", "wait", task, "--json", *FAST)
    assert code_of(ran) == (7, "no-key")
    assert "TR_KEY" in ran.json["error"]["message"]


def test_a_workspace_that_is_gone_says_so(stage: Stage, tmp_path: Path) -> None:
    task = stage.submit()
    stage.play.workspace.rename(tmp_path / "moved")
    ran = stage.play.run("task", "wait", task, "--json", *FAST, cwd=tmp_path)
    assert code_of(ran) == (3, "no-channel")
    assert "--workspace" in ran.json["error"]["try"]
    moved = stage.play.run("task", "wait", task, "--json", *FAST, "--workspace", "moved", cwd=tmp_path)
    assert moved.code == 0
    here = stage.play.run("task", "wait", task, "--json", *FAST, "--workspace", ".", cwd=tmp_path / "moved")
    assert here.code == 0


def test_a_workspace_whose_name_is_masked_is_found_again(tmp_path: Path) -> None:
    with LoopbackGateway() as gateway:
        play = Play(tmp_path / "sk-learn-samples", gateway)
        task = play.run("generate", *REQUEST, "--submit", "--no-wait", "--json").json["task_id"]
        assert play.run("task", "wait", task, "--json", *FAST, cwd=tmp_path).code == 0


def test_a_signed_url_is_given_whole_now_and_later(tmp_path: Path) -> None:
    url = "https://store.example/v.mp4?X-Amz-Credential=AKIA0123456789ABCDEF%2Fs3%2Faws4_request&X-Amz-Signature=0a"
    done = steps.polled(lambda task, _: shapes.task_response(task, "SUCCESS", "100%", {}, result_url=url), final=True)
    with LoopbackGateway(replace(SCENARIOS["demo"], poll=(done,))) as gateway:
        play = Play(tmp_path, gateway)
        ran = play.run("generate", *REQUEST, "--submit", "--json", *FAST)
        assert [url] == ran.json["video_urls"]
        assert url == ran.json["payload"]["data"]["result_url"]
        assert [url] == play.entries()[0]["video_urls"]
        assert url in play.run("task", "list").out.split()
        assert [url] == play.run("task", "wait", ran.json["task_id"], "--json", *FAST).json["video_urls"]


def test_what_was_sent_long_ago_without_an_answer_is_on_its_way_no_more(stage: Stage) -> None:
    remember(stage)
    path = stage.journal().path
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "at": "2026-01-01T12:00:00Z"}) + "\n")
    ran = stage.run("generate", *REQUEST, "--submit", "--json")
    assert code_of(ran) == (16, "duplicate")
    assert "was sent already" in ran.json["error"]["message"]
    assert "its fate is unknown" in ran.json["error"]["message"]


def test_an_id_that_looks_like_a_flag_can_be_resumed(stage: Stage) -> None:
    stage.set(replace(SCENARIOS["quick"], submit=(json_answer({"task_id": "-x", "status": "queued"}),)))
    ran = stage.run("generate", *REQUEST, "--submit", "--no-wait", "--json")
    assert ran.json["task_id"] == "-x"
    assert ran.json["id"] in ran.json["resume_argv"]
    assert stage.run("task", "wait", ran.json["id"], "--timeout", "0.1").code == 10


def test_a_clock_that_was_put_back_makes_no_task_fresh_for_ever() -> None:
    later = (datetime.now(UTC) + timedelta(days=365)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert fresh_seconds(later) == 30.0
    assert fresh_seconds("no moment") == 0.0


def test_a_task_of_a_loopback_gateway_needs_its_url(stage: Stage) -> None:
    task = stage.submit()
    stage.play.gateway, gateway = None, stage.play.gateway
    ran = stage.run("task", "status", task, "--json")
    assert code_of(ran) == (2, "usage")
    assert "--gateway-url" in ran.json["error"]["try"]
    stage.play.gateway = gateway
    real = remember(stage, gateway="https://api.tokenrouter.com", line="real")
    stage.journal().accepted(real, "task_real")
    assert code_of(stage.run("task", "status", "task_real", "--json")) == (2, "usage")


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(lambda stage: stage.set("poll-ends-missing"), id="the gateway has forgotten it"),
        pytest.param(lambda stage: stage.set("poll-ends-key"), id="the key is used up"),
        pytest.param(lambda stage: (stage.play.workspace / ".env").write_text(""), id="the key is gone"),
        pytest.param(lambda stage: (stage.play.workspace / "providers.json").unlink(), id="the channel is gone"),
    ],
)
@pytest.mark.parametrize("action", ["status", "wait"])
def test_an_end_that_is_remembered_is_not_lost(action: str, loss: Callable[[Stage], object], stage: Stage) -> None:
    task = stage.submit()
    urls = stage.run("task", "wait", task, "--json", *FAST).json["video_urls"]
    [entry] = stage.journal().entries()
    aged = stage.play.state / "tasks.jsonl"
    aged.write_text(aged.read_text().replace(entry.submitted_at[:10], "2026-01-01"))
    loss(stage)
    ran = stage.run("task", action, task, "--json")
    assert (ran.code, ran.json["status"], ran.json["video_urls"]) == (0, "succeeded", urls)


def test_download_saves_what_is_remembered_without_a_key(stage: Stage, tmp_path: Path) -> None:
    """A URL of another origin that is still valid needs no channel and gets no key."""
    id = remember(stage)
    stage.journal().accepted(id, "task_x")
    stage.journal().succeeded(id, (f"{stage.gateway.cdn_url}/videos/1.mp4",), None)
    (stage.play.workspace / "providers.json").unlink()
    ran = stage.run("task", "download", "task_x", "--download", str(tmp_path / "v.mp4"), "--json")
    assert (ran.code, ran.json["downloaded"]) == (0, [str(tmp_path / "v.mp4")])
    assert (tmp_path / "v.mp4").read_bytes() == stage.gateway.video
    assert [request.server for request in stage.gateway.requests] == ["cdn"]


def test_download_asks_again_when_the_url_has_expired(stage: Stage, tmp_path: Path) -> None:
    task = stage.submit()
    ran = stage.run("task", "wait", task, "--json", *FAST)
    assert ran.json["expires_at"] == "2026-07-02T12:00:00Z"
    before = len(stage.gateway.requests)
    ran = stage.run("task", "download", task, "--download", str(tmp_path / "v.mp4"), "--json")
    assert ran.code == 0
    assert len(stage.gateway.requests) > before + 1
    assert (tmp_path / "v.mp4").read_bytes() == stage.gateway.video


def test_download_through_the_gateway_carries_the_key_there_only(stage: Stage, tmp_path: Path) -> None:
    stage.set("result-content-url")
    task = stage.submit()
    assert stage.run("task", "wait", task, *FAST).code == 0
    ran = stage.run("task", "download", task, "--download", str(tmp_path / "v.mp4"), "--json")
    assert ran.code == 0
    last = stage.gateway.requests[-1]
    assert (last.server, last.path, last.key) == ("gateway", f"/v1/videos/{task}/content", KEY)


def test_download_without_a_name_takes_the_tasks(stage: Stage) -> None:
    task = stage.submit()
    ran = stage.run("task", "download", task, "--json")
    assert ran.code == 0
    assert (stage.play.workspace / f"{task}.mp4").read_bytes() == stage.gateway.video
    assert code_of(stage.run("task", "download", task, "--json")) == (2, "usage")
    assert stage.run("task", "download", task, "--force", "--json").code == 0


def test_download_of_a_running_task_says_to_wait(stage: Stage, tmp_path: Path) -> None:
    task = stage.submit()
    stage.set("poll-never-ends")
    ran = stage.run("task", "download", task, "--download", str(tmp_path / "v.mp4"), "--json")
    assert code_of(ran) == (10, "timeout")
    assert f"wait {task}" in ran.json["error"]["try"]


def test_a_failed_download_gives_the_url_and_leaves_nothing(stage: Stage, tmp_path: Path) -> None:
    task = stage.submit()
    stage.set("file-expired")
    ran = stage.run("task", "wait", task, "--download", str(tmp_path / "v.mp4"), "--json", *FAST)
    assert code_of(ran) == (15, "not-saved")
    [url] = ran.json["video_urls"]
    assert url in ran.json["error"]["message"]
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".mp4", ".part")] == []


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&- >&- 2>&-"])
def test_closed_streams_cost_no_video(closed: str, stage: Stage) -> None:
    command = stage.play.command("generate", *REQUEST, "--submit", "--download", "out.mp4", *FAST)
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shlex.join(command)} {closed}"],
        cwd=stage.play.workspace,
        env=stage.play.variables(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert (stage.play.workspace / "out.mp4").read_bytes() == stage.gateway.video


def test_forget_closes_an_unknown_fate(stage: Stage) -> None:
    id = remember(stage)
    assert code_of(stage.run("generate", *REQUEST, "--submit", "--json")) == (16, "duplicate")
    ran = stage.run("task", "forget", id, "--json")
    assert (ran.code, ran.json["open"]) == (0, False)
    assert stage.run("task", "list", "--json").json["tasks"] == []
    assert stage.run("task", "forget", id).code == 0
    assert stage.run("generate", *REQUEST, "--submit", *FAST).code == 0


def test_the_journal_is_told_apart_by_gateway(stage: Stage) -> None:
    """The same request at the real gateway is another one."""
    remember(stage, gateway="https://api.tokenrouter.com")
    assert stage.run("generate", *REQUEST, "--submit", *FAST).code == 0


def test_what_stands_in_the_journal_is_json_lines_without_the_key(stage: Stage) -> None:
    stage.submit()
    records = [json.loads(line) for line in (stage.play.state / "tasks.jsonl").read_text().splitlines()]
    assert [record["kind"] for record in records] == ["intent", "accepted"]
    assert records[0]["key"] == Secret(KEY).fingerprint()
    assert CONFIG not in json.dumps(records)
