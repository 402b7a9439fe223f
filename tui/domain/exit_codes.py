"""Exit codes and their precedence. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from tui.core.errors import JobDeckError
from tui.domain.errors import ApiError, ErrorKind, ErrorRecord


class Exit(IntEnum):
    """How a command ended (tui/scripts/README.md, Exit codes)."""

    DONE = 0
    FAILED = 1
    """At least one job is FAILED, or ended with a status that jobdeck does not know."""
    USAGE = 2
    UNREACHABLE = 3
    """The API cannot be reached, or kept failing."""
    UNAUTHORISED = 4
    NO_SUCH_JOB = 5
    BUG = 70
    """A bug in jobdeck."""
    TIMED_OUT = 124
    INTERRUPTED = 130
    PIPE = 141
    TERMINATED = 143
    UNPROVEN = -3
    """No error is known, but the list of jobs may be incomplete: the process exits with UNREACHABLE.

    A separate value because every other result takes precedence. `gravest` translates it.
    """


_ORDER = (
    Exit.PIPE,
    Exit.INTERRUPTED,
    Exit.TERMINATED,
    Exit.BUG,
    Exit.USAGE,
    Exit.UNAUTHORISED,
    Exit.UNREACHABLE,
    Exit.TIMED_OUT,
    Exit.NO_SUCH_JOB,
    Exit.FAILED,
    Exit.UNPROVEN,
    Exit.DONE,
)
"""If several apply, the first one wins."""


def exit_for(error: JobDeckError | ErrorRecord) -> Exit:
    """Return the code of one error."""
    if not isinstance(error, ApiError | ErrorRecord):
        return Exit.USAGE
    match error.kind:
        case ErrorKind.UNAUTHORISED:
            return Exit.UNAUTHORISED
        case ErrorKind.NOT_FOUND:
            return Exit.NO_SUCH_JOB
        case _:
            return Exit.UNREACHABLE


def gravest(codes: Iterable[Exit]) -> Exit:
    """Return the code that the process exits with if several apply; DONE for none."""
    winner = min(codes, key=_ORDER.index, default=Exit.DONE)
    return Exit.UNREACHABLE if winner is Exit.UNPROVEN else winner


def exit_after(errors: Iterable[JobDeckError | ErrorRecord]) -> Exit:
    """Return the code for all errors of one command; DONE for none."""
    return gravest(map(exit_for, errors))
