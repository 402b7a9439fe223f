"""The list of watched jobs, a row each, with a cursor that follows its job. Knows no monitor."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var

from tui.ui.views.lines import BLANK, Line, Role, Span, line_width
from tui.ui.views.rows import Columns, header, matches, row, summary
from tui.ui.views.scene import Scene
from tui.ui.widgets.painted import Painted


class JobList(Painted, can_focus=True):
    """Rows are built from the scene when they are painted; only visible ones ever are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "next job", id="list.down"),
        Binding("k,up", "move(-1)", "previous job", id="list.up"),
        Binding("g,home", "jump(0)", "first job", id="list.first"),
        Binding("G,end", "jump(-1)", "last job", id="list.last"),
        Binding("ctrl+d", "page(0.5)", "half a page down", id="list.half_down"),
        Binding("ctrl+u", "page(-0.5)", "half a page up", id="list.half_up"),
        Binding("pagedown", "page(1)", "a page down", id="list.page_down"),
        Binding("pageup", "page(-1)", "a page up", id="list.page_up"),
        Binding("enter", "open", "open", id="list.open"),
    ]

    FIXED_LINES = 1

    scene: var[Scene | None] = var(None)
    """What is shown."""
    sought: var[str] = var("")
    """Words that a row must hold to be listed; empty for all."""
    cursor: var[int | None] = var(None)
    """Id of the job under the cursor; None for an empty list."""

    class Highlighted(Message):
        """The cursor stands on another job, or on none."""

        def __init__(self, job_id: int | None) -> None:
            super().__init__()
            self.job_id = job_id

    class Opened(Message):
        """The job under the cursor is to be looked at."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None, disabled: bool = False) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._shown: tuple[int, ...] = ()
        self._places: dict[int, int] = {}
        self._columns = Columns()

    @property
    def shown(self) -> tuple[int, ...]:
        """Ids of the listed jobs, top to bottom."""
        return self._shown

    def watch_scene(self, old: Scene | None, new: Scene | None) -> None:
        if new is None:
            return
        if self.sought or old is None or old.watchlist.ids is not new.watchlist.ids:
            self._list_anew()
        self._fit_columns()
        self.repaint()

    def watch_sought(self) -> None:
        self._list_anew()
        self.repaint()

    def watch_cursor(self, old: int | None, new: int | None) -> None:
        for job_id in (old, new):
            if job_id in self._places:
                self.refresh(Region(0, self._places[job_id] + 1 - self.scroll_offset.y, self.size.width, 1))
        self._scroll_to_cursor()
        self.post_message(self.Highlighted(new))

    def line_at(self, y: int) -> Line:
        if self.scene is None:
            return BLANK
        if y == 0:
            return header(self._columns, self.scene.look)
        if y > len(self._shown):
            return self._hint(y)
        tracked = self.scene.watchlist.get(self._shown[y - 1])
        return row(tracked, self.scene.link, self._columns, self.scene.look) if tracked else BLANK

    def overlay(self, number: int) -> Style | None:
        if number == 0 or number > len(self._shown) or self._shown[number - 1] != self.cursor:
            return None
        return self.tint("cursor" if self.has_focus else "cursor-blurred")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._fit_columns()
        self._set_rows()
        self._scroll_to_cursor()

    def on_focus(self) -> None:
        self._refresh_cursor()

    def on_blur(self) -> None:
        self._refresh_cursor()

    def on_click(self, event: events.Click) -> None:
        place = event.y - self.gutter.top - 1 + self.scroll_offset.y
        if 0 <= place < len(self._shown):
            self.cursor = self._shown[place]

    def action_move(self, step: int) -> None:
        if self._shown:
            self._put_cursor(self._place() + step)

    def action_jump(self, place: int) -> None:
        if self._shown:
            self._put_cursor(place % len(self._shown))

    def action_page(self, pages: float) -> None:
        self.action_move(round(pages * max(1, self.size.height - 2)))

    def action_open(self) -> None:
        if self.cursor is not None:
            self.post_message(self.Opened())

    def _place(self) -> int:
        return self._places.get(self.cursor or 0, 0)

    def _put_cursor(self, place: int) -> None:
        self.cursor = self._shown[max(0, min(len(self._shown) - 1, place))]

    def _list_anew(self) -> None:
        if self.scene is None:
            return
        watchlist, place = self.scene.watchlist, self._place()
        ids = watchlist.ids
        self._shown = tuple(job_id for job_id in ids if matches(watchlist[job_id], self.sought)) if self.sought else ids
        self._places = {job_id: place for place, job_id in enumerate(self._shown)}
        self.border_title = summary(watchlist, len(self._shown))
        self._set_rows()
        if self.cursor not in self._places:
            self.cursor = self._shown[min(place, len(self._shown) - 1)] if self._shown else None
        else:
            self._scroll_to_cursor()

    def _set_rows(self) -> None:
        extent = Size(self.room, len(self._shown) + 1)
        if extent != self.virtual_size:
            self.virtual_size = extent

    def _fit_columns(self) -> None:
        if self.scene is None:
            return
        columns = Columns.for_list(self.scene.watchlist, self.room)
        if columns != self._columns:
            self._columns = columns
            self.repaint_all()

    def _scroll_to_cursor(self) -> None:
        place, rows = self._place(), self.size.height - 1
        top = self.scroll_offset.y
        if rows > 0 and not top <= place < top + rows:
            self.scroll_to(y=place if place < top else place - rows + 1, animate=False, force=True, immediate=True)

    def _refresh_cursor(self) -> None:
        if self.cursor in self._places:
            self.refresh(Region(0, self._place() + 1 - self.scroll_offset.y, self.size.width, 1))

    def _hint(self, y: int) -> Line:
        """What an empty list says instead of rows."""
        if self._shown or self.scene is None:
            return BLANK
        if self.sought:
            hints = [f"no job matches {self.sought!r}", "esc clears the filter"]
        else:
            hints = [
                "",
                "No jobs yet.",
                "",
                "Type or paste job ids above, then press enter:",
                "884213   884213-884220   a URL, a log, a mail",
                "",
            ]
        text = hints[y - 1] if y <= len(hints) else ""
        line = (Span(text, Role.MUTED),)
        return (Span(" " * max(0, (self.room - line_width(line)) // 2)), *line)
