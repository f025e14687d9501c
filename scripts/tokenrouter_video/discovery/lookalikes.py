"""Hosts that a reader might take for the gateway's, wherever a config names one as a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tokenrouter_video.config_names import is_url_name
from tokenrouter_video.discovery import hosts
from tokenrouter_video.discovery.findings import Sighting
from tokenrouter_video.documents.document import Document
from tokenrouter_video.documents.tree import Mapping, Opaque, Scalar
from tokenrouter_video.patterns import regex

MAX_LOOKALIKES = 200

_COMMENT_LINE = regex(r"\s*(?:#|//|/?\*|--|;|<!--)")
_NAMED_VALUE = regex(r"[A-Za-z_][\w.-]{0,80}=(?=\S)", needs=("=",))


def in_document(file: str, document: Document, line: Callable[[int], int] | None = None) -> Iterator[Sighting]:
    """Yield the look-alikes among a document's values: a link inside a longer text is not one, a comment neither.

    ``line`` tells an offset's line where the document is not the whole file.
    """
    line = line or document.line
    for place in document.places:
        node = place.node
        if isinstance(node, Scalar) and isinstance(node.value, str):
            if not hosts.names_a_brand(node.value):
                continue
            named = _NAMED_VALUE.match(node.value)
            text = node.value[named.end() :] if named is not None else node.value
            is_bare = bool(place.parts) and isinstance(place.parents[-1], Mapping) and is_url_name(place.parts[-1])
            found = hosts.lookalike(text, bare=is_bare)
            if found is not None:
                yield Sighting(file, line(node.token.start), found.host, found.reason)
        elif isinstance(node, Opaque):
            for offset, found in hosts.lookalikes_in(node.span.of(document.text)):
                yield Sighting(file, line(node.span.start + offset), found.host, found.reason)


def in_text(file: str, text: str) -> Iterator[Sighting]:
    """Yield the look-alikes in a text that could not be parsed, comment lines left out."""
    for offset, found in hosts.lookalikes_in(text):
        line_start = text.rfind("\n", 0, offset) + 1
        if not _COMMENT_LINE.match(text, line_start, offset):
            yield Sighting(file, text.count("\n", 0, offset) + 1, found.host, found.reason)
