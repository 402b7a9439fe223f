from datetime import timedelta

import pytest

from tests.support.factories import NOON, at, job
from tui.domain.connection import Connection
from tui.domain.errors import ApiError, BadAnswer, JobNotFound, RateLimited, ServerFault, Unauthorised, Unreachable
from tui.domain.snapshot import Snapshot, Update
from tui.domain.tracked_job import Failed, Missing, Seen, TrackedJob
from tui.domain.watchlist import Watchlist
from tui.monitor.connection_tracker import ConnectionTracker
from tui.scripts.watch import EventLog, reading_of, with_connection_error

GONE = JobNotFound("none")


@pytest.fixture
def tell():
    """Lets one job be read again and again; returns the kinds of events that each reading is worth."""
    story = EventLog()
    state = TrackedJob(1)

    def told(reading, *, link=None, now_s=0.0):
        nonlocal state
        if isinstance(reading, JobNotFound):
            state = state.apply_reading(Missing(reading.record, at()))
        elif isinstance(reading, ApiError):
            state = state.apply_reading(Failed(reading.record, at()))
        else:
            state = state.apply_reading(Seen(job(status=reading), at()))
        snapshot = Snapshot(watchlist=Watchlist().with_jobs([state]), link=link or Connection())
        return [str(event.kind) for event in story.news(Update((state,)), snapshot, now_s, NOON)]

    return told


@pytest.mark.parametrize(
    ("readings", "kinds"),
    [
        (["PENDING"], ["snapshot"]),
        (["PENDING", "PENDING", "WORKING", "SUCCESS", "SUCCESS"], ["snapshot", "changed", "changed"]),
        (["SUCCESS", "WORKING"], ["snapshot", "changed"]),
        ([None, "odd"], ["snapshot", "changed"]),
        ([GONE, GONE, "PENDING"], ["snapshot"]),
        (["WORKING", GONE, GONE], ["snapshot", "gone"]),
        (["WORKING", GONE, "WORKING"], ["snapshot", "gone", "snapshot"]),
        (["WORKING", GONE, BadAnswer("odd"), GONE], ["snapshot", "gone", "error"]),
        ([BadAnswer("odd"), BadAnswer("odd"), "PENDING"], ["error", "snapshot"]),
        (["PENDING", BadAnswer("odd"), "PENDING", BadAnswer("odd")], ["snapshot", "error"]),
        (["PENDING", BadAnswer("column 7"), BadAnswer("column 9")], ["snapshot", "error"]),
        (["PENDING", BadAnswer("odd"), ServerFault("broken")], ["snapshot", "error", "error"]),
        (["PENDING", BadAnswer("odd"), "WORKING", BadAnswer("odd")], ["snapshot", "error", "changed", "error"]),
    ],
    ids=[
        "first", "a life", "reversal", "no status", "fresh 404", "vanished", "back again", "gone is told once",
        "not one a poll", "flapping", "numbers", "another way", "again after a change",
    ],
)  # fmt: skip
def test_what_is_news(tell, readings, kinds):
    assert [kind for reading in readings for kind in tell(reading)] == kinds


def test_an_error_of_a_list_is_told_once_for_all_its_jobs():
    story, error = EventLog(), ServerFault("broken")
    seen = [TrackedJob(n).apply_reading(Seen(job(n), at())) for n in (1, 2, 3)]
    failed = [tracked.apply_reading(Failed(error.record, at())) for tracked in seen]

    def told(jobs, now_s):
        snapshot = Snapshot(watchlist=Watchlist().with_jobs(jobs))
        return [
            (str(event.kind), event.reading and event.reading.job_id, event.error)
            for event in story.news(Update(tuple(jobs)), snapshot, now_s, NOON)
        ]

    assert told(seen, 0.0) == [("snapshot", n, None) for n in (1, 2, 3)]
    assert told(failed, 1.0) == [("error", None, error.record)]
    assert told(failed, 10.0) == []
    assert told(failed, 60.0) == [("error", None, error.record)]


