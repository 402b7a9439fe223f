"""Render the fields of a job, with the timeline of its wait and run. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.connection import Connection
from tui.domain.job_status import JobStatus, is_known
from tui.domain.tracked_job import Freshness, TrackedJob
from tui.presentation.job_text import (
    NO_STATUS,
    items_text,
    number_text,
    queue_wait_s,
    rate_text,
    run_s,
    run_text,
    status_word,
    wait_text,
)
from tui.presentation.messages import unknown_end
from tui.ui.rendering.cause_lines import cause_lines
from tui.ui.rendering.lines import Line, Role, Span, cut, fit, join, line_width, wrap
from tui.ui.rendering.view_state import (
    DAY_WIDTH,
    Times,
    ViewOptions,
    awaited,
    freshness_note,
    status_glyph,
    status_role,
)

if TYPE_CHECKING:  # pydantic takes 80 ms to import, and the first screen does not need it
    from tui.domain.job import Job


LABEL_WIDTH = 10

BESIDE = 66
"""Cells from which fields are side by side."""


def label(name: str, width: int = LABEL_WIDTH) -> Span:
    """Return the name of a field, `width` cells wide."""
    return Span(fit(name, width), Role.LABEL)


def field(name: str, value: str) -> Line:
    """Return a field as one line."""
    return (label(name), Span(value))


def pair(
    first: tuple[str, str | None], second: tuple[str, str | None], look: ViewOptions, width: int
) -> tuple[Line, ...]:
    """Return two fields, side by side if there is room."""
    half = min(40, width // 2) if width >= BESIDE else width
    left = field(first[0], cut(first[1] or "-", max(1, half - LABEL_WIDTH - 1), look.glyphs.ellipsis))
    right = field(
        second[0],
        cut(second[1] or "-", max(1, width - LABEL_WIDTH - (half if width >= BESIDE else 0)), look.glyphs.ellipsis),
    )
    return _beside(left, right, half, width)


def _beside(left: Line, right: Line, column: int, width: int) -> tuple[Line, ...]:
    """Return one line with `right` at `column`, or two lines if the view is narrow or `left` is too wide."""
    gap = column - line_width(left)
    return (left, right) if width < BESIDE or gap <= 0 else ((*left, Span(" " * gap), *right),)


BAR_WIDTH = 14

MEASURES_AT = {Times.UTC: 31, Times.LOCAL: 36, Times.AGE: 43}
"""Column of wait and run beside their times: close to them, so that the terminal gets both in one write."""

MEASURE_WIDTH = 5
"""Minimum cells of wait and run."""


def timeline(
    tracked: TrackedJob, job: Job, link: Connection, look: ViewOptions, width: int, *, has_bars: bool
) -> tuple[Line, ...]:
    """Return when a job was added, started and finished, in three lines, with its wait and run beside the last two; on
    lines of their own, five in all, if the view is narrow.

    Args:
        tracked: The job.
        job: The job as the server sent it.
        link: The connection; durations stop while it is down.
        look: Glyphs and the time.
        width: Maximum cells of a line.
        has_bars: Whether wait and run have bars.
    """
    column = MEASURES_AT[look.times] if width >= BESIDE else 0
    until = look.known_until(tracked, link)
    texts = wait_text(job, until), run_text(job, until)
    size = max(MEASURE_WIDTH, *map(len, texts))
    wait, run = (f"{text:<{size}} " for text in texts)
    room = min(BAR_WIDTH, max(4, width - LABEL_WIDTH - size - 1 - column)) if has_bars else 0
    waited, ran = _bars(job, until, look, room)
    # The same words for each status, and each day once: little changes from job to job. A day is left out only if the
    # line directly above shows it.
    last = job.started or (None if job.finished else job.added)
    return (
        _moment("added", job, job.added, None, look),
        *_measured(_moment("started", job, job.started, job.added, look), ("wait", wait), waited, column),
        *_measured(_moment("finished", job, job.finished, last, look), ("run", run), ran, column),
    )


def _moment(name: str, job: Job, moment: datetime | None, above: datetime | None, look: ViewOptions) -> Line:
    """Return one time, without its day if `above` has the same."""
    if moment is not None:
        return field(name, look.full_time(moment, beside=above))
    sent = job.verbatim(name)
    if sent is None:
        return field(name, f"{' ' * DAY_WIDTH if above else ''}-")
    return (*field(name, cut(sent, 40, look.glyphs.ellipsis)), Span(" unreadable", Role.WARNING))


def _measured(moment: Line, measure: tuple[str, str], bar: Span, column: int) -> tuple[Line, ...]:
    """Return a time with the duration before it at `column`, or on a second line if there is no room."""
    name, text = measure[0], Span(measure[1])
    gap = column - line_width(moment)
    if gap <= 0:
        return moment, (label(name), text, bar)
    return ((*moment, Span(" " * gap), text, Span(f"{name:<5}", Role.LABEL), bar),)


def _bars(job: Job, until: datetime, look: ViewOptions, width: int) -> tuple[Span, Span]:
    """Return the bars of wait and run on one scale; the run starts at the end of the wait."""
    waited_s, ran_s = queue_wait_s(job), run_s(job, until)
    if waited_s is None or ran_s is None or waited_s + ran_s <= 0:
        return Span(""), Span("")
    waited = round(width * waited_s / (waited_s + ran_s))
    bar = look.glyphs.bar
    return Span(bar * waited, Role.PENDING), Span(" " * waited + bar * (width - waited))


BARS_FROM = 9
"""Visible lines from which wait and run have bars: in a low pane they would be a sixth of the bytes of a cursor key."""

CAUSES_SHOWN = 3
"""The most causes in a low view."""

LINES_BELOW = 14
"""Lines of the rest of a tall view."""

CHANGES_SHOWN = 20

ITEMS_WIDTH, RATE_WIDTH, RESULT_WIDTHS = 6, 5, (5, 5, 4)
"""Minimum cells of the items, of their rate, and of results, success and hasData after them."""

_EXPLAINED = frozenset(
    [
        "jobID",
        "tenantID",
        "locationCode",
        "type",
        "added",
        "started",
        "finished",
        "originalFilename",
        "hasData",
        "itemCount",
        "status",
        "success",
        "messages",
        "numResults",
    ]
)


def overview(tracked: TrackedJob, link: Connection, look: ViewOptions, width: int, height: int = 0) -> tuple[Line, ...]:
    """Return the problems with reading a job, the causes of its messages, and all its fields.

    Args:
        tracked: The job.
        link: The connection; the job is stale while it is down.
        look: Glyphs and the time.
        width: Maximum cells of a line; below `BESIDE` each field has its own line.
        height: Visible lines; a tall view shows more causes, and bars.
    """
    job = tracked.job
    if job is None:
        return (*_trouble(tracked, link, look, width), *_nothing_yet(tracked, link, look))
    return (
        *_trouble(tracked, link, look, width),
        *(cause_lines(job, look, width, max(CAUSES_SHOWN, height - LINES_BELOW)) if job.messages else ()),
        *pair(("type", job.verbatim("type")), ("location", job.verbatim("locationCode")), look, width),
        *pair(("file", job.verbatim("originalFilename")), ("tenant", job.verbatim("tenantID")), look, width),
        *timeline(tracked, job, link, look, width, has_bars=height >= BARS_FROM),
        *_result(job, width),
        *_other_fields(job, look, width),
        *_changes(tracked, look),
    )


def _nothing_yet(tracked: TrackedJob, link: Connection, look: ViewOptions) -> tuple[Line, ...]:
    if tracked.error:
        return ()
    return ((Span(awaited(link, look) if not tracked.polled_at else "no response yet", Role.MUTED),),)


def _trouble(tracked: TrackedJob, link: Connection, look: ViewOptions, width: int) -> tuple[Line, ...]:
    stale = freshness_note(tracked, link, look.now)
    last = look.full_time(look.at_server(tracked.answered_at)) if tracked.answered_at else ""
    texts: list[str] = []
    if tracked.freshness is Freshness.GONE:
        texts.append(f"gone: the server no longer knows this job; last response {last}")
    elif stale:
        texts.append(f"{stale.text}: last response {last}")
    if tracked.error and tracked.freshness is not Freshness.GONE:
        texts.append(str(tracked.error))
    if tracked.condition.is_ended and not is_known(tracked.status):
        texts.append(f"{unknown_end(tracked.status)}: not a success")
    if tracked.job and tracked.job.success and tracked.status is JobStatus.FAILED:
        texts.append("success is true with FAILED: the status decides")
    if tracked.transitions and tracked.transitions[-1].is_reversal:
        texts.append(f"was {tracked.transitions[-1].before} before, which should be final")
    return tuple((Span(part, Role.WARNING),) for text in texts for part in wrap(text, max(width, 20)))


def _result(job: Job, width: int) -> tuple[Line, ...]:
    # At fixed columns, so that little of the line changes for the next job.
    items = f"{items_text(job):<{ITEMS_WIDTH}} {rate_text(job):<{RATE_WIDTH}} items/s"
    others = (("results", number_text(job.num_results, job.verbatim("numResults"))), *_flags(job))
    if width < BESIDE:
        return (field("items", items), *(field(name, value) for name, value in others))
    rest = join(
        (
            (Span(f"{name} ", Role.LABEL), Span(f"{value:<{size}}"))
            for (name, value), size in zip(others, RESULT_WIDTHS, strict=True)
        ),
        "  ",
    )
    line = (*field("items", items), Span("  "), *rest)
    return (line,) if line_width(line) <= width else (field("items", items), (Span(" " * LABEL_WIDTH), *rest))


def _flags(job: Job) -> tuple[tuple[str, str], ...]:
    return tuple((name, job.verbatim(name) or "-") for name in ("success", "hasData"))


def _other_fields(job: Job, look: ViewOptions, width: int) -> tuple[Line, ...]:
    """Return the fields outside the contract, and fields of the contract with unreadable values."""
    odd = set(job.unread)
    names = [
        name
        for name in job.sent
        if name not in _EXPLAINED or (name in odd and name not in {"added", "started", "finished"})
    ]
    label_width = max([LABEL_WIDTH, *(min(24, len(name) + 2) for name in names)])
    return tuple(
        (
            label(name, label_width),
            Span(cut((job.verbatim(name) or "null")[:2000], max(8, width - label_width), look.glyphs.ellipsis)),
            *((Span(" unreadable", Role.WARNING),) if name in odd else ()),
        )
        for name in names
    )


def _changes(tracked: TrackedJob, look: ViewOptions) -> tuple[Line, ...]:
    arrow = look.glyphs.arrow
    return tuple(
        (
            label("changed" if place == 0 else ""),
            Span(f"{look.clock_time(look.at_server(change.at))}  {change.before or NO_STATUS} {arrow} "),
            Span(str(change.after or NO_STATUS), status_role(change.after)),
        )
        for place, change in enumerate(reversed(tracked.transitions[-CHANGES_SHOWN:]))
    )


def title(tracked: TrackedJob, look: ViewOptions) -> Line:
    """Return the id and status of a job for the title of its panel."""
    glyph = status_glyph(tracked.status, look.glyphs)
    return (
        Span(f"{tracked.job_id} ", Role.STRONG),
        Span(f"{glyph} {status_word(tracked)}".strip(), status_role(tracked.status)),
    )
