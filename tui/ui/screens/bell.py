"""Rings the bell of the terminal when the jobs that the user chose have ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tui.domain.job_status import JobStatus
from tui.domain.watchlist import Watchlist
from tui.ui.screens.comparing import named


class Bell:
    """Waits for the end of sets of jobs.

    Args:
        ring: Rings the bell.
        say: Shows a message.
    """

    def __init__(self, ring: Callable[[], None], say: Callable[[str], None]) -> None:
        self._ring = ring
        self._say = say
        self._awaited: list[frozenset[int]] = []

    def toggle(self, job_ids: Iterable[int], watchlist: Watchlist) -> None:
        """Ring when all these jobs have ended, or no more if that was asked for before; say which."""
        chosen = frozenset(job_ids)
        if chosen in self._awaited:
            self._awaited.remove(chosen)
            self._say(f"no bell for {named(tuple(chosen))}")
        elif _have_ended(chosen, watchlist):
            self._say(f"{named(tuple(chosen))} {'has' if len(chosen) == 1 else 'have'} ended already")
        else:
            self._awaited.append(chosen)
            self._say(f"the bell rings when {named(tuple(chosen))} {'has' if len(chosen) == 1 else 'have'} ended")

    def look(self, watchlist: Watchlist) -> None:
        """Ring once for each set whose jobs have ended; jobs that were removed count as ended."""
        over = [chosen for chosen in self._awaited if _have_ended(chosen, watchlist)]
        for chosen in over:
            self._awaited.remove(chosen)
        if over:
            ended = frozenset().union(*over)
            failed = sum(
                tracked is not None and tracked.status is JobStatus.FAILED for tracked in map(watchlist.get, ended)
            )
            self._ring()
            self._say(f"{named(tuple(ended))} ended{f', {failed:,} failed' if failed else ''}")


def _have_ended(job_ids: frozenset[int], watchlist: Watchlist) -> bool:
    known = map(watchlist.get, job_ids)
    return all(tracked is None or tracked.condition.is_ended or tracked.condition.is_lost for tracked in known)
