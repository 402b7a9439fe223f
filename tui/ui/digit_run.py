"""Which digits begin a job id, wherever they are typed. Pure."""

from __future__ import annotations

DIGITS = frozenset("0123456789")

JUMPS = frozenset("1234")

"""Digits that are keys of their own: each goes to a part of the screen."""

WITHIN_S = 1.0

"""How soon after a digit another one must follow for both to be the begin of an id."""


class DigitRun:
    """Remembers the digit that was a key of its own, in case it was the first of an id."""

    def __init__(self) -> None:
        self._first = ""
        self._at_s = 0.0

    def press(self, key: str, at_s: float, *, is_text: bool) -> str:
        """Take a key and return the digits that go to the input because of it; empty where the key keeps its own
        meaning.

        Args:
            key: Its name, which is the digit for a digit.
            at_s: When it was pressed, by a monotonic clock.
            is_text: Whether it is a character of a text where it was pressed.
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
        """Take the next digit for the first one."""
        self._first = ""
