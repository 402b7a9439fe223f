"""What the terminal shows, cell by cell, so that only cells that change are sent. Writes nothing itself.

Textual sends whole spans: a row for one letter, a whole widget for its title. Over SSH bytes are what is felt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from tui.ui.sequences import BLANK, Cell, Pen, Place, is_flat, scroll
from tui.ui.shifts import Row, Shift, moved_together

BRIDGE = 4
"""Unchanged cells that are sent again between two changed ones, because moving the cursor would cost more."""

SCROLL_FROM, AHEAD_FROM = 4, 6
"""Changed lines from which it is looked whether they moved, and from which the one that is looked at goes ahead of the others."""


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


class Cells:
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
            width: Cells of the terminal's lines; 0 where lines must not be scrolled.
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
                    cells += [BLANK if character == " " and is_flat(sgr) else (character, sgr), *[("", sgr)] * (width - 1)]
                elif cells:
                    place = -2 if cells[-1][0] == "" and len(cells) > 1 else -1  # a mark belongs to the first half of a wide character
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
    return begin - stop <= BRIDGE and all(cell and (cell[1] == sgr or (cell == BLANK and is_flat(sgr))) for cell in between)
