"""Immutable copies of the monitor's state, and the changes from one to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum

from tui.domain.connection import Connection
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection
from tui.domain.server_clock import ServerClock
from tui.domain.tracked_job import TrackedJob
from tui.domain.watched_list import WatchedList
from tui.domain.watchlist import Watchlist

ACCESS_WARNED_BEFORE_S = 600.0
"""Seconds before the expiry of a token from which the user is warned."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """The request rate, and the delay that the budget causes."""

    requests_per_min: int = 0
    """Requests sent within the last 60 s."""
    next_at: datetime | None = None
    """When the next request leaves; None if that depends on a response or on the user."""
    late_s: float = 0.0
    """Seconds by which polls are late because the budget is used up; 0 if it suffices."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The monitor's state at one moment."""

    watchlist: Watchlist = field(default_factory=Watchlist)
    link: Connection = field(default_factory=Connection)
    policy: PollPolicy = field(default_factory=PollPolicy)
    is_paused: bool = False
    traffic: Traffic = field(default_factory=Traffic)
    server_clock: ServerClock = field(default_factory=ServerClock)
    answered_at: datetime | None = None
    """Time of the newest good response; None before the first."""
    token_renewed_at: datetime | None = None
    """When a new token last replaced a rejected one; None if never."""
    access_ends_at: datetime | None = None
    """When the token expires if it is not renewed, as a hint; None if that is not known."""
    lists: tuple[WatchedList, ...] = ()
    """The watched lists, such as that of a file."""
    removed: tuple[int, ...] = ()
    """Ids of the jobs that the user removed; no watched list brings them back."""
    skipped: int = 0
    """Largest number of elements in one list that were not jobs."""
    restarts: int = 0
    """How often the monitor was restarted after a bug in it."""

    @property
    def selections(self) -> tuple[Selection, ...]:
        """The selections that the user watches, oldest first."""
        return tuple(known.selection for known in self.lists if known.is_asked_for)

    @property
    def awaited(self) -> tuple[WatchedList, ...]:
        """The lists that the user requested and that have not brought a job yet."""
        return tuple(known for known in self.lists if known.is_asked_for and not known.has_jobs)

    def apply(self, update: Update) -> Snapshot:
        """Return the state after an update that was made for this one."""
        watchlist = self.watchlist
        if update.untracked:
            watchlist = watchlist.without(update.untracked)
        if update.changed:
            watchlist = watchlist.with_jobs(update.changed)
        if update.order is not None:
            watchlist = watchlist.ordered(update.order)
        values = {name: getattr(update, name) for name in _FIELDS}
        return replace(
            self, watchlist=watchlist, **{name: value for name, value in values.items() if value is not UNCHANGED}
        )

    def update_to(self, after: Snapshot, changed: Iterable[TrackedJob] | None = None) -> Update:
        """Return the update that leads from this state to `after`.

        Args:
            after: The later state.
            changed: The jobs that differ, if they are known and none was added, moved or removed; None compares all.
        """
        before, jobs = self.watchlist, after.watchlist
        untracked: tuple[int, ...] = ()
        order: tuple[int, ...] | None = None
        if before.ids is not jobs.ids:
            changed = None
        if changed is None:
            changed = [tracked for tracked in jobs.values() if before.get(tracked.job_id) != tracked]
        if before.ids != jobs.ids:
            untracked = tuple(job_id for job_id in before.ids if job_id not in jobs)
            kept = (
                *(job_id for job_id in before.ids if job_id in jobs),
                *(id_ for id_ in jobs.ids if id_ not in before),
            )
            order = None if kept == jobs.ids else jobs.ids
        values = {name: (getattr(self, name), getattr(after, name)) for name in _FIELDS}
        return Update(
            tuple(changed), untracked, order, **{name: now for name, (was, now) in values.items() if was != now}
        )


class Unchanged(Enum):
    """The value of a field that an update leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class Update:
    """What one response or one command changed. `Snapshot.apply` gives the state after it."""

    changed: tuple[TrackedJob, ...] = ()
    """The jobs that changed or were added, in their new state; added ones come last in the list, in this order."""
    untracked: tuple[int, ...] = ()
    """Jobs that are not watched any more."""
    order: tuple[int, ...] | None = None
    """All ids in their new order, if a job moved or was added at another place than the end."""
    link: Connection | Unchanged = UNCHANGED
    policy: PollPolicy | Unchanged = UNCHANGED
    is_paused: bool | Unchanged = UNCHANGED
    traffic: Traffic | Unchanged = UNCHANGED
    server_clock: ServerClock | Unchanged = UNCHANGED
    answered_at: datetime | Unchanged | None = UNCHANGED
    token_renewed_at: datetime | Unchanged | None = UNCHANGED
    access_ends_at: datetime | Unchanged | None = UNCHANGED
    lists: tuple[WatchedList, ...] | Unchanged = UNCHANGED
    removed: tuple[int, ...] | Unchanged = UNCHANGED
    skipped: int | Unchanged = UNCHANGED
    restarts: int | Unchanged = UNCHANGED


_FIELDS = tuple(each.name for each in fields(Snapshot) if each.name != "watchlist")
"""The fields that an update holds whole."""
