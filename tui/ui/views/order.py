"""In which order jobs are listed. Pure: an order is a key for each job, made of its facts alone and of no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import Freshness, TrackedJob

Key = tuple[float, float | str]
"""What is compared; jobs with equal keys stay in the order in which they were added."""

_BY_STATUS = (JobStatus.FAILED, JobStatus.WORKING, JobStatus.PENDING, JobStatus.SUCCESS)
_UNTOLD = len(_BY_STATUS)


class Order(Enum):
    """What comes first."""

    AS_GIVEN = "as given"
    ATTENTION = "attention"
    STATUS = "status"
    NEWEST = "newest"
    RUN = "longest run"
    LOCATION = "location"

    @property
    def following(self) -> Order:
        """The next in the circle that the key walks."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order and its direction."""

    order: Order = Order.AS_GIVEN
    is_reversed: bool = False

    @property
    def words(self) -> str:
        """How the list's title says it; empty for jobs as they were given."""
        backwards = "reversed" if self.is_reversed else ""
        return ", ".join(part for part in ("" if self.order is Order.AS_GIVEN else f"by {self.order.value}", backwards) if part)


def key_of(tracked: TrackedJob, order: Order) -> Key:
    """Return by what the job is sorted; what is not known of it sorts last."""
    job = tracked.job
    match order:
        case Order.AS_GIVEN:
            return (0, 0)
        case Order.ATTENTION:
            return (_attention(tracked), 0)
        case Order.STATUS:
            return _status(tracked.status)
        case Order.NEWEST:
            return _newest(job.added if job else None)
        case Order.RUN:
            return _run(job.started, job.finished) if job else (2, 0)
        case Order.LOCATION:
            code = job.location_code if job else None
            return (0, code) if code else (1, "")


def _attention(tracked: TrackedJob) -> int:
    """Failed, out of date or unreadable, working, pending, anything else, well ended."""
    status = tracked.status
    if status is JobStatus.FAILED:
        return 0
    if tracked.error is not None or tracked.freshness in {Freshness.STALE, Freshness.GONE}:
        return 1
    return {JobStatus.WORKING: 2, JobStatus.PENDING: 3, JobStatus.SUCCESS: 5}.get(status, 4) if status else 4


def _status(status: JobStatus | None) -> Key:
    if status in _BY_STATUS:
        return (_BY_STATUS.index(status), "")
    return (_UNTOLD + 1, "") if status is None else (_UNTOLD, str(status))


def _newest(added: datetime | None) -> Key:
    return (1, 0) if added is None else (0, -added.timestamp())


def _run(started: datetime | None, finished: datetime | None) -> Key:
    """Those that still run come first, so that nobody changes places because time goes by."""
    if started is None:
        return (2, 0)
    return (0, started.timestamp()) if finished is None else (1, -(finished - started).total_seconds())
