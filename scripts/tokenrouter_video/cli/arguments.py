"""The command line's grammar: every flag of every command, its type and default, and what contradicts what."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tokenrouter_video import __version__
from tokenrouter_video.cli.commands import COMMANDS, PROGRAM, epilog
from tokenrouter_video.cli.layout import terminal_width, wrapped
from tokenrouter_video.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, Protocol, TypeAlias

    from tokenrouter_video.catalog import Field

# This program speaks English throughout; looking for translations of argparse's own words takes 2 ms of each start.
vars(argparse)["_"] = lambda text: text

DEFAULT_TIMEOUT = 600.0
DEFAULT_CONCURRENCY = 4
# Told by identity from the same folder given as `--workspace .`.
DEFAULT_WORKSPACE = Path()

# A year in seconds, and a rate a minute whose pauses are no longer than two: clocks and locks take decades at most.
_LEAST, _MOST = 0.000_001, 31_536_000.0


def parse(argv: Sequence[str], programs: Mapping[str, str] | None = None) -> argparse.Namespace:
    """Return the arguments of one run; raise :class:`UsageError` where they are wrong.

    ``programs`` maps a command to the name it is started by where that is a script's. Paths are ``Path`` objects. The
    namespace always has every flag of every command, with its default where the command has no such flag.
    ``--help`` and ``--version`` print and raise ``SystemExit``.
    """
    parser, below = _parsers(programs or {}, argv)
    # Not by set_defaults, which would reach into the flags that all parsers share.
    arguments, unknown = parser.parse_known_args(list(argv), argparse.Namespace(**_DEFAULTS))
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


if TYPE_CHECKING:

    class _Flags(Protocol):
        """A parser or one of its groups."""

        def add_argument(self, *names: str, **options: Any) -> argparse.Action:
            """Add one flag."""


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


class _Collect(argparse.Action):
    """Collect a flag's values in front of the command and behind it; ``append`` loses those in front.

    One object serves all parsers of a run, since they share the common flags.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._values: list[Path] = []

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        self._values.append(values)
        setattr(namespace, self.dest, tuple(self._values))


def _parsers(programs: Mapping[str, str], argv: Sequence[str]) -> tuple[_Parser, _Below]:
    """Build the parser with those commands that the words can choose, which is one where they begin with it.

    Returns it with the parsers of commands and actions by name, ``None`` for the action where a command has none.
    """
    common = _common_flags()
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
    for name in argv[:1] if argv and argv[0] in COMMANDS else COMMANDS:
        text = COMMANDS[name]
        prog = programs.get(name, f"{PROGRAM} {name}")
        command = below[name, None] = commands.add_parser(
            name,
            prog=prog,
            help=text.summary,
            description=text.description,
            epilog=epilog(prog, name),
            formatter_class=_Formatter,
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            parents=[common],
        )
        if name in argv:
            if name == "task":
                below |= {(name, action): itself for action, itself in _task_actions(command, common).items()}
            elif name in _FLAGS:
                _FLAGS[name](command)
    return parser, below


def _common_flags() -> _Parser:
    """Make the flags that stand before or behind the command; no defaults, so that neither place undoes the other."""
    common = _Parser(add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS, formatter_class=_Formatter)
    group = common.add_argument_group("common flags")
    group.add_argument(
        "--workspace", type=_path, metavar="DIR", help="the folder to look in (default: the current one)"
    )
    group.add_argument("--channel", type=_text, metavar="ID", help="the channel to use, as `find` names it")
    group.add_argument("--config", type=_path, metavar="FILE", help="the config file to use")
    group.add_argument(
        "--user-configs", action="store_true", help="read known tools' configs in the home directory too"
    )
    group.add_argument(
        "--allow-key-file",
        type=_path,
        action=_Collect,
        metavar="PATH",
        help="a file outside the workspace that a key reference may be read from (may be repeated)",
    )
    group.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    group.add_argument("--quiet", action="store_true", help="no progress and no notes")
    group.add_argument("--verbose", action="store_true", help="say more on stderr")
    group.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    return common


