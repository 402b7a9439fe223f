"""Makes an app send cells and not spans. Textual's own way stays the fallback."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from tui.ui.cells import Cells, pieces

SYNC_FROM = 1500
"""Characters from which an update is marked as one, so that no terminal shows half of it; a small write is one anyway."""

SETTLE_S = 0.1
"""How long after a resize the screen is looked over."""

DRAIN_S = 0.02
"""How long after an update that the line had no room for it is tried again."""


class CellApp(App[None]):
    """An app whose screen updates cost what changed.

    It overrides one private method of Textual 8 (`App._display`); anything it does not know goes Textual's own way.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of App
        super().__init__(**options)
        self._settling: Timer | None = None
        self._draining: Timer | None = None
        self._has_size = False
        self._cells = Cells(None if self.no_color else self.console._color_system)  # noqa: SLF001  # its public name is a string

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize):
            self.forget_cells()
            if self._settling is not None:
                self._settling.stop()
            if self._has_size:
                self._settling = self.set_timer(SETTLE_S, self._settle_size)
            self._has_size = True
        await super().on_event(event)

    def _settle_size(self) -> None:
        """Make the screen right after the last of many resizes.

        Textual loses one now and then when they come in heaps, and paints nothing where the size is the old one again, though
        the terminal may have lost everything in between.
        """
        if not self.screen_stack:
            return  # the app is ending
        size = self.terminal_size
        if size is not None and self.screen.outer_size != size:
            self.screen.post_message(events.Resize(size, size))
            self._settling = self.set_timer(SETTLE_S, self._settle_size)
            return
        self._settling = None
        self.forget_cells()
        self.on_size_settled()
        self.screen.refresh()

    def on_size_settled(self) -> None:
        """Bring up to date what depends on the size of the whole screen; called after the last of many resizes."""

    def forget_cells(self) -> None:
        """Send every cell again with the next updates: the terminal may show anything by now."""
        self._cells.forget()

    def action_redraw(self) -> None:
        """Paint the whole screen anew."""
        self.forget_cells()
        self.screen.refresh(layout=True)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        driver = self._driver
        is_drawn = self._running and not self._closed and not self.is_headless and not self._batch_count
        if renderable is None:
            self.post_display_hook()
            return
        painted = pieces(renderable)
        if not is_drawn or driver is None or driver.is_inline or painted is None:
            self.forget_cells()
            super()._display(screen, renderable)
            return
        self._cells.take(painted)
        if self._draining is None:
            self._send()
        self.post_display_hook()

    def _send(self) -> None:
        """Send what changed; where the line is busy, later, and then what there is to show by then."""
        self._draining = None
        driver = self._driver
        if driver is None or not self._running or self._closed:
            return
        if not self.is_drained:
            self._draining = self.set_timer(DRAIN_S, self._send)
            return
        for sequence in filter(None, self._cells.sent(self.size.width, self.line_looked_at)):
            driver.write(self._framed(sequence))
            driver.flush()

    def _framed(self, sequence: str) -> str:
        """An update with what must stand around it."""
        if isinstance(self.focused, Input):  # input methods open where the cursor stands, though it is hidden
            x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
            sequence += f"\x1b[{y + 1};{x + 1}H"
        return f"{SYNC_START}{sequence}{SYNC_END}" if self._sync_available and len(sequence) > SYNC_FROM else sequence

    @property
    def terminal_size(self) -> Size | None:
        """The size that the terminal has now; None where only the driver knows it."""
        return None

    @property
    def is_drained(self) -> bool:
        """Whether the terminal has taken what was sent to it, as far as this machine knows."""
        return True

    @property
    def line_looked_at(self) -> int | None:
        """The line of the screen that is sent ahead of all others; None for none."""
        return None
