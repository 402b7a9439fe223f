"""Tokens that end, are revoked and rotated while jobs are watched (tests/README.md, Faults, row 12): every source over a real socket."""

import asyncio
import shlex
import sys
from itertools import pairwise

import pytest

from tui.domain.connection import ConnectionState
from tui.domain.poll_policy import PollPolicy
from tui.domain.tracked_job import Freshness
from tui.simulator.queue import SimJob
from tui.simulator.routes import QUEUE_PATH, TOKEN_PATH

INTERVAL_S = 5.0
JOBS = tuple(SimJob(job_id=job_id, added_s=-job_id, original_filename=f"inv_{job_id}.csv") for job_id in range(1, 11))
IDS = tuple(job.job_id for job in JOBS)


CREDENTIALS = {"KIBO_CLIENT_ID": "demo", "KIBO_SHARED_SECRET": "demo"}


class Office:
    """A world that lets in those alone whose token comes from its own desk."""

    def __init__(self, world):
        self.world, self.desk = world, world.desk
        self.answered_s = []

    def watch(self, source):
        """Start a watch of all jobs that notes when it was answered."""
        client = self.world.client(tokens=source)
        watch = self.world.watch(*IDS, client=client, policy=PollPolicy(INTERVAL_S, jitter=0.0))
        watch.monitor.subscribe(lambda update: self._take(update, watch.monitor.published))
        return watch

    def sent(self, path, since_s=-1.0):
        return [request for request in self.world.faults.sent_since(since_s) if request.path.startswith(path)]

    def dead_since(self, moment_s):
        """Return the queue's requests after this moment with a token that is no good now."""
        return [
            request
            for request in self.sent(QUEUE_PATH, moment_s)
            if not self.desk.accepts(request.headers["authorization"])
        ]

    def longest_gap_s(self, since_s=0.0):
        """Return the longest time from one good answer to the next, until now."""
        moments_s = [
            since_s,
            *(moment_s for moment_s in self.answered_s if moment_s > since_s),
            self.world.faults.now_s,
        ]
        return max(later - earlier for earlier, later in pairwise(moments_s))

    def _take(self, update, after):
        if update.changed and after.link.state is ConnectionState.UP:
            self.answered_s.append(self.world.faults.now_s)


@pytest.fixture
async def office(world_of):
    return Office(await world_of(JOBS, tokens=()))


async def test_a_token_that_ends_is_renewed_before_without_one_refused_request(office):
    office.desk.expires_in_s = 100
    watch = office.watch(office.world.tokens_from(**CREDENTIALS))

    await watch.advance(1000)

    assert watch.states == [ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}
    assert watch.errors == []
    assert office.longest_gap_s() <= INTERVAL_S
    assert 10 <= office.desk.granted <= 12
    assert watch.monitor.snapshot.token_renewed_at is None, "no request was refused"


@pytest.mark.parametrize("has_refresh_tokens", [False, True], ids=["plain", "refresh"])
async def test_a_revoked_token_costs_at_most_two_requests_and_one_renewal(office, has_refresh_tokens):
    office.desk.has_refresh_tokens = has_refresh_tokens
    watch = office.watch(office.world.tokens_from(**CREDENTIALS))
    await watch.advance(52)
    revoked_s, granted = office.world.faults.now_s, office.desk.granted
    office.desk.revoke()

    await watch.advance(60)

    assert 1 <= len(office.dead_since(revoked_s)) <= 2
    assert office.desk.granted == granted + 1
    assert office.longest_gap_s(revoked_s) <= INTERVAL_S
    assert watch.states == [ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}


async def test_a_revoked_token_costs_at_most_two_requests_where_every_job_is_asked_for_alone_and_slowly(office):
    office.world.faults.has_lists, office.world.faults.delay_s = False, 4.0
    watch = office.watch(office.world.tokens_from(**CREDENTIALS))
    await watch.advance(100)
    on_their_way_s = office.world.faults.now_s - office.world.faults.delay_s
    office.desk.revoke()

    await watch.advance(60)

    assert 1 <= len(office.dead_since(on_their_way_s)) <= 2
    assert watch.states == [ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}


