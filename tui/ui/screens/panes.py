"""The panes of the main screen: which one is current, which are shown, and where."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.geometry import Size
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from tui.ui.widgets.deck import Deck
from tui.ui.widgets.job_detail import JobDetail
from tui.ui.widgets.job_input import JobInput
from tui.ui.widgets.job_list import JobList
from tui.ui.widgets.recent_list import RecentList

NARROW, WIDE = 60, 150
"""Below the first width, in cells, one pane fills the screen; from the second on panes are side by side."""

LOW, TINY = 18, 8
"""Below the first height, in lines, one pane fills the screen; below the second without frame and keys."""

LAYOUTS = ("split", "list", "deck")

PANES = ("input", "jobs", "detail", "deck")

SHOWN = {"split": ("input", "jobs", "detail"), "list": ("input", "jobs"), "deck": ("input", "jobs", "deck")}
"""The panes of each layout on a large screen, in the order of the tab key."""

FIRST_LAYOUT = f"layout-{LAYOUTS[0]}"
"""The class of the screen at its start. It exists before the first styling; a second one would delay the start."""


class Panes(Container):
    """Input, jobs, detail and deck; the pane with the last focus is the current one.

    The classes of the screen select the sizes in styles/layout.tcss: the layout, the size class and full screen.
    """

    layout_name: var[str] = var(LAYOUTS[0], init=False)
    """The layout, a key of `SHOWN`."""
    current: var[str] = var("jobs", init=False)
    """The name of the current pane, one of `PANES`."""

    def __init__(self) -> None:
        super().__init__(id="panes")
        self.input = JobInput(id="input", classes="pane")
        self.jobs = JobList(id="jobs", classes="pane -current")
        self.recent = RecentList(id="recent", classes="pane")
        """The recent jobs of the tenant, which take the place of the list."""
        self._add = Horizontal(Static("+", id="plus", markup=False), self.input, id="add")
        self.detail, self.deck = JobDetail(id="detail", classes="pane"), Deck(id="deck", classes="pane")

    def compose(self) -> ComposeResult:
        yield self._add
        yield Container(self.recent, self.jobs, self.detail, self.deck, id="work")

    @property
    def current_widget(self) -> Widget:
        """The widget of the current pane."""
        jobs = self.recent if self.has_recent else self.jobs
        return {"input": self.input, "jobs": jobs, "detail": self.detail, "deck": self.deck}[self.current]

    @property
    def has_recent(self) -> bool:
        """Whether the recent jobs take the place of the list, the detail and the deck."""
        return self.screen.has_class("-recent")

    def show_recent(self, *, is_shown: bool) -> None:
        """Show the recent jobs in place of the list, or the list again."""
        self.screen.set_class(is_shown, "-recent")
        if is_shown and self.current not in {"input", "jobs"}:
            self.current = "jobs"
        self.watch_current()

    @property
    def is_full(self) -> bool:
        """Whether the current pane is alone, without frame, for copying with the mouse."""
        return self.screen.has_class("-full")

    @property
    def is_one_at_a_time(self) -> bool:
        """Whether the current pane fills the screen: the screen is small, or the pane is in full screen."""
        return any(map(self.screen.has_class, ("-narrow", "-low", "-full")))

    def watch_layout_name(self, old: str, new: str) -> None:
        self.screen.remove_class(f"layout-{old}")
        self.screen.add_class(f"layout-{new}")

    def watch_current(self) -> None:
        for widget in (self.input, self.recent, self.jobs, self.detail, self.deck):
            widget.set_class(widget is self.current_widget, "-current")
        self._add.set_class(self.current == "input", "-current")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        # The message may be late: another widget may have the focus, or another layout may hide this one.
        if event.widget is not self.screen.focused or event.widget.id not in PANES:
            return
        if not self.is_one_at_a_time and event.widget.id in SHOWN[self.layout_name]:
            self.current = event.widget.id
        elif event.widget.id != self.current:
            # Textual moves the focus off a pane that it hides; following it would show and hide two panes in turn.
            self.focus_current()

    def fit(self, size: Size) -> None:
        """Choose the sizes for a screen of this size, in cells."""
        self.screen.set_class(size.width < NARROW, "-narrow")
        self.screen.set_class(size.width >= WIDE, "-wide")
        self.screen.set_class(size.height < LOW, "-low")
        self.screen.set_class(size.height < TINY, "-tiny")

    def focus_current(self) -> None:
        """Focus the current pane now: `focus()` takes effect later, and the next key may be waiting."""
        self.screen.set_focus(self.current_widget)

    def focus_pane(self, name: str) -> None:
        """Focus a pane; change the layout if it hides the pane."""
        if name in {"detail", "deck"}:
            self.show_recent(is_shown=False)
        if name in {"detail", "deck"} and not self.is_full:
            self.layout_name = {"detail": "split", "deck": "deck"}[name]
        self.current = name
        self.focus_current()

    def step(self, step: int) -> None:
        """Focus the next (1) or previous (-1) visible pane, of all panes if one fills the screen."""
        panes = PANES if self.is_one_at_a_time else SHOWN[self.layout_name]
        panes = ("input", "jobs") if self.has_recent else panes
        self.focus_pane(panes[(panes.index(self.current) + step) % len(panes)])

    def next_layout(self) -> None:
        """Show the next layout, in a cycle."""
        self.layout_name = LAYOUTS[(LAYOUTS.index(self.layout_name) + 1) % len(LAYOUTS)]
        if self.current not in SHOWN[self.layout_name]:
            self.focus_pane("jobs")

    def toggle_full(self) -> None:
        """Show only the current pane, or all panes again."""
        self.screen.toggle_class("-full")
        self.focus_pane(self.current)  # the user may have left for another pane
