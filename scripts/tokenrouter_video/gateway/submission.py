"""What the answer to a submission says: accepted, refused, or nothing that one could rely on."""

from __future__ import annotations

from typing import Any, TypeAlias

from tokenrouter_video.gateway.error_families import (
    GatewayError,
    any_message,
    cause_of,
    is_certain,
    is_retryable,
    quoted,
    read_error,
    remedy_for,
    rule_for,
)
from tokenrouter_video.gateway.replies import (
    Reply,
    describe,
    first_text,
    json_object,
    request_id,
    retry_after,
    values_at,
)
from tokenrouter_video.gateway_answers import Cause, TaskStatus
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.records import dataclass

MAX_ID_LENGTH = 512

# RFC 9110, 15.4: the request is to be made elsewhere, so it was not carried out here. A 303, and by custom a 302, can
# follow a request that was.
_REDIRECTS_BEFORE_WORK = frozenset({301, 307, 308})


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway made a task. ``status`` and ``word`` are what it says of the task already; ``payload`` the answer."""

    task_id: str
    status: TaskStatus
    word: str
    payload: dict[str, Any]
    http_status: int
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway surely made no task: exit code 8.

    ``message`` says what happened in whole sentences, billing included, ``remedy`` what to try. ``code`` is the
    gateway's own, may be empty. ``retry_after`` is in seconds.
    """

    message: str
    remedy: str
    cause: Cause
    code: str
    retryable: bool
    retry_after: float | None
    payload: dict[str, Any] | None
    http_status: int
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Unclear:
    """The gateway may have made a task, and may bill it: exit code 11, never sent again by itself."""

    message: str
    remedy: str
    code: str
    payload: dict[str, Any] | None
    http_status: int
    request_id: str | None


Submission: TypeAlias = Accepted | Refused | Unclear


def read_submission(profile: GatewayProfile, reply: Reply, *, now: float | None = None) -> Submission:
    """Judge the answer to a submission; any bytes give one of the three, nothing is raised.

    Only what is certain is a refusal: a client error, a code that the profile knows, a redirect that says "not here".
    An unknown server error, a success without an id, HTML and empty answers are unclear.
    """
    document = json_object(reply)
    error = read_error(document) if document else None
    if reply.is_success:
        return _read_success(profile, reply, document, error)
    rule = rule_for(profile, error)
    certain = reply.status in _REDIRECTS_BEFORE_WORK if reply.is_redirect else is_certain(rule, reply.status)
    if not certain:
        return _unclear(profile, reply, document, error)
    message = any_message(document) if document else ""
    said = quoted(error.code if error else "", message, reply.status) if document else describe(reply)
    cause = Cause.NOT_THE_API if reply.is_redirect else cause_of(rule, reply.status)
    retryable = is_retryable(rule, reply.status)
    wait = retry_after(reply, now)
    return Refused(
        message=f"The gateway refused the request: {said}. No task was made, and nothing is billed.",
        remedy=remedy_for(profile, cause) + (f" It asks to wait {wait:.0f} seconds." if retryable and wait else ""),
        cause=cause,
        code=error.code if error else "",
        retryable=retryable,
        retry_after=wait,
        payload=document,
        http_status=reply.status,
        request_id=request_id(profile, reply),
    )


def _read_success(
    profile: GatewayProfile, reply: Reply, document: dict[str, Any] | None, error: GatewayError | None
) -> Submission:
    task_id = _task_id(profile, document)
    word = (first_text(document, profile.answers.status_places) or "").strip()[:100]
    status = profile.answers.status_of(word)
    # an id beside an error may be the request's; a task that failed at once says so with a status word
    if document is not None and task_id and (error is None or status is not TaskStatus.UNKNOWN):
        return Accepted(task_id, status, word, document, reply.status, request_id(profile, reply))
    rule = rule_for(profile, error)
    if document is not None and error and ((rule and rule.certain) or (error.from_console and not rule)):
        cause = rule.cause if rule else Cause.NOT_THE_API
        said = quoted(error.code, error.message, reply.status)
        return Refused(
            message=f"The gateway refused the request: {said}. No task was made, and nothing is billed.",
            remedy=remedy_for(profile, cause),
            cause=cause,
            code=error.code,
            retryable=bool(rule and rule.retryable),
            retry_after=None,
            payload=document,
            http_status=reply.status,
            request_id=request_id(profile, reply),
        )
    return _unclear(profile, reply, document, error)


def _unclear(
    profile: GatewayProfile, reply: Reply, document: dict[str, Any] | None, error: GatewayError | None
) -> Unclear:
    if document is None:
        said = describe(reply)
    elif error or not reply.is_success:
        said = quoted(error.code if error else "", any_message(document), reply.status)
    else:
        said = f"HTTP {reply.status} without a task id"
    return Unclear(
        message=f"The gateway's answer does not say what became of the request: {said}. It may have been accepted, "
        "and may be billed. It is not sent again by itself.",
        remedy=f"Look for the task in the task log of {profile.title}'s console ({profile.sign_up_url}) before sending "
        "the request again.",
        code=error.code if error else "",
        payload=document,
        http_status=reply.status,
        request_id=request_id(profile, reply),
    )


def _task_id(profile: GatewayProfile, document: dict[str, Any] | None) -> str | None:
    """Return the first usable id at the profile's places; numbers are skipped, they are rows of a data base."""
    values = (value for place in profile.answers.id_places for value in values_at(document, place))
    return next((value for value in values if is_task_id(value)), None)


def is_task_id(value: object) -> bool:
    """Tell whether a value can be a task's id: printable text of 1 to 512 characters that is no step of a path."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_ID_LENGTH
        and value.isprintable()
        and bool(value.strip())
        and value not in (".", "..")
    )
