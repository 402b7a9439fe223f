"""Jobs that the server denies: one of many, all at once, by a gateway or in the API's own words (tests/README.md, Faults, rows 11 and 37)."""

import pytest

from tests.support.simulated_system import NO_SUCH_JOB
from tui.domain.connection import ConnectionState
from tui.domain.tracked_job import Freshness
from tui.simulator.queue import SimJob

END_S = 60.0
SIX = tuple(
    SimJob(job_id=job_id, added_s=-10, start_s=-1, end_s=END_S, original_filename=f"{job_id}.csv")
    for job_id in range(1, 7)
)
IDS = tuple(job.job_id for job in SIX)

GATEWAYS = {
    "text": (b"default backend - 404", {"content-type": "text/plain"}),
    "go": (b"404 page not found\n", {}),
    "html": (b"<html><title>404 Not Found</title>", {"content-type": "text/html"}),
    "spring": (b'{"timestamp": "2026-11-23T09:30:00Z", "status": 404, "error": "Not Found", "path": "/queue"}', {}),
    "platform": (b'{"message": "Not found", "errorCode": "ITEM_NOT_FOUND"}', {}),
    "empty": (b"", {}),
}


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(("body", "headers"), GATEWAYS.values(), ids=GATEWAYS)
async def test_row_37_a_gateway_without_its_backend_is_an_outage_that_is_survived(
    world_of, has_lists, status, body, headers
):
    world = await world_of(SIX, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(6)
    world.faults.answer_always(status, body=body, headers=headers)
    await watch.advance(44)
    link, during = watch.link, dict(watch.monitor.snapshot.watchlist.counts)
    freshness = watch.freshness()
    world.faults.clear()

    await watch.advance(120)

    assert during == {"WORKING": 6}
    assert Freshness.STALE in freshness
    assert Freshness.GONE not in freshness
    assert "not the API but something in front of it answers at http://127.0.0.1" in link.error.message
    assert {(tracked.freshness, tracked.status) for tracked in watch.monitor.snapshot.watchlist.values()} == {
        (Freshness.FINAL, "SUCCESS")
    }


async def test_row_37_all_jobs_denied_at_once_in_the_apis_own_words_are_an_outage_too(world_of):
    world = await world_of(SIX)
    watch = world.watch(*IDS)
    await watch.advance(6)
    world.faults.answer_always(404, body=NO_SUCH_JOB.body)
    await watch.advance(44)
    during, freshness, link = dict(watch.monitor.snapshot.watchlist.counts), watch.freshness(), watch.link
    world.faults.clear()

    await watch.advance(120)

    assert during == {"WORKING": 6}
    assert Freshness.GONE not in freshness
    assert link.state is ConnectionState.OFFLINE
    assert "the API answers 'no such job' for jobs that it described before: not believed yet" in link.error.message
    assert {(tracked.freshness, tracked.status) for tracked in watch.monitor.snapshot.watchlist.values()} == {
        (Freshness.FINAL, "SUCCESS")
    }


async def test_row_11_jobs_that_vanish_while_others_are_read_are_gone_within_a_minute(world_of, has_lists):
    world = await world_of(
        [*(SimJob(job_id=n, original_filename=f"{n}.csv", vanishes_s=20) for n in (1, 2)), SimJob(job_id=3)],
        has_lists=has_lists,
    )
    watch = world.watch(1, 2, 3)

    await watch.advance(20)
    await watch.until(lambda: watch.tracked(1).is_final and watch.tracked(2).is_final, limit_s=120)

    assert [watch.tracked(n).freshness for n in (1, 2, 3)] == [Freshness.GONE, Freshness.GONE, Freshness.LIVE]
    assert watch.link.state is ConnectionState.UP


async def test_row_11_a_queue_that_was_emptied_is_believed_in_the_end(world_of, has_lists):
    world = await world_of(
        [SimJob(job_id=n, original_filename=f"{n}.csv", vanishes_s=20) for n in range(1, 7)], has_lists=has_lists
    )
    watch = world.watch(*range(1, 7))

    await watch.advance(800)
    before = watch.freshness()
    await watch.until(lambda: watch.freshness() == {Freshness.GONE}, limit_s=900)

    assert Freshness.GONE not in before
    assert [tracked.status for tracked in watch.monitor.snapshot.watchlist.values()] == ["PENDING"] * 6
    assert watch.link.state is ConnectionState.UP


async def test_row_11_a_gone_job_is_probed_every_five_minutes_and_comes_back_without_a_key(world_of):
    world = await world_of([SimJob(job_id=1, vanishes_s=10)])
    watch = world.watch(1)
    await watch.advance(120)
    asked = world.faults.requests
    await watch.advance(900)
    probes = world.faults.requests - asked
    world.queue.add(SimJob(job_id=1))

    await watch.until(lambda: watch.tracked().freshness is Freshness.LIVE, limit_s=345)

    assert 2 <= probes <= 4


async def test_row_11_a_gone_job_comes_back_with_the_next_list_that_holds_it(world_of):
    mates = [SimJob(job_id=n, original_filename="inv.csv") for n in range(2, 8)]
    world = await world_of([SimJob(job_id=1, original_filename="inv.csv", vanishes_s=30), *mates])
    watch = world.watch(*range(1, 8))
    await watch.advance(30)
    await watch.until(lambda: watch.tracked(1).is_final, limit_s=120)
    gone = watch.tracked(1).freshness
    world.queue.add(SimJob(job_id=1, original_filename="inv.csv"))

    await watch.until(lambda: watch.tracked(1).freshness is Freshness.LIVE, limit_s=40)

    assert gone is Freshness.GONE
    assert watch.freshness() == {Freshness.LIVE}


async def test_row_11_a_gone_job_that_had_ended_is_probed_no_more(world_of):
    world = await world_of([SimJob(job_id=1, start_s=-2, end_s=-1, vanishes_s=3)])
    watch = world.watch(1)
    await watch.advance(60)
    asked = world.faults.requests

    await watch.advance(1200)

    assert (watch.tracked().freshness, watch.tracked().status) == (Freshness.GONE, "SUCCESS")
    assert world.faults.requests == asked
