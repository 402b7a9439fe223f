"""A bug in the monitor itself, over a real server (tests/README.md, Faults, row 23)."""

import asyncio

from tui.monitor.monitor import Monitor
from tui.monitor.supervisor import keep_running
from tui.simulator.queue import SimJob

JOBS = tuple(
    SimJob(job_id=job_id, added_s=-job_id, start_s=-1.0, original_filename=f"{job_id}.csv") for job_id in (1, 2, 3)
)


class Trap:
    """A job source that meets a bug when it is told to."""

    def __init__(self, client):
        self._client = client
        self.bugs = []

    async def job(self, job_id):
        self._spring()
        return await self._client.job(job_id)

    async def jobs(self, query):
        self._spring()
        return await self._client.jobs(query)

    def has_new_token(self):
        return self._client.has_new_token()

    def access_ends_at(self):
        return self._client.access_ends_at()

    def token_renewed_at(self):
        return self._client.token_renewed_at()

    def _spring(self):
        if self.bugs:
            raise self.bugs.pop()


async def test_row_23_monitor_that_met_a_bug_goes_on_with_what_it_knew(world_of):
    world = await world_of(JOBS)
    trap, bugs = Trap(world.client()), []
    monitor = Monitor(trap, world.clock, roll=lambda: 0.5)
    running = asyncio.create_task(keep_running(monitor, world.clock, bugs.append))
    monitor.track(1, 2, 3)
    await world.clock.advance(30)
    known = monitor.snapshot.watchlist

    trap.bugs = [ZeroDivisionError("a bug"), ZeroDivisionError("another")]
    await world.clock.advance(60)

    running.cancel()
    assert dict(known.counts) == {"WORKING": 3}
    assert [bug.subgroup(ZeroDivisionError) is not None for bug in bugs] == [True, True]
    assert monitor.snapshot.restarts == 2
    assert monitor.snapshot.watchlist[1].job is not None
    assert dict(monitor.snapshot.watchlist.counts) == {"WORKING": 3}
    assert all(
        (world.clock.now() - tracked.answered_at).total_seconds() < 30
        for tracked in monitor.snapshot.watchlist.values()
    )
