"""Render the recent jobs of the tenant, to choose from: columns, rows, and what replaces rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tui.analysis.job_filter import Subject, parse_filter
from tui.core.text import count, one_line
from tui.domain.tracked_job import TrackedJob
from tui.presentation.columns import BY_NAME, JOB, STATUS, Column, JobRow
from tui.presentation.job_text import UNKNOWN, status_word
from tui.ui.rendering.job_table import GLYPH_CELLS, WIDE, id_digits, searchable_words
from tui.ui.rendering.lines import Line, Role, Span, fit, wrap
from tui.ui.rendering.view_state import Times, ViewOptions, status_glyph, status_role

_LOCATION, _TYPE, _FILE, _AGE = (BY_NAME[name] for name in ("locationCode", "type", "originalFilename", "added"))

_HEADINGS = {STATUS: "STATUS", JOB: "JOB", _LOCATION: "LOC", _TYPE: "TYPE", _FILE: "FILE", _AGE: "AGE"}

_CELLS = {STATUS: 9, JOB: 6, _LOCATION: 8, _TYPE: 10, _FILE: 12, _AGE: 5}

LONGEST_TYPE = 21

_LEAVING = (_TYPE, _LOCATION, _FILE, _AGE)
"""The columns that leave a narrow list, the first one first."""

Widths = tuple[tuple[Column, int], ...]
"""The visible columns, left to right, and their widths in cells."""


def newest_first(jobs: Sequence[TrackedJob]) -> tuple[TrackedJob, ...]:
    """Return the jobs, the one that was added last first; those without a time last."""
    key = _AGE.sort_key
    by_id = sorted(jobs, key=lambda each: -each.job_id)
    return tuple(sorted(by_id, key=lambda each: key(each.job) if key else (0, 0)))


def matching(jobs: Sequence[TrackedJob], filter_text: str, now: datetime) -> tuple[TrackedJob, ...]:
    """Return the jobs that meet a filter without mistakes.

    Raises:
        FilterError: The filter has a mistake.
    """
    wanted = parse_filter(filter_text)
    return tuple(each for each in jobs if wanted.matches(Subject(each, searchable_words(each), now=now)))


def widths(jobs: Sequence[TrackedJob], width: int) -> Widths:
    """Return the columns for a list of `width` cells; the file takes what the others leave."""
    sizes = _CELLS | {
        _TYPE: _CELLS[_TYPE] if width < WIDE else LONGEST_TYPE,
        JOB: max(_CELLS[JOB], id_digits([each.job_id for each in jobs])),
    }
    for column in _LEAVING:
        if _used(sizes) <= width:
            break
        del sizes[column]
    if _FILE in sizes:
        sizes[_FILE] += width - _used(sizes)
    return tuple(sizes.items())


def _used(sizes: dict[Column, int]) -> int:
    return GLYPH_CELLS + sum(sizes.values()) + len(sizes) - 1


def header(columns: Widths) -> Line:
    """Return the line above the rows."""
    headings = (fit(_HEADINGS[column], size, "right" if column in {JOB, _AGE} else "left") for column, size in columns)
    return (Span(" " * GLYPH_CELLS + " ".join(headings), Role.LABEL),)


def row(known: TrackedJob, columns: Widths, look: ViewOptions, *, is_watched: bool) -> Line:
    """Return one job as one line; a watched one is muted, because it is on the list already."""
    shown = JobRow(known, None, look.clock_time)
    facts = ""
    for column, size in columns:
        if column is _AGE:
            facts += " " + fit(_age(known, look), size, "right")
        elif column is not STATUS:
            text = one_line(column.text(shown, size) or UNKNOWN)
            facts += " " + fit(text, size, "right" if column is JOB else "left", look.glyphs.ellipsis)
    word = fit(f"{status_glyph(known.status, look.glyphs)} {status_word(known)}", _CELLS[STATUS] + GLYPH_CELLS)
    if is_watched:
        return (Span(word, Role.MUTED), Span(facts, Role.MUTED))
    return (Span(word, status_role(known.status)), Span(facts))


def _age(known: TrackedJob, look: ViewOptions) -> str:
    added = known.job.added if known.job else None
    return UNKNOWN if added is None else _aged(look).clock_time(added)


def _aged(look: ViewOptions) -> ViewOptions:
    return ViewOptions(look.now, look.glyphs, times=Times.AGE, ahead=look.ahead)


def replacement(problem: str, filter_text: str, known: int | None, width: int, ellipsis: str) -> tuple[Line, ...]:
    """Return the text of a list without rows: loading, an outage, no match, or no job.

    Args:
        problem: Why the list could not be read; empty without a problem.
        filter_text: The filter.
        known: Number of jobs without the filter; None before the first response.
        width: Cells of a line.
        ellipsis: What stands for more to come.
    """
    texts: tuple[str, ...]
    role = Role.MUTED
    if problem:
        texts, role = ("The recent jobs could not be read.", one_line(problem), "r tries again"), Role.WARNING
    elif known is None:
        texts = (f"loading the recent jobs {ellipsis}",)
    elif known:
        texts = (f"none of {count(known, 'recent job')} matches {filter_text!r}", "esc clears the filter")
    else:
        texts = ("The tenant has no jobs yet.", "a adds jobs by id or file name, also later ones; r looks again")
    wrapped = [part for text in texts for part in wrap(text, max(1, width - 2))]
    return ((), *((Span("  "), Span(text, role if place == 0 else Role.MUTED)) for place, text in enumerate(wrapped)))
