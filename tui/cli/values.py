"""What options may hold that are no settings; errors say what was given and what to give. Settings are `tui.settings.schema`'s business.

The functions are for the parameter `callback` of `click.option`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import click

from tui.core.durations import parse_duration
from tui.core.text import one_line

_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?", re.ASCII)


class OneOf(click.Choice[str]):
    """One of a few words."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:  # noqa: ARG002  # click passes it by this name
        from tui.core.suggest import meant  # noqa: PLC0415  # --help does not need it

        remedy = meant(str(value), self.choices, otherwise=f"give one of {', '.join(self.choices)}")
        return f"{quoted(str(value))} is unknown; {remedy}"


def quoted(text: str) -> str:
    """Return what was typed in one safe, short line, between quotation marks."""
    return f"'{one_line(text)[:40]}'"


def number_of(least: float, most: float) -> Callable[[click.Context, click.Parameter, str | None], float | None]:
    """Return a function that returns an option's value as a number within these bounds, whole as the lower one is; None if not given."""

    def read(_: click.Context, __: click.Parameter, text: str | None) -> float | None:
        if text is None:
            return None
        number = type(least)(text) if _NUMBER.fullmatch(text) and ("." not in text or isinstance(least, float)) else None
        if number is None or not least <= number <= most:
            raise click.BadParameter(f"{quoted(text)} is no number that can be used here; give one from {least} to {most}")
        return number

    return read


def some_text(_: click.Context, __: click.Parameter, given: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
    """Return an option's text, or texts where it may be repeated; None if it was not given."""
    if any(not text.strip() for text in ([given] if isinstance(given, str) else given or ())):
        raise click.BadParameter("is empty; give a value or leave it out")
    return given


def one_text(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> str | None:
    """Return the text of an option that is declared as repeatable, so that a second one is refused instead of winning silently."""
    if len(given) > 1:
        raise click.BadParameter(f"is given {len(given)} times, as {' and '.join(map(quoted, given[:2]))}; give one")
    return next(iter(some_text(context, option, given) or ()), None)


def seconds_of(_: click.Context, __: click.Parameter, text: str | None) -> float | None:
    """Return an option's value, a duration, in seconds; None if it was not given."""
    if text is None:
        return None
    seconds = parse_duration(text)
    if seconds is None:
        raise click.BadParameter(f"{quoted(text)} is no duration that can be used here; give 90, 30s, 30m, 1.5h or 1h30m")
    return seconds


def time_of(_: click.Context, __: click.Parameter, text: str | None) -> datetime | timedelta | None:
    """Return an option's value as a time, or as the time before now; a date alone is its first moment in UTC. None if not given."""
    if text is None:
        return None
    from tui.core.timestamps import parse  # noqa: PLC0415  # most calls name no time

    seconds = parse_duration(text)
    moment = parse(f"{text}T00:00:00Z" if len(text) == len("2026-11-23") else text)
    if seconds is None and moment is None:
        raise click.BadParameter(f"{quoted(text)} is no time; give a duration such as 2h, or 2026-11-23T09:30:00Z")
    return moment if seconds is None else timedelta(seconds=seconds)
