"""Where the program remembers things between runs: one private directory for the journal and the undo records."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tokenrouter_video.errors import NoStateError

VARIABLE = "TOKENROUTER_VIDEO_STATE_DIR"


def state_dir(environ: Mapping[str, str]) -> Path:
    """Return the absolute path of the state directory, which need not exist.

    ``TOKENROUTER_VIDEO_STATE_DIR`` where it is set and not empty, else the platform's own place for an application's
    state (``~/.local/state`` on Linux: https://specifications.freedesktop.org/basedir-spec/latest/). Raises
    NoStateError where that is below a home directory and there is none: another place for each current folder would
    forget what was sent.
    """
    chosen = environ.get(VARIABLE, "").strip()
    try:
        if chosen:
            return Path(chosen).expanduser().absolute()
        import platformdirs

        place = platformdirs.user_state_path("tokenrouter-video", appauthor=False)
        if place.is_absolute():
            return place
    except RuntimeError:
        pass
    raise NoStateError("there is no home directory to remember requests in", f"set {VARIABLE} to a folder of your own")


def make_private(directory: Path) -> None:
    """Create a directory that only its owner can enter, its parents too; an existing one keeps its mode.

    Raises OSError where that is impossible.
    """
    if directory.is_dir():
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True)
    sync_directory(directory.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory survive a power cut; a system without such a thing is left alone."""
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError:  # Windows cannot open a directory
        return
    try:
        os.fsync(descriptor)
    except OSError:  # some network file systems refuse it
        pass
    finally:
        os.close(descriptor)
