"""How long jobs of a kind usually run, from those that ended while they were watched. Pure bookkeeping."""

from __future__ import annotations

from collections import defaultdict, deque
from statistics import median
from typing import TYPE_CHECKING

from tui.domain.job_status import JobType

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

SAMPLES_KEPT, SAMPLES_NEEDED = 9, 3


_Kind = tuple[JobType | None, str | None]


class RunTimes:
    """The newest run times by kind: jobs of one file are alike, and so are jobs of one type that were made by calls."""

    def __init__(self) -> None:
        self._samples_s: defaultdict[_Kind, deque[float]] = defaultdict(lambda: deque(maxlen=SAMPLES_KEPT))
        self._usual_s: dict[_Kind, float] = {}

    def ended(self, job: Job) -> None:
        """Learn from a job that has just ended; nothing if it does not say when it ran."""
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
