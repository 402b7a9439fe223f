"""An app that sends only the cells that changed."""

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

from tui.ui.terminal.screen_diff import ScreenDiff, pieces

SYNC_FROM = 1500
"""Characters from which an update is synchronized, so that no terminal shows half of it; small writes arrive whole."""

SETTLE_S = 0.1
"""Seconds after the last resize until the size is checked."""

DRAIN_S = 0.02
"""Seconds until a retry if the line has no room for an update."""


class DiffingApp(App[None]):
    """An app that sends only changed cells.

    It overrides one private method of Textual 8 (`App._display`) and passes unknown kinds of updates to Textual.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of App
        super().__init__(**options)
        self._settling: Timer | None = None
        self._draining: Timer | None = None
        self._has_size = False
        self._cells = ScreenDiff(None if self.no_color else self.console._color_system)  # noqa: SLF001  # its public name is a string

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize):
            self.forget_cells()
            if self._settling is not None:
                self._settling.stop()
            check = self._settle_size if self._has_size else self._check_first_size
            self._settling = self.set_timer(SETTLE_S, check)
            self._has_size = True
        await super().on_event(event)

    def _check_first_size(self) -> None:
        """Correct the screen if the terminal was resized while the app began and could not hear of it."""
        self._settling = None
        if self.screen_stack and self.terminal_size not in {None, self.screen.outer_size}:
            self._settle_size()

    def _settle_size(self) -> None:
        """Correct the screen after the last of several resizes.

        Textual sometimes loses one in a burst. It also paints nothing if the size is the old one again, although the
        terminal may have lost its content.
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
        """Update what depends on the screen size; called after the last of several resizes."""

    def forget_cells(self) -> None:
        """Send every cell again with the next updates, because the terminal's content is unknown."""
        self._cells.forget()

    def action_redraw(self) -> None:
        """Redraw the whole screen."""
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
        """Send the changed cells; if the line is busy, later and in their newest state."""
        self._draining = None
        driver = self._driver
        if driver is None or not self._running or self._closed:
            return
        if not self.is_drained:
            self._draining = self.set_timer(DRAIN_S, self._send)
            return
        for sequence in filter(None, self._cells.take_changes(self.size.width, self.focused_line)):
            driver.write(self._framed(sequence))
            driver.flush()

    def _framed(self, sequence: str) -> str:
        """Return an update with the cursor position and the synchronization marks that it needs."""
        if isinstance(self.focused, Input):  # input methods open at the cursor, even a hidden one
            x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
            sequence += f"\x1b[{y + 1};{x + 1}H"
        return f"{SYNC_START}{sequence}{SYNC_END}" if self._sync_available and len(sequence) > SYNC_FROM else sequence

    @property
    def terminal_size(self) -> Size | None:
        """The current size of the terminal; None if only the driver knows it."""
        return None

    @property
    def is_drained(self) -> bool:
        """Whether the terminal has received everything sent, as far as this machine knows."""
        return True

    @property
    def focused_line(self) -> int | None:
        """The screen line to send first; None for none."""
        return None
