"""The server's time, estimated from the `Date` of its responses. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

SAMPLES_KEPT = 9
"""Number of samples; their median tolerates up to four outliers."""

SLOWEST_S = 5.0
"""Longest round trip of a sample; after more the time of its `Date` is too uncertain."""

JUMP_S = 5.0
"""Two consecutive samples this far from the median mean a real change, such as a suspend or a corrected clock."""

_DATE_STEP_S = 1.0
"""`Date` is truncated to whole seconds."""


@dataclass(frozen=True, slots=True)
class ServerClock:
    """Offset between the local monotonic clock and the server's wall clock.

    Does not use the local wall clock, which may be wrong and may jump (tests/README.md, row 20).
    """

    epochs: tuple[datetime, ...] = ()
    """For each sample, oldest first: the server's time at zero of the local monotonic clock."""
    strays: tuple[datetime, ...] = ()
    """Consecutive newest samples that lie far from the median."""

    def observed(self, server_time: datetime, *, sent_s: float, received_s: float) -> ServerClock:
        """Return the clock with one more sample.

        Args:
            server_time: The response's `Date`, in whole seconds.
            sent_s: Monotonic time at which the request left.
            received_s: Monotonic time at the end of the response; the server wrote `Date` in between.
        """
        if received_s - sent_s > SLOWEST_S:
            return self
        # The middle of the possible range: Date lies between both times and is truncated by up to a second.
        sample = server_time + timedelta(seconds=_DATE_STEP_S / 2 - (sent_s + received_s) / 2)
        if not self.epochs or abs((sample - self._epoch).total_seconds()) <= JUMP_S:
            return ServerClock((*self.epochs, sample)[-SAMPLES_KEPT:])
        strays = (*self.strays, sample)
        return ServerClock(strays) if len(strays) > 1 and _agree(strays[-2:]) else replace(self, strays=strays[-1:])

    def at(self, monotonic_s: float, *, default: datetime) -> datetime:
        """Return the server's time at a monotonic time; `default` without samples.

        The error is about half a second plus half a round trip.
        """
        return self._epoch + timedelta(seconds=monotonic_s) if self.epochs else default

    @property
    def _epoch(self) -> datetime:
        first = self.epochs[0]
        return first + timedelta(seconds=median((sample - first).total_seconds() for sample in self.epochs))


def _agree(samples: tuple[datetime, ...]) -> bool:
    return abs((samples[0] - samples[1]).total_seconds()) <= JUMP_S
