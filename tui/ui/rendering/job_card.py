"""Render a pinned job as a card of the deck, and what all cards have in common. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tui.analysis.comparison import COMPARED, SHARED
from tui.analysis.late import Lateness
from tui.core.durations import coarse_duration
from tui.core.text import one_line
from tui.domain.connection import Connection
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import TrackedJob
from tui.presentation.job_text import UNKNOWN, items_text, number_text, rate_text, run_text, wait_text
from tui.presentation.lateness_text import lateness_text
from tui.ui.rendering.cause_lines import cause_lines
from tui.ui.rendering.lines import BLANK, Line, Role, Span, clip, cut, fit, spread, wrap
from tui.ui.rendering.view_state import Times, ViewOptions, awaited, freshness_note

LABEL_WIDTH = 9

NARROWEST, LOWEST = 38, 11
"""Minimum cells and lines of a card beside others, with its title."""

BORDER = 3
"""Cells of a card beside its lines."""

IN_TITLE = ("type", "location")
"""Labels of the fields in the title of a card."""

FEWEST_CAUSES = 3
"""Causes that a card shows however low it is."""

LINES_BELOW_CAUSES = 6
"""Lines of a card that stay in sight below its causes: the title and the times."""


class Grid(NamedTuple):
    """How the cards are dealt."""

    columns: int
    rows: int
    """Rows of cards in sight, at least 1; more can be scrolled to."""

    @property
    def in_sight(self) -> int:
        """Number of cards in sight."""
        return self.columns * self.rows


def grid_of(pinned: int, width: int, height: int) -> Grid:
    """Return how many cards stand side by side in `width` cells and below each other in `height` lines."""
    most = max(1, min(pinned, width // NARROWEST))
    rows = -(-max(1, pinned) // most)
    return Grid(-(-max(1, pinned) // rows), min(rows, max(1, height // LOWEST)))


def marked_after(before: Sequence[int], after: Sequence[int], marked: int | None) -> int | None:
    """Return the job of the marked card after the pins changed from `before` to `after`; None for an empty deck.

    A new pin gets the mark. Otherwise it stays on its job, or moves to the next card if that job is gone.
    """
    fresh = [job_id for job_id in after if job_id not in before]
    if fresh:
        return fresh[-1]
    if marked in after or not after:
        return marked if after else None
    return after[min(before.index(marked), len(after) - 1)] if marked in before else after[0]


def deck_line(pinned: str, in_common: Mapping[str, str], look: ViewOptions, width: int, *, has_marks: bool) -> Line:
    """Return the line above the cards, in `width` cells: how many there are, and in what all of them agree."""
    texts = [f"{label} {one_line(value)}" for label, value in in_common.items()]
    agreed = f" {look.glyphs.dot} in all: {', '.join(texts)}" if texts else ""
    left = (Span(" "), Span(pinned, Role.STRONG), Span(agreed, Role.MUTED))
    right = (Span(f"{look.glyphs.differs} marks what differs ", Role.MUTED),) if has_marks else BLANK
    return clip(spread(left, right, width) if right else left, width, look.glyphs.ellipsis)


def card_title(tracked: TrackedJob, in_common: Mapping[str, str], look: ViewOptions) -> str:
    """Return the text at the right of a card's title: type and location, unless they are in common."""
    job = tracked.job
    values = [job.verbatim(COMPARED[label]) for label in IN_TITLE if label not in in_common] if job else []
    return f" {look.glyphs.dot} ".join(one_line(value) for value in values if value)


