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

from tui.ui.sequences import BLANK, Cell, Pen, is_flat, scroll
from tui.ui.shifts import Row, Shift, moved_together

BRIDGE = 4
"""Unchanged cells that are sent again between two changed ones, because moving the cursor would cost more."""

SCROLL_FROM = 150
"""Characters from which it is looked whether lines that moved cost less than lines sent anew."""


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

    def forget(self) -> None:
        """Know nothing any more, as after a resize or when other programs wrote."""
        self._rows.clear()

    def paint(self, painted: Iterable[Piece], width: int = 0) -> str:
        """Take in what shall be seen, and return the characters that make the terminal show it.

        Args:
            painted: What is painted anew.
            width: Cells of the terminal's lines; 0 where lines must not be scrolled.
        """
        wanted: dict[int, Row] = {}
        for piece in painted:
            wanted.setdefault(piece.y, {}).update(enumerate(self._cells_of(piece.strip), piece.x))
        shown = {y: self._rows.get(y, {}) | row for y, row in wanted.items()}
        sequence = _written(self._rows, shown)
        if width and len(sequence) > SCROLL_FROM and (shift := moved_together(self._rows, shown, width)):
            scrolled = _scrolled(self._rows, shown, shift, width)
            sequence = min(sequence, scrolled, key=len)
        self._rows.update(shown)
        return sequence

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


def _written(known: Mapping[int, Row], shown: Mapping[int, Row], at: tuple[int, int] | None = None) -> str:
    """What must be sent where `known` stands, so that `shown` does; `at` is where the cursor is, None for anywhere."""
    pen = Pen(at)
    for y, row in shown.items():
        before = known.get(y, {})
        if row == before:
            continue
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


def _scrolled(known: Mapping[int, Row], shown: Mapping[int, Row], shift: Shift, width: int) -> str:
    """The same as `_written`, with the terminal's own scrolling first."""
    top, bottom, lines = shift
    blank = dict.fromkeys(range(width), BLANK)
    moved = {y: known[y + lines] if top <= y + lines <= bottom else blank for y in range(top, bottom + 1)}
    sequence, at = scroll(top, bottom, lines)
    return sequence + _written({**known, **moved}, dict(sorted(shown.items(), key=lambda row: row[0] != at[0])), at)
