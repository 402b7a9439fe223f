import asyncio
from collections import Counter

import pytest

from tests.support.factories import ScriptedSource, job, stop
from tui.core.clock import ManualClock
from tui.domain.connection import ConnectionState
from tui.domain.errors import AnswerTooLarge, BadAnswer, JobNotFound, RateLimited, Unauthorised, Unreachable
from tui.domain.poll_policy import PollPolicy
from tui.domain.tracked_job import Freshness
from tui.monitor.monitor import Monitor
from tui.monitor.request_gate import AT_ONCE, RequestBudget, RequestGate

DOWN = Unreachable("connection refused")


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def start(clock):
    """Starts a monitor over a scripted source; stops all of them in the end."""
    running = []

    def started(scripts=None, *, takes_s=0.0, **options):
        source = ScriptedSource(clock, scripts, takes_s=takes_s)
        monitor = Monitor(source, clock, roll=lambda: 0.5, **options)
        running.append(asyncio.ensure_future(monitor.run()))
        return monitor, source

    yield started
    for task in running:
        await stop(task)


async def test_job_is_followed_to_its_end_and_then_left_alone(start, clock):
    monitor, source = start({1: ["PENDING", "WORKING", "SUCCESS"]})
    monitor.track(1)

    await clock.advance(600)

    assert source.times(1) == [0, 2, 4, 9]
    assert monitor.snapshot.watchlist[1].freshness is Freshness.FINAL
    assert monitor.snapshot.watchlist.is_final


async def test_each_answer_leaves_as_one_batch(start, clock):
    monitor, _ = start({1: ["PENDING", "WORKING"]})
    updates, states = [], []
    monitor.subscribe(updates.append)
    monitor.subscribe(lambda _: states.append(monitor.published))
    monitor.track(1)

    await clock.advance(2)

    statuses = [[tracked.status for tracked in update.changed] for update in updates]
    assert statuses == [[None], ["PENDING"], ["WORKING"]]
    assert all(after.watchlist[1] is update.changed[0] for after, update in zip(states, updates, strict=True))


async def test_unsubscribed_listener_hears_nothing_more(start, clock):
    monitor, _ = start()
    batches = []
    monitor.subscribe(batches.append)()
    monitor.track(1)

    await clock.advance(10)

    assert batches == []


async def test_never_more_requests_at_once_than_the_limit(start, clock):
    monitor, source = start(takes_s=10, gate=RequestGate(RequestBudget(rate_per_s=100, burst=100, tokens=100)))
    monitor.track(*range(1, 21))

    await clock.advance(60)

    assert source.most_at_once == AT_ONCE


async def test_budget_holds_in_every_window(start, clock):
    monitor, source = start()
    monitor.track(*range(1, 101))

    await clock.advance(60)

    sent = [moment for moment, _ in source.asked]
    assert len(sent) > 100
    for first, start_s in enumerate(sent):
        assert sum(moment <= start_s + 10 for moment in sent[first:]) <= 5 + 2 * 10 + 1


async def test_nobody_starves_when_jobs_exceed_the_budget(start, clock):
    monitor, source = start(policy=PollPolicy(interval_s=1.0))
    monitor.track(*range(1, 21))

    await clock.advance(100)

    asked = Counter(job_id for _, job_id in source.asked)
    assert min(asked.values()) >= 8


async def test_rate_limit_silences_every_job(start, clock):
    monitor, source = start({1: [RateLimited("slow down", retry_after_s=60), "PENDING"], 2: ["PENDING"]})
    monitor.track(1)
    await clock.advance(1)
    monitor.track(2)

    await clock.advance(58.9)
    asked_in_silence = len(source.asked)
    await clock.advance(1)

    assert asked_in_silence == 1
    assert monitor.snapshot.link.state is ConnectionState.UP
    assert monitor.snapshot.watchlist[2].status == "PENDING"


async def test_rate_limited_job_is_neither_stale_nor_failed(start, clock):
    monitor, _ = start({1: ["WORKING", RateLimited("slow down", retry_after_s=60)]})
    monitor.track(1)

    await clock.advance(5)

    assert monitor.snapshot.watchlist[1].error is None
    assert monitor.snapshot.link.state is ConnectionState.THROTTLED


