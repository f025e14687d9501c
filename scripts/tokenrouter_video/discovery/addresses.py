"""The base URLs of gateways in one document, and the provider or model entry that each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tokenrouter_video import config_names as names
from tokenrouter_video.discovery.fields import Field, Fields
from tokenrouter_video.discovery.files import ParsedFile
from tokenrouter_video.discovery.hosts import gateway_of, host_of
from tokenrouter_video.discovery.resolution import CODE_FORMATS, Location, Outcome, Resolver, Standing
from tokenrouter_video.documents.tree import Container, Mapping, Opaque, Place, Scalar, Sequence, dereferenced
from tokenrouter_video.gateways import GatewayProfile
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.discovery.keys import KeyField
    from tokenrouter_video.secrets import ResolvedKey

# Of parallel lists and delimited texts (Open WebUI) this many are looked at.
MAX_LISTED = 100

_QUOTED = regex(r"[\"'`](https?://[^\"'`\s]{1,500})[\"'`]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GivenKey:
    """The key that another object gives an address, ``None`` where none does, and what it came to."""

    key: KeyField | None
    resolved: ResolvedKey


@dataclass(frozen=True, slots=True)
class Address:
    """One base URL of a gateway: ``field`` holds it, ``block`` is the entry's pointer in parts.

    ``number`` is its place where a field holds several URLs. ``is_shared``: the value is merged or aliased in.
    ``is_chosen``: an expression decides between this URL and others. ``given`` is its key where the consumer's form
    says which that is; else it is looked for. ``is_host``: the field holds a host, and the URL was made of it.
    """

    field: Field
    place: Place
    block: tuple[str, ...]
    url: str
    profile: GatewayProfile
    outcome: Outcome
    offset: int
    number: int | None = None
    is_chosen: bool = False
    given: GivenKey | None = None
    is_host: bool = False

    @property
    def entry(self) -> Place:
        """The provider or model entry."""
        depth = len(self.block)
        containers = (*self.place.parents, self.place.node)
        if depth < len(containers):
            return Place(self.block, containers[depth], self.place.parents[:depth])
        return Place(self.block, self.field.node, self.field.parents)

    @property
    def host(self) -> str:
        """The host that the URL names."""
        return host_of(self.url) or ""


@dataclass(frozen=True, slots=True)
class Survey:
    """What the fields with URL names of a document hold.

    ``elsewhere`` are the places of URLs that are not a gateway's, or not known; ``variables`` are those that such
    fields refer to.
    """

    addresses: tuple[Address, ...]
    elsewhere: tuple[tuple[str, ...], ...]
    variables: frozenset[str]


def survey(file: ParsedFile, fields: Fields, resolver: Resolver) -> Survey:
    """Return the gateway addresses of a document, in source order."""
    addresses: list[Address] = []
    elsewhere: list[tuple[str, ...]] = []
    variables: set[str] = set()
    for place in file.document.places:
        if not isinstance(place.node, Mapping | Sequence):
            continue
        for field, holder in _url_fields(place, fields):
            found, outcome = _read(file, field, holder, resolver)
            addresses += found
            variables.update(outcome.variables)
            if not found and _is_elsewhere(field, outcome):
                elsewhere.append(field.parts)
    return Survey(tuple(_used(addresses, file)), tuple(elsewhere), frozenset(variables))


def _url_fields(place: Place, fields: Fields) -> Iterator[tuple[Field, Place]]:
    """Yield the fields of URL names of a container, those of a wrapper that is aliased in included."""
    if not fields.may_name(place, names.is_url_name) or any(names.is_tool_server(part) for part in place.parts):
        return
    for field in fields.of(place):
        if names.is_url_name(field.name):
            yield field, place
        elif field.is_shared and names.is_wrapper(field.name):
            inner = fields.inside(field)
            for below in fields.of(inner) if inner is not None else ():
                if names.is_url_name(below.name):
                    yield Field(below.name, below.node, below.parts, below.parents, True), place


def _read(file: ParsedFile, field: Field, place: Place, resolver: Resolver) -> tuple[list[Address], Outcome]:
    node = dereferenced(field.node)
    if isinstance(node, Sequence):
        found: list[Address] = []
        for number, entry in enumerate(node.entries[:MAX_LISTED]):
            if isinstance(entry.value, Scalar | Opaque):
                inner = Field(field.name, entry.value, (*field.parts, str(number)), (*field.parents, node))
                outcome = resolver.text_of(Standing(file, entry.value, inner.parts, inner.parents))
                found += _addresses(file, inner, place, outcome, number)
        return found, Outcome(None)
    if not isinstance(node, Scalar | Opaque | Mapping):
        return [], Outcome(None)
    outcome = resolver.text_of(Standing(file, field.node, field.parts, field.parents))
    return _addresses(file, field, place, outcome, None), outcome


def _addresses(file: ParsedFile, field: Field, place: Place, outcome: Outcome, number: int | None) -> list[Address]:
    node = dereferenced(field.node)
    texts: list[tuple[int | None, str]] = [(number, outcome.text.strip())] if outcome.text is not None else []
    is_chosen = False
    if outcome.text is not None and ";" in outcome.text:
        texts = list(enumerate(text.strip() for text in outcome.text.split(";")[:MAX_LISTED]))
    elif outcome.text is None and isinstance(node, Opaque):
        texts = [(None, match[1]) for match in _QUOTED.finditer(node.code[:4_000])]
        is_chosen = True
    found: list[Address] = []
    for item, text in texts:
        profile = gateway_of(text)
        if profile is not None:
            block = entry_of(place, field, file.document.format)
            offset = node.token.start if isinstance(node, Scalar) else node.span.start
            found.append(Address(field, place, block, text, profile, outcome, offset, item, is_chosen))
    return found[:1] if is_chosen else found


def _is_elsewhere(field: Field, outcome: Outcome) -> bool:
    """Whether a field holds a URL that is not the gateway's, or one that nobody knows."""
    node = dereferenced(field.node)
    if outcome.text is not None:
        return host_of(outcome.text) is not None
    return isinstance(node, Opaque) or (isinstance(node, Scalar) and isinstance(node.value, str) and bool(node.value))


