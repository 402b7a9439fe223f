"""Finds jobs by one list call, and filters here what the server cannot. Prints nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.api.query import DEFAULT_LIMIT, FILTERED_TYPES, JobQuery
from tui.api.status import JobStatus, JobType
from tui.clock import Clock
from tui.headless.patience import Patience
from tui.headless.reading import Reading, by_server
from tui.monitor.schedule import RequestBudget
from tui.monitor.source import JobSource
from tui.spelling import meant
from tui.text import one_line, same_name

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.api.models import Job


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; None and empty mean "any"."""

    location: str | None = None
    types: tuple[str, ...] = ()
    file: str | None = None
    owner: str | None = None
    limit: int | None = None
    """Jobs that the list may hold before anything is filtered here."""
    statuses: tuple[str, ...] = ()
    since: datetime | timedelta | None = None
    """Aware moment, or time before now by the server's clock, from which jobs were added."""

    @property
    def query(self) -> JobQuery:
        """The list call: types are left out if the server does not know all of them (contract.md, Job)."""
        types = self.types if FILTERED_TYPES.issuperset(self.types) else ()
        return JobQuery(self.location, types, self.owner, self.file, self.limit)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found."""

    readings: tuple[Reading, ...]
    """In the server's order."""
    is_full: bool
    """Whether the list was as long as its limit: there may be more."""


async def find(source: JobSource, clock: Clock, search: Search, *, budget: RequestBudget | None = None) -> Found:
    """Return the jobs that match.

    Raises:
        ApiError: There is no list.
        ConfigError: The token or the environment is unusable.
    """
    answer = await Patience(clock, budget).answer_to(lambda: source.jobs(search.query))
    at = clock.now()
    server_at = by_server(at, answer.server_time)
    since = server_at - search.since if isinstance(search.since, timedelta) else search.since
    matching = (job for job in answer.value if matches(job, search, since))
    readings = tuple(Reading(job.job_id, at, job=job, server_at=server_at) for job in matching)
    return Found(readings, is_full=len(answer.value) >= (search.limit or DEFAULT_LIMIT))


def unknown_notes(search: Search, found: Found) -> tuple[str, ...]:
    """Return a note for each status and type that nobody announced and no job that was found has: it may be misspelt."""
    statuses = _unknown("status", search.statuses, JobStatus, {str(reading.job.status) for reading in found.readings if reading.job})
    types = _unknown("type", search.types, JobType, {str(reading.job.type) for reading in found.readings if reading.job})
    return (*statuses, *types)


def _unknown(what: str, asked: Iterable[str], known: type[JobStatus | JobType], seen: Collection[str]) -> Iterator[str]:
    for value in asked:
        if not known(value).is_known and value not in seen:
            remedy = meant(value, known, otherwise=f"known are {', '.join(known)}")
            yield f"note: no {what} '{one_line(value)[:40]}' is known; {remedy}"


def matches(job: Job, search: Search, since: datetime | None) -> bool:
    """Return whether a job of the list is one of those looked for; a field that it lacks contradicts nothing, but for its status.

    Args:
        job: The job; the server may have ignored any filter.
        search: What is looked for.
        since: Aware moment from which jobs were added; None for any.
    """
    if search.statuses and (job.status is None or str(job.status) not in search.statuses):
        return False
    wanted = ((search.location, job.origin.location_code), (search.file, job.origin.original_filename))
    if any(asked is not None and named is not None and not same_name(asked, named) for asked, named in wanted):
        return False
    if search.types and job.type is not None and str(job.type) not in search.types:
        return False
    return since is None or job.added is None or job.added >= since
