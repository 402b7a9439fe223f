"""What is known about one job, and how one result changes it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, assert_never

from tui.domain.errors import ApiError, JobNotFound
from tui.domain.job import fast_dataclass
from tui.domain.job_status import JobStatus

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job


MISSES_UNTIL_LOST = 4

"""Readings in a row that may find no job before it is given up: the first and three retries (faults.md, row 11)."""

MOST_COUNTED = 12

"""Readings in a row that are counted: no decision needs more, and each number makes conditions that are kept to be
shared.
"""


class Freshness(Enum):
    """How far what is shown can be trusted; ours, never mixed into the API's status."""

    UNREAD = "unseen"
    """No answer about the job yet."""
    LIVE = "live"
    """The last reading worked, and more will follow."""
    STALE = "stale"
    """The last reading failed: what is shown is older than it should be."""
    GONE = "gone"
    """The server knew the job once and now says that it does not exist."""
    FINAL = "settled"
    """Ended, and confirmed by a second reading; nobody asks any more."""


class Group(NamedTuple):
    """What a condition adds to the counts of a list; many conditions have the same."""

    status: JobStatus | None
    """The API's last word on the job."""
    is_missing: bool
    """Whether the server now says that there is no such job."""
    is_stale: bool
    """Whether the last reading failed of a job that had been read."""


@dataclass(frozen=True, eq=False)
class ReadState:
    """How far a job has got with the readings. Compared by identity; `NEW` and the functions here are where values come
    from.
    """

    freshness: Freshness = Freshness.UNREAD
    status: JobStatus | None = None
    """The API's last word on the job; None before the first answer or where it sent none."""
    repeats: int = 0
    """Good readings in a row that brought the same status as the one before."""
    failures: int = 0
    """Failed readings in a row."""
    not_found_count: int = 0
    """Readings in a row that found no job."""
    is_ended: bool = False
    """Whether the server will do nothing more with the job, by its last word."""

    @cached_property
    def is_confirmed(self) -> bool:
        """Whether a second reading has found that the job ended in the same way."""
        return self.is_ended and self.repeats > 0

    @cached_property
    def is_lost(self) -> bool:
        """Whether the job was not found often enough: it does not exist."""
        return self.not_found_count >= MISSES_UNTIL_LOST

    @cached_property
    def is_final(self) -> bool:
        """Whether no more news is expected: ended and confirmed, or lost. A lost job that had been read is still probed
        slowly.
        """
        return self.freshness is Freshness.FINAL or self.is_lost

    @cached_property
    def group(self) -> Group:
        """As what the job counts; the same object for all that count alike."""
        is_missing = self.freshness is Freshness.GONE or (
            self.freshness is Freshness.UNREAD and self.not_found_count > 0
        )
        return _shared_group(self.status, is_missing=is_missing, is_stale=self.freshness is Freshness.STALE)


NEW = ReadState()

"""That of a job of which nothing was read yet."""

_shared = lru_cache(maxsize=4096)(ReadState)

_shared_group = lru_cache(maxsize=4096)(Group)


@lru_cache(maxsize=4096)
def after_success(before: ReadState, status: JobStatus | None, *, is_ended: bool = False) -> ReadState:
    """Return the condition after the server described the job; `is_ended` is `Job.is_ended`."""
    is_same = before.freshness is not Freshness.UNREAD and (before.status, before.is_ended) == (status, is_ended)
    freshness = Freshness.FINAL if is_same and is_ended else Freshness.LIVE
    return _shared(freshness, status, _one_more(before.repeats) if is_same else 0, is_ended=is_ended)


def after_missing(before: ReadState) -> ReadState:
    """Return the condition after the server said that there is no such job."""
    return _shared(
        _doubted(before, Freshness.GONE),
        before.status,
        not_found_count=_one_more(before.not_found_count),
        is_ended=before.is_ended,
    )


def after_failure(before: ReadState) -> ReadState:
    """Return the condition after a reading from which nothing was learned about the job."""
    freshness = before.freshness if before.is_lost else _doubted(before, Freshness.STALE)
    return _shared(
        freshness,
        before.status,
        before.repeats,
        _one_more(before.failures),
        before.not_found_count,
        is_ended=before.is_ended,
    )


def _one_more(number: int) -> int:
    return min(number + 1, MOST_COUNTED)


def _doubted(before: ReadState, doubt: Freshness) -> Freshness:
    return doubt if before.freshness is not Freshness.UNREAD else Freshness.UNREAD


TRANSITIONS_KEPT = 100

"""A job that flaps for days must not grow; the oldest changes go first."""


@fast_dataclass()
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


@fast_dataclass(eq=False)
class TrackedJob:
    """Everything known of one watched job. Compared by identity: a new fact is a new object."""

    job_id: int
    job: Job | None = None
    """The last good answer; stays when later readings fail."""
    condition: ReadState = NEW
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
    def not_found_count(self) -> int:
        """Readings in a row that found no job."""
        return self.condition.not_found_count

    @property
    def is_final(self) -> bool:
        """Whether no more news is expected: ended and confirmed, or not found often enough."""
        return self.condition.is_final

    def apply_reading(self, reading: Reading) -> TrackedJob:
        """Return what is known after `reading`."""
        match reading:
            case Seen():
                return self.seen(reading.job, reading.at)
            case Missing():
                return self._unseen(reading, after_missing(self.condition))
            case Failed():
                return self._unseen(reading, after_failure(self.condition))
            case _:
                assert_never(reading)

    def seen(self, job: Job, at: datetime) -> TrackedJob:
        """Return what is known after the server described the job; nothing else happens as often."""
        condition = after_success(self.condition, job.status, is_ended=job.is_ended)
        transitions = self.transitions
        if self.job is not None and not condition.repeats and self.job.status != job.status:
            transitions = (*transitions, Transition(at, self.job.status, job.status))[-TRANSITIONS_KEPT:]
        return TrackedJob(self.job_id, job, condition, transitions, None, at, at)

    def _unseen(self, reading: Missing | Failed, condition: ReadState) -> TrackedJob:
        error = self.error if self.condition.is_lost and isinstance(reading, Failed) else reading.error
        return TrackedJob(self.job_id, self.job, condition, self.transitions, error, reading.at, self.answered_at)


def elapsed_s(tracked: TrackedJob, server_now: datetime) -> float:
    """Return how long a WORKING job has been at work by the server's clock, 0 or more seconds; 0 for any other job."""
    job = tracked.job
    started = job.started if job is not None and job.status is JobStatus.WORKING else None
    return 0.0 if started is None else max(0.0, (server_now - started).total_seconds())
