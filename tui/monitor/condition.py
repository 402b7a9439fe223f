"""How a job has fared with the readings so far: what its status was last, how far that can be trusted, how often in a row. Pure.

All that decides when a job is asked again stands here. Few jobs differ in it, so that those who fared alike share one value.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from typing import NamedTuple

from tui.api.status import JobStatus

MISSES_UNTIL_LOST = 4
"""Readings in a row that may find no job before it is given up: the first and three retries (faults.md, row 11)."""

MOST_COUNTED = 12
"""Readings in a row that are counted: no decision needs more, and each number makes conditions that are kept to be shared."""


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


class Group(NamedTuple):
    """What a condition adds to the counts of a list; many conditions have the same."""

    status: JobStatus | None
    """The API's last word on the job."""
    is_missing: bool
    """Whether the server now says that there is no such job."""
    is_stale: bool
    """Whether the last reading failed of a job that had been read."""


@dataclass(frozen=True, eq=False)
class Condition:
    """How far a job has got with the readings. Compared by identity; `NEW` and the functions here are where values come from."""

    freshness: Freshness = Freshness.UNSEEN
    status: JobStatus | None = None
    """The API's last word on the job; None before the first answer or where it sent none."""
    repeats: int = 0
    """Good readings in a row that brought the same status as the one before."""
    failures: int = 0
    """Failed readings in a row."""
    misses: int = 0
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
        return self.misses >= MISSES_UNTIL_LOST

    @cached_property
    def is_settled(self) -> bool:
        """Whether no more news is expected: ended and confirmed, or lost. A lost job that had been read is still probed slowly."""
        return self.freshness is Freshness.SETTLED or self.is_lost

    @cached_property
    def group(self) -> Group:
        """As what the job counts; the same object for all that count alike."""
        is_missing = self.freshness is Freshness.GONE or (self.freshness is Freshness.UNSEEN and self.misses > 0)
        return _shared_group(self.status, is_missing=is_missing, is_stale=self.freshness is Freshness.STALE)


NEW = Condition()
"""That of a job of which nothing was read yet."""

_shared = lru_cache(maxsize=4096)(Condition)
_shared_group = lru_cache(maxsize=4096)(Group)


@lru_cache(maxsize=4096)
def after_success(before: Condition, status: JobStatus | None, *, is_ended: bool = False) -> Condition:
    """Return the condition after the server described the job; `is_ended` is `Job.is_ended`."""
    is_same = before.freshness is not Freshness.UNSEEN and (before.status, before.is_ended) == (status, is_ended)
    freshness = Freshness.SETTLED if is_same and is_ended else Freshness.LIVE
    return _shared(freshness, status, _one_more(before.repeats) if is_same else 0, is_ended=is_ended)


def after_missing(before: Condition) -> Condition:
    """Return the condition after the server said that there is no such job."""
    return _shared(_doubted(before, Freshness.GONE), before.status, misses=_one_more(before.misses), is_ended=before.is_ended)


def after_failure(before: Condition) -> Condition:
    """Return the condition after a reading from which nothing was learned about the job."""
    freshness = before.freshness if before.is_lost else _doubted(before, Freshness.STALE)
    return _shared(freshness, before.status, before.repeats, _one_more(before.failures), before.misses, is_ended=before.is_ended)


def _one_more(number: int) -> int:
    return min(number + 1, MOST_COUNTED)


def _doubted(before: Condition, doubt: Freshness) -> Freshness:
    return doubt if before.freshness is not Freshness.UNSEEN else Freshness.UNSEEN