async def test_rejected_token_is_tried_again_every_40_seconds_or_when_a_person_asks(start, clock):
    refused = Unauthorised("the token expired", http_status=401)
    monitor, source = start({1: [refused], 2: [refused]}, gate=RequestGate(RequestBudget(in_flight_limit=1)))
    monitor.track(1, 2)
    await clock.advance(50)

    monitor.refresh(1)
    await clock.advance(79)

    moments_s = [moment_s for moment_s, _ in source.asked]
    assert [round(moment_s - moments_s[0]) for moment_s in moments_s] == [0, 40, 50, 90]
    assert monitor.snapshot.link.state is ConnectionState.UNAUTHORIZED


async def test_new_token_is_tried_within_seconds_and_costs_no_request_before(start, clock):
    monitor, source = start({1: [Unauthorised("the token expired", http_status=401), "PENDING"]})
    monitor.track(1)
    await clock.advance(30)
    asked_before = len(source.asked)

    source.is_token_new = True
    await clock.advance(2)

    assert asked_before == 1
    assert monitor.snapshot.link.state is ConnectionState.UP


async def test_new_token_that_is_refused_too_is_no_reason_to_go_on_asking(start, clock):
    refused = Unauthorised("the token expired", http_status=401)
    monitor, source = start({1: [refused]})
    monitor.track(1)
    await clock.advance(30)

    source.is_token_new = True
    await clock.advance(39)

    assert len(source.asked) == 2


async def test_refused_link_looks_for_no_token_while_paused(start, clock):
    monitor, source = start({1: [Unauthorised("the token expired", http_status=401)]})
    monitor.track(1)
    await clock.advance(30)
    monitor.pause(is_paused=True)

    source.is_token_new = True
    await clock.advance(600)

    assert len(source.asked) == 1


async def test_renewed_token_brings_everything_back_at_the_first_answer(start, clock):
    monitor, _ = start({1: [Unauthorised("the token expired", http_status=401), "PENDING"]})
    monitor.track(1, 2)
    await clock.advance(300)

    monitor.refresh(1)
    await clock.advance(2)

    assert monitor.snapshot.link.state is ConnectionState.UP
    assert dict(monitor.snapshot.watchlist.counts) == {"PENDING": 2}


async def test_outage_is_probed_by_one_request_at_a_time(start, clock):
    monitor, source = start({job_id: [DOWN] for job_id in range(1, 201)})
    monitor.track(*range(1, 201))

    await clock.advance(60)

    assert monitor.snapshot.link.state is ConnectionState.OFFLINE
    assert len(source.asked) <= 10


async def test_return_after_an_outage_is_spread_by_the_budget(start, clock):
    monitor, source = start({job_id: [DOWN] for job_id in range(1, 101)})
    monitor.track(*range(1, 101))
    await clock.advance(20)
    source.scripts = {}
    source.asked.clear()

    await clock.advance(40)

    sent = [moment for moment, _ in source.asked]
    assert len(sent) > 20
    assert max(sum(start_s <= moment < start_s + 1 for moment in sent) for start_s in sent) <= 7


LITTLE = RequestBudget(rate_per_s=0.2, burst=1, tokens=1)


async def test_budget_that_is_too_little_is_told(start, clock):
    monitor, _ = start(gate=RequestGate(LITTLE), policy=PollPolicy(interval_s=2.0))
    monitor.track(1, 2, 3)

    await clock.advance(60)

    assert monitor.snapshot.traffic.late_s > 5


async def test_nothing_is_late_after_an_outage(start, clock):
    monitor, source = start({job_id: ["PENDING", DOWN] for job_id in range(1, 17)})
    lates_s = []
    monitor.subscribe(lambda _: lates_s.append(monitor.published.traffic.late_s))
    monitor.track(*range(1, 17))
    await clock.advance(90)
    source.scripts = {}

    monitor.refresh(*range(1, 17))
    await clock.advance(60)

    assert monitor.snapshot.link.state is ConnectionState.UP
    assert max(lates_s) < 10, "what 16 calls take at two a second"


