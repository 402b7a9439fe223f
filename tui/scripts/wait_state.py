"""The state of a watch and its outcome. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import ErrorKind
from tui.domain.job_status import JobStatus
from tui.domain.selection import Selection
from tui.domain.snapshot import Snapshot, Update
from tui.domain.tracked_job import MISSES_UNTIL_LOST, TrackedJob
from tui.domain.watched_list import Extent, WatchedList

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.domain.job import Job


FAILURES_UNTIL_FAILING = 3
"""Failed readings of one job in a row, while others succeed, after which a timeout blames the API, not the job."""


TRIES_OF_A_LOOK = 2
"""Failed readings of one job in a row after which a single poll (--timeout 0) is complete."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to wait for, and how long; times are in seconds."""

    files: tuple[str, ...] = ()
    """Exact names of uploaded files whose jobs are watched, including later ones."""
    pattern: str | None = None
    """A pattern for the uploads to watch; `files` replaces it when they are found."""
    is_newest: bool = False
    """Whether only the newest upload that matches `pattern` counts."""
    is_choice_proven: bool = True
    """Whether it is proven that there was no newer upload when `files` replaced the pattern."""
    late_pattern: str | None = None
    """The pattern whose later uploads are watched too; None if the files were chosen for good."""
    since: datetime | None = None
    """Jobs of the files added before this time do not count; None for no limit."""
    is_any: bool = False
    """Whether the watch ends with the first ended job."""
    is_fail_fast: bool = False
    """Whether the watch ends with the first FAILED job."""
    timeout_s: float | None = None
    """Time after which the watch ends in any case; 0 polls each job once; None for no limit."""
    start_s: float = 0.0
    """How long to wait for jobs or a file that do not exist yet."""
    is_start_told: bool = False
    """Whether the user gave `start_s`: then a missing job counts as not found after that time, however few polls it
    had.
    """
    settle_s: float = 30.0
    """Time without a new job after which a file counts as complete."""

    @property
    def selections(self) -> tuple[Selection, ...]:
        """The watched lists, one per file."""
        return tuple(Selection(file, since=self.since) for file in self.files)

    @property
    def has_files(self) -> bool:
        """Whether files are watched, by name or by an unresolved pattern."""
        return bool(self.files or self.pattern)

    @property
    def file_names(self) -> str:
        """The files for messages: `inv.csv`, `a.csv, b.csv`; empty if there are none."""
        return ", ".join(self.files) or self.pattern or ""

    @property
    def is_one_look(self) -> bool:
        """Whether each job is polled once, without waiting."""
        return self.timeout_s == 0


class JobResult(Enum):
    """The result of a job that counts as ended."""

    SUCCESS = "success"
    FAILED = "failed"
    """Also an end with an unknown status."""
    NOT_FOUND = "not found"
    UNREAD = "unread"
    """Its readings kept failing while others succeeded."""


@dataclass(frozen=True, slots=True)
class FileCourse:
    """The state of the jobs of the files; moments are seconds after the start."""

    newest_s: float | None = None
    """When the newest job was found; None before the first."""
    read_s: float | None = None
    """When all lists had last been read, and later uploads of the pattern were last searched for; None before that."""
    ended_s: float | None = None
    """Since when all watched jobs have ended; None if one has not."""
    is_proven: bool | None = None
    """Whether the lists are proven complete; None while that is not decided."""
    may_be_hidden: bool = False
    """Whether the server ignored the file filter, so that a list without jobs of the file proves nothing."""


@dataclass(frozen=True, slots=True)
class WaitProgress:
    """The progress of a watch at one moment."""

    elapsed_s: float = 0.0
    ended: Mapping[JobResult, int] = field(default_factory=dict)
    """Number of jobs that count as ended, by result; no zeros."""
    unended: int = 0
    failing: int = 0
    """Number of these jobs whose last `FAILURES_UNTIL_FAILING` or more readings failed."""
    unread: int = 0
    """Number of jobs without a result yet: neither read, nor not found, nor failing."""
    link: ConnectionState = ConnectionState.UP
    is_answered: bool = False
    """Whether the API has ever responded about a job."""
    refused_s: float | None = None
    """Seconds from the first to the last rejection of the token; None if it is not rejected."""
    failing_s: float | None = None
    """Seconds of failures only; None after a success."""
    file: FileCourse = field(default_factory=FileCourse)
    is_interrupted: bool = False
    """The exit code of a signal; None if there was none."""


FAILURES_UNTIL_GIVEN_UP = 10
"""Failed readings of one job in a row, while others succeed, after which it counts as ended."""

