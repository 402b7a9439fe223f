"""Track the terminal's content by cell, send only changed cells, and let the terminal scroll moved lines.

Textual sends whole spans; over SSH the number of bytes determines the speed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from tui.ui.terminal.ansi_writer import BLANK, Cell, Pen, Place, is_flat, scroll

Row = dict[int, Cell]
"""Cells of one line by column; missing columns are unknown."""

LEAST_MOVED = 2
"""Minimum lines of a scroll."""

MOST_MENDED = 3
"""Lines at each end of the moved ones that may be part of the scroll although they changed a little, by the cursor or
the scrollbar.
"""

GAP, MOVE = 4, 6
"""Unchanged cells that separate two runs, and the approximate cost of a cursor move to a run, in characters."""


class Shift(NamedTuple):
    """A range of lines that scrolls."""

    top: int
    bottom: int
    """The last line, this one included."""
    lines: int
    """Number of lines that they move up; down if negative."""

    def source(self, y: int) -> int | None:
        """Return the old line that is at line `y` after the scroll; None for a new blank line."""
        if not self.top <= y <= self.bottom:
            return y
        return y + self.lines if self.top <= y + self.lines <= self.bottom else None


def moved_together(known: Mapping[int, Row], shown: Mapping[int, Row], width: int) -> Shift | None:
    """Return the scroll that moves most changed lines; None without one, with unknown cells, or if it saves nothing.

    Args:
        known: Content of the screen, by line.
        shown: New content, by line; missing lines stay.
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
    """Return the approximate cost of changing one line to another: changed cells, and a move to each run."""
    changed = sorted(x for x, cell in after.items() if before.get(x, BLANK) != cell)
    return len(changed) + MOVE * (sum(x - last > GAP for last, x in pairwise(changed)) + bool(changed))


def _most_moved(known: Mapping[int, Row], shown: Mapping[int, Row], width: int) -> tuple[int, list[int]]:
    """Return the most common movement of unchanged lines, and their new positions."""
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


BRIDGE = 4
"""Maximum unchanged cells between changed ones that are sent again, because a cursor move costs more."""

SCROLL_FROM, AHEAD_FROM = 4, 6
"""Changed lines from which to check for a scroll, and from which the line with the cursor is sent first."""


class Piece(NamedTuple):
    """A strip and its position."""

    x: int
    y: int
    strip: Strip


def pieces(update: object) -> Iterator[Piece] | None:
    """Return the pieces of an update of Textual 8; None for an unknown kind of update."""
    if isinstance(update, LayoutUpdate):
        return _whole(update)
    if isinstance(update, ChopsUpdate):
        return _spans(update)
    return None


def _whole(update: LayoutUpdate) -> Iterator[Piece]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield Piece(x, y, strip)
            x += strip.cell_length


def _spans(update: ChopsUpdate) -> Iterator[Piece]:
    for y, start, stop in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            first, last = max(x, start), min(end, stop)
            if strip is not None and first < last:
                yield Piece(first, y, strip.crop(first - x, last - x))


