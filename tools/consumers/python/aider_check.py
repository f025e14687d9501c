"""What aider loads from its model settings; runs inside aider's own environment."""

from __future__ import annotations

from importlib import import_module

from consumers.python.answer import answer


def list_models(path: str) -> list[str]:
    """Register the file as aider does when it starts, and list the models that go to a URL of their own."""
    models = import_module("aider.models")
    if models.register_models([path]) != [path]:
        raise ValueError("aider passed over the file")
    return [one.name for one in models.MODEL_SETTINGS if (one.extra_params or {}).get("api_base")]


answer(list_models)
