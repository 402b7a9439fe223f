"""The pool of connections under cancelled callers and a server that hangs: no slot is lost, and nothing needs a restart."""

import asyncio
import random

import pytest

from tests.support.raw_server import Asked, Held, RawServer, Sent, answer
from tests.support.simulated_system import World
from tests.support.sizes import sized
from tui.api.transport import MOST_REQUESTS
from tui.domain.connection import ConnectionState
from tui.domain.errors import Unreachable
from tui.domain.tracked_job import Freshness

CANCELLATIONS = sized(1000, 3000)
CALLERS = MOST_REQUESTS + 4
"""At any time; some of them wait for a slot."""

MOST_TURNS = 3
"""Turns of the event loop between two cancellations; a request takes about 30, and a caller may be at any step of it."""

GOOD = [Asked(), Sent(answer())] * 200


async def cancel_at_random(client, number, moments):
    """Cancel so many callers at random moments of their requests; return how many had their answer before it came to that."""
    callers, started = [], 0
    for _ in range(number):
        callers = [caller for caller in callers if not caller.done()]
        started += CALLERS - len(callers)
        callers += [asyncio.create_task(client.job(1)) for _ in range(CALLERS - len(callers))]
        for _ in range(moments.randrange(MOST_TURNS)):
            await asyncio.sleep(0)
        under_way = [caller for caller in callers if not caller.done()]
        moments.choice(under_way).cancel()
        await asyncio.sleep(0)
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    return started - number - CALLERS


async def thirty_answers(client):
    async with asyncio.timeout(3):
        return [given.value.job_id for given in await asyncio.gather(*(client.job(1) for _ in range(30)))]


@pytest.mark.long
async def test_cancelled_callers_leave_every_connection_usable():
    async with World() as world, RawServer(GOOD) as server:
        client = world.client(url=server.url)
        answered = await cancel_at_random(client, CANCELLATIONS, random.Random(3000))

        assert await thirty_answers(client) == [1] * 30
        assert answered > CANCELLATIONS / 10
        assert len(server._open) <= MOST_REQUESTS


async def test_cancelled_callers_of_a_server_that_hangs_up_leave_every_connection_usable():
    rude = [[Asked()], [], [Asked(), Sent(answer()), Asked()], [Asked(), Sent(answer()[:40])]] * 2000
    async with World() as world, RawServer(*rude) as server:
        client = world.client(url=server.url)
        await cancel_at_random(client, CANCELLATIONS // 10, random.Random(300))
        server.scripts = [GOOD]
        await asyncio.gather(*client._api.transport._running)

        assert await thirty_answers(client) == [1] * 30


async def test_exhausted_pool_heals_itself_when_the_server_does():
    hung = [[Asked(), Held()]] * 2 * MOST_REQUESTS
    async with World() as world, RawServer(*hung, GOOD) as server:
        client = world.client(url=server.url, total_s=0.3)
        errors = await asyncio.gather(*(client.job(1) for _ in range(3 * MOST_REQUESTS)), return_exceptions=True)
        server.scripts = [GOOD]

        answers = [await healed(client) for _ in range(30)]

    assert {type(error) for error in errors} == {Unreachable}
    assert "no free connection (all 10 are waiting for responses) within 0.3 s" in {error.message for error in errors}
    assert [given.value.job_id for given in answers] == [1] * 30


async def healed(client):
    """Return the first answer; the hung requests end at their own deadlines, which are a second away at most."""
    async with asyncio.timeout(2):
        while True:
            try:
                return await client.job(1)
            except Unreachable:
                continue


async def test_watched_job_comes_back_after_a_server_that_hung():
    async with World() as world, RawServer([Asked(), Held()]) as server:
        watch = world.watch(1, client=world.client(url=server.url, total_s=0.2))
        await watch.advance(60)
        hung = watch.tracked().error.message
        server.scripts = [GOOD]

        await watch.until(lambda: watch.tracked().freshness is Freshness.LIVE, limit_s=120)

    assert hung == "no complete response within 0.2 s: no first byte came"
    assert watch.states == [ConnectionState.UP, ConnectionState.OFFLINE, ConnectionState.UP]
