"""The state of one watched job, and how each read changes it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, assert_never

from tui.domain.errors import ErrorRecord
from tui.domain.job_status import JobStatus

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job


MISSES_UNTIL_LOST = 4
"""Consecutive "not found" results until the job counts as lost: one and three retries (tests/README.md, row 11)."""

MOST_COUNTED = 12
"""Upper limit of each counter: no decision needs more, and it limits the number of shared states."""


class Freshness(StrEnum):
    """How current the shown data is; separate from the API's status."""

    UNREAD = "unseen"
    """The job was not read yet."""
    LIVE = "live"
    """The last read succeeded, and more follow."""
    STALE = "stale"
    """The last read failed: the shown data is out of date."""
    GONE = "gone"
    """The server once returned the job and now reports that it does not exist."""
    FINAL = "settled"
    """Ended, and confirmed by a second read; polling has stopped."""


class Group(NamedTuple):
    """The part of a `ReadState` that counts are grouped by."""

    status: JobStatus | None
    """The last status of the job."""
    is_missing: bool
    """Whether the server now reports that the job does not exist."""
    is_stale: bool
    """Whether the job was read before and the last read failed."""


@dataclass(frozen=True, slots=True)
class ReadState:
    """The results of all reads of a job. Equal states from the functions below are usually the same object."""

    freshness: Freshness = Freshness.UNREAD
    status: JobStatus | None = None
    """The last status of the job; None before the first response or if it had none."""
    repeats: int = 0
    """Consecutive successful reads with an unchanged status."""
    failures: int = 0
    """Consecutive failed reads."""
    not_found_count: int = 0
    """Consecutive reads that found no job."""
    is_ended: bool = False
    """Whether the server has finished the job, by its last response."""

    @property
    def is_confirmed(self) -> bool:
        """Whether a second read confirmed how the job ended."""
        return self.is_ended and self.repeats > 0

    @property
    def is_lost(self) -> bool:
        """Whether enough reads found no job: it does not exist."""
        return self.not_found_count >= MISSES_UNTIL_LOST

    @property
    def is_final(self) -> bool:
        """Whether the job ended and is confirmed, or is lost; a lost job that was read before is still probed."""
        return self.freshness is Freshness.FINAL or self.is_lost

    @property
    def group(self) -> Group:
        """The group for counts; equal groups are the same object."""
        is_missing = self.freshness is Freshness.GONE or (
            self.freshness is Freshness.UNREAD and self.not_found_count > 0
        )
        return _shared_group(self.status, is_missing=is_missing, is_stale=self.freshness is Freshness.STALE)


NEW = ReadState()
"""State of a job before its first read."""

_shared = lru_cache(maxsize=4096)(ReadState)

_shared_group = lru_cache(maxsize=4096)(Group)


@lru_cache(maxsize=4096)
def after_success(before: ReadState, status: JobStatus | None, *, is_ended: bool = False) -> ReadState:
    """Return the state after a successful read; `is_ended` is `Job.is_ended`."""
    is_same = before.freshness is not Freshness.UNREAD and (before.status, before.is_ended) == (status, is_ended)
    freshness = Freshness.FINAL if is_same and is_ended else Freshness.LIVE
    return _shared(freshness, status, _one_more(before.repeats) if is_same else 0, is_ended=is_ended)


def after_missing(before: ReadState) -> ReadState:
    """Return the state after a "not found"."""
    return _shared(
        _doubted(before, Freshness.GONE),
        before.status,
        not_found_count=_one_more(before.not_found_count),
        is_ended=before.is_ended,
    )


def after_failure(before: ReadState) -> ReadState:
    """Return the state after a failed read."""
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
"""Longest history of a job; the oldest transitions are dropped first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Result of a read: the server returned the job."""

    job: Job
    at: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """Result of a read: the job does not exist."""

    error: ErrorRecord
    at: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """Result of a read: an error that says nothing about the job."""

    error: ErrorRecord
    at: datetime


Reading = Seen | Missing | Failed


@dataclass(frozen=True, slots=True)
class Transition:
    """One observed change of status."""

    at: datetime
    """When jobdeck observed the change, which itself is older."""
    before: JobStatus | None
    after: JobStatus | None

    @property
    def is_reversal(self) -> bool:
        """Whether the job left a terminal status, which the API permits (tui/api/README.md, Traps)."""
        return self.before is not None and self.before.is_terminal and self.before != self.after


@dataclass(frozen=True, slots=True)
class TrackedJob:
    """State of one watched job."""

    job_id: int
    job: Job | None = None
    """Data of the last successful read; kept if later reads fail."""
    condition: ReadState = NEW
    transitions: tuple[Transition, ...] = ()
    """Oldest first; the first read of a job is no transition."""
    error: ErrorRecord | None = None
    """Why the last read failed; None after a successful one."""
    polled_at: datetime | None = None
    """Time of the last read, successful or not."""
    answered_at: datetime | None = None
    """Time of the last successful read."""

    @property
    def status(self) -> JobStatus | None:
        """The last status of the job; None before the first response or if it had none."""
        return self.job.status if self.job else None

    @property
    def freshness(self) -> Freshness:
        """How current the shown data is."""
        return self.condition.freshness

    @property
    def is_gone(self) -> bool:
        """Whether the server described the job once, and now reports that it does not exist."""
        return self.condition.freshness is Freshness.GONE

    @property
    def is_not_found(self) -> bool:
        """Whether the server never described the job, and reports that it does not exist."""
        return self.job is None and self.condition.not_found_count > 0

    @property
    def failures(self) -> int:
        """Consecutive failed reads."""
        return self.condition.failures

    @property
    def not_found_count(self) -> int:
        """Consecutive reads that found no job."""
        return self.condition.not_found_count

    @property
    def is_final(self) -> bool:
        """Whether the job ended and is confirmed, or is lost."""
        return self.condition.is_final

    def apply_reading(self, reading: Reading) -> TrackedJob:
        """Return the state after the result of a read."""
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
        """Return the state after a successful read; optimised, because it is by far the most frequent case."""
        condition = after_success(self.condition, job.status, is_ended=job.is_ended)
        transitions = self.transitions
        if self.job is not None and not condition.repeats and self.job.status != job.status:
            transitions = (*transitions, Transition(at, self.job.status, job.status))[-TRANSITIONS_KEPT:]
        return TrackedJob(self.job_id, job, condition, transitions, None, at, at)

    def _unseen(self, reading: Missing | Failed, condition: ReadState) -> TrackedJob:
        error = self.error if self.condition.is_lost and isinstance(reading, Failed) else reading.error
        return TrackedJob(self.job_id, self.job, condition, self.transitions, error, reading.at, self.answered_at)


def elapsed_s(tracked: TrackedJob, server_now: datetime) -> float:
    """Return the seconds that a WORKING job has run, by the server's clock; 0 for any other job."""
    job = tracked.job
    started = job.started if job is not None and job.status is JobStatus.WORKING else None
    return 0.0 if started is None else max(0.0, (server_now - started).total_seconds())
