"""Which files of a workspace are met, which are opened, and what is said of the rest."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from command_line import SCRIPTS
from tokenrouter_video.discovery import scan
from tokenrouter_video.discovery.scan import read_bytes, search
from tokenrouter_video.discovery.walk import (
    CONFIG,
    MAX_FOLDERS_DEEP,
    MAX_SKIPPED,
    PRUNED_DIRECTORIES,
    Listing,
    is_within,
    kind_of,
    list_files,
)
from tokenrouter_video.documents.document import MAX_BYTES
from workspace_files import write


def listed(root: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the configs and what was skipped, by name and in order."""
    listing = list_files(os.path.realpath(root))
    configs = sorted(listing.name(path) for path in listing.configs)
    return configs, sorted((one.file, one.reason) for one in listing.skipped)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "a.json",
            "a.jsonc",
            "a.json5",
            "a.yaml",
            "a.yml",
            "a.toml",
            "a.ts",
            "a.mjs",
            "a.tsx",
            "a.py",
            ".env",
            "A.YAML",
        ),
        *(".env.local", ".env.example", "a.env", "a.env.example", "a.json.example", "a.yaml.bak", "a.json.bailian"),
        ".crush.json",
    ],
)
def test_names_of_configs(name: str, tmp_path: Path) -> None:
    write(tmp_path, {name: "x"})
    assert kind_of(name) == CONFIG
    assert listed(tmp_path) == ([name], [])


@pytest.mark.parametrize(
    "name", ["README.md", "a.txt", "a.png", "yaml", "Makefile", "a.yaml.md", "a.go", "env", "a.css"]
)
def test_names_of_other_files(name: str, tmp_path: Path) -> None:
    write(tmp_path, {name: "x"})
    assert kind_of(name) != CONFIG
    assert listed(tmp_path) == ([], [])


@pytest.mark.parametrize("folder", sorted(PRUNED_DIRECTORIES))
def test_pruned_folders_are_not_entered(folder: str, tmp_path: Path) -> None:
    write(tmp_path, {f"{folder}/a.json": "{}", f"inner/{folder}/b.json": "{}", "c.json": "{}"})
    assert listed(tmp_path) == (["c.json"], [])


@pytest.mark.parametrize("marker", ["pyvenv.cfg", "CACHEDIR.TAG"])
def test_environments_and_caches_are_known_by_their_marker(marker: str, tmp_path: Path) -> None:
    write(tmp_path, {f"tools/{marker}": "", "tools/a.json": "{}", "tools/lib/b.json": "{}", "c.json": "{}"})
    assert listed(tmp_path) == (["c.json"], [])


def test_this_program_is_no_config_of_the_workspace_that_holds_it_as_a_skill(tmp_path: Path) -> None:
    skill = ".agents/skills/tokenrouter-video/scripts"
    own = {f"{skill}/tokenrouter_video/{name}": "" for name in ("consumer_rules.py", "gateways.py", "cli/demo.py")}
    write(tmp_path, {**own, f"{skill}/x.py": "", "tokenrouter_video/gateways.py": "", "c.json": "{}"})
    assert listed(tmp_path) == ([f"{skill}/x.py", "c.json", "tokenrouter_video/gateways.py"], [])


def test_a_marker_in_the_workspace_itself_prunes_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"pyvenv.cfg": "", "a.json": "{}"})
    assert listed(tmp_path) == (["a.json"], [])


def test_a_workspace_may_itself_have_a_pruned_name(tmp_path: Path) -> None:
    write(tmp_path, {"build/a.json": "{}"})
    assert listed(tmp_path / "build") == (["a.json"], [])


def test_links_within_the_workspace_are_kept_under_their_own_name(tmp_path: Path) -> None:
    write(tmp_path, {"real/settings.data": "{}", "real/a.json": "{}"})
    (tmp_path / "linked.json").symlink_to("real/settings.data")
    (tmp_path / "again.json").symlink_to(tmp_path / "real" / "a.json")
    listing = list_files(os.path.realpath(tmp_path))
    assert sorted(map(listing.name, listing.configs)) == ["again.json", "linked.json", "real/a.json"]
    assert {listing.name(link): listing.name(real) for link, real in listing.real.items()} == {
        "linked.json": "real/settings.data",
        "again.json": "real/a.json",
    }


