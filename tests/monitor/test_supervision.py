import asyncio

import pytest

from tests.monitor.facts import ScriptedSource, job, stop
from tui.clock import ManualClock
from tui.errors import ConfigError
from tui.monitor.monitor import Monitor
from tui.monitor.supervision import keep_running


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def start(clock):
    """Starts a supervised monitor over a scripted source; stops it in the end."""
    running = []

    def started(scripts):
        source = ScriptedSource(clock, scripts)
        monitor, bugs = Monitor(source, clock, roll=lambda: 0.5), []
        running.append(asyncio.ensure_future(keep_running(monitor, clock, bugs.append)))
        return monitor, source, bugs

    yield started
    for task in running:
        await stop(task)


async def test_bug_is_reported_and_everything_goes_on_with_what_was_known(start, clock):
    monitor, source, bugs = start({1: ["WORKING"], 2: ["PENDING", ZeroDivisionError(), "SUCCESS"]})
    monitor.track(1, 2)
    await clock.advance(3)
    known = monitor.snapshot.watchlist

    await clock.advance(30)

    assert len(bugs) == 1
    assert bugs[0].subgroup(ZeroDivisionError)
    assert known[1].status == "WORKING"
    assert monitor.snapshot.restarts == 1
    assert dict(monitor.snapshot.watchlist.counts) == {"WORKING": 1, "SUCCESS": 1}
    assert len(source.times(1)) > 8


async def test_job_that_always_meets_the_bug_is_asked_ever_less_often(start, clock):
    monitor, source, bugs = start({1: ["WORKING"], 2: [ZeroDivisionError()]})
    monitor.track(1, 2)

    await clock.advance(600)

    assert 3 <= len(bugs) <= 12
    assert len(source.times(1)) > 40


async def test_newcomers_are_not_lost_to_a_bug(start, clock):
    monitor, source, bugs = start({1: [ZeroDivisionError(), "PENDING"]})
    source.list_trouble = ZeroDivisionError()
    monitor.track(*range(1, 9))
    await clock.advance(4)
    source.list_trouble = None

    await clock.advance(60)

    assert bugs
    assert dict(monitor.snapshot.watchlist.counts) == {"PENDING": 8}


async def test_adopted_file_is_read_again_after_a_bug(start, clock):
    monitor, source, bugs = start({})
    source.list_trouble = ZeroDivisionError()
    monitor.adopt("inv.csv")
    await clock.advance(3)
    source.list_trouble, source.listed = None, {1: job(1, originalFilename="inv.csv")}

    await clock.advance(60)

    assert bugs
    assert monitor.snapshot.watchlist.ids == (1,)


async def test_unusable_configuration_ends_it(clock):
    monitor = Monitor(ScriptedSource(clock, {1: [ConfigError("token file cannot be read", "mend it")]}), clock)
    monitor.track(1)

    with pytest.raises(ConfigError, match="token file"):
        await keep_running(monitor, clock, lambda _: None)


async def test_cancelling_ends_it(start, clock):
    monitor, _, bugs = start({1: ["WORKING"]})
    monitor.track(1)
    await clock.advance(1)

    assert bugs == []
