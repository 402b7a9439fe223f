"""Which jobs the list shows, in which order. Remembers what it made of each fact, so that a snapshot costs what is new in it."""

from __future__ import annotations

from collections.abc import Sequence

from tui.domain.tracked_job import TrackedJob
from tui.domain.watchlist import Watchlist
from tui.ui.views.order import Key, Order, Sorting, key_of
from tui.ui.views.sought import haystack, holds

CONTEXT = 1
"""Rows that stay in sight beyond the cursor. A row also costs bytes when it comes into sight, and its job when the detail shows it:
so they do not come with one key."""


def top_for(place: int, top: int, rows: int, total: int, *, leap: int = 0) -> int:
    """Return the first row in sight that keeps the cursor there, with context; `top` where that does.

    Args:
        place: Row of the cursor, from 0.
        top: First row in sight until now.
        rows: Rows in sight.
        total: Rows there are.
        leap: How many rows further it goes where it must scroll, so that the next keys need not.
    """
    context = min(CONTEXT, max(0, rows - 1) // 2)
    leap = min(leap, rows - 1 - 2 * context)
    first, last = place - context, place + context
    if first < top and top > 0:
        top = first - leap
    elif last >= top + rows:
        top = last - rows + 1 + leap
    return max(0, min(top, total - rows))


class Listing:
    """Filters and sorts a watchlist again and again. Without filter and order it costs nothing."""

    def __init__(self) -> None:
        self.shown: tuple[int, ...] = ()
        """Ids of the listed jobs, top to bottom; the same object as long as nothing moved."""
        self._ids: tuple[int, ...] = ()
        self._facts: Sequence[TrackedJob] = ()
        self._sought, self._sorting = "", Sorting()
        self._hay: dict[int, str] = {}
        self._found: dict[int, bool] = {}
        self._keys: dict[int, Key] = {}

    def update(self, watchlist: Watchlist, sought: str, sorting: Sorting) -> bool:
        """Take in new facts and wishes; return whether `shown` is another one now."""
        before = self.shown
        is_plain = not sought.strip() and sorting.order is Order.AS_GIVEN
        self.shown = self._plain(watchlist, sorting) if is_plain else self._made(watchlist, sought, sorting)
        return self.shown is not before

    def _plain(self, watchlist: Watchlist, sorting: Sorting) -> tuple[int, ...]:
        is_same = self._ids is watchlist.ids and (self._sought, self._sorting) == ("", sorting)
        self._remember(watchlist.ids, (), "", sorting)
        self._hay, self._found, self._keys = {}, {}, {}
        if is_same:
            return self.shown
        return watchlist.ids[::-1] if sorting.is_reversed else watchlist.ids

    def _made(self, watchlist: Watchlist, sought: str, sorting: Sorting) -> tuple[int, ...]:
        facts = tuple(map(watchlist.__getitem__, watchlist.ids))
        is_same_order, is_same_filter = sorting == self._sorting, sought == self._sought
        is_same_list = watchlist.ids is self._ids
        fresh = [new for new, old in zip(facts, self._facts, strict=True) if new is not old] if is_same_list and self._facts else facts
        has_moved = self._sort(fresh, facts, sorting) | self._seek(fresh, facts, sought)
        self._remember(watchlist.ids, facts, sought, sorting)
        if is_same_order and is_same_filter and is_same_list and not has_moved:
            return self.shown
        listed = [job_id for job_id in watchlist.ids if self._found[job_id]] if self._found else list(watchlist.ids)
        if self._keys:
            listed.sort(key=self._keys.__getitem__)
        return tuple(listed[::-1] if sorting.is_reversed else listed)

    def _sort(self, fresh: Sequence[TrackedJob], facts: Sequence[TrackedJob], sorting: Sorting) -> bool:
        """Make the keys that are missing; return whether any is another one now."""
        order = sorting.order
        if order is Order.AS_GIVEN:
            self._keys = {}
            return False
        changed = {each.job_id: key_of(each, order) for each in (fresh if order is self._sorting.order and self._keys else facts)}
        has_moved = any(self._keys.get(job_id) != key for job_id, key in changed.items())
        self._keys.update(changed)
        return has_moved

    def _seek(self, fresh: Sequence[TrackedJob], facts: Sequence[TrackedJob], sought: str) -> bool:
        """Judge the jobs that must be judged anew; return whether any verdict is another one now."""
        words = sought.lower().split()
        if not words:
            self._hay, self._found = {}, {}
            return False
        self._hay.update((each.job_id, haystack(each)) for each in (fresh if self._hay else facts))
        changed = {each.job_id: holds(self._hay[each.job_id], words) for each in self._in_question(fresh, facts, sought)}
        has_moved = any(self._found.get(job_id) is not verdict for job_id, verdict in changed.items())
        self._found.update(changed)
        return has_moved

    def _in_question(self, fresh: Sequence[TrackedJob], facts: Sequence[TrackedJob], sought: str) -> Sequence[TrackedJob]:
        """The jobs whose verdict may be another one: of a filter that was typed on, those that passed it until now."""
        if not self._found or not sought.startswith(self._sought):
            return facts
        if sought == self._sought or fresh is facts:
            return fresh
        return [*fresh, *(each for each in facts if self._found[each.job_id])]

    def _remember(self, ids: tuple[int, ...], facts: Sequence[TrackedJob], sought: str, sorting: Sorting) -> None:
        self._ids, self._facts, self._sought, self._sorting = ids, facts, sought, sorting
