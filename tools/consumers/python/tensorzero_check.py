"""What TensorZero's gateway serves; runs inside its own environment, with the gateway embedded.

It lists nothing: each model that the file names is called, which fails at the network for those that it knows.
"""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

from consumers.python.answer import answer


def list_models(path: str) -> list[str]:
    """Start the gateway with the file, and list the models that it does not call unknown."""
    gateway = import_module("tensorzero").TensorZeroGateway.build_embedded(config_file=path)
    names = tomllib.loads(Path(path).read_text(encoding="utf-8"))["models"]
    return [name for name in names if _knows(gateway, name)]


def _knows(gateway: Any, name: str) -> bool:
    try:
        gateway.inference(model_name=name, input={"messages": [{"role": "user", "content": "hello"}]})
    except Exception as error:
        return "not found in model table" not in str(error)
    raise RuntimeError("the gateway reached a provider")


answer(list_models)
