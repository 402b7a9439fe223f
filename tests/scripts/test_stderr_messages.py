from datetime import timedelta

import pytest

from tests.support.factories import NOON, at, job
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import JobNotFound, ServerFault, Unauthorised
from tui.domain.snapshot import Snapshot
from tui.domain.tracked_job import MISSES_UNTIL_LOST, Missing, TrackedJob
from tui.monitor.connection_tracker import ConnectionTracker
from tui.scripts.read_once import ReadResult
from tui.scripts.stderr_messages import AccessNotes, ending_note, lost_note, problems, unknown_end_notes
from tui.scripts.wait_state import Outcome, Plan, Reason

UP = Connection()
PLAN = Plan(files=("inv.csv",), timeout_s=1800.0, start_s=60.0)


def note(reason, *, link=UP, unended=(), plan=PLAN, has_jobs=True):
    jobs = [each if isinstance(each, TrackedJob) else TrackedJob(each) for each in unended]
    return ending_note(Outcome(reason), plan, link, jobs, has_jobs=has_jobs)


@pytest.mark.parametrize("reason", [Reason.ENDED, Reason.FIRST, Reason.FAILED, Reason.INTERRUPTED], ids=str)
def test_what_the_data_say_is_not_said_again(reason):
    assert note(reason) is None


def test_a_timeout_names_the_jobs_that_have_not_ended():
    assert note(Reason.TIMED_OUT, unended=(7, 8, 9, 12)) == "timed out after 30m: 4 jobs not ended: 7-9,12"


def test_a_timeout_tells_jobs_that_do_not_exist_apart():
    missing = TrackedJob(9).apply_reading(Missing(JobNotFound("none").record, at()))

    assert (
        note(Reason.TIMED_OUT, unended=(7, missing, 8))
        == "timed out after 30m: 2 jobs not ended: 7,8; 1 job not found: 9"
    )
    assert note(Reason.TIMED_OUT, unended=(missing,)) == "timed out after 30m: 1 job not found: 9"


def test_a_timeout_without_any_job_says_so():
    assert note(Reason.TIMED_OUT, has_jobs=False) == "timed out after 30m: no job of the file 'inv.csv' was found"


def test_a_timeout_says_what_kept_the_answers_away():
    link = Connection(
        state=ConnectionState.UNAUTHORIZED, error=Unauthorised("the token was rejected", remedy="renew it").record
    )

    assert (
        note(Reason.TIMED_OUT, unended=(7,), link=link)
        == "timed out after 30m: 1 job not ended: 7; the token was rejected; renew it"
    )


def test_a_timeout_names_no_endless_list():
    assert len(note(Reason.TIMED_OUT, unended=tuple(range(1, 4000, 2))) or "") < 300


def test_a_timeout_after_all_known_jobs_have_ended_says_what_was_waited_for():
    assert note(Reason.TIMED_OUT) == "timed out after 30m: more jobs of the file 'inv.csv' may have come"


def test_a_file_without_jobs_is_named_with_what_to_do():
    assert (
        note(Reason.NO_FILE)
        == "no job of the file 'inv.csv' came within 1m; check its exact name and the tenant, or raise --wait-for-start"
    )


def test_a_refusal_is_the_server_s_own():
    error = Unauthorised("the token was rejected", remedy="renew it", http_status=401)
    link = ConnectionTracker().failed(error, at=NOON, now_s=0.0).connection

    assert note(Reason.UNAUTHORIZED, link=link) == "the token was rejected; renew it (HTTP 401)"


@pytest.mark.parametrize("reason", [Reason.UNREACHED, Reason.GIVEN_UP], ids=str)
def test_an_end_without_an_answer_says_once_what_to_do_and_the_correlation_last(reason):
    error = ServerFault("the server failed", remedy="try again later", correlation_id="7f3a", http_status=500)

    told = note(reason, link=Connection(state=ConnectionState.OFFLINE, error=error.record))

    assert told.endswith("the server failed; try again later (HTTP 500, correlation 7f3a)")
    assert told.count(";") == 1


def lost(tracked):
    """What is known of a job after it was not found often enough."""
    for _ in range(MISSES_UNTIL_LOST):
        tracked = tracked.apply_reading(Missing(JobNotFound("none").record, at()))
    return tracked


