"""Whether a file may be written so that it stays the owner's: one link, rights, nothing in the way."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tokenrouter_video.errors import RefusedError


def require_single_link(name: str, path: Path) -> Path:
    """Return the real file behind ``path``; raise :class:`RefusedError` where an atomic write would part hard links.

    ``name`` is how messages call the file. What is no regular file is refused as well.
    """
    try:
        real = path.resolve(strict=True)
        info = real.stat()
    except OSError as error:
        reason = f"{name}: the file cannot be read: {error.strerror}"
        raise RefusedError(reason, "Check the path and its rights.") from None
    if not stat.S_ISREG(info.st_mode):
        raise RefusedError(f"{name}: this is no regular file", "Name the config file itself with --config.")
    if info.st_nlink > 1:
        raise RefusedError(
            f"{name}: the file has {info.st_nlink} hard links, and a safe write would part them",
            "Replace the hard link by a symbolic link or a copy, then try again.",
        )
    return real


def require_writable(name: str, path: Path) -> Path:
    """Return the real file behind ``path``; raise :class:`RefusedError` where it must not or cannot be replaced.

    A file that is marked read-only stays as it is, also for a user whose rights would allow more.
    """
    real = require_single_link(name, path)
    mode = real.stat().st_mode
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(real, os.W_OK):
        raise RefusedError(f"{name}: the file is read-only", "Make it writable (chmod u+w) if it may be changed.")
    if not os.access(real.parent, os.W_OK):
        raise RefusedError(f"{name}: its folder is read-only", "Make the folder writable if the file may be changed.")
    return real


def require_absent(name: str, path: Path) -> Path:
    """Return ``path`` for a new file; raise :class:`RefusedError` where something stands there or nothing can."""
    if os.path.lexists(path):
        raise RefusedError(f"{name}: the file is there already", "Look at it, then run the same command again.")
    if not os.access(path.parent, os.W_OK):
        raise RefusedError(f"{name}: its folder is read-only", "Make the folder writable if it may be changed.")
    return path
