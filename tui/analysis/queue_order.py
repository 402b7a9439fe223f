"""How a queue takes its jobs: one at a time, one per location, or several at once. Recognised from jobs that ran."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from tui.domain.job_status import JobType

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

ONE_QUEUE = frozenset({JobType.REFRESH, JobType.ADJUST})
"""Types that share a queue (tui/api/README.md)."""

QueueKey = tuple[int | None, JobType | None]
"""Jobs with equal keys wait for each other."""


def queue_key(tenant_id: int | None, kind: JobType | None) -> QueueKey:
    """Return the queue of a tenant's jobs of one type."""
    return tenant_id, JobType.REFRESH if kind in ONE_QUEUE else kind


def queue_of(job: Job) -> QueueKey:
    """Return the queue that a job is in."""
    return queue_key(job.tenant_id, job.type)


RUNS_KEPT = 120
"""Newest runs that decide: an order that has changed is recognised after about half of them."""

FEWEST_WAITED = 5
"""Runs that waited which a decision needs: the other ones show nothing."""


class Run(NamedTuple):
    """When a job ran. Times are seconds on one time line."""

    added_s: float
    started_s: float
    finished_s: float
    """Infinite while it runs."""
    location: str | None


@dataclass(frozen=True, slots=True)
class QueueOrder:
    """How a queue takes its jobs."""

    slots: int | None = None
    """Jobs that run at once, of the tenant or of a location; None before enough jobs have waited."""
    is_per_location: bool = False
    """Whether each location has a queue of its own."""
    gap_s: float = 0.0
    """Usual time between the end of a job and the start of the next one."""

    @property
    def is_one_at_a_time(self) -> bool:
        """Whether a job starts only after the one before it has ended."""
        return self.slots == 1


def recognise(runs: Sequence[Run]) -> QueueOrder:
    """Return the order that explains when jobs started.

    A run that waited shows the order: one at a time means that no other job ran when it started and that one had just
    ended.

    Args:
        runs: The newest runs, in any order.
    """
    if not runs:
        return QueueOrder()
    of_tenant = _Starts.of(runs, lambda _: None)
    if len(of_tenant.running) < FEWEST_WAITED:
        return QueueOrder()
    if of_tenant.is_one_at_a_time:
        return QueueOrder(slots=1, gap_s=median(of_tenant.gaps_s))
    of_location = _Starts.of(runs, lambda run: run.location)
    if of_location.is_one_at_a_time:
        return QueueOrder(slots=1, is_per_location=True, gap_s=median(of_location.gaps_s))
    return QueueOrder(slots=max(2, round(median(of_tenant.running))))


@dataclass(frozen=True, slots=True)
class _Starts:
    """What the starts of runs that waited have in common."""

    running: list[int]
    """For each start: jobs of the same part of the queue that ran then, itself included."""
    gaps_s: list[float]
    """Time since another job of that part had ended, for the starts that came directly after one."""

    @classmethod
    def of(cls, runs: Sequence[Run], part: Callable[[Run], str | None]) -> _Starts:
        usual_s = median(run.finished_s - run.started_s for run in runs)
        parts = defaultdict(list)
        for run in runs:
            parts[part(run)].append(run)
        running, gaps_s = [], []
        for members in parts.values():
            starts = sorted(run.started_s for run in members)
            ends = sorted(run.finished_s for run in members)
            for run in members:
                wait_s = run.started_s - run.added_s
                if wait_s <= 0.1 * usual_s:
                    continue
                just_ended_s = run.started_s + 0.05 * usual_s  # clocks of servers differ a little
                ended = bisect_right(ends, just_ended_s)
                running.append(max(1, bisect_right(starts, run.started_s) - ended))
                if ended and bisect_left(ends, run.added_s) < ended:
                    gap_s = max(0.0, run.started_s - ends[ended - 1])
                    if gap_s <= 0.25 * usual_s:
                        gaps_s.append(gap_s)
        return cls(running, gaps_s)

    @property
    def is_one_at_a_time(self) -> bool:
        waited = len(self.running)
        return waited >= FEWEST_WAITED and self.running.count(1) >= 0.9 * waited and len(self.gaps_s) >= 0.8 * waited
