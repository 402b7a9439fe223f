"""Decides whose turn it is and by which call. Knows no clock, no I/O and no randomness: every moment is given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tui.api.query import JobQuery
from tui.monitor.agenda import Agenda
from tui.monitor.calls import Call, Departure, ListCall, NotBefore
from tui.monitor.coverage import Coverage
from tui.monitor.pace import Pace
from tui.monitor.schedule import REFRESH_FLOOR_S, PollPolicy
from tui.monitor.tracked import TrackedJob

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.api.models import Job

FOCUS_HEAD_START_S = 120.0
"""By how much jobs that somebody looks at overtake others while the budget is used up."""

LOOK_AGAIN_S = 0.5
"""Wait of a job whose list is under way, but left before the job was known to be on it."""


class Planner:
    """When each watched job is asked for, and together with which others.

    Args:
        policy: How eagerly jobs are polled.
    """

    def __init__(self, policy: PollPolicy) -> None:
        self.pace = Pace(policy)
        self.coverage = Coverage()
        self._agenda = Agenda()
        self._adopted: list[JobQuery] = []
        """Lists that are read for their own sake; their entries on the agenda are -1, -2, …"""
        self.touched_s: dict[int, float] = {}
        """Monotonic second at which each job was last asked for or read; none for those that never were."""
        self._asked: set[int] = set()
        self._lists_under_way: set[object] = set()
        self._focused: frozenset[int] = frozenset()
        self._newcomers_from_s = 0.0
        self._is_scouting = False
        self._is_turn_of_others = False

    def join(self, job_ids: Collection[int], now_s: float) -> None:
        """Take in jobs that nobody has asked for yet."""
        if not self.coverage.newcomers:
            self._newcomers_from_s = now_s
        self.coverage.join(job_ids)

    def adopt(self, query: JobQuery, now_s: float) -> None:
        """Read this list again and again, whether or not a job of it is watched."""
        self.coverage.adopt(query)
        self._adopted.append(query)
        self._agenda.plan(-len(self._adopted), now_s)

    def read(self, query: JobQuery, *, next_s: float) -> None:
        """Take note that a list was read, by whatever call, or could not be: if it was adopted, it is due again at `next_s`."""
        if query in self._adopted:
            self._agenda.plan(-1 - self._adopted.index(query), next_s)

    def leave(self, job_ids: Iterable[int]) -> None:
        """Forget jobs; a call that is under way for them is not called back."""
        for job_id in job_ids:
            self.coverage.leave(job_id)
            self._agenda.drop(job_id)
            self.touched_s.pop(job_id, None)

    def focus(self, job_ids: Iterable[int]) -> None:
        """Let these jobs, and no others, go first."""
        before, self._focused = self._focused, frozenset(job_ids)
        self._rank(before ^ self._focused)

    def refresh(self, job_ids: Iterable[int]) -> None:
        """Have jobs asked for as soon as may be, each at most once in `REFRESH_FLOOR_S`; newcomers are anyway."""
        for job_id in job_ids:
            if job_id in self.touched_s and job_id not in self._asked:
                self._plan(job_id, self.touched_s[job_id] + REFRESH_FLOOR_S)

    def next_s(self, now_s: float) -> float | None:
        """Return the monotonic second from which `depart` may give something; None if only news can tell."""
        planned_s = self._agenda.next_s(now_s)
        if self._is_scouting or not self.coverage.newcomers:
            return planned_s
        return self._newcomers_from_s if planned_s is None else min(planned_s, self._newcomers_from_s)

    def depart(self, now_s: float) -> Departure | None:
        """Return the call whose turn it is. None where there is none, or where it was put off: `next_s` tells."""
        are_newcomers_due = self.coverage.newcomers > 0 and not self._is_scouting and self._newcomers_from_s <= now_s
        if are_newcomers_due and not self._is_turn_of_others:
            self._is_turn_of_others = True
            return self._first_departure(now_s)
        self._is_turn_of_others = False
        popped = self._agenda.pop(now_s)
        return None if popped is None else self._departure_for(*popped, now_s)

    def arrive(self, departure: Departure, *, newcomers_from_s: float) -> None:
        """Take note that a call is over; the jobs that it was for are asked for again once they are planned.

        Args:
            departure: The call.
            newcomers_from_s: When newcomers may be asked for again, if it was for them.
        """
        self._asked.difference_update(departure.due_s)
        if isinstance(departure.call, ListCall):
            self._lists_under_way.discard(departure.call.query.unlimited)
        if departure.is_scout:
            self._is_scouting = False
            self._newcomers_from_s = newcomers_from_s

    def resume(self, departure: Departure, told: Collection[int] = (), *, not_before_s: float = 0.0) -> None:
        """Plan the jobs of a call that brought nothing about them as they were planned before.

        Args:
            departure: The call.
            told: The jobs that it did bring something about.
            not_before_s: Monotonic second from which they may be asked for.
        """
        for job_id in departure.due_s.keys() - told:
            if job_id in self.touched_s:
                self._plan(job_id, max(departure.due_s[job_id], not_before_s))

    def meet(self, job: Job, before: TrackedJob, *, is_settled: bool) -> None:
        """Take in a new description of a job: how long its kind runs, and which lists should bring it until it is settled."""
        if job.is_ended and before.status != job.status:
            self.pace.run_times.ended(job)
        if not is_settled:
            self.coverage.meet(job)

    def follow(self, jobs: Mapping[int, TrackedJob], *, touched_s: float, roll: float, server_now: datetime) -> None:
        """Plan the next reading of jobs after one that they have in common; those that are due at the same moment stay together.

        Args:
            jobs: What is known of them now, by their ids.
            touched_s: Monotonic second of the reading.
            roll: Random number in [0, 1).
            server_now: The time at the server, for how long they have been at work.
        """
        self.touched_s.update(dict.fromkeys(jobs, touched_s))
        for (delay_s, head_start_s), job_ids in self.pace.turns(jobs, roll=roll, server_now=server_now).items():
            if delay_s is None:
                self._rest(job_ids)
            else:
                self._agenda.plan_together(job_ids, touched_s + delay_s, head_start_s=head_start_s)
        self._rank(self._focused & jobs.keys())

    def is_asked(self, job_id: int) -> bool:
        """Return whether a call is under way that should bring this job."""
        return job_id in self._asked

    def _first_departure(self, now_s: float) -> Departure | None:
        call = self.coverage.first_call(now_s)
        if call is None:
            return None
        self._is_scouting = isinstance(call, ListCall)
        dues_s = self._agenda.take(call.expected) if isinstance(call, ListCall) else {call.job_id: self._newcomers_from_s}
        return self._left(call, dues_s, now_s, now_s - self._newcomers_from_s, is_scout=self._is_scouting)

    def _departure_for(self, job_id: int, due_s: float, now_s: float) -> Departure | None:
        if job_id < 0:
            return self._adopted_departure(job_id, due_s, now_s)
        call = self.coverage.call_for(job_id, now_s, is_urgent=job_id in self._focused)
        if isinstance(call, ListCall) and call.query.unlimited in self._lists_under_way:
            call = NotBefore(now_s + LOOK_AGAIN_S)
        if isinstance(call, NotBefore):
            self._put_off(job_id, call)
            return None
        dues_s = self._agenda.take(call.expected) if isinstance(call, ListCall) else {}
        return self._left(call, dues_s | {job_id: due_s}, now_s, now_s - due_s)

    def _put_off(self, job_id: int, call: NotBefore) -> None:
        """Plan a job for when its list may be read again, and with it all that wait for the same, lest each be looked at alone."""
        self._plan(job_id, call.until_s)
        self._agenda.put_off(call.expected - self._focused, call.until_s)

    def _adopted_departure(self, entry: int, due_s: float, now_s: float) -> Departure | None:
        query = self._adopted[-1 - entry]
        if query in self._lists_under_way:
            self._agenda.plan(entry, now_s + LOOK_AGAIN_S)
            return None
        call = self.coverage.list_call(query, now_s)
        return self._left(call, self._agenda.take(call.expected), now_s, now_s - due_s)

    def _left(self, call: Call, dues_s: dict[int, float], now_s: float, late_s: float, *, is_scout: bool = False) -> Departure:
        if isinstance(call, ListCall):
            self._lists_under_way.add(call.query.unlimited)
        self._asked.update(dues_s)
        self.touched_s.update(dict.fromkeys(dues_s, now_s))
        return Departure(call, dues_s, now_s, max(0.0, late_s), is_scout=is_scout)

    def _plan(self, job_id: int, due_s: float) -> None:
        self._agenda.plan(job_id, due_s, head_start_s=FOCUS_HEAD_START_S if job_id in self._focused else 0.0)

    def _rank(self, job_ids: Iterable[int]) -> None:
        """Have jobs due when they are, with the head start that somebody's look gives them, or does not any more."""
        for job_id in job_ids:
            due_s = self._agenda.due_s(job_id)
            if due_s is not None:
                self._plan(job_id, due_s)

    def _rest(self, job_ids: Iterable[int]) -> None:
        for job_id in job_ids:
            self.coverage.rest(job_id)
            self._agenda.drop(job_id)
