"""The list of watched jobs: filtered, sorted, one row each. The cursor follows its job."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.timer import Timer

from tui.core.clock import SystemClock
from tui.core.text import count, one_line
from tui.domain.tracked_job import TrackedJob
from tui.domain.watchlist import Watchlist
from tui.presentation.columns import SortKey
from tui.ui.commands import bindings
from tui.ui.rendering.job_table import (
    Columns,
    Order,
    Sorting,
    awaited_files,
    empty_state,
    header,
    holds,
    id_digits,
    is_still,
    key_of,
    row,
    searchable_words,
)
from tui.ui.rendering.lines import BLANK, Line, Role, Span, cut
from tui.ui.rendering.view_state import ViewState
from tui.ui.widgets.line_view import SHORTEST_RULE, TITLE_MARGIN, LineView, Overlay

CONTEXT = 1
"""Rows that stay visible beyond the cursor. A new row and a new job in the detail both cost bytes; this way one key
does not send both.
"""


def top_for(place: int, top: int, rows: int, total: int, *, leap: int = 0) -> int:
    """Return the first visible row that keeps the cursor visible, with context; `top` if that one does.

    Args:
        place: Row of the cursor, from 0.
        top: First visible row now.
        rows: Visible rows.
        total: Number of all rows.
        leap: Additional rows to scroll, so that the next keys do not scroll.
    """
    context = min(CONTEXT, max(0, rows - 1) // 2)
    leap = min(leap, rows - 1 - 2 * context)
    first, last = place - context, place + context
    if first < top and top > 0:
        top = first - leap
    elif last >= top + rows:
        top = last - rows + 1 + leap
    return max(0, min(top, total - rows))


class FilteredSortedIds:
    """Filters and sorts a watchlist incrementally. Without filter and order it costs nothing."""

    def __init__(self) -> None:
        self.visible_ids: tuple[int, ...] = ()
        """Ids of the listed jobs, top to bottom; the same object until it changes."""
        self._ids: tuple[int, ...] = ()
        self._facts: Sequence[TrackedJob] = ()
        self._filter_text, self._sorting = "", Sorting()
        self._searchable: dict[int, str] = {}
        self._found: dict[int, bool] = {}
        self._keys: dict[int, SortKey] = {}
        self._held: int | None = None
        self._late: frozenset[int] = frozenset()
        self._newly_late: frozenset[int] = frozenset()
        """Jobs that are late since this update, or not any more."""
        self._is_displaced = False
        """Whether the held job stands in another row than its order would give it."""

    def update(
        self,
        watchlist: Watchlist,
        filter_text: str,
        sorting: Sorting,
        *,
        held: int | None = None,
        late: Collection[int] = (),
    ) -> bool:
        """Apply a watchlist, a filter and an order; return whether `visible_ids` changed.

        Args:
            watchlist: The jobs.
            filter_text: Words that a listed job must contain.
            sorting: The order.
            held: A job that keeps its row until another one is held, or the filter or the order changes.
            late: The late jobs.
        """
        before = self.visible_ids
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
        words = filter_text.lower().split()
        if not words:
            self._searchable, self._found = {}, {}
            return False
        self._searchable.update(
            (each.job_id, searchable_words(each)) for each in (fresh if self._searchable else facts)
        )
        changed = {
            each.job_id: holds(self._searchable[each.job_id], words)
            for each in self._in_question(fresh, facts, filter_text)
        }
        has_moved = any(self._found.get(job_id) is not verdict for job_id, verdict in changed.items())
        self._found.update(changed)
        return has_moved

    def _in_question(
        self, fresh: Sequence[TrackedJob], facts: Sequence[TrackedJob], filter_text: str
    ) -> Sequence[TrackedJob]:
        """Return the jobs whose result may change: changed ones and, for a longer filter, those that matched so far."""
        if not self._found or not filter_text.startswith(self._filter_text):
            return facts
        if filter_text == self._filter_text or fresh is facts:
            return fresh
        return [*fresh, *(each for each in facts if self._found[each.job_id])]

    def _remember(self, ids: tuple[int, ...], facts: Sequence[TrackedJob], filter_text: str, sorting: Sorting) -> None:
        self._ids, self._facts, self._filter_text, self._sorting = ids, facts, filter_text, sorting


MOST_KEPT = 1000


class RowCache:
    """Caches rows until their job, the columns or the view change, at most a minute: a time of day becomes a date."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[TrackedJob, bool, Line]] = {}
        self._scene: ViewState | None = None
        self._made_for: tuple[object, ...] = ()

    def line(self, tracked: TrackedJob, scene: ViewState, columns: Columns, *, is_pinned: bool) -> Line:
        """Return the job's row."""
        self._forget_if_other(scene, columns)
        known, was_pinned, line = self._lines.get(tracked.job_id, (None, False, BLANK))
        if known is tracked and was_pinned is is_pinned:
            return line
        late = scene.late.get(tracked.job_id)
        line = row(tracked, scene.link, columns, scene.look, late=late, is_pinned=is_pinned)
        if is_still(tracked, scene.link, scene.look):
            self._lines[tracked.job_id] = (tracked, is_pinned, line)
        return line

    def _forget_if_other(self, scene: ViewState, columns: Columns) -> None:
        if scene is self._scene and columns is self._made_for[-1]:
            return
        minute = replace(scene.look, now=scene.look.now.replace(second=0, microsecond=0))
        made_for = (scene.link, minute, columns)
        if made_for != self._made_for or len(self._lines) > MOST_KEPT:
            self._lines.clear()
        self._scene, self._made_for = scene, made_for


