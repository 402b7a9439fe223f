"""The options that commands share, the parsers of their values, and the help pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import click

from tui.cli.completion_values import files, one_of, profiles
from tui.core.durations import parse_duration
from tui.core.text import one_line
from tui.settings.schema import CONNECTION, GENERAL, OPTIONS, SETTINGS, Setting

_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?", re.ASCII)


class OneOf(click.Choice[str]):
    """A fixed set of values, with a suggestion for a misspelled one."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:  # noqa: ARG002  # click passes it by this name
        from tui.core.suggest import closest_match  # noqa: PLC0415  # --help does not need it

        remedy = closest_match(str(value), self.choices, otherwise=f"give one of {', '.join(self.choices)}")
        return f"{quoted(str(value))} is unknown; {remedy}"


def quoted(text: str) -> str:
    """Return user input as one safe, short line in quotation marks."""
    return f"'{one_line(text)[:40]}'"


def number_of(least: float, most: float) -> Callable[[click.Context, click.Parameter, str | None], float | None]:
    """Return a callback that parses a number within these bounds; an integer if `least` is one. It returns None if the
    option is not given.
    """

    def read(_: click.Context, __: click.Parameter, text: str | None) -> float | None:
        if text is None:
            return None
        number = (
            type(least)(text) if _NUMBER.fullmatch(text) and ("." not in text or isinstance(least, float)) else None
        )
        if number is None or not least <= number <= most:
            raise click.BadParameter(f"{quoted(text)} is not a valid number; give one from {least} to {most}")
        return number

    return read


def some_text(
    _: click.Context, __: click.Parameter, given: str | tuple[str, ...] | None
) -> str | tuple[str, ...] | None:
    """Return an option's text, or texts if it may be repeated; None if it is not given."""
    if any(not text.strip() for text in ([given] if isinstance(given, str) else given or ())):
        raise click.BadParameter("is empty; give a value or leave it out")
    return given


def one_text(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> str | None:
    """Return the text of an option, and reject a second one. The option must be declared as repeatable; otherwise click
    lets the second win.
    """
    if len(given) > 1:
        raise click.BadParameter(f"is given {len(given)} times, as {' and '.join(map(quoted, given[:2]))}; give one")
    return next(iter(some_text(context, option, given) or ()), None)


def seconds_of(_: click.Context, __: click.Parameter, text: str | None) -> float | None:
    """Return a duration in seconds; None if the option is not given."""
    if text is None:
        return None
    seconds = parse_duration(text)
    if seconds is None:
        raise click.BadParameter(f"{quoted(text)} is not a valid duration; give 90, 30s, 30m, 1.5h or 1h30m")
    return seconds


def time_of(_: click.Context, __: click.Parameter, text: str | None) -> datetime | timedelta | None:
    """Return a time, or a duration before now. A date alone is its first moment in UTC. None if the option is not
    given.
    """
    if text is None:
        return None
    from tui.core.timestamps import parse  # noqa: PLC0415  # most calls name no time

    seconds = parse_duration(text)
    moment = parse(f"{text}T00:00:00Z" if len(text) == len("2026-11-23") else text)
    if seconds is None and moment is None:
        raise click.BadParameter(f"{quoted(text)} is not a time; give a duration such as 2h, or 2026-11-23T09:30:00Z")
    return moment if seconds is None else timedelta(seconds=seconds)


C = TypeVar("C", bound=click.Command)

OWN = "Options"
"""The section of a command's own options."""


INHERITED = "Connection and general options (--profile, --interval...): see jobdeck --help"
"""Replaces the shared options on the pages of commands."""


class SharedOption(click.Option):
    """An option that many commands share.

    Args:
        section: Its section on the help page, below the command's own options.
    """

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:  # noqa: ANN401  # click's own
        super().__init__(*args, **kwargs)
        self.section = section


class PageContext(click.Context):
    """A context that renders help with `page`."""

    def get_help(self) -> str:
        return page(self)


def presented(command: C) -> C:
    """Return the command, with help by `page` for it and its subcommands."""
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
    """Yield the sections with pairs of an option's spelling and its help, the command's own section first.

    Parameters without help are left out: hidden options, and arguments, which the usage line shows.
    """
    rows: dict[str, list[tuple[str, str]]] = {OWN: []}
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:
            section = parameter.section if isinstance(parameter, SharedOption) else OWN
            rows.setdefault(section, []).append(record)
    yield from rows.items()


F = TypeVar("F", bound=Callable[..., Any])


def _declared(setting: Setting[Any]) -> Callable[[F], F]:
    attributes: dict[str, Any] = {"cls": SharedOption, "section": setting.group or OWN, "help": setting.help_line}
    if setting.is_switch:
        return click.option(setting.option, is_flag=True, **attributes)
    offers = {"files": files, "profiles": profiles}
    offer = offers[setting.completion] if isinstance(setting.completion, str) else one_of(*setting.completion)
    return click.option(setting.option, metavar=setting.metavar, shell_complete=offer, **attributes)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The shared options given on the command line."""

    values: Mapping[str, str] = field(default_factory=dict)
    """Values by name without dashes; a switch that is on has the value `1`."""

    def is_on(self, switch: str) -> bool:
        """Return whether the switch was given."""
        return switch in self.values


def api_options(command: F) -> F:
    """Add the shared options to a command; read their values with `chosen`."""
    for section in (GENERAL, CONNECTION):
        for setting in reversed(OPTIONS):
            if setting.group == section:
                command = _declared(setting)(command)
    return command


def profile_options(command: F) -> F:
    """Add the options of settings that only a profile and the environment set; read their values with `chosen`."""
    for setting in reversed(SETTINGS):
        if setting.group is None:
            command = _declared(setting)(command)
    return command


def chosen(context: click.Context) -> Chosen:
    """Return the shared options of a command; those after its name win over those before it."""
    before = context.obj.values if isinstance(context.obj, Chosen) else {}
    shared = (option for option in context.command.params if isinstance(option, SharedOption))
    given = ((option, context.params[option.name]) for option in shared if option.name in context.params)
    chosen_values = {
        str(option.name): "1" if option.is_flag else value for option, value in given if value not in {None, False}
    }
    return Chosen({**before, **chosen_values})
