import pytest

from tests.support.factories import at, job
from tui.domain.errors import JobNotFound, Unreachable
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import NEW, Failed, Missing, Seen, TrackedJob, after_failure, after_missing, after_success


def after(*readings, job_id=1):
    tracked = TrackedJob(job_id)
    for reading in readings:
        tracked = tracked.apply_reading(Seen(job(job_id, reading), at()) if isinstance(reading, str) else reading)
    return tracked.condition


@pytest.mark.parametrize(
    "readings",
    [
        pytest.param(("PENDING", "PENDING", "WORKING"), id="moving on"),
        pytest.param(("PAUSED", "PAUSED"), id="a status that nobody announced"),
        pytest.param(("WORKING", Failed(Unreachable("refused").record, at()), "WORKING"), id="failed in between"),
        pytest.param((Missing(JobNotFound("none").record, at()),) * 3, id="not found"),
    ],
)
def test_jobs_that_fared_alike_share_one_condition(readings):
    assert after(*readings) is after(*readings, job_id=2)


def test_jobs_that_got_there_by_different_ways_share_it_too():
    assert after_success(after_success(NEW, JobStatus.PENDING), JobStatus.WORKING) is after_success(
        after_missing(NEW), JobStatus.WORKING
    )


CANCELLED = JobStatus("CANCELLED")


def test_an_end_with_an_unknown_status_is_confirmed_by_a_second_reading():
    going = after_success(after_success(NEW, CANCELLED), CANCELLED)
    once = after_success(going, CANCELLED, is_ended=True)
    twice = after_success(once, CANCELLED, is_ended=True)

    assert [condition.is_confirmed for condition in (going, once, twice)] == [False, False, True]
    assert [condition.is_final for condition in (going, once, twice)] == [False, False, True]


@pytest.mark.parametrize("doubt", [after_failure, after_missing])
def test_a_doubt_leaves_an_end_what_it_is(doubt):
    once = after_success(NEW, CANCELLED, is_ended=True)

    assert doubt(once).is_ended


def test_first_sight_repeats_nothing():
    assert [
        after_success(NEW, None).repeats,
        after_success(after_failure(NEW), None).repeats,
        after_success(after_success(NEW, None), None).repeats,
    ] == [0, 0, 1]


def test_failed_reading_between_misses_does_not_start_their_count_again():
    condition = after_missing(after_failure(after_missing(NEW)))

    condition = after_missing(after_missing(condition))

    assert (condition.not_found_count, condition.is_final) == (4, True)
