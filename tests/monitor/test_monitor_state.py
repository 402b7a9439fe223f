import pytest

from tests.support.factories import at, job
from tui.domain.errors import BadAnswer, ServerFault, Unreachable
from tui.domain.job_source import ApiResult
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection
from tui.monitor.monitor_state import FILES_EVERY_S, Moment, MonitorState
from tui.monitor.request_gate import RequestGate
from tui.monitor.requests import InFlightRequest, JobRequest


def read(known, described, now_s):
    """Let a call for this job bring what is described."""
    request = InFlightRequest(JobRequest(described.job_id), {described.job_id: now_s}, at_s=now_s, late_s=0.0)
    known.answered(request, ApiResult((described,), None, None), Moment(now_s, at(now_s), roll=0.5))


def test_job_that_changes_its_file_is_expected_in_the_list_of_the_new_one():
    known = MonitorState(PollPolicy(), RequestGate())
    known.track([1, 2], 0.0)
    read(known, job(1, originalFilename="a.csv"), 0.0)
    read(known, job(2, originalFilename="b.csv"), 1.0)

    read(known, job(1, originalFilename="b.csv"), 2.0)

    call = known.planner.batching.call_for(1, 3.0)
    assert call.query.original_filename == "b.csv"
    assert call.expected == {1, 2}


def moment(now_s):
    return Moment(now_s, at(now_s), roll=0.5)


# lists that fail

FILE = Selection(file="a.csv")


@pytest.mark.parametrize(
    "error", [ServerFault("broken"), Unreachable("gone"), BadAnswer("odd")], ids=lambda error: error.kind
)
def test_watched_list_that_failed_is_requested_again_after_its_pause(error):
    known = MonitorState(PollPolicy(), RequestGate())
    known.track_selection(FILE, 0.0)
    request = known.planner.next_request(0.0)

    known.failed(request, error, moment(1.0))

    assert request.call.query.unlimited == FILE.query
    assert known.planner.next_s(1.0) == 1.0 + FILES_EVERY_S
    assert known.planner.next_request(0.9 + FILES_EVERY_S) is None
    assert known.planner.next_request(1.0 + FILES_EVERY_S).call.query.unlimited == FILE.query


# run times


def ran(job_id, status="SUCCESS", ran_s=60.0, **fields):
    return job(job_id, status, type="REFRESH", started=at().isoformat(), finished=at(ran_s).isoformat(), **fields)


def usual_s(*readings):
    """Return what is known to be usual after these readings, a second apart."""
    known = MonitorState(PollPolicy(), RequestGate())
    known.track([described.job_id for described in readings], 0.0)
    for now_s, described in enumerate(readings):
        read(known, described, float(now_s))
    return known.planner.pace.run_times.usual_s(job(9, type="REFRESH"))


def test_run_times_are_learned_from_jobs_that_ended():
    assert usual_s(ran(1, ran_s=50), ran(2, "FAILED", ran_s=60), ran(3, ran_s=70)) == 60


def test_job_that_is_read_again_after_its_end_teaches_nothing_more():
    assert usual_s(ran(1), ran(1, locationCode="W1"), ran(1, locationCode="W2"), ran(1, locationCode="W3")) is None


def test_job_that_is_read_again_after_a_failure_teaches_nothing_more():
    known = MonitorState(PollPolicy(), RequestGate())
    known.track([1], 0.0)
    for now_s in (0.0, 10.0, 20.0, 30.0):
        read(known, ran(1), now_s)
        request = InFlightRequest(JobRequest(1), {1: now_s + 1}, at_s=now_s + 1, late_s=0.0)
        known.failed(request, ServerFault("broken"), moment(now_s + 2))

    assert known.planner.pace.run_times.usual_s(job(9, type="REFRESH")) is None


@pytest.mark.parametrize("status", ["WORKING", "PENDING", "PAUSED", None], ids=str)
def test_job_with_an_end_but_no_end_status_teaches_nothing(status):
    assert usual_s(*(ran(job_id, status) for job_id in (1, 2, 3))) is None
