"""Counts what leaves: how much in a minute, and how late. Pure bookkeeping."""

from __future__ import annotations

from collections import deque
from statistics import median

WINDOW_S = 60.0

DEPARTURES_JUDGED = 9
"""Newest requests whose lateness counts; the median of nine does not jump with one."""

LATE_FROM_S = 1.0
"""Nobody calls that late."""


class TrafficMeter:
    """The requests of the last minute."""

    def __init__(self) -> None:
        self._sent_s: deque[float] = deque()
        self._late_s: deque[float] = deque(maxlen=DEPARTURES_JUDGED)

    def left(self, now_s: float, *, late_s: float) -> None:
        """Count a request that leaves now, `late_s` seconds after its job was due."""
        self._sent_s.append(now_s)
        self._late_s.append(late_s)

    def per_min(self, now_s: float) -> int:
        """Return how many requests left within the last 60 s."""
        while self._sent_s and self._sent_s[0] < now_s - WINDOW_S:
            self._sent_s.popleft()
        return len(self._sent_s)

    @property
    def late_s(self) -> float:
        """How late requests leave, in seconds; 0 where they leave in time."""
        usual_s = median(self._late_s) if self._late_s else 0.0
        return usual_s if usual_s >= LATE_FROM_S else 0.0
