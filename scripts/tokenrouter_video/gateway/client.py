"""The HTTP client of one gateway and one key: where requests go, what they carry, when one may be sent again.

The key goes to one origin, in one header. No redirect is followed, ``.netrc`` is not read, certificates are checked,
cookies are not kept. Proxies are the environment's for the real gateway and none for a loopback one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from tokenrouter_video import __version__
from tokenrouter_video.errors import NoKeyError, UnreachableError
from tokenrouter_video.gateway.exchange import Exchange, NoReplyError
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

if TYPE_CHECKING:
    import httpx

    from tokenrouter_video.gateways import GatewayProfile
    from tokenrouter_video.secrets import Secret

# One token of printable ASCII: nothing that could end a header or start another.
_KEY = regex(r"[\x21-\x7e]{1,512}")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: for a connection, for a whole POST, for a whole question, between two pieces of a file.

    A POST has time: its provider is called before it is answered, and an answer that is not waited for is a request
    whose fate is unknown. It ends before the two minutes after which hosts kill a command.
    """

    connect: float = 10.0
    submit: float = 100.0
    ask: float = 40.0
    piece: float = 60.0


class GatewayClient:
    """Sends requests to one gateway with one key; ``origin`` is where they go.

    ``loopback`` replaces the profile's origin (see :func:`origin.loopback_origin`). Without a key it only fetches
    files. Raises NoKeyError for a key that is no single token, UnreachableError where the environment's proxies cannot
    be used.
    """

    def __init__(
        self,
        profile: GatewayProfile,
        key: Secret | None,
        *,
        loopback: str | None = None,
        timeouts: Timeouts | None = None,
        connect_pauses: tuple[float, ...] = (0.5, 1.0),
    ) -> None:
        if key is not None and not _KEY.fullmatch(key.reveal()):
            raise NoKeyError("what the channel refers to is no key: a key is one word of at most 512 ASCII characters")
        self.profile = profile
        self.origin = loopback or profile.origin
        self.timeouts = timeouts or Timeouts()
        self._key = key
        self._loopback = loopback is not None
        self._connect_pauses = connect_pauses
        # a connection that idled may be dead without our knowing: only questions may find that out, never the POST
        self._submitting = self._new_client(self.timeouts.submit, keep_alive=False)
        self._asking = self._new_client(self.timeouts.ask)
        self._fetching: httpx.Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        for client in (self._submitting, self._asking, self._fetching):
            if client is not None:
                client.close()

    def submission(self, body: Mapping[str, Any]) -> Sending:
        """Prepare the POST of a request body; it leaves when it is run."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        request = self._submitting.build_request(
            self.profile.submit_method,
            self.origin + self.profile.submit_path,
            content=content,
            headers={"Content-Type": "application/json", **self._authorization()},
        )
        return Sending(self._submitting, request, self.timeouts.submit, self._connect_pauses)

    def ask(self, path: str, seconds: float | None = None) -> Reply:
        """GET a path of the gateway, for at most that long; raises NoReplyError where no whole answer comes."""
        request = self._asking.build_request("GET", self.origin + path, headers=self._authorization())
        limit = self.timeouts.ask if seconds is None else min(seconds, self.timeouts.ask)
        exchange = Exchange(self._asking, request)
        exchange.run(max(limit, 0.1))
        reply = _reply(exchange)
        if not exchange.complete:
            raise NoReplyError("the answer was cut off or cannot be decoded", never_left=False)
        return reply

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], *, with_key: bool) -> Iterator[httpx.Response]:
        """GET any http(s) URL and give its answer to be read piece by piece; the key goes to ``origin`` only.

        Raises httpx.HTTPError, also while the answer is read, and httpx.InvalidURL.
        """
        import httpx

        if self._fetching is None:
            self._fetching = self._new_client(self.timeouts.piece, any_origin=True)
        request = self._fetching.build_request(
            "GET", url, headers={"Accept": "*/*", "Accept-Encoding": "identity", **headers}
        )
        # judged by the very URL that the library will connect to
        if with_key and self._key is not None and _origin(request.url) == _origin(httpx.URL(self.origin)):
            request.headers.update(self._authorization())
        response = self._fetching.send(request, stream=True)
        try:
            yield response
        finally:
            response.close()

    def proxy(self) -> str | None:
        """Return the proxy that requests to the gateway go through, as ``host:port``, or None."""
        if self._loopback:
            return None
        from urllib.request import getproxies, proxy_bypass

        parts = urlsplit(self.origin)
        proxies = getproxies()
        address = proxies.get(parts.scheme) or proxies.get("all")
        if not address or proxy_bypass(parts.hostname or ""):
            return None
        try:
            proxy = urlsplit(address if "://" in address else f"http://{address}")
        except ValueError as error:
            raise _no_proxy() from error
        # the address itself may hold a password
        return proxy.netloc.rpartition("@")[2]

    def _authorization(self) -> dict[str, str]:
        if self._key is None:
            raise NoKeyError("a request to the gateway needs the channel's key")
        name, value = self.profile.authorization(self._key.reveal())
        return {name: value}

    def _new_client(self, seconds: float, *, keep_alive: bool = True, any_origin: bool = False) -> httpx.Client:
        import httpx

        agent = f"tokenrouter-video/{__version__}"
        try:
            return httpx.Client(
                headers={"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "gzip"},
                cookies=_no_cookies(),
                timeout=httpx.Timeout(seconds, connect=self.timeouts.connect),
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=None if keep_alive else 0),
                verify=any_origin or _certificates(self.origin),
                trust_env=not self._loopback,
                follow_redirects=False,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise _no_proxy() from error
        except OSError as error:  # what names certificates, and where to log their keys
            raise UnreachableError(
                f"the certificate settings of the environment cannot be used: {error.strerror}; nothing was sent",
                "correct or unset SSL_CERT_FILE, SSL_CERT_DIR and SSLKEYLOGFILE",
            ) from error


class Sending:
    """The POST of one request: run once, from any thread; it is repeated only while it surely has not left."""

    def __init__(
        self, client: httpx.Client, request: httpx.Request, seconds: float, connect_pauses: tuple[float, ...]
    ) -> None:
        self._client = client
        self._request = request
        self._seconds = seconds
        self._pauses = connect_pauses
        self._exchange: Exchange | None = None
        self._given_up = False

    def run(self, sleep: Callable[[float], None] = time.sleep) -> Reply:
        """Send and return the answer, whose body may be cut; raises NoReplyError with whether it surely never left."""
        deadline = time.monotonic() + self._seconds
        pauses = iter(self._pauses)
        while True:
            try:
                return self._once(deadline)
            except NoReplyError as error:
                pause = next(pauses, None)
                over = pause is None or self._given_up or time.monotonic() + pause >= deadline
                if not error.never_left or over:
                    raise
                sleep(pause or 0)

    def _once(self, deadline: float) -> Reply:
        self._exchange = exchange = Exchange(self._client, self._request)
        if self._given_up:
            raise NoReplyError("it was interrupted", never_left=True)
        exchange.run(max(deadline - time.monotonic(), 0.1))
        return _reply(exchange)

    def last_word(self, seconds: float) -> Reply | NoReplyError:
        """Let nothing leave from now on; return the answer if it has come or comes within that time."""
        if self.give_up():
            return NoReplyError("interrupted while sending", never_left=True)
        if self._exchange is not None and self._exchange.has_answer(seconds):
            return _reply(self._exchange)
        return NoReplyError("interrupted while sending", never_left=False)

    def give_up(self) -> bool:
        """Let nothing leave from now on; return whether the request surely has not left."""
        self._given_up = True
        return self._exchange is None or self._exchange.give_up()


def _reply(exchange: Exchange) -> Reply:
    if exchange.status is None:
        raise NoReplyError("no answer came", never_left=False)
    return Reply(exchange.status, exchange.headers, exchange.body)


def _no_proxy() -> UnreachableError:
    return UnreachableError(
        "the proxy settings of the environment cannot be used; nothing was sent",
        "correct or unset HTTPS_PROXY, ALL_PROXY and NO_PROXY (SOCKS proxies are not supported)",
    )


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _certificates(origin: str) -> Any:
    """Return what certificates are checked against; an http origin needs none, and loading them takes time."""
    import ssl

    if origin.startswith("https:"):
        return True
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _no_cookies() -> Any:
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))
