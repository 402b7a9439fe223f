"""What is known of one job, and how one reading changes it. Pure: no clock, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, assert_never

from tui.api.errors import ApiError, JobNotFound
from tui.api.status import JobStatus
from tui.facts import fact

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.api.models import Job

MISSES_UNTIL_LOST = 4
"""Readings in a row that may find no job before it is given up: the first and three retries (faults.md, row 11)."""

TRANSITIONS_KEPT = 100
"""A job that flaps for days must not grow; the oldest changes go first."""


class Freshness(Enum):
    """How far what is shown can be trusted; ours, never mixed into the API's status."""

    UNSEEN = "unseen"
    """No answer about the job yet."""
    LIVE = "live"
    """The last reading worked, and more will follow."""
    STALE = "stale"
    """The last reading failed: what is shown is older than it should be."""
    GONE = "gone"
    """The server knew the job once and now says that it does not exist."""
    SETTLED = "settled"
    """Ended, and confirmed by a second reading; nobody asks any more."""


_SETTLED = Freshness.SETTLED
"""Python 3.11 looks members of enums up slowly, and each answer asks for this one several times a job."""


@fact()
class Seen:
    """The server described the job."""

    job: Job
    at: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """The server said that there is no such job."""

    error: JobNotFound
    at: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was learned about the job."""

    error: ApiError
    at: datetime


Reading = Seen | Missing | Failed


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of status, as seen from here."""

    at: datetime
    """When the reading came that showed it; the change itself is older."""
    before: JobStatus | None
    after: JobStatus | None

    @property
    def is_reversal(self) -> bool:
        """Whether a terminal status was left, which the API does not forbid (contract.md, Traps)."""
        return self.before is not None and self.before.is_terminal and self.before != self.after


@fact(eq=False)
class TrackedJob:
    """Everything known of one watched job. Compared by identity: a new fact is a new object."""

    job_id: int
    job: Job | None = None
    """The last good answer; stays when later readings fail."""
    freshness: Freshness = Freshness.UNSEEN
    transitions: tuple[Transition, ...] = ()
    """Oldest first; the first sight of a job is no transition."""
    error: ApiError | None = None
    """Why the last reading failed; None after a good one."""
    polled_at: datetime | None = None
    """Moment of the last reading of any kind."""
    answered_at: datetime | None = None
    """Moment of the last good reading."""
    repeats: int = 0
    """Good readings in a row that brought the same status as the one before."""
    failures: int = 0
    """Failed readings in a row."""
    misses: int = 0
    """Readings in a row that found no job."""

    @property
    def status(self) -> JobStatus | None:
        """The API's last word on the job; None before the first answer or where it sent none."""
        return self.job.status if self.job else None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will be asked: ended and confirmed, or not found often enough."""
        return self.freshness is _SETTLED or self.misses >= MISSES_UNTIL_LOST

    def observe(self, reading: Reading) -> TrackedJob:
        """Return what is known after `reading`."""
        match reading:
            case Seen():
                return self._seen(reading.job, reading.at)
            case Missing():
                return self._unseen(reading, Freshness.GONE, misses=self.misses + 1)
            case Failed():
                return self._unseen(reading, Freshness.STALE, repeats=self.repeats, failures=self.failures + 1, misses=self.misses)
            case _:
                assert_never(reading)

    def _seen(self, job: Job, at: datetime) -> TrackedJob:
        before, transitions = self.job, self.transitions
        is_same = before is job or (before is not None and before.status == job.status)
        if before is not None and not is_same:
            transitions = (*transitions, Transition(at, before.status, job.status))[-TRANSITIONS_KEPT:]
        freshness = _SETTLED if is_same and job.is_ended else Freshness.LIVE
        return TrackedJob(self.job_id, job, freshness, transitions, None, at, at, self.repeats + 1 if is_same else 0)

    def _unseen(self, reading: Missing | Failed, freshness: Freshness, *, misses: int, repeats: int = 0, failures: int = 0) -> TrackedJob:
        return TrackedJob(
            self.job_id,
            self.job,
            freshness if self.job else Freshness.UNSEEN,
            self.transitions,
            reading.error,
            polled_at=reading.at,
            answered_at=self.answered_at,
            repeats=repeats,
            failures=failures,
            misses=misses,
        )


def elapsed_s(tracked: TrackedJob, server_now: datetime) -> float:
    """Return how long a WORKING job has been at work by the server's clock, 0 or more seconds; 0 for any other job."""
    job = tracked.job
    started = job.started if job is not None and job.status is JobStatus.WORKING else None
    return 0.0 if started is None else max(0.0, (server_now - started).total_seconds())
