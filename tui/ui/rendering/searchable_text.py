"""Render and search the messages of a job and its raw JSON. Pure.

A text may have 100,000 messages: layout and search run in steps, and a line is built when it is needed.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, overload

from rich.cells import cell_len

from tui.domain.tracked_job import TrackedJob
from tui.ui.rendering.lines import Line, Role, Span, line_bounds, marked, occurrences

STEP = 200
"""Paragraphs, lines or matches per step: well under a millisecond."""


class Match(NamedTuple):
    """The position of a match."""

    line: int
    """The line, from 0."""
    start: int
    """Its first cell."""
    stop: int
    """The cell after its last in this line."""


class Layout:
    """Paragraphs broken into lines. It only grows.

    Args:
        width: Cells of a line after the margin; None does not wrap.
        digits: Cells of the numbers in the margin; 0 for no margin.
    """

    def __init__(self, width: int | None = None, digits: int = 0) -> None:
        self.paragraphs: list[str] = []
        self.begins = array("L")
        """First line of each paragraph, by its index, which does not depend on wrapping."""
        self.longest = 0
        """Cells of the longest line; 0 if lines wrap."""
        self._width, self._digits = width, digits
        self._numbers = array("L")
        self._owners, self._starts, self._stops = array("L"), array("L"), array("L")

    def __len__(self) -> int:
        return len(self._owners)

    @property
    def margin(self) -> int:
        """Cells before each line."""
        return self._digits + 1 if self._digits else 0

    def added(self, paragraph: str, number: int = 0) -> Iterator[None]:
        """Add a paragraph, in steps.

        Args:
            paragraph: Its text.
            number: Its number in the margin; 0 for none.
        """
        place = len(self.paragraphs)
        self.paragraphs.append(paragraph)
        self._numbers.append(number)
        self.begins.append(len(self))
        if self._width is None or (len(paragraph) <= self._width and paragraph.isascii()):
            self.longest = max(self.longest, 0 if self._width else self.margin + cell_len(paragraph))
            self._append(place, 0, len(paragraph))
            return
        for start, stop in line_bounds(paragraph, self._width):
            self._append(place, start, stop)
            if len(self) % STEP == 0:
                yield

    def _append(self, place: int, start: int, stop: int) -> None:
        self._owners.append(place)
        self._starts.append(start)
        self._stops.append(stop)

    def line(self, y: int, found: Sequence[tuple[int, int]] = ()) -> Line:
        """Return one line as spans: the number of its paragraph in the margin, if it is its first line, and its text with
        the matches marked.

        Args:
            y: Its index, from 0.
            found: Start and stop of each match in its paragraph, in characters.
        """
        place = self._owners[y]
        body = marked(self.paragraphs[place], found, self._starts[y], self._stops[y])
        if not self._digits:
            return body
        number = self._numbers[place] if y == self.begins[place] else 0
        return (Span(f"{number or '':>{self._digits}} ", Role.MUTED), *body)

    def paragraph_at(self, line: int) -> int:
        """Return the index of the paragraph of a line."""
        return self._owners[max(0, min(line, len(self) - 1))] if self._owners else 0

    def match(self, place: int, start: int, stop: int) -> Match:
        """Return the position of the characters from `start` to `stop` of the paragraph at `place`."""
        first = self.begins[place]
        last = (self.begins[place + 1] if place + 1 < len(self.begins) else len(self)) - 1
        y = min(bisect_right(self._stops, start, first, last + 1), last)
        begin, end = self._starts[y], self._stops[y]
        start, stop = max(begin, start), max(begin, min(stop, end))
        paragraph = self.paragraphs[place]
        cell = self.margin + cell_len(paragraph[begin:start])
        return Match(y, cell, cell + cell_len(paragraph[start:stop]))


class Matches(Sequence[Match]):
    """All matches, from the top; the index of a match does not depend on wrapping."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._owners, self._starts, self._stops = array("L"), array("L"), array("L")

    def __len__(self) -> int:
        return len(self._owners)

    @overload
    def __getitem__(self, place: int) -> Match: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Match]: ...
    def __getitem__(self, place: int | slice) -> Match | Sequence[Match]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        return self._layout.match(self._owners[place], self._starts[place], self._stops[place])

    def add(self, paragraph: int, start: int, stop: int) -> None:
        """Append a match: the characters from `start` to `stop` of a paragraph."""
        self._owners.append(paragraph)
        self._starts.append(start)
        self._stops.append(stop)

    def within(self, paragraph: int) -> Sequence[tuple[int, int]]:
        """Return start and stop of the matches in a paragraph."""
        first = bisect_left(self._owners, paragraph)
        last = bisect_right(self._owners, paragraph, first)
        return list(zip(self._starts[first:last], self._stops[first:last], strict=True))


