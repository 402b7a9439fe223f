"""Reads the list of a selection once, with the requests that can prove it complete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.domain.errors import ApiError, JobNotFound
from tui.domain.job_source import ApiResult, JobQuery, JobSource
from tui.domain.watched_list import Extent
from tui.monitor.completeness import CompletenessCheck, ListAnswer, LongestLists, ProbeJob, ProbeList
from tui.scripts.read_once import RequestRetrier

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.domain.job import Job


FIRST_LIMIT = 1000
"""Limit of the first request; the check raises it if the list is as long."""


@dataclass(frozen=True, slots=True)
class WholeList:
    """The jobs of a list, and whether it is complete."""

    answer: ApiResult[tuple[Job, ...]]
    """The first response, with the jobs of other requests appended."""
    extent: Extent


async def read_whole(
    source: JobSource, retrier: RequestRetrier, query: JobQuery, accepts: Callable[[Job], bool]
) -> WholeList:
    """Return the jobs of a list. Sends requests until the list is proven complete, or no request can prove it.

    Args:
        source: The source of the jobs.
        retrier: Sends the requests.
        query: The list; without a limit.
        accepts: Returns whether a job belongs to the list; the server may ignore the query.

    Raises:
        ApiError: The list request failed.
        ConfigError: The token or the environment is invalid.
    """
    longest, first = LongestLists(), replace(query, limit=FIRST_LIMIT)
    answer = await retrier.response_to(lambda: source.jobs(first))
    longest.learn(first, answer.length, answer.size_bytes)
    found = {job.job_id: job for job in answer.value}
    check = CompletenessCheck(
        ListAnswer.of(first, answer), [job.job_id for job in answer.value if accepts(job)], longest
    )
    while (probe := check.next_probe) is not None:
        match probe:
            case ProbeJob(job_id):
                check.job_answered(job_id, exists=await _exists(source, retrier, job_id))
            case ProbeList(wanted):
                try:
                    part = await retrier.response_to(lambda wanted=wanted: source.jobs(wanted))  # type: ignore[misc]  # bound for the loop
                except ApiError:
                    check.list_failed(wanted)
                    continue
                longest.learn(wanted, part.length, part.size_bytes)
                matching = {job.job_id: job for job in part.value if accepts(job)}
                found |= matching
                check.list_answered(ListAnswer.of(wanted, part), matching.keys())
    return WholeList(replace(answer, value=tuple(found.values())), check.extent)


async def _exists(source: JobSource, retrier: RequestRetrier, job_id: int) -> bool | None:
    """Return whether the job exists; None if the request failed."""
    try:
        await retrier.response_to(lambda: source.job(job_id))
    except JobNotFound:
        return False
    except ApiError:
        return None
    return True
