"""The state of a watch and its outcome. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import ErrorKind
from tui.domain.job_status import JobStatus
from tui.domain.selection import Selection
from tui.domain.snapshot import Unchanged, Update
from tui.domain.tracked_job import MISSES_UNTIL_LOST, TrackedJob
from tui.domain.watched_list import Extent, WatchedList

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
    is_start_given: bool = False
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
class FileProgress:
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
    rejected_s: float | None = None
    """Seconds from the first to the last rejection of the token; None if it is not rejected."""
    failing_s: float | None = None
    """Seconds of failures only; None after a success."""
    file: FileProgress = field(default_factory=FileProgress)
    is_interrupted: bool = False
    """Whether a signal ends the watch."""


FAILURES_UNTIL_GIVEN_UP = 10
"""Failed readings of one job in a row, while others succeed, after which it counts as ended."""

REJECTED_S = 120.0
"""Seconds for which a token that worked before may be rejected: token rotation may take a moment."""

FAILING_S = 600.0
"""Seconds of failures only after which a watch without a timeout gives up."""

LOOK_FAILING_S = 30.0
"""Seconds of failures only after which a single poll gives up."""

LONGEST_PAUSE_S = 900.0
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


def is_final(file: FileProgress, *, settle_s: float) -> bool:
    """Return whether no more jobs of a file are expected: all known jobs ended, and a later list had no new one."""
    if file.newest_s is None or file.ended_s is None or file.read_s is None:
        return False
    return file.read_s >= max(file.ended_s, file.newest_s + settle_s)


def outcome_of(plan: Plan, progress: WaitProgress) -> Outcome | None:
    """Return the outcome; None while the watch continues. Reasons that stop all requests take precedence over jobs."""
    reason = _hindrance(plan, progress) or _result(plan, progress)
    if reason is None and _is_time_over(plan, progress):
        reason = Reason.TIMED_OUT
    if reason is None:
        return None
    return Outcome(reason, frozenset(progress.ended), frozenset(_caveats(reason, plan, progress)))


def _is_time_over(plan: Plan, progress: WaitProgress) -> bool:
    """Return whether the time is up. A single poll lasts until each job has a result, or until requests fail."""
    if plan.timeout_s is None:
        return False
    if not plan.is_one_look:
        return progress.elapsed_s >= plan.timeout_s
    is_file_read = not plan.files or progress.file.read_s is not None
    is_checking = bool(plan.files) and progress.file.ended_s is not None and progress.file.is_proven is None
    is_failing = progress.link is not ConnectionState.UP or (progress.failing_s or 0.0) >= LOOK_FAILING_S
    return is_failing or (is_file_read and not progress.unread and not is_checking)


def _caveats(reason: Reason, plan: Plan, progress: WaitProgress) -> Iterator[Caveat]:
    """Yield the caveats of an outcome. A timeout has those of a failing connection."""
    if reason is Reason.NO_FILE and progress.file.may_be_hidden:
        yield Caveat.UNREACHED
    if reason is Reason.ENDED and (progress.file.is_proven is False or not plan.is_choice_proven):
        yield Caveat.UNPROVEN
    if reason is Reason.TIMED_OUT and progress.rejected_s is not None:
        yield Caveat.UNAUTHORIZED
    is_unread = bool(plan.files) and progress.file.read_s is None
    is_unreached = is_unread or (progress.failing_s is not None and not progress.is_answered)
    is_kept_back = progress.link in {ConnectionState.OFFLINE, ConnectionState.THROTTLED} or progress.failing > 0
    if reason is Reason.TIMED_OUT and (is_kept_back or is_unreached):
        yield Caveat.UNREACHED


def _hindrance(plan: Plan, progress: WaitProgress) -> Reason | None:
    """Return a reason to stop that does not depend on the jobs; None if there is none."""
    if progress.is_interrupted:
        return Reason.INTERRUPTED
    if progress.rejected_s is not None and (not progress.is_answered or progress.rejected_s >= REJECTED_S):
        return Reason.UNAUTHORIZED
    if progress.link is ConnectionState.OFFLINE and not progress.is_answered:
        return Reason.UNREACHED
    # A rate limit is not a failure, but it may not last without end.
    limit_s = FAILING_S + (LONGEST_PAUSE_S if progress.link is ConnectionState.THROTTLED else 0.0)
    return Reason.GIVEN_UP if plan.timeout_s is None and _fruitless_s(plan, progress) >= limit_s else None


def _fruitless_s(plan: Plan, progress: WaitProgress) -> float:
    """Return for how many seconds all requests, or those for the list of a file, have failed."""
    unread_s = progress.elapsed_s - (progress.file.read_s or 0.0) if plan.files else 0.0
    return max(unread_s, progress.failing_s or 0.0)


def _result(plan: Plan, progress: WaitProgress) -> Reason | None:
    """Return the reason to end that the jobs give; None if there is none."""
    if plan.is_fail_fast and JobResult.FAILED in progress.ended:
        return Reason.FAILED
    if plan.is_any and progress.ended:
        return Reason.FIRST
    if not plan.files:
        return None if progress.unended else Reason.ENDED
    file = progress.file
    if file.newest_s is None and file.read_s is not None and progress.elapsed_s >= plan.start_s:
        return Reason.NO_FILE
    return Reason.ENDED if is_final(file, settle_s=plan.settle_s) and file.is_proven is not None else None


class JobProgress(NamedTuple):
    """What a watch knows of one job. Few values differ, so that jobs can be counted by them."""

    result: JobResult | None = None
    """None if it does not count as ended, whatever the wait for missing jobs says."""
    failures: int = 0
    """Failed readings in a row while the connection was up, at most `FAILURES_UNTIL_GIVEN_UP`."""
    is_missing: bool = False
    """Whether the server never described it, and reports that it does not exist."""
    is_read: bool = False
    """Whether it was read, or reading it failed `TRIES_OF_A_LOOK` times in a row."""
    is_of_file: bool = False
    """Whether it belongs to a watched file."""

    def after(self, tracked: TrackedJob, selections: Sequence[Selection], *, is_up: bool) -> JobProgress:
        """Return what is known after a change of the job.

        Args:
            tracked: The job's new state.
            selections: The watched files.
            is_up: Whether the connection is up: during an outage every job fails; that does not count.
        """
        job, failures = tracked.job, self.failures
        if tracked.failures == 0:
            failures = 0
        elif is_up:
            failures = min(failures + 1, FAILURES_UNTIL_GIVEN_UP)
        return JobProgress(
            result_of(tracked, failures=failures),
            failures,
            is_missing=job is None and tracked.not_found_count > 0,
            is_read=self.is_read
            or (tracked.polled_at is not None and (tracked.failures == 0 or tracked.failures >= TRIES_OF_A_LOOK)),
            is_of_file=self.is_of_file or (job is not None and any(selection.accepts(job) for selection in selections)),
        )


@dataclass(frozen=True, slots=True)
class WaitState:
    """The state of a watch. Each moment is a monotonic second, such as the `now_s` of the methods."""

    plan: Plan
    begin_s: float
    searched_s: float
    """When the last search for later uploads of the pattern began; `begin_s` before the first."""
    link: Connection = field(default_factory=Connection)
    lists: tuple[WatchedList, ...] = ()
    jobs: Mapping[int, JobProgress] = field(default_factory=dict)
    counts: Mapping[JobProgress, int] = field(default_factory=dict)
    """Number of jobs by their progress. No zeros."""
    newest_s: float | None = None
    """When the newest job of the files was found; None before the first."""
    ended_s: float | None = None
    """Since when all jobs have a result; None if one has none."""
    read_s: Mapping[Selection, float] = field(default_factory=dict)
    """When each list was last read."""
    settled_reading: Mapping[Selection, int] = field(default_factory=dict)
    """For each list, the first reading with all jobs ended and no new one for `settle_s`."""
    rejected_from_s: float | None = None
    """When the first rejection of a token was applied; None after the server accepted one."""
    rejected_last_s: float = 0.0
    """When the last one was applied."""
    failing_from_s: float | None = None
    """Since when there were only failures; None after a success."""
    is_answered: bool = False
    """Whether the API has ever responded about a job."""
    is_interrupted: bool = False
    """Whether a signal ends the watch."""

    @classmethod
    def begin(cls, plan: Plan, now_s: float, link: Connection | None = None) -> WaitState:
        """Return the state of a watch that begins now, with the connection as other requests left it."""
        return cls(plan, now_s, now_s, link or Connection())

    def apply(self, update: Update, now_s: float) -> WaitState:
        """Return the state after an update."""
        link = self.link if isinstance(update.link, Unchanged) else update.link
        lists = self.lists if isinstance(update.lists, Unchanged) else update.lists
        errors = [tracked.error for tracked in update.changed if tracked.error is not None]
        is_good = not isinstance(update.answered_at, Unchanged) or any(
            error.kind is ErrorKind.NOT_FOUND for error in errors
        )
        jobs, counts = self._jobs_after(update, is_up=link.state is ConnectionState.UP)
        newest_s = now_s if _jobs_of_files(counts) > _jobs_of_files(self.counts) else self.newest_s
        has_ended = all(known.result is not None for known in counts)
        ended_s = (now_s if self.ended_s is None else self.ended_s) if has_ended else None

        readings = {known.selection: known.reading for known in self.lists}
        read = {known.selection: known.reading for known in lists if known.reading != readings.get(known.selection, 0)}
        is_settled = ended_s is not None and newest_s is not None and now_s >= newest_s + self.plan.settle_s

        rejected_from_s, rejected_last_s = self.rejected_from_s, self.rejected_last_s
        if link.state is not ConnectionState.UNAUTHORIZED:
            rejected_from_s = None
        elif rejected_from_s is None:
            rejected_from_s = rejected_last_s = now_s
        elif link.refused_at != self.link.refused_at:
            rejected_last_s = now_s

        failing_from_s = self.failing_from_s
        if is_good:
            failing_from_s = None
        elif failing_from_s is None and (errors or link.failures or link.state is not ConnectionState.UP):
            failing_from_s = now_s

        return replace(
            self,
            link=link,
            lists=lists,
            jobs=jobs,
            counts=counts,
            newest_s=newest_s,
            ended_s=ended_s,
            read_s={**self.read_s, **dict.fromkeys(read, now_s)} if read else self.read_s,
            settled_reading={**read, **self.settled_reading} if is_settled else {},
            rejected_from_s=rejected_from_s,
            rejected_last_s=rejected_last_s,
            failing_from_s=failing_from_s,
            is_answered=self.is_answered or is_good,
        )

    def with_uploads(self, files: Sequence[str], *, is_proven: bool, searched_s: float) -> WaitState:
        """Return the state after a search for later uploads of the pattern, which began at `searched_s`.

        Args:
            files: The uploads that the plan lacks.
            is_proven: Whether it is proven that there is no other one.
            searched_s: When the search began.
        """
        plan = replace(self.plan, files=(*self.plan.files, *files), is_choice_proven=is_proven)
        return replace(self, plan=plan, searched_s=searched_s)

    def interrupted(self) -> WaitState:
        """Return the state after a signal."""
        return replace(self, is_interrupted=True)

    def outcome(self, now_s: float) -> Outcome | None:
        """Return why and with which results the watch ends; None while it continues."""
        return outcome_of(self.plan, self.progress(now_s))

    def progress(self, now_s: float) -> WaitProgress:
        """Return the progress."""
        ended: Counter[JobResult] = Counter()
        unended = failing = unread = 0
        for known, number in self.counts.items():
            result = self._current_result(known, now_s)
            if result is not None:
                ended[result] += number
            else:
                unended += number
                if known.failures >= self._failures_until_failing:
                    failing += number
            if not known.is_read:
                unread += number
        return WaitProgress(
            elapsed_s=now_s - self.begin_s,
            ended=ended,
            unended=unended,
            failing=failing,
            unread=unread,
            link=self.link.state,
            is_answered=self.is_answered,
            rejected_s=_since(self.rejected_from_s, self.rejected_last_s),
            failing_s=_since(self.failing_from_s, now_s),
            file=self._file_progress(has_ended=self.ended_s is not None and not unended),
            is_interrupted=self.is_interrupted,
        )

    def must_search(self, now_s: float) -> bool:
        """Return whether the end waits only for a search for later uploads of the pattern."""
        if self.plan.late_pattern is None or self.ended_s is None or self.newest_s is None:
            return False
        final_s = max(self.ended_s, self.newest_s + self.plan.settle_s)
        return self.searched_s < final_s <= now_s

    def awaited(self, now_s: float) -> tuple[int, ...]:
        """Return the jobs that do not exist yet but may still appear."""
        return self._missing() if self._is_start(now_s) else ()

    def lost(self, now_s: float) -> tuple[int, ...]:
        """Return the jobs that never existed and whose wait is over."""
        if self._is_start(now_s):
            return ()
        return tuple(job_id for job_id in self._missing() if self._current_result(self.jobs[job_id], now_s))

    def unended(self, now_s: float) -> frozenset[int]:
        """Return the jobs that do not count as ended."""
        return frozenset(job_id for job_id, known in self.jobs.items() if self._current_result(known, now_s) is None)

    def failed(self, now_s: float) -> frozenset[int]:
        """Return the jobs that count as ended, but are not SUCCESS."""
        return frozenset(
            job_id
            for job_id, known in self.jobs.items()
            if self._current_result(known, now_s) not in {None, JobResult.SUCCESS}
        )

    def unchecked(self) -> tuple[Selection, ...]:
        """Return the selections whose last list must be checked for completeness before the watch can end."""
        return tuple(
            known.selection
            for known in self.lists
            if known.extent is not Extent.COMPLETE
            and known.checked_reading < self.settled_reading.get(known.selection, 0)
        )

    def _jobs_after(
        self, update: Update, *, is_up: bool
    ) -> tuple[Mapping[int, JobProgress], Mapping[JobProgress, int]]:
        """Return the jobs after an update and their counts: the same objects if none differs."""
        selections = self.plan.selections
        changed: dict[int, JobProgress] = {}
        for tracked in update.changed:
            before = self.jobs.get(tracked.job_id)
            after = (before or JobProgress()).after(tracked, selections, is_up=is_up)
            if after != before:
                changed[tracked.job_id] = after
        if not changed and not update.untracked:
            return self.jobs, self.counts
        jobs, counts = {**self.jobs, **changed}, Counter(self.counts)
        counts.update(changed.values())
        counts.subtract(self.jobs[job_id] for job_id in (*changed, *update.untracked) if job_id in self.jobs)
        for job_id in update.untracked:
            jobs.pop(job_id, None)
        return jobs, +counts

    def _file_progress(self, *, has_ended: bool) -> FileProgress:
        is_read = all(selection in self.read_s for selection in self.plan.selections)
        reads_s = [*self.read_s.values(), *([self.searched_s] if self.plan.late_pattern else [])]
        proofs = [self._proof(known) for known in self.lists]
        return FileProgress(
            newest_s=_since(self.begin_s, self.newest_s),
            read_s=_since(self.begin_s, min(reads_s)) if is_read and self.read_s else None,
            ended_s=_since(self.begin_s, self.ended_s) if has_ended else None,
            is_proven=None if None in proofs else all(proofs),
            may_be_hidden=any(not known.is_filtered and known.extent is not Extent.COMPLETE for known in self.lists),
        )

    def _proof(self, known: WatchedList) -> bool | None:
        """Return whether a list is proven complete; None while that is not decided."""
        settled = self.settled_reading.get(known.selection)
        if settled is None:
            return None
        if known.extent is Extent.COMPLETE:
            return True
        if known.checked_reading < settled:
            return None
        if known.checked_extent is not Extent.COMPLETE:
            return False
        return True if known.reading > known.reading_at_end_of_check else None

    def _current_result(self, known: JobProgress, now_s: float) -> JobResult | None:
        """Return the result of a job that counts as ended. A missing job counts only after the wait for it is over."""
        if not known.is_missing:
            return known.result
        if self._is_start(now_s):
            return None
        return JobResult.NOT_FOUND if self.plan.is_start_given else known.result

    @property
    def _failures_until_failing(self) -> int:
        return TRIES_OF_A_LOOK if self.plan.is_one_look else FAILURES_UNTIL_FAILING

    def _missing(self) -> tuple[int, ...]:
        if not any(known.is_missing for known in self.counts):
            return ()
        return tuple(job_id for job_id, known in self.jobs.items() if known.is_missing)

    def _is_start(self, now_s: float) -> bool:
        return now_s - self.begin_s < self.plan.start_s


def _jobs_of_files(counts: Mapping[JobProgress, int]) -> int:
    """Return how many jobs belong to a watched file."""
    return sum(number for known, number in counts.items() if known.is_of_file)


def _since(begin_s: float | None, now_s: float | None) -> float | None:
    """Return the seconds between two moments; None if one is unknown."""
    return None if begin_s is None or now_s is None else now_s - begin_s
