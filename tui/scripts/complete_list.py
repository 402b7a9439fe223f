"""Read the complete list of a selection once: ask, split by filters, and say whether the result is proven
complete.
"""

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

"""Jobs that the first request may bring; more are requested if the answer is as long."""


@dataclass(frozen=True, slots=True)
class WholeList:
    """What a list holds, and whether that is all."""

    answer: ApiResult[tuple[Job, ...]]
    """The first answer, with the jobs that other requests brought after its own."""
    extent: Extent


async def read_whole(
    source: JobSource, patience: RequestRetrier, query: JobQuery, accepts: Callable[[Job], bool]
) -> WholeList:
    """Return the jobs of a list, by as many requests as it takes to prove that it is whole, or that this cannot be
    proven.

    Args:
        source: Where jobs are read.
        patience: Makes the requests.
        query: The list; without a limit.
        accepts: Tells whether a job belongs to it; the server may ignore the query.

    Raises:
        ApiError: There is no list.
        ConfigError: The token or the environment is unusable.
    """
    longest, first = LongestLists(), replace(query, limit=FIRST_LIMIT)
    answer = await patience.answer_to(lambda: source.jobs(first))
    longest.learn(first, answer.length, answer.size_bytes)
    found = {job.job_id: job for job in answer.value}
    check = CompletenessCheck(
        ListAnswer.of(first, answer), [job.job_id for job in answer.value if accepts(job)], longest
    )
    while (probe := check.next_probe) is not None:
        match probe:
            case ProbeJob(job_id):
                check.job_answered(job_id, exists=await _exists(source, patience, job_id))
            case ProbeList(wanted):
                try:
                    part = await patience.answer_to(lambda wanted=wanted: source.jobs(wanted))  # type: ignore[misc]  # bound for the loop
                except ApiError:
                    check.list_failed(wanted)
                    continue
                longest.learn(wanted, part.length, part.size_bytes)
                matching = {job.job_id: job for job in part.value if accepts(job)}
                found |= matching
                check.list_answered(ListAnswer.of(wanted, part), matching.keys())
    return WholeList(replace(answer, value=tuple(found.values())), check.extent)


async def _exists(source: JobSource, patience: RequestRetrier, job_id: int) -> bool | None:
    """Return whether the server has this job; None if it does not say."""
    try:
        await patience.answer_to(lambda: source.job(job_id))
    except JobNotFound:
        return False
    except ApiError:
        return None
    return True
