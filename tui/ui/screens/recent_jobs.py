"""The recent jobs of the tenant on the main screen: reads them by one list call, shows them in place of the list."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.analysis.job_filter import FilterError
from tui.domain.errors import ApiError
from tui.domain.job_source import JobQuery
from tui.domain.tracked_job import TrackedJob
from tui.ui.app_context import AppContext
from tui.ui.screens.panes import Panes

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.worker import WorkType


NOT_YET = "there is no connection yet"


class RecentJobs:
    """Shows the recent jobs instead of the watched ones until the user watches one or leaves.

    Args:
        screen: Runs the reading.
        panes: The list.
        context: The monitor and the time.
    """

    def __init__(self, screen: Screen[None], panes: Panes, context: AppContext) -> None:
        self._screen, self._panes, self._context = screen, panes, context
        self.is_of_start = False
        """Whether the app showed them because it had no jobs; without recent jobs they leave then."""
        self._came_from = self._panes.current
        """The pane that was current before."""

    @property
    def is_shown(self) -> bool:
        """Whether they are on screen, in place of the watched jobs."""
        return self._panes.has_recent

    def show(self, filter_text: str = "", *, is_focused: bool = True) -> str:
        """Show the recent jobs that meet a filter, and read them; return the mistake in the filter, empty without one."""
        mistake = self.filter(filter_text)
        if not mistake:
            self._came_from = self._panes.current
            self._panes.show_recent(is_shown=True)
            if is_focused:
                self._panes.focus_pane("jobs")
            self.read()
        return mistake

    def filter(self, text: str) -> str:
        """List the jobs that meet a filter; return the mistake in it, empty without one."""
        try:
            self._panes.recent.filter(text)
        except FilterError as error:
            return str(error)
        return ""

    def leave(self) -> None:
        """Show the watched jobs again."""
        self.is_of_start = False
        if self.is_shown:
            self._panes.show_recent(is_shown=False)
            if self._panes.current == "jobs":
                self._panes.focus_current()

    def back(self) -> None:
        """Clear the filter, or leave without one."""
        if self._panes.recent.filter_text:
            self.filter("")
        else:
            self.leave()

    def read(self) -> None:
        """Request the list once, within the request budget; a reading that runs is replaced."""
        self._panes.recent.load()
        reading: WorkType[None] = self._read  # makes the coroutine once the worker runs: the app may end before
        self._screen.run_worker(reading, group="recent", exclusive=True)

    async def _read(self) -> None:
        try:
            answer = await self._context.monitor.read(JobQuery())
        except ApiError as error:
            self._panes.recent.fail(str(error))
            return
        except asyncio.CancelledError:  # the monitor stopped, or a later reading replaced this one
            return
        if answer is None:
            self._panes.recent.fail(NOT_YET)
            return
        if not answer.value and self.is_of_start:
            self.leave()
            self._panes.focus_pane(self._came_from)
            return
        now = self._context.clock.now()
        self._panes.recent.fill([TrackedJob(job.job_id).seen(job, now) for job in answer.value], now)
