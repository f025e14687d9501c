"""The entry that the user gives with ``--entry``, checked to be one for the model."""

from __future__ import annotations

from collections.abc import Iterator

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Mapping, find
from tokenrouter_video.documents.values import Value
from tokenrouter_video.errors import UsageError
from tokenrouter_video.routing.adapt import Adaptation
from tokenrouter_video.routing.model_lists import RouteList
from tokenrouter_video.routing.model_names import looks_like_id, read_model_name


def given_entry(entry: Value, target: RouteList, model: VideoModel, document: Document) -> Adaptation:
    """Return the given entry as the list takes it; raise :class:`UsageError` where it is none for the model.

    For a map it is ``{ID: VALUE}``, or the value alone; for a list of strings it is the id.
    """
    place = find(document.root, target.parts)
    key: str | None = None
    names: list[str]
    if place is not None and isinstance(place.node, Mapping) and target.shape != "files":
        key, entry = _key_and_value(entry, model)
        names = [key]
    else:
        names = list(_ids_in(entry))
    if not any(read_model_name(name).model is model for name in names):
        raise UsageError(f"--entry names no {model.id}", f"Give an entry whose id is {model.id}.")
    if target.shape == "delimited" and not isinstance(entry, str):
        raise UsageError("--entry is an object, and the list is a string of ids", f"Give --entry '\"{model.id}\"'.")
    return Adaptation(entry, key)


def _key_and_value(entry: Value, model: VideoModel) -> tuple[str, Value]:
    if isinstance(entry, dict) and len(entry) == 1:
        ((key, value),) = entry.items()
        if read_model_name(key).model is model:
            return key, value
    return model.id, entry


def _ids_in(entry: Value) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        for value in entry.values():
            yield from (text for text in _ids_in(value) if looks_like_id(text))
    elif isinstance(entry, list):
        for value in entry:
            yield from _ids_in(value)
