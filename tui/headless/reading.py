"""Reads each of several jobs once, with the patience of a script. Words nothing and prints nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.api.errors import ApiError, JobNotFound, RateLimited, ServerFault, Unauthorised, Unreachable
from tui.clock import Clock
from tui.monitor.link import FAILURES_UNTIL_OFFLINE
from tui.monitor.monitor import JobSource
from tui.monitor.schedule import RequestBudget

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.api.models import Job

AT_ONCE = 4
"""Requests in flight (faults.md, "Polling etiquette")."""

RETRY_S = 0.5
"""Pause before the one second try after a transient error."""

LONGEST_SILENCE_S = 10.0
"""The longest Retry-After that is waited for; a script would rather know."""

_SKEW = timedelta(seconds=2)
"""Difference of two clocks below which it may be due to `Date` having whole seconds, and to the way of the answer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of one job gave."""

    job_id: int
    at: datetime
    """When it was over, by our clock."""
    job: Job | None = None
    """None where `error` says why."""
    error: ApiError | None = None
    server_at: datetime | None = None
    """The same moment by the server's clock, which tells how long a job has been working; None without an answer."""


class Readings:
    """One run through a list of jobs.

    A refusal, a long silence or a server that is gone is said of all jobs that have not been asked about by then: nothing else leaves.

    Args:
        source: Where jobs are read.
        clock: Time and waiting.
    """

    def __init__(self, source: JobSource, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._verdict: ApiError | None = None
        self._budget = RequestBudget()
        self._quiet_until_s = 0.0
        self._unreachable = 0

    async def of(self, job_ids: Sequence[int]) -> tuple[Reading, ...]:
        """Return a reading of each job, in the order of `job_ids`, which holds no id twice.

        Raises:
            ConfigError: The token or the environment is unusable.
        """
        readings: dict[int, Reading] = {}
        waiting = iter(job_ids)
        workers = [asyncio.create_task(self._work(waiting, readings)) for _ in range(min(AT_ONCE, len(job_ids)))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
        return tuple(readings[job_id] for job_id in job_ids)

    async def _work(self, waiting: Iterable[int], readings: dict[int, Reading]) -> None:
        for job_id in waiting:
            try:
                if self._verdict is not None:
                    raise self._verdict
                readings[job_id] = await self._patient(job_id)
            except ApiError as error:
                self._judge(error)
                readings[job_id] = Reading(job_id, self._clock.now(), error=error)

    async def _patient(self, job_id: int) -> Reading:
        """Read one job, with one second try where it may help."""
        try:
            return await self._once(job_id)
        except RateLimited as error:
            if error.retry_after_s > LONGEST_SILENCE_S:
                raise
            self._quiet_until_s = max(self._quiet_until_s, self._clock.monotonic_s() + error.retry_after_s)
        except (Unreachable, ServerFault):
            await self._clock.sleep(RETRY_S)
        return await self._once(job_id)

    async def _once(self, job_id: int) -> Reading:
        while (wait_s := self._wait_s(self._clock.monotonic_s())) > 0:
            await self._clock.sleep(wait_s)
        self._budget = self._budget.spend(self._clock.monotonic_s())
        if self._verdict is not None:
            raise self._verdict
        answer = await self._source.job(job_id)
        self._unreachable = 0
        at = self._clock.now()
        return Reading(job_id, at, job=answer.value, server_at=_by_server(at, answer.server_time))

    def _wait_s(self, now_s: float) -> float:
        """Seconds until silence is over and the budget allows one more request; scripts share it with everybody else."""
        return max(self._quiet_until_s - now_s, self._budget.wait_s(now_s))

    def _judge(self, error: ApiError) -> None:
        """Let an error that concerns all jobs keep the others from asking."""
        if isinstance(error, Unreachable | ServerFault):
            self._unreachable += 1
        elif isinstance(error, JobNotFound):
            self._unreachable = 0
        if isinstance(error, RateLimited | Unauthorised) or self._unreachable >= FAILURES_UNTIL_OFFLINE:
            self._verdict = error


def _by_server(at: datetime, server_time: datetime | None) -> datetime:
    """Return the moment `at` by the server's clock (contract.md, Traps: local clock differs)."""
    return at if server_time is None or abs(server_time - at) < _SKEW else server_time
