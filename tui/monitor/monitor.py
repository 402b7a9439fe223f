"""The only loop: asks when the schedule says so and publishes what changed. Knows no thread, no screen and no HTTP."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from tui.api.answer import Answer
from tui.api.errors import ApiError, JobNotFound, RateLimited, Unauthorised
from tui.clock import Clock, sleep_unless
from tui.monitor.link import Link
from tui.monitor.schedule import REFRESH_FLOOR_S, PollPolicy, RequestBudget
from tui.monitor.tracked import Failed, Missing, Reading, Seen, TrackedJob
from tui.monitor.watchlist import Watchlist

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.api.models import Job

FIRST_SPREAD_S = 2.0
"""Many new jobs get their first reading spread over this time."""


class JobSource(Protocol):
    """What the monitor needs of the API."""

    async def job(self, job_id: int) -> Answer[Job]:
        """Return one job.

        Raises:
            ApiError: There is no answer that could be used.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything the monitor knows at one moment. Compared by identity, as its jobs are."""

    watchlist: Watchlist
    link: Link
    policy: PollPolicy
    is_paused: bool
    requests_per_min: int
    """Requests that left within the last 60 s, as of this snapshot."""
    answered_at: datetime | None
    """Moment of the newest good answer about any job; None before the first."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """All changes that one answer or one command brought."""

    changed: tuple[TrackedJob, ...]
    """The jobs that were observed anew, in their new state."""
    snapshot: Snapshot


class Monitor:
    """Keeps a watchlist true by asking `source`.

    Its methods belong to the loop that runs `run`; they return at once and take effect there.

    Args:
        source: Where jobs are read.
        clock: Time and waiting.
        policy: How eagerly jobs are polled.
        budget: How many requests may leave.
        roll: Gives random numbers in [0, 1).
    """

    def __init__(
        self,
        source: JobSource,
        clock: Clock,
        *,
        policy: PollPolicy | None = None,
        budget: RequestBudget | None = None,
        roll: Callable[[], float] = random.random,
    ) -> None:
        self._source = source
        self._clock = clock
        self._policy = policy or PollPolicy()
        self._budget = budget or RequestBudget()
        self._roll = roll
        self._watchlist = Watchlist()
        self._link = Link()
        self._is_paused = False
        self._answered_at: datetime | None = None
        self._agenda: list[tuple[float, int, int]] = []
        self._due_s: dict[int, float] = {}
        self._touched_s: dict[int, float] = {}
        """Monotonic second at which each job was last asked for or answered."""
        self._in_flight: set[int] = set()
        self._sent_s: deque[float] = deque()
        self._order = itertools.count()
        self._wake = asyncio.Event()
        self._listeners: list[Callable[[Batch], None]] = []

    @property
    def snapshot(self) -> Snapshot:
        """What is known now."""
        return Snapshot(self._watchlist, self._link, self._policy, self._is_paused, self._requests_per_min(), self._answered_at)

    def subscribe(self, listener: Callable[[Batch], None]) -> Callable[[], None]:
        """Call `listener` with every batch from now on, in the monitor's loop; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def track(self, *job_ids: int) -> None:
        """Watch these jobs too; those already watched stay as they are."""
        fresh = [job_id for job_id in dict.fromkeys(job_ids) if job_id not in self._watchlist]
        now_s = self._clock.monotonic_s()
        spread_s = FIRST_SPREAD_S if len(fresh) > self._budget.burst else 0.0
        for place, job_id in enumerate(fresh):
            self._plan(job_id, now_s + spread_s * place / len(fresh))
        self._watchlist = self._watchlist.with_jobs(TrackedJob(job_id) for job_id in fresh)
        self._publish(self._watchlist[job_id] for job_id in fresh)

    def untrack(self, *job_ids: int) -> None:
        """Stop watching these jobs; unknown ids are ignored."""
        for job_id in job_ids:
            self._due_s.pop(job_id, None)
            self._touched_s.pop(job_id, None)
        self._watchlist = self._watchlist.without(job_ids)
        self._publish(())

    def refresh(self, *job_ids: int) -> None:
        """Ask for these jobs as soon as the budget allows, ended ones too, each at most once a second."""
        self._link = self._link.urged()
        for job_id in job_ids:
            if job_id in self._watchlist:
                self._plan(job_id, self._touched_s.get(job_id, 0.0) + REFRESH_FLOOR_S)
        self._publish(())

    def pause(self, *, is_paused: bool) -> None:
        """Stop asking, or go on; nothing is forgotten meanwhile."""
        self._is_paused = is_paused
        self._publish(())

    def set_policy(self, policy: PollPolicy) -> None:
        """Poll by `policy` from now on, jobs that wait for their turn included."""
        self._policy = policy
        for job_id in self._due_s.keys() - self._in_flight:
            self._plan_after(self._watchlist[job_id])
        self._publish(())

    async def run(self) -> None:
        """Ask until cancelled. Any exception that is no ApiError is a bug and ends the loop with it."""
        async with asyncio.TaskGroup() as polls:
            while True:
                self._wake.clear()
                wait_s = self._send_what_may_leave(polls)
                await sleep_unless(self._wake, wait_s, self._clock)

    def _send_what_may_leave(self, polls: asyncio.TaskGroup) -> float | None:
        """Start polls until something forbids the next; return the seconds until it may be otherwise, None for "after news"."""
        while True:
            now_s = self._clock.monotonic_s()
            wait_s = self._wait_s(now_s)
            if wait_s is None or wait_s > 0:
                return wait_s
            _, _, job_id = heapq.heappop(self._agenda)
            del self._due_s[job_id]
            self._budget = self._budget.spend(now_s)
            self._touched_s[job_id] = now_s
            self._sent_s.append(now_s)
            self._in_flight.add(job_id)
            polls.create_task(self._poll(job_id))

    def _wait_s(self, now_s: float) -> float | None:
        """Seconds until the first job on the agenda may be asked, None if only news can tell."""
        self._drop_outdated()
        limit = 1 if self._link.allows_one_only else self._budget.in_flight_limit
        if self._is_paused or not self._agenda or len(self._in_flight) >= limit:
            return None
        link_s = self._link.wait_s(now_s)
        return None if link_s is None else max(self._agenda[0][0] - now_s, link_s, self._budget.wait_s(now_s))

    def _drop_outdated(self) -> None:
        """Forget entries at the head of the agenda that were planned anew, are under way or are watched no more."""
        while self._agenda and (self._due_s.get(self._agenda[0][2]) != self._agenda[0][0] or self._agenda[0][2] in self._in_flight):
            heapq.heappop(self._agenda)

    async def _poll(self, job_id: int) -> None:
        try:
            reading = await self._reading(job_id)
        finally:
            self._in_flight.discard(job_id)
        tracked = self._watchlist.get(job_id)
        if tracked is None:
            self._publish(())
            return
        if reading is None:
            self._plan(job_id, self._clock.monotonic_s())
            self._publish(())
            return
        tracked = tracked.observe(reading)
        self._touched_s[job_id] = self._clock.monotonic_s()
        self._watchlist = self._watchlist.with_jobs((tracked,))
        self._plan_after(tracked)
        self._publish((tracked,))

    async def _reading(self, job_id: int) -> Reading | None:
        """Ask once; None when the answer was about the connection and says nothing about the job."""
        try:
            answer = await self._source.job(job_id)
        except ApiError as error:
            at = self._clock.now()
            self._link = self._link.failed(error, at=at, now_s=self._clock.monotonic_s())
            if isinstance(error, RateLimited | Unauthorised):
                return None
            return Missing(error, at) if isinstance(error, JobNotFound) else Failed(error, at)
        self._link = self._link.succeeded(now_s=self._clock.monotonic_s())
        self._answered_at = self._clock.now()
        return Seen(answer.value, self._answered_at)

    def _plan_after(self, tracked: TrackedJob) -> None:
        delay_s = self._policy.delay_s(tracked, roll=self._roll())
        if delay_s is None:
            self._due_s.pop(tracked.job_id, None)
        else:
            self._plan(tracked.job_id, self._touched_s.get(tracked.job_id, self._clock.monotonic_s()) + delay_s)

    def _plan(self, job_id: int, due_s: float) -> None:
        self._due_s[job_id] = due_s
        heapq.heappush(self._agenda, (due_s, next(self._order), job_id))

    def _requests_per_min(self) -> int:
        horizon_s = self._clock.monotonic_s() - 60.0
        while self._sent_s and self._sent_s[0] < horizon_s:
            self._sent_s.popleft()
        return len(self._sent_s)

    def _publish(self, changed: Iterable[TrackedJob]) -> None:
        self._wake.set()
        batch = Batch(tuple(changed), self.snapshot)
        for listener in tuple(self._listeners):
            listener(batch)
