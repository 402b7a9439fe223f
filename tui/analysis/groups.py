"""Group jobs by what they have in common, such as their file, and count each group. Pure.

The groups follow the watched jobs incrementally, because a list of 10,000 jobs is shown again ten times a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from functools import lru_cache
from typing import NamedTuple

from tui.analysis.causes import causes
from tui.core.text import same_name
from tui.domain.job_status import JobStatus
from tui.domain.selection import Selection, names
from tui.domain.tracked_job import TrackedJob
from tui.domain.watched_list import Extent, WatchedList
from tui.domain.watchlist import Watchlist

MESSAGES_COMPARED, MESSAGES_OF_A_JOB = 4_000, 20
"""Messages of all failed jobs, and of one, whose causes are compared: 60 ms of work."""


class GroupBy(StrEnum):
    """What the jobs of a group have in common."""

    NONE = "none"
    FILE = "file"
    LOCATION = "location"
    TYPE = "type"
    STATUS = "status"
    CAUSE = "cause"


class GroupKey(NamedTuple):
    """One group."""

    by: GroupBy
    name: str | None
    """The file, location, type, status or cause; None for the jobs without one."""


class Part(Enum):
    """The parts of a group: each job is in the first one that fits."""

    GONE = "gone"
    """The server does not know the job."""
    FAILED = "failed"
    LATE = "late"
    WORKING = "working"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    OTHER = "other"
    """Not read yet, or with another status."""


_OF_STATUS = {
    JobStatus.WORKING: Part.WORKING,
    JobStatus.PENDING: Part.PENDING,
    JobStatus.SUCCESS: Part.SUCCEEDED,
}


def part_of(tracked: TrackedJob, *, is_late: bool) -> Part:
    """Return the part of its group that a job is counted in."""
    if tracked.condition.group.is_missing:
        return Part.GONE
    status = tracked.status
    if status is JobStatus.FAILED:
        return Part.FAILED
    if is_late and not tracked.condition.is_ended:
        return Part.LATE
    return _OF_STATUS.get(status, Part.OTHER) if status is not None else Part.OTHER


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """How many jobs of a group are in which part; the parts add up to `total`."""

    total: int = 0
    ended: int = 0
    """Jobs that ended, well or not, and that the server still knows."""
    failed: int = 0
    late: int = 0
    working: int = 0
    pending: int = 0
    succeeded: int = 0
    gone: int = 0
    other: int = 0
    failed_ids: tuple[int, ...] = ()
    """The failed jobs, sorted."""
    late_ids: tuple[int, ...] = ()
    """The late jobs, sorted."""
    failed_at: tuple[str, ...] = ()
    """The locations of the failed jobs, sorted, each once; the id of a job without location."""
    ended_at: datetime | None = None
    """When the last job ended, by the server's clock; None unless all succeeded."""

    @property
    def is_all_succeeded(self) -> bool:
        """Whether every job of the group succeeded."""
        return 0 < self.total == self.succeeded


def group_completeness(key: GroupKey, lists: Iterable[WatchedList]) -> Extent | None:
    """Return whether all jobs of a group are known, by the watched lists; None if no list is of the whole group."""
    found = {
        Extent.COMPLETE if known.is_proven else Extent.CUT if _is_cut(known) else Extent.UNKNOWN
        for known in lists
        if _holds_all_of(known.selection, key)
    }
    return next((extent for extent in (Extent.COMPLETE, Extent.CUT, Extent.UNKNOWN) if extent in found), None)


def _is_cut(known: WatchedList) -> bool:
    return Extent.CUT in {known.extent, known.checked_extent}


def _holds_all_of(selection: Selection, key: GroupKey) -> bool:
    """Return whether a selection selects every job of a group."""
    if key.name is None or selection.since is not None:
        return False
    match key.by:
        case GroupBy.FILE:
            return selection.location is None and selection.file is not None and names(selection.file, key.name)
        case GroupBy.LOCATION:
            return selection.file is None and selection.location is not None and same_name(selection.location, key.name)
        case _:
            return False


