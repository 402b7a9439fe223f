"""What the engine, and whoever reads jobs once, needs of the API. Knows no HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from tui.api.answer import Answer
from tui.api.query import JobQuery

T = TypeVar("T")

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.api.models import Job


class LostRequest(RuntimeError):
    """A request ended without an answer and without an error: a bug, after which it is made again."""


async def finished(request: Awaitable[T]) -> T:
    """Return what `request` gives.

    Raises:
        LostRequest: It was cancelled, though nobody cancelled the task that waits for it: nobody would ever hear of it again.
        BaseException: As `request`.
    """
    try:
        return await request
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
    raise LostRequest("a request ended without an answer and without an error")


class JobSource(Protocol):
    """Where jobs are read."""

    async def job(self, job_id: int) -> Answer[Job]:
        """Return one job.

        Raises:
            ApiError: There is no answer that could be used.
        """
        ...

    async def jobs(self, query: JobQuery) -> Answer[tuple[Job, ...]]:
        """Return jobs that match `query`; it may lack some that do, and hold some that do not.

        Raises:
            ApiError: There is no answer that could be used.
        """
        ...

    def is_renewed(self) -> bool:
        """Return whether there is another token than the one that was refused; costs no request and no time."""
        ...

    def access_ends_at(self) -> datetime | None:
        """Return when the API will answer no more unless somebody does something about it; None if that is not known."""
        ...
