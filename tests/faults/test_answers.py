"""Answers that refuse: the job, the request, the token, or all of us for a while (tests/README.md, Faults, rows 11 to 13)."""

from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from tests.support.simulated_system import TOKEN
from tui.api.auth.token_file import FileToken
from tui.domain.connection import ConnectionState
from tui.domain.tracked_job import Freshness
from tui.simulator.queue import SimJob

MOST_IN_FLIGHT = 4
"""For one tenant (tests/README.md, "Polling etiquette")."""

NEW_TOKEN = "renewed-0123456789abcdef"
JOBS = tuple(
    SimJob(job_id=job_id, added_s=-job_id, original_filename="inv.csv", location=f"W{job_id:02d}")
    for job_id in range(1, 21)
)
IDS = tuple(job.job_id for job in JOBS)
MANY = tuple(
    SimJob(job_id=job_id, added_s=-job_id, original_filename=f"inv_{job_id // 100}.csv") for job_id in range(1, 201)
)
MANY_IDS = tuple(job.job_id for job in MANY)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "the server refused the request: jobID is odd"),
        (409, "the server refused the request: jobID is odd"),
        (422, "the server refused the request: jobID is odd"),
        (403, "jobID is odd"),
        (404, "job 1 does not exist"),
        (410, "job 1 is gone: the server has deleted it"),
    ],
)
async def test_row_11_each_refusal_has_its_words(world_of, status, words):
    world = await world_of(JOBS)
    world.faults.answer_always(status, body=b'{"error": "Odd", "message": "jobID is odd"}')

    watch = world.watch(1)
    await watch.advance(1)

    error = watch.link.error if status == 403 else watch.tracked().error
    assert error.message == words
    assert error.http_status == status


@pytest.mark.parametrize("status", [400, 409, 422])
async def test_row_11_refused_request_keeps_the_last_state_and_heals(world_of, status):
    world = await world_of(JOBS)
    watch = world.watch(1)
    await watch.advance(1)

    world.faults.answer_always(status)
    await watch.until(lambda: watch.tracked().freshness is Freshness.STALE)
    kept = watch.tracked().status
    world.faults.clear()
    await watch.until(lambda: watch.tracked().freshness is Freshness.LIVE, limit_s=60)

    assert kept == "PENDING"
    assert watch.states == [ConnectionState.UP]


