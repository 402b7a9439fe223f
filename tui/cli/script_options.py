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

"""How long a file of which no job exists yet is waited for, unless told otherwise."""

SETTLE_S = 30.0

"""How long no new job of a file may have come before it counts as complete, unless told otherwise."""

SCHEMA_HELP = "Objects follow the JSON Schema tui/scripts/schema.json of the package."


_FOLLOWING = (
    click.option("--any", "is_any", is_flag=True, help="End when the first job has ended."),
    click.option(
        "--file",
        callback=some_text,
        metavar="NAME",
        help="All jobs of this uploaded file, late ones included; a pattern such as 'INV_*' needs --newest or --since.",
    ),
    click.option("--newest", "is_newest", is_flag=True, help="With --file: the newest upload that the pattern names."),
    click.option(
        "--since",
        callback=time_of,
        metavar="TIME",
        help="With --file: uploads and jobs added since, such as 2h; older ones do not count.",
    ),
    click.option(
        "--timeout",
        callback=seconds_of,
        metavar="DURATION",
        help="Give up after this time, such as 30m, with code 124; 0 looks once.",
    ),
    click.option("--fail-fast", is_flag=True, help="End at once when a job is FAILED."),
    click.option(
        "--wait-for-start",
        callback=seconds_of,
        metavar="DURATION",
        help="How long jobs, or the file, that do not exist yet are waited for; 30s, with --file 60s.",
    ),
    click.option(
        "--settle",
        callback=seconds_of,
        metavar="DURATION",
        help="With --file: how long no new job may have come before the file counts as complete; 30s.",
    ),
)


_COLUMNS = (
    click.option(
        "--columns",
        metavar="NAME,NAME",
        shell_complete=columns,
        help="Columns of table, csv and markdown in this order: names of the CSV or JSON, or headings of the table.",
    ),
    click.option("--no-headers", is_flag=True, help="Leave the line of headings out of table, csv and markdown."),
)


def output_option(formats: Sequence[str], default: str | None, help_text: str) -> Callable[[F], F]:
    """Give a command the option `-o`."""
    return click.option("-o", "--output", type=OneOf(formats), default=default, help=f"{help_text} {SCHEMA_HELP}")


def columns_options(command: F) -> F:
    """Give a command the options that say what stands in a table; they are read with `layout_of`."""
    for option in reversed(_COLUMNS):
        command = option(command)
    return bom_option(command)


def bom_option(command: F) -> F:
    """Give a command the option that has Excel know its CSV as UTF-8; it is read with `layout_of`."""
    return click.option(
        "--bom", is_flag=True, help="Begin CSV with a byte order mark, so that Excel takes it for UTF-8."
    )(command)


def layout_of(context: click.Context) -> Layout:
    """Return what the options of a command say of tables and CSV.

    Raises:
        ConfigError: They are about another form than that which is asked for, or name an unknown column.
    """
    from tui.scripts.columns import columns_of  # noqa: PLC0415  # heavy: the monitor
    from tui.scripts.formats import Layout  # noqa: PLC0415  # heavy: cell widths

    told, output = context.params, context.params["output"]
    if told["bom"] and output != "csv":
        raise ConfigError("--bom is about CSV", "give -o csv with it, or leave it out")
    names = told.get("columns")
    if names is not None and output not in _WITH_COLUMNS:
        raise ConfigError(
            f"--columns is about {', '.join(_WITH_COLUMNS[:-1])} and {_WITH_COLUMNS[-1]}, not {output}", "leave it out"
        )
    return Layout(
        columns=None if names is None else columns_of(names),
        has_headers=not told.get("no_headers", False),
        has_bom=told["bom"],
    )


def following_options(command: F) -> F:
    """Give a command the options that say what is waited for."""
    for option in reversed(_FOLLOWING):
        command = option(command)
    return command


def plan_of(context: click.Context) -> Plan:
    """Return what the options of a command say is waited for."""
    from tui.core.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio
    from tui.domain.selection import is_pattern  # noqa: PLC0415
    from tui.scripts.wait_state import Plan  # noqa: PLC0415  # heavy: the monitor

    told = context.params
    file, start_s, since = told["file"], told["wait_for_start"], told["since"]
    has_pattern = file is not None and is_pattern(file)
    plan = Plan(
        files=() if file is None or has_pattern else (file,),
        pattern=file if has_pattern else None,
        is_newest=told["is_newest"],
        since=SystemClock().now() - since if isinstance(since, timedelta) else since,
        is_any=told["is_any"],
        is_fail_fast=told["fail_fast"],
        timeout_s=told["timeout"],
        is_start_told=start_s is not None,
        start_s=start_s if start_s is not None else 0.0 if file is None else FILE_START_S,
        settle_s=SETTLE_S if told["settle"] is None else told["settle"],
    )
    if told["timeout"] == 0:
        return replace(plan, is_start_told=True, start_s=0.0, settle_s=0.0)
    return plan


def check_named(context: click.Context) -> None:
    """Make sure that something to follow was named.

    Raises:
        ConfigError: Neither a job nor a file, an option that needs a file without one, or a pattern that may name any
            number of uploads.
    """
    jobs, file = context.params["jobs"], context.params["file"]
    if file is None and (context.params["is_newest"] or context.params["since"] is not None):
        option = "--newest" if context.params["is_newest"] else "--since"
        raise ConfigError(f"{option} is about uploads", "give --file with it, such as --file 'KIBO_REFRESH_*'")
    if (
        file is not None
        and ("*" in file or "?" in file)
        and not context.params["is_newest"]
        and context.params["since"] is None
    ):
        raise ConfigError(
            f"--file '{one_line(file)[:60]}' is a pattern and may name many uploads",
            "give --newest for the newest, or --since 2h for those since then",
        )
    if file is None and context.params["settle"] is not None:
        raise ConfigError("--settle is about late jobs of a file", "give --file NAME with it, or leave it out")
    if not jobs and file is None:
        raise ConfigError("no JOB given", f"give an id such as `jobdeck {context.info_name} 884213`, or --file NAME")
