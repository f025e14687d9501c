"""What Hermes Agent offers to choose from; runs inside its own environment, HERMES_HOME beside the config."""

from __future__ import annotations

from importlib import import_module

from consumers.python.answer import answer


def list_models(_path: str) -> list[str]:
    """Load the config as the program does when it starts, and list what its model picker shows, without asking."""
    load = import_module("hermes_cli.config")
    config = load.load_config()
    own = load.get_compatible_custom_providers(config)
    if not own:
        raise ValueError("the defaults were loaded in the file's place")
    providers = import_module("hermes_cli.model_switch").list_authenticated_providers(
        user_providers=config.get("providers"), custom_providers=own, probe_custom_providers=False
    )
    return [f"{one['name']}/{model}" for one in providers for model in one["models"]]


answer(list_models)
