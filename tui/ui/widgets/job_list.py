"""The list of watched jobs: filtered, sorted, grouped, one row each. The cursor follows its job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.timer import Timer

from tui.analysis.groups import GroupBy, Groups, group_completeness
from tui.core.clock import SystemClock
from tui.core.text import count, one_line
from tui.domain.tracked_job import TrackedJob
from tui.presentation.columns import BY_NAME
from tui.ui.commands import bindings
from tui.ui.rendering.group_lines import GroupView, group_count, group_line, grouping_words, name_cells
from tui.ui.rendering.job_rows import Folds, GroupRow, JobRows, Row, grouped
from tui.ui.rendering.job_table import (
    Columns,
    Order,
    Sorting,
    awaited_files,
    empty_state,
    header,
    id_digits,
    is_still,
    row,
)
from tui.ui.rendering.lines import BLANK, Line, Role, Span, cut
from tui.ui.rendering.listed_jobs import FilteredSortedIds
from tui.ui.rendering.view_state import ViewState
from tui.ui.widgets.line_view import GUTTER, SHORTEST_RULE, TITLE_MARGIN, LineView, Overlay, top_for

MOST_KEPT = 1000


class RowCache:
    """Caches rows until their job, the columns or the view change, at most a minute: a time of day becomes a date."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[TrackedJob, bool, int | None, Line]] = {}
        self._scene: ViewState | None = None
        self._made_for: tuple[object, ...] = ()

    def line(
        self, tracked: TrackedJob, scene: ViewState, columns: Columns, *, is_pinned: bool, same_as: int | None
    ) -> Line:
        """Return the job's row."""
        self._forget_if_other(scene, columns)
        known, was_pinned, was_same_as, line = self._lines.get(tracked.job_id, (None, False, None, BLANK))
        if known is tracked and was_pinned is is_pinned and was_same_as == same_as:
            return line
        late = scene.late.get(tracked.job_id)
        line = row(tracked, scene.link, columns, scene.look, late=late, is_pinned=is_pinned, same_as=same_as)
        if is_still(tracked, scene.link, scene.look):
            self._lines[tracked.job_id] = (tracked, is_pinned, same_as, line)
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


_COLUMN_OF = {
    GroupBy.FILE: BY_NAME["originalFilename"],
    GroupBy.LOCATION: BY_NAME["locationCode"],
    GroupBy.TYPE: BY_NAME["type"],
}
"""The columns that say the same for all jobs of a group."""

NAMES_MEASURED = 200
"""Names of groups that decide how wide the names are."""

SHORTEST_FILTER = 8
"""Cells of a filter in the title, for which the order leaves it."""


