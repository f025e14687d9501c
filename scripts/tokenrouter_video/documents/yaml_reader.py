"""The second reader of YAML: PyYAML, which most consumers read with, and so the types of YAML 1.1.

Only its events are used and its resolver is asked for each scalar's type: no alias is expanded, nothing is constructed
but numbers, and nesting costs no stack.
"""

from __future__ import annotations

import yaml

from tokenrouter_video.documents.document import MAX_ALIASES, MAX_DEPTH
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tokenrouter_video.documents.formats import Reading

# libyaml's parser is some twenty times faster than the one in Python; wheels have it, other builds may not.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_STANDARD = "tag:yaml.org,2002:"

# PyYAML builds base-60 numbers in quadratic time, and Python prints no integer of more than 4,300 digits.
_LONGEST_NUMBER = 1_000


def second_reading(text: str, format: str = "yaml") -> Reading | None:
    """Return what PyYAML reads in a text, in the shape of ``formats.Reading``; ``None`` where it cannot read it.

    Several documents are a list; a text without documents is a null. An entry whose key is an alias is named by
    the scalar that it stands for, one whose key is a collection as ``values.entry_names`` does it. Of equal keys the
    last one counts.
    """
    try:
        return _Reader(text).read()
    except Exception:
        # Whatever it was, its message may quote the text.
        return None


class _UnreadableError(Exception):
    """The text breaks a limit or lacks an anchor."""


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; ``key`` is the name of the entry whose value comes next."""

    value: dict[str, Reading] | list[Reading]
    key: str | None = None
    count: int = 0


class _Reader:
    """Reads one text; the collections that are open are a list, so that no depth exhausts Python's stack."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[_Open] = []
        self._documents: list[Reading] = []
        # The content of the scalar that each anchor names, ``None`` where it names a collection.
        self._anchors: dict[str, str | None] = {}
        self._alias_count = 0

    def read(self) -> Reading:
        """Return the reading of the whole text."""
        self._loader = _Loader(self._text)
        try:
            while self._loader.check_event():
                self._take(self._loader.get_event())
        finally:
            self._loader.dispose()
        if not self._documents:
            return ("null", "null")
        return self._documents[0] if len(self._documents) == 1 else self._documents

    def _take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._note_anchor(event, event.value)
                self._add(self._scalar(event), event.value)
            case yaml.MappingStartEvent():
                self._start({}, event)
            case yaml.SequenceStartEvent():
                self._start([], event)
            case yaml.CollectionEndEvent():
                self._add(self._open.pop().value, None)
            case yaml.AliasEvent():
                self._alias_count += 1
                if event.anchor not in self._anchors or self._alias_count > MAX_ALIASES:
                    raise _UnreadableError
                self._add(("alias", event.anchor), self._anchors[event.anchor])
            case yaml.DocumentStartEvent():
                self._anchors.clear()

    def _start(self, value: dict[str, Reading] | list[Reading], event: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _UnreadableError
        self._note_anchor(event, None)
        self._open.append(_Open(value))

    def _note_anchor(self, event: Any, content: str | None) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = content

    def _add(self, reading: Reading, text: str | None) -> None:
        if not self._open:
            self._documents.append(reading)
            return
        opened = self._open[-1]
        if isinstance(opened.value, list):
            opened.value.append(reading)
        elif opened.key is None:
            opened.key = f"\0{opened.count}" if text is None else text
        else:
            opened.value[opened.key] = reading
            opened.key = None
            opened.count += 1

    def _scalar(self, event: Any) -> tuple[str, str]:
        text: str = event.value
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, text, event.implicit)
        name = tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else "other"
        if name in ("str", "merge", "value"):
            return ("str", text)
        if name == "timestamp":
            return ("datetime", text)
        if name == "null":
            return ("null", "null")
        if name in ("bool", "int", "float"):
            return self._number(name, tag, text)
        return ("other", f"{tag} {text}")

    def _number(self, name: str, tag: str, text: str) -> tuple[str, str]:
        """Return a number or boolean as PyYAML itself constructs it."""
        node = yaml.ScalarNode(tag, text)
        try:
            if len(text) > _LONGEST_NUMBER:
                raise ValueError
            if name == "bool":
                return (name, "true" if self._loader.construct_yaml_bool(node) else "false")
            if name == "int":
                return (name, str(self._loader.construct_yaml_int(node)))
            return (name, repr(self._loader.construct_yaml_float(node)))
        except (ValueError, KeyError, IndexError, OverflowError):
            return ("other", f"{tag} {text}")
