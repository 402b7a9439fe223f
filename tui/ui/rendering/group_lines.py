"""Render a group of jobs: its row in the list, and its summary in the detail. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui.analysis.groups import GroupBy, GroupKey, GroupSummary, Part
from tui.core.durations import rough_duration
from tui.core.text import count, one_line
from tui.domain.tracked_job import TrackedJob
from tui.domain.watched_list import Extent
from tui.ui.rendering.cause_lines import as_many, group_cause_lines
from tui.ui.rendering.job_fields import LABEL_WIDTH, label
from tui.ui.rendering.job_rows import GroupRow
from tui.ui.rendering.lines import Line, Role, Span, clip, cut, join, line_width, wrap
from tui.ui.rendering.view_state import Glyphs, ViewOptions, ViewState

LEAST_NAME = 12
"""The fewest cells of a group's name, if it is longer."""

LONGEST_NAME = 40

GAP = "   "

MAY_BE_MORE = "there may be more"

_NAMELESS = {
    GroupBy.NONE: "",
    GroupBy.FILE: "no file",
    GroupBy.LOCATION: "no location",
    GroupBy.TYPE: "no type",
    GroupBy.STATUS: "no status",
    GroupBy.CAUSE: "no cause of a failure",
}


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group, for its row and the detail."""

    row: GroupRow
    summary: GroupSummary
    job_ids: tuple[int, ...]
    """The listed jobs of the row; without a filter all of them."""
    extent: Extent | None = None
    """Whether all jobs of the group are known; None if no list says so."""

    @property
    def key(self) -> GroupKey:
        """Which group."""
        return self.row.key


def group_name(key: GroupKey) -> str:
    """Return the name of a group on one line; words for the jobs without one."""
    return one_line(key.name) if key.name else _NAMELESS[key.by]


def grouping_words(by: GroupBy) -> str:
    """Return the grouping for the list's title; empty for none."""
    return "" if by is GroupBy.NONE else f"by {by}"


def group_count(keys: Collection[GroupKey]) -> str:
    """Return how many groups with a name there are, to follow the number of jobs; empty without any."""
    named = [key.by for key in keys if key.name is not None]
    return f" · {count(len(named), 'group' if named[0] is GroupBy.STATUS else named[0])}" if named else ""


def short_name(name: str, by: GroupBy, width: int, ellipsis: str) -> str:
    """Return a name in at most `width` cells; of a file name the end is kept, which has the date."""
    if by is not GroupBy.FILE or cell_len(name) <= width:
        return cut(name, width, ellipsis)
    kept = name[-width:]
    while cell_len(kept) > width - 1:
        kept = kept[1:]
    return f"{ellipsis}{kept}" if width > 0 else ""


def name_cells(keys: Sequence[GroupKey]) -> int:
    """Return the cells of the longest name, at most `LONGEST_NAME`."""
    return min(LONGEST_NAME, max((cell_len(group_name(key)) for key in keys), default=0))


def group_line(view: GroupView, look: ViewOptions, width: int, *, name_width: int, is_folded: bool) -> Line:
    """Return the row of a group, of at most `width` cells.

    Args:
        view: The group.
        look: Glyphs and the time.
        width: Cells of the row.
        name_width: Cells for the name, so that what follows is below each other.
        is_folded: Whether its jobs are hidden: then it counts those that run and wait too.
    """
    glyphs = look.glyphs
    if view.row.is_succeeded:
        arrow = Span(f"{glyphs.folded if is_folded else glyphs.unfolded} ", Role.MUTED)
        return clip((arrow, Span(f"{glyphs.success} {len(view.job_ids):,} succeeded", Role.SUCCESS)), width)
    whole, brief = (_parts(view, look, is_folded=is_folded, is_brief=is_brief) for is_brief in (False, True))
    name, by, room = group_name(view.key), view.key.by, width - len(GAP)
    parts = whole if line_width(whole) + name_width <= room else brief
    cells = max(min(name_width, room - line_width(parts)), min(LEAST_NAME, name_width))
    short = short_name(name, by, cells, glyphs.ellipsis)
    padding = " " * (cells - cell_len(short)) + GAP
    return clip((Span(short, Role.STRONG), Span(padding), *parts), width, glyphs.ellipsis)


def _parts(view: GroupView, look: ViewOptions, *, is_folded: bool, is_brief: bool) -> Line:
    """Return what a group's row says after the name."""
    glyphs, summary = look.glyphs, view.summary
    progress = f"{summary.ended:,}/{summary.total:,}"
    hidden = summary.total - len(view.job_ids)
    parts: list[Line] = [(Span(progress if is_brief else f"{progress} ended"),)]
    if hidden:
        parts.append((Span(f"{len(view.job_ids):,} listed", Role.MUTED),))
    if summary.failed:
        parts.append((Span(f"{glyphs.failed} {_failed(view, 3 if is_brief else 6)}", Role.FAILED),))
    if summary.late:
        parts.append((Span(f"{glyphs.late} {summary.late:,}{'' if is_brief else ' late'}", Role.WARNING),))
    if is_folded and summary.working:
        parts.append((Span(f"{glyphs.working} {summary.working:,}", Role.WORKING),))
    if is_folded and summary.pending:
        parts.append((Span(f"{glyphs.pending} {summary.pending:,}", Role.PENDING),))
    if summary.gone:
        parts.append((Span(f"{summary.gone:,} gone", Role.WARNING),))
    if summary.is_all_succeeded:
        parts.append((Span(f"{glyphs.success} {_all_succeeded(view, look)}", Role.SUCCESS),))
    if view.extent is Extent.CUT:
        parts.append((Span(MAY_BE_MORE, Role.WARNING),))
    return join(parts, "  " if is_brief else GAP)


