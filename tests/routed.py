"""A config in a workspace, found and routed as the commands do it, for tests that compare whole texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tokenrouter_video.catalog import MODELS
from tokenrouter_video.channels import Channel
from tokenrouter_video.discovery.search import Search, discover
from tokenrouter_video.documents.values import Value
from tokenrouter_video.routing.plan import RoutePlan, plan_route


def channels_in(folder: Path, files: Mapping[str, str | bytes]) -> tuple[Channel, ...]:
    """Write files into a workspace and return the channels that are found there."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    search = Search(workspace=folder, config=None, user_configs=False, environ={}, allow_key_files=())
    return discover(search).channels


def planned(folder: Path, name: str, text: str | bytes, model: str, entry: Value = None) -> RoutePlan:
    """Return the plan for the one channel of one file."""
    (channel,) = channels_in(folder, {name: text})
    return plan_route(channel, MODELS[model], entry)


def routed(folder: Path, name: str, text: str, model: str, entry: Value = None) -> str:
    """Return the file's text after the edit; a second run over it must find nothing to do."""
    plan = planned(folder, name, text, model, entry)
    (file,) = plan.files
    (again,) = channels_in(folder, {name: file.text})
    second = plan_route(again, MODELS[model])
    assert second.status == "unchanged", second
    return file.text


def before_and_after(marked: str) -> tuple[str, str]:
    """Return a text without what stands between ``<+`` and ``+>``, and with it: the edit that a test expects."""
    parts = marked.replace("+>", "<+").split("<+")
    assert len(parts) > 1
    assert len(parts) % 2 == 1
    return "".join(parts[::2]), "".join(parts)
