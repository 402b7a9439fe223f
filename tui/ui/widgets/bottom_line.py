"""The bottom line: the keys of the current pane, a message for some seconds, or a prompt."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.timer import Timer
from textual.widgets import Static

from tui.ui.rendering.lines import Role, Span
from tui.ui.rendering.status_bar import key_bar
from tui.ui.widgets.line_view import StatusLine
from tui.ui.widgets.search_prompt import SearchPrompt

MESSAGE_S = 3.0
"""Seconds that a message stays."""

Hints = Sequence[tuple[str, str]]
"""Keys and what they do, most important first."""


class BottomLine(Container):
    """Shows key hints; a message replaces them for a while, and the prompt replaces both."""

    def __init__(self) -> None:
        super().__init__(id="bottom")
        self.prompt = SearchPrompt(id="prompt")
        self._keys = StatusLine(id="keys")
        self._result = Static("", markup=False, id="result")
        self._ask = Horizontal(Static("/", markup=False), self.prompt, self._result, id="ask")
        self._hints: Hints = ()
        self._message_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self._keys
        yield self._ask

    def show_hints(self, hints: Hints) -> None:
        """Show these keys, also instead of a message."""
        self._hints = hints
        self._paint_hints()

    def replace_hints(self, hints: Hints) -> None:
        """Show these keys once no message is shown."""
        self._hints = hints
        if self._message_timer is None:
            self._paint_hints()

    def show_message(self, text: str) -> None:
        """Show a message for `MESSAGE_S` seconds instead of the keys."""
        self._keys.say((Span(f" {text}", Role.STRONG),))
        if self._message_timer is not None:
            self._message_timer.stop()
        self._message_timer = self.set_timer(MESSAGE_S, self.end_message)

    def repaint(self) -> None:
        """Paint the whole line again, for another width."""
        self.replace_hints(self._hints)
        self._keys.repaint_all()

    def open_prompt(self, hint: str, text: str) -> None:
        """Show the prompt with `text`, and focus it; `hint` shows while it is empty."""
        self._keys.display, self._ask.display = False, True
        self.show_result("")
        self.prompt.open_prompt(hint, text)

    def close_prompt(self) -> None:
        """Show the keys or the message again."""
        self._keys.display, self._ask.display = True, False

    def show_result(self, text: str) -> None:
        """Show the result of a search after the prompt."""
        if str(self._result.content) != text:
            self._result.update(text)

    def end_message(self) -> None:
        """Show the keys again."""
        self._message_timer = None
        self._paint_hints()

    def _paint_hints(self) -> None:
        self._keys.say(key_bar(self._hints, self.screen.outer_size.width))
