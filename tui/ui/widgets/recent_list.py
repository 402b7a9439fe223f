"""The recent jobs of the tenant, one row each, to choose from."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import var

from tui.core.text import count
from tui.domain.tracked_job import TrackedJob
from tui.ui.commands import bindings
from tui.ui.rendering.lines import BLANK, Line, Role, Span, cut
from tui.ui.rendering.recent_lines import header, matching, newest_first, replacement, row, widths
from tui.ui.rendering.view_state import ViewOptions
from tui.ui.widgets.line_view import GUTTER, LineView, Overlay, top_for

LONGEST_FILTER = 24
"""Cells of a filter in the title."""


class RecentList(LineView, can_focus=True):
    """Shows jobs that may not be watched yet; `enter` watches the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("recent")

    FIXED_LINES = 1

    look: var[ViewOptions | None] = var(None)
    """The time and the glyphs."""

    class Chosen(Message):
        """The user chose a job to watch."""

        def __init__(self, job_id: int) -> None:
            super().__init__()
            self.job_id = job_id

    class KeyWithoutEffect(Message):
        """A key for watched jobs was pressed."""

    class Again(Message):
        """The user wants the list to be read again."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of LineView
        super().__init__(**options)
        self.watched: Container[int] = frozenset()
        """Ids on the list of watched jobs. Not reactive, as in the input."""
        self.filter_text = ""
        self._all: tuple[TrackedJob, ...] | None = None
        self._read_at: datetime | None = None
        self._problem = ""
        self._rows: tuple[TrackedJob, ...] = ()
        self._place = 0

    @property
    def cursor(self) -> int | None:
        """The job under the cursor; None in a list without rows."""
        return self._rows[self._place].job_id if self._rows else None

    def load(self) -> None:
        """Say that the list is being read; the rows of the last reading stay."""
        self._problem = ""
        self._list()

    def fill(self, jobs: Sequence[TrackedJob], at: datetime) -> None:
        """Show these jobs, read at a time, the newest first; the cursor stays on its job."""
        self._all, self._read_at, self._problem = newest_first(jobs), at, ""
        self._list()

    def fail(self, problem: str) -> None:
        """Say why the jobs could not be read; jobs of an earlier reading would look current."""
        self._all, self._problem = None, problem
        self._list()

    def filter(self, text: str) -> None:
        """List the jobs that meet a filter.

        Raises:
            FilterError: The filter has a mistake; the list stays as it is.
        """
        if self.look is not None:
            matching((), text, self.look.server_now)
        self.filter_text = text
        self._list()

    def _list(self) -> None:
        before = self.cursor
        now = None if self.look is None else self.look.server_now
        self._rows = () if now is None else matching(self._all or (), self.filter_text, now)
        ids = [each.job_id for each in self._rows]
        self._place = ids.index(before) if before in ids else 0
        self.set_extent(1 + len(self._rows))
        self._show_title()
        self._put_cursor(self._place)

    def _show_title(self) -> None:
        if self.look is None:
            return
        glyphs, total = self.look.glyphs, len(self._all or ())
        is_filtered = bool(self.filter_text.strip())
        rest = f"/{cut(self.filter_text, LONGEST_FILTER, glyphs.ellipsis)}" if is_filtered else "newest first"
        if self._read_at is not None:
            rest += f", as of {self.look.clock_time(self._read_at + self.look.ahead)}"
        counted = f"{len(self._rows)} of {count(total, 'job')}" if is_filtered else count(total, "job")
        self.set_title(
            Content("Recent jobs of the tenant"),
            Content(f"{counted}, {rest}" if self._all is not None else ""),
            bar=glyphs.bar,
        )

    def watch_look(self) -> None:
        self.repaint()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._list()

    def line_at(self, y: int) -> Line:
        look = self.look
        if look is None:
            return BLANK
        columns = widths(self._rows, self.room - GUTTER)
        if not self._rows:
            known = None if self._all is None else len(self._all)
            lines = replacement(self._problem, self.filter_text, known, self.room, look.glyphs.ellipsis)
            return lines[y] if y < len(lines) else BLANK
        if y == 0:
            return (Span(" " * GUTTER), *header(columns))
        if y > len(self._rows):
            return BLANK
        known_job = self._rows[y - 1]
        bar = Span(look.glyphs.cursor, Role.KEY) if y - 1 == self._place else Span(" ")
        return (bar, Span(" "), *row(known_job, columns, look, is_watched=known_job.job_id in self.watched))

    def overlay(self, number: int) -> Overlay | None:
        if not self._rows or number != self._place + 1:
            return None
        return Overlay(self.tint("cursor" if self.has_focus else "cursor-blurred"), 0, self.room)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._write_title()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        place = event.y - self.gutter.top - 1 + self.scroll_offset.y
        if 0 <= place < len(self._rows):
            self._put_cursor(place)

    def _put_cursor(self, place: int) -> None:
        self._place = max(0, min(len(self._rows) - 1, place))
        top = top_for(self._place, self.scroll_offset.y, max(1, self.size.height - 1), len(self._rows))
        self.scroll_to(y=top, animate=False, force=True, immediate=True)
        self.repaint_all()

    def action_move(self, step: int) -> None:
        self._put_cursor(self._place + step)

    def action_jump(self, place: int) -> None:
        self._put_cursor(place % max(1, len(self._rows)))

    def action_page(self, pages: float) -> None:
        self.action_move(round(pages * max(1, self.size.height - 2)))

    def action_watch(self) -> None:
        if self.cursor is not None:
            self.post_message(self.Chosen(self.cursor))

    def action_refuse(self) -> None:
        self.post_message(self.KeyWithoutEffect())

    def action_again(self) -> None:
        self.post_message(self.Again())