# Every flag's value where nobody gives it; a command module may read any of them.
_DEFAULTS: dict[str, Any] = {
    "workspace": DEFAULT_WORKSPACE,
    "channel": None,
    "config": None,
    "user_configs": False,
    "allow_key_file": (),
    "json": False,
    "quiet": False,
    "verbose": False,
    "model": None,
    "apply": False,
    "undo": False,
    "entry": None,
    "reload": False,
    "skip_route": False,
    "prompt": None,
    "size": None,
    "duration": None,
    "mode": None,
    "image": None,
    "images": None,
    "aspect_ratio": None,
    "negative_prompt": None,
    "sound": None,
    "resolution": None,
    "ratio": None,
    "generate_audio": None,
    "params": None,
    "allow_unknown_params": False,
    "submit": False,
    "again": False,
    "no_wait": False,
    "timeout": DEFAULT_TIMEOUT,
    "poll_interval": None,
    "download": None,
    "force": False,
    "batch": None,
    "concurrency": None,
    "rate": None,
    "output": None,
    "allow_foreign_key": False,
    "gateway_url": None,
    "action": None,
    "id": None,
}


def _route_flags(parser: _Parser) -> None:
    parser.add_argument("model", nargs="?", type=_text, metavar="MODEL", help="the video model to route")
    _edit_flags(parser)
    parser.add_argument("--undo", action="store_true", help="take back the last edit applied in this workspace")
    parser.add_argument(
        "--entry", type=_text, metavar="JSON", help="the entry to insert where there is no neighbour to copy"
    )


def _edit_flags(parser: _Flags) -> None:
    parser.add_argument("--apply", action="store_true", help="write the edit to the config")
    parser.add_argument("--reload", action="store_true", help="then run the workspace's one reload command")


def _generate_flags(parser: _Parser) -> None:
    request = parser.add_argument_group("the request (`models NAME` says what a model takes)")
    request.add_argument("--model", type=_text, metavar="NAME", help="the video model")
    _request_flags(request)
    request.add_argument(
        "--params", type=_text, metavar="JSON|@FILE", help="the request's own fields, as the API spells them"
    )
    request.add_argument("--allow-unknown-params", action="store_true", help="send fields that the model's rules lack")
    route = parser.add_argument_group("the route")
    _edit_flags(route)
    route.add_argument("--skip-route", action="store_true", help="send although the config has no route for the model")
    sending = parser.add_argument_group("sending")
    sending.add_argument("--submit", action="store_true", help="send the request: this costs money")
    sending.add_argument("--again", action="store_true", help="send although the same request is open")
    sending.add_argument("--no-wait", action="store_true", help="return as soon as the task is accepted")
    _wait_flags(sending)
    batch = parser.add_argument_group("many at once")
    batch.add_argument("--batch", type=_path, metavar="FILE", help="JSON Lines, one request a line")
    batch.add_argument(
        "--concurrency", type=_count, metavar="N", help=f"requests at a time (default: {DEFAULT_CONCURRENCY})"
    )
    batch.add_argument("--rate", type=_amount, metavar="PER_MINUTE", help="requests a minute at most")
    batch.add_argument("--output", type=_path, metavar="FILE", help="where the result lines go (default: stdout)")
    _gateway_flags(parser)


def _request_flags(parser: _Flags) -> None:
    """Add a flag for every field that a model of the catalog knows, by its last name; the validator judges values."""
    from tokenrouter_video.catalog import MODELS, FieldType

    uses: dict[str, list[tuple[str, Field]]] = {}
    for family, field in dict.fromkeys((model.family, field) for model in MODELS.values() for field in model.fields):
        uses.setdefault(field.name, []).append((family, field))
    for name, known in uses.items():
        first = known[0][1]
        values = "; ".join(f"{family}{_values_of(field)}" for family, field in known)
        help_text = f"{first.summary} ({values})".replace("%", "%%")
        flag = f"--{name.replace('_', '-')}"
        if first.type is FieldType.BOOLEAN:
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, help=help_text)
        elif first.type is FieldType.URLS:
            parser.add_argument(flag, nargs="+", action="extend", metavar="URL", help=help_text)
        else:
            kind = "URL" if first.type is FieldType.URL else name.rpartition("_")[2].upper()
            parser.add_argument(flag, metavar=kind, help=help_text)


