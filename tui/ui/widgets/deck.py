"""Pinned jobs side by side, one card each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from tui.analysis.comparison import differing, shared
from tui.domain.tracked_job import TrackedJob
from tui.ui.commands import bindings
from tui.ui.rendering.job_card import BORDER, Grid, card_title, deck_line, grid_of, marked_after, reasons, values
from tui.ui.rendering.job_fields import title
from tui.ui.rendering.lines import BLANK, Line, text_of
from tui.ui.rendering.view_state import ViewState, status_role
from tui.ui.widgets.line_view import LineView

EMPTY_HINT = "No pinned jobs. Press m on a job to pin it here; pin two or more to see them side by side."


class Card(LineView, can_focus=False):
    """One pinned job."""

    def __init__(self, job_id: int) -> None:
        super().__init__(classes="card")
        self.job_id = job_id

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._write_title()

    def paint(self, tracked: TrackedJob, scene: ViewState, lines: tuple[Line, ...], right: str) -> None:
        """Show these lines below the job's title, which has `right` at its end."""
        colour = f"$status-{status_role(tracked.status)}"
        self.set_title(
            Content.styled(text_of(title(tracked, scene.look)), f"{colour} bold"),
            Content.styled(right, "not reverse $status-muted"),
            bar=scene.look.glyphs.bar,
        )
        self.show(lines)


class Deck(Vertical, can_focus=True):
    """The pinned jobs in rows of cards, as many as fit; the rest scrolls. Keys act on the marked card."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("deck")

    scene: var[ViewState | None] = var(None)
    """The snapshot and the view options."""
    pinned: var[tuple[int, ...]] = var((), init=False)
    """Ids of the pinned jobs, in the order of the cards."""
    current: var[int | None] = var(None, init=False)
    """Id of the job whose card is marked; None for an empty deck."""
    remarks: var[Mapping[int, str]] = var({})
    """Why jobs are on the deck, by id."""

    class Opened(Message):
        """The user opened the job of the marked card; None on an empty deck."""

        def __init__(self, job_id: int | None) -> None:
            super().__init__()
            self.job_id = job_id

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._in_common, self._cards = LineView(id="in-common"), VerticalScroll(id="cards", can_focus=False)
        self._in_common.can_focus = False
        self._grid = Grid(1, 1)

    def compose(self) -> ComposeResult:
        yield Static(EMPTY_HINT, markup=False, classes="hint")
        yield self._in_common
        yield self._cards

    def on_mount(self) -> None:
        # New cards have their positions only then.
        self.watch(self._cards, "virtual_size", lambda: self.call_next(self._bring_marked), init=False)

    def watch_scene(self) -> None:
        self._paint()

    def watch_pinned(self, old: tuple[int, ...], new: tuple[int, ...]) -> None:
        self.current = marked_after(old, new, self.current)
        self.call_next(self._sync_cards)

    def watch_current(self) -> None:
        self._mark()
        self._paint()

    def on_resize(self, event: events.Resize) -> None:
        del event
        self._paint()
        self._mark()

    def on_focus(self) -> None:
        self._mark()

    def action_step_card(self, step: int) -> None:
        self._go(step)

    def action_step_row(self, step: int) -> None:
        columns = self._grid.columns
        if self.current is not None and step > 0:
            place, last = self.pinned.index(self.current), len(self.pinned) - 1
            if place // columns == last // columns:
                return  # no row below; the last card of a shorter row takes the place of the missing ones
        elif self.current is not None and self.pinned.index(self.current) < columns:
            return
        self._go(step * columns)

    def _go(self, step: int) -> None:
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
            await self._cards.remove_children([each for job_id, each in dealt.items() if job_id not in pinned])
            await self._cards.mount_all(Card(job_id) for job_id in pinned if job_id not in dealt)
            self._cards.sort_children(key=lambda it: pinned.index(it.job_id) if isinstance(it, Card) else -1)
            self.query_one(".hint").display = not pinned
            self._in_common.display = self._cards.display = bool(pinned)
            self._paint()
        self._mark()

    def _paint(self) -> None:
        scene = self.scene
        if scene is None or not self.display or not self.size.width:
            return
        tracked = [scene.watchlist.get(job_id) or TrackedJob(job_id) for job_id in self.pinned]
        answered = [each.job for each in tracked if each.job is not None]
        differs, in_common = differing(answered), shared(answered)
        width, height = self.size.width, max(1, self.size.height - 1)
        grid = self._grid = grid_of(len(tracked), width, height)
        lines = max(1, height // grid.rows)
        self._cards.styles.grid_size_columns = grid.columns
        self._cards.styles.grid_rows = str(lines)
        cells = max(1, width // grid.columns - BORDER)
        for dealt in self.query(Card):
            if dealt.job_id not in self.pinned:
                continue
            place = self.pinned.index(dealt.job_id)
            first = place - place % grid.columns
            row = [self._reasons(each, cells, lines) for each in tracked[first : first + grid.columns]]
            own = row[place - first]
            # Times stand at one height in a row of cards, so that the eye can compare them.
            blank = (BLANK,) * (max(map(len, row)) - len(own))
            rest = values(tracked[place], scene.link, scene.look, cells, differs=differs, in_common=in_common)
            dealt.paint(tracked[place], scene, (*own, *blank, *rest), card_title(tracked[place], in_common, scene.look))
        self._in_common.show((deck_line(self._pinned_words, in_common, scene.look, width, has_marks=bool(differs)),))

    def _reasons(self, tracked: TrackedJob, cells: int, lines: int) -> tuple[Line, ...]:
        if self.scene is None:
            return ()
        scene, job_id = self.scene, tracked.job_id
        return reasons(
            tracked,
            scene.link,
            scene.look,
            cells,
            lines,
            late=scene.late.get(job_id),
            remark=self.remarks.get(job_id, ""),
        )

    @property
    def _pinned_words(self) -> str:
        total = len(self.pinned)
        if self.current is None or self._grid.in_sight >= total:
            return f"{total} pinned"
        return f"card {self.pinned.index(self.current) + 1} of {total}"

    def _mark(self) -> None:
        """Mark the current card and scroll to it."""
        for dealt in self.query(Card):
            dealt.set_class(dealt.job_id == self.current, "-current")
        self.call_after_refresh(self._bring_marked)

    def _bring_marked(self) -> None:
        for marked in self.query(".-current"):
            self._cards.scroll_to_widget(marked, animate=False, immediate=True)
