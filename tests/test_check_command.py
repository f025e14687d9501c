"""``check``: one line for each thing that can be known before spending, and the code of the most serious one."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import SCRIPTS
from gateway_play import KEY, Play, Ran, in_process
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.gateway.loopback import SCENARIOS, LoopbackGateway
from tokenrouter_video.gateway.loopback.answers import json_answer
from tokenrouter_video.records import replace


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    def run(
        scenario: str, *words: str, keys: frozenset[str] | None = None, prepare: Callable[[Play], object] | None = None
    ) -> Ran:
        with LoopbackGateway(scenario, keys=keys) as gateway:
            play = Play(tmp_path, gateway)
            if prepare is not None:
                prepare(play)
            ran = in_process(play, capsys, monkeypatch, "check", *words)
            assert play.posts == 0
        return ran

    return run


def no_channel(play: Play) -> None:
    (play.workspace / "providers.json").write_text("{}\n")


def no_key(play: Play) -> None:
    (play.workspace / ".env").write_text("")


def no_route(play: Play) -> None:
    config = play.workspace / "providers.json"
    config.write_text(config.read_text().replace("kling-v3", "gpt-4o").replace("MiniMax-Hailuo-2.3", "gpt-4o-mini"))


def foreign_key(play: Play) -> None:
    (play.workspace / ".env").write_text("TR_KEY=ghp_0123456789abcdefghijklmnop\n")


def gone(play: Play) -> None:
    assert play.gateway is not None
    play.gateway.url = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("scenario", "prepare", "code", "checks"),
    [
        pytest.param("demo", None, 0, {"channel": 1, "route": 1, "key": 1, "model": 1}, id="all is well"),
        pytest.param("demo", no_channel, 3, {"channel": 0}, id="no channel"),
        pytest.param("demo", no_key, 7, {"channel": 1, "route": 1, "key": 0}, id="no key"),
        pytest.param("demo", foreign_key, 7, {"channel": 1, "route": 1, "key": 0}, id="another service's key"),
        pytest.param("demo", gone, 13, {"channel": 1, "route": 1, "key": 0}, id="nobody there"),
        pytest.param("models-key", None, 8, {"channel": 1, "route": 1, "key": 0}, id="the key is refused"),
        pytest.param("models-html", None, 8, {"channel": 1, "route": 1, "key": 0}, id="a page"),
        pytest.param("models-server-error", None, 8, {"channel": 1, "route": 1, "key": 0}, id="a broken server"),
        pytest.param("models-none", None, 8, {"channel": 1, "route": 1, "key": 1, "model": 0}, id="no model on offer"),
        pytest.param(
            "demo", no_route, 14, {"channel": 1, "route": 0, "key": 1, "model": 1}, id="only the route is missing"
        ),
        pytest.param(
            "models-key", no_route, 8, {"channel": 1, "route": 0, "key": 0}, id="the key comes before the route"
        ),
    ],
)
def test_checks(
    scenario: str,
    prepare: Callable[[Play], object] | None,
    code: int,
    checks: dict[str, int],
    check: Callable[..., Ran],
) -> None:
    ran = check(scenario, "--model", "kling-v3", "--json", prepare=prepare)
    assert ran.code == code, ran.err
    found = ran.json["checks"]
    assert {each["name"]: int(each["ok"]) for each in found} == checks
    assert list(found[0]) == ["name", "ok", "detail", "try"]
    assert all(each["detail"] for each in found)
    assert all(bool(each["try"]) != each["ok"] for each in found)
    assert ("error" in ran.json) == bool(code)


SEEDANCE = "dreamina-seedance-2-0-fast-260128, dreamina-seedance-2-0-260128"


def test_without_a_model_one_that_can_be_used_is_enough_and_each_is_told_apart(check: Callable[..., Ran]) -> None:
    ran = check("demo", "--json")
    assert ran.code == 0
    assert ran.json["checks"][1] == {
        "name": "route",
        "ok": True,
        "detail": f"configured: MiniMax-Hailuo-2.3, kling-v3; missing: kling-v2-6, {SEEDANCE}",
        "try": None,
    }


def all_routed(play: Play) -> None:
    config = play.workspace / "providers.json"
    entries = ", ".join(f'{{"id": "{model}"}}' for model in MODELS)
    config.write_text(re.sub(r'(?s)(?<="models": \[).*(?=\])', entries, config.read_text()))


def test_without_a_model_all_is_well_when_all_are_routed_and_offered(check: Callable[..., Ran]) -> None:
    ran = check("demo", "--json", prepare=all_routed)
    assert ran.code == 0
    names = ", ".join(MODELS)
    assert [one["detail"] for one in ran.json["checks"]][1::2] == [f"configured: {names}", f"offered: {names}"]


@pytest.mark.parametrize(
    ("offered", "code", "detail"),
    [
        pytest.param(
            ("kling-v3",), 0, f"offered: kling-v3; not offered: MiniMax-Hailuo-2.3, kling-v2-6, {SEEDANCE}", id="routed"
        ),
        pytest.param(
            ("kling-v2-6",), 8, f"offered: kling-v2-6; not offered: MiniMax-Hailuo-2.3, kling-v3, {SEEDANCE}", id="not"
        ),
    ],
)
def test_one_of_the_routed_models_has_to_be_offered(
    offered: tuple[str, ...], code: int, detail: str, tmp_path: Path
) -> None:
    offer = json_answer({"object": "list", "data": [{"id": model} for model in offered]})
    with LoopbackGateway(replace(SCENARIOS["demo"], models=(offer,))) as gateway:
        ran = Play(tmp_path, gateway).run("check", "--json")
    assert (ran.code, ran.json["checks"][3]["detail"]) == (code, detail)
    if code:
        assert ran.json["error"]["message"] == ("the gateway does not offer to this key: MiniMax-Hailuo-2.3, kling-v3")


def test_a_model_that_is_not_routed(check: Callable[..., Ran]) -> None:
    assert check("demo", "--model", "kling-v2-6", "--json").code == 14


def test_an_unknown_model_is_an_invalid_request(check: Callable[..., Ran]) -> None:
    assert check("demo", "--model", "kling-v9", "--json").code == 6


def test_the_gateway_decides_about_the_key(check: Callable[..., Ran]) -> None:
    assert check("demo", "--model", "kling-v3", "--json", keys=frozenset({KEY})).code == 0


def test_in_text_each_check_is_a_line_with_what_to_do(check: Callable[..., Ran]) -> None:
    ran = check("demo", "--model", "kling-v3", prepare=no_route)
    assert ran.code == 14
    assert ran.out.splitlines()[0].startswith("ok  channel  providers.json#/providers/tokenrouter")
    assert "no  route" in ran.out
    assert "route kling-v3" in ran.out
    assert ran.err == ("tokenrouter-video: no route in providers.json#/providers/tokenrouter: missing: kling-v3\n"), (
        "what to try stands in the check's own line"
    )


def test_a_remedy_names_the_command_as_the_program_was_started(tmp_path: Path) -> None:
    with LoopbackGateway("demo") as gateway:
        play = Play(tmp_path, gateway)
        no_route(play)
        ran = play.run("check", "--model", "kling-v3", "--json")
    start = shlex.join([sys.executable, str(SCRIPTS / "add_video_route.py")])
    assert ran.json["checks"][1]["try"] == f"Preview the route: {start} kling-v3"
    assert ran.json["error"]["try"] == f"Preview the route: {start} kling-v3"


def test_the_remedy_of_every_check_names_commands_so(tmp_path: Path) -> None:
    with LoopbackGateway(keys=frozenset({"another-key"})) as gateway:
        ran = Play(tmp_path, gateway).run("check", "--json")
    [remedy] = [one["try"] for one in ran.json["checks"] if one["name"] == "key"]
    assert remedy.endswith(f"{sys.executable} {SCRIPTS / 'tokenrouter_video'} check")
    assert remedy == ran.json["error"]["try"]
