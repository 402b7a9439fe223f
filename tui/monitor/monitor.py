"""The only loop: asks when the plan says so and publishes what changed. Knows no thread, no screen and no HTTP."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tui.core.clock import Clock, sleep_unless
from tui.domain.connection import LinkState
from tui.domain.errors import ApiError
from tui.domain.job_source import Answer, JobSource, finished
from tui.domain.selection import Selection
from tui.domain.tracked_job import TrackedJob
from tui.monitor.calls import Departure, ListCall
from tui.monitor.gate import Gate
from tui.monitor.knowledge import Knowledge, Moment
from tui.monitor.schedule import PollPolicy, RequestBudget
from tui.monitor.snapshot import Batch, Snapshot

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

RESTARTED_S, LONGEST_RESTARTED_S = 5.0, 300.0
"""How long calls rest that were under way when a bug ended the loop: one of them may have met it. Doubles with each restart."""

FORGIVEN_S = 900.0
"""Time without a restart after which the next one counts as the first."""

LONGEST_REQUEST_S = 120.0
"""No request takes longer, a new token for it included: each part has a limit of its own."""

LOOK_EVERY_S = 2.0
"""How often a refused link looks for a new token, which costs no request."""


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
        self._gate = Gate(budget or RequestBudget())
        self._roll = roll
        self._known = Knowledge(policy or PollPolicy())
        self._restarts = self._restarts_in_a_row = 0
        self._restarted_s = 0.0
        self._turns = 0
        """How often the loop has looked what may leave."""
        self._stalled_turn: int | None = None
        """The turn after which something should have left and had not, at the last look."""
        self._wake = asyncio.Event()
        self._listeners: list[Callable[[Batch], None]] = []

    @property
    def snapshot(self) -> Snapshot:
        """What is known now."""
        known, now_s = self._known, self._clock.monotonic_s()
        return Snapshot(
            watchlist=known.watchlist,
            link=known.link,
            policy=known.planner.pace.policy,
            is_paused=self._gate.is_paused,
            traffic=self._gate.traffic(now_s, self._clock.now(), wait_s=self._wait_s(now_s), is_anyone_due=self._is_anyone_due(now_s)),
            server_clock=known.server_clock,
            answered_at=known.answered_at,
            token_renewed_at=known.token_renewed_at,
            lists=known.lists.values(),
            removed=known.removed,
            access_ends_at=self._source.access_ends_at(),
            skipped=known.skipped,
            restarts=self._restarts,
        )

    def subscribe(self, listener: Callable[[Batch], None]) -> Callable[[], None]:
        """Call `listener` with every batch from now on, in the monitor's loop; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def track(self, *job_ids: int) -> None:
        """Watch these jobs too; those already watched stay as they are."""
        self._publish(self._known.track(job_ids, self._clock.monotonic_s()))

    def track_selection(self, selection: Selection, *, is_checked: bool = False) -> None:
        """Watch every job of a selection, those that appear later too, but not those removed by `untrack`.

        Args:
            selection: What the jobs have in common.
            is_checked: Whether to find out if all its jobs are known as soon as the known ones have ended, without `check_complete`.
        """
        self._known.track_selection(selection, self._clock.monotonic_s(), is_checked=is_checked)
        self._publish(())

    def begin(self, job_ids: Iterable[int], selections: Iterable[Selection] = (), removed: Iterable[int] = ()) -> None:
        """Watch what an earlier session watched, in one step.

        Args:
            job_ids: Jobs to watch.
            selections: Their jobs are watched too, and their completeness is checked as in `track_selection`.
            removed: Jobs of the selections that are not watched, unless `put_back` or `track` names them.
        """
        now_s = self._clock.monotonic_s()
        self._known.untrack(removed)
        for selection in selections:
            self._known.track_selection(selection, now_s, is_checked=True)
        self._publish(self._known.track(job_ids, now_s))

    def untrack_selection(self, selection: Selection) -> None:
        """Watch no more jobs of a selection than those that are known; an unknown one is ignored."""
        self._known.untrack_selection(selection)
        self._publish(())

    def adopt(self, file: str) -> None:
        """Watch every job of this uploaded file, or of each file that the pattern names."""
        self.track_selection(Selection(file))

    def check_complete(self, selection: Selection) -> None:
        """Find out whether the last reading of a watched selection holds all its jobs; `Snapshot.lists` has the result.

        A check that is under way goes on; nothing happens before the first reading.
        """
        self._known.check_complete(selection, self._clock.monotonic_s())
        self._wake.set()

    def untrack(self, *job_ids: int) -> None:
        """Stop watching these jobs; unknown ids are ignored."""
        self._known.untrack(job_ids)
        self._publish(())

    def put_back(self, job_id: int) -> None:
        """Watch a job again that `untrack` took off, at its place in the list."""
        self._publish(self._known.put_back(job_id, self._clock.monotonic_s()))

    def focus(self, *job_ids: int) -> None:
        """Let these jobs, and no others, go first where not all can be asked for in time; somebody looks at them."""
        self._known.planner.focus(job_ids)

    def refresh(self, *job_ids: int) -> None:
        """Ask for these jobs as soon as the budget allows, ended ones too, each at most once a second."""
        self._known.urge()
        self._known.planner.refresh(job_ids)
        self._publish(())

    def verify(self, *job_ids: int) -> None:
        """Request these jobs once more, ended ones too, by lists where these bring several."""
        self._known.verify(job_ids)
        self._publish(())

    def pause(self, *, is_paused: bool) -> None:
        """Stop asking, or go on; nothing is forgotten meanwhile."""
        self._gate.is_paused = is_paused
        self._publish(())

    def set_policy(self, policy: PollPolicy) -> None:
        """Poll by `policy` from now on, jobs that wait for their turn included."""
        self._known.set_policy(policy, self._moment())
        self._publish(())

    async def run(self) -> None:
        """Ask until cancelled. Any exception that is no ApiError is a bug and ends the loop with it; `recover` allows another run."""
        async with asyncio.TaskGroup() as calls:
            while True:
                self._wake.clear()
                self._look_for_a_new_token()
                wait_s = self._send_what_may_leave(calls)
                now_s = self._clock.monotonic_s()
                self._gate.sleeps(now_s, wait_s=wait_s, is_anyone_due=self._is_anyone_due(now_s))
                if wait_s is not None and self._is_refused:
                    wait_s = min(wait_s, LOOK_EVERY_S)
                await sleep_unless(self._wake, wait_s, self._clock)

    def recover(self) -> None:
        """Make ready for another run after a bug ended one: what was known stays, and what was under way is asked for later."""
        now_s = self._clock.monotonic_s()
        is_forgiven = now_s >= self._restarted_s + FORGIVEN_S
        self._restarts_in_a_row = 0 if is_forgiven else self._restarts_in_a_row
        rest_s = min(LONGEST_RESTARTED_S, RESTARTED_S * 2 ** min(self._restarts_in_a_row, 10))
        self._restarts, self._restarts_in_a_row, self._restarted_s = self._restarts + 1, self._restarts_in_a_row + 1, now_s
        self._known.abandon(until_s=now_s + rest_s)
        self._publish(())

    def stall(self) -> str | None:
        """Return why nothing leaves though it should, if that is so since the last time this was called; None where all is well."""
        now_s, departures = self._clock.monotonic_s(), self._known.planner.under_way
        if any(now_s - departure.at_s > LONGEST_REQUEST_S for departure in departures):
            return f"a request has been under way for over {LONGEST_REQUEST_S:.0f} s"
        wait_s = self._wait_s(now_s)
        is_planless = not self._gate.is_paused and not departures and self._known.planner.next_s(now_s) is None
        is_idle = is_planless and self._known.watchlist.unsettled > 0
        was_stalled = self._stalled_turn == self._turns
        self._stalled_turn = self._turns if is_idle or (wait_s is not None and wait_s <= 0) else None
        if self._stalled_turn is None or not was_stalled:
            return None
        return "jobs have not ended and nothing is planned for them" if is_idle else "jobs are due and nothing is under way"

    @property
    def _is_refused(self) -> bool:
        return self._known.link.state is LinkState.REFUSED

    def _look_for_a_new_token(self) -> None:
        """Let a refused link be tried at once when somebody renewed the token (faults.md, row 12)."""
        if self._is_refused and not self._known.planner.under_way and self._source.is_renewed():
            self._known.urge()

    def _send_what_may_leave(self, calls: asyncio.TaskGroup) -> float | None:
        """Start calls until something forbids the next; return the seconds until it may be otherwise, None for "after news"."""
        self._turns += 1
        self._gate.woke(self._known.link, self._clock.monotonic_s())
        while True:
            now_s = self._clock.monotonic_s()
            wait_s = self._wait_s(now_s)
            if wait_s is None or wait_s > 0:
                return wait_s
            departure = self._known.planner.depart(now_s)
            if departure is None:
                continue  # it was put off, or there is nobody left to ask for
            self._gate.passed(now_s, late_s=departure.late_s)
            calls.create_task(self._ask(departure))

    def _wait_s(self, now_s: float) -> float | None:
        """Seconds until the next call leaves, None if only news can tell."""
        known = self._known
        closed_s = self._gate.wait_s(known.link, now_s, under_way=len(known.planner.under_way))
        due_s = None if closed_s is None else known.planner.next_s(now_s)
        return None if closed_s is None or due_s is None else max(due_s - now_s, closed_s)

    def _is_anyone_due(self, now_s: float) -> bool:
        due_s = self._known.planner.next_s(now_s)
        return due_s is not None and due_s <= now_s

    def _moment(self) -> Moment:
        return Moment(self._clock.monotonic_s(), self._clock.now(), self._roll())

    async def _ask(self, departure: Departure) -> None:
        try:
            answer = await finished(self._answer(departure))
        except ApiError as error:
            changed = self._known.failed(departure, error, self._moment())
        else:
            changed = self._known.answered(departure, answer, self._moment())
        self._publish(changed)

    async def _answer(self, departure: Departure) -> Answer[tuple[Job, ...]]:
        call = departure.call
        if isinstance(call, ListCall):
            return await self._source.jobs(call.query)
        answer = await self._source.job(call.job_id)
        return Answer((answer.value,), answer.correlation_id, answer.server_time)

    def _publish(self, changed: Iterable[TrackedJob]) -> None:
        self._wake.set()
        batch = Batch(tuple(changed), self.snapshot)
        for listener in tuple(self._listeners):
            listener(batch)
