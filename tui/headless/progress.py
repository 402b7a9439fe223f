"""How a watch is getting on, as one short line for people who wait. Pure; writes nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tui.core.text import duration, one_line
from tui.domain.connection import LinkState
from tui.domain.exit_codes import Exit
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import elapsed_s
from tui.headless.standing import Plan, Standing
from tui.monitor.snapshot import Snapshot


def progress_line(plan: Plan, standing: Standing, snapshot: Snapshot, *, now_s: float, now: datetime) -> str:
    """Return such as `3 of 8 ended, 1 failed, 2 working, oldest 1:49`.

    Args:
        plan: What is waited for.
        standing: How it stands.
        snapshot: What is known.
        now_s: Monotonic second.
        now: The same moment by our wall clock.
    """
    return ", ".join((*_of_jobs(plan, standing, snapshot, now_s, now), *_of_link(snapshot, now)))


def _of_jobs(plan: Plan, standing: Standing, snapshot: Snapshot, now_s: float, now: datetime) -> Iterator[str]:
    watchlist = snapshot.watchlist
    if not watchlist:
        yield f"looking for jobs of {one_line(plan.file_names)}"
        return
    yield f"{sum(standing.ended.values()):,} of {len(watchlist):,} ended"
    if failed := watchlist.counts.get(JobStatus.FAILED):
        yield f"{failed:,} failed"
    if (odd := standing.ended.get(Exit.FAILED, 0) - (failed or 0)) > 0:
        yield f"{odd:,} with an unknown status"
    if missing := sum(tracked.misses > 0 for tracked in watchlist.values()):
        yield f"{missing:,} not found"
    if waiting := watchlist.counts.get(JobStatus.PENDING):
        yield f"{waiting:,} waiting"
    if working := watchlist.counts.get(JobStatus.WORKING):
        yield f"{working:,} working"
        server_now = snapshot.server_clock.at(now_s, default=now)
        yield f"oldest {duration(max(elapsed_s(tracked, server_now) for tracked in watchlist.values()))}"
    if plan.files and not standing.unended:
        yield f"looking for late jobs of {one_line(plan.file_names)}"


def _of_link(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    link = snapshot.link
    since = "" if link.since is None else f" for {duration((now - link.since).total_seconds())}"
    if link.state is LinkState.THROTTLED and link.until is not None:
        yield f"silence asked for, {duration((link.until - now).total_seconds())} left"
    elif link.state is LinkState.OFFLINE:
        yield f"no answer{since}"
    elif link.state is LinkState.REFUSED:
        yield f"token refused{since}"
