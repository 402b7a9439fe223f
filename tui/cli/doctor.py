"""`jobdeck doctor`: looks at everything that may keep jobdeck from working. Reads its options and writes what the checks find."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

import click

from tui.cli.options import Chosen, api_options, chosen
from tui.cli.output import encoding, has_colour, is_terminal, is_utf8, warn, write
from tui.cli.places import state_folder
from tui.cli.values import OneOf
from tui.core.clock import SystemClock

if TYPE_CHECKING:  # the checks stand on httpx and pydantic, which --help does not need
    from tui.cli.building import Target
    from tui.doctor.checks import Check
    from tui.doctor.report import Style

HELP = """Check configuration, network, token and terminal, and say what to do about what is wrong.

One real call asks the API for its list of jobs. A wrong setting that has nothing to do with the API is left at its default, so that the
rest is looked at too. The exit code is 0 unless a check failed: 2 for a wrong setting, 4 for a token that does not open the door, 3 for
an API that cannot be reached or keeps failing; the first of these in this order.

\b
Examples:
  jobdeck doctor
  jobdeck doctor --profile prod -o json
  jobdeck doctor --demo --test-clipboard --test-notification
"""


@click.command("doctor", help=HELP, short_help="Check configuration, network, token and terminal.")
@click.option("-o", "--output", type=OneOf(("table", "json")), default="table", help="Form of the output; table.")
@click.option("--test-clipboard", is_flag=True, help="Replace the clipboard's content through the terminal, and ask what came of it.")
@click.option("--test-notification", is_flag=True, help="Send a notification through the terminal, and ask what came of it.")
@api_options
@click.pass_context
def command(context: click.Context, /, *, output: str, test_clipboard: bool, test_notification: bool, **_: object) -> int:
    """Make the checks, tell each as it ends, and return the exit code."""
    from tui.cli.loop import run  # noqa: PLC0415  # heavy: asyncio
    from tui.doctor.checks import exit_code  # noqa: PLC0415  # heavy: the client
    from tui.doctor.report import as_json  # noqa: PLC0415

    clock, options, found = SystemClock(), chosen(context), _Found(None if output == "json" else _style(chosen(context)))
    run(_look(options, clock, found))
    for check in _tries(clock, has_clipboard=test_clipboard, has_notification=test_notification):
        found.tell(check)
    code = exit_code(found.checks)
    if output == "json":
        write(as_json(found.checks, at=clock.now(), code=code))
    return code


class _Found:
    """Keeps the checks, and writes each at once if there is a style to write it in."""

    def __init__(self, style: Style | None) -> None:
        self.checks: list[Check] = []
        self._style = style

    def tell(self, check: Check) -> None:
        from tui.doctor.report import as_lines  # noqa: PLC0415

        self.checks.append(check)
        if self._style is not None:
            write(as_lines(check, self._style))


async def _look(options: Chosen, clock: SystemClock, found: _Found) -> None:
    from tui.cli.configured import look_at_configuration  # noqa: PLC0415
    from tui.doctor.checks import skipped  # noqa: PLC0415
    from tui.doctor.files import look_at_state  # noqa: PLC0415
    from tui.doctor.network import NAMES  # noqa: PLC0415
    from tui.doctor.terminal import (  # noqa: PLC0415
        surroundings,
        terminal_checks,
    )

    configured, target = look_at_configuration(options, os.environ)
    for check in configured:
        found.tell(check)
    if target is None:
        for name in NAMES:
            found.tell(skipped(name, "not looked at, because the configuration cannot be used"))
    else:
        await _look_at_network(target, clock, found)
    found.tell(look_at_state(state_folder(), is_demo=target is not None and target.settings.is_demo))
    streams = {"input": sys.stdin, "output": sys.stdout, "error": sys.stderr}
    around = await surroundings(streams, os.environ, encoding=encoding())
    refused, is_ascii = options.is_on("no_color"), bool(target and target.settings.is_ascii)
    for check in terminal_checks(around, os.environ, is_ascii=is_ascii, is_colour_refused=refused):
        found.tell(check)


async def _look_at_network(target: Target, clock: SystemClock, found: _Found) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from tui.api.client import JobClient  # noqa: PLC0415
    from tui.cli.building import opened_client, served  # noqa: PLC0415
    from tui.doctor.network import Subject, look_at_network  # noqa: PLC0415
    from tui.settings import Settings  # noqa: PLC0415

    async with served(target, clock) as settings:
        tokens = target.tokens(clock)

        def opened(told: Settings) -> AbstractAsyncContextManager[JobClient]:
            return opened_client(replace(target, settings=told, is_embedded=False), tokens, clock, tell=_warn_of_log)

        subject = Subject(settings, tokens, opened, clock, os.environ)
        try:
            await look_at_network(subject, found.tell)
        finally:
            await tokens.aclose()


def _warn_of_log(line: str) -> None:
    """Say what no check says: that the log cannot be written any more."""
    if not line.startswith("note: "):
        warn(line)


def _tries(clock: SystemClock, *, has_clipboard: bool, has_notification: bool) -> Iterator[Check]:
    from tui.cli.trying import try_out  # noqa: PLC0415
    from tui.core.terminal import copying, multiplexer, notification  # noqa: PLC0415

    within, text = multiplexer(os.environ), f"jobdeck doctor {clock.now():%H:%M:%SZ}"
    if has_clipboard:
        yield try_out(
            "clipboard",
            sequence=copying(text, within),
            question=f"Paste into another window: does it say '{text}'?",
            remedy="allow OSC 52 (clipboard access) in the terminal, and see the remedies above; files work everywhere",
        )
    if has_notification:
        yield try_out(
            "notification",
            sequence=notification(text, within),
            question="Did a notification or a bell come?",
            remedy="allow notifications (OSC 9) or the bell in the terminal, and see the remedies above",
        )


def _style(options: Chosen) -> Style:
    from tui.doctor.report import Style  # noqa: PLC0415

    if not is_terminal():
        return Style(has_colour=has_colour(os.environ, is_refused=options.is_on("no_color")))
    return Style(
        width=shutil.get_terminal_size().columns,
        has_signs=True,
        is_ascii=options.is_on("ascii") or not is_utf8(),
        has_colour=has_colour(os.environ, is_refused=options.is_on("no_color")),
    )
