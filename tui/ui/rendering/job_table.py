"""Render the job list: columns, rows, sorting, filter. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from rich.cells import cell_len

from tui.core.text import count, one_line
from tui.domain.connection import Connection, ConnectionState
from tui.domain.job_status import JobStatus, is_known
from tui.domain.tracked_job import Freshness, TrackedJob
from tui.domain.watched_list import WatchedList
from tui.domain.watchlist import Watchlist
from tui.presentation.job_text import items_text, run_text, status_word, wait_text
from tui.ui.rendering.lines import Line, Role, Side, Span, clip, cut, fit, wrap
from tui.ui.rendering.view_state import (
    Times,
    ViewOptions,
    ViewState,
    freshness_note,
    status_glyph,
    status_role,
)

WIDE = 100
"""Cells from which a row shows the wait and long types."""

LONGEST_STATUS = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths of the columns in cells; 0 hides a column."""

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
        """First cell of the id column, and the cell after its last."""
        return 2 + self.status + 1, 2 + self.status + 1 + self.job

    @property
    def width(self) -> int:
        """Cells of a whole row."""
        sizes: list[int] = [getattr(self, name) for name in self.__slots__]
        return 2 + sum(size + 1 for size in sizes if size) - 1

    @classmethod
    def for_list(cls, watchlist: Watchlist, width: int, longest_id: int | None = None) -> Columns:
        """Return the widths for a list of `width` cells; the status is never cut, the note takes the rest.

        `longest_id` is the number of digits of the longest id; None computes it from all ids.
        """
        words = [cell_len(str(group.status)) for group in watchlist.groups if group.status is not None]
        status = min(LONGEST_STATUS, max([9, *words]))
        job = max(6, id_digits(watchlist.ids) if longest_id is None else longest_id)
        narrow, wide = cls(status, job), cls(status, job, type=17, location=10, wait=7, run=8, items=9)
        return (wide if width >= WIDE else narrow).filling(width)

    def filling(self, width: int) -> Columns:
        """Return the same columns without the least important ones until they fit; the note takes the rest."""
        for left_out in (
            (),
            ("items",),
            ("items", "added"),
            ("items", "added", "type"),
            ("items", "added", "type", "location"),
        ):
            kept = {name: 0 if name in left_out else getattr(self, name) for name in self.__slots__ if name != "note"}
            used = 2 + sum(size + 1 for size in kept.values() if size)
            if used <= width:
                return Columns(**kept, note=max(0, width - used))
        return Columns(self.status, self.job, 0, 0, 0, 0, 0, 0, 0)


def id_digits(ids: Sequence[int]) -> int:
    """Return the number of digits of the longest id, 1 without ids."""
    return len(str(max(ids, default=0)))


