"""Writing and taking back: atomic, the owner's rights and links kept, nothing lost to a change in between."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenrouter_video.documents.edits import TextEdit, apply_edits, compose
from tokenrouter_video.errors import ChangedError, NoStateError, RefusedError
from tokenrouter_video.routing.file_checks import require_writable
from tokenrouter_video.routing.preview import unified_diff
from tokenrouter_video.routing.undo import UndoLog, digest, reverted, undo_file
from tokenrouter_video.routing.write import replace_file

BOM = chr(0xFEFF).encode()


def test_a_write_keeps_mode_and_replaces_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"old\r\n")
    path.chmod(0o640)
    replace_file("config.yaml", path, b"old\r\n", b"new\r\n")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new\r\n", 0o640)
    assert [one.name for one in tmp_path.iterdir()] == ["config.yaml"]


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    target, link = tmp_path / "real" / "config.yaml", tmp_path / "config.yaml"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link.symlink_to(target)
    replace_file("config.yaml", link, b"old", b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"somebody else's")
    with pytest.raises(ChangedError):
        replace_file("config.yaml", path, b"old", b"new")
    assert path.read_bytes() == b"somebody else's"
    assert [one.name for one in tmp_path.iterdir()] == ["config.yaml"]


def test_hard_links_read_only_files_and_folders_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(RefusedError, match="read-only"):
        require_writable("config.yaml", path)
    path.chmod(0o644)
    os.link(path, tmp_path / "second")
    with pytest.raises(RefusedError, match="2 hard links"):
        require_writable("config.yaml", path)
    with pytest.raises(RefusedError, match="no regular file"):
        require_writable("folder", tmp_path)
    with pytest.raises(RefusedError, match="cannot be read"):
        require_writable("gone", tmp_path / "gone")


EDITS = [
    pytest.param("abc", [TextEdit(1, 1, "X")], id="an insertion"),
    pytest.param("abc", [TextEdit(0, 1, "long"), TextEdit(2, 2, ","), TextEdit(3, 3, "\u00e9\n")], id="a fix and more"),
    pytest.param("a\r\nb", [TextEdit(3, 4, "")], id="a deletion"),
]


@pytest.mark.parametrize("bom", [b"", BOM])
@pytest.mark.parametrize(("text", "edits"), EDITS)
def test_undo_gives_the_bytes_back(text: str, edits: list[TextEdit], bom: bytes) -> None:
    old, new = bom + text.encode(), bom + apply_edits(text, edits).encode()
    record = undo_file("f", Path("f"), old, new, edits)
    assert old == reverted(record, new)
    assert old == reverted(record, old)


def test_undo_of_a_file_that_changed_since_is_refused() -> None:
    record = undo_file("f", Path("f"), b"old", b"old new", [TextEdit(3, 3, " new")])
    with pytest.raises(ChangedError):
        reverted(record, b"old new and more")


def test_the_undo_log_keeps_offsets_and_hashes_and_no_text(tmp_path: Path) -> None:
    log = UndoLog(tmp_path / "state", tmp_path)
    old = b'{"apiKey": "example-key-7f2", "models": ["a"]}'
    edit = TextEdit(44, 44, ', "kling-v3"')
    new = apply_edits(old.decode(), [edit]).encode()
    log.push("kling-v3", [undo_file("c.json", tmp_path / "c.json", old, new, [edit])])
    record = log.last()
    assert record is not None
    assert (record.model, record.files[0].before, record.files[0].after) == ("kling-v3", digest(old), digest(new))
    (path,) = (tmp_path / "state" / "undo").iterdir()
    stored = path.read_text()
    assert "example-key" not in stored
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert json.loads(stored)["records"][0]["files"][0]["spans"] == [[44, 12, ""]]
    log.pop()
    assert log.last() is None


def test_a_state_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(NoStateError):
        UndoLog(tmp_path / "state", tmp_path).require_writable()


def test_workspaces_do_not_share_their_undo_records(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    UndoLog(tmp_path / "state", one).push("kling-v3", [])
    assert UndoLog(tmp_path / "state", two).last() is None


DIFFS = [
    ("a\n", "a\nb\n", "--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n a\n+b\n"),
    (
        "a",
        "a\nb",
        "--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n",
    ),
    ("a\r\n", "a\r\nb\r\n", "--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n a\r\n+b\r\n"),
    ("a\u2028b\n", "a\u2028b\nc\n", "--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n a\u2028b\n+c\n"),
    ("same\n", "same\n", ""),
    # An entry that ends like its neighbour stands as one piece, from its first line on.
    (
        "m:\n  - id: a\n    kind: video\n    on: true\n\nz: 1\n",
        "m:\n  - id: a\n    kind: video\n    on: true\n  - id: b\n    kind: video\n    on: true\n\nz: 1\n",
        "--- a/f\n+++ b/f\n@@ -2,5 +2,8 @@\n   - id: a\n     kind: video\n     on: true\n"
        "+  - id: b\n+    kind: video\n+    on: true\n \n z: 1\n",
    ),
    # So does one in the middle of a list, whose braces are those of the neighbours.
    (
        "[\n {\n  1\n },\n {\n  3\n },\n]\n",
        "[\n {\n  1\n },\n {\n  2\n },\n {\n  3\n },\n]\n",
        "--- a/f\n+++ b/f\n@@ -2,6 +2,9 @@\n  {\n   1\n  },\n+ {\n+  2\n+ },\n  {\n   3\n  },\n",
    ),
    # And one that is taken back.
    (
        "- a:\n  x: 1\n- b:\n  x: 1\n",
        "- a:\n  x: 1\n",
        "--- a/f\n+++ b/f\n@@ -1,4 +1,2 @@\n - a:\n   x: 1\n-- b:\n-  x: 1\n",
    ),
    # Among equal neighbours it stays where it is.
    ("a\na\n", "a\na\na\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n a\n+a\n"),
]


@pytest.mark.parametrize(("old", "new", "diff"), DIFFS)
def test_the_preview_is_a_unified_diff(old: str, new: str, diff: str) -> None:
    assert diff == unified_diff("f", old, new)


def patched(old: str, diff: str) -> str:
    """Return what a unified diff makes of a text; every line that it repeats must stand where it says."""
    lines, made, at = old.split("\n"), [], 0
    for hunk in re.split(r"(?m)^@@ ", diff)[1:]:
        header, *body = hunk.split("\n")
        numbers = re.match(r"-(\d+)(?:,(\d+))? ", header)
        assert numbers
        start = int(numbers[1]) - (numbers[2] != "0")
        assert start >= at
        made += lines[at:start]
        at = start
        changes = [number for number, line in enumerate(body) if line[:1] in ("+", "-")]
        assert changes
        assert changes[0] <= 3
        for line in filter(None, body):
            if line[0] in " -":
                assert lines[at] == line[1:]
                at += 1
            made += [line[1:]] if line[0] in " +" else []
    return "\n".join([*made, *lines[at:]])


LINES = st.lists(st.sampled_from(["a", "b", " c", "", "}"]), max_size=14).map(
    lambda lines: "".join(f"{x}\n" for x in lines)
)


@given(old=LINES, new=LINES)
def test_a_diff_leads_from_one_text_to_the_other(old: str, new: str) -> None:
    assert patched(old, unified_diff("f", old, new)) == new


@given(before=LINES, added=LINES, behind=LINES)
def test_what_is_only_inserted_is_shown_as_an_insertion(before: str, added: str, behind: str) -> None:
    """And it is shown whole: no line of it is taken for one that was there."""
    diff = unified_diff("f", before + behind, before + added + behind)
    marks = [line[:1] for line in diff.split("\n")[2:]]
    assert (marks.count("-"), marks.count("+")) == (0, added.count("\n"))
    assert diff.count("\n@@ ") == bool(added)


@st.composite
def edits_of(draw: st.DrawFn, text: str, at_most: int = 3) -> list[TextEdit]:
    points = sorted(draw(st.lists(st.integers(0, len(text)), min_size=0, max_size=at_most * 2, unique=True)))
    pairs = zip(points[::2], points[1::2], strict=False)
    return [TextEdit(a, b if draw(st.booleans()) else a, draw(st.text("xyz", max_size=3))) for a, b in pairs]


@settings(max_examples=300, deadline=None)
@given(st.data(), st.text("abc\n", max_size=12))
def test_composed_edits_do_what_the_two_steps_did(data: st.DataObject, text: str) -> None:
    first = data.draw(edits_of(text))
    middle = apply_edits(text, first)
    second = data.draw(edits_of(middle, 1))
    expected = apply_edits(middle, second)
    try:
        composed = compose(first, second)
    except ValueError:
        return
    assert expected == apply_edits(text, composed)
