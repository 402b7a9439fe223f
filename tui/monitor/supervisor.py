"""Keeps the monitor running: restarts it after bugs, and finds out if it has stopped sending requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.monitor.monitor import Monitor, VitalSigns

RESTART_S = 1.0
"""Pause before another run, so that a bug that recurs at once does not use up the processor."""

CHECK_EVERY_S = 15.0
"""Seconds between two checks that requests still leave. Two failed checks in a row are a stall."""


RESTARTED_S, LONGEST_RESTARTED_S = 5.0, 300.0
"""Wait before requests are repeated that were in flight when a bug ended the loop: one may have caused it. Doubles with
each restart.
"""

FORGIVEN_S = 900.0
"""Time without a restart after which the next one counts as the first."""

LONGEST_REQUEST_S = 180.0
"""Longest duration of a request, with a token refresh, the wait for the budget and the repeated request: each part has
its own timeout.
"""


class Stalled(RuntimeError):
    """No request leaves though one should; the text gives the symptom."""


@dataclass(frozen=True, slots=True)
class Restarts:
    """The restarts in a row."""

    number: int = 0
    last_s: float = 0.0
    """Monotonic second of the last one."""

    def after_bug(self, now_s: float) -> Restarts:
        """Return the restarts with another one now; after a long time without a bug it is the first."""
        return Restarts(1 if now_s >= self.last_s + FORGIVEN_S else self.number + 1, now_s)

    @property
    def retry_delay_s(self) -> float:
        """Seconds until requests are repeated that were in flight."""
        return min(LONGEST_RESTARTED_S, RESTARTED_S * 2.0 ** min(self.number - 1, 10))


def stall(before: VitalSigns | None, now: VitalSigns) -> str | None:
    """Return why no request leaves though one should; None if polling works.

    Args:
        before: The vital signs at the check before, in the same run; None at the first one.
        now: The vital signs now.
    """
    if now.oldest_request_s > LONGEST_REQUEST_S:
        return f"a request has been in flight for over {LONGEST_REQUEST_S:.0f} s"
    if before is None or before.turns != now.turns or not (before.is_request_due or before.is_without_plan):
        return None
    if now.is_without_plan:
        return "jobs have not ended and nothing is planned for them"
    return "jobs are due and no request is in flight" if now.is_request_due else None


async def keep_running(monitor: Monitor, clock: Clock, report: Callable[[BaseException], object]) -> None:
    """Run `monitor` until cancelled; after a bug, report it and go on with the same state (tests/README.md, rows 23 and
    38).

    A watchdog finds bugs that raise no exception: then no request leaves any more.

    Args:
        monitor: What to run.
        clock: Time and sleep between two runs.
        report: Receives each bug for the log.

    Raises:
        ConfigError: The token or the environment became unusable; another run cannot fix that.
    """
    restarts = Restarts()
    while True:
        try:
            await _run_watched(monitor, clock)
        except ExceptionGroup as caught:
            group = _unwrapped(caught)
            unusable = group.subgroup(ConfigError)
            if unusable is not None:
                raise _first(unusable) from group
            report(group)
        restarts = restarts.after_bug(clock.monotonic_s())
        monitor.recover(retry_delay_s=restarts.retry_delay_s)
        await clock.sleep(RESTART_S)


async def _run_watched(monitor: Monitor, clock: Clock) -> None:
    """Run `monitor` until a bug ends it.

    Raises:
        ExceptionGroup: The bug, or `Stalled`.
    """
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(monitor.run())
        before = None
        while True:
            await clock.sleep(CHECK_EVERY_S)
            now = monitor.vital_signs()
            if (why := stall(before, now)) is not None:
                raise Stalled(why)
            before = now


def _unwrapped(group: ExceptionGroup[Exception]) -> ExceptionGroup[Exception]:
    """Return the innermost group that holds all errors."""
    only = group.exceptions[0]
    return _unwrapped(only) if len(group.exceptions) == 1 and isinstance(only, ExceptionGroup) else group


def _first(group: ExceptionGroup[Exception]) -> Exception:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
