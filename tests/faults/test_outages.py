"""A server that fails, or is gone, while many jobs are watched (tests/README.md, Faults, row 14)."""

import pytest

from tests.support.simulated_system import most_within
from tui.domain.connection import ConnectionState
from tui.domain.tracked_job import Freshness
from tui.simulator.queue import SimJob

JOBS = tuple(
    SimJob(
        job_id=job_id, added_s=-job_id, original_filename=f"inv_{job_id // 100}.csv", location=f"W{job_id % 100:02d}"
    )
    for job_id in range(1, 201)
)
IDS = tuple(job.job_id for job in JOBS)
MOST_PROBES = 10
"""Five errors make an outage, three more may be under way by then, and a minute has room for one probe or two."""

RATE_PER_S, BURST = 2, 5
"""What leaves for one tenant at most (tests/README.md, "Polling etiquette")."""


async def test_row_14_server_gone_for_a_minute_costs_a_few_probes(world_of, has_lists):
    world = await world_of(JOBS, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(120)
    asked = len(watch.source.moments_s)

    await world.stop()
    await watch.advance(60)

    assert 5 <= len(watch.source.moments_s) - asked <= MOST_PROBES
    assert watch.states == [ConnectionState.UP, ConnectionState.OFFLINE]
    assert "refused the connection" in watch.link.error.message


async def test_row_14_server_that_is_back_is_found_and_asked_within_the_budget(world_of, has_lists):
    world = await world_of(JOBS, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(120)
    await world.stop()
    await watch.advance(60)
    await world.start()
    back_s = world.faults.now_s

    await watch.until(lambda: watch.freshness() == {Freshness.LIVE}, limit_s=240)
    await watch.advance(60)

    moments_s = [request.at_s for request in world.faults.sent_since(back_s)]
    assert watch.states == [ConnectionState.UP, ConnectionState.OFFLINE, ConnectionState.UP]
    assert moments_s[0] <= back_s + 60
    for window_s in (0.1, 1, 5, 30):
        assert most_within(moments_s, window_s) <= BURST + RATE_PER_S * window_s


async def test_row_14_first_request_after_an_outage_leaves_alone(world_of, has_lists):
    world = await world_of(JOBS, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(120)
    await world.stop()
    await watch.advance(60)
    await world.start()
    back_s, world.faults.delay_s = world.faults.now_s, 3.0

    await watch.until(lambda: world.faults.sent_since(back_s), limit_s=60)
    await watch.advance(2.5)

    assert len(world.faults.sent_since(back_s)) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_row_14_failing_server_is_one_outage_and_heals(world_of, has_lists, status):
    world = await world_of(JOBS, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(120)
    broken_s = world.faults.now_s

    world.faults.answer_always(status, body=b"<html><title>502 Bad Gateway</title>")
    await watch.advance(60)
    asked, error = len(world.faults.sent_since(broken_s)), watch.link.error
    world.faults.clear()
    await watch.until(lambda: watch.freshness() == {Freshness.LIVE}, limit_s=240)

    assert 5 <= asked <= MOST_PROBES
    words = "the server is overloaded or in maintenance" if status == 503 else "the server failed"
    assert (error.http_status, error.message) == (status, f"{words}: 502 Bad Gateway")
    assert watch.states == [ConnectionState.UP, ConnectionState.OFFLINE, ConnectionState.UP]


async def test_row_14_overloaded_server_is_one_silence_a_probe(world_of, has_lists):
    world = await world_of(JOBS, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(120)
    broken_s = world.faults.now_s

    world.faults.answer_always(503, retry_after="30")
    await watch.advance(60)
    asked = len(world.faults.sent_since(broken_s))
    world.faults.clear()
    await watch.until(lambda: watch.link.state is ConnectionState.UP, limit_s=120)

    assert 1 <= asked <= MOST_PROBES
    assert watch.states == [ConnectionState.UP, ConnectionState.THROTTLED, ConnectionState.UP]


async def test_row_14_short_burst_is_no_outage(world_of, has_lists):
    world = await world_of(JOBS, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(120)

    world.faults.answer_next(502, times=4)
    await watch.advance(120)

    assert watch.states == [ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}


@pytest.mark.parametrize(
    "body",
    [b"<html><title>Sign in</title>", b'{"success": false, "messages": ["Job Not Found"]}', b""],
    ids=["page", "no job", "empty"],
)
async def test_row_14_a_page_in_the_apis_place_is_one_outage_and_heals(world_of, has_lists, body):
    world = await world_of(JOBS, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(120)
    broken_s, known = world.faults.now_s, dict(watch.monitor.snapshot.watchlist.counts)

    world.faults.answer_always(200, body=body)
    await watch.advance(60)
    asked, kept = len(world.faults.sent_since(broken_s)), dict(watch.monitor.snapshot.watchlist.counts)
    world.faults.clear()
    await watch.until(lambda: watch.freshness() == {Freshness.LIVE}, limit_s=240)

    assert 5 <= asked <= MOST_PROBES
    assert kept == known
    assert watch.states == [ConnectionState.UP, ConnectionState.OFFLINE, ConnectionState.UP]


async def test_row_14_a_job_that_is_added_in_an_outage_is_tried_at_once(world_of):
    world = await world_of(JOBS)
    watch = world.watch(*IDS[:2])
    await watch.advance(10)
    world.faults.answer_always(500)
    await watch.until(lambda: watch.link.state is ConnectionState.OFFLINE)
    await watch.advance(10)
    world.faults.clear()
    asked = len(world.faults.log)

    watch.monitor.track(IDS[2])
    await watch.advance(1)

    assert world.faults.log[asked].path.endswith(f"/{IDS[2]}")
    assert watch.tracked(IDS[2]).freshness is Freshness.LIVE
