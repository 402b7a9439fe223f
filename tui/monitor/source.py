"""What the engine, and whoever reads jobs once, needs of the API. Knows no HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from tui.api.answer import Answer
from tui.api.query import JobQuery

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.api.models import Job


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
