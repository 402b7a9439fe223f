"""The calls that left and have not arrived yet: what one of them should bring is not asked for twice. Pure bookkeeping."""

from __future__ import annotations

from collections.abc import Iterator

from tui.domain.job_source import JobQuery
from tui.monitor.calls import Departure, ListCall


class UnderWay:
    """Departures without their arrivals; only a few at any time."""

    def __init__(self) -> None:
        self._departures: set[Departure] = set()

    def __len__(self) -> int:
        return len(self._departures)

    def __iter__(self) -> Iterator[Departure]:
        return iter(tuple(self._departures))

    def left(self, departure: Departure) -> None:
        """Take note that a call leaves."""
        self._departures.add(departure)

    def arrived(self, departure: Departure) -> None:
        """Take note that a call is over, whatever came of it."""
        self._departures.discard(departure)

    @property
    def is_scouting(self) -> bool:
        """Whether a list is among them that may bring newcomers."""
        return any(departure.is_scout for departure in self._departures)

    def brings(self, job_id: int) -> bool:
        """Return whether one of them should bring this job."""
        return any(job_id in departure.due_s for departure in self._departures)

    def reads(self, query: JobQuery) -> bool:
        """Return whether one of them reads this list, whatever its limit; `query` has none."""
        calls = (departure.call for departure in self._departures)
        return any(isinstance(call, ListCall) and call.query.unlimited == query for call in calls)
