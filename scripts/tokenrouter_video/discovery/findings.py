"""What a search reports besides channels."""

from __future__ import annotations

from tokenrouter_video.records import dataclass


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that was left out, or could not be read, and why; ``line`` is where reading failed."""

    file: str
    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that looks like a provider config and holds no channel, and why it looks so."""

    file: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A look-alike host, where it stands, and what is wrong with it."""

    file: str
    line: int
    host: str
    reason: str
