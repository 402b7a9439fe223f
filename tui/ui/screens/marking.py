"""The marks of the list: jobs that the next actions take instead of the one under the cursor."""

from __future__ import annotations

from tui.core.text import count
from tui.ui.rendering.job_rows import Row
from tui.ui.screens.panes import Panes
from tui.ui.widgets.bottom_line import BottomLine


class Marking:
    """Marks and unmarks jobs, one row or a range of rows, and says what that did.

    Args:
        panes: The list.
        bottom: Shows the messages.
    """

    def __init__(self, panes: Panes, bottom: BottomLine) -> None:
        self._panes = panes
        self._bottom = bottom
        self._range_from: Row | None = None

    def mark(self) -> None:
        """Mark the jobs of the cursor's row, or unmark them if all are, and go to the next row."""
        jobs = self._panes.jobs
        job_ids = frozenset(jobs.jobs_of(jobs.cursor_row))
        if not self._can_mark(job_ids):
            return
        jobs.marks = jobs.marks - job_ids if job_ids <= jobs.marks else jobs.marks | job_ids
        jobs.action_move(1)
        self._say()

    def mark_range(self) -> None:
        """Begin a range at the cursor, or mark all jobs from there to the cursor."""
        jobs, row = self._panes.jobs, self._panes.jobs.cursor_row
        if not self._can_mark(jobs.jobs_of(row)) or row is None:
            return
        if self._range_from is None:
            self._range_from = row
            self._bottom.show_message("range begins here: move, then v marks it; esc gives it up")
            return
        rows, self._range_from = jobs.rows_between(self._range_from, row), None
        jobs.marks |= {job_id for each in rows for job_id in jobs.jobs_of(each)}
        self._say()

    def clear(self) -> bool:
        """Give up the begun range or else all marks; return whether there were any."""
        jobs = self._panes.jobs
        if self._range_from is not None:
            self._range_from = None
            self._bottom.show_message("no range")
            return True
        if not jobs.marks:
            return False
        jobs.marks = frozenset()
        self._bottom.show_message("no marks")
        return True

    def _can_mark(self, job_ids: object) -> bool:
        if self._panes.current != "jobs":
            self._bottom.show_message("marks are set in the list: 2 goes there")
        elif not job_ids:
            self._bottom.show_message("no job to mark")
        else:
            return True
        return False

    def _say(self) -> None:
        marked = len(self._panes.jobs.marked_ids)
        self._bottom.show_message(
            f"{count(marked, 'job')} marked: actions take them, esc clears" if marked else "no marks"
        )
