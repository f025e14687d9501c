"""A video ends up under its name whole or not at all, and the key goes to its own gateway only."""

from __future__ import annotations

import gzip
import os
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripted_server import Handler, ScriptedServer, read_request, sending
from tokenrouter_video.errors import UsageError
from tokenrouter_video.gateway.client import GatewayClient
from tokenrouter_video.gateway.download import DownloadError, check_target, download, target_names
from tokenrouter_video.gateway.loopback.server import sample_video
from tokenrouter_video.gateways import TOKENROUTER
from tokenrouter_video.secrets import Secret

KEY = "example-key-7f2"
VIDEO = sample_video(50_000)


@pytest.fixture
def client() -> Iterator[GatewayClient]:
    with GatewayClient(TOKENROUTER, Secret(KEY), loopback="http://127.0.0.1:1") as made:
        yield made


class Host:
    """A server of one file; ``requests`` are the heads that came, ``plan`` what becomes of the n-th answer."""

    def __init__(self, *plan: Callable[[socket.socket, bytes], None]) -> None:
        self.plan = plan
        self.requests: list[bytes] = []

    def __call__(self, connection: socket.socket) -> None:
        while request := read_request(connection):
            self.requests.append(request)
            self.plan[min(len(self.requests), len(self.plan)) - 1](connection, request)

    def ranges(self) -> list[str]:
        found = []
        for request in self.requests:
            lines = [line for line in request.decode().split("\r\n") if line.lower().startswith("range:")]
            found.append(lines[0].partition(":")[2].strip() if lines else "")
        return found


def whole(
    cut: int | None = None, *, tag: str = '"v1"', length: bool = True, video: bytes = VIDEO
) -> Callable[..., None]:
    """Serve the file, or the range that is asked for if the tag is the right one; hang up behind ``cut`` bytes."""

    def answer(connection: socket.socket, request: bytes) -> None:
        start = 0
        head = "HTTP/1.1 200 OK\r\n"
        for line in request.decode().split("\r\n"):
            if line.lower().startswith("range: bytes=") and f"if-range: {tag}" in request.decode().lower():
                start = int(line.partition("=")[2].rstrip("-"))
                head = f"HTTP/1.1 206 Partial\r\nContent-Range: bytes {start}-{len(video) - 1}/{len(video)}\r\n"
        if tag:
            head += f"ETag: {tag}\r\n"
        if length:
            head += f"Content-Length: {len(video) - start}\r\n"
        connection.sendall(head.encode() + b"Content-Type: video/mp4\r\n\r\n")
        connection.sendall(video[start:][:cut])
        if cut is not None or not length:
            connection.shutdown(socket.SHUT_RDWR)

    return answer


def raw(head: str, body: bytes = b"") -> Callable[..., None]:
    def answer(connection: socket.socket, request: bytes) -> None:
        lines = f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(lines.encode() + body)

    return answer


def no_sleep(_: float) -> None:
    pass


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_whole_file_takes_the_name(client: GatewayClient, tmp_path: Path) -> None:
    shown: list[tuple[int, int | None]] = []
    host = Host(whole())
    with ScriptedServer(host) as server:
        download(
            client,
            server.url + "/v.mp4?a=1",
            tmp_path / "v.mp4",
            progress=lambda done, total: shown.append((done, total)),
        )
    assert (tmp_path / "v.mp4").read_bytes() == VIDEO
    assert names(tmp_path) == ["v.mp4"]
    assert shown[0] == (0, len(VIDEO))
    assert shown[-1] == (len(VIDEO), len(VIDEO))
    assert host.requests[0].startswith(b"GET /v.mp4?a=1 HTTP/1.1\r\n")
    assert all(KEY.encode() not in request for request in host.requests)


def test_a_cut_is_resumed_where_it_happened(client: GatewayClient, tmp_path: Path) -> None:
    host = Host(whole(20_000), whole(15_000), whole())
    with ScriptedServer(host) as server:
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", sleep=no_sleep)
    assert (tmp_path / "v.mp4").read_bytes() == VIDEO
    assert host.ranges() == ["", "bytes=20000-", "bytes=35000-"]
    assert b'if-range: "v1"' in host.requests[1].lower()