REFUSED_S = 120.0
"""Seconds for which a token that worked before may be rejected: token rotation may take a moment."""

FAILING_S = 600.0
"""Seconds of failures only after which a watch without a timeout gives up."""

LOOK_FAILING_S = 30.0
"""Seconds of failures only after which a single poll gives up."""

LONGEST_SILENCE_S = 900.0
"""The longest Retry-After that is followed, in seconds (tests/README.md, row 13)."""


class Reason(Enum):
    """Why a watch ended."""

    ENDED = "ended"
    """All jobs have ended."""
    FIRST = "first"
    FAILED = "failed"
    NO_FILE = "no file"
    TIMED_OUT = "timed out"
    INTERRUPTED = "interrupted"
    UNAUTHORIZED = "refused"
    UNREACHED = "unreached"
    """The first request failed."""
    GIVEN_UP = "given up"
    """There were only failures for too long."""


class Caveat(Enum):
    """What an outcome cannot tell for sure."""

    UNAUTHORIZED = "refused"
    """The token is rejected."""
    UNREACHED = "unreached"
    """The API cannot be reached, or keeps failing."""
    UNPROVEN = "unproven"
    """The list of jobs may be incomplete."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why a watch ended, and the results."""

    reason: Reason
    results: frozenset[JobResult] = frozenset()
    """The results of the jobs that have ended."""
    caveats: frozenset[Caveat] = frozenset()

    @property
    def is_success(self) -> bool:
        """Whether all jobs ended, each with SUCCESS, and that is sure."""
        return self.reason is Reason.ENDED and self.results <= {JobResult.SUCCESS} and not self.caveats


def result_of(tracked: TrackedJob, *, failures: int) -> JobResult | None:
    """Return the result of a job that counts as ended; None if it has not ended.

    Args:
        tracked: The job's state.
        failures: Failed readings in a row while the connection worked.
    """
    if tracked.status is not None and tracked.status.is_terminal:
        return JobResult.SUCCESS if tracked.status is JobStatus.SUCCESS else JobResult.FAILED
    if tracked.condition.is_confirmed:  # an unknown status is not a success
        return JobResult.FAILED
    if tracked.not_found_count >= MISSES_UNTIL_LOST:
        return JobResult.NOT_FOUND
    return JobResult.UNREAD if failures >= FAILURES_UNTIL_GIVEN_UP else None


def is_final(file: FileCourse, *, settle_s: float) -> bool:
    """Return whether no more jobs of a file are expected: all known jobs ended, and a later list had no new one."""
    if file.newest_s is None or file.ended_s is None or file.read_s is None:
        return False
    return file.read_s >= max(file.ended_s, file.newest_s + settle_s)


def outcome_of(plan: Plan, standing: WaitProgress) -> Outcome | None:
    """Return the outcome; None while the watch continues. Reasons that stop all requests take precedence over jobs."""
    reason = _hindrance(plan, standing) or _result(plan, standing)
    if reason is None and _is_time_over(plan, standing):
        reason = Reason.TIMED_OUT
    if reason is None:
        return None
    return Outcome(reason, frozenset(standing.ended), frozenset(_caveats(reason, plan, standing)))


def _is_time_over(plan: Plan, standing: WaitProgress) -> bool:
    """Return whether the time is up. A single poll lasts until each job has a result, or until requests fail."""
    if plan.timeout_s is None:
        return False
    if not plan.is_one_look:
        return standing.elapsed_s >= plan.timeout_s
    is_file_read = not plan.files or standing.file.read_s is not None
    is_checking = bool(plan.files) and standing.file.ended_s is not None and standing.file.is_proven is None
    is_failing = standing.link is not ConnectionState.UP or (standing.failing_s or 0.0) >= LOOK_FAILING_S
    return is_failing or (is_file_read and not standing.unread and not is_checking)


def _caveats(reason: Reason, plan: Plan, standing: WaitProgress) -> Iterator[Caveat]:
    """Yield the caveats of an outcome. A timeout has those of a failing connection."""
    if reason is Reason.NO_FILE and standing.file.may_be_hidden:
        yield Caveat.UNREACHED
    if reason is Reason.ENDED and (standing.file.is_proven is False or not plan.is_choice_proven):
        yield Caveat.UNPROVEN
    if reason is Reason.TIMED_OUT and standing.refused_s is not None:
        yield Caveat.UNAUTHORIZED
    is_unread = bool(plan.files) and standing.file.read_s is None
    is_unreached = is_unread or (standing.failing_s is not None and not standing.is_answered)
    is_kept_back = standing.link in {ConnectionState.OFFLINE, ConnectionState.THROTTLED} or standing.failing > 0
    if reason is Reason.TIMED_OUT and (is_kept_back or is_unreached):
        yield Caveat.UNREACHED