async def test_an_auth_host_that_is_down_harms_nobody_while_the_token_is_good(office):
    office.desk.expires_in_s = 600
    watch = office.watch(office.world.tokens_from(**CREDENTIALS))
    await watch.advance(500)
    office.world.faults.answer_always(503, path_part=TOKEN_PATH, retry_after="5")
    await watch.advance(80)
    tries = len(office.sent(TOKEN_PATH, 500))
    office.world.faults.clear()

    await watch.advance(60)

    assert 2 <= tries <= 5
    assert watch.states == [ConnectionState.UP]
    assert watch.errors == []
    assert office.longest_gap_s() <= INTERVAL_S


async def test_an_auth_host_that_is_down_when_the_token_has_ended_is_waited_for(office):
    office.desk.expires_in_s = 100
    watch = office.watch(office.world.tokens_from(**CREDENTIALS))
    await watch.advance(50)
    office.world.faults.answer_always(500, path_part=TOKEN_PATH)
    await watch.until(lambda: watch.link.state is ConnectionState.OFFLINE)
    down_s = office.world.faults.now_s
    sent = office.dead_since(down_s)
    office.world.faults.clear()

    await watch.until(lambda: watch.link.state is ConnectionState.UP, limit_s=120)
    await watch.advance(60)

    assert sent == []
    assert watch.freshness() == {Freshness.LIVE}
    assert office.dead_since(down_s) == []


async def test_credentials_that_are_refused_leave_the_queue_alone(office):
    source = office.world.tokens_from(KIBO_CLIENT_ID="demo", KIBO_SHARED_SECRET="canary-shared-secret")
    watch = office.watch(source)

    await watch.advance(300)

    moments_s = [request.at_s for request in office.sent(TOKEN_PATH)]
    assert office.sent(QUEUE_PATH) == []
    assert all(30 <= later - earlier <= 60 for earlier, later in pairwise(moments_s))
    assert len(moments_s) >= 6, "probes go on"
    assert watch.link.state is ConnectionState.UNAUTHORIZED
    assert "client id 'demo' was rejected: Invalid credentials; check KIBO_CLIENT_ID and KIBO_SHARED_SECRET" in str(
        watch.link.error
    )
    assert "canary" not in str(watch.link.error) + repr(watch.monitor.snapshot)


async def test_an_application_that_may_not_use_the_tenant_costs_two_requests_and_then_one_probe_in_30_to_60_seconds(
    office,
):
    watch = office.watch(office.world.tokens_from(**CREDENTIALS))
    office.world.faults.answer_always(401, path_part=QUEUE_PATH)

    await watch.advance(30)
    two = len(office.sent(QUEUE_PATH))
    await watch.advance(300)

    assert two == 2, "one with each of two tokens"
    moments_s = [request.at_s for request in office.sent(QUEUE_PATH)]
    assert all(30 <= later - earlier <= 60 for earlier, later in pairwise(moments_s[1:]))
    assert len(moments_s) >= 6, "probes go on"
    assert len({request.headers["authorization"] for request in office.sent(QUEUE_PATH)}) == len(
        office.sent(QUEUE_PATH)
    )
    assert watch.link.error.remedy == "see whether the application may use this tenant"


async def test_ten_requests_at_once_have_a_dead_token_renewed_once(office):
    client = office.world.client(tokens=office.world.tokens_from(**CREDENTIALS))
    await client.job(1)
    office.desk.revoke()

    answers = await asyncio.gather(*[client.job(job_id) for job_id in IDS])

    assert [answer.value.job_id for answer in answers] == list(IDS)
    assert office.desk.granted == 2


async def test_a_command_is_run_again_after_a_401_and_no_more_than_that(office, tmp_path):
    runs, tokens = tmp_path / "runs", tmp_path / "tokens"
    tokens.write_text("first-0123456789")
    office.world.tokens.add("first-0123456789")
    script = f"open({str(runs)!r}, 'a').write('x'); print(open({str(tokens)!r}).read())"
    source = office.world.tokens_from(JOBDECK_TOKEN_COMMAND=shlex.join([sys.executable, "-c", script]))
    await source.token()
    watch = office.watch(source)
    await watch.advance(60)
    before = runs.read_text()
    office.world.tokens.clear()
    office.world.tokens.add("second-0123456789")
    tokens.write_text("second-0123456789")

    await watch.client.job(1)
    await watch.advance(60)

    assert (before, runs.read_text()) == ("x", "xx")
    assert watch.states == [ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}
