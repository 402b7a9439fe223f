"""A server whose clock differs from ours, and a clock here that jumps (tests/README.md, Faults, row 20)."""

from datetime import timedelta

import pytest

from tui.domain.tracked_job import elapsed_s
from tui.presentation.job_text import run_text
from tui.simulator.queue import SimJob
from tui.ui.rendering.view_state import ViewOptions

WORKING = SimJob(job_id=1, added_s=-100.0, start_s=-60.0)


def run_of(watch):
    """Return the running job's duration in seconds, and as a row shows it."""
    facts, now = watch.monitor.snapshot, watch.clock.now()
    server_now = facts.server_clock.at(watch.clock.monotonic_s(), default=now)
    look = ViewOptions(now, ahead=server_now - now)
    tracked = facts.watchlist[1]
    return elapsed_s(tracked, server_now), run_text(tracked.job, look.known_until(tracked, facts.link))


@pytest.mark.parametrize("ahead_s", [3600, -3600, 0], ids=["ahead", "behind", "right"])
async def test_row_20_duration_goes_by_the_server_whose_clock_is_an_hour_off(world_of, ahead_s):
    world = await world_of([WORKING], ahead_s=ahead_s)
    watch = world.watch(1)

    await watch.advance(60)

    elapsed, shown = run_of(watch)
    assert elapsed == pytest.approx(120, abs=1.2)
    assert shown in {"1:58", "1:59", "2:00", "2:01"}


@pytest.mark.parametrize("jump_s", [3600, -3600], ids=["forward", "back"])
async def test_row_20_duration_outlives_a_jump_of_our_clock(world_of, jump_s):
    world = await world_of([WORKING])
    watch = world.watch(1)
    await watch.advance(60)
    ours = world.clock._origin

    world.clock._origin = ours + timedelta(seconds=jump_s)
    world.far_clock._ahead = timedelta(seconds=-jump_s)
    just_after = run_of(watch)[0]
    await watch.advance(60)

    assert just_after == pytest.approx(120, abs=1.2)
    assert run_of(watch)[0] == pytest.approx(180, abs=1.2)


async def test_row_20_job_that_started_in_the_future_has_run_for_no_time(world_of):
    world = await world_of([SimJob(job_id=1, added_s=-100.0, start_s=-60.0, extra={"started": "2126-01-01T00:00:00Z"})])
    watch = world.watch(1)

    await watch.advance(10)

    assert run_of(watch) == (0.0, "0:00")


async def test_row_20_working_job_is_asked_as_its_age_by_the_server_calls_for(world_of):
    world = await world_of([WORKING], ahead_s=3600)
    watch = world.watch(1)

    await watch.advance(60)

    assert 6 <= len(watch.source.moments_s) <= 12
