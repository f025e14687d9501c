"""What a call does, as far as the name that is called says it."""

from __future__ import annotations


def reads_environment(callee: str) -> bool:
    """Whether a call reads an environment variable: ``os.getenv``, ``env.str``, ``Deno.env.get``, ``getEnv``."""
    return "env" in callee.lower()
