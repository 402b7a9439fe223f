from tests.monitor.facts import at, job
from tui.api.answer import Answer
from tui.monitor.calls import Departure, OneJob
from tui.monitor.knowledge import Knowledge, Moment
from tui.monitor.schedule import PollPolicy


def read(known, described, now_s):
    """Let a call for this job bring what is described."""
    departure = Departure(OneJob(described.job_id), {described.job_id: now_s}, at_s=now_s, late_s=0.0)
    known.answered(departure, Answer((described,), None, None), Moment(now_s, at(now_s), roll=0.5))


def test_job_that_changes_its_file_is_expected_in_the_list_of_the_new_one():
    known = Knowledge(PollPolicy())
    known.track([1, 2], 0.0)
    read(known, job(1, originalFilename="a.csv"), 0.0)
    read(known, job(2, originalFilename="b.csv"), 1.0)

    read(known, job(1, originalFilename="b.csv"), 2.0)

    call = known.planner.coverage.call_for(1, 3.0)
    assert call.query.original_filename == "b.csv"
    assert call.expected == {1, 2}
