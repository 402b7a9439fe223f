"""Pinned jobs side by side, one card each."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import HorizontalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from tui.domain.tracked_job import TrackedJob
from tui.ui.commands import bindings
from tui.ui.rendering.job_card import card, cards_in_sight, differing, marked_after
from tui.ui.rendering.job_fields import title
from tui.ui.rendering.lines import text_of
from tui.ui.rendering.view_state import ViewState, status_role
from tui.ui.widgets.line_view import LineView

EMPTY_HINT = "No pinned jobs. Press m on a job to pin it here; pin two or more to see them side by side."


class Card(LineView, can_focus=False):
    """One pinned job."""

    def __init__(self, job_id: int) -> None:
        super().__init__(classes="card")
        self.job_id = job_id
        self._last: tuple[ViewState, frozenset[str]] | None = None
        self.place = ""
        """The card's number if not all cards are in sight, such as `1 of 5`."""

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self._last:
            self.paint(*self._last)

    def paint(self, scene: ViewState, differs: frozenset[str]) -> None:
        """Show the job's state in `scene` and mark the fields in `differs`."""
        self._last = (scene, differs)
        tracked = scene.watchlist.get(self.job_id) or TrackedJob(self.job_id)
        colour = f"$status-{status_role(tracked.status)}"
        self.set_title(
            Content.styled(text_of(title(tracked, scene.look)), f"{colour} bold"),
            Content.styled(self.place, "not reverse $status-muted"),
            bar=scene.look.glyphs.bar,
        )
        self.show(card(tracked, scene.link, differs, scene.look, max(1, self.room)))


class Deck(HorizontalScroll, can_focus=True):
    """As many cards side by side as fit; the rest scrolls. Keys act on the marked card."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("deck")

    scene: var[ViewState | None] = var(None)
    """The snapshot and the view options."""
    pinned: var[tuple[int, ...]] = var((), init=False)
    """Ids of the pinned jobs, left to right."""
    current: var[int | None] = var(None, init=False)
    """Id of the job whose card is marked; None for an empty deck."""

    class Opened(Message):
        """The user opened the job of the marked card; None on an empty deck."""

        def __init__(self, job_id: int | None) -> None:
            super().__init__()
            self.job_id = job_id

    def compose(self) -> ComposeResult:
        yield Static(EMPTY_HINT, markup=False, classes="hint")

    def watch_scene(self) -> None:
        self._paint()

    def watch_pinned(self, old: tuple[int, ...], new: tuple[int, ...]) -> None:
        self.current = marked_after(old, new, self.current)
        self.call_next(self._sync_cards)

    def watch_current(self) -> None:
        self._mark()

    def on_resize(self, event: events.Resize) -> None:
        del event
        self._paint()
        self._mark()

    def watch_virtual_size(self) -> None:
        self.call_next(self._bring_marked)  # new cards have their positions only now

    def on_focus(self) -> None:
        self._mark()

    def action_step_card(self, step: int) -> None:
        if self.current is None:
            self.post_message(self.Opened(None))  # which says that there is none
            return
        place = self.pinned.index(self.current) + step
        self.current = self.pinned[max(0, min(len(self.pinned) - 1, place))]

    def action_open(self) -> None:
        self.post_message(self.Opened(self.current))

    def action_scroll_cards(self, lines: int) -> None:
        if self.current is None:
            self.post_message(self.Opened(None))
        for dealt in self.query(Card):
            dealt.scroll_to(y=dealt.scroll_offset.y + lines, animate=False, immediate=True)

    async def _sync_cards(self) -> None:
        """Add and remove cards to match the pinned jobs; cards that stay keep their content and scroll position."""
        pinned = self.pinned
        dealt = {each.job_id: each for each in self.query(Card)}
        async with self.batch():
            await self.remove_children([each for job_id, each in dealt.items() if job_id not in pinned])
            await self.mount_all(Card(job_id) for job_id in pinned if job_id not in dealt)
            self.sort_children(key=lambda it: pinned.index(it.job_id) if isinstance(it, Card) else -1)
            self.query_one(".hint").display = not pinned
            self._paint()
        self._mark()

    def _paint(self) -> None:
        if self.scene is None or not self.display:
            return
        watchlist, room = self.scene.watchlist, self.size.width
        total, in_sight = len(self.pinned), cards_in_sight(len(self.pinned), room)
        width = room // in_sight  # Textual 8 does not combine fractions with a minimum width
        differs = differing([watchlist[job_id] for job_id in self.pinned if job_id in watchlist])
        for place, dealt in enumerate(self.query(Card), start=1):
            dealt.styles.width = width
            dealt.place = f"{place} of {total}" if in_sight < total else ""
            dealt.paint(self.scene, differs)

    def _mark(self) -> None:
        """Mark the current card and scroll to it."""
        for dealt in self.query(Card):
            dealt.set_class(dealt.job_id == self.current, "-current")
        self.call_after_refresh(self._bring_marked)

    def _bring_marked(self) -> None:
        for marked in self.query(".-current"):
            self.scroll_to_widget(marked, animate=False, immediate=True)
