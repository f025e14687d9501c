"""Writing a file so that it is either the old one or the new one, and still the owner's file."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from tokenrouter_video.errors import ChangedError, RefusedError
from tokenrouter_video.routing.file_checks import require_writable
from tokenrouter_video.state import sync_directory


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
