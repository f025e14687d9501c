"""Every way in which the program ends without success: one root class, one subclass for each exit code.

::

    ProgramError
    ├── UsageError 2            ├── RejectedError 8        ├── NotRoutedError 14
    ├── NoChannelError 3        ├── TaskFailedError 9      ├── NotSavedError 15
    ├── AmbiguousError 4        ├── DeadlineError 10       ├── DuplicateError 16
    ├── RefusedError 5          ├── UnknownFateError 11    ├── NoStateError 17
    ├── InvalidRequestError 6   ├── ChangedError 12        ├── ReloadFailedError 18
    └── NoKeyError 7            └── UnreachableError 13    └── InterruptedByUserError 130

A message says what is wrong and where, never a key and never the text of a file.
"""

from __future__ import annotations

from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar


class ProgramError(Exception):
    """A fault that the user is told about in one message.

    ``message`` says what is wrong, where (``file:line``) and what was expected; ``remedy`` says what to try;
    ``details`` become further members of the JSON error object. ``result`` is the command's own JSON object where it is
    printed all the same (``find`` that finds nothing, a request that may have left); the error joins it as a member.
    """

    code: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str = "", *, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.details: dict[str, Any] = dict(details or {})
        self.result: dict[str, Any] | None = None


class UsageError(ProgramError):
    """The arguments are wrong, name an unknown task, or a gateway URL that is not loopback."""

    code = "usage"
    exit_code = 2


class NoChannelError(ProgramError):
    """The workspace holds no TokenRouter channel."""

    code = "no-channel"
    exit_code = 3


class AmbiguousError(ProgramError):
    """Several channels or reload commands fit, or none of the channels is live."""

    code = "ambiguous"
    exit_code = 4


class RefusedError(ProgramError):
    """A file cannot be read or edited safely, or has no neighbour to copy."""

    code = "refused"
    exit_code = 5


class InvalidRequestError(ProgramError):
    """The model is unknown or the parameters break its rules."""

    code = "invalid-request"
    exit_code = 6


class NoKeyError(ProgramError):
    """The channel's key cannot be resolved, or what was found is no key."""

    code = "no-key"
    exit_code = 7


class RejectedError(ProgramError):
    """The gateway refused; `retryable` says whether later may help."""

    code = "rejected"
    exit_code = 8


class TaskFailedError(ProgramError):
    """The task ended in failure."""

    code = "failed"
    exit_code = 9


class DeadlineError(ProgramError):
    """The task still runs, and is possibly billed."""

    code = "timeout"
    exit_code = 10


class UnknownFateError(ProgramError):
    """The request left and no answer says what became of it."""

    code = "unknown"
    exit_code = 11


class ChangedError(ProgramError):
    """The file changed since it was read; nothing was written."""

    code = "changed"
    exit_code = 12


class UnreachableError(ProgramError):
    """The gateway could not be reached; nothing was sent."""

    code = "unreachable"
    exit_code = 13


class NotRoutedError(ProgramError):
    """The model has no route and the command was not told to add one."""

    code = "not-routed"
    exit_code = 14


class NotSavedError(ProgramError):
    """The video was made, its download did not complete."""

    code = "not-saved"
    exit_code = 15


class DuplicateError(ProgramError):
    """The same request is open, or its fate is unknown."""

    code = "duplicate"
    exit_code = 16


class NoStateError(ProgramError):
    """The journal cannot be written."""

    code = "no-state"
    exit_code = 17


class ReloadFailedError(ProgramError):
    """The config was written, the reload command failed."""

    code = "reload-failed"
    exit_code = 18


class InterruptedByUserError(ProgramError):
    """The user interrupted before anything was sent."""

    code = "interrupted"
    exit_code = 130
