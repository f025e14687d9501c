"""The corpus runner finds what is wrong with an edit: a check that cannot fail would prove nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus import compare, faults_of, main, only_inserts, with_gateway
from tokenrouter_video.cli.demo_workspace import FILES
from tokenrouter_video.documents.formats import Reading


@pytest.mark.parametrize(
    ("old", "new", "starts", "expected"),
    [
        pytest.param("ab", "aXb", [1], True, id="one insertion"),
        pytest.param("ab", "aXbY", [1, 2], True, id="two insertions"),
        pytest.param("ab", "Xab", [0], True, id="at the start"),
        pytest.param("ab", "ab", [1], False, id="nothing inserted"),
        pytest.param("ab", "aX", [1], False, id="a character is gone"),
        pytest.param("ab", "aXb", [], False, id="no edit says where"),
        pytest.param("aab", "aXab", [2], False, id="inserted elsewhere"),
        pytest.param("abc", "aXcYb", [1, 2], False, id="pieces in another order"),
    ],
)
def test_pure_insertions_are_told_from_others(old: str, new: str, starts: list[int], expected: bool) -> None:
    assert only_inserts(old, new, starts) is expected


def text(value: str) -> tuple[str, str]:
    return ("str", value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"a": text("1")}, {"a": text("1")}, {}, id="equal"),
        pytest.param([text("a"), text("c")], [text("a"), text("b"), text("c")], {"added": 1}, id="an item"),
        pytest.param({"m": {}}, {"m": {"k": text("1")}}, {"added": 1}, id="a member"),
        pytest.param(text("a,b"), text("a,b,c"), {"added": 1}, id="a part of a delimited string"),
        pytest.param(text("a,b"), text("a,c"), {"replaced": 1}, id="another part"),
        pytest.param([text("a"), text("b")], [text("a")], {"removed": 1}, id="an item is gone"),
        pytest.param({"a": text("1")}, {"b": text("1")}, {"added": 1, "removed": 1}, id="a key has another name"),
        pytest.param([{"a": ("int", "1")}], [{"a": ("str", "1")}], {"replaced": 1}, id="a type"),
        pytest.param([[text("a")]], [[text("a"), text("b")]], {"added": 1}, id="deep below"),
    ],
)
def test_changes_of_data_are_counted(old: Reading, new: Reading, expected: dict[str, int]) -> None:
    assert {name: count for name, count in compare(old, new).items() if count} == expected


@pytest.mark.parametrize(
    ("new", "edits", "faults"),
    [
        pytest.param('{"a": [1, 2]}', [(8, 8)], [], id="good"),
        pytest.param('{"a": [1, 2]}', [(7, 8)], ["not a pure insertion", "an edit replaces text"], id="replacing"),
        pytest.param('{"a": [2, 2]}', [(8, 8)], ["not a pure insertion", "1 values changed"], id="other data"),
        pytest.param('{"a": [1 ]}', [(8, 8)], ["the data is the same as before"], id="nothing new"),
        pytest.param('{"a": [1, }', [(8, 8)], ["not a pure insertion", "it cannot be read any more"], id="broken"),
    ],
)
def test_faults_of_an_edit_are_named(new: str, edits: list[tuple[int, int]], faults: list[str]) -> None:
    planned: dict[str, Any] = {
        "action": "insert",
        "files": [{"edits": [{"start": start, "end": end} for start, end in edits]}],
    }
    assert list(faults_of(b'{"a": [1]}', new.encode(), "json", planned)) == faults


def test_a_lost_byte_order_mark_is_a_fault() -> None:
    planned: dict[str, Any] = {"action": "insert", "files": [{"edits": [{"start": 1, "end": 1}]}]}
    old, new = chr(0xFEFF) + "[]", "[1]"
    assert next(iter(faults_of(old.encode(), new.encode(), "json", planned))) == "the byte order mark changed"


def test_the_first_base_url_is_swapped(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("docs: https://a.example\napi_base: 'https://b.example/v1' # c\nurl: https://c.example\n", "utf-8")
    assert with_gateway(path) == (
        b"docs: https://a.example\napi_base: 'https://api.tokenrouter.com/v1' # c\nurl: https://c.example\n"
    )


def test_an_empty_folder_is_no_proof(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2


def test_the_demos_configs_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setenv("TOKENROUTER_VIDEO_STATE_DIR", "replaced by the runner")
    names = [name for name in FILES if name.endswith((".yaml", ".toml", ".json", ".jsonc", ".json5", ".ts", ".py"))]
    for name in names:
        (tmp_path / Path(name).name).write_text(FILES[name], encoding="utf-8")
    assert main([str(tmp_path), "--json"]) == 0
    totals = json.loads(capsys.readouterr().out)["totals"]
    assert totals["faults"] == 0
    assert totals["channels"] >= 7
    assert totals["previews: routed"] >= 20
