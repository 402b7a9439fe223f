from datetime import timedelta

import pytest

from tests.support.factories import NOON, at, job
from tui.domain.connection import Connection
from tui.domain.errors import JobNotFound, RateLimited, ServerFault, Unauthorised
from tui.domain.snapshot import Snapshot
from tui.domain.tracked_job import Missing, Seen, TrackedJob
from tui.domain.watchlist import Watchlist
from tui.monitor.connection_tracker import ConnectionTracker
from tui.scripts.stderr_messages import progress_line
from tui.scripts.wait_state import JobResult, Plan, WaitProgress

PLAN, NOTHING, UP = Plan(), WaitProgress(), Connection()


def seen(job_id, status, **fields):
    return TrackedJob(job_id).apply_reading(Seen(job(job_id, status, **fields), at()))


JOBS = Watchlist().with_jobs([
    seen(1, "SUCCESS"),
    seen(2, "FAILED"),
    seen(3, "PENDING"),
    seen(4, "WORKING", started="2026-11-23T11:58:11Z"),
    seen(5, "WORKING", started="2026-11-23T11:59:30Z"),
])  # fmt: skip


def line(plan=PLAN, progress=NOTHING, *, watchlist=JOBS, link=UP):
    return progress_line(plan, progress, Snapshot(watchlist=watchlist, link=link), now_s=0.0, now=NOON)


def test_it_says_how_far_the_jobs_are_and_for_how_long_the_oldest_works():
    progress = WaitProgress(ended={JobResult.SUCCESS: 1, JobResult.FAILED: 1}, unended=3)

    assert line(progress=progress) == "2 of 5 ended, 1 failed, 1 waiting, 2 working, oldest 1:49"


def test_jobs_that_are_not_found_are_counted():
    missing = TrackedJob(6).apply_reading(Missing(JobNotFound("no such job").record, at()))

    assert line(
        watchlist=JOBS.with_jobs([missing]),
        progress=WaitProgress(ended={JobResult.SUCCESS: 1, JobResult.FAILED: 1}, unended=4),
    ) == ("2 of 6 ended, 1 failed, 1 not found, 1 waiting, 2 working, oldest 1:49")


def test_a_job_that_is_gone_counts_as_not_found_alone():
    gone = seen(6, "FAILED").apply_reading(Missing(JobNotFound("no such job"), at()))
    progress = WaitProgress(ended={JobResult.SUCCESS: 1, JobResult.FAILED: 2}, unended=3)

    assert line(watchlist=JOBS.with_jobs([gone]), progress=progress) == (
        "3 of 6 ended, 1 failed, 1 not found, 1 waiting, 2 working, oldest 1:49"
    )


def test_an_end_with_an_unknown_status_is_counted():
    odd = seen(6, "HALTED", finished="2026-11-23T11:59:00Z")
    progress = WaitProgress(ended={JobResult.SUCCESS: 1, JobResult.FAILED: 2}, unended=3)

    assert "1 failed, 1 with an unknown status, " in line(
        watchlist=JOBS.with_jobs([odd.seen(odd.job, at(5))]), progress=progress
    )


def test_before_anything_is_known_it_counts_alone():
    assert line(watchlist=Watchlist().with_jobs([TrackedJob(1)]), progress=WaitProgress(unended=1)) == "0 of 1 ended"


def test_it_says_which_file_is_looked_for():
    assert line(Plan(files=("inv\x1b.csv",)), watchlist=Watchlist()) == "looking for jobs of inv\\x1b.csv"


def test_it_says_that_late_jobs_may_come():
    progress = WaitProgress(ended={JobResult.SUCCESS: 1}, unended=0)

    assert line(Plan(files=("inv.csv",)), progress, watchlist=Watchlist().with_jobs([seen(1, "SUCCESS")])) == (
        "1 of 1 ended, looking for late jobs of inv.csv"
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RateLimited("slow", retry_after_s=60), "rate limited, 0:45 left"),
        (Unauthorised("no"), "token rejected for 0:15"),
        (ServerFault("broken"), "no response for 0:15"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_it_says_why_nothing_comes(error, words):
    tracker = ConnectionTracker()
    for _ in range(5):
        tracker = tracker.failed(error, at=NOON - timedelta(seconds=15), now_s=0.0)

    assert line(progress=WaitProgress(unended=5), link=tracker.connection).endswith(f", {words}")
