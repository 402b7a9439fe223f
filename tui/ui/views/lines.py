"""What every view is made of: spans of text with a role, in lines. Pure; colours are decided in styles/status.tcss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
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


def fit(text: str, width: int, align: Literal["left", "right"] = "left", ellipsis: str = "…") -> str:
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
        kept.append(Span(cut(text, room, ellipsis) if ellipsis else set_cell_size(text, min(room, cell_len(text))), role))
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


def broken(paragraph: str, width: int) -> tuple[tuple[int, int], ...]:
    """Return from which character up to which each line of a wrapped paragraph goes; blanks at its end are in none."""
    width = max(1, width)  # an empty text is wider than -2 cells, and would be for ever
    lines: list[tuple[int, int]] = []
    start, rest = 0, paragraph
    while cell_len(rest) > width:
        head = _head(rest, width)
        lines.append((start, start + len(head.rstrip(" "))))
        start, rest = start + len(head), rest[len(head) :]
    return (*lines, (start, len(paragraph)))


def between(line: Line, start: int, stop: int) -> Line:
    """Return the characters of a line from `start` up to `stop`, in their roles."""
    kept: list[Span] = []
    for text, role in line:
        part = text[max(0, start) : max(0, stop)]
        if part:
            kept.append(Span(part, role))
        start, stop = start - len(text), stop - len(text)
    return tuple(kept)


def _head(text: str, width: int) -> str:
    """The longest beginning of `text` within `width` cells, up to and with its last space if that is not too far back."""
    plain = text[: width + 1]  # one more: a mark that joins the last character takes no cell
    head = text[: width if plain.isascii() and plain.isprintable() else _characters_within(text, width)]
    space = head.rfind(" ")
    return head[: space + 1] if space >= len(head) // 2 else head


def _characters_within(text: str, width: int) -> int:
    """How many characters of a text that is wider fit into `width` cells; one at least."""
    used = 0
    for place, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return max(1, place)
    return max(1, len(text) - 1)


def marked(text: str, needle: str, role: Role) -> Line:
    """Return `text` with each occurrence of `needle` (any case, not empty) in the role MATCH."""
    if not needle:
        return (Span(text, role),)
    spans: list[Span] = []
    start = 0
    for first, last in occurrences(text, needle):
        spans += [Span(text[start:first], role), Span(text[first:last], Role.MATCH)]
        start = last
    spans.append(Span(text[start:], role))
    return tuple(span for span in spans if span.text)


def occurrences(text: str, needle: str) -> tuple[tuple[int, int], ...]:
    """Return from which character up to which each occurrence of `needle` goes, in any case; none of an empty one."""
    folded, sought, start = text.lower(), needle.lower(), 0
    found: list[tuple[int, int]] = []
    while sought and len(folded) == len(text) and (first := folded.find(sought, start)) >= 0:
        start = first + len(sought)
        found.append((first, start))
    return tuple(found)


def table(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the width in cells of each column of `rows`."""
    return tuple(max(map(cell_len, column)) for column in zip(*rows, strict=True)) if rows else ()
