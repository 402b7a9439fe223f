"""What every view is made of: spans of text with a role, in lines.

Pure; colours are decided in styles/status.tcss.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from operator import itemgetter
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size


class Role(StrEnum):
    """What a span is; each has one component class `paint--ROLE` in styles/status.tcss."""

    TEXT = "text"
    PENDING = "pending"
    WORKING = "working"
    SUCCESS = "success"
    FAILED = "failed"
    UNKNOWN = "unknown"
    MUTED = "muted"
    LABEL = "label"
    STRONG = "strong"
    WARNING = "warning"
    KEY = "key"
    MATCH = "match"
    DIFFERS = "differs"
    PRODUCTION = "production"


class Span(NamedTuple):
    """A piece of one line; its text is safe to show and holds no line break."""

    text: str
    role: Role = Role.TEXT


Line = tuple[Span, ...]

BLANK: Line = ()

Side = Literal["left", "right"]

"""Where a text lies in more cells than it takes."""


def text_of(line: Line) -> str:
    """Return the characters of a line without their roles."""
    return "".join(span.text for span in line)


def line_width(line: Line) -> int:
    """Return the width of a line in terminal cells."""
    return sum(cell_len(span.text) for span in line)


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """Return `text` on one line and at most `width` cells wide; `ellipsis` (one cell) stands for what was cut."""
    flat = text.replace("\n", " ")
    if cell_len(flat) <= width:
        return flat
    return set_cell_size(flat, width - 1).rstrip() + ellipsis if width > 0 else ""


def fit(text: str, width: int, align: Side = "left", ellipsis: str = "…") -> str:
    """Return `text` cut or padded to exactly `width` cells."""
    short = cut(text, width, ellipsis)
    padding = " " * (width - cell_len(short))
    return padding + short if align == "right" else short + padding


def spread(left: Line, right: Line, width: int, *, fill: str = " ", fill_role: Role = Role.TEXT) -> Line:
    """Return `left` and `right` at the two ends of `width` cells; `right` gives way where both do not fit."""
    gap = width - line_width(left) - line_width(right)
    if gap < 1:
        return clip(left, width)
    return (*left, Span(fill * gap, fill_role), *right)


def clip(line: Line, width: int, ellipsis: str = "") -> Line:
    """Return the first `width` cells of a line, with `ellipsis` at the end of what was cut."""
    kept: list[Span] = []
    room = width
    for text, role in line:
        if room <= 0:
            break
        kept.append(
            Span(cut(text, room, ellipsis) if ellipsis else set_cell_size(text, min(room, cell_len(text))), role)
        )
        room -= cell_len(text)
    return tuple(kept)


def join(parts: Iterable[Line], gap: str) -> Line:
    """Return the non-empty parts as one line with `gap` between them."""
    joined: list[Span] = []
    for part in parts:
        if part:
            joined += [Span(gap), *part] if joined else part
    return tuple(joined)


def wrap(text: str, width: int) -> tuple[str, ...]:
    """Return `text` as lines of at most `width` cells, broken at spaces where there are any; never empty."""
    return tuple(paragraph[start:stop] for paragraph in text.split("\n") for start, stop in broken(paragraph, width))


def broken(paragraph: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield from which character up to which each line of a wrapped paragraph goes; blanks at its end are in none."""
    width = max(1, width)  # an empty text is wider than -2 cells, and would be for ever
    start = 0
    while _is_wider(paragraph, start, width):
        head = _head(paragraph, start, width)
        yield start, start + len(head.rstrip(" "))
        start += len(head)
    yield start, len(paragraph)


def _is_wider(text: str, start: int, width: int) -> bool:
    """Whether `text` takes more than `width` cells from a character on; the rest of a long one is looked at only in the
    odd case.
    """
    near = text[start : start + 4 * width]
    return cell_len(near) > width or (start + len(near) < len(text) and cell_len(text[start:]) > width)


def _head(text: str, start: int, width: int) -> str:
    """The longest part of `text` from `start` on within `width` cells, up to and with its last space if that is not too
    far back.
    """
    plain = text[start : start + width + 1]  # one more: a mark that joins the last character takes no cell
    size = width if plain.isascii() and plain.isprintable() else _characters_within(text, start, width)
    head = text[start : start + size]
    space = head.rfind(" ")
    return head[: space + 1] if space >= len(head) // 2 else head


def _characters_within(text: str, start: int, width: int) -> int:
    """How many characters from `start` on of a text that is wider fit into `width` cells; one at least."""
    used = 0
    for place in range(start, len(text)):
        used += cell_len(text[place])
        if used > width:
            return max(1, place - start)
    return max(1, len(text) - start - 1)


def marked(text: str, found: Sequence[tuple[int, int]], start: int = 0, stop: int | None = None) -> Line:
    """Return the characters of `text` from `start` up to `stop`, with what of them was `found` in the role MATCH.

    A part costs what is in it: a long text has a search in it anew with each letter that is typed.
    """
    end = len(text) if stop is None else stop
    spans: list[Span] = []
    place = bisect_right(found, start, key=itemgetter(1))
    while place < len(found) and found[place][0] < end:
        first, last = found[place]
        spans += [Span(text[start : max(start, first)]), Span(text[max(start, first) : min(last, end)], Role.MATCH)]
        start, place = min(last, end), place + 1
    spans.append(Span(text[start:end]))
    return tuple(span for span in spans if span.text)


def occurrences(text: str, needle: str) -> Iterator[tuple[int, int]]:
    """Yield from which character up to which each occurrence of `needle` goes, in any case; none of an empty one."""
    folded, sought, start = text.lower(), needle.lower(), 0
    while sought and len(folded) == len(text) and (first := folded.find(sought, start)) >= 0:
        start = first + len(sought)
        yield first, start


def table(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the width in cells of each column of `rows`."""
    return tuple(max(map(cell_len, column)) for column in zip(*rows, strict=True)) if rows else ()
