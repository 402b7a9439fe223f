"""When a watch is over, and with which exit code. Pure: every moment is given, nothing is asked or printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from tui.domain.connection import LinkState
from tui.domain.exit_codes import Exit, gravest
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import MISSES_UNTIL_LOST, TrackedJob
from tui.headless.standing import FileCourse, Plan, Standing

FAILURES_UNTIL_GIVEN_UP = 10
"""Readings of one job in a row that failed while others worked, after which it counts as ended."""

REFUSED_S = 120.0
"""How long a token that worked before may be rejected, up to the last try: whoever rotates tokens is not always quick."""

FAILING_S = 600.0
"""How long nothing but failure is borne where no timeout was given."""

LOOK_FAILING_S = 30.0
"""How long nothing but failure is borne by one look."""

LONGEST_SILENCE_S = 900.0
"""The longest Retry-After that is kept (faults.md, row 13)."""


class Reason(Enum):
    """Why a watch is over."""

    ENDED = "ended"
    """Everything that was waited for has ended."""
    FIRST = "first"
    FAILED = "failed"
    NO_FILE = "no file"
    TIMED_OUT = "timed out"
    INTERRUPTED = "interrupted"
    REFUSED = "refused"
    UNREACHED = "unreached"
    """The first contact failed."""
    GIVEN_UP = "given up"
    """Nothing but failures came for too long."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why and with which code a watch is over."""

    reason: Reason
    code: Exit


_CODES = {
    Reason.TIMED_OUT: Exit.TIMED_OUT,
    Reason.NO_FILE: Exit.NO_SUCH_JOB,
    Reason.REFUSED: Exit.UNAUTHORISED,
    Reason.UNREACHED: Exit.UNREACHABLE,
    Reason.GIVEN_UP: Exit.UNREACHABLE,
}
"""What a reason contributes to the exit code beside the jobs."""


def code_of(tracked: TrackedJob, *, failures: int) -> Exit | None:
    """Return what a job that counts as ended contributes to the exit code; None while more is to come.

    Args:
        tracked: What is known of it.
        failures: Readings in a row that failed though the connection worked.
    """
    if tracked.status is not None and tracked.status.is_terminal:
        return Exit.DONE if tracked.status is JobStatus.SUCCESS else Exit.FAILED
    if tracked.condition.is_confirmed:  # with a status that nobody knows: no success
        return Exit.FAILED
    if tracked.misses >= MISSES_UNTIL_LOST:
        return Exit.NO_SUCH_JOB
    return Exit.UNREACHABLE if failures >= FAILURES_UNTIL_GIVEN_UP else None


def is_settled(file: FileCourse, *, settle_s: float) -> bool:
    """Return whether no more jobs of a file are to be expected: some came, all ended, and a later reading found no new one."""
    if file.newest_s is None or file.ended_s is None or file.read_s is None:
        return False
    return file.read_s >= max(file.ended_s, file.newest_s + settle_s)


def ending_of(plan: Plan, standing: Standing) -> Ending | None:
    """Return how a watch is over; None while it goes on. What ends all asking comes before what a job did."""
    reason = _hindrance(plan, standing) or _result(plan, standing)
    if reason is None and _is_time_over(plan, standing):
        reason = Reason.TIMED_OUT
    if reason is None:
        return None
    return Ending(reason, gravest([*standing.ended, *_own_codes(reason, plan, standing)]))


def _is_time_over(plan: Plan, standing: Standing) -> bool:
    """Return whether no more time is to be given; one look lasts until each job has been looked at, or until that fails."""
    if plan.timeout_s is None:
        return False
    if not plan.is_one_look:
        return standing.elapsed_s >= plan.timeout_s
    is_file_read = not plan.files or standing.file.read_s is not None
    is_checking = bool(plan.files) and standing.file.ended_s is not None and standing.file.is_proven is None
    is_failing = standing.link is not LinkState.UP or (standing.failing_s or 0.0) >= LOOK_FAILING_S
    return is_failing or (is_file_read and not standing.unread and not is_checking)


def _own_codes(reason: Reason, plan: Plan, standing: Standing) -> Iterator[Exit]:
    """Yield what the end itself contributes; a timeout also what kept the answers away, if something does (cli.md, Exit codes)."""
    if reason is Reason.INTERRUPTED and standing.interrupted is not None:
        yield standing.interrupted
    if reason in _CODES:
        yield _CODES[reason]
    if reason is Reason.NO_FILE and standing.file.may_be_hidden:
        yield Exit.UNREACHABLE
    if reason is Reason.ENDED and (standing.file.is_proven is False or not plan.is_choice_proven):
        yield Exit.UNPROVEN
    if reason is Reason.TIMED_OUT and standing.refused_s is not None:
        yield Exit.UNAUTHORISED
    is_unread = bool(plan.files) and standing.file.read_s is None
    is_unreached = is_unread or (standing.failing_s is not None and not standing.is_answered)
    is_kept_back = standing.link in {LinkState.OFFLINE, LinkState.THROTTLED} or standing.failing > 0
    if reason is Reason.TIMED_OUT and (is_kept_back or is_unreached):
        yield Exit.UNREACHABLE


def _hindrance(plan: Plan, standing: Standing) -> Reason | None:
    """Return why it makes no sense to go on, whatever the jobs do."""
    if standing.interrupted is not None:
        return Reason.INTERRUPTED
    if standing.refused_s is not None and (not standing.is_answered or standing.refused_s >= REFUSED_S):
        return Reason.REFUSED
    if standing.link is LinkState.OFFLINE and not standing.is_answered:
        return Reason.UNREACHED
    # Silence that the server asks for is no failure, but it may not ask for it again and again.
    limit_s = FAILING_S + (LONGEST_SILENCE_S if standing.link is LinkState.THROTTLED else 0.0)
    return Reason.GIVEN_UP if plan.timeout_s is None and _fruitless_s(plan, standing) >= limit_s else None


def _fruitless_s(plan: Plan, standing: Standing) -> float:
    """Return for how long all asking, or that for the list of the file, has been in vain."""
    unread_s = standing.elapsed_s - (standing.file.read_s or 0.0) if plan.files else 0.0
    return max(unread_s, standing.failing_s or 0.0)


def _result(plan: Plan, standing: Standing) -> Reason | None:
    """Return which end that was waited for has come."""
    if plan.is_fail_fast and Exit.FAILED in standing.ended:
        return Reason.FAILED
    if plan.is_any and standing.ended:
        return Reason.FIRST
    if not plan.files:
        return None if standing.unended else Reason.ENDED
    file = standing.file
    if file.newest_s is None and file.read_s is not None and standing.elapsed_s >= plan.start_s:
        return Reason.NO_FILE
    return Reason.ENDED if is_settled(file, settle_s=plan.settle_s) and file.is_proven is not None else None
