"""`jobdeck wait`: silent until every job has ended, then the result. Reads its options and writes what came."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from tui.cli.building import Target
from tui.cli.completing import jobs_seen
from tui.cli.jobs import read_jobs
from tui.cli.options import Chosen, api_options, chosen
from tui.cli.output import has_colour, wants_lines, write
from tui.cli.script_options import FORMATS, check_named, following_options, output_option, plan_of

if TYPE_CHECKING:
    from tui.cli.following import Show
    from tui.headless.events import Event
    from tui.headless.watching import Watching

HELP = """Wait until every JOB has ended, then print the result; the exit code tells.

It is 0 if every job is SUCCESS, 1 if one is FAILED, 5 if one does not exist, 124 after --timeout. Ctrl-C prints what is known.

\b
Examples:
  jobdeck wait 884213 && ./next-step
  jobdeck wait --file inv.csv --timeout 30m -o json > result.json
  jobdeck wait 884213-884220 --fail-fast --wait-for-start 60s
"""


@click.command("wait", help=HELP, short_help="Wait until every job has ended, then print the result.")
@click.argument("jobs", nargs=-1, shell_complete=jobs_seen, metavar="[JOB]...")
@following_options
@output_option(FORMATS, None, "Form of the result; table, or a plain line a job where that goes to no terminal or CI is set.")
@api_options
@click.pass_context
def command(context: click.Context, /, jobs: tuple[str, ...], output: str | None, **_: object) -> int:
    """Wait, and return the exit code."""
    check_named(context)
    options, plan = chosen(context), plan_of(context)
    job_ids, target = read_jobs(jobs), Target.of(options)

    from tui.cli.following import follow  # noqa: PLC0415  # heavy: the monitor

    return follow(target, plan, job_ids, _shown_result(output, options))


def _shown_result(output: str | None, options: Chosen) -> Show:
    """Return what prints nothing but the result."""
    from tui.cli.following import end_notes  # noqa: PLC0415  # heavy: the monitor
    from tui.cli.printing import write_readings  # noqa: PLC0415
    from tui.headless.lines import job_lines  # noqa: PLC0415
    from tui.headless.notes import is_told_of, problems  # noqa: PLC0415
    from tui.headless.records import event_as_jsonl  # noqa: PLC0415

    colour = has_colour(os.environ, is_refused=options.is_on("no_color"))

    def show(event: Event, watching: Watching) -> tuple[str, ...]:
        if watching.ending is None:
            return ()
        readings = watching.readings()
        if output is None and wants_lines(os.environ):
            write(job_lines(watching.jobs(), has_colour=colour))
        else:
            write_readings(readings, output or "table", options)
        if output == "jsonl":
            write(event_as_jsonl(event))
        is_told = is_told_of(watching.snapshot.link.error, readings)
        return (*problems(readings), *end_notes(watching, is_told=is_told))

    return show
