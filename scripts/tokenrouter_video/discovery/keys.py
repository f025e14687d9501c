"""Which key goes with a base URL.

A key is looked for beside the URL, then in the rest of its entry, then in what the entry names, then above it. It is
never taken from where it may belong to another service's URL, and none whose name leaves that open: the channel is then
one without a key, and a sentence says which was meant perhaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tokenrouter_video import config_names as names
from tokenrouter_video.consumers import Consumer
from tokenrouter_video.discovery.addresses import Address, Survey
from tokenrouter_video.discovery.fields import Field, Fields
from tokenrouter_video.discovery.key_values import is_nothing, key_value
from tokenrouter_video.discovery.resolution import Resolver
from tokenrouter_video.discovery.values import SecretReference, Unknown, Value, Variable
from tokenrouter_video.documents.tree import Mapping, Opaque, Place, Scalar, Sequence, dereferenced
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

MAX_DEPTH = 4
# Of one container this many fields are considered as keys, and of one entry this many containers.
MAX_KEYS = 200
MAX_CONTAINERS = 200
# Of the keys that are perhaps meant this many are named, so far.
MAX_NAMED = 3
MAX_NAME_CHARACTERS = 60

UNSURE = 3

# Maps of keys by provider, beside the map of providers.
_KEYRINGS = frozenset({"apikeys", "keys", "credentials", "secrets", "auth", "tokens", "auths"})
# Fields that name an entry of a list of credentials (LiteLLM `litellm_credential_name`).
_CREDENTIAL_NAME = regex(r"(?:credential|credentials|secret|key|auth)_?-?(?:name|ref|profile|id)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KeyField:
    """Where a key stands and what it says; ``field`` is ``None`` where the consumer's own rule gives the variable."""

    value: Value
    field: Field | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A field that may be the key: how it gives it, how far from the URL, how well their names agree.

    ``affinity`` is that of :func:`config_names.affinity`: candidates of 3 are only named.
    """

    field: Field
    kind: str
    distance: int
    affinity: int


@dataclass(frozen=True, slots=True)
class _Step:
    """A container to look into; ``role`` says what its fields mean: ``keyring``, ``env headers`` or nothing special."""

    place: Place
    depth: int
    role: str


class KeyFinder:
    """Finds the keys of one document's base URLs; what it learns of a container it remembers."""

    def __init__(self, fields: Fields, resolver: Resolver, survey: Survey, consumer: Consumer | None) -> None:
        self._fields = fields
        self._resolver = resolver
        self._consumer = consumer
        self._relevant: dict[int, tuple[Field, ...]] = {}
        self._rings: dict[int, tuple[Place, ...]] = {}
        self._credentials: dict[int, dict[str, list[Field]]] = {}
        # Where other services' URLs stand: beside what, and below what.
        self._beside_others = {parts[:-1] for parts in survey.elsewhere if names.url_rank(parts[-1]) < 2}
        self._above_others = {parts[:depth] for parts in survey.elsewhere for depth in range(len(parts) + 1)}

    def find(self, address: Address) -> tuple[KeyField | None, str]:
        """Return the key that goes with a base URL, or ``None`` and what is to be said of keys that may be meant."""
        tried: list[KeyField] = []
        unsure: list[str] = []
        for candidates in (self._beside(address), self._within(address), self._named(address), self._above(address)):
            best, others = _best(candidates)
            unsure += [candidate.field.name for candidate in others]
            tried += [KeyField(self._value(candidate, address), candidate.field) for candidate in best]
            usable = [key for key in tried if not (is_nothing(key.value) or isinstance(key.value, Unknown))]
            if usable:
                return usable[0], ""
        if self._consumer is not None and self._consumer.key_variable:
            name = re.sub(r"[^A-Z0-9]+", "_", (address.block[-1] if address.block else "").upper()).strip("_")
            return KeyField(Variable(self._consumer.key_variable.format(name=name)), None), ""
        stored = self._stored(address)
        if stored is not None:
            return stored, ""
        # Code that is not followed says more than a placeholder beside it.
        found = next((key for key in tried if isinstance(key.value, Unknown)), tried[0]) if tried else None
        return found, _doubt(address, unsure) if found is None else ""

    def _stored(self, address: Address) -> KeyField | None:
        """Return the key that a field names in the consumer's own store."""
        wanted = self._consumer.key_name if self._consumer is not None else ""
        for field in self._fields.of(address.place) if wanted else ():
            if field.name == wanted and isinstance(field.node, Scalar):
                return KeyField(SecretReference(str(field.node.value)), field)
        return None

    def _value(self, candidate: _Candidate, address: Address) -> Value:
        bare = self._consumer is not None and self._consumer.bare_variables
        node = candidate.field.node
        return key_value(node, candidate.kind, self._resolver, number=address.number, bare_variables=bare)

    def _keys(self, place: Place) -> tuple[Field, ...]:
        """Return the fields of a container that may be keys or hold some."""
        if id(place.node) not in self._relevant:
            found = [field for field in self._fields.of(place) if _may_concern(field)]
            self._relevant[id(place.node)] = tuple(found[:MAX_KEYS])
        return self._relevant[id(place.node)]

    def _beside(self, address: Address) -> Iterator[_Candidate]:
        """Yield the keys in the container of the URL; beside other services' URLs only one of the same prefix."""
        others = address.place.parts in self._beside_others
        for field in self._keys(address.place):
            kind = names.key_kind(field.name)
            affinity = self._affinity(address, field, address.place)
            if kind is not None and affinity is not None and (affinity in (0, UNSURE) or not others):
                yield _Candidate(field, kind, 0, affinity)

    def _affinity(self, address: Address, field: Field, holder: Place) -> int | None:
        """Return how well a key goes with a URL: in a program's settings one without a service may be its own."""
        owner = address.block[-1] if address.block else ""
        affinity = names.affinity(address.field.name, field.name, owner)
        if affinity not in (0, 1) or names.key_prefix(field.name) or not _is_of_program(holder, address):
            return affinity
        is_beside = holder.parts == address.place.parts
        if affinity == 0 and is_beside and not names.is_bare_token(field.name):
            return affinity
        is_open = self._is_of_server(holder) or self._is_from_elsewhere(field, address, owner)
        return UNSURE if is_open else affinity

    def _is_of_server(self, holder: Place) -> bool:
        return any(names.is_of_a_server(field.name) for field in self._fields.of(holder)[:MAX_KEYS])

    def _is_from_elsewhere(self, field: Field, address: Address, owner: str) -> bool:
        """Whether a key is read from a variable that names another service."""
        value = key_value(field.node, "value", self._resolver, number=address.number, bare_variables=False)
        if not isinstance(value, Variable) or not names.key_prefix(value.name):
            return False
        return names.affinity(address.field.name, value.name, owner) in (None, UNSURE)

    def _within(self, address: Address) -> Iterator[_Candidate]:
        """Yield the keys in the rest of the entry: its own fields, and those below names that keys stand under."""
        block = address.entry
        if not isinstance(block.node, Mapping | Sequence):
            return
        if isinstance(block.node, Mapping) and block.node.layout == "scope":
            return
        pending, seen = [_Step(block, 1, "")], {id(block.node)}
        while pending and len(seen) <= MAX_CONTAINERS:
            step = pending.pop(0)
            yield from self._inside(address, step)
            for field in self._keys(step.place):
                inner = self._fields.inside(field)
                if inner is None or step.depth >= MAX_DEPTH:
                    continue
                for below in _steps(field, inner, step):
                    if id(below.place.node) not in seen:
                        seen.add(id(below.place.node))
                        pending.append(below)

    def _inside(self, address: Address, step: _Step) -> Iterator[_Candidate]:
        if step.place.parts != address.place.parts and step.place.parts not in self._beside_others:
            every = self._fields.of(step.place)[:MAX_KEYS] if step.role == "keyring" else self._keys(step.place)
            for field in every:
                kind = names.key_kind(field.name) or _role_kind(field, step.role)
                affinity = 1 if step.role else self._affinity(address, field, step.place)
                if kind is not None and affinity is not None:
                    yield _Candidate(field, "env" if step.role == "env headers" else kind, step.depth, affinity)
        if isinstance(step.place.node, Sequence) and step.role == "keyring":
            parents = (*step.place.parents, step.place.node)
            for number, entry in enumerate(step.place.node.entries[:MAX_KEYS]):
                if isinstance(entry.value, Scalar | Opaque):
                    field = Field("key", entry.value, (*step.place.parts, str(number)), parents)
                    yield _Candidate(field, "value", step.depth, 1)

    def _named(self, address: Address) -> Iterator[_Candidate]:
        """Yield the keys of what the entry names: credentials by name, or a map of keys by provider."""
        block = address.entry
        if not isinstance(block.node, Mapping):
            return
        own_names = {address.block[-1]} if address.block else set()
        for field in (*self._fields.of(block), *self._fields.of(address.place)):
            if not isinstance(field.node, Scalar):
                continue
            if names.folded(field.name) in ("name", "id"):
                own_names.add(str(field.node.value))
            elif _CREDENTIAL_NAME.search(field.name):
                root = _document(address)
                for key in self._credentials_of(root).get(str(field.node.value), ()):
                    yield _Candidate(key, names.key_kind(key.name) or "value", 4, 0)
        for depth in range(len(address.block) - 1, -1, -1):
            for ring in self._rings_of(_above_at(address, depth)):
                if address.block[: len(ring.parts)] != ring.parts:
                    yield from self._members(ring, own_names, address)

    def _members(self, ring: Place, own_names: Iterable[str], address: Address) -> Iterator[_Candidate]:
        for member in self._fields.of(ring)[:MAX_KEYS]:
            if member.name not in own_names:
                continue
            inner = self._fields.inside(member)
            if inner is None:
                yield _Candidate(member, "value", 5, 1)
                continue
            for field in self._keys(inner):
                kind = names.key_kind(field.name)
                if kind is not None and names.affinity(address.field.name, field.name, member.name) in (0, 1):
                    yield _Candidate(field, kind, 5, 1)

    def _rings_of(self, place: Place) -> tuple[Place, ...]:
        """Return the maps of keys by provider that a container holds."""
        if id(place.node) not in self._rings:
            rings = (self._fields.inside(f) for f in self._fields.of(place) if names.folded(f.name) in _KEYRINGS)
            self._rings[id(place.node)] = tuple(ring for ring in rings if ring is not None)
        return self._rings[id(place.node)]

    def _credentials_of(self, root: Place) -> dict[str, list[Field]]:
        """Return the keys of a document's credentials by the names that these have."""
        if id(root.node) not in self._credentials:
            found: dict[str, list[Field]] = {}
            for field in self._fields.of(root):
                ring = self._fields.inside(field) if "credential" in names.folded(field.name) else None
                for label, item in _items(ring):
                    keys = [key for place in (item, *self._containers(item)) for key in self._keys(place)]
                    labels = {str(f.node.value) for f in self._fields.of(item) if isinstance(f.node, Scalar)}
                    for name in {label, *labels}:
                        found.setdefault(name, []).extend(key for key in keys if names.key_kind(key.name) is not None)
            self._credentials[id(root.node)] = found
        return self._credentials[id(root.node)]

    def _containers(self, place: Place) -> Iterator[Place]:
        for field in self._fields.of(place)[:MAX_KEYS]:
            inner = self._fields.inside(field)
            if inner is not None:
                yield inner

    def _above(self, address: Address) -> Iterator[_Candidate]:
        """Yield the keys of the containers around the entry; where other services' URLs are, one of its own prefix."""
        is_item = _is_in_collection(address)
        for depth in range(len(address.place.parts) - 1, -1, -1):
            if depth and depth >= len(address.block):
                continue
            others = address.place.parts[:depth] in self._above_others
            holder = _above_at(address, depth)
            for field in self._keys(holder):
                kind = names.key_kind(field.name)
                affinity = self._affinity(address, field, holder)
                if kind is None or affinity is None or affinity == 2 or self._fields.inside(field) is not None:
                    continue
                if not names.key_prefix(field.name):
                    if others:
                        continue
                    # Around a list of entries it is that of the program's own callers; a bot's token has no other name.
                    affinity = UNSURE if is_item or names.is_bare_token(field.name) else affinity
                yield _Candidate(field, kind, 10 + len(address.place.parts) - depth, affinity)


