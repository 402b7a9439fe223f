"""The exit codes, and which one wins. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from tui.api.errors import ApiError, JobNotFound, Unauthorised
from tui.errors import JobDeckError


class Exit(IntEnum):
    """How a command ended (cli.md, Exit codes)."""

    DONE = 0
    USAGE = 2
    UNREACHABLE = 3
    """The API cannot be reached, or kept failing."""
    UNAUTHORISED = 4
    NO_SUCH_JOB = 5
    INTERRUPTED = 130
    PIPE = 141
    TERMINATED = 143


_ORDER = (Exit.UNAUTHORISED, Exit.UNREACHABLE, Exit.NO_SUCH_JOB, Exit.DONE)


def exit_for(error: JobDeckError) -> Exit:
    """Return the code of one error."""
    match error:
        case Unauthorised():
            return Exit.UNAUTHORISED
        case JobNotFound():
            return Exit.NO_SUCH_JOB
        case ApiError():
            return Exit.UNREACHABLE
        case _:
            return Exit.USAGE


def exit_after(errors: Iterable[JobDeckError]) -> Exit:
    """Return the code for all errors of one command: the first in the contract's order; DONE for none."""
    return min(map(exit_for, errors), key=_ORDER.index, default=Exit.DONE)