def header(columns: Columns, look: ViewOptions) -> Line:
    """Return the line above the rows."""
    added = {Times.UTC: "ADDED Z", Times.LOCAL: "ADDED", Times.AGE: "AGE"}[look.times]
    named: tuple[tuple[str, int, Side], ...] = (
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
    return (
        Span(
            "  " + " ".join(fit(name, size, side, look.glyphs.ellipsis) for name, size, side in named if size),
            Role.LABEL,
        ),
    )


Key = tuple[float, float | str]
"""A sort key; jobs with equal keys keep the order in which they were added."""

_BY_STATUS = (JobStatus.FAILED, JobStatus.WORKING, JobStatus.PENDING, JobStatus.SUCCESS)

_UNTOLD = len(_BY_STATUS)


class Order(Enum):
    """The orders of the list."""

    AS_GIVEN = "as given"
    ATTENTION = "attention"
    STATUS = "status"
    NEWEST = "newest"
    RUN = "longest run"
    LOCATION = "location"

    @property
    def following(self) -> Order:
        """The next order, in a cycle."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order and its direction."""

    order: Order = Order.AS_GIVEN
    is_reversed: bool = False

    @property
    def words(self) -> str:
        """The order for the list's title; empty for the given order."""
        backwards = "reversed" if self.is_reversed else ""
        return ", ".join(
            part for part in ("" if self.order is Order.AS_GIVEN else f"by {self.order.value}", backwards) if part
        )


def key_of(tracked: TrackedJob, order: Order) -> Key:
    """Return the sort key of a job; unknown values sort last."""
    job = tracked.job
    match order:
        case Order.AS_GIVEN:
            return (0, 0)
        case Order.ATTENTION:
            return (_attention(tracked), 0)
        case Order.STATUS:
            return _status(tracked.status)
        case Order.NEWEST:
            return _newest(job.added if job else None)
        case Order.RUN:
            return _run(job.started, job.finished) if job else (2, 0)
        case Order.LOCATION:
            code = job.location_code if job else None
            return (0, code) if code else (1, "")


def _attention(tracked: TrackedJob) -> int:
    """Rank: failed, stale or unreadable, working, pending, anything else, success."""
    status = tracked.status
    if status is JobStatus.FAILED:
        return 0
    if tracked.error is not None or tracked.freshness in {Freshness.STALE, Freshness.GONE}:
        return 1
    return {JobStatus.WORKING: 2, JobStatus.PENDING: 3, JobStatus.SUCCESS: 5}.get(status, 4) if status else 4


def _status(status: JobStatus | None) -> Key:
    if status in _BY_STATUS:
        return (_BY_STATUS.index(status), "")
    return (_UNTOLD + 1, "") if status is None else (_UNTOLD, str(status))


def _newest(added: datetime | None) -> Key:
    return (1, 0) if added is None else (0, -added.timestamp())


def _run(started: datetime | None, finished: datetime | None) -> Key:
    """Running jobs come first, so that the order does not change with time."""
    if started is None:
        return (2, 0)
    return (0, started.timestamp()) if finished is None else (1, -(finished - started).total_seconds())


def searchable_words(tracked: TrackedJob) -> str:
    """Return the text that a filter searches: id, status, type, location, file and messages, in lower case."""
    job = tracked.job
    texts = [str(tracked.job_id)]
    if tracked.job or tracked.error:
        texts.append(status_word(tracked))
    if job:
        texts += [str(job.type or ""), job.location_code or "", job.original_filename or "", *job.messages]
    return "\n".join(texts).lower()


def holds(searchable: str, words: Sequence[str]) -> bool:
    """Return whether all words (in lower case) are in the searchable text."""
    return all(word in searchable for word in words)


NO_JOBS = (
    "",
    "No jobs yet.",
    "",
    "Type or paste job ids or a file name above, then press enter:",
    "884213   884213-884220   a URL, a log, a mail",
    "inv_0930.csv   KIBO_REFRESH_*   loc:W01 since:2h",
)


def row(tracked: TrackedJob, link: Connection, columns: Columns, look: ViewOptions, *, is_pinned: bool = False) -> Line:
    """Return one job as one line; a stale job is muted and has a note.

    The cell before the id column marks a pinned job.
    """
    job = tracked.job
    stale = freshness_note(tracked, link, look.now)
    role = Role.MUTED if stale or job is None else Role.TEXT
    ellipsis, until = look.glyphs.ellipsis, look.known_until(tracked, link)
    cells: tuple[tuple[str, int, Side], ...] = (
        (str(tracked.job_id), columns.job, "right"),
        (_verbatim(tracked, "type"), columns.type, "left"),
        (_verbatim(tracked, "locationCode"), columns.location, "left"),
        (look.clock_time(job.added) if job and job.added else _verbatim(tracked, "added"), columns.added, "right"),
        (wait_text(job, until, columns.wait), columns.wait, "right"),
        (run_text(job, until, columns.run), columns.run, "right"),
        (items_text(job), columns.items, "right"),
    )
    glyph = status_glyph(tracked.status, look.glyphs)
    word = fit(f"{glyph} {status_word(tracked)}", columns.status + 2, "left", ellipsis)
    # A job without a response has no values for the columns: its problem replaces them.
    facts = "".join(" " + fit(text, size, side, ellipsis) for text, size, side in (cells if job else cells[:1]) if size)
    facts = f"{look.glyphs.pinned}{facts[1:]}" if is_pinned else facts
    notes = (Span(" "), *note(tracked, stale, look)) if columns.note or job is None else ()
    return clip(
        (Span(word, Role.MUTED if stale else status_role(tracked.status)), Span(facts, role), *notes),
        columns.width,
        ellipsis,
    )


def is_still(tracked: TrackedJob, link: Connection, look: ViewOptions) -> bool:
    """Return whether the row does not change with time, except that a time of day becomes a date."""
    is_current = tracked.freshness is Freshness.FINAL or (
        tracked.freshness is Freshness.LIVE and link.state is ConnectionState.UP
    )
    return is_current and tracked.job is not None and tracked.job.is_ended and look.times is not Times.AGE


def note(tracked: TrackedJob, stale: Span | None, look: ViewOptions) -> Line:
    """Return the note of a row: problems first, then the server's messages."""
    parts = [stale] if stale else []
    job = tracked.job
    if tracked.condition.is_ended and not is_known(tracked.status):
        parts.append(Span("ended, status unknown", Role.WARNING))
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
    return tuple(
        span for place, part in enumerate(parts) for span in ((Span(gap, Role.MUTED), part) if place else (part,))
    )


def list_title(
    total: int, shown: int, order: str = "", filter_text: str = "", *, width: int = 80, ellipsis: str = "…"
) -> str:
    """Return the list's title: number of jobs, number of matches, the filter, and `order` unless it is empty.

    The filter is cut if the title is wider than `width` cells.
    """
    number = f"Jobs {total:,}" if shown == total and not filter_text else f"Jobs {shown:,} of {total:,}"
    behind = f", {order}" if order else ""
    room = width - cell_len(number) - cell_len(behind) - len(", ")
    words = f", {cut(f'/{filter_text}', room, ellipsis)}" if filter_text and room > 1 else ""
    return f"{number}{words}{behind}"


def empty_state(scene: ViewState, filter_text: str, width: int) -> tuple[Line, ...]:
    """Return the text of a list without rows: pending jobs, the filter, or how to add jobs."""
    texts: Sequence[str]
    if scene.awaited:
        texts = ("", f"loading {count(scene.awaited, 'job')} {scene.look.glyphs.ellipsis}")
    elif scene.snapshot.selections and not scene.watchlist:
        named = (_searched(known, scene.look.glyphs.ellipsis) for known in scene.snapshot.lists if known.is_asked_for)
        texts = ("", *(part for text in named for part in wrap(text, max(width, 1))), *_outlook(scene))
    else:
        texts = (f"no job matches {filter_text!r}", "esc clears the filter") if filter_text else NO_JOBS
    return tuple((Span(" " * max(0, (width - cell_len(text)) // 2)), Span(text, Role.MUTED)) for text in texts)


def _searched(known: WatchedList, ellipsis: str) -> str:
    """Return the state of a watched list without jobs: not read yet, no job yet, or all jobs removed."""
    name = one_line(known.selection.words)
    if known.has_jobs:
        return f"all known jobs {name} were removed: u restores them"
    return f"no job {name} yet" if known.reading else f"looking for jobs {name} {ellipsis}"


def _outlook(scene: ViewState) -> tuple[str, ...]:
    """Return a note that jobs will appear, if a watched list waits for some."""
    return ("jobs appear here when they exist",) if any(known.reading for known in scene.snapshot.awaited) else ()


def awaited_files(scene: ViewState, width: int) -> str:
    """Return the watched files without jobs, in at most `width` cells; empty without such files, or without rows."""
    if not scene.watchlist:
        return ""
    names = ", ".join(one_line(known.selection.words) for known in scene.snapshot.awaited)
    return cut(f"no job yet {names}", width, scene.look.glyphs.ellipsis) if names else ""


def _verbatim(tracked: TrackedJob, name: str) -> str:
    return (tracked.job.verbatim(name) if tracked.job else None) or "-"
