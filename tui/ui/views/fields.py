"""Fields of a job as a label and its value, beside each other where there is room. Pure."""

from __future__ import annotations

from tui.ui.views.lines import Line, Role, Span, cut, fit, line_width
from tui.ui.views.look import Look

LABEL_WIDTH = 10
BESIDE = 66
"""Cells from which fields stand side by side."""


def label(name: str, width: int = LABEL_WIDTH) -> Span:
    """Return the name of a field, `width` cells wide."""
    return Span(fit(name, width), Role.LABEL)


def field(name: str, value: str) -> Line:
    """Return a field that has a line of its own."""
    return (label(name), Span(value))


def pair(first: tuple[str, str | None], second: tuple[str, str | None], look: Look, width: int) -> tuple[Line, ...]:
    """Return two fields, beside each other where there is room."""
    half = min(40, width // 2) if width >= BESIDE else width
    left = field(first[0], cut(first[1] or "-", max(1, half - LABEL_WIDTH - 1), look.glyphs.ellipsis))
    right = field(second[0], cut(second[1] or "-", max(1, width - LABEL_WIDTH - (half if width >= BESIDE else 0)), look.glyphs.ellipsis))
    return _beside(left, right, half, width)


def _beside(left: Line, right: Line, column: int, width: int) -> tuple[Line, ...]:
    """One line with `right` beginning in `column`, or two lines where the view is narrow or `left` is too wide."""
    gap = column - line_width(left)
    return (left, right) if width < BESIDE or gap <= 0 else ((*left, Span(" " * gap), *right),)
