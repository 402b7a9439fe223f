"""Which jobs wait for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.domain.job_status import JobType

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

ONE_QUEUE = frozenset({JobType.REFRESH, JobType.ADJUST})
"""Types that share a queue (tui/api/README.md)."""

QueueKey = tuple[int | None, JobType | None]
"""Jobs with equal keys wait for each other."""


def queue_key(tenant_id: int | None, kind: JobType | None) -> QueueKey:
    """Return the queue of a tenant's jobs of one type."""
    return tenant_id, JobType.REFRESH if kind in ONE_QUEUE else kind


def queue_of(job: Job) -> QueueKey:
    """Return the queue that a job is in."""
    return queue_key(job.tenant_id, job.type)
