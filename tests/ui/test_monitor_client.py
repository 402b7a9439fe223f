import asyncio
import threading
from contextlib import asynccontextmanager

import pytest

from tests.support.factories import ScriptedSource
from tui.core.clock import SystemClock
from tui.domain.errors import Unreachable
from tui.domain.job_source import JobQuery
from tui.monitor.monitor import Monitor
from tui.ui.monitor_client import MonitorThread

PATIENCE_S = 10.0


class ProbedMonitor(Monitor):
    """A monitor that also runs functions, each with itself as the argument."""

    def execute(self, command):
        if callable(command):
            command(self)
        else:
            super().execute(command)


class Office:
    """A monitor thread over a scripted source, and what it called back."""

    def __init__(self, scripts=None, *, opening=None, closing=None):
        self.news, self.crashed, self.closed, self.bug = (threading.Event() for _ in range(4))
        self.error = None
        self.batches = []
        self.calls_of_news = 0
        self._scripts, self._opening, self._closing = scripts, opening, closing
        self.thread = MonitorThread(self._opened, on_snapshot=self.batches.append, on_bug=lambda _: self.bug.set())

    @asynccontextmanager
    async def _opened(self):
        if self._opening:
            raise self._opening
        clock = SystemClock()
        try:
            yield ProbedMonitor(ScriptedSource(clock, self._scripts), clock)
        finally:
            self.closed.set()
            if self._closing:
                self._closing.wait(PATIENCE_S)

    def start(self):
        self.thread.start(on_news=self._on_news, on_crash=self._on_crash)

    def _on_news(self):
        self.calls_of_news += 1
        self.news.set()

    def _on_crash(self, error):
        self.error = error
        self.crashed.set()

    def told(self, command):
        """What `command` returns, once the thread has carried it out."""
        answer, is_done = [], threading.Event()
        self.thread.tell(lambda monitor: (answer.append(command(monitor)), is_done.set()))
        assert is_done.wait(PATIENCE_S)
        return answer[0]


@pytest.fixture
def office():
    office = Office()
    yield office
    office.thread.stop()


def test_commands_told_before_the_start_are_carried_out_in_order(office):
    order = []
    for number in range(20):
        office.thread.tell(lambda monitor, number=number: order.append(number))

    office.start()
    office.told(lambda monitor: order.append("later"))

    assert order == [*range(20), "later"]


def test_jobs_named_before_the_start_are_watched(office):
    office.thread.tell(lambda monitor: monitor.track(3, 1, 2))

    office.start()

    assert office.told(lambda monitor: monitor.snapshot.watchlist.ids) == (3, 1, 2)


def test_commands_run_in_the_thread_of_the_monitor(office):
    office.start()

    name = office.told(lambda monitor: threading.current_thread().name)

    assert name == "jobdeck-monitor"


def test_commands_of_many_threads_are_all_carried_out(office):
    tellers = [
        threading.Thread(
            target=lambda base=base: [office.thread.tell(lambda m, i=base + n: m.track(i)) for n in range(50)]
        )
        for base in (1, 101, 201)
    ]

    for teller in tellers[:2]:
        teller.start()
    office.start()
    tellers[2].start()
    for teller in tellers:
        teller.join()

    assert len(office.told(lambda monitor: monitor.snapshot.watchlist)) == 150


def test_take_empties_the_slot(office):
    office.start()
    office.told(lambda monitor: monitor.pause(is_paused=True))

    first, second = office.thread.take(), office.thread.take()

    assert first.is_paused
    assert second is None


def test_slot_is_empty_before_the_first_news(office):
    assert office.thread.take() is None


def test_slot_keeps_the_newest_snapshot_alone(office):
    office.start()
    for job_id in (1, 2, 3):
        office.told(lambda monitor, job_id=job_id: (monitor.pause(is_paused=True), monitor.track(job_id)))

    assert office.thread.take().watchlist.ids == (1, 2, 3)