def test_links_that_leave_the_workspace_are_skipped_and_said_so(tmp_path: Path) -> None:
    write(tmp_path, {"outside/a.json": "{}", "work/b.json": "{}"})
    work = tmp_path / "work"
    (work / "a.json").symlink_to("../outside/a.json")
    (work / "folder").symlink_to("../outside")
    (work / "notes.md").symlink_to("../outside/a.json")
    (work / "work-sibling.json").symlink_to(tmp_path / "outside" / "a.json")
    reason = "a link that leaves the workspace"
    assert listed(work) == (["b.json"], [("a.json", reason), ("folder", reason), ("work-sibling.json", reason)])


def test_a_neighbour_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    write(tmp_path, {"work2/a.json": "{}", "work/b.json": "{}"})
    (tmp_path / "work" / "a.json").symlink_to("../work2/a.json")
    assert listed(tmp_path / "work") == (["b.json"], [("a.json", "a link that leaves the workspace")])
    assert not is_within("/w2/a", "/w")
    assert is_within("/a", "/")


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path, {"a/b.json": "{}"})
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "loop.json").symlink_to("loop.json")
    (tmp_path / "gone.yaml").symlink_to("nowhere.yaml")
    reason = "a link that leads to no file"
    assert listed(tmp_path) == (["a/b.json"], [("gone.yaml", reason), ("loop.json", reason)])


def test_special_files_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "to-pipe.json").symlink_to("pipe")
    (tmp_path / "to-folder.json").symlink_to("folder.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.json"))
        assert listed(tmp_path) == (
            [],
            [
                ("config.json", "it is not a regular file"),
                ("socket.json", "it is not a regular file"),
                ("to-pipe.json", "a link to what is not a regular file"),
            ],
        )
    with pytest.raises(OSError, match="not a regular file"):
        read_bytes(str(tmp_path / "config.json"))


def test_no_link_is_opened_by_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "{}"})
    (tmp_path / "b.json").symlink_to("a.json")
    with pytest.raises(OSError, match=r"."):
        read_bytes(str(tmp_path / "b.json"))


def test_folders_nested_without_end_are_left_out_and_said_so(tmp_path: Path) -> None:
    deep = "d/" * (MAX_FOLDERS_DEEP + 5)
    write(tmp_path, {f"{deep}a.json": "{}", "b.json": "{}"})
    configs, skipped = listed(tmp_path)
    assert configs == ["b.json"]
    assert skipped == [("d/" * (MAX_FOLDERS_DEEP - 1) + "d", f"it holds folders more than {MAX_FOLDERS_DEEP} deep")]


def test_a_folder_that_cannot_be_read_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"shut/a.json": "{}", "b.json": "{}"})
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert listed(tmp_path) == (["b.json"], [("shut", "the folder cannot be read: Permission denied")])


def test_what_is_skipped_is_listed_up_to_a_bound() -> None:
    listing = Listing("/w")
    for number in range(MAX_SKIPPED + 50):
        listing.skip(f"/w/{number}.json", "a reason")
    assert len(listing.skipped) == MAX_SKIPPED + 1
    assert listing.skipped[-1].reason == f"more than {MAX_SKIPPED:,} files were left out; the rest is not listed"


def found(root: Path, needles: tuple[bytes, ...] = (b"needle",), *, fold: bool = True) -> tuple[list[str], list[str]]:
    listing = list_files(os.path.realpath(root))
    hits = search(listing, listing.configs, needles, fold=fold, report=True)
    return sorted(map(listing.name, hits)), sorted(f"{one.file}: {one.reason}" for one in listing.skipped)


def test_bytes_are_searched_in_any_case(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "NeeDLE", "b.json": "needl e", "c.json": b"\xff needle", "d.md": "needle"})
    assert found(tmp_path) == (["a.json", "c.json"], [])
    assert found(tmp_path, fold=False) == (["c.json"], [])


