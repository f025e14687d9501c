"""What the answer to a poll says: the task's state, a hiccup, an end of asking, or that this is not the API at all."""

from __future__ import annotations

from typing import Any, TypeAlias

from tokenrouter_video.gateway.error_families import (
    GatewayError,
    any_message,
    cause_of,
    quoted,
    read_error,
    remedy_for,
    rule_for,
)
from tokenrouter_video.gateway.replies import Reply, describe, first_text, json_object, retry_after, values_at
from tokenrouter_video.gateway.web_urls import clean_url
from tokenrouter_video.gateway.wording import message_text
from tokenrouter_video.gateway_answers import Cause, ErrorRule, TaskStatus
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.records import dataclass

_PASSING_STATUSES = frozenset({408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class TaskState:
    """The task as the gateway sees it.

    ``word`` is its own status word, for showing; ``UNKNOWN`` with an empty word: it said nothing about the task.
    ``progress`` is in percent, ``None`` where unknown; ``message`` says why a failed task failed.
    """

    status: TaskStatus
    word: str
    progress: int | None
    message: str
    payload: dict[str, Any]
    http_status: int


@dataclass(frozen=True, slots=True)
class Transient:
    """No state this time, asking again is right; ``retry_after`` in seconds where the gateway asks for it."""

    message: str
    code: str
    retry_after: float | None
    payload: dict[str, Any] | None
    http_status: int


@dataclass(frozen=True, slots=True)
class Permanent:
    """Asking again will not help. ``TASK_MISSING`` shortly after the submission is the exception: ride it out.

    ``message`` holds the gateway's own words; the task may go on all the same.
    """

    message: str
    remedy: str
    cause: Cause
    code: str
    payload: dict[str, Any] | None
    http_status: int


@dataclass(frozen=True, slots=True)
class NotTheApi:
    """HTML, an empty body, a redirect, a 404, the console: on a path that has never answered, try the next path.

    ``otherwise`` is what the same answer means on a path that is known to be right.
    """

    message: str
    http_status: int
    otherwise: Transient | Permanent


PollAnswer: TypeAlias = TaskState | Transient | Permanent | NotTheApi


def read_task(profile: GatewayProfile, reply: Reply, *, now: float | None = None) -> PollAnswer:
    """Judge the answer to a poll; any bytes give one of the four, nothing is raised.

    An envelope's own ``success`` only means that the query worked: inner status words go first. An object that says
    nothing about the task (``{"code": "success", "data": null}``) is a state too, one to wait on.
    """
    document = json_object(reply)
    error = read_error(document) if document else None
    if reply.is_success and document is not None:
        word = first_text(document, profile.answers.status_places)
        if word is not None:
            return _state(profile, reply, document, word.strip()[:100])
        if error is None:
            return _state(profile, reply, document, "")
    meaning = _judge(profile, reply, document, error, now)
    if document is None or reply.is_redirect or reply.status == 404 or (error and error.from_console):
        return NotTheApi(f"The answer is not the video API's: {_said(reply, document, error)}.", reply.status, meaning)
    return meaning


def _state(profile: GatewayProfile, reply: Reply, document: dict[str, Any], word: str) -> TaskState:
    status = profile.answers.status_of(word) if word else TaskStatus.UNKNOWN
    return TaskState(
        status=status,
        word=message_text(word),
        progress=_progress(profile, document),
        message=_failure(profile, document) if status is TaskStatus.FAILED else "",
        payload=document,
        http_status=reply.status,
    )


def _judge(
    profile: GatewayProfile,
    reply: Reply,
    document: dict[str, Any] | None,
    error: GatewayError | None,
    now: float | None,
) -> Transient | Permanent:
    rule = rule_for(profile, error)
    code = error.code if error else ""
    said = _said(reply, document, error)
    if _passes(reply, rule, error):
        return Transient(
            f"The gateway did not tell the task's state: {said}.", code, retry_after(reply, now), document, reply.status
        )
    cause = _cause(reply, rule)
    return Permanent(
        f"The gateway does not tell the task's state: {said}. The task itself may go on, and may be billed.",
        _remedy(profile, cause),
        cause,
        code,
        document,
        reply.status,
    )


def _passes(reply: Reply, rule: ErrorRule | None, error: GatewayError | None) -> bool:
    """Tell whether an answer without a state is worth asking again."""
    if rule and rule.cause is Cause.TASK_MISSING:
        return False
    if reply.is_success:  # HTML or nothing, or an error in a good envelope
        return not (error and error.from_console) and not (rule and rule.certain)
    return reply.status in _PASSING_STATUSES or (reply.status >= 500 and reply.status != 501)


def _cause(reply: Reply, rule: ErrorRule | None) -> Cause:
    if reply.status == 404:
        return Cause.TASK_MISSING
    if reply.is_redirect or (reply.is_success and rule is None):
        return Cause.NOT_THE_API
    return cause_of(rule, reply.status)


def _remedy(profile: GatewayProfile, cause: Cause) -> str:
    """Return what to try; the request is accepted already, so keys and quotas read differently than before it."""
    match cause:
        case Cause.KEY | Cause.BALANCE:
            return (
                "The task id is kept. The submission may have used up the key's quota, and a used-up key counts as "
                f"invalid: top up at {profile.sign_up_url}, then resume."
            )
        case Cause.FORBIDDEN:
            return (
                "The task id is kept. Some gateways let a key that is limited to certain models submit but not ask: "
                "resume with the same key later, or look the task up in the console."
            )
        case Cause.REQUEST | Cause.SERVER | Cause.UPSTREAM:
            return "The task id is kept: resume later, or look the task up in the console."
        case _:
            return remedy_for(profile, cause)


def _said(reply: Reply, document: dict[str, Any] | None, error: GatewayError | None) -> str:
    if document is None or reply.is_redirect:
        return describe(reply)
    return quoted(error.code if error else "", any_message(document), reply.status)


def _progress(profile: GatewayProfile, document: dict[str, Any]) -> int | None:
    """Return the progress in percent, which comes as ``50`` and as ``"50%"``."""
    for place in profile.answers.progress_places:
        for value in values_at(document, place):
            text = value.strip().removesuffix("%") if isinstance(value, str) else value
            if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 3:
                text = int(text)
            if isinstance(text, int | float) and not isinstance(text, bool) and 0 <= text <= 100:
                return int(text)
    return None


def _failure(profile: GatewayProfile, document: dict[str, Any]) -> str:
    """Return why the task failed; neither a URL nor an envelope's word for "all is well" is a reason."""
    values = (value for place in profile.answers.failure_places for value in values_at(document, place))
    texts = (value for value in values if isinstance(value, str) and value.strip())
    return next(
        (
            message_text(text)
            for text in texts
            if clean_url(text) is None and profile.answers.status_of(text) is TaskStatus.UNKNOWN
        ),
        "",
    )
