"""Run the monitor in its own thread and send it commands.

A stalled terminal blocks Textual's loop, but polling must continue.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui.core.clock import Clock, SystemClock
from tui.domain.commands import (
    BeginSession,
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
)
from tui.domain.job_source import ApiResult, JobQuery
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection
from tui.domain.snapshot import Snapshot
from tui.monitor.monitor import Monitor
from tui.monitor.supervisor import keep_running

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

STOP_WAIT_S = 1.0
"""How long quitting waits for the thread; a blocked name lookup must not hold the prompt."""


class MonitorThread:
    """The monitor in a daemon thread with its own event loop.

    Args:
        opened: Creates the monitor inside the thread's loop and keeps its resources open while it runs.
        clock: Times the pause after a bug.
        on_snapshot: Called in the thread with the state after every update, for work that must continue while the screen is blocked.
        on_bug: Called in the thread with every bug after which the monitor restarts.
    """

    def __init__(
        self,
        opened: Callable[[], AbstractAsyncContextManager[Monitor]],
        *,
        clock: Clock | None = None,
        on_snapshot: Callable[[Snapshot], None] | None = None,
        on_bug: Callable[[BaseException], object] | None = None,
    ) -> None:
        self._opened = opened
        self._clock = clock or SystemClock()
        self._on_snapshot = on_snapshot
        self._on_bug = on_bug or (lambda _: None)
        self._on_news: Callable[[], object] = lambda: None
        self._on_crash: Callable[[BaseException], object] = lambda _: None
        self._slot: Snapshot | None = None
        self._monitor: Monitor | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._run: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._waiting: list[Command] = []
        self._thread = threading.Thread(target=self._main, name="jobdeck-monitor", daemon=True)
        self._gate = threading.Lock()

    def start(self, *, on_news: Callable[[], object], on_crash: Callable[[BaseException], object]) -> None:
        """Start the thread.

        Args:
            on_news: Called in the thread when an empty slot gets a snapshot.
            on_crash: Called in the thread with the error that ended it: a wrong setting, or a bug outside the monitor.
        """
        self._on_news, self._on_crash = on_news, on_crash
        self._thread.start()

    def take(self) -> Snapshot | None:
        """Return the newest snapshot and empty the slot; None if there is no new one."""
        taken, self._slot = self._slot, None
        return taken

    def tell(self, command: Command) -> None:
        """Have the monitor carry out a command in its loop, in order of the calls; commands wait until it runs."""
        with self._gate:
            if self._loop is None or self._monitor is None:
                self._waiting.append(command)
                return
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._monitor.execute, command)

    async def read(self, query: JobQuery) -> ApiResult[tuple[Job, ...]] | None:
        """Return one list that the monitor reads in its loop; None before the monitor runs, and after its end.

        Raises:
            ApiError: There is no usable response.
        """
        with self._gate:
            loop, monitor = self._loop, self._monitor
        if loop is None or monitor is None or loop.is_closed():
            return None
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(monitor.read(query), loop))

    def stop(self) -> bool:
        """Stop the monitor; return whether the thread ended in time."""
        with self._gate:
            self._is_stopped = True
            loop, run = self._loop, self._run
        if loop is not None and run is not None and not loop.is_closed():
            loop.call_soon_threadsafe(run.cancel)
        if self._thread.is_alive():
            self._thread.join(STOP_WAIT_S)
        return not self._thread.is_alive()

    def _main(self) -> None:
        try:
            asyncio.run(self._watch())
        except asyncio.CancelledError:
            return
        except BaseException as error:  # noqa: BLE001  # passed to the screen: a thread would lose it
            self._on_crash(error)

    async def _watch(self) -> None:
        with self._gate:
            if self._is_stopped:
                return
            self._loop, self._run = asyncio.get_running_loop(), asyncio.current_task()
        self._loop.set_exception_handler(self._met_in_callback)
        async with self._opened() as monitor:
            monitor.subscribe(lambda _: self._publish(monitor.published))
            with self._gate:
                self._monitor = monitor
                waiting, self._waiting = self._waiting, []
            for command in waiting:
                monitor.execute(command)
            await keep_running(monitor, self._clock, self._on_bug)

    def _met_in_callback(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Report a bug in a command; asyncio would print it over the screen."""
        error = context.get("exception")
        if isinstance(error, Exception):
            self._on_bug(error)

    def _publish(self, snapshot: Snapshot) -> None:
        was_empty = self._slot is None
        self._slot = snapshot
        if was_empty:
            self._on_news()
        if self._on_snapshot:
            self._on_snapshot(snapshot)


