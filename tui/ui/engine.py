"""What people want of the monitor, as commands that cross to its thread. Paints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui.domain.selection import Selection
from tui.monitor.polling_policy import PollPolicy
from tui.ui.monitor_thread import MonitorThread

INTERVALS_S = (1.0, 2.0, 5.0, None, 10.0, 30.0, 60.0)
"""What + and - step through; None is the schedule's own choice."""

AUTO_COUNTS_AS_S = 7.0
"""Where the schedule's own choice stands among the fixed intervals."""


class Engine:
    """The commands of one session; they return at once, and what they change comes back as a snapshot.

    Args:
        thread: Runs the monitor.
        policy: How eagerly jobs are polled at the start.
    """

    def __init__(self, thread: MonitorThread, policy: PollPolicy) -> None:
        self._thread = thread
        self._policy = policy
        self._dropped: list[int] = []
        self._set(policy)

    def watch(self, job_ids: Sequence[int]) -> None:
        """Watch these jobs too."""
        added = frozenset(job_ids)
        self._dropped = [job_id for job_id in self._dropped if job_id not in added]
        self._thread.tell(lambda monitor: monitor.track(*job_ids))

    def begin(self, job_ids: Sequence[int], selections: Sequence[Selection], removed: Sequence[int]) -> None:
        """Watch what the session begins with; of the selections not the removed jobs."""
        self._dropped = list(removed)
        self._thread.tell(lambda monitor: monitor.begin(job_ids, selections, removed))

    def unwatch_selection(self, selection: Selection) -> None:
        """Watch no more jobs of a selection; those that are known stay."""
        self._thread.tell(lambda monitor: monitor.untrack_selection(selection))

    def watch_selection(self, selection: Selection) -> None:
        """Watch the jobs of a file, a location or a time too, late ones included."""
        self._thread.tell(lambda monitor: monitor.track_selection(selection, is_checked=True))

    def drop(self, job_id: int) -> None:
        """Watch this job no more; `undo` brings it back."""
        self._dropped.append(job_id)
        self._thread.tell(lambda monitor: monitor.untrack(job_id))

    def undo(self) -> int | None:
        """Watch the job again that was dropped last, at its place in the list; return its id, None if there is none."""
        if not self._dropped:
            return None
        job_id = self._dropped.pop()
        self._thread.tell(lambda monitor: monitor.put_back(job_id))
        return job_id

    def focus(self, job_ids: Sequence[int]) -> None:
        """Let these jobs, and no others, go first where not all can be asked for in time."""
        self._thread.tell(lambda monitor: monitor.focus(*job_ids))

    def refresh(self, job_ids: Sequence[int]) -> None:
        """Ask for these jobs as soon as the budget allows."""
        self._thread.tell(lambda monitor: monitor.refresh(*job_ids))

    def pause(self, *, is_paused: bool) -> None:
        """Stop asking, or go on."""
        self._thread.tell(lambda monitor: monitor.pause(is_paused=is_paused))

    def step_interval(self, step: int) -> float | None:
        """Ask less (1) or more (-1) often; return the new interval in seconds, None for the schedule's own choice."""
        current = self._policy.interval_s
        # An interval that was given as an option need not be one of the steps: never go the other way.
        beyond = [each for each in INTERVALS_S[::step] if (_seconds(each) - _seconds(current)) * step > 0]
        interval_s = beyond[0] if beyond else current
        self._set(replace(self._policy, interval_s=interval_s))
        return interval_s

    def attend(self, *, is_attended: bool) -> None:
        """Tell whether somebody looks; nobody looking makes asking rarer."""
        if is_attended != self._policy.is_attended:
            self._set(replace(self._policy, is_attended=is_attended))

    def _set(self, policy: PollPolicy) -> None:
        self._policy = policy
        self._thread.tell(lambda monitor: monitor.set_policy(policy))


def _seconds(interval_s: float | None) -> float:
    return AUTO_COUNTS_AS_S if interval_s is None else interval_s
