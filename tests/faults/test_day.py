"""A working day with 200 jobs and one fault in a hundred answers: nothing grows, and all jobs end right (tests/README.md, Faults, row 33)."""

import asyncio
import gc
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.support.simulated_system import Plan, World
from tests.support.sizes import sized
from tui.api.transport import MOST_REQUESTS
from tui.domain.poll_policy import PollPolicy
from tui.domain.tracked_job import Freshness
from tui.simulator.faults import Fault
from tui.simulator.queue import SimJob

HOUR_S = 3600.0
HOURS = sized(3, 8)
WARM_UP_S = HOUR_S / 2
LEAST_FAULTS = sized(10, 20)
NOBODY_LOOKS = PollPolicy(is_attended=False)
LARGEST_GROWTH = 20_000_000
KEPT_REQUESTS = 100
"""The simulator's own log must not be what grows."""

FAULTS = (
    Fault(500),
    Fault(502, {}, b"<html>bad gateway</html>"),
    Fault(503, {"retry-after": "20"}),
    Fault(504),
    Fault(429, {"retry-after": "15"}),
    Fault(404, {}, b'{"error": "Job Not Found"}'),
    Fault(200, {}, b'{"jobID": 1, "sta'),
    Fault(200, {}, b""),
    Fault(200, {"content-length": "999"}, b"{"),
)


class FaultyPlan(Plan):
    """Gives a hundredth of the requests a fault instead of their answer."""

    def __init__(self, clock):
        super().__init__(clock)
        self.log = type(self.log)(maxlen=KEPT_REQUESTS)
        self.share = 0.01
        self.met = 0
        self._dice = random.Random(33)

    def meet(self, request):
        answer = super().meet(request)
        if self._dice.random() >= self.share:
            return answer
        self.met += 1
        return self._dice.choice(FAULTS)


def day():
    """Return 200 jobs: each waits for a while, works for up to half an hour and ends some time before the day does."""
    dice = random.Random(200)
    for job_id in range(1, 201):
        start_s = dice.uniform(0, (HOURS - 1) * HOUR_S)
        yield SimJob(
            job_id=job_id,
            added_s=-1.0,
            start_s=start_s,
            end_s=start_s + dice.uniform(30, HOUR_S / 2),
            status="FAILED" if job_id % 20 == 0 else "SUCCESS",
            original_filename=f"inv_{job_id // 50}.csv",
            location=f"W{job_id % 50:02d}",
            messages=("The upload was empty",) if job_id % 20 == 0 else (),
        )


def resident():
    """Return the process's memory in bytes."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def threads_and_files():
    return tuple(len(list(Path("/proc/self", kind).iterdir())) for kind in ("task", "fd"))


async def held_at_most(world, client):
    """Return what the process holds while every connection is open: how many are is chance at any other moment."""
    share, world.faults.share = world.faults.share, 0.0
    await asyncio.gather(*(client.job(1) for _ in range(MOST_REQUESTS)))
    world.faults.share = share
    return threads_and_files()


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_row_33_a_day_of_200_jobs_leaves_nothing_behind():
    jobs = tuple(day())
    async with World(jobs, plan=FaultyPlan) as world:
        watch = world.watch(*(job.job_id for job in jobs), policy=NOBODY_LOOKS)
        await watch.advance(WARM_UP_S)
        held, memory = await held_at_most(world, watch.client), resident()

        await watch.advance(HOURS * HOUR_S - WARM_UP_S)

        held_after, grown = await held_at_most(world, watch.client), resident() - memory
        ended = Counter(
            (tracked.freshness, str(tracked.status)) for tracked in watch.monitor.snapshot.watchlist.values()
        )

    assert world.faults.met >= LEAST_FAULTS
    assert ended == {(Freshness.FINAL, "SUCCESS"): 190, (Freshness.FINAL, "FAILED"): 10}
    assert grown < LARGEST_GROWTH
    assert held_after[0] == held[0]
    assert held_after[1] <= held[1]
