"""Whose turn it is: the moments at which jobs are due, as two heaps. Knows no job, no clock and no request."""

from __future__ import annotations

import heapq
import itertools
import math


class Agenda:
    """Entries by moment, each under a number of its own.

    Entries that are due compete by `due_s - head_start_s`: an eager one overtakes, but one that has waited longer than the other's
    head start comes before it, so that nobody starves. Outdated entries stay in the heaps until they surface.
    """

    def __init__(self) -> None:
        self._order = itertools.count()
        self._current: dict[int, tuple[float, float, int]] = {}
        self._waiting: list[tuple[float, int, int]] = []
        self._ready: list[tuple[float, int, int]] = []

    def __contains__(self, entry: int) -> bool:
        return entry in self._current

    def plan(self, entry: int, due_s: float, *, head_start_s: float = 0.0) -> None:
        """Have `entry` surface at `due_s`, in the place of an earlier plan."""
        place = next(self._order)
        self._current[entry] = (due_s, head_start_s, place)
        heapq.heappush(self._waiting, (due_s, place, entry))

    def drop(self, entry: int) -> float | None:
        """Forget an entry and return when it would have been due; None if there was none."""
        planned = self._current.pop(entry, None)
        return None if planned is None else planned[0]

    def due_s(self, entry: int) -> float | None:
        """Return when an entry is due; None if there is none."""
        planned = self._current.get(entry)
        return None if planned is None else planned[0]

    def next_s(self, now_s: float) -> float | None:
        """Return the moment of the first entry: at most `now_s` if one is due; None for an empty agenda."""
        self._sift(now_s)
        if self._ready:
            return now_s
        return self._waiting[0][0] if self._waiting else None

    def pop(self, now_s: float) -> tuple[int, float] | None:
        """Take off the entry whose turn it is and return it with the moment it was due; None if none is."""
        self._sift(now_s)
        if not self._ready:
            return None
        _, _, entry = heapq.heappop(self._ready)
        due_s, _, _ = self._current.pop(entry)
        return entry, due_s

    def _sift(self, now_s: float) -> None:
        """Let what is due by now compete, and drop what is outdated at the head of both heaps."""
        while self._waiting and (self._waiting[0][0] <= now_s or self._is_outdated(self._waiting[0])):
            _, place, entry = heapq.heappop(self._waiting)
            due_s, head_start_s, current = self._current.get(entry, (math.inf, 0.0, -1))
            if current == place:
                heapq.heappush(self._ready, (due_s - head_start_s, place, entry))
        while self._ready and self._is_outdated(self._ready[0]):
            heapq.heappop(self._ready)

    def _is_outdated(self, planned: tuple[float, int, int]) -> bool:
        _, place, entry = planned
        current = self._current.get(entry)
        return current is None or current[2] != place
