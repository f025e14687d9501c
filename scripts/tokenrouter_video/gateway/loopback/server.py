"""The loopback gateway's two HTTP servers: the gateway's own, and the store of files on another origin."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from tokenrouter_video.gateway.loopback import shapes, steps
from tokenrouter_video.gateway.loopback.answers import (
    Answer,
    Fault,
    NoKeyGivenError,
    Request,
    Step,
    Task,
    UnknownTaskError,
    Visit,
)
from tokenrouter_video.gateway.loopback.scenario import Scenario
from tokenrouter_video.gateway.loopback.scenarios import SCENARIOS
from tokenrouter_video.gateways import TOKENROUTER, GatewayProfile

_HOST = "127.0.0.1"
_MAX_REQUEST = 128_000_000
_PIECES = 16
# Seconds between two looks at whether the scenario is over.
_STOP_CHECK = 0.01


class LoopbackGateway:
    """A gateway that plays one scenario while the ``with`` block runs.

    ``url`` and ``cdn_url`` are where it listens; ``requests`` is everything that came, in order; ``tasks`` what was
    accepted. ``keys`` are those it takes, any where it is ``None``. ``time_scale`` stretches every delay, 0 takes them
    all away. ``video`` is the file that every task makes.
    """

    def __init__(
        self,
        scenario: str | Scenario = "demo",
        *,
        keys: frozenset[str] | None = None,
        time_scale: float = 1.0,
        video: bytes | None = None,
        profile: GatewayProfile = TOKENROUTER,
    ) -> None:
        self.scenario = SCENARIOS[scenario] if isinstance(scenario, str) else scenario
        self.requests: list[Request] = []
        self.tasks: dict[str, Task] = {}
        self.video = sample_video() if video is None else video
        self.time_scale = time_scale
        self.closing = threading.Event()
        self.url = self.cdn_url = ""
        self._keys = keys
        self.profile = profile
        self._visits: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._servers: list[_Server] = []
        self._threads: list[threading.Thread] = []

    @property
    def submissions(self) -> list[Request]:
        """The POSTs that reached the gateway, those too that were reset unread."""
        with self._lock:
            return [request for request in self.requests if request.method == self.profile.submit_method]

    def __enter__(self) -> Self:
        """Start listening."""
        self._servers = [_Server(self, name) for name in ("gateway", "cdn")]
        self.url, self.cdn_url = (f"http://{_HOST}:{server.server_port}" for server in self._servers)
        self._threads = [threading.Thread(target=server.serve_forever, args=(_STOP_CHECK,)) for server in self._servers]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut every connection and stop."""
        self.closing.set()
        for server in self._servers:
            server.shutdown()
            server.cut_connections()
            server.server_close()
        for thread in self._threads:
            thread.join()

    def takes_key(self, key: str) -> bool:
        """Tell whether the gateway takes a key."""
        return bool(key) and (self._keys is None or key in self._keys)

    def answer(self, request: Request) -> Answer:
        """Record a request and return what the scenario answers it with."""
        endpoint, task_id = self._endpoint(request)
        script = self._script(endpoint)
        with self._lock:
            self.requests.append(request)
            number = self._visits[endpoint, task_id]
            self._visits[endpoint, task_id] += 1
            task = self.tasks.get(task_id)
        step = script[min(number, len(script) - 1)]
        if isinstance(step, Answer):
            return step
        visit = Visit(
            request=request,
            number=number,
            url=self.url,
            cdn_url=self.cdn_url,
            video=self.video,
            found_task=task,
            accept=lambda body: self._accept(request.key, body),
            takes_key=self.takes_key,
        )
        try:
            return step(visit)
        except NoKeyGivenError:
            return steps.unauthorized("Invalid token" if request.key else "Token not provided")
        except UnknownTaskError:
            return steps.task_not_exist()

    def resets_unread(self, server: str, method: str, target: str) -> bool:
        """Tell whether the next request of that kind is to be reset before it is read; it is recorded here then."""
        parts = urlsplit(target)
        request = Request(server, method, parts.path, parts.query, {}, b"")
        endpoint, task_id = self._endpoint(request)
        script = self._script(endpoint)
        with self._lock:
            step = script[min(self._visits[endpoint, task_id], len(script) - 1)]
            if not isinstance(step, Answer) or step.fault is not Fault.RESET_UNREAD:
                return False
            self._visits[endpoint, task_id] += 1
            self.requests.append(request)
        return True

    def _accept(self, key: str, body: dict[str, Any]) -> Task:
        with self._lock:
            number = len(self.tasks) + 1
            task = Task(f"task_{number:032}", number, key, body)
            self.tasks[task.id] = task
        return task

    def _endpoint(self, request: Request) -> tuple[str, str]:
        """Return the endpoint's name and the task id in the path, empty where it has none."""
        if request.server == "cdn":
            return "file", request.path
        if request.method == self.profile.submit_method:
            return ("submit" if request.path == self.profile.submit_path else ""), ""
        if request.path == self.profile.models_path:
            return "models", ""
        paths = {"content": self.profile.content_path, "video": "/v1/videos/{task_id}"}
        paths |= {f"poll {place}": path for place, path in enumerate(self.profile.poll_paths)}
        for name, path in paths.items():
            start, _, end = path.partition("{task_id}")
            middle = request.path[len(start) : len(request.path) - len(end)]
            if request.path == f"{start}{middle}{end}" and middle and "/" not in middle:
                return name, unquote(middle)
        return "", ""

    def _script(self, endpoint: str) -> tuple[Step, ...]:
        scenario = self.scenario
        match endpoint:
            case "submit":
                return scenario.submit
            case "poll 0":
                return scenario.first_poll_path
            case "poll 1":
                return scenario.poll
            case "content":
                return scenario.content
            case "models":
                return scenario.models
            case "file":
                return scenario.file
            case _:
                return (steps.invalid_path,)