class JobList(LineView, can_focus=True):
    """Builds a row when it is painted, and paints only visible rows."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("jobs")

    FIXED_LINES = 1

    scene: var[ViewState | None] = var(None)
    """The snapshot and the view options."""
    filter_text: var[str] = var("")
    """A filter without mistakes; empty for all jobs."""
    sorting: var[Sorting] = var(Sorting(Order.ATTENTION))
    """The order of the jobs."""
    pinned: var[tuple[int, ...]] = var((), init=False)
    """Ids of the marked jobs, those on the deck."""
    marks: var[frozenset[int]] = var(frozenset())
    """Ids that the user marked; those that are not listed stay marked, but no action takes them."""
    group_by: var[GroupBy | None] = var(None)
    """What the jobs are grouped by; None groups them by file as soon as two share one."""
    folds: var[Folds] = var(Folds())
    """What the user folded and unfolded."""
    cursor_row: var[Row | None] = var(None)
    """The row under the cursor; None for an empty list."""

    class Highlighted(Message):
        """The cursor moved to another row, of this job; None for that of a group and for an empty list."""

        def __init__(self, job_id: int | None) -> None:
            super().__init__()
            self.job_id = job_id

    class Opened(Message):
        """The user opened the job under the cursor; None in an empty list."""

        def __init__(self, job_id: int | None) -> None:
            super().__init__()
            self.job_id = job_id

    class KeyWithoutEffect(Message):
        """A key does nothing here."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of LineView
        super().__init__(**options)
        self._listing = FilteredSortedIds()
        self._groups = Groups()
        self._listed = JobRows()
        self._made_from: tuple[object, ...] = (None,)
        self._name_width = 0
        self._places: dict[Row, int] = {}
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
        """Ids of the listed jobs, top to bottom, with those in folded groups."""
        return self._listed.ids

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, top to bottom."""
        return self._listed.rows

    @property
    def cursor(self) -> int | None:
        """Id of the job under the cursor; None on the row of a group and for an empty list."""
        return self.cursor_row if isinstance(self.cursor_row, int) else None

    @property
    def grouped_by(self) -> GroupBy:
        """What the rows are grouped by."""
        return self._groups.by if self._listed.members else GroupBy.NONE

    @property
    def has_ages(self) -> bool:
        """Whether a row says how long ago something was, although all jobs ended."""
        return bool(self._listed.members)

    def group_view(self, row: Row | None) -> GroupView | None:
        """Return the group of a row, for the list and the detail; None for a job."""
        if not isinstance(row, GroupRow) or self.scene is None:
            return None
        extent = group_completeness(row.key, self.scene.snapshot.lists)
        return GroupView(row, self._groups.summary(row.key), self._listed.jobs_of(row), extent)

    @property
    def marked_ids(self) -> tuple[int, ...]:
        """Ids of the listed jobs that are marked, top to bottom."""
        return tuple(job_id for job_id in self.visible_ids if job_id in self.marks) if self.marks else ()

    @property
    def jobs_under_cursor(self) -> tuple[int, ...]:
        """Ids of the jobs that an action takes: the marked ones if there are any, otherwise those of the cursor's row."""
        return self.marked_ids or self.jobs_of(self.cursor_row)

    def jobs_of(self, row: Row | None) -> tuple[int, ...]:
        """Return the ids of a row: the listed jobs of a group, otherwise one; empty for None."""
        return self._listed.jobs_of(row)

    def rows_between(self, one: Row, other: Row) -> tuple[Row, ...]:
        """Return the rows from one to the other, both included; only `other` if the first is gone."""
        first, last = sorted((self._places.get(one, self._places[other]), self._places[other]))
        return self.rows[first : last + 1]

    def jobs_from_cursor(self, step: int) -> Iterator[int]:
        """Yield the listed jobs, folded ones too, in a circle from the one after (1) or before (-1) the cursor."""
        ids = self.visible_ids
        under = self.jobs_of(self.cursor_row)
        if not under or not ids:
            yield from ids[::step]
            return
        first = self._listed.ids.index(under[0])
        is_job = isinstance(self.cursor_row, int)
        start = first + step if is_job or step < 0 else first
        for distance in range(len(ids)):
            yield ids[(start + step * distance) % len(ids)]

    @property
    def cursor_line(self) -> int | None:
        """Screen line of the cursor's row; None without focus."""
        return self.content_region.y + 1 + self._place() - self.scroll_offset.y if self.has_focus else None

    def watch_scene(self, old: ViewState | None, new: ViewState | None) -> None:
        del old
        if new is None:
            return
        left_s = self._key_s + STILL_S - self._clock.monotonic_s()
        self._update_groups(new)
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

    def watch_group_by(self) -> None:
        if self.scene is not None:
            self._update_groups(self.scene)
            self._list_anew()
            self._fit_columns()
            self.repaint()

    def watch_folds(self) -> None:
        self._make_rows()
        self.repaint()

    def watch_pinned(self) -> None:
        self.repaint()

    def watch_marks(self) -> None:
        self._show_title()
        self.repaint()

    def watch_cursor_row(self, old: Row | None, new: Row | None) -> None:
        for entry in (old, new):
            if entry in self._places:
                self._refresh_line(self._places[entry])
        self._scroll_to_cursor()
        self.post_message(self.Highlighted(self.cursor))

    def line_at(self, y: int) -> Line:
        if self.scene is None:
            return BLANK
        if y == 0:
            return (Span(" " * GUTTER), *header(self._columns, self.scene.look))
        if y > len(self.rows):
            lines = () if self.rows else empty_state(self.scene, self.filter_text, self.room)
            return lines[y - 1] if y <= len(lines) else BLANK
        entry = self.rows[y - 1]
        if isinstance(entry, GroupRow):
            return self._group_line(entry, self.scene)
        tracked = self.scene.watchlist.get(entry)
        if tracked is None:
            return BLANK
        line = self._rows.line(
            tracked, self.scene, self._columns, is_pinned=entry in self.pinned, same_as=self._listed.same_as.get(entry)
        )
        bar = Span(self.scene.look.glyphs.cursor, Role.KEY) if tracked.job_id == self.cursor else Span(" ")
        mark = Span(self.scene.look.glyphs.marked, Role.KEY) if tracked.job_id in self.marks else Span(" ")
        return (bar, mark, *line)

    def _group_line(self, entry: GroupRow, scene: ViewState) -> Line:
        view, glyphs = self.group_view(entry), scene.look.glyphs
        if view is None:
            return BLANK
        is_folded = entry in self._listed.folded
        bar = Span(glyphs.cursor, Role.KEY) if entry == self.cursor_row else Span(" ")
        arrow = Span(" ") if entry.is_succeeded else Span(glyphs.folded if is_folded else glyphs.unfolded, Role.KEY)
        is_marked = bool(self.marks) and self.marks.issuperset(self.jobs_of(entry))
        mark = Span(glyphs.marked, Role.KEY) if is_marked else Span(" ")
        gap = () if entry.is_succeeded else (mark,)
        width = self.room - GUTTER - len(gap)
        line = group_line(view, scene.look, width, name_width=self._name_width, is_folded=is_folded)
        return (bar, arrow, *gap, *line)

    def overlay(self, number: int) -> Overlay | None:
        if number == 0 or number > len(self.rows):
            return None
        entry = self.rows[number - 1]
        if entry == self.cursor_row:
            return Overlay(self.tint("cursor" if self.has_focus else "cursor-blurred"), 0, self.room)
        if isinstance(entry, GroupRow) and not entry.is_succeeded:
            return Overlay(self.tint("group"), 0, self.room)
        return None

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
        if 0 <= place < len(self.rows):
            is_again = self.rows[place] == self.cursor_row
            self._put_cursor(place)
            if is_again and isinstance(self.cursor_row, GroupRow):
                self.action_open()

    def action_move(self, step: int) -> None:
        if self.rows:
            self._put_cursor(self._place() + step)

    def action_jump(self, place: int) -> None:
        if self.rows:
            self._put_cursor(place % len(self.rows))

    def action_page(self, pages: float) -> None:
        self.action_move(round(pages * max(1, self.size.height - 2)))

    def action_open(self) -> None:
        if isinstance(self.cursor_row, GroupRow):
            self._fold(self.cursor_row, is_folded=self.cursor_row not in self._listed.folded)
        else:
            self.post_message(self.Opened(self.cursor))

    def action_unfold(self) -> None:
        entry = self.cursor_row
        if not isinstance(entry, GroupRow):
            self.post_message(self.KeyWithoutEffect("enter opens the job" if entry else "no jobs"))
        elif entry in self._listed.folded:
            self._fold(entry, is_folded=False)
        else:
            self._put_cursor(self._place() + 1)

    def action_fold(self) -> None:
        """Fold the row of a group; go there from a job in it."""
        entry = self.cursor_row
        if entry is None or not self._listed.members:
            self.post_message(self.KeyWithoutEffect("no groups: o groups the jobs"))
        elif isinstance(entry, GroupRow) and entry not in self._listed.folded:
            self._fold(entry, is_folded=True)
        elif isinstance(entry, GroupRow) and not entry.is_succeeded:
            self.post_message(self.KeyWithoutEffect("folded: l unfolds it"))
        else:
            heads = [place for place, each in enumerate(self.rows[: self._place()]) if isinstance(each, GroupRow)]
            if heads:
                self._put_cursor(heads[-1])
            else:  # a job keeps its row while its group moves below it
                self.post_message(self.KeyWithoutEffect("the group of this job is below: j goes there"))

    def _fold(self, entry: GroupRow, *, is_folded: bool) -> None:
        self._note_key()
        self.folds = self.folds.with_fold(entry, is_folded=is_folded)

    def _place(self) -> int:
        return 0 if self.cursor_row is None else self._places.get(self.cursor_row, 0)

    def select(self, job_id: int) -> None:
        """Move the cursor to a job for the user; unfold its group."""
        if self._listed.members and job_id not in self._places:
            head = GroupRow(self._groups.key_of(job_id))
            if head in self._listed.folded:
                self.folds = self.folds.with_fold(head, is_folded=False)
        self._move_to(job_id)

    def _move_to(self, entry: Row) -> None:
        self._note_key()
        is_hidden = entry not in self._places
        self.cursor_row = entry
        if is_hidden:
            self._make_rows()  # a job under the cursor is not folded
            self.repaint()

    def _note_key(self) -> None:
        self._has_moved, self._key_s = True, self._clock.monotonic_s()

    def _put_cursor(self, place: int) -> None:
        self._move_to(self.rows[max(0, min(len(self.rows) - 1, place))])

    def _update_groups(self, scene: ViewState) -> None:
        """Count the groups. The rows follow later: none moves right after a key."""
        self._groups.update(scene.watchlist, self.group_by or GroupBy.FILE, scene.late.keys())

    def _list_anew(self) -> None:
        """Update the listed jobs; costs nothing without a change."""
        if self.scene is None:
            return
        watchlist = self.scene.watchlist
        is_grouped = self._groups.by is not GroupBy.NONE and (self.group_by is not None or self._groups.has_shared)
        held = self.cursor if self._has_moved and not is_grouped else None
        late, now = self.scene.late.keys(), self.scene.look.server_now
        self._listing.update(watchlist, self.filter_text, self.sorting, held=held, late=late, now=now)
        if self._ids is not watchlist.ids:
            self._ids, self._id_digits = watchlist.ids, id_digits(watchlist.ids)
        self._make_rows(is_grouped=is_grouped)
        self._show_title()

    def _make_rows(self, *, is_grouped: bool | None = None) -> None:
        """Update the rows, and have the cursor follow its job; costs nothing without a change."""
        if is_grouped is None:
            is_grouped = bool(self._listed.members)
        ids = self._listing.visible_ids
        held = self.cursor_row if self._has_moved else None
        made_from = (self._groups.version, held, self.folds, bool(self.filter_text.strip())) if is_grouped else ()
        if self._made_from[1:] == made_from and self._made_from[0] is ids:
            return
        before, self._made_from, place = self._listed, (ids, *made_from), self._place()
        if is_grouped:
            self._listed = grouped(
                ids,
                self._groups,
                self.folds,
                before,
                held=held,
                is_filtered=bool(self.filter_text.strip()),
                is_by_attention=self.sorting == Sorting(Order.ATTENTION),
            )
            self._name_width = name_cells([*self._listed.members][:NAMES_MEASURED])
        else:
            self._listed = JobRows(ids, ids)
        if self._listed.rows == before.rows:
            return  # what rows say is painted with each snapshot
        was_shown = self.cursor_row in self._places
        self._places = {entry: place for place, entry in enumerate(self.rows)}
        self._set_rows()
        if not self._has_moved and self.rows:
            self.cursor_row = self.rows[0]
            self._scroll_to_cursor()
        elif self.cursor_row not in self._places:
            self.cursor_row = self._nearest(before, place)
        else:
            self._follow_cursor(place, was_shown=was_shown)

    def _nearest(self, before: JobRows, place: int) -> Row | None:
        """Return the row for a cursor whose row is gone: one of its group, else that at its place."""
        entry = self.cursor_row
        if not self.rows:
            return None
        if isinstance(entry, GroupRow) and entry.is_succeeded and entry.key in self._listed.members:
            return GroupRow(entry.key)
        is_regrouped = isinstance(entry, GroupRow) and entry.key.by is not self._groups.by
        if is_regrouped or bool(before.members) != bool(self._listed.members):
            return self.rows[0]
        return self.rows[min(place, len(self.rows) - 1)]

    def _show_title(self) -> None:
        scene = self.scene
        if scene is None:
            return
        ellipsis, bar = scene.look.glyphs.ellipsis, scene.look.glyphs.bar
        filter_text = one_line(self.filter_text.strip())
        order = " · ".join(text for text in (grouping_words(self.grouped_by), self.sorting.words) if text)
        total = len(scene.watchlist) or scene.awaited
        shown = total if scene.awaited else len(self.visible_ids)
        number = count(total, "job") if shown == total and not filter_text else f"{shown:,} of {count(total, 'job')}"
        room = self.outer_size.width - TITLE_MARGIN - len(f"Jobs  {order} {number}") - SHORTEST_RULE
        least = min(cell_len(filter_text) + 1, SHORTEST_FILTER) if filter_text else 0
        marked = len(self.marked_ids)
        if marked:
            number, room = f"{marked:,} marked · {number}", room - len(f"{marked:,} marked · ")
        groups = group_count(self._listed.members)
        if groups and room - len(groups) >= least:
            number, room = f"{number}{groups}", room - len(groups)
        if room < least:
            room, order = room + len(order), ""
        filtered = cut(f"/{filter_text}", room, ellipsis) if filter_text and room > 1 else ""
        waiting = awaited_files(scene, max(0, room - cell_len(filtered) - 1))
        words = " · ".join(text for text in (order, filtered, waiting) if text)
        left = Content.assemble("Jobs", *([(f"  {words}", "not bold $status-muted")] if words else []))
        self.set_title(left, Content.styled(number, "not bold $status-muted"), bar=bar)

    def _follow_cursor(self, place: int, *, was_shown: bool) -> None:
        """Repaint the old and the new line of the cursor's row, and keep it on its line of the screen."""
        self._refresh_line(place)
        self._refresh_line(self._place())
        shift = self._place() - place if was_shown and self._listed.members else 0
        self._scroll_to_cursor(self.scroll_offset.y + shift)

    def _set_rows(self) -> None:
        extent = Size(self.room, len(self.rows) + 1)
        if extent != self.virtual_size:
            self.virtual_size = extent

    def _fit_columns(self) -> None:
        if self.scene is None:
            return
        columns = Columns.for_list(
            self.scene.watchlist, self.room - GUTTER, self._id_digits, _COLUMN_OF.get(self.grouped_by)
        )
        if columns != self._columns:
            self._columns = columns
            self.repaint_all()

    def _scroll_to_cursor(self, top: int | None = None) -> None:
        """Scroll so that the cursor is visible: from line `top`, if it is given, else from where the list is."""
        rows, at = self.size.height - 1, self.scroll_offset.y
        top = at if top is None else max(0, min(top, len(self.rows) - rows))
        # A terminal scrolls whole lines for free; with the detail beside the list, each line is sent again.
        leap = 0 if self.outer_size.width == self.screen.outer_size.width else rows // 2
        wanted = top_for(self._place(), top, rows, len(self.rows), leap=leap)
        if rows > 0 and wanted != at:
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)

    def _refresh_cursor(self) -> None:
        if self.cursor_row in self._places:
            self._refresh_line(self._place())

    def _refresh_line(self, place: int) -> None:
        self.refresh(Region(0, place + 1 - self.scroll_offset.y, self.size.width, 1))
