"""Write cells with the fewest characters that all terminals support. Pure.

It uses sequences that the VT220, tmux, screen and the Linux console support: cursor moves, CHA, VT, IND, RI, SGR, ECH,
and inserting and deleting lines. It avoids repetition (REP), tabs (a tty may expand them) and margins (they would
remain after a crash).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice

Cell = tuple[str, str]
"""Text of one cell and its SGR parameters; the second cell of a wide character has no text."""

BLANK: Cell = (" ", "")

Place = tuple[int, int | None]
"""Line and column of the cursor, from 0; None if only the line is known."""

ERASE_LAST, ERASE_AMIDST = 6, 11
"""Number of blanks from which erasing is shorter than sending: at the end of a run, and inside it, where the cursor has
to move on.
"""

VT = "\v"
"""Moves a line down. Not LF, which a tty turns into CR LF."""

_LETTER_COLOURS = frozenset([*range(30, 38), *range(90, 98)])

_FLAT = frozenset([1, 2, 3, *_LETTER_COLOURS])
"""SGR parameters without effect on a blank."""

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "38": "39", "48": "49"}
"""What ends bold, dim, italic, underline, reverse, a text colour and a background."""

_LONG_COLOURS = {"2": 4, "5": 2}
"""Parameters after 38 or 48: red, green and blue, or one of 256 colours."""


@lru_cache(maxsize=1024)
def is_flat(sgr: str) -> bool:
    """Return whether a blank looks the same without these parameters: no background, reverse or underline."""
    return not sgr or all(part.isdecimal() and int(part) in _FLAT for part in sgr.split(";"))


@lru_cache(maxsize=4096)
def has_same_blank(sgr: str, other: str) -> bool:
    """Return whether a blank looks the same with either set of parameters."""
    return _of_blank(sgr) == _of_blank(other)


def _of_blank(sgr: str) -> dict[str, str]:
    """Return the parameters that a blank shows: those of the text too if they are its ground or line."""
    looks = _looks(sgr)
    is_plain = looks.keys() <= {"1", "2", "3", "38", "48"}
    return {name: part for name, part in looks.items() if name == "48"} if is_plain else looks


@lru_cache(maxsize=1024)
def sgr_change(current: str, wanted: str) -> str:
    """Return the shortest sequence that changes one set of SGR parameters to another; empty if they are equal."""
    if current == wanted:
        return ""
    if not wanted:
        return "\x1b[m"
    if not current:
        return f"\x1b[{wanted}m"
    fresh = f"\x1b[;{wanted}m"
    before, after = _looks(current), _looks(wanted)
    ended = [name for name in before if name not in after]
    if {"1", "2"} <= before.keys() | after.keys() or not _OFF.keys() >= {*ended}:
        return fresh
    steps = [*(_OFF[name] for name in ended), *(part for name, part in after.items() if part != before.get(name))]
    return (
        min(f"\x1b[{';'.join(steps)}m", fresh, key=len) if steps else ""
    )  # without parameters it would reset everything


def _looks(sgr: str) -> dict[str, str]:
    """Return the parameters by what they set, a text colour under 38 and a background under 48."""
    looks: dict[str, str] = {}
    parts = iter(sgr.split(";") if sgr else ())
    for part in parts:
        if part in {"38", "48"}:
            kind = next(parts, "")
            rest = islice(parts, _LONG_COLOURS.get(kind, 1) - 1)
            looks[part] = ";".join((part, kind, *rest))
        elif part.isdecimal() and int(part) in _LETTER_COLOURS:
            looks["38"] = part
        elif part.isdecimal() and int(part) - 10 in _LETTER_COLOURS:
            looks["48"] = part
        elif part not in {"39", "49"}:
            looks[part] = part
    return looks


def move(at: Place | None, y: int, x: int) -> str:
    """Return the shortest cursor move from `at` (None for unknown) to a cell, line and column from 0."""
    if at == (y, x):
        return ""
    ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"]
    if at is not None:
        down = _down(y - at[0])
        # VT is a byte shorter than IND, but some terminals also return to the first column: only with a known column.
        ways += [f"{VT if y == at[0] + 1 else down}\x1b[{x + 1}G"]
        ways += [down + "\r" + _steps(x, "C", "D"), *(down + way for way in _sideways(at[1], x))]
    return min(ways, key=len)


def _sideways(start: int | None, end: int) -> tuple[str, ...]:
    if start is None:
        return ()
    steps = _steps(end - start, "C", "D")
    return (steps, "\b" * (start - end)) if end < start else (steps,)


def _down(lines: int) -> str:
    """Return a move down, or up if negative. Callers stay within the screen, so nothing scrolls."""
    return {1: "\x1bD", -1: "\x1bM"}.get(lines) or _steps(lines, "B", "A")


def _steps(number: int, forth: str, back: str) -> str:
    size = abs(number)
    return f"\x1b[{size if size > 1 else ''}{forth if number > 0 else back}" if size else ""


def scroll(top: int, bottom: int, lines: int) -> tuple[str, tuple[int, int]]:
    """Return the sequence that moves the lines from `top` to `bottom` up (down if negative), and the cursor after it.

    New lines are blank and take the current background, so reset colours before. The sequence deletes lines at one end
    and inserts them at the other, which is shorter than margins and needs no reset.
    """
    number = f"{abs(lines)}" if abs(lines) > 1 else ""
    goes, comes = (top, bottom - lines + 1) if lines > 0 else (bottom + lines + 1, top)
    return f"{move(None, goes, 0)}\x1b[{number}M{move((goes, 0), comes, 0)}\x1b[{number}L", (comes, 0)


def _stretches(cells: Sequence[Cell]) -> Iterator[tuple[int, int, bool]]:
    """Yield start, stop and whether to erase, for each run of `cells` that one write sends or erases."""
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
    """Collects the characters of one update. It starts and ends with reset colours.

    Args:
        at: Position of the cursor; None for unknown.
    """

    def __init__(self, at: Place | None = None) -> None:
        self._sequences: list[str] = []
        self._at = at
        self._sgr = ""

    def write(self, y: int, x: int, cells: Sequence[Cell], *, is_at_edge: bool) -> None:
        """Write `cells` from a cell on. After the last column of the screen the cursor's column is unknown."""
        for start, stop, is_blank in _stretches(cells):
            self._go(y, x + start)
            if is_blank:
                self._colour("")
                self._sequences.append(f"\x1b[{stop - start}X")
                continue
            self._text(cells[start:stop])
            # Terminals disagree on the width of some characters, so a relative move after them may be wrong.
            is_known = all(text.isascii() for text, _ in cells[start:stop]) and not (is_at_edge and stop == len(cells))
            self._at = (y, x + stop if is_known else None)

    def finished(self) -> str:
        """Return all characters, ending with reset colours."""
        self._colour("")
        return "".join(self._sequences)

    def _go(self, y: int, x: int) -> None:
        self._sequences.append(move(self._at, y, x))
        self._at = (y, x)

    def _text(self, cells: Sequence[Cell]) -> None:
        for text, sgr in cells:
            if sgr != self._sgr and not (text == " " and has_same_blank(sgr, self._sgr)):
                self._colour(sgr)
            self._sequences.append(text)

    def _colour(self, sgr: str) -> None:
        self._sequences.append(sgr_change(self._sgr, sgr))
        self._sgr = sgr
