"""Render the job list: columns, rows, sorting, filter. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from rich.cells import cell_len

from tui.analysis.late import Lateness
from tui.core.text import count, one_line
from tui.domain.connection import Connection, ConnectionState
from tui.domain.job_status import JobStatus, is_known
from tui.domain.tracked_job import Freshness, TrackedJob
from tui.domain.watched_list import WatchedList
from tui.domain.watchlist import Watchlist
from tui.presentation.columns import BY_NAME, JOB, NOTE, OF_SCREEN, STATUS, Column, JobRow, SortKey
from tui.presentation.job_text import UNKNOWN, status_word
from tui.presentation.lateness_text import lateness_text
from tui.presentation.messages import looking_for
from tui.ui.rendering.cause_lines import cause_note
from tui.ui.rendering.lines import Line, Role, Side, Span, clip, cut, fit, line_width, wrap
from tui.ui.rendering.view_state import (
    Times,
    ViewOptions,
    ViewState,
    freshness_note,
    status_glyph,
    status_role,
)

WIDE = 96
"""Cells from which a row shows the wait and long types."""

LONGEST_STATUS = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """The visible columns of the list, left to right, and their widths in cells."""

    cells: tuple[tuple[Column, int], ...]

    @property
    def width(self) -> int:
        """Cells of a whole row."""
        return _used(size for _, size in self.cells) - 1

    @property
    def has_note(self) -> bool:
        """Whether there is room for notes."""
        return any(column is NOTE for column, _ in self.cells)

    @classmethod
    def for_list(
        cls, watchlist: Watchlist, width: int, longest_id: int | None = None, without: Column | None = None
    ) -> Columns:
        """Return the columns for a list of `width` cells; the status is never cut, the note takes the rest.

        The least important columns leave a list that is too narrow; then status and id are only as wide as they must.

        Args:
            watchlist: The jobs.
            width: Cells of the list.
            longest_id: Number of digits of the longest id; None computes it from all ids.
            without: A column that says for each job what its group says for all; None for none.
        """
        words = [cell_len(str(group.status)) for group in watchlist.groups if group.status is not None]
        digits = id_digits(watchlist.ids) if longest_id is None else longest_id
        sizes = {column: screen.wide if width >= WIDE else screen.narrow for column, screen in _ON_SCREEN}
        sizes[STATUS] = min(LONGEST_STATUS, max([sizes[STATUS], *words]))
        sizes[JOB] = max(sizes[JOB], digits)
        kept = [column for column, size in sizes.items() if size and column is not without]
        for column in _LEAVING:
            if _used(sizes[each] for each in kept) - 1 <= width:  # no blank after the last one
                break
            if column in kept:
                kept.remove(column)
        if _used(sizes[each] for each in kept) - 1 > width and all(group.status for group in watchlist.groups):
            tight = {STATUS: min(LONGEST_STATUS, max(words, default=0)), JOB: digits}
            sizes |= tight if _used(tight.values()) - 1 <= width else {}
        if NOTE in kept:
            sizes[NOTE] += width - _used(sizes[each] for each in kept) + 1
        return cls(tuple((column, sizes[column]) for column in kept if sizes[column]))


GLYPH_CELLS = 2
"""Cells of the status glyph and the blank after it."""

_ON_SCREEN = [(column, column.screen) for column in OF_SCREEN if column.screen]

_LEAVING = [
    column for column, screen in sorted(_ON_SCREEN, key=lambda each: each[1].leaves or 0) if screen.leaves is not None
]
"""The columns that leave a narrow list, the first one first."""


def _used(sizes: Iterable[int]) -> int:
    """Return the cells of a row with a blank after each visible column."""
    return GLYPH_CELLS + sum(size + 1 for size in sizes if size)


def id_digits(ids: Sequence[int]) -> int:
    """Return the number of digits of the longest id, 1 without ids."""
    return len(str(max(ids, default=0)))


def header(columns: Columns, look: ViewOptions) -> Line:
    """Return the line above the rows."""
    headings = (
        fit(_heading(column, look), size, _side(column), look.glyphs.ellipsis) for column, size in columns.cells
    )
    return (Span(" " * GLYPH_CELLS + " ".join(headings), Role.LABEL),)


def _heading(column: Column, look: ViewOptions) -> str:
    heading = column.screen.heading if column.screen else column.heading
    if not column.is_time or look.times is Times.LOCAL:
        return heading
    return f"{heading} Z" if look.times is Times.UTC else "AGE"


def _side(column: Column) -> Side:
    return "right" if column.is_right or column.is_time else "left"


class Order(Enum):
    """The orders of the list."""

    ATTENTION = "attention"
    AS_GIVEN = "as given"
    STATUS = "status"
    ID = "job id"
    LOCATION = "location"
    TYPE = "type"
    NEWEST = "newest"
    WAIT = "longest wait"
    RUN = "longest run"
    ITEMS = "most items"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order and its direction."""

    order: Order = Order.AS_GIVEN
    is_reversed: bool = False

    @property
    def words(self) -> str:
        """The order for the list's title."""
        if self.order is Order.ATTENTION:
            return "attention last" if self.is_reversed else "attention first"
        words = self.order.value if self.order is Order.AS_GIVEN else f"by {self.order.value}"
        return f"{words}, reversed" if self.is_reversed else words


