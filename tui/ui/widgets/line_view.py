"""A widget that paints lines of spans and repaints only changed lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.ui.rendering.lines import BLANK, Line, Role, line_width

PAINTS = {f"paint--{role}" for role in Role} | {
    "paint--cursor",
    "paint--cursor-blurred",
    "paint--group",
    "paint--match-current",
}
"""Component classes for screens with a `LineView`: resolved once per screen, not once per widget."""


NO_TEXT = Content("")

TITLE_MARGIN = 4
"""Cells of a rule that no title covers: one and a blank at both ends."""

SHORTEST_RULE = 3
"""Cells between the two texts of a rule, with a blank at both sides."""


GUTTER = 2
"""Cells at the left of each row: a bar in the row of the cursor, and a blank."""

CONTEXT = 1
"""Rows that stay visible beyond the cursor. A new row and a new job in the detail both cost bytes; this way one key
does not send both.
"""


def top_for(place: int, top: int, rows: int, total: int, *, leap: int = 0) -> int:
    """Return the first visible row that keeps the cursor visible, with context; `top` if that one does.

    Args:
        place: Row of the cursor, from 0.
        top: First visible row now.
        rows: Visible rows.
        total: Number of all rows.
        leap: Additional rows to scroll, so that the next keys do not scroll.
    """
    context = min(CONTEXT, max(0, rows - 1) // 2)
    leap = min(leap, rows - 1 - 2 * context)
    first, last = place - context, place + context
    if first < top and top > 0:
        top = first - leap
    elif last >= top + rows:
        top = last - rows + 1 + leap
    return max(0, min(top, total - rows))


class Overlay(NamedTuple):
    """A style over some cells of a line."""

    style: Style
    start: int
    """The first cell, from 0."""
    stop: int
    """The cell after the last."""


class LineView(ScrollView):
    """Shows lines and repaints the visible ones that changed.

    DataTable and Static repaint whole widgets for one changed cell.
    """

    FIXED_LINES: ClassVar[int] = 0
    """Lines at the top that do not scroll."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._lines: Sequence[Line] = ()
        self._on_screen: dict[int, Line] = {}
        self._rule = (NO_TEXT, NO_TEXT, "")
        self._written_title: str | None = None

    def show(self, lines: Sequence[Line]) -> None:
        """Replace the lines and keep the scroll position."""
        self._lines = lines
        self.set_extent(len(lines), self.longest_width(lines) if self.styles.overflow_x == "auto" else 0)
        self.repaint()

    def longest_width(self, lines: Sequence[Line]) -> int:
        """Return the cells of the longest line."""
        return max(map(line_width, lines), default=0)

    def set_title(self, left: Content, right: Content = NO_TEXT, *, bar: str = "━") -> None:
        """Set the texts at both ends of the rule above the widget.

        Args:
            left: The text at the left.
            right: The text at the right; left out if both do not fit.
            bar: The character of the rule between them, one cell wide.
        """
        self._rule = (left, right, bar)
        self._write_title()

    def _write_title(self) -> None:
        """Write the title. Skips an unchanged one, for which Textual repaints the widget too."""
        left, right, bar = self._rule
        if not left:
            return  # the widget has no rule
        gap = self.outer_size.width - TITLE_MARGIN - left.cell_length - right.cell_length
        if right and gap >= SHORTEST_RULE:
            rule = (f" {bar * (gap - 2)} ", f"not reverse {'$rule-current' if self.has_focus else '$rule'}")
            left = Content.assemble(left, rule, right)
        title = Content.assemble((" ", "not reverse"), left, (" ", "not reverse"))
        if title.markup != self._written_title:
            self._written_title = title.markup
            self.border_title = title

    def on_focus(self) -> None:
        self._write_title()

    def on_blur(self) -> None:
        self._write_title()

    def set_extent(self, lines: int, width: int = 0) -> None:
        """Set the number of lines, fixed ones included, and the width of the widest in cells."""
        extent = Size(width or self.room, lines)
        if extent != self.virtual_size:
            self.virtual_size = extent

    @property
    def room(self) -> int:
        """Cells of a line: the widget's content without its scrollbar."""
        return self.scrollable_content_region.width

    def line_at(self, y: int) -> Line:
        """Return line `y` of all lines; a blank line after the last."""
        return self._lines[y] if 0 <= y < len(self._lines) else BLANK

    def repaint(self) -> None:
        """Repaint the visible lines that changed; `ScreenDiff` decides which of their cells are sent."""
        regions = []
        for row in range(self.size.height):
            y = self._line_in(row)
            line = self.line_at(y)
            if line != self._on_screen.get(y, BLANK):
                self._on_screen[y] = line
                regions.append(Region(0, row, self.size.width, 1))
        if regions:
            self.refresh(*regions)

    def repaint_all(self) -> None:
        """Repaint everything, as after a change of colours."""
        self._on_screen.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return row `y` of the widget for Textual."""
        number = self._line_in(y)
        line = self.line_at(number)
        if len(self._on_screen) > 1000:
            self._on_screen.clear()
        self._on_screen[number] = line
        start = self.scroll_offset.x if y >= self.FIXED_LINES else 0
        over = self.overlay(number)
        strip = Strip([Segment(text, self.style_of(role)) for text, role in line])
        if over:
            strip = strip.extend_cell_length(over.stop)
            middle = strip.crop(over.start, over.stop).apply_style(over.style)
            strip = Strip([*strip.crop(0, over.start), *middle, *strip.crop(over.stop)])
        return strip.crop_extend(start, start + self.size.width, None).apply_style(self.rich_style)

    def overlay(self, number: int) -> Overlay | None:
        """Return the overlay of line `number`; None without one."""
        del number
        return None

    def style_of(self, role: Role) -> Style:
        """Return the style of a role, without a background."""
        return self.tint(role.value)

    def tint(self, name: str) -> Style:
        """Return the style of the screen's component class `paint--NAME`."""
        return self.screen.get_component_rich_style(f"paint--{name}", partial=True)

    def notify_style_update(self) -> None:
        self._on_screen.clear()
        super().notify_style_update()

    def on_resize(self, event: events.Resize) -> None:
        del event
        self._on_screen.clear()

    def _line_in(self, row: int) -> int:
        return row if row < self.FIXED_LINES else row + self.scroll_offset.y


class StatusLine(LineView, can_focus=False):
    """A single line that does not scroll; only changed cells are sent."""

    def say(self, line: Line) -> None:
        """Show this line."""
        self.show((line,))