def entry_of(place: Place, field: Field, format_name: str) -> tuple[str, ...]:
    """Return the parts of the provider or model entry that a URL's container belongs to: wrappers are climbed out of.

    In code a URL that is bound to a name of its own is its own entry.
    """
    parts, parents = place.parts, place.parents
    if not parts and format_name in CODE_FORMATS:
        return field.parts[:1]
    while parts:
        holder = parents[len(parts) - 1]
        if isinstance(holder, Sequence) or holder.layout == "scope":
            break
        above = parts[-2] if len(parts) > 1 else ""
        climbs = names.is_strict_wrapper(parts[-1]) or (names.is_wrapper(parts[-1]) and not names.is_collection(above))
        # Kong: `targets: [{model: {options: {upstream_url}}}]`, `config: {model: {options: {upstream_url}}}`
        is_in_item = len(parts) > 1 and (isinstance(parents[len(parts) - 2], Sequence) or names.is_wrapper(above))
        climbs = climbs or (parts[-1] == "model" and is_in_item)
        if not climbs:
            break
        parts = parts[:-1]
    return parts


def _used(addresses: list[Address], file: ParsedFile) -> Iterator[Address]:
    """Leave out the values that stand only to be used by entries of the same file: constants and anchors."""
    constants: set[Location] = {place for address in addresses for place in address.outcome.constants}
    shared = {address.field.parts for address in addresses if address.field.is_shared}
    for address in addresses:
        if (file.real, address.field.parts) in constants:
            continue
        is_holder = not address.field.is_shared and address.field.parts in shared
        if is_holder and not _in_list(address.place.parts, address.place.parents):
            continue
        yield address


def _in_list(parts: tuple[str, ...], parents: tuple[Container, ...]) -> bool:
    """Whether an entry is an item of a list or of a collection, not a mere holder of what others merge in."""
    return any(isinstance(parent, Sequence) for parent in parents) or any(
        names.is_collection(part) for part in parts[:-1]
    )