_SORTED_BY = {
    Order.STATUS: BY_NAME["status"],
    Order.NEWEST: BY_NAME["added"],
    Order.RUN: BY_NAME["runSeconds"],
    Order.LOCATION: BY_NAME["locationCode"],
    Order.TYPE: BY_NAME["type"],
    Order.WAIT: BY_NAME["queueWaitSeconds"],
    Order.ITEMS: BY_NAME["itemCount"],
    Order.FILE: BY_NAME["originalFilename"],
}
"""The orders that sort by a column."""


def key_of(tracked: TrackedJob, order: Order, *, is_late: bool = False) -> SortKey:
    """Return the sort key of a job; unknown values sort last."""
    if order is Order.ATTENTION:
        return (_attention(tracked, is_late=is_late), 0)
    if order is Order.ID:
        return (tracked.job_id, "")
    column = _SORTED_BY.get(order)
    return column.sort_key(tracked.job) if column and column.sort_key else (0, 0)


def _attention(tracked: TrackedJob, *, is_late: bool) -> int:
    """Rank: failed, late, stale or unreadable, working, pending, anything else, success."""
    status = tracked.status
    if status is JobStatus.FAILED:
        return 0
    if is_late:
        return 1
    if tracked.error is not None or tracked.freshness in {Freshness.STALE, Freshness.GONE}:
        return 2
    return {JobStatus.WORKING: 3, JobStatus.PENDING: 4, JobStatus.SUCCESS: 6}.get(status, 5) if status else 5


def searchable_words(tracked: TrackedJob) -> str:
    """Return the text that a filter searches: id, status, type, location, file and messages, in lower case."""
    job = tracked.job
    texts = [str(tracked.job_id)]
    if tracked.job or tracked.error:
        texts.append(status_word(tracked))
    if job:
        texts += [str(job.type or ""), job.location_code or "", job.original_filename or "", *job.messages]
    return "\n".join(texts).lower()


NO_JOBS = (
    "",
    "No jobs yet.",
    "",
    "Type or paste job ids or a file name above, then press enter:",
    "884213   884213-884220   a URL, a log, a mail",
    "inv_0930.csv   KIBO_REFRESH_*   loc:W01 since:2h",
)


