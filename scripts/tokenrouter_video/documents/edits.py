"""Text splices: the only way in which a file is changed."""

from __future__ import annotations

from collections.abc import Iterable

from tokenrouter_video.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class TextEdit:
    """Replace the characters from ``start`` to ``end`` of the original text; a pure insertion has both equal."""

    start: int
    end: int
    text: str

    @property
    def is_insertion(self) -> bool:
        """Whether nothing of the original is taken away."""
        return self.start == self.end


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """Return ``text`` with all edits made; raise ``ValueError`` where they overlap or leave the text."""
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits):
        if not position <= edit.start <= edit.end <= len(text):
            raise ValueError("edits overlap or leave the text")
        pieces += (text[position : edit.start], edit.text)
        position = edit.end
    pieces.append(text[position:])
    return "".join(pieces)


def compose(first: Iterable[TextEdit], second: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """Return the edits of the original text that equal ``first`` followed by ``second``, which edits its result."""
    edits = sorted(first)
    for later in sorted(second, reverse=True):
        edits = _merge(edits, later)
    return tuple(edits)


def _merge(edits: list[TextEdit], later: TextEdit) -> list[TextEdit]:
    """Add one edit of the edited text to the edits that led to it."""
    before: list[TextEdit] = []
    touched: list[TextEdit] = []
    after: list[TextEdit] = []
    shift = 0
    shift_at_start = 0
    for edit in edits:
        start = edit.start + shift
        end = start + len(edit.text)
        shift += len(edit.text) - (edit.end - edit.start)
        if end < later.start:
            before.append(edit)
            shift_at_start = shift
        elif start > later.end:
            after.append(edit)
        else:
            touched.append(edit)
    if not touched:
        return [*before, TextEdit(later.start - shift_at_start, later.end - shift_at_start, later.text), *after]
    # The touched edits and the original text between them become one edit around the later one.
    first_start = touched[0].start + shift_at_start
    start = min(later.start, first_start)
    pieces_end = touched[-1].start + shift_at_start
    for edit in touched[:-1]:
        pieces_end += len(edit.text) - (edit.end - edit.start)
    pieces_end += len(touched[-1].text)
    if len(touched) > 1 or later.start < first_start or later.end > pieces_end:
        raise ValueError("edits that lie across several others cannot be composed")
    inside = touched[0].text
    text = inside[: later.start - start] + later.text + inside[later.end - start :]
    return [*before, TextEdit(touched[0].start, touched[0].end, text), *after]
