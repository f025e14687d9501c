"""A line on a terminal's stderr that moves while something is waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from rich.console import Console

from tokenrouter_video.gateway import interruption


class Spinner:
    """Shows a text while the block that it is entered for runs.

    ``line`` makes a text fit to be shown. ``attach`` is given what prints above the line as long as it is there, then
    ``None``.
    """

    def __init__(
        self,
        stream: TextIO,
        line: Callable[[str], str],
        text: str,
        *,
        has_color: bool,
        attach: Callable[[Console | None], None],
    ) -> None:
        self._live = Console(file=stream, no_color=not has_color)
        self._line = line
        self._attach = attach
        self._status = self._live.status(line(text))

    def __enter__(self) -> Spinner:
        try:
            with interruption.held():  # for its thread
                self._status.start()
        except BaseException:
            self._status.stop()
            raise
        self._attach(self._live)
        return self

    def __exit__(self, *_: object) -> None:
        self._attach(None)
        self._status.stop()

    def update(self, text: str) -> None:
        """Replace the text."""
        self._status.update(self._line(text))