@pytest.mark.parametrize(
    ("then", "ranges"),
    [
        pytest.param([whole(tag='"v2"')], ["", "bytes=20000-"], id="another version: taken from its start"),
        pytest.param([raw("416 No"), whole()], ["", "bytes=20000-", ""], id="416: from the start"),
        pytest.param(
            [raw("206 Partial\r\nContent-Range: bytes 5-9/10", b"xxxxx"), whole()],
            ["", "bytes=20000-", ""],
            id="another range than asked for: from the start",
        ),
        pytest.param([raw("503 Busy"), whole()], ["", "bytes=20000-", "bytes=20000-"], id="busy: once more"),
    ],
)
def test_what_cannot_be_continued_begins_anew(
    client: GatewayClient, tmp_path: Path, then: list[Callable[..., None]], ranges: list[str]
) -> None:
    host = Host(whole(20_000), *then)
    with ScriptedServer(host) as server:
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", sleep=no_sleep)
    assert (tmp_path / "v.mp4").read_bytes() == VIDEO
    assert host.ranges() == ranges


def test_without_a_tag_nothing_is_pieced_together(client: GatewayClient, tmp_path: Path) -> None:
    host = Host(whole(20_000, tag=""), whole(tag=""))
    with ScriptedServer(host) as server:
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", sleep=no_sleep)
    assert (tmp_path / "v.mp4").read_bytes() == VIDEO
    assert host.ranges() == ["", ""]


def endless_cut(connection: socket.socket, request: bytes) -> None:
    whole(100, tag="")(connection, request)


@pytest.mark.parametrize(
    ("plan", "reason", "requests"),
    [
        pytest.param([endless_cut], "the connection broke", 6, id="always cut"),
        pytest.param([raw("403 Forbidden")], "the server answered 403: the URL may have expired", 1, id="expired"),
        pytest.param([raw("404 Not Found")], "the server answered 404: the URL may have expired", 1, id="gone"),
        pytest.param([raw("500 Oops")], "the server answered 500", 5, id="a broken server"),
        pytest.param([raw("200 OK")], "the server sent nothing", 5, id="nothing"),
        pytest.param(
            [raw("200 OK\r\nContent-Type: text/html", b"<html>")], "the server sent text/html", 1, id="a page"
        ),
        pytest.param(
            [raw("200 OK\r\nContent-Type: video/mp4", b"\n <!DOCTYPE html>")],
            "a page or a message",
            1,
            id="a page in disguise",
        ),
        pytest.param([raw("200 OK", b'{"error": "expired"}')], "a page or a message", 1, id="an error without a type"),
        pytest.param(
            [raw("200 OK\r\nContent-Encoding: gzip, gzip", gzip.compress(gzip.compress(VIDEO)))],
            "the connection broke: DecodingError",
            5,
            id="compressed twice",
        ),
        pytest.param(
            [whole(length=False, video=VIDEO[:30_000])], "the video ends in the middle", 6, id="no length, cut"
        ),
        pytest.param([raw("302 Found\r\nLocation: /again")], "more than 5 redirects", 6, id="a loop of redirects"),
        pytest.param([raw("302 Found\r\nLocation: ftp://files.example/v")], "neither http nor https", 1, id="ftp"),
        pytest.param(
            [raw("302 Found\r\nLocation: file:///etc/hostname")], "neither http nor https", 1, id="a local file"
        ),
        pytest.param([raw("302 Found\r\nLocation: http://[")], "no valid URL", 1, id="no URL"),
    ],
)
def test_a_failure_leaves_nothing_behind(
    client: GatewayClient, tmp_path: Path, plan: list[Callable[..., None]], reason: str, requests: int
) -> None:
    host = Host(*plan)
    with ScriptedServer(host) as server, pytest.raises(DownloadError) as caught:
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", sleep=no_sleep)
    assert reason in str(caught.value)
    assert names(tmp_path) == []
    assert len(host.requests) == requests


def test_no_length_and_a_whole_video_is_fine(client: GatewayClient, tmp_path: Path) -> None:
    with ScriptedServer(Host(whole(length=False))) as server:
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", sleep=no_sleep)
    assert (tmp_path / "v.mp4").read_bytes() == VIDEO


def test_no_length_and_another_kind_of_file_is_taken_as_it_is(client: GatewayClient, tmp_path: Path) -> None:
    with ScriptedServer(Host(whole(length=False, video=b"\x1aE\xdf\xa3 webm"))) as server:
        download(client, server.url + "/v.webm", tmp_path / "v.webm", sleep=no_sleep)
    assert (tmp_path / "v.webm").read_bytes() == b"\x1aE\xdf\xa3 webm"


