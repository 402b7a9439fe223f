"""Positions of ids in a text, which give all ids the order of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tui.core.job_ids import IdRange


@dataclass(slots=True)
class Mention:
    """Ids at one position in the text."""

    position: int
    job_ids: tuple[int, ...] | range
    id_range: IdRange | None = None


@dataclass(slots=True)
class Prose:
    """Ids in sentences of a text."""

    mentions: list[Mention] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """Invalid ids that the text calls a job, each with the reason."""


def mention_of(position: int, first: int, last: int, *, is_plain: bool = True) -> Mention:
    """Return the mention of all ids from `first` to `last`."""
    if first == last:
        return Mention(position, (first,))
    return Mention(position, range(first, last + 1), IdRange(first, last, is_plain=is_plain))


def blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the text with blanks instead of the `spans`, which must be in order."""
    pieces, position = [], 0
    for start, end in spans:
        if end > position:
            pieces += [text[position:start], " " * (end - max(start, position))]
            position = end
    return "".join((*pieces, text[position:])) if spans else text
