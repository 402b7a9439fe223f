"""`jobdeck doctor`: checks everything that jobdeck needs to work."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tui.api.tls import open_key
from tui.cli.build import Target
from tui.cli.exit_codes import exit_after_checks
from tui.cli.options import Chosen, OneOf, api_options, chosen
from tui.cli.output import encoding, has_colour, is_terminal, is_utf8, warn, write
from tui.cli.settings_file import chosen_profile, config_path, is_there, read_config
from tui.cli.user_folders import state_folder
from tui.core.clock import SystemClock
from tui.core.errors import ConfigError
from tui.doctor.checks import Check, configuration, failed, ok, skipped, warning
from tui.history.logs import logging_to
from tui.settings.profiles import ConfigFile
from tui.settings.resolve import Settings, resolve, without, wrong_optional_settings
from tui.settings.schema import from_options_and_env
from tui.settings.values import SettingValue

if TYPE_CHECKING:  # the checks stand on httpx and pydantic, which --help does not need
    from tui.api.client import JobClient
    from tui.api.failures import OnStep
    from tui.cli.build import Target
    from tui.doctor.checks import Check
    from tui.doctor.report import Style


def check_configuration(options: Chosen, environ: Mapping[str, str]) -> tuple[tuple[Check, ...], Target | None]:
    """Return the checks of the configuration, and its API; None if the configuration is invalid.

    An invalid setting that does not concern the API keeps its default, so that the other checks can run.
    """
    wrong: list[ConfigError] = []
    try:
        settings = _usable(options, environ, wrong)
        file = config_path()
        problems = () if settings.is_demo else tuple(_problems(read_config(file), settings.profile))
    except ConfigError as error:
        return tuple(failed("configuration", each) for each in (*wrong, error)), None
    checks = tuple(failed("configuration", each) for each in wrong)
    found = configuration(
        settings, file, has_file=is_there(file), problems=problems, environ=environ, open_key=open_key(settings)
    )
    return checks or (found,), Target(settings, is_embedded=settings.is_demo)


def _usable(options: Chosen, environ: Mapping[str, str], wrong: list[ConfigError]) -> Settings:
    """Return the settings without invalid optional ones, and append the errors of these to `wrong`."""
    without_profile = (options.values, environ, None)
    usable, around, _ = without(dict(wrong_optional_settings(without_profile)), without_profile)
    sources = (options.values, environ, chosen_profile(from_options_and_env(usable, around)))
    left_out = dict(wrong_optional_settings(sources))
    wrong += left_out.values()
    settings = resolve(*without(left_out, sources))
    try:
        with logging_to(settings.log_file, origin=settings.origin("log_file")):
            return settings
    except ConfigError as error:
        wrong.append(error)
        return replace(settings, log_file=None)


def _problems(file: ConfigFile, used: str | None) -> Iterator[ConfigError]:
    """Yield the errors of profiles other than the one in use."""
    for name in file.tables:
        try:
            file.profile(SettingValue("--profile", name)) if name != used else None
        except ConfigError as error:
            yield error


TERMINAL = "/dev/tty"
"""The controlling terminal, even if the streams are redirected."""

_LONGEST_ANSWER = 1024


def try_out(name: str, *, sequence: str, question: str, remedy: str) -> Check:
    """Send `sequence` to the terminal, ask the user whether it worked, and return the result.

    Args:
        name: The name of the check.
        sequence: The control sequence.
        question: A yes/no question in one line.
        remedy: What to do if the answer is no.
    """
    try:
        terminal = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return skipped(name, "not sent, because there is no terminal")
    try:
        os.write(terminal, f"{sequence}{question} [y/n] ".encode())
        answer = _answer(terminal)
    finally:
        os.close(terminal)
    if answer.startswith("y"):
        return ok(name, "sent; you answered that it worked")
    if answer.startswith("n"):
        return warning(name, "sent; you answered that it did not work", remedy)
    return skipped(name, "sent; no answer whether it worked")


def _answer(terminal: int) -> str:
    with suppress(OSError):  # the terminal has closed, or this process is in the background
        return os.read(terminal, _LONGEST_ANSWER).decode(errors="replace").strip().lower()
    return ""


HELP = """Check configuration, network, token and terminal, and show a remedy for each problem.

