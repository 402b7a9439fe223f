"""Keeps a monitor running whatever bug it meets. The only place that carries on after an unforeseen exception."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.monitor.monitor import Monitor

RESTART_S = 1.0
"""Pause before another run, so that a bug that comes at once does not take the processor."""

LOOK_EVERY_S = 15.0
"""Time between two looks whether requests still leave; a stall is one at two looks in a row."""


class Stalled(RuntimeError):
    """Nothing leaves though it should; the text says how that shows."""


async def keep_running(monitor: Monitor, clock: Clock, report: Callable[[BaseException], object]) -> None:
    """Run `monitor` until cancelled; after a bug, report it and go on with all that was known (faults.md, rows 23 and 38).

    A bug may also be silent: then a watchdog notices that nothing leaves any more.

    Args:
        monitor: What to run.
        clock: Time of the pause in between.
        report: Takes each bug, to be logged.

    Raises:
        ConfigError: The token or the environment became unusable: no bug, and nothing that another run could mend.
    """
    while True:
        try:
            await _run_watched(monitor, clock)
        except ExceptionGroup as caught:
            group = _unwrapped(caught)
            unusable = group.subgroup(ConfigError)
            if unusable is not None:
                raise _first(unusable) from group
            report(group)
        monitor.recover()
        await clock.sleep(RESTART_S)


async def _run_watched(monitor: Monitor, clock: Clock) -> None:
    """Run `monitor` until it meets a bug.

    Raises:
        ExceptionGroup: The bug, or `Stalled`.
    """
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(monitor.run())
        while True:
            await clock.sleep(LOOK_EVERY_S)
            if (why := monitor.stall()) is not None:
                raise Stalled(why)


def _unwrapped(group: ExceptionGroup[Exception]) -> ExceptionGroup[Exception]:
    """Return the innermost group that holds all errors."""
    only = group.exceptions[0]
    return _unwrapped(only) if len(group.exceptions) == 1 and isinstance(only, ExceptionGroup) else group


def _first(group: ExceptionGroup[Exception]) -> Exception:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
