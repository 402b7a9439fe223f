"""The monitor: runs the polling loop, applies responses to its state and publishes the changes.

Independent of threads, the screen and HTTP.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from tui.core.clock import Clock, sleep_unless
from tui.core.lost_request import finished
from tui.domain.commands import (
    BeginSession,
    CheckCompleteness,
    Command,
    Pause,
    Refresh,
    RestoreJobs,
    SetFocus,
    SetPolicy,
    TrackJobs,
    TrackSelection,
    UntrackJobs,
    UntrackSelection,
    Verify,
)
from tui.domain.connection import ConnectionState
from tui.domain.errors import ApiError
from tui.domain.job_source import ApiResult, JobQuery, JobSource
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection
from tui.domain.snapshot import Snapshot, Traffic, Update
from tui.domain.tracked_job import TrackedJob
from tui.monitor.monitor_state import Moment, MonitorState
from tui.monitor.request_gate import Admission, DelayStats, RequestGate
from tui.monitor.requests import InFlightRequest, ListRequest

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job


OUTAGE_FROM = 2
"""Failures in a row that count as an outage: then the outage delays jobs, not the budget."""

READ_PATIENCE_S = 5.0
"""Longest wait for a closed connection before a list that the user waits for fails."""

LOOK_EVERY_S = 2.0
"""Interval of the check for a new token after a rejected one. The check costs no request."""


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """What shows whether the polling loop works."""

    turns: int
    """How often the loop has checked which requests may leave."""
    oldest_request_s: float
    """For how many seconds the oldest request has been in flight; 0 without one."""
    is_request_due: bool
    """Whether a request should leave now."""
    is_without_plan: bool
    """Whether jobs have not ended, and no request for them is planned or in flight."""


class Monitor:
    """Keeps a watchlist up to date by polling `source`.

    Call its methods in the event loop that runs `run`; they return at once.

    Args:
        source: Source of the jobs.
        clock: Time and sleep.
        policy: How often jobs are polled.
        gate: Admits the requests, together with those of other users of the same gate; None means a gate of its own.
        roll: Returns random numbers in [0, 1).
    """

    def __init__(
        self,
        source: JobSource,
        clock: Clock,
        *,
        policy: PollPolicy | None = None,
        gate: RequestGate | None = None,
        roll: Callable[[], float] = random.random,
    ) -> None:
        self._source = source
        self._clock = clock
        self._gate = gate or RequestGate()
        self._roll = roll
        self._is_paused = False
        self._delays = DelayStats()
        self._state = MonitorState(policy or PollPolicy(), self._gate)
        self._restarts = 0
        self._turns = 0
        self._wake = asyncio.Event()
        self._listeners: list[Callable[[Update], None]] = []
        self._published = self.snapshot

    @property
    def snapshot(self) -> Snapshot:
        """The current state."""
        state, now_s = self._state, self._clock.monotonic_s()
        return Snapshot(
            watchlist=state.watchlist,
            link=self._gate.connection,
            policy=state.planner.pace.policy,
            is_paused=self._is_paused,
            traffic=self._traffic(now_s),
            server_clock=state.server_clock,
            answered_at=state.answered_at,
            token_renewed_at=self._source.token_renewed_at(),
            lists=state.lists.values(),
            removed=state.removed_ids,
            access_ends_at=self._source.access_ends_at(),
            skipped=state.skipped,
            restarts=self._restarts,
        )

    @property
    def published(self) -> Snapshot:
        """The state after the last update. The next one leads on from it."""
        return self._published

    def subscribe(self, listener: Callable[[Update], None]) -> Callable[[], None]:
        """Call `listener` with every update from now on, in the monitor's loop; `published` is the state before them.
        The returned function unsubscribes it.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def execute(self, command: Command) -> None:  # noqa: C901, PLR0912  # one case a command
        """Carry out a command; an update shows its effect."""
        match command:
            case TrackJobs(job_ids):
                self.track(*job_ids)
            case UntrackJobs(job_ids):
                self.untrack(*job_ids)
            case RestoreJobs(job_ids):
                self.put_back(*job_ids)
            case BeginSession(job_ids, selections, removed):
                self.begin(job_ids, selections, removed)
            case TrackSelection(selection, is_checked):
                self.track_selection(selection, is_checked=is_checked)
            case UntrackSelection(selection):
                self.untrack_selection(selection)
            case CheckCompleteness(selection):
                self.check_completeness(selection)
            case SetFocus(job_ids):
                self.focus(*job_ids)
            case Refresh(job_ids):
                self.refresh(*job_ids)
            case Verify(job_ids):
                self.verify(*job_ids)
            case Pause(is_paused):
                self.pause(is_paused=is_paused)
            case SetPolicy(policy):
                self.set_policy(policy)
            case _:
                assert_never(command)

    def track(self, *job_ids: int) -> None:
        """Watch these jobs too; jobs already watched keep their state."""
        self._publish(self._state.track(job_ids, self._clock.monotonic_s()))

    def track_selection(self, selection: Selection, *, is_checked: bool = False) -> None:
        """Watch every job of a selection, including jobs that appear later, except jobs removed by `untrack`.

        Args:
            selection: What the jobs have in common.
            is_checked: Whether to check that all its jobs are known as soon as the known ones have ended, without
                `check_completeness`.
        """
        self._state.track_selection(selection, self._clock.monotonic_s(), is_checked=is_checked)
        self._publish(())

    def begin(self, job_ids: Iterable[int], selections: Iterable[Selection] = (), removed: Iterable[int] = ()) -> None:
        """Watch what an earlier session watched, in one step.

        Args:
            job_ids: Jobs to watch.
            selections: Selections to watch; their completeness is checked as in `track_selection`.
            removed: Jobs of the selections that stay unwatched unless `put_back` or `track` names them.
        """
        now_s = self._clock.monotonic_s()
        self._state.untrack(removed)
        for selection in selections:
            self._state.track_selection(selection, now_s, is_checked=True)
        self._publish(self._state.track(job_ids, now_s))

    def untrack_selection(self, selection: Selection) -> None:
        """Stop watching a selection; its known jobs stay watched. An unknown selection is ignored."""
        self._state.untrack_selection(selection)
        self._publish(())

    def check_completeness(self, selection: Selection) -> None:
        """Check whether the last list of a watched selection holds all its jobs; `Snapshot.lists` has the result.

        A running check continues. Before the first list there is nothing to check.
        """
        self._state.check_completeness(selection, self._clock.monotonic_s())
        self._wake.set()

    def untrack(self, *job_ids: int) -> None:
        """Stop watching these jobs; unknown ids are ignored."""
        self._state.untrack(job_ids)
        self._publish(())

    def put_back(self, *job_ids: int) -> None:
        """Watch jobs again that one `untrack` removed, at their former positions in the list."""
        self._publish(self._state.put_back(job_ids, self._clock.monotonic_s()))

    def focus(self, *job_ids: int) -> None:
        """Give these jobs, and no others, priority if the budget is used up: the user looks at them."""
        self._state.planner.focus(job_ids)

    def refresh(self, *job_ids: int) -> None:
        """Request these jobs as soon as the budget allows, ended ones too, each at most once a second."""
        self._gate.retry_now()
        self._state.planner.refresh(job_ids)
        self._publish(())

    def verify(self, *job_ids: int) -> None:
        """Request these jobs once more, ended ones too, by list if a list brings several."""
        self._state.verify(job_ids)
        self._publish(())

    def pause(self, *, is_paused: bool) -> None:
        """Pause or resume polling; the state stays."""
        self._is_paused = is_paused
        self._publish(())

    def set_policy(self, policy: PollPolicy) -> None:
        """Poll by `policy` from now on, including jobs that are already planned."""
        self._state.set_policy(policy, self._moment())
        self._publish(())

    async def run(self) -> None:
        """Poll until cancelled. An exception other than ApiError is a bug and ends the loop; call `recover` before
        another run.
        """
        unsubscribe = self._gate.subscribe(self._wake.set)
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    self._wake.clear()
                    self._look_for_a_new_token()
                    wait_s = self._send_what_may_leave(tasks)
                    now_s = self._clock.monotonic_s()
                    self._delays.sleeps(now_s, wait_s=wait_s, is_anyone_due=self._is_anyone_due(now_s))
                    if self._gate.connection != self._published.link:  # another user of the gate got a response
                        self._publish(())
                    if wait_s is not None and self._is_rejected:
                        wait_s = min(wait_s, LOOK_EVERY_S)
                    await sleep_unless(self._wake, wait_s, self._clock)
        finally:
            unsubscribe()

    def recover(self, *, retry_delay_s: float) -> None:
        """Prepare another run after a bug ended one: the state stays.

        Args:
            retry_delay_s: Seconds until requests are repeated that were in flight; one of them may have caused the bug.
        """
        self._restarts += 1
        self._state.abandon(until_s=self._clock.monotonic_s() + retry_delay_s)
        self._publish(())

    async def read(self, query: JobQuery) -> ApiResult[tuple[Job, ...]]:
        """Return one list, in turn with the polling and within its budget; the watched jobs stay as they are.

        Raises:
            ApiError: There is no usable response, or the connection stays closed.
        """
        try:
            async with self._gate.turn(self._clock, patience_s=READ_PATIENCE_S):
                try:
                    answer = await finished(self._source.jobs(query))
                except ApiError as error:
                    self._gate.failed(error, at=self._clock.now(), now_s=self._clock.monotonic_s())
                    raise
                self._gate.succeeded(self._clock.monotonic_s())
                return answer
        finally:
            self._publish(())

    def vital_signs(self) -> VitalSigns:
        """Return what shows whether the loop works."""
        now_s, in_flight = self._clock.monotonic_s(), self._state.planner.in_flight
        wait_s = self._wait_s(now_s)
        has_plan = self._is_paused or bool(in_flight) or self._state.planner.next_s(now_s) is not None
        return VitalSigns(
            self._turns,
            oldest_request_s=max((now_s - request.at_s for request in in_flight), default=0.0),
            is_request_due=wait_s is not None and wait_s <= 0,
            is_without_plan=not has_plan and self._state.watchlist.unsettled > 0,
        )

    @property
    def _is_rejected(self) -> bool:
        return self._gate.connection.state is ConnectionState.UNAUTHORIZED

    def _look_for_a_new_token(self) -> None:
        """Retry a rejected connection at once after the token was renewed (tests/README.md, row 12)."""
        if self._is_rejected and not self._state.planner.in_flight and self._source.has_new_token():
            self._gate.retry_now()

    def _send_what_may_leave(self, tasks: asyncio.TaskGroup) -> float | None:
        """Send all requests that may leave now. Return the seconds until the next one; None if only a response or a
        command can allow it.
        """
        self._turns += 1
        link = self._gate.connection
        is_shut = self._is_paused or link.state is not ConnectionState.UP or link.failures >= OUTAGE_FROM
        self._delays.woke(self._clock.monotonic_s(), is_shut=is_shut)
        while True:
            now_s = self._clock.monotonic_s()
            wait_s = self._wait_s(now_s)
            if wait_s is None or wait_s > 0:
                return wait_s
            request = self._state.planner.next_request(now_s)
            if request is None:
                continue  # it was deferred, or no job is left
            self._delays.departed(now_s, late_s=request.late_s)
            admission = self._gate.leave(now_s)
            task = tasks.create_task(self._send(request, admission))
            task.add_done_callback(lambda _, admission=admission: self._gate.returned(admission))  # type: ignore[misc]  # cancelled before it began

    def _wait_s(self, now_s: float) -> float | None:
        """Seconds until the next request leaves; None if that depends on a response or a command."""
        closed_s = None if self._is_paused else self._gate.wait_s(now_s)
        due_s = None if closed_s is None else self._state.planner.next_s(now_s)
        return None if closed_s is None or due_s is None else max(due_s - now_s, closed_s)

    def _is_anyone_due(self, now_s: float) -> bool:
        due_s = self._state.planner.next_s(now_s)
        return due_s is not None and due_s <= now_s

    def _moment(self) -> Moment:
        return Moment(self._clock.monotonic_s(), self._clock.now(), self._roll())

    def _traffic(self, now_s: float) -> Traffic:
        wait_s = self._wait_s(now_s)
        return Traffic(
            requests_per_min=self._gate.per_min(now_s),
            next_at=None if wait_s is None else self._clock.now() + timedelta(seconds=wait_s),
            late_s=self._delays.usual_s if self._is_anyone_due(now_s) else 0.0,
        )

    async def _send(self, sent: InFlightRequest, admission: Admission) -> None:
        try:
            answer = await finished(self._response_to(sent))
        except ApiError as error:
            changed = self._state.failed(sent, error, self._moment())
        else:
            changed = self._state.answered(sent, answer, self._moment())
        self._gate.returned(admission)
        self._publish(changed)

    async def _response_to(self, sent: InFlightRequest) -> ApiResult[tuple[Job, ...]]:
        call = sent.call
        if isinstance(call, ListRequest):
            return await self._source.jobs(call.query)
        answer = await self._source.job(call.job_id)
        return ApiResult((answer.value,), answer.correlation_id, answer.server_time)

    def _publish(self, changed: Iterable[TrackedJob]) -> None:
        self._wake.set()
        before, self._published = self._published, self.snapshot
        update = before.update_to(self._published, tuple(changed))
        for listener in tuple(self._listeners):
            listener(update)
