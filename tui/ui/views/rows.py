"""One job as one row of the job list, and the widths of its columns. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from tui.monitor.condition import Freshness
from tui.monitor.link import Link, LinkState
from tui.monitor.tracked import TrackedJob
from tui.monitor.watchlist import Watchlist
from tui.text import count
from tui.ui.views.lines import Line, Role, Span, clip, fit
from tui.ui.views.look import (
    Look,
    Times,
    freshness_note,
    items_text,
    run_text,
    status_glyph,
    status_role,
    status_word,
    wait_text,
)

WIDE = 100
"""Cells from which a row has room for the wait and for long types."""

LONGEST_STATUS = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells of the columns that share one row; 0 leaves a column out."""

    status: int = 9
    job: int = 6
    type: int = 8
    location: int = 5
    added: int = 8
    wait: int = 0
    run: int = 7
    items: int = 7
    note: int = 0

    @property
    def id_cells(self) -> tuple[int, int]:
        """First cell of the id's column, and the cell after its last."""
        return 2 + self.status + 1, 2 + self.status + 1 + self.job

    @classmethod
    def for_list(cls, watchlist: Watchlist, width: int, longest_id: int | None = None) -> Columns:
        """Return the widths for a list that is `width` cells wide; the status is never cut, the note takes what is left.

        `longest_id` is the number of digits of the longest id where the caller knows it; otherwise all ids are looked at.
        """
        words = [cell_len(str(status)) for status in watchlist.counts if status is not None]
        status = min(LONGEST_STATUS, max([9, *words]))
        job = max(6, id_digits(watchlist.ids) if longest_id is None else longest_id)
        narrow, wide = cls(status, job), cls(status, job, type=17, location=10, wait=7, run=8, items=9)
        return (wide if width >= WIDE else narrow).filling(width)

    def filling(self, width: int) -> Columns:
        """Return the same columns with the least important left out until the rest fits, and the note in what remains."""
        for left_out in ((), ("items",), ("items", "added"), ("items", "added", "type"), ("items", "added", "type", "location")):
            kept = {name: 0 if name in left_out else getattr(self, name) for name in self.__slots__ if name != "note"}
            used = 2 + sum(size + 1 for size in kept.values() if size)
            if used <= width:
                return Columns(**kept, note=max(0, width - used))
        return Columns(self.status, self.job, 0, 0, 0, 0, 0, 0, 0)


def id_digits(ids: Sequence[int]) -> int:
    """Return the digits of the longest id, 1 for none."""
    return len(str(max(ids, default=0)))


def header(columns: Columns, look: Look) -> Line:
    """Return the line above the rows."""
    added = {Times.UTC: "ADDED Z", Times.LOCAL: "ADDED", Times.AGE: "AGE"}[look.times]
    named = (
        ("STATUS", columns.status, "left"),
        ("JOB", columns.job, "right"),
        ("TYPE", columns.type, "left"),
        ("LOC", columns.location, "left"),
        (added, columns.added, "right"),
        ("WAIT", columns.wait, "right"),
        ("RUN", columns.run, "right"),
        ("ITEMS", columns.items, "right"),
        ("NOTE", columns.note, "left"),
    )
    return (Span("  " + " ".join(fit(name, size, _side(side), look.glyphs.ellipsis) for name, size, side in named if size), Role.LABEL),)


