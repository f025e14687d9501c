"""Judge a submission as the real gateway does, errors included; independent of the program's own validator.

From new-api's ``relay/common/relay_utils.go`` and ``middleware/distributor.go``, and for the models' own rules from the
user document that the project was asked for with.
"""

from __future__ import annotations

import json
from typing import Any

from tokenrouter_video.gateway.loopback.answers import Answer, Request, json_answer
from tokenrouter_video.gateway.loopback.shapes import nested_error, task_error

OFFERED = (
    "MiniMax-Hailuo-2.3",
    "kling-v3",
    "kling-v2-6",
    "dreamina-seedance-2-0-fast-260128",
    "dreamina-seedance-2-0-260128",
)

_HAILUO_PAIRS = (("1080P", 6), ("768P", 10), ("768P", 6))
_TYPES: tuple[tuple[str, type, str], ...] = (
    ("prompt", str, "string"),
    ("mode", str, "string"),
    ("image", str, "string"),
    ("size", str, "string"),
    ("seconds", str, "string"),
    ("images", list, "[]string"),
)


def refusal(request: Request) -> Answer | None:
    """Return the error that the gateway answers a submission with, ``None`` where it accepts it."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        # a body of another type is not even looked at
        return json_answer(nested_error("Model name not specified, model name cannot be empty"), 400)
    try:
        body = json.loads(request.body)
    except ValueError:
        return json_answer(nested_error("Invalid request: invalid character in JSON"), 400)
    if not isinstance(body, dict):
        return json_answer(nested_error("Invalid request: json: cannot unmarshal array into Go value"), 400)
    model = body.get("model")
    if not isinstance(model, str) or not model:
        return json_answer(nested_error("Model name not specified, model name cannot be empty"), 400)
    if model not in OFFERED:
        message = f"No available channel for model {model} under group default (distributor)"
        return json_answer(nested_error(message, "model_not_found"), 503)
    return _task_refusal(model, body)


def _task_refusal(model: str, body: dict[str, Any]) -> Answer | None:
    for name, kind, go_type in _TYPES:
        if name in body and not isinstance(body[name], kind):
            message = f"json: cannot unmarshal value into Go struct field TaskSubmitReq.{name} of type {go_type}"
            return json_answer(task_error("invalid_request", message), 400)
    if not str(body.get("prompt", "")).strip():
        return json_answer(task_error("invalid_request", "prompt is required"), 400)
    metadata = body.get("metadata", {})
    if not isinstance(metadata, dict):
        return json_answer(task_error("invalid_request", "metadata must be an object"), 400)
    if model.startswith("MiniMax"):
        if (body.get("size"), body.get("duration")) not in _HAILUO_PAIRS:
            return json_answer(task_error("2013", "hailuo api error: invalid params, size and duration"), 400)
    elif model.startswith("kling"):
        if not isinstance(body.get("mode"), str) or not isinstance(body.get("duration"), str):
            return json_answer(task_error("task_failed", "mode and duration are required strings"), 400)
    elif not _is_integer(metadata.get("duration", 5)):
        message = (
            "unmarshal metadata failed: json: cannot unmarshal string into Go struct field requestPayload.duration"
        )
        return json_answer(task_error("build_request_failed", message), 500)
    return None


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
