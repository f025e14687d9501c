"""The entry point: arguments in, one command run, an exit code out."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from tokenrouter_video.cli.arguments import parse, require_consistent
from tokenrouter_video.cli.commands import PROGRAM
from tokenrouter_video.cli.console import Console
from tokenrouter_video.errors import InterruptedByUserError, ProgramError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import NoReturn, TextIO

_PACKAGE = Path(__file__).parent.parent

# Commands that look into no workspace.
_WITHOUT_WORKSPACE = frozenset({"models", "demo"})


def run() -> NoReturn:
    """Run the program as the console entry point does, and end the process."""
    gc.set_threshold(50_000)  # as cli/script.py does
    leave(main())


def leave(code: int) -> NoReturn:
    """End the process after :func:`main`, which has written out both streams.

    What the interpreter takes down at its end, object by object, is a tenth of a preview's time, and the system takes
    all of it back at once. A tracer or profiler, which reports at the interpreter's end, gets to it.
    """
    if not _is_watched():
        os._exit(code)
    sys.exit(code)


def _is_watched() -> bool:
    """Whether a tracer or profiler is at work, in any of the two ways that Python has for one."""
    monitoring = getattr(sys, "monitoring", None)
    by_events = monitoring is not None and any(monitoring.get_tool(number) for number in range(6))
    return by_events or sys.gettrace() is not None or sys.getprofile() is not None


def main(
    argv: Sequence[str] | None = None,
    *,
    programs: Mapping[str, str] = MappingProxyType({}),
    starts: Callable[[str], Sequence[str]] = lambda name: (PROGRAM, name),
) -> int:
    """Run one command line and return its exit code; ``argv`` is without the program's name.

    ``programs`` and ``starts`` say how commands are named and started where that is not as ``tokenrouter-video``:
    see :func:`tokenrouter_video.cli.arguments.parse` and :meth:`tokenrouter_video.cli.console.Console.command`.
    """
    words = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)
    console = Console(json=_wants_json(words), starts=starts)
    try:
        code = _run(words, programs, console)
    except ProgramError as error:
        console.error(error)
        code = error.exit_code
    except KeyboardInterrupt:
        interrupted = InterruptedByUserError("interrupted", "run the same command again")
        console.error(interrupted)
        code = interrupted.exit_code
    except Exception as error:
        console.error(_internal(error))
        code = ProgramError.exit_code
    console.flush()
    return code or int(console.failed)


def _run(words: Sequence[str], programs: Mapping[str, str], console: Console) -> int:
    try:
        arguments = parse(words, programs)
    except SystemExit as exit_of_help:
        return int(exit_of_help.code or 0)
    console.quiet, console.verbose = arguments.quiet, arguments.verbose
    require_consistent(arguments)
    _require_workspace(arguments)
    command = import_module(f"tokenrouter_video.cli.{arguments.command}")
    code: int = command.execute(arguments, console)
    return code


def _require_workspace(arguments: argparse.Namespace) -> None:
    workspace: Path = arguments.workspace
    if arguments.command not in _WITHOUT_WORKSPACE and not workspace.is_dir():
        raise UsageError(f"--workspace {workspace} is no folder", "--workspace DIR with the folder to look in")


def _wants_json(words: Sequence[str]) -> bool:
    """Whether ``--json`` stands anywhere among the flags: a fault of the arguments is reported as they ask for."""
    flags = words[: words.index("--")] if "--" in words else words
    return "--json" in flags


def _speak_utf8(stream: TextIO | None) -> None:
    """Write UTF-8 whatever the locale; a lone surrogate becomes its escape, which JSON reads back."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def _internal(error: Exception) -> ProgramError:
    """Describe a fault of this program by type and place: its text could quote a file or a key."""
    place, trace = "start", error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGE):
            place = f"{path.relative_to(_PACKAGE)}:{trace.tb_lineno}"
        trace = trace.tb_next
    reason = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    return ProgramError(
        f"internal error, {type(error).__name__} at {place}{reason}",
        "report it with this line and the command; nothing of a file or key is in it",
    )
