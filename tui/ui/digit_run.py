"""Recognize typed digits as the start of a job id. Pure."""

from __future__ import annotations

DIGITS = frozenset("0123456789")

JUMPS = frozenset("1234")
"""Digits that are keys: each moves to a pane of the screen."""

WITHIN_S = 1.0
"""Seconds within which a second digit makes both the start of an id."""


class DigitRun:
    """Remembers a digit that acted as a key, because it may be the first digit of an id."""

    def __init__(self) -> None:
        self._first = ""
        self._at_s = 0.0

    def press(self, key: str, at_s: float, *, is_text: bool) -> str:
        """Return the digits that a key adds to the input; empty if the key keeps its own meaning.

        Args:
            key: Textual's name of the key.
            at_s: Time of the key press, monotonic seconds.
            is_text: Whether a text field has the focus.
        """
        first = self._first if at_s - self._at_s <= WITHIN_S else ""
        self._first = ""
        if key not in DIGITS:
            return ""
        if first:
            return first + key
        if is_text:
            return ""
        if key not in JUMPS:
            return key
        self._first, self._at_s = key, at_s
        return ""

    def forget(self) -> None:
        """Forget the remembered digit."""
        self._first = ""
