"""One line of the screen's frame: the top line or the bottom line."""

from __future__ import annotations

from tui.ui.views.lines import Line
from tui.ui.widgets.painted import Painted


class Bar(Painted, can_focus=False):
    """A single line that does not scroll; only changed cells are sent."""

    def say(self, line: Line) -> None:
        """Show this line."""
        self.show((line,))
