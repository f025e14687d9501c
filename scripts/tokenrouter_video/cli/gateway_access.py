"""From a channel to its gateway: is the key one that may be sent, where does it go, how is the channel found again."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tokenrouter_video.cli.flags import DEFAULT_WORKSPACE
from tokenrouter_video.errors import NoChannelError, NoKeyError, UsageError
from tokenrouter_video.gateways import PROFILES, GatewayProfile
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tokenrouter_video.channels import Channel
    from tokenrouter_video.cli.console import Console
    from tokenrouter_video.gateway.client import GatewayClient
    from tokenrouter_video.gateway.history import Entry, Submission
    from tokenrouter_video.gateway.journal import Journal
    from tokenrouter_video.secrets import Secret


def profile_of(channel: Channel) -> GatewayProfile:
    """Return the profile of a channel's gateway."""
    return PROFILES[channel.gateway]


def loopback_of(args: argparse.Namespace) -> str | None:
    """Return the origin that ``--gateway-url`` names, None without it; raises UsageError."""
    if args.gateway_url is None:
        return None
    from tokenrouter_video.gateway.origin import loopback_origin

    return loopback_origin(args.gateway_url)


def open_journal(console: Console) -> Journal:
    """Return the journal of this user; what it holds is masked as the run's output is, results are left whole."""
    from tokenrouter_video.gateway.journal import Journal
    from tokenrouter_video.state import state_dir

    return Journal(state_dir(os.environ), clean=console.masker.clean_json, keep=console.masker.keep)


def key_problem(channel: Channel, args: argparse.Namespace) -> NoKeyError | None:
    """Return why the channel's key cannot be sent, None where it can."""
    from tokenrouter_video.secrets import is_foreign

    key = channel.key
    what = _described(channel)
    if key.secret is None:
        return NoKeyError(
            f"{channel.file}:{channel.line}: the channel's key, {what}, cannot be used: "
            f"{key.problem or 'it is not there'}",
            _key_remedy(channel),
            details={"key": {"source": key.reference.source, "name": key.reference.name}},
        )
    if is_foreign(key.secret.reveal(), key.reference.name) and not args.allow_foreign_key:
        return NoKeyError(
            f"{channel.file}:{channel.line}: the channel's key, {what}, is evidently another service's secret; "
            "it is not sent",
            "Correct the channel's key, or add --allow-foreign-key if it is really meant for this gateway.",
            details={"key": {"source": key.reference.source, "name": key.reference.name}},
        )
    return None


def usable_key(channel: Channel, args: argparse.Namespace) -> Secret:
    """Return the channel's key if it may be sent; raises NoKeyError."""
    problem = key_problem(channel, args)
    if problem is not None or channel.key.secret is None:
        raise problem or NoKeyError("the channel has no key")
    return channel.key.secret


def open_gateway(profile: GatewayProfile, key: Secret | None, loopback: str | None, console: Console) -> GatewayClient:
    """Return a client for the gateway; ``--verbose`` says where it goes and through which proxy."""
    from tokenrouter_video.gateway.client import GatewayClient

    client = GatewayClient(profile, key, loopback=loopback)
    proxy = client.proxy()
    console.detail(f"gateway: {client.origin}" + (f", through the proxy {proxy}" if proxy else ""))
    return client


@dataclass(frozen=True)
class Account:
    """A channel as requests are sent through it: its key, and the loopback gateway that stands in for the real one."""

    channel: Channel
    key: Secret
    loopback: str | None
    args: argparse.Namespace

    @property
    def profile(self) -> GatewayProfile:
        """The profile of the channel's gateway."""
        return profile_of(self.channel)

    def open(self, console: Console) -> GatewayClient:
        """Return a client for the gateway."""
        return open_gateway(self.profile, self.key, self.loopback, console)

    def submission(self, body: dict[str, Any], *, batch: bool = False, line: str | None = None) -> Submission:
        """Return what is to be sent, with all that is needed to find the channel again."""
        from tokenrouter_video.gateway.history import Submission

        return Submission(
            gateway=self.loopback or self.profile.origin,
            key=self.key.fingerprint(),
            body=body,
            workspace=str(self.args.workspace.absolute()),
            channel=self.channel.id,
            options=self._options(),
            batch=batch,
            line=line,
        )

    def _options(self) -> dict[str, Any]:
        """Return the flags that channel and key were found with."""
        args = self.args
        return {
            "config": str(self.channel.path.absolute()) if args.config else None,
            "user_configs": bool(args.user_configs),
            "allow_key_file": [str(path.absolute()) for path in args.allow_key_file or ()],
            "allow_foreign_key": bool(args.allow_foreign_key),
        }


