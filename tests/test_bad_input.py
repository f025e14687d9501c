"""Bad input: one cause has one code and one message, whichever command meets it, and leaves everything as it was."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway_play import REQUEST, Play, in_process
from tokenrouter_video.gateway.loopback import LoopbackGateway
from tokenrouter_video.routing.undo import UndoFile, UndoLog
from workspace_files import URL, write

STOP = (
    "No tokenrouter channel with https://api.tokenrouter.com or https://open.palebluedot.ai was found. Please visit "
    "https://www.tokenrouter.com to register and obtain your channel configuration, then add it to the workspace."
)
UNREADABLE = "the file names the gateway but cannot be read"

# The commands that meet a config, each as it would change something or send it.
COMMANDS = {
    "find": ("find",),
    "route": ("route", "kling-v3", "--apply"),
    "generate": ("generate", *REQUEST, "--apply", "--submit", "--no-wait"),
    "check": ("check", "--model", "kling-v3"),
}
ALL = tuple(COMMANDS)
EDITS = ("route", "generate")


def config(models: str = '["kling-v2-6"]', more: str = "", key: str = "${TR_KEY}") -> str:
    return f'{{\n  "baseUrl": "{URL}",\n  "apiKey": "{key}",\n  "models": {models}{more}\n}}\n'


YAML = f"channel:\n  base_url: {URL}\n  api_key: ${{TR_KEY}}\n  models:\n    - kling-v2-6\n"
BOMB = "".join(
    (
        "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n",
        *(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 9)),
    )
)
HOSTILE = "a\x1b[2J$(touch x).json"
UTF16 = "the file is UTF-16, not UTF-8"


@dataclass(frozen=True)
class Cause:
    """What is wrong with a workspace, which commands end with ``code`` and ``message`` for it, and how the others do.

    ``elsewhere`` gives the codes of the commands to which it is no fault. ``named`` is the file that ``--config``
    names; ``prepare`` does to the workspace what bytes cannot say.
    """

    files: dict[str, str | bytes]
    code: int
    message: str
    commands: tuple[str, ...] = ALL
    elsewhere: dict[str, int] = field(default_factory=dict)
    named: str = ""
    prepare: Callable[[Path], object] | None = None


def linked(work: Path) -> None:
    os.link(work / "c.json", work.parent / "second-name.json")


def read_only(work: Path) -> None:
    (work / "c.json").chmod(0o444)


ROUTED_ELSEWHERE = {"find": 0, "check": 14}
SENT_ONLY = {"find": 0, "route": 0}

CAUSES = [
    pytest.param(Cause({"c.json": "{}\n"}, 3, STOP), id="no channel"),
    pytest.param(Cause({"c.json": "{}\n"}, 3, STOP, named="c.json"), id="no channel in the named file"),
    pytest.param(Cause({"c.md": URL}, 3, STOP), id="prose"),
    pytest.param(
        Cause({"c.md": URL}, 5, f"c.md: {UNREADABLE}: its name tells no format that holds a config", named="c.md"),
        id="prose that is named",
    ),
    pytest.param(
        Cause(
            {"c.json": config(), "d.json": config()},
            4,
            "several live channels fit: c.json#, d.json#",
            ("route", "generate", "check"),
            {"find": 0},
        ),
        id="several channels, which find lists",
    ),
    pytest.param(
        Cause({"docs/c.json": config()}, 4, "there are channels, but none looks live: docs/c.json#"), id="none is live"
    ),
    pytest.param(
        Cause(
            {"c.json": config().replace('"models":', '"models"')},
            5,
            f"c.json:4: {UNREADABLE}: a ':' is expected behind the key",
        ),
        id="no valid JSON",
    ),
    pytest.param(
        Cause(
            {"c.json": config().replace('"models":', '"models"')},
            5,
            f"c.json:4: {UNREADABLE}: a ':' is expected behind the key",
            named="c.json",
        ),
        id="no valid JSON in the named file",
    ),
    pytest.param(
        Cause(
            {"c.yaml": YAML + " b: [\n"},
            5,
            f"c.yaml:6: {UNREADABLE}: a line is indented wrongly, or a '-', ',' or ':' is missing before it",
        ),
        id="no valid YAML",
    ),
    pytest.param(
        Cause(
            {"c.toml": f'[p]\nbase_url = "{URL}"\nx = = 1\n'},
            5,
            f"c.toml:3: {UNREADABLE}: not valid TOML: an unexpected character",
        ),
        id="no valid TOML",
    ),
    pytest.param(
        Cause({"c.py": f'BASE_URL = "{URL}"\nx = = 1\n'}, 5, f"c.py:2: {UNREADABLE}: this is no valid Python"),
        id="no valid Python",
    ),
    pytest.param(
        Cause(
            {"c.json": config().encode().replace(b"kling-v2-6", b"kling-\xff")},
            5,
            f"c.json:4: {UNREADABLE}: the file is not UTF-8",
        ),
        id="not UTF-8",
    ),
    pytest.param(
        Cause({"c.json": config().encode("utf-16")}, 5, f"c.json:1: {UNREADABLE}: {UTF16}"), id="UTF-16 with the host"
    ),
    pytest.param(
        Cause({"c.json": "{}".encode("utf-16")}, 5, f"c.json: the file was not looked into: {UTF16}", named="c.json"),
        id="UTF-16 that is named",
    ),
    pytest.param(
        Cause(
            {"c.json": b"\0" + config().encode()},
            5,
            "c.json: the file was not looked into: a binary file",
            named="c.json",
        ),
        id="a binary file that is named",
    ),
    pytest.param(
        Cause(
            {"c.json": b" " * 5_000_001}, 5, "c.json: the file was not looked into: larger than 5 MB", named="c.json"
        ),
        id="more than 5 MB in the named file",
    ),
    pytest.param(Cause({"c.json": b" " * 5_000_001}, 3, STOP), id="more than 5 MB in some file"),
    pytest.param(
        Cause(
            {"c.json": config(more=', "x": ' + "[" * 200 + "]" * 200)},
            5,
            f"c.json:4: {UNREADABLE}: brackets are nested deeper than 100 levels",
        ),
        id="nesting without end in JSON",
    ),
    pytest.param(
        Cause(
            {"c.yaml": YAML + "x: " + "[" * 200 + "]" * 200 + "\n"},
            5,
            f"c.yaml:6: {UNREADABLE}: more than 100 nested collections",
        ),
        id="nesting without end in YAML",
    ),
    pytest.param(
        Cause(
            {"c.yaml": BOMB + YAML},
            5,
            "c.yaml:7: aliases that stand for more than 1,000,000 values (a YAML bomb)",
            EDITS,
            ROUTED_ELSEWHERE,
        ),
        id="a YAML bomb",
    ),
    pytest.param(
        Cause(
            {"c.json": config("[]")},
            5,
            "c.json:4: the list of models is empty; there is no entry to copy",
            EDITS,
            ROUTED_ELSEWHERE,
        ),
        id="an empty list",
    ),
    pytest.param(
        Cause({"c.json": config(more=',\n  "models": ["a"]')}, 5, "c.json:5: a duplicate key", EDITS, ROUTED_ELSEWHERE),
        id="a duplicate key in JSON",
    ),
    pytest.param(
        Cause({"c.yaml": YAML + "  models:\n    - b\n"}, 5, "c.yaml:6: a duplicate key", EDITS, ROUTED_ELSEWHERE),
        id="a duplicate key in YAML",
    ),
    pytest.param(
        Cause({"c.json": config()}, 5, "c.json: the file is read-only", EDITS, ROUTED_ELSEWHERE, prepare=read_only),
        id="a read-only file",
    ),
    pytest.param(
        Cause(
            {"c.json": config()},
            5,
            "c.json: the file has 2 hard links, and a safe write would part them",
            EDITS,
            ROUTED_ELSEWHERE,
            prepare=linked,
        ),
        id="hard links",
    ),
    pytest.param(
        Cause(
            {"c.json": config('["kling-v3"]'), ".env": ""},
            7,
            "c.json:2: the channel's key, the variable TR_KEY, cannot be used: TR_KEY is not set: not in the "
            "environment, .env.local, .env or a compose file",
            ("generate", "check"),
            SENT_ONLY,
        ),
        id="an unresolved key",
    ),
    pytest.param(
        Cause(
            {
                "c.json": config('["kling-v3"]', key="{file:../outside.txt}"),
                "../outside.txt": "example-key-outside-7f2",
            },
            7,
            "c.json:2: the channel's key, the file ../outside.txt, cannot be used: the key file is outside the "
            "workspace; --allow-key-file PATH lets it be read",
            ("generate", "check"),
            SENT_ONLY,
        ),
        id="a key file outside",
    ),
    pytest.param(
        Cause(
            {HOSTILE: "[" + config()},
            5,
            f"{HOSTILE}:1: {UNREADABLE}: a bracket is not closed",
        ),
        id="a hostile name",
    ),
]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with LoopbackGateway("quick") as gateway:
        made = Play(tmp_path, gateway)
        (made.workspace / "providers.json").unlink()
        yield made


@pytest.mark.parametrize("cause", CAUSES)
def test_one_cause_has_one_code_and_message_in_every_command(cause: Cause, play: Play) -> None:
    write(play.workspace, cause.files)
    if cause.prepare is not None:
        cause.prepare(play.workspace)
    before = contents(play.folder)
    ended = {}
    for name, words in COMMANDS.items():
        ran = play.run(*words, "--json", *(("--config", cause.named) if cause.named else ()))
        error = ran.json.get("error", {})
        faulty = name in cause.commands
        ended[name] = (ran.code, error["message"] if faulty else None, ran.err if faulty else "")
        assert bool(error.get("try")) is (ran.code != 0)
    expected = dict.fromkeys(cause.commands, (cause.code, cause.message, ""))
    assert ended == expected | {name: (code, None, "") for name, code in cause.elsewhere.items()}
    # A journal's folder is made before its lock; no request, no record, no config is.
    assert contents(play.folder) == before
    assert play.posts == 0


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


TEXTS = [
    pytest.param(
        Cause(
            {"c.yaml": YAML + " b: [\n"},
            5,
            f"c.yaml:6: {UNREADABLE}: a line is indented wrongly, or a '-', ',' or ':' is missing before it",
        ),
        "Repair the file, then run the same command again.",
        id="a file that cannot be read",
    ),
    pytest.param(
        Cause({"c.json": "{}\n"}, 3, STOP),
        "Register at https://www.tokenrouter.com, add the channel to the workspace, then run the same command again. "
        "Not looked into: large.json (larger than 5 MB).",
        id="no channel, and what was not looked into",
    ),
]


@pytest.mark.parametrize(("cause", "remedy"), TEXTS)
def test_in_text_the_cause_is_one_line_and_what_to_try_another(cause: Cause, remedy: str, play: Play) -> None:
    write(play.workspace, {**cause.files, "large.json": b" " * 5_000_001})
    for command, words in COMMANDS.items():
        ran = play.run(*words)
        assert ran.code == cause.code
        if command == "check":  # whose lines hold both, on stdout
            assert ran.out == f"no  channel  {cause.message}\n             try: {remedy}\n"
            assert ran.err == f"tokenrouter-video: {cause.message}\n"
        else:
            assert ran.err == f"tokenrouter-video: {cause.message}\ntry: {remedy}\n"


def test_a_named_file_is_refused_wherever_it_is(play: Play) -> None:
    """A file outside of the workspace, by its path; the JSON says of it what ``skipped`` does."""
    write(play.folder, {"else/large.json": b" " * 5_000_001})
    ran = play.run("find", "--json", "--config", "../else/large.json")
    assert ran.code == 5
    assert ran.json["error"]["unreadable"] == ran.json["skipped"]
    assert [one["reason"] for one in ran.json["skipped"]] == ["larger than 5 MB"]


@pytest.mark.parametrize("command", EDITS)
def test_a_file_that_changes_between_the_plan_and_the_write(
    command: str, play: Play, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(play.workspace, {"c.json": config()})
    theirs = config('["kling-v2-6", "theirs"]')
    push = UndoLog.push

    def changing(log: UndoLog, model: str, files: list[UndoFile]) -> None:
        push(log, model, files)
        (play.workspace / "c.json").write_text(theirs)

    monkeypatch.setattr(UndoLog, "push", changing)
    ran = in_process(play, capsys, monkeypatch, *COMMANDS[command], "--json")
    assert (ran.code, ran.json["error"]["code"]) == (12, "changed")
    assert ran.json["error"]["message"].startswith("c.json: ")
    assert (play.workspace / "c.json").read_text() == theirs
    assert play.posts == 0
    assert play.run("route", "--undo").out == "nothing to take back in this workspace\n"
