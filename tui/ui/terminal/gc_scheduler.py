"""Run the garbage collector while the screen is idle; otherwise Python may run it during a key."""

from __future__ import annotations

import gc

from tui.core.clock import Clock

EVERY_S, QUIET_S = 5.0, 1.0
"""Seconds between two checks for a collection, and seconds without a key before one."""

SWEEP_AFTER, SWEEP_ANYWAY_AFTER = 10, 200
"""Collections of young objects until a full one is worthwhile, and until Python runs it at once.

A full collection with 10,000 jobs takes 60 ms. The highest load has two or three young ones per second, each of which
leaves some kilobytes.
"""


def sweep_late() -> None:
    """Make Python leave full collections to a `GcScheduler`, up to a limit of garbage; applies to the whole process."""
    gc.set_threshold(*gc.get_threshold()[:2], SWEEP_ANYWAY_AFTER)


class GcScheduler:
    """Runs full collections some time after the last key."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key_s = clock.monotonic_s()

    def note_key(self) -> None:
        """Note that the user has just pressed a key."""
        self._key_s = self._clock.monotonic_s()

    def sweep(self) -> None:
        """Run a collection if it is due and the user does not type."""
        if gc.get_count()[2] >= SWEEP_AFTER and self._clock.monotonic_s() - self._key_s >= QUIET_S:
            gc.collect()
