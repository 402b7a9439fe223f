from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import NOON, at, job
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import BadAnswer, JobNotFound, Unauthorised, Unreachable
from tui.domain.selection import Selection
from tui.domain.snapshot import Snapshot, Update
from tui.domain.tracked_job import Failed, Missing, Seen, TrackedJob
from tui.domain.watched_list import Extent, WatchedList
from tui.monitor.connection_tracker import ConnectionTracker
from tui.scripts.wait_state import FileProgress, JobResult, Plan, WaitState

DOWN = Unreachable("refused")


class Watch:
    """The state of a watch that began at second 100, and the responses that lead to it."""

    def __init__(self, **plan):
        self.state = WaitState.begin(Plan(**plan), 100.0)
        self.snapshot = Snapshot()

    def read(self, now_s, *readings, link=Connection(), list_reading=0):  # noqa: B008  # frozen
        changed, answered_at = [], self.snapshot.answered_at
        for job_id, reading in readings:
            tracked = self.snapshot.watchlist.get(job_id) or TrackedJob(job_id)
            if isinstance(reading, JobNotFound):
                tracked = tracked.apply_reading(Missing(reading.record, at(now_s)))
            elif isinstance(reading, Exception):
                tracked = tracked.apply_reading(Failed(reading.record, at(now_s)))
            else:
                tracked = tracked.apply_reading(Seen(job(job_id, reading, originalFilename="inv.csv"), at(now_s)))
                answered_at = at(now_s)
            changed.append(tracked)
        lists = (WatchedList(Selection("inv.csv"), list_reading, extent=Extent.COMPLETE),) if list_reading else ()
        watchlist = self.snapshot.watchlist.with_jobs(changed)
        after = Snapshot(watchlist=watchlist, link=link, answered_at=answered_at, lists=lists)
        self.state = self.state.apply(self.snapshot.update_to(after, changed), now_s)
        self.snapshot = after

    def progress(self, now_s):
        return self.state.progress(now_s)


def test_jobs_are_counted_by_what_they_contribute():
    watch = Watch()

    watch.read(101, (1, "SUCCESS"), (2, "FAILED"), (3, "WORKING"))

    progress = watch.progress(102)
    assert (progress.elapsed_s, dict(progress.ended), progress.unended) == (
        2,
        {JobResult.SUCCESS: 1, JobResult.FAILED: 1},
        1,
    )


def test_a_job_that_goes_back_has_not_ended():
    watch = Watch()
    watch.read(101, (1, "SUCCESS"))

    watch.read(102, (1, "WORKING"))

    assert watch.progress(102).unended == 1


def test_a_state_stays_as_it_was_before_an_update():
    watch = Watch()
    watch.read(101, (1, "WORKING"))
    before = watch.state

    watch.read(102, (1, "SUCCESS"), (2, "WORKING"))

    assert (before.unended(102), before.progress(102).unended) == ({1}, 1)


def test_a_job_that_is_not_watched_any_more_does_not_count():
    watch = Watch()
    watch.read(101, (1, "WORKING"), (2, "SUCCESS"))

    after = watch.state.apply(Update(untracked=(1,)), 102)

    assert (after.unended(102), after.progress(102).unended, after.progress(102).ended) == (
        set(),
        0,
        {JobResult.SUCCESS: 1},
    )


READINGS = st.sampled_from(["WORKING", "SUCCESS", "FAILED", JobNotFound("none"), BadAnswer("odd")])


@given(st.lists(st.lists(st.tuples(st.integers(1, 5), READINGS), max_size=5, unique_by=lambda each: each[0])))
def test_updated_counts_are_those_of_the_jobs(updates):
    watch = Watch()

    for now_s, readings in enumerate(updates, 101):
        watch.read(now_s, *readings)

    assert watch.state.counts == Counter(watch.state.jobs.values())


def test_a_job_that_may_still_come_has_not_ended():
    watch = Watch(start_s=60.0)
    for now_s in range(101, 105):
        watch.read(now_s, (1, JobNotFound("none")))

    assert (watch.state.awaited(159), watch.state.lost(159), watch.state.unended(159)) == ((1,), (), {1})
    assert (watch.state.awaited(160), watch.state.lost(160), watch.state.unended(160)) == ((), (1,), set())
    assert watch.progress(160).ended == {JobResult.NOT_FOUND: 1}


