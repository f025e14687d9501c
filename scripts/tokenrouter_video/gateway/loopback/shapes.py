"""The bodies that gateways of the new-api family answer with, by the place in its source that makes them.

Written from the struct definitions of https://github.com/QuantumNous/new-api (``dto/openai_video.go``,
``dto/task.go``, ``relay/relay_task.go``, ``middleware/utils.go``, ``relay/channel/task/*/adaptor.go``); ids, URLs and
texts are made up.
"""

from __future__ import annotations

from typing import Any

from tokenrouter_video.gateway.loopback.answers import Task

CREATED = 1785000000
REQUEST_ID = "20260701120000000000001"


# --- errors


def nested_error(message: str, code: str = "", kind: str = "new_api_error") -> dict[str, Any]:
    """Return an error of the middleware, the proxy or an unknown path."""
    return {"error": {"message": f"{message} (request id: {REQUEST_ID})", "type": kind, "param": "", "code": code}}


def task_error(code: str, message: str) -> dict[str, Any]:
    """Return an error of the task layer."""
    return {"code": code, "message": message, "data": None}


def console_error(message: str) -> dict[str, Any]:
    """Return an error of the console's API, which comes with status 200."""
    return {"success": False, "message": message}


# --- the answer to a submission


def submitted(task: Task) -> dict[str, Any]:
    """Return the answer since October 2025, OpenAI's video object with a second id."""
    return {
        "id": task.id,
        "task_id": task.id,
        "object": "video",
        "model": task.model,
        "status": "queued",
        "progress": 0,
        "created_at": CREATED,
    }


def submitted_kling_native(task: Task) -> dict[str, Any]:
    """Return the answer before October 2025: Kling's own, with the id in front."""
    return {
        "code": 0,
        "message": "SUCCEED",
        "task_id": task.id,
        "request_id": REQUEST_ID,
        "data": {"task_id": task.id, "task_status": "submitted", "created_at": CREATED, "updated_at": CREATED},
    }


# --- what the providers say, which stands in `data.data`


def kling_raw(task: Task, *urls: str) -> dict[str, Any]:
    """Return Kling's own answer: with URLs of a finished task, without of a running one."""
    data: dict[str, Any] = {"task_id": f"83{task.number:018}", "task_status": "succeed" if urls else "processing"}
    if urls:
        videos = [{"id": f"v{place}", "url": url, "duration": "5"} for place, url in enumerate(urls)]
        data["task_result"] = {"videos": videos}
        data["task_info"] = {"parent_video": {"url": "https://files.example/parent.mp4"}}
    return {"code": 0, "message": "SUCCEED", "request_id": REQUEST_ID, "data": data}


def hailuo_raw(task: Task, *urls: str) -> dict[str, Any]:
    """Return MiniMax' own answer, which names a file and never a URL."""
    return {
        "task_id": f"27{task.number:013}",
        "status": "Success" if urls else "Processing",
        "file_id": f"20{task.number:013}" if urls else "",
        "video_width": 1366,
        "video_height": 768,
        "base_resp": {"status_code": 0, "status_msg": "success"},
    }


def seedance_raw(task: Task, *urls: str) -> dict[str, Any]:
    """Return Volcengine Ark's own answer, a last frame beside the video."""
    raw: dict[str, Any] = {
        "id": f"cgt-20260701120000-{task.number:05}",
        "model": task.model,
        "status": "succeeded" if urls else "running",
        "created_at": CREATED,
    }
    if urls:
        raw["content"] = {"video_url": urls[0], "last_frame_url": "https://files.example/last-frame.png?x=1&y=2"}
        raw["usage"] = {"completion_tokens": 108900, "total_tokens": 108900}
    return raw


def provider_raw(task: Task, *urls: str) -> dict[str, Any]:
    """Return what the provider of the task's model says."""
    if "seedance" in task.model:
        return seedance_raw(task, *urls)
    return hailuo_raw(task, *urls) if "Hailuo" in task.model else kling_raw(task, *urls)


# --- the answer to a poll


def task_response(task: Task, status: str, progress: str, raw: object = None, **fields: Any) -> dict[str, Any]:
    """Return ``TaskResponse`` of ``GET /v1/video/generations/:id``; ``fields`` replace or add members."""
    data = {
        "id": 8000 + task.number,
        "created_at": CREATED,
        "updated_at": CREATED + 15,
        "task_id": task.id,
        "platform": "50",
        "user_id": 7,
        "group": "default",
        "channel_id": 12,
        "quota": 250000,
        "action": "textGenerate",
        "status": status,
        "fail_reason": "",
        "submit_time": CREATED,
        "start_time": CREATED + 15,
        "finish_time": CREATED + 110 if progress == "100%" else 0,
        "progress": progress,
        "properties": {
            "input": task.body.get("image") or "",
            "upstream_model_name": task.model,
            "origin_model_name": task.model,
        },
        "data": raw,
    }
    return {"code": "success", "message": "", "data": data | fields}


def openai_video(task: Task, status: str, progress: int, **fields: Any) -> dict[str, Any]:
    """Return OpenAI's video object, as ``GET /v1/videos/:id`` answers."""
    video = {
        "id": task.id,
        "object": "video",
        "model": task.model,
        "status": status,
        "progress": progress,
        "created_at": CREATED,
    }
    return video | fields


def realtime(task: Task, status: str, url: str = "") -> dict[str, Any]:
    """Return the answer for Gemini and Vertex channels, where a poll asks the provider at once."""
    data = {"error": None, "format": "mp4", "metadata": None, "status": status, "task_id": task.id, "url": url}
    return {"code": "success", "message": "", "data": data}


def documented_flat(task: Task, status: str, url: str = "") -> dict[str, Any]:
    """Return what new-api's published reference shows and its code does not send."""
    return {
        "task_id": task.id,
        "status": status,
        "url": url,
        "format": "mp4",
        "metadata": {"duration": 5, "fps": 24, "width": 1280, "height": 720, "seed": 1},
        "error": None,
    }


def newest(task: Task, status: str, progress: str) -> dict[str, Any]:
    """Return the answer of release candidates of summer 2026, which holds no URL."""
    return {
        "task_id": task.id,
        "platform": "1",
        "status": status,
        "progress": progress,
        "fail_reason": "",
        "created_at": CREATED,
        "finished_at": CREATED + 285,
    }
