"""The monitor over the simulated queue: how many requests it takes to know the truth in time."""

import asyncio
import random
from statistics import median

import pytest

from tests.support.factories import ScriptedSource, job, stop
from tests.support.queue_source import Delays, QueueSource, QuickClock, uploaded
from tui.domain.connection import ConnectionState
from tui.domain.errors import BadAnswer, RateLimited, Unreachable
from tui.domain.job_source import JobQuery
from tui.domain.tracked_job import Freshness
from tui.monitor.monitor import Monitor
from tui.simulator.queue import SimJob


@pytest.fixture
def clock():
    return QuickClock()


@pytest.fixture
async def start(clock):
    """Starts a monitor over a source; stops all of them in the end."""
    running = []

    def started(source, **options):
        monitor = Monitor(source, clock, roll=random.Random(1).random, **options)
        running.append(asyncio.ensure_future(monitor.run()))
        return monitor

    yield started
    for task in running:
        await stop(task)


async def watched_to_the_end(monitor, clock, *, longest_s=4000):
    while not monitor.snapshot.watchlist.is_final and clock.monotonic_s() < longest_s:
        await clock.advance(10)


def waiting(count, **fields):
    """Jobs that wait for ever; the highest ids are the newest."""
    return tuple(SimJob(job_id=job_id, added_s=job_id - 1e6, **fields) for job_id in range(1, count + 1))


async def test_file_of_five_hundred_jobs_is_watched_to_the_end_by_one_list_in_five_seconds(start, clock):
    jobs = uploaded(500, lanes=50)
    source = QueueSource(jobs, clock, takes_s=0.1)
    monitor = start(source)
    delays = Delays(jobs, monitor, clock)
    monitor.track(*range(1, 501))

    await watched_to_the_end(monitor, clock)

    assert monitor.snapshot.watchlist.is_final
    assert len(source.asked) <= max(job.end_s for job in jobs) / 5 * 1.3
    assert len(delays.delays_s) == 1000
    assert median(delays.delays_s) <= 2.7


async def test_first_contact_with_a_file_among_newer_jobs_takes_few_requests(start, clock):
    old = tuple(SimJob(job_id=job_id, added_s=-1e6, original_filename="old.csv") for job_id in range(1, 501))
    newer = tuple(SimJob(job_id=job_id, added_s=-10.0) for job_id in range(10_000, 12_000))
    source = QueueSource(old + newer, clock)
    monitor = start(source)
    monitor.track(*range(1, 501))

    await clock.advance(2)

    assert monitor.snapshot.watchlist.counts == {"PENDING": 500}
    assert len(source.asked) <= 6


async def test_jobs_that_lists_do_not_hold_are_read_alone(start, clock):
    source = QueueSource(waiting(20, original_filename="a.csv"), clock, most=5)
    monitor = start(source)
    monitor.track(*range(1, 21))

    await clock.advance(60)

    assert monitor.snapshot.watchlist.counts == {"PENDING": 20}
    assert set(source.singles) >= set(range(1, 16))


async def test_server_without_lists_is_watched_job_by_job(start, clock):
    source = QueueSource(waiting(20, original_filename="a.csv"), clock, has_lists=False)
    monitor = start(source)
    monitor.track(*range(1, 21))

    await clock.advance(60)

    assert monitor.snapshot.watchlist.counts == {"PENDING": 20}
    assert monitor.snapshot.link.state is ConnectionState.UP
    assert all(tracked.error is None for tracked in monitor.snapshot.watchlist.values())
    assert len(source.lists) <= 12


@pytest.mark.long
async def test_budget_holds_in_every_window_with_ten_thousand_jobs_in_a_hundred_files(start, clock):
    jobs = tuple(
        SimJob(
            job_id=1 + number,
            added_s=number - 1e6,
            original_filename=f"{number // 100}.csv",
            location=f"W{number % 100}",
        )
        for number in range(10_000)
    )
    source = QueueSource(jobs, clock, takes_s=0.2)
    monitor = start(source)
    monitor.track(*range(1, 10_001))

    await clock.advance(240)

    sent = [moment for moment, _ in source.asked]
    assert monitor.snapshot.watchlist.counts == {"PENDING": 10_000}
    for window_s in (1, 10, 60):
        for first, start_s in enumerate(sent):
            assert sum(moment <= start_s + window_s for moment in sent[first : first + 200]) <= 5 + 2 * window_s + 1
    assert all(
        (tracked.polled_at and clock.now() - tracked.polled_at).total_seconds() < 150
        for tracked in monitor.snapshot.watchlist.values()
    )


