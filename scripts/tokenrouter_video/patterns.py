"""Regular expressions that are compiled when they are first used.

Compiling those of all modules that a preview loads takes longer than the preview's own work, and each run uses few.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AnyStr

_METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` would, without compiling it yet; a faulty expression raises on its first use."""
    lazy: Any = _LazyPattern(source, flags)
    return lazy  # type: ignore[no-any-return]


class _LazyPattern:
    """Stands for a compiled expression, and has its methods for its own once one is asked for."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern = source
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
