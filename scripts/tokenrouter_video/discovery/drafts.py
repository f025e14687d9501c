"""From base URLs to channels: which of them are one, where each channel's entry is, what speaks against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tokenrouter_video import config_names as names
from tokenrouter_video.consumers import Consumer, Shape
from tokenrouter_video.discovery.addresses import Address, Survey
from tokenrouter_video.discovery.fields import Fields
from tokenrouter_video.discovery.files import ParsedFile
from tokenrouter_video.discovery.key_resolution import KeyResolver
from tokenrouter_video.discovery.keys import KeyField, KeyFinder
from tokenrouter_video.discovery.liveness import Reason
from tokenrouter_video.discovery.resolution import CODE_FORMATS
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Mapping, Node, Scalar, Sequence, children, dereferenced
from tokenrouter_video.records import dataclass, field
from tokenrouter_video.secrets import KeyReference, ResolvedKey

Parts = tuple[str, ...]

_SHAPE_DEPTH = 8
_MOST_DOCUMENTS = 500
# new-api's channel status: 1 is enabled, 2 switched off by hand, 3 by the gateway (model/channel.go).
_OFF_STATUS = frozenset({2, 3})


@dataclass()
class Draft:
    """A channel in the making: its addresses, the first of them in source order being the entry's own.

    ``repeats`` are further entries with models that repeat its URL and key. ``doubt`` says why a key that is perhaps
    meant is not taken.
    """

    file: ParsedFile
    addresses: list[Address]
    block: Parts
    key: KeyField | None
    resolved: ResolvedKey
    repeats: list[Parts] = field(default_factory=list)
    doubt: str = ""

    @property
    def base(self) -> Address:
        """The address that is the channel's base URL: the plainest name, then the nearest to the entry."""
        own = [address for address in self.addresses if address.block == self.block] or self.addresses
        return min(own, key=lambda a: (names.url_rank(a.field.name), len(a.place.parts), a.offset))

    @property
    def reference(self) -> KeyReference:
        """How the key is named."""
        return self.resolved.reference

    @property
    def names(self) -> frozenset[str]:
        """The variables that URL and key were read from."""
        found = {name for address in self.addresses for name in address.outcome.variables}
        if self.reference.source in ("env", "secret-ref") and self.reference.name:
            found.add(self.reference.name)
        return frozenset(found)

    def is_switched_off(self) -> Reason | None:
        """Return the flag that switches the entry off, if one does."""
        for place in (self.base.entry, self.base.place):
            if isinstance(place.node, Mapping) and place.node.layout != "scope":
                for name, entry in children(place.node):
                    if _is_off(name, dereferenced(entry.value), place.node):
                        line = self.file.line(entry.value.span.start)
                        return Reason("switched off", f"{name} on line {line} switches it off")
        return None


def drafts_of(
    file: ParsedFile, fields: Fields, survey: Survey, consumer: Consumer | None, keys: KeyResolver
) -> list[Draft]:
    """Return a document's channels, in source order."""
    finder = KeyFinder(fields, keys.resolver, survey, consumer)
    by_block: dict[Parts, list[Draft]] = {}
    for address in survey.addresses:
        key, doubt = (address.given.key, "") if address.given is not None else finder.find(address)
        if key is not None or doubt or file.document.format != "dotenv":
            resolved = address.given.resolved if address.given is not None else keys.resolve(key, file, doubt)
            draft = Draft(file, [address], address.block, key, resolved, doubt=doubt)
            _join(by_block.setdefault(address.block, []), draft)
    drafts = _repeated(_nested(by_block))
    blocks = Counter(draft.block for draft in drafts)
    for draft in drafts:
        if blocks[draft.block] > 1:
            # An id names one channel: those of one entry are named by their URLs.
            draft.block = draft.base.field.parts
    # Several URLs in one text (parallel lists) stand at one place, which can name only the first.
    return list({draft.block: draft for draft in reversed(drafts)}.values())[::-1]


def _join(same: list[Draft], new: Draft) -> None:
    """Join an address with those of the same entry and key; one without a key of its own joins any."""
    for draft in same:
        if _is_one_key(draft, new):
            _take_in(draft, new)
            return
    same.append(new)


def _take_in(draft: Draft, other: Draft) -> None:
    draft.addresses += other.addresses
    if draft.key is None and (other.key is not None or not draft.doubt):
        draft.key, draft.resolved, draft.doubt = other.key, other.resolved, other.doubt


def _is_one_key(one: Draft, other: Draft) -> bool:
    return one.key is None or other.key is None or one.reference == other.reference