def reasons(
    tracked: TrackedJob,
    link: Connection,
    look: ViewOptions,
    width: int,
    height: int,
    *,
    late: Lateness | None = None,
    remark: str = "",
) -> tuple[Line, ...]:
    """Return why the job is as it is, in `width` cells: what is wrong, the causes of its messages, why it is here.

    As many causes as leave the times in sight in `height` lines.
    """
    job = tracked.job
    lines: list[Line] = []
    stale = freshness_note(tracked, link, look.now)
    if stale:
        lines.append((stale,))
    if tracked.error and job is None:
        lines += ((Span(part, Role.WARNING),) for part in wrap(str(tracked.error), width))
    if job is None:
        return tuple(lines) or ((Span(awaited(link, look), Role.MUTED),),)
    if late and not stale:
        lines += ((Span(part, Role.WARNING),) for part in wrap(lateness_text(late, look.glyphs.times), width))
    if job.messages:
        limit = max(FEWEST_CAUSES, height - LINES_BELOW_CAUSES - len(lines))
        lines += cause_lines(job, look, width, limit, more="")
    elif job.status is JobStatus.FAILED:
        lines.append((Span("failed without a message", Role.WARNING),))
    elif job.status is JobStatus.PENDING and not late:
        lines.append((Span("waits for its start", Role.MUTED),))
    if remark:
        lines.append((Span(cut(remark, width, look.glyphs.ellipsis), Role.MUTED),))
    return tuple(lines)


def values(
    tracked: TrackedJob,
    link: Connection,
    look: ViewOptions,
    width: int,
    *,
    differs: frozenset[str],
    in_common: Mapping[str, str],
) -> tuple[Line, ...]:
    """Return the times and fields of a job in `width` cells, the most telling first.

    Args:
        tracked: The job; without an answer it has none.
        link: The connection.
        look: Glyphs and times.
        width: Maximum cells of a line.
        differs: Labels of the fields that are marked.
        in_common: Labels and values of the fields that stand above the cards.
    """
    job = tracked.job
    if job is None:
        return ()
    until = look.known_until(tracked, link)
    is_waiting = job.started is None and not job.is_ended
    rate = rate_text(job)
    fewer = (job.item_count or 0) - job.num_results if job.num_results is not None else 0
    shown: dict[str, tuple[str, str]] = {
        "waiting" if is_waiting else "waited": (wait_text(job, until), ""),
        "ran" if job.is_ended else "running": (run_text(job, until), ""),
        "items": (items_text(job), "" if rate == UNKNOWN else f"{rate}/s"),
        "results": (
            number_text(job.num_results, job.verbatim("numResults")),
            f"{fewer:,} fewer than items" if fewer > 0 else "",
        ),
    }
    for label, moment in (("finished", job.finished), ("started", job.started), ("added", job.added)):
        if moment is None:
            shown[label] = (job.verbatim(label) or UNKNOWN, "")
        else:
            age = coarse_duration((look.server_now - moment).total_seconds())
            shown[label] = (look.full_time(moment), "" if look.times is Times.AGE else f"{age} ago")
    if job.success is not (job.status is JobStatus.SUCCESS):  # otherwise the status says it
        shown["success"] = (job.verbatim("success") or UNKNOWN, "")
    in_title = () if width < NARROWEST - BORDER else IN_TITLE
    for label in SHARED:
        if label not in in_common and label not in in_title:
            shown[label] = (job.verbatim(COMPARED[label]) or UNKNOWN, "")
    shown = {label: each for label, each in shown.items() if each[0] != UNKNOWN or (job.is_ended and label in differs)}
    return tuple(
        _field(label, value, note, look, width, is_marked=label in differs) for label, (value, note) in shown.items()
    )


def _field(label: str, value: str, note: str, look: ViewOptions, width: int, *, is_marked: bool) -> Line:
    mark = look.glyphs.differs if is_marked else " "
    room = max(1, width - LABEL_WIDTH - 2)
    text = cut(value, room, look.glyphs.ellipsis)
    line = (
        Span(fit(label, LABEL_WIDTH), Role.LABEL),
        Span(f"{mark} ", Role.DIFFERS),
        Span(text, Role.DIFFERS if is_marked else Role.TEXT),
    )
    return (*line, Span(f"  {note}", Role.MUTED)) if note and len(text) + len(note) + 2 <= room else line
