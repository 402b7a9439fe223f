"""Watching a whole file whose jobs appear one after another."""

import asyncio
import unicodedata

import pytest

from tests.support.factories import ScriptedSource, job, stop
from tests.support.queue_source import QueueSource, QuickClock
from tui.domain.errors import RateLimited, Unreachable
from tui.domain.selection import Selection
from tui.domain.watched_list import Extent
from tui.monitor.monitor import Monitor
from tui.simulator.queue import SimJob


def job_of(job_id, *, file="inv.csv", added_s=-5.0, end_s=20.0):
    return SimJob(job_id=job_id, added_s=added_s, start_s=added_s + 1, end_s=end_s, original_filename=file)


@pytest.fixture
def clock():
    return QuickClock()


@pytest.fixture
async def adopting(clock):
    """Starts a monitor that watches the file inv.csv."""
    running = []

    def started(source):
        monitor = Monitor(source, clock, roll=lambda: 0.5)
        running.append(asyncio.ensure_future(monitor.run()))
        monitor.track_selection(Selection("inv.csv"))
        return monitor

    yield started
    for task in running:
        await stop(task)


async def test_jobs_of_the_file_are_watched_and_no_others(adopting, clock):
    monitor = adopting(QueueSource((job_of(1), job_of(2), job_of(3, file="other.csv")), clock))

    await clock.advance(1)

    assert set(monitor.snapshot.watchlist.ids) == {1, 2}
    assert dict(monitor.snapshot.watchlist.counts) == {"WORKING": 2}


@pytest.mark.parametrize("sent", ["재고.csv", unicodedata.normalize("NFD", "재고.csv"), "a\u00a0\x1b.csv"], ids=ascii)
async def test_lists_are_requested_by_names_as_they_were_sent(clock, sent):
    source = QueueSource(tuple(job_of(job_id, file=sent) for job_id in range(1, 4)), clock)
    monitor = Monitor(source, clock, roll=lambda: 0.5)
    running = asyncio.ensure_future(monitor.run())
    monitor.track(1, 2, 3)

    await clock.advance(30)

    await stop(running)
    assert {query.original_filename for query in source.lists} == {sent}
    assert dict(monitor.snapshot.watchlist.counts) == {"SUCCESS": 3}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_file_is_the_same_in_the_normal_form_that_the_server_prefers(clock, form):
    """A server may find names whatever their form; what it then lists is no sign that it ignored the filter."""
    source = ScriptedSource(clock)
    source.listed = {
        1: job(1, originalFilename=unicodedata.normalize(form, "재고.csv")),
        2: job(2, originalFilename="other.csv"),
    }
    monitor = Monitor(source, clock, roll=lambda: 0.5)
    running = asyncio.ensure_future(monitor.run())
    monitor.track_selection(Selection("재고.csv"))

    await clock.advance(1)

    await stop(running)
    assert monitor.snapshot.watchlist.ids == (1,)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_file_is_found_by_the_other_normal_form_if_the_server_compares_code_points(clock, form):
    named, other = "\u00fcber.csv", unicodedata.normalize(form, "\u00fcber.csv")
    source = QueueSource((job_of(1, file=other, added_s=15.0, end_s=90.0),), clock)
    monitor = Monitor(source, clock, roll=lambda: 0.5)
    running = asyncio.ensure_future(monitor.run())
    monitor.track_selection(Selection(named))

    await clock.advance(60)

    await stop(running)
    (known,) = monitor.snapshot.lists
    assert monitor.snapshot.watchlist.ids == (1,)
    assert (known.selection.file, known.has_jobs, known.is_filtered) == (named, True, True)
    assert {query.original_filename for query in source.lists[-2:]} == {other}


async def test_late_jobs_are_adopted_even_when_all_others_have_ended(adopting, clock):
    monitor = adopting(
        QueueSource((job_of(1), job_of(2, added_s=60, end_s=90), job_of(3, added_s=61, end_s=90)), clock)
    )
    await clock.advance(50)
    early = monitor.snapshot.watchlist.ids

    await clock.advance(22)

    assert early == (1,)
    assert set(monitor.snapshot.watchlist.ids) == {1, 2, 3}


async def test_file_that_does_not_exist_yet_is_waited_for(adopting, clock):
    monitor = adopting(QueueSource((job_of(1, added_s=40, end_s=99),), clock))

    await clock.advance(30)
    read_at = monitor.snapshot.lists[0].read_at
    await clock.advance(25)

    assert read_at is not None
    assert monitor.snapshot.watchlist.ids == (1,)


async def test_new_jobs_leave_with_the_batch_that_brought_them(adopting, clock):
    monitor = adopting(QueueSource((job_of(1), job_of(2)), clock))
    batches = []
    monitor.subscribe(batches.append)

    await clock.advance(1)

    assert [{tracked.job_id for tracked in batch.changed} for batch in batches if batch.changed] == [{1, 2}]


async def test_job_that_was_taken_off_is_not_adopted_again(adopting, clock):
    monitor = adopting(QueueSource((job_of(1), job_of(2)), clock))
    await clock.advance(1)

    monitor.untrack(2)
    await clock.advance(60)

    assert monitor.snapshot.watchlist.ids == (1,)


async def test_file_of_more_jobs_than_a_usual_list_holds_is_watched_whole(adopting, clock):
    source = QueueSource(tuple(job_of(job_id, end_s=1e6) for job_id in range(1, 1501)), clock)
    monitor = adopting(source)

    await clock.advance(30)

    assert len(monitor.snapshot.watchlist) == 1500
    assert [query.limit for query in source.lists[:2]] == [1000, 2500]


@pytest.mark.parametrize(
    "error", [Unreachable("reset"), RateLimited("slow down", retry_after_s=7)], ids=lambda error: error.kind
)
async def test_list_that_fails_is_read_again(adopting, clock, error):
    source = ScriptedSource(clock)
    source.outage = error
    adopting(source)
    await clock.advance(5)
    source.outage = None

    await clock.advance(30)

    assert 2 <= len(source.lists) <= 7


@pytest.mark.parametrize(("most", "extent"), [(10**9, Extent.COMPLETE), (20, Extent.CUT)])
async def test_file_is_checked_as_soon_as_its_known_jobs_have_ended(clock, most, extent):
    source = QueueSource(tuple(job_of(job_id, end_s=15.0) for job_id in range(1, 41)), clock, most=most)
    monitor = Monitor(source, clock, roll=lambda: 0.5)
    running = asyncio.ensure_future(monitor.run())
    monitor.track_selection(Selection("inv.csv"), is_checked=True)
    await clock.advance(10)
    early = monitor.snapshot.lists[0].checked_reading

    await clock.advance(60)

    requests = len(source.asked)
    await clock.advance(60)
    await stop(running)
    known = monitor.snapshot.lists[0]
    assert (early, known.checked_extent, known.is_proven) == (0, extent, extent is Extent.COMPLETE)
    assert len(source.asked) - requests < 12, "jobs that were checked are not checked again"