async def test_row_11_missing_permission_is_tried_again_every_40_seconds(world_of, has_lists):
    world = await world_of(JOBS, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(60)
    world.faults.answer_always(403)
    await watch.until(lambda: watch.link.state is ConnectionState.UNAUTHORIZED)
    stopped_s = world.faults.log[-1].at_s
    await watch.advance(90)
    probes = world.faults.sent_since(stopped_s)

    world.faults.clear()
    watch.monitor.refresh(1)
    await watch.advance(60)

    assert [round(probe.at_s - stopped_s) for probe in probes] == [40, 80]
    assert watch.link.state is ConnectionState.UP
    assert watch.freshness() == {Freshness.LIVE}


async def test_row_11_fresh_404_is_retried_three_times_in_thirty_seconds(world_of):
    world = await world_of()
    watch = world.watch(1)

    await watch.advance(600)

    assert [round(request.at_s, 3) for request in world.faults.log] == [0, 5, 15, 30]
    assert watch.tracked().freshness is Freshness.UNREAD


async def test_row_11_fresh_404_heals_by_a_key_once_the_job_is_there(world_of):
    world = await world_of()
    watch = world.watch(1)
    await watch.advance(600)
    world.queue.add(SimJob(job_id=1))

    watch.monitor.refresh(1)
    await watch.advance(1)

    assert watch.tracked().freshness is Freshness.LIVE


async def test_row_11_404_of_a_job_that_was_seen_marks_it_gone_and_keeps_it(world_of):
    world = await world_of([SimJob(job_id=1, vanishes_s=10)])
    watch = world.watch(1)

    await watch.advance(60)

    assert watch.tracked().freshness is Freshness.GONE
    assert watch.tracked().status == "PENDING"
    await watch.advance(180)
    assert world.faults.sent_since(60) == []


@pytest.fixture
def token_file(tmp_path):
    """A private file, and how somebody else renews it."""
    path = tmp_path / "token"

    def write(text):
        fresh = tmp_path / "fresh"
        fresh.touch(mode=0o600)
        fresh.write_text(text)
        fresh.replace(path)
        return path

    write(TOKEN)
    return write


def sent_with(world, token, since_s=-1.0):
    return [
        request for request in world.faults.sent_since(since_s) if request.headers["authorization"] == f"Bearer {token}"
    ]


HOWEVER_ASKED = pytest.mark.parametrize(
    ("has_lists", "answer_s"),
    [(True, 0.0), (True, 1.5), (False, 0.0), (False, 1.5)],
    ids=["lists-quick", "lists-slow", "alone-quick", "alone-slow"],
)


@HOWEVER_ASKED
async def test_row_12_token_renewed_in_time_costs_no_request(world_of, token_file, has_lists, answer_s):
    world = await world_of(MANY, has_lists=has_lists)
    watch = world.watch(*MANY_IDS, client=world.client(tokens=FileToken(token_file(TOKEN))))
    await watch.advance(150)
    renewed_s, world.faults.delay_s = world.faults.now_s, answer_s
    world.tokens.clear()
    world.tokens.add(NEW_TOKEN)
    token_file(NEW_TOKEN)

    await watch.advance(150)

    assert sent_with(world, TOKEN, renewed_s) == []
    assert watch.states == [ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}


@HOWEVER_ASKED
async def test_row_12_token_renewed_while_it_is_being_refused_is_taken_with_at_most_two_requests_lost(
    world_of, token_file, has_lists, answer_s
):
    world = await world_of(MANY, has_lists=has_lists)
    watch = world.watch(*MANY_IDS, client=world.client(tokens=FileToken(token_file(TOKEN))))
    await watch.advance(150)
    revoked_s, world.faults.delay_s = world.faults.now_s, max(answer_s, 0.5)
    world.tokens.clear()
    world.tokens.add(NEW_TOKEN)
    await watch.until(lambda: sent_with(world, TOKEN, revoked_s), step_s=0.1)
    token_file(NEW_TOKEN)

    await watch.advance(150)

    assert 1 <= len(sent_with(world, TOKEN, revoked_s)) <= 2
    assert watch.states == [ConnectionState.UP]
    assert watch.monitor.snapshot.token_renewed_at is not None
    assert watch.freshness() == {Freshness.LIVE}


@HOWEVER_ASKED
async def test_row_12_token_refused_from_the_start_costs_at_most_two_requests(
    world_of, token_file, has_lists, answer_s
):
    world = await world_of(MANY, tokens=[NEW_TOKEN], has_lists=has_lists)
    world.faults.delay_s = answer_s
    watch = world.watch(*MANY_IDS, client=world.client(tokens=FileToken(token_file(TOKEN))))

    await watch.advance(39)

    assert 1 <= world.faults.requests <= 2
    assert watch.link.state is ConnectionState.UNAUTHORIZED
    assert watch.link.error.message == "Missing, invalid or expired access token"
    assert watch.link.error.remedy == "renew it or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET"


@HOWEVER_ASKED
async def test_row_12_token_refused_later_costs_at_most_two_requests(world_of, token_file, has_lists, answer_s):
    world = await world_of(MANY, has_lists=has_lists)
    watch = world.watch(*MANY_IDS, client=world.client(tokens=FileToken(token_file(TOKEN))))
    await watch.advance(150)
    expired_s, world.faults.delay_s = world.faults.now_s, answer_s
    world.tokens.clear()

    await watch.until(lambda: watch.link.state is ConnectionState.UNAUTHORIZED, limit_s=60, step_s=0.1)
    refused_s, lost = world.faults.now_s, world.faults.sent_since(expired_s)
    await watch.advance(38)
    quiet = world.faults.sent_since(refused_s)
    await watch.advance(262)

    moments_s = [request.at_s for request in world.faults.sent_since(refused_s)]
    assert 1 <= len(lost) <= 2
    assert quiet == []
    assert all(30 <= later - earlier <= 60 for earlier, later in pairwise([lost[-1].at_s, *moments_s]))
    assert len(moments_s) >= 6, "probes go on"
    assert watch.states == [ConnectionState.UP, ConnectionState.UNAUTHORIZED]


async def test_row_12_only_requests_that_were_under_way_are_lost_where_each_job_is_asked_for_alone(
    world_of, token_file
):
    world = await world_of(MANY, has_lists=False)
    watch = world.watch(*MANY_IDS, client=world.client(tokens=FileToken(token_file(TOKEN))))
    await watch.advance(150)
    expired_s, world.faults.delay_s = world.faults.now_s, 1.5
    world.tokens.clear()

    await watch.advance(300)

    lost_s = [request.at_s for request in world.faults.sent_since(expired_s) if request.at_s < expired_s + 35]
    assert 1 <= len(lost_s) <= MOST_IN_FLIGHT
    assert lost_s[-1] <= lost_s[0] + 1.5


@pytest.mark.parametrize("is_urged", [False, True], ids=["unasked", "key"])
async def test_row_12_new_token_mends_it_within_seconds(world_of, token_file, has_lists, is_urged):
    world = await world_of(JOBS, tokens=[NEW_TOKEN], has_lists=has_lists)
    watch = world.watch(*IDS, client=world.client(tokens=FileToken(token_file(TOKEN))))
    await watch.advance(300)
    renewed_s = world.faults.now_s
    token_file(NEW_TOKEN)

    if is_urged:
        watch.monitor.refresh(1)
    await watch.advance(3)
    first_s = next(request.at_s for request in sent_with(world, NEW_TOKEN))
    await watch.advance(60)

    assert first_s - renewed_s <= 2.0
    assert sent_with(world, TOKEN, renewed_s) == []
    assert watch.states == [ConnectionState.UP, ConnectionState.UNAUTHORIZED, ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}


@pytest.mark.parametrize("status", [401, 403])
async def test_row_12_fixed_token_that_a_gateway_rejects_for_some_seconds_is_accepted_again_without_a_key(
    world_of, has_lists, status
):
    world = await world_of(JOBS, has_lists=has_lists)
    watch = world.watch(*IDS)
    await watch.advance(30)
    world.faults.answer_always(status, body=b"<html><title>Denied</title>")
    await watch.until(lambda: watch.link.state is ConnectionState.UNAUTHORIZED, limit_s=60)
    await watch.advance(8)
    world.faults.clear()

    await watch.advance(80)

    assert watch.states == [ConnectionState.UP, ConnectionState.UNAUTHORIZED, ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}


SILENCES = {
    "7": ("7", 7),
    "0": ("0", 1),
    "past-date": ("Sun, 22 Nov 2026 09:00:00 GMT", 1),
    "far-date": ("Thu, 24 Dec 2026 18:00:00 GMT", 900),
    "-5": ("-5", 30),
    "nan": ("nan", 30),
    "inf": ("inf", 30),
    "1e9": ("1e9", 30),
    "1000000000": ("1000000000", 900),
    "junk": ("soon \x9b, please", 30),
    "empty": ("", 30),
    "none": (None, 30),
}


@pytest.mark.parametrize(("spelling", "silence_s"), SILENCES.values(), ids=SILENCES)
async def test_row_13_all_jobs_are_silent_for_as_long_as_it_says(world_of, spelling, silence_s):
    world = await world_of(JOBS)
    watch = world.watch(*IDS[:5])
    await watch.advance(20)
    world.faults.answer_next(429, retry_after=spelling)
    await watch.until(lambda: watch.link.state is ConnectionState.THROTTLED, step_s=0.1)
    throttled_s, since, until = world.faults.log[-1].at_s, watch.link.since, watch.link.until

    watch.monitor.refresh(*IDS[:5])
    watch.monitor.track(*IDS[5:])
    await watch.advance(throttled_s + silence_s - 0.01 - world.clock.monotonic_s())
    within_silence = world.faults.sent_since(throttled_s)
    await watch.advance(60)

    assert until == since + timedelta(seconds=silence_s)
    assert within_silence == []
    assert watch.states == [ConnectionState.UP, ConnectionState.THROTTLED, ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}


@pytest.mark.parametrize("ahead_s", [0, 3600, -3600], ids=["same-clock", "server-ahead", "server-behind"])
async def test_row_13_silence_until_a_date_goes_by_the_servers_clock(world_of, ahead_s):
    world = await world_of(JOBS, ahead_s=ahead_s)
    watch = world.watch(*IDS)
    await watch.advance(20)
    over_s, over = world.clock.monotonic_s() + 90, world.far_clock.now() + timedelta(seconds=90)
    world.faults.answer_next(429, retry_after=format_datetime(over, usegmt=True))
    await watch.until(lambda: watch.link.state is ConnectionState.THROTTLED, step_s=0.1)
    throttled_s = world.faults.log[-1].at_s

    await watch.advance(over_s - 0.01 - world.clock.monotonic_s())
    within_silence = world.faults.sent_since(throttled_s)
    await watch.advance(60)

    assert within_silence == []
    assert watch.states == [ConnectionState.UP, ConnectionState.THROTTLED, ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("silence_s", [7, 40])
async def test_row_13_failing_server_is_left_alone_as_long_as_it_says(world_of, status, silence_s):
    world = await world_of(JOBS)
    watch = world.watch(*IDS)
    await watch.advance(20)
    world.faults.answer_next(status, retry_after=str(silence_s))
    await watch.until(lambda: watch.link.state is ConnectionState.THROTTLED, step_s=0.1)
    throttled_s = world.faults.log[-1].at_s

    await watch.advance(throttled_s + silence_s - 0.01 - world.clock.monotonic_s())
    within_silence = world.faults.sent_since(throttled_s)
    await watch.advance(60)

    assert within_silence == []
    assert watch.freshness() == {Freshness.LIVE}


async def test_row_13_answers_that_were_under_way_do_not_end_the_silence(world_of):
    world = await world_of(JOBS, has_lists=False)
    watch = world.watch(*IDS)
    await watch.advance(60)
    world.faults.delay_s = 2.0
    await watch.until(lambda: world.far_clock.waiting == 1)
    world.faults.delay_s = 0.0
    world.faults.answer_next(429, retry_after="40")
    await watch.until(lambda: watch.link.state is ConnectionState.THROTTLED)
    throttled_s = world.faults.log[-1].at_s

    await watch.advance(throttled_s + 39.9 - world.clock.monotonic_s())
    within_silence = world.faults.sent_since(throttled_s)
    await watch.advance(60)

    assert within_silence == []
    assert watch.states == [ConnectionState.UP, ConnectionState.THROTTLED, ConnectionState.UP]
    assert watch.freshness() == {Freshness.LIVE}
