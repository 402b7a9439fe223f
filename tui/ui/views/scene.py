"""The one value that all widgets paint: the facts of one moment and how to look at them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tui.domain.connection import Link, LinkState
from tui.domain.watchlist import Watchlist
from tui.monitor.snapshot import Snapshot
from tui.ui.views.look import Look

NO_SNAPSHOT = Snapshot()
"""What is known before the monitor has said anything."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Facts and look; a new fact or a new second is a new scene."""

    snapshot: Snapshot
    look: Look
    awaited: int = 0
    """How many jobs were given at the start, until a snapshot has them."""

    @property
    def watchlist(self) -> Watchlist:
        """The watched jobs."""
        return self.snapshot.watchlist

    @property
    def link(self) -> Link:
        """The connection, as far as it keeps the facts current: a pause cuts them off as an outage does."""
        if self.snapshot.is_paused and self.snapshot.link.state is LinkState.UP:
            return Link(LinkState.PAUSED)
        return self.snapshot.link