def authorized(request: bytes) -> bool:
    return f"Authorization: Bearer {KEY}".lower().encode() in request.lower()


def test_the_gateways_own_url_gets_the_key_and_no_other(tmp_path: Path) -> None:
    """Own origin, then elsewhere, then back: the key stops at the first step abroad."""
    own, other = Host(), Host()
    with ScriptedServer(own) as gateway, ScriptedServer(other) as cdn:
        own.plan = (raw("302 Found\r\nLocation: /own"), raw(f"302 Found\r\nLocation: {cdn.url}/x"), whole())
        other.plan = (raw(f"302 Found\r\nLocation: {gateway.url}/back"),)
        with GatewayClient(TOKENROUTER, Secret(KEY), loopback=gateway.url) as client:
            download(client, f"{gateway.url}/v1/videos/t/content", tmp_path / "v.mp4")
    assert [authorized(request) for request in own.requests] == [True, True, False]
    assert [authorized(request) for request in other.requests] == [False]
    assert KEY.encode() not in other.requests[0]


def test_a_url_with_its_own_ticket_gets_no_key(tmp_path: Path) -> None:
    own = Host(whole())
    with ScriptedServer(own) as gateway, GatewayClient(TOKENROUTER, Secret(KEY), loopback=gateway.url) as client:
        download(client, f"{gateway.url}/v1/tasks/t/artifacts/video/content?access=a%2Bb-c", tmp_path / "v.mp4")
    assert own.requests[0].startswith(b"GET /v1/tasks/t/artifacts/video/content?access=a%2Bb-c HTTP/1.1")
    assert not authorized(own.requests[0])


def test_an_existing_file_stays(client: GatewayClient, tmp_path: Path) -> None:
    (tmp_path / "v.mp4").write_bytes(b"mine")
    host = Host(whole())
    with ScriptedServer(host) as server, pytest.raises(DownloadError):
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4")
    assert (tmp_path / "v.mp4").read_bytes() == b"mine"
    assert host.requests == []


def test_a_file_that_appears_meanwhile_stays(client: GatewayClient, tmp_path: Path) -> None:
    def appear(connection: socket.socket, request: bytes) -> None:
        (tmp_path / "v.mp4").write_bytes(b"mine")
        whole()(connection, request)

    with ScriptedServer(Host(appear)) as server, pytest.raises(DownloadError) as caught:
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4")
    assert "appeared" in str(caught.value)
    assert (tmp_path / "v.mp4").read_bytes() == b"mine"
    assert names(tmp_path) == ["v.mp4"]


def test_force_replaces_it_and_keeps_its_mode(client: GatewayClient, tmp_path: Path) -> None:
    (tmp_path / "v.mp4").write_bytes(b"mine")
    (tmp_path / "v.mp4").chmod(0o600)
    with ScriptedServer(Host(whole())) as server:
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", force=True)
    assert (tmp_path / "v.mp4").read_bytes() == VIDEO
    assert stat.S_IMODE((tmp_path / "v.mp4").stat().st_mode) == 0o600


def test_force_keeps_the_old_file_when_the_download_fails(client: GatewayClient, tmp_path: Path) -> None:
    (tmp_path / "v.mp4").write_bytes(b"mine")
    with ScriptedServer(Host(raw("404 Gone"))) as server, pytest.raises(DownloadError):
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", force=True)
    assert (tmp_path / "v.mp4").read_bytes() == b"mine"
    assert names(tmp_path) == ["v.mp4"]


def test_force_writes_through_a_link(client: GatewayClient, tmp_path: Path) -> None:
    (tmp_path / "real.mp4").write_bytes(b"mine")
    (tmp_path / "v.mp4").symlink_to("real.mp4")
    with ScriptedServer(Host(whole())) as server:
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", force=True)
    assert (tmp_path / "v.mp4").is_symlink()
    assert (tmp_path / "real.mp4").read_bytes() == VIDEO


def test_what_a_killed_program_left_is_removed(client: GatewayClient, tmp_path: Path) -> None:
    ages = {".v.mp4.0123abcd.part": 7200, ".v.mp4.4567cdef.part": 10, ".w.mp4.0123abcd.part": 7200}
    for name, age in ages.items():
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))
    with ScriptedServer(Host(whole())) as server:
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4")
    assert names(tmp_path) == [".v.mp4.4567cdef.part", ".w.mp4.0123abcd.part", "v.mp4"]


