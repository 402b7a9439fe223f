"""The state of a watch and its outcome: which jobs ended how, and whether the watch is over. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import JobNotFound
from tui.domain.exit_codes import Exit, gravest
from tui.domain.job_status import JobStatus
from tui.domain.selection import Selection
from tui.domain.tracked_job import MISSES_UNTIL_LOST, TrackedJob
from tui.domain.watched_list import Extent, WatchedList
from tui.monitor.snapshot import Snapshot, Update

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.domain.job import Job


FAILURES_UNTIL_FAILING = 3

"""Readings of one job in a row that failed while others worked, after which a timeout finds the API failing, and not
the job slow.
"""


TRIES_OF_A_LOOK = 2

"""Readings of one job in a row that failed, after which one look has been had."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is waited for, and for how long; times are in seconds."""

    files: tuple[str, ...] = ()
    """Exact names of uploaded files whose jobs are watched, late ones included."""
    pattern: str | None = None
    """Names the uploads to watch; `files` replaces it as soon as they are found."""
    is_newest: bool = False
    """Whether only the newest upload counts that `pattern` names."""
    is_choice_proven: bool = True
    """Whether no newer upload can have been hidden when `files` replaced the pattern."""
    since: datetime | None = None
    """Jobs of the files added before this time do not count; None for no limit."""
    is_any: bool = False
    """Whether the first job that ends is enough."""
    is_fail_fast: bool = False
    """Whether a FAILED job is enough."""
    timeout_s: float | None = None
    """Time after which it is over whatever the jobs do; 0 means one look at each job; None means no limit."""
    start_s: float = 0.0
    """How long jobs, or a file, that do not exist yet are waited for."""
    searched_s: float = 0.0
    """How long the files were looked for before the watch began; `start_s` is what is left of the time then."""
    is_start_told: bool = False
    """Whether somebody said so: then a job that does not exist is given up when it is over, however few looks that
    allowed.
    """
    settle_s: float = 30.0
    """How long no new job of a file may have come before no more are expected."""

    @property
    def selections(self) -> tuple[Selection, ...]:
        """The lists that are watched: one a file."""
        return tuple(Selection(file, since=self.since) for file in self.files)

    @property
    def has_files(self) -> bool:
        """Whether files are watched, by name or by a pattern that is still to be resolved."""
        return bool(self.files or self.pattern)

    @property
    def file_names(self) -> str:
        """The files in words for messages: `inv.csv`, `a.csv, b.csv`; empty for none."""
        return ", ".join(self.files) or self.pattern or ""

    @property
    def waited_s(self) -> float:
        """How long jobs, or a file, that do not exist yet are waited for in all."""
        return self.start_s + self.searched_s

    @property
    def is_one_look(self) -> bool:
        """Whether each job is looked at once, and nothing is waited for."""
        return self.timeout_s == 0


@dataclass(frozen=True, slots=True)
class FileCourse:
    """What is known of the jobs of the files; moments are seconds after the start."""

    newest_s: float | None = None
    """When the last one was found; None before the first."""
    read_s: float | None = None
    """When the lists were last read, all of them; None before the first time."""
    ended_s: float | None = None
    """Since when all jobs that are watched have ended; None while one has not."""
    is_proven: bool | None = None
    """Whether the API proved that all jobs are known; None while that is not decided."""
    may_be_hidden: bool = False
    """Whether the server ignored the filter by file, so that an answer without jobs of the file says nothing."""


@dataclass(frozen=True, slots=True)
class WaitProgress:
    """How a watch stands at one moment."""

    elapsed_s: float = 0.0
    ended: Mapping[Exit, int] = field(default_factory=dict)
    """Jobs that count as ended, by what each contributes to the exit code; no zeros."""
    unended: int = 0
    failing: int = 0
    """Jobs among these whose last readings failed, `FAILURES_UNTIL_FAILING` or more in a row."""
    unread: int = 0
    """Jobs that have not been looked at yet: neither read nor not found, and not failing either."""
    link: ConnectionState = ConnectionState.UP
    is_answered: bool = False
    """Whether the API ever said anything about a job."""
    refused_s: float | None = None
    """How long after its first rejection the token was last tried and rejected; None if it is not rejected."""
    failing_s: float | None = None
    """For how long nothing but failures came; None if something good did."""
    file: FileCourse = field(default_factory=FileCourse)
    interrupted: Exit | None = None
    """The code of the signal that came; None without one."""


