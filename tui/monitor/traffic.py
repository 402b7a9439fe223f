"""Counts what leaves. Pure bookkeeping."""

from __future__ import annotations

from collections import deque

WINDOW_S = 60.0


class TrafficMeter:
    """The requests of the last minute."""

    def __init__(self) -> None:
        self._sent_s: deque[float] = deque()

    def left(self, now_s: float) -> None:
        """Count a request that leaves now."""
        self._sent_s.append(now_s)

    def per_min(self, now_s: float) -> int:
        """Return how many requests left within the last 60 s."""
        while self._sent_s and self._sent_s[0] < now_s - WINDOW_S:
            self._sent_s.popleft()
        return len(self._sent_s)
