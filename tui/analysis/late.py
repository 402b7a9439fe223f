"""Which jobs are late by fixed rules: to start, to end, or so late that they are stuck.

The rules compare a job with the other known jobs of its type. They need no learning, only the jobs at hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from tui.analysis.queue_order import QueueKey, queue_key, queue_of
from tui.domain.job_status import JobStatus, JobType

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

FEWEST_WAITS = 5
FEWEST_RUNS = 3
FEWEST_RUNS_FOR_PERCENTILE = 20

WAIT_FACTOR = 3
"""A job is late to start after this multiple of the 90th percentile of the waits."""

STANDSTILL_RUNS = 10
"""A queue stands still if nothing has started for this many usual runs."""

LEAST_OVER_S = 60.0
"""A run must exceed its limit by this: short jobs vary by more than their length."""

RESOLUTION_S = 1.0
"""Shorter waits and runs count as this: servers send whole seconds."""


class Late(StrEnum):
    """Why a job is late."""

    TO_START = "to start"
    """It waits although a job that was added later has started."""
    QUEUE_STANDS_STILL = "queue stands still"
    """It waits and no job has started for a long time."""
    TO_END = "to end"
    STUCK = "stuck"
    """It runs more than twice as long as a job that is late to end."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """That a job is late, and compared with what."""

    why: Late
    elapsed_s: float
    """How long it waits or runs; for a standstill the time since the last start."""
    usual_s: float
    """The median of the waits or runs of the type, at least 1 s; for a standstill of the runs of the queue."""

    @property
    def times_usual(self) -> float:
        """How many times the usual time has passed."""
        return self.elapsed_s / self.usual_s


class KnownTimes:
    """What the rules need to know about the jobs at hand. Contradicting times are ignored.

    Args:
        jobs: All known jobs, each once, in any order.
    """

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._types: dict[tuple[int | None, JobType | None], _OfType] = defaultdict(_OfType)
        self._last_starts: dict[QueueKey, datetime] = {}
        self._usual_runs_s: dict[QueueKey, float] = {}
        """The median run of the slowest type of each queue, because the other types wait for those jobs."""
        for job in jobs:
            if job.started is None or job.status is JobStatus.PENDING:
                continue
            known = self._types[job.tenant_id, job.type]
            queue = queue_of(job)
            self._last_starts[queue] = max(self._last_starts.get(queue, job.started), job.started)
            if job.added is not None and job.started >= job.added:
                known.waits_s.append(_seconds(job.added, job.started))
                known.newest_started = max(known.newest_started or job.added, job.added)
            if job.is_ended and job.finished is not None and job.finished >= job.started:
                known.runs_s.append(_seconds(job.started, job.finished))
        for (tenant, kind), known in self._types.items():
            known.waits_s.sort()
            known.runs_s.sort()
            if len(known.runs_s) >= FEWEST_RUNS:
                queue = queue_key(tenant, kind)
                self._usual_runs_s[queue] = max(self._usual_runs_s.get(queue, RESOLUTION_S), median(known.runs_s))

    def lateness(self, job: Job, at: datetime) -> Lateness | None:
        """Return whether and why a job is late; None if it is not, has ended or too few jobs are known.

        Args:
            job: A waiting or running job.
            at: The server's time.
        """
        if job.is_ended:
            return None
        known = self._types.get((job.tenant_id, job.type), _OfType())
        if job.status is JobStatus.PENDING and job.added is not None:
            return self._to_start(job, job.added, known, at)
        if job.status is JobStatus.WORKING and job.started is not None:
            return _to_end(known.runs_s, _seconds(job.started, at))
        return None

    def _to_start(self, job: Job, added: datetime, known: _OfType, at: datetime) -> Lateness | None:
        waited_s = _seconds(added, at)
        is_overtaken = known.newest_started is not None and known.newest_started > added
        if is_overtaken and len(known.waits_s) >= FEWEST_WAITS:
            limit_s = WAIT_FACTOR * max(_percentile(known.waits_s, 90), RESOLUTION_S)
            if waited_s > limit_s:
                return Lateness(Late.TO_START, waited_s, max(median(known.waits_s), RESOLUTION_S))
        last_start = self._last_starts.get(queue_of(job))
        usual_s = self._usual_runs_s.get(queue_of(job))
        if last_start is None or usual_s is None:
            return None
        still_s = _seconds(max(last_start, added), at)
        return Lateness(Late.QUEUE_STANDS_STILL, still_s, usual_s) if still_s > STANDSTILL_RUNS * usual_s else None


@dataclass(slots=True)
class _OfType:
    """Times of the jobs of one type; durations are sorted."""

    waits_s: list[float] = field(default_factory=list)
    runs_s: list[float] = field(default_factory=list)
    newest_started: datetime | None = None
    """When the newest job was added that has started."""


def _to_end(runs_s: list[float], elapsed_s: float) -> Lateness | None:
    if len(runs_s) >= FEWEST_RUNS_FOR_PERCENTILE:
        limit_s = 2 * _percentile(runs_s, 95)
    elif len(runs_s) >= FEWEST_RUNS:
        limit_s = 5 * median(runs_s)
    else:
        return None
    if elapsed_s < limit_s + LEAST_OVER_S:
        return None
    why = Late.STUCK if elapsed_s > 2 * limit_s else Late.TO_END
    return Lateness(why, elapsed_s, max(median(runs_s), RESOLUTION_S))


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _percentile(sorted_s: list[float], percent: int) -> float:
    """Return the smallest of the durations that at least this share does not exceed."""
    return sorted_s[ceil(len(sorted_s) * percent / 100) - 1]
