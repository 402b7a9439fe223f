from datetime import UTC, datetime, timedelta

import pytest

from tui.domain.errors import JobNotFound, Unreachable
from tui.domain.job import Job
from tui.domain.tracked_job import Failed, Missing, Seen, TrackedJob
from tui.domain.watchlist import Watchlist
from tui.scripts.formats import change_line, counts_line, job_line

AT = datetime(2026, 11, 23, 9, 30, 12, tzinfo=UTC)
UNREAD = TrackedJob(7)


def seen(before=UNREAD, **fields):
    return before.apply_reading(Seen(Job.from_raw(fields, job_id=7), AT))


def test_the_first_sight_is_a_line():
    assert change_line(UNREAD, seen(status="PENDING", type="ADJUST"), at=AT) == "09:30:12Z 7 PENDING  ADJUST"


def test_a_change_has_both_states():
    before = seen(status="WORKING")

    assert (
        change_line(before, seen(before, status="SUCCESS", itemCount=2000), at=AT)
        == "09:30:12Z 7 WORKING -> SUCCESS  2,000 items"
    )


@pytest.mark.parametrize(
    "after",
    [
        seen(status="WORKING"),
        seen(status="WORKING").apply_reading(Failed(Unreachable("gone").record, AT + timedelta(1))),
    ],
    ids=["same", "not answered"],
)
def test_no_change_is_no_line(after):
    assert change_line(seen(status="WORKING"), after, at=AT) is None


def test_a_job_that_vanishes_is_gone():
    before = seen(status="WORKING")

    assert (
        change_line(before, before.apply_reading(Missing(JobNotFound("none").record, AT)), at=AT)
        == "09:30:12Z 7 WORKING -> GONE"
    )


def test_a_job_that_never_was_is_not_found():
    assert (
        change_line(
            UNREAD, UNREAD.apply_reading(Missing(JobNotFound("no such job", remedy="check it").record, AT)), at=AT
        )
        == "09:30:12Z 7 NOT FOUND  no such job; check it"
    )


def test_hostile_text_stays_in_its_line():
    line = job_line(seen(status="FAILED\n\x1b[2J", messages=["a\nb" * 1000]))

    assert line.isprintable()
    assert len(line) < 300


def test_counts_have_our_states_too():
    gone = seen(status="WORKING").apply_reading(Missing(JobNotFound("none").record, AT))
    watchlist = Watchlist().with_jobs((gone, TrackedJob(8), TrackedJob(9)))

    assert counts_line(watchlist) == "3 jobs: 2 not read, 1 GONE"
