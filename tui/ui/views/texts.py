"""The messages of a job and its raw JSON as lines, wrapped or not, with what is searched for marked and found again. Pure."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from rich.cells import cell_len

from tui.monitor.tracked import TrackedJob
from tui.ui.views.lines import Line, Role, Span, broken, marked, occurrences


class Match(NamedTuple):
    """Where something that was searched for begins."""

    line: int
    """The line, from 0."""
    start: int
    """Its first cell."""
    stop: int
    """The cell after its last, or after the last in this line."""


class Text(NamedTuple):
    """Lines, and what they were made of."""

    lines: tuple[Line, ...] = ()
    begins: tuple[int, ...] = ()
    """The line at which each paragraph begins, from the top; a paragraph has the same place however the text is wrapped."""
    matches: tuple[Match, ...] = ()
    """All matches, from the top; a match has the same place however the text is wrapped."""

    def paragraph_at(self, line: int) -> int:
        """Return the place of the paragraph that stands in a line."""
        return max(0, bisect_right(self.begins, line) - 1)

    def line_of(self, paragraph: int) -> int:
        """Return the line at which a paragraph begins; of one that is gone, the last one's."""
        return self.begins[min(paragraph, len(self.begins) - 1)] if self.begins else 0

    def match_from(self, line: int, *, backwards: bool = False) -> int:
        """Return the place of the first match in this line or below, or of the last one above it; in a circle. There must be one."""
        return (bisect_left(self.matches, Match(line, 0, 0)) - backwards) % len(self.matches)


def messages(tracked: TrackedJob, width: int, *, is_wrapped: bool, needle: str = "") -> Text:
    """Return all messages, numbered, the number only on a message's first line.

    Args:
        tracked: The job.
        width: Cells a line may take; without wrapping lines are as long as their text.
        is_wrapped: Whether long messages go on in the next line.
        needle: What is searched for, any case; empty for nothing.
    """
    job = tracked.job
    if job is None or not job.messages:
        return _told("no messages" if job else "no answer yet")
    size = len(str(len(job.messages)))
    paragraphs = (
        (f"{number if place == 0 else '':>{size}} ", paragraph)
        for number, text in enumerate(job.messages, 1)
        for place, paragraph in enumerate(text.split("\n"))
    )
    return _text(paragraphs, max(8, width - size - 1) if is_wrapped else None, needle)


def raw(tracked: TrackedJob, width: int, *, is_wrapped: bool, needle: str = "") -> Text:
    """Return the job as the server sent it, as indented JSON; arguments as for `messages`."""
    if tracked.job is None:
        return _told("no answer yet")
    text = json.dumps(tracked.job.sent, indent=2, ensure_ascii=False)
    return _text((("", paragraph) for paragraph in text.split("\n")), max(8, width) if is_wrapped else None, needle)


def verdict(text: Text, place: int | None, needle: str) -> str:
    """Return how a search stands: `3 of 6` for the match at `place` from 0, or that there is none; empty where nothing is searched for."""
    if not needle:
        return ""
    if not text.matches:
        return f"no match for {needle!r}"
    return f"{1 + (place or 0):,} of {len(text.matches):,}"


def _told(words: str) -> Text:
    return Text(((Span(words, Role.MUTED),),), (0,))


def _text(paragraphs: Iterable[tuple[str, str]], width: int | None, needle: str) -> Text:
    """Lines of paragraphs, each behind a margin of its own; None for a width means that they are not wrapped."""
    lines: list[Line] = []
    begins: list[int] = []
    matches: list[Match] = []
    for margin, paragraph in paragraphs:
        parts = broken(paragraph, width) if width else ((0, len(paragraph)),)
        found = occurrences(paragraph, needle)
        begins.append(len(lines))
        matches += _matches(paragraph, parts, found, len(lines), len(margin))
        for part in parts:
            before = margin if len(lines) == begins[-1] else " " * len(margin)
            gutter = (Span(before, Role.MUTED),) if margin else ()
            lines.append((*gutter, *marked(paragraph, found, *part)))
    return Text(tuple(lines), tuple(begins), tuple(matches))


def _matches(
    paragraph: str, parts: Sequence[tuple[int, int]], found: Iterable[tuple[int, int]], first_line: int, margin: int
) -> Iterator[Match]:
    """Yield where each of what was `found` in a paragraph stands, whose first line is `first_line`."""
    current, at, cell = -1, 0, margin
    for start, stop in found:
        place = min(bisect_right(parts, start, key=itemgetter(1)), len(parts) - 1)
        begin, end = parts[place]
        if place != current:
            current, at, cell = place, begin, margin
        first, last = max(begin, start), max(begin, min(stop, end))
        cell += cell_len(paragraph[at:first])
        match = Match(first_line + place, cell, cell + cell_len(paragraph[first:last]))
        at, cell = last, match.stop
        yield match
