"""Brings the monitor's snapshots from its thread to the screen, at most ten times a second."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import copy_context

from textual.message import Message
from textual.screen import Screen

from tui.core.clock import Clock
from tui.domain.snapshot import Snapshot
from tui.ui.monitor_client import MonitorThread

SNAPSHOT_EVERY_S = 0.1
"""Minimum seconds between two snapshots on screen."""


class SnapshotFeed:
    """Posts the newest snapshot to a screen whenever the monitor has one.

    Args:
        screen: Gets the messages.
        monitor: Runs the monitor; `start` starts it.
        clock: Times the pauses.
    """

    class Arrived(Message):
        """The monitor has published a snapshot."""

        def __init__(self, snapshot: Snapshot) -> None:
            super().__init__()
            self.snapshot = snapshot

    class Crashed(Message):
        """The monitor ended with an error: a wrong setting, or a bug outside the monitor."""

        def __init__(self, error: BaseException) -> None:
            super().__init__()
            self.error = error

    def __init__(self, screen: Screen[None], monitor: MonitorThread, clock: Clock) -> None:
        self._screen = screen
        self._monitor = monitor
        self._clock = clock
        self._taken_s = 0.0
        self._is_take_planned = False

    def start(self) -> None:
        """Start the monitor. Call it in the loop of the screen."""
        loop, context = asyncio.get_running_loop(), copy_context()

        def call_in_loop(callback: object, *args: object) -> None:
            with suppress(RuntimeError):  # the app has ended, and its loop is closed
                loop.call_soon_threadsafe(callback, *args, context=context)  # type: ignore[arg-type]

        self._monitor.start(
            on_news=lambda: call_in_loop(self._plan_take),
            on_crash=lambda error: call_in_loop(self._screen.post_message, self.Crashed(error)),
        )

    def _plan_take(self) -> None:
        wait_s = self._taken_s + SNAPSHOT_EVERY_S - self._clock.monotonic_s()
        if wait_s <= 0:
            self._take()
        elif not self._is_take_planned:
            self._is_take_planned = True
            self._screen.set_timer(wait_s, self._take)

    def _take(self) -> None:
        self._is_take_planned = False
        self._taken_s = self._clock.monotonic_s()
        snapshot = self._monitor.take()
        if snapshot is not None:
            self._screen.post_message(self.Arrived(snapshot))
