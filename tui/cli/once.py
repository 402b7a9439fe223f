"""Options of `jobdeck` itself that do one thing and end."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from tui import __version__
from tui.cli.completing import one_of
from tui.cli.output import write

F = TypeVar("F", bound=Callable[..., Any])

SHELLS = ("bash", "zsh", "fish")
_DETECT = ""
"""The value of --install-completion without a shell."""


def once_options(command: F) -> F:
    """Give a command the options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _install(context: click.Context, _parameter: click.Parameter, shell: str | None) -> None:
    if shell is None or context.resilient_parsing:
        return
    from tui.cli.installing import install  # noqa: PLC0415  # once in a lifetime

    write(install(shell or None, os.environ))
    context.exit()


def _show_manual(context: click.Context, _parameter: click.Parameter, is_asked: bool) -> None:
    if not is_asked or context.resilient_parsing:
        return
    from tui.cli.manual import manual  # noqa: PLC0415  # it imports every command

    write(manual(context.command, __version__))
    context.exit()


_OPTIONS = (
    click.option(
        "--install-completion",
        metavar="[bash|zsh|fish]",
        is_flag=False,
        flag_value=_DETECT,
        expose_value=False,
        is_eager=True,
        callback=_install,
        shell_complete=one_of(*SHELLS),
        help="Let the tab key complete jobdeck, in your shell or that which is named.",
    ),
    click.option(
        "--man",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_show_manual,
        help="Write the manual page: jobdeck --man | man -l -",
    ),
    click.version_option(__version__, prog_name="jobdeck", message="%(prog)s %(version)s", help="Show the version."),
)
