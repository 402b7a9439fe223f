"""How late calls leave because the budget is too small for all; time in which nobody could ask makes nothing late. Pure bookkeeping."""

from __future__ import annotations

from collections import deque
from statistics import median

DEPARTURES_JUDGED = 9
"""Newest calls whose lateness counts; the median of nine does not jump with one."""

LATE_FROM_S = 1.0
"""Nobody calls that late."""

OVERSLEPT_S = 2.0
"""How much later than planned the loop wakes where the whole process stood still, not just a busy machine."""


class Lateness:
    """The lateness of the newest calls, forgotten when all is caught up. Each `now_s` is a monotonic second."""

    def __init__(self) -> None:
        self._late_s: deque[float] = deque(maxlen=DEPARTURES_JUDGED)
        self._open_from_s = 0.0
        """Until then nothing could be asked, whatever the budget."""
        self._was_shut = False
        self._alarm_s: float | None = None

    def woke(self, now_s: float, *, is_shut: bool) -> None:
        """Take note that the loop looks again what may leave.

        Args:
            now_s: When.
            is_shut: Whether a person or the link keep calls back now.
        """
        if is_shut or self._was_shut or (self._alarm_s is not None and now_s > self._alarm_s + OVERSLEPT_S):
            self._open_from_s = now_s
            self._late_s.clear()
        self._was_shut = is_shut

    def left(self, now_s: float, *, late_s: float) -> None:
        """Count a call that leaves `late_s` seconds after its time."""
        self._late_s.append(min(late_s, now_s - self._open_from_s))

    def sleeps(self, now_s: float, *, wait_s: float | None, is_anyone_due: bool) -> None:
        """Take note that the loop waits `wait_s` seconds or for news; where nobody is due, what was late is caught up."""
        self._alarm_s = None if wait_s is None else now_s + wait_s
        if not is_anyone_due:
            self._late_s.clear()

    @property
    def usual_s(self) -> float:
        """How late calls leave, in seconds; 0 where they leave in time."""
        usual_s = median(self._late_s) if self._late_s else 0.0
        return usual_s if usual_s >= LATE_FROM_S else 0.0
