"""A channel as the JSON object that ``find`` and ``route`` print, and its models' states in words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tokenrouter_video.channels import Channel
    from tokenrouter_video.routing.survey import Survey

# The states in which a request needs no edit first.
USABLE = frozenset({"configured", "not-needed"})


def models_by_state(states: Mapping[str, str]) -> str:
    """Return models, by id, grouped by their states, those that can be used first."""
    by_state: dict[str, list[str]] = {}
    for model, state in sorted(states.items(), key=lambda one: one[1] not in USABLE):
        by_state.setdefault(state, []).append(model)
    return "; ".join(f"{state}: {', '.join(models)}" for state, models in by_state.items())


def channel_report(channel: Channel, surveyed: Survey) -> dict[str, Any]:
    """Return the channel's object; nothing in it needs masking but what is masked already."""
    key, route_list = channel.key, surveyed.route_list
    home = route_list.home if route_list is not None else None
    return {
        "id": channel.id,
        "file": channel.file,
        "line": channel.line,
        "pointer": channel.pointer,
        "format": channel.format,
        "gateway": channel.gateway,
        "host": channel.host,
        "base_url": channel.base_url,
        "consumer": channel.consumer,
        "key": {
            "source": key.reference.source,
            "name": key.reference.name,
            "masked": key.secret.masked if key.secret is not None else None,
            "resolved": key.secret is not None,
            "resolved_from": key.resolved_from,
        },
        "route_list": (
            {
                "shape": route_list.shape,
                "pointer": route_list.pointer if home is not None else channel.pointer_to(route_list.place),
                "models": list(route_list.models),
                **({"file": home.name} if home is not None else {}),
            }
            if route_list is not None
            else None
        ),
        "video_models": dict(surveyed.video_models),
        "live": channel.live,
        "score": channel.score,
        "reasons": list(channel.reasons),
    }
