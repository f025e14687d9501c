"""Work that takes long: a file is parsed no more often than its proof needs, and a terminal shows what is going on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command_line import environment
from gateway_play import MAIN, REQUEST, Play, in_process
from tokenrouter_video.discovery.files import LONG_BYTES
from tokenrouter_video.documents import yaml_reader, yaml_tree
from workspace_files import URL

# Two channels of one file, and a reference to a third place of it.
YAML = (
    f"common: &tr\n  api_base: {URL}\n  api_key: ${{TR_KEY}}\n"
    "first:\n  <<: *tr\n  models:\n    - kling-v2-6\n"
    f"second:\n  api_base: {URL}\n  api_key: ${{TR_OTHER}}\n  models:\n    - gpt-4o\n"
)


def large(count: int) -> str:
    entry = "  - model_name: m-{0}\n    litellm_params:\n      model: openai/m-{0}\n      api_base: {1}\n"
    return "model_list:\n" + "".join(entry.format(number, URL) for number in range(count))


@pytest.mark.parametrize(
    ("words", "parses"),
    [
        pytest.param(("find",), (1, 0), id="find"),
        pytest.param(("route", "kling-v3"), (2, 2), id="a preview: the file and what it becomes, each by two readers"),
        pytest.param(("route", "kling-v3", "--apply"), (2, 2), id="an edit that is written"),
        pytest.param(("generate", *REQUEST), (2, 2), id="the preview of a request"),
        pytest.param(("check", "--model", "kling-v3"), (1, 0), id="a check"),
    ],
)
def test_a_file_is_parsed_once_and_once_more_for_its_proof(
    words: tuple[str, ...],
    parses: tuple[int, int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: Counter[str] = Counter()

    def counting(module: Any, name: str) -> None:
        plain: Callable[..., object] = getattr(module, name)

        def count(*arguments: object) -> object:
            counted[name] += 1
            return plain(*arguments)

        monkeypatch.setattr(module, name, count)

    counting(yaml_tree, "parse")
    counting(yaml_reader, "second_reading")
    play = Play(tmp_path)
    (play.workspace / "providers.json").unlink()
    (play.workspace / "c.yaml").write_text(YAML)
    named = ("--channel", "c.yaml#/second") if words[0] != "find" else ()
    ran = in_process(play, capsys, monkeypatch, *words, "--json", *named)
    assert ran.code in (0, 7, 14), ran.out
    assert counted == Counter({"parse": parses[0], "second_reading": parses[1]})


def on_terminal(work: Path, *words: str) -> tuple[int, str, str]:
    """Run the program with a terminal for its stderr; return its code, its stdout and what the terminal got."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, *MAIN, *words],
        cwd=work,
        env=environment(work, {"TERM": "xterm"}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # Linux's way to say that nobody is there any more
            break
        if not more:
            break
        shown += more
    os.close(ours)
    out, _ = process.communicate(timeout=120)
    return process.returncode, out, shown.decode()


def test_a_terminal_shows_what_takes_long_and_a_pipe_gets_nothing(tmp_path: Path) -> None:
    text = large(1_300)
    assert len(text) > LONG_BYTES
    (tmp_path / "litellm_config.yaml").write_text(text)
    code, out, shown = on_terminal(tmp_path, "route", "kling-v3", "--json")
    assert code == 0, shown
    assert "reading litellm_config.yaml" in shown
    assert "planning and proving the edit of litellm_config.yaml" in shown
    quiet = on_terminal(tmp_path, "route", "kling-v3", "--json", "--quiet")
    assert quiet == (0, out, "")
    piped = subprocess.run(
        [sys.executable, *MAIN, "route", "kling-v3", "--json"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (piped.returncode, piped.stdout, piped.stderr) == (0, out, "")


def test_what_is_over_at_once_needs_no_word(tmp_path: Path) -> None:
    (tmp_path / "litellm_config.yaml").write_text(large(3))
    code, _, shown = on_terminal(tmp_path, "route", "kling-v3", "--json")
    assert (code, shown) == (0, "")