STILL_S = 1.0
"""Seconds after a key in which no row moves."""

GUTTER = 2
"""Cells at the left of each row: a bar in the row of the cursor, and a blank."""


SHORTEST_FILTER = 8
"""Cells of a filter in the title, for which the order leaves it."""


class JobList(LineView, can_focus=True):
    """Builds a row when it is painted, and paints only visible rows."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("jobs")

    FIXED_LINES = 1

    scene: var[ViewState | None] = var(None)
    """The snapshot and the view options."""
    filter_text: var[str] = var("")
    """Words that a listed job must contain; empty for all jobs."""
    sorting: var[Sorting] = var(Sorting(Order.ATTENTION))
    """The order of the jobs."""
    pinned: var[tuple[int, ...]] = var((), init=False)
    """Ids of the marked jobs, those on the deck."""
    cursor: var[int | None] = var(None)
    """Id of the job under the cursor; None for an empty list."""

    class Highlighted(Message):
        """The cursor moved to another job; None for an empty list."""

        def __init__(self, job_id: int | None) -> None:
            super().__init__()
            self.job_id = job_id

    class Opened(Message):
        """The user opened the job under the cursor; None in an empty list."""

        def __init__(self, job_id: int | None) -> None:
            super().__init__()
            self.job_id = job_id

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._listing = FilteredSortedIds()
        self._places: dict[int, int] = {}
        self._ids: tuple[int, ...] = ()
        self._id_digits = 1
        self._columns = Columns(())
        self._rows = RowCache()
        self._clock = SystemClock()
        self._has_moved = False
        """Whether the user has moved the cursor; until then it stays on the first row."""
        self._key_s = -STILL_S
        self._later: Timer | None = None

    @property
    def visible_ids(self) -> tuple[int, ...]:
        """Ids of the listed jobs, top to bottom."""
        return self._listing.visible_ids

    @property
    def jobs_under_cursor(self) -> tuple[int, ...]:
        """Ids of the jobs that an action takes: the listed jobs of a group row, otherwise one job; empty without any."""
        return () if self.cursor is None else (self.cursor,)

    @property
    def cursor_line(self) -> int | None:
        """Screen line of the cursor's row; None without focus."""
        return self.content_region.y + 1 + self._place() - self.scroll_offset.y if self.has_focus else None

    def place_of(self, job_id: int | None) -> int | None:
        """Return the position of a job in the list, from 0; None if it is not listed."""
        return None if job_id is None else self._places.get(job_id)

    def watch_scene(self, old: ViewState | None, new: ViewState | None) -> None:
        del old
        if new is None:
            return
        left_s = self._key_s + STILL_S - self._clock.monotonic_s()
        if left_s > 0 and new.watchlist.ids is self._ids:
            self._list_later(left_s)
        else:
            self._list_anew()
        self._fit_columns()
        self.repaint()

    def _list_later(self, wait_s: float) -> None:
        """Sort and filter after a pause: no row moves right after a key."""
        if self._later is None:
            self._later = self.set_timer(wait_s, self._list_now)

    def _list_now(self) -> None:
        self._later = None
        self._list_anew()
        self.repaint()

    def watch_filter_text(self) -> None:
        self._list_anew()
        self.repaint()

    def watch_sorting(self) -> None:
        self._list_anew()
        self.repaint()

    def watch_pinned(self) -> None:
        self.repaint()

    def watch_cursor(self, old: int | None, new: int | None) -> None:
        for job_id in (old, new):
            if job_id in self._places:
                self._refresh_line(self._places[job_id])
        self._scroll_to_cursor()
        self.post_message(self.Highlighted(new))

    def line_at(self, y: int) -> Line:
        if self.scene is None:
            return BLANK
        if y == 0:
            return (Span(" " * GUTTER), *header(self._columns, self.scene.look))
        if y > len(self.visible_ids):
            lines = () if self.visible_ids else empty_state(self.scene, self.filter_text, self.room)
            return lines[y - 1] if y <= len(lines) else BLANK
        tracked = self.scene.watchlist.get(self.visible_ids[y - 1])
        if tracked is None:
            return BLANK
        line = self._rows.line(tracked, self.scene, self._columns, is_pinned=tracked.job_id in self.pinned)
        bar = Span(self.scene.look.glyphs.cursor, Role.KEY) if tracked.job_id == self.cursor else Span(" ")
        return (bar, Span(" "), *line)

    def overlay(self, number: int) -> Overlay | None:
        if number == 0 or number > len(self.visible_ids) or self.visible_ids[number - 1] != self.cursor:
            return None
        return Overlay(self.tint("cursor" if self.has_focus else "cursor-blurred"), 0, self.room)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._show_title()
        self._fit_columns()
        self._set_rows()
        self._scroll_to_cursor()

    def on_focus(self) -> None:
        self._refresh_cursor()

    def on_blur(self) -> None:
        self._refresh_cursor()

    def on_click(self, event: events.Click) -> None:
        place = event.y - self.gutter.top - 1 + self.scroll_offset.y
        if 0 <= place < len(self.visible_ids):
            self._put_cursor(place)

    def action_move(self, step: int) -> None:
        if self.visible_ids:
            self._put_cursor(self._place() + step)

    def action_jump(self, place: int) -> None:
        if self.visible_ids:
            self._put_cursor(place % len(self.visible_ids))

    def action_page(self, pages: float) -> None:
        self.action_move(round(pages * max(1, self.size.height - 2)))

    def action_open(self) -> None:
        self.post_message(self.Opened(self.cursor))

    def _place(self) -> int:
        return self._places.get(self.cursor or 0, 0)

    def select(self, job_id: int) -> None:
        """Move the cursor to a job for the user."""
        self._has_moved, self._key_s = True, self._clock.monotonic_s()
        self.cursor = job_id

    def _put_cursor(self, place: int) -> None:
        self.select(self.visible_ids[max(0, min(len(self.visible_ids) - 1, place))])

    def _list_anew(self) -> None:
        """Update the listed jobs; costs nothing without a change."""
        if self.scene is None:
            return
        watchlist, place = self.scene.watchlist, self._place()
        held = self.cursor if self._has_moved else None
        has_moved = self._listing.update(
            watchlist, self.filter_text, self.sorting, held=held, late=self.scene.late.keys()
        )
        self._show_title()
        if self._ids is not watchlist.ids:
            self._ids, self._id_digits = watchlist.ids, id_digits(watchlist.ids)
        if not has_moved:
            return
        self._places = {job_id: place for place, job_id in enumerate(self.visible_ids)}
        self._set_rows()
        if not self._has_moved and self.visible_ids:
            self.cursor = self.visible_ids[0]
            self._scroll_to_cursor()
        elif self.cursor not in self._places:
            self.cursor = self.visible_ids[min(place, len(self.visible_ids) - 1)] if self.visible_ids else None
        else:
            self._follow_cursor(place)

    def _show_title(self) -> None:
        scene = self.scene
        if scene is None:
            return
        ellipsis, bar = scene.look.glyphs.ellipsis, scene.look.glyphs.bar
        filter_text, order = one_line(self.filter_text.strip()), self.sorting.words
        total = len(scene.watchlist) or scene.awaited
        shown = total if scene.awaited else len(self.visible_ids)
        number = count(total, "job") if shown == total and not filter_text else f"{shown:,} of {count(total, 'job')}"
        room = self.outer_size.width - TITLE_MARGIN - len(f"Jobs  {order} {number}") - SHORTEST_RULE
        if room < (min(cell_len(filter_text) + 1, SHORTEST_FILTER) if filter_text else 0):
            room, order = room + len(order), ""
        filtered = cut(f"/{filter_text}", room, ellipsis) if filter_text and room > 1 else ""
        waiting = awaited_files(scene, max(0, room - cell_len(filtered) - 1))
        words = " · ".join(text for text in (order, filtered, waiting) if text)
        left = Content.assemble("Jobs", *([(f"  {words}", "not bold $status-muted")] if words else []))
        self.set_title(left, Content.styled(number, "not bold $status-muted"), bar=bar)

    def _follow_cursor(self, place: int) -> None:
        """Scroll to the cursor's job and repaint its old and new line."""
        self._refresh_line(place)
        self._refresh_line(self._place())
        self._scroll_to_cursor()

    def _set_rows(self) -> None:
        extent = Size(self.room, len(self.visible_ids) + 1)
        if extent != self.virtual_size:
            self.virtual_size = extent

    def _fit_columns(self) -> None:
        if self.scene is None:
            return
        columns = Columns.for_list(self.scene.watchlist, self.room - GUTTER, self._id_digits)
        if columns != self._columns:
            self._columns = columns
            self.repaint_all()

    def _scroll_to_cursor(self) -> None:
        rows, top = self.size.height - 1, self.scroll_offset.y
        # A terminal scrolls whole lines for free; with the detail beside the list, each line is sent again.
        leap = 0 if self.outer_size.width == self.screen.outer_size.width else rows // 2
        wanted = top_for(self._place(), top, rows, len(self.visible_ids), leap=leap)
        if rows > 0 and wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)

    def _refresh_cursor(self) -> None:
        if self.cursor in self._places:
            self._refresh_line(self._place())

    def _refresh_line(self, place: int) -> None:
        self.refresh(Region(0, place + 1 - self.scroll_offset.y, self.size.width, 1))
