"""Immutable copies of the monitor's state, and the last change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.connection import Connection
from tui.domain.selection import Selection
from tui.domain.server_clock import ServerClock
from tui.domain.tracked_job import TrackedJob
from tui.domain.watched_list import WatchedList
from tui.domain.watchlist import Watchlist
from tui.monitor.polling_policy import PollPolicy

ACCESS_TOLD_BEFORE_S = 600.0
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


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The monitor's state at one moment. Compared by identity, as its jobs are."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """All changes by one response or one command."""

    changed: tuple[TrackedJob, ...]
    """The jobs that changed, in their new state."""
    snapshot: Snapshot
