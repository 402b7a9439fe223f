"""Suggest a known word for a misspelled one. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tui.core.text import one_line


def closest_match(word: str, known: Iterable[str], *, otherwise: str, likeness: float = 0.6) -> str:
    """Return `did you mean NAME?` for the closest known word, or `otherwise` if none is close.

    Args:
        word: The misspelled word.
        known: Valid words.
        otherwise: Result if no word is close.
        likeness: Least similarity, 0 to 1; use more if the valid words resemble each other.
    """
    import difflib  # noqa: PLC0415  # --help does not need it

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=likeness)
    return f"did you mean {one_line(close[0])[:40]}?" if close else otherwise
