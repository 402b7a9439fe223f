"""One plain line for each change of a job, for logs and pipes. Pure; ASCII but for what the server sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from tui.core.text import count, one_line, without_commands
from tui.domain.tracked_job import Freshness, TrackedJob
from tui.domain.watchlist import Watchlist
from tui.headless.colours import painted
from tui.headless.reading import GONE

LONGEST_NOTE = 120
"""Characters of a message in a line."""


def change_line(before: TrackedJob | None, after: TrackedJob, *, at: datetime, has_colour: bool = False) -> str | None:
    """Return what changed between two states of a job, or None if nothing did that a reader should see.

    Args:
        before: The state of the line before; None if there was none.
        after: The state now.
        at: Aware moment of the change as it was seen.
        has_colour: Whether the status is coloured.
    """
    was, now = before and state(before), state(after)
    if after.polled_at is None or was == now:
        return None
    arrow = f"{was} -> " if before and before.polled_at else ""
    line = f"{at.astimezone(UTC):%H:%M:%SZ} {after.job_id} {arrow}{_word(after, has_colour=has_colour)}{_told(after)}"
    return without_commands(line)


def job_line(tracked: TrackedJob, *, has_colour: bool = False) -> str:
    """Return a job in one line without a time, its status in colour if `has_colour`."""
    return without_commands(f"{tracked.job_id}  {_word(tracked, has_colour=has_colour)}{_told(tracked)}")


def counts_line(watchlist: Watchlist) -> str:
    """Return how many jobs there are in each state, most first."""
    counted = Counter(map(state, watchlist.values()))
    parts = ", ".join(f"{number:,} {word}" for word, number in counted.most_common())
    return without_commands(f"{count(len(watchlist), 'job')}: {parts or 'none'}")


def state(tracked: TrackedJob) -> str:
    """Return a job's status in a word: the API's own, or ours for a job that has none."""
    if tracked.freshness is Freshness.GONE:
        return GONE
    if tracked.status is not None:
        return one_line(tracked.status)
    if tracked.misses:
        return "NOT FOUND"
    return "not read" if tracked.job is None else "no status"


def _word(tracked: TrackedJob, *, has_colour: bool) -> str:
    return painted(state(tracked)) if has_colour else state(tracked)


def _told(tracked: TrackedJob) -> str:
    """What the server said of the job that helps to recognise it."""
    job = tracked.job
    if tracked.error is not None and job is None:
        return f"  {one_line(str(tracked.error))}"
    if job is None:
        return ""
    facts: Mapping[str, str | None] = {
        "type": job.verbatim("type"),
        "location": job.verbatim("locationCode"),
        "file": job.original_filename,
        "items": count(job.item_count, "item") if job.is_ended and job.item_count is not None else None,
        "message": job.messages[0][:LONGEST_NOTE] if job.messages else None,
    }
    return "".join(f"  {one_line(fact)}" for fact in facts.values() if fact)
