"""One HTTP request with an end to its time, and with certainty about whether it left this machine.

Each request runs on a thread of its own: name resolution, a handshake or a server that sends a byte a minute cannot
hold up a deadline or Ctrl-C. Whether a request may have left is read off the HTTP library's own trace events, never
guessed from the kind of error: httpx' ``trace`` extension, https://www.encode.io/httpcore/extensions/#trace.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tokenrouter_video.gateway import interruption
from tokenrouter_video.gateway.replies import MAX_BODY_BYTES

if TYPE_CHECKING:
    import httpx

# The event with which a request leaves, and those that are known to come before or after it. Any other event, also what
# a later library may call differently, counts as having left.
_LEAVING = "send_request_headers"
_BEFORE = frozenset({"connect_tcp", "connect_unix_socket", "setup_socks5_connection", "start_tls", "retry", "close"})
_AFTER = frozenset({"send_request_body", "receive_response_headers", "receive_response_body", "response_closed"})


class NoReplyError(Exception):
    """No answer came. ``never_left``: surely not a byte of the request was sent; ``reason`` is fit to be shown."""

    def __init__(self, reason: str, *, never_left: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.never_left = never_left


class _Cancelled(Exception):
    """The caller gave up before the request left."""


class Departure:
    """Whether a request may have left; whoever comes first, the sender or who gives up, decides it for good."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = False
        self._cancelled = False
        self.seen = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take one trace event of the HTTP library; raises where the request was given up and must not leave."""
        name, _, stage = event.partition(".")[2].rpartition(".")
        self.seen = True
        if name in _BEFORE or name in _AFTER:
            return
        # a CONNECT to a proxy is no part of the request
        if name == _LEAVING and (stage != "started" or _is_connect(info.get("request"))):
            return
        with self._lock:
            if self._cancelled:
                raise _Cancelled
            self._left = True

    def give_up(self) -> bool:
        """Let nothing leave from now on, and return whether nothing has left so far."""
        with self._lock:
            self._cancelled = True
            return not self._left


def _is_connect(request: object) -> bool:
    return getattr(request, "method", None) == b"CONNECT"


class Exchange:
    """One request under way: start it, wait for its end, read what came."""

    def __init__(self, client: httpx.Client, request: httpx.Request, max_bytes: int = MAX_BODY_BYTES + 1) -> None:
        self._client = client
        self._departure = Departure()
        self._request = request
        self._request.extensions = {**request.extensions, "trace": self._departure.trace}
        self._max_bytes = max_bytes
        self._done = threading.Event()
        self._error: Exception | None = None
        self._body = bytearray()
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.complete = False

    def run(self, seconds: float) -> None:
        """Send the request and read its answer, for at most that long; an exception from outside gives it up.

        Afterwards ``status``, ``headers`` and ``body`` hold what came; ``complete`` tells whether nothing
        below the limit is missing.
        Raises NoReplyError where not even a status came.
        """
        thread = threading.Thread(target=self._work, name="exchange", daemon=True)
        try:
            with interruption.held():  # signals are for the thread that waits
                thread.start()
        except RuntimeError:  # no more threads are to be had
            raise NoReplyError("the request could not be started", never_left=self._departure.give_up()) from None
        finished = self._done.wait(seconds)
        if self.status is not None:
            return
        never_left = self._departure.give_up()
        if not finished:
            raise NoReplyError(
                f"no answer within {seconds:.0f} seconds", never_left=never_left and self._departure.seen
            )
        error = self._error or RuntimeError("no reason")
        certain = self._departure.seen or _is_about_connecting(error)
        raise NoReplyError(_describe(error), never_left=never_left and certain)

    @property
    def body(self) -> bytes:
        """What was read of the body, at most the limit."""
        return bytes(self._body[: self._max_bytes])

    def has_answer(self, seconds: float) -> bool:
        """Wait for the end of a request that was interrupted, for at most that long; return whether a status came."""
        self._done.wait(seconds)
        return self.status is not None

    def give_up(self) -> bool:
        """Stop a request that was interrupted; return whether it surely never left."""
        return self._departure.give_up()

    def _work(self) -> None:
        try:
            response = self._client.send(self._request, stream=True)
            try:
                self.headers = {name.lower(): value for name, value in response.headers.items()}
                self.status = response.status_code
                for chunk in plain_bytes(response):
                    self._body += chunk
                    if len(self._body) >= self._max_bytes:
                        break
                self.complete = True
            finally:
                response.close()
        except Exception as error:  # any of the library's many; the caller sorts them
            self._error = error
        finally:
            self._done.set()


def plain_bytes(response: httpx.Response) -> Iterator[bytes]:
    """Yield a body piece by piece, decoded; raises httpx.DecodingError for one that was compressed more than once.

    Each pass multiplies what a piece can become by a thousand, and no server does that in earnest.
    """
    import httpx

    if "," in response.headers.get("content-encoding", ""):
        raise httpx.DecodingError("compressed more than once", request=response.request)
    return response.iter_bytes()


def _is_about_connecting(error: Exception) -> bool:
    import httpx

    return isinstance(
        error,
        httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError | httpx.UnsupportedProtocol,
    )


def _describe(error: Exception) -> str:
    """Say what went wrong on the wire; the library's text about the connection is kept, it holds no header."""
    import httpx

    kinds: tuple[tuple[type[Exception], str], ...] = (
        (httpx.ConnectTimeout, "the connection was not made in time"),
        (httpx.ConnectError, "no connection"),
        (httpx.ProxyError, "the proxy refused"),
        (httpx.ReadTimeout, "no answer came in time"),
        (httpx.WriteTimeout, "the request could not be sent in time"),
        (httpx.PoolTimeout, "no connection was free in time"),
        (httpx.ReadError, "the connection broke before an answer came"),
        (httpx.WriteError, "the connection broke while the request was sent"),
        (httpx.RemoteProtocolError, "the answer was no valid HTTP"),
    )
    text = next((text for kind, text in kinds if isinstance(error, kind)), None)
    if text is None:  # an error of a kind that nobody foresaw may quote a header
        return f"the request failed ({type(error).__name__})"
    detail = " ".join(str(error).split())[:200]
    return f"{text} ({detail})" if detail else text