async def test_monitor_says_that_the_budget_is_used_up(start, clock):
    source = QueueSource(waiting(100), clock, has_lists=False)
    monitor = start(source)
    monitor.track(*range(1, 101))
    await clock.advance(120)
    late_s = monitor.snapshot.traffic.late_s

    monitor.untrack(*range(3, 101))
    await clock.advance(300)

    assert late_s > 10
    assert monitor.snapshot.traffic.late_s == 0


async def test_focused_job_is_read_in_time_while_the_budget_is_used_up(start, clock):
    jobs = tuple(SimJob(job_id=job_id, added_s=-5.0, start_s=-1.0) for job_id in range(1, 101))
    source = QueueSource(jobs, clock, has_lists=False)
    monitor = start(source)
    monitor.focus(77)
    monitor.track(*range(1, 101))
    await clock.advance(120)

    source.asked.clear()
    await clock.advance(120)

    assert source.singles.count(77) >= 8
    assert min(source.singles.count(job_id) for job_id in range(1, 101)) >= 1


async def test_unread_job_that_somebody_looks_at_is_among_the_first_to_be_read(start, clock):
    monitor = start(QueueSource(waiting(50), clock))
    monitor.track(*range(1, 10_001))
    monitor.focus(1, 9000)  # the oldest, and one that there is not

    await clock.advance(5)

    watchlist = monitor.snapshot.watchlist
    assert watchlist[1].job is not None
    assert watchlist[9000].polled_at is not None


async def test_next_reading_is_known(start, clock):
    monitor = start(QueueSource(waiting(1), clock))
    monitor.track(1)

    await clock.advance(0)
    await clock.advance(0.5)

    assert 1.2 <= (monitor.snapshot.traffic.next_at - clock.now()).total_seconds() <= 1.8


async def test_settled_jobs_in_an_unchanged_list_are_no_news(start, clock):
    ended = tuple(
        SimJob(job_id=job_id, added_s=-90, start_s=-80, end_s=-70, original_filename="a.csv") for job_id in (1, 2)
    )
    monitor = start(
        QueueSource((*ended, *(SimJob(job_id=job_id, original_filename="a.csv") for job_id in (3, 4))), clock)
    )
    monitor.track(1, 2, 3, 4)
    await clock.advance(30)
    batches = []
    monitor.subscribe(batches.append)

    await clock.advance(60)

    assert {tracked.job_id for batch in batches for tracked in batch.changed} == {3, 4}


async def test_settled_job_that_a_list_shows_at_work_again_is_believed(start, clock):
    def of_file(job_id, status):
        return job(job_id, status, originalFilename="a.csv")

    source = ScriptedSource(clock)
    source.listed = {1: of_file(1, "SUCCESS"), **{job_id: of_file(job_id, "PENDING") for job_id in (2, 3, 4)}}
    monitor = start(source)
    monitor.track(1, 2, 3, 4)
    await clock.advance(30)
    settled = monitor.snapshot.watchlist[1].freshness
    source.listed[1] = of_file(1, "WORKING")

    await clock.advance(40)

    assert settled is Freshness.FINAL
    assert monitor.snapshot.watchlist[1].transitions[-1].is_reversal


async def test_slow_list_does_not_undo_a_newer_answer(start, clock):
    """A list that left before a single reading may come after it, with older news."""
    source = ScriptedSource(clock, {1: [job(1, "SUCCESS", originalFilename="a.csv")]})
    source.listed = {job_id: job(job_id, "WORKING", originalFilename="a.csv") for job_id in range(1, 7)}
    monitor = start(source)
    monitor.track(*range(2, 7))
    await clock.advance(1)
    source.takes_s = 8.0
    await clock.advance(2)
    source.takes_s = 0.0
    source.listed[1] = source.scripts[1][0]
    monitor.track(1)

    await clock.advance(30)

    assert source.times(1) == [3.0]
    assert monitor.snapshot.watchlist[1].freshness is Freshness.FINAL
    assert monitor.snapshot.watchlist[1].transitions == ()


