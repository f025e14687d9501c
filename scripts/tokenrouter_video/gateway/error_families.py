"""Read an error out of an answer, whichever of the gateway's forms it has, and say what it means to the user.

The forms, by where new-api makes them: its middleware and its proxy nest ``{"error": {"message", "type", "code"}}``
(``middleware/utils.go``), the task layer is flat ``{"code", "message", "data": null}`` (``dto/task.go``), the console
answers 200 with ``{"success": false, "message"}``, and a provider's raw body may hold ``base_resp``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tokenrouter_video.gateway.wording import cut, message_text
from tokenrouter_video.gateway_answers import Cause, ErrorRule
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.records import dataclass

# Codes with which an envelope says that all is well.
_GOOD_CODES = frozenset({"", "0", "200", "ok", "success", "succeed"})
_MESSAGE_NAMES = ("message", "msg", "detail", "error_description", "status_msg")
_MAX_CODE = 100

# What an HTTP status means where the body's code says nothing more (RFC 9110; 402 as such gateways use it).
_STATUS_CAUSES: Mapping[int, Cause] = {
    401: Cause.KEY,
    402: Cause.BALANCE,
    403: Cause.FORBIDDEN,
    404: Cause.NOT_THE_API,
    405: Cause.NOT_THE_API,
    413: Cause.TOO_LARGE,
    425: Cause.RATE,
    429: Cause.RATE,
    501: Cause.NOT_THE_API,
}
_RETRYABLE_STATUSES = frozenset({409, 425, 429})
# A client error that is the word of a clock, not of a judge: the provider behind the gateway may have the task.
_TIMEOUT_STATUSES = frozenset({408, 499})


@dataclass(frozen=True, slots=True)
class GatewayError:
    """An error as the gateway words it: bounded, on one line; ``code`` may be empty.

    ``from_console``: the answer is of the console's form, so it is not the video API that answered.
    """

    code: str
    message: str
    from_console: bool = False


def read_error(document: Mapping[str, Any]) -> GatewayError | None:
    """Return the error that an object reports; ``None`` where it reports none. The HTTP status plays no part."""
    nested = document.get("error")
    if isinstance(nested, dict) and nested:
        return GatewayError(_code(nested.get("code")) or _code(nested.get("type")), _message(nested))
    if isinstance(nested, str) and nested.strip():
        return GatewayError(_code(document.get("code")), _text(nested))
    if document.get("success") is False:
        return GatewayError(_code(document.get("code")), _message(document), from_console=True)
    code = _code(document.get("code"))
    if code.casefold() not in _GOOD_CODES:
        return GatewayError(code, _message(document))
    provider = document.get("base_resp")
    if isinstance(provider, dict) and (code := _code(provider.get("status_code"))) not in _GOOD_CODES:
        return GatewayError(code, _message(provider))
    return None


def any_message(document: Mapping[str, Any]) -> str:
    """Return the message of an object that came with an error status, whatever form it has."""
    error = read_error(document)
    return error.message if error else _message(document)


def rule_for(profile: GatewayProfile, error: GatewayError | None) -> ErrorRule | None:
    """Return what the profile knows about an error's code."""
    return profile.answers.error_rules.get(error.code) if error else None


def cause_of(rule: ErrorRule | None, status: int) -> Cause:
    """Return why the gateway refused, from the code where it is known, else from the HTTP status."""
    if rule:
        return rule.cause
    return _STATUS_CAUSES.get(status, Cause.REQUEST if 400 <= status < 500 else Cause.SERVER)


def is_certain(rule: ErrorRule | None, status: int) -> bool:
    """Tell whether an error answer to a submission means that surely nothing was accepted."""
    if rule and rule.certain is not None:
        return rule.certain
    return 400 <= status < 500 and status not in _TIMEOUT_STATUSES


def is_retryable(rule: ErrorRule | None, status: int) -> bool:
    """Tell whether the same request may be accepted later without anybody doing anything."""
    if rule and rule.retryable is not None:
        return rule.retryable
    return status in _RETRYABLE_STATUSES


def remedy_for(profile: GatewayProfile, cause: Cause) -> str:
    """Return what to try when a submission was refused for that cause."""
    match cause:
        case Cause.KEY:
            return (
                f"The key is wrong, expired, disabled or used up: check it at {profile.sign_up_url}, "
                "then run: tokenrouter-video check"
            )
        case Cause.FORBIDDEN:
            return (
                "The account or the key may not do this (a model that was not granted, an address that is not "
                "allowed, an account that is blocked). What the key may use: tokenrouter-video check"
            )
        case Cause.BALANCE:
            return (
                f"Top up the account, or raise the key's limit, at {profile.sign_up_url}; then send the request again."
            )
        case Cause.MODEL:
            return (
                "The gateway does not offer this model to the key now; sending again will not help. "
                "What it offers: tokenrouter-video check"
            )
        case Cause.REQUEST:
            return "Correct the request. The models' rules: tokenrouter-video models"
        case Cause.CONTENT:
            return "Change the prompt or the picture: the provider's content check refused it."
        case Cause.TOO_LARGE:
            return "Make the request smaller; give pictures as URLs."
        case Cause.RATE:
            return "Wait a while, then send the request again."
        case Cause.UPSTREAM:
            return "The provider behind the gateway refused: do as its words say, or send the request again later."
        case Cause.TASK_MISSING:
            return "Check the task id, and that the channel's key is of the account that made the task."
        case Cause.NOT_THE_API:
            return (
                "This is no answer of the video API: look for a proxy or a login page in between, "
                "and at --gateway-url where it was given."
            )
        case Cause.SERVER:
            return "Try again later."


def quoted(error_code: str, message: str, status: int) -> str:
    """Return an error in one phrase: ``HTTP 403, insufficient_user_quota: balance too low``."""
    code = f", {error_code}" if error_code else ""
    return f"HTTP {status}{code}" + (f": {message}" if message else "")


def _code(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**_MAX_CODE else ""
    return cut(message_text(value), _MAX_CODE) if isinstance(value, str) else ""


def _message(document: Mapping[str, Any]) -> str:
    values = (document.get(name) for name in _MESSAGE_NAMES)
    return next((_text(value) for value in values if isinstance(value, str) and value.strip()), "")


def _text(message: str) -> str:
    """Return a message for the user: where a provider's raw body was passed on as text, the message inside it."""
    if message.lstrip().startswith("{") and len(message) < 100_000:
        try:
            inner = json.loads(message)
        except (ValueError, RecursionError):
            inner = None
        if isinstance(inner, dict):
            nested = inner.get("error")
            values = ((nested if isinstance(nested, dict) else inner).get(name) for name in _MESSAGE_NAMES)
            found = next((value for value in values if isinstance(value, str) and value.strip()), None)
            return message_text(found or message)
    return message_text(message)
