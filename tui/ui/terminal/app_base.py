"""The base class of the app: sends only changed cells, and handles bursts of key events in order."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from rich.console import RenderableType
from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.app import App
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.message_pump import MessagePumpClosed
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from tui.core.clock import SystemClock
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
            if self._has_size:
                self._settling = self.set_timer(SETTLE_S, self._settle_size)
            self._has_size = True
        await super().on_event(event)

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
        for sequence in filter(None, self._cells.sent(self.size.width, self.line_looked_at)):
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
    def line_looked_at(self) -> int | None:
        """The screen line to send first; None for none."""
        return None


TURN_S, REST_S = 0.1, 0.005
"""Seconds that a burst of keys may run without a break, and seconds of the break; a paint starts within 4 ms."""


LINE_FEED = "ctrl+j"
"""Textual's name of the line feed; the app has no such key."""


class TextRun(events.Event, bubble=False):
    """Characters that arrived together, in one message: a message costs 0.1 ms, and a paste may have 100,000."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


_FROM_OUTSIDE = (events.InputEvent, events.Paste, events.AppFocus, events.AppBlur, TextRun)
"""Events from the terminal."""


class TypeAheadApp(DiffingApp):
    """An app that finishes each key before the next one.

    Over a slow line keys arrive in bursts, and so does a paste without brackets. Textual queues each key for the widget
    with the focus at that moment, so the digits after an `a` would reach the list instead of the input.
    """

    _clock = SystemClock()
    _rested_s = 0.0
    _is_in_run = False

    @property
    def focused(self) -> Widget | None:
        """The widget with the focus; None also after the app has ended, without a screen."""
        return super().focused if self.screen_stack else None

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, _FROM_OUTSIDE) and (self._exit or not self.screen_stack):
            return  # the app is ending and has no screen for it
        if isinstance(event, events.Paste) and not event.is_forwarded and await self.paste(event.text):
            return
        if isinstance(event, TextRun):
            await self._type(event)
            return
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self.app_focus = True
        await self._finish(_as_enter(event) if event.key == LINE_FEED else event)
        if self._key_waiting():
            await self._rest()

    async def _rest(self) -> None:
        """Pause the keys for `REST_S` after `TURN_S`, so that everything else runs."""
        if self._clock.monotonic_s() - self._rested_s >= TURN_S:
            await self._clock.sleep(REST_S)
            self._rested_s = self._clock.monotonic_s()

    async def _type(self, run: TextRun) -> None:
        """Press a key for each character until a text field has the focus, which gets the rest in one piece."""
        if not isinstance(self.focused, Input) and await self.take_text(run.text):
            return
        self._is_in_run = True
        try:
            await self._press(run)
        finally:
            self._is_in_run = False

    async def _press(self, run: TextRun) -> None:
        for place, character in enumerate(run.text):
            was_text = isinstance(self.focused, Input)
            key = events.Key(_character_to_key(character), character)
            key.time = run.time
            await self.on_event(key)
            if was_text and isinstance(self.focused, Input):
                self.focused.replace(run.text[place + 1 :], *self.focused.selection)
                return
            await self._rest()

    async def _finish(self, key: events.Key) -> None:
        """Run the action of a key now. An unknown key is dropped: as a message it would reach another screen later."""
        if await self.type_elsewhere(key):
            return
        if isinstance(self.focused, Input) and is_letter(key):
            letters = "".join([key.character or "", *await self._letters_waiting()])
            self.focused.replace(letters, *self.focused.selection)
        elif not await self._check_bindings(key.key, priority=True):
            await self._check_bindings(key.key)

    async def _letters_waiting(self) -> list[str]:
        """Return and consume the letters right after this one; one by one, each would parse the whole text again.

        Returns nothing during a run, because the rest of the run comes first.
        """
        letters = []
        while not self._is_in_run and (waiting := self._key_waiting()) and is_letter(waiting):
            letters.append(waiting.character or "")
            await self._get_message()
        return letters

    async def type_elsewhere(self, key: events.Key) -> bool:
        """Type a key into another widget than the focused one; return whether it did."""
        del key
        return False

    async def take_text(self, text: str) -> bool:
        """Accept characters that arrived together as text instead of keys; return whether it did."""
        del text
        return False

    async def paste(self, text: str) -> bool:
        """Insert a paste now, because the next keys may be waiting; return whether a widget took it."""
        del text
        return False

    def _key_waiting(self) -> events.Key | None:
        """Return the next key if it is waiting, without consuming it."""
        with suppress(MessagePumpClosed):
            waiting = self._peek_message()  # there is no public name
            return waiting if isinstance(waiting, events.Key) else None
        return None


def _as_enter(key: events.Key) -> events.Key:
    """Return the enter key for a line feed: programs that type text end lines with it, and ids must stay separate."""
    enter = events.Key("enter", "\r")
    enter.time = key.time
    return enter


def is_letter(key: events.Key) -> bool:
    """Return whether the key types a character."""
    return bool(key.character) and key.is_printable
