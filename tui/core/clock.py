"""Clocks: the only module that reads the time or sleeps."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol


class Clock(Protocol):
    """Wall time, monotonic time and sleep; tests and the demo replace it."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds since an arbitrary start; never decreases."""
        ...

    async def sleep(self, delay_s: float) -> None:
        """Sleep for `delay_s` seconds of this clock; for 0 or less only yield to the event loop."""
        ...


class SystemClock:
    """The system clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(max(0.0, delay_s))


class ScaledClock:
    """A clock that runs `speed` times as fast as the system clock, from its creation.

    Args:
        speed: Seconds of this clock per real second, above 0.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._origin = datetime.now(UTC)
        self._started_s = time.monotonic()

    def now(self) -> datetime:
        return self._origin + timedelta(seconds=self.monotonic_s())

    def monotonic_s(self) -> float:
        return (time.monotonic() - self._started_s) * self._speed

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(max(0.0, delay_s) / self._speed)


class ManualClock:
    """A clock that only a test advances.

    Args:
        start: Initial wall time, aware.
    """

    SETTLE_TURNS = 100
    """Iterations of the event loop until all tasks count as idle; an in-memory HTTP call takes about 30."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)) -> None:
        self._origin = start
        self._elapsed_s = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._origin + timedelta(seconds=self._elapsed_s)

    def monotonic_s(self) -> float:
        return self._elapsed_s

    async def sleep(self, delay_s: float) -> None:
        if delay_s <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed_s + delay_s, next(self._order), woken))
        await woken

    async def advance(self, delay_s: float) -> None:
        """Advance the time by `delay_s` seconds; wake each sleeper at its time and let it run."""
        until_s = self._elapsed_s + delay_s
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= until_s:
            wake_s, _, woken = heapq.heappop(self._sleepers)
            self._elapsed_s = max(self._elapsed_s, wake_s)
            if not woken.done():
                woken.set_result(None)
                await self._settle()
        self._elapsed_s = until_s
        await self._settle()

    async def _settle(self) -> None:
        for _ in range(self.SETTLE_TURNS):
            await asyncio.sleep(0)


async def sleep_unless(event: asyncio.Event, delay_s: float | None, clock: Clock) -> None:
    """Wait for `event`, for `delay_s` seconds of `clock` at most; None means no timeout."""
    waiters: list[asyncio.Future[Any]] = [asyncio.ensure_future(event.wait())]
    if delay_s is not None:
        waiters.append(asyncio.ensure_future(clock.sleep(delay_s)))
    try:
        await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()
