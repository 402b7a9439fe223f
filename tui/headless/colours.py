"""The colour of a status where lines go to a terminal. Pure; whether there is one is for others to know."""

from __future__ import annotations

from collections.abc import Mapping

_CODES: Mapping[str, int] = {"PENDING": 33, "WORKING": 36, "SUCCESS": 32, "FAILED": 31, "GONE": 35, "NOT FOUND": 35}
"""SGR codes by word; others stay as they are."""


def painted(word: str) -> str:
    """Return a status in its colour."""
    code = _CODES.get(word)
    return word if code is None else f"\x1b[{code}m{word}\x1b[0m"
