"""What is wrong with a text that ruamel.yaml cannot parse, in words of our own.

ruamel's messages quote the text, which may hold keys; only the constant beginnings of them are looked at.
"""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from tokenrouter_video.documents.document import DocumentError

_REASONS = (
    ("could not find expected ':'", "a ':' is missing behind a key, or a text over several lines is not indented"),
    ("mapping values are not allowed", "a ':' stands where no value can start; a text that holds ': ' needs quotes"),
    ("sequence entries are not allowed", "a '-' stands where no list item can start"),
    ("mapping keys are not allowed", "a '?' stands where no key can start"),
    ("found character", "a value starts with a character that YAML reserves; such a text needs quotes"),
    ("found unexpected end of stream", "a quoted text is not closed"),
    ("found unexpected document separator", "a quoted text is not closed before the document ends"),
    ("found unknown escape character", "an escape that YAML does not know stands in a double-quoted text"),
    ("expected escape sequence", "an escape in a double-quoted text is incomplete"),
    ("expected <block end>", "a line is indented wrongly, or a '-', ',' or ':' is missing before it"),
    ("expected ',' or", "a comma is missing, or a '[' or '{' is not closed"),
    ("expected the node content", "a value is missing, or a bracket or comma stands where none can"),
    ("expected '<document start>'", "the document's value is complete; a line is indented wrongly, or a mark too many"),
    ("found non-comment content", "something stands behind the '...' that ends a document"),
    ("expected chomping or indentation", "text stands behind a '|' or '>', where only its indicators or a comment can"),
    ("expected alphabetic or numeric", "an anchor, alias or directive has no name, or a character that none can have"),
    ("expected a comment or a line break", "something else than a comment stands behind an indicator or a directive"),
    ("expected URI", "a tag is not well-formed"),
    ("expected ' '", "a tag is not well-formed"),
    ("found undefined tag handle", "a tag's handle is not declared"),
)
_AT_THE_START = ("could not find expected ':'",)


def unreadable(error: Exception, text: str, offset: int | None) -> DocumentError:
    """Return the error to raise for one of ruamel.yaml's; ``offset`` is where its reader stood."""
    if isinstance(error, ReaderError):
        return DocumentError("a control character that YAML forbids", error.position)
    if not isinstance(error, MarkedYAMLError):
        return DocumentError("not valid YAML", offset)
    problem = error.problem or error.context or ""
    context = error.context_mark.index if error.context_mark is not None else offset
    place = error.problem_mark.index if error.problem_mark is not None else context
    if place is not None and text.startswith("\t", place):
        return DocumentError("a tab stands where YAML allows only spaces", place)
    if problem.startswith(_AT_THE_START) or (place is not None and not text[place:].strip()):
        # What is never closed shows at the end of the text; where it starts tells more.
        place = context
    reason = next((ours for start, ours in _REASONS if problem.startswith(start)), "not valid YAML")
    return DocumentError(reason, place)
