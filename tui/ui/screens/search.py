"""The prompt of `/`: filters the list or searches the detail while the user types."""

from __future__ import annotations

from tui.ui.screens.panes import Panes
from tui.ui.widgets.bottom_line import BottomLine
from tui.ui.widgets.job_detail import Tab


class Search:
    """Passes the text of the prompt to the list or to the detail, and shows what the search found.

    Args:
        panes: The list and the detail.
        bottom: Has the prompt.
    """

    def __init__(self, panes: Panes, bottom: BottomLine) -> None:
        self._panes = panes
        self._bottom = bottom
        self._is_in_detail = False

    def open(self) -> None:
        """Open the prompt: for a search if the detail is current, otherwise for the filter."""
        detail, jobs = self._panes.detail, self._panes.jobs
        self._is_in_detail = self._panes.current == "detail"
        if self._is_in_detail:
            if detail.tab is Tab.WHY:
                detail.tab = Tab.MESSAGES
            self._bottom.open_prompt("search in this text", detail.needle)
        else:
            self._panes.current = "jobs"
            self._bottom.open_prompt(
                "only jobs with these words in id, status, type, location, file or messages", jobs.filter_text
            )

    def apply(self) -> None:
        """Filter or search by the text of the prompt."""
        text = self._bottom.prompt.value
        if self._is_in_detail:
            self._panes.detail.needle = text
            self._bottom.show_result(self._panes.detail.search_status)
        else:
            self._panes.jobs.filter_text = text

    def close(self) -> None:
        """Close the prompt and focus the current pane."""
        self.apply()  # not by a message: the next key may be waiting
        self._bottom.close_prompt()
        self._panes.focus_current()
        if self._is_in_detail and self._panes.detail.needle:
            self._bottom.show_message(self._panes.detail.search_status)

    def show_late_result(self) -> None:
        """Show the result of a search that took longer than its key."""
        status = self._panes.detail.search_status
        if self._bottom.prompt.has_focus and self._is_in_detail:
            self._bottom.show_result(status)
        elif self._panes.detail.needle:
            self._bottom.show_message(status)

    def show_match(self) -> None:
        """Show which match the user went to."""
        self._bottom.show_message(self._panes.detail.search_status or "no search yet: / starts one")
