"""Connections that break while a job is watched: each has its cause in words, and the next good answer mends it (tests/README.md, Faults, row 15)."""

import pytest

from tests.support.raw_server import Asked, RawServer, Reset, Sent, answer
from tui.domain.connection import ConnectionState
from tui.domain.tracked_job import Freshness
from tui.simulator.queue import SimJob

JOB = b'{"jobID": 1, "status": "PENDING"}'
GOOD = [Asked(), Sent(answer(JOB, headers=[b"Connection: close"]))]
KEPT = [Asked(), Sent(answer(JOB))]
PARTIAL = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ([Asked()], "closed the connection before answering"),
        ([Asked(), Reset()], "reset the connection"),
        (
            [Asked(), Sent(PARTIAL), Reset()],
            ("reset the connection", "closed the connection during its response"),
        ),
        ([Asked(), Sent(PARTIAL)], "closed the connection during its response"),
        ([Asked(), Sent(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")], "does not answer in HTTP"),
    ],
    ids=["close", "reset", "reset-in-body", "close-in-body", "garbage"],
)
async def test_row_15_broken_connection_keeps_the_last_state_and_mends_itself(world_of, script, words):
    world = await world_of()
    async with RawServer(GOOD, script, GOOD) as server:
        watch = world.watch(1, client=world.client(url=server.url))
        await watch.advance(1)

        await watch.until(lambda: watch.tracked().freshness is Freshness.STALE, limit_s=10)
        broken = watch.tracked()
        await watch.until(lambda: watch.tracked().freshness is Freshness.LIVE, limit_s=60)

    assert broken.error.message.partition(" ")[2].startswith(words)
    assert broken.status == "PENDING"
    assert watch.states == [ConnectionState.UP]


async def test_row_15_refused_connection_keeps_the_last_state_and_mends_itself(world_of):
    world = await world_of([SimJob(job_id=1)])
    watch = world.watch(1)
    await watch.advance(1)
    await world.stop()

    await watch.until(lambda: watch.tracked().freshness is Freshness.STALE, limit_s=10)
    broken = watch.tracked()
    await world.start()
    await watch.until(lambda: watch.tracked().freshness is Freshness.LIVE, limit_s=60)

    assert broken.error.message == f"{world.server.url.removeprefix('http://')} refused the connection"
    assert broken.status == "PENDING"


@pytest.mark.parametrize(
    "end", [[], [Asked()], [Asked(), Reset()]], ids=["closed-before", "closed-on-request", "reset-on-request"]
)
async def test_row_15_stale_connection_is_invisible(world_of, end):
    world = await world_of()
    async with RawServer([*KEPT, *end], [*KEPT, *end], [*KEPT, *end], KEPT * 20) as server:
        watch = world.watch(1, client=world.client(url=server.url))

        await watch.until(lambda: server.connections >= 4, limit_s=200)

    assert watch.errors == []
    assert watch.tracked().freshness is Freshness.LIVE


async def test_row_15_server_that_restarts_between_two_readings_is_invisible(world_of):
    world = await world_of([SimJob(job_id=1)])
    watch = world.watch(1)
    await watch.advance(20)
    await world.stop()
    await world.start()
    restarted_s = world.faults.now_s

    await watch.advance(60)

    assert len(world.faults.sent_since(restarted_s)) >= 1
    assert watch.errors == []
    assert watch.states == [ConnectionState.UP]
