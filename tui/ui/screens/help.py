"""The help screen: all keys, those of the focused pane first."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.ui.commands import LISTED, pane_help
from tui.ui.rendering.lines import BLANK, Line, Role, Span, line_width, wrap
from tui.ui.widgets.line_view import PAINTS, LineView

KEY_WIDTH = 23
GAP = "   "

TWO_COLUMNS = 100
"""Cells from which the help has two columns."""

NARROWEST_TITLE, INDENT = 15, 4
"""Cells below which a title is below its keys, so that no word is broken, and its indent there."""


def help_lines(pane: str, width: int, *, is_list_kept: bool = True) -> tuple[Line, ...]:
    """Return the help in one column, or in two on a wide screen; long titles wrap.

    Args:
        pane: The pane that has the focus.
        width: Cells of a line.
        is_list_kept: Whether the next start restores the list.
    """
    titles = {"app.quit": f"quit; the list is {'kept' if is_list_kept else 'not kept'}"}
    groups = [(f"in this pane: {pane}", pane_help(pane))]
    groups += [
        (group, tuple((each.shown, titles.get(each.id, each.title)) for each in actions))
        for group, actions in groupby(LISTED, key=lambda each: each.group)
    ]
    column = width if width < TWO_COLUMNS else (width - len(GAP)) // 2
    blocks = [_block(name, keys, column) for name, keys in groups]
    if column == width:
        return tuple(line for block in blocks for line in block)
    half = _split(blocks)
    left = [line for block in blocks[:half] for line in block]
    right = [line for block in blocks[half:] for line in block]
    size = max(len(left), len(right))
    pairs = zip(left + [BLANK] * (size - len(left)), right + [BLANK] * (size - len(right)), strict=True)
    return tuple((*one, Span(" " * (column - line_width(one)) + GAP), *other) for one, other in pairs)


def _split(blocks: list[list[Line]]) -> int:
    """Return the number of blocks in the left column so that both columns have about the same length."""
    total, used = sum(map(len, blocks)), 0
    for index, block in enumerate(blocks):
        if used + len(block) / 2 >= total / 2:
            return max(1, index)
        used += len(block)
    return len(blocks)


def _block(name: str, keys: tuple[tuple[str, str], ...], width: int) -> list[Line]:
    rows: list[Line] = [(Span(name, Role.STRONG),)]
    for key, title in keys:
        if width - KEY_WIDTH < NARROWEST_TITLE:
            rows.append((Span(f"  {key}", Role.KEY),))
            rows += ((Span(" " * INDENT), Span(part)) for part in wrap(title, width - INDENT))
            continue
        first, *more = wrap(title, width - KEY_WIDTH)
        rows.append((Span(f"  {key:<{KEY_WIDTH - 2}}", Role.KEY), Span(first)))
        rows += ((Span(" " * KEY_WIDTH), Span(pane)) for pane in more)
    return [*rows, BLANK]


class HelpScreen(ModalScreen[None]):
    """Shows all keys until the user closes it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = PAINTS
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,f1,enter", "dismiss", "close", show=False)]

    class Page(LineView, can_focus=True):
        """The scrolling text of the help."""

        BINDINGS: ClassVar[list[BindingType]] = [
            Binding("j", "scroll_down", show=False),
            Binding("k", "scroll_up", show=False),
        ]

        def __init__(self, pane: str, *, is_list_kept: bool) -> None:
            super().__init__()
            self._pane = pane
            self._is_list_kept = is_list_kept

        def on_mount(self) -> None:
            self.border_title = "Help"
            self.border_subtitle = "esc closes"

        def on_resize(self, event: events.Resize) -> None:
            super().on_resize(event)
            self.show(help_lines(self._pane, self.room, is_list_kept=self._is_list_kept))

    def __init__(self, pane: str, *, is_list_kept: bool) -> None:
        super().__init__()
        self._pane = pane
        self._is_list_kept = is_list_kept

    def compose(self) -> ComposeResult:
        yield self.Page(self._pane, is_list_kept=self._is_list_kept)
