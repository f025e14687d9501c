"""A document in a string of another one: a config in a ConfigMap's block of text, a JSON list in quotes.

What is inside is parsed as a document of its own, and edits of it become edits of the file around it, proven like any
other change: the file must say the old string with the planned text in it, and nothing else may differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.edits import TextEdit, apply_edits
from tokenrouter_video.documents.formats import detect, parse
from tokenrouter_video.documents.tree import Mapping, Node, Place, Scalar, Sequence, children
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass, field

# What places text in a string is imported where a file has such a string: most have none.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.documents.string_spelling import Spelling

Parts = tuple[str, ...]

DATA_FORMATS = frozenset({"yaml", "toml", "json", "jsonc", "json5"})

# Strings in strings, for masking; the file's own size bounds what those of one level hold together.
MAX_NESTING = 3
# Keys that say nothing of a text but that it is one, beside a sibling or below a parent that names it: compose's
# `configs`, cloud-init's `write_files`, Ansible's `copy`.
_CONTENTS = frozenset({"content", "contents", "data", "value", "text", "source", "inline", "body"})
_PATHS = ("path", "dest", "target", "destination", "filename", "file", "mountPath", "name", "key")
# A key or a dash, behind nothing but comments, markers and blank lines; scripts and prose start otherwise.
_YAML_START = regex(
    r"""(?:[ \t]*(?:\#[^\n]*|---[^\n]*|%[^\n]*)?\r?\n)*[ \t]*(?:-[ ]|["']?[\w./@-]+["']?[ ]*:(?:[ \t\r\n]|\Z))""",
    re.VERBOSE,
)
# What people write under these is read by people.
_PROSE = (
    " description descriptions summary readme notes note help prompt prompts instructions instruction comment comments"
    " message messages example examples docs documentation changelog markdown system_prompt systemprompt "
)


@dataclass(frozen=True)
class Embedded:
    """A string of a document, at ``parts``, and the document that its text is.

    ``label`` is the path by which the text is known where something names it (a ConfigMap's key, the path that it is
    written to), with the suffix of its format.
    """

    outer: Document = field(repr=False, compare=False)
    parts: Parts
    node: Scalar
    document: Document = field(repr=False, compare=False)
    label: Parts = ()
    is_named: bool = False

    @cached_property
    def _spelling(self) -> Spelling | None:
        from tokenrouter_video.documents.string_spelling import spelling

        try:
            return spelling(self.outer, self.node)
        except DocumentError:
            return None

    def line(self, offset: int) -> int:
        """Return the outer document's line that holds a character; of a string that is folded the first one."""
        if self._spelling is None:
            return self.outer.line(self.node.token.start)
        return self._spelling.line(offset)

    def outer_edits(self, edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
        """Return the proven edits of the outer document that make these edits in the string.

        Raises :class:`DocumentError`, with an offset in the outer document, where the string is written in a way that
        cannot be edited safely.
        """
        from tokenrouter_video.documents.string_spelling import spelling
        from tokenrouter_video.documents.verification import Replacement, verify

        if self.outer.format == "dotenv":
            # Its readers differ in what a quote or a sign in a value means.
            raise DocumentError("a dotenv file is read and never edited", self.node.token.start)
        if self.outer.obstacles:
            raise DocumentError(self.outer.obstacles[0].reason, self.outer.obstacles[0].offset)
        edits = sorted(edits)
        spelled = spelling(self.outer, self.node)
        made = tuple(spelled.edit(edit) for edit in edits)
        if any(one.is_insertion != other.is_insertion for one, other in zip(edits, made, strict=True)):
            raise DocumentError("an insertion would not stay one", self.node.token.start)
        verify(self.outer, made, Replacement(self.parts, apply_edits(str(self.node.value), edits)))
        return made


def json_in(document: Document, parts: Parts, node: Node) -> Embedded | None:
    """Return what a string holds where that is a JSON list or object, else ``None``."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or node.value.lstrip()[:1] not in ("[", "{"):
        return None
    inner = _parsed(node.value, "json")
    return Embedded(document, parts, node, inner) if isinstance(inner, Document) else None


def strings_in(document: Document) -> Iterator[Place]:
    """Yield the strings of a document that may be documents of their own: of lines, or opened by JSON's brackets."""
    for place in document.places:
        node = place.node
        text = node.value if isinstance(node, Scalar) and node.kind == "string" and place.parts else None
        if isinstance(text, str) and ("\n" in text or text.lstrip()[:1] in ("[", "{")):
            yield place


def read_embedded(document: Document, place: Place) -> Embedded | DocumentError | None:
    """Return the document that a string is, the error where its name promises one, ``None`` where it is just text.

    A name that tells a format decides; without one a text is a document where it reads as a JSON or YAML collection.
    """
    node = place.node
    assert isinstance(node, Scalar)
    text = str(node.value)
    label = _label(place)
    format_name = detect(label[-1]) if label else None
    if format_name is not None:
        if format_name not in DATA_FORMATS:
            return None
        inner = _parsed(text, format_name)
        if not isinstance(inner, Document):
            return inner
        return Embedded(document, place.parts, node, inner, label, is_named=True)
    if label and ("." in label[-1].strip(".") or f" {_folded(label[-1])} " in _PROSE):
        return None
    format_name = _format_of(text)
    if format_name is None:
        return None
    inner = _parsed(text, format_name)
    if not isinstance(inner, Document) and format_name == "json":
        # A flow mapping, which YAML reads as well.
        format_name = "yaml"
        inner = _parsed(text, format_name)
    if not isinstance(inner, Document):
        return None
    named = (*label[:-1], f"{label[-1] if label else ''}.{format_name}")
    return Embedded(document, place.parts, node, inner, named)


def texts_in(
    document: Document, is_of_interest: Callable[[str], bool], depth: int = MAX_NESTING
) -> Iterator[Document | str]:
    """Yield what the strings of interest hold: the document that a text is, or the text itself where it is none.

    Strings in those are looked into as well, down to ``depth``. A name that promises a format only says what to try
    first.
    """
    for place in strings_in(document):
        assert isinstance(place.node, Scalar)
        text = str(place.node.value)
        if not is_of_interest(text):
            continue
        label = _label(place)
        named = detect(label[-1]) if label else None
        formats = dict.fromkeys((named if named in DATA_FORMATS else None, _format_of(text)))
        parsed = (_parsed(text, name) for name in formats if name is not None)
        inner = next((one for one in parsed if isinstance(one, Document)), None)
        if inner is None:
            yield text
            continue
        yield inner
        if depth > 1:
            yield from texts_in(inner, is_of_interest, depth - 1)


def _format_of(text: str) -> str | None:
    """Return which format a text without a telling name may be, by how it starts."""
    if text.lstrip()[:1] in ("[", "{"):
        return "json"
    return "yaml" if _YAML_START.match(text) else None


def _parsed(text: str, format_name: str) -> Document | DocumentError | None:
    """Return a text's document; ``None`` where it is no list or map."""
    try:
        document = parse(text, format_name)
    except DocumentError as error:
        return error
    root = document.root
    return document if isinstance(root, Mapping | Sequence) and root.entries else None


def _label(place: Place) -> Parts:
    """Return the path by which a text is known: its key, what a sibling of it names, or the key above."""
    own = next((part for part in reversed(place.parts) if not part.isdigit()), "")
    candidates = [own]
    if _folded(own) in _CONTENTS:
        holder = place.parents[-1]
        siblings = dict(children(holder)) if isinstance(holder, Mapping) else {}
        named = [siblings[name].value for name in _PATHS if name in siblings]
        candidates = [one.value for one in named if isinstance(one, Scalar) and isinstance(one.value, str)]
        candidates += [part for part in reversed(place.parts[:-1]) if not part.isdigit()][:1]
        candidates.append(own)
    telling = next((one for one in candidates if detect(one.rpartition("/")[2]) is not None), candidates[0])
    return tuple(part for part in telling.split("/") if part)


def _folded(name: str) -> str:
    return name.lower().replace("-", "_")