def test_news_is_told_once_until_it_is_taken(office):
    office.start()
    office.told(lambda monitor: [monitor.pause(is_paused=True) for _ in range(10)])
    before = office.calls_of_news

    office.thread.take()
    office.told(lambda monitor: [monitor.pause(is_paused=True) for _ in range(10)])

    assert (before, office.calls_of_news) == (1, 2)


def test_every_batch_is_handed_over_even_while_nobody_takes(office):
    office.start()

    office.told(lambda monitor: [monitor.pause(is_paused=True) for _ in range(10)])

    assert len(office.batches) == 10


def test_stop_ends_the_thread_and_closes_what_the_monitor_had_open(office):
    office.start()
    office.told(lambda monitor: None)

    assert office.thread.stop()
    assert office.closed.is_set()
    assert office.error is None


def test_stop_ends_a_thread_that_is_still_opening_things():
    is_opening = threading.Event()

    @asynccontextmanager
    async def opened():
        is_opening.set()
        await asyncio.Event().wait()
        yield

    thread = MonitorThread(opened)
    thread.start(on_news=lambda: None, on_crash=lambda _: None)
    is_opening.wait(PATIENCE_S)

    assert thread.stop()


def test_thread_that_is_stopped_before_it_runs_opens_nothing():
    opened = []
    thread = MonitorThread(lambda: opened.append("everything"))
    thread.stop()

    thread.start(on_news=lambda: None, on_crash=opened.append)

    assert thread.stop()
    assert opened == []


def test_stop_before_the_start_is_harmless(office):
    assert office.thread.stop()


def test_stop_a_second_time_is_harmless(office):
    office.start()
    office.told(lambda monitor: None)

    assert (office.thread.stop(), office.thread.stop()) == (True, True)


def test_command_after_the_end_is_harmless(office):
    office.start()
    office.told(lambda monitor: None)
    office.thread.stop()

    office.thread.tell(lambda monitor: monitor.track(1))

    assert office.error is None


def test_stop_does_not_wait_for_ever():
    blocked = threading.Event()
    office = Office(closing=blocked)
    office.start()
    office.told(lambda monitor: None)

    is_over = office.thread.stop()
    blocked.set()

    assert not is_over
    assert office.thread.stop()


def test_error_on_opening_is_handed_over_as_it_is():
    error = OSError("no such file")
    office = Office(opening=error)

    office.start()

    assert office.crashed.wait(PATIENCE_S)
    assert office.error is error


def test_bug_in_the_monitor_is_reported_and_outlived():
    office = Office({1: [ZeroDivisionError(), "PENDING"]})
    try:
        office.thread.tell(lambda monitor: monitor.track(1))
        office.start()

        assert office.bug.wait(PATIENCE_S)
        assert office.told(lambda monitor: list(monitor.snapshot.watchlist)) == [1]
        assert not office.crashed.is_set()
    finally:
        office.thread.stop()


def test_bug_in_a_command_is_reported_and_outlived(office):
    office.start()
    office.told(lambda monitor: None)

    office.thread.tell(lambda monitor: 1 / 0)

    assert office.bug.wait(PATIENCE_S)
    assert office.told(lambda monitor: "still here") == "still here"


async def test_a_list_is_read_in_the_loop_of_the_monitor(office):
    office.start()
    office.told(lambda monitor: monitor.track(1))

    answer = await office.thread.read(JobQuery())

    assert answer.value == ()


async def test_a_list_that_cannot_be_read_raises_its_error_and_closes_the_gate_of_the_monitor(office):
    office.start()
    office.told(lambda monitor: setattr(monitor._source, "list_trouble", Unreachable("no route")))

    with pytest.raises(Unreachable, match="no route"):
        await office.thread.read(JobQuery())

    assert office.told(lambda monitor: monitor.snapshot.link.failures) == 1


async def test_nothing_is_read_before_the_start(office):
    assert await office.thread.read(JobQuery()) is None
