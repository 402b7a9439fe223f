import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at, job
from tui.domain.errors import JobNotFound, Unreachable
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import MISSES_UNTIL_LOST, TRANSITIONS_KEPT, Failed, Freshness, Missing, Seen, TrackedJob

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
