import asyncio
from itertools import pairwise

import pytest

from tests.support.factories import ScriptedSource, job, stop
from tui.core.clock import ManualClock
from tui.core.errors import ConfigError
from tui.core.lost_request import LostRequest
from tui.domain.errors import JobNotFound, Unauthorised, Unreachable
from tui.domain.selection import Selection
from tui.monitor.monitor import Monitor
from tui.monitor.supervisor import CHECK_EVERY_S, RESTART_S, keep_running


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
    monitor.track_selection(Selection("inv.csv"))
    await clock.advance(3)
    source.list_trouble, source.listed = None, {1: job(1, originalFilename="inv.csv")}

    await clock.advance(60)

    assert bugs
    assert monitor.snapshot.watchlist.ids == (1,)


async def test_a_request_that_ends_without_answer_or_error_is_reported_and_made_again(start, clock):
    monitor, source, bugs = start({1: ["WORKING"], 2: ["PENDING", asyncio.CancelledError(), "SUCCESS"]})
    monitor.track(1, 2)

    await clock.advance(60)

    assert [type(bug.exceptions[0]) for bug in bugs] == [LostRequest]
    assert dict(monitor.snapshot.watchlist.counts) == {"WORKING": 1, "SUCCESS": 1}
    assert monitor.snapshot.restarts == 1
    assert len(source.times(1)) > 10


async def test_requests_that_always_end_so_do_not_stop_the_others(start, clock):
    monitor, source, bugs = start({1: ["WORKING"], 2: [asyncio.CancelledError()], 3: [asyncio.CancelledError()]})
    monitor.track(1, 2, 3)

    await clock.advance(600)

    assert bugs
    assert max(later - earlier for earlier, later in pairwise(source.times(1)[1:])) <= 30


async def test_a_bug_after_a_long_good_time_counts_as_the_first(start, clock):
    monitor, source, bugs = start({1: ["PENDING", *[ZeroDivisionError()] * 6, "PENDING"]})
    monitor.track(1)
    await clock.advance(1200)
    source.scripts[1].extend([ZeroDivisionError(), "SUCCESS"])
    source.scripts[1].popleft()
    await clock.advance(60)

    assert len(bugs) == 7
    assert monitor.snapshot.watchlist[1].status == "SUCCESS"


class Hanging(ScriptedSource):
    """Never ends its next requests, as many as `hangs` says."""

    hangs = 0

    async def job(self, job_id):
        if self.hangs:
            self.hangs -= 1
            await asyncio.Event().wait()
        return await super().job(job_id)


async def test_requests_that_never_end_are_given_up_and_made_again(clock):
    source, bugs = Hanging(clock, {1: ["WORKING"], 2: ["PENDING"]}), []
    monitor = Monitor(source, clock, roll=lambda: 0.5)
    running = asyncio.ensure_future(keep_running(monitor, clock, bugs.append))
    monitor.track(1, 2)
    await clock.advance(60)
    asked, source.hangs = len(source.asked), 2

    await clock.advance(300)

    await stop(running)
    assert [str(bug.exceptions[0]) for bug in bugs] == ["a request has been in flight for over 180 s"]
    assert len(source.asked) > asked + 10
    assert all(
        (clock.now() - tracked.answered_at).total_seconds() <= 60 for tracked in monitor.snapshot.watchlist.values()
    )


class DeafClock(ManualClock):
    """A clock that never wakes those who fall asleep for long while it is deaf."""

    is_deaf = False

    async def sleep(self, delay_s):
        if self.is_deaf and delay_s > 0 and delay_s not in {CHECK_EVERY_S, RESTART_S}:
            await asyncio.Event().wait()
        await super().sleep(delay_s)


async def test_a_loop_that_is_never_woken_is_noticed_and_started_again():
    clock, bugs = DeafClock(), []
    source = ScriptedSource(clock, {1: ["PENDING"]})
    monitor = Monitor(source, clock, roll=lambda: 0.5)
    running = asyncio.ensure_future(keep_running(monitor, clock, bugs.append))
    monitor.track(1)
    await clock.advance(60)
    clock.is_deaf, asked = True, len(source.asked)
    await clock.advance(80)
    clock.is_deaf = False
    await clock.advance(60)

    await stop(running)
    assert {str(bug.exceptions[0]) for bug in bugs} == {"jobs are due and no request is in flight"}
    assert len(source.asked) > asked
    assert monitor.snapshot.restarts == len(bugs) >= 1


async def test_a_job_without_a_plan_is_noticed_and_planned(start, clock):
    monitor, source, bugs = start({1: ["PENDING"]})
    monitor.track(1)
    await clock.advance(60)
    monitor._state.planner._due_queue.drop(1)  # as a bug might
    asked = len(source.asked)

    await clock.advance(120)

    assert [str(bug.exceptions[0]) for bug in bugs] == ["jobs have not ended and nothing is planned for them"]
    assert len(source.asked) > asked


@pytest.mark.parametrize(
    "script", [["PENDING"], ["SUCCESS"], [Unauthorised("no")], [Unreachable("no")], [JobNotFound("none")]], ids=str
)
async def test_a_monitor_without_a_bug_is_never_taken_for_stalled(start, clock, script):
    monitor, _, bugs = start({1: script})
    monitor.track(1)
    await clock.advance(1800)
    monitor.pause(is_paused=True)
    await clock.advance(600)
    monitor.pause(is_paused=False)
    await clock.advance(600)

    assert bugs == []


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
