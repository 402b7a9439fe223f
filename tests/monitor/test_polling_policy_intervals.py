import pytest

from tests.support.factories import at, job
from tui.domain.poll_policy import PollPolicy
from tui.domain.tracked_job import TrackedJob
from tui.monitor.polling_policy import PollingIntervals

MIDDLE = 0.5
"""The roll that neither stretches nor shortens."""


@pytest.fixture
def pace():
    return PollingIntervals(PollPolicy())


@pytest.fixture
def working():
    """A job that has been at work since `at()`."""
    return TrackedJob(1).seen(job(1, "WORKING", started=at().isoformat()), at())


def test_working_job_is_due_after_a_tenth_of_its_age(pace, working):
    turns = pace.turns({1: working}, roll=MIDDLE, server_now=at(60))

    assert turns == {(6.0, 0.0): [1]}


def test_job_near_its_usual_end_is_due_soon_and_goes_first(pace, working):
    for job_id in (2, 3, 4):
        pace.run_times.ended(job(job_id, "SUCCESS", started=at().isoformat(), finished=at(100).isoformat()))

    turns = pace.turns({1: working}, roll=MIDDLE, server_now=at(90))

    assert turns == {(2.0, 5.0): [1]}
