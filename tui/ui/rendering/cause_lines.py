"""Show what the messages of a job have in common: the largest cause in a note, the causes as lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.analysis.causes import GAP, Cause, causes
from tui.core.text import count
from tui.domain.job_status import JobStatus
from tui.ui.rendering.lines import Line, Role, Span, cut, line_width
from tui.ui.rendering.view_state import Glyphs, ViewOptions

if TYPE_CHECKING:  # pydantic takes 80 ms to import, and the first screen does not need it
    from tui.domain.job import Job


NOTE_MESSAGES, DETAIL_MESSAGES = 300, 2_000
"""Messages of a job whose causes a note and the detail show: 5 and 30 ms of work, for twenty rows and one job."""

LONGEST_TEXT = 400
"""Characters of a message or a value that are shown."""

VALUES_FROM = 78
"""Cells from which a line of a cause shows the values of its first variable part."""

PLACES_WIDTH = 24
"""The most cells that the locations of a cause take from its text."""


@lru_cache(maxsize=500)
def _causes(messages: tuple[str, ...]) -> tuple[Cause, ...]:
    return causes(messages)


def cause_note(job: Job, glyphs: Glyphs, width: int) -> str:
    """Return the largest cause of a job's messages with its count, and how many other causes there are.

    In at most `width` cells: the text is cut before the number of other causes.
    """
    messages = job.messages
    found = _causes(messages[:NOTE_MESSAGES])
    text = _text(found[0], glyphs)
    if len(messages) > NOTE_MESSAGES:
        return cut(f"{count(len(messages), 'message')}, first of all {text}", width, glyphs.ellipsis)
    number = f"{found[0].count:,}{glyphs.times} " if found[0].count > 1 else ""
    others = len(found) - 1
    if not others:
        return cut(f"{number}{text}", width, glyphs.ellipsis)
    more = f"  +{count(others, 'cause')}"
    more = more if len(number) + cell_len(text) + len(more) <= width else f"  +{others:,}"
    return cut(f"{number}{text}", width - len(more), glyphs.ellipsis) + more


def cause_lines(job: Job, look: ViewOptions, width: int, limit: int, *, more: str = ": press ]") -> tuple[Line, ...]:
    """Return the causes of a job's messages, the largest first, one line each, and what is left out.

    Args:
        job: The job, with messages.
        look: The glyphs.
        width: Maximum cells of a line.
        limit: The most lines, at least 1.
        more: Follows what is left out, and says how to see it.
    """
    ellipsis = look.glyphs.ellipsis
    messages = job.messages[:DETAIL_MESSAGES]
    found = _causes(messages)
    shown = found[:limit] if len(found) <= limit else found[: limit - 1]
    digits = len(f"{found[0].count:,}")
    role = Role.FAILED if job.status is JobStatus.FAILED else Role.LABEL
    lines = [_line(cause, look.glyphs, width, digits, role) for cause in shown]
    left = []
    if len(found) > len(shown):
        left.append(f"{count(len(found) - len(shown), 'more cause')}")
    if len(job.messages) > len(messages):
        left.append(f"these are the first {len(messages):,} of {count(len(job.messages), 'message')}")
    if left:
        lines.append((Span(cut(f"{' ' * digits}   {'; '.join(left)}{more}", width, ellipsis), Role.MUTED),))
    return tuple(lines)


def group_cause_lines(jobs: Sequence[Job], look: ViewOptions, width: int, limit: int) -> tuple[Line, ...]:
    """Return the causes of the messages of several failed jobs, the largest first, with the locations that have them.

    Args:
        jobs: The failed jobs; each gives an equal share of at most `DETAIL_MESSAGES` messages.
        look: The glyphs.
        width: Maximum cells of a line.
        limit: The most lines, at least 1.
    """
    share = max(1, DETAIL_MESSAGES // max(1, len(jobs)))
    places = [job.location_code or str(job.job_id) for job in jobs for _ in job.messages[:share]]
    found = _causes(tuple(message for job in jobs for message in job.messages[:share]))
    if not found:
        return ()
    shown = found[:limit] if len(found) <= limit else found[: limit - 1]
    digits = len(f"{found[0].count:,}")
    lines = []
    for cause in shown:
        of_cause = tuple(dict.fromkeys(places[index] for index in cause.indexes))
        lines.append(_line(cause, look.glyphs, width, digits, Role.FAILED, places=of_cause))
    if len(found) > len(shown):
        more = f"{' ' * digits}   {count(len(found) - len(shown), 'more cause')}"
        lines.append((Span(cut(more, width, look.glyphs.ellipsis), Role.MUTED),))
    return tuple(lines)


def _line(cause: Cause, glyphs: Glyphs, width: int, digits: int, role: Role, *, places: tuple[str, ...] = ()) -> Line:
    """Return one cause with its count, and as many of its values as fit, or of the places that have it."""
    head = Span(f"{cause.count:>{digits},}{glyphs.times}", role)
    room, is_wide = max(8, width - digits - 3), width >= VALUES_FROM
    if places and is_wide:
        room -= min(PLACES_WIDTH, 4 + len(" ".join(places)))
    line: Line = (head, Span(f"  {cut(_text(cause, glyphs), room, glyphs.ellipsis)}"))
    values = places or next((contents for contents in cause.values if len(contents) > 1), ())
    left = width - line_width(line) - 4
    if not is_wide or not values or left < (1 if places else 12):
        return line
    return (*line, Span(f"    {as_many(values, left, glyphs.ellipsis)}", Role.MUTED))


def as_many(contents: Sequence[str], room: int, ellipsis: str) -> str:
    """Return as many values as fit into `room` cells, with spaces between, then `3 more` for the others. If not even the
    first fits, it is cut.
    """
    shown = ""
    for place, value in enumerate(contents):
        more = len(contents) - place - 1
        longer = f"{shown} {value[:LONGEST_TEXT]}".strip()
        rest = f" {more:,} more" if more else ""
        if len(longer) + len(rest) > room:
            number = len(contents) - place
            return cut(f"{shown} {number:,} more".strip() if shown else value[:LONGEST_TEXT], room, ellipsis)
        shown = longer
    return shown


def _text(cause: Cause, glyphs: Glyphs) -> str:
    """Return what the messages have in common, on one line."""
    gap = GAP if glyphs.times == "×" else "<...>"
    return cause.text(gap)[:LONGEST_TEXT].replace("\n", " ")
