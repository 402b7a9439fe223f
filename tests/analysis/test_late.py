import pytest

from tests.support.factories import at, job
from tui.analysis.late import KnownTimes, Late

WAITS_S = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]  # 90th percentile: 90


def times(job_id, status="SUCCESS", *, added=None, started=None, finished=None, kind="REFRESH", tenant=1):
    fields = {"added": added, "started": started, "finished": finished}
    stamps = {name: at(seconds).isoformat() for name, seconds in fields.items() if seconds is not None}
    return job(job_id, status, type=kind, tenantID=tenant, **stamps)


def waited(waits_s, *, first_added=0, **fields):
    """Return ended jobs that ran for 1000 s, so that no queue stands still."""
    return [
        times(
            number + 1, added=first_added, started=first_added + wait_s, finished=first_added + wait_s + 1000, **fields
        )
        for number, wait_s in enumerate(waits_s)
    ]


def ran(runs_s, **fields):
    return [
        times(number + 1, added=0, started=10, finished=10 + run_s, **fields) for number, run_s in enumerate(runs_s)
    ]


def why(known, one, seconds):
    late = KnownTimes(known).lateness(one, at(seconds))
    return late and late.why


@pytest.mark.parametrize(
    ("waits_s", "waited_s", "expected"),
    [
        pytest.param(WAITS_S, 270, None, id="3 times the percentile"),
        pytest.param(WAITS_S, 271, Late.TO_START, id="longer"),
        pytest.param(WAITS_S[:4], 900, None, id="4 known"),
        pytest.param(WAITS_S[:5], 151, Late.TO_START, id="5 known"),
        pytest.param([0] * 5, 3, None, id="waits below a second count as one"),
        pytest.param([0] * 5, 4, Late.TO_START, id="and three seconds are late then"),
    ],
)
def test_a_job_that_was_overtaken_is_late_to_start_after_three_times_the_90th_percentile(waits_s, waited_s, expected):
    assert why(waited(waits_s, first_added=1), times(99, "PENDING", added=0), waited_s) == expected


def test_a_job_that_no_later_one_has_overtaken_is_not_late_to_start():
    known = waited(WAITS_S)
    later = times(98, "WORKING", added=1, started=5)

    assert why(known, times(99, "PENDING", added=0), 900) is None
    assert why([*known, later], times(99, "PENDING", added=0), 900) == Late.TO_START


@pytest.mark.parametrize("other", [{"kind": "ADJUST"}, {"kind": "DELETE"}, {"tenant": 2}], ids=str)
def test_only_jobs_of_the_same_type_and_tenant_overtake(other):
    assert why(waited(WAITS_S, first_added=1, **other), times(99, "PENDING", added=0), 900) is None


@pytest.mark.parametrize(
    ("runs_s", "seconds", "expected"),
    [
        pytest.param([20, 20, 20], 210, None, id="10 runs since the last start"),
        pytest.param([20, 20, 20], 211, Late.QUEUE_STANDS_STILL, id="longer"),
        pytest.param([20, 20], 9000, None, id="2 known"),
        pytest.param([0, 0, 0], 20, None, id="runs below a second count as one"),
    ],
)
def test_a_queue_stands_still_when_nothing_has_started_for_ten_usual_runs(runs_s, seconds, expected):
    assert why(ran(runs_s), times(99, "PENDING", added=0), seconds) == expected


def test_a_queue_does_not_stand_still_before_the_job_has_waited_that_long():
    known = ran([20, 20, 20])

    assert why(known, times(99, "PENDING", added=5000), 5200) is None
    assert why(known, times(99, "PENDING", added=5000), 5201) == Late.QUEUE_STANDS_STILL


def test_short_jobs_may_wait_for_the_long_ones_of_the_same_queue():
    known = [*ran([2, 2, 2], kind="ADJUST"), *ran([100, 100, 100], kind="REFRESH")]
    waiting = times(99, "PENDING", added=0, kind="ADJUST")

    assert why(known, waiting, 1010) is None
    assert why(known, waiting, 1011) == Late.QUEUE_STANDS_STILL


