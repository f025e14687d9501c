"""Regular expressions that are compiled when they are first used.

Compiling those of all modules that a preview loads takes longer than the preview's own work, and each run uses few.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, AnyStr

_METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
# What a method returns where an expression matches nowhere.
_NOTHING: dict[str, Callable[[], Any]] = {
    "search": lambda: None,
    "match": lambda: None,
    "fullmatch": lambda: None,
    "finditer": lambda: iter(()),
}


def regex(source: AnyStr, flags: int = 0, *, needs: tuple[str, ...] = ()) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` would, without compiling it yet; a faulty expression raises on its first use.

    Every match holds one of ``needs``, given in lower case, in any case: until a text does, nothing is compiled.
    """
    lazy: Any = _LazyPattern(source, flags, needs)
    return lazy  # type: ignore[no-any-return]


class _LazyPattern:
    """Stands for a compiled expression, and has its methods for its own once one is asked for."""

    def __init__(self, source: str | bytes, flags: int, needs: tuple[str, ...]) -> None:
        self.pattern = source
        self.flags = flags
        self.needs = needs

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        if self.needs and name in _NOTHING:
            setattr(self, name, self._guarded(name))
        else:
            self._compile()
        return getattr(self, name)

    def _compile(self) -> None:
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))

    def _guarded(self, name: str) -> Callable[..., Any]:
        """Return a method that looks for what every match holds before it compiles anything."""

        def method(text: str, *limits: int) -> Any:
            # re.IGNORECASE takes more characters for equal than str.lower does, such as the long s.
            folded = text.casefold()
            for need in self.needs:
                if need in folded:
                    self._compile()
                    return getattr(self, name)(text, *limits)
            return _NOTHING[name]()

        return method
