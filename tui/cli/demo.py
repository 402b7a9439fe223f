"""`jobdeck --demo` where no app can run: the same simulator, ten times as fast, as plain lines."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tui.cli.building import Target, opened_client
from tui.cli.output import warn, write
from tui.clock import ScaledClock
from tui.errors import ConfigError
from tui.headless.changes import change_line, counts_line
from tui.headless.exits import Exit
from tui.monitor.monitor import Monitor
from tui.monitor.schedule import PollPolicy, RequestBudget, budget_of
from tui.monitor.snapshot import Batch
from tui.monitor.tracked import Freshness, TrackedJob
from tui.monitor.watchlist import Watchlist
from tui.settings import Settings

DEMO_BUDGET = RequestBudget(rate_per_s=10, burst=16, tokens=16)
"""The simulator is nobody else's: everything is asked as eagerly as it changes."""


def budget_for(settings: Settings) -> RequestBudget:
    """Return how many requests may leave."""
    if settings.max_per_min is not None:
        return budget_of(settings.max_per_min)
    return DEMO_BUDGET if settings.is_demo else RequestBudget()


SPEED = 10.0

LONGEST_S = 70.0
"""Simulated seconds after which it ends anyway; all but one job have ended after 66."""

PATIENT_JOBS = frozenset({114})
"""Waits for ten minutes in the demo, and is not waited for here."""


def watch_demo(target: Target, job_ids: Sequence[int]) -> int:
    """Print each change of these jobs of the demo for some seconds and return the exit code.

    Raises:
        BrokenPipeError: The reader has gone.
        ConfigError: A setting is unusable.
    """
    warn("no terminal to draw on: the demo as plain lines, ten times as fast")
    write(f"{counts_line(asyncio.run(_watch(target, job_ids)))}\n")
    return Exit.DONE


async def _watch(target: Target, job_ids: Sequence[int]) -> Watchlist:
    clock = ScaledClock(SPEED)
    async with opened_client(target, target.tokens(clock), clock) as client:
        monitor = Monitor(client, clock, policy=PollPolicy(target.settings.interval_s), budget=budget_for(target.settings))
        printer = _Printer()
        monitor.subscribe(printer.take)
        monitor.track(*job_ids)
        polling = asyncio.create_task(monitor.run())
        limit = asyncio.create_task(clock.sleep(LONGEST_S))
        done = asyncio.create_task(printer.ended.wait())
        try:
            finished, _ = await asyncio.wait((polling, limit, done), return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                task.result()
            printer.check()
        finally:
            for task in (polling, limit, done):
                task.cancel()
            await asyncio.gather(polling, limit, done, return_exceptions=True)
        return monitor.snapshot.watchlist


class _Printer:
    """Prints what changes and notices when nothing more is to come."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self._printed: dict[int, TrackedJob] = {}
        self._problem: BrokenPipeError | ConfigError | None = None

    def take(self, batch: Batch) -> None:
        for tracked in batch.changed:
            line = change_line(self._printed.get(tracked.job_id), tracked, at=tracked.polled_at) if tracked.polled_at else None
            self._printed[tracked.job_id] = tracked
            if line:
                self._print(line)
        if all(_is_over(tracked) for tracked in batch.snapshot.watchlist.values()):
            self.ended.set()

    def check(self) -> None:
        """Raise what kept a line from being printed; within the monitor's loop it would count as a bug of the monitor."""
        if self._problem is not None:
            raise self._problem

    def _print(self, line: str) -> None:
        try:
            write(f"{line}\n")
        except (BrokenPipeError, ConfigError) as error:
            self._problem = error
            self.ended.set()


def _is_over(tracked: TrackedJob) -> bool:
    has_ended = tracked.freshness is Freshness.GONE or (tracked.status is not None and tracked.status.is_terminal)
    return has_ended or tracked.job_id in PATIENT_JOBS
