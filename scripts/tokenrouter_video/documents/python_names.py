"""What the entries of a Python document are called: the same names for the located tree and for the second reading."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# Bindings that no name is bound to: what a function returns, and an expression that stands alone.
RETURN: Final = "return"
EXPRESSION: Final = "expression"


class Names:
    """Tells equal names apart by a number from the second on: ``name``, ``name@2``, ``name@3``."""

    def __init__(self) -> None:
        self._uses: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """Return the name, numbered where it was returned before."""
        unique = name
        while unique in self._uses:
            self._uses[name] += 1
            unique = f"{name}@{self._uses[name]}"
        self._uses[unique] = 1
        return unique


@dataclass(frozen=True, slots=True)
class Key:
    """A dict's key: its text, and what makes it equal to another one (``1``, ``1.0`` and ``True`` are equal)."""

    text: str
    identity: Hashable


def string_key(value: str) -> Key:
    """Return the key that a string is: itself."""
    return Key(value, value)


def constant_key(source: str, value: Hashable) -> Key:
    """Return the key that a number, a word or bytes are: their source text."""
    return Key(source, value)


def code_key(source: str) -> Key:
    """Return the key that any other expression is, in brackets, as a computed key is written elsewhere: ``[MODEL]``."""
    return Key(f"[{source}]", ("code", source))


def key_names(keys: Iterable[Key]) -> list[str]:
    """Return a name for each key of one dict, the same for equal ones.

    A string goes by its value. Another key whose text is that of a string, or of a key that it does not equal, gets a
    number, so that no pointer has two meanings.
    """
    keys = list(keys)
    names = Names()
    given: dict[Hashable, str] = {}
    for key in sorted(keys, key=lambda key: not isinstance(key.identity, str)):
        if key.identity not in given:
            given[key.identity] = names.unique(key.text)
    return [given[key.identity] for key in keys]


def makes_object(callee: str) -> bool:
    """Whether a call makes an instance: PEP 8 spells the names of classes with a capital first."""
    return callee.rpartition(".")[2].lstrip("_")[:1].isupper()
