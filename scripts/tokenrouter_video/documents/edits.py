"""Text splices: the only way in which a file is changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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
