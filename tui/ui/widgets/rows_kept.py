"""Rows of the list that do not move by themselves, made once and not for each snapshot."""

from __future__ import annotations

from dataclasses import replace

from tui.domain.tracked_job import TrackedJob
from tui.ui.views.columns import Columns
from tui.ui.views.lines import BLANK, Line
from tui.ui.views.rows import is_still, row
from tui.ui.views.scene import Scene

MOST_KEPT = 1000


class RowsKept:
    """Keeps rows until their job, the columns or the look change, and for a minute: a time of day becomes a date in the end."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[TrackedJob, bool, Line]] = {}
        self._scene: Scene | None = None
        self._made_for: tuple[object, ...] = ()

    def line(self, tracked: TrackedJob, scene: Scene, columns: Columns, *, is_pinned: bool) -> Line:
        """Return the job's row."""
        self._forget_if_other(scene, columns)
        known, was_pinned, line = self._lines.get(tracked.job_id, (None, False, BLANK))
        if known is tracked and was_pinned is is_pinned:
            return line
        line = row(tracked, scene.link, columns, scene.look, is_pinned=is_pinned)
        if is_still(tracked, scene.link, scene.look):
            self._lines[tracked.job_id] = (tracked, is_pinned, line)
        return line

    def _forget_if_other(self, scene: Scene, columns: Columns) -> None:
        if scene is self._scene and columns is self._made_for[-1]:
            return
        minute = replace(scene.look, now=scene.look.now.replace(second=0, microsecond=0))
        made_for = (scene.link, minute, columns)
        if made_for != self._made_for or len(self._lines) > MOST_KEPT:
            self._lines.clear()
        self._scene, self._made_for = scene, made_for
