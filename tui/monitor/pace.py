"""Works out how soon jobs are asked again after a reading that they have in common. Knows no call, no clock and no randomness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import Condition, TrackedJob, elapsed_s
from tui.monitor.run_times import RunTimes
from tui.monitor.schedule import NOT_RUNNING, PollPolicy, RunTime

NEAR_END_HEAD_START_S = 5.0
"""By how much jobs that should end about now overtake others while the budget is used up."""


class Pace:
    """How soon each job is asked again.

    Args:
        policy: How eagerly jobs are polled.
    """

    def __init__(self, policy: PollPolicy) -> None:
        self.policy = policy
        self.run_times = RunTimes()

    def turns(self, jobs: Mapping[int, TrackedJob], *, roll: float, server_now: datetime) -> dict[tuple[float | None, float], list[int]]:
        """Return the ids of jobs by the seconds after which they are due, None for never, and by their head start in seconds.

        Args:
            jobs: What is known of them, by their ids.
            roll: Random number in [0, 1).
            server_now: The time at the server, for how long they have been at work.
        """
        turns: defaultdict[tuple[float | None, float], list[int]] = defaultdict(list)
        for condition, alike in _by_condition(jobs.values()).items():
            if condition.status is JobStatus.WORKING:
                for tracked in alike:
                    turns[self._turn(condition, roll, self._run_time(tracked, server_now))].append(tracked.job_id)
            else:
                turns[self._turn(condition, roll, NOT_RUNNING)] += [tracked.job_id for tracked in alike]
        return turns

    def _turn(self, condition: Condition, roll: float, run: RunTime) -> tuple[float | None, float]:
        return self.policy.delay_s(condition, roll=roll, run=run), NEAR_END_HEAD_START_S if run.is_near_end else 0.0

    def _run_time(self, tracked: TrackedJob, server_now: datetime) -> RunTime:
        elapsed = elapsed_s(tracked, server_now)
        return RunTime(elapsed, self.run_times.usual_s(tracked.job)) if elapsed and tracked.job else NOT_RUNNING


def _by_condition(jobs: Iterable[TrackedJob]) -> dict[Condition, list[TrackedJob]]:
    """Group jobs by what decides when they are due; those of one list hardly differ in it."""
    groups: defaultdict[Condition, list[TrackedJob]] = defaultdict(list)
    for tracked in jobs:
        groups[tracked.condition].append(tracked)
    return groups
