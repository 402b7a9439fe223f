"""Render the tabs of a job that are neither its causes nor a long text: times, fields, history. Pure."""

from __future__ import annotations

from datetime import datetime

from tui.domain.connection import Connection
from tui.domain.tracked_job import TrackedJob
from tui.presentation.job_text import NO_STATUS, UNKNOWN, run_text, wait_text
from tui.ui.rendering.job_fields import LABEL_WIDTH, field, label
from tui.ui.rendering.lines import Line, Role, Span, wrap
from tui.ui.rendering.view_state import ViewOptions, status_role

LONGEST_NAME = 24
"""Cells of the name of a field."""

LONGEST_VALUE = 2_000
"""Characters of a field that are shown; the tab Raw has all of them."""


def times_lines(tracked: TrackedJob, link: Connection, look: ViewOptions) -> tuple[Line, ...]:
    """Return when the server queued, started and finished a job, how long each took, and when jobdeck read it.

    Args:
        tracked: The job.
        link: The connection; durations stop while it is down.
        look: Glyphs and the time.
    """
    job = tracked.job
    if job is None:
        return ()
    until = look.known_until(tracked, link)
    waited, ran = wait_text(job, until), run_text(job, until)
    is_waiting = job.started is None and not job.is_ended
    is_running = job.started is not None and job.finished is None and not job.is_ended
    return (
        field("added", _moment(job.added, job.verbatim("added"), look)),
        field("started", _moment(job.started, job.verbatim("started"), look)),
        field("finished", _moment(job.finished, job.verbatim("finished"), look)),
        (),
        field("waits" if is_waiting else "waited", waited or UNKNOWN),
        field("runs" if is_running else "ran", ran or UNKNOWN),
        (),
        field("read", _moment(look.at_server(tracked.answered_at) if tracked.answered_at else None, None, look)),
    )


def _moment(moment: datetime | None, sent: str | None, look: ViewOptions) -> str:
    if moment is None:
        return f"{sent}  unreadable" if sent else UNKNOWN
    return look.full_time(moment)


def fields_lines(tracked: TrackedJob, width: int) -> tuple[Line, ...]:
    """Return every field of a job as the server sent it, also those that jobdeck does not know."""
    job = tracked.job
    if job is None:
        return ()
    odd = frozenset(job.unread)
    size = min(max([LABEL_WIDTH, *(min(LONGEST_NAME, len(name)) + 2 for name in job.sent)]), width // 2)
    lines: list[Line] = []
    for name in job.sent:
        value = f"{len(job.messages):,}: see Messages" if name == "messages" and job.messages else job.verbatim(name)
        for row, part in enumerate(wrap((value or "null")[:LONGEST_VALUE], max(8, width - size))):
            lines.append((label(name[: size - 1] if row == 0 else "", size), Span(part)))
        if name in odd:
            lines += ((Span(part, Role.WARNING),) for part in wrap(f"{name}: outside the contract", width))
    return tuple(lines)


def history_lines(tracked: TrackedJob, look: ViewOptions) -> tuple[Line, ...]:
    """Return the changes of a job that this session saw, newest first."""
    arrow = look.glyphs.arrow
    changes: list[Line] = [
        (
            Span(f"{look.full_time(look.at_server(change.at))}  ", Role.LABEL),
            Span(f"{change.before or NO_STATUS} {arrow} "),
            Span(str(change.after or NO_STATUS), status_role(change.after)),
        )
        for change in reversed(tracked.transitions)
    ]
    if not changes:
        changes.append((Span("no change since this start", Role.MUTED),))
    earlier = f"changes that earlier sessions saw: jobdeck history {tracked.job_id}"
    return (*changes, (), (Span(earlier, Role.MUTED),))
