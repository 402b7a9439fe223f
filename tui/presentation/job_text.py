"""The words and numbers that describe one job, each computed by one function. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from tui.core.durations import coarse_duration, duration
from tui.domain.connection import Connection, ConnectionState
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import Freshness, TrackedJob

if TYPE_CHECKING:  # pydantic takes 80 ms to import, and the first screen does not need it
    from tui.domain.job import Job


GONE = "GONE"
"""The server described the job once, and now reports that it does not exist."""

NOT_FOUND = "NOT FOUND"
"""The server never described the job, and reports that it does not exist."""

NOT_READ = "not read"
"""No response described the job yet."""

NO_STATUS = "no status"
"""The server described the job without a status."""

OUR_WORDS = (GONE, NOT_FOUND, NOT_READ, NO_STATUS)
"""What jobdeck says in place of a status of the API. Paste (`core/paste/own_output`) reads each of them."""

UNKNOWN = "-"
"""Stands for a value that is not known."""


class KnownJob(Protocol):
    """What is known about one job: the state of a watched job, or the result of one reading."""

    @property
    def job_id(self) -> int: ...
    @property
    def job(self) -> Job | None: ...
    @property
    def error(self) -> object | None: ...
    @property
    def is_gone(self) -> bool: ...
    @property
    def is_not_found(self) -> bool: ...


def status_word(known: KnownJob) -> str:
    """Return the last status of a job verbatim, also of one that is gone; our word if it has none."""
    job = known.job
    if job is not None:
        return NO_STATUS if job.status is None else str(job.status)
    return NOT_FOUND if known.is_not_found else NOT_READ


def state_word(known: KnownJob) -> str:
    """Return the state of a job in one word: `GONE`, its status verbatim, or our word if it has none."""
    return GONE if known.is_gone else status_word(known)


def freshness_text(tracked: TrackedJob, link: Connection, now: datetime) -> str | None:
    """Return `gone` or `stale 0:31` if the known state may be outdated at `now`, by our clock; None if it is current."""
    if tracked.is_gone:
        return "gone"
    is_cut_off = link.state is not ConnectionState.UP and not tracked.is_final
    if tracked.answered_at and (tracked.freshness is Freshness.STALE or is_cut_off):
        return f"stale {duration((now - tracked.answered_at).total_seconds())}"
    return None


def known_until(tracked: TrackedJob, link: Connection, now: datetime, ahead: timedelta) -> datetime:
    """Return the moment at which the durations of a watched job end, by the server's clock.

    That is now while the job is polled, and its last response after polling failed or stopped.

    Args:
        tracked: The job.
        link: The connection.
        now: The moment by our clock.
        ahead: How far the server's clock is ahead of ours.
    """
    is_followed = tracked.freshness is Freshness.LIVE and link.state is ConnectionState.UP
    return (now if is_followed else tracked.answered_at or now) + ahead


def queue_wait_s(job: Job | None) -> float | None:
    """Return how long a job waited for its start: started - added; None if it has not started, or times are missing
    or in the wrong order.
    """
    return None if job is None else _seconds_between(job.added, job.started)


def run_s(job: Job | None, until: datetime | None) -> float | None:
    """Return how long a job ran: finished - started, or until now if it has not ended.

    None if it has not started, or times are missing or in the wrong order.

    Args:
        job: The job; None before its first response.
        until: The present by the server's clock; None if it is not known.
    """
    if job is None:
        return None
    if job.finished is not None or job.is_ended:
        return _seconds_between(job.started, job.finished)
    if job.started is None or until is None:
        return None
    return max(0.0, round((until - job.started).total_seconds(), 3))


def items_per_s(job: Job | None) -> float | None:
    """Return the rate of an ended job; None for a working one, whose `itemCount` may still change (tui/api/README.md,
    Traps).
    """
    if job is None or not job.is_ended or job.item_count is None:
        return None
    ran_s = run_s(job, None)
    return round(job.item_count / ran_s, 3) if ran_s else None


def _seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """Return the seconds; None if a moment is missing or the order is wrong."""
    if start is None or end is None:
        return None
    seconds = round((end - start).total_seconds(), 3)
    return seconds if seconds >= 0 else None


def wait_text(job: Job | None, until: datetime | None, cells: int | None = None) -> str:
    """Return how long a job waited for its start, or has waited until `until`, then in whole minutes or more.

    Args:
        job: The job; None gives `-`, and so does an unknown time.
        until: The server's time now, aware; None if unknown.
        cells: Maximum cells of the duration; None for no limit.
    """
    waited_s = queue_wait_s(job)
    if waited_s is not None:
        return duration(waited_s, cells)
    if job is None or job.status is not JobStatus.PENDING or job.started or job.added is None or until is None:
        return UNKNOWN
    return coarse_duration((until - job.added).total_seconds())


def run_text(job: Job | None, until: datetime | None, cells: int | None = None) -> str:
    """Return how long a job ran, or has run so far, in at most `cells`; `-` if unknown."""
    ran_s = run_s(job, until)
    return UNKNOWN if ran_s is None else duration(ran_s, cells)


def rate_text(job: Job | None) -> str:
    """Return the items per second of an ended job, such as `33.3`; `-` if unknown."""
    rate = items_per_s(job)
    return UNKNOWN if rate is None else f"{rate:,.1f}"


def items_text(job: Job | None) -> str:
    """Return the item count with thousands separators, the sent value if it is no number, or `-`."""
    return UNKNOWN if job is None else number_text(job.item_count, job.verbatim("itemCount"))


def number_text(number: int | None, verbatim: str | None) -> str:
    """Return a number with thousands separators, the sent value if it is no number, or `-`."""
    return f"{number:,}" if number is not None else verbatim or UNKNOWN