One request lists jobs of the API. An invalid setting that does not concern the API keeps its default, so that the
other checks run. The exit code is 0 if no check failed. Otherwise it is the first that applies: 2 for an invalid
setting, 4 for a rejected token, 3 if the API cannot be reached or keeps failing.

\b
Examples:
  jobdeck doctor
  jobdeck doctor --profile prod -o json
  jobdeck doctor --demo --test-clipboard --test-notification
"""


@click.command("doctor", help=HELP)
@click.option("-o", "--output", type=OneOf(("table", "json")), default="table", help="Output format; default table.")
@click.option(
    "--test-clipboard",
    is_flag=True,
    help="Copy a text to the clipboard through the terminal, and ask whether it worked.",
)
@click.option(
    "--test-notification", is_flag=True, help="Send a notification through the terminal, and ask whether it worked."
)
@api_options
@click.pass_context
def command(
    context: click.Context, /, *, output: str, test_clipboard: bool, test_notification: bool, **_: object
) -> int:
    """Run the checks, report each one, and return the exit code."""
    from tui.cli.signals import run  # noqa: PLC0415  # heavy: asyncio
    from tui.doctor.report import as_json  # noqa: PLC0415

    clock, options, found = (
        SystemClock(),
        chosen(context),
        _Found(None if output == "json" else _style(chosen(context))),
    )
    run(_look(options, clock, found))
    for check in _tries(clock, has_clipboard=test_clipboard, has_notification=test_notification):
        found.report(check)
    code = exit_after_checks(found.checks)
    if output == "json":
        write(as_json(found.checks, at=clock.now(), code=code))
    return code


class _Found:
    """Collects the checks, and writes each at once if a style is given."""

    def __init__(self, style: Style | None) -> None:
        self.checks: list[Check] = []
        self._style = style

    def report(self, check: Check) -> None:
        from tui.doctor.report import as_lines  # noqa: PLC0415

        self.checks.append(check)
        if self._style is not None:
            write(as_lines(check, self._style))


async def _look(options: Chosen, clock: SystemClock, found: _Found) -> None:
    from tui.doctor.checks import skipped  # noqa: PLC0415
    from tui.doctor.files import check_state  # noqa: PLC0415
    from tui.doctor.network import NAMES  # noqa: PLC0415
    from tui.doctor.terminal import (  # noqa: PLC0415
        surroundings,
        terminal_checks,
    )

    configured, target = check_configuration(options, os.environ)
    for check in configured:
        found.report(check)
    if target is None:
        for name in NAMES:
            found.report(skipped(name, "not checked, because the configuration is invalid"))
    else:
        await _look_at_network(target, clock, found)
    found.report(check_state(state_folder(), is_demo=target is not None and target.settings.is_demo))
    streams = {"input": sys.stdin, "output": sys.stdout, "error": sys.stderr}
    around = await surroundings(streams, os.environ, encoding=encoding())
    refused, is_ascii = options.is_on("no_color"), bool(target and target.settings.is_ascii)
    for check in terminal_checks(around, os.environ, is_ascii=is_ascii, is_colour_refused=refused):
        found.report(check)


async def _look_at_network(target: Target, clock: SystemClock, found: _Found) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from tui.cli.build import opened_api, served  # noqa: PLC0415
    from tui.doctor.network import Subject, check_network  # noqa: PLC0415

    async with served(target, clock) as settings:
        tokens = target.tokens(clock)

        @asynccontextmanager
        async def opened(usable: Settings, on_step: OnStep) -> AsyncIterator[JobClient]:
            usable_target = replace(target, settings=usable, is_embedded=False)
            async with opened_api(usable_target, tokens, clock, notify=_warn_of_log, on_step=on_step) as api:
                yield api.client

        subject = Subject(settings, tokens, opened, clock, os.environ)
        try:
            await check_network(subject, found.report)
        finally:
            await tokens.aclose()


def _warn_of_log(line: str) -> None:
    """Report warnings that no check covers: the log cannot be written any more."""
    if not line.startswith("note: "):
        warn(line)


def _tries(clock: SystemClock, *, has_clipboard: bool, has_notification: bool) -> Iterator[Check]:
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
            question="Did you get a notification or a bell?",
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
