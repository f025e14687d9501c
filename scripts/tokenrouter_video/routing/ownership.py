"""Whose a part of a channel's block is, or an entry of its list: the channel's, or another provider's.

What brings another base URL or another key sends its requests elsewhere, or on another account; where it stands does
not make its models the channel's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from tokenrouter_video import config_names
from tokenrouter_video.channels import Channel
from tokenrouter_video.documents.tree import (
    Entry,
    Mapping,
    Node,
    Opaque,
    Scalar,
    Sequence,
    children,
    dereferenced,
    find,
    walk,
)
from tokenrouter_video.gateways import PROFILES
from tokenrouter_video.patterns import regex
from tokenrouter_video.routing.fields import PROVIDER_FIELDS, fold, is_page, list_class
from tokenrouter_video.routing.references import References
from tokenrouter_video.secrets import is_placeholder, is_reference

Parts = tuple[str, ...]

_VARIABLE = regex(r"\s*(?:[$%{<]|os\.environ|process\.env|env[.:/])")
_FILE = regex(r"/[^/?#]*\.(?:png|jpe?g|gif|webp|svg|ico|mp4|webm|mov|html?|md|pdf|json|txt)(?:[?#].*)?", re.IGNORECASE)
_BEARER = regex(r"\A\s*bearer\s+", re.IGNORECASE)
# A block's keys take turns for one provider (Bifrost): a list of models that stands with one is the channel's as well.
_KEYRING = "keys"


class Ownership:
    """Judges the parts of one channel's document."""

    def __init__(self, channel: Channel, references: References) -> None:
        self._channel = channel
        self._root = channel.document.root
        self._references = references
        self._hosts = frozenset(PROFILES[channel.gateway].hosts)

    def is_another_providers_entry(self, node: Mapping, parts: Parts) -> bool:
        """Whether an entry of the channel's list has a base URL or key that is not the channel's.

        Other addresses (of weights, a playground, a queue) do not say who serves the model.
        """
        if all(map(_says_nothing_of_it, node.entries)):
            return False
        return self.has_another_url(node, parts, is_entry=True) or self.has_another_key(node, parts)

    def is_in_another_block(self, where: Parts) -> bool:
        """Whether a place outside of the channel's block stands in that of another provider."""
        place = find(self._root, where)
        block = self._channel.parts
        return place is not None and any(
            isinstance(node, Mapping)
            and where[:depth] != block[:depth]
            and self._is_another_providers(node, where[:depth])
            for depth, node in enumerate(place.parents)
        )

    def is_in_another_part(self, where: Parts) -> bool:
        """Whether a place in the channel's block stands in a part of it that is another provider's."""
        place = find(self._root, where[:-1])
        parents = (*place.parents, place.node) if place is not None else ()
        for depth in range(len(self._channel.parts) + 1, len(parents)):
            node = parents[depth]
            if isinstance(node, Mapping) and self._is_another_providers(node, where[:depth]):
                return True
        return False

    def _is_another_providers(self, node: Mapping, parts: Parts) -> bool:
        return self.has_another_url(node, parts) or self.has_another_key(node, parts)

    def others_within(self, entry: Node, parts: Parts) -> Iterator[Parts]:
        """Yield the parts of a model's entry that are another provider's, outermost first and none within another."""
        own = (*self._channel.url_parts, self._channel.key_parts or ())
        for name, one in children(entry):
            here, node = (*parts, name), one.value
            is_whole = isinstance(node, Mapping) and not any(field[: len(here)] == here for field in own)
            if is_whole and isinstance(node, Mapping) and self._is_another_providers(node, here):
                yield here
            elif isinstance(node, Mapping | Sequence):
                yield from self.others_within(node, here)

    def has_another_url(self, node: Mapping, parts: Parts, depth: int = 1, *, is_entry: bool = False) -> bool:
        """Whether a map has an address that is not this gateway's: of a model's entry only a base URL counts.

        It may stand in a wrapper, but not in a part with models of its own. In an entry other parts than those that say
        who serves the model may be a second provider's, such as its fallback.
        """
        for name, value, here in self._references.members(node, parts):
            target = dereferenced(value)
            is_asked = depth and (not is_entry or _says_who_serves(name))
            if is_asked and isinstance(target, Mapping) and not _has_models(target):
                is_anothers = self.has_another_url(target, here, depth - 1, is_entry=is_entry)
                if is_anothers:
                    return True
            may_count = not is_entry or config_names.url_rank(name) < 2 or config_names.is_base_url_name(name)
            if may_count and self.is_another_url(name, value, here):
                return True
        return False

    def is_another_url(self, name: str, value: Node, here: Parts) -> bool:
        """Whether a field holds an address that is not this gateway's, be it one that is not said here."""
        host = said_host(name, self._references.value_of(value)) if here not in self._channel.url_parts else None
        return host is not None and host not in self._hosts

    def is_another_providers_row(self, row: Sequence) -> bool:
        """Whether an entry without names, ``("id", URL)``, says an address that is not this gateway's."""
        values = [self._references.value_of(entry.value) for entry in row.entries]
        said = {host_in(value.value) for value in values if isinstance(value, Scalar) and isinstance(value.value, str)}
        return bool(said - {None}) and said.isdisjoint(self._hosts)

    def has_another_key(self, node: Mapping, parts: Parts) -> bool:
        """Whether a map brings a key, and none that is the channel's.

        A channel whose own key is not said has the one that is said in its block, unless several are: then a part must
        say that it is the gateway's.
        """
        if any(fold(part) == _KEYRING for part in parts):
            return False
        said = list(self._keys(node, parts, 1))
        if not said:
            return False
        if self._channel.key.reference.source == "none":
            return self._has_several_keys and not self._has_the_gateways_url(node, parts)
        return not any(map(self._is_own, said))

    def _has_the_gateways_url(self, node: Mapping, parts: Parts) -> bool:
        values = (dereferenced(value) for _, value, _ in self._references.members(node, parts))
        return any(isinstance(one, Scalar) and host_in(str(one.value)) in self._hosts for one in values)

    def _keys(self, node: Mapping, parts: Parts, depth: int) -> Iterator[tuple[Parts, tuple[str, ...]]]:
        """Yield where each key of a map stands with what it says, those in the usual places below it included."""
        owner = config_names.folded(parts[-1]) if parts else ""
        for name, value, here in self._references.members(node, parts):
            target = dereferenced(value)
            is_holder = isinstance(target, Mapping) and config_names.is_key_place(name) and not _has_models(target)
            if _is_key_name(name, owner):
                texts = tuple(_texts(target))
                # Under a mere "key" stands as well what tells an entry from others: its id, a name.
                if fold(name) in ("key", "keys"):
                    texts = tuple(filter(is_reference, texts))
                if texts:
                    yield here, texts
            elif is_holder and depth and isinstance(target, Mapping):
                yield from self._keys(target, here, depth - 1)

    def _is_own(self, key: tuple[Parts, tuple[str, ...]]) -> bool:
        """Whether a key is the channel's: the very field, the same text, or what names or sets the same variable."""
        where, texts = key
        if where == self._channel.key_parts or not self._own_texts.isdisjoint(texts):
            return True
        name = self._channel.key.reference.name
        said = (*where[-1:], *texts)
        return name is not None and any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for text in said)

    @cached_property
    def _own_texts(self) -> frozenset[str]:
        place = find(self._root, self._channel.key_parts) if self._channel.key_parts is not None else None
        return frozenset(_texts(dereferenced(place.node))) if place is not None else frozenset()

    @cached_property
    def _has_several_keys(self) -> bool:
        """Whether the parts of the channel's block that have models, and models' entries, say more than one key."""
        block = self._channel.parts
        place = find(self._root, block)
        said = {
            texts
            for one in (walk(place.node) if place is not None else ())
            if isinstance(one.node, Mapping) and (_has_models(one.node) or any(map(list_class, one.parts[-2:-1])))
            for _, texts in self._keys(one.node, (*block, *one.parts), 1)
        }
        return len(said) > 1


