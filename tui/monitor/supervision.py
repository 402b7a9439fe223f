"""Keeps a monitor running whatever bug it meets. The only place that carries on after an unforeseen exception."""

from __future__ import annotations

from collections.abc import Callable

from tui.clock import Clock
from tui.errors import ConfigError
from tui.monitor.monitor import Monitor

RESTART_S = 1.0
"""Pause before another run, so that a bug that comes at once does not take the processor."""


async def keep_running(monitor: Monitor, clock: Clock, report: Callable[[BaseException], object]) -> None:
    """Run `monitor` until cancelled; after a bug, report it and go on with all that was known (faults.md, row 23).

    Args:
        monitor: What to run.
        clock: Time of the pause in between.
        report: Takes each bug, to be logged.

    Raises:
        ConfigError: The token or the environment became unusable: no bug, and nothing that another run could mend.
    """
    while True:
        try:
            await monitor.run()
        except ExceptionGroup as group:
            unusable = group.subgroup(ConfigError)
            if unusable is not None:
                raise _first(unusable) from group
            report(group)
        monitor.recover()
        await clock.sleep(RESTART_S)


def _first(group: ExceptionGroup[Exception]) -> Exception:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
