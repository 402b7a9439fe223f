"""Render a pinned job as a card of the deck. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tui.domain.connection import Connection
from tui.domain.tracked_job import TrackedJob
from tui.presentation.job_text import items_text, number_text, run_text, wait_text
from tui.ui.rendering.lines import Line, Role, Span, cut, fit, wrap
from tui.ui.rendering.view_state import ViewOptions, awaited, freshness_note

LABEL_WIDTH = 9

NARROWEST = 38
"""Minimum cells of a card beside others."""

COMPARED = {
    "type": "type",
    "location": "locationCode",
    "file": "originalFilename",
    "tenant": "tenantID",
    "items": "itemCount",
    "results": "numResults",
    "success": "success",
}
"""Labels and fields that are marked if pinned jobs differ. Without times, which always differ."""


def differing(jobs: Sequence[TrackedJob]) -> frozenset[str]:
    """Return the labels of the fields that differ between the jobs, apart from unread ones."""
    answered = [tracked.job for tracked in jobs if tracked.job]
    return frozenset(label for label, name in COMPARED.items() if len({job.verbatim(name) for job in answered}) > 1)


def cards_in_sight(pinned: int, room: int) -> int:
    """Return how many of the pinned cards fit side by side in `room` cells, at least 1."""
    return max(1, min(pinned, room // NARROWEST))


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


def card(
    tracked: TrackedJob, link: Connection, differs: frozenset[str], look: ViewOptions, width: int
) -> tuple[Line, ...]:
    """Return one job in `width` cells: problems, fields, then its messages, newest last.

    `differs` contains the labels of marked fields.
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
    until = look.known_until(tracked, link)
    values = {
        "type": job.verbatim("type"),
        "location": job.verbatim("locationCode"),
        "file": job.verbatim("originalFilename"),
        "tenant": job.verbatim("tenantID"),
        "added": look.full_time(job.added) if job.added else job.verbatim("added"),
        "started": look.full_time(job.started) if job.started else job.verbatim("started"),
        "finished": look.full_time(job.finished) if job.finished else job.verbatim("finished"),
        "waited": wait_text(job, until),
        "ran": run_text(job, until),
        "items": items_text(job),
        "results": number_text(job.num_results, job.verbatim("numResults")),
        "success": job.verbatim("success"),
    }
    lines += (_field(label, value or "-", label in differs, look, width) for label, value in values.items())
    lines += _messages(tracked, look, width)
    return tuple(lines)


def _field(label: str, value: str, is_marked: bool, look: ViewOptions, width: int) -> Line:
    mark = look.glyphs.differs if is_marked else " "
    return (
        Span(fit(label, LABEL_WIDTH), Role.LABEL),
        Span(f"{mark} ", Role.DIFFERS),
        Span(
            cut(value, max(1, width - LABEL_WIDTH - 2), look.glyphs.ellipsis), Role.DIFFERS if is_marked else Role.TEXT
        ),
    )


def _messages(tracked: TrackedJob, look: ViewOptions, width: int) -> list[Line]:
    texts = tracked.job.messages if tracked.job else ()
    if not texts:
        return []
    lines: list[Line] = [(Span(f"messages {len(texts):,}", Role.LABEL),)]
    for text in texts[-10:]:
        parts = wrap(text[:1000], max(8, width - 2))
        lines += ((Span(f"{look.glyphs.dot if index == 0 else ' '} {part}"),) for index, part in enumerate(parts))
    return lines