def test_starts_in_another_queue_do_not_count():
    known = [*ran([2, 2, 2]), times(50, "WORKING", added=0, started=500, kind="DELETE")]

    assert why(known, times(99, "PENDING", added=0), 510) == Late.QUEUE_STANDS_STILL


@pytest.mark.parametrize(
    ("runs_s", "elapsed_s", "expected"),
    [
        pytest.param([100] * 20, 259, None, id="20 known, less than 60 s over twice the percentile"),
        pytest.param([100] * 20, 260, Late.TO_END, id="20 known, 60 s over"),
        pytest.param([100] * 20, 400, Late.TO_END, id="twice the limit"),
        pytest.param([100] * 20, 401, Late.STUCK, id="longer than twice the limit"),
        pytest.param([10] * 19 + [100], 80, Late.STUCK, id="an outlier beyond the 95th percentile changes nothing"),
        pytest.param([10] * 18 + [100] * 2, 259, None, id="the 95th percentile counts"),
        pytest.param([100] * 19, 559, None, id="19 known, less than 60 s over 5 medians"),
        pytest.param([100] * 19, 560, Late.TO_END, id="19 known, 60 s over"),
        pytest.param([10, 100, 1000], 1000, Late.TO_END, id="3 known, twice 5 medians"),
        pytest.param([10, 100, 1000], 1001, Late.STUCK, id="3 known, longer"),
        pytest.param([100, 100], 100_000, None, id="2 known"),
        pytest.param([0, 0, 0], 59, None, id="short jobs get 60 s"),
        pytest.param([0, 0, 0], 60, Late.STUCK, id="and are stuck then"),
    ],
)
def test_a_run_is_late_to_end_by_the_known_runs(runs_s, elapsed_s, expected):
    assert why(ran(runs_s), times(99, "WORKING", added=0, started=10), 10 + elapsed_s) == expected


def test_it_says_how_many_times_the_usual_has_passed():
    late = KnownTimes(ran([10] * 20)).lateness(times(99, "WORKING", added=0, started=0), at(220))

    assert (late.elapsed_s, late.usual_s, late.times_usual) == (220, 10, 22)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(times(1, "SUCCESS", added=0, finished=9), id="never started"),
        pytest.param(times(1, "SUCCESS", added=9, started=5, finished=1), id="backwards"),
        pytest.param(times(1, None), id="empty"),
        pytest.param(times(1, "PENDING", added=0, started=1), id="a PENDING job that was started before"),
    ],
)
def test_contradicting_jobs_are_ignored(broken):
    known = [broken] * 30

    assert why(known, times(99, "WORKING", added=0, started=0), 1e6) is None
    assert why(known, times(99, "PENDING", added=-1), 1e6) is None


@pytest.mark.parametrize(
    "one",
    [
        times(99, "SUCCESS", added=0, started=0, finished=1),
        times(99, "PENDING"),
        times(99, "WORKING", added=0),
        times(99, "PAUSED", added=0, started=0),
        times(99, "WORKING", added=0, started=2e6),
    ],
    ids=["ended", "without added", "without started", "unknown status", "started in the future"],
)
def test_a_job_that_says_nothing_about_its_time_is_not_late(one):
    assert why(ran([10] * 20), one, 1e6) is None


def test_the_order_of_the_known_jobs_does_not_matter():
    backwards = waited(WAITS_S[::-1], first_added=1)
    runs = ran([1000, 100, 10])

    assert why(backwards, times(99, "PENDING", added=0), 270) is None
    assert why(backwards, times(99, "PENDING", added=0), 271) == Late.TO_START
    assert why(ran([100] * 2 + [10] * 18), times(99, "WORKING", added=0, started=10), 269) is None
    assert why(runs, times(99, "WORKING", added=0, started=10), 1011) == Late.STUCK
