"""One line at the bottom for a filter or a search, as in vim and less."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input
from textual.widgets.input import Selection

from tui.ui.terminal.steady_input import SteadyInput


class SearchPrompt(SteadyInput):
    """A hidden input that reports each change and returns to its screen at the end."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "cancel", show=False),
        Binding("tab", "complete", "complete", show=False),
    ]

    class Typed(Message):
        """The text changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, compact=True)

    def open_prompt(self, hint: str, text: str = "") -> None:
        """Focus the prompt with `text` selected: typing replaces it, cursor keys keep it. `hint` shows while empty."""
        self.placeholder = hint
        self.value = text
        self.selection = Selection(0, len(text))
        self.screen.set_focus(self)

    def complete(self, text: str) -> None:
        """Replace the text and go to its end."""
        self.value = text
        self.cursor_position = len(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self.value))

    async def action_submit(self) -> None:
        await self.run_action("screen.return_from_prompt")

    async def action_complete(self) -> None:
        await self.run_action("screen.complete_prompt")

    async def action_give_up(self) -> None:
        self.value = ""
        await self.action_submit()