async def test_nothing_is_late_after_a_pause(start, clock):
    monitor, _ = start()
    lates_s = []
    monitor.subscribe(lambda _: lates_s.append(monitor.published.traffic.late_s))
    monitor.track(1, 2)
    await clock.advance(5)
    monitor.pause(is_paused=True)
    await clock.advance(300)

    monitor.pause(is_paused=False)
    await clock.advance(5)

    assert max(lates_s) == 0


async def test_nothing_is_late_once_all_is_read(start, clock):
    monitor, _ = start({job_id: ["SUCCESS"] for job_id in range(1, 9)}, gate=RequestGate(LITTLE))
    lates_s = []
    monitor.subscribe(lambda _: lates_s.append(monitor.published.traffic.late_s))
    monitor.track(*range(1, 9))

    await clock.advance(300)

    assert monitor.snapshot.watchlist.is_final
    assert max(lates_s) > 0
    assert lates_s[-1] == 0


async def test_failure_of_one_job_leaves_the_others_alone(start, clock):
    monitor, source = start({1: [BadAnswer("not JSON")], 2: ["PENDING"]})
    monitor.track(1, 2)

    await clock.advance(10)

    assert monitor.snapshot.link.state is ConnectionState.UP
    assert source.times(2) == [0, 2, 5, 9.5]


async def test_fresh_404_is_retried_three_times_within_thirty_seconds(start, clock):
    monitor, source = start({1: [JobNotFound("none")]})
    monitor.track(1)

    await clock.advance(600)

    assert source.times(1) == [0, 5, 15, 30]


async def test_leaning_on_refresh_asks_once_a_second_at_most(start, clock):
    monitor, source = start({1: ["SUCCESS"]}, gate=RequestGate(RequestBudget(rate_per_s=100, burst=100, tokens=100)))
    monitor.track(1)
    await clock.advance(60)
    source.asked.clear()

    for _ in range(30):
        monitor.refresh(1)
        await clock.advance(0.1)

    assert [moment for moment, _ in source.asked] == pytest.approx([60, 61, 62, 63])


async def test_refresh_of_a_settled_job_can_bring_it_back_to_life(start, clock):
    monitor, _ = start({1: ["SUCCESS", "SUCCESS", "WORKING"]})
    monitor.track(1)
    await clock.advance(60)

    monitor.refresh(1)
    await clock.advance(1)

    assert monitor.snapshot.watchlist[1].freshness is Freshness.LIVE
    assert monitor.snapshot.watchlist[1].transitions[-1].is_reversal


async def test_refresh_of_a_settled_job_asks_once_though_nothing_changed(start, clock):
    """The client gives the very same job where nothing changed."""
    monitor, source = start({1: [job(1, "SUCCESS")]})
    monitor.track(1)
    await clock.advance(60)

    monitor.refresh(1)
    await clock.advance(60)

    assert source.times(1) == [0, 5, 60]
    assert (clock.now() - monitor.snapshot.watchlist[1].answered_at).total_seconds() == 60


async def test_lost_job_that_is_described_as_before_is_followed_again(start, clock):
    same = job(1, "WORKING")
    monitor, source = start({1: [same, *[JobNotFound("none")] * 4, same]})
    monitor.track(1)
    await clock.advance(60)

    monitor.refresh(1)
    await clock.advance(5)

    assert source.times(1) == [0, 2, 7, 17, 32, 60, 62, 64]
    assert monitor.snapshot.watchlist[1].freshness is Freshness.LIVE


async def test_pause_asks_nothing_and_resume_goes_on(start, clock):
    monitor, source = start()
    monitor.track(1)
    await clock.advance(1)
    monitor.pause(is_paused=True)
    await clock.advance(100)
    paused = len(source.asked)

    monitor.pause(is_paused=False)
    await clock.advance(1)

    assert (paused, len(source.asked)) == (1, 2)


