"""Workspaces made of a table of files, and what a search finds in them as short lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tokenrouter_video.channels import Channel
from tokenrouter_video.discovery.search import Discovery, Search, discover

URL = "https://api.tokenrouter.com/v1"
KEY = "example-key-7f2-9c41"


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files, named by their paths, below a folder and return it."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def look(root: Path, files: Mapping[str, str | bytes] | None = None, **options: object) -> Discovery:
    """Search a workspace, after the files were written."""
    write(root, files or {})
    options.setdefault("environ", {})
    return discover(Search(root, **options))  # type: ignore[arg-type]


def only(discovery: Discovery) -> Channel:
    """Return the one channel that there is."""
    assert [channel.id for channel in discovery.channels] == [channel.id for channel in discovery.channels][:1]
    return discovery.channels[0]


def key_of(channel: Channel) -> str:
    """Return how a channel's key is named and what it came to, as one line."""
    key = channel.key
    value = f"{key.secret.reveal()} from {key.resolved_from}" if key.secret is not None else f"no key: {key.problem}"
    return f"{key.reference.source} {key.reference.name}: {value}"


def litellm(url: str = URL, key: str = "os.environ/TR_KEY") -> str:
    """Return a LiteLLM config of one model."""
    return (
        "model_list:\n  - model_name: gpt-4o\n    litellm_params:\n      model: openai/gpt-4o\n"
        f"      api_base: {url}\n      api_key: {key}\n"
    )
