"""The selected job: its fields, its messages, its JSON. Knows no monitor."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import var
from textual.timer import Timer

from tui.monitor.tracked import TrackedJob
from tui.ui.views.lines import Line, Span, clip, line_width, text_of
from tui.ui.views.look import status_role
from tui.ui.views.overview import overview, title
from tui.ui.views.scene import Scene
from tui.ui.views.texts import found_in, messages, raw
from tui.ui.widgets.painted import Painted

FRAME = 6
"""Cells of the frame's corners and what stands between them and its title."""

COMMON_STATUS = len("✔ SUCCESS")
"""Cells that a status has in the frame at least."""

REST_S = 0.06
"""How long the selection must rest until another job is painted: a key that is held down sends the list alone."""


class Tab(Enum):
    """What the panel shows of its job."""

    OVERVIEW = "Overview"
    MESSAGES = "Messages"
    RAW = "Raw"


class JobDetail(Painted, can_focus=True):
    """Shows one job; lines are made anew for each new fact, and only cells that differ are sent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_by(1)", "down", id="detail.down"),
        Binding("k,up", "scroll_by(-1)", "up", id="detail.up"),
        Binding("g,home", "scroll_home", "top", id="detail.top"),
        Binding("G,end", "scroll_end", "bottom", id="detail.bottom"),
        Binding("ctrl+d", "scroll_pages(0.5)", "half a page down", id="detail.half_down"),
        Binding("ctrl+u", "scroll_pages(-0.5)", "half a page up", id="detail.half_up"),
        Binding("pagedown,space", "scroll_pages(1)", "a page down", id="detail.page_down"),
        Binding("pageup", "scroll_pages(-1)", "a page up", id="detail.page_up"),
        Binding("n", "find(1)", "next match", id="detail.next_match"),
        Binding("N", "find(-1)", "previous match", id="detail.previous_match"),
    ]

    scene: var[Scene | None] = var(None)
    """The facts."""
    job_id: var[int | None] = var(None)
    """Which job is shown; None for none."""
    tab: var[Tab] = var(Tab.OVERVIEW)
    """Which side of it."""
    is_wrapped: var[bool] = var(True)
    """Whether long lines go on in the next line; otherwise they scroll sideways."""
    needle: var[str] = var("")
    """What is searched for in messages and JSON."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None, disabled: bool = False) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._painted_from: tuple[object, ...] = ()
        self._moving: Timer | None = None
        self._is_behind = False

    def watch_scene(self) -> None:
        self._paint()

    def watch_job_id(self, old: int | None) -> None:
        self._is_behind = True
        self.needle = ""
        if self._moving is None:
            self._catch_up()
        else:
            self._moving.stop()
        self._moving = self.set_timer(REST_S, self._rest) if old is not None else None

    def watch_tab(self) -> None:
        self._paint_from_top()

    def watch_is_wrapped(self, is_wrapped: bool) -> None:
        self.set_class(not is_wrapped, "-unwrapped")
        self._paint_from_top()

    def watch_needle(self) -> None:
        self._paint()
        if self.needle:
            self._catch_up()
            self._go_to_match(self.scroll_offset.y)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._painted_from = ()
        self._paint()

    def action_scroll_by(self, lines: int) -> None:
        self._catch_up()
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True, immediate=True)

    def action_scroll_pages(self, pages: float) -> None:
        self.action_scroll_by(round(pages * max(1, self.size.height - 1)))

    def action_scroll_home(self) -> None:
        self._catch_up()
        self.scroll_to(x=0, y=0, animate=False, force=True, immediate=True)

    def action_scroll_end(self) -> None:
        self._catch_up()
        self.scroll_to(y=self.max_scroll_y, animate=False, force=True, immediate=True)

    def action_turn(self, step: int) -> None:
        tabs = list(Tab)
        self.tab = tabs[(tabs.index(self.tab) + step) % len(tabs)]

    def action_find(self, step: int) -> None:
        self._catch_up()
        self._go_to_match(self.scroll_offset.y + step, backwards=step < 0)

    @property
    def tracked(self) -> TrackedJob | None:
        """What is known of the shown job."""
        return self.scene.watchlist.get(self.job_id) if self.scene and self.job_id else None

    def _go_to_match(self, y: int, *, backwards: bool = False) -> None:
        found = found_in(tuple(self._lines))
        if not found:
            return
        if backwards:
            self.scroll_to(y=max((line for line in found if line <= y), default=found[-1]), animate=False, force=True, immediate=True)
        else:
            self.scroll_to(y=min((line for line in found if line >= y), default=found[0]), animate=False, force=True, immediate=True)

    def _rest(self) -> None:
        self._moving = None
        self._catch_up()

    def _catch_up(self) -> None:
        """Paint the job that is selected now, if another is still shown."""
        if self._is_behind:
            self._paint_from_top()

    def _paint_from_top(self) -> None:
        self._painted_from = ()
        self._is_behind = False
        self._paint()
        self.scroll_to(x=0, y=0, animate=False, force=True, immediate=True)

    def _paint(self) -> None:
        if self._is_behind:
            return
        tracked, scene, width = self.tracked, self.scene, self.room
        self.set_title(self._title())
        if tracked is None or scene is None or not width:
            self._painted_from = ()
            self.show(())
            return
        if self.tab is Tab.OVERVIEW:
            self.show(overview(tracked, scene.link, scene.look, width, self.size.height))
            return
        # Messages and JSON may be long and depend on nothing that ticks.
        made_from = (tracked.job, self.tab, width, self.is_wrapped, self.needle)
        if made_from != self._painted_from:
            self._painted_from = made_from
            view = messages if self.tab is Tab.MESSAGES else raw
            self.show(view(tracked, width, is_wrapped=self.is_wrapped, needle=self.needle))

    def _title(self) -> Content | str:
        """The job at the left of the frame, the tabs at its right."""
        tracked, scene = self.tracked, self.scene
        if tracked is None or scene is None:
            return "Job"
        head: Line = title(tracked, scene.link, scene.look)
        # None are counted too: the tabs stay where they are from job to job, and are not sent.
        count = f" {len(tracked.job.messages):,}" if tracked.job else ""
        names = {Tab.OVERVIEW: "Overview", Tab.MESSAGES: f"Messages{count}", Tab.RAW: "Raw"}
        tabs = " ".join(f"[{word}]" if tab is self.tab else word for tab, word in names.items())
        room, least = max(1, self.outer_size.width - FRAME), len(head[0].text) + COMMON_STATUS
        has_tabs = least + 2 + len(tabs) <= room  # a status is never cut off for them (ux.md, Behaviour)
        head = clip(head, room - 2 - len(tabs) if has_tabs else room, scene.look.glyphs.ellipsis)
        # Behind any of the common words the rule begins in the same cell: it need not be sent.
        status = text_of(head[1:]) + " " * (COMMON_STATUS - line_width(head[1:]))
        gap = room - line_width((*head[:1], Span(status))) - len(tabs) - 2
        rule = f" {scene.look.glyphs.rule * gap} " if gap else "  "
        coloured = Content.assemble(head[0].text, (status, f"$status-{status_role(tracked.status)}"))
        return coloured if not has_tabs else Content.assemble(coloured, (rule, "$frame"), tabs)