def row(
    tracked: TrackedJob,
    link: Connection,
    columns: Columns,
    look: ViewOptions,
    *,
    late: Lateness | None = None,
    is_pinned: bool = False,
    same_as: int | None = None,
) -> Line:
    """Return one job as one line; a stale job is muted and has a note, a late one stands out.

    The cell before the id column marks a pinned job. `same_as` is a job above with the same largest cause.
    """
    job = tracked.job
    stale = freshness_note(tracked, link, look.now)
    role = Role.MUTED if stale or job is None else Role.TEXT
    ellipsis = look.glyphs.ellipsis
    shown = JobRow(tracked, look.known_until(tracked, link), look.clock_time)
    word, facts = "", ""
    for column, size in columns.cells:
        if column is STATUS:
            glyph = look.glyphs.late if late else status_glyph(tracked.status, look.glyphs)
            word = fit(f"{glyph} {status_word(tracked)}", size + GLYPH_CELLS, "left", ellipsis)
        # A job without a response has no values for the columns: its problem replaces them.
        elif column is JOB or (column is not NOTE and job):
            facts += " " + fit(column.text(shown, size) or UNKNOWN, size, _side(column), ellipsis)
    facts = f"{look.glyphs.pinned}{facts[1:]}" if is_pinned else facts
    status = Role.MUTED if stale else Role.WARNING if late else status_role(tracked.status)
    cells: Line = (Span(word, status), Span(facts, role))
    if columns.has_note or job is None:
        room = columns.width - line_width(cells) - 1
        cells = (*cells, Span(" "), *note(tracked, stale, late, look, room, same_as=same_as))
    return clip(cells, columns.width, ellipsis)


def is_still(tracked: TrackedJob, link: Connection, look: ViewOptions) -> bool:
    """Return whether the row does not change with time, except that a time of day becomes a date."""
    is_current = tracked.freshness is Freshness.FINAL or (
        tracked.freshness is Freshness.LIVE and link.state is ConnectionState.UP
    )
    return is_current and tracked.job is not None and tracked.job.is_ended and look.times is not Times.AGE


def note(
    tracked: TrackedJob,
    stale: Span | None,
    late: Lateness | None,
    look: ViewOptions,
    width: int,
    *,
    same_as: int | None = None,
) -> Line:
    """Return the note of a row, of about `width` cells: problems first, then the largest cause of the messages."""
    parts = [stale] if stale else []
    if late and not stale:
        parts.append(Span(lateness_text(late, look.glyphs.times), Role.WARNING))
    job = tracked.job
    if tracked.condition.is_ended and not is_known(tracked.status):
        parts.append(Span("ended, status unknown", Role.WARNING))
    if tracked.error and tracked.freshness is not Freshness.GONE:
        parts.append(Span(tracked.error.message, Role.WARNING if job is None else Role.MUTED))
    elif tracked.transitions and tracked.transitions[-1].is_reversal:
        parts.append(Span(f"was {tracked.transitions[-1].before}", Role.WARNING))
    elif job and job.messages and same_as is not None:
        parts.append(Span(f"{look.glyphs.same} same cause as {same_as}", Role.MUTED))
    elif job and job.messages:
        parts.append(
            Span(
                cause_note(job, look.glyphs, width - sum(cell_len(part.text) + 3 for part in parts)),
                Role.TEXT if not stale else Role.MUTED,
            )
        )
    elif job and job.unread:
        parts.append(Span(f"unreadable: {', '.join(job.unread)}", Role.MUTED))
    gap = f" {look.glyphs.dot} "
    return tuple(
        span for place, part in enumerate(parts) for span in ((Span(gap, Role.MUTED), part) if place else (part,))
    )


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
    return f"no job {name} yet" if known.reading else f"{looking_for(name)} {ellipsis}"


def _outlook(scene: ViewState) -> tuple[str, ...]:
    """Return a note that jobs will appear, if a watched list waits for some."""
    return ("jobs appear here when they exist",) if any(known.reading for known in scene.snapshot.awaited) else ()


def awaited_files(scene: ViewState, width: int) -> str:
    """Return the watched files without jobs, in at most `width` cells; empty without such files, or without rows."""
    if not scene.watchlist:
        return ""
    names = ", ".join(one_line(known.selection.words) for known in scene.snapshot.awaited)
    return cut(f"no job yet {names}", width, scene.look.glyphs.ellipsis) if names else ""
