"""What Goose's own reader takes from a provider's file; runs inside the environment of its SDK."""

from __future__ import annotations

import asyncio
import os
import sys
from importlib import import_module
from pathlib import Path

from consumers.python.answer import answer


def list_models(path: str) -> list[str]:
    """Read the file as the program does, and list the models that it offers without asking the endpoint."""
    provider = import_module("goose").declarative_provider_from_json(Path(path).read_text(encoding="utf-8"))
    return [one.name for one in asyncio.run(provider.list_models())]


answer(list_models)
sys.stdout.flush()
# The SDK's own threads may abort an interpreter that ends in the usual way.
os._exit(0)
