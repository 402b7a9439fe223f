"""Finds lines of the screen that moved up or down together, which a terminal can do by itself. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tui.ui.sequences import Cell

Row = dict[int, Cell]
"""Cells of one line by column; columns that are not in it are not known."""

LEAST_MOVED = 3
"""Lines that must have moved together."""


class Shift(NamedTuple):
    """Lines that scroll."""

    top: int
    bottom: int
    """The last line, this one included."""
    lines: int
    """By how many lines they move up; down if negative."""


def moved_together(known: Mapping[int, Row], shown: Mapping[int, Row], width: int) -> Shift | None:
    """Return how most of the changed lines moved; None if they did not, or if something unknown stands beside them.

    Args:
        known: What stands on the screen, by line.
        shown: What shall stand there, by line; lines that are not in it stay.
        width: Cells of a whole line.
    """
    places: dict[tuple[Cell, ...], list[int]] = {}
    for y in shown:
        if y in known and len(known[y]) == width:
            places.setdefault(_whole_row(known[y]), []).append(y)
    moved: dict[int, list[int]] = {}
    for y, row in shown.items():
        if row != known.get(y) and len(row) == width:
            for before in places.get(_whole_row(row), ()):
                moved.setdefault(before - y, []).append(y)
    lines, rows = max(moved.items(), key=lambda item: len(item[1]), default=(0, []))
    if len(rows) < LEAST_MOVED:
        return None
    top, bottom = _stretched(min(rows), max(rows), lambda y: _gains(known, shown, y, lines))
    region = range(min(top, top + lines), max(bottom, bottom + lines) + 1)
    is_known = all(len(known.get(y, {})) == width and y in shown for y in region)
    return Shift(region[0], region[-1], lines) if is_known else None


def _stretched(top: int, bottom: int, belongs: Callable[[int], bool]) -> tuple[int, int]:
    """The lines from `top` to `bottom` and those next to them that belong to them too."""
    while belongs(top - 1):
        top -= 1
    while belongs(bottom + 1):
        bottom += 1
    return top, bottom


def _gains(known: Mapping[int, Row], shown: Mapping[int, Row], y: int, lines: int) -> bool:
    """Whether line `y` has more in common with the line that would be scrolled there than with what stands there."""
    if y not in shown or y not in known or y + lines not in known:
        return False
    wanted, here, there = shown[y], known[y], known[y + lines]
    return sum(there.get(x) != cell for x, cell in wanted.items()) < sum(here.get(x) != cell for x, cell in wanted.items())


def _whole_row(row: Row) -> tuple[Cell, ...]:
    return tuple(row[x] for x in sorted(row))
