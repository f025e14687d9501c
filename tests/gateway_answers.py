"""Answers as a gateway gives them, for the tests that read them."""

from tokenrouter_video.gateway.loopback.answers import Task, go_json
from tokenrouter_video.gateway.replies import Reply
from tokenrouter_video.gateways import TOKENROUTER

JSON_TYPE = {"content-type": "application/json; charset=utf-8"}
HTML = Reply(200, {"Content-Type": "text/html; charset=utf-8"}, b"<!doctype html><html></html>")
EMPTY = Reply(200, {}, b"")
VIDEO = "https://cdn.example/v.mp4?X-Sig=a&Expires=1"
TASK = Task("task_1", 1, "example-key-7f2", {"model": "kling-v3", "prompt": "a", "image": "https://example.com/in.png"})


def reply(value: object, status: int = 200, **headers: str) -> Reply:
    """Return an answer with a JSON body."""
    return Reply(
        status, {**JSON_TYPE, **{name.replace("_", "-"): text for name, text in headers.items()}}, go_json(value)
    )


def nested(message: str, code: str = "") -> dict[str, object]:
    """Return an error as the gateway's middleware words it."""
    return {"error": {"message": message, "type": "new_api_error", "code": code}}


def flat(code: str, message: str = "words") -> dict[str, object]:
    """Return an error as the gateway's task layer words it."""
    return {"code": code, "message": message, "data": None}


PROFILE = TOKENROUTER
