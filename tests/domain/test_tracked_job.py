import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at, job
from tui.domain.errors import JobNotFound, Unreachable
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import (
    MISSES_UNTIL_LOST,
    TRANSITIONS_KEPT,
    Failed,
    Freshness,
    Group,
    Missing,
    Seen,
    TrackedJob,
    Transition,
    elapsed_s,
)

LOST = JobNotFound("job 1 does not exist")
DOWN = Unreachable("connection refused")


def after(*readings):
    tracked = TrackedJob(1)
    for reading in readings:
        tracked = tracked.apply_reading(reading)
    return tracked


def seen(status, seconds=0):
    return Seen(job(1, status), at(seconds))


@pytest.mark.parametrize(
    ("readings", "freshness"),
    [
        pytest.param([], Freshness.UNREAD, id="nothing yet"),
        pytest.param([seen("PENDING")], Freshness.LIVE, id="pending"),
        pytest.param([seen("SUCCESS")], Freshness.LIVE, id="ended, not confirmed"),
        pytest.param([seen("SUCCESS"), seen("SUCCESS")], Freshness.FINAL, id="ended and confirmed"),
        pytest.param([seen("SUCCESS"), seen("FAILED")], Freshness.LIVE, id="ended another way"),
        pytest.param([seen("PAUSED"), seen("PAUSED")], Freshness.LIVE, id="unknown status never settles"),
        pytest.param([Failed(DOWN.record, at())], Freshness.UNREAD, id="failed before any answer"),
        pytest.param([seen("WORKING"), Failed(DOWN.record, at())], Freshness.STALE, id="failed after an answer"),
        pytest.param([seen("WORKING"), Missing(LOST.record, at())], Freshness.GONE, id="vanished"),
        pytest.param([Missing(LOST.record, at())], Freshness.UNREAD, id="never there"),
        pytest.param([seen("WORKING"), Missing(LOST.record, at()), seen("WORKING")], Freshness.LIVE, id="came back"),
        pytest.param([seen("SUCCESS"), seen("SUCCESS"), seen("WORKING")], Freshness.LIVE, id="went on after its end"),
    ],
)
def test_freshness_follows_the_readings(readings, freshness):
    assert after(*readings).freshness is freshness


def test_last_good_answer_survives_failures_with_its_age():
    tracked = after(seen("WORKING", 0), Failed(DOWN.record, at(10)), Failed(DOWN.record, at(20)))

    assert tracked.status is JobStatus.WORKING
    assert tracked.answered_at == at(0)
    assert tracked.polled_at == at(20)
    assert tracked.error == DOWN.record
    assert tracked.failures == 2


def test_good_answer_clears_trouble():
    tracked = after(Failed(DOWN.record, at()), Missing(LOST.record, at()), seen("PENDING"))

    assert (tracked.error, tracked.failures, tracked.not_found_count) == (None, 0, 0)


def test_each_change_of_status_is_recorded_once():
    tracked = after(seen("PENDING", 0), seen("PENDING", 1), seen("WORKING", 2), seen("WORKING", 3), seen("SUCCESS", 4))

    changes = [(change.before, change.after, change.at) for change in tracked.transitions]
    assert changes == [("PENDING", "WORKING", at(2)), ("WORKING", "SUCCESS", at(4))]
    assert not any(change.is_reversal for change in tracked.transitions)


def test_leaving_a_terminal_status_is_marked():
    tracked = after(seen("SUCCESS"), seen("WORKING"))

    assert tracked.transitions[-1].is_reversal


def test_job_is_given_up_after_a_few_misses():
    readings = [Missing(LOST.record, at())] * MISSES_UNTIL_LOST

    assert not after(*readings[:-1]).is_final
    assert after(*readings).is_final


def test_newest_description_counts_even_where_python_finds_it_equal():
    """1 == True, but a person sees that they differ."""
    tracked = TrackedJob(1).apply_reading(Seen(job(1, "WORKING", success=1), at()))

    after = tracked.apply_reading(Seen(job(1, "WORKING", success=True), at(5)))

    assert (tracked.job.verbatim("success"), after.job.verbatim("success")) == ("1", "true")