def _values_of(field: Field) -> str:
    if field.values:
        return f": {', '.join(map(str, field.values))}"
    return f": such as {field.such_as[0]}" if field.such_as else ""


def _wait_flags(parser: _Flags) -> None:
    parser.add_argument(
        "--timeout", type=_amount, metavar="SECONDS", help=f"how long to wait (default: {DEFAULT_TIMEOUT:g})"
    )
    parser.add_argument("--poll-interval", type=_amount, metavar="SECONDS", help="time between two questions")
    _download_flags(parser)


def _download_flags(parser: _Flags) -> None:
    parser.add_argument("--download", type=_path, metavar="FILE", help="save the video")
    parser.add_argument("--force", action="store_true", help="over an existing file")


def _gateway_flags(parser: _Parser) -> None:
    gateway = parser.add_argument_group("the gateway")
    gateway.add_argument(
        "--allow-foreign-key", action="store_true", help="send a key that is evidently another service's"
    )
    gateway.add_argument("--gateway-url", type=_text, metavar="URL", help="a loopback gateway, for tests and the demo")


def _task_actions(parser: _Parser, common: _Parser) -> dict[str, _Parser]:
    actions: tuple[tuple[str, str, tuple[Callable[[_Parser], None], ...]], ...] = (
        ("list", "everything that is remembered", ()),
        ("status", "ask for a task's state once", (_id_argument, _gateway_flags)),
        ("wait", "wait until a task has ended", (_id_argument, _wait_flags, _gateway_flags)),
        ("download", "save the video of a finished task", (_id_argument, _download_flags, _gateway_flags)),
        ("forget", "close an entry whose fate nobody will learn", (_id_argument,)),
    )
    below = parser.add_subparsers(dest="action", metavar="ACTION", required=True, title="actions")
    parsers = {}
    for name, summary, adders in actions:
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


def _id_argument(parser: _Parser) -> None:
    parser.add_argument("id", type=_text, metavar="ID", help="a task's id, or its entry's id in `task list`")


def _models_flags(parser: _Parser) -> None:
    parser.add_argument("model", nargs="?", type=_text, metavar="NAME", help="a model (default: all)")


def _check_flags(parser: _Parser) -> None:
    parser.add_argument("--model", type=_text, metavar="NAME", help="a model (default: all)")
    _gateway_flags(parser)


_FLAGS: dict[str, Callable[[_Parser], None]] = {
    "route": _route_flags,
    "generate": _generate_flags,
    "models": _models_flags,
    "check": _check_flags,
}


def _text(value: str) -> str:
    if not value:
        raise argparse.ArgumentTypeError("it is empty")
    return value


def _path(value: str) -> Path:
    return Path(_text(value))


def _amount(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{value!r} is no number above 0")
    if not _LEAST <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"{value!r} is not between {_LEAST:f} and {_MOST:,.0f}")
    return number


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value)):
        raise argparse.ArgumentTypeError(f"{value!r} is no whole number above 0")
    return int(value)


def _nearest(unknown: Sequence[str], parser: argparse.ArgumentParser) -> str:
    """Return a hint at the flag that the first unknown one was meant to be, or nothing."""
    from difflib import get_close_matches

    flag = unknown[0].partition("=")[0].replace("_", "-")
    known = set(re.findall(r"--[a-z][a-z-]*", parser.format_help()))
    near = get_close_matches(flag, known, n=1, cutoff=0.75) if flag.startswith("--") else []
    return f" (did you mean {near[0]}?)" if near else ""
