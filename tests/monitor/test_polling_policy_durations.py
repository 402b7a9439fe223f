import pytest

from tests.support.factories import at, job
from tui.monitor.polling_policy import DurationStats


def ended(ran_s, **fields):
    return job(1, "SUCCESS", started=at().isoformat(), finished=at(ran_s).isoformat(), type="REFRESH", **fields)


def learned(*jobs):
    run_times = DurationStats()
    for each in jobs:
        run_times.ended(each)
    return run_times


def test_three_jobs_of_a_kind_tell_what_is_usual():
    file = {"originalFilename": "a.csv"}
    run_times = learned(ended(10, **file), ended(90, **file), ended(12, **file))

    assert run_times.usual_s(job(2, "WORKING", type="REFRESH", **file)) == 12
    assert run_times.usual_s(job(2, "WORKING", type="REFRESH", originalFilename="b.csv")) is None


def test_two_jobs_tell_nothing():
    assert learned(ended(10), ended(10)).usual_s(ended(1)) is None


def test_what_is_usual_follows_the_newest_jobs():
    run_times = learned(*(ended(10) for _ in range(9)), *(ended(50) for _ in range(9)))

    assert run_times.usual_s(ended(1)) == 50


@pytest.mark.parametrize("odd", [job(1, "SUCCESS"), ended(-5)], ids=["no times", "ends before it starts"])
def test_job_without_a_run_teaches_nothing(odd):
    assert learned(odd, odd, odd).usual_s(odd) is None
