"""By which names the entries of a file call a provider, and which of them an entry names."""

from __future__ import annotations

from tokenrouter_video.channels import Channel
from tokenrouter_video.documents.tree import Mapping, Scalar, children, find, text_at
from tokenrouter_video.routing.fields import CREDENTIAL_FIELDS, PROVIDER_FIELDS, fold

# Where a provider's block, or a set of credentials, says its own name.
_NAME_FIELDS = ("name", "id", "providerId", "credential_name")


def provider_names(channel: Channel) -> frozenset[str]:
    """Return the names by which other parts of the file call the channel's block."""
    names = {channel.parts[-1]} if channel.parts else set()
    place = find(channel.document.root, channel.parts)
    if place is not None and isinstance(place.node, Mapping):
        names |= {said for name in _NAME_FIELDS if (said := text_at(place.node, (name,))) is not None}
    return frozenset(names)


def provider_name(channel: Channel, other: str) -> str | None:
    """Return how entries call the channel's provider where they call one beside it ``other``, ``None`` if unknown."""
    place = find(channel.document.root, channel.parts)
    if place is None or not place.parents or not isinstance(place.node, Mapping):
        return None
    for name, sibling in children(place.parents[-1]):
        if name == other and isinstance(place.parents[-1], Mapping):
            return channel.parts[-1]
        for field in _NAME_FIELDS:
            if isinstance(sibling.value, Mapping) and text_at(sibling.value, (field,)) == other:
                return text_at(place.node, (field,))
    return None


def provider_of(node: Mapping) -> str | None:
    """Return the provider that an entry names, be it by the name of its credentials, or ``None``."""
    for name, entry in children(node):
        if fold(name) in PROVIDER_FIELDS and isinstance(entry.value, Scalar) and isinstance(entry.value.value, str):
            return entry.value.value
        for below, one in children(entry.value) if isinstance(entry.value, Mapping) else ():
            if fold(below) in CREDENTIAL_FIELDS and isinstance(one.value, Scalar) and isinstance(one.value.value, str):
                return one.value.value
    return None
