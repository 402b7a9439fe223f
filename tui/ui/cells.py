"""What the terminal shows, cell by cell, so that only cells that change are sent. Writes nothing itself.

Textual sends whole spans: a row for one letter, a whole widget for its title. Over SSH bytes are what is felt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

Cell = tuple[str, str]
"""What stands in one cell, and the parameters of its SGR sequence; the second cell of a wide character holds no text."""

BRIDGE = 4
"""Unchanged cells that are sent again between two changed ones, because moving the cursor would cost more."""


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
        self._rows: dict[int, dict[int, Cell]] = {}

    def forget(self) -> None:
        """Know nothing any more, as after a resize or when other programs wrote."""
        self._rows.clear()

    def paint(self, painted: Iterable[Piece]) -> str:
        """Take in what shall be seen, and return the characters that make the terminal show it."""
        sequences: list[str] = []
        for y, row in groupby(painted, key=itemgetter(1)):
            known = self._rows.setdefault(y, {})
            wanted: dict[int, Cell] = {}
            for piece in row:
                wanted.update(enumerate(self._cells_of(piece.strip), piece.x))
            changed = sorted(x for x, cell in wanted.items() if known.get(x) != cell)
            known.update(wanted)
            sequences += (_run(y, start, stop, known) for start, stop in _runs(changed, known))
        return "".join(sequences)

    def _cells_of(self, strip: Strip) -> list[Cell]:
        cells: list[Cell] = []
        for text, style, control in strip:
            if control:
                continue
            sgr = _sgr(style, self._colours) if style else ""
            if text.isascii():
                cells += [(character, sgr) for character in text]
                continue
            for character in text:
                width = cell_len(character)
                if width:
                    cells += [(character, sgr), *[("", sgr)] * (width - 1)]
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


def _runs(changed: list[int], known: dict[int, Cell]) -> Iterator[tuple[int, int]]:
    """First cell and the cell after the last of each stretch that is sent in one go; never half a wide character."""
    start = stop = -1
    for x in changed:
        begin = x - 1 if known[x][0] == "" and x - 1 in known else x
        if start >= 0 and begin - stop <= BRIDGE and all(between in known for between in range(stop, begin)):
            stop = x + 1
            continue
        if start >= 0:
            yield start, stop
        start, stop = begin, x + 1
    if start >= 0:
        yield start, stop


def _run(y: int, start: int, stop: int, known: dict[int, Cell]) -> str:
    sequence, current = [f"\x1b[{y + 1};{start + 1}H"], ""
    for x in range(start, stop):
        text, sgr = known[x]
        if sgr != current:
            sequence.append("\x1b[m" if not sgr else f"\x1b[{'0;' if current else ''}{sgr}m")
            current = sgr
        sequence.append(text)
    if current:
        sequence.append("\x1b[m")
    return "".join(sequence)