def sample_video(size: int = 65_536) -> bytes:
    """Return bytes that begin as an MP4 file does (ISO/IEC 14496-12: ``ftyp``, then ``mdat``); nothing plays them."""
    kind = b"isom" + struct.pack(">I", 512) + b"isomiso2mp41"
    head = struct.pack(">I", 8 + len(kind)) + b"ftyp" + kind
    rest = size - len(head)
    return head + struct.pack(">I", rest) + b"mdat" + bytes(place % 251 for place in range(rest - 8))


class _Server(ThreadingHTTPServer):
    """Remembers its connections, so that an end of the scenario is an end of them all."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, gateway: LoopbackGateway, name: str) -> None:
        self.gateway = gateway
        self.name = name
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__((_HOST, 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away in the middle is part of the play."""

    def cut_connections(self) -> None:
        """End every connection that is still open."""
        with self._guard:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    connection: socket.socket

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        method, target = self._peek()
        if method and self.server.gateway.resets_unread(self.server.name, method, target):
            self._reset()
            return
        super().handle_one_request()

    def _peek(self) -> tuple[str, str]:
        """Return method and target of the next request without taking a byte off the connection."""
        with contextlib.suppress(OSError):
            words = self.connection.recv(4096, socket.MSG_PEEK).partition(b"\r\n")[0].decode("latin-1").split(" ")
            if len(words) == 3:
                return words[0], words[1]
        return "", ""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), _MAX_REQUEST)
        body = self.rfile.read(length)
        if len(body) < length:
            # Whoever sent it died on the way: no gateway takes half a request.
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.server.name, self.command, parts.path, parts.query, headers, body)
        self._send(self.server.gateway.answer(request))

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _serve

    def _send(self, answer: Answer) -> None:
        self._wait(answer.delay)
        if answer.fault is Fault.NOT_HTTP:
            self.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
            self.close_connection = True
        elif answer.fault is not None:
            self.close_connection = True
            if answer.fault is not Fault.CLOSE_READ:
                self._reset()
        else:
            self._send_head(answer)
            if self.command != "HEAD":
                self._send_body(answer)

    def _send_head(self, answer: Answer) -> None:
        gateway = self.server.gateway
        self.send_response(answer.status)
        if answer.content_type is not None:
            self.send_header("Content-Type", answer.content_type)
        if self.server.name == "gateway":
            for name in gateway.profile.request_id_headers[:1]:
                self.send_header(name, shapes.REQUEST_ID)
        for name, value in answer.headers:
            self.send_header(name, value.replace("{url}", gateway.url).replace("{cdn_url}", gateway.cdn_url))
        if answer.announced:
            self.send_header("Content-Length", str(len(answer.body)))
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.flush()

    def _send_body(self, answer: Answer) -> None:
        body = answer.body if answer.cut_after is None else answer.body[: answer.cut_after]
        step = max(1, len(body) // _PIECES) if answer.pace else max(1, len(body))
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            self.wfile.flush()
            self._wait(answer.pace)
        if answer.cut_after is not None:
            self.close_connection = True

    def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the scenario lasts."""
        if seconds:
            self.server.gateway.closing.wait(seconds * self.server.gateway.time_scale)

    def _reset(self) -> None:
        """Close with a reset: no lingering, whatever is unread or unsent is gone."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
