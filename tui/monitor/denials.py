"""Decides whether "no such job" is believed of a job that the API has described before. Pure bookkeeping; every moment
is given.

A job can be deleted. But a backend that starts with an empty database, or a wrong tenant behind a gateway, denies every
job in the
API's own words. So a denial is believed only together with a sign that the API knows other jobs at the same time:

- The API described any job after this one was denied for the first time: at the next denial it is gone.
- No other job is watched that could still be read: then there is nothing to compare with, and it is gone at once.
- Two or more jobs are denied and none is described: that is an outage. After `BELIEVED_S` of nothing but denials they
  are gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from tui.domain.errors import ApiError, ServerFault

BELIEVED_S = 900.0

"""Time of nothing but denials after which jobs are believed to be deleted. Longer than a script bears an outage
(`ending`).
"""

JOBS_OF_AN_OUTAGE = 2

"""Jobs that are denied without a description of any job between, from which on it is an outage."""


class Belief(Enum):
    """What a denial means."""

    GONE = "gone"
    """The job does not exist any more."""
    DOUBTED = "doubted"
    """Nothing yet: the job is requested again."""
    OUTAGE = "outage"
    """The API has lost its jobs for a while."""


class Disbelieved(ServerFault):
    """A denial that is not believed. Its words name no job, so that those of many jobs are one.

    Args:
        error: The denial.
        belief: What it means instead: `DOUBTED` or `OUTAGE`.
    """

    usual_remedy = "wait, or remove the jobs if they were deleted"

    def __init__(self, error: ApiError, belief: Belief) -> None:
        what = "the API says 'no such job' of jobs that it described before: not believed yet"
        super().__init__(what, correlation_id=error.correlation_id, http_status=error.http_status)
        self.is_outage = belief is Belief.OUTAGE
        """Whether more than one job is denied, and none described meanwhile."""


class Denials:
    """The jobs that were denied, and when the API last described one. A `now_s` is a monotonic second."""

    def __init__(self) -> None:
        self._denied: set[int] = set()
        """Jobs denied since the last description, without those that are gone."""
        self._from_s: float | None = None
        """Since when there have been nothing but denials."""
        self._last_s: dict[int, float] = {}
        """The last denial of each job that has not been described since."""
        self._described_s = float("-inf")

    def __contains__(self, job_id: int) -> bool:
        """Whether the job was denied since the API last described it."""
        return job_id in self._last_s

    def described(self, job_ids: Iterable[int], now_s: float) -> None:
        """Take note that the API described these jobs, at least one."""
        self._described_s, self._from_s = now_s, None
        self._denied.clear()
        if self._last_s:
            for job_id in job_ids:
                self._last_s.pop(job_id, None)

    def interrupted(self) -> None:
        """Take note of an answer that is neither: the time of nothing but denials starts again."""
        self._from_s = None

    def forget(self, job_id: int) -> None:
        """Forget a job that is not watched any more."""
        self._denied.discard(job_id)
        self._last_s.pop(job_id, None)

    def denied(self, job_id: int, now_s: float, *, is_gone: bool, has_others: bool) -> Belief:
        """Return what it means that the API says that a job does not exist which it described before.

        Args:
            job_id: The job.
            now_s: When.
            is_gone: Whether an earlier denial was believed.
            has_others: Whether other jobs are watched that have not ended.
        """
        if is_gone:
            return Belief.OUTAGE if len(self._denied - {job_id}) >= JOBS_OF_AN_OUTAGE else Belief.GONE
        if not has_others:
            return Belief.GONE
        before_s, self._last_s[job_id] = self._last_s.get(job_id), now_s
        if before_s is not None and before_s < self._described_s:
            return Belief.GONE
        self._denied.add(job_id)
        self._from_s = now_s if self._from_s is None else self._from_s
        if now_s - self._from_s >= BELIEVED_S:
            return Belief.GONE
        return Belief.OUTAGE if len(self._denied) >= JOBS_OF_AN_OUTAGE else Belief.DOUBTED