def _is_of_program(holder: Place, address: Address) -> bool:
    """Whether variables or settings of a whole program, not of one entry, stand in a container."""
    is_scope = isinstance(holder.node, Mapping) and holder.node.layout == "scope"
    return is_scope or not holder.parts or names.is_variable_name(address.field.name)


def _is_in_collection(address: Address) -> bool:
    """Whether a URL's entry is one of a list or collection of entries."""
    above = address.place.parents[: len(address.block)]
    in_list = any(isinstance(node, Sequence) and node.layout != "documents" for node in above)
    return in_list or any(names.is_collection(part) for part in address.block[:-1])


def _best(candidates: Iterator[_Candidate]) -> tuple[list[_Candidate], list[_Candidate]]:
    """Return the candidates, best first, and those that are only perhaps meant.

    Candidates that only lack a reason against them count where they are alone.
    """
    ranked = sorted(candidates, key=lambda c: (c.distance, c.affinity, names.is_bare_token(c.field.name)))
    sure = [candidate for candidate in ranked if candidate.affinity < 2]
    if sure:
        return sure, []
    return (ranked, []) if len(ranked) == 1 and ranked[0].affinity < UNSURE else ([], ranked)


def _doubt(address: Address, unsure: list[str]) -> str:
    """Return what is to be said where keys may be meant, and may as well be another service's."""
    if not unsure:
        return ""
    listed = " or ".join(name[:MAX_NAME_CHARACTERS] for name in dict.fromkeys(unsure[:MAX_NAMED]))
    url = address.field.name[:MAX_NAME_CHARACTERS]
    return (
        f"{listed} may be the key of {url} or, by its name and place, one of something else, so it is not used; "
        f"if it is the gateway's, give it beside {url} as {names.key_name_for(url)}"
    )


