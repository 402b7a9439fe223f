import pytest

from tui.analysis.queue_order import QueueOrder, Run, queue_key, recognise
from tui.domain.job_status import JobType


def runs(slots, *, run_s=10, gap_s=0, jobs=40, locations=1, per_location=False):
    """Return runs of jobs that are all added at 0 and taken in order."""
    made, ends = [], {}
    for number in range(jobs):
        location = f"L{number % locations}"
        free = ends.setdefault(location if per_location else None, [0.0] * slots)
        started_s = free.pop(free.index(min(free))) + gap_s
        own_s = run_s * (1 + 0.1 * (number % 7))
        free.append(started_s + own_s)
        made.append(Run(0, started_s, started_s + own_s, location))
    return made


@pytest.mark.parametrize("gap_s", [0, 1.5])
def test_one_at_a_time_is_recognised(gap_s):
    order = recognise(runs(1, gap_s=gap_s, locations=5))

    assert order.is_one_at_a_time
    assert not order.is_per_location
    assert order.gap_s == pytest.approx(gap_s)


def test_one_at_a_time_at_each_location_is_recognised():
    order = recognise(runs(1, locations=5, per_location=True))

    assert order.is_one_at_a_time
    assert order.is_per_location


@pytest.mark.parametrize("slots", [2, 4, 7])
def test_several_at_once_are_counted(slots):
    assert recognise(runs(slots, locations=3)) == QueueOrder(slots=slots)


def test_jobs_that_never_waited_show_nothing():
    at_their_time = [Run(100.0 * number, 100.0 * number, 100.0 * number + 10, None) for number in range(50)]

    assert recognise(at_their_time).slots is None
    assert recognise([]).slots is None


def test_few_waits_show_nothing():
    assert recognise(runs(1, jobs=5)).slots is None
    assert recognise(runs(1, jobs=6)).slots == 1


def test_a_constant_delay_of_each_start_is_no_queue_of_one():
    delayed = [Run(4.0 * number, 4.0 * number + 3, 4.0 * number + 13, None) for number in range(40)]

    assert not recognise(delayed).is_one_at_a_time


def test_one_overlap_among_many_runs_does_not_change_the_order():
    made = runs(1)
    made[20] = made[20]._replace(started_s=made[20].started_s - 5)

    assert recognise(made).is_one_at_a_time


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ((1, JobType.REFRESH), (1, JobType.ADJUST), True),
        ((1, JobType.REFRESH), (2, JobType.REFRESH), False),
        ((1, JobType.REFRESH), (1, JobType.DELETE), False),
        ((1, None), (1, None), True),
    ],
)
def test_refresh_and_adjust_jobs_of_a_tenant_share_a_queue(one, other, is_same):
    assert (queue_key(*one) == queue_key(*other)) is is_same
