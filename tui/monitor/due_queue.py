"""A queue of jobs ordered by the time when each is due. Pure."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

E = TypeVar("E")

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Turn(Generic[E]):
    """Entries that are due together, such as the jobs of one list; a single element of the heaps."""

    due_s: float
    priority_boost_s: float
    entries: list[E]
    """Entries in reverse order. Outdated ones, with a newer plan or none, stay until they reach the end."""


class DueQueue(Generic[E]):
    """Entries by due time.

    Due entries are ordered by `due_s - priority_boost_s`: a boosted entry overtakes, except an entry that has waited
    longer than the boost, so no entry starves. Outdated turns stay in the heaps until they reach the top.
    """

    def __init__(self) -> None:
        self._order = itertools.count()
        self._current: dict[object, _Turn[E]] = {}
        self._waiting: list[tuple[float, int, _Turn[E]]] = []
        self._ready: list[tuple[float, int, _Turn[E]]] = []

    def __contains__(self, entry: E) -> bool:
        return entry in self._current

    def plan(self, entry: E, due_s: float, *, priority_boost_s: float = 0.0) -> None:
        """Plan `entry` at `due_s`; this replaces an earlier plan."""
        self.plan_together((entry,), due_s, priority_boost_s=priority_boost_s)

    def plan_together(self, entries: Iterable[E], due_s: float, *, priority_boost_s: float = 0.0) -> None:
        """Plan `entries` at `due_s`, in their order; this replaces earlier plans. Costs little more than one `plan`."""
        turn = _Turn(due_s, priority_boost_s, [*entries][::-1])
        self._current.update(dict.fromkeys(turn.entries, turn))
        heapq.heappush(self._waiting, (due_s, next(self._order), turn))

    def postpone(self, entries: Iterable[E], due_s: float) -> None:
        """Move those of `entries` that are due earlier to `due_s`, without a boost."""
        turns = ((entry, self._current.get(entry)) for entry in entries)
        self.plan_together([entry for entry, turn in turns if turn is not None and turn.due_s < due_s], due_s)

    def drop(self, entry: E) -> float | None:
        """Remove an entry and return its due time; None if it was not planned."""
        turn = self._current.pop(entry, None)
        return None if turn is None else turn.due_s

    def take(self, entries: Iterable[T]) -> dict[T, float]:
        """Remove entries and return the due time of each that was planned."""
        return {entry: turn.due_s for entry in entries if (turn := self._current.pop(entry, None))}

    def due_s(self, entry: E) -> float | None:
        """Return when an entry is due; None if it is not planned."""
        turn = self._current.get(entry)
        return None if turn is None else turn.due_s

    def next_s(self, now_s: float) -> float | None:
        """Return when the first entry is due: at most `now_s` if one is due now; None if the queue is empty."""
        self._sift(now_s)
        if self._ready:
            return now_s
        return self._waiting[0][0] if self._waiting else None

    def pop(self, now_s: float) -> tuple[E, float] | None:
        """Remove the first due entry and return it with its due time; None if no entry is due."""
        self._sift(now_s)
        if not self._ready:
            return None
        _, _, turn = self._ready[0]
        entry = turn.entries.pop()
        del self._current[entry]
        return entry, turn.due_s

    def _sift(self, now_s: float) -> None:
        """Move due turns to the ready heap, and drop outdated turns at the top of both heaps."""
        while self._waiting and (self._waiting[0][0] <= now_s or self._is_over(self._waiting[0][2])):
            _, order, turn = heapq.heappop(self._waiting)
            heapq.heappush(self._ready, (turn.due_s - turn.priority_boost_s, order, turn))
        while self._ready and self._is_over(self._ready[0][2]):
            heapq.heappop(self._ready)

    def _is_over(self, turn: _Turn[E]) -> bool:
        """Drop outdated entries at the end of a turn; return whether none is left."""
        while turn.entries and self._current.get(turn.entries[-1]) is not turn:
            turn.entries.pop()
        return not turn.entries
