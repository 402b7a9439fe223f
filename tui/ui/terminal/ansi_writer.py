"""Writes cells with the fewest characters that every terminal understands. Pure; knows no Textual.

What is used is in each terminal's description since the VT220 and in tmux, screen and the Linux console: moves, CHA,
VT, IND, RI, SGR, ECH,
and lines that are inserted and deleted. Repetition (REP), tabs (a tty may expand them) and margins, which would stay
behind after a
crash, are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

Cell = tuple[str, str]

"""What stands in one cell, and the parameters of its SGR sequence; the second cell of a wide character holds
no text.
"""

BLANK: Cell = (" ", "")

Place = tuple[int, int | None]

"""Line and column of the cursor, from 0; None where only the line is known."""

ERASE_LAST, ERASE_AMIDST = 6, 11

"""Blanks from which erasing them costs less than sending them: at the end of a stretch, and where the cursor must be
moved on after it.
"""

VT = "\v"

"""A line down, as LF, which a tty turns into CR LF."""

_LETTER_COLOURS = frozenset([*range(30, 38), *range(90, 98)])

_FLAT = frozenset([1, 2, 3, *_LETTER_COLOURS])

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
    before, after = _looks(current), _looks(wanted)
    if before and after and before.keys() <= after.keys() and not {"1", "2"} <= before.keys() | after.keys():
        added = ";".join(after[name] for name in after if after[name] != before.get(name))
        return f"\x1b[{added}m" if added else ""  # without parameters it would reset everything
    return f"\x1b[;{wanted}m"


def _looks(sgr: str) -> dict[str, str]:
    """Parameters by what they set, one letter colour taking the place of another; nothing for colours of more than one
    parameter.
    """
    parts = sgr.split(";")
    if {"38", "48"} & {*parts}:
        return {}
    return {"colour" if part.isdecimal() and int(part) in _LETTER_COLOURS else part: part for part in parts}


def move(at: Place | None, y: int, x: int) -> str:
    """Return the shortest way for the cursor from `at` (None for anywhere) to a cell, line and column from 0."""
    if at == (y, x):
        return ""
    ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"]
    if at is not None:
        down = _down(y - at[0])
        # VT is a byte less than IND, but a terminal may be set to go to the first column with it: only where the column
        # is told.
        ways += [f"{VT if y == at[0] + 1 else down}\x1b[{x + 1}G"]
        ways += [down + "\r" + _steps(x, "C", "D"), *(down + way for way in _sideways(at[1], x))]
    return min(ways, key=len)


def _sideways(start: int | None, end: int) -> tuple[str, ...]:
    if start is None:
        return ()
    steps = _steps(end - start, "C", "D")
    return (steps, "\b" * (start - end)) if end < start else (steps,)


def _down(lines: int) -> str:
    """Lines down, or up if negative; never beyond the screen, so that nothing scrolls."""
    return {1: "\x1bD", -1: "\x1bM"}.get(lines) or _steps(lines, "B", "A")


def _steps(number: int, forth: str, back: str) -> str:
    size = abs(number)
    return f"\x1b[{size if size > 1 else ''}{forth if number > 0 else back}" if size else ""


def scroll(top: int, bottom: int, lines: int) -> tuple[str, tuple[int, int]]:
    """Return what moves the lines from `top` to `bottom` up (down if negative), and the cell where the cursor is then.

    Blank lines come in; colours must be reset before, since they take the background that is set. They are deleted at
    one end and
    inserted at the other: shorter than margins, and nothing to be put back.
    """
    number = f"{abs(lines)}" if abs(lines) > 1 else ""
    goes, comes = (top, bottom - lines + 1) if lines > 0 else (bottom + lines + 1, top)
    return f"{move(None, goes, 0)}\x1b[{number}M{move((goes, 0), comes, 0)}\x1b[{number}L", (comes, 0)


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
    """Collects what one update sends. It begins and ends with colours reset.

    Args:
        at: Where the cursor stands; None for anywhere.
    """

    def __init__(self, at: Place | None = None) -> None:
        self._sequences: list[str] = []
        self._at = at
        self._sgr = ""

    def write(self, y: int, x: int, cells: Sequence[Cell], *, is_at_edge: bool) -> None:
        """Have `cells` shown from a cell on; at the edge of the screen it is not known in which column the cursor
        stands behind them.
        """
        for start, stop, is_blank in _stretches(cells):
            self._go(y, x + start)
            if is_blank:
                self._colour("")
                self._sequences.append(f"\x1b[{stop - start}X")
                continue
            self._text(cells[start:stop])
            # Terminals do not agree on the width of every character: a move from behind one may go astray.
            is_known = all(text.isascii() for text, _ in cells[start:stop]) and not (is_at_edge and stop == len(cells))
            self._at = (y, x + stop if is_known else None)

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
