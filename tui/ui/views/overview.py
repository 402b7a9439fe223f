"""The fields of one job for reading: what it is, when it waited and ran, what it says, and everything else it holds. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.text import count
from tui.domain.connection import Link
from tui.domain.job_status import JobStatus, is_known
from tui.domain.tracked_job import Freshness, TrackedJob
from tui.ui.views.fields import BESIDE, LABEL_WIDTH, field, label, pair
from tui.ui.views.lines import Line, Role, Span, cut, join, line_width, wrap
from tui.ui.views.look import (
    Look,
    awaited,
    freshness_note,
    items_text,
    number_text,
    status_glyph,
    status_role,
    status_word,
)
from tui.ui.views.timeline import timeline

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

BARS_FROM = 9
"""Lines in sight from which wait and run have bars: in a low pane under the list they would be a sixth of what a cursor key costs."""
MESSAGES_SHOWN = 3
LINES_ABOVE = 14
"""Lines that the rest of the view takes where it is tall."""
CHANGES_SHOWN = 20

ITEMS_WIDTH, RATE_WIDTH, RESULT_WIDTHS = 6, 5, (5, 5, 4)
"""Least cells of the items, of their rate, and of results, success and hasData behind them."""

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


def overview(tracked: TrackedJob, link: Link, look: Look, width: int, height: int = 0) -> tuple[Line, ...]:
    """Return every field of a job, first what people ask for; trouble with reading it comes before all.

    Args:
        tracked: The job.
        link: The connection, which may make what is known of the job stale.
        look: Glyphs and the time.
        width: Cells a line may take; below `BESIDE` nothing stands side by side.
        height: Lines in sight; where there are many, more messages are shown, and bars.
    """
    job = tracked.job
    if job is None:
        return (*_trouble(tracked, link, look, width), *_nothing_yet(tracked, link, look))
    return (
        *_trouble(tracked, link, look, width),
        *pair(("type", job.verbatim("type")), ("location", job.verbatim("locationCode")), look, width),
        *pair(("file", job.verbatim("originalFilename")), ("tenant", job.verbatim("tenantID")), look, width),
        *timeline(tracked, job, link, look, width, has_bars=height >= BARS_FROM),
        *_result(tracked, job, width),
        *_first_messages(job, look, width, max(MESSAGES_SHOWN, height - LINES_ABOVE)),
        *_other_fields(job, look, width),
        *_changes(tracked, look),
    )


def _nothing_yet(tracked: TrackedJob, link: Link, look: Look) -> tuple[Line, ...]:
    if tracked.error:
        return ()
    return ((Span(awaited(link, look) if not tracked.polled_at else "no answer yet", Role.MUTED),),)


def _trouble(tracked: TrackedJob, link: Link, look: Look, width: int) -> tuple[Line, ...]:
    stale = freshness_note(tracked, link, look.now)
    last = look.full_time(look.at_server(tracked.answered_at)) if tracked.answered_at else ""
    texts: list[str] = []
    if tracked.freshness is Freshness.GONE:
        texts.append(f"gone: the server no longer knows this job; below is what it said at {last}")
    elif stale:
        texts.append(f"{stale.text}: below is what the server said at {last}")
    if tracked.error and tracked.freshness is not Freshness.GONE:
        texts.append(str(tracked.error))
    if tracked.condition.is_ended and not is_known(tracked.status):
        named = "no status" if tracked.status is None else f"the status {tracked.status}, which jobdeck does not know"
        texts.append(f"ended with {named}: not a success")
    if tracked.job and tracked.job.success and tracked.status is JobStatus.FAILED:
        texts.append("success is true beside FAILED: the status decides")
    if tracked.transitions and tracked.transitions[-1].is_reversal:
        texts.append(f"was {tracked.transitions[-1].before} before, which should have been its end")
    return tuple((Span(part, Role.WARNING),) for text in texts for part in wrap(text, max(width, 20)))


def _result(tracked: TrackedJob, job: Job, width: int) -> tuple[Line, ...]:
    rate = "-"
    if job.item_count and job.started and job.finished and job.finished > job.started:
        rate = f"{job.item_count / (job.finished - job.started).total_seconds():,.1f}"
    # At fixed places, so that of the next job's line little has to be sent.
    items = f"{items_text(tracked):<{ITEMS_WIDTH}} {rate:<{RATE_WIDTH}} items/s"
    others = (("results", number_text(job.num_results, job.verbatim("numResults"))), *_flags(job))
    if width < BESIDE:
        return (field("items", items), *(field(name, value) for name, value in others))
    rest = join(
        ((Span(f"{name} ", Role.LABEL), Span(f"{value:<{size}}")) for (name, value), size in zip(others, RESULT_WIDTHS, strict=True)), "  "
    )
    line = (*field("items", items), Span("  "), *rest)
    return (line,) if line_width(line) <= width else (field("items", items), (Span(" " * LABEL_WIDTH), *rest))


def _flags(job: Job) -> tuple[tuple[str, str], ...]:
    return tuple((name, job.verbatim(name) or "-") for name in ("success", "hasData"))


def _first_messages(job: Job, look: Look, width: int, limit: int) -> tuple[Line, ...]:
    glyph = status_glyph(job.status, look.glyphs)  # in no colour: two changes of it cost more than the word they stand before
    shown = tuple((Span(f"{glyph} "), Span(cut(text[:2000], max(8, width - 2), look.glyphs.ellipsis))) for text in job.messages[:limit])
    more = len(job.messages) - limit
    return (*shown, (Span(f"  and {count(more, 'more message')}: press ]", Role.MUTED),)) if more > 0 else shown


def _other_fields(job: Job, look: Look, width: int) -> tuple[Line, ...]:
    """What the contract does not know, and known fields whose value it does not know."""
    odd = set(job.unread)
    names = [name for name in job.sent if name not in _EXPLAINED or (name in odd and name not in {"added", "started", "finished"})]
    label_width = max([LABEL_WIDTH, *(min(24, len(name) + 2) for name in names)])
    return tuple(
        (
            label(name, label_width),
            Span(cut((job.verbatim(name) or "null")[:2000], max(8, width - label_width), look.glyphs.ellipsis)),
            *((Span(" unreadable", Role.WARNING),) if name in odd else ()),
        )
        for name in names
    )


def _changes(tracked: TrackedJob, look: Look) -> tuple[Line, ...]:
    arrow = look.glyphs.arrow
    return tuple(
        (
            label("changed" if place == 0 else ""),
            Span(f"{look.clock_time(look.at_server(change.at))}  {change.before or 'none'} {arrow} "),
            Span(str(change.after or "none"), status_role(change.after)),
        )
        for place, change in enumerate(reversed(tracked.transitions[-CHANGES_SHOWN:]))
    )


def title(tracked: TrackedJob, link: Link, look: Look) -> Line:
    """Return the id and status of a job as they head its panel."""
    glyph = status_glyph(tracked.status, look.glyphs)
    return (Span(f"{tracked.job_id} ", Role.STRONG), Span(f"{glyph} {status_word(tracked, link)}".strip(), status_role(tracked.status)))
