"""How long jobs of a kind usually run, from those that ended while they were watched. Pure bookkeeping."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.api.models import Job

SAMPLES_KEPT, SAMPLES_NEEDED = 9, 3


class RunTimes:
    """The newest run times by kind: jobs of one file are alike, and so are jobs of one type that were made by calls."""

    def __init__(self) -> None:
        self._samples_s: dict[tuple[str, str], deque[float]] = {}

    def ended(self, job: Job) -> None:
        """Learn from a job that has just ended; nothing if it does not say when it ran."""
        if job.started is None or job.finished is None or job.finished < job.started:
            return
        samples_s = self._samples_s.setdefault(_kind(job), deque(maxlen=SAMPLES_KEPT))
        samples_s.append((job.finished - job.started).total_seconds())

    def usual_s(self, job: Job) -> float | None:
        """Return the median run time of the job's kind in seconds; None before three of them have ended."""
        samples_s = self._samples_s.get(_kind(job), ())
        return median(samples_s) if len(samples_s) >= SAMPLES_NEEDED else None


def _kind(job: Job) -> tuple[str, str]:
    return str(job.type or ""), job.original_filename or ""