@pytest.mark.parametrize(
    "error", [RateLimited("slow down", retry_after_s=60), Unauthorised("no")], ids=lambda error: error.kind
)  # fmt: skip
def test_what_concerns_the_connection_is_told_once(tell, error):
    link = ConnectionTracker().failed(error, at=NOON, now_s=0.0).connection

    assert [
        tell("PENDING", link=link),
        tell("PENDING", link=link),
        tell("PENDING"),
        tell("PENDING", link=link, now_s=60.0),
    ] == [
        ["snapshot", "error"],
        [],
        [],
        ["error"],
    ]


UNAUTHORIZED = ConnectionTracker().failed(Unauthorised("no"), at=NOON, now_s=0.0).connection


def test_a_refusal_among_answers_that_are_on_their_way_is_told_once_and_behind_the_snapshot():
    story, later = EventLog(), ConnectionTracker().failed(Unauthorised("no"), at=at(1), now_s=1.0).connection
    seen = TrackedJob(1).apply_reading(Seen(job(), at()))
    watchlist = Watchlist().with_jobs([seen])
    batches = [
        (Update(), Snapshot(link=UNAUTHORIZED)), (Update((seen,)), Snapshot(watchlist=watchlist)),
        (Update(), Snapshot(watchlist=watchlist, link=UNAUTHORIZED)), (Update(), Snapshot(watchlist=watchlist)),
        (Update(), Snapshot(watchlist=watchlist, link=later)),
    ]  # fmt: skip

    told = [[str(event.kind) for event in story.news(*batch, 0.0, NOON)] for batch in batches]

    assert told == [[], ["snapshot"], ["error"], [], []]


def test_a_refusal_that_was_held_back_is_told_at_the_end_and_once():
    story = EventLog()
    list(story.news(Update(), Snapshot(link=UNAUTHORIZED), 0.0, NOON))

    assert [[str(event.kind) for event in story.held(0.0, NOON)] for _ in range(2)] == [["error"], []]


def test_an_outage_is_not_told_of_each_job(tell):
    error, tracker = Unreachable("refused"), ConnectionTracker()
    tell("PENDING")
    for _ in range(5):
        tracker = tracker.failed(error, at=NOON, now_s=0.0)

    assert tell(error, link=tracker.connection) == ["error"]
    assert tell(error, link=tracker.connection) == []


def test_a_job_that_never_existed_is_told_in_the_end_and_once():
    story, lost = EventLog(), TrackedJob(7).apply_reading(Missing(GONE.record, at()))
    snapshot = Snapshot(watchlist=Watchlist().with_jobs([lost]))

    first = list(story.lost([7], snapshot, 0.0, NOON))
    second = list(story.lost([7], snapshot, 0.0, NOON))

    assert [(str(event.kind), event.error) for event in first] == [("error", GONE.record)]
    assert second == []


def test_a_reading_has_the_moment_the_server_s_time_and_the_status_before():
    state = (
        TrackedJob(1)
        .apply_reading(Seen(job(status="PENDING"), at(1)))
        .apply_reading(Seen(job(status="WORKING"), at(2)))
    )
    snapshot = Snapshot()

    reading = reading_of(state, snapshot, 10.0, at(5))

    assert (reading.at, reading.server_at, reading.previous) == (at(2), at(2), "PENDING")


def test_a_server_far_ahead_tells_the_run_time():
    state = TrackedJob(1).apply_reading(Seen(job(), at(2)))
    snapshot = Snapshot(server_clock=Snapshot().server_clock.observed(at(3605), sent_s=10.0, received_s=10.0))

    reading = reading_of(state, snapshot, 10.0, at(5))

    assert reading.server_at - at(3602) < timedelta(seconds=1)


def test_a_job_that_was_never_read_has_the_connection_s_error_and_the_end_of_its_silence():
    error = RateLimited("slow down", retry_after_s=60)
    tracker = ConnectionTracker().failed(error, at=at(1), now_s=1.0)
    link = tracker.failed(error, at=at(31), now_s=31.0).connection

    reading = reading_of(with_connection_error(TrackedJob(1), link), Snapshot(link=link), 40.0, at(40))

    assert (reading.error, reading.at) == (error.record, at(31))


def test_a_job_that_was_read_keeps_what_is_known_of_it():
    seen = TrackedJob(1).apply_reading(Seen(job(), at()))

    assert with_connection_error(seen, UNAUTHORIZED) is seen
