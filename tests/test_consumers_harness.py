"""The checks that let consumers read what the program wrote; a small consumer of our own stands in for theirs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from consumers import __main__ as command
from consumers import proof
from consumers.answers import (
    Answer,
    read_droid_help,
    read_exit_code,
    read_json_line,
    read_lines,
    read_omp_json,
    read_pi_table,
)
from consumers.facts import FACTS, Fact
from consumers.install import Installed, Npm, Pip, npm_pins, pip_pins
from consumers.report import Outcome, as_json, is_good, table
from consumers.sandbox import Completed, run, run_offline
from consumers.table import CHECKS, NOT_ASKED, Case, ConsumerCheck
from tokenrouter_video.consumer_readings import READINGS
from tokenrouter_video.consumers import CONSUMERS

MODELS = ("kling-v3", "MiniMax-Hailuo-2.3")
# What runs a program's own module, and is no consumer of a config.
LANGUAGES = ("typescript", "javascript", "python")

# A consumer of one model a line that refuses a line with a blank in it.
CONSUMER = """
import sys
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
bad = [line for line in lines if " " in line]
if bad:
    sys.exit(f"no model: {bad[0]}")
print("\\n".join("own/" + line for line in lines))
"""

CASES = [
    pytest.param(case, id=folder)
    for folder, case in {case.folder: case for check in CHECKS for case in check.cases}.items()
]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ConsumerCheck:
    script = tmp_path / "consumer.py"
    script.write_text(CONSUMER, encoding="utf-8")
    fixture = tmp_path / "fixtures" / "small"
    fixture.mkdir(parents=True)
    (fixture / "models.txt").write_text("gpt-5.1\nglm-4.6\n", encoding="utf-8")
    monkeypatch.setattr(proof, "FIXTURES", tmp_path / "fixtures")
    return ConsumerCheck(
        name="small",
        title="Small",
        install=None,
        command=lambda installed, config: (installed.runtime, str(script), str(config)),
        read=read_lines,
        listed_as="own/{id}",
        cases=(Case(folder="small", config="models.txt", broken=("glm-4.6", "glm 4.6")),),
    )


def program(monkeypatch: pytest.MonkeyPatch, lines: Mapping[str, str], status: str = "applied", code: int = 0) -> None:
    """Put a program in ours place that replaces ``glm-4.6`` by the text that is given for a model."""

    def route(model: str, workspace: Path, _folder: Path) -> tuple[int, dict[str, object]]:
        path = workspace / "models.txt"
        path.write_text(path.read_text("utf-8").replace("glm-4.6", lines.get(model, "glm-4.6")), "utf-8")
        return code, {"status": status, "files": [{"diff": f"+{model}"}]}

    monkeypatch.setattr(proof, "route", route)


RIGHT = {model: f"glm-4.6\n{model}" for model in MODELS}


def problems(check: ConsumerCheck) -> list[tuple[str, str]]:
    outcome = command.examine(check, MODELS)
    return [("check", one.problem) for one in outcome.proofs if one.problem] + [
        (step.model, step.problem) for one in outcome.proofs for step in one.steps if step.problem
    ]


def test_right_routes_are_good(check: ConsumerCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, RIGHT)
    outcome = command.examine(check, MODELS)
    assert [(step.model, step.problem, step.accepted, step.listed) for step in outcome.proofs[0].steps] == [
        ("kling-v3", "", True, True),
        ("MiniMax-Hailuo-2.3", "", True, True),
        ("all of them", "", True, True),
    ]
    assert is_good([outcome])
    assert table([outcome]).splitlines()[1].split() == [
        "small",
        outcome.version,
        *["small", "accepted", "refused", "3/3", "3/3"],
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param({"kling-v3": "glm-4.6\nkling v3"}, "refused after", id="the consumer refuses the file"),
        pytest.param({"kling-v3": "glm-4.6\nkling-v2"}, "not listed after", id="another model was added"),
        pytest.param({"kling-v3": "kling-v3"}, "another model is gone", id="the neighbour was replaced"),
        pytest.param({}, "the config is the old one", id="nothing was written though it says so"),
    ],
)
def test_a_wrong_route_is_a_problem(
    check: ConsumerCheck, monkeypatch: pytest.MonkeyPatch, lines: dict[str, str], expected: str
) -> None:
    program(monkeypatch, RIGHT | lines if lines else {})
    assert problems(check)[0] == ("kling-v3", expected)
    assert not is_good([command.examine(check, MODELS)])


@pytest.mark.parametrize(
    ("status", "code"), [("unchanged", 0), ("not-needed", 0), ("planned", 0), ("applied", 11), ("applied", 1)]
)
def test_a_route_that_is_not_applied_is_a_problem(
    check: ConsumerCheck, monkeypatch: pytest.MonkeyPatch, status: str, code: int
) -> None:
    program(monkeypatch, RIGHT, status, code)
    assert problems(check) == [(model, "not routed") for model in (*MODELS, "all of them")]


def test_a_further_config_is_asked_once_unless_something_is_wrong(
    check: ConsumerCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = replace(check, cases=(check.cases[0], replace(check.cases[0])))
    program(monkeypatch, RIGHT)
    assert [len(one.steps) for one in command.examine(two, MODELS).proofs] == [3, 1]
    program(monkeypatch, RIGHT | {"kling-v3": "glm-4.6\nkling-v2"})
    second = command.examine(two, MODELS).proofs[1]
    assert [(step.model, step.problem) for step in second.steps] == [
        ("kling-v3", "not listed after"),
        ("MiniMax-Hailuo-2.3", ""),
        ("all of them", "not listed after"),
    ]


def test_a_config_that_is_refused_before_is_a_problem(check: ConsumerCheck, tmp_path: Path) -> None:
    (tmp_path / "fixtures/small/models.txt").write_text("g p t\nglm-4.6\n", encoding="utf-8")
    assert problems(check) == [("check", "the config is refused before any route")]


def test_a_list_that_has_the_model_already_proves_nothing(check: ConsumerCheck, tmp_path: Path) -> None:
    (tmp_path / "fixtures/small/models.txt").write_text("kling-v3\nglm-4.6\n", encoding="utf-8")
    assert problems(check) == [("check", "the list before the route proves nothing")]


def test_an_empty_list_proves_nothing(check: ConsumerCheck, tmp_path: Path) -> None:
    (tmp_path / "fixtures/small/models.txt").write_text("", encoding="utf-8")
    assert problems(check) == [("check", "the list before the route proves nothing")]


def test_a_check_that_accepts_a_broken_config_is_a_problem(check: ConsumerCheck, tmp_path: Path) -> None:
    (tmp_path / "consumer.py").write_text(CONSUMER.replace("if bad", "if False"), encoding="utf-8")
    assert problems(check) == [("check", "a broken config is accepted")]


def test_a_consumer_without_a_list_keeps_its_file(check: ConsumerCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    listless = replace(check, read=read_exit_code, listed_as="")
    program(monkeypatch, {}, "not-needed")
    assert problems(listless) == []
    program(monkeypatch, RIGHT, "not-needed")
    assert problems(listless) == [(model, "the config was changed") for model in MODELS]
    program(monkeypatch, {}, "applied")
    assert problems(listless) == [(model, "not routed") for model in MODELS]


def test_no_consumer_at_all_is_a_failure(
    check: ConsumerCheck, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = replace(check, install=Npm(("nothing",), (999, 0)))
    monkeypatch.setattr("consumers.install._REGISTRY_NODES", {})
    assert command.main(["--json", "--model", "kling-v3"], [missing]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["skipped"] == {"small": "needs node 999.0 or newer", **NOT_ASKED}
    assert "skipped: small: needs node 999.0 or newer" in said.err
    assert "0 consumers asked" in said.err


def test_one_bad_consumer_is_a_failure(
    check: ConsumerCheck, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--only", "small", "--model", "kling-v3"]
    program(monkeypatch, RIGHT)
    assert command.main(arguments, [check]) == 0
    program(monkeypatch, {"kling-v3": "glm-4.6\nkling v3"})
    assert command.main(arguments, [check]) == 1
    said = capsys.readouterr().err
    assert "PROBLEM small small kling-v3: refused after\n    no model: kling v3\n    +kling-v3" in said


def test_the_self_test_routes_nothing(check: ConsumerCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "route", None)
    assert command.main(["--self-test", "--only", "small"], [check]) == 0


def test_the_json_holds_the_versions_and_reasons() -> None:
    outcomes = [Outcome("one", "One", "1.2"), Outcome("two", "Two", skipped="no reason")]
    report = as_json(outcomes)
    assert (report["versions"], report["skipped"]) == ({"one": "1.2"}, {"two": "no reason"})
    assert report["good"] is False


@pytest.mark.parametrize(
    ("read", "done", "expected"),
    [
        pytest.param(
            read_json_line,
            Completed(0, 'noise\n{"accepted": true, "models": ["a"], "words": ""}\n', "warning"),
            Answer(True, frozenset({"a"})),
            id="json",
        ),
        pytest.param(
            read_json_line,
            Completed(0, '{"accepted": false, "models": [], "words": "no"}', ""),
            Answer(False, frozenset(), "no"),
            id="json that refuses",
        ),
        pytest.param(read_json_line, Completed(0, "nothing", ""), Answer(False, words="nothing"), id="no json"),
        pytest.param(read_json_line, Completed(0, "", ""), Answer(False), id="silence"),
        pytest.param(read_json_line, Completed(1, "[]", "e"), Answer(False, words="[]\ne"), id="crashed"),
        pytest.param(
            read_json_line, Completed(None, "", "x"), Answer(False, words="(took too long) x"), id="took too long"
        ),
        pytest.param(
            read_lines, Completed(0, "log\na/b\n a/c \n", ""), Answer(True, frozenset({"a/b", "a/c"})), id="lines"
        ),
        pytest.param(read_lines, Completed(1, "a/b", "bad"), Answer(False, words="a/b\nbad"), id="lines of a failure"),
        pytest.param(
            read_pi_table,
            Completed(0, "provider model context\nopenai gpt 1K\n", ""),
            Answer(True, frozenset({"openai/gpt", "provider/model"})),
            id="table",
        ),
        pytest.param(
            read_pi_table,
            Completed(0, "Warning: errors loading models.json", ""),
            Answer(False, words="Warning: errors loading models.json"),
            id="table with errors",
        ),
        pytest.param(
            read_omp_json,
            Completed(0, '{"models": [{"provider": "tr", "id": "kling-v3", "selector": "tr/kling-v3"}]}', ""),
            Answer(True, frozenset({"tr/kling-v3"})),
            id="list of objects",
        ),
        pytest.param(
            read_omp_json,
            Completed(0, '{"models": []}', "Warning: custom providers disabled"),
            Answer(False, words='{"models": []}\nWarning: custom providers disabled'),
            id="list of a file that is refused",
        ),
        pytest.param(read_omp_json, Completed(1, "x", ""), Answer(False, words="x"), id="no list of objects"),
        pytest.param(
            read_droid_help,
            Completed(0, "Custom Models:\n  custom:GPT-0    GPT (box)\n\n  droid --model custom:x y\n", ""),
            Answer(True, frozenset({"GPT (box)"})),
            id="help",
        ),
        pytest.param(
            read_droid_help,
            Completed(0, "  droid exec --model custom:x y", ""),
            Answer(False, words="no custom models"),
            id="help without custom models",
        ),
        pytest.param(read_exit_code, Completed(0, "x", ""), Answer(True), id="starts"),
        pytest.param(read_exit_code, Completed(2, "x", ""), Answer(False, words="x"), id="does not start"),
    ],
)
def test_answers_are_read(read: object, done: Completed, expected: Answer) -> None:
    assert callable(read)
    assert read(done) == expected


def test_what_takes_too_long_ends_with_its_children(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    done = run((sys.executable, "-c", code), tmp_path, {}, 0.5)
    assert done.code is None
    assert done.words == "(took too long) "


def test_a_consumer_sees_neither_the_network_nor_the_users_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOMETHING_OF_THE_USER", "1")
    code = (
        "import os, pathlib, urllib.request\n"
        "print(pathlib.Path.home(), os.environ.get('SOMETHING_OF_THE_USER'), os.environ['TOKENROUTER_API_KEY'])\n"
        "try:\n    urllib.request.urlopen('https://api.tokenrouter.com/v1/models', timeout=5)\n"
        "except OSError:\n    print('unreachable')\n"
    )
    done = run_offline((sys.executable, "-c", code), tmp_path, {}, 60)
    assert done.stdout.splitlines() == [f"{tmp_path} None example-key-7f2", "unreachable"]


@pytest.mark.parametrize("case", CASES)
def test_each_fixture_can_be_broken_in_one_place(case: Case, tmp_path: Path) -> None:
    proof.copy_fixture(case, tmp_path / "workspace")
    text = (tmp_path / "workspace" / case.config).read_text(encoding="utf-8")
    assert text.count(case.broken[0]) == 1
    assert "https://api.tokenrouter.com/v1" in text


def test_every_fixture_is_used() -> None:
    assert sorted(path.name for path in proof.FIXTURES.iterdir()) == sorted(
        {case.folder for check in CHECKS for case in check.cases}
    )


def test_every_version_is_pinned_exactly() -> None:
    assert {version for version in npm_pins().values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == set()
    assert {
        line for line in pip_pins().values() if not re.fullmatch(r"[\w.-]+(\[\w+\])?==\d+(\.\d+){1,2}(a\d+)?", line)
    } == set()
    wanted = {name for check in CHECKS if isinstance(check.install, Npm) for name in check.install.packages}
    assert {name for name in npm_pins() if not name.startswith(("node-", "@oven/bun-"))} == wanted
    assert set(pip_pins()) == {check.install.name for check in CHECKS if isinstance(check.install, Pip)}


@pytest.mark.parametrize("case", CASES)
def test_each_fact_changes_one_place_of_its_fixture(case: Case, tmp_path: Path) -> None:
    proof.copy_fixture(case, tmp_path / "workspace")
    text = (tmp_path / "workspace" / case.config).read_text(encoding="utf-8")
    for fact in FACTS.get(case.folder, ()):
        assert fact.does in {"accepts", "refuses", "drops"}
        assert (fact.says, text.count(fact.old)) == (fact.says, 1)
        assert fact.new != fact.old


def test_what_is_said_of_a_reading_is_what_is_asked() -> None:
    asked: dict[str, list[tuple[str, ...]]] = {}
    for check in CHECKS:
        if check.name in LANGUAGES or check.install is None:
            continue
        facts = [fact for case in check.cases for fact in FACTS.get(case.folder, ())]
        name = check.name.partition("-mariozechner")[0]
        if isinstance(check.install, Npm):
            version = npm_pins()[check.install.packages[0]]
            row = (check.install.packages[0], version)
        else:
            row = (check.install.name, pip_pins()[check.install.name].partition("==")[2])
        asked.setdefault(name, []).append((*row, *sorted(f"{fact.does} {fact.says}" for fact in facts)))
    assert asked == {
        name: [
            (
                one.package,
                one.version,
                *sorted(
                    f"{kind} {text}" for kind in ("accepts", "refuses", "drops") for text in set(getattr(one, kind))
                ),
            )
            for one in readings
        ]
        for name, readings in READINGS.items()
    }
    assert set(READINGS) <= set(CONSUMERS)
    assert set(FACTS) <= {case.folder for check in CHECKS for case in check.cases}


FACT = "a blank in a name"
KNOWN = [
    pytest.param(Fact("refuses", FACT, "glm-4.6", "glm 4.6"), "", id="refuses"),
    pytest.param(Fact("refuses", FACT, "glm-4.6", "glm-4.7"), FACT, id="does not refuse"),
    pytest.param(Fact("accepts", FACT, "glm-4.6", "glm-4.7"), "", id="accepts"),
    pytest.param(Fact("accepts", FACT, "glm-4.6", "glm 4.6"), FACT, id="does not accept"),
    pytest.param(Fact("accepts", FACT, "glm-4.6\n", ""), FACT, id="accepts and lists less"),
    pytest.param(Fact("drops", FACT, "glm-4.6\n", ""), "", id="drops"),
    pytest.param(Fact("drops", FACT, "glm-4.6\n", "glm-4.6\nglm-4.7\n"), FACT, id="does not drop"),
]


@pytest.mark.parametrize(("fact", "words"), KNOWN)
def test_what_is_known_of_a_consumer_is_seen_anew(
    check: ConsumerCheck, monkeypatch: pytest.MonkeyPatch, fact: Fact, words: str
) -> None:
    monkeypatch.setattr(proof, "FACTS", {"small": (fact,)})
    program(monkeypatch, RIGHT)
    (found,) = command.examine(check, MODELS).proofs
    assert (found.problem, found.words) == ("what was known of it is not so" if words else "", words)


def test_no_consumer_is_both_asked_and_skipped() -> None:
    assert {check.name for check in CHECKS}.isdisjoint(NOT_ASKED)
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_every_consumer_is_asked_or_skipped_by_name() -> None:
    assert set(CONSUMERS) - {check.name for check in CHECKS} == set(NOT_ASKED)


def test_the_python_checker_runs_on_this_python(tmp_path: Path) -> None:
    check = next(check for check in CHECKS if check.name == "python")
    installed = Installed(tmp_path, "", sys.executable)
    proof.copy_fixture(check.cases[0], tmp_path / "workspace")
    answer = proof.ask(check, installed, check.cases[0], tmp_path / "workspace")
    assert answer == Answer(True, frozenset({"openai/gpt-5.1", "z-ai/glm-4.6", "google/nano-banana"}))
