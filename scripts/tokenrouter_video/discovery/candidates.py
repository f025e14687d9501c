"""Files that look like provider configs and hold no channel, for a user who wonders why nothing was found."""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH119

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from tokenrouter_video.discovery import hosts
from tokenrouter_video.discovery.files import ParsedFile
from tokenrouter_video.discovery.findings import Candidate
from tokenrouter_video.discovery.scan import read_bytes
from tokenrouter_video.discovery.walk import Listing
from tokenrouter_video.documents.tree import Scalar
from tokenrouter_video.patterns import regex

MAX_CANDIDATES = 20
# Of the files with a likely name this many are opened, those nearest to the workspace's root first.
MAX_OPENED = 500
_MOST_BYTES = 200_000

_DATA_ENDINGS = (".json", ".jsonc", ".json5", ".yaml", ".yml", ".toml")
_LIKELY_NAME = regex(
    r"config|setting|provider|channel|model|router|gateway|litellm|openclaw|opencode|librechat|aider|continue|crush"
    r"|tokenrouter|palebluedot|kong|bifrost|hermes|registry|llm",
    re.IGNORECASE,
)
# Never a provider config, though its name may sound like it.
_OTHER_FILES = regex(
    r"(?:package(?:-lock)?|tsconfig.*|jsconfig|composer|deno|biome|turbo|lerna|nx|angular|jest\.config.*|launch|tasks)"
    r"\.jsonc?|pyproject\.toml|cargo\.toml|pnpm-.*\.yaml|mkdocs\.yml|.*\.lock\.json|\.?eslintrc.*|\.?prettierrc.*",
    re.IGNORECASE,
)
_KEYS = regex(
    r"""(?:^|[\s{,\["'])(?P<key>channels|providers?|custom_providers|model_list|models|routes|upstreams?|endpoints
    |base_?url|base-url|api_?base(?:_url)?|api_url|apihost|openai-api-base|api_?key(?:_env)?|api-key|model_map|model_name
    |model_mapping|litellm_params|modelproviders|model_providers)["']?\s*(?:[:=]|\]|\.[\w"'.-]+\s*\])""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)


def look_alike_configs(listing: Listing) -> list[Candidate]:
    """Return the likeliest provider configs of a workspace, the likeliest first."""
    likely = [path for path in listing.configs if _is_likely(path)]
    likely.sort(key=lambda path: (path.count(os.sep), path))
    found: list[tuple[int, str, Candidate]] = []
    for path in likely[:MAX_OPENED]:
        keys = _keys_of(listing.real.get(path, path))
        has_list = not keys.isdisjoint(_LISTS)
        has_address = any("base" in key or "url" in key or "host" in key or "upstream" in key for key in keys)
        score = len(keys) + 3 * has_address + 2 * has_list
        if len(keys) >= 2 and (has_address or has_list):
            shown = sorted(keys)[:6]
            reason = f"it has the keys {', '.join(shown)}"
            found.append((-score, listing.name(path), Candidate(listing.name(path), (reason,))))
    return [candidate for _, _, candidate in sorted(found, key=lambda item: item[:2])[:MAX_CANDIDATES]]


_LISTS = frozenset({"channels", "providers", "provider", "custom_providers", "model_list", "models", "endpoints"})


def _is_likely(path: str) -> bool:
    name = os.path.basename(path)
    return name.endswith(_DATA_ENDINGS) and bool(_LIKELY_NAME.search(name)) and not _OTHER_FILES.fullmatch(name)


def _keys_of(path: str) -> set[str]:
    try:
        text = read_bytes(path)[:_MOST_BYTES].decode("utf-8", "replace")
    except OSError:
        return set()
    return {match["key"].lower() for match in _KEYS.finditer(text)}


def unreadable_formats(listing: Listing, paths: list[str]) -> Iterator[Candidate]:
    """Yield the files of other formats that hold a gateway's host, which this program cannot read or edit."""
    for path in paths[:MAX_OPENED]:
        try:
            text = read_bytes(path).decode("utf-8", "replace")
        except OSError:
            continue
        number = next((n for n, line in enumerate(text.splitlines(), 1) if hosts.named_host(line)), None)
        if number is not None:
            reason = f"line {number} names the gateway's host, in a format that holds no channels for this program"
            yield Candidate(listing.name(path), (reason,))


def holds_no_channel(file: ParsedFile, faults: Mapping[int, str]) -> Iterator[Candidate]:
    """Say why a file whose bytes hold a gateway's host holds no channel; mere comments say nothing.

    ``faults`` say why the text at an offset, which should be a config, cannot be read.
    """
    document = file.document
    for place in document.places:
        node = place.node
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            continue
        host = hosts.named_host(node.value)
        if host is None:
            continue
        line = document.line(node.token.start)
        # An item of a list is named by its list.
        name = next((part for part in reversed(place.parts) if not part.isdigit()), "the value")
        if node.value.strip().lower() == host:
            reason = f"line {line}: {name} is {host} alone, a host name and no base URL"
        elif "\n" in node.value.strip():
            why = faults.get(node.token.start)
            problem = f"and cannot be read: {why}" if why else "and is no config that holds a channel"
            reason = f"line {line}: {name} is a text of several lines that names {host} {problem}"
        elif hosts.gateway_of(node.value) is not None and document.format == "dotenv":
            reason = f"line {line}: {name} is the base URL, and no key stands with it"
        elif hosts.gateway_of(node.value) is not None:
            reason = f"line {line}: {name} names {host}, but not as a base URL"
        else:
            continue
        yield Candidate(file.name, (reason,))
        return
