"""What LiteLLM's proxy loads from a config file; runs inside LiteLLM's own environment."""

from __future__ import annotations

import asyncio
from importlib import import_module

from consumers.python.answer import answer


def list_models(path: str) -> list[str]:
    """Load the file as the proxy does when it starts, and list its router's models with their modes."""
    proxy = import_module("litellm.proxy.proxy_server")
    router, _, _ = asyncio.run(proxy.ProxyConfig().load_config(router=None, config_file_path=path))
    return [
        f"{one['model_name']} = {one['litellm_params']['model']} ({one.get('model_info', {}).get('mode')})"
        for one in router.get_model_list()
    ]


answer(list_models)
