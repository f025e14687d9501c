"""What a Python module holds once it is compiled and imported; runs with any Python."""

from __future__ import annotations

import importlib.util
import py_compile

from consumers.python.answer import answer


def list_models(path: str) -> list[str]:
    """Compile and import the module, and list the ids of its ``VIDEO_MODELS`` and ``MODELS``."""
    py_compile.compile(path, doraise=True)
    spec = importlib.util.spec_from_file_location("checked", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [one if isinstance(one, str) else one["id"] for one in module.MODELS]


answer(list_models)
