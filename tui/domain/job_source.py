"""The interface to the API: a query, its result, and the `JobSource` protocol."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job


DEFAULT_LIMIT = 100
"""Approximate length of a list without a limit (tui/api/README.md, Calls)."""

FILTERED_TYPES = frozenset({
    "REFRESH",
    "ADJUST",
    "RELEASE_SHIPMENTS",
    "CREATE_PICK_WAVE",
    "CLOSE_PICK_WAVE",
    "PUT_AWAY_FILE",
    "SHORT_PICK_ERROR",
    "BIN_AUDIT_START",
    "BIN_AUDIT_COMPLETION",
    "CREATE_BIN_AUDIT",
    "RELEASE_PENDING_ITEMS",
})  # fmt: skip
"""Values that the filter `types` accepts; other types appear only in unfiltered lists (tui/api/README.md, Job)."""


@dataclass(frozen=True, slots=True)
class JobQuery:
    """A filter of the list call; None and empty mean "any" (tui/api/README.md, Calls)."""

    location_code: str | None = None
    types: tuple[str, ...] = ()
    owner: str | None = None
    original_filename: str | None = None
    limit: int | None = None

    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of the query string; `types` may occur several times."""
        named = (
            ("locationCode", self.location_code),
            ("owner", self.owner),
            ("originalFilename", self.original_filename),
            ("limit", None if self.limit is None else str(self.limit)),
        )
        return (
            *((name, value) for name, value in named if value is not None),
            *(("types", kind) for kind in self.types),
        )

    @property
    def unlimited(self) -> JobQuery:
        """The same filter without a limit; the key of everything known about this list."""
        return self if self.limit is None else replace(self, limit=None)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ApiResult(Generic[T]):
    """A parsed response with the server's time."""

    value: T
    correlation_id: str | None
    """The response's `x-vol-correlation`; None if absent."""
    server_time: datetime | None
    """The response's `Date`, aware, in whole seconds; None if absent or unreadable."""
    http_status: int = 200
    """Status code. 404 for a list means an empty list (tui/api/README.md, Calls)."""
    skipped: int = 0
    """Number of elements that are not jobs; above 0 the list counts as incomplete."""
    withheld: int = 0
    """Number of jobs of other tenants, which `value` omits."""
    has_more: bool = False
    """Whether the server says that the list goes on (`Link: <…>; rel="next"`); jobdeck does not follow it."""
    size_bytes: int = 0
    """Size of a decompressed list in bytes."""

    @property
    def length(self) -> int:
        """Number of elements in the server's list; meaningful for lists only."""
        return (len(self.value) if isinstance(self.value, tuple) else 1) + self.skipped + self.withheld


class JobSource(Protocol):
    """A source of jobs: the API or a script."""

    async def job(self, job_id: int) -> ApiResult[Job]:
        """Return one job.

        Raises:
            ApiError: There is no usable response.
        """
        ...

    async def jobs(self, query: JobQuery) -> ApiResult[tuple[Job, ...]]:
        """Return jobs for `query`; the list may lack matching jobs and contain others.

        Raises:
            ApiError: There is no usable response.
        """
        ...

    def has_new_token(self) -> bool:
        """Return whether a new token replaces the rejected one; sends no request and does not block."""
        ...

    def access_ends_at(self) -> datetime | None:
        """Return when access ends unless the user renews the token; None if unknown."""
        ...

    def token_renewed_at(self) -> datetime | None:
        """Return when a rejected token was last renewed; None if none was."""
        ...