def test_something_good_ends_the_time_of_nothing_but_failure():
    watch = Watch()
    watch.read(110, (1, DOWN))
    before = watch.progress(150).failing_s
    watch.read(160, (1, "WORKING"))
    between = watch.progress(170).failing_s
    watch.read(180, (1, DOWN))

    assert (before, between, watch.progress(200).failing_s) == (40, None, 20)


@pytest.mark.parametrize(
    ("reading", "is_answered"), [("PENDING", True), (JobNotFound("none"), True), (DOWN, False)], ids=str
)
def test_what_counts_as_an_answer(reading, is_answered):
    watch = Watch()

    watch.read(101, (1, reading))

    assert watch.progress(101).is_answered is is_answered


def test_a_refusal_is_timed_until_it_is_over():
    watch, refused = Watch(), ConnectionTracker().failed(Unauthorised("no"), at=at(10), now_s=110.0)
    watch.read(110, link=refused.connection)
    watch.read(120, link=refused.connection)
    first = watch.progress(125)
    watch.read(150, link=refused.failed(Unauthorised("no"), at=at(50), now_s=150.0).connection)
    last = watch.progress(155)

    watch.read(160)

    assert (first.link, first.rejected_s, last.rejected_s, watch.progress(160).rejected_s) == (
        ConnectionState.UNAUTHORIZED,
        0,
        40,
        None,
    )


def test_failures_of_an_outage_are_no_fault_of_a_job():
    watch, tracker = Watch(), ConnectionTracker()
    for _ in range(5):
        tracker = tracker.failed(DOWN, at=NOON, now_s=0.0)
    for now_s in range(101, 121):
        watch.read(now_s, (1, DOWN), link=tracker.connection)

    assert watch.progress(121).unended == 1


def test_ten_failures_of_a_job_alone_are_its_end_until_it_is_read():
    watch = Watch()
    for now_s in range(101, 111):
        watch.read(now_s, (1, BadAnswer("odd")))
    after_ten = dict(watch.progress(111).ended)

    watch.read(112, (1, "WORKING"))

    assert (after_ten, watch.progress(112).ended) == ({JobResult.UNREAD: 1}, {})


def test_a_job_fails_from_its_third_failure_in_a_row_until_it_is_read():
    watch = Watch()
    counts = []
    for now_s, reading in enumerate([BadAnswer("odd")] * 3 + ["WORKING"], 101):
        watch.read(now_s, (1, reading), (2, "WORKING"))
        counts.append(watch.progress(now_s).failing)

    assert counts == [0, 0, 1, 0]


def test_the_progress_of_a_file():
    watch = Watch(files=("inv.csv",))
    watch.read(105, (1, "WORKING"), list_reading=1)
    first = watch.progress(105).file
    watch.read(110, (1, "SUCCESS"), list_reading=1)
    ended = watch.progress(110).file
    watch.read(120, (2, "WORKING"), list_reading=2)
    newcomer = watch.progress(120).file
    watch.read(130, (2, "SUCCESS"), list_reading=2)

    assert first == FileProgress(newest_s=5, read_s=5, ended_s=None)
    assert ended == FileProgress(newest_s=5, read_s=5, ended_s=10)
    assert newcomer == FileProgress(newest_s=20, read_s=20, ended_s=None)
    assert watch.progress(130).file == FileProgress(newest_s=20, read_s=20, ended_s=30)


def test_uploads_of_a_pattern_are_final_only_after_a_later_search():
    watch = Watch(files=("inv.csv",), late_pattern="inv*", settle_s=30.0)
    watch.read(105, (1, "SUCCESS"), list_reading=1)
    watch.read(140, list_reading=2)
    before = watch.state.must_search(134), watch.state.must_search(140), watch.progress(140).file.read_s

    watch.state = watch.state.with_uploads((), is_proven=True, searched_s=141.0)
    watch.read(142, list_reading=3)

    assert before == (False, True, 0)
    assert (watch.state.must_search(142), watch.progress(142).file.read_s) == (False, 41)


def test_file_is_proven_complete_by_a_reading_after_the_last_job_settled():
    watch = Watch(files=("inv.csv",), settle_s=30.0)
    watch.read(105, (1, "SUCCESS"), list_reading=1)
    early = watch.progress(106).file.is_proven
    watch.read(140, list_reading=2)

    assert (early, watch.progress(140).file.is_proven) == (None, True)
