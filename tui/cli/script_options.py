"""The options that `get`, `watch`, `wait` and `find` share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.cli.completion_values import columns
from tui.cli.options import OneOf, seconds_of, some_text, time_of
from tui.core.errors import ConfigError
from tui.core.text import one_line

if TYPE_CHECKING:
    from tui.scripts.formats import Layout
    from tui.scripts.wait_state import Plan


F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("table", "json", "jsonl", "csv", "markdown", "text", "id")

_WITH_COLUMNS = ("table", "csv", "markdown")

FILE_START_S = 60.0
"""Default of --wait-for-start for a file, in seconds."""

SETTLE_S = 30.0
"""Default of --settle, in seconds."""

SCHEMA_HELP = "JSON follows tui/scripts/schema.json of the package."


_FOLLOWING = (
    click.option("--any", "is_any", is_flag=True, help="Exit after the first job has ended."),
    click.option(
        "--file",
        callback=some_text,
        metavar="NAME",
        help="All jobs of this uploaded file, including later ones; a pattern such as 'INV_*' needs --newest or --since. "
        "Only beside * or ? is [...] a set of characters.",
    ),
    click.option(
        "--newest", "is_newest", is_flag=True, help="With --file: the newest upload that matches the pattern."
    ),
    click.option(
        "--since",
        callback=time_of,
        metavar="TIME",
        help="With --file: only uploads and jobs added since, such as 2h.",
    ),
    click.option(
        "--timeout",
        callback=seconds_of,
        metavar="DURATION",
        help="Exit with code 124 after this time, such as 30m; 0 polls once.",
    ),
    click.option("--fail-fast", is_flag=True, help="Exit as soon as a job is FAILED."),
    click.option(
        "--wait-for-start",
        callback=seconds_of,
        metavar="DURATION",
        help="How long to wait for jobs or a file that do not exist yet; default 30s, with --file 60s.",
    ),
    click.option(
        "--settle",
        callback=seconds_of,
        metavar="DURATION",
        help="With --file: the file is complete after this time without a new job; default 30s.",
    ),
)


_COLUMNS = (
    click.option(
        "--columns",
        metavar="NAME,NAME",
        shell_complete=columns,
        help="Columns of table, csv and markdown, in this order: names from CSV or JSON, or headings of the table.",
    ),
    click.option("--no-headers", is_flag=True, help="Omit the header line in table, csv and markdown."),
)


def output_option(formats: Sequence[str], default: str | None, help_text: str) -> Callable[[F], F]:
    """Add the option `-o` to a command."""
    return click.option("-o", "--output", type=OneOf(formats), default=default, help=f"{help_text} {SCHEMA_HELP}")


def columns_options(command: F) -> F:
    """Add the options for table columns to a command; read them with `layout_of`."""
    for option in reversed(_COLUMNS):
        command = option(command)
    return bom_option(command)


def bom_option(command: F) -> F:
    """Add the option `--bom` to a command; read it with `layout_of`."""
    return click.option(
        "--bom", is_flag=True, help="Start CSV with a byte order mark, so that Excel reads it as UTF-8."
    )(command)


def layout_of(context: click.Context) -> Layout:
    """Return the layout of tables and CSV that the options select.

    Raises:
        ConfigError: An option does not apply to the output format, or names an unknown column.
    """
    from tui.scripts.columns import columns_of  # noqa: PLC0415  # heavy: the monitor
    from tui.scripts.formats import Layout  # noqa: PLC0415  # heavy: cell widths

    params, output = context.params, context.params["output"]
    if params["bom"] and output != "csv":
        raise ConfigError("--bom applies only to CSV", "give -o csv with it, or leave it out")
    names = params.get("columns")
    if names is not None and output not in _WITH_COLUMNS:
        raise ConfigError(
            f"--columns applies to {', '.join(_WITH_COLUMNS[:-1])} and {_WITH_COLUMNS[-1]}, not {output}",
            "leave it out",
        )
    return Layout(
        columns=None if names is None else columns_of(names),
        has_headers=not params.get("no_headers", False),
        has_bom=params["bom"],
    )


def following_options(command: F) -> F:
    """Add the options for what to wait for to a command; read them with `plan_of`."""
    for option in reversed(_FOLLOWING):
        command = option(command)
    return command


def plan_of(context: click.Context) -> Plan:
    """Return what to wait for, as the options define it."""
    from tui.core.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio
    from tui.domain.selection import is_pattern  # noqa: PLC0415
    from tui.scripts.wait_state import Plan  # noqa: PLC0415  # heavy: the monitor

    params = context.params
    file, start_s, since = params["file"], params["wait_for_start"], params["since"]
    has_pattern = file is not None and is_pattern(file)
    plan = Plan(
        files=() if file is None or has_pattern else (file,),
        pattern=file if has_pattern else None,
        is_newest=params["is_newest"],
        since=SystemClock().now() - since if isinstance(since, timedelta) else since,
        is_any=params["is_any"],
        is_fail_fast=params["fail_fast"],
        timeout_s=params["timeout"],
        is_start_given=start_s is not None,
        start_s=start_s if start_s is not None else 0.0 if file is None else FILE_START_S,
        settle_s=SETTLE_S if params["settle"] is None else params["settle"],
    )
    if params["timeout"] == 0:
        return replace(plan, is_start_given=True, start_s=0.0, settle_s=0.0)
    return plan


def check_named(context: click.Context) -> None:
    """Check that the arguments name something to watch.

    Raises:
        ConfigError: There is neither a job nor a file, an option needs a file, or a pattern may match any number of
            uploads.
    """
    jobs, file = context.params["jobs"], context.params["file"]
    if file is None and (context.params["is_newest"] or context.params["since"] is not None):
        option = "--newest" if context.params["is_newest"] else "--since"
        raise ConfigError(f"{option} applies only to uploads", "give --file with it, such as --file 'KIBO_REFRESH_*'")
    if (
        file is not None
        and ("*" in file or "?" in file)
        and not context.params["is_newest"]
        and context.params["since"] is None
    ):
        raise ConfigError(
            f"--file '{one_line(file)[:60]}' is a pattern and may match many uploads",
            "give --newest for the newest, or --since 2h for newer ones",
        )
    if file is None and context.params["settle"] is not None:
        raise ConfigError("--settle applies only to a file", "give --file NAME with it, or leave it out")
    if not jobs and file is None:
        raise ConfigError("no JOB given", f"give an id such as `jobdeck {context.info_name} 884213`, or --file NAME")
