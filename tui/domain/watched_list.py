"""What is known about the list of one selection, and whether it is complete. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from tui.core.text import count
from tui.domain.selection import Selection

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    pass


class Extent(StrEnum):
    """How much of what matches a query its list holds."""

    COMPLETE = "complete"
    CUT = "cut"
    """It lacks a job, or is as long as it was allowed to be."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WatchedList:
    """What is known of the list of one selection."""

    selection: Selection
    reading: int = 0
    """Number of times that it was read."""
    read_at: datetime | None = None
    length: int = 0
    """Elements of the last answer."""
    is_filtered: bool = True
    """Whether the last answer held only jobs that were asked for."""
    extent: Extent = Extent.UNKNOWN
    """What the length of the last answer says."""
    checked_reading: int = 0
    """Number of the reading that was last checked; 0 for none."""
    checked_extent: Extent = Extent.UNKNOWN
    """What that check proved."""
    reading_at_end_of_check: int = 0
    """Number of readings when the check ended; a later reading confirms that nothing has changed since."""
    has_jobs: bool = False
    """Whether any answer held a job of the selection, one that was removed included."""
    is_asked_for: bool = True
    """Whether a user named the selection; False for a file that was found through a pattern."""

    @property
    def is_proven(self) -> bool:
        """Whether the last reading or the last check proved that all jobs of the selection are known."""
        return self.extent is Extent.COMPLETE or self.checked_extent is Extent.COMPLETE

    @property
    def doubt(self) -> str:
        """Why jobs may be missing, in words; only if `is_proven` is false and a check has ended."""
        if not self.is_filtered:
            return "the server ignored the filter by file"
        if Extent.CUT in {self.extent, self.checked_extent}:
            return f"the server cut its list at {count(self.length, 'job')}"
        return f"the server gave {count(self.length, 'job')}, and no longer list that would show that it cut none"
