"""One job as one row of the job list. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui.core.text import count, one_line
from tui.domain.connection import Link, LinkState
from tui.domain.job_status import is_known
from tui.domain.tracked_job import Freshness, TrackedJob
from tui.domain.watched_list import WatchedList
from tui.ui.views.columns import Columns
from tui.ui.views.lines import Line, Role, Side, Span, clip, cut, fit, wrap
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
from tui.ui.views.scene import Scene

NO_JOBS = (
    "",
    "No jobs yet.",
    "",
    "Type or paste job ids or a file name above, then press enter:",
    "884213   884213-884220   a URL, a log, a mail",
    "inv_0930.csv   KIBO_REFRESH_*   loc:W01 since:2h",
)


def row(tracked: TrackedJob, link: Link, columns: Columns, look: Look, *, is_pinned: bool = False) -> Line:
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


def is_still(tracked: TrackedJob, link: Link, look: Look) -> bool:
    """Whether the job's row stays as it is while time goes by, but for the day after which a time of day becomes a date."""
    is_current = tracked.freshness is Freshness.SETTLED or (tracked.freshness is Freshness.LIVE and link.state is LinkState.UP)
    return is_current and tracked.job is not None and tracked.job.is_ended and look.times is not Times.AGE


def note(tracked: TrackedJob, stale: Span | None, look: Look) -> Line:
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
    return tuple(span for place, part in enumerate(parts) for span in ((Span(gap, Role.MUTED), part) if place else (part,)))


def summary(total: int, shown: int, order: str = "", sought: str = "", *, width: int = 80, ellipsis: str = "…") -> str:
    """Return the list's title: how many jobs, how many of them the filter lets through, the filter, and `order` if it says anything.

    The filter is cut where the title would be wider than `width` cells.
    """
    number = f"Jobs {total:,}" if shown == total and not sought else f"Jobs {shown:,} of {total:,}"
    behind = f", {order}" if order else ""
    room = width - cell_len(number) - cell_len(behind) - len(", ")
    words = f", {cut(f'/{sought}', room, ellipsis)}" if sought and room > 1 else ""
    return f"{number}{words}{behind}"


def instead(scene: Scene, sought: str, width: int) -> tuple[Line, ...]:
    """Return what a list of `width` cells without rows says in their place: what is awaited, what the filter did, or how jobs come in."""
    texts: Sequence[str]
    if scene.awaited:
        texts = ("", f"asking for {count(scene.awaited, 'job')} {scene.look.glyphs.ellipsis}")
    elif scene.snapshot.selections and not scene.watchlist:
        named = (_searched(known, scene.look.glyphs.ellipsis) for known in scene.snapshot.lists if known.is_asked_for)
        texts = ("", *(part for text in named for part in wrap(text, max(width, 1))), *_outlook(scene))
    else:
        texts = (f"no job matches {sought!r}", "esc clears the filter") if sought else NO_JOBS
    return tuple((Span(" " * max(0, (width - cell_len(text)) // 2)), Span(text, Role.MUTED)) for text in texts)


def _searched(known: WatchedList, ellipsis: str) -> str:
    """Return that a watched list has no job yet, that it was not read yet, or that a user removed its jobs."""
    name = one_line(known.selection.words)
    if known.has_jobs:
        return f"all known jobs {name} were removed: u puts them back"
    return f"no job {name} yet" if known.reading else f"looking for jobs {name} {ellipsis}"


def _outlook(scene: Scene) -> tuple[str, ...]:
    """Return that jobs come by themselves, where some are awaited."""
    return ("jobs appear here as soon as there are any",) if any(known.reading for known in scene.snapshot.awaited) else ()


def awaited_files(scene: Scene, width: int) -> str:
    """Return which watched files have no job yet, in at most `width` cells; empty if there is none, or no row beside which to say so."""
    if not scene.watchlist:
        return ""
    names = ", ".join(one_line(known.selection.words) for known in scene.snapshot.awaited)
    return cut(f"no job yet {names}", width, scene.look.glyphs.ellipsis) if names else ""


def _verbatim(tracked: TrackedJob, name: str) -> str:
    return (tracked.job.verbatim(name) if tracked.job else None) or "-"
