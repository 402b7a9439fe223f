import pytest

from tests.support.factories import NOON, at, job
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import BadAnswer, JobNotFound, Unauthorised, Unreachable
from tui.domain.selection import Selection
from tui.domain.snapshot import Snapshot, Update
from tui.domain.tracked_job import Failed, Missing, Seen, TrackedJob
from tui.domain.watched_list import Extent, WatchedList
from tui.domain.watchlist import Watchlist
from tui.monitor.connection_tracker import ConnectionTracker
from tui.scripts.wait_state import FileCourse, JobResult, Plan, WaitState

DOWN = Unreachable("refused")


class Told:
    """A course, and what it is told; it began at second 100."""

    def __init__(self, **plan):
        self.course = WaitState(Plan(**plan), 100.0)
        self.watchlist = Watchlist()
        self.answered_at = None

    def read(self, now_s, *readings, link=Connection(), list_reading=0):  # noqa: B008  # frozen
        changed = []
        for job_id, reading in readings:
            state = self.watchlist.get(job_id) or TrackedJob(job_id)
            if isinstance(reading, JobNotFound):
                state = state.apply_reading(Missing(reading.record, at(now_s)))
            elif isinstance(reading, Exception):
                state = state.apply_reading(Failed(reading.record, at(now_s)))
            else:
                state = state.apply_reading(Seen(job(job_id, reading, originalFilename="inv.csv"), at(now_s)))
                self.answered_at = at(now_s)
            changed.append(state)
        self.watchlist = self.watchlist.with_jobs(changed)
        lists = (WatchedList(Selection("inv.csv"), list_reading, extent=Extent.COMPLETE),) if list_reading else ()
        snapshot = Snapshot(watchlist=self.watchlist, link=link, answered_at=self.answered_at, lists=lists)
        self.course.take(Update(tuple(changed)), snapshot, now_s)

    def standing(self, now_s):
        return self.course.standing(now_s)


def test_jobs_are_counted_by_what_they_contribute():
    told = Told()

    told.read(101, (1, "SUCCESS"), (2, "FAILED"), (3, "WORKING"))

    standing = told.standing(102)
    assert (standing.elapsed_s, dict(standing.ended), standing.unended) == (
        2,
        {JobResult.SUCCESS: 1, JobResult.FAILED: 1},
        1,
    )


def test_a_job_that_goes_back_has_not_ended():
    told = Told()
    told.read(101, (1, "SUCCESS"))

    told.read(102, (1, "WORKING"))

    assert told.standing(102).unended == 1


def test_a_job_that_may_still_come_has_not_ended():
    told = Told(start_s=60.0)
    for now_s in range(101, 105):
        told.read(now_s, (1, JobNotFound("none")))

    assert (told.course.awaited(159), told.course.lost(159), told.course.unended(159)) == ((1,), (), {1})
    assert (told.course.awaited(160), told.course.lost(160), told.course.unended(160)) == ((), (1,), set())
    assert told.standing(160).ended == {JobResult.NOT_FOUND: 1}


def test_something_good_ends_the_time_of_nothing_but_failure():
    told = Told()
    told.read(110, (1, DOWN))
    before = told.standing(150).failing_s
    told.read(160, (1, "WORKING"))
    between = told.standing(170).failing_s
    told.read(180, (1, DOWN))

    assert (before, between, told.standing(200).failing_s) == (40, None, 20)


@pytest.mark.parametrize(
    ("reading", "is_answered"), [("PENDING", True), (JobNotFound("none"), True), (DOWN, False)], ids=str
)
def test_what_counts_as_an_answer(reading, is_answered):
    told = Told()

    told.read(101, (1, reading))

    assert told.standing(101).is_answered is is_answered


def test_a_refusal_is_timed_until_it_is_over():
    told, refused = Told(), ConnectionTracker().failed(Unauthorised("no"), at=at(10), now_s=110.0)
    told.read(110, link=refused.connection)
    told.read(120, link=refused.connection)
    first = told.standing(125)
    told.read(150, link=refused.failed(Unauthorised("no"), at=at(50), now_s=150.0).connection)
    last = told.standing(155)

    told.read(160)

    assert (first.link, first.refused_s, last.refused_s, told.standing(160).refused_s) == (
        ConnectionState.UNAUTHORIZED,
        0,
        40,
        None,
    )


def test_failures_of_an_outage_are_no_fault_of_a_job():
    told, tracker = Told(), ConnectionTracker()
    for _ in range(5):
        tracker = tracker.failed(DOWN, at=NOON, now_s=0.0)
    for now_s in range(101, 121):
        told.read(now_s, (1, DOWN), link=tracker.connection)

    assert told.standing(121).unended == 1


def test_ten_failures_of_a_job_alone_are_its_end_until_it_is_read():
    told = Told()
    for now_s in range(101, 111):
        told.read(now_s, (1, BadAnswer("odd")))
    after_ten = dict(told.standing(111).ended)

    told.read(112, (1, "WORKING"))

    assert (after_ten, told.standing(112).ended) == ({JobResult.UNREAD: 1}, {})


def test_a_job_fails_from_its_third_failure_in_a_row_until_it_is_read():
    told = Told()
    counts = []
    for now_s, reading in enumerate([BadAnswer("odd")] * 3 + ["WORKING"], 101):
        told.read(now_s, (1, reading), (2, "WORKING"))
        counts.append(told.standing(now_s).failing)

    assert counts == [0, 0, 1, 0]


def test_the_course_of_a_file():
    told = Told(files=("inv.csv",))
    told.read(105, (1, "WORKING"), list_reading=1)
    first = told.standing(105).file
    told.read(110, (1, "SUCCESS"), list_reading=1)
    ended = told.standing(110).file
    told.read(120, (2, "WORKING"), list_reading=2)
    newcomer = told.standing(120).file
    told.read(130, (2, "SUCCESS"), list_reading=2)

    assert first == FileCourse(newest_s=5, read_s=5, ended_s=None)
    assert ended == FileCourse(newest_s=5, read_s=5, ended_s=10)
    assert newcomer == FileCourse(newest_s=20, read_s=20, ended_s=None)
    assert told.standing(130).file == FileCourse(newest_s=20, read_s=20, ended_s=30)


def test_uploads_of_a_pattern_are_final_only_after_a_later_search():
    told = Told(files=("inv.csv",), late_pattern="inv*", settle_s=30.0)
    told.read(105, (1, "SUCCESS"), list_reading=1)
    told.read(140, list_reading=2)
    before = told.course.must_search(134), told.course.must_search(140), told.standing(140).file.read_s

    told.course.take_uploads(told.course._plan, 141.0)
    told.read(142, list_reading=3)

    assert before == (False, True, 0)
    assert (told.course.must_search(142), told.standing(142).file.read_s) == (False, 41)


def test_file_is_proven_complete_by_a_reading_after_the_last_job_settled():
    told = Told(files=("inv.csv",), settle_s=30.0)
    told.read(105, (1, "SUCCESS"), list_reading=1)
    early = told.standing(106).file.is_proven
    told.read(140, list_reading=2)

    assert (early, told.standing(140).file.is_proven) == (None, True)