class ScreenDiff:
    """The known cells of one terminal.

    Args:
        colours: Colour system of the terminal; None for no colour.
    """

    def __init__(self, colours: ColorSystem | None) -> None:
        self._colours = colours
        self._rows: dict[int, Row] = {}
        self._wanted: dict[int, Row] = {}

    def forget(self) -> None:
        """Forget all cells, as after a resize or output of other programs; the caller must repaint everything."""
        self._rows.clear()
        self._wanted.clear()

    def paint(self, painted: Iterable[Piece], width: int = 0) -> str:
        """Return the characters that make the terminal show these pieces."""
        self.take(painted)
        return "".join(self.take_changes(width))

    def take(self, painted: Iterable[Piece]) -> None:
        """Add pieces to show; only the newest state of a cell is sent."""
        for piece in painted:
            if piece.y not in self._wanted:
                self._wanted[piece.y] = dict(self._rows.get(piece.y, {}))
            self._wanted[piece.y].update(enumerate(self._cells_of(piece.strip), piece.x))

    def take_changes(self, width: int = 0, first: int | None = None) -> Iterator[str]:
        """Yield the characters for the added pieces and count them as sent.

        A large update has two parts; send the first before you compute the second.

        Args:
            width: Cells of a line; 0 disables scrolling.
            first: The line to send first, from 0; None for none.
        """
        known, self._wanted, wanted = dict(self._rows), {}, self._wanted
        self._rows.update(wanted)
        shown = _changed(known, wanted)
        shift = moved_together(known, wanted, width) if width and len(shown) >= SCROLL_FROM else None
        ahead, at = scroll(*shift) if shift else ("", None)
        if shift:
            known = _moved(known, shift, width)
            shown = _changed(known, wanted)
        if first in shown and len(shown) >= AHEAD_FROM:
            yield ahead + _written(known, {first: shown.pop(first)}, at)
            ahead, at = "", None
        yield ahead + _written(known, shown, at)

    def _cells_of(self, strip: Strip) -> list[Cell]:
        cells: list[Cell] = []
        for text, style, control in strip:
            if control:
                continue
            sgr = _sgr(style, self._colours) if style else ""
            if text.isascii():
                cells += [BLANK if character == " " and is_flat(sgr) else (character, sgr) for character in text]
                continue
            for character in text:
                width = cell_len(character)
                if width:
                    cells += [
                        BLANK if character == " " and is_flat(sgr) else (character, sgr),
                        *[("", sgr)] * (width - 1),
                    ]
                elif cells:
                    # A combining mark belongs to the first half of a wide character.
                    place = -2 if cells[-1][0] == "" and len(cells) > 1 else -1
                    cells[place] = (cells[place][0] + character, cells[place][1])
        return cells


@lru_cache(maxsize=1024)
def _sgr(style: Style, colours: ColorSystem | None) -> str:
    """Return the SGR parameters of a style, without default colours, because each run starts from a reset."""
    if colours is None:
        style = style.without_color
    parameters = Strip.render_ansi(style, colours or ColorSystem.STANDARD)
    if "38;" in parameters or "48;" in parameters:
        return parameters
    return ";".join(part for part in parameters.split(";") if part not in {"39", "49"})


def _changed(known: Mapping[int, Row], wanted: Mapping[int, Row]) -> dict[int, Row]:
    return {y: row for y, row in wanted.items() if row != known.get(y)}


def _moved(known: Mapping[int, Row], shift: Shift, width: int) -> dict[int, Row]:
    """Return the content of the screen after a scroll."""
    blank = dict.fromkeys(range(width), BLANK)
    sources = {y: shift.source(y) for y in range(shift.top, shift.bottom + 1)}
    return {**known, **{y: blank if source is None else known[source] for y, source in sources.items()}}


def _written(known: Mapping[int, Row], shown: Mapping[int, Row], at: Place | None = None) -> str:
    """Return the characters that change `known` to `shown`, from a cursor position; None for unknown."""
    pen = Pen(at)
    for y, row in sorted(shown.items(), key=lambda line: abs(line[0] - at[0])) if at else shown.items():
        before = known.get(y, {})
        changed = sorted(x for x, cell in row.items() if before.get(x) != cell)
        for start, stop in _runs(changed, row):
            pen.write(y, start, [row[x] for x in range(start, stop)], is_at_edge=stop not in row)
    return pen.finished()


def _runs(changed: list[int], row: Row) -> Iterator[tuple[int, int]]:
    """Yield start and stop of each run that one write sends; never half a wide character."""
    start = stop = -1
    for x in changed:
        begin = x - 1 if row[x][0] == "" and x - 1 in row else x
        if start >= 0 and _is_bridged(row, stop, begin):
            stop = x + 1
            continue
        if start >= 0:
            yield start, stop
        start, stop = begin, x + 1
    if start >= 0:
        yield start, stop


def _is_bridged(row: Row, stop: int, begin: int) -> bool:
    """Return whether sending the unchanged cells from `stop` to `begin` costs no more than a move."""
    between = [row.get(x) for x in range(stop, begin)]
    sgr = row[stop - 1][1]
    return begin - stop <= BRIDGE and all(
        cell and (cell[1] == sgr or (cell == BLANK and is_flat(sgr))) for cell in between
    )
