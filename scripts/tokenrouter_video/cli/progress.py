"""What is being done, shown on a terminal where it takes long; what is over at once needs no word."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenrouter_video.cli.console import Status

PATIENCE_SECONDS = 1.0


class Progress:
    """Yields what shows a text until the block ends.

    It does so where its second argument says that the work will be long, or once the block has taken a second.
    ``status`` shows a first text, and what it gives replaces it.
    """

    def __init__(self, status: Callable[[str], AbstractContextManager[Status]]) -> None:
        self._status = status
        self._start = monotonic()
        self._stack = ExitStack()
        self._shown: Status | None = None

    def __enter__(self) -> Callable[[str, bool], None]:
        return self._show

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _show(self, text: str, is_long: bool) -> None:
        if self._shown is not None:
            self._shown.update(text)
        elif is_long or monotonic() - self._start > PATIENCE_SECONDS:
            self._shown = self._stack.enter_context(self._status(text))
