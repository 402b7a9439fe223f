"""Run the garbage collector while the screen is idle; otherwise Python runs it in the middle of a key."""

from __future__ import annotations

import gc

from tui.core.clock import Clock

EVERY_S, QUIET_S = 5.0, 1.0

"""How often it is looked whether a sweep is due, and for how long nobody must have pressed a key before."""

SWEEP_AFTER, SWEEP_ANYWAY_AFTER = 10, 200

"""Looks at young objects until a sweep is worth its time, and until Python does it at once.

A sweep among 10,000 jobs takes 60 ms. Under the heaviest load there are two or three looks in a second, and each leaves
some kilobytes.
"""


def sweep_late() -> None:
    """Have Python leave sweeps to a `GcScheduler`, unless garbage heaps up; holds for the whole program."""
    gc.set_threshold(*gc.get_threshold()[:2], SWEEP_ANYWAY_AFTER)


class GcScheduler:
    """Knows when a key was pressed last, and sweeps some time later."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key_s = clock.monotonic_s()

    def note_key(self) -> None:
        """Somebody has pressed a key just now, and may press the next."""
        self._key_s = self._clock.monotonic_s()

    def sweep(self) -> None:
        """Sweep if it is due and the keys are quiet."""
        if gc.get_count()[2] >= SWEEP_AFTER and self._clock.monotonic_s() - self._key_s >= QUIET_S:
            gc.collect()
