"""Shorthand for what views get: tracked jobs, snapshots and looks."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from tests.support.factories import at, job
from tui.core.text import one_line, plain
from tui.domain.connection import Connection
from tui.domain.errors import ApiError, BadAnswer, JobNotFound, RateLimited, Unauthorised, Unreachable
from tui.domain.poll_policy import PollPolicy
from tui.domain.snapshot import Snapshot, Traffic
from tui.domain.tracked_job import Failed, Missing, Seen, TrackedJob
from tui.domain.watched_list import WatchedList
from tui.domain.watchlist import Watchlist
from tui.monitor.connection_tracker import ConnectionTracker
from tui.ui.rendering.job_table import searchable_words
from tui.ui.rendering.view_state import ASCII_GLYPHS, ViewOptions

UP = Connection()
DOWN = Unreachable("connection refused")
NOWHERE = JobNotFound("no job 1 here", http_status=404)
LOOK = ViewOptions(at())
ASCII = ViewOptions(at(), ASCII_GLYPHS)

ANYTHING = st.text(st.characters(exclude_categories=())).map(plain)
"""Whatever a server may send, as it comes out of the models."""

ONE_LINE = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from("ab 倉庫か\u3099\u0301…"))).map(
    one_line
)
"""The same without line breaks, wide characters and combining marks among it."""

WORKED = {"added": "2026-11-23T11:56:00Z", "started": "2026-11-23T11:57:30Z"}
ENDED = WORKED | {
    "finished": "2026-11-23T11:59:00Z",
    "itemCount": 2998,
    "numResults": 2991,
    "success": False,
    "hasData": True,
}
NAMED = {"type": "REFRESH", "locationCode": "W01", "tenantID": 4711, "originalFilename": "inv_0930.csv"}


def after(*readings: object, job_id: int = 1) -> TrackedJob:
    """What is known after these readings at noon: statuses, whole jobs or errors."""
    tracked = TrackedJob(job_id)
    for reading in readings:
        tracked = tracked.apply_reading(_reading(reading, job_id))
    return tracked


def _reading(reading, job_id):
    if isinstance(reading, JobNotFound):
        return Missing(reading.record, at())
    if isinstance(reading, ApiError):
        return Failed(reading.record, at())
    return Seen(job(job_id, reading) if isinstance(reading, str) else reading, at())


def later(look: ViewOptions, seconds: float) -> ViewOptions:
    return replace(look, now=look.now + timedelta(seconds=seconds))


def snapshot(
    *jobs: TrackedJob,
    link: Connection = UP,
    interval_s: float | None = None,
    is_paused: bool = False,
    answered: bool = True,
    lists: tuple[WatchedList, ...] = (),
) -> Snapshot:
    return Snapshot(
        Watchlist().with_jobs(jobs),
        link,
        PollPolicy(interval_s),
        is_paused=is_paused,
        traffic=Traffic(requests_per_min=12),
        answered_at=at() if answered and jobs else None,
        lists=lists,
    )


def _offline() -> Connection:
    tracker = ConnectionTracker()
    for _ in range(5):
        tracker = tracker.failed(DOWN, at=at(), now_s=0)
    return tracker.connection


def after_error(error: ApiError) -> Connection:
    return ConnectionTracker().failed(error, at=at(), now_s=0).connection


OFFLINE = _offline()
THROTTLED = after_error(RateLimited("slow down", retry_after_s=90, http_status=429))
UNAUTHORIZED = after_error(Unauthorised("the token expired", remedy="renew it", host="api.test", http_status=401))
LINKS = {"up": UP, "offline": OFFLINE, "throttled": THROTTLED, "refused": UNAUTHORIZED}

SPOILT = BadAnswer("expected one job, got an array")


def matches(tracked: TrackedJob, filter_text: str) -> bool:
    """Whether a filter of these words lets the job through."""
    searchable = searchable_words(tracked)
    return all(word in searchable for word in filter_text.lower().split())
