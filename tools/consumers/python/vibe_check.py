"""What Mistral Vibe loads from its home folder; runs inside Vibe's own environment, VIBE_HOME beside the config."""

from __future__ import annotations

import asyncio
from importlib import import_module

from consumers.python.answer import answer


def list_models(_path: str) -> list[str]:
    """Load the user's config as the program does when it starts, and list the models that it offers, with providers."""
    import_module("vibe.core.config.harness_files").init_harness_files_manager("user")
    build = import_module("vibe.core.config.default_orchestrator").build_user_config_orchestrator
    config = asyncio.run(build()).config
    return [f"{one.provider}/{one.name}" for one in config.available_models().values()]


answer(list_models)