async def test_untracked_job_is_asked_no_more_even_if_its_answer_is_under_way(start, clock):
    monitor, source = start(takes_s=5)
    monitor.track(1, 2)
    await clock.advance(1)

    monitor.untrack(1)
    await clock.advance(60)

    assert source.times(1) == [0]
    assert list(monitor.snapshot.watchlist) == [2]


async def test_new_interval_holds_for_jobs_that_wait_already(start, clock):
    monitor, source = start()
    monitor.track(1)
    await clock.advance(40)
    source.asked.clear()

    monitor.set_policy(PollPolicy(interval_s=1.0))
    await clock.advance(5)

    assert len(source.asked) >= 5


async def test_slow_server_is_not_asked_again_the_moment_it_answered(start, clock):
    monitor, source = start(takes_s=10)
    monitor.track(1)

    await clock.advance(13)

    assert source.times(1) == [0, 12]


async def test_requests_a_minute_forget_what_is_older(start, clock):
    monitor, _ = start({1: ["SUCCESS"]})
    monitor.track(1)

    await clock.advance(30)
    recent = monitor.snapshot.traffic.requests_per_min
    await clock.advance(60)

    assert (recent, monitor.snapshot.traffic.requests_per_min) == (2, 0)


async def test_bug_in_the_source_ends_the_monitor_loudly(clock):
    monitor = Monitor(ScriptedSource(clock, {1: [ZeroDivisionError()]}), clock)
    monitor.track(1)

    with pytest.raises(ExceptionGroup) as caught:
        await monitor.run()

    assert caught.group_contains(ZeroDivisionError)


async def test_answer_that_changes_nothing_keeps_the_job(start, clock):
    same = job(1, "PENDING", itemCount=3)
    monitor, _ = start({1: [same]})
    monitor.track(1)
    await clock.advance(1)
    before = monitor.snapshot.watchlist[1].job

    await clock.advance(10)

    assert monitor.snapshot.watchlist[1].job is before


async def test_the_end_of_access_is_told(start, clock):
    monitor, source = start()
    source.access_end = clock.now()

    assert monitor.snapshot.access_ends_at == source.access_end


STATES = {
    "waiting": (["PENDING"], 10, Freshness.LIVE),
    "ended": (["SUCCESS"], 60, Freshness.FINAL),
    "ended, unknown": ([job(1, "CANCELLED", finished="2026-11-23T12:00:00Z")], 60, Freshness.FINAL),
    "stale": (["WORKING", BadAnswer("not JSON")], 10, Freshness.STALE),
    "gone": (["WORKING", JobNotFound("none")], 60, Freshness.GONE),
    "not found": ([JobNotFound("none")], 60, Freshness.UNREAD),
    "never read": ([BadAnswer("not JSON")], 10, Freshness.UNREAD),
    "not asked yet": (["PENDING"], 0, Freshness.UNREAD),
}


@pytest.mark.parametrize(("script", "after_s", "freshness"), STATES.values(), ids=STATES)
async def test_a_removed_job_comes_back_with_all_that_was_known_though_nothing_is_requested(
    start, clock, script, after_s, freshness
):
    monitor, _ = start({1: script, 2: ["SUCCESS"]})
    monitor.track(1, 2)
    if after_s:
        await clock.advance(after_s)
    monitor.pause(is_paused=True)
    known = monitor.snapshot.watchlist[1]

    monitor.untrack(1)
    await clock.advance(10)
    monitor.put_back(1)

    assert known.freshness is freshness
    assert monitor.snapshot.watchlist[1] is known
    assert monitor.snapshot.watchlist.ids == (1, 2)


@pytest.mark.parametrize("is_paused", [False, True], ids=["going on", "paused"])
async def test_a_job_that_was_put_back_is_followed_to_its_end(start, clock, is_paused):
    monitor, _ = start({1: ["PENDING", "WORKING", "SUCCESS"]})
    monitor.track(1)
    await clock.advance(3)
    monitor.pause(is_paused=is_paused)
    monitor.untrack(1)
    await clock.advance(1)
    monitor.put_back(1)
    monitor.pause(is_paused=False)

    await clock.advance(60)

    assert monitor.snapshot.watchlist[1].freshness is Freshness.FINAL
    assert [change.after for change in monitor.snapshot.watchlist[1].transitions] == ["WORKING", "SUCCESS"]


