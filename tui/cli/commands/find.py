"""`jobdeck find`: lists the jobs that match and writes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from tui.cli.build import Target, opened_api
from tui.cli.completion_values import job_types, one_of
from tui.cli.options import api_options, chosen, number_of, one_text, some_text, time_of
from tui.cli.output import is_terminal, warn
from tui.cli.script_options import FORMATS, columns_options, layout_of, output_option
from tui.core.errors import ConfigError

if TYPE_CHECKING:
    from tui.cli.exit_codes import Exit
    from tui.scripts.find import FindResult, Search


HELP = """List the jobs that match, newest first, and exit.

Without --file, jobdeck requests one list. It applies --status, --since and types that the server cannot filter to
that list, so a higher --limit may find more jobs. With --file, jobdeck looks for all jobs of the file; the exit code is
3 if the list may be incomplete. If no job matches, the exit code is 0. With --exit-status it is 1 if a job matches.

\b
Examples:
  jobdeck find --file inv.csv
  jobdeck find --file 'KIBO_REFRESH_*' --newest
  jobdeck find --status FAILED --since 2h --limit 1000
  jobdeck find --location W01 -o id | xargs -r jobdeck wait
  jobdeck find --status FAILED --since 1d --exit-status || alert
"""


@click.command("find", help=HELP)
@click.option(
    "--location", callback=one_text, metavar="CODE", multiple=True, help="Jobs of this location; the exact code."
)
@click.option(
    "--type",
    "types",
    callback=some_text,
    metavar="TYPE",
    multiple=True,
    shell_complete=job_types,
    help="Jobs of this type, such as REFRESH; may be repeated.",
)
@click.option(
    "--file",
    callback=one_text,
    metavar="NAME",
    multiple=True,
    help="Jobs of this uploaded file, or of files such as 'INV_*'. Only beside * or ? is [...] a set of characters.",
)
@click.option(
    "--newest", "is_newest", is_flag=True, help="With --file: only the newest upload that matches the pattern."
)
@click.option("--owner", callback=one_text, metavar="NAME", multiple=True, help="Jobs of this owner.")
@click.option(
    "--limit", callback=number_of(1, 100_000), metavar="N", help="Length of the requested list; default about 100."
)
@click.option(
    "--status",
    "statuses",
    callback=some_text,
    metavar="STATUS",
    multiple=True,
    shell_complete=one_of("PENDING", "WORKING", "SUCCESS", "FAILED"),
    help="Jobs with this status, such as FAILED; may be repeated.",
)
@click.option("--since", callback=time_of, metavar="TIME", help="Jobs added since, such as 2h or 2026-11-23T09:30:00Z.")
@output_option(FORMATS, "table", "Output format; default table.")
@columns_options
@click.option("--exit-status", is_flag=True, help="Exit with 1 if a job matches, with 0 if none does.")
@api_options
@click.pass_context
def command(context: click.Context, /, output: str, exit_status: bool, **_: object) -> int:
    """Find the jobs, write them, and return the exit code."""
    options = chosen(context)
    target, search, layout = Target.of(options), _search(context), layout_of(context)

    from tui.cli.exit_codes import gravest  # noqa: PLC0415
    from tui.cli.result_output import write_readings  # noqa: PLC0415  # heavy: cell widths
    from tui.cli.signals import run  # noqa: PLC0415  # heavy: asyncio
    from tui.scripts.columns import check_fields  # noqa: PLC0415  # heavy: the monitor
    from tui.scripts.find import incomplete_notes, unknown_notes  # noqa: PLC0415

    found = run(find_jobs(target, search))
    check_fields(layout.columns or (), found.readings)
    write_readings(found.readings, output, options, layout)
    for note in unknown_notes(search, found):
        warn(note)
    for note in incomplete_notes(search, found):
        warn(note)
    if not found.readings and output in {"table", "text", "markdown"} and is_terminal():
        warn("no job matches")
    return gravest(_codes(search, found, exit_status=exit_status))


def _codes(search: Search, found: FindResult, *, exit_status: bool) -> Iterator[Exit]:
    """Yield the exit codes that the result causes: jobs were found, or the list may be incomplete."""
    from tui.cli.exit_codes import Exit  # noqa: PLC0415  # heavy: the monitor
    from tui.domain.watched_list import Extent  # noqa: PLC0415

    if exit_status and found.readings:
        yield Exit.FAILED
    is_doubtful = not found.readings and (found.withheld > 0 or (exit_status and found.may_lack_jobs))
    if is_doubtful or (search.must_be_whole and found.extent is not Extent.COMPLETE):
        yield Exit.UNPROVEN


def _search(context: click.Context) -> Search:
    from tui.scripts.find import Search  # noqa: PLC0415  # heavy: the monitor

    params = context.params
    if params["is_newest"] and params["file"] is None:
        raise ConfigError("--newest applies only to uploads", "give --file with it, such as --file 'KIBO_REFRESH_*'")
    return Search(
        location=params["location"],
        types=tuple(kind.upper() for kind in params["types"]),
        file=params["file"],
        owner=params["owner"],
        limit=params["limit"],
        statuses=tuple(status.upper() for status in params["statuses"]),
        since=params["since"],
        is_newest=params["is_newest"],
    )


async def find_jobs(target: Target, search: Search) -> FindResult:
    """Return the jobs that match. Raises the errors of `find`."""
    from tui.core.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio
    from tui.scripts.find import find  # noqa: PLC0415

    clock = SystemClock()
    async with opened_api(target, target.tokens(clock), clock) as api:
        return await find(api.client, clock, search, gate=api.gate)