@pytest.mark.parametrize("place", [0, 65_530, 65_536, 131_070, 4_000_000])
def test_a_needle_is_found_wherever_it_stands(place: int, tmp_path: Path) -> None:
    write(tmp_path, {"a.json": b" " * place + b"needle" + b" " * 10})
    assert found(tmp_path) == (["a.json"], [])


def test_large_and_binary_files_are_skipped_and_said_so(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "exact.json": b"needle".ljust(MAX_BYTES),
            "large.json": b"needle".ljust(MAX_BYTES + 1),
            "binary.json": b"\x00needle",
            "late.json": b" " * 9_000 + b"\x00needle",
            "image.png": b"\x00needle",
        },
    )
    assert found(tmp_path) == (
        ["exact.json", "late.json"],
        ["binary.json: a binary file", "large.json: larger than 5 MB"],
    )


def test_a_file_that_vanishes_or_refuses_is_said_so(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "needle", "b.json": "needle"})
    listing = list_files(os.path.realpath(tmp_path))
    (tmp_path / "a.json").unlink()
    assert list(map(listing.name, search(listing, listing.configs, (b"needle",), fold=True, report=True))) == ["b.json"]
    assert [(one.file, one.reason) for one in listing.skipped] == [("a.json", "it cannot be read")]


def test_a_file_replaced_by_a_pipe_or_link_after_the_walk_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"work/a.json": "x", "work/b.json": "x", "outside.json": "needle"})
    listing = list_files(os.path.realpath(tmp_path / "work"))
    (tmp_path / "work/a.json").unlink()
    os.mkfifo(tmp_path / "work/a.json")
    (tmp_path / "work/b.json").unlink()
    (tmp_path / "work/b.json").symlink_to("../outside.json")
    assert search(listing, listing.configs, (b"needle",), fold=True, report=True) == []


_MANY = 5_000
_IN_PROCESSES = """
    import os, sys
    sys.path.insert(0, sys.argv[1])
    from tokenrouter_video.discovery import scan, walk
    scan._processors = lambda: 3
    forks, fork = [], os.fork
    def counted():
        process = fork()
        if process:
            forks.append(process)
            {after_fork}
        return process
    os.fork = counted
    called = []
    look = scan.Scan((b"needle",), fold=True)
    listing = walk.list_files(os.path.realpath(sys.argv[2]), found=look.add)
    verdicts = look.verdicts(lambda: called.append(1))
    hits = scan.judge_all(listing, listing.configs, verdicts, report=True)
    print(len(forks), len(called), *map(listing.name, hits))
    print(*[one.file for one in listing.skipped])
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("many")
    for number in range(_MANY):
        folder = root / f"d{number % 50:02}"
        folder.mkdir(exist_ok=True)
        (folder / f"f{number:04}.json").write_text("needle" if number % 999 == 7 else "{}", encoding="utf-8")
    (root / "d00" / "f0000.json").write_bytes(b"\x00")
    return root


@pytest.mark.skipif(sys.platform != "linux", reason="several processes scan on Linux only")
@pytest.mark.parametrize(
    "after_fork",
    [
        pytest.param("pass", id="all at work"),
        pytest.param(f"os.kill(process, {int(signal.SIGKILL)})", id="each killed at once"),
    ],
)
def test_several_processes_find_what_one_finds(after_fork: str, many: Path) -> None:
    code = textwrap.dedent(_IN_PROCESSES).format(after_fork=after_fork)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(SCRIPTS), str(many)], capture_output=True, text=True, check=True
    )
    hits = sorted(f"d{n % 50:02}/f{n:04}.json" for n in range(7, _MANY, 999))
    counts, names = done.stdout.splitlines()[0].split()[:2], sorted(done.stdout.splitlines()[0].split()[2:])
    assert (counts, names, done.stdout.splitlines()[1], done.stderr) == (["2", "1"], hits, "d00/f0000.json", "")


def test_few_files_are_scanned_by_this_process_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.json": "needle"})
    monkeypatch.setattr(scan, "_Crew", lambda *_: pytest.fail("a process was started"))
    assert found(tmp_path) == (["a.json"], [])
