"""Runs the monitor in a thread of its own, so that a stalled terminal cannot stop it. The only place that knows both sides.

Values are immutable: nothing is locked, and only the newest snapshot is kept.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from tui.core.clock import Clock, SystemClock
from tui.monitor.monitor import Monitor, keep_running
from tui.monitor.snapshot import Batch, Snapshot

STOP_WAIT_S = 1.0
"""How long quitting waits for the thread; a blocked name lookup must not hold the prompt."""


class MonitorThread:
    """A daemon thread with its own loop.

    Args:
        opened: Makes the monitor inside the thread's loop, with whatever it needs open as long as it runs.
        clock: Time of the pause after a bug.
        on_batch: Called in the thread with every batch, for what must go on while the screen stands still.
        on_bug: Called in the thread with every bug that the monitor met and outlived.
    """

    def __init__(
        self,
        opened: Callable[[], AbstractAsyncContextManager[Monitor]],
        *,
        clock: Clock | None = None,
        on_batch: Callable[[Batch], None] | None = None,
        on_bug: Callable[[BaseException], object] | None = None,
    ) -> None:
        self._opened = opened
        self._clock = clock or SystemClock()
        self._on_batch = on_batch
        self._on_bug = on_bug or (lambda _: None)
        self._on_news: Callable[[], object] = lambda: None
        self._on_crash: Callable[[BaseException], object] = lambda _: None
        self._slot: Snapshot | None = None
        self._monitor: Monitor | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._run: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._waiting: list[Callable[[Monitor], None]] = []
        self._thread = threading.Thread(target=self._main, name="jobdeck-monitor", daemon=True)
        self._gate = threading.Lock()

    def start(self, *, on_news: Callable[[], object], on_crash: Callable[[BaseException], object]) -> None:
        """Start the thread.

        Args:
            on_news: Called from the thread when the slot, empty before, holds a snapshot.
            on_crash: Called from the thread with the error that ended it: a setting, or a bug beyond the monitor.
        """
        self._on_news, self._on_crash = on_news, on_crash
        self._thread.start()

    def take(self) -> Snapshot | None:
        """Empty the slot and return what it held; None if nothing is new."""
        taken, self._slot = self._slot, None
        return taken

    def tell(self, command: Callable[[Monitor], None]) -> None:
        """Have `command` called with the monitor, in its loop, in the order told; before it runs, once it does."""
        with self._gate:
            if self._loop is None or self._monitor is None:
                self._waiting.append(command)
                return
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(command, self._monitor)

    def stop(self) -> bool:
        """End the monitor; return whether the thread came to its end in time."""
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
        except BaseException as error:  # noqa: BLE001  # handed to the screen whole: in a thread it would be lost
            self._on_crash(error)

    async def _watch(self) -> None:
        with self._gate:
            if self._is_stopped:
                return
            self._loop, self._run = asyncio.get_running_loop(), asyncio.current_task()
        self._loop.set_exception_handler(self._met_in_callback)
        async with self._opened() as monitor:
            monitor.subscribe(self._publish)
            with self._gate:
                self._monitor = monitor
                waiting, self._waiting = self._waiting, []
            for command in waiting:
                command(monitor)
            await keep_running(monitor, self._clock, self._on_bug)

    def _met_in_callback(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Report a bug in a command; asyncio would write it over the screen."""
        error = context.get("exception")
        if isinstance(error, Exception):
            self._on_bug(error)

    def _publish(self, batch: Batch) -> None:
        was_empty = self._slot is None
        self._slot = batch.snapshot
        if was_empty:
            self._on_news()
        if self._on_batch:
            self._on_batch(batch)
