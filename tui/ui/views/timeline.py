"""When a job was added, started and finished, and how long it waited and ran between. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.connection import Link
from tui.domain.tracked_job import TrackedJob
from tui.ui.views.fields import BESIDE, LABEL_WIDTH, field, label
from tui.ui.views.lines import Line, Role, Span, cut, line_width
from tui.ui.views.look import DAY_WIDTH, Look, Times, known_until, run_text, wait_text

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

BAR_WIDTH = 14
MEASURES_AT = {Times.UTC: 31, Times.LOCAL: 36, Times.AGE: 43}
"""Column of wait and run where they stand beside their moments: next to them, so that both are sent in one go."""
MEASURE_WIDTH = 5
"""Least cells of wait and run."""


def timeline(tracked: TrackedJob, job: Job, link: Link, look: Look, width: int, *, has_bars: bool) -> tuple[Line, ...]:
    """Return the moments of a job, and the wait and the run between them.

    Args:
        tracked: The job.
        job: What the server sent of it.
        link: The connection, for clocks that stand still while nothing is known.
        look: Glyphs and the time.
        width: Cells a line may take.
        has_bars: Whether wait and run have bars.
    """
    column = MEASURES_AT[look.times] if width >= BESIDE else 0
    texts = wait_text(tracked, link, look), run_text(tracked, link, look)
    size = max(MEASURE_WIDTH, *map(len, texts))
    wait, run = (f"{text:<{size}} " for text in texts)
    room = min(BAR_WIDTH, max(4, width - LABEL_WIDTH - size - 1 - column)) if has_bars else 0
    waited, ran = _bars(job, known_until(tracked, link, look), look, room)
    # The same words for every status, and a day once: so little changes from job to job.
    last = job.started or (None if job.finished else job.added)  # a day that stands two lines above would be looked for in vain
    return (
        _moment("added", job, job.added, None, look),
        *_measured(_moment("started", job, job.started, job.added, look), ("wait", wait), waited, column),
        *_measured(_moment("finished", job, job.finished, last, look), ("run", run), ran, column),
    )


def _moment(name: str, job: Job, moment: datetime | None, above: datetime | None, look: Look) -> Line:
    """One moment; its day is left out if it is that of the moment `above`."""
    if moment is not None:
        return field(name, look.full_time(moment, beside=above))
    sent = job.verbatim(name)
    if sent is None:
        return field(name, f"{' ' * DAY_WIDTH if above else ''}-")
    return (*field(name, cut(sent, 40, look.glyphs.ellipsis)), Span(" unreadable", Role.WARNING))


def _measured(moment: Line, measure: tuple[str, str], bar: Span, column: int) -> tuple[Line, ...]:
    """A moment, and in `column` behind it how long it took to come; in a line of its own where there is no room."""
    name, text = measure[0], Span(measure[1])
    gap = column - line_width(moment)
    if gap <= 0:
        return moment, (label(name), text, bar)
    return ((*moment, Span(" " * gap), text, Span(f"{name:<5}", Role.LABEL), bar),)


def _bars(job: Job, until: datetime, look: Look, width: int) -> tuple[Span, Span]:
    """The wait and the run to one scale, the run beginning where the wait ends."""
    if not (job.added and job.started):
        return Span(""), Span("")
    end = job.finished or until
    wait_s = max(0.0, (job.started - job.added).total_seconds())
    run_s = max(0.0, (end - job.started).total_seconds())
    if wait_s + run_s <= 0:
        return Span(""), Span("")
    waited = round(width * wait_s / (wait_s + run_s))
    bar = look.glyphs.bar
    return Span(bar * waited, Role.PENDING), Span(" " * waited + bar * (width - waited))
