"""The command line's grammar: what is accepted, what it becomes, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tokenrouter_video.catalog import MODELS
from tokenrouter_video.cli.arguments import parse, require_consistent
from tokenrouter_video.cli.commands import COMMANDS, exit_codes
from tokenrouter_video.errors import UsageError


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("find", {"command": "find", "workspace": Path(), "json": False}, id="nothing but a command"),
        pytest.param("--json find", {"json": True}, id="common flag before the command"),
        pytest.param("find --json", {"json": True}, id="common flag behind the command"),
        pytest.param("--workspace a find", {"workspace": Path("a")}, id="before, with a value"),
        pytest.param("--workspace a find --quiet", {"workspace": Path("a"), "quiet": True}, id="on both sides"),
        pytest.param("--workspace a find --workspace b", {"workspace": Path("b")}, id="the later one counts"),
        pytest.param("task --json wait x", {"json": True, "action": "wait", "id": "x"}, id="before the action"),
        pytest.param("task wait x --json", {"json": True, "timeout": 600.0}, id="behind the action"),
        pytest.param("task wait x --timeout 0.5", {"timeout": 0.5, "poll_interval": None}, id="fractions of seconds"),
        pytest.param("task wait -- -x", {"id": "-x"}, id="an id that starts with a hyphen"),
        pytest.param("task list", {"action": "list", "id": None}, id="an action without id"),
        pytest.param(
            "--allow-key-file a find --allow-key-file b",
            {"allow_key_file": (Path("a"), Path("b"))},
            id="a repeated flag on both sides keeps all values",
        ),
        pytest.param("find", {"allow_key_file": (), "apply": False, "batch": None}, id="others' flags are there"),
        pytest.param("route kling-v3", {"model": "kling-v3", "apply": False, "undo": False}, id="route previews"),
        pytest.param("route --undo", {"model": None, "undo": True}, id="undo needs no model"),
        pytest.param("models", {"model": None}, id="models without a name"),
        pytest.param("check --model x", {"model": "x"}, id="check takes a model"),
        pytest.param("generate --model m --generate-audio", {"generate_audio": True}, id="audio on"),
        pytest.param("generate --model m --no-generate-audio", {"generate_audio": False}, id="audio off"),
        pytest.param("generate --model m", {"generate_audio": None, "submit": False}, id="audio not given"),
        pytest.param("generate --model m --images a b --images c", {"images": ["a", "b", "c"]}, id="several images"),
        pytest.param("generate --model m --duration 5", {"duration": "5"}, id="the model's rules decide on types"),
        pytest.param("generate --batch f --rate 1.5", {"batch": Path("f"), "rate": 1.5}, id="batch"),
    ],
)
def test_words_become_arguments(words: str, expected: dict[str, Any]) -> None:
    arguments = parse(words.split())
    require_consistent(arguments)
    assert expected == {name: getattr(arguments, name) for name in expected}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param([], "the following arguments are required: COMMAND", id="no command"),
        pytest.param(["find", "--work", "x"], "unrecognized arguments: --work x", id="no abbreviations"),
        pytest.param(
            ["generate", "--model", "m", "--aspect_ratio", "16:9"],
            "unrecognized arguments: --aspect_ratio 16:9 (did you mean --aspect-ratio?)",
            id="underscore for hyphen",
        ),
        pytest.param(
            ["task", "wait", "x", "--tmeout", "3"],
            "unrecognized arguments: --tmeout 3 (did you mean --timeout?)",
            id="a flag of an action",
        ),
        pytest.param(
            ["check", "--modle", "kling-v3"],
            "unrecognized arguments: --modle kling-v3 (did you mean --model?)",
            id="letters in the wrong order",
        ),
        pytest.param(
            ["generate", "--modle", "kling-v3"],
            "unrecognized arguments: --modle kling-v3 (did you mean --model?)",
            id="letters in the wrong order, beside a flag that is nearer otherwise",
        ),
        pytest.param(["task", "wait"], "the following arguments are required: ID", id="no id"),
        pytest.param(["find", "--config", ""], "argument --config: it is empty", id="an empty path"),
        pytest.param(["route", ""], "argument MODEL: it is empty", id="an empty model"),
        pytest.param(
            ["task", "wait", "x", "--timeout", "nan"],
            "argument --timeout: 'nan' is no number above 0",
            id="not a number",
        ),
        pytest.param(
            ["task", "wait", "x", "--timeout", "-1"],
            "argument --timeout: '-1' is no number above 0",
            id="negative time",
        ),
        pytest.param(
            ["task", "wait", "x", "--timeout", "1e12"],
            "argument --timeout: '1e12' is not between 0.000001 and 31,536,000",
            id="more time than clocks can take",
        ),
        pytest.param(
            ["generate", "--batch", "f", "--rate", "1e-300"],
            "argument --rate: '1e-300' is not between 0.000001 and 31,536,000",
            id="a rate of nearly nothing",
        ),
        pytest.param(
            ["generate", "--batch", "f", "--concurrency", "0"],
            "argument --concurrency: '0' is no whole number above 0",
            id="no concurrency",
        ),
        pytest.param(["route"], "route needs a MODEL, or --undo", id="nothing to route"),
        pytest.param(["route", "--undo", "--apply"], "--undo goes with neither --apply nor --entry", id="two ways"),
        pytest.param(["generate"], "generate needs --model, --params or --batch", id="nothing to generate"),
        pytest.param(
            ["generate", "--model", "m", "--apply", "--skip-route"],
            "--apply and --skip-route exclude each other",
            id="route or not",
        ),
        pytest.param(
            ["generate", "--model", "m", "--no-wait", "--download", "f"],
            "--no-wait leaves nothing for --download: use `task download` later",
            id="nothing to save yet",
        ),
        pytest.param(
            ["generate", "--model", "m", "--rate", "3"],
            "--concurrency, --rate and --output go with --batch",
            id="batch flags without a batch",
        ),
        pytest.param(
            ["generate", "--batch", "f", "--prompt", "p"],
            "with --batch the requests' fields stand in the file, and --download is not possible",
            id="a field beside a batch",
        ),
    ],
)
def test_wrong_words_are_usage_errors(words: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        require_consistent(parse(words))
    assert message == caught.value.message
    assert caught.value.remedy.endswith("--help")


def test_a_fault_points_at_the_help_of_its_command() -> None:
    with pytest.raises(UsageError) as caught:
        parse(["task", "wait", "x", "--bogus"])
    assert caught.value.remedy == "tokenrouter-video task wait --help"


def test_every_field_of_every_model_has_its_flag() -> None:
    flags = {flag for model in MODELS.values() for field in model.fields for flag in field.flag.split("/")}
    help_text = _help("generate")
    assert len(flags) > 10
    assert not [flag for flag in sorted(flags) if f" {flag}" not in help_text]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_holds_examples_and_exit_codes(command: str) -> None:
    text = _help(command)
    known = exit_codes()
    for code in {0, 1, 2, 130, *COMMANDS[command].exit_codes}:
        assert f"{code:>3}  {known[code][0]}: " in text
    assert COMMANDS[command].examples
    for arguments, effect in COMMANDS[command].examples:
        assert f"  tokenrouter-video {command} {arguments}".rstrip() + f"\n      {effect}\n" in text


@pytest.mark.parametrize("action", COMMANDS["task"].actions)
def test_help_of_an_action_holds_the_exit_codes_that_it_can_end_with(action: str) -> None:
    known = exit_codes()
    own = {0, 1, 2, 130, *COMMANDS["task"].actions[action]}
    assert own <= {0, 1, 2, 130, *COMMANDS["task"].exit_codes}
    text = _help(f"task {action}")
    shown = [code for code in known if f"{code:>3}  {known[code][0]}: " in text]
    assert shown == sorted(own)


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_in_the_help_are_valid_command_lines(command: str) -> None:
    import shlex

    for arguments, _ in COMMANDS[command].examples:
        require_consistent(parse([command, *shlex.split(arguments)]))


@pytest.mark.parametrize(
    "words", ["", *COMMANDS, "task list", "task status", "task wait", "task download", "task forget"]
)
def test_help_fits_the_terminal(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = _help(words).splitlines()
    assert [line for line in lines if len(line) > 78 and not line.startswith("  tokenrouter-video")] == []
    assert [line for line in lines if line.strip() in ("None", "")] == [line for line in lines if not line]
    assert "exit codes:" in lines
    assert "examples:" in lines


def test_help_of_a_script_speaks_of_the_script() -> None:
    from contextlib import redirect_stdout
    from io import StringIO

    shown = StringIO()
    with redirect_stdout(shown), pytest.raises(SystemExit):
        parse(["task", "wait", "--help"], {"task": "video_task.py"})
    assert shown.getvalue().startswith("usage: video_task.py wait [-h]")


def _help(command: str) -> str:
    from contextlib import redirect_stdout
    from io import StringIO

    shown = StringIO()
    with redirect_stdout(shown), pytest.raises(SystemExit) as caught:
        parse([*command.split(), "--help"])
    assert caught.value.code == 0
    return shown.getvalue()
