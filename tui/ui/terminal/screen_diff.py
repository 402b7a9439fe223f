"""What the terminal shows, cell by cell, so that only changed cells are sent; lines that moved are scrolled by the
terminal.

Textual sends whole spans, and over SSH bytes are what people feel.
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

"""ScreenDiff of one line by column; columns that are not in it are not known."""

LEAST_MOVED = 2

"""Lines that must have moved together."""

MOST_MENDED = 3

"""Lines at each end of those that moved which may have moved too, with little changed: the cursor's bar or the
scrollbar's.
"""

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
    """Return how most of the changed lines moved; None if they did not, if something unknown stands beside them, or if
    it saves nothing.

    Args:
        known: What stands on the screen, by line.
        shown: What shall stand there, by line; lines that are not in it stay.
        width: ScreenDiff of a whole line.
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


BRIDGE = 4

"""Unchanged cells that are sent again between two changed ones, because moving the cursor would cost more."""

SCROLL_FROM, AHEAD_FROM = 4, 6

"""Changed lines from which it is looked whether they moved, and from which the one that is looked at goes ahead of the
others.
"""


class Piece(NamedTuple):
    """A strip and where it goes."""

    x: int
    y: int
    strip: Strip


def pieces(update: object) -> Iterator[Piece] | None:
    """Return what an update of Textual 8 paints, or None for a kind of update that is not known here."""
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
    """The cells of one terminal, as far as they are known.

    Args:
        colours: What the terminal can show; None for no colour at all.
    """

    def __init__(self, colours: ColorSystem | None) -> None:
        self._colours = colours
        self._rows: dict[int, Row] = {}
        self._wanted: dict[int, Row] = {}

    def forget(self) -> None:
        """Know nothing any more, as after a resize or when other programs wrote; everything must be painted anew."""
        self._rows.clear()
        self._wanted.clear()

    def paint(self, painted: Iterable[Piece], width: int = 0) -> str:
        """Take in what shall be seen, and return the characters that make the terminal show it."""
        self.take(painted)
        return "".join(self.sent(width))

    def take(self, painted: Iterable[Piece]) -> None:
        """Take in what shall be seen; what is taken in again before it was sent is sent in its last form alone."""
        for piece in painted:
            if piece.y not in self._wanted:
                self._wanted[piece.y] = dict(self._rows.get(piece.y, {}))
            self._wanted[piece.y].update(enumerate(self._cells_of(piece.strip), piece.x))

    def sent(self, width: int = 0, first: int | None = None) -> Iterator[str]:
        """Yield the characters that make the terminal show what was taken in, as if they were sent now.

        A large update comes in two pieces: the first is to be sent before the second is made.

        Args:
            width: ScreenDiff of the terminal's lines; 0 where lines must not be scrolled.
            first: The line that is looked at, from 0; None for none.
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
                    place = (
                        -2 if cells[-1][0] == "" and len(cells) > 1 else -1
                    )  # a mark belongs to the first half of a wide character
                    cells[place] = (cells[place][0] + character, cells[place][1])
        return cells


@lru_cache(maxsize=1024)
def _sgr(style: Style, colours: ColorSystem | None) -> str:
    """The style's SGR parameters; default colours are left out, since each run of cells starts from a reset."""
    if colours is None:
        style = style.without_color
    parameters = Strip.render_ansi(style, colours or ColorSystem.STANDARD)
    if "38;" in parameters or "48;" in parameters:
        return parameters
    return ";".join(part for part in parameters.split(";") if part not in {"39", "49"})


def _changed(known: Mapping[int, Row], wanted: Mapping[int, Row]) -> dict[int, Row]:
    return {y: row for y, row in wanted.items() if row != known.get(y)}


def _moved(known: Mapping[int, Row], shift: Shift, width: int) -> dict[int, Row]:
    """What stands on the screen after lines were scrolled."""
    blank = dict.fromkeys(range(width), BLANK)
    sources = {y: shift.source(y) for y in range(shift.top, shift.bottom + 1)}
    return {**known, **{y: blank if source is None else known[source] for y, source in sources.items()}}


def _written(known: Mapping[int, Row], shown: Mapping[int, Row], at: Place | None = None) -> str:
    """What must be sent where `known` stands, so that `shown` does; from where the cursor is on, None for anywhere."""
    pen = Pen(at)
    for y, row in sorted(shown.items(), key=lambda line: abs(line[0] - at[0])) if at else shown.items():
        before = known.get(y, {})
        changed = sorted(x for x, cell in row.items() if before.get(x) != cell)
        for start, stop in _runs(changed, row):
            pen.write(y, start, [row[x] for x in range(start, stop)], is_at_edge=stop not in row)
    return pen.finished()


def _runs(changed: list[int], row: Row) -> Iterator[tuple[int, int]]:
    """First cell and the cell after the last of each stretch that is sent in one go; never half a wide character."""
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
    """Whether the unchanged cells from `stop` to `begin` cost no more than a move over them."""
    between = [row.get(x) for x in range(stop, begin)]
    sgr = row[stop - 1][1]
    return begin - stop <= BRIDGE and all(
        cell and (cell[1] == sgr or (cell == BLANK and is_flat(sgr))) for cell in between
    )