INTERVALS_S = (1.0, 2.0, 5.0, None, 10.0, 30.0, 60.0)
"""Seconds that `+` and `-` step through; None is automatic."""

AUTO_COUNTS_AS_S = 7.0
"""Position of the automatic interval among the fixed ones, in seconds."""


class MonitorCommands:
    """The commands of one session. They return at once; the next snapshot shows their effect.

    Args:
        thread: Runs the monitor.
        policy: The polling policy at the start.
    """

    def __init__(self, thread: MonitorThread, policy: PollPolicy) -> None:
        self._thread = thread
        self._policy = policy
        self._dropped: list[tuple[int, ...]] = []
        self._set(policy)

    def track(self, job_ids: Sequence[int]) -> None:
        """Add jobs."""
        added = frozenset(job_ids)
        kept = (tuple(job_id for job_id in removed if job_id not in added) for removed in self._dropped)
        self._dropped = [removed for removed in kept if removed]
        self._thread.tell(TrackJobs(tuple(job_ids)))

    def begin(self, job_ids: Sequence[int], selections: Sequence[Selection], removed: Sequence[int]) -> None:
        """Watch the first jobs and selections of the session, without the removed jobs."""
        self._dropped = [(job_id,) for job_id in removed]
        self._thread.tell(BeginSession(tuple(job_ids), tuple(selections), tuple(removed)))

    def untrack_selection(self, selection: Selection) -> None:
        """Stop adding jobs of a selection; known jobs stay."""
        self._thread.tell(UntrackSelection(selection))

    def track_selection(self, selection: Selection) -> None:
        """Add the jobs of a file, a location or a time, late ones included."""
        self._thread.tell(TrackSelection(selection, is_checked=True))

    def untrack(self, job_ids: Sequence[int]) -> None:
        """Remove jobs together; `undo` restores them together."""
        self._dropped.append(tuple(job_ids))
        self._thread.tell(UntrackJobs(tuple(job_ids)))

    def undo(self) -> tuple[int, ...]:
        """Restore the jobs that were removed last at their old positions; return their ids, none if there are none."""
        if not self._dropped:
            return ()
        job_ids = self._dropped.pop()
        self._thread.tell(RestoreJobs(job_ids))
        return job_ids

    def focus(self, job_ids: Sequence[int]) -> None:
        """Poll these jobs first if the rate limit delays others."""
        self._thread.tell(SetFocus(tuple(job_ids)))

    def refresh(self, job_ids: Sequence[int]) -> None:
        """Request these jobs as soon as the rate limit allows."""
        self._thread.tell(Refresh(tuple(job_ids)))

    def pause(self, *, is_paused: bool) -> None:
        """Pause or resume polling."""
        self._thread.tell(Pause(is_paused))

    def step_interval(self, step: int) -> float | None:
        """Poll less (1) or more (-1) often; return the new interval in seconds, None for automatic."""
        current = self._policy.interval_s
        # The interval of an option may lie between two steps: always move in the requested direction.
        beyond = [each for each in INTERVALS_S[::step] if (_seconds(each) - _seconds(current)) * step > 0]
        interval_s = beyond[0] if beyond else current
        self._set(replace(self._policy, interval_s=interval_s))
        return interval_s

    def attend(self, *, is_attended: bool) -> None:
        """Set whether the terminal has the focus; without it jobs are polled less often."""
        if is_attended != self._policy.is_attended:
            self._set(replace(self._policy, is_attended=is_attended))

    def _set(self, policy: PollPolicy) -> None:
        self._policy = policy
        self._thread.tell(SetPolicy(policy))


def _seconds(interval_s: float | None) -> float:
    return AUTO_COUNTS_AS_S if interval_s is None else interval_s
