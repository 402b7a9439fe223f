"""The text field of the app: sends nothing while nothing changes, and always shows its cursor."""

from __future__ import annotations

from typing import Any

from textual.widgets import Input


class SteadyInput(Input):
    """An input without a blinking cursor, which would send 2 kB/s, whose first text scrolls to its end too."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of Input
        super().__init__(select_on_focus=False, **options)
        self.cursor_blink = False
        self._initial_value = False  # otherwise Textual does not scroll to the end of the first text