NEVER, GONE = lost(TrackedJob(7)), lost(TrackedJob(7).seen(job(7), at()))


@pytest.mark.parametrize(
    ("start_s", "jobs", "is_told"), [(0.0, [GONE, NEVER], True), (60.0, [NEVER], False), (0.0, [GONE], False)]
)
def test_a_job_that_never_existed_can_be_waited_for(start_s, jobs, is_told):
    told = lost_note(Plan(start_s=start_s), jobs)

    assert (told is not None and "--wait-for-start" in told) == is_told


def test_an_end_that_nobody_knows_is_said_once_for_all_its_jobs():
    end = {"finished": "2026-11-23T09:33:27Z"}
    odd = [
        TrackedJob(n).seen(job(n, "CANCELLED", **end), at()).seen(job(n, "CANCELLED", **end), at()) for n in (7, 8, 9)
    ]
    none = TrackedJob(3).seen(job(3, None, **end), at()).seen(job(3, None, **end), at())
    others = [
        TrackedJob(1).seen(job(1, "FAILED"), at()).seen(job(1, "FAILED"), at()),
        TrackedJob(2).seen(job(2, "NEW", **end), at()),
    ]

    assert unknown_end_notes([*others, *odd, none]) == (
        "3 jobs ended with the status 'CANCELLED', which jobdeck does not know: 7-9; not a success",
        "1 job ended without a status: 3; not a success",
    )


def test_an_error_is_told_once_for_all_its_jobs():
    error = JobNotFound("none", remedy="check the id")
    readings = [ReadResult(1, NOON, error=error.record), ReadResult(2, NOON, error=error.record), ReadResult(3, NOON)]

    assert problems(readings) == ("1,2: none; check the id",)


def ends_in(seconds):
    return Snapshot(access_ends_at=NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("left_s", [601, 0, -5])
def test_a_token_is_not_spoken_of_long_before_its_end_nor_after_it(left_s):
    assert AccessNotes().new(ends_in(left_s), NOON) == ()


def test_a_token_s_end_is_told_once_and_a_new_one_s_again():
    notes = AccessNotes()

    told = [
        notes.new(ends_in(540), NOON),
        notes.new(ends_in(540), NOON + timedelta(seconds=60)),
        notes.new(ends_in(600), NOON),
    ]

    assert told[0] == ("the token expires in 9 min; renew it, or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET",)
    assert told[1] == ()
    assert told[2][0].startswith("the token expires in 10 min;")


def test_a_renewal_is_told_once():
    notes = AccessNotes()
    renewed = Snapshot(token_renewed_at=NOON)

    assert notes.new(renewed, NOON) == ("the token was rejected, and jobdeck renewed it",)
    assert notes.new(renewed, NOON) == ()


def test_the_end_of_a_refusal_is_told_once_and_not_before_an_answer():
    notes, up = AccessNotes(), ConnectionTracker()
    refused = up.failed(Unauthorised("no"), at=NOON, now_s=0.0)
    in_doubt = refused.retry_now().failed(ServerFault("broken"), at=at(9), now_s=9.0)

    told = [
        notes.new(Snapshot(link=tracker.connection), NOON)
        for tracker in (up, refused, refused, in_doubt, in_doubt.succeeded(now_s=10.0), up)
    ]

    assert told == [(), (), (), (), ("the token is accepted again",), ()]


def test_elements_of_a_list_that_are_not_jobs_are_said_once():
    notes = AccessNotes()

    said = [notes.new(Snapshot(skipped=skipped), NOON) for skipped in (0, 2, 3)]

    assert [len(texts) for texts in said] == [0, 1, 0]
    assert said[1][0].startswith("the server's list holds 2 elements that describe no job")


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(Connection(ConnectionState.OFFLINE, since=NOON), id="an outage after it"),
        pytest.param(Connection(ConnectionState.THROTTLED, since=NOON), id="a silence after it"),
        pytest.param(Connection(ConnectionState.UP, refused_at=NOON), id="no answer since"),
    ],
)
def test_a_token_is_not_called_accepted_before_an_answer_shows_it(link):
    notes, refused = AccessNotes(), Connection(ConnectionState.UNAUTHORIZED, since=NOON, refused_at=NOON)

    told = [notes.new(Snapshot(link=each), NOON) for each in (refused, link, UP)]

    assert told == [(), (), ("the token is accepted again",)]
