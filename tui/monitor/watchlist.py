"""The watched jobs as one immutable, ordered value. Pure; it decides nothing about asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from tui.api.status import JobStatus
from tui.monitor.tracked import TrackedJob


class Watchlist(Mapping[int, TrackedJob]):
    """Jobs by id, in the order in which they were added.

    A change costs one shallow copy of the dictionary and the work on what changed; counts are carried along.
    """

    __slots__ = ("_counts", "_ids", "_jobs", "_unsettled")

    def __init__(self) -> None:
        self._jobs: dict[int, TrackedJob] = {}
        self._counts: Counter[JobStatus | None] = Counter()
        self._unsettled = 0
        self._ids: tuple[int, ...] | None = ()

    def __getitem__(self, job_id: int) -> TrackedJob:
        return self._jobs[job_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._jobs)

    def __len__(self) -> int:
        return len(self._jobs)

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._jobs

    @property
    def ids(self) -> tuple[int, ...]:
        """All ids in order; the very same object as long as no job was added or taken off."""
        if self._ids is None:
            self._ids = tuple(self._jobs)
        return self._ids

    @property
    def counts(self) -> Mapping[JobStatus | None, int]:
        """Number of jobs by status; None stands for jobs without one. No zeros."""
        return MappingProxyType(self._counts)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will be asked about any job; True for an empty list."""
        return self._unsettled == 0

    def with_jobs(self, changed: Iterable[TrackedJob]) -> Watchlist:
        """Return the list with these jobs put in the place of their elders, or behind all others."""
        after = self._copy()
        for tracked in changed:
            before = after._jobs.get(tracked.job_id)
            if before is None:
                after._ids = None
            after._drop(before)
            after._jobs[tracked.job_id] = tracked
            after._counts[tracked.status] += 1
            after._unsettled += not tracked.is_settled
        return after

    def without(self, job_ids: Iterable[int]) -> Watchlist:
        """Return the list without these jobs; unknown ids are ignored."""
        after = self._copy()
        for job_id in job_ids:
            after._drop(after._jobs.pop(job_id, None))
        after._ids = None
        return after

    def _copy(self) -> Watchlist:
        after = Watchlist()
        after._jobs = self._jobs.copy()
        after._counts = self._counts.copy()
        after._unsettled = self._unsettled
        after._ids = self.ids
        return after

    def _drop(self, tracked: TrackedJob | None) -> None:
        if tracked is None:
            return
        self._counts[tracked.status] -= 1
        if not self._counts[tracked.status]:
            del self._counts[tracked.status]
        self._unsettled -= not tracked.is_settled
