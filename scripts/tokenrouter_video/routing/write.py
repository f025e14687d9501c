"""Writing a file so that it is either the old one or the new one, and still the owner's file."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from tokenrouter_video.errors import ChangedError, RefusedError
from tokenrouter_video.state import sync_directory


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


def write_file(name: str, path: Path, old: bytes | None, new: bytes | None) -> None:
    """Turn a file's bytes from ``old`` to ``new``, ``None`` being no file.

    Raises :class:`ChangedError` where the file is not as ``old`` says, and :class:`RefusedError` where it cannot be
    written; nothing is written then.
    """
    if old is None and new is not None:
        _create(name, path, new)
    elif old is not None and new is None:
        _require_same(name, path, old)
        path.unlink()
        sync_directory(path.parent)
    elif old is not None and new is not None:
        replace_file(name, path, old, new)


def _create(name: str, path: Path, new: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        raise ChangedError(f"{name}: the file appeared meanwhile; nothing was written", "Look at it first.") from None
    except OSError as error:
        raise RefusedError(f"{name}: the file could not be written: {error.strerror}", "Nothing was changed.") from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(new)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        _remove(str(path))
        raise RefusedError(f"{name}: the file could not be written: {error.strerror}", "Nothing was changed.") from None
    except BaseException:
        _remove(str(path))
        raise
    sync_directory(path.parent)


def replace_file(name: str, path: Path, old: bytes, new: bytes) -> None:
    """Replace a file's bytes atomically, keeping its mode, owner and links.

    Raises :class:`ChangedError` where the file no longer holds ``old``; nothing is written then.
    """
    import tempfile

    real = require_writable(name, path)
    _require_same(name, real, old)
    info = real.stat()
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{real.name[:100]}.", suffix=".tmp", dir=real.parent)
    except OSError as error:
        raise RefusedError(
            f"{name}: its folder cannot be written: {error.strerror}", "Check the folder's rights."
        ) from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(new)
            stream.flush()
            _keep_rights(stream.fileno(), real, info)
            os.fsync(stream.fileno())
        # Asked again right before the swap: an editor may have saved in between.
        _require_same(name, real, old)
        Path(temporary).replace(real)
    except OSError as error:
        _remove(temporary)
        raise RefusedError(f"{name}: the file could not be written: {error.strerror}", "Nothing was changed.") from None
    except BaseException:
        _remove(temporary)
        raise
    sync_directory(real.parent)


def _require_same(name: str, real: Path, old: bytes) -> None:
    try:
        current = real.read_bytes()
    except OSError:
        current = None
    if current != old:
        raise ChangedError(
            f"{name}: the file changed since it was read; nothing was written", "Run the same command again."
        )


def _keep_rights(descriptor: int, real: Path, info: os.stat_result) -> None:
    if hasattr(os, "fchown"):
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, info.st_uid, info.st_gid)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, stat.S_IMODE(info.st_mode))
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for attribute in os.listxattr(real):
                with contextlib.suppress(OSError):
                    os.setxattr(descriptor, attribute, os.getxattr(real, attribute))


def _remove(temporary: str) -> None:
    with contextlib.suppress(OSError):
        Path(temporary).unlink()
