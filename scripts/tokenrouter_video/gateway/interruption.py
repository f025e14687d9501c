"""Ctrl-C, SIGTERM and SIGHUP: the same to this program, and never in the middle of writing down what was sent.

A signal that is held strikes another thread that does not hold it, and is raised in the main one all the same: threads
are started while signals are held, and inherit that.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Windows has no SIGHUP, which says that the terminal is gone.
_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_SIGNALS = (signal.SIGINT, *_ENDING)


@contextmanager
def termination_as_interrupt() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise KeyboardInterrupt while the block runs, so that who ends us gets our last word.

    What is ignored (``nohup``) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _ENDING}
    for number, handler in before.items():
        if handler == signal.SIG_DFL:
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler == signal.SIG_DFL:
                signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """Keep the signals waiting until the block has ended; they strike right behind it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Deferred:
    """Whether a signal came while a block held it."""

    struck = False


@contextmanager
def deferred() -> Iterator[Deferred]:
    """Hold the signals as :func:`held` does; one that came is not raised behind the block but noted."""
    noted, ended = Deferred(), False
    try:
        with held():
            yield noted
            ended = True
    except KeyboardInterrupt:
        if not ended:  # where signals cannot be held
            raise
        noted.struck = True


@contextmanager
def let_through() -> Iterator[None]:
    """Inside a block that holds the signals, let them strike while this inner block runs."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
