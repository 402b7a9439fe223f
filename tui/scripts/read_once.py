"""Reads each job once, with retries through the request gate."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from tui.core.clock import Clock
from tui.core.lost_request import finished
from tui.domain.connection import ConnectionState
from tui.domain.errors import (
    ApiError,
    ErrorKind,
    ErrorRecord,
    RateLimited,
    ServerFault,
    Unauthorised,
    Unreachable,
)
from tui.domain.job_source import ApiResult, JobSource
from tui.domain.job_status import JobStatus
from tui.monitor.list_batching import ListBatching
from tui.monitor.request_gate import AT_ONCE, RequestGate
from tui.monitor.requests import ListRequest

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.domain.job import Job


T = TypeVar("T")

RETRY_S = 0.5
"""Seconds before the single retry after a transient error."""

LONGEST_PAUSE_S = 10.0
"""The longest Retry-After to wait for in seconds; otherwise scripts fail early."""


class RequestRetrier:
    """Sends the requests of one command, with retries.

    A rejected token, a long rate limit or an unreachable server fails all later requests without sending them.

    Args:
        clock: Time and sleep.
        gate: Admits the requests, and learns from their results.
    """

    def __init__(self, clock: Clock, gate: RequestGate) -> None:
        self._clock = clock
        self._gate = gate
        self.skipped = 0
        """Largest number of elements in one list that were not jobs."""
        self.withheld = 0
        """Largest number of jobs of other tenants in one list."""
        self._verdict: ApiError | None = None
        self._first = asyncio.Lock()
        self._has_begun = False

    async def response_to(self, send: Callable[[], Awaitable[T]]) -> T:
        """Return the response to a request, with one retry if that may help.

        Raises:
            ApiError: The request failed.
            ConfigError: The token or the environment is invalid.
        """
        try:
            answer = await self._tried(send)
        except ApiError as error:
            if error.retry_after_s is not None or isinstance(error, Unauthorised) or self._is_offline:
                self._verdict = error
            raise
        if isinstance(answer, ApiResult):
            self.skipped = max(self.skipped, answer.skipped)
            self.withheld = max(self.withheld, answer.withheld)
        return answer

    @property
    def _is_offline(self) -> bool:
        return self._gate.connection.state is ConnectionState.OFFLINE

    async def _tried(self, send: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._once(send)
        except (RateLimited, ServerFault, Unreachable) as error:
            if self._gate.pause_s(self._clock.monotonic_s()) > LONGEST_PAUSE_S:
                raise
            if error.retry_after_s is None:
                await self._clock.sleep(RETRY_S)
        return await self._once(send)

    async def _once(self, send: Callable[[], Awaitable[T]]) -> T:
        """Send a request once. The first one runs alone, so that an expired token is sent once, not by each worker."""
        if not self._has_begun:
            async with self._first:
                if not self._has_begun:
                    try:
                        return await self._now(send)
                    finally:
                        self._has_begun = True
        return await self._now(send)

    async def _now(self, send: Callable[[], Awaitable[T]]) -> T:
        if self._verdict is not None:
            raise self._verdict
        async with self._gate.turn(self._clock, patience_s=LONGEST_PAUSE_S):
            if self._verdict is not None:  # meanwhile
                raise self._verdict
            try:
                answer = await finished(send())
            except ApiError as error:
                self._gate.failed(error, at=self._clock.now(), now_s=self._clock.monotonic_s())
                raise
            self._gate.succeeded(self._clock.monotonic_s())
            return answer


_SKEW = timedelta(seconds=2)
"""Clock difference that `Date` in whole seconds and network latency can cause."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The result of reading one job."""

    job_id: int
    at: datetime
    """When the reading completed, by our clock."""
    job: Job | None = None
    """None if `error` is set, or if a signal came first."""
    error: ErrorRecord | None = None
    server_at: datetime | None = None
    """The same moment by the server's clock, for the run time; None without a response."""
    previous: JobStatus | None = None
    """The status before the last observed change; None if there was none."""

    @property
    def is_gone(self) -> bool:
        """Whether the server described the job before, and now reports that it does not exist."""
        return self.job is not None and self.error is not None and self.error.kind is ErrorKind.NOT_FOUND

    @property
    def is_not_found(self) -> bool:
        """Whether the server never described the job, and reports that it does not exist."""
        return self.job is None and self.error is not None and self.error.kind is ErrorKind.NOT_FOUND


