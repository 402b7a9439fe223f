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
    width = max(1, width)  # an empty text is wider than -2 cells, and would be for ever
    wrapped: list[str] = []
    for paragraph in text.split("\n"):
        rest = paragraph
        while cell_len(rest) > width:
            head = _head(rest, width)
            wrapped.append(head.rstrip(" "))
            rest = rest[len(head) :]
        wrapped.append(rest)
    return tuple(wrapped)


def _head(text: str, width: int) -> str:
    """The longest beginning of `text` within `width` cells, up to and with its last space if that is not too far back."""
    used = 0
    end = 0
    for end, character in enumerate(text):  # noqa: B007  # `end` is what is wanted
        used += cell_len(character)
        if used > width:
            break
    head = text[: max(1, end)]
    space = head.rfind(" ")
    return head[: space + 1] if space >= len(head) // 2 else head


def marked(text: str, needle: str, role: Role) -> Line:
    """Return `text` with each occurrence of `needle` (any case, not empty) in the role MATCH."""
    if not needle:
        return (Span(text, role),)
    spans: list[Span] = []
    folded, sought, start = text.lower(), needle.lower(), 0
    while (found := folded.find(sought, start)) >= 0 and len(folded) == len(text):
        spans += [Span(text[start:found], role), Span(text[found : found + len(sought)], Role.MATCH)]
        start = found + len(sought)
    spans.append(Span(text[start:], role))
    return tuple(span for span in spans if span.text)


def table(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the width in cells of each column of `rows`."""
    return tuple(max(map(cell_len, column)) for column in zip(*rows, strict=True)) if rows else ()
