from contextlib import asynccontextmanager

import pytest

from tests.support.factories import ScriptedSource
from tui.core.clock import ManualClock
from tui.domain.poll_policy import PollPolicy
from tui.monitor.monitor import Monitor
from tui.ui.monitor_client import INTERVALS_S, MonitorCommands, MonitorThread


@asynccontextmanager
async def never_opened():
    yield Monitor(ScriptedSource(ManualClock()), ManualClock())


@pytest.fixture
def thread():
    """Never started: it keeps what it is told."""
    return MonitorThread(never_opened)


@pytest.fixture
def told(thread):
    """Commands in the order told."""
    return thread._waiting


@pytest.fixture
def commands(thread):
    return MonitorCommands(thread, PollPolicy())


@pytest.fixture
def facts(told):
    """What the monitor knows after all commands."""

    def known():
        monitor = Monitor(ScriptedSource(ManualClock()), ManualClock())
        for command in told:
            monitor.execute(command)
        return monitor.snapshot

    return known


def test_policy_of_the_session_holds_from_the_start(commands, facts):
    assert facts().policy == PollPolicy()


def test_watched_jobs_are_on_the_list(commands, facts):
    commands.track((2, 1))

    assert facts().watchlist.ids == (2, 1)


def test_dropped_job_is_off_the_list_and_undo_brings_it_back(commands, facts):
    commands.track((1, 2))
    commands.untrack((1,))
    without = facts().watchlist.ids

    undone = commands.undo()

    assert (without, undone, facts().watchlist.ids) == ((2,), (1,), (1, 2))


def test_undone_jobs_are_where_they_were_whatever_was_dropped_or_added_meanwhile(commands, facts):
    commands.track((1, 2, 3, 4))
    for job_id in (2, 3, 1):
        commands.untrack((job_id,))
    commands.track((5,))

    for _ in range(3):
        commands.undo()

    assert facts().watchlist.ids == (1, 2, 3, 4, 5)


def test_jobs_that_are_dropped_together_come_back_together_where_they_were(commands, facts):
    commands.track((1, 2, 3, 4, 5))
    commands.untrack((5, 1, 3))
    without = facts().watchlist.ids

    undone = commands.undo()

    assert (without, undone, facts().watchlist.ids) == ((2, 4), (5, 1, 3), (1, 2, 3, 4, 5))


def test_undo_restores_only_the_dropped_jobs_that_were_not_given_anew(commands, facts):
    commands.track((1, 2, 3))
    commands.untrack((1, 2))
    commands.track((2,))

    assert (commands.undo(), facts().watchlist.ids) == ((1,), (1, 3, 2))


def test_job_that_is_dropped_twice_comes_back_where_it_was(commands, facts):
    commands.track((1, 2))
    commands.untrack((1,))
    commands.untrack((1,))
    commands.undo()

    assert facts().watchlist.ids == (1, 2)


def test_dropped_job_that_is_given_anew_is_at_the_end(commands, facts):
    commands.track((1, 2))
    commands.untrack((1,))
    commands.track((1,))
    commands.undo()

    assert facts().watchlist.ids == (2, 1)


def test_undo_goes_back_step_by_step(commands):
    for job_id in (1, 2, 3):
        commands.untrack((job_id,))

    assert [commands.undo() for _ in range(4)] == [(3,), (2,), (1,), ()]


def test_interval_steps_stop_at_both_ends(commands):
    up = [commands.step_interval(1) for _ in INTERVALS_S]
    down = [commands.step_interval(-1) for _ in (*INTERVALS_S, 0)]

    assert up[-2:] == [60.0, 60.0]
    assert down[-2:] == [1.0, 1.0]
    assert None in down


def test_step_from_an_interval_of_its_own_begins_in_the_middle(thread):
    commands = MonitorCommands(thread, PollPolicy(interval_s=7.0))

    assert commands.step_interval(1) == 10.0


def test_interval_reaches_the_monitor(commands, facts):
    commands.step_interval(-1)

    assert facts().policy.interval_s == 5.0


def test_attention_reaches_the_monitor_when_it_changes_only(commands, facts, told):
    commands.attend(is_attended=True)
    unchanged = len(told)
    commands.attend(is_attended=False)

    assert unchanged == 1
    assert not facts().policy.is_attended


def test_attention_and_interval_keep_each_other(commands, facts):
    commands.step_interval(1)
    commands.attend(is_attended=False)

    assert (facts().policy.interval_s, facts().policy.is_attended) == (10.0, False)


def test_pause_and_refresh_reach_the_monitor(commands, facts):
    commands.track((1,))
    commands.pause(is_paused=True)
    commands.refresh((1, 99))

    assert facts().is_paused


@pytest.mark.parametrize(
    ("given", "step", "interval_s"),
    [
        (0.5, -1, 0.5),
        (0.5, 1, 1.0),
        (3.0, -1, 2.0),
        (3.0, 1, 5.0),
        (90.0, 1, 90.0),
        (90.0, -1, 60.0),
        (None, -1, 5.0),
        (None, 1, 10.0),
    ],
)
def test_step_from_any_interval_never_goes_the_other_way(thread, given, step, interval_s):
    commands = MonitorCommands(thread, PollPolicy(interval_s=given))

    assert commands.step_interval(step) == interval_s
