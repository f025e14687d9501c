"""Which models a gateway offers to a key: the answer to ``GET /v1/models``."""

from __future__ import annotations

from tokenrouter_video.gateway.error_families import any_message, cause_of, quoted, read_error, remedy_for, rule_for
from tokenrouter_video.gateway.replies import Reply, describe, json_object
from tokenrouter_video.gateway_answers import Cause
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.records import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """The key is accepted; ``models`` are the ids that it may use."""

    models: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoOffer:
    """The list was not given. ``key_refused`` tells a bad key from everything else."""

    message: str
    remedy: str
    key_refused: bool
    http_status: int


def read_models(profile: GatewayProfile, reply: Reply) -> Offer | NoOffer:
    """Judge the answer to the free request that ``check`` makes; any bytes give one of the two, nothing is raised.

    TokenRouter answers a request without a usable credential with 400 here, where others answer 401.
    """
    document = json_object(reply)
    error = read_error(document) if document else None
    if reply.is_success and document is not None and error is None and isinstance(document.get("data"), list):
        ids = (entry.get("id") for entry in document["data"] if isinstance(entry, dict))
        return Offer(frozenset(name for name in ids if isinstance(name, str)))
    rule = rule_for(profile, error)
    cause = Cause.NOT_THE_API if document is None or reply.is_success else cause_of(rule, reply.status)
    key_refused = document is not None and reply.status in (400, 401)
    said = quoted(error.code if error else "", any_message(document), reply.status) if document else describe(reply)
    return NoOffer(
        f"The gateway did not list its models: {said}.",
        remedy_for(profile, Cause.KEY if key_refused else cause),
        key_refused,
        reply.status,
    )
