"""The help pages: a command's own options; those that all commands share stand on the page of `jobdeck` alone. Knows no command by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import click

C = TypeVar("C", bound=click.Command)

OWN = "Options"
"""The section of options that only this command takes."""


INHERITED = "Connection and general options (--profile, --interval...): see jobdeck --help"
"""Stands on the pages of commands in place of the options that they share."""


class SharedOption(click.Option):
    """An option that many commands take.

    Args:
        section: Where it stands on every page, below the command's own options.
    """

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:  # noqa: ANN401  # click's own
        super().__init__(*args, **kwargs)
        self.section = section


class PageContext(click.Context):
    """A context whose help is our page."""

    def get_help(self) -> str:
        return page(self)


def presented(command: C) -> C:
    """Return the command, with pages like ours for it and the commands below it."""
    command.context_class = PageContext
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        presented(below)
    return command


def page(context: click.Context) -> str:
    """Return the help page of the command of `context`, without a line break at its end."""
    formatter, command = context.make_formatter(), context.command
    command.format_usage(context, formatter)
    command.format_help_text(context, formatter)
    if isinstance(command, click.Group):
        command.format_commands(context, formatter)
    for section, rows in sections(context):
        if section == OWN or context.parent is None:
            with formatter.section(section):
                formatter.write_dl(rows)
    if context.parent is not None and any(isinstance(parameter, SharedOption) for parameter in command.params):
        formatter.write_paragraph()
        formatter.write_text(INHERITED)
    return formatter.getvalue().rstrip("\n")


def sections(context: click.Context) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the sections with pairs of an option's spelling and its help, the own ones first, then those that are shared.

    What has no help is left out: hidden options, and arguments, which the usage line shows.
    """
    rows: dict[str, list[tuple[str, str]]] = {OWN: []}
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:
            section = parameter.section if isinstance(parameter, SharedOption) else OWN
            rows.setdefault(section, []).append(record)
    yield from rows.items()
