"""Shorthand for jobs, readings and a scripted source."""

import asyncio
from collections import deque
from datetime import UTC, datetime, timedelta

from tui.api.response_cache import job_from
from tui.domain.errors import ApiError
from tui.domain.job import Job
from tui.domain.job_source import ApiResult, JobQuery

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(seconds: float = 0) -> datetime:
    return NOON + timedelta(seconds=seconds)


def job(job_id: int = 1, status: str | None = "PENDING", **fields: object) -> Job:
    return job_from({"jobID": job_id, "status": status, **fields}, job_id=job_id)


class ScriptedSource:
    """Answers each job from its own script; the last line of a script goes on for ever.

    Lists hold nothing but what `listed` names, and fail as `list_trouble` says.
    """

    def __init__(self, clock, scripts=None, *, takes_s: float = 0.0):
        self.listed: dict[int, Job] = {}
        self.list_trouble: ApiError | None = None
        self.lists: list[tuple[float, JobQuery]] = []
        self.access_end = self.renewed_at = None
        self.is_token_new = False
        """Whether somebody renewed the token since the last call."""
        self.clock = clock
        self.scripts = {job_id: deque(lines) for job_id, lines in (scripts or {}).items()}
        self.takes_s = takes_s
        self.asked: list[tuple[float, int]] = []
        self.most_at_once = 0
        self._under_way = 0

    async def job(self, job_id: int) -> ApiResult[Job]:
        self.asked.append((self.clock.monotonic_s(), job_id))
        self.is_token_new = False
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            await self.clock.sleep(self.takes_s)
        finally:
            self._under_way -= 1
        script = self.scripts.setdefault(job_id, deque(["PENDING"]))
        line = script.popleft() if len(script) > 1 else script[0]
        if isinstance(line, ApiError):
            raise line
        if isinstance(line, BaseException):
            raise line
        return ApiResult(line if isinstance(line, Job) else job(job_id, line), None, None)

    async def jobs(self, query: JobQuery) -> ApiResult[tuple[Job, ...]]:
        self.lists.append((self.clock.monotonic_s(), query))
        held = tuple(self.listed.values())
        await self.clock.sleep(self.takes_s)
        if self.list_trouble is not None:
            raise self.list_trouble
        return ApiResult(held, None, None)

    def has_new_token(self) -> bool:
        return self.is_token_new

    def access_ends_at(self):
        return self.access_end

    def token_renewed_at(self):
        return self.renewed_at

    def times(self, job_id: int) -> list[float]:
        return [round(moment, 3) for moment, asked in self.asked if asked == job_id]


async def stop(task: asyncio.Task) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
