"""What LLM loads from its extra models; runs inside LLM's own environment."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from consumers.python.answer import answer


def list_models(path: str) -> list[str]:
    """Let LLM read the file from its own folder, and list what it sends to a URL of their own."""
    os.environ["LLM_USER_PATH"] = str(Path(path).parent)
    llm = import_module("llm")
    return [one.model_name or one.model_id for one in llm.get_models() if getattr(one, "api_base", None)]


answer(list_models)
