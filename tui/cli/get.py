"""`jobdeck get`: one reading of each job. Reads its options, has the jobs read, and writes what came."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.building import Target, opened_client
from tui.cli.completing import jobs_seen
from tui.cli.jobs import read_jobs
from tui.cli.options import Chosen, api_options, chosen
from tui.cli.output import has_colour, is_terminal, warn, write
from tui.errors import ConfigError
from tui.headless.exits import exit_after
from tui.jobids import written

if TYPE_CHECKING:
    from tui.headless.reading import Reading

FORMATS = ("table", "json", "jsonl", "csv", "markdown", "id")

HELP = """Read each JOB once and end.

JOB is an id 884213, a list 884213,884214, a range 884213-884220, a URL with /queue/884213, @FILE with ids in it, or - for
standard input.

\b
Examples:
  jobdeck get 884213
  jobdeck get 884213-884220 -o json
  jobdeck get @jobs.txt -o csv > jobs.csv
"""


@click.command("get", help=HELP, short_help="Read each job once and end.")
@click.argument("jobs", nargs=-1, shell_complete=jobs_seen, metavar="JOB...")
@click.option("-o", "--output", type=click.Choice(FORMATS), default="table", help="Form of the output; table.")
@api_options
@click.pass_context
def command(context: click.Context, /, jobs: tuple[str, ...], output: str, **_: object) -> int:
    """Read, write, and return the exit code."""
    import asyncio  # noqa: PLC0415  # heavy: half of what --help may take

    if not jobs:
        raise ConfigError("no JOB given; give an id such as `jobdeck get 884213`")
    options = chosen(context)
    job_ids = read_jobs(jobs)
    target = Target.of(options)
    readings = asyncio.run(_read(target, job_ids))
    write(_formatted(readings, output, options))
    for problem in problems(readings):
        warn(problem)
    return exit_after(reading.error for reading in readings if reading.error)


async def _read(target: Target, job_ids: Sequence[int]) -> tuple[Reading, ...]:
    from tui.cli.demo import budget_for  # noqa: PLC0415  # heavy: the monitor
    from tui.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio
    from tui.headless.reading import Readings  # noqa: PLC0415  # heavy: the client's models

    clock = SystemClock()
    async with opened_client(target, target.tokens(clock), clock) as client:
        return await Readings(client, clock, budget=budget_for(target.settings)).of(job_ids)


def _formatted(readings: Iterable[Reading], output: str, options: Chosen) -> str:
    from tui.headless import records, tables  # noqa: PLC0415  # heavy: cell widths

    plain_forms = {
        "json": records.as_json,
        "jsonl": records.as_jsonl,
        "csv": tables.as_csv,
        "markdown": tables.as_markdown,
        "id": tables.as_ids,
    }
    if output in plain_forms:
        return plain_forms[output](readings)
    width = shutil.get_terminal_size().columns if is_terminal() else None
    return tables.as_table(readings, has_colour=has_colour(os.environ, is_refused=options.is_on("no_color")), width=width)


def problems(readings: Iterable[Reading]) -> tuple[str, ...]:
    """Return a line for each error, with all the jobs that it kept from being read."""
    job_ids: dict[str, list[int]] = {}
    for reading in readings:
        if reading.error:
            job_ids.setdefault(str(reading.error), []).append(reading.job_id)
    return tuple(f"{written(concerned)}: {message}" for message, concerned in job_ids.items())
