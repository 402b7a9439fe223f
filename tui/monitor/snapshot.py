"""Everything the monitor knows at one moment, and what just changed. Values only."""

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

"""How long before its end a token that nobody renews is spoken of."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """How much is asked, and how far the budget lets it be asked in time."""

    requests_per_min: int = 0
    """Requests that left within the last 60 s."""
    next_at: datetime | None = None
    """When the next one leaves; None where only an answer or a person can tell."""
    late_s: float = 0.0
    """How long after their time jobs are asked because the budget is used up; 0 where it suffices."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything the monitor knows at one moment. Compared by identity, as its jobs are."""

    watchlist: Watchlist = field(default_factory=Watchlist)
    link: Connection = field(default_factory=Connection)
    policy: PollPolicy = field(default_factory=PollPolicy)
    is_paused: bool = False
    traffic: Traffic = field(default_factory=Traffic)
    server_clock: ServerClock = field(default_factory=ServerClock)
    answered_at: datetime | None = None
    """Moment of the newest good answer about any job; None before the first."""
    token_renewed_at: datetime | None = None
    """When a refused token was last found renewed; None if never."""
    access_ends_at: datetime | None = None
    """When the token ends unless somebody renews it; a hint. None if that is not known."""
    lists: tuple[WatchedList, ...] = ()
    """The lists that are watched for their own sake, such as that of a file."""
    removed: tuple[int, ...] = ()
    """Ids of the jobs that a user removed; no watched list brings them back."""
    skipped: int = 0
    """Most elements of one list that were not jobs."""
    restarts: int = 0
    """How often the monitor was started anew after a bug in it."""

    @property
    def selections(self) -> tuple[Selection, ...]:
        """What users watch without ids, in the order in which they named it."""
        return tuple(known.selection for known in self.lists if known.is_asked_for)

    @property
    def awaited(self) -> tuple[WatchedList, ...]:
        """The lists that users named and that have not brought any job yet."""
        return tuple(known for known in self.lists if known.is_asked_for and not known.has_jobs)


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """All changes that one answer or one command brought."""

    changed: tuple[TrackedJob, ...]
    """The jobs that were observed anew, in their new state."""
    snapshot: Snapshot
