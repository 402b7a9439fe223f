"""The options of the app that select jobs without ids: file, location, time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.cli.options import some_text, time_of

if TYPE_CHECKING:
    from tui.domain.selection import Selection


F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--file",
        callback=some_text,
        metavar="PATTERN",
        help="Watch all jobs of a file, or of files such as 'INV_*', including later ones. Only beside * or ? is [...] a "
        "set of characters.",
    ),
    click.option(
        "--location",
        callback=some_text,
        metavar="CODE",
        help="Watch all jobs of this location; with --file: only those of the file.",
    ),
    click.option(
        "--since", callback=time_of, metavar="TIME", help="Watch jobs added since, such as 2h or 2026-11-23T09:30:00Z."
    ),
)
"""The same names as in `find`."""


def selection_options(command: F) -> F:
    """Add the options to a command; read their values with `selected`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def has_selection(context: click.Context) -> bool:
    """Return whether one of the options was given to this command, not to its parent."""
    return any(context.params.get(name) is not None for name in ("file", "location", "since"))


def selected(context: click.Context) -> Selection | None:
    """Return the selection that the options name, before or after the first JOB; None if there is none."""
    contexts = [each for each in (context, context.parent) if each is not None and has_selection(each)]
    if not contexts:
        return None
    from tui.core.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio
    from tui.domain.selection import Selection  # noqa: PLC0415  # heavy: the monitor

    file, location, since = (
        next((value for each in contexts if (value := each.params.get(name)) is not None), None)
        for name in ("file", "location", "since")
    )
    return Selection(file, location, SystemClock().now() - since if isinstance(since, timedelta) else since)


def shown_selection(selection: Selection | None) -> dict[str, str]:
    """Return the options that resume a selection, by name."""
    if selection is None:
        return {}
    from tui.core.text import rfc3339  # noqa: PLC0415  # the exit summary alone needs it

    since = None if selection.since is None else rfc3339(selection.since)
    named = {"file": selection.file, "location": selection.location, "since": since}
    return {name: value for name, value in named.items() if value is not None}
