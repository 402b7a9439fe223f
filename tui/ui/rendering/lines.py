"""Lines of text spans with roles: measuring, cutting, wrapping. Pure; styles/status.tcss maps roles to colours."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from operator import itemgetter
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size


class Role(StrEnum):
    """The meaning of a span; styles/status.tcss has a component class `paint--ROLE` for each."""

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
    """A piece of one line; its text is safe for the terminal and has no line break."""

    text: str
    role: Role = Role.TEXT


Line = tuple[Span, ...]

BLANK: Line = ()

Side = Literal["left", "right"]
"""The side of a padded text."""


def text_of(line: Line) -> str:
    """Return the characters of a line without their roles."""
    return "".join(span.text for span in line)


def line_width(line: Line) -> int:
    """Return the width of a line in terminal cells."""
    return sum(cell_len(span.text) for span in line)


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """Return `text` on one line, at most `width` cells wide; `ellipsis` (one cell) replaces the rest."""
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
    """Return `left` and `right` at the two ends of `width` cells; without `right` if both do not fit."""
    gap = width - line_width(left) - line_width(right)
    if gap < 1:
        return clip(left, width)
    return (*left, Span(fill * gap, fill_role), *right)


def clip(line: Line, width: int, ellipsis: str = "") -> Line:
    """Return the first `width` cells of a line, with `ellipsis` at the end of a cut span."""
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
    """Return `text` as lines of at most `width` cells, broken at spaces if possible; at least one line."""
    return tuple(
        paragraph[start:stop] for paragraph in text.split("\n") for start, stop in line_bounds(paragraph, width)
    )


def line_bounds(paragraph: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield start and stop of each line of a wrapped paragraph, in characters, without the blanks at its end."""
    width = max(1, width)  # an empty text is wider than -2 cells, which would loop forever
    start = 0
    while _is_wider(paragraph, start, width):
        head = _head(paragraph, start, width)
        yield start, start + len(head.rstrip(" "))
        start += len(head)
    yield start, len(paragraph)


def _is_wider(text: str, start: int, width: int) -> bool:
    """Return whether `text` from `start` is wider than `width`; measures the rest of a long text only if needed."""
    near = text[start : start + 4 * width]
    return cell_len(near) > width or (start + len(near) < len(text) and cell_len(text[start:]) > width)


def _head(text: str, start: int, width: int) -> str:
    """Return the longest part of `text` from `start` within `width` cells, up to its last space if that is near."""
    plain = text[start : start + width + 1]  # one more: a combining mark takes no cell
    size = width if plain.isascii() and plain.isprintable() else _characters_within(text, start, width)
    head = text[start : start + size]
    space = head.rfind(" ")
    return head[: space + 1] if space >= len(head) // 2 else head


def _characters_within(text: str, start: int, width: int) -> int:
    """Return how many characters from `start` fit into `width` cells, at least one; the text is wider."""
    used = 0
    for place in range(start, len(text)):
        used += cell_len(text[place])
        if used > width:
            return max(1, place - start)
    return max(1, len(text) - start - 1)


def marked(text: str, found: Sequence[tuple[int, int]], start: int = 0, stop: int | None = None) -> Line:
    """Return `text` from `start` to `stop`, with the matches in `found` in the role MATCH.

    The cost depends on the part only, because each typed letter starts a new search in a long text.
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
    """Yield start and stop of each occurrence of `needle`, case-insensitive; nothing for an empty one."""
    folded, sought, start = text.lower(), needle.lower(), 0
    while sought and len(folded) == len(text) and (first := folded.find(sought, start)) >= 0:
        start = first + len(sought)
        yield first, start


def table(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the width in cells of each column of `rows`."""
    return tuple(max(map(cell_len, column)) for column in zip(*rows, strict=True)) if rows else ()
