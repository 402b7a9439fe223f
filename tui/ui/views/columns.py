"""The columns of the job list: how wide each is, and what stands above it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui.domain.watchlist import Watchlist
from tui.ui.views.lines import Line, Role, Side, Span, fit
from tui.ui.views.look import Look, Times

WIDE = 100
"""Cells from which a row has room for the wait and for long types."""

LONGEST_STATUS = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells of the columns that share one row; 0 leaves a column out."""

    status: int = 9
    job: int = 6
    type: int = 8
    location: int = 5
    added: int = 8
    wait: int = 0
    run: int = 7
    items: int = 7
    note: int = 0

    @property
    def id_cells(self) -> tuple[int, int]:
        """First cell of the id's column, and the cell after its last."""
        return 2 + self.status + 1, 2 + self.status + 1 + self.job

    @property
    def width(self) -> int:
        """Cells that a whole row takes."""
        sizes: list[int] = [getattr(self, name) for name in self.__slots__]
        return 2 + sum(size + 1 for size in sizes if size) - 1

    @classmethod
    def for_list(cls, watchlist: Watchlist, width: int, longest_id: int | None = None) -> Columns:
        """Return the widths for a list that is `width` cells wide; the status is never cut, the note takes what is left.

        `longest_id` is the number of digits of the longest id where the caller knows it; otherwise all ids are looked at.
        """
        words = [cell_len(str(status)) for status in watchlist.counts if status is not None]
        status = min(LONGEST_STATUS, max([9, *words]))
        job = max(6, id_digits(watchlist.ids) if longest_id is None else longest_id)
        narrow, wide = cls(status, job), cls(status, job, type=17, location=10, wait=7, run=8, items=9)
        return (wide if width >= WIDE else narrow).filling(width)

    def filling(self, width: int) -> Columns:
        """Return the same columns with the least important left out until the rest fits, and the note in what remains."""
        for left_out in ((), ("items",), ("items", "added"), ("items", "added", "type"), ("items", "added", "type", "location")):
            kept = {name: 0 if name in left_out else getattr(self, name) for name in self.__slots__ if name != "note"}
            used = 2 + sum(size + 1 for size in kept.values() if size)
            if used <= width:
                return Columns(**kept, note=max(0, width - used))
        return Columns(self.status, self.job, 0, 0, 0, 0, 0, 0, 0)


def id_digits(ids: Sequence[int]) -> int:
    """Return the digits of the longest id, 1 for none."""
    return len(str(max(ids, default=0)))


def header(columns: Columns, look: Look) -> Line:
    """Return the line above the rows."""
    added = {Times.UTC: "ADDED Z", Times.LOCAL: "ADDED", Times.AGE: "AGE"}[look.times]
    named: tuple[tuple[str, int, Side], ...] = (
        ("STATUS", columns.status, "left"),
        ("JOB", columns.job, "right"),
        ("TYPE", columns.type, "left"),
        ("LOC", columns.location, "left"),
        (added, columns.added, "right"),
        ("WAIT", columns.wait, "right"),
        ("RUN", columns.run, "right"),
        ("ITEMS", columns.items, "right"),
        ("NOTE", columns.note, "left"),
    )
    return (Span("  " + " ".join(fit(name, size, side, look.glyphs.ellipsis) for name, size, side in named if size), Role.LABEL),)
