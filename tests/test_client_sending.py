"""What leaves this machine, where it goes, and what is known about it when no answer comes."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command_line import SCRIPTS, environment
from scripted_server import Handler, ScriptedServer, read_request, sending
from tokenrouter_video.errors import NoKeyError, UnreachableError
from tokenrouter_video.gateway.client import GatewayClient, Timeouts
from tokenrouter_video.gateway.exchange import Departure, NoReplyError
from tokenrouter_video.gateway.loopback import LoopbackGateway
from tokenrouter_video.gateways import TOKENROUTER
from tokenrouter_video.secrets import Secret

KEY = "example-key-7f2"
BODY = {"model": "kling-v3", "prompt": "a robot, ☃", "mode": "pro", "duration": "5"}
OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"task_id":"t1"}'


@pytest.fixture(autouse=True)
def closing() -> Iterator[None]:
    yield
    while made:
        made.pop().close()


made: list[GatewayClient] = []


def client(url: str, **changes: Any) -> GatewayClient:
    made.append(GatewayClient(TOKENROUTER, Secret(KEY), loopback=url, **{"connect_pauses": (0.01, 0.01), **changes}))
    return made[-1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_a_submission_is_one_post_with_the_key_in_one_header() -> None:
    with LoopbackGateway("quick") as gateway:
        reply = client(gateway.url).submission(BODY).run()
    assert reply.status == 200
    [request] = gateway.requests
    assert (request.method, request.path, request.query) == ("POST", "/v1/video/generations", "")
    assert json.loads(request.body) == BODY
    assert [name for name, value in request.headers.items() if KEY in value] == ["authorization"]
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["content-type"] == "application/json"
    assert "cookie" not in request.headers


def test_the_body_goes_as_utf_8_without_escapes() -> None:
    with LoopbackGateway("quick") as gateway:
        client(gateway.url).submission(BODY).run()
    assert "a robot, ☃".encode() in gateway.requests[0].body


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def reset_unread(connection: socket.socket) -> None:
    connection.recv(1, socket.MSG_PEEK)
    reset(connection)


def reset_read(connection: socket.socket) -> None:
    read_request(connection)
    reset(connection)


def close_read(connection: socket.socket) -> None:
    read_request(connection)


def silence(connection: socket.socket) -> None:
    read_request(connection)
    connection.recv(1)


def dribble(connection: socket.socket) -> None:
    read_request(connection)
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Pad: " + b"x" * 10_000:
        connection.sendall(bytes([byte]))
        threading.Event().wait(0.05)


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(reset_unread, id="reset before the request was read"),
        pytest.param(reset_read, id="reset after the request was read"),
        pytest.param(close_read, id="closed without an answer"),
        pytest.param(sending(b"\x16\x03\x01 no http\r\n\r\n"), id="no HTTP"),
        pytest.param(sending(b"HTTP/1.1 200 OK\r\nContent-"), id="cut in the headers"),
        pytest.param(silence, id="no answer in time"),
        pytest.param(dribble, id="an answer that comes a byte at a time"),
    ],
)
def test_once_it_may_have_left_it_is_not_sent_again(handler: Handler) -> None:
    with ScriptedServer(handler) as server, pytest.raises(NoReplyError) as caught:
        client(server.url, timeouts=Timeouts(submit=0.5)).submission(BODY).run()
    assert not caught.value.never_left
    assert caught.value.reason
    assert server.connections == 1


def test_a_refused_connection_is_tried_again_and_surely_sent_nothing() -> None:
    pauses: list[float] = []
    with pytest.raises(NoReplyError) as caught:
        client(f"http://127.0.0.1:{free_port()}", connect_pauses=(0.5, 1.0)).submission(BODY).run(sleep=pauses.append)
    assert caught.value.never_left
    assert pauses == [0.5, 1.0]


def test_a_gateway_that_comes_up_between_two_tries_gets_it_once() -> None:
    port = free_port()
    servers: list[socket.socket] = []

    def start_server(_: float) -> None:
        if not servers:
            servers.append(socket.create_server(("127.0.0.1", port)))
            threading.Thread(target=answer, daemon=True).start()

    received: list[bytes] = []

    def answer() -> None:
        connection, _ = servers[0].accept()
        received.append(read_request(connection))
        connection.sendall(OK)
        connection.close()

    reply = client(f"http://127.0.0.1:{port}").submission(BODY).run(sleep=start_server)
    servers[0].close()
    assert reply.body == b'{"task_id":"t1"}'
    assert len(received) == 1


def test_an_unknown_host_surely_got_nothing() -> None:
    gateway = client("http://nowhere.invalid", connect_pauses=(), timeouts=Timeouts(submit=20))
    with pytest.raises(NoReplyError) as caught:
        gateway.submission(BODY).run()
    assert caught.value.never_left


def test_a_failed_handshake_surely_sent_nothing() -> None:
    def no_tls(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with ScriptedServer(no_tls) as server, pytest.raises(NoReplyError) as caught:
        client(server.url.replace("http:", "https:"), connect_pauses=()).submission(BODY).run()
    assert caught.value.never_left


def test_the_real_gateways_certificate_is_checked() -> None:
    with GatewayClient(TOKENROUTER, Secret(KEY)) as real:
        contexts = [each._transport._pool._ssl_context for each in (real._submitting, real._asking)]  # type: ignore[attr-defined]
    assert real.origin == "https://api.tokenrouter.com"
    assert [(each.verify_mode, each.check_hostname) for each in contexts] == [(ssl.CERT_REQUIRED, True)] * 2


def test_what_is_given_up_before_it_left_never_leaves() -> None:
    with ScriptedServer(sending(OK)) as server:
        sending_of_it = client(server.url).submission(BODY)
        assert sending_of_it.give_up()
        with pytest.raises(NoReplyError) as caught:
            sending_of_it.run()
    assert caught.value.never_left
    assert server.connections == 0


def test_what_has_left_cannot_be_given_up() -> None:
    arrived = threading.Event()

    def hold(connection: socket.socket) -> None:
        read_request(connection)
        arrived.set()
        connection.recv(1)

    with ScriptedServer(hold) as server:
        sending_of_it = client(server.url, timeouts=Timeouts(submit=2.0)).submission(BODY)
        outcomes: list[bool] = []

        def run() -> None:
            with pytest.raises(NoReplyError) as caught:
                sending_of_it.run()
            outcomes.append(caught.value.never_left)

        thread = threading.Thread(target=run)
        thread.start()
        assert arrived.wait(10)
        assert not sending_of_it.give_up()
        thread.join()
    assert outcomes == [False]


@pytest.mark.parametrize(
    ("events", "never_left"),
    [
        pytest.param([], True, id="nothing happened"),
        pytest.param(["connection.connect_tcp.started", "connection.start_tls.failed"], True, id="connecting"),
        pytest.param(["http11.send_request_headers.started"], False, id="the first byte"),
        pytest.param(["http11.some_new_event.started"], False, id="an event of a later library"),
        pytest.param(["http2.send_request_headers.started"], False, id="another protocol"),
    ],
)
def test_departure_is_read_off_the_trace(events: list[str], never_left: bool) -> None:
    departure = Departure()
    for event in events:
        departure.trace(event, {})
    assert departure.give_up() == never_left


def test_a_proxy_that_refuses_surely_passed_nothing_on(tmp_path: Path) -> None:
    """The real origin, so that the proxy is used: nothing but a CONNECT leaves, and no key."""
    heard: list[bytes] = []

    def refuse(connection: socket.socket) -> None:
        heard.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    def hang_up(connection: socket.socket) -> None:
        heard.append(read_request(connection))

    code = (
        "from tokenrouter_video.gateway.client import GatewayClient\n"
        "from tokenrouter_video.gateway.exchange import NoReplyError\n"
        "from tokenrouter_video.gateways import TOKENROUTER\n"
        "from tokenrouter_video.secrets import Secret\n"
        f"client = GatewayClient(TOKENROUTER, Secret({KEY!r}), connect_pauses=(0.01,))\n"
        "print(client.proxy())\n"
        "try:\n    client.submission({'model': 'm'}).run()\n"
        "except NoReplyError as error:\n    print(error.never_left, error.reason)\n"
    )
    with ScriptedServer(refuse, hang_up) as server:
        proxy = f"http://user:hidden-word@127.0.0.1:{server.port}"
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env=environment(tmp_path, {"PYTHONPATH": str(SCRIPTS), "HTTPS_PROXY": proxy}),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    first, second = done.stdout.splitlines()
    assert first == f"127.0.0.1:{server.port}"
    assert second.startswith("True ")
    assert [request.split(b"\r\n")[0] for request in heard] == [b"CONNECT api.tokenrouter.com:443 HTTP/1.1"] * 2
    assert all(KEY.encode() not in request for request in heard)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"])
def test_no_proxy_stands_between_us_and_loopback(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with LoopbackGateway("quick") as gateway:
        mine = client(gateway.url)
        assert mine.submission(BODY).run().status == 200
        assert mine.proxy() is None


@pytest.mark.parametrize(
    ("variable", "value", "what"),
    [
        pytest.param("ALL_PROXY", "socks5://127.0.0.1:1", "proxy", id="a proxy of a kind that is not supported"),
        pytest.param("HTTPS_PROXY", "http://[", "proxy", id="a proxy without an address"),
        pytest.param("SSL_CERT_FILE", "/nowhere/ca.pem", "certificate", id="no certificates"),
        pytest.param("SSL_CERT_FILE", __file__, "certificate", id="a file without certificates"),
        pytest.param("SSLKEYLOGFILE", "/nowhere/keys", "certificate", id="a log that cannot be written"),
    ],
)
def test_an_environment_that_cannot_be_used_is_an_error_of_its_own(
    variable: str, value: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UnreachableError) as caught:
        GatewayClient(TOKENROUTER, Secret(KEY)).proxy()
    assert f"the {what} settings of the environment cannot be used" in caught.value.message
    assert variable in caught.value.remedy


def test_netrc_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password other-word\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with LoopbackGateway("quick") as gateway:
        client(gateway.url).submission(BODY).run()
    assert gateway.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    head = f"HTTP/1.1 {status} Moved\r\nLocation: /v1/elsewhere\r\nContent-Length: 0\r\n\r\n"
    with ScriptedServer(sending(head.encode())) as server:
        assert client(server.url).submission(BODY).run().status == status
        assert client(server.url).ask("/v1/models").status == status
    assert server.connections == 2


def test_cookies_are_not_sent_back() -> None:
    heard: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        for _ in range(2):
            heard.append(read_request(connection))
            connection.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: session=1; Path=/\r\nContent-Length: 2\r\n\r\n{}")

    with ScriptedServer(answer) as server:
        mine = client(server.url)
        mine.ask("/a")
        mine.ask("/b")
    assert len(heard) == 2
    assert all(b"cookie" not in request.lower() for request in heard)


def test_an_answer_that_was_cut_keeps_its_status_for_a_submission() -> None:
    cut = b'HTTP/1.1 401 Unauthorized\r\nContent-Length: 500\r\n\r\n{"error":'
    with ScriptedServer(sending(cut)) as server:
        reply = client(server.url).submission(BODY).run()
        assert (reply.status, reply.body) == (401, b'{"error":')
        with pytest.raises(NoReplyError):
            client(server.url).ask("/v1/models")


def test_an_endless_answer_is_read_up_to_a_limit() -> None:
    def endless(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(400):
            connection.sendall(b"x" * 65536)

    with ScriptedServer(endless) as server:
        reply = client(server.url).ask("/v1/models")
    assert len(reply.body) == 10_000_001


def test_an_answer_that_is_compressed_again_and_again_is_not_unpacked() -> None:
    """300 bytes could become gigabytes in memory; the request's fate is unknown then, and known to be."""
    body = bytes(1_000_000)
    for _ in range(3):
        body = gzip.compress(body)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with ScriptedServer(sending(head + body)) as server:
        reply = client(server.url).submission(BODY).run()
        assert (reply.status, reply.body) == (200, b"")
        with pytest.raises(NoReplyError):
            client(server.url).ask("/v1/models")


def test_a_question_ends_when_its_time_is_over() -> None:
    with ScriptedServer(dribble) as server, pytest.raises(NoReplyError):
        client(server.url).ask("/v1/models", seconds=0.3)


def test_an_idle_connection_is_not_used_for_a_submission() -> None:
    """A kept connection may be dead without our knowing: a POST on it would have an unknown fate for nothing."""
    heard: list[list[bytes]] = []

    def keep_alive(connection: socket.socket) -> None:
        mine: list[bytes] = []
        heard.append(mine)
        while request := read_request(connection):
            mine.append(request.split(b" ")[0])
            connection.sendall(OK)

    with ScriptedServer(keep_alive) as server:
        gateway = client(server.url)
        gateway.ask("/v1/models")
        gateway.ask("/v1/models")
        gateway.submission(BODY).run()
        gateway.submission(BODY).run()
    assert heard == [[b"GET", b"GET"], [b"POST"], [b"POST"]]


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "ключ", "x" * 513, "tab\there"])
def test_what_is_no_key_is_not_sent(key: str) -> None:
    with pytest.raises(NoKeyError) as caught:
        GatewayClient(TOKENROUTER, Secret(key), loopback="http://127.0.0.1:1")
    assert not key or key not in caught.value.message
