"""The base class of the app: its driver, its keys, and how it ends.

It uses what Textual keeps private, so that `tui.ui.app` does not.
"""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from textual import constants, events
from textual.driver import Driver
from textual.geometry import Size
from textual.scrollbar import ScrollBar
from textual.widget import Widget

from tui.core.errors import ConfigError
from tui.core.text import one_line
from tui.ui.terminal.diffing_app import DiffingApp
from tui.ui.terminal.driver import PrintableOnly, SignalSafeDriver
from tui.ui.terminal.key_bursts import KeyBursts
from tui.ui.terminal.scrollbar import WholeCells


class TerminalApp(DiffingApp):
    """An app that finishes each key before the next one, survives unexpected signals, and ends without a word of
    Textual.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of App
        super().__init__(**options)
        self._bug: Exception | None = None
        self._keys = KeyBursts(self, self)
        self._filters.append(PrintableOnly())
        ScrollBar.renderer = WholeCells

    @property
    def focused(self) -> Widget | None:
        """The widget with the focus; None also after the app has ended, without a screen."""
        return super().focused if self.screen_stack else None

    async def on_event(self, event: events.Event) -> None:
        if not await self._keys.handle(event):
            await super().on_event(event)

    async def type_elsewhere(self, key: events.Key) -> bool:
        """Type a key into another widget than the focused one; return whether it did."""
        del key
        return False

    async def accept_text(self, text: str) -> bool:
        """Accept characters that arrived together as text instead of keys; return whether it did."""
        del text
        return False

    async def paste(self, text: str) -> bool:
        """Insert a paste now, because the next keys may be waiting; return whether a widget took it."""
        del text
        return False

    def get_driver_class(self) -> type[Driver]:
        """Return our driver, or the driver of `TEXTUAL_DRIVER`, as in a browser."""
        if constants.DRIVER is None:
            return SignalSafeDriver
        try:
            return super().get_driver_class()
        except (ImportError, AttributeError, ValueError, RuntimeError) as error:
            raise ConfigError(
                f"TEXTUAL_DRIVER '{one_line(constants.DRIVER)[:80]}' is not a Textual driver", "unset it"
            ) from error

    @property
    def terminal_size(self) -> Size | None:
        return Size(*self.console.size) if isinstance(self._driver, SignalSafeDriver) else None

    @property
    def is_drained(self) -> bool:
        return not isinstance(self._driver, SignalSafeDriver) or self._driver.is_drained

    def suspend_to_shell(self) -> bool:
        """Stop the app until the shell resumes it; return False if no shell with job control started it."""
        if not isinstance(self._driver, SignalSafeDriver) or not self._driver.can_suspend:
            return False
        self.app_suspend_signal.publish(self)
        self._driver.suspend_group()
        return True

    def take_mouse(self, *, is_taken: bool) -> None:
        """Have the terminal report the mouse to the app, or leave it to the terminal so that the user can select text.

        Does nothing if the app was started without the mouse.
        """
        if isinstance(self._driver, SignalSafeDriver):
            self._driver.take_mouse(is_taken=is_taken)

    def send(self, sequence: str) -> bool:
        """Send characters that are no part of the screen to the terminal; return False if there is none."""
        if not isinstance(self._driver, SignalSafeDriver):
            return False
        self._driver.write(sequence)
        self._driver.flush()
        return True

    def _fatal_error(self) -> None:
        """End after a bug without output: Textual's crash screen prints local variables, and with them tokens."""
        self._bug = self._bug or self._exception
        self._close_messages_no_wait()

    def panic(self, *_: RenderableType) -> None:
        """End after a bug for which Textual would print its own text."""
        self._bug = self._bug or self._exception or RuntimeError("Textual ended the app without an error")
        self._fatal_error()

    @property
    def bug(self) -> Exception | None:
        """The bug that ended the app; None without one."""
        return self._bug
