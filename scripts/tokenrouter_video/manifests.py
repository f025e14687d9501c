"""Objects of configuration files that name each other by kind and name, across documents and files.

A name means the object of the same file, else one of the same folder, else the one of another folder. Namespaces are
compared where both sides say one: a tool that fills them in (``kustomize``) leaves them out. A name without one that
fits objects of two namespaces in its file means neither.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from itertools import islice

from tokenrouter_video.consumer_hosts import Ref
from tokenrouter_video.documents.tree import Container, Mapping, Node, Place, Scalar, Sequence, dereferenced
from tokenrouter_video.records import dataclass

Parts = tuple[str, ...]

# Aliases of long lists in each other could lead to any number of places.
MAX_PLACES = 20_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object: the file that it stands in, as it is shown, and its place there."""

    file: str
    place: Place
    kind: str
    name: str
    namespace: str


class Manifests:
    """The objects of several files, each given as its shown path and the root of its tree."""

    def __init__(self, files: Iterable[tuple[str, Node]]) -> None:
        self.objects = tuple(one for file, root in files for one in objects_in(file, root))
        self._by_name: dict[tuple[str, str], list[Manifest]] = {}
        self._by_kind: dict[str, list[Manifest]] = {}
        for one in self.objects:
            self._by_name.setdefault((one.kind, one.name), []).append(one)
            self._by_kind.setdefault(one.kind, []).append(one)
        self._names: dict[Ref, dict[str, list[tuple[Manifest, Place]]]] = {}

    def of_kind(self, kind: str) -> list[Manifest]:
        """Return the objects of a kind."""
        return self._by_kind.get(kind, [])

    def around(self, file: str, parts: Parts) -> Manifest | None:
        """Return the object of a file that a pointer leads into."""
        found = [one for one in self.objects if one.file == file and parts[: len(one.place.parts)] == one.place.parts]
        return max(found, key=lambda one: len(one.place.parts), default=None)

    def near(self, kind: str, file: str) -> list[Manifest]:
        """Return the objects of a kind in a file's folder, else those of another where all stand in one file."""
        return _nearest(self.of_kind(kind), file)

    def naming(self, target: Manifest, ref: Ref, *, anywhere: bool = False) -> list[Manifest]:
        """Return the objects of the reference's kind that name ``target``, with ``anywhere`` in any folder."""
        if ref not in self._names:
            self._names[ref] = _names_in(self.of_kind(ref.kind), ref)
        files = {one.file for one in self._by_name.get((target.kind, target.name), ())}
        sources = {
            (one.file, one.place.parts): one
            for one, name in self._names[ref].get(target.name, ())
            if self.means(one, name, target) and (one.file == target.file or one.file not in files)
        }
        return list(sources.values()) if anywhere else _nearest(list(sources.values()), target.file)

    def named(self, source: Manifest, kind: str, name: Place) -> Manifest | None:
        """Return the object of a kind that the name at a place in ``source`` means."""
        targets = [one for one in self._by_name.get((kind, text_of(name.node)), ()) if is_named(one, source, name)]
        own = [one for one in targets if one.file == source.file]
        if self._is_unclear(kind, source, name):
            return None
        return next(iter(own or _nearest(targets, source.file)), None)

    def means(self, source: Manifest, name: Place, target: Manifest) -> bool:
        """Whether a name in ``source`` means ``target``, and can mean no other of its own file."""
        return is_named(target, source, name) and not self._is_unclear(target.kind, source, name)

    def _is_unclear(self, kind: str, source: Manifest, name: Place) -> bool:
        """Whether a name may mean objects of several namespaces in its own file, and nothing says which."""
        named = self._by_name.get((kind, text_of(name.node)), ())
        return len({one.namespace for one in named if one.file == source.file and is_named(one, source, name)}) > 1


def _names_in(sources: Iterable[Manifest], ref: Ref) -> dict[str, list[tuple[Manifest, Place]]]:
    found: dict[str, list[tuple[Manifest, Place]]] = {}
    for source in sources:
        for path in ref.names:
            for name in places_at(source.place, path):
                found.setdefault(text_of(name.node), []).append((source, name))
    return found


def is_named(target: Manifest, source: Manifest, name: Place) -> bool:
    """Whether a name in ``source``, with the kind and namespace beside it, means ``target``."""
    holder = name.parents[-1] if name.parents else None
    kind = text_of(holder.get("kind")) if isinstance(holder, Mapping) else ""
    namespace = (text_of(holder.get("namespace")) if isinstance(holder, Mapping) else "") or source.namespace
    return (
        bool(target.name)
        and text_of(name.node) == target.name
        and kind in ("", target.kind)
        and may_meet(namespace, target.namespace)
    )


def may_meet(one: str, other: str) -> bool:
    """Whether objects of two namespaces may see each other; which one is meant where none is said nobody knows."""
    return not one or not other or one == other


def places_at(place: Place, path: str) -> Iterator[Place]:
    """Yield the places that a path of names and ``[]`` leads to; what an alias stands for is read in its place."""
    places = [place]
    for step in path.split(".") if path else ():
        places = list(islice((below for one in places for below in _below(one, step)), MAX_PLACES))
    yield from places


def text_at(place: Place, path: str) -> str:
    """Return the text at a path, empty where there is none; a number is its digits."""
    return next((text for one in places_at(place, path) if (text := text_of(one.node))), "") if path else ""


def _below(place: Place, step: str) -> Iterator[Place]:
    node = dereferenced(place.node)
    if isinstance(node, Mapping):
        value = node.get(step)
        if value is not None:
            yield Place((*place.parts, step), dereferenced(value), (*place.parents, node))
    elif isinstance(node, Sequence) and step == "[]":
        for number, entry in enumerate(node.entries):
            yield Place((*place.parts, str(number)), dereferenced(entry.value), (*place.parents, node))


def text_of(node: Node | None) -> str:
    """Return a scalar's text without blanks around it, empty for what is none."""
    if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
        return ""
    return str(node.value).strip()


def decoded(data: str) -> str | None:
    """Return the text that a value below a Secret's ``data`` is the base64 of, ``None`` where it is of none."""
    try:
        return base64.b64decode("".join(data.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def objects_in(file: str, root: Node) -> Iterator[Manifest]:
    """Yield a file's objects: itself, its documents, and the items of a list of objects among them."""
    parents: tuple[Container, ...] = (root,) if isinstance(root, Sequence) and root.layout == "documents" else ()
    tops = (
        [Place((str(number),), entry.value, parents) for number, entry in enumerate(root.entries)]
        if isinstance(root, Sequence) and parents
        else [Place((), root, ())]
    )
    for top in tops:
        is_list = text_at(top, "kind").endswith("List")
        for place in places_at(top, "items.[]") if is_list else (top,):
            if isinstance(place.node, Mapping):
                kind, name, namespace = (
                    text_at(place, path) for path in ("kind", "metadata.name", "metadata.namespace")
                )
                yield Manifest(file, place, kind, name, namespace)


def _nearest(found: list[Manifest], file: str) -> list[Manifest]:
    """Return the objects of the same folder, else those of another where all stand in one file."""
    folder = file.rpartition("/")[0]
    near = [one for one in found if one.file.rpartition("/")[0] == folder]
    if near:
        return near
    return found if len({one.file for one in found}) == 1 else []
