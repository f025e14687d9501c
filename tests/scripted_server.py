"""A socket that does what a test says, for faults below HTTP: it hands over each connection as it was accepted."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

Handler = Callable[[socket.socket], None]


class ScriptedServer:
    """Runs the n-th handler on the n-th connection, the last one on all that follow; ``heard`` is what it read."""

    def __init__(self, *handlers: Handler) -> None:
        self._handlers = handlers
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._open: list[socket.socket] = []
        self.connections = 0
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            connection.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            handler = self._handlers[min(self.connections, len(self._handlers) - 1)]
            self.connections += 1
            threading.Thread(target=self._run, args=(handler, connection), daemon=True).start()

    def _run(self, handler: Handler, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            handler(connection)


def read_request(connection: socket.socket) -> bytes:
    """Read one request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
    )
    while len(body) < length and (piece := connection.recv(65536)):
        body += piece
    return head + b"\r\n\r\n" + body


def sending(*pieces: bytes, pause: float = 0.0) -> Handler:
    """Return a handler that reads a request and sends these bytes."""

    def handle(connection: socket.socket) -> None:
        read_request(connection)
        for piece in pieces:
            connection.sendall(piece)
            threading.Event().wait(pause)

    return handle
