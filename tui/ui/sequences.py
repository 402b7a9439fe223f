"""Writes cells with the fewest characters that every terminal understands. Pure; knows no Textual.

What is used is in each terminal's description since the VT100 and in tmux, screen and the Linux console: moves, SGR, ECH, and lines
that scroll between margins. Repetition (REP) and margins at the sides are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

Cell = tuple[str, str]
"""What stands in one cell, and the parameters of its SGR sequence; the second cell of a wide character holds no text."""

BLANK: Cell = (" ", "")

ERASE_LAST, ERASE_AMIDST = 6, 11
"""Blanks from which erasing them costs less than sending them: at the end of a stretch, and where the cursor must be moved on after it."""

_FLAT = frozenset([1, 2, 3, *range(30, 38), *range(90, 98)])
"""Parameters that a blank does not show."""


@lru_cache(maxsize=1024)
def is_flat(sgr: str) -> bool:
    """Whether a blank looks the same with these parameters as without: no background, reversal or line."""
    return not sgr or all(part.isdecimal() and int(part) in _FLAT for part in sgr.split(";"))


@lru_cache(maxsize=1024)
def sgr_change(current: str, wanted: str) -> str:
    """Return the sequence that leads from one set of SGR parameters to another; empty for the same."""
    if current == wanted:
        return ""
    if not wanted:
        return "\x1b[m"
    if not current:
        return f"\x1b[{wanted}m"
    before, after = current.split(";"), wanted.split(";")
    is_plain = not {"38", "48"} & {*before, *after}
    if is_plain and set(before) < set(after) and not _clash(before, after):
        return f"\x1b[{';'.join(part for part in after if part not in before)}m"
    return f"\x1b[;{wanted}m"


def _clash(before: Sequence[str], after: Sequence[str]) -> bool:
    """Dim and bold together are told apart by terminals in their own ways."""
    return {"1", "2"} <= {*before, *after}


def move(at: tuple[int, int] | None, y: int, x: int) -> str:
    """Return the shortest way for the cursor from `at` (line and column from 0; None for anywhere) to a cell."""
    if at == (y, x):
        return ""
    ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"]
    if at is not None:
        down, right = y - at[0], x - at[1]
        ways.append(_steps(down, "B", "A") + _steps(right, "C", "D"))
        if right < 0:
            ways.append(_steps(down, "B", "A") + "\b" * -right)
        if x == 0:
            ways.append(_steps(down, "B", "A") + "\r")
    return min(ways, key=len)


def _steps(number: int, forth: str, back: str) -> str:
    size = abs(number)
    return f"\x1b[{size if size > 1 else ''}{forth if number > 0 else back}" if size else ""


def scroll(top: int, bottom: int, lines: int) -> str:
    """Return what moves the lines from `top` to `bottom` up (down if negative); blank ones come in. The cursor is anywhere then.

    Colours must be reset before: new lines take the background that is set.
    """
    begin, step = (bottom, "\n") if lines > 0 else (top, "\x1bM")
    return f"\x1b[{top + 1};{bottom + 1}r\x1b[{begin + 1}H{step * abs(lines)}\x1b[r"


def _stretches(cells: Sequence[Cell]) -> Iterator[tuple[int, int, bool]]:
    """Begin, end and whether it is erased, of each part of `cells` that is sent or erased in one go."""
    begin = stop = 0
    for is_blank, group in groupby(cells, BLANK.__eq__):
        start, stop = stop, stop + len(list(group))
        if is_blank and stop - start >= (ERASE_LAST if stop == len(cells) else ERASE_AMIDST):
            if begin < start:
                yield begin, start, False
            yield start, stop, True
            begin = stop
    if begin < stop:
        yield begin, stop, False


class Pen:
    """Collects what one update sends. It begins and ends with colours reset."""

    def __init__(self) -> None:
        self._sequences: list[str] = []
        self._at: tuple[int, int] | None = None
        self._sgr = ""

    def write(self, y: int, x: int, cells: Sequence[Cell], *, is_at_edge: bool) -> None:
        """Have `cells` shown from a cell on; at the edge of the screen it is not known where the cursor stands behind them."""
        for start, stop, is_blank in _stretches(cells):
            self._go(y, x + start)
            if is_blank:
                self._colour("")
                self._sequences.append(f"\x1b[{stop - start}X")
                continue
            self._text(cells[start:stop])
            # Terminals do not agree on the width of every character: a move from behind one may go astray.
            is_known = all(text.isascii() for text, _ in cells[start:stop]) and not (is_at_edge and stop == len(cells))
            self._at = (y, x + stop) if is_known else None

    def finished(self) -> str:
        """Return everything, with colours reset at the end."""
        self._colour("")
        return "".join(self._sequences)

    def _go(self, y: int, x: int) -> None:
        self._sequences.append(move(self._at, y, x))
        self._at = (y, x)

    def _text(self, cells: Sequence[Cell]) -> None:
        for text, sgr in cells:
            if sgr != self._sgr and not (text == " " and not sgr and is_flat(self._sgr)):
                self._colour(sgr)
            self._sequences.append(text)

    def _colour(self, sgr: str) -> None:
        self._sequences.append(sgr_change(self._sgr, sgr))
        self._sgr = sgr