def _says_nothing_of_it(entry: Entry) -> bool:
    """Whether a member is neither an address nor a key, nor anything that may hold one, without a closer look."""
    name, node = entry.key, entry.value
    if name is None or not isinstance(node, Scalar) or config_names.key_kind(name) is not None:
        return False
    return not isinstance(node.value, str) or ("://" not in node.value and not config_names.is_base_url_name(name))


def said_host(name: str, node: Node) -> str | None:
    """Return the host of the address that a field holds, empty for a base URL that is not said here, else ``None``.

    Addresses are those that a program calls: not a model's page, picture or film.
    """
    text = node.code if isinstance(node, Opaque) else node.value if isinstance(node, Scalar) else None
    if not isinstance(text, str):
        return None
    host = host_in(text)
    if host is None:
        return "" if config_names.is_base_url_name(name) and _VARIABLE.match(text) else None
    is_address = config_names.is_url_name(name) and not is_page(name) and not _FILE.search(text)
    return host if is_address else None


def host_in(text: str) -> str | None:
    """Return the authority of an http URL in lower case, ``None`` where a text is no such URL."""
    scheme, mark, rest = text.partition("://")
    return rest.split("/")[0].lower() if mark and scheme.lower() in ("http", "https") else None


def _says_who_serves(name: str) -> bool:
    """Whether a part of a model's entry says who serves it (``litellm_params``, ``provider``, ``target``)."""
    is_setting = config_names.is_wrapper(name) or config_names.is_collection(name)
    return is_setting or fold(name) in PROVIDER_FIELDS or fold(name) in ("target", "server")


def _has_models(node: Mapping) -> bool:
    return any(list_class(name) for name, _ in children(node))


def _is_key_name(name: str, owner: str) -> bool:
    """Whether a field holds the key to a map's base URL, which may have the map's own name in front of it."""
    if config_names.key_kind(name) is None:
        return False
    affinity = config_names.affinity("url", name)
    return (affinity is not None and affinity < 2) or config_names.key_prefix(name) == owner


def _texts(node: Node) -> Iterator[str]:
    """Yield what a key's node says."""
    text = ""
    if isinstance(node, Opaque):
        text = node.code
    elif isinstance(node, Scalar) and isinstance(node.value, str):
        text = _BEARER.sub("", node.value).strip()
    elif isinstance(node, Mapping | Sequence):
        inner = [text for _, entry in children(node) for text in _texts(dereferenced(entry.value))]
        if isinstance(node, Sequence):
            # Keys that take turns.
            yield from inner
            return
        text = "\n".join(inner)
    if not is_placeholder(text):
        yield text
