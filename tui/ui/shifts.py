"""Finds lines of the screen that moved up or down together, which a terminal can do by itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from tui.ui.sequences import BLANK, Cell

Row = dict[int, Cell]
"""Cells of one line by column; columns that are not in it are not known."""

LEAST_MOVED = 2
"""Lines that must have moved together."""

MOST_MENDED = 3
"""Lines at each end of those that moved which may have moved too, with little changed: the cursor's bar or the scrollbar's."""

GAP, MOVE = 4, 6
"""Unchanged cells that make two stretches of one, and about what the cursor's move to a stretch costs."""


class Shift(NamedTuple):
    """Lines that scroll."""

    top: int
    bottom: int
    """The last line, this one included."""
    lines: int
    """By how many lines they move up; down if negative."""

    def source(self, y: int) -> int | None:
        """Return the line that stands in line `y` after it; None where a blank one came in."""
        if not self.top <= y <= self.bottom:
            return y
        return y + self.lines if self.top <= y + self.lines <= self.bottom else None


def moved_together(known: Mapping[int, Row], shown: Mapping[int, Row], width: int) -> Shift | None:
    """Return how most of the changed lines moved; None if they did not, if something unknown stands beside them, or if it saves nothing.

    Args:
        known: What stands on the screen, by line.
        shown: What shall stand there, by line; lines that are not in it stay.
        width: Cells of a whole line.
    """
    lines, rows = _most_moved(known, shown, width)
    if len(rows) < LEAST_MOVED:
        return None
    top, bottom = min(*rows, *(y + lines for y in rows)), max(*rows, *(y + lines for y in rows))
    more = range(MOST_MENDED + 1)
    whole = {y for y, row in shown.items() if len(row) == width == len(known.get(y, ()))}
    still = Shift(top, top - 1, 0)
    ways = [still, *(Shift(top - above, bottom + below, lines) for above in more for below in more)]
    ways = [way for way in ways if whole.issuperset(range(way.top, way.bottom + 1))]
    weight = cache(lambda source, y: _weight(known.get(source, {}), shown[y]))
    touched = sorted(whole.intersection(range(top - MOST_MENDED, bottom + MOST_MENDED + 1)))
    best = min(ways, key=lambda way: sum(weight(way.source(y), y) for y in touched))
    return None if best is still else best


def _weight(before: Row, after: Row) -> int:
    """About what it costs to make one line of another: its changed cells, and a move to each stretch of them."""
    changed = sorted(x for x, cell in after.items() if before.get(x, BLANK) != cell)
    return len(changed) + MOVE * (sum(x - last > GAP for last, x in pairwise(changed)) + bool(changed))


def _most_moved(known: Mapping[int, Row], shown: Mapping[int, Row], width: int) -> tuple[int, list[int]]:
    """By how many lines most of those moved that are the same as before, and where they are now."""
    places: dict[tuple[Cell, ...], list[int]] = {}
    for y in shown:
        if y in known and len(known[y]) == width:
            places.setdefault(_whole_row(known[y]), []).append(y)
    moved: dict[int, list[int]] = {}
    for y, row in shown.items():
        if row != known.get(y) and len(row) == width:
            for before in places.get(_whole_row(row), ()):
                moved.setdefault(before - y, []).append(y)
    return max(moved.items(), key=lambda item: len(item[1]), default=(0, []))


def _whole_row(row: Row) -> tuple[Cell, ...]:
    return tuple(row[x] for x in sorted(row))
