import asyncio
from datetime import UTC, timedelta

import pytest

from tui.core.clock import ManualClock, ScaledClock, SystemClock, sleep_unless


@pytest.mark.parametrize(
    "clock", [SystemClock(), ScaledClock(60), ManualClock()], ids=lambda clock: type(clock).__name__
)
def test_now_is_aware_utc(clock):
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize("clock", [SystemClock(), ManualClock()], ids=lambda clock: type(clock).__name__)
@pytest.mark.parametrize("delay_s", [0, -3])
async def test_no_delay_returns_at_once(clock, delay_s):
    await asyncio.wait_for(clock.sleep(delay_s), timeout=1)


async def test_a_scaled_clock_runs_faster():
    clock = ScaledClock(1_000)
    before_s = clock.monotonic_s()

    await clock.sleep(20)

    assert 20 <= clock.monotonic_s() - before_s < 1_000


async def test_a_manual_clock_wakes_sleepers_in_order_at_their_own_moment():
    clock, woken = ManualClock(), []

    async def sleeper(delay_s):
        await clock.sleep(delay_s)
        woken.append((delay_s, clock.monotonic_s()))

    sleepers = [asyncio.create_task(sleeper(delay_s)) for delay_s in (3, 1, 2, 9)]
    await clock.advance(5)

    assert woken == [(1, 1), (2, 2), (3, 3)]
    sleepers[-1].cancel()


async def test_a_manual_clock_wakes_who_sleeps_again_within_one_advance():
    clock, ticks = ManualClock(), []

    async def ticker():
        for _ in range(3):
            await clock.sleep(2)
            ticks.append(clock.monotonic_s())

    task = asyncio.create_task(ticker())
    await clock.advance(6)

    assert ticks == [2, 4, 6]
    assert task.done()


async def test_a_manual_clock_stands_still_on_its_own():
    clock = ManualClock()
    start = clock.now()

    await clock.advance(90)

    assert clock.now() - start == timedelta(seconds=90)


async def test_a_cancelled_sleeper_does_not_stop_time():
    clock = ManualClock()
    task = asyncio.create_task(clock.sleep(1))
    await clock.advance(0)
    task.cancel()

    await clock.advance(5)

    assert clock.monotonic_s() == 5


async def test_sleep_unless_ends_with_the_event():
    clock, event = ManualClock(), asyncio.Event()
    task = asyncio.create_task(sleep_unless(event, 60, clock))
    await clock.advance(1)

    event.set()
    await asyncio.wait_for(task, timeout=1)

    assert clock.monotonic_s() == 1


async def test_sleep_unless_ends_with_the_time():
    clock = ManualClock()
    task = asyncio.create_task(sleep_unless(asyncio.Event(), 60, clock))

    await clock.advance(59)
    assert not task.done()

    await clock.advance(1)
    assert task.done()


async def test_sleep_unless_without_a_delay_waits_for_the_event_alone():
    clock, event = ManualClock(), asyncio.Event()
    task = asyncio.create_task(sleep_unless(event, None, clock))

    await clock.advance(1e9)
    assert not task.done()

    event.set()
    await asyncio.wait_for(task, timeout=1)
