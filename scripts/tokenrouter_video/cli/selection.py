"""Which channel a command works with: the one that the user names, else the one live channel that fits."""

from __future__ import annotations

import argparse
import os

from tokenrouter_video.cli.commands import PROGRAM
from tokenrouter_video.errors import AmbiguousError, NoChannelError, RefusedError, UsageError
from tokenrouter_video.gateways import TOKENROUTER
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tokenrouter_video.channels import Channel
    from tokenrouter_video.cli.console import Console
    from tokenrouter_video.discovery.findings import Skipped
    from tokenrouter_video.discovery.search import Discovery
    from tokenrouter_video.documents.document import Document
    from tokenrouter_video.masking import Masker
    from tokenrouter_video.routing.survey import Survey


@dataclass(frozen=True, slots=True)
class Choice:
    """The channel to work with, and what its list holds where the choice had to know."""

    channel: Channel
    surveyed: Survey | None = None


def look_around(args: argparse.Namespace, console: Console) -> Discovery:
    """Search the workspace as the arguments say; every secret that was seen is masked in all output from then on."""
    from tokenrouter_video.discovery.search import Search, discover
    from tokenrouter_video.secrets import is_plain_name

    with console.progress() as progress:
        search = Search(
            workspace=args.workspace,
            config=str(args.config) if args.config else None,
            user_configs=args.user_configs,
            environ=os.environ,
            allow_key_files=tuple(args.allow_key_file or ()),
            progress=progress,
        )
        discovery = discover(search)
    for document in {id(channel.outer): channel.outer for channel in discovery.channels}.values():
        mask_document(console.masker, document)
    for channel in discovery.channels:
        # A key that is also the name of the provider is a placeholder; masked, the channel could not be named.
        secret = channel.key.secret
        if secret is not None and not (secret.reveal() in channel.parts and is_plain_name(secret.reveal())):
            console.masker.add_key(secret.reveal())
        for other in channel.others:
            mask_document(console.masker, other.document)
    return discovery


def mask_document(masker: Masker, document: Document) -> None:
    """Mask from now on what a file's document names as secret, and what the texts in its strings do."""
    from tokenrouter_video.documents.document import Document
    from tokenrouter_video.documents.embedded import texts_in
    from tokenrouter_video.secret_names import may_name_secrets

    masker.add_document(document)
    for text in texts_in(document, may_name_secrets):
        if isinstance(text, Document):
            masker.add_document(text)
        else:
            masker.add_lines(text)


def find_channel(args: argparse.Namespace, console: Console, model: str | None) -> Choice:
    """Return the channel to work with; ``model`` is the catalog id that decides between several.

    Raises :class:`NoChannelError`, :class:`AmbiguousError`, :class:`UsageError` for an unknown ``--channel``, and
    :class:`RefusedError` where the only file that names the gateway cannot be read.
    """
    from tokenrouter_video.routing.survey import survey

    return choose_channel(args, look_around(args, console), model, survey)


def choose_channel(
    args: argparse.Namespace, discovery: Discovery, model: str | None, surveyor: Callable[[Channel], Survey]
) -> Choice:
    """Choose among the channels that a search found."""
    channels = list(discovery.channels)
    if not channels:
        raise nothing_found(discovery, args)
    if args.channel:
        named = next((channel for channel in channels if channel.id == args.channel), None)
        if named is None:
            raise UsageError(f"there is no channel {args.channel}", f"Use one of: {listed(channels)}.")
        return Choice(named)
    candidates = channels if args.config else [channel for channel in channels if channel.live]
    if not candidates:
        raise none_live(channels)
    if len(candidates) == 1:
        return Choice(candidates[0])
    surveys = [(channel, surveyor(channel)) for channel in candidates]
    has_model = [Choice(*pair) for pair in surveys if model and pair[1].video_models.get(model) in _PRESENT]
    if len(has_model) == 1:
        return has_model[0]
    has_video = [Choice(*pair) for pair in surveys if not _PRESENT.isdisjoint(pair[1].video_models.values())]
    if not has_model and len(has_video) == 1:
        return has_video[0]
    raise AmbiguousError(
        f"several live channels fit: {listed(candidates)}",
        "Choose one with --channel ID, or its file with --config FILE.",
        details={"channels": [channel.id for channel in candidates]},
    )


_PRESENT = frozenset({"configured", "incorrect"})
_MOST_LISTED = 10


def none_live(channels: Sequence[Channel]) -> AmbiguousError:
    """Return the error for channels none of which is used, it seems."""
    return AmbiguousError(
        f"there are channels, but none looks live: {listed(channels)}",
        f"Name the one that is really used with --channel ID; {PROGRAM} find says why each does not look live.",
        details={"channels": [channel.id for channel in channels]},
    )


def nothing_found(discovery: Discovery, args: argparse.Namespace) -> NoChannelError | RefusedError:
    """Return the error for a search without channels, the same for every command.

    A file that names the gateway and cannot be read is refused, and so is a ``--config`` that was not looked into: of
    neither can it be said that it holds no channel.
    """
    if discovery.unreadable:
        first = discovery.unreadable[0]
        return RefusedError(
            f"{_place(first)}: the file names the gateway but cannot be read: {first.reason}",
            "Repair the file, then run the same command again.",
            details={"unreadable": [skipped_report(one) for one in discovery.unreadable]},
        )
    name = args.config.name if args.config is not None else None
    left_out = next((one for one in discovery.skipped if one.file.rpartition("/")[2] == name), None)
    if left_out is not None:
        return RefusedError(
            f"{_place(left_out)}: the file was not looked into: {left_out.reason}",
            "Name another file with --config.",
            details={"unreadable": [skipped_report(left_out)]},
        )
    where = TOKENROUTER.sign_up_url
    remedy = f"Register at {where}, add the channel to the workspace, then run the same command again."
    return NoChannelError(TOKENROUTER.no_channel_message, remedy + _left_out(discovery.skipped))


def skipped_report(one: Skipped) -> dict[str, Any]:
    """Return a file that was left out as JSON shows it."""
    place = {"line": one.line} if one.line is not None else {}
    return {"file": one.file, "reason": one.reason, **place}


def listed(channels: Sequence[Channel]) -> str:
    """Return the channels' ids for a message, at most ten."""
    shown = [channel.id for channel in channels[:_MOST_LISTED]]
    return ", ".join(shown) + _and_more(len(channels) - _MOST_LISTED)


def _left_out(skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return ""
    shown = [f"{_place(one)} ({one.reason})" for one in skipped[:_MOST_LISTED]]
    return f" Not looked into: {', '.join(shown)}{_and_more(len(skipped) - _MOST_LISTED)}."


def _place(one: Skipped) -> str:
    return f"{one.file}:{one.line}" if one.line is not None else one.file


def _and_more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""
