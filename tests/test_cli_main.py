"""The entry point: which command runs, what its end becomes, and what nobody gets to see."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from command_line import ROOT, SCRIPTS, environment, run
from tokenrouter_video.cli.main import main
from tokenrouter_video.errors import NoChannelError, ProgramError, RejectedError

Command = Callable[..., int]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Command], None]:
    """Put a function in the place of the command `models`."""

    def replace(execute: Command) -> None:
        module = ModuleType("tokenrouter_video.cli.models")
        module.execute = execute  # type: ignore[attr-defined]  # a module made for the test
        monkeypatch.setitem(sys.modules, module.__name__, module)

    return replace


def failing(error: BaseException) -> Command:
    def execute(*_: object) -> int:
        raise error

    return execute


def test_the_commands_code_is_the_exit_code(command: Callable[[Command], None]) -> None:
    command(lambda arguments, console: 9 if arguments.model == "m" and not console.json else 1)
    assert main(["models", "m"]) == 9


@pytest.mark.parametrize("error", [error("m", "t") for error in ProgramError.__subclasses__()])
def test_every_error_has_its_exit_code_in_text_and_json(
    error: ProgramError, command: Callable[[Command], None], capsys: pytest.CaptureFixture[str]
) -> None:
    command(failing(error))
    assert main(["models"]) == error.exit_code
    assert capsys.readouterr() == ("", "tokenrouter-video: m\ntry: t\n")
    assert main(["models", "--json"]) == error.exit_code
    assert json.loads(capsys.readouterr().out) == {
        "schema": 1,
        "error": {"code": error.code, "message": "m", "try": "t"},
    }


def test_details_and_result_join_the_error(
    command: Callable[[Command], None], capsys: pytest.CaptureFixture[str]
) -> None:
    error = RejectedError("m", details={"retryable": True})
    error.result = {"schema": 1, "status": "rejected"}
    command(failing(error))
    main(["models", "--json"])
    assert json.loads(capsys.readouterr().out) == {
        "schema": 1,
        "status": "rejected",
        "error": {"retryable": True, "code": "rejected", "message": "m", "try": ""},
    }


def test_a_fault_of_the_program_is_one_line_without_the_exceptions_text(
    command: Callable[[Command], None], capsys: pytest.CaptureFixture[str]
) -> None:
    command(failing(KeyError("text of a file")))
    assert main(["models"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert re.fullmatch(r"tokenrouter-video: internal error, KeyError at cli/main\.py:\d+", first)
    assert second.startswith("try: ")
    assert "text of a file" not in err


def test_the_systems_own_words_for_a_fault_are_kept(
    command: Callable[[Command], None], capsys: pytest.CaptureFixture[str]
) -> None:
    command(failing(PermissionError(13, "Permission denied", "private name")))
    assert main(["models", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "internal"
    assert error["message"].endswith(": Permission denied")
    assert "private name" not in error["message"]


@pytest.mark.parametrize("words", [["models"], ["models", "--json"]])
def test_ctrl_c_is_code_130(
    words: list[str], command: Callable[[Command], None], capsys: pytest.CaptureFixture[str]
) -> None:
    command(failing(KeyboardInterrupt()))
    assert main(words) == 130
    assert "interrupted" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--json"], id="no command"),
        pytest.param(["--json", "fnd"], id="unknown command"),
        pytest.param(["find", "--bogus", "--json"], id="unknown flag"),
        pytest.param(["route", "--json"], id="contradiction"),
        pytest.param(["find", "--json", "--workspace", "no such folder"], id="no folder"),
    ],
)
def test_usage_errors_answer_in_json(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert (answer["schema"], answer["error"]["code"], err) == (1, "usage", "")
    assert answer["error"]["try"]


def test_json_behind_a_double_hyphen_is_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "a", "--", "--json"]) == 2
    assert capsys.readouterr().err.startswith("tokenrouter-video: unrecognized arguments: ")


def test_a_key_among_wrong_arguments_is_masked(capsys: pytest.CaptureFixture[str]) -> None:
    key = "sk-" + "abcdefghijklmnopqrstuvwxyz0123456789"
    assert main(["find", "--key", key]) == 2
    assert key not in capsys.readouterr().err


def test_escape_sequences_in_arguments_are_shown_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "--workspace", chr(0x1B) + "[2J"]) == 2
    assert "\\x1b[2J" in capsys.readouterr().err


def test_help_and_version_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "exit codes:" in capsys.readouterr().out
    assert main(["find", "--version"]) == 0
    assert capsys.readouterr().out == "tokenrouter-video 0.1.0\n"


def test_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    for variables in ({"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}):
        done = run("find", "--workspace", "视频", cwd=tmp_path, env=variables)
        assert (done.returncode, done.stderr.splitlines()[0]) == (
            2,
            "tokenrouter-video: --workspace 视频 is no folder",
        )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file name is Unicode")
def test_a_file_name_that_is_no_utf8_survives_in_json(tmp_path: Path) -> None:
    name = b"caf\xe9"
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / "tokenrouter_video"), "--json", "find", "--workspace", name],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        check=False,
    )
    message = json.loads(done.stdout)["error"]["message"]
    assert os.fsencode(message) == b"--workspace " + name + b" is no folder"


@pytest.mark.parametrize("stream", ["1", "2"])
def test_a_closed_stream_is_no_fault(stream: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {stream}>&-', sys.executable, str(SCRIPTS / "tokenrouter_video"), "models"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_leaves_early_hears_no_complaint(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", '"$@" | true; echo "${PIPESTATUS[0]}"', "-", sys.executable, "-c", _SLOW_MODELS],
        cwd=tmp_path,
        env=environment(tmp_path, {"PYTHONPATH": str(SCRIPTS)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


# Writes its result when the reader behind the pipe is surely gone.
_SLOW_MODELS = """
import signal, sys, time
from tokenrouter_video.cli.main import main
time.sleep(0.3)
sys.exit(main(["models"]))
"""


def test_a_full_disk_is_a_failure(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, str(SCRIPTS / "tokenrouter_video"), "models"],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("tokenrouter-video: stdout cannot be written: ")


def test_an_interrupt_from_outside_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    code = (
        "import sys, time, types\n"
        "module = types.ModuleType('tokenrouter_video.cli.models')\n"
        "def execute(*_):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
        "module.execute = execute\n"
        "sys.modules[module.__name__] = module\n"
        "from tokenrouter_video.cli.main import main\n"
        "sys.exit(main(['models']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(tmp_path, {"PYTHONPATH": str(SCRIPTS)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert process.stderr.read() == "tokenrouter-video: interrupted\ntry: run the same command again\n"


def test_no_channel_is_said_in_one_line(command: Callable[[Command], None], capsys: pytest.CaptureFixture[str]) -> None:
    command(failing(NoChannelError("m")))
    assert main(["models"]) == 3
    assert capsys.readouterr().err == "tokenrouter-video: m\n"


def test_nothing_is_imported_for_another_command(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from tokenrouter_video.cli.main import main\n"
        "code = main(['find', '--bogus'])\n"
        "own = {name for name in sys.modules if name.startswith('tokenrouter_video')}\n"
        "assert code == 2 and 'tokenrouter_video.cli.arguments' in own, (code, own)\n"
        "heavy = {'httpx', 'libcst', 'ruamel', 'tomlkit', 'rich', 'yaml', 'tokenrouter_video.catalog'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(tmp_path, {"PYTHONPATH": str(ROOT / "scripts")}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
