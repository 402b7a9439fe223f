"""The calls that bring jobs, and which lists hold those of one origin. Values alone; it decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tui.domain.job_source import FILTERED_TYPES, JobQuery

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Origin
    from tui.monitor.watched_lists import SelectionProbe

EVERYTHING = JobQuery()
"""The bare list, which holds the newest jobs of a tenant, as people watch them most."""


@dataclass(frozen=True, slots=True)
class OneJob:
    """The call for a single job."""

    job_id: int


@dataclass(frozen=True, slots=True)
class ListCall:
    """The call for a list."""

    query: JobQuery
    expected: frozenset[int]
    """Watched jobs that its answer should hold."""


@dataclass(frozen=True, slots=True)
class NotBefore:
    """No call now: the list that will bring the job was read a moment ago."""

    until_s: float
    """Monotonic second."""
    expected: frozenset[int] = frozenset()
    """All jobs that the list should bring then."""


Call = OneJob | ListCall


@dataclass(frozen=True, slots=True, eq=False)
class Departure:
    """A call that leaves, and the jobs that are asked for by it and by nothing else until it is back."""

    call: Call
    due_s: dict[int, float]
    """The monotonic second at which each of them was due."""
    at_s: float
    """Monotonic second at which it leaves."""
    late_s: float
    """How many seconds after its time it leaves; 0 or more."""
    is_scout: bool = False
    """Whether it is a list that may bring newcomers; what it brings decides how the others are asked for."""
    probe: SelectionProbe | None = None
    """Set if the call is made to find out whether a list is complete."""


_shared = lru_cache(maxsize=20_000)(JobQuery)
"""One and the same object for the same filter: thousands of jobs share it."""


def filters_of(origin: Origin) -> tuple[JobQuery, ...]:
    """Return the lists that should hold jobs of this origin, those of the fewest jobs first; by a name of any length none is asked for."""
    return _filters_of(origin) if origin.is_short else (EVERYTHING,)


@lru_cache(maxsize=20_000)
def _filters_of(origin: Origin) -> tuple[JobQuery, ...]:
    file, location = origin.original_filename, origin.location_code
    kind = str(origin.type) if origin.type in FILTERED_TYPES else None
    return (
        *((_shared(original_filename=file),) if file else ()),
        *((_shared(location_code=location),) if location else ()),
        *((_shared(types=(kind,)),) if kind else ()),
        EVERYTHING,
    )
