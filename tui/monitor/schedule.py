"""Decides when each job is asked again, and how many requests may leave. Pure: no clock, no I/O, no randomness of its own.

Every number is from faults.md, "Polling etiquette".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui.api.status import JobStatus
from tui.monitor.tracked import MISSES_UNTIL_LOST, TrackedJob

REFRESH_FLOOR_S = 1.0
"""A job is never asked twice within this time, however often somebody presses the key."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """How eagerly jobs are polled."""

    interval_s: float | None = None
    """Fixed seconds between readings of a job that has not ended; None lets the job's state decide."""
    is_attended: bool = True
    """Whether somebody looks; if not, intervals are three times as long."""
    jitter: float = 0.15
    """Share by which an interval is stretched or shortened at random, so that jobs added together drift apart."""
    confirm_s: float = 5.0
    """Seconds until the one reading that confirms a terminal status."""

    def delay_s(self, tracked: TrackedJob, *, roll: float) -> float | None:
        """Return the seconds from the last reading until the job should be asked again.

        Args:
            tracked: What is known of the job.
            roll: Random number in [0, 1); spreads the readings.

        Returns:
            Seconds, or None once the job is settled.
        """
        if tracked.is_settled:
            return None
        return self._delay_unsettled_s(tracked, roll)

    def _delay_unsettled_s(self, tracked: TrackedJob, roll: float) -> float:
        if tracked.failures:
            return self._backed_off_s(tracked.failures, roll)
        if tracked.misses:
            # 5 + 10 + 15: three retries in 30 s
            return 5.0 * min(tracked.misses, MISSES_UNTIL_LOST)
        if tracked.job is None:
            return 0.0
        if tracked.job.is_ended:
            return self.confirm_s
        if self.interval_s is not None:
            return self.interval_s
        patience = 1.0 if self.is_attended else 3.0
        return self._natural_s(tracked) * patience * (1 + self.jitter * (2 * roll - 1))

    @staticmethod
    def _natural_s(tracked: TrackedJob) -> float:
        """A WORKING job is asked each tenth of its age, all others (unknown statuses too) ever less often."""
        job, asked_at = tracked.job, tracked.answered_at
        if job and asked_at and job.status is JobStatus.WORKING:
            elapsed_s = (asked_at - job.started).total_seconds() if job.started else 0.0
            return min(15.0, max(2.0, elapsed_s / 10))
        return min(30.0, 2.0 * 1.5 ** min(tracked.repeats, 10))

    @staticmethod
    def _backed_off_s(failures: int, roll: float) -> float:
        """Full jitter: anywhere up to a ceiling that doubles with each failure."""
        return max(REFRESH_FLOOR_S, roll * min(60.0, 2.0 * 2.0 ** min(failures, 10)))


@dataclass(frozen=True, slots=True)
class RequestBudget:
    """A token bucket for one tenant; everything that leaves takes one token, manual refresh included."""

    rate_per_s: float = 2.0
    burst: float = 5.0
    in_flight_limit: int = 4
    tokens: float = 5.0
    at_s: float = 0.0
    """Monotonic second at which `tokens` was right."""

    def wait_s(self, now_s: float) -> float:
        """Return the seconds until one request may leave; 0 if it may now."""
        missing = 1.0 - self._tokens_at(now_s)
        # A wait of exactly what was asked for may fall short by rounding; without slack the loop would spin on it.
        return missing / self.rate_per_s if missing > _ROUNDING else 0.0

    def spend(self, now_s: float) -> RequestBudget:
        """Return the budget after one request at `now_s`."""
        return replace(self, tokens=self._tokens_at(now_s) - 1.0, at_s=now_s)

    def _tokens_at(self, now_s: float) -> float:
        return min(self.burst, self.tokens + max(0.0, now_s - self.at_s) * self.rate_per_s)