def row(tracked: TrackedJob, link: Link, columns: Columns, look: Look) -> Line:
    """Return one job as one line; what is not current is muted and says so in the note."""
    job = tracked.job
    stale = freshness_note(tracked, link, look.now)
    role = Role.MUTED if stale or job is None else Role.TEXT
    ellipsis = look.glyphs.ellipsis
    cells = (
        (str(tracked.job_id), columns.job, "right"),
        (_verbatim(tracked, "type"), columns.type, "left"),
        (_verbatim(tracked, "locationCode"), columns.location, "left"),
        (look.clock_time(job.added) if job and job.added else _verbatim(tracked, "added"), columns.added, "right"),
        (wait_text(tracked, link, look), columns.wait, "right"),
        (run_text(tracked, link, look), columns.run, "right"),
        (items_text(tracked), columns.items, "right"),
    )
    glyph = status_glyph(tracked.status, look.glyphs)
    word = fit(f"{glyph} {status_word(tracked, link)}", columns.status + 2, "left", ellipsis)
    # A job that never answered has no facts to keep in columns: its trouble takes their place.
    facts = "".join(" " + fit(text, size, _side(side), ellipsis) for text, size, side in (cells if job else cells[:1]) if size)
    notes = (Span(" "), *note(tracked, stale, look)) if columns.note or job is None else ()
    return clip(
        (Span(word, Role.MUTED if stale else status_role(tracked.status)), Span(facts, role), *notes),
        columns_width(columns),
        ellipsis,
    )


def is_still(tracked: TrackedJob, link: Link, look: Look) -> bool:
    """Whether the job's row stays as it is while time goes by, but for the day after which a time of day becomes a date."""
    is_current = tracked.freshness is Freshness.SETTLED or (tracked.freshness is Freshness.LIVE and link.state is LinkState.UP)
    return is_current and tracked.job is not None and tracked.job.is_ended and look.times is not Times.AGE


def note(tracked: TrackedJob, stale: Span | None, look: Look) -> Line:
    """Return what matters most about a job beyond its fields: trouble first, then what the server says."""
    parts = [stale] if stale else []
    job = tracked.job
    if tracked.error and tracked.freshness is not Freshness.GONE:
        parts.append(Span(tracked.error.message, Role.WARNING if job is None else Role.MUTED))
    elif tracked.transitions and tracked.transitions[-1].is_reversal:
        parts.append(Span(f"was {tracked.transitions[-1].before}", Role.WARNING))
    elif job and job.messages:
        more = f"+{len(job.messages) - 1} " if len(job.messages) > 1 else ""
        parts.append(Span(f"{more}{job.messages[0][:400]}".replace("\n", " "), Role.TEXT if not stale else Role.MUTED))
    elif job and job.unread:
        parts.append(Span(f"unreadable: {', '.join(job.unread)}", Role.MUTED))
    gap = f" {look.glyphs.dot} "
    return tuple(span for place, part in enumerate(parts) for span in ((Span(gap, Role.MUTED), part) if place else (part,)))


def columns_width(columns: Columns) -> int:
    """Return the cells that a whole row takes."""
    sizes: list[int] = [getattr(columns, name) for name in columns.__slots__]
    return 2 + sum(size + 1 for size in sizes if size) - 1


def haystack(tracked: TrackedJob) -> str:
    """Return what a filter looks through: id, status, type, location, file and messages, in lower case."""
    job = tracked.job
    texts = [str(tracked.job_id)]
    if tracked.job or tracked.error:
        texts.append(status_word(tracked, Link()))
    if job:
        texts += [str(job.type or ""), job.location_code or "", job.original_filename or "", *job.messages]
    return "\n".join(texts).lower()


def holds(hay: str, words: Sequence[str]) -> bool:
    """Whether all of the words (in lower case) are in a haystack."""
    return all(word in hay for word in words)


def matches(tracked: TrackedJob, sought: str) -> bool:
    """Whether the job's row holds each word of `sought`, any case."""
    return holds(haystack(tracked), sought.lower().split())


def summary(watchlist: Watchlist, shown: int, order: str = "") -> str:
    """Return the list's title: how many jobs, how many of them the filter lets through, and `order` if it says anything."""
    total = len(watchlist)
    number = f"Jobs {total:,}" if shown == total else f"Jobs {shown:,} of {count(total, 'job')}"
    return f"{number}, {order}" if order else number


def _verbatim(tracked: TrackedJob, name: str) -> str:
    return (tracked.job.verbatim(name) if tracked.job else None) or "-"


def _side(side: str) -> Literal["left", "right"]:
    return "right" if side == "right" else "left"