class ReadResults:
    """Reads a number of jobs once.

    Lists that probably hold several jobs are requested first. An error that stops all requests is reported for all jobs
    that were not read.

    Args:
        source: The source of the jobs.
        clock: Time and sleep.
        gate: Admits the requests.
    """

    def __init__(self, source: JobSource, clock: Clock, *, gate: RequestGate) -> None:
        self._source = source
        self._clock = clock
        self._retrier = RequestRetrier(clock, gate)
        self._batching = ListBatching()
        self._readings: dict[int, ReadResult] = {}
        self._turn = asyncio.Lock()

    @property
    def skipped(self) -> int:
        """Largest number of elements in one list that were not jobs."""
        return self._retrier.skipped

    async def of(self, job_ids: Sequence[int]) -> tuple[ReadResult, ...]:
        """Return a reading of each job, in the order of `job_ids`, which holds no id twice. The error of a request is the
        `error` of its reading. After a cancellation, `so_far` has the readings until then.

        Raises:
            ConfigError: The token or the environment is invalid.
        """
        self._batching.join(job_ids)
        workers = [asyncio.create_task(self._work()) for _ in range(min(AT_ONCE, len(job_ids)))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
        return self.so_far(job_ids)

    def so_far(self, job_ids: Sequence[int]) -> tuple[ReadResult, ...]:
        """Return the readings so far, in the order of `job_ids`; an empty one for a job that was not read yet."""
        now = self._clock.now()
        return tuple(self._readings.get(job_id) or ReadResult(job_id, now) for job_id in job_ids)

    async def _work(self) -> None:
        while (job_id := await self._next_alone()) is not None:
            try:
                answer = await self._retrier.response_to(lambda job_id=job_id: self._source.job(job_id))  # type: ignore[misc]  # bound for the loop
                self._read(answer.value, answer)
            except ApiError as error:
                self._readings[job_id] = ReadResult(job_id, self._clock.now(), error=error.record)

    async def _next_alone(self) -> int | None:
        """Read lists while they probably hold unread jobs. Return the next job to read alone; None if none is left.

        Only one worker decides at a time, because a list changes what the others read next.
        """
        async with self._turn:
            while isinstance(call := self._batching.first_call(self._clock.monotonic_s()), ListRequest):
                await self._read_list(call)
            return None if call is None else call.job_id

    async def _read_list(self, call: ListRequest) -> None:
        """Read the jobs of a list. If it fails, its jobs are read alone and report their own errors."""
        try:
            answer = await self._retrier.response_to(lambda: self._source.jobs(call.query))
        except ApiError as error:
            self._batching.failed(call, error, self._clock.monotonic_s())
            return
        waiting = [job for job in answer.value if self._batching.is_newcomer(job.job_id)]
        self._batching.answered(call, answer.value, self._clock.monotonic_s())
        for job in waiting:
            self._read(job, answer)

    def _read(self, job: Job, answer: ApiResult[Job] | ApiResult[tuple[Job, ...]]) -> None:
        self._batching.update_fields(job)
        at = self._clock.now()
        self._readings[job.job_id] = ReadResult(job.job_id, at, job=job, server_at=by_server(at, answer.server_time))


def by_server(at: datetime, server_time: datetime | None) -> datetime:
    """Return the moment `at` by the server's clock; `at` if `server_time` is None (tui/api/README.md, Traps)."""
    return at if server_time is None or abs(server_time - at) < _SKEW else server_time
