"""Carries out each key before the next one, also if many arrive at once.

Over a slow line keys arrive in bursts, and so does a paste without brackets. Textual queues each key for the widget with
the focus at that moment, so the digits after an `a` would reach the list instead of the input.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.message_pump import MessagePumpClosed
from textual.widgets import Input

from tui.core.clock import SystemClock
from tui.ui.terminal.events import TextRun

TURN_S, REST_S = 0.1, 0.005
"""Seconds that a burst of keys may run without a break, and seconds of the break; a paint starts within 4 ms."""

LINE_FEED = "ctrl+j"
"""Textual's name of the line feed; the app has no such key."""

FROM_OUTSIDE = (events.InputEvent, events.Paste, events.AppFocus, events.AppBlur, TextRun)
"""Events from the terminal."""


class Typist(Protocol):
    """Decides where typed and pasted text goes. Each method returns whether it used the text."""

    async def type_elsewhere(self, key: events.Key) -> bool:
        """Type a key into another widget than the focused one."""
        ...

    async def accept_text(self, text: str) -> bool:
        """Accept characters that arrived together as text instead of keys."""
        ...

    async def paste(self, text: str) -> bool:
        """Insert a paste now, because the next keys may be waiting."""
        ...


class KeyBursts:
    """Runs the action of each key at once, and inserts bursts of letters in one piece.

    Args:
        app: Has the focus, the key bindings and the queue of events.
        typist: Decides where text goes.
    """

    def __init__(self, app: App[None], typist: Typist) -> None:
        self._app = app
        self._typist = typist
        self._clock = SystemClock()
        self._rested_s = 0.0
        self._is_in_run = False

    async def handle(self, event: events.Event) -> bool:
        """Carry out a key, a run of text or a paste; return False for an event that Textual must handle."""
        if isinstance(event, FROM_OUTSIDE) and self._is_ending:
            return True
        if isinstance(event, events.Paste) and not event.is_forwarded:
            return await self._typist.paste(event.text)
        if isinstance(event, TextRun):
            await self._type(event)
            return True
        if not isinstance(event, events.Key) or event.is_forwarded:
            return False
        self._app.app_focus = True
        await self._finish(_as_enter(event) if event.key == LINE_FEED else event)
        if self._key_waiting():
            await self._rest()
        return True

    @property
    def _is_ending(self) -> bool:
        """Whether the app ends, and may have no screen for an event any more."""
        return self._app._exit or not self._app.screen_stack  # noqa: SLF001  # it has no public name

    async def _rest(self) -> None:
        """Pause the keys for `REST_S` after `TURN_S`, so that everything else runs."""
        if self._clock.monotonic_s() - self._rested_s >= TURN_S:
            await self._clock.sleep(REST_S)
            self._rested_s = self._clock.monotonic_s()

    async def _type(self, run: TextRun) -> None:
        """Press a key for each character until a text field has the focus, which gets the rest in one piece."""
        if not isinstance(self._app.focused, Input) and await self._typist.accept_text(run.text):
            return
        self._is_in_run = True
        try:
            await self._press(run)
        finally:
            self._is_in_run = False

    async def _press(self, run: TextRun) -> None:
        for place, character in enumerate(run.text):
            was_text = isinstance(self._app.focused, Input)
            key = events.Key(_character_to_key(character), character)
            key.time = run.time
            await self.handle(key)
            focused = self._app.focused
            if was_text and isinstance(focused, Input):
                focused.replace(run.text[place + 1 :], *focused.selection)
                return
            await self._rest()

    async def _finish(self, key: events.Key) -> None:
        """Run the action of a key now. An unknown key is dropped: as a message it would reach another screen later."""
        if await self._typist.type_elsewhere(key):
            return
        focused = self._app.focused
        if isinstance(focused, Input) and types_character(key):
            letters = "".join([key.character or "", *await self._letters_waiting()])
            focused.replace(letters, *focused.selection)
        elif not await self._app._check_bindings(key.key, priority=True):  # noqa: SLF001  # it has no public name
            await self._app._check_bindings(key.key)  # noqa: SLF001

    async def _letters_waiting(self) -> list[str]:
        """Return and consume the letters right after this one; one by one, each would parse the whole text again.

        Returns nothing during a run, because the rest of the run comes first.
        """
        letters = []
        while not self._is_in_run and (waiting := self._key_waiting()) and types_character(waiting):
            letters.append(waiting.character or "")
            await self._app._get_message()  # noqa: SLF001
        return letters

    def _key_waiting(self) -> events.Key | None:
        """Return the next key if it is waiting, without consuming it."""
        with suppress(MessagePumpClosed):
            waiting = self._app._peek_message()  # noqa: SLF001  # it has no public name
            return waiting if isinstance(waiting, events.Key) else None
        return None


def _as_enter(key: events.Key) -> events.Key:
    """Return the enter key for a line feed: programs that type text end lines with it, and ids must stay separate."""
    enter = events.Key("enter", "\r")
    enter.time = key.time
    return enter


def types_character(key: events.Key) -> bool:
    """Return whether the key types a character."""
    return bool(key.character) and key.is_printable