def _failed(view: GroupView, most: int) -> str:
    """Return the locations of the failed jobs, or their number if that says more."""
    summary = view.summary
    if view.key.by is GroupBy.LOCATION or not summary.failed_at:
        return f"{summary.failed:,} failed"
    places = [cut(one_line(place), LEAST_NAME) for place in summary.failed_at]
    if len(places) > most:
        return f"{summary.failed:,} failed: {' '.join(places[: most - 1])} +{len(places) - most + 1:,}"
    return " ".join(places)


def _all_succeeded(view: GroupView, look: ViewOptions) -> str:
    summary = view.summary
    words = "all succeeded" if view.extent is not Extent.CUT else "all known succeeded"
    words = words if summary.total > 1 else "succeeded"
    if summary.ended_at is None:
        return words
    ago_s = (look.server_now - summary.ended_at).total_seconds()
    return f"{words} {rough_duration(ago_s)} ago" if ago_s >= 60 else f"{words} just now"


def group_title(view: GroupView, look: ViewOptions) -> Line:
    """Return the name and the counts of a group for the title of the detail."""
    name = short_name(group_name(view.key), view.key.by, LONGEST_NAME, look.glyphs.ellipsis)
    summary = view.summary
    if summary.failed:
        return (Span(f"{name} ", Role.STRONG), Span(f"{look.glyphs.failed} {summary.failed:,} failed", Role.FAILED))
    if summary.is_all_succeeded:
        words = f"{look.glyphs.success} {summary.total:,} succeeded"
        return (Span(f"{name} ", Role.STRONG), Span(words, Role.SUCCESS))
    return (Span(f"{name} ", Role.STRONG), Span(count(summary.total, "job"), Role.MUTED))


def group_overview(view: GroupView, scene: ViewState, width: int, height: int) -> tuple[Line, ...]:
    """Return the counts of a group, where it failed, what is late, and the causes across its jobs.

    Args:
        view: The group.
        scene: The jobs.
        width: Maximum cells of a line.
        height: Visible lines, for the causes that have no room elsewhere.
    """
    look = scene.look
    failed, late = (
        [tracked for job_id in job_ids if (tracked := scene.watchlist.get(job_id)) is not None]
        for job_ids in (view.summary.failed_ids, view.summary.late_ids)
    )
    below: list[Line] = []
    if failed:
        below.append(_listed("failed", [_placed(each) for each in failed], look, width, Role.FAILED))
    if late:
        below.append(_listed("late", [_placed(each) for each in late], look, width, Role.WARNING))
    below += _known(view, width)
    room = max(1, height - len(below) - 1)
    causes = group_cause_lines([each.job for each in failed if each.job], look, width, room) if failed else ()
    whole, brief = (_counts(view.summary, look.glyphs, is_brief=is_brief) for is_brief in (False, True))
    counts = whole if line_width(whole) <= width else brief
    return (clip(counts, width, look.glyphs.ellipsis), *causes, *below)


def _counts(summary: GroupSummary, glyphs: Glyphs, *, is_brief: bool) -> Line:
    """Return the number of jobs in each part that has some; brief without the words for what runs, waits or succeeded."""
    marks = {
        Part.FAILED: (glyphs.failed, summary.failed, Role.FAILED),
        Part.LATE: (glyphs.late, summary.late, Role.WARNING),
        Part.WORKING: (glyphs.working, summary.working, Role.WORKING),
        Part.PENDING: (glyphs.pending, summary.pending, Role.PENDING),
        Part.SUCCEEDED: (glyphs.success, summary.succeeded, Role.SUCCESS),
        Part.GONE: ("", summary.gone, Role.WARNING),
        Part.OTHER: (glyphs.unknown, summary.other, Role.MUTED),
    }
    clear = {Part.WORKING, Part.PENDING, Part.SUCCEEDED} if is_brief else set()
    parts = [
        (Span(f"{glyph} {number:,} {'' if part in clear else part.value}".strip(), role),)
        for part, (glyph, number, role) in marks.items()
        if number
    ]
    return join([(Span(f"{summary.ended:,} of {summary.total:,} ended"),), *parts], GAP)


def _listed(name: str, places: Sequence[str], look: ViewOptions, width: int, role: Role) -> Line:
    room = width - LABEL_WIDTH
    return (label(name), Span(as_many([one_line(place) for place in places], room, look.glyphs.ellipsis), role))


def _placed(tracked: TrackedJob) -> str:
    """Return the location of a job and its id."""
    place = tracked.job.location_code if tracked.job else None
    return f"{place} ({tracked.job_id})" if place else str(tracked.job_id)


def _known(view: GroupView, width: int) -> list[Line]:
    """Return whether all jobs of the group are known, in words."""
    is_file = view.key.by is GroupBy.FILE and view.key.name is not None
    words = {
        Extent.COMPLETE: "all its jobs are known",
        Extent.CUT: "the server cut the list: there may be more jobs",
        Extent.UNKNOWN: "there may be more jobs: the list is not checked yet",
        None: "watched by id: the file may have more jobs" if is_file else "",
    }[view.extent]
    role = Role.WARNING if view.extent is Extent.CUT else Role.MUTED
    return [(Span(part, role),) for part in wrap(words, width)] if words else []
