"""The base screen: its panes, their layout and focus, and the bottom line."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.reactive import var
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from tui.ui.commands import EMPTY_DECK_HINTS, HINTS
from tui.ui.rendering.lines import Role, Span
from tui.ui.rendering.status_bar import key_bar
from tui.ui.widgets.deck import Deck
from tui.ui.widgets.job_detail import JobDetail
from tui.ui.widgets.job_input import JobInput
from tui.ui.widgets.job_list import JobList
from tui.ui.widgets.line_view import PAINTS, LineView, StatusLine
from tui.ui.widgets.search_prompt import SearchPrompt

NOTE_S = 3.0
"""Seconds that a message stays in the bottom line."""

NARROW, WIDE = 60, 120
"""Below the first width, in cells, one part fills the screen; from the second on parts are side by side."""

LOW, TINY = 18, 8
"""Below the first height, in lines, one part fills the screen; below the second without frame and keys."""

LAYOUTS = ("split", "list", "deck")

PARTS = ("input", "jobs", "detail", "deck")

SHOWN = {"split": ("input", "jobs", "detail"), "list": ("input", "jobs"), "deck": ("input", "jobs", "deck")}
"""The parts of each layout on a large screen, in the order of the tab key."""


class PaneScreen(Screen[None]):
    """Input, jobs, detail and deck; the part with the last focus is the current one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+tab", "step(-1)", "previous part", id="previous-part", show=False)
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = PAINTS

    layout_name: var[str] = var(LAYOUTS[0], init=False)
    """The layout, a key of `SHOWN`."""
    part_name: var[str] = var("jobs", init=False)
    """The current part."""

    def __init__(self) -> None:
        # Classes that exist before the first styling save a second one, which would delay the start.
        super().__init__(classes=f"layout-{LAYOUTS[0]}")
        self.top, self.problem, self.keys = StatusLine(id="top"), LineView(id="problem"), StatusLine(id="keys")
        self.input, self.prompt = JobInput(id="input", classes="part"), SearchPrompt(id="prompt")
        self.jobs, self.detail = JobList(id="jobs", classes="part -current"), JobDetail(id="detail", classes="part")
        self.deck = Deck(id="deck", classes="part")
        self._verdict = Static("", markup=False, id="verdict")
        self._asking = Horizontal(Static("/", markup=False), self.prompt, self._verdict, id="ask")
        self._note_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self.top
        yield self.problem
        yield self.input
        yield Container(self.jobs, self.detail, self.deck, id="work")
        yield self.keys
        yield self._asking

    @property
    def part(self) -> Widget:
        """The widget of the current part."""
        return {"input": self.input, "jobs": self.jobs, "detail": self.detail, "deck": self.deck}[self.part_name]

    @property
    def is_one_at_a_time(self) -> bool:
        """Whether the current part fills the screen: the screen is small, or the part is in full screen."""
        return any(map(self.has_class, ("-narrow", "-low", "-full")))

    def watch_layout_name(self, old: str, new: str) -> None:
        self.remove_class(f"layout-{old}")
        self.add_class(f"layout-{new}")

    def watch_part_name(self) -> None:
        for widget in (self.input, self.jobs, self.detail, self.deck):
            widget.set_class(widget is self.part, "-current")
        self.show_keys()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        # The message may be late: another widget may have the focus, or another layout may hide this one.
        if event.widget is not self.focused or event.widget.id not in PARTS:
            return
        if self.is_one_at_a_time or event.widget.id in SHOWN[self.layout_name]:
            self.part_name = event.widget.id
        else:
            self.set_focus(self.part)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.height < LOW, "-low")
        self.set_class(event.size.height < TINY, "-tiny")

    def show_keys(self) -> None:
        """Show the keys of the current part in the bottom line."""
        is_without_cards = self.part_name == "deck" and not self.deck.pinned
        self.keys.say(key_bar(EMPTY_DECK_HINTS if is_without_cards else HINTS[self.part_name], self.outer_size.width))

    def refresh_keys(self) -> None:
        """Update the keys, unless a message is shown: it restores them itself."""
        if self._note_timer is None:
            self.show_keys()

    def show_message(self, text: str) -> None:
        """Show a message in the bottom line for `NOTE_S` seconds."""
        self.keys.say((Span(f" {text}", Role.STRONG),))
        if self._note_timer:
            self._note_timer.stop()
        self._note_timer = self.set_timer(NOTE_S, self._end_note)

    def _end_note(self) -> None:
        self._note_timer = None
        self.show_keys()

    def open_prompt(self, hint: str, text: str) -> None:
        """Show the prompt instead of the bottom line."""
        self.keys.display, self._asking.display = False, True
        self.show_result("")
        self.prompt.open_prompt(hint, text)

    def show_result(self, text: str) -> None:
        """Show the result of a search after the prompt."""
        if str(self._verdict.content) != text:
            self._verdict.update(text)

    def action_return_from_prompt(self) -> None:
        """Close the prompt and focus the current part."""
        self.keys.display, self._asking.display = True, False
        self.set_focus(self.part)

    def action_part(self, name: str) -> None:
        """Focus a part; change the layout if it hides the part."""
        if name in {"detail", "deck"} and not self.has_class("-full"):
            self.layout_name = {"detail": "split", "deck": "deck"}[name]
        self.part_name = name
        # Not `focus()`, which takes effect later: the next key may be waiting.
        self.set_focus(self.part)

    def action_step(self, step: int) -> None:
        """Focus the next (1) or previous (-1) visible part, of all parts if one fills the screen."""
        if self.prompt.has_focus:
            self.action_return_from_prompt()
        parts = PARTS if self.is_one_at_a_time else SHOWN[self.layout_name]
        self.action_part(parts[(parts.index(self.part_name) + step) % len(parts)])

    def action_layout(self) -> None:
        self.layout_name = LAYOUTS[(LAYOUTS.index(self.layout_name) + 1) % len(LAYOUTS)]
        if self.part_name not in SHOWN[self.layout_name]:
            self.action_part("jobs")

    def action_full(self) -> None:
        self.toggle_class("-full")
        self.action_part(self.part_name)  # the user may have left for another part
