"""What looks like a channel's list of models and is of no form that is read: it must not pass for no list at all."""

from __future__ import annotations

from collections.abc import Iterator

from tokenrouter_video.channels import Channel
from tokenrouter_video.documents.tree import (
    Container,
    Mapping,
    Node,
    Scalar,
    Sequence,
    children,
    dereferenced,
    find,
    to_pointer,
)
from tokenrouter_video.patterns import regex
from tokenrouter_video.routing.fields import fold, list_class
from tokenrouter_video.routing.model_lists import RouteList, is_http_route
from tokenrouter_video.routing.model_names import looks_like_id
from tokenrouter_video.routing.ownership import Ownership
from tokenrouter_video.routing.references import References

Parts = tuple[str, ...]

_MAX_DEPTH = 6
# Of a container this many members are looked at, and of a document this many containers.
_MAX_MEMBERS = 200
_MAX_CONTAINERS = 5_000
# Lists of who may use what are made of models' ids as well.
_ACCESS_LISTS = regex(r"(?:allowed|enabled|permitted|visible|accessible)models?(?:list|ids|names)?")
_IDS_OF_MODELS = frozenset({"id", "model", "modelid", "modelname", "slug", "name"})
# An id with a version (`gpt-4o`, `deepseek-v3.1`, `vendor/name`), which few other words have.
_VERSIONED = regex(r"[A-Za-z][\w.:/-]*(?:[-/.:]v?[0-9]|[0-9][-.:]|/)[\w.:/-]*")
_WAY_OUT = (
    "Edit the file by hand if the model belongs in there, or send the request with generate --skip-route; "
    "nothing was changed."
)


def find_unread_list(channel: Channel) -> RouteList | None:
    """Return what looks like the channel's list of models, with the reason why it is not edited, or ``None``.

    To be asked where no list that is read was found.
    """
    if channel.document.format == "dotenv":
        return None
    found = next(_candidates(channel), None)
    if found is None:
        return None
    refusal = f"what looks like a list of models at {to_pointer(found) or 'the top'} is not understood"
    return RouteList("objects", found, "general", (), refusal=refusal, way_out=_WAY_OUT)


def _candidates(channel: Channel) -> Iterator[Parts]:
    references = References(channel.document)
    ownership = Ownership(channel, references)
    for parts in (channel.parts, *channel.repeats):
        place = find(channel.document.root, parts)
        if place is not None and isinstance(place.node, Mapping) and place.node.layout != "scope":
            yield from _inside(place.node, parts, ownership, 0)
    yield from _naming_the_url(channel, references)


def _inside(node: Container, parts: Parts, ownership: Ownership, depth: int) -> Iterator[Parts]:
    """Yield the places below a block whose names and contents are those of lists of models."""
    for name, entry in list(children(node))[:_MAX_MEMBERS]:
        value, here = dereferenced(entry.value), (*parts, name)
        if not isinstance(value, Mapping | Sequence) or not value.entries or value.layout == "call":
            continue
        if isinstance(value, Mapping) and ownership.has_another_url(value, here):
            continue
        is_list = isinstance(node, Mapping) and (list_class(name) is not None or _is_access_list(name))
        if is_list and any(map(_may_be_a_model, _values(value))):
            yield here
        elif depth < _MAX_DEPTH:
            yield from _inside(value, here, ownership, depth + 1)


def _is_access_list(name: str) -> bool:
    return _ACCESS_LISTS.fullmatch(fold(name)) is not None


def _values(node: Container) -> Iterator[Node]:
    return (dereferenced(entry.value) for entry in node.entries[:_MAX_MEMBERS])


def _may_be_a_model(node: Node) -> bool:
    """Whether a member of a list is an id with a version, or holds one under a name of ids."""
    if isinstance(node, Scalar):
        return isinstance(node.value, str) and _VERSIONED.fullmatch(node.value) is not None
    if isinstance(node, Mapping):
        return not is_http_route(node) and any(
            fold(name) in _IDS_OF_MODELS and isinstance(entry.value, Scalar) and _may_be_a_model(entry.value)
            for name, entry in children(node)
        )
    return isinstance(node, Sequence) and any(map(_may_be_a_model, _values(node)))


def _naming_the_url(channel: Channel, references: References) -> Iterator[Parts]:
    """Yield the lists and maps of rows without names that say the channel's URL and an id: ``("id", URL, KEY)``."""
    root = channel.document.root
    urls = (find(root, parts) for parts in channel.url_parts)
    targets = frozenset(id(place.node) for place in urls if place is not None)
    for place in channel.document.places[:_MAX_CONTAINERS]:
        node = place.node
        if not isinstance(node, Mapping | Sequence) or not place.parts or list_class(place.parts[-1]) is None:
            continue
        if any(isinstance(row, Sequence) and _is_row(row, references, targets) for row in _values(node)):
            yield place.parts


def _is_row(row: Sequence, references: References, targets: frozenset[int]) -> bool:
    """Whether a row says one of these URLs, itself or by its name, and an id."""
    values = [entry.value for entry in row.entries[:_MAX_MEMBERS]]
    urls = [one for one in values if references.stands_for(one, targets)]
    is_id = [isinstance(one, Scalar) and isinstance(one.value, str) and looks_like_id(one.value) for one in values]
    return bool(urls) and any(found and one not in urls for one, found in zip(values, is_id, strict=True))
