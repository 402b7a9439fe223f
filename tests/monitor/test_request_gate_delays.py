import pytest

from tui.monitor.request_gate import DelayStats


def after(*lates_s, now_s=100.0):
    lateness = DelayStats()
    for late_s in lates_s:
        lateness.departed(now_s, late_s=late_s)
    return lateness


@pytest.mark.parametrize(
    ("lates_s", "usual_s"),
    [
        pytest.param((0, 0, 90, 0), 0, id="one-of-many"),
        pytest.param((0, 20, 22, 24), 21, id="most"),
        pytest.param((0.9,), 0, id="a-moment"),
        pytest.param((), 0, id="none"),
    ],
)
def test_lateness_is_that_of_most_calls(lates_s, usual_s):
    assert after(*lates_s).usual_s == usual_s


def test_time_in_which_nothing_could_be_asked_makes_nothing_late():
    lateness = after(20, 20)
    lateness.woke(110.0, is_shut=True)
    assert lateness.usual_s == 0
    lateness.woke(170.0, is_shut=False)

    lateness.departed(174.0, late_s=64)

    assert lateness.usual_s == 4


def test_process_that_stood_still_is_not_late():
    lateness = DelayStats()
    lateness.woke(100.0, is_shut=False)
    lateness.sleeps(100.0, wait_s=1.0, is_anyone_due=True)
    lateness.woke(160.0, is_shut=False)

    lateness.departed(160.0, late_s=59)

    assert lateness.usual_s == 0


def test_loop_that_wakes_when_it_wanted_goes_on_counting():
    lateness = after(20, 20)
    lateness.sleeps(100.0, wait_s=1.0, is_anyone_due=True)
    lateness.woke(101.1, is_shut=False)

    lateness.departed(101.1, late_s=22)

    assert lateness.usual_s == 20


def test_what_was_late_is_forgotten_once_nobody_waits():
    lateness = after(20, 20)

    lateness.sleeps(100.0, wait_s=5.0, is_anyone_due=False)

    assert lateness.usual_s == 0
