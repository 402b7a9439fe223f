"""The watched jobs as one immutable, ordered value. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, ValuesView
from types import MappingProxyType

from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import Group, TrackedJob


class Watchlist(Mapping[int, TrackedJob]):
    """Jobs by id, in the order in which they were added.

    A change costs one shallow copy of the dictionary plus work per changed job; counts are updated, not recounted.
    """

    __slots__ = ("_groups", "_ids", "_jobs", "_unsettled")

    def __init__(
        self,
        jobs: dict[int, TrackedJob] | None = None,
        groups: Counter[Group] | None = None,
        *,
        unsettled: int = 0,
        ids: tuple[int, ...] | None = None,
    ) -> None:
        self._jobs = jobs or {}
        self._groups = groups or Counter()
        self._unsettled = unsettled
        self._ids = tuple(self._jobs) if ids is None else ids

    def __getitem__(self, job_id: int) -> TrackedJob:
        return self._jobs[job_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._jobs)

    def __len__(self) -> int:
        return len(self._jobs)

    def get(self, job_id: int, default: TrackedJob | None = None) -> TrackedJob | None:  # type: ignore[override]  # ids alone are keys
        """Return the state of a job; `default` if it is not watched."""
        return self._jobs.get(job_id, default)

    def values(self) -> ValuesView[TrackedJob]:
        """Return all jobs in their order."""
        return self._jobs.values()

    def __eq__(self, other: object) -> bool:
        """Return whether the other list holds equal jobs in the same order."""
        if self is other:
            return True
        return isinstance(other, Watchlist) and self._ids == other._ids and self._jobs == other._jobs

    __hash__ = None  # type: ignore[assignment]  # as any mapping

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._jobs

    @property
    def ids(self) -> tuple[int, ...]:
        """All ids in order; the same object until a job is added, moved or removed."""
        return self._ids

    @property
    def counts(self) -> Mapping[JobStatus | None, int]:
        """Number of jobs by status, without those that the server does not know; None for no status. No zeros."""
        counts: Counter[JobStatus | None] = Counter()
        for group, number in self._groups.items():
            if not group.is_missing:
                counts[group.status] += number
        return counts

    @property
    def groups(self) -> Mapping[Group, int]:
        """Number of jobs by group, which separates gone and stale jobs. No zeros."""
        return MappingProxyType(self._groups)

    @property
    def is_final(self) -> bool:
        """Whether polling has ended for all jobs; True for an empty list."""
        return self._unsettled == 0

    @property
    def unsettled(self) -> int:
        """Number of jobs whose status may still change."""
        return self._unsettled

    def with_jobs(self, changed: Iterable[TrackedJob]) -> Watchlist:
        """Return the list with these jobs: replaces existing entries, appends new ones."""
        jobs, groups, unsettled = self._jobs.copy(), self._groups.copy(), self._unsettled
        for tracked in changed:
            before = jobs.get(tracked.job_id)
            jobs[tracked.job_id] = tracked
            was, now = before and before.condition, tracked.condition
            if was is now or (was and was.group == now.group and was.is_final == now.is_final):
                continue
            unsettled += _count_off(before, groups)
            groups[now.group] += 1
            unsettled += not tracked.is_final
        ids = self._ids if len(jobs) == len(self._jobs) else None
        return Watchlist(jobs, groups, unsettled=unsettled, ids=ids)

    def ordered(self, job_ids: Iterable[int]) -> Watchlist:
        """Return the list in the order of `job_ids`, which holds each of its ids once."""
        return Watchlist({job_id: self._jobs[job_id] for job_id in job_ids}, self._groups, unsettled=self._unsettled)

    def without(self, job_ids: Iterable[int]) -> Watchlist:
        """Return the list without these jobs; unknown ids are ignored."""
        jobs, groups, unsettled = self._jobs.copy(), self._groups.copy(), self._unsettled
        for job_id in job_ids:
            unsettled += _count_off(jobs.pop(job_id, None), groups)
        return Watchlist(jobs, groups, unsettled=unsettled)


def _count_off(tracked: TrackedJob | None, groups: Counter[Group]) -> int:
    """Remove a job from `groups`, which hold no zeros; return the change in the number of unsettled jobs."""
    if tracked is None:
        return 0
    group = tracked.condition.group
    groups[group] -= 1
    if not groups[group]:
        del groups[group]
    return -(not tracked.is_final)
