"""Read each job once, with retries within the budget."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from tui.core.clock import Clock
from tui.core.lost_request import finished
from tui.domain.connection import FAILURES_UNTIL_OFFLINE
from tui.domain.errors import (
    ApiError,
    HostFound,
    JobNotFound,
    RateLimited,
    ServerFault,
    TokenRenewed,
    Unauthorised,
    Unreachable,
)
from tui.domain.job_source import ApiResult, JobSource
from tui.domain.job_status import JobStatus
from tui.monitor.list_batching import ListBatching, ListRequest
from tui.monitor.polling_policy import AT_ONCE, RequestBudget

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.domain.job import Job


T = TypeVar("T")

RETRY_S = 0.5

"""Pause before the one second try after a transient error."""

LONGEST_SILENCE_S = 10.0

"""The longest Retry-After that is waited for; a script would rather know."""


class RequestRetrier:
    """Makes the calls of one command.

    A refusal, a long silence or a server that is gone is the verdict on all calls after it: nothing else leaves.

    Args:
        clock: Time and waiting.
        budget: How many requests may leave.
    """

    def __init__(self, clock: Clock, budget: RequestBudget | None = None) -> None:
        self._clock = clock
        self._budget = budget or RequestBudget()
        self.skipped = 0
        """Most elements of one list that were not jobs."""
        self._verdict: ApiError | None = None
        self._quiet_until_s = 0.0
        self._unreachable = 0
        self._first = asyncio.Lock()
        self._has_begun = False

    async def answer_to(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Make a call, with one second try where it may help.

        Raises:
            ApiError: There is no answer that could be used.
            ConfigError: The token or the environment is unusable.
        """
        try:
            answer = await self._tried(ask)
        except ApiError as error:
            self._judge(error)
            raise
        self._unreachable = 0
        if isinstance(answer, ApiResult):
            self.skipped = max(self.skipped, answer.skipped)
        return answer

    async def _tried(self, ask: Callable[[], Awaitable[T]]) -> T:
        if self._verdict is not None:
            raise self._verdict
        try:
            return await self._once(ask)
        except HostFound:
            return await self._tried(ask)  # it was asked of another host: both tries are left
        except TokenRenewed:
            pass  # the next try takes the new one
        except (RateLimited, ServerFault, Unreachable) as error:
            silence_s = error.retry_after_s
            if silence_s is None:
                await self._clock.sleep(RETRY_S)
            elif silence_s > LONGEST_SILENCE_S:
                raise
            else:
                self._quiet_until_s = max(self._quiet_until_s, self._clock.monotonic_s() + silence_s)
        return await self._once(ask)

    async def _once(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Make a call once; the very first one alone, so that a dead token is sent once and not by each worker."""
        if not self._has_begun:
            async with self._first:
                if not self._has_begun:
                    try:
                        return await self._now(ask)
                    finally:
                        self._has_begun = True
        return await self._now(ask)

    async def _now(self, ask: Callable[[], Awaitable[T]]) -> T:
        while self._verdict is None and (wait_s := self._wait_s(self._clock.monotonic_s())) > 0:
            await self._clock.sleep(wait_s)
        if self._verdict is not None:
            raise self._verdict
        self._budget = self._budget.spend(self._clock.monotonic_s())
        return await finished(ask())

    def _wait_s(self, now_s: float) -> float:
        """Seconds until silence is over and the budget allows one more request; scripts share it with
        everybody else.
        """
        return max(self._quiet_until_s - now_s, self._budget.wait_s(now_s))

    def _judge(self, error: ApiError) -> None:
        """Let an error that concerns all calls keep the others from leaving."""
        if isinstance(error, Unreachable | ServerFault):
            self._unreachable += 1
        elif isinstance(error, JobNotFound):
            self._unreachable = 0
        is_silence = error.retry_after_s is not None
        if is_silence or isinstance(error, Unauthorised) or self._unreachable >= FAILURES_UNTIL_OFFLINE:
            self._verdict = error


GONE = "GONE"

"""Stands for the status of a job that the server knew and knows no longer."""

_SKEW = timedelta(seconds=2)

"""Difference of two clocks below which it may be due to `Date` having whole seconds, and to the way of the answer."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What one reading of one job gave."""

    job_id: int
    at: datetime
    """When it was over, by our clock."""
    job: Job | None = None
    """None where `error` says why, or where a signal came first."""
    error: ApiError | None = None
    server_at: datetime | None = None
    """The same moment by the server's clock, which tells how long a job has been working; None without an answer."""
    previous: JobStatus | None = None
    """The status before the last change that was seen; None where none was."""

    @property
    def is_gone(self) -> bool:
        """Whether the server described the job once and now says that it does not exist."""
        return self.job is not None and isinstance(self.error, JobNotFound)


class ReadResults:
    """One run through a list of jobs.

    Jobs that are likely to be in one list are looked for there first. What ends all asking is said of all jobs that
    have not been
    read by then.

    Args:
        source: Where jobs are read.
        clock: Time and waiting.
        budget: How many requests may leave.
    """

    def __init__(self, source: JobSource, clock: Clock, *, budget: RequestBudget | None = None) -> None:
        self._source = source
        self._clock = clock
        self._patience = RequestRetrier(clock, budget)
        self._coverage = ListBatching()
        self._readings: dict[int, ReadResult] = {}
        self._turn = asyncio.Lock()

    @property
    def skipped(self) -> int:
        """Most elements of one list that were not jobs."""
        return self._patience.skipped

    async def of(self, job_ids: Sequence[int]) -> tuple[ReadResult, ...]:
        """Return a reading of each job, in the order of `job_ids`, which holds no id twice.

        Raises:
            ConfigError: The token or the environment is unusable.
        """
        self._coverage.join(job_ids)
        workers = [asyncio.create_task(self._work()) for _ in range(min(AT_ONCE, len(job_ids)))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
        return self.so_far(job_ids)

    def so_far(self, job_ids: Sequence[int]) -> tuple[ReadResult, ...]:
        """Return what is known of each job, in the order of `job_ids`; of one that was not read yet, nothing."""
        now = self._clock.now()
        return tuple(self._readings.get(job_id) or ReadResult(job_id, now) for job_id in job_ids)

    async def _work(self) -> None:
        while (job_id := await self._next_alone()) is not None:
            try:
                answer = await self._patience.answer_to(lambda job_id=job_id: self._source.job(job_id))  # type: ignore[misc]  # bound for the loop
                self._read(answer.value, answer)
            except ApiError as error:
                self._readings[job_id] = ReadResult(job_id, self._clock.now(), error=error)

    async def _next_alone(self) -> int | None:
        """Read lists as long as they are likely to hold waiting jobs; return the next job to be read alone, None if
        none is left.

        One worker decides at a time: what a list brings decides how the others go on.
        """
        async with self._turn:
            while isinstance(call := self._coverage.first_call(self._clock.monotonic_s()), ListRequest):
                await self._read_list(call)
            return None if call is None else call.job_id

    async def _read_list(self, call: ListRequest) -> None:
        """Take what a list holds; if there is none, its jobs are read alone and their errors tell."""
        try:
            answer = await self._patience.answer_to(lambda: self._source.jobs(call.query))
        except ApiError as error:
            self._coverage.failed(call, error, self._clock.monotonic_s())
            return
        waiting = [job for job in answer.value if self._coverage.is_newcomer(job.job_id)]
        self._coverage.answered(call, answer.value, self._clock.monotonic_s())
        for job in waiting:
            self._read(job, answer)

    def _read(self, job: Job, answer: ApiResult[Job] | ApiResult[tuple[Job, ...]]) -> None:
        self._coverage.update_fields(job)
        at = self._clock.now()
        self._readings[job.job_id] = ReadResult(job.job_id, at, job=job, server_at=by_server(at, answer.server_time))


def by_server(at: datetime, server_time: datetime | None) -> datetime:
    """Return the moment `at` by the server's clock; None says that it is not known (contract.md, Traps: local clock
    differs).
    """
    return at if server_time is None or abs(server_time - at) < _SKEW else server_time
