"""What a command prints: results on stdout, everything else on stderr, all of it masked and safe to show."""

from __future__ import annotations

import errno
import os
import re
import sys

# What ``threading.RLock`` is, without an import of 1 ms.
from _thread import RLock
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from tokenrouter_video.cli.commands import COMMANDS, PROGRAM
from tokenrouter_video.display import json_escaped, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any, Protocol, TextIO

    from rich.console import Console as RichConsole

    from tokenrouter_video.errors import ProgramError
    from tokenrouter_video.masking import Masker

# SGR codes (ECMA-48, 8.3.117) of the few styles that the commands use.
_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_RESET = "\x1b[0m"
_SGR = f"(\x1b\\[(?:0|{'|'.join(_STYLES.values())})m)"


# How a remedy names a command of this program; it is shown the way the program was started.
_OWN_COMMAND = rf"\b{PROGRAM} ({'|'.join(COMMANDS)})\b"


if TYPE_CHECKING:

    class Status(Protocol):
        """A line that says what the program waits for."""

        def update(self, text: str) -> None:
            """Replace the text."""


class Console:
    """The two output streams of one run.

    ``json``, ``quiet`` and ``verbose`` are the flags of the same name. ``starts`` gives the words that start one of the
    commands (see :meth:`command`).
    A reader that has gone away (a closed pipe) ends no command: what is under way matters more than its report.
    Safe to use from several threads.
    """

    def __init__(
        self,
        *,
        json: bool = False,
        quiet: bool = False,
        verbose: bool = False,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        environ: Mapping[str, str] | None = None,
        starts: Callable[[str], Sequence[str]] = lambda name: (PROGRAM, name),
    ) -> None:
        self.json = json
        self.quiet = quiet
        self.verbose = verbose
        self.failed = False
        self._stdout = sys.stdout if stdout is None else stdout
        self._stderr = sys.stderr if stderr is None else stderr
        self._environ = os.environ if environ is None else environ
        self._starts = starts
        self._live: RichConsole | None = None
        self._lock = RLock()

    @cached_property
    def masker(self) -> Masker:
        """What knows the secrets of this run; whoever reads one adds it here."""
        from tokenrouter_video.masking import Masker

        return Masker()

    @cached_property
    def color(self) -> bool:
        """Whether stdout is a terminal that wants colour (https://no-color.org)."""
        return not self.json and self._is_terminal(self._stdout) and not self._environ.get("NO_COLOR")

    @property
    def draws(self) -> bool:
        """Whether stderr is a terminal on which progress is wanted; a closed stderr is none."""
        return not self.quiet and self._is_terminal(self._stderr)

    @cached_property
    def width(self) -> int | None:
        """The columns of the terminal that stdout is, or None where it is none and lines may be of any length."""
        if self.json or not self._is_terminal(self._stdout):
            return None
        from tokenrouter_video.cli.layout import terminal_width

        return terminal_width(self._stdout.fileno())

    def style(self, text: str, *names: str) -> str:
        """Return ``text`` in the named styles (``bold dim red green yellow cyan``), or as it is where colour is off."""
        if not self.color or not text:
            return text
        return "".join(f"\x1b[{_STYLES[name]}m" for name in names) + text + _RESET

    def command(self, name: str, *arguments: str) -> list[str]:
        """Return the words that run one of this program's commands the way this run was started.

        From ``scripts/`` that is the interpreter and the script: nothing says that ``tokenrouter-video`` is installed.
        """
        return [*self._starts(name), *arguments]

    def as_started(self, remedy: str) -> str:
        """Return a text in which this program's commands are named as :meth:`command` starts them."""
        from shlex import join

        return re.sub(_OWN_COMMAND, lambda match: join(self.command(match[1])), remedy)

    def result(self, payload: Mapping[str, Any], text: Callable[[], str]) -> None:
        """Print a command's result on stdout: the payload as one JSON object with ``--json``, else the text.

        The text's own line breaks and tabs stay; control characters that came from a file or a server are spelled
        out here at the latest. One-line values want :func:`tokenrouter_video.display.visible` before.
        """
        if self.json:
            self._write_json(payload, indent=2 if self._is_terminal(self._stdout) else None)
            return
        body = self.masker.clean(text())
        pieces = re.split(_SGR, body) if self.color else [body]
        shown = (piece if place % 2 else visible(piece, keep="\n\t") for place, piece in enumerate(pieces))
        self._write(self._stdout, _ended("".join(shown)))

    def json_line(self, payload: Mapping[str, Any]) -> None:
        """Print one JSON object as one line on stdout."""
        self._write_json(payload)

    def note(self, text: str) -> None:
        """Print on stderr unless ``--quiet``."""
        if not self.quiet:
            self.urgent(text)

    def detail(self, text: str) -> None:
        """Print on stderr with ``--verbose`` only."""
        if self.verbose:
            self.urgent(text)

    def urgent(self, text: str) -> None:
        """Print on stderr, always and at once."""
        line = visible(self.masker.clean(text), keep="\n\t")
        with self._lock:
            if self._live is None:
                self._write(self._stderr, _ended(line))
            else:
                self._live.print(line, markup=False, highlight=False, soft_wrap=True)

    def error(self, error: ProgramError) -> None:
        """Report why the command ends: a JSON object on stdout with ``--json``, else two lines on stderr."""
        remedy = self.as_started(error.remedy)
        if self.json:
            member = {**error.details, "code": error.code, "message": error.message, "try": remedy}
            self._write_json({"schema": 1, **(error.result or {}), "error": member})
            return
        self.urgent(f"{PROGRAM}: {error.message}" + (f"\ntry: {remedy}" if remedy else ""))

    def status(self, text: str) -> AbstractContextManager[Status]:
        """Show what is waited for while the block runs: a spinner on a terminal's stderr, nothing anywhere else."""
        if self._live is not None or not self.draws or self._stderr is None:
            return _Silent()
        from tokenrouter_video.cli.spinner import Spinner

        return Spinner(
            self._stderr, self._line, text, has_color=not self._environ.get("NO_COLOR"), attach=self._print_above
        )

    def progress(self) -> AbstractContextManager[Callable[[str, bool], None] | None]:
        """Give what shows what is being done where that takes long, or None where nothing is to be shown."""
        if self._live is not None or not self.draws:
            return _Without()
        from tokenrouter_video.cli.progress import Progress

        return Progress(self.status)

    def flush(self) -> None:
        """Push out what both streams still hold; :attr:`failed` is set where stdout could not take it."""
        for stream in (self._stdout, self._stderr):
            self._write(stream, "")

    def _print_above(self, live: RichConsole | None) -> None:
        """Print by ``live``, which draws on stderr, from now on; with ``None`` directly again."""
        self._live = live

    def _line(self, text: str) -> str:
        from rich.markup import escape

        return escape(visible(self.masker.clean(text)))

    def _write_json(self, payload: Mapping[str, Any], indent: int | None = None) -> None:
        from json import dumps

        clean = self.masker.clean_json(dict(payload))
        line = dumps(clean, ensure_ascii=False, indent=indent, default=os.fspath)
        self._write(self._stdout, _ended(json_escaped(line)))

    def _write(self, stream: TextIO | None, text: str) -> None:
        if stream is None:  # closed by whoever started the program
            return
        with self._lock:
            try:
                stream.write(text)
                stream.flush()
            except (OSError, ValueError) as error:
                self._give_up(stream, error)

    def _give_up(self, stream: TextIO, error: OSError | ValueError) -> None:
        """Send a broken stream's further text nowhere, and say so unless its reader has merely left."""
        gone = isinstance(error, BrokenPipeError) or (isinstance(error, OSError) and error.errno == errno.EPIPE)
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)
        except (OSError, ValueError):
            pass
        if stream is self._stdout and not gone:
            self.failed = True
            reason = error.strerror if isinstance(error, OSError) else "it is closed"
            self.urgent(f"{PROGRAM}: stdout cannot be written: {reason}")

    def _is_terminal(self, stream: TextIO | None) -> bool:
        try:
            return stream is not None and stream.isatty() and self._environ.get("TERM") != "dumb"
        except ValueError:
            return False


class _Without:
    def __enter__(self) -> None:
        """Give nothing."""

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""


class _Silent:
    def __enter__(self) -> Status:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    def update(self, text: str) -> None:
        """Show nothing."""


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
