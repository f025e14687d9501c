"""Several proven changes of one document as one set of edits of its original text."""

from __future__ import annotations

from collections.abc import Mapping as Names

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.edits import TextEdit, compose
from tokenrouter_video.documents.insertion import Edited, extend_string, insert, replace_scalar
from tokenrouter_video.documents.tree import to_pointer
from tokenrouter_video.documents.values import Value
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.model_lists import RouteList
from tokenrouter_video.routing.repair import Repair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Parts = tuple[str, ...]


@dataclass()
class Changes:
    """A document as it is after the changes so far, and the edits that lead to it.

    ``shared`` are the places of the aliases that repeat what is changed and may change with it.
    All methods raise :class:`DocumentError` where a change cannot be made safely.
    """

    document: Document
    edits: tuple[TextEdit, ...] = ()
    shared: frozenset[Parts] = frozenset()

    def insert(self, target: Parts, value: Value, **where: Any) -> None:
        """Insert a value into the list or map at ``target``; ``where`` is as in ``documents.insertion.insert``."""
        self._take(insert(self.document, to_pointer(target), value, shared=self.shared, **where))

    def repair(self, repair: Repair) -> None:
        """Replace a wrong scalar, or insert a missing field."""
        if repair.is_missing:
            parts, key = repair.parts[:-1], repair.parts[-1]
            self.insert(parts, repair.value, key=key, like=repair.like or None, position=repair.position)
        else:
            assert repair.value is None or isinstance(repair.value, str | int | float | bool)
            self._take(replace_scalar(self.document, repair.pointer, repair.value, shared=self.shared))

    def extend(self, target: RouteList, name: str) -> None:
        """Add an id to a string of ids, with the separator and the mark in front that the others have."""
        place = self.document.at(target.pointer)
        text = str(getattr(place.node, "value", "")) if place is not None else ""
        after = text[text.rfind(target.separator) + 1 :] if target.separator in text else ""
        blanks = after[: len(after) - len(after.lstrip())]
        mark = "+" if target.models and target.models[0].startswith("+") else ""
        is_ended = text.rstrip().endswith(target.separator)
        addition = ("" if is_ended else target.separator + blanks) + mark + name
        self._take(extend_string(self.document, target.pointer, addition, shared=self.shared))

    def _take(self, done: Edited) -> None:
        try:
            self.edits = compose(self.edits, done.edits)
        except ValueError as error:
            raise DocumentError(str(error)) from None
        self.document = done.document


def name_in(value: Value, key: str | None, id_path: Parts) -> str | None:
    """Return the id of a new entry: its key, the string that it is, or what stands at ``id_path``."""
    if key is not None:
        return key
    for part in id_path:
        value = value.get(part) if isinstance(value, Names) else None
    return value if isinstance(value, str) else None
