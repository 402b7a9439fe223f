"""Which watched jobs the list shows, and in which order; a change costs only what it changes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from tui.analysis.job_filter import NO_FILTER, Subject, parse_filter
from tui.domain.tracked_job import TrackedJob
from tui.domain.watchlist import Watchlist
from tui.presentation.columns import SortKey
from tui.ui.rendering.job_table import Order, Sorting, key_of, searchable_words


class FilteredSortedIds:
    """Filters and sorts a watchlist incrementally. Without filter and order it costs nothing."""

    def __init__(self) -> None:
        self.visible_ids: tuple[int, ...] = ()
        """Ids of the listed jobs, top to bottom; the same object until it changes."""
        self._ids: tuple[int, ...] = ()
        self._facts: Sequence[TrackedJob] = ()
        self._filter_text, self._sorting = "", Sorting()
        self._filter = NO_FILTER
        self._now: datetime | None = None
        self._searchable: dict[int, str] = {}
        self._found: dict[int, bool] = {}
        self._keys: dict[int, SortKey] = {}
        self._held: int | None = None
        self._late: frozenset[int] = frozenset()
        self._newly_late: frozenset[int] = frozenset()
        """Jobs that are late since this update, or not any more."""
        self._is_displaced = False
        """Whether the held job is in another row than its order would give it."""

    def update(
        self,
        watchlist: Watchlist,
        filter_text: str,
        sorting: Sorting,
        *,
        held: int | None = None,
        late: Collection[int] = (),
        now: datetime | None = None,
    ) -> bool:
        """Apply a watchlist, a filter and an order; return whether `visible_ids` changed.

        Args:
            watchlist: The jobs.
            filter_text: A filter without mistakes (`tui/analysis/job_filter`).
            sorting: The order.
            held: A job that keeps its row until another one is held, or the filter or the order changes.
            late: The late jobs.
            now: The server's time, aware, for filters by time.
        """
        before, self._now = self.visible_ids, now
        self._newly_late, self._late = self._late ^ frozenset(late), frozenset(late)
        is_plain = not filter_text.strip() and sorting.order is Order.AS_GIVEN
        self.visible_ids = (
            self._plain(watchlist, sorting) if is_plain else self._made(watchlist, filter_text, sorting, held)
        )
        self._held = held
        return self.visible_ids is not before

    def _plain(self, watchlist: Watchlist, sorting: Sorting) -> tuple[int, ...]:
        is_same = self._ids is watchlist.ids and (self._filter_text, self._sorting) == ("", sorting)
        self._remember(watchlist.ids, (), "", sorting)
        self._searchable, self._found, self._keys, self._is_displaced = {}, {}, {}, False
        if is_same:
            return self.visible_ids
        return watchlist.ids[::-1] if sorting.is_reversed else watchlist.ids

    def _made(self, watchlist: Watchlist, filter_text: str, sorting: Sorting, held: int | None) -> tuple[int, ...]:
        facts = tuple(map(watchlist.__getitem__, watchlist.ids))
        is_same_order, is_same_filter = sorting == self._sorting, filter_text == self._filter_text
        is_same_list = watchlist.ids is self._ids
        fresh = (
            [new for new, old in zip(facts, self._facts, strict=True) if new is not old]
            if is_same_list and self._facts
            else facts
        )
        has_moved = self._sort(fresh, facts, sorting) | self._seek(fresh, facts, filter_text)
        self._remember(watchlist.ids, facts, filter_text, sorting)
        is_released = self._is_displaced and held != self._held
        if is_same_order and is_same_filter and is_same_list and not has_moved and not is_released:
            return self.visible_ids
        listed = [job_id for job_id in watchlist.ids if self._found[job_id]] if self._found else list(watchlist.ids)
        if self._keys:
            listed.sort(key=self._keys.__getitem__)
        if sorting.is_reversed:
            listed.reverse()
        self._is_displaced = False
        if held is not None and is_same_order and is_same_filter and held in listed and held in self.visible_ids:
            place, row = listed.index(held), self.visible_ids.index(held)
            listed.insert(row, listed.pop(place))
            self._is_displaced = place != row
        return self.visible_ids if tuple(listed) == self.visible_ids else tuple(listed)

    def _sort(self, fresh: Sequence[TrackedJob], facts: Sequence[TrackedJob], sorting: Sorting) -> bool:
        """Compute the missing sort keys; return whether any changed."""
        order = sorting.order
        if order is Order.AS_GIVEN:
            self._keys = {}
            return False
        is_same_order = order is self._sorting.order and bool(self._keys)
        late = [each for each in facts if each.job_id in self._newly_late] if self._newly_late else []
        changed = {
            each.job_id: key_of(each, order, is_late=each.job_id in self._late)
            for each in ([*fresh, *late] if is_same_order else facts)
        }
        has_moved = any(self._keys.get(job_id) != key for job_id, key in changed.items())
        self._keys.update(changed)
        return has_moved

    def _seek(self, fresh: Sequence[TrackedJob], facts: Sequence[TrackedJob], filter_text: str) -> bool:
        """Filter the jobs whose result may have changed; return whether any did."""
        if not filter_text.strip():
            self._searchable, self._found, self._filter = {}, {}, NO_FILTER
            return False
        self._searchable.update(
            (each.job_id, searchable_words(each)) for each in (fresh if self._searchable else facts)
        )
        before = self._filter
        if filter_text != self._filter_text:
            self._filter = parse_filter(filter_text)
        is_narrower = before.only_words and self._filter.only_words and filter_text.startswith(self._filter_text)
        if not self._found or not (filter_text == self._filter_text or is_narrower):
            in_question = facts
        else:
            in_question = [*fresh, *self._changed_elsewhere(facts, is_narrower=filter_text != self._filter_text)]
        changed = {
            each.job_id: self._filter.matches(
                Subject(each, self._searchable[each.job_id], each.job_id in self._late, self._now)
            )
            for each in in_question
        }
        has_moved = any(self._found.get(job_id) is not verdict for job_id, verdict in changed.items())
        self._found.update(changed)
        return has_moved

    def _changed_elsewhere(self, facts: Sequence[TrackedJob], *, is_narrower: bool) -> Sequence[TrackedJob]:
        """Return the jobs whose result may change although they did not: those that matched a shorter filter, late ones
        and, for a filter by time, those that have not ended.
        """
        if is_narrower:
            return [each for each in facts if self._found.get(each.job_id)]
        if self._filter.depends_on_time:
            return [each for each in facts if each.job_id in self._newly_late or (each.job and not each.job.is_ended)]
        return [each for each in facts if each.job_id in self._newly_late] if self._newly_late else ()

    def _remember(self, ids: tuple[int, ...], facts: Sequence[TrackedJob], filter_text: str, sorting: Sorting) -> None:
        self._ids, self._facts, self._filter_text, self._sorting = ids, facts, filter_text, sorting
