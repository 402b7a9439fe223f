"""Plain lines of a watch and of its result, for logs and pipes. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tui.domain.tracked_job import TrackedJob
from tui.headless.changes import change_line, job_line
from tui.headless.events import Event, Kind


def event_line(event: Event, *, has_colour: bool = False) -> str | None:
    """Return an event as a line; None for one that says nothing of what became of a job."""
    if event.tracked is None or (event.kind is Kind.ERROR and not event.tracked.misses):
        return None
    return change_line(event.before, event.tracked, at=event.at, has_colour=has_colour)


def event_note(event: Event) -> str | None:
    """Return what an event says of a reading that failed; None for one that `event_line` words, and for no failure."""
    if event.kind is not Kind.ERROR or event.error is None or (event.tracked and event.tracked.misses):
        return None
    return f"{event.tracked.job_id}: {event.error}" if event.tracked else str(event.error)


def job_lines(jobs: Iterable[TrackedJob], *, has_colour: bool = False) -> str:
    """Return a line for each job, without a time, statuses in colour if `has_colour`."""
    return "".join(f"{job_line(tracked, has_colour=has_colour)}\n" for tracked in jobs)
