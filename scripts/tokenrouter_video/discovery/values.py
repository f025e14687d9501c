"""What a configured value says, before anything is looked up: text, references to where text is, or both joined."""

from __future__ import annotations

from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text."""

    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable, and what stands for it where it is not set.

    ``is_secret`` marks a reference to a store of secrets whose names are variables too (``${{ secrets.V }}``).
    """

    name: str
    default: Value | None = None
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file whose content is the text."""

    path: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command whose output is the text; it is named, never run."""

    text: str


@dataclass(frozen=True, slots=True)
class SecretReference:
    """An entry of a vault, keyring or secret store; it is named, never asked for."""

    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name of code with its attributes: ``config.baseUrl`` is ``("config", "baseUrl")``."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Several values written as one text."""

    parts: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not followed; ``reason`` completes "the value is ..." and never quotes it."""

    reason: str


Value: TypeAlias = Text | Variable | FileReference | Command | SecretReference | Name | Joined | Unknown


def join(parts: list[Value]) -> Value:
    """Return the parts as one value: neighbouring texts as one text, a single part as itself."""
    merged: list[Value] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Joined) else (part,):
            before = merged[-1] if merged else None
            if isinstance(piece, Text) and isinstance(before, Text):
                merged[-1] = Text(before.text + piece.text)
            elif not (isinstance(piece, Text) and not piece.text):
                merged.append(piece)
    if not merged:
        return Text("")
    return merged[0] if len(merged) == 1 else Joined(tuple(merged))
