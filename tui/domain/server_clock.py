"""What time it is at the server, learned from the `Date` of its answers. Pure: reads no clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

SAMPLES_KEPT = 9

"""Answers whose `Date` counts; the median of nine bears four liars."""

SLOWEST_S = 5.0

"""An answer that took longer says too little of when its `Date` was written."""

JUMP_S = 5.0

"""Two samples in a row that lie this far from the median are news of a new time and not noise: a suspend, a corrected
clock.
"""

_DATE_STEP_S = 1.0

"""`Date` is cut to whole seconds."""


@dataclass(frozen=True, slots=True)
class ServerClock:
    """The distance from a monotonic clock here to the wall clock there.

    The machine's own wall clock has no part in it: it may be wrong, and it may jump (faults.md, row 20).
    """

    epochs: tuple[datetime, ...] = ()
    """For each sample, oldest first, what the server's clock showed when the monotonic clock here stood at zero."""
    strays: tuple[datetime, ...] = ()
    """Samples since the last fitting one that lie far from the median."""

    def observed(self, server_time: datetime, *, sent_s: float, received_s: float) -> ServerClock:
        """Return the clock after one more answer.

        Args:
            server_time: Its `Date`, in whole seconds.
            sent_s: Monotonic second at which the request left.
            received_s: The same for the end of its answer; `Date` was written in between.
        """
        if received_s - sent_s > SLOWEST_S:
            return self
        # The middle of what is possible: Date was written between both moments, and up to a second is cut off it.
        sample = server_time + timedelta(seconds=_DATE_STEP_S / 2 - (sent_s + received_s) / 2)
        if not self.epochs or abs((sample - self._epoch).total_seconds()) <= JUMP_S:
            return ServerClock((*self.epochs, sample)[-SAMPLES_KEPT:])
        strays = (*self.strays, sample)
        return ServerClock(strays) if len(strays) > 1 and _agree(strays[-2:]) else replace(self, strays=strays[-1:])

    def at(self, monotonic_s: float, *, default: datetime) -> datetime:
        """Return the server's time at a monotonic second, to about half a second and half the way of an answer;
        `default` before any.
        """
        return self._epoch + timedelta(seconds=monotonic_s) if self.epochs else default

    @property
    def _epoch(self) -> datetime:
        first = self.epochs[0]
        return first + timedelta(seconds=median((sample - first).total_seconds() for sample in self.epochs))


def _agree(samples: tuple[datetime, ...]) -> bool:
    return abs((samples[0] - samples[1]).total_seconds()) <= JUMP_S