def find_again(entry: Entry, args: argparse.Namespace, console: Console) -> Channel:
    """Return the channel that a request was sent with, by what the journal remembers; the key is resolved anew.

    The channel of the same id with the same key, else any channel of the workspace with that key. ``--workspace``,
    ``--channel`` and ``--config`` overrule what is remembered, ``--channel`` the key's fingerprint too. Raises
    NoChannelError, NoKeyError, and what the search raises.
    """
    from tokenrouter_video.cli.selection import choose_channel, look_around, nothing_found
    from tokenrouter_video.routing.survey import survey

    found_with = _as_remembered(entry, args)
    if not found_with.workspace.is_dir():
        raise NoChannelError(
            f"the workspace that the task was sent from is gone: {found_with.workspace}",
            "name the folder that holds the channel now with --workspace DIR",
        )
    discovery = look_around(found_with, console)
    if args.channel:
        return choose_channel(found_with, discovery, entry.model, survey).channel
    if not discovery.channels:
        raise nothing_found(discovery, found_with)
    same_key = [
        channel
        for channel in discovery.channels
        if channel.key.secret is not None and channel.key.secret.fingerprint() == entry.key
    ]
    by_id = next((channel for channel in same_key if channel.id == entry.channel), None)
    if by_id is not None:
        return by_id
    if same_key:
        return max(same_key, key=lambda channel: channel.live)
    named = next((channel for channel in discovery.channels if channel.id == entry.channel), None)
    if named is not None and named.key.secret is None:
        raise key_problem(named, found_with) or NoKeyError(f"the channel {entry.channel} has no key")
    raise NoKeyError(
        f"no channel of {found_with.workspace} has the key that the task was sent with (channel {entry.channel})",
        "Put that key back, or name a channel whose key is of the same account with --channel ID.",
        details={"channels": [channel.id for channel in discovery.channels]},
    )


def require_same_gateway(entry: Entry, profile: GatewayProfile, loopback: str | None) -> None:
    """Raise UsageError where a task of the real gateway would be looked for on loopback, or the other way round."""
    was_real = entry.gateway == profile.origin
    if was_real and loopback is not None:
        raise UsageError(f"the task is at {entry.gateway}, not at a loopback gateway", "leave --gateway-url out")
    if not was_real and loopback is None:
        raise UsageError(
            f"the task was sent to the loopback gateway {entry.gateway}", f"add --gateway-url {entry.gateway}"
        )


def _as_remembered(entry: Entry, args: argparse.Namespace) -> argparse.Namespace:
    options = entry.options
    config, files = options.get("config"), options.get("allow_key_file")
    remembered_files = [Path(path) for path in files if isinstance(path, str)] if isinstance(files, list) else []
    merged = argparse.Namespace(**vars(args))
    # the default of --workspace is the current folder, which says nothing about the task's
    merged.workspace = Path(entry.workspace) if args.workspace is DEFAULT_WORKSPACE else args.workspace
    merged.config = args.config or (Path(config) if isinstance(config, str) else None)
    merged.user_configs = args.user_configs or options.get("user_configs") is True
    merged.allow_key_file = (*(args.allow_key_file or ()), *remembered_files)
    merged.allow_foreign_key = args.allow_foreign_key or options.get("allow_foreign_key") is True
    return merged


def _described(channel: Channel) -> str:
    reference = channel.key.reference
    match reference.source:
        case "literal":
            return "a literal"
        case "env":
            return f"the variable {reference.name}"
        case "none":
            return "which the config does not name"
        case source:
            return f"the {source} {reference.name}"


def _key_remedy(channel: Channel) -> str:
    reference = channel.key.reference
    match reference.source:
        case "env":
            return f"Set {reference.name} in the environment or in a .env file beside the config."
        case "file":
            return f"Add --allow-key-file {reference.name} if the key may be read from there, or put it elsewhere."
        case "command" | "secret-ref":
            return "Commands and vaults are never run: put the key into an environment variable that the config names."
        case _:
            return "Put the channel's key into its config, or into an environment variable that the config names."
