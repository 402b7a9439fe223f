"""The requests of the monitor as values, and those in flight. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.domain.job_source import JobQuery

if TYPE_CHECKING:
    from tui.monitor.watched_lists import SelectionProbe


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A request for a single job."""

    job_id: int


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A request for a list."""

    query: JobQuery
    expected: frozenset[int]
    """Watched jobs that its response should hold."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """No request now: the list that holds the job was read a moment ago."""

    until_s: float
    """Monotonic second."""
    expected: frozenset[int] = frozenset()
    """All jobs that the list should bring at that time."""


Call = JobRequest | ListRequest


@dataclass(frozen=True, slots=True, eq=False)
class InFlightRequest:
    """A request in flight, and its jobs. No other request is sent for them until it completes."""

    call: Call
    due_s: dict[int, float]
    """The monotonic second at which each of them was due."""
    at_s: float
    """Monotonic second at which the request leaves."""
    late_s: float
    """Seconds between its due time and its sent; 0 or more."""
    is_scout: bool = False
    """Whether it is a list that may bring newcomers; its result decides how the others are requested."""
    probe: SelectionProbe | None = None
    """The probe if the request checks whether a list is complete; else None."""


class InFlightRequests:
    """The requests in flight; only a few at any time."""

    def __init__(self) -> None:
        self._requests: set[InFlightRequest] = set()

    def __len__(self) -> int:
        return len(self._requests)

    def __iter__(self) -> Iterator[InFlightRequest]:
        return iter(tuple(self._requests))

    def add(self, sent: InFlightRequest) -> None:
        """Add a request that leaves."""
        self._requests.add(sent)

    def remove(self, sent: InFlightRequest) -> None:
        """Remove a request that is complete, whatever its result."""
        self._requests.discard(sent)

    @property
    def is_scouting(self) -> bool:
        """Whether a list request for newcomers is among them."""
        return any(sent.is_scout for sent in self._requests)

    def brings(self, job_id: int) -> bool:
        """Return whether one of them is for this job."""
        return any(job_id in sent.due_s for sent in self._requests)

    def reads(self, query: JobQuery) -> bool:
        """Return whether one of them is for this list, whatever its limit; `query` has no limit."""
        calls = (sent.call for sent in self._requests)
        return any(isinstance(call, ListRequest) and call.query.unlimited == query for call in calls)
