"""Two front ends of one process over one request gate: a monitor that polls, and a script that reads."""

import asyncio

import pytest

from tests.support.factories import ScriptedSource, stop
from tui.core.clock import ManualClock
from tui.domain.connection import ConnectionState
from tui.domain.errors import RateLimited, Unauthorised
from tui.domain.job_source import JobQuery
from tui.domain.poll_policy import PollPolicy
from tui.monitor.monitor import Monitor
from tui.monitor.request_gate import AT_ONCE, RequestBudget, RequestGate, budget_of
from tui.scripts.find import Search, find
from tui.scripts.read_once import ReadResults


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def start(clock):
    """Starts a monitor over a source and a gate; stops all of them in the end."""
    running = []

    def started(source, gate, **options):
        monitor = Monitor(source, clock, gate=gate, roll=lambda: 0.5, **options)
        running.append(asyncio.ensure_future(monitor.run()))
        return monitor

    yield started
    for task in running:
        await stop(task)


def sent(source):
    return sorted([moment for moment, _ in source.asked] + [moment for moment, _ in source.lists])


async def test_both_together_stay_within_the_budget_of_a_minute(start, clock):
    source, gate = ScriptedSource(clock), RequestGate(budget_of(30))
    monitor = start(source, gate, policy=PollPolicy(interval_s=1.0))
    monitor.track(*range(1, 10))
    await clock.advance(20)

    reading = asyncio.create_task(ReadResults(source, clock, gate=gate).of(range(11, 31)))
    await clock.advance(100)

    moments = sent(source)
    assert max(sum(begin <= moment < begin + 60 for moment in moments) for begin in moments) <= 30
    assert all(result.job for result in await reading)
    assert monitor.snapshot.traffic.requests_per_min == pytest.approx(30, abs=1)


async def test_both_together_keep_to_the_requests_in_flight(start, clock):
    source, gate = ScriptedSource(clock, takes_s=3.0), RequestGate(RequestBudget(100, 100, tokens=100))
    start(source, gate).track(*range(1, 10))
    reading = asyncio.create_task(ReadResults(source, clock, gate=gate).of(range(11, 21)))

    await clock.advance(120)
    await reading

    assert source.most_at_once <= AT_ONCE


async def test_a_silence_that_the_monitor_met_ends_a_script_without_a_request(start, clock):
    source, gate = ScriptedSource(clock, {1: [RateLimited("slow down", retry_after_s=60)]}), RequestGate()
    start(source, gate).track(1)
    await clock.advance(1)
    requests = len(sent(source))

    with pytest.raises(RateLimited):
        await find(source, clock, Search(), gate=gate)

    assert len(sent(source)) == requests


async def test_a_silence_that_a_script_met_silences_the_monitor_and_is_shown(start, clock):
    source, gate = ScriptedSource(clock), RequestGate()
    monitor = start(source, gate)
    monitor.track(1)
    await clock.advance(1)
    source.list_trouble, begin_s = RateLimited("slow down", retry_after_s=60), clock.monotonic_s()

    with pytest.raises(RateLimited):
        await find(source, clock, Search(), gate=gate)
    await clock.advance(59)

    assert [moment for moment in sent(source) if moment > begin_s] == []
    assert monitor.snapshot.link.state is ConnectionState.THROTTLED
    await clock.advance(10)
    assert [moment for moment in sent(source) if moment > begin_s][:1] == [begin_s + 60]


async def test_monitor_publishes_what_closed_the_gate_for_it(start, clock):
    source, gate, states = ScriptedSource(clock), RequestGate(), []
    monitor = start(source, gate)
    monitor.track(1)
    await clock.advance(1)
    monitor.subscribe(lambda _: states.append(monitor.published.link.state))

    gate.failed(Unauthorised("no"), at=clock.now(), now_s=clock.monotonic_s())
    await clock.advance(0)

    assert states == [ConnectionState.UNAUTHORIZED]


async def test_a_script_is_not_kept_waiting_by_a_long_list_of_due_jobs(start, clock):
    source, gate = ScriptedSource(clock), RequestGate(budget_of(12))
    start(source, gate).track(*range(1, 100))
    await clock.advance(30)
    begin_s = clock.monotonic_s()

    finding = asyncio.create_task(find(source, clock, Search(location="W01"), gate=gate))
    await clock.advance(6)

    assert finding.done()
    assert [query for moment, query in source.lists if moment >= begin_s][:1] == [JobQuery("W01")]
