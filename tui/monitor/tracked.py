"""What is known of one job, and how one reading changes it. Pure: no clock, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from tui.api.errors import ApiError, JobNotFound
from tui.api.status import JobStatus
from tui.facts import fact
from tui.monitor import condition as conditions
from tui.monitor.condition import Condition, Freshness

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.api.models import Job

TRANSITIONS_KEPT = 100
"""A job that flaps for days must not grow; the oldest changes go first."""


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
    condition: Condition = conditions.NEW
    transitions: tuple[Transition, ...] = ()
    """Oldest first; the first sight of a job is no transition."""
    error: ApiError | None = None
    """Why the last reading failed; None after a good one."""
    polled_at: datetime | None = None
    """Moment of the last reading of any kind."""
    answered_at: datetime | None = None
    """Moment of the last good reading."""

    @property
    def status(self) -> JobStatus | None:
        """The API's last word on the job; None before the first answer or where it sent none."""
        return self.job.status if self.job else None

    @property
    def freshness(self) -> Freshness:
        """How far what is shown can be trusted."""
        return self.condition.freshness

    @property
    def failures(self) -> int:
        """Failed readings in a row."""
        return self.condition.failures

    @property
    def misses(self) -> int:
        """Readings in a row that found no job."""
        return self.condition.misses

    @property
    def is_settled(self) -> bool:
        """Whether no more news is expected: ended and confirmed, or not found often enough."""
        return self.condition.is_settled

    def observe(self, reading: Reading) -> TrackedJob:
        """Return what is known after `reading`."""
        match reading:
            case Seen():
                return self.seen(reading.job, reading.at)
            case Missing():
                return self._unseen(reading, conditions.after_missing(self.condition))
            case Failed():
                return self._unseen(reading, conditions.after_failure(self.condition))
            case _:
                assert_never(reading)

    def seen(self, job: Job, at: datetime) -> TrackedJob:
        """Return what is known after the server described the job; nothing else happens as often."""
        condition = conditions.after_success(self.condition, job.status, is_ended=job.is_ended)
        transitions = self.transitions
        if self.job is not None and not condition.repeats and self.job.status != job.status:
            transitions = (*transitions, Transition(at, self.job.status, job.status))[-TRANSITIONS_KEPT:]
        return TrackedJob(self.job_id, job, condition, transitions, None, at, at)

    def _unseen(self, reading: Missing | Failed, condition: Condition) -> TrackedJob:
        error = self.error if self.condition.is_lost and isinstance(reading, Failed) else reading.error
        return TrackedJob(self.job_id, self.job, condition, self.transitions, error, reading.at, self.answered_at)


def elapsed_s(tracked: TrackedJob, server_now: datetime) -> float:
    """Return how long a WORKING job has been at work by the server's clock, 0 or more seconds; 0 for any other job."""
    job = tracked.job
    started = job.started if job is not None and job.status is JobStatus.WORKING else None
    return 0.0 if started is None else max(0.0, (server_now - started).total_seconds())
