"""Exit codes: the only module that knows which outcome and which error has which code, and their precedence. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

from tui.core.errors import JobDeckError
from tui.domain.errors import ApiError, ErrorKind, ErrorRecord

if TYPE_CHECKING:  # the front ends take 100 ms to import; --help does not need them
    from tui.doctor.checks import Check
    from tui.scripts.wait_state import Outcome


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


def exit_after_wait(outcome: Outcome, *, signalled: Exit | None = None) -> Exit:
    """Return the code of a watch that has ended.

    Args:
        outcome: Why it ended, and the results of its jobs.
        signalled: The code of the signal that interrupted it; None if none did.
    """
    from tui.scripts.wait_state import Caveat, JobResult, Reason  # noqa: PLC0415  # heavy: the monitor

    of_result = {
        JobResult.SUCCESS: Exit.DONE,
        JobResult.FAILED: Exit.FAILED,
        JobResult.NOT_FOUND: Exit.NO_SUCH_JOB,
        JobResult.UNREAD: Exit.UNREACHABLE,
    }
    of_reason = {
        Reason.TIMED_OUT: Exit.TIMED_OUT,
        Reason.NO_FILE: Exit.NO_SUCH_JOB,
        Reason.UNAUTHORIZED: Exit.UNAUTHORISED,
        Reason.UNREACHED: Exit.UNREACHABLE,
        Reason.GIVEN_UP: Exit.UNREACHABLE,
        Reason.INTERRUPTED: signalled or Exit.INTERRUPTED,
    }
    of_caveat = {
        Caveat.UNAUTHORIZED: Exit.UNAUTHORISED,
        Caveat.UNREACHED: Exit.UNREACHABLE,
        Caveat.UNPROVEN: Exit.UNPROVEN,
    }
    return gravest(
        [
            of_reason.get(outcome.reason, Exit.DONE),
            *(of_result[result] for result in outcome.results),
            *(of_caveat[caveat] for caveat in outcome.caveats),
        ]
    )


def exit_after_checks(checks: Iterable[Check]) -> Exit:
    """Return the code of the most important failure of the doctor's checks; DONE if there is none.

    USAGE comes first: with an invalid setting the other checks are not meaningful.
    """
    from tui.doctor.checks import Fault  # noqa: PLC0415  # heavy: the client

    of_fault = {
        Fault.SETTING: Exit.USAGE,
        Fault.TOKEN: Exit.UNAUTHORISED,
        Fault.CONNECTION: Exit.UNREACHABLE,
    }
    return gravest(of_fault[check.fault] for check in checks if check.fault is not None)