class Lines(Sequence[Line]):
    """The lines of a text, built on access."""

    def __init__(self, layout: Layout, matches: Matches) -> None:
        self._layout, self._matches = layout, matches

    def __len__(self) -> int:
        return len(self._layout)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        y = place % len(self)
        return self._layout.line(y, self._matches.within(self._layout.paragraph_at(y)) if self._matches else ())


class Text:
    """Lines with their layout and matches.

    Args:
        layout: The paragraphs of the lines.
        matches: The marked matches.
        lines: The lines of a text without paragraphs.
    """

    def __init__(
        self, layout: Layout | None = None, matches: Matches | None = None, lines: Sequence[Line] | None = None
    ) -> None:
        self.layout = Layout() if layout is None else layout
        self.matches = Matches(self.layout) if matches is None else matches
        self.lines = Lines(self.layout, self.matches) if lines is None else lines

    @property
    def begins(self) -> Sequence[int]:
        """First line of each paragraph, by its index, which does not depend on wrapping."""
        return self.layout.begins

    def paragraph_at(self, line: int) -> int:
        """Return the index of the paragraph of a line."""
        return self.layout.paragraph_at(line)

    def line_of(self, paragraph: int) -> int:
        """Return the first line of a paragraph, or of the last one if it is gone."""
        return self.begins[min(paragraph, len(self.begins) - 1)] if self.begins else 0

    def match_from(self, line: int, *, backwards: bool = False) -> int:
        """Return the index of the first match at or below a line, or of the last one above it, cyclic.

        There must be a match.
        """
        return (bisect_left(self.matches, Match(line, 0, 0)) - backwards) % len(self.matches)


class Work(NamedTuple):
    """A text under construction."""

    text: Text
    """Grows from the top with each step."""
    steps: Iterator[None]
    """Each step takes well under a millisecond; after the last one the text is complete."""

    def finished(self) -> Text:
        """Take all steps and return the text."""
        for _ in self.steps:
            pass
        return self.text


def messages(tracked: TrackedJob, width: int, *, is_wrapped: bool) -> Work:
    """Return all messages; the first line of each has its number.

    Args:
        tracked: The job.
        width: Maximum cells of a wrapped line.
        is_wrapped: Whether long messages wrap.
    """
    job = tracked.job
    if job is None or not job.messages:
        return _told("no messages" if job else "no response yet")
    digits = len(str(len(job.messages)))
    paragraphs = (
        (paragraph, number if place == 0 else 0)
        for number, text in enumerate(job.messages, 1)
        for place, paragraph in enumerate(text.split("\n"))
    )
    layout = Layout(max(8, width - digits - 1) if is_wrapped else None, digits)
    return Work(Text(layout), _filled(layout, paragraphs))


def raw(tracked: TrackedJob, width: int, *, is_wrapped: bool) -> Work:
    """Return the job as the server sent it, as indented JSON; arguments as for `messages`."""
    if tracked.job is None:
        return _told("no response yet")
    layout = Layout(max(8, width) if is_wrapped else None)
    pieces = json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(tracked.job.sent)
    return Work(Text(layout), _filled(layout, ((line, 0) for line in _lines(pieces))))


def searched(layout: Layout, needle: str) -> Work:
    """Return the text of a complete layout with all matches of `needle`, case-insensitive; none if it is empty."""
    matches = Matches(layout)
    return Work(Text(layout, matches), _found(layout, matches, needle))


def search_status(text: Text, place: int | None, needle: str) -> str:
    """Return the state of a search: `3 of 6` for the match at `place` (from 0), or no match; empty without a search."""
    if not needle:
        return ""
    if not text.matches:
        return f"no match for {needle!r}"
    return f"{1 + (place or 0):,} of {len(text.matches):,}"


def _told(words: str) -> Work:
    return Work(Text(lines=((Span(words, Role.MUTED),),)), iter(()))


def _filled(layout: Layout, paragraphs: Iterable[tuple[str, int]]) -> Iterator[None]:
    for count, (paragraph, number) in enumerate(paragraphs):
        yield from layout.added(paragraph, number)
        if count % STEP == 0:
            yield


def _found(layout: Layout, matches: Matches, needle: str) -> Iterator[None]:
    for place, paragraph in enumerate(layout.paragraphs if needle else ()):
        for start, stop in occurrences(paragraph, needle):
            matches.add(place, start, stop)
            if len(matches) % STEP == 0:
                yield
        if place % STEP == 0:
            yield


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a text that arrives in pieces."""
    line: list[str] = []
    for piece in pieces:
        *whole, rest = piece.split("\n")
        for part in whole:
            yield "".join((*line, part))
            line = []
        line.append(rest)
    yield "".join(line)
