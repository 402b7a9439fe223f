"""The prompt of `/`: filters the list or searches the detail while the user types."""

from __future__ import annotations

from tui.analysis.job_filter import FilterError, completed, kept_filter, parse_filter
from tui.core.clock import SystemClock
from tui.ui.screens.panes import Panes
from tui.ui.screens.recent_jobs import RecentJobs
from tui.ui.widgets.bottom_line import BottomLine
from tui.ui.widgets.job_detail import SEARCHABLE, Tab

LONGEST_TRY_S = 0.1
"""Seconds that the regular expressions of a filter may take for all jobs."""


class Search:
    """Passes the text of the prompt to the list or to the detail, and shows what the search found.

    A filter with a mistake leaves the last good one, and the prompt says what to type.

    Args:
        panes: The list and the detail.
        bottom: Has the prompt.
        recent: The recent jobs, which the prompt filters while they are shown.
    """

    def __init__(self, panes: Panes, bottom: BottomLine, recent: RecentJobs) -> None:
        self._recent = recent
        self._panes = panes
        self._bottom = bottom
        self._is_in_detail = self._is_in_recent = False

    def open(self) -> None:
        """Open the prompt: for a search if the detail is current, otherwise for the filter."""
        detail, jobs = self._panes.detail, self._panes.jobs
        self._is_in_detail = self._panes.current == "detail"
        self._is_in_recent = self._panes.has_recent and not self._is_in_detail
        if self._is_in_detail:
            if detail.tab not in SEARCHABLE:
                detail.tab = Tab.MESSAGES
            self._bottom.open_prompt("search in this text", detail.needle)
        else:
            self._panes.current = "jobs"
            before = self._panes.recent.filter_text if self._is_in_recent else jobs.filter_text
            self._bottom.open_prompt(
                "words  !word  status: loc: type: file: msg:  wait>5m run>2m  tab completes", before
            )

    def apply(self) -> str:
        """Filter or search by the text of the prompt; return the mistake in a filter, empty without one."""
        text = self._bottom.prompt.value
        if self._is_in_detail:
            self._panes.detail.needle = text
            self._bottom.show_result(self._panes.detail.search_status)
            return ""
        mistake = self.filter(text)
        self._bottom.show_result(mistake)
        return mistake

    def filter(self, text: str) -> str:
        """Filter the list; return the mistake in the text, with which the list stays as it is, empty without one."""
        if self._is_in_recent:
            return self._recent.filter(text)
        jobs = self._panes.jobs
        try:
            tries = parse_filter(text).tried(jobs.scene.watchlist.values() if jobs.scene else ())
        except FilterError as error:
            jobs.filter_text = kept_filter(jobs.filter_text, text)
            return str(error)
        clock = SystemClock()
        end_s = clock.monotonic_s() + LONGEST_TRY_S
        for _ in tries:
            if clock.monotonic_s() > end_s:
                return f"{text.strip()!r} takes too long for these jobs: use a word or fewer * + ? |"
        jobs.filter_text = text
        return ""

    def complete(self) -> bool:
        """Complete the last part of a filter, or show its possible ends; return whether there are any."""
        if self._is_in_detail or self._is_in_recent:
            return False
        prompt, scene = self._bottom.prompt, self._panes.jobs.scene
        text, ends = completed(prompt.value, lambda: scene.watchlist.values() if scene else ())
        if text != prompt.value:
            prompt.complete(text)
            self.apply()
        elif len(ends) > 1:
            self._bottom.show_result(" ".join(ends))
        return bool(ends)

    def close(self) -> None:
        """Close the prompt and focus the current pane."""
        mistake = self.apply()  # not by a message: the next key may be waiting
        self._bottom.close_prompt()
        self._panes.focus_current()
        if mistake:
            self._bottom.show_message(mistake)
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
