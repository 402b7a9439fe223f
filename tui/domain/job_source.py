"""What the monitor and the scripts need from the API: a query, its result, and the `JobSource` protocol."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from tui.core.text import count

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job


DEFAULT_LIMIT = 100

"""About as many jobs a list holds if no limit is named (contract.md, Calls)."""

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

"""What `types` may name; jobs of other types come through lists without that filter alone (contract.md, Job)."""


@dataclass(frozen=True, slots=True)
class JobQuery:
    """A filter of the list call; None and empty mean "any" (contract.md, Calls)."""

    location_code: str | None = None
    types: tuple[str, ...] = ()
    owner: str | None = None
    original_filename: str | None = None
    limit: int | None = None

    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Return the query string's pairs; `types` is repeated."""
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
        """The same filter without a limit, under which what is known of it is kept."""
        return self if self.limit is None else replace(self, limit=None)


T = TypeVar("T")


def skipped_note(skipped: int) -> str:
    """Return what people are told of a list with elements that are not jobs."""
    return (
        f"the server's list holds {count(skipped, 'element')} that describe no job; the list does not count as complete"
    )


@dataclass(frozen=True, slots=True)
class ApiResult(Generic[T]):
    """What the server said, and when by its own clock."""

    value: T
    correlation_id: str | None
    """The `x-vol-correlation` of the answer; None if it had none."""
    server_time: datetime | None
    """Its `Date`, aware, in whole seconds; None if it had no readable one."""
    http_status: int = 200
    """404 for a list stands for an empty one (contract.md, Calls)."""
    skipped: int = 0
    """Elements of a list that are not jobs and so are not in `value`: with any of them the list does not count as
    complete.
    """
    withheld: int = 0
    """Jobs of other tenants that a list held and `value` leaves out; the list was `len(value) + skipped + withheld`
    long.
    """
    size_bytes: int = 0
    """Bytes of a list as it was sent, unpacked."""

    @property
    def length(self) -> int:
        """Elements of the list as it was sent; meaningful for lists only."""
        return (len(self.value) if isinstance(self.value, tuple) else 1) + self.skipped + self.withheld


class JobSource(Protocol):
    """Where jobs are read."""

    async def job(self, job_id: int) -> ApiResult[Job]:
        """Return one job.

        Raises:
            ApiError: There is no answer that could be used.
        """
        ...

    async def jobs(self, query: JobQuery) -> ApiResult[tuple[Job, ...]]:
        """Return jobs that match `query`; it may lack some that do, and hold some that do not.

        Raises:
            ApiError: There is no answer that could be used.
        """
        ...

    def is_renewed(self) -> bool:
        """Return whether there is another token than the one that was refused; costs no request and no time."""
        ...

    def access_ends_at(self) -> datetime | None:
        """Return when the API will answer no more unless somebody does something about it; None if that is
        not known.
        """
        ...
