"""The state of one watched list, and whether it is complete. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tui.core.text import count
from tui.domain.selection import Selection


class Extent(StrEnum):
    """Whether a list holds all matches of its query."""

    COMPLETE = "complete"
    CUT = "cut"
    """A job is missing, or the list reached its limit."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WatchedList:
    """State of the list of one selection."""

    selection: Selection
    reading: int = 0
    """Number of reads."""
    read_at: datetime | None = None
    length: int = 0
    """Number of elements in the last response."""
    is_filtered: bool = True
    """Whether all jobs of the last response match the query."""
    extent: Extent = Extent.UNKNOWN
    """Extent by the length of the last response."""
    checked_reading: int = 0
    """Number of the last checked read; 0 for none."""
    checked_extent: Extent = Extent.UNKNOWN
    """Result of that check."""
    reading_at_end_of_check: int = 0
    """Number of reads when the check ended; a later read confirms that nothing changed."""
    has_jobs: bool = False
    """Whether any response held a job of the selection, including a removed one."""
    is_asked_for: bool = True
    """Whether the user entered the selection; False for a file found by a pattern."""

    @property
    def is_proven(self) -> bool:
        """Whether the last read or check proved that all jobs of the selection are known."""
        return self.extent is Extent.COMPLETE or self.checked_extent is Extent.COMPLETE

    @property
    def doubt(self) -> str:
        """Why jobs may be missing, as text; valid only after a check, if `is_proven` is false."""
        if not self.is_filtered:
            return "the server ignored the filter by file"
        if Extent.CUT in {self.extent, self.checked_extent}:
            return f"the server cut its list at {count(self.length, 'job')}"
        return f"the server gave {count(self.length, 'job')}, and no longer list that would show that it cut none"
