"""The wait before a job is polled again.

Pure. The numbers are those of the table "Polling etiquette" in tests/README.md.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from tui.domain.job_status import JobStatus, JobType
from tui.domain.poll_policy import PollPolicy
from tui.domain.tracked_job import MISSES_UNTIL_LOST, Freshness, ReadState, TrackedJob, elapsed_s

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job


REFRESH_FLOOR_S = 1.0
"""Least seconds between two requests for one job, however often the user presses the key."""

EAGER_S = 2.0
"""The shortest interval that the policy chooses."""

GONE_PROBE_S = 300.0
"""Seconds between two requests for a job that vanished before it ended: it may come back (tui/api/README.md, Traps)."""

NEAR_END = 0.2
"""Share of the usual run time, before and after it, that counts as "around the expected end"."""

_PATIENT_S = tuple(min(30.0, EAGER_S * 1.5**repeats) for repeats in range(8))
"""Seconds until a job that is not WORKING is polled again, by the number of readings in a row with the same status."""


class RunTime(NamedTuple):
    """How long a job has run, and how long its kind usually runs."""

    elapsed_s: float = 0.0
    """Since its start, by the server's clock; 0 or more."""
    usual_s: float | None = None
    """The usual run time of its kind in seconds; None if that is not known."""

    @property
    def is_near_end(self) -> bool:
        """Whether the job should end about now."""
        return self.usual_s is not None and abs(self.elapsed_s - self.usual_s) <= max(EAGER_S, NEAR_END * self.usual_s)


NOT_RUNNING = RunTime()


def delay_s(policy: PollPolicy, condition: ReadState, *, roll: float, run: RunTime = NOT_RUNNING) -> float | None:
    """Return the seconds from the last reading until the next poll of a job; None if the job is final.

    Args:
        policy: How often jobs are polled.
        condition: The result of its readings so far.
        roll: Random number in [0, 1) that spreads the polls.
        run: The run time of a WORKING job.
    """
    spread = 1 + policy.jitter * (2 * roll - 1)
    if condition.is_final:
        is_probed = condition.is_lost and condition.freshness is Freshness.GONE and not condition.is_ended
        return GONE_PROBE_S * spread if is_probed else None
    if condition.failures or condition.not_found_count:
        return _retried_s(condition, roll)
    if condition.freshness is Freshness.UNREAD:
        return 0.0
    if condition.is_ended:
        return policy.confirm_s
    if policy.interval_s is not None:
        return policy.interval_s
    patience = 1.0 if policy.is_attended else 3.0
    return _natural_s(condition.status, condition.repeats, run) * patience * spread


def _retried_s(condition: ReadState, roll: float) -> float:
    # A job that is not found: retries after 5, 10 and 15 s, three in 30 s
    return (
        backed_off_s(condition.failures, roll)
        if condition.failures
        else 5.0 * min(condition.not_found_count, MISSES_UNTIL_LOST)
    )


def _natural_s(status: JobStatus | None, repeats: int, run: RunTime) -> float:
    """Return the interval by state: a tenth of its age for a WORKING job, shorter around its expected end. For other
    statuses, unknown ones too, the interval grows with each poll.
    """
    if status is JobStatus.WORKING:
        return EAGER_S if run.is_near_end else min(15.0, max(EAGER_S, run.elapsed_s / 10))
    return _PATIENT_S[repeats] if repeats < len(_PATIENT_S) else _PATIENT_S[-1]


def backed_off_s(failures: int, roll: float) -> float:
    """Return the back-off in seconds after `failures` in a row: full jitter up to a ceiling that doubles with each."""
    return max(REFRESH_FLOOR_S, roll * min(60.0, EAGER_S * 2.0 ** min(failures, 10)))


SAMPLES_KEPT, SAMPLES_NEEDED = 9, 3


_Kind = tuple[JobType | None, str | None]


class DurationStats:
    """The newest run times by kind: the file and the type of a job."""

    def __init__(self) -> None:
        self._samples_s: defaultdict[_Kind, deque[float]] = defaultdict(lambda: deque(maxlen=SAMPLES_KEPT))
        self._usual_s: dict[_Kind, float] = {}

    def ended(self, job: Job) -> None:
        """Record the run time of a job that has just ended, if the job gives its start and end."""
        if job.started is None or job.finished is None or job.finished < job.started:
            return
        kind = _kind(job)
        samples_s = self._samples_s[kind]
        samples_s.append((job.finished - job.started).total_seconds())
        if len(samples_s) >= SAMPLES_NEEDED:
            self._usual_s[kind] = median(samples_s)

    def usual_s(self, job: Job) -> float | None:
        """Return the median run time of the job's kind in seconds; None before three of them have ended."""
        return self._usual_s.get(_kind(job))


def _kind(job: Job) -> _Kind:
    return job.origin.type, job.origin.original_filename


NEAR_END_HEAD_START_S = 5.0
"""Priority boost of jobs that should end about now, for times when the budget is used up."""


class PollingIntervals:
    """The interval until the next poll of each job.

    Args:
        policy: How often jobs are polled.
    """

    def __init__(self, policy: PollPolicy) -> None:
        self.policy = policy
        self.run_times = DurationStats()

    def turns(
        self, jobs: Mapping[int, TrackedJob], *, roll: float, server_now: datetime
    ) -> dict[tuple[float | None, float], list[int]]:
        """Return job ids grouped by (seconds until due, priority boost in seconds). The first is None for jobs that are
        not polled again.

        Args:
            jobs: The jobs in their current state, by id.
            roll: Random number in [0, 1).
            server_now: The time at the server, for the run times.
        """
        turns: defaultdict[tuple[float | None, float], list[int]] = defaultdict(list)
        for condition, alike in _by_condition(jobs.values()).items():
            if condition.status is JobStatus.WORKING:
                for tracked in alike:
                    turns[self._turn(condition, roll, self._run_time(tracked, server_now))].append(tracked.job_id)
            else:
                turns[self._turn(condition, roll, NOT_RUNNING)] += [tracked.job_id for tracked in alike]
        return turns

    def _turn(self, condition: ReadState, roll: float, run: RunTime) -> tuple[float | None, float]:
        return delay_s(self.policy, condition, roll=roll, run=run), NEAR_END_HEAD_START_S if run.is_near_end else 0.0

    def _run_time(self, tracked: TrackedJob, server_now: datetime) -> RunTime:
        elapsed = elapsed_s(tracked, server_now)
        return RunTime(elapsed, self.run_times.usual_s(tracked.job)) if elapsed and tracked.job else NOT_RUNNING


def _by_condition(jobs: Iterable[TrackedJob]) -> dict[ReadState, list[TrackedJob]]:
    """Group jobs by read state, which decides when they are due. The jobs of one list form few groups."""
    groups: defaultdict[ReadState, list[TrackedJob]] = defaultdict(list)
    for tracked in jobs:
        groups[tracked.condition].append(tracked)
    return groups
