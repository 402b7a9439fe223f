"""Whole collections come when the keys are quiet, and only if they are due."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job
from tui.core.clock import ManualClock
from tui.ui.terminal.gc_scheduler import QUIET_S, SWEEP_AFTER, SWEEP_ANYWAY_AFTER, GcScheduler, sweep_late

FOUR = {number: [job(number, "SUCCESS")] for number in range(1, 5)}


@contextmanager
def sweeps() -> Iterator[list[int]]:
    """Collect the whole collections that happen meanwhile."""
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            seen.append(2)

    gc.callbacks.append(note)
    try:
        yield seen
    finally:
        gc.callbacks.remove(note)


@pytest.fixture
def no_automatism() -> Iterator[None]:
    """Have Python collect nothing by itself, and begin right behind a sweep."""
    gc.disable()
    gc.collect()
    yield
    gc.enable()


def grow_old(times: int) -> None:
    for _ in range(times):
        gc.collect(1)


@pytest.mark.usefixtures("no_automatism")
@pytest.mark.parametrize(
    ("looks", "quiet_s", "swept"),
    [(SWEEP_AFTER, QUIET_S, 1), (SWEEP_AFTER - 1, QUIET_S, 0), (SWEEP_AFTER, QUIET_S / 2, 0)],
    ids=["due and quiet", "not due", "keys"],
)
async def test_a_sweep_waits_until_it_is_due_and_the_keys_are_quiet(looks: int, quiet_s: float, swept: int) -> None:
    clock = ManualClock()
    sweeper = GcScheduler(clock)
    await clock.advance(100)
    sweeper.note_key()
    await clock.advance(quiet_s)
    grow_old(looks)
    with sweeps() as seen:
        sweeper.sweep()
    assert len(seen) == swept


async def test_a_key_in_the_app_holds_the_sweep_back() -> None:
    async with desk(FOUR) as it:
        it.app._sweeper = sweeper = GcScheduler(clock := ManualClock())
        await clock.advance(100)
        await it.press("j")
        gc.collect()
        with sweeps() as seen:
            grow_old(SWEEP_AFTER)
            sweeper.sweep()
            assert not seen
            await clock.advance(QUIET_S)
            grow_old(SWEEP_AFTER)
            sweeper.sweep()
            assert seen


def test_python_itself_sweeps_only_when_garbage_heaps_up() -> None:
    before = gc.get_threshold()
    try:
        sweep_late()
        assert gc.get_threshold() == (*before[:2], SWEEP_ANYWAY_AFTER)
    finally:
        gc.set_threshold(*before)
