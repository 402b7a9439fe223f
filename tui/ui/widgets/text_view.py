"""A long scrolling text with search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.timer import Timer

from tui.core.clock import SystemClock
from tui.ui.commands import bindings
from tui.ui.rendering.lines import Line
from tui.ui.rendering.searchable_text import Text
from tui.ui.widgets.line_view import LineView, Overlay

FIRST_S, SLICE_S, PAUSE_S = 0.1, 0.03, 0.005
"""Seconds of the first slice of building a text, enough for almost every text; of each later slice; and of the pause in
between for everything else.
"""


class TextView(LineView, can_focus=True):
    """Shows a text and highlights the current match."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("detail")

    class Searched(Message):
        """The user requested another match, whether or not there is one."""

    class Built(Message):
        """A text is complete that took more than its first slice."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of LineView
        super().__init__(**options)
        self.text = Text()
        """The shown text."""
        self.match: int | None = None
        """Index of the current match; None for none."""
        self._clock = SystemClock()
        self._steps: Iterator[None] | None = None
        self._next_slice: Timer | None = None
        self._postponed: list[Callable[[], object]] = []

    @property
    def is_busy(self) -> bool:
        """Whether a text is being built."""
        return self._steps is not None

    def build(self, steps: Iterator[None]) -> None:
        """Run these steps in slices, instead of the remaining steps."""
        self.stop_building()
        self._steps = steps
        self._build_slice(FIRST_S)

    def drop_postponed(self) -> None:
        """Drop the actions that wait for the complete text."""
        self._postponed.clear()

    def stop_building(self) -> None:
        """Drop the remaining steps, and the actions that wait for them."""
        self.drop_postponed()
        self._steps = None
        if self._next_slice is not None:
            self._next_slice.stop()
            self._next_slice = None

    def _build_slice(self, limit_s: float = SLICE_S) -> None:
        steps, until_s = self._steps, self._clock.monotonic_s() + limit_s
        for _ in steps or ():
            if self._clock.monotonic_s() >= until_s:
                self.show(self.text.lines)  # it may have grown
                self._next_slice = self.set_timer(PAUSE_S, self._build_slice)
                return
        if self._steps is not steps:
            return  # the last step started another text
        was_long, self._steps, self._next_slice = self._next_slice is not None, None, None
        postponed, self._postponed = self._postponed, []
        for each in postponed:
            each()
        if was_long:
            self.post_message(self.Built())

    def _when_built(self, action: Callable[[], object]) -> None:
        """Call `action` once the text is complete."""
        if self.is_busy:
            self._postponed.append(action)
        else:
            action()

    def show_text(self, text: Text, *, is_rewrapped: bool = False) -> None:
        """Replace the text and keep the position: the top line or, if lines wrap differently now, its paragraph."""
        paragraph, was_in_sight = self.text.paragraph_at(self.scroll_offset.y), self._is_match_in_sight
        self.text = text
        if self.match is not None and self.match >= len(text.matches):
            self.match = None
        self.show(text.lines)
        if is_rewrapped:
            self.go_to(x=0, y=text.line_of(paragraph))
            if was_in_sight and self.match is not None and not self._is_match_in_sight:
                self.go_to(y=text.matches[self.match].line)

    def longest_width(self, lines: Sequence[Line]) -> int:
        return self.text.layout.longest or super().longest_width(lines)

    def catch_up(self) -> None:
        """Show a pending text; called before a key acts on the text."""

    def go_to(self, *, x: int | None = None, y: int | None = None) -> None:
        """Scroll to a cell or a line, from 0, without animation."""
        self.scroll_to(x=x, y=y, animate=False, force=True, immediate=True)

    def seek(self) -> None:
        """Select the first match at or below the top line, if there is one."""
        self._when_built(self._seek)

    def _seek(self) -> None:
        if self.text.matches:
            self._go_to_match(self.text.match_from(self.scroll_offset.y))

    def action_scroll_by(self, lines: int) -> None:
        self.catch_up()
        self.go_to(y=self.scroll_offset.y + lines)

    def action_scroll_pages(self, pages: float) -> None:
        self.action_scroll_by(round(pages * max(1, self.size.height - 1)))

    def action_scroll_home(self) -> None:
        self.catch_up()
        self.go_to(x=0, y=0)

    def action_scroll_end(self) -> None:
        self.catch_up()
        self._when_built(lambda: self.go_to(y=self.max_scroll_y))

    def action_find(self, step: int) -> None:
        self.catch_up()
        self._when_built(lambda: self._find(step))

    def _find(self, step: int) -> None:
        if self.text.matches:
            self._go_to_match(self._match_beyond(step))
        self.post_message(self.Searched())

    def overlay(self, number: int) -> Overlay | None:
        if self.match is None or self.text.matches[self.match].line != number:
            return None
        return Overlay(self.tint("match-current"), *self.text.matches[self.match][1:])

    def _match_beyond(self, step: int) -> int:
        """Return the match after (1) or before (-1) the current one, or from the top line if that is not visible."""
        if self.match is not None and self._is_match_in_sight:
            return (self.match + step) % len(self.text.matches)
        return self.text.match_from(self.scroll_offset.y, backwards=step < 0)

    def _go_to_match(self, place: int) -> None:
        """Select a match and scroll it to the top."""
        before, self.match = self.match, place
        for each in {place if before is None else before, place}:
            self.refresh(Region(0, self.text.matches[each].line - self.scroll_offset.y, self.size.width, 1))
        self.go_to(y=self.text.matches[place].line)

    @property
    def _is_match_in_sight(self) -> bool:
        if self.match is None:
            return False
        return 0 <= self.text.matches[self.match].line - self.scroll_offset.y < self.scrollable_content_region.height
