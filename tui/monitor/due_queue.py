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
    """Entries that are due together, as jobs of one list are; the heaps hold it whole."""

    due_s: float
    priority_boost_s: float
    entries: list[E]
    """Those that may still wait for this turn, the first one last; those with a newer plan, or none, stay until they
    come to the end.
    """


class DueQueue(Generic[E]):
    """Entries by moment, each under a number of its own.

    Entries that are due compete by `due_s - priority_boost_s`: an eager one overtakes, but one that has waited longer
    than the other's
    head start comes before it, so that nobody starves. Outdated turns stay in the heaps until they surface.
    """

    def __init__(self) -> None:
        self._order = itertools.count()
        self._current: dict[object, _Turn[E]] = {}
        self._waiting: list[tuple[float, int, _Turn[E]]] = []
        self._ready: list[tuple[float, int, _Turn[E]]] = []

    def __contains__(self, entry: E) -> bool:
        return entry in self._current

    def plan(self, entry: E, due_s: float, *, priority_boost_s: float = 0.0) -> None:
        """Have `entry` surface at `due_s`, in the place of an earlier plan."""
        self.plan_together((entry,), due_s, priority_boost_s=priority_boost_s)

    def plan_together(self, entries: Iterable[E], due_s: float, *, priority_boost_s: float = 0.0) -> None:
        """Have `entries` surface at `due_s`, in their order, in the place of earlier plans; it costs little more than
        one of them.
        """
        turn = _Turn(due_s, priority_boost_s, [*entries][::-1])
        self._current.update(dict.fromkeys(turn.entries, turn))
        heapq.heappush(self._waiting, (due_s, next(self._order), turn))

    def postpone(self, entries: Iterable[E], due_s: float) -> None:
        """Have those of `entries` that are due earlier surface at `due_s`, without a head start."""
        turns = ((entry, self._current.get(entry)) for entry in entries)
        self.plan_together([entry for entry, turn in turns if turn is not None and turn.due_s < due_s], due_s)

    def drop(self, entry: E) -> float | None:
        """Forget an entry and return when it would have been due; None if there was none."""
        turn = self._current.pop(entry, None)
        return None if turn is None else turn.due_s

    def take(self, entries: Iterable[T]) -> dict[T, float]:
        """Forget entries and return when each of them that was planned would have been due."""
        return {entry: turn.due_s for entry in entries if (turn := self._current.pop(entry, None))}

    def due_s(self, entry: E) -> float | None:
        """Return when an entry is due; None if there is none."""
        turn = self._current.get(entry)
        return None if turn is None else turn.due_s

    def next_s(self, now_s: float) -> float | None:
        """Return the moment of the first entry: at most `now_s` if one is due; None for an empty agenda."""
        self._sift(now_s)
        if self._ready:
            return now_s
        return self._waiting[0][0] if self._waiting else None

    def pop(self, now_s: float) -> tuple[E, float] | None:
        """Take off the entry whose turn it is and return it with the moment it was due; None if none is."""
        self._sift(now_s)
        if not self._ready:
            return None
        _, _, turn = self._ready[0]
        entry = turn.entries.pop()
        del self._current[entry]
        return entry, turn.due_s

    def _sift(self, now_s: float) -> None:
        """Let what is due by now compete, and drop what is outdated at the head of both heaps."""
        while self._waiting and (self._waiting[0][0] <= now_s or self._is_over(self._waiting[0][2])):
            _, place, turn = heapq.heappop(self._waiting)
            heapq.heappush(self._ready, (turn.due_s - turn.priority_boost_s, place, turn))
        while self._ready and self._is_over(self._ready[0][2]):
            heapq.heappop(self._ready)

    def _is_over(self, turn: _Turn[E]) -> bool:
        """Take entries that wait for another turn, or for none, off the end; return whether nobody is left."""
        while turn.entries and self._current.get(turn.entries[-1]) is not turn:
            turn.entries.pop()
        return not turn.entries