READINGS = st.lists(
    st.one_of(
        st.sampled_from(["PENDING", "WORKING", "SUCCESS", "FAILED", "ODD", None]).map(seen),
        st.just(Failed(DOWN.record, at())),
        st.just(Missing(LOST.record, at())),
    ),
    max_size=30,
)


@given(READINGS)
def test_invariants_hold_whatever_comes(readings):
    tracked = after(*readings)

    last_seen = next((reading.job for reading in reversed(readings) if isinstance(reading, Seen)), None)
    assert (tracked.job is None) == (last_seen is None)
    assert tracked.status == (last_seen.status if last_seen else None)
    assert (tracked.error is None) == (not readings or isinstance(readings[-1], Seen))
    assert len(tracked.transitions) <= TRANSITIONS_KEPT
    assert all(change.before != change.after for change in tracked.transitions)
    if tracked.freshness is Freshness.FINAL:
        assert tracked.status.is_terminal


def test_the_newest_hundred_transitions_are_kept():
    tracked = after(*(seen(("PENDING", "WORKING")[number % 2], number) for number in range(102)))

    assert [transition.at for transition in tracked.transitions] == [at(number) for number in range(2, 102)]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("SUCCESS", "WORKING", True),
        ("FAILED", "SUCCESS", True),
        ("SUCCESS", "SUCCESS", False),
        ("WORKING", "SUCCESS", False),
        ("SUCCESS", None, True),
        (None, "SUCCESS", False),
    ],
)
def test_only_leaving_a_terminal_status_is_a_reversal(before, now, expected):
    status = {name: name and JobStatus(name) for name in (before, now)}

    assert Transition(at(), status[before], status[now]).is_reversal is expected


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        pytest.param((), (False, False), id="not-read"),
        pytest.param((Missing(LOST.record, at()),), (False, True), id="never-described"),
        pytest.param((seen("WORKING"), Missing(LOST.record, at())), (True, False), id="described-once"),
        pytest.param((seen("WORKING"),), (False, False), id="there"),
        pytest.param((Failed(DOWN.record, at()),), (False, False), id="failed"),
    ],
)
def test_a_job_is_gone_if_it_was_described_once_and_else_not_found(reading, expected):
    tracked = after(*reading)

    assert (tracked.is_gone, tracked.is_not_found) == expected


@pytest.mark.parametrize(
    ("readings", "group"),
    [
        pytest.param((), Group(None, False, False), id="not-read"),
        pytest.param((seen("WORKING"),), Group("WORKING", False, False), id="read"),
        pytest.param((Missing(LOST.record, at()),), Group(None, True, False), id="not-found"),
        pytest.param((seen("WORKING"), Missing(LOST.record, at())), Group("WORKING", True, False), id="gone"),
        pytest.param((seen("WORKING"), Failed(DOWN.record, at())), Group("WORKING", False, True), id="stale"),
        pytest.param((Failed(DOWN.record, at()),), Group(None, False, False), id="failed"),
    ],
)
def test_a_group_says_what_is_counted_of_a_job(readings, group):
    assert after(*readings).condition.group == group


def test_counters_stop_at_twelve():
    failed = after(*[Failed(DOWN.record, at())] * 13)
    missing = after(*[Missing(LOST.record, at())] * 13)
    repeated = after(*[seen("WORKING")] * 14)

    assert (failed.failures, missing.not_found_count, repeated.condition.repeats) == (12, 12, 12)


def test_a_lost_job_keeps_its_error_and_is_not_stale_when_reads_fail():
    lost = after(seen("WORKING"), *[Missing(LOST.record, at())] * MISSES_UNTIL_LOST)

    failed = lost.apply_reading(Failed(DOWN.record, at(9)))

    assert (failed.error, failed.freshness, failed.polled_at) == (LOST.record, Freshness.GONE, at(9))


@pytest.mark.parametrize(
    ("status", "started", "expected"),
    [
        ("WORKING", at(), 60.0),
        ("WORKING", at(61), 0.0),
        ("WORKING", None, 0.0),
        ("SUCCESS", at(), 0.0),
        ("PENDING", at(), 0.0),
    ],
)
def test_only_a_working_job_has_an_elapsed_time(status, started, expected):
    tracked = after(Seen(job(1, status, started=started and started.isoformat()), at()))

    assert elapsed_s(tracked, at(60)) == expected
    assert elapsed_s(TrackedJob(1), at(60)) == 0.0
