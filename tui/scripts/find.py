"""Finds jobs by list requests, and applies the filters that the server lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.core.clock import Clock
from tui.core.suggest import closest_match
from tui.core.text import count, one_line, same_name
from tui.domain.job_source import DEFAULT_LIMIT, FILTERED_TYPES, JobQuery, JobSource
from tui.domain.job_status import JobStatus, JobType
from tui.domain.selection import FILE_TYPES, forms, is_pattern, names
from tui.domain.watched_list import Extent
from tui.monitor.completeness import is_usual_cut
from tui.monitor.request_gate import RequestGate
from tui.presentation.messages import skipped_note, withheld_note
from tui.scripts.complete_list import read_whole
from tui.scripts.read_once import ReadResult, RequestRetrier, by_server
from tui.scripts.uploads import uploads_in

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.domain.job import Job


@dataclass(frozen=True, slots=True)
class Search:
    """The search criteria; None and empty match any job."""

    location: str | None = None
    types: tuple[str, ...] = ()
    """In capitals, as `statuses`."""
    file: str | None = None
    """An exact name or a pattern."""
    owner: str | None = None
    limit: int | None = None
    """Limit of the list request, before jobdeck's own filters."""
    statuses: tuple[str, ...] = ()
    since: datetime | timedelta | None = None
    """Jobs added since: an aware moment, or a time before now by the server's clock."""
    is_newest: bool = False
    """Whether only the newest upload that matches `file` counts."""

    @property
    def must_be_whole(self) -> bool:
        """Whether the result must be complete: for a file, unless there is a limit."""
        return self.file is not None and self.limit is None

    @property
    def query(self) -> JobQuery:
        """The list query: types are left out if the server cannot filter all of them (tui/api/README.md, Calls)."""
        types = self.types if FILTERED_TYPES.issuperset(self.types) else ()
        if self.file is not None and is_pattern(self.file):
            return JobQuery(self.location, types or FILE_TYPES, self.owner, limit=self.limit)
        return JobQuery(self.location, types, self.owner, self.file, self.limit)


@dataclass(frozen=True, slots=True)
class FindResult:
    """The result of a search."""

    readings: tuple[ReadResult, ...]
    """In the server's order."""
    extent: Extent
    """Whether the list is complete."""
    length: int
    """Number of jobs in the list before filtering."""
    skipped: int = 0
    """Largest number of elements in one list that were not jobs."""
    withheld: int = 0
    """Largest number of jobs of other tenants in one list."""

    @property
    def may_lack_jobs(self) -> bool:
        """Whether the server showed that the result may lack jobs."""
        return self.extent is Extent.CUT or self.skipped > 0 or self.withheld > 0


async def find(source: JobSource, clock: Clock, search: Search, *, gate: RequestGate) -> FindResult:
    """Return the jobs that match. If a file name has no jobs, also try its other Unicode normalization.

    Raises:
        ApiError: The list request failed.
        ConfigError: The token or the environment is invalid.
    """
    retrier = RequestRetrier(clock, gate)
    found = await _find(source, clock, search, retrier)
    for form in forms(search.file)[1:] if search.file is not None else ():
        if found.readings and (found.extent is Extent.COMPLETE or not search.must_be_whole):
            break  # the requests of the completeness check may have brought jobs of another form
        other = await _find(source, clock, replace(search, file=form), retrier)
        found = other if other.readings else found
    return found


async def _find(source: JobSource, clock: Clock, search: Search, retrier: RequestRetrier) -> FindResult:
    if not search.must_be_whole:
        answer = await retrier.response_to(lambda: source.jobs(search.query))
        limit = search.limit or DEFAULT_LIMIT
        is_full = answer.has_more or answer.length >= limit or is_usual_cut(answer.length, limit)
        extent = Extent.CUT if is_full else Extent.UNKNOWN
    else:
        whole = await read_whole(source, retrier, search.query, lambda job: matches(job, search, None))
        answer, extent = whole.answer, whole.extent
    at = clock.now()
    server_at = by_server(at, answer.server_time)
    since = server_at - search.since if isinstance(search.since, timedelta) else search.since
    by_id = {job.job_id: job for job in answer.value}  # a list may hold a job twice
    matching = [job for job in by_id.values() if matches(job, search, since)]
    if search.is_newest and search.file is not None:
        newest = next((upload.file for upload in uploads_in(matching, search.file, now=server_at)), None)
        matching = [job for job in matching if job.origin.original_filename == newest]
    readings = tuple(ReadResult(job.job_id, at, job=job, server_at=server_at) for job in matching)
    return FindResult(readings, extent, answer.length, retrier.skipped, retrier.withheld)


def incomplete_notes(search: Search, found: FindResult) -> tuple[str, ...]:
    """Return a note for each reason why the result may be incomplete."""
    return (
        *((skipped_note(found.skipped),) if found.skipped else ()),
        *((withheld_note(found.withheld),) if found.withheld else ()),
        *_incomplete(search, found),
    )


def _incomplete(search: Search, found: FindResult) -> tuple[str, ...]:
    if search.must_be_whole and found.extent is not Extent.COMPLETE:
        cut = "cut its list" if found.extent is Extent.CUT else "gave no longer list that would show that it cut none"
        return (
            f"not all jobs of '{one_line(search.file or '')}' may be known: the server {cut}; check the number, or give --location",
        )
    if not search.must_be_whole and found.extent is Extent.CUT:
        if is_usual_cut(found.length, search.limit):
            length = count(found.length, "job")
            return (f"the server may have cut its list at {length}; give --location, --type or --file to see more",)
        return ("the list is as long as its limit, so there may be more jobs; raise --limit",)
    return ()


def unknown_notes(search: Search, found: FindResult) -> tuple[str, ...]:
    """Return a note for each unknown status and type that no found job has: it may be misspelled."""
    statuses = _unknown(
        "status",
        search.statuses,
        JobStatus,
        {str(reading.job.status).upper() for reading in found.readings if reading.job},
    )
    types = _unknown(
        "type", search.types, JobType, {str(reading.job.type).upper() for reading in found.readings if reading.job}
    )
    return (*statuses, *types)


def _unknown(
    what: str, requested: Iterable[str], known: type[JobStatus | JobType], seen: Collection[str]
) -> Iterator[str]:
    for value in requested:
        if not known(value).is_known and value not in seen:
            remedy = closest_match(value, known, otherwise=f"known are {', '.join(known)}")
            yield f"note: no {what} '{one_line(value)[:40]}' is known; {remedy}"


def matches(job: Job, search: Search, since: datetime | None) -> bool:
    """Return whether a job matches. A missing field matches, except a missing status or file; the case of statuses and
    types does not count.

    Args:
        job: The job; the server may have ignored any filter.
        search: The search criteria.
        since: Aware moment from which jobs were added; None for any.
    """
    if search.statuses and (job.status is None or str(job.status).upper() not in search.statuses):
        return False
    location, file = job.origin.location_code, job.origin.original_filename
    if search.location is not None and location is not None and not same_name(search.location, location):
        return False
    if search.file is not None and (file is None or not names(search.file, file)):
        return False
    if search.types and job.type is not None and str(job.type).upper() not in search.types:
        return False
    return since is None or job.added is None or job.added >= since
