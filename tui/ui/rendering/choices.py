"""Match and render the choices of a list. Pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui.ui.rendering.lines import Line, Role, Span, fit, line_width


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a list of choices."""

    title: str
    hint: str
    """Text at the right, such as the key."""
    act: Callable[[], Awaitable[object] | object]
    """Called when the user chooses it."""
    letter: str = ""
    """A letter that chooses it at once, as the first key; empty for none."""


Arguments = Callable[[str], tuple[Choice, ...]]
"""Returns the choices that what was typed makes possible, such as `filter status:failed`."""


def no_arguments(words: str) -> tuple[Choice, ...]:
    """Return no choice, whatever was typed."""
    del words
    return ()


def why_none(choices: Sequence[Choice], words: str) -> str:
    """Return why no choice matches `words`: the values that its first word may have, if it takes some."""
    verb, _, value = " ".join(words.split()).partition(" ")
    titles = [choice.title for choice in choices if choice.title.lower().startswith(f"{verb.lower()} ")]
    if not value or len(titles) < FEWEST_VALUES:
        return "no match"
    allowed = ", ".join(title.split(" ", 1)[1].removeprefix("by ") for title in titles)
    return f"no {verb} {value!r}: {allowed}"


FEWEST_VALUES = 3
"""Choices that begin with one word, from which on the rest are its values."""


def matching(choices: Sequence[Choice], words: str) -> tuple[Choice, ...]:
    """Return the choices that match `words`, best first: by the whole text, by all words, by the letters in order."""
    sought = " ".join(words.lower().split())
    ranked = [(rank, choice) for choice in choices if (rank := _rank(choice.title.lower(), sought)) is not None]
    return tuple(choice for _, choice in sorted(ranked, key=lambda each: each[0]))


def _rank(title: str, sought: str) -> tuple[int, int] | None:
    """Return the rank of a title, lower is better; None if it does not match."""
    if (place := title.find(sought)) >= 0:
        return 0, place
    if all(word in title for word in sought.split()):
        return 1, 0
    start = last = -1
    for letter in sought.replace(" ", ""):
        last = title.find(letter, last + 1)
        if last < 0:
            return None
        start = last if start < 0 else start
    return 2, last - start


def choice_line(choice: Choice, width: int, ellipsis: str) -> Line:
    """Return a choice in exactly `width` cells, its hint at the right if there is room for both."""
    hint = Span(f" {choice.hint}", Role.MUTED)
    room = width - line_width((hint,))
    if room < cell_len(choice.title):
        return (Span(fit(choice.title, width, ellipsis=ellipsis)),)
    return (Span(fit(choice.title, room)), hint)
