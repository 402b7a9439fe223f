"""`jobdeck get`: reads each job once and writes the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.build import Target, opened_api
from tui.cli.completion_values import jobs_seen
from tui.cli.exit_codes import exit_after
from tui.cli.job_arguments import read_jobs
from tui.cli.options import api_options, chosen
from tui.cli.output import warn
from tui.cli.script_options import FORMATS, columns_options, layout_of, output_option
from tui.core.errors import ConfigError

if TYPE_CHECKING:
    from tui.scripts.read_once import ReadResult


HELP = """Read each JOB once and exit.

JOB is an id 884213, a list 884213,884214, a range 884213-884220, a URL with /queue/884213, or @FILE or - (standard
input) with ids, an API response, a log or a table. Ctrl-C prints the jobs read so far.

\b
Examples:
  jobdeck get 884213
  jobdeck get 884213-884220 -o json
  jobdeck get 884213 -o text              every field, causes, all messages
  jobdeck get @jobs.txt -o csv --bom > jobs.csv
  jobdeck get 884213-884220 --columns jobID,status,runSeconds --no-headers
"""


@click.command("get", help=HELP)
@click.argument("jobs", nargs=-1, shell_complete=jobs_seen, metavar="JOB...")
@output_option(FORMATS, "table", "Output format; default table.")
@columns_options
@api_options
@click.pass_context
def command(context: click.Context, /, jobs: tuple[str, ...], output: str, **_: object) -> int:
    """Read the jobs, write them, and return the exit code."""
    if not jobs:
        raise ConfigError("no JOB given", "give an id such as `jobdeck get 884213`")
    options = chosen(context)
    given = read_jobs(jobs)
    target, layout = Target.of(options), layout_of(context)

    from tui.cli.result_output import write_readings  # noqa: PLC0415  # heavy: cell widths
    from tui.cli.signals import run  # noqa: PLC0415  # heavy: asyncio
    from tui.presentation.messages import skipped_note  # noqa: PLC0415  # get alone needs it
    from tui.scripts.columns import check_fields  # noqa: PLC0415  # heavy: the monitor
    from tui.scripts.stderr_messages import problems  # noqa: PLC0415

    readings, ended_by, skipped = run(read_each(target, given.job_ids)) if given.job_ids else ((), 0, 0)
    if readings and not ended_by:
        check_fields(layout.columns or (), readings)
    write_readings(readings, output, options, layout)
    for problem in problems(readings, is_shown=lambda _: output == "text"):
        warn(problem)
    if skipped:
        warn(skipped_note(skipped))
    return ended_by or given.exit_with(exit_after(reading.error for reading in readings if reading.error))


async def read_each(target: Target, job_ids: Sequence[int]) -> tuple[tuple[ReadResult, ...], int, int]:
    """Return the readings, the exit code of a signal (0 if there was none), and the number of list elements that were
    not jobs.
    """
    from tui.cli.signals import until_signalled  # noqa: PLC0415  # heavy: asyncio
    from tui.core.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio
    from tui.scripts.read_once import ReadResults  # noqa: PLC0415  # heavy: the client's models

    clock = SystemClock()
    async with opened_api(target, target.tokens(clock), clock) as api:
        readings = ReadResults(api.client, clock, gate=api.gate)
        try:
            return await until_signalled(readings.of(job_ids)), 0, readings.skipped
        except click.exceptions.Exit as signalled:
            return readings.so_far(job_ids), signalled.exit_code, readings.skipped
