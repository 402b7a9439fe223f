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


def series(starts_s, *, waits_s):
    """Return runs of 10 s with these starts, each added as long before as it waits."""
    return [
        Run(start_s - wait_s, start_s, start_s + 10, None) for start_s, wait_s in zip(starts_s, waits_s, strict=True)
    ]


def every(step_s, count=12):
    return [step_s * number for number in range(count)]


@pytest.mark.parametrize(
    ("step_s", "wait_s", "expected"),
    [
        pytest.param(11, 1.0, QueueOrder(), id="a-tenth-of-a-run-is-no-wait"),
        pytest.param(11, 1.25, QueueOrder(slots=1, gap_s=1), id="more-is-one"),
        pytest.param(12.5, 3, QueueOrder(slots=1, gap_s=2.5), id="a-quarter-of-a-run-is-directly-after"),
        pytest.param(12.75, 3, QueueOrder(slots=2), id="more-is-not"),
        pytest.param(12, 2, QueueOrder(slots=1, gap_s=2), id="added-as-the-last-one-ended"),
        pytest.param(12, 1.5, QueueOrder(slots=2), id="added-later"),
        pytest.param(9.5, 5, QueueOrder(slots=1, gap_s=0), id="clocks-that-differ-by-half-a-second"),
        pytest.param(9.25, 5, QueueOrder(slots=2), id="clocks-that-differ-by-more"),
    ],
)
def test_what_counts_as_waiting_and_as_directly_after(step_s, wait_s, expected):
    starts_s = every(step_s)

    assert recognise(series(starts_s, waits_s=[0, *[wait_s] * (len(starts_s) - 1)])) == expected


@pytest.mark.parametrize(("early", "is_one"), [([5], True), ([5, 8], False)])
def test_nine_of_ten_starts_alone_are_one_at_a_time(early, is_one):
    starts_s = [start_s - (number in early) for number, start_s in enumerate(every(10, 11))]

    assert recognise(series(starts_s, waits_s=[0, *[5] * 10])).is_one_at_a_time is is_one


@pytest.mark.parametrize(("pauses", "is_one"), [([3, 6], True), ([3, 6, 9], False)])
def test_eight_of_ten_starts_directly_after_another_are_one_at_a_time(pauses, is_one):
    starts_s = [10 * number + 3 * sum(pause <= number for pause in pauses) for number in range(11)]

    assert recognise(series(starts_s, waits_s=[0, *[5] * 10])).is_one_at_a_time is is_one


def test_runs_of_other_parts_do_not_count_as_the_ones_before():
    assert recognise([]) == QueueOrder(slots=None, is_per_location=False, gap_s=0.0)
    assert recognise(runs(1, locations=3, per_location=True, gap_s=1)).gap_s == pytest.approx(1)
