"""The command line's grammar: which parser reads it, and what contradicts what."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tokenrouter_video.cli.commands import COMMANDS, PROGRAM, epilog
from tokenrouter_video.cli.flags import COMMAND_FLAGS, DEFAULTS, TASK_ACTIONS, add_common_flags
from tokenrouter_video.cli.layout import terminal_width, wrapped
from tokenrouter_video.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, TypeAlias


# This program speaks English throughout; looking for translations of argparse's own words takes 2 ms of each start.
vars(argparse)["_"] = lambda text: text


def parse(argv: Sequence[str], programs: Mapping[str, str] = MappingProxyType({})) -> argparse.Namespace:
    """Return the arguments of one run; raise :class:`UsageError` where they are wrong.

    ``programs`` maps a command to the name it is started by where that is a script's. Paths are ``Path`` objects. The
    namespace always has every flag of every command, with its default where the command has no such flag.
    ``--help`` and ``--version`` print and raise ``SystemExit``.
    """
    words = list(argv)
    # Not by set_defaults, which would reach into the flags that all parsers share.
    values = argparse.Namespace(**DEFAULTS)
    # No defaults, so that what stands before the command does not undo what stands behind it, and the other way round.
    common = _Parser(add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS, formatter_class=_Formatter)
    add_common_flags(common.add_argument_group("common flags"))
    if words and words[0] in COMMANDS:
        # Nothing stands in front of the command: its own parser is all that is needed.
        values.command = words.pop(0)
        parser = _Parser(**_about(values.command, programs), parents=[common])
        below = _with_flags(parser, values.command, common)
    else:
        parser, below = _all_parsers(programs, words, common)
    arguments, unknown = parser.parse_known_args(words, values)
    if unknown:
        chosen = below[arguments.command, arguments.action]
        raise UsageError(
            f"unrecognized arguments: {' '.join(unknown)}{_nearest(unknown, chosen)}", f"{chosen.prog} --help"
        )
    return arguments


def require_consistent(arguments: argparse.Namespace) -> None:
    """Raise :class:`UsageError` where flags contradict each other or one lacks its companion."""
    fault = next((text for broken, text in _contradictions(arguments) if broken), None)
    if fault is not None:
        raise UsageError(fault, f"{PROGRAM} {arguments.command} --help")


def _contradictions(a: argparse.Namespace) -> list[tuple[bool, str]]:
    batch_only = (a.concurrency, a.rate, a.output)
    about_one = (
        *(a.prompt, a.size, a.duration, a.mode, a.image, a.images, a.aspect_ratio, a.negative_prompt),
        *(a.sound, a.resolution, a.ratio, a.generate_audio, a.params, a.download),
    )
    return [
        (a.command == "route" and a.model is None and not a.undo, "route needs a MODEL, or --undo"),
        (a.undo and (a.apply or a.entry is not None), "--undo goes with neither --apply nor --entry"),
        (a.apply and a.skip_route, "--apply and --skip-route exclude each other"),
        (a.no_wait and a.download is not None, "--no-wait leaves nothing for --download: use `task download` later"),
        (a.batch is None and any(value is not None for value in batch_only),
         "--concurrency, --rate and --output go with --batch"),
        (a.batch is not None and any(value is not None for value in about_one),
         "with --batch the requests' fields stand in the file, and --download is not possible"),
        (a.command == "generate" and not (a.model or a.params or a.batch),
         "generate needs --model, --params or --batch"),
    ]  # fmt: skip


class _Parser(argparse.ArgumentParser):
    """A parser whose faults are this program's errors."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"{self.prog} --help")


_Below: TypeAlias = dict[tuple[str, str | None], _Parser]


# Where the text behind an exit code begins.
_BEHIND_CODE = 7


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal; without a width given, adding a flag imports ``shutil`` to find one."""

    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, **{"width": terminal_width() - 2, **options})

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Wrap prose and exit codes; an example stays on the line that a user copies."""
        return "\n".join(
            wrapped(line, width, 0 if line[:1].strip() else _BEHIND_CODE) if re.match(r"\S| +\d", line) else line
            for line in super()._fill_text(text, width, indent).split("\n")
        )


def _all_parsers(programs: Mapping[str, str], argv: Sequence[str], common: _Parser) -> tuple[_Parser, _Below]:
    """Build the program's parser with every command; those have flags of their own that the words may name.

    Returns it with the parsers of commands and actions: see :func:`_with_flags`.
    """
    parser = _Parser(
        prog=PROGRAM,
        description="Find a TokenRouter channel, route a video model, generate a video with the channel's own key.",
        epilog=epilog(PROGRAM),
        formatter_class=_Formatter,
        allow_abbrev=False,
        parents=[common],
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    below: _Below = {}
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text.summary, **_about(name, programs), parents=[common])
        below |= _with_flags(command, name, common) if name in argv else {(name, None): command}
    return parser, below


def _about(name: str, programs: Mapping[str, str]) -> dict[str, Any]:
    """Return what a command's parser says of it, and how it reads."""
    prog = programs.get(name, f"{PROGRAM} {name}")
    return {
        "prog": prog,
        "description": COMMANDS[name].description,
        "epilog": epilog(prog, name),
        "formatter_class": _Formatter,
        "allow_abbrev": False,
        "argument_default": argparse.SUPPRESS,
    }


def _with_flags(parser: _Parser, name: str, common: _Parser) -> _Below:
    """Add a command's own flags; return its parser and those of its actions, ``None`` being the command itself."""
    if name in COMMAND_FLAGS:
        COMMAND_FLAGS[name](parser)
    actions = _task_actions(parser, common) if name == "task" else {}
    return {(name, None): parser, **{(name, action): itself for action, itself in actions.items()}}


def _task_actions(parser: _Parser, common: _Parser) -> dict[str, _Parser]:
    below = parser.add_subparsers(dest="action", metavar="ACTION", required=True, title="actions")
    parsers = {}
    for name, summary, adders in TASK_ACTIONS:
        action = parsers[name] = below.add_parser(
            name,
            prog=f"{parser.prog} {name}",
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=epilog(parser.prog, "task", name),
            formatter_class=_Formatter,
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            parents=[common],
        )
        for add in adders:
            add(action)
    return parsers


def _nearest(unknown: Sequence[str], parser: argparse.ArgumentParser) -> str:
    """Return a hint at the flag that the first unknown one was meant to be, or nothing."""
    from difflib import get_close_matches

    flag = unknown[0].partition("=")[0].replace("_", "-")
    known = set(re.findall(r"--[a-z][a-z-]*", parser.format_help()))
    near = get_close_matches(flag, known, n=3, cutoff=0.75) if flag.startswith("--") else []
    near.sort(key=lambda one: sorted(one) != sorted(flag))  # letters in the wrong order are the likeliest slip
    return f" (did you mean {near[0]}?)" if near else ""
