"""What Kimi CLI loads from a config file; runs inside Kimi CLI's own environment."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from consumers.python.answer import answer


def list_models(path: str) -> list[str]:
    """Load the file as the program does when it starts, and list its models behind their providers."""
    config = import_module("kimi_cli.config").load_config(Path(path))
    if not config.models:
        raise ValueError("the defaults were loaded in the file's place")
    return [f"{one.provider}/{one.model}" for one in config.models.values()]


answer(list_models)
