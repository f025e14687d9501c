"""What a scenario is made of: a request as it came, a task as it stands, an answer as it is to be sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeAlias

from tokenrouter_video.records import dataclass, field


class Fault(Enum):
    """What happens instead of an answer."""

    RESET_UNREAD = "the connection is reset before a byte of the request was read"
    RESET_READ = "the connection is reset after the whole request was read"
    CLOSE_READ = "the connection is closed in good order after the whole request was read"
    NOT_HTTP = "bytes come that are no HTTP"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, and how it misbehaves.

    ``delay`` is in seconds before anything is sent, ``pace`` between sixteen pieces of the body; both are multiplied by
    the gateway's time scale. ``cut_after`` cuts the connection behind so many bytes of a body announced whole.
    ``announced`` False sends no Content-Length; the end of the connection is the end of the body.
    """

    status: int = 200
    body: bytes = b""
    content_type: str | None = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    pace: float = 0.0
    cut_after: int | None = None
    announced: bool = True
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; ``server`` is ``gateway`` or ``cdn``, ``path`` is without the query, still encoded."""

    server: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def key(self) -> str:
        """The bearer token, empty where there is none."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.casefold() == "bearer" else ""

    @property
    def json(self) -> Any:
        """The body as JSON; raises ValueError where it is none."""
        return json.loads(self.body)


@dataclass(slots=True)
class Task:
    """A task that the gateway accepted. ``finished`` once a poll said so."""

    id: str
    number: int
    key: str
    body: dict[str, Any]
    polls: int = 0
    finished: bool = False

    @property
    def model(self) -> str:
        """The model that the request named."""
        return str(self.body.get("model", ""))


class NoKeyGivenError(Exception):
    """The request has no credential, or one that this gateway does not take."""


class UnknownTaskError(Exception):
    """No task of this id belongs to this key."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request at one endpoint: what a step needs to make its answer.

    ``number`` counts the earlier requests at this endpoint, at those of a task those for this task. ``url`` and
    ``cdn_url`` are the gateway's own base URL and that of its store of files.
    """

    request: Request
    number: int
    url: str
    cdn_url: str
    video: bytes
    found_task: Task | None
    accept: Callable[[dict[str, Any]], Task]
    takes_key: Callable[[str], bool] = field(default=bool)

    def require_key(self) -> None:
        """Raise NoKeyGivenError where the request has no key that the gateway takes."""
        if not self.takes_key(self.request.key):
            raise NoKeyGivenError

    @property
    def task(self) -> Task:
        """The task that the path names; raises NoKeyGivenError or UnknownTaskError."""
        self.require_key()
        if self.found_task is None or self.found_task.key != self.request.key:
            raise UnknownTaskError
        return self.found_task

    @property
    def video_url(self) -> str:
        """Where the task's video is: presigned as by Volcengine's store, for a day from 2026-07-01."""
        return (
            f"{self.cdn_url}/videos/{self.task.number}.mp4?X-Tos-Algorithm=TOS4-HMAC-SHA256"
            "&X-Tos-Date=20260701T120000Z&X-Tos-Expires=86400&X-Tos-Signature=0123abcd"
        )


Step: TypeAlias = Answer | Callable[[Visit], Answer]


def go_json(value: object) -> bytes:
    r"""Encode as Go's ``encoding/json`` does, which is what the real gateway is written in: ``&`` is ``\u0026``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e").encode()


def json_answer(value: object, status: int = 200, **changes: Any) -> Answer:
    """Return an answer with a JSON body."""
    return Answer(status, go_json(value), **changes)


def html_answer(status: int = 200, title: str = "TokenRouter") -> Answer:
    """Return a page for people."""
    page = f'<!doctype html><html><head><title>{title}</title></head><body><div id="root"></div></body></html>'
    return Answer(status, page.encode(), content_type="text/html; charset=utf-8")


def empty_answer(status: int = 200, **changes: Any) -> Answer:
    """Return an answer without a body and without a type."""
    return Answer(status, b"", content_type=None, **changes)