def _nested(by_block: dict[Parts, list[Draft]]) -> list[Draft]:
    """Join entries that stand within another's: an image or validation URL of the same provider."""
    kept: list[Draft] = []
    for block in sorted(by_block, key=len):
        above = [outer for depth in range(len(block)) for outer in by_block.get(block[:depth], ())]
        for draft in by_block[block]:
            outer = next((outer for outer in above if _is_part_of(draft, outer)), None)
            if outer is None:
                kept.append(draft)
            else:
                _take_in(outer, draft)
    return sorted(kept, key=lambda draft: min(address.offset for address in draft.addresses))


def _is_part_of(inner: Draft, outer: Draft) -> bool:
    depth = len(outer.block)
    between = inner.block[depth:]
    containers = inner.base.place.parents[depth : len(inner.block)]
    is_entry = any(names.is_collection(part) for part in between[:-1])
    is_scope = any(isinstance(node, Mapping) and node.layout in ("scope", "file") for node in containers)
    is_item = any(isinstance(node, Sequence) for node in containers)
    return _is_one_key(inner, outer) and not (is_entry or is_scope or is_item)


def _repeated(drafts: list[Draft]) -> list[Draft]:
    """Join entries that repeat key and URL, and flat entries of one list that repeat key and host."""
    kept: list[Draft] = []
    first: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        url = ("url", draft.reference, _plain_url(draft))
        flat = ("flat", draft.reference, draft.block[:-1], draft.base.host)
        is_flat = bool(draft.block) and not _has_models(draft)
        same = first.get(url) or (first.get(flat) if is_flat else None)
        if same is None:
            kept.append(draft)
        else:
            same.addresses += draft.addresses
            if _has_models(draft):
                same.repeats.append(draft.block)
        first.setdefault(url, same or draft)
        if is_flat:
            first.setdefault(flat, same or draft)
    return _without_echoes(kept)


def _without_echoes(drafts: list[Draft]) -> list[Draft]:
    """Join what says the very URL of the one entry with a key again, with neither key nor models of its own."""
    keyed: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.key is not None:
            keyed.setdefault(_plain_url(draft), []).append(draft)
    kept: list[Draft] = []
    for draft in drafts:
        same = keyed.get(_plain_url(draft), [])
        if draft.key is None and len(same) == 1 and not _has_models(draft):
            same[0].addresses += draft.addresses
        else:
            kept.append(draft)
    return kept


def _plain_url(draft: Draft) -> str:
    return draft.base.url.rstrip("/").lower()


def _has_models(draft: Draft) -> bool:
    return any(
        "models" in names.folded(name) and isinstance(entry.value, Mapping | Sequence)
        for name, entry in children(draft.base.entry.node)
    )


def _is_off(name: str, node: Node, holder: Mapping) -> bool:
    if not isinstance(node, Scalar):
        return False
    if names.folded(name) == "status" and node.value in _OFF_STATUS and not isinstance(node.value, bool):
        return holder.get("key") is not None
    return names.switches_off(name, node.value)


def shape_of(document: Document) -> Shape:
    """Return what containers a document holds, to tell its consumer by; calls are named ``callee()`` at the top."""
    callees: dict[str, Shape] = {}
    shape = _shape(document.root, 0, callees, {})
    if document.format in CODE_FORMATS and isinstance(shape, dict):
        shape.update(callees)
    return shape


def _shape(node: Node, depth: int, callees: dict[str, Shape], known: dict[int, Shape]) -> Shape:
    """Return a node's containers; what several aliases share is read once and shared again."""
    node = dereferenced(node)
    if not isinstance(node, Mapping | Sequence):
        return None
    if id(node) in known:
        return known[id(node)]
    found: dict[str, Shape] = {}
    items: list[Shape] = []
    known[id(node)] = found if isinstance(node, Mapping) else items
    if depth >= _SHAPE_DEPTH:
        return known[id(node)]
    if isinstance(node, Sequence):
        # A list's first items tell what the others are; a file's documents are each of their own kind.
        most = _MOST_DOCUMENTS if node.layout == "documents" else 20
        items += [_shape(entry.value, depth + 1, callees, known) for entry in node.entries[:most]]
        return items
    for name, entry in children(node):
        inner = _shape(entry.value, depth + 1, callees, known)
        if name == "<<":
            for merged in inner if isinstance(inner, list) else [inner]:
                found = {**merged, **found} if isinstance(merged, dict) else found
        else:
            found[name] = inner
    if node.callee:
        callees[f"{node.callee}()"] = found
    known[id(node)] = found
    return found


def used_constants(drafts: Iterable[Draft]) -> frozenset[tuple[str, Parts]]:
    """Return the bindings, in any file, from which channels take their URLs."""
    return frozenset(place for draft in drafts for address in draft.addresses for place in address.outcome.constants)