def _may_concern(field: Field) -> bool:
    """Whether a field may be a key, hold one, or be one in a list of keys."""
    is_key = names.key_kind(field.name) is not None or names.is_key_place(field.name)
    return is_key or names.folded(field.name) in ("value", "env") or not isinstance(field.parents[-1], Mapping)


def _steps(field: Field, inner: Place, above: _Step) -> Iterator[_Step]:
    """Yield the containers below a field in which a key may stand, with what their own fields mean."""
    name = names.folded(field.name)
    if not (names.is_key_place(field.name) or names.key_kind(field.name) == "value"):
        return
    role = above.role
    if name in ("keys", "apikeys"):
        role = "keyring"
    elif name == "envhttpheaders":
        role = "env headers"
    yield _Step(inner, above.depth + 1, role)
    if isinstance(inner.node, Sequence) and role == "keyring":
        for _, item in _items(inner):
            yield _Step(item, above.depth + 1, role)


def _role_kind(field: Field, role: str) -> str | None:
    """Return the kind of a field that is a key by where it stands."""
    node = dereferenced(field.node)
    if role == "keyring" and isinstance(node, Scalar | Opaque):
        in_item = len(field.parents) > 1 and isinstance(field.parents[-2], Sequence)
        return "value" if names.folded(field.name) == "value" or not in_item else None
    if names.folded(field.name) == "env" and isinstance(node, Sequence):
        items = [entry.value for entry in node.entries]
        is_list_of_names = all(isinstance(i, Scalar) and names.is_variable_name(str(i.value)) for i in items)
        return "env" if items and is_list_of_names else None
    return None


def _items(ring: Place | None) -> Iterator[tuple[str, Place]]:
    """Yield the mappings of a list or map, each with its number or key."""
    if ring is None or not isinstance(ring.node, Mapping | Sequence):
        return
    parents = (*ring.parents, ring.node)
    for number, entry in enumerate(ring.node.entries[:MAX_KEYS]):
        label = entry.key if isinstance(ring.node, Mapping) else str(number)
        if label is not None and isinstance(entry.value, Mapping):
            yield label, Place((*ring.parts, label), entry.value, parents)


def _above_at(address: Address, depth: int) -> Place:
    """Return the container that a URL's container stands in, at a depth from the root."""
    place = address.place
    return Place(place.parts[:depth], place.parents[depth], place.parents[:depth])


def _document(address: Address) -> Place:
    """Return the root of the document that an address stands in: one of several in a YAML file."""
    containers = (*address.place.parents, address.place.node)
    root = containers[0]
    depth = 1 if isinstance(root, Sequence) and root.layout == "documents" and len(containers) > 1 else 0
    return Place(address.place.parts[:depth], containers[depth], address.place.parents[:depth])
