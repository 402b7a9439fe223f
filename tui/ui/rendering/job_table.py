"""The job list as lines: columns, rows, sorting, filter. Pure."""

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
from tui.ui.rendering.lines import Line, Role, Side, Span, clip, cut, fit, wrap
from tui.ui.rendering.view_state import (
    Times,
    ViewOptions,
    ViewState,
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

    @property
    def width(self) -> int:
        """Cells that a whole row takes."""
        sizes: list[int] = [getattr(self, name) for name in self.__slots__]
        return 2 + sum(size + 1 for size in sizes if size) - 1

    @classmethod
    def for_list(cls, watchlist: Watchlist, width: int, longest_id: int | None = None) -> Columns:
        """Return the widths for a list that is `width` cells wide; the status is never cut, the note takes what is
        left.

        `longest_id` is the number of digits of the longest id where the caller knows it; otherwise all ids are looked
        at.
        """
        words = [cell_len(str(status)) for status in watchlist.counts if status is not None]
        status = min(LONGEST_STATUS, max([9, *words]))
        job = max(6, id_digits(watchlist.ids) if longest_id is None else longest_id)
        narrow, wide = cls(status, job), cls(status, job, type=17, location=10, wait=7, run=8, items=9)
        return (wide if width >= WIDE else narrow).filling(width)

    def filling(self, width: int) -> Columns:
        """Return the same columns with the least important left out until the rest fits, and the note in what
        remains.
        """
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
    """Return the digits of the longest id, 1 for none."""
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

"""What is compared; jobs with equal keys stay in the order in which they were added."""

_BY_STATUS = (JobStatus.FAILED, JobStatus.WORKING, JobStatus.PENDING, JobStatus.SUCCESS)

_UNTOLD = len(_BY_STATUS)


class Order(Enum):
    """What comes first."""

    AS_GIVEN = "as given"
    ATTENTION = "attention"
    STATUS = "status"
    NEWEST = "newest"
    RUN = "longest run"
    LOCATION = "location"

    @property
    def following(self) -> Order:
        """The next in the circle that the key walks."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order and its direction."""

    order: Order = Order.AS_GIVEN
    is_reversed: bool = False

    @property
    def words(self) -> str:
        """How the list's title says it; empty for jobs as they were given."""
        backwards = "reversed" if self.is_reversed else ""
        return ", ".join(
            part for part in ("" if self.order is Order.AS_GIVEN else f"by {self.order.value}", backwards) if part
        )


def key_of(tracked: TrackedJob, order: Order) -> Key:
    """Return by what the job is sorted; what is not known of it sorts last."""
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
    """Failed, out of date or unreadable, working, pending, anything else, well ended."""
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
    """Those that still run come first, so that nobody changes places because time goes by."""
    if started is None:
        return (2, 0)
    return (0, started.timestamp()) if finished is None else (1, -(finished - started).total_seconds())


def searchable_words(tracked: TrackedJob) -> str:
    """Return what a filter looks through: id, status, type, location, file and messages, in lower case."""
    job = tracked.job
    texts = [str(tracked.job_id)]
    if tracked.job or tracked.error:
        texts.append(status_word(tracked, Connection()))
    if job:
        texts += [str(job.type or ""), job.location_code or "", job.original_filename or "", *job.messages]
    return "\n".join(texts).lower()


def holds(searchable: str, words: Sequence[str]) -> bool:
    """Whether all of the words (in lower case) are in the searchable words."""
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
    """Return one job as one line; what is not current is muted and says so in the note.

    A pinned job is marked in the cell before the id's column, which is blank in others.
    """
    job = tracked.job
    stale = freshness_note(tracked, link, look.now)
    role = Role.MUTED if stale or job is None else Role.TEXT
    ellipsis = look.glyphs.ellipsis
    cells: tuple[tuple[str, int, Side], ...] = (
        (str(tracked.job_id), columns.job, "right"),
        (_verbatim(tracked, "type"), columns.type, "left"),
        (_verbatim(tracked, "locationCode"), columns.location, "left"),
        (look.clock_time(job.added) if job and job.added else _verbatim(tracked, "added"), columns.added, "right"),
        (wait_text(tracked, link, look, columns.wait), columns.wait, "right"),
        (run_text(tracked, link, look, columns.run), columns.run, "right"),
        (items_text(tracked), columns.items, "right"),
    )
    glyph = status_glyph(tracked.status, look.glyphs)
    word = fit(f"{glyph} {status_word(tracked, link)}", columns.status + 2, "left", ellipsis)
    # A job that never answered has no facts to keep in columns: its trouble takes their place.
    facts = "".join(" " + fit(text, size, side, ellipsis) for text, size, side in (cells if job else cells[:1]) if size)
    facts = f"{look.glyphs.pinned}{facts[1:]}" if is_pinned else facts
    notes = (Span(" "), *note(tracked, stale, look)) if columns.note or job is None else ()
    return clip(
        (Span(word, Role.MUTED if stale else status_role(tracked.status)), Span(facts, role), *notes),
        columns.width,
        ellipsis,
    )


def is_still(tracked: TrackedJob, link: Connection, look: ViewOptions) -> bool:
    """Whether the job's row stays as it is while time goes by, but for the day after which a time of day becomes a
    date.
    """
    is_current = tracked.freshness is Freshness.FINAL or (
        tracked.freshness is Freshness.LIVE and link.state is ConnectionState.UP
    )
    return is_current and tracked.job is not None and tracked.job.is_ended and look.times is not Times.AGE


def note(tracked: TrackedJob, stale: Span | None, look: ViewOptions) -> Line:
    """Return what matters most about a job beyond its fields: trouble first, then what the server says."""
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
    """Return the list's title: how many jobs, how many of them the filter lets through, the filter, and `order` if it
    says anything.

    The filter is cut where the title would be wider than `width` cells.
    """
    number = f"Jobs {total:,}" if shown == total and not filter_text else f"Jobs {shown:,} of {total:,}"
    behind = f", {order}" if order else ""
    room = width - cell_len(number) - cell_len(behind) - len(", ")
    words = f", {cut(f'/{filter_text}', room, ellipsis)}" if filter_text and room > 1 else ""
    return f"{number}{words}{behind}"


def empty_state(scene: ViewState, filter_text: str, width: int) -> tuple[Line, ...]:
    """Return what a list of `width` cells without rows says in their place: what is awaited, what the filter did, or
    how jobs come in.
    """
    texts: Sequence[str]
    if scene.awaited:
        texts = ("", f"asking for {count(scene.awaited, 'job')} {scene.look.glyphs.ellipsis}")
    elif scene.snapshot.selections and not scene.watchlist:
        named = (_searched(known, scene.look.glyphs.ellipsis) for known in scene.snapshot.lists if known.is_asked_for)
        texts = ("", *(part for text in named for part in wrap(text, max(width, 1))), *_outlook(scene))
    else:
        texts = (f"no job matches {filter_text!r}", "esc clears the filter") if filter_text else NO_JOBS
    return tuple((Span(" " * max(0, (width - cell_len(text)) // 2)), Span(text, Role.MUTED)) for text in texts)


def _searched(known: WatchedList, ellipsis: str) -> str:
    """Return that a watched list has no job yet, that it was not read yet, or that a user removed its jobs."""
    name = one_line(known.selection.words)
    if known.has_jobs:
        return f"all known jobs {name} were removed: u puts them back"
    return f"no job {name} yet" if known.reading else f"looking for jobs {name} {ellipsis}"


def _outlook(scene: ViewState) -> tuple[str, ...]:
    """Return that jobs come by themselves, where some are awaited."""
    return (
        ("jobs appear here as soon as there are any",) if any(known.reading for known in scene.snapshot.awaited) else ()
    )


def awaited_files(scene: ViewState, width: int) -> str:
    """Return which watched files have no job yet, in at most `width` cells; empty if there is none, or no row beside
    which to say so.
    """
    if not scene.watchlist:
        return ""
    names = ", ".join(one_line(known.selection.words) for known in scene.snapshot.awaited)
    return cut(f"no job yet {names}", width, scene.look.glyphs.ellipsis) if names else ""


def _verbatim(tracked: TrackedJob, name: str) -> str:
    return (tracked.job.verbatim(name) if tracked.job else None) or "-"