async def test_failed_list_makes_only_jobs_stale_that_were_due(start, clock):
    source = ScriptedSource(clock)
    source.listed = {job_id: job(job_id, "PENDING", originalFilename="a.csv") for job_id in range(1, 6)}
    monitor = start(source)
    monitor.track(*range(1, 6))
    await clock.advance(1)
    source.list_trouble = Unreachable("reset")

    await clock.advance(1.5)

    freshness = {tracked.freshness for tracked in monitor.snapshot.watchlist.values()}
    assert freshness <= {Freshness.STALE, Freshness.LIVE}
    assert Freshness.STALE in freshness


async def test_failing_list_is_asked_ever_less_often(start, clock):
    source = ScriptedSource(clock)
    source.list_trouble = Unreachable("reset")
    monitor = start(source)
    source.scripts = {}
    monitor.track(*range(1, 501))

    await clock.advance(60)

    assert len(source.lists) + len(source.asked) <= 125


@pytest.mark.parametrize("outage_s", [8, 100, 600])
async def test_jobs_come_by_lists_again_once_an_outage_is_over(start, clock, outage_s):
    jobs = tuple(
        SimJob(job_id=job_id, added_s=job_id - 1e6, original_filename=f"{job_id % 20}.csv") for job_id in range(1, 2001)
    )
    source = QueueSource(jobs, clock)
    monitor = start(source)
    monitor.track(*range(1, 2001))
    await clock.advance(60)
    source.outage = Unreachable("reset")
    await clock.advance(outage_s)
    source.outage = None
    while monitor.snapshot.link.state is not ConnectionState.UP or monitor.snapshot.link.failures:
        await clock.advance(1)

    before = len(source.asked)
    await clock.advance(60)

    assert {tracked.freshness for tracked in monitor.snapshot.watchlist.values()} == {Freshness.LIVE}
    assert len(source.asked) - before <= 70


async def test_broken_lists_do_not_keep_jobs_from_being_read_alone(start, clock):
    source = ScriptedSource(clock)
    source.list_trouble = Unreachable("reset")
    monitor = start(source)
    monitor.track(*range(1, 31))

    await clock.advance(300)

    assert all(tracked.job is not None for tracked in monitor.snapshot.watchlist.values())
    assert len(source.lists) <= 20


async def test_rate_limited_list_silences_everything(start, clock):
    source = ScriptedSource(clock)
    source.list_trouble = RateLimited("slow down", retry_after_s=60)
    monitor = start(source)
    monitor.track(*range(1, 501))

    await clock.advance(59)

    assert (len(source.lists), len(source.asked)) == (1, 0)
    assert monitor.snapshot.link.state is ConnectionState.THROTTLED


async def test_a_token_that_was_renewed_is_told(start, clock):
    source = ScriptedSource(clock)
    monitor = start(source)

    source.renewed_at = clock.now()

    assert monitor.snapshot.token_renewed_at == clock.now()


async def test_refused_list_is_no_trouble_of_its_jobs(start, clock):
    source = ScriptedSource(clock)
    source.list_trouble = BadAnswer("no such filter", http_status=400)
    monitor = start(source)
    monitor.track(*range(1, 6))

    await clock.advance(10)

    assert {tracked.freshness for tracked in monitor.snapshot.watchlist.values()} == {Freshness.LIVE}


async def test_limit_grows_with_the_watched_jobs(start, clock):
    source = QueueSource(waiting(300, original_filename="a.csv"), clock)
    monitor = start(source)
    monitor.track(*range(1, 301))

    await clock.advance(5)

    assert source.lists[0] == JobQuery(limit=500)


async def test_no_burst_after_the_machine_slept(start, clock):
    source = QueueSource(waiting(200), clock, has_lists=False)
    monitor = start(source)
    monitor.track(*range(1, 201))
    await clock.advance(300)
    source.asked.clear()
    clock._elapsed_s += 8 * 3600

    await clock.advance(2)

    assert 0 < len(source.asked) <= 5 + 2 * 2 + 1