def test_an_interruption_leaves_nothing_behind(client: GatewayClient, tmp_path: Path) -> None:
    def interrupt(done: int, total: int | None) -> None:
        if done > 10_000:
            raise KeyboardInterrupt

    with ScriptedServer(Host(whole())) as server, pytest.raises(KeyboardInterrupt):
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", progress=interrupt)
    assert names(tmp_path) == []


def test_a_server_that_lies_about_the_length_gives_no_file(client: GatewayClient, tmp_path: Path) -> None:
    lying: Handler = sending(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nshort")
    with ScriptedServer(lying) as server, pytest.raises(DownloadError):
        download(client, server.url + "/v.mp4", tmp_path / "v.mp4", sleep=no_sleep)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("task_id", "count", "expected"),
    [
        pytest.param("task_Ab-1", 1, ["task_Ab-1.mp4"], id="letters, digits, dash, underscore"),
        pytest.param("../../etc/passwd", 1, ["etcpasswd.mp4"], id="a path"),
        pytest.param("...", 1, ["video.mp4"], id="nothing that is kept"),
        pytest.param("视频", 1, ["video.mp4"], id="other letters"),
        pytest.param("x" * 500, 1, ["x" * 100 + ".mp4"], id="too long"),
        pytest.param("t", 3, ["t-1.mp4", "t-2.mp4", "t-3.mp4"], id="several"),
    ],
)
def test_a_folder_gets_a_name_made_of_the_task_id(
    task_id: str, count: int, expected: list[str], tmp_path: Path
) -> None:
    assert [tmp_path / name for name in expected] == target_names(tmp_path, task_id, count)


def test_several_videos_are_numbered(tmp_path: Path) -> None:
    assert target_names(tmp_path / "out.webm", "t", 2) == [tmp_path / "out-1.webm", tmp_path / "out-2.webm"]
    assert target_names(tmp_path / "out", "t", 2) == [tmp_path / "out-1", tmp_path / "out-2"]
    assert target_names(tmp_path / "out.webm", "t", 1) == [tmp_path / "out.webm"]


@pytest.mark.parametrize(
    ("name", "force", "fault"),
    [
        pytest.param("new.mp4", False, None, id="a new file"),
        pytest.param("", False, None, id="a folder"),
        pytest.param("old.mp4", True, None, id="an old file, with force"),
        pytest.param("old.mp4", False, "exists already", id="an old file"),
        pytest.param("dangling.mp4", False, "exists already", id="a link to nothing"),
        pytest.param("none/new.mp4", False, "does not exist", id="no such folder"),
        pytest.param("old.mp4/new.mp4", False, "does not exist", id="a file where a folder should be"),
        pytest.param("x" * 256, False, "no file can have this name", id="a name that is too long"),
        pytest.param("pipe", True, "no regular file", id="a pipe, even with force"),
    ],
)
def test_a_target_is_checked_before_anything_is_spent(
    name: str, force: bool, fault: str | None, tmp_path: Path
) -> None:
    (tmp_path / "old.mp4").write_bytes(b"mine")
    (tmp_path / "dangling.mp4").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    if fault is None:
        check_target(tmp_path / name, force=force)
        return
    with pytest.raises(UsageError) as caught:
        check_target(tmp_path / name, force=force)
    assert fault in caught.value.message


def test_a_long_name_in_another_script_is_no_trouble(client: GatewayClient, tmp_path: Path) -> None:
    target = tmp_path / f"{chr(0x1F3A5) * 62}.mp4"
    check_target(target, force=False)
    with ScriptedServer(Host(whole())) as server:
        download(client, server.url + "/v.mp4", target)
    assert target.read_bytes() == VIDEO


def test_a_silent_end_does_not_hang(client: GatewayClient, tmp_path: Path) -> None:
    """The server vanishes in the middle of a body: the next try finds nobody, and that is the end of it."""
    stop = threading.Event()

    def vanish(connection: socket.socket, request: bytes) -> None:
        whole(1000)(connection, request)
        stop.set()

    with ScriptedServer(Host(vanish)) as server:
        url = server.url
        with pytest.raises(DownloadError):
            download(client, url + "/v.mp4", tmp_path / "v.mp4", sleep=no_sleep)
    assert stop.is_set()
    assert names(tmp_path) == []
