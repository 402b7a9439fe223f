"""Decides which job is polled next, and by which request. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.job_source import JobQuery
from tui.domain.poll_policy import PollPolicy
from tui.domain.tracked_job import TrackedJob
from tui.monitor.completeness import ProbeList
from tui.monitor.due_queue import DueQueue
from tui.monitor.list_batching import ListBatching
from tui.monitor.polling_policy import REFRESH_FLOOR_S, PollingIntervals, delay_s
from tui.monitor.requests import Call, Deferred, InFlightRequest, InFlightRequests, JobRequest, ListRequest
from tui.monitor.watched_lists import SelectionProbe

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job


FOCUS_PRIORITY_BOOST_S = 120.0
"""Priority boost of jobs on the screen, for times when the budget is used up."""

LOOK_AGAIN_S = 0.5
"""Wait of a job whose list is in flight but left before the job was known to be in it."""


class Planner:
    """Plans when each watched job is requested, and together with which others.

    Args:
        policy: How often jobs are polled.
    """

    def __init__(self, policy: PollPolicy) -> None:
        self.pace = PollingIntervals(policy)
        self.batching = ListBatching()
        self._due_queue: DueQueue[int | JobQuery | SelectionProbe] = DueQueue()
        """Watched jobs by id, watched lists, and probes of their completeness."""
        self.touched_s: dict[int, float] = {}
        """Monotonic second at which each job was last requested or read; no entry before the first request."""
        self.in_flight = InFlightRequests()
        self._focused: frozenset[int] = frozenset()
        self._newcomers_from_s = 0.0
        self._is_turn_of_others = False

    def join(self, job_ids: Collection[int], now_s: float) -> None:
        """Add jobs that have not been requested yet."""
        if not self.batching.newcomers:
            self._newcomers_from_s = now_s
        self._is_turn_of_others = False
        self.batching.join(job_ids)

    def rejoin(self, tracked: TrackedJob, now_s: float) -> None:
        """Add a removed job again, with its last state. It is requested now unless it is final."""
        job, job_id = tracked.job, tracked.job_id
        self.batching.join((job_id,))
        if job is None:
            return
        self.batching.update_fields(job)
        self.touched_s[job_id] = 0.0
        if not tracked.is_final:
            self._plan(job_id, now_s)
            return
        self.batching.stop_polling(job_id)
        wait_s = delay_s(self.pace.policy, tracked.condition, roll=0.5)
        if wait_s is not None:
            self._plan(job_id, now_s + wait_s)

    def adopt(self, query: JobQuery, now_s: float) -> None:
        """Poll this list, whether or not one of its jobs is watched."""
        self.batching.adopt(query)
        self._due_queue.plan(query, now_s)

    def remove_list(self, queries: Iterable[JobQuery]) -> None:
        """Stop polling these lists; watched jobs may still need them."""
        for query in queries:
            self.batching.remove_list(query)
            self._due_queue.drop(query)

    def probe(self, probe: SelectionProbe, *, from_s: float) -> None:
        """Plan a request that checks whether a list is complete."""
        self._due_queue.plan(probe, from_s, priority_boost_s=FOCUS_PRIORITY_BOOST_S)

    def read_again(self, query: JobQuery, *, from_s: float) -> None:
        """Plan an adopted list from the monotonic second `from_s`; other lists are requested only for their jobs."""
        if self.batching.is_adopted(query):
            self._due_queue.plan(query, from_s)

    def leave(self, job_ids: Iterable[int]) -> None:
        """Remove jobs; a request in flight for them is not cancelled."""
        for job_id in job_ids:
            self.batching.leave(job_id)
            self._due_queue.drop(job_id)
            self.touched_s.pop(job_id, None)

    def focus(self, job_ids: Iterable[int]) -> None:
        """Give these jobs, and no others, priority."""
        before, self._focused = self._focused, frozenset(job_ids)
        self._rank(before ^ self._focused)

    def refresh(self, job_ids: Iterable[int]) -> None:
        """Plan jobs as soon as possible, each at most once in `REFRESH_FLOOR_S`. Newcomers are already first."""
        for job_id in job_ids:
            if job_id in self.touched_s and not self.in_flight.brings(job_id):
                self._plan(job_id, self.touched_s[job_id] + REFRESH_FLOOR_S)

    def next_s(self, now_s: float) -> float | None:
        """Return the monotonic second from which `next_request` may return a request; None if that depends on a
        response or a command.
        """
        moments_s = (self._due_queue.next_s(now_s), self._newcomers_s)
        return min((moment_s for moment_s in moments_s if moment_s is not None), default=None)

    def next_request(self, now_s: float) -> InFlightRequest | None:
        """Return the request that is due. None if there is none, or it was deferred: see `next_s`."""
        newcomers_s = self._newcomers_s
        if newcomers_s is not None and newcomers_s <= now_s and not self._is_turn_of_others:
            self._is_turn_of_others = True
            return self._newcomers_request(newcomers_s, now_s)
        self._is_turn_of_others = False
        popped = self._due_queue.pop(now_s)
        if popped is None:
            return None
        entry, due_s = popped
        match entry:
            case SelectionProbe():
                return self._probe_request(entry, due_s, now_s)
            case JobQuery():
                return self._list_request(entry, due_s, now_s)
            case _:
                return self._job_request(entry, due_s, now_s)

    def complete(
        self,
        sent: InFlightRequest,
        affected: Collection[int],
        *,
        newcomers_from_s: float,
        not_before_s: float = 0.0,
    ) -> None:
        """Complete a request. Jobs that it did not bring keep their former plan.

        Args:
            sent: The request.
            affected: The jobs that it brought.
            newcomers_from_s: Monotonic second from which newcomers may be requested again, if it was for them.
            not_before_s: The same for the jobs that keep their plan.
        """
        if sent.is_scout:
            self._newcomers_from_s = newcomers_from_s
        for job_id in sent.due_s.keys() - affected:
            if job_id in self.touched_s:
                self._plan(job_id, max(sent.due_s[job_id], not_before_s))
        self.in_flight.remove(sent)  # last: after a bug in the lines above, `abandon` still finds the request

    def abandon(self, *, until_s: float) -> None:
        """Complete all requests in flight without a result; their jobs may be requested again from `until_s`."""
        for sent in self.in_flight:
            self.complete(sent, (), newcomers_from_s=until_s, not_before_s=until_s)
            if isinstance(sent.call, ListRequest):
                self.read_again(sent.call.query.unlimited, from_s=until_s)

    def ensure_planned(self, job_ids: Iterable[int], *, from_s: float) -> None:
        """Plan those of these jobs that have no plan after a bug."""
        for job_id in job_ids:
            if job_id in self._due_queue or self.batching.is_newcomer(job_id):
                continue
            if job_id in self.touched_s:
                self._plan(job_id, from_s)
            else:
                self.batching.join((job_id,))

    def update_fields(self, job: Job, before: TrackedJob, *, is_final: bool) -> None:
        """Update the run times from a new reading of a job, and the lists that should bring it until it is final."""
        if job.status is not None and job.status.is_terminal and before.status != job.status:
            self.pace.run_times.ended(job)
        if not is_final:
            self.batching.update_fields(job)

    def follow(self, jobs: Mapping[int, TrackedJob], *, touched_s: float, roll: float, server_now: datetime) -> None:
        """Plan the next poll of jobs that were read together. Jobs with the same due time stay together.

        Args:
            jobs: The jobs in their current state, by id.
            touched_s: Monotonic second of the reading.
            roll: Random number in [0, 1).
            server_now: The time at the server, for the run times.
        """
        self.touched_s.update(dict.fromkeys(jobs, touched_s))
        for job_id, tracked in jobs.items():
            if tracked.is_final:
                self.batching.stop_polling(job_id)
        for (wait_s, priority_boost_s), job_ids in self.pace.turns(jobs, roll=roll, server_now=server_now).items():
            if wait_s is None:
                self._due_queue.take(job_ids)
            else:
                self._due_queue.plan_together(job_ids, touched_s + wait_s, priority_boost_s=priority_boost_s)
        self._rank(self._focused & jobs.keys())

    @property
    def _newcomers_s(self) -> float | None:
        """When newcomers may be requested; None if there are none, or while a list is in flight that may bring them."""
        return self._newcomers_from_s if self.batching.newcomers and not self.in_flight.is_scouting else None

    def _newcomers_request(self, due_s: float, now_s: float) -> InFlightRequest | None:
        call = self.batching.first_call(now_s, self._focused)
        if call is None:
            return None
        dues_s = self._due_queue.take(call.expected) if isinstance(call, ListRequest) else {call.job_id: due_s}
        return self._start(call, dues_s, now_s, now_s - due_s, is_scout=isinstance(call, ListRequest))

    def _job_request(self, job_id: int, due_s: float, now_s: float) -> InFlightRequest | None:
        call = self.batching.call_for(job_id, now_s, is_urgent=job_id in self._focused)
        if isinstance(call, ListRequest) and self.in_flight.reads(call.query.unlimited):
            call = Deferred(now_s + LOOK_AGAIN_S)
        if isinstance(call, Deferred):
            self._put_off(job_id, call)
            return None
        dues_s = self._due_queue.take(call.expected) if isinstance(call, ListRequest) else {}
        return self._start(call, dues_s | {job_id: due_s}, now_s, now_s - due_s)

    def _put_off(self, job_id: int, call: Deferred) -> None:
        """Plan a job for when its list may be read again, together with the others of that list, so they are not
        requested one by one.
        """
        self._plan(job_id, call.until_s)
        self._due_queue.postpone(call.expected - self._focused, call.until_s)

    def _list_request(self, query: JobQuery, due_s: float, now_s: float) -> InFlightRequest | None:
        if self.in_flight.reads(query):
            self._due_queue.plan(query, now_s + LOOK_AGAIN_S)
            return None
        call = self.batching.list_call(query, now_s)
        return self._start(call, self._due_queue.take(call.expected), now_s, now_s - due_s)

    def _probe_request(self, requested: SelectionProbe, due_s: float, now_s: float) -> InFlightRequest:
        probe = requested.probe
        call = ListRequest(probe.query, frozenset()) if isinstance(probe, ProbeList) else JobRequest(probe.job_id)
        sent = InFlightRequest(call, {}, now_s, max(0.0, now_s - due_s), probe=requested)
        self.in_flight.add(sent)
        return sent

    def _start(
        self, call: Call, dues_s: dict[int, float], now_s: float, late_s: float, *, is_scout: bool = False
    ) -> InFlightRequest:
        sent = InFlightRequest(call, dues_s, now_s, max(0.0, late_s), is_scout=is_scout)
        self.in_flight.add(sent)
        self.touched_s.update(dict.fromkeys(dues_s, now_s))
        return sent

    def _plan(self, job_id: int, due_s: float) -> None:
        self._due_queue.plan(job_id, due_s, priority_boost_s=FOCUS_PRIORITY_BOOST_S if job_id in self._focused else 0.0)

    def _rank(self, job_ids: Iterable[int]) -> None:
        """Plan jobs again at their due times, with the priority boost that their focus now gives."""
        for job_id in job_ids:
            due_s = self._due_queue.due_s(job_id)
            if due_s is not None:
                self._plan(job_id, due_s)
