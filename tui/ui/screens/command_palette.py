"""A list of choices with a filter: all actions, or the themes.

Textual's command palette collects matches in a worker and closes by messages, and keys and clicks in between end the
app. This one acts synchronously.
"""

from __future__ import annotations

from collections.abc import Sequence
from inspect import isawaitable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.ui.rendering.choices import Arguments, Choice, choice_line, matching, no_arguments, why_none
from tui.ui.rendering.lines import Line, Role, Span, wrap
from tui.ui.rendering.view_state import Glyphs
from tui.ui.terminal.steady_input import SteadyInput
from tui.ui.widgets.line_view import PAINTS, LineView, Overlay, top_for


class Words(SteadyInput):
    """The input of the filter."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True)

    async def action_submit(self) -> None:
        # Not by a message: the next key may be waiting.
        await self.run_action("screen.choose")


class Choices(LineView, can_focus=False):
    """The choices, one line each, one of them marked."""

    class Clicked(Message):
        """A line was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._why_none = "no match"
        self._glyphs = glyphs
        self.offered: tuple[Choice, ...] = ()
        """The choices on screen, top to bottom."""
        self.marked = 0
        """Index of the marked choice."""

    def offer(self, choices: tuple[Choice, ...], why: str) -> None:
        """Show these choices and mark the first; without any say why."""
        self.offered, self.marked, self._why_none = choices, 0, why
        self._show()

    def mark(self, place: int) -> None:
        """Mark the choice at an index, or the nearest one, and scroll to it."""
        self.marked = max(0, min(len(self.offered) - 1, place))
        if self.offered:
            self.show(self._rows())
        top = top_for(self.marked, self.scroll_offset.y, self.size.height, len(self.offered))
        self.scroll_to(y=top, animate=False, force=True, immediate=True)
        self.refresh()

    def overlay(self, number: int) -> Overlay | None:
        return Overlay(self.tint("cursor"), 0, self.room) if self.offered and number == self.marked else None

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._show()

    def on_click(self, event: events.Click) -> None:
        place = event.y - self.gutter.top + self.scroll_offset.y
        if place < len(self.offered):
            self.post_message(self.Clicked(place))

    def _show(self) -> None:
        self.show(self._rows() or [(Span(text, Role.MUTED),) for text in wrap(self._why_none, max(1, self.room))])
        self.mark(self.marked)

    def _rows(self) -> list[Line]:
        """Return a line for each choice; the marked one begins with a bar, which shows without colours too."""
        bar, ellipsis = self._glyphs.cursor, self._glyphs.ellipsis
        return [
            (
                Span(bar if place == self.marked else " ", Role.KEY),
                *choice_line(choice, max(0, self.room - 1), ellipsis),
            )
            for place, choice in enumerate(self.offered)
        ]


class ChoiceScreen(ModalScreen[None]):
    """Offers choices until the user chooses one or closes it.

    Args:
        title: What the user chooses.
        choices: The choices in their order without a filter.
        glyphs: The bar of the marked choice, and what replaces text that is cut.
        free: Returns choices made of what was typed, before all others.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = PAINTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", show=False),
        Binding("up", "move(-1)", "previous", show=False),
        Binding("down", "move(1)", "next", show=False),
        Binding("pageup", "page(-1)", "a page up", show=False),
        Binding("pagedown", "page(1)", "a page down", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], glyphs: Glyphs, free: Arguments = no_arguments) -> None:
        super().__init__()
        self._title, self._choices, self._free = title, choices, free
        self._words, self._list = Words(f"{title} by name"), Choices(glyphs)
        self._listed_for: str | None = None

    def compose(self) -> ComposeResult:
        with Vertical() as frame:
            frame.border_title, frame.border_subtitle = self._title.capitalize(), "enter chooses, esc closes"
            yield self._words
            yield self._list

    def open(self) -> None:
        """Focus the filter; call it once the screen is mounted."""
        self.set_focus(self._words)
        self._list_for_words()

    @on(Input.Changed)
    async def _choose_by_letter(self) -> None:
        """Choose the entry of the first letter, otherwise list the choices that match."""
        letter = self._words.value
        quick = next((choice for choice in self._choices if choice.letter and choice.letter == letter), None)
        if quick is None or self._listed_for:
            self._list_for_words()
        elif self.app.screen is self:
            await self._carry_out(quick)

    def _list_for_words(self) -> None:
        """List the choices that match, unless a key before this message has already done so."""
        if self._listed_for != self._words.value:
            self._listed_for = self._words.value
            words = self._words.value
            self._list.offer((*self._free(words), *matching(self._choices, words)), why_none(self._choices, words))

    @on(Choices.Clicked)
    async def _choose_clicked(self, event: Choices.Clicked) -> None:
        self._list.mark(event.place)
        await self.action_choose()

    def action_move(self, step: int) -> None:
        self._list_for_words()
        self._list.mark(self._list.marked + step)

    def action_page(self, pages: int) -> None:
        self.action_move(pages * max(1, self._list.size.height - 1))

    def action_close(self) -> None:
        if self.app.screen is self:  # a second click or key may have closed it
            self.app.pop_screen()

    async def action_choose(self) -> None:
        self._list_for_words()
        if not self._list.offered or self.app.screen is not self:
            return
        await self._carry_out(self._list.offered[self._list.marked])

    async def _carry_out(self, choice: Choice) -> None:
        self.action_close()
        done = choice.act()
        if isawaitable(done):
            await done