def _hindrance(plan: Plan, standing: WaitProgress) -> Reason | None:
    """Return a reason to stop that does not depend on the jobs; None if there is none."""
    if standing.is_interrupted:
        return Reason.INTERRUPTED
    if standing.refused_s is not None and (not standing.is_answered or standing.refused_s >= REFUSED_S):
        return Reason.UNAUTHORIZED
    if standing.link is ConnectionState.OFFLINE and not standing.is_answered:
        return Reason.UNREACHED
    # A rate limit is not a failure, but it may not last without end.
    limit_s = FAILING_S + (LONGEST_SILENCE_S if standing.link is ConnectionState.THROTTLED else 0.0)
    return Reason.GIVEN_UP if plan.timeout_s is None and _fruitless_s(plan, standing) >= limit_s else None


def _fruitless_s(plan: Plan, standing: WaitProgress) -> float:
    """Return for how many seconds all requests, or those for the list of a file, have failed."""
    unread_s = standing.elapsed_s - (standing.file.read_s or 0.0) if plan.files else 0.0
    return max(unread_s, standing.failing_s or 0.0)


def _result(plan: Plan, standing: WaitProgress) -> Reason | None:
    """Return the reason to end that the jobs give; None if there is none."""
    if plan.is_fail_fast and JobResult.FAILED in standing.ended:
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
    """State accumulated by a watch.

    Args:
        plan: What to wait for.
        begin_s: Monotonic second of the start; each `now_s` is one too.
    """

    def __init__(self, plan: Plan, begin_s: float) -> None:
        self._plan = plan
        self._begin_s = begin_s
        self._snapshot = Snapshot()
        self._results: dict[int, JobResult] = {}
        self._failures: dict[int, int] = {}
        self._missing: set[int] = set()
        self._looked_at: set[int] = set()
        self._of_file: set[int] = set()
        self._newest_s: float | None = None
        self._read_s: dict[Selection, float] = {}
        self._searched_s = begin_s
        self._settled_reading: dict[Selection, int] = {}
        """For each list, the first reading with all jobs ended and no new one for `settle_s`."""
        self._ended_s: float | None = None
        self._refused_from_s: float | None = None
        """When the first rejection of a token was applied; None after the server accepted one."""
        self._refused_last_s = 0.0
        self._failing_from_s: float | None = None
        self._is_answered = False

    def take(self, update: Update, snapshot: Snapshot, now_s: float) -> None:
        """Apply an update, after which the state is `snapshot`."""
        for tracked in update.changed:
            self._take_job(tracked, snapshot.link, now_s)
        before, self._snapshot = self._snapshot, snapshot
        self._take_link(update, before, now_s)
        if len(self._results) < len(snapshot.watchlist):
            self._ended_s = None
        elif self._ended_s is None:
            self._ended_s = now_s
        self._take_lists(before.lists, now_s)

    def take_uploads(self, plan: Plan, searched_s: float) -> None:
        """Apply a search for later uploads of the pattern, begun at `searched_s`; `plan` has the files known now."""
        self._plan, self._searched_s = plan, searched_s

    def must_search(self, now_s: float) -> bool:
        """Return whether the end waits only for a search for later uploads of the pattern."""
        if self._plan.late_pattern is None or self._ended_s is None or self._newest_s is None:
            return False
        final_s = max(self._ended_s, self._newest_s + self._plan.settle_s)
        return self._searched_s < final_s <= now_s

    def awaited(self, now_s: float) -> tuple[int, ...]:
        """Return the jobs that do not exist yet but may still appear."""
        return tuple(self._missing) if self._is_start(now_s) else ()

    def lost(self, now_s: float) -> tuple[int, ...]:
        """Return the jobs that never existed and whose wait is over."""
        results = self._current_results(now_s)
        return tuple(job_id for job_id in self._missing if job_id in results)

    def unended(self, now_s: float) -> frozenset[int]:
        """Return the jobs that do not count as ended."""
        return frozenset(self._snapshot.watchlist.ids) - self._current_results(now_s).keys()

    def failed(self, now_s: float) -> frozenset[int]:
        """Return the jobs that count as ended, but are not SUCCESS."""
        return frozenset(
            job_id for job_id, result in self._current_results(now_s).items() if result is not JobResult.SUCCESS
        )

    def standing(self, now_s: float, *, is_interrupted: bool = False) -> WaitProgress:
        """Return the progress."""
        results = self._current_results(now_s)
        failures = TRIES_OF_A_LOOK if self._plan.is_one_look else FAILURES_UNTIL_FAILING
        return WaitProgress(
            elapsed_s=now_s - self._begin_s,
            ended=Counter(results.values()),
            unended=len(self._snapshot.watchlist) - len(results),
            failing=sum(number >= failures for job_id, number in self._failures.items() if job_id not in results),
            unread=len(self._snapshot.watchlist.keys() - self._looked_at),
            link=self._snapshot.link.state,
            is_answered=self._is_answered,
            refused_s=_since(self._refused_from_s, self._refused_last_s),
            failing_s=_since(self._failing_from_s, now_s),
            file=self._file_course(results),
            is_interrupted=is_interrupted,
        )

    def unchecked(self) -> tuple[Selection, ...]:
        """Return the selections whose last list must be checked for completeness before the watch can end."""
        return tuple(known.selection for known in self._snapshot.lists if self._needs_check(known))

    def _file_course(self, results: Mapping[int, JobResult]) -> FileCourse:
        has_ended = self._ended_s is not None and len(results) == len(self._snapshot.watchlist)
        is_read = all(selection in self._read_s for selection in self._plan.selections)
        reads_s = [*self._read_s.values(), *([self._searched_s] if self._plan.late_pattern else [])]
        proofs = [self._proof(known) for known in self._snapshot.lists]
        return FileCourse(
            newest_s=_since(self._begin_s, self._newest_s),
            read_s=_since(self._begin_s, min(reads_s)) if is_read and self._read_s else None,
            ended_s=_since(self._begin_s, self._ended_s) if has_ended else None,
            is_proven=None if None in proofs else all(proofs),
            may_be_hidden=any(
                not known.is_filtered and known.extent is not Extent.COMPLETE for known in self._snapshot.lists
            ),
        )

    def _proof(self, known: WatchedList) -> bool | None:
        """Return whether a list is proven complete; None while that is not decided."""
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

    def _current_results(self, now_s: float) -> Mapping[int, JobResult]:
        """Return the result of each job that counts as ended. Missing jobs count only after the wait for them is
        over.
        """
        if not self._missing:
            return self._results
        if self._is_start(now_s):
            return {job_id: result for job_id, result in self._results.items() if job_id not in self._missing}
        return (
            {**self._results, **dict.fromkeys(self._missing, JobResult.NOT_FOUND)}
            if self._plan.is_start_told
            else self._results
        )

    def _is_start(self, now_s: float) -> bool:
        return now_s - self._begin_s < self._plan.start_s

    def _take_lists(self, before: Sequence[WatchedList], now_s: float) -> None:
        """Record which lists were read, and which readings came when no more jobs were expected."""
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
        elif link.state is ConnectionState.UP:  # during an outage every job fails; that does not count
            self._failures[job_id] = self._failures.get(job_id, 0) + 1
        result = result_of(tracked, failures=self._failures.get(job_id, 0))
        if result is None:
            self._results.pop(job_id, None)
        else:
            self._results[job_id] = result
        if tracked.not_found_count and tracked.job is None:
            self._missing.add(job_id)
        else:
            self._missing.discard(job_id)
        if tracked.job is not None and job_id not in self._of_file and self._is_selected(tracked.job):
            self._of_file.add(job_id)
            self._newest_s = now_s

    def _is_selected(self, job: Job) -> bool:
        return any(selection.accepts(job) for selection in self._plan.selections)

    def _take_link(self, update: Update, before: Snapshot, now_s: float) -> None:
        link = self._snapshot.link
        errors = [tracked.error for tracked in update.changed if tracked.error]
        is_good = self._snapshot.answered_at != before.answered_at or any(
            error.kind is ErrorKind.NOT_FOUND for error in errors
        )
        self._is_answered = self._is_answered or is_good
        if link.state is not ConnectionState.UNAUTHORIZED:
            self._refused_from_s = None
        elif self._refused_from_s is None:
            self._refused_from_s = self._refused_last_s = now_s
        elif link.refused_at != before.link.refused_at:
            self._refused_last_s = now_s
        if is_good:
            self._failing_from_s = None
        elif self._failing_from_s is None and (errors or link.failures or link.state is not ConnectionState.UP):
            self._failing_from_s = now_s


def _since(begin_s: float | None, now_s: float | None) -> float | None:
    """Return the seconds between two moments; None if one is unknown."""
    return None if begin_s is None or now_s is None else now_s - begin_s
