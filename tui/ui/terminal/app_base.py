"""The base class of the app: sends cells instead of spans, and handles bursts of key events in order."""

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

"""Characters from which an update is marked as one, so that no terminal shows half of it; a small write is one
anyway.
"""

SETTLE_S = 0.1

"""How long after a resize the screen is looked over."""

DRAIN_S = 0.02

"""How long after an update that the line had no room for it is tried again."""


class DiffingApp(App[None]):
    """An app whose screen updates cost what changed.

    It overrides one private method of Textual 8 (`App._display`); anything it does not know goes Textual's own way.
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
        """Make the screen right after the last of many resizes.

        Textual loses one now and then when they come in heaps, and paints nothing where the size is the old one again,
        though
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


TURN_S, REST_S = 0.1, 0.005

"""How long a heap of keys is carried out at a stretch, and for how long then everything else may run; a paint begins
within 4 ms.
"""


LINE_FEED = "ctrl+j"

"""Textual's name for it; no key of ours needs it."""


class TextRun(events.Event, bubble=False):
    """Characters that arrived together. One message for all: a message costs a tenth of a millisecond, and a paste may
    have 100,000.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


_FROM_OUTSIDE = (events.InputEvent, events.Paste, events.AppFocus, events.AppBlur, TextRun)

"""What the terminal reports."""


class TypeAheadApp(DiffingApp):
    """An app that carries each key out before it looks at the next one.

    Over a slow line keys arrive in heaps, and a paste without brackets is one. Textual hands each key to the queue of
    the widget that
    has the focus at that moment, so the digits behind an `a` would reach the list and not the input.
    """

    _clock = SystemClock()
    _rested_s = 0.0
    _is_in_run = False

    @property
    def focused(self) -> Widget | None:
        """The widget that has the focus; None as well after the app has ended, when there is no screen to ask."""
        return super().focused if self.screen_stack else None

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, _FROM_OUTSIDE) and (self._exit or not self.screen_stack):
            return  # the app is ending: there is no screen for it any more
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
        """Let everything else run for a moment if keys have had their turn."""
        if self._clock.monotonic_s() - self._rested_s >= TURN_S:
            await self._clock.sleep(REST_S)
            self._rested_s = self._clock.monotonic_s()

    async def _type(self, run: TextRun) -> None:
        """Press a key for each character, until they reach a text, which takes the rest at once."""
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
        """Carry a key out at once. One without a meaning is dropped: passed on as a message it would come back later,
        to another screen.
        """
        if await self.type_elsewhere(key):
            return
        if isinstance(self.focused, Input) and is_letter(key):
            letters = "".join([key.character or "", *await self._letters_waiting()])
            self.focused.replace(letters, *self.focused.selection)
        elif not await self._check_bindings(key.key, priority=True):
            await self._check_bindings(key.key)

    async def _letters_waiting(self) -> list[str]:
        """Take the letters right after this one; put in one by one, each would have the whole text measured and read
        again.

        In a run none is taken: the rest of the run comes first.
        """
        letters = []
        while not self._is_in_run and (waiting := self._key_waiting()) and is_letter(waiting):
            letters.append(waiting.character or "")
            await self._get_message()
        return letters

    async def type_elsewhere(self, key: events.Key) -> bool:
        """Type a key where it belongs if that is not where the focus is; return whether that was so."""
        del key
        return False

    async def take_text(self, text: str) -> bool:
        """Take in characters that arrived at once where they would be keys; return whether they are a text."""
        del text
        return False

    async def paste(self, text: str) -> bool:
        """Take in a paste at once, as the keys after it may be here already; return whether there was a place
        for it.
        """
        del text
        return False

    def _key_waiting(self) -> events.Key | None:
        """Return what was pressed next if it is here already, without taking it."""
        with suppress(MessagePumpClosed):
            waiting = self._peek_message()  # it has no public name
            return waiting if isinstance(waiting, events.Key) else None
        return None


def _as_enter(key: events.Key) -> events.Key:
    """Return the enter key for a line feed: text that is typed by another program ends its lines so, and its ids must
    not run together.
    """
    enter = events.Key("enter", "\r")
    enter.time = key.time
    return enter


def is_letter(key: events.Key) -> bool:
    """Whether the key puts a character into a text."""
    return bool(key.character) and key.is_printable
