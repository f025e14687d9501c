"""Which channel a command works with: the one that the user names, else the one live channel that fits."""

from __future__ import annotations

import argparse
import os

from tokenrouter_video.errors import AmbiguousError, NoChannelError, RefusedError, UsageError
from tokenrouter_video.gateways import TOKENROUTER
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tokenrouter_video.channels import Channel
    from tokenrouter_video.cli.console import Console
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

    search = Search(
        workspace=args.workspace,
        config=str(args.config) if args.config else None,
        user_configs=args.user_configs,
        environ=os.environ,
        allow_key_files=tuple(args.allow_key_file or ()),
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
        raise nothing_found(discovery, args.config.name if args.config else "")
    if args.channel:
        named = next((channel for channel in channels if channel.id == args.channel), None)
        if named is None:
            raise UsageError(f"there is no channel {args.channel}", f"Use one of: {_listed(channels)}.")
        return Choice(named)
    candidates = channels if args.config else [channel for channel in channels if channel.live]
    if not candidates:
        raise AmbiguousError(
            f"there are channels, but none looks live: {_listed(channels)}",
            "Name the one that is really used with --channel ID; `find` says why each does not look live.",
            details={"channels": [channel.id for channel in channels]},
        )
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
        f"several live channels fit: {_listed(candidates)}",
        "Choose one with --channel ID, or its file with --config FILE.",
        details={"channels": [channel.id for channel in candidates]},
    )


_PRESENT = frozenset({"configured", "incorrect"})


def nothing_found(discovery: Discovery, named: str = "") -> NoChannelError | RefusedError:
    """Return the error for a search without channels; ``named`` is the only file's name, where one was named."""
    if discovery.unreadable:
        first = discovery.unreadable[0]
        place = f"{first.file}:{first.line}" if first.line else first.file
        return RefusedError(
            f"{place}: the file names the gateway but cannot be read: {first.reason}",
            "Repair the file, then run the same command again.",
        )
    left_out = next((one for one in discovery.skipped if one.file.rpartition("/")[2] == named), None)
    if left_out is not None:
        return RefusedError(
            f"{left_out.file}: the file was not looked into: {left_out.reason}", "Name another file with --config."
        )
    return NoChannelError(TOKENROUTER.no_channel_message, f"Register at {TOKENROUTER.sign_up_url}.")


def _listed(channels: list[Channel]) -> str:
    shown = [channel.id for channel in channels[:10]]
    return ", ".join(shown) + (f" and {len(channels) - 10} more" if len(channels) > 10 else "")