class _Tally:
    """The jobs of one group, and their parts."""

    __slots__ = ("ended", "members", "parts", "summary")

    def __init__(self) -> None:
        self.members: dict[int, TrackedJob] = {}
        self.parts: dict[Part, set[int]] = defaultdict(set)
        self.ended = 0
        self.summary: GroupSummary | None = None
        """None until it is asked for."""


class Groups:
    """The groups of the watched jobs. An update costs a comparison for each job, and work for each changed one."""

    def __init__(self) -> None:
        self.version = 0
        """Rises when a job joins or leaves a group or a part of one, and with the messages of a failed job."""
        self._by = GroupBy.NONE
        self._watchlist: Watchlist | None = None
        self._known: dict[int, TrackedJob] = {}
        self._late: frozenset[int] = frozenset()
        self._places: dict[int, tuple[GroupKey, Part]] = {}
        self._tallies: dict[GroupKey, _Tally] = {}
        self._causes: Mapping[int, str] | None = None
        self._failures: dict[int, tuple[str, ...]] = {}
        """The messages of each failed job that has some."""

    @property
    def causes(self) -> Mapping[int, str]:
        """The largest cause of each failed job with messages, by its id; computed when a failure has changed."""
        if self._causes is None:
            self._causes = common_causes(self._failures)
        return self._causes

    @property
    def by(self) -> GroupBy:
        """What the jobs of a group have in common."""
        return self._by

    @property
    def has_shared(self) -> bool:
        """Whether any group with a name holds two jobs."""
        return any(len(tally.members) > 1 for key, tally in self._tallies.items() if key.name is not None)

    def key_of(self, job_id: int) -> GroupKey:
        """Return the group of a job; that of the jobs without a name for an unknown one."""
        place = self._places.get(job_id)
        return GroupKey(self._by, None) if place is None else place[0]

    def part_of(self, job_id: int) -> Part:
        """Return the part that a job is counted in."""
        place = self._places.get(job_id)
        return Part.OTHER if place is None else place[1]

    def summary(self, key: GroupKey) -> GroupSummary:
        """Return the counts of a group; zeros for an unknown one."""
        tally = self._tallies.get(key)
        if tally is None:
            return GroupSummary()
        if tally.summary is None:
            tally.summary = self._summed(tally)
        return tally.summary

    def update(self, watchlist: Watchlist, by: GroupBy, late: Collection[int] = ()) -> None:
        """Follow the watched jobs.

        Args:
            watchlist: The jobs.
            by: What to group by.
            late: The late jobs.
        """
        if by is not self._by:
            self._forget(by)
        if by is GroupBy.NONE:
            return
        changed = self._changed(watchlist)
        if self._has_other_failures(changed, watchlist):
            before, self._causes = self._causes or {}, None
            self.version += 1
            if by is GroupBy.CAUSE:
                changed |= {each for each in before.keys() | self.causes if before.get(each) != self.causes.get(each)}
        newly_late = self._late ^ late if isinstance(late, frozenset) else self._late ^ frozenset(late)
        if newly_late:
            self._late = self._late ^ newly_late
            changed |= newly_late
        for job_id in changed:
            self._place(job_id)

    def _forget(self, by: GroupBy) -> None:
        self._by, self._watchlist, self._late, self._causes = by, None, frozenset(), None
        self._known, self._places, self._tallies, self._failures = {}, {}, {}, {}
        self.version += 1

    def _changed(self, watchlist: Watchlist) -> set[int]:
        """Return the jobs that changed, were added or removed since the last update."""
        before = self._watchlist
        if before is watchlist:
            return set()
        known = self._known
        changed = {tracked.job_id for tracked in watchlist.values() if known.get(tracked.job_id) is not tracked}
        if before is None or before.ids is not watchlist.ids:
            changed |= {job_id for job_id in known if job_id not in watchlist}
        self._watchlist = watchlist
        return changed

    def _has_other_failures(self, changed: Iterable[int], watchlist: Watchlist) -> bool:
        """Take over the changed jobs; return whether the messages of a failed job changed."""
        has_other = False
        for job_id in changed:
            tracked = watchlist.get(job_id)
            if tracked is None:
                self._known.pop(job_id, None)
            else:
                self._known[job_id] = tracked
            told = _told(tracked)
            if told != self._failures.get(job_id, ()):
                has_other = True
                self._failures.pop(job_id, None)
                if told:
                    self._failures[job_id] = told
        return has_other

    def _name(self, tracked: TrackedJob) -> str | None:
        job, name = tracked.job, None
        if job is None:
            return None
        match self._by:
            case GroupBy.FILE:
                name = job.original_filename
            case GroupBy.LOCATION:
                name = job.location_code
            case GroupBy.TYPE:
                name = job.type
            case GroupBy.STATUS:
                name = job.status
            case GroupBy.CAUSE:
                name = self.causes.get(tracked.job_id)
        return str(name) if name else None

    def _place(self, job_id: int) -> None:
        """Count a job where it belongs now, and no longer where it was."""
        before, tracked = self._places.get(job_id), self._known.get(job_id)
        after = (
            None
            if tracked is None
            else (GroupKey(self._by, self._name(tracked)), part_of(tracked, is_late=job_id in self._late))
        )
        if before is not None:
            tally = self._tallies[before[0]]
            tally.ended -= _counts_as_ended(tally.members.pop(job_id), before[1])
            tally.parts[before[1]].discard(job_id)
            tally.summary = None
            if not tally.members and (after is None or after[0] != before[0]):
                del self._tallies[before[0]]
        if tracked is None or after is None:
            self._places.pop(job_id, None)
        else:
            tally = self._tallies.setdefault(after[0], _Tally())
            tally.members[job_id] = tracked
            tally.parts[after[1]].add(job_id)
            tally.ended += _counts_as_ended(tracked, after[1])
            tally.summary = None
            self._places[job_id] = after
        if before != after:
            self.version += 1

    def _summed(self, tally: _Tally) -> GroupSummary:
        counts = {part: len(tally.parts[part]) for part in Part}
        failed_ids = tuple(sorted(tally.parts[Part.FAILED]))
        total, ended_at = len(tally.members), None
        if counts[Part.SUCCEEDED] == total:
            finished = (each.job.finished for each in tally.members.values() if each.job is not None)
            ended_at = max((at for at in finished if at is not None), default=None)
        return GroupSummary(
            total=total,
            ended=tally.ended,
            failed=counts[Part.FAILED],
            late=counts[Part.LATE],
            working=counts[Part.WORKING],
            pending=counts[Part.PENDING],
            succeeded=counts[Part.SUCCEEDED],
            gone=counts[Part.GONE],
            other=counts[Part.OTHER],
            failed_ids=failed_ids,
            late_ids=tuple(sorted(tally.parts[Part.LATE])),
            failed_at=tuple(sorted({_place_name(tally.members[job_id]) for job_id in failed_ids})),
            ended_at=ended_at,
        )


def _counts_as_ended(tracked: TrackedJob, part: Part) -> bool:
    return tracked.condition.is_ended and part is not Part.GONE


def _place_name(tracked: TrackedJob) -> str:
    return (tracked.job.location_code if tracked.job else None) or str(tracked.job_id)


def _told(tracked: TrackedJob | None) -> tuple[str, ...]:
    """Return the messages of a failed job; none of another one."""
    job = tracked.job if tracked is not None else None
    return job.messages if job is not None and job.status is JobStatus.FAILED else ()


@lru_cache(maxsize=4096)
def _largest(messages: tuple[str, ...]) -> str:
    return messages[0] if len(messages) == 1 else causes(messages)[0].template


def common_causes(failures: Mapping[int, tuple[str, ...]]) -> Mapping[int, str]:
    """Return the largest cause of each failed job, by its id; one text for what jobs have in common.

    Args:
        failures: The messages of each failed job, by its id; each has some.
    """
    most = max(1, min(MESSAGES_OF_A_JOB, MESSAGES_COMPARED // max(1, len(failures))))
    ids, largest = tuple(failures), [_largest(messages[:most]) for messages in failures.values()]
    return {ids[index]: cause.template for cause in causes(largest) for index in cause.indexes}