@pytest.mark.parametrize(("script", "after_s", "freshness"), STATES.values(), ids=STATES)
async def test_removed_job_that_is_added_again_keeps_what_was_known(start, clock, script, after_s, freshness):
    monitor, _ = start({1: script, 2: ["SUCCESS"]})
    monitor.track(1, 2)
    if after_s:
        await clock.advance(after_s)
    monitor.pause(is_paused=True)
    known = monitor.snapshot.watchlist[1]

    monitor.untrack(1)
    await clock.advance(10)
    monitor.track(3, 1)

    assert known.freshness is freshness
    assert monitor.snapshot.watchlist[1] is known
    assert monitor.snapshot.watchlist.ids == (2, 3, 1)


@pytest.mark.parametrize("status", ["SUCCESS", "WORKING"])
async def test_removed_job_that_is_added_again_is_requested_once_at_once(start, clock, status):
    monitor, source = start({1: [status]})
    monitor.track(1)
    await clock.advance(60)
    monitor.untrack(1)
    before = len(source.asked)

    monitor.track(1)
    await clock.advance(1)

    assert len(source.asked) - before == 1


async def test_an_ended_job_that_was_put_back_costs_no_request_until_it_is_asked_for(start, clock):
    monitor, source = start({1: ["SUCCESS"]})
    monitor.track(1)
    await clock.advance(60)
    monitor.untrack(1)
    monitor.put_back(1)
    await clock.advance(600)
    quiet = len(source.asked)

    monitor.refresh(1)
    await clock.advance(1)

    assert (quiet, len(source.asked)) == (2, 3)


async def test_a_job_tracked_again_by_its_id_is_read_again(start, clock):
    monitor, _ = start({1: ["SUCCESS", "SUCCESS", "FAILED"]})
    monitor.track(1)
    await clock.advance(60)
    monitor.untrack(1)
    monitor.track(1)
    await clock.advance(1)

    assert monitor.snapshot.watchlist[1].status == "FAILED"


async def test_a_gone_job_is_probed_every_five_minutes(start, clock):
    monitor, source = start({1: ["WORKING", *[JobNotFound("none")] * 6, "SUCCESS"]})
    monitor.track(1)

    await clock.advance(700)

    assert source.times(1) == [0, 2, 7, 17, 32, 332, 632]
    assert monitor.snapshot.watchlist[1].freshness is Freshness.GONE
    await clock.advance(300)
    assert monitor.snapshot.watchlist[1].status == "SUCCESS"


async def test_a_probe_of_a_gone_job_that_fails_leaves_it_gone(start, clock):
    monitor, _ = start({1: ["WORKING", *[JobNotFound("none")] * 4, Unreachable("refused"), "SUCCESS"]})
    monitor.track(1)

    await clock.advance(400)

    tracked = monitor.snapshot.watchlist[1]
    assert (tracked.freshness, tracked.error.kind) == (Freshness.GONE, "not_found")
    await clock.advance(300)
    assert monitor.snapshot.watchlist[1].status == "SUCCESS"


async def test_answers_of_something_else_to_more_than_one_job_are_an_outage(start, clock):
    monitor, _ = start({1: [BadAnswer("HTML", http_status=200)], 2: [BadAnswer("HTML", http_status=200)]})
    monitor.track(1, 2)

    await clock.advance(30)

    assert monitor.snapshot.link.state is ConnectionState.OFFLINE


@pytest.mark.parametrize(
    "error", [BadAnswer("odd filter", http_status=400), AnswerTooLarge("over 5 MB", http_status=200)], ids=str
)
async def test_answers_about_the_request_itself_are_no_outage(start, clock, error):
    monitor, _ = start({1: [error], 2: [error]})
    monitor.track(1, 2)

    await clock.advance(60)

    assert monitor.snapshot.link.state is ConnectionState.UP
