"""The commands: what each does, by description, example and exit code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tokenrouter_video.errors import ProgramError
from tokenrouter_video.records import dataclass

PROGRAM = "tokenrouter-video"

ANYWHERE = (0, 1, 2, 130)


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """What ``--help`` says of a command.

    ``examples`` are pairs of arguments and what they do. Every command may also end with one of ``ANYWHERE``. A command
    with actions has ``actions``: the exit codes of each.
    """

    summary: str
    description: str
    examples: tuple[tuple[str, str], ...]
    exit_codes: tuple[int, ...]
    actions: Mapping[str, tuple[int, ...]] = MappingProxyType({})


COMMANDS: Mapping[str, CommandHelp] = {
    "find": CommandHelp(
        "list the TokenRouter channels of a workspace",
        "List the TokenRouter channels of a workspace: where each stands, which key and models it has, whether it is "
        "live, and why. Reads files of the workspace only; changes and sends nothing.",
        (
            ("", "the channels of the current directory"),
            ("--workspace ~/app --json", "those of another folder, as JSON"),
            ("--user-configs", "the known tools' files in the home directory as well"),
        ),
        (3, 4, 5),
    ),
    "route": CommandHelp(
        "preview, apply or take back the edit that adds a video model to a channel's config",
        "Preview the smallest edit that adds or fixes a model's route in the channel's config, laid out like its "
        "neighbours. Nothing is written without --apply.",
        (
            ("kling-v3", "show the diff"),
            ("kling-v3 --apply", "write it"),
            ("kling-v3 --apply --reload", "write it and run the workspace's own reload command"),
            ("--undo", "give the last edit's bytes back"),
        ),
        (3, 4, 5, 6, 12, 17, 18),
    ),
    "generate": CommandHelp(
        "the whole job: channel, route, request, video",
        "Find the channel, see to the model's route, check the request and, with --submit, send it once and wait for "
        "the video. Without --submit nothing is sent, without --apply nothing is written. Sending costs money.",
        (
            ('--model kling-v3 --mode pro --duration 5 --prompt "A silver robot"', "check and show the request"),
            (
                '--model MiniMax-Hailuo-2.3 --size 768P --duration 6 --prompt "A man reads" --apply --submit',
                "add the route, send, wait",
            ),
            (
                "--model dreamina-seedance-2-0-260128 --images https://example.com/in.png --submit --download out.mp4",
                "a video from an image, saved to a file",
            ),
            ("--batch requests.jsonl --submit --rate 10 --output results.jsonl", "one request a line, many at once"),
        ),
        (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18),
    ),
    "task": CommandHelp(
        "follow, resume, download or forget what was submitted",
        "Work with what was submitted from this machine. ID is a task's id, or the entry's own id while the task's is "
        "unknown.",
        (
            ("list", "everything that is remembered"),
            ("status ID", "ask once"),
            ("wait ID --timeout 300 --download out.mp4", "wait, then save the video"),
            ("download ID --download out.mp4", "save the video of a finished task"),
            ("forget ID", "close an entry whose fate nobody will learn"),
        ),
        (3, 4, 5, 7, 8, 9, 10, 11, 13, 15, 17),
        {
            "list": (17,),
            "status": (3, 4, 5, 7, 8, 13, 17),
            "wait": (3, 4, 5, 7, 8, 9, 10, 11, 13, 15, 17),
            "download": (3, 4, 5, 7, 8, 9, 10, 11, 13, 15, 17),
            "forget": (17,),
        },
    ),
    "models": CommandHelp(
        "the video models and their parameters",
        "Print the video models, or one model's parameters with an example request. Reads and sends nothing.",
        (("", "all models"), ("kling-v3", "one model's parameters and an example request")),
        (6,),
    ),
    "check": CommandHelp(
        "is the key accepted, is the model offered, is it routed? (free)",
        "Ask the gateway which models it offers to the channel's key (GET /v1/models), and look for their routes. "
        "Free. Without --model it tells of all, and one that can be used is enough.",
        (("", "every model"), ("--model kling-v3 --json", "one model, as JSON")),
        (3, 4, 5, 6, 7, 8, 13, 14),
    ),
    "demo": CommandHelp(
        "the whole job on a sample workspace, without key or network",
        "Walk through find, preview, apply, submit, poll and the video's URL in a temporary workspace, against a "
        "gateway on loopback.",
        (("", "the whole walk"), ("--json", "its summary as JSON")),
        (),
    ),
}


def exit_codes() -> dict[int, tuple[str, str]]:
    """Return every exit code with its name and meaning, in order."""
    codes = {0: ("ok", "Done, previewed, or nothing to do."), 1: ("internal", "A fault of this program.")}
    for error in ProgramError.__subclasses__():
        codes[error.exit_code] = (error.code, " ".join((error.__doc__ or "").split()))
    return dict(sorted(codes.items()))


def epilog(prog: str, command: str | None = None, action: str | None = None) -> str:
    """Return what follows the flags in the help of a command started as ``prog``, of one of its actions, or of the
    whole program: examples and exit codes.
    """
    known = exit_codes()
    if command is None:
        examples: tuple[tuple[str, str], ...] = (("find", "start here"), ("demo", "see it work"))
        codes = sorted(known)
    else:
        examples = tuple(one for one in COMMANDS[command].examples if action in (None, one[0].partition(" ")[0]))
        own = COMMANDS[command]
        codes = sorted({*ANYWHERE, *(own.exit_codes if action is None else own.actions[action])})
    lines = ["examples:"]
    for arguments, effect in examples:
        lines += [f"  {prog} {arguments}".rstrip(), f"      {effect}"]
    lines += ["", "exit codes:", *(f"  {code:>3}  {known[code][0]}: {known[code][1]}" for code in codes)]
    return "\n".join(lines).replace("%", "%%")
