"""How often jobs are polled, as the user and the options say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """How often jobs are polled."""

    interval_s: float | None = None
    """Fixed seconds between polls of a job that has not ended; None if the job's state decides."""
    is_attended: bool = True
    """Whether the user looks at the screen; if not, intervals are three times as long."""
    jitter: float = 0.15
    """Largest random change of an interval, as a share of it, so that jobs added together spread out."""
    confirm_s: float = 5.0
    """Seconds until the one reading that confirms a terminal status."""
