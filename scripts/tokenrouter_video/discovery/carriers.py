"""Drafts that only hold what another channel takes from them: constants, dotenv files, containers' environments."""

# Paths are plain strings here: a name need not be UTF-8.
# ruff: noqa: PTH119, PTH120

from __future__ import annotations

import os
from collections.abc import Mapping

from tokenrouter_video.discovery import liveness
from tokenrouter_video.discovery.drafts import Draft, used_constants
from tokenrouter_video.discovery.environment import COMPOSE_NAMES
from tokenrouter_video.discovery.walk import is_within


def without_holders(drafts: list[Draft]) -> list[Draft]:
    """Leave out constants that other files' channels use, and dotenv and compose files that a config refers to."""
    constants = used_constants(drafts)
    referred: dict[str, list[Draft]] = {}
    for draft in drafts:
        for name in draft.names:
            referred.setdefault(name, []).append(draft)
    kept = []
    for draft in drafts:
        own = {(draft.file.real, address.field.parts) for address in draft.addresses}
        # Nothing refers to what stands in a string.
        if draft.file.embedded is None and own <= constants:
            continue
        if not _is_referred_to(draft, referred):
            kept.append(draft)
    return kept


def carrier_rank(draft: Draft) -> int:
    """Return 2 for a dotenv file, 1 for what sets variables for containers, 0 for a config that may refer to either."""
    if draft.file.embedded is not None:
        return 0
    if draft.file.document.format == "dotenv":
        return 2
    # Kubernetes: `containers: [{env: [{name, value}]}]`.
    is_container = {"containers", "env"} <= set(draft.base.field.parts)
    return 1 if is_container or os.path.basename(draft.file.path) in COMPOSE_NAMES else 0


def _is_referred_to(carrier: Draft, referred: Mapping[str, list[Draft]]) -> bool:
    """Whether a config takes its URL or key from the variables that a dotenv or compose file sets."""
    rank = carrier_rank(carrier)
    if not rank:
        return False
    folder = os.path.dirname(carrier.file.path)
    set_there = {address.field.name for address in carrier.addresses}
    if carrier.key is not None and carrier.key.field is not None:
        set_there.add(carrier.key.field.name)
    is_sample = _is_sample(carrier)
    return any(
        carrier_rank(config) < rank and is_within(config.file.path, folder) and (is_sample or not _is_sample(config))
        for name in set_there
        for config in referred.get(name, ())
    )


def _is_sample(draft: Draft) -> bool:
    """Whether a file's path says that it is not the one in use: what a sample refers to is not the sample's."""
    return bool(liveness.by_path(tuple(draft.file.name.split("/"))))


def overriding(drafts: list[Draft]) -> dict[tuple[str, str], str]:
    """Return the names of the ``.env.local`` files that set a base URL, by folder and variable."""
    return {
        (os.path.dirname(draft.file.path), draft.base.field.name): draft.file.name
        for draft in drafts
        if os.path.basename(draft.file.path) == ".env.local"
    }