FAILURES_UNTIL_GIVEN_UP = 10

"""Readings of one job in a row that failed while others worked, after which it counts as ended."""

REFUSED_S = 120.0

"""How long a token that worked before may be rejected, up to the last try: whoever rotates tokens is not
always quick.
"""

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
    UNAUTHORIZED = "refused"
    UNREACHED = "unreached"
    """The first contact failed."""
    GIVEN_UP = "given up"
    """Nothing but failures came for too long."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why and with which code a watch is over."""

    reason: Reason
    code: Exit


_CODES = {
    Reason.TIMED_OUT: Exit.TIMED_OUT,
    Reason.NO_FILE: Exit.NO_SUCH_JOB,
    Reason.UNAUTHORIZED: Exit.UNAUTHORISED,
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
    if tracked.not_found_count >= MISSES_UNTIL_LOST:
        return Exit.NO_SUCH_JOB
    return Exit.UNREACHABLE if failures >= FAILURES_UNTIL_GIVEN_UP else None


def is_final(file: FileCourse, *, settle_s: float) -> bool:
    """Return whether no more jobs of a file are to be expected: some came, all ended, and a later reading found no new
    one.
    """
    if file.newest_s is None or file.ended_s is None or file.read_s is None:
        return False
    return file.read_s >= max(file.ended_s, file.newest_s + settle_s)


def outcome_of(plan: Plan, standing: WaitProgress) -> Outcome | None:
    """Return how a watch is over; None while it goes on. What ends all asking comes before what a job did."""
    reason = _hindrance(plan, standing) or _result(plan, standing)
    if reason is None and _is_time_over(plan, standing):
        reason = Reason.TIMED_OUT
    if reason is None:
        return None
    return Outcome(reason, gravest([*standing.ended, *_own_codes(reason, plan, standing)]))


def _is_time_over(plan: Plan, standing: WaitProgress) -> bool:
    """Return whether no more time is to be given; one look lasts until each job has been looked at, or until that
    fails.
    """
    if plan.timeout_s is None:
        return False
    if not plan.is_one_look:
        return standing.elapsed_s >= plan.timeout_s
    is_file_read = not plan.files or standing.file.read_s is not None
    is_checking = bool(plan.files) and standing.file.ended_s is not None and standing.file.is_proven is None
    is_failing = standing.link is not ConnectionState.UP or (standing.failing_s or 0.0) >= LOOK_FAILING_S
    return is_failing or (is_file_read and not standing.unread and not is_checking)


def _own_codes(reason: Reason, plan: Plan, standing: WaitProgress) -> Iterator[Exit]:
    """Yield what the end itself contributes; a timeout also what kept the answers away, if something does (cli.md, Exit
    codes).
    """
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
    is_kept_back = standing.link in {ConnectionState.OFFLINE, ConnectionState.THROTTLED} or standing.failing > 0
    if reason is Reason.TIMED_OUT and (is_kept_back or is_unreached):
        yield Exit.UNREACHABLE


def _hindrance(plan: Plan, standing: WaitProgress) -> Reason | None:
    """Return why it makes no sense to go on, whatever the jobs do."""
    if standing.interrupted is not None:
        return Reason.INTERRUPTED
    if standing.refused_s is not None and (not standing.is_answered or standing.refused_s >= REFUSED_S):
        return Reason.UNAUTHORIZED
    if standing.link is ConnectionState.OFFLINE and not standing.is_answered:
        return Reason.UNREACHED
    # Silence that the server asks for is no failure, but it may not ask for it again and again.
    limit_s = FAILING_S + (LONGEST_SILENCE_S if standing.link is ConnectionState.THROTTLED else 0.0)
    return Reason.GIVEN_UP if plan.timeout_s is None and _fruitless_s(plan, standing) >= limit_s else None


def _fruitless_s(plan: Plan, standing: WaitProgress) -> float:
    """Return for how long all asking, or that for the list of the file, has been in vain."""
    unread_s = standing.elapsed_s - (standing.file.read_s or 0.0) if plan.files else 0.0
    return max(unread_s, standing.failing_s or 0.0)


def _result(plan: Plan, standing: WaitProgress) -> Reason | None:
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
    return Reason.ENDED if is_final(file, settle_s=plan.settle_s) and file.is_proven is not None else None


class WaitState:
    """The way of a watch so far.

    Args:
        plan: What is waited for.
        begin_s: Monotonic second of the start; so are all `now_s`.
    """

    def __init__(self, plan: Plan, begin_s: float) -> None:
        self._plan = plan
        self._begin_s = begin_s
        self._snapshot = Snapshot()
        self._codes: dict[int, Exit] = {}
        self._failures: dict[int, int] = {}
        self._missing: set[int] = set()
        self._looked_at: set[int] = set()
        self._of_file: set[int] = set()
        self._newest_s: float | None = None
        self._read_s: dict[Selection, float] = {}
        self._settled_reading: dict[Selection, int] = {}
        """The first reading of each list that found all jobs ended and none new for long enough."""
        self._ended_s: float | None = None
        self._refused_from_s: float | None = None
        self._failing_from_s: float | None = None
        self._is_answered = False

    def take(self, batch: Update, now_s: float) -> None:
        """Take in what changed."""
        for tracked in batch.changed:
            self._take_job(tracked, batch.snapshot.link, now_s)
        before, self._snapshot = self._snapshot, batch.snapshot
        self._take_link(batch, before.answered_at, now_s)
        if len(self._codes) < len(batch.snapshot.watchlist):
            self._ended_s = None
        elif self._ended_s is None:
            self._ended_s = now_s
        self._take_lists(before.lists, now_s)

    def awaited(self, now_s: float) -> tuple[int, ...]:
        """Return the jobs that do not exist yet and may still come into being."""
        return tuple(self._missing) if self._is_start(now_s) else ()

    def lost(self, now_s: float) -> tuple[int, ...]:
        """Return the jobs that never existed and are waited for no longer."""
        codes = self._current_codes(now_s)
        return tuple(job_id for job_id in self._missing if job_id in codes)

    def unended(self, now_s: float) -> frozenset[int]:
        """Return the jobs that do not count as ended."""
        return frozenset(self._snapshot.watchlist.ids) - self._current_codes(now_s).keys()

    def failed(self, now_s: float) -> frozenset[int]:
        """Return the jobs that count as ended, but not well."""
        return frozenset(job_id for job_id, code in self._current_codes(now_s).items() if code is not Exit.DONE)

    def standing(self, now_s: float, interrupted: Exit | None = None) -> WaitProgress:
        """Return how things stand."""
        codes = self._current_codes(now_s)
        failures = TRIES_OF_A_LOOK if self._plan.is_one_look else FAILURES_UNTIL_FAILING
        return WaitProgress(
            elapsed_s=now_s - self._begin_s,
            ended=Counter(codes.values()),
            unended=len(self._snapshot.watchlist) - len(codes),
            failing=sum(number >= failures for job_id, number in self._failures.items() if job_id not in codes),
            unread=len(self._snapshot.watchlist.keys() - self._looked_at),
            link=self._snapshot.link.state,
            is_answered=self._is_answered,
            refused_s=_since(self._refused_from_s, self._snapshot.link.refused_s),
            failing_s=_since(self._failing_from_s, now_s),
            file=self._file_course(codes),
            interrupted=interrupted,
        )

    def unchecked(self) -> tuple[Selection, ...]:
        """Return the selections whose last reading has to be checked for completeness before the watch can end."""
        return tuple(known.selection for known in self._snapshot.lists if self._needs_check(known))

    def _file_course(self, codes: Mapping[int, Exit]) -> FileCourse:
        has_ended = self._ended_s is not None and len(codes) == len(self._snapshot.watchlist)
        is_read = all(selection in self._read_s for selection in self._plan.selections)
        proofs = [self._proof(known) for known in self._snapshot.lists]
        return FileCourse(
            newest_s=_since(self._begin_s, self._newest_s),
            read_s=_since(self._begin_s, min(self._read_s.values())) if is_read and self._read_s else None,
            ended_s=_since(self._begin_s, self._ended_s) if has_ended else None,
            is_proven=None if None in proofs else all(proofs),
            may_be_hidden=any(
                not known.is_filtered and known.extent is not Extent.COMPLETE for known in self._snapshot.lists
            ),
        )

    def _proof(self, known: WatchedList) -> bool | None:
        """Return whether a list is proven to hold all its jobs; None while that is not decided."""
        settled = self._settled_reading.get(known.selection)
        if settled is None:
            return None
        if known.extent is Extent.COMPLETE:
            return True
        if known.checked_reading < settled:
            return None
        if known.checked_extent is not Extent.COMPLETE:
            return False
        return True if known.reading > known.reading_at_end_of_check else None

    def _needs_check(self, known: WatchedList) -> bool:
        settled = self._settled_reading.get(known.selection)
        return settled is not None and known.extent is not Extent.COMPLETE and known.checked_reading < settled

    def _current_codes(self, now_s: float) -> Mapping[int, Exit]:
        """The code of each job that counts as ended; of those that do not exist it depends on how long they are waited
        for.
        """
        if not self._missing:
            return self._codes
        if self._is_start(now_s):
            return {job_id: code for job_id, code in self._codes.items() if job_id not in self._missing}
        return (
            {**self._codes, **dict.fromkeys(self._missing, Exit.NO_SUCH_JOB)}
            if self._plan.is_start_told
            else self._codes
        )

    def _is_start(self, now_s: float) -> bool:
        return now_s - self._begin_s < self._plan.start_s

    def _take_lists(self, before: Sequence[WatchedList], now_s: float) -> None:
        """Note which lists were read, and which of these readings came when no more jobs were to be expected."""
        readings = {known.selection: known.reading for known in before}
        is_final = (
            self._ended_s is not None and self._newest_s is not None and now_s >= self._newest_s + self._plan.settle_s
        )
        if not is_final:
            self._settled_reading.clear()
        for known in self._snapshot.lists:
            if known.reading != readings.get(known.selection, 0):
                self._read_s[known.selection] = now_s
                if is_final:
                    self._settled_reading.setdefault(known.selection, known.reading)

    def _take_job(self, tracked: TrackedJob, link: Connection, now_s: float) -> None:
        job_id = tracked.job_id
        if tracked.polled_at is not None and (tracked.failures == 0 or tracked.failures >= TRIES_OF_A_LOOK):
            self._looked_at.add(job_id)
        if tracked.failures == 0:
            self._failures.pop(job_id, None)
        elif link.state is ConnectionState.UP:  # during an outage every job fails, and none is at fault
            self._failures[job_id] = self._failures.get(job_id, 0) + 1
        code = code_of(tracked, failures=self._failures.get(job_id, 0))
        if code is None:
            self._codes.pop(job_id, None)
        else:
            self._codes[job_id] = code
        if tracked.not_found_count and tracked.job is None:
            self._missing.add(job_id)
        else:
            self._missing.discard(job_id)
        if tracked.job is not None and job_id not in self._of_file and self._is_selected(tracked.job):
            self._of_file.add(job_id)
            self._newest_s = now_s

    def _is_selected(self, job: Job) -> bool:
        return any(selection.accepts(job) for selection in self._plan.selections)

    def _take_link(self, batch: Update, answered_before: datetime | None, now_s: float) -> None:
        link = batch.snapshot.link
        errors = [tracked.error for tracked in batch.changed if tracked.error]
        is_good = batch.snapshot.answered_at != answered_before or any(
            isinstance(error, JobNotFound) for error in errors
        )
        self._is_answered = self._is_answered or is_good
        if link.state is not ConnectionState.UNAUTHORIZED:
            self._refused_from_s = None
        elif self._refused_from_s is None:
            self._refused_from_s = link.refused_s
        if is_good:
            self._failing_from_s = None
        elif self._failing_from_s is None and (errors or link.failures or link.state is not ConnectionState.UP):
            self._failing_from_s = now_s


def _since(begin_s: float | None, now_s: float | None) -> float | None:
    """Seconds between two moments; None where one is not known."""
    return None if begin_s is None or now_s is None else now_s - begin_s
