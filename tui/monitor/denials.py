"""Decides whether to believe "no such job" for a job that the API has described before. Pure.

A job can be deleted. But a backend with an empty database, or a gateway that routes to the wrong tenant, denies every
job with the same response. So a denial is believed only if the API knows other jobs at the same time:

- The API described any job after the first denial of this one: the next denial is believed.
- No other unfinished job is watched: there is nothing to compare with, so the first denial is believed.
- Two or more jobs are denied and none is described: this is an outage. After `BELIEVED_S` of denials only, they are
  believed.
"""

from __future__ import annotations

from collections.abc import Iterable

from tui.domain.errors import ApiError, Doubt, ServerFault

BELIEVED_S = 900.0
"""Seconds of denials only after which jobs count as deleted. Scripts tolerate an outage for the same time
(`LONGEST_PAUSE_S`).
"""

JOBS_OF_AN_OUTAGE = 2
"""Number of denied jobs, with no job described in between, that counts as an outage."""


class Disbelieved(ServerFault):
    """A denial that is not believed. Its text names no job, so that equal errors of many jobs merge.

    Args:
        error: The denial.
        doubt: Why it is not believed.
    """

    usual_remedy = "wait, or remove the jobs if they were deleted"

    def __init__(self, error: ApiError, doubt: Doubt) -> None:
        what = "the API answers 'no such job' for jobs that it described before: not believed yet"
        super().__init__(what, correlation_id=error.correlation_id, http_status=error.http_status)
        self.doubt = doubt


class Denials:
    """The jobs that were denied, and when the API last described one. A `now_s` is a monotonic second."""

    def __init__(self) -> None:
        self._denied: set[int] = set()
        """Jobs denied since the last description, except those that are gone."""
        self._from_s: float | None = None
        """Start of the time of denials only; None after a description."""
        self._last_s: dict[int, float] = {}
        """The last denial of each job that has not been described since."""
        self._described_s = float("-inf")

    def __contains__(self, job_id: int) -> bool:
        """Whether the job was denied since the API last described it."""
        return job_id in self._last_s

    def described(self, job_ids: Iterable[int], now_s: float) -> None:
        """Record that the API described these jobs, at least one."""
        self._described_s, self._from_s = now_s, None
        self._denied.clear()
        if self._last_s:
            for job_id in job_ids:
                self._last_s.pop(job_id, None)

    def interrupted(self) -> None:
        """Record another error: the time of denials only starts again."""
        self._from_s = None

    def forget(self, job_id: int) -> None:
        """Forget a job that is not watched any more."""
        self._denied.discard(job_id)
        self._last_s.pop(job_id, None)

    def doubt_after(self, job_id: int, now_s: float, *, is_gone: bool, has_others: bool) -> Doubt | None:
        """Record a denial of a job that the API described before, and return why it is not believed; None if the job is
        gone.

        Args:
            job_id: The job.
            now_s: When.
            is_gone: Whether an earlier denial was believed.
            has_others: Whether other jobs are watched that have not ended.
        """
        if is_gone:
            return Doubt.OUTAGE if len(self._denied - {job_id}) >= JOBS_OF_AN_OUTAGE else None
        if not has_others:
            return None
        before_s, self._last_s[job_id] = self._last_s.get(job_id), now_s
        if before_s is not None and before_s < self._described_s:
            return None
        self._denied.add(job_id)
        self._from_s = now_s if self._from_s is None else self._from_s
        if now_s - self._from_s >= BELIEVED_S:
            return None
        return Doubt.OUTAGE if len(self._denied) >= JOBS_OF_AN_OUTAGE else Doubt.DOUBTED
