"""The words for a late job, and which watched jobs are late. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from tui.analysis.late import KnownTimes, Late, Lateness
from tui.core.durations import duration
from tui.domain.tracked_job import Freshness, TrackedJob


def late_jobs(watched: Iterable[TrackedJob], at: datetime) -> Mapping[int, Lateness]:
    """Return the late jobs by id.

    A job whose newest response failed is stale, not late: it may have started since.

    Args:
        watched: All watched jobs.
        at: The server's time.
    """
    watched = tuple(watched)
    known = KnownTimes(tracked.job for tracked in watched if tracked.job is not None)
    late = {}
    for tracked in watched:
        if tracked.job is not None and tracked.freshness is Freshness.LIVE:
            lateness = known.lateness(tracked.job, at)
            if lateness is not None:
                late[tracked.job_id] = lateness
    return late


def lateness_text(lateness: Lateness, times: str = "×") -> str:
    """Return why a job is late, compared with the usual time: `waits 22× the usual`; `times` follows the number."""
    usual = f"{lateness.times_usual:,.0f}{times} the usual"
    match lateness.why:
        case Late.TO_START:
            return f"waits {usual}"
        case Late.QUEUE_STANDS_STILL:
            return f"the queue stands still: nothing has started for {duration(lateness.elapsed_s)}"
        case Late.TO_END:
            return f"runs {usual}"
        case Late.STUCK:
            return f"stuck? runs {usual}"
        case _:
            assert_never(lateness.why)
