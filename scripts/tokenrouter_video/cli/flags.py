"""Every flag of every command: its name, its type, and its value where nobody gives it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from tokenrouter_video import __version__
from tokenrouter_video.cli.commands import PROGRAM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from tokenrouter_video.catalog import Field

DEFAULT_TIMEOUT = 600.0
DEFAULT_CONCURRENCY = 4
# Told by identity from the same folder given as `--workspace .`.
DEFAULT_WORKSPACE = Path()

# A year in seconds, and a rate a minute whose pauses are no longer than two: clocks and locks take decades at most.
_LEAST, _MOST = 0.000_001, 31_536_000.0


if TYPE_CHECKING:

    class Flags(Protocol):
        """A parser or one of its groups."""

        def add_argument(self, *names: str, **options: Any) -> argparse.Action:
            """Add one flag."""

        def add_argument_group(self, title: str) -> Flags:
            """Add a group of flags under a title."""


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


def add_common_flags(parser: Flags) -> None:
    """Add the flags that stand before or behind the command."""
    parser.add_argument(
        "--workspace", type=_path, metavar="DIR", help="the folder to look in (default: the current one)"
    )
    parser.add_argument("--channel", type=_text, metavar="ID", help="the channel to use, as `find` names it")
    parser.add_argument("--config", type=_path, metavar="FILE", help="the config file to use")
    parser.add_argument(
        "--user-configs", action="store_true", help="read known tools' configs in the home directory too"
    )
    parser.add_argument(
        "--allow-key-file",
        type=_path,
        action=_Collect,
        metavar="PATH",
        help="a file outside the workspace that a key reference may be read from (may be repeated)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress and no notes")
    parser.add_argument("--verbose", action="store_true", help="say more on stderr")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")


def _route_flags(parser: Flags) -> None:
    parser.add_argument("model", nargs="?", type=_text, metavar="MODEL", help="the video model to route")
    _edit_flags(parser)
    parser.add_argument("--undo", action="store_true", help="take back the last edit applied in this workspace")
    parser.add_argument(
        "--entry", type=_text, metavar="JSON", help="the entry to insert where there is no neighbour to copy"
    )


def _edit_flags(parser: Flags) -> None:
    parser.add_argument("--apply", action="store_true", help="write the edit to the config")
    parser.add_argument("--reload", action="store_true", help="then run the workspace's one reload command")


def _generate_flags(parser: Flags) -> None:
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


def _request_flags(parser: Flags) -> None:
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


def _wait_flags(parser: Flags) -> None:
    parser.add_argument(
        "--timeout", type=_amount, metavar="SECONDS", help=f"how long to wait (default: {DEFAULT_TIMEOUT:g})"
    )
    parser.add_argument("--poll-interval", type=_amount, metavar="SECONDS", help="time between two questions")
    _download_flags(parser)


def _download_flags(parser: Flags) -> None:
    parser.add_argument("--download", type=_path, metavar="FILE", help="save the video")
    parser.add_argument("--force", action="store_true", help="over an existing file")


def _gateway_flags(parser: Flags) -> None:
    gateway = parser.add_argument_group("the gateway")
    gateway.add_argument(
        "--allow-foreign-key", action="store_true", help="send a key that is evidently another service's"
    )
    gateway.add_argument("--gateway-url", type=_text, metavar="URL", help="a loopback gateway, for tests and the demo")


def _id_argument(parser: Flags) -> None:
    parser.add_argument("id", type=_text, metavar="ID", help="a task's id, or its entry's id in `task list`")


def _models_flags(parser: Flags) -> None:
    parser.add_argument("model", nargs="?", type=_text, metavar="NAME", help="a model (default: all)")


def _check_flags(parser: Flags) -> None:
    parser.add_argument("--model", type=_text, metavar="NAME", help="a model (default: all)")
    _gateway_flags(parser)


# What adds the flags that only one command has.
COMMAND_FLAGS: dict[str, Callable[[Flags], None]] = {
    "route": _route_flags,
    "generate": _generate_flags,
    "models": _models_flags,
    "check": _check_flags,
}

# The actions of `task`: what each is, and what adds its flags.
TASK_ACTIONS: tuple[tuple[str, str, tuple[Callable[[Flags], None], ...]], ...] = (
    ("list", "everything that is remembered", ()),
    ("status", "ask for a task's state once", (_id_argument, _gateway_flags)),
    ("wait", "wait until a task has ended", (_id_argument, _wait_flags, _gateway_flags)),
    ("download", "save the video of a finished task", (_id_argument, _download_flags, _gateway_flags)),
    ("forget", "close an entry whose fate nobody will learn", (_id_argument,)),
)

# Every flag's value where nobody gives it; a command module may read any of them.
DEFAULTS: dict[str, Any] = {
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
