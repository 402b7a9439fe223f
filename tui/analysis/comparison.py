"""Which job to compare a job with, and in what compared jobs agree and differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from tui.domain.job_status import JobStatus

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

COMPARED = {
    "type": "type",
    "location": "locationCode",
    "file": "originalFilename",
    "tenant": "tenantID",
    "items": "itemCount",
    "results": "numResults",
    "success": "success",
}
"""Labels and fields that are compared. Without times, which always differ."""

SHARED = ("type", "location", "file", "tenant")
"""Labels of fields that are shown once if all compared jobs agree in them."""


def opposite_status(job: Job) -> JobStatus:
    """Return the status of the jobs that tell something beside this one: failed for a good job, otherwise good."""
    return JobStatus.FAILED if job.status is JobStatus.SUCCESS else JobStatus.SUCCESS


def last_opposite(job: Job, known: Iterable[Job]) -> Job | None:
    """Return the newest known job of the same tenant, type and location with the opposite status; None without one."""
    status = opposite_status(job)
    kind = (job.tenant_id, job.type, job.location_code)
    candidates = [
        each for each in known if each.status is status and (each.tenant_id, each.type, each.location_code) == kind
    ]
    return max(candidates, key=_age, default=None)


def _age(job: Job) -> tuple[float, int]:
    """Return a sort key, the newest job last; ids tell where times are missing."""
    moment = job.finished or job.started or job.added
    return (moment.timestamp() if moment else 0.0, job.job_id)


def differing(jobs: Sequence[Job]) -> frozenset[str]:
    """Return the labels of the fields in which the jobs differ."""
    return frozenset(label for label, name in COMPARED.items() if len({job.verbatim(name) for job in jobs}) > 1)


def shared(jobs: Sequence[Job]) -> Mapping[str, str]:
    """Return labels and values of the fields in which all jobs agree; none for fewer than two jobs."""
    if len(jobs) <= 1:
        return {}
    differs = differing(jobs)
    values = {label: jobs[0].verbatim(COMPARED[label]) for label in SHARED if label not in differs}
    return {label: value for label, value in values.items() if value is not None}
