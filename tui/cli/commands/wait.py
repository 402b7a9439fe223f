"""`jobdeck wait`: waits until every job has ended, then writes the result."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from tui.cli.build import Target
from tui.cli.completion_values import jobs_seen
from tui.cli.exit_codes import Exit
from tui.cli.job_arguments import read_jobs
from tui.cli.options import Chosen, api_options, chosen
from tui.cli.output import has_colour, wants_lines, write
from tui.cli.script_options import (
    FORMATS,
    bom_option,
    check_named,
    following_options,
    layout_of,
    output_option,
    plan_of,
)

if TYPE_CHECKING:
    from tui.cli.follow import Show
    from tui.scripts.formats import Layout
    from tui.scripts.read_once import ReadResult
    from tui.scripts.watch import Event, Watching


HELP = """Wait until every JOB has ended, then print the result.

The exit code is 0 if every job is SUCCESS, 1 if one is FAILED or ended with an unknown status, 5 if one does not
exist, 124 after --timeout. Ctrl-C prints the current state.

With --file, the table and plain lines show failed jobs and the totals. With --all, and in json, jsonl, csv, markdown,
text and id, they show every job.

\b
Examples:
  jobdeck wait 884213 && ./next-step
  jobdeck wait --file inv.csv --timeout 30m -o json > result.json
  jobdeck wait 884213-884220 --fail-fast --wait-for-start 60s
  curl -s "$REFRESH_URL" --json @stock.json | jobdeck wait -
"""


@click.command("wait", help=HELP)
@click.argument("jobs", nargs=-1, shell_complete=jobs_seen, metavar="[JOB]...")
@following_options
@output_option(
    FORMATS, None, "Output format; default table, or a plain line per job if the output is not a terminal or CI is set."
)
@click.option("--all", "is_all", is_flag=True, help="With --file: print a row for every job, not only for failed ones.")
@bom_option
@api_options
@click.pass_context
def command(context: click.Context, /, jobs: tuple[str, ...], output: str | None, is_all: bool, **_: object) -> int:
    """Wait, and return the exit code."""
    check_named(context)
    options, plan, layout = chosen(context), plan_of(context), layout_of(context)
    given, target = read_jobs(jobs), Target.of(options)
    if not (given.job_ids or plan.has_files):
        from tui.cli.result_output import write_no_jobs  # noqa: PLC0415  # heavy: the monitor

        write_no_jobs(output)
        return Exit.DONE

    from tui.cli.follow import follow  # noqa: PLC0415  # heavy: the monitor

    is_summary = plan.has_files and not is_all and output in {None, "table"}
    return given.exit_with(
        follow(target, plan, given.job_ids, _shown_result(output, options, layout, is_summary=is_summary))
    )


def _shown_result(output: str | None, options: Chosen, layout: Layout, *, is_summary: bool) -> Show:
    """Return a function that prints the result after the last event.

    Args:
        output: The output format; None means a table or plain lines.
        options: The shared options.
        layout: The layout of CSV.
        is_summary: Whether to print only failed jobs and the totals: a file may have thousands of jobs.
    """
    from tui.cli.follow import end_notes  # noqa: PLC0415  # heavy: the monitor
    from tui.cli.result_output import write_readings  # noqa: PLC0415
    from tui.scripts.formats import (  # noqa: PLC0415
        counts_line,
        job_lines,
    )
    from tui.scripts.json_output import event_as_jsonl  # noqa: PLC0415
    from tui.scripts.stderr_messages import is_mentioned, problems  # noqa: PLC0415

    colour = has_colour(os.environ, is_refused=options.is_on("no_color"))

    def show(event: Event, watching: Watching) -> tuple[str, ...]:
        if watching.outcome is None:
            return ()
        readings, failed = watching.readings(), watching.failed
        if output is None and wants_lines(os.environ):
            write(
                job_lines((job for job in watching.jobs() if not is_summary or job.job_id in failed), has_colour=colour)
            )
        else:
            shown = tuple(reading for reading in readings if not is_summary or reading.job_id in failed)
            write_readings(shown, output or "table", options, layout)
        if is_summary and readings:
            write(f"{counts_line(watching.snapshot.watchlist)}\n")
        if output == "jsonl":
            write(event_as_jsonl(event))
        is_reported = is_mentioned(watching.snapshot.link.error, readings)
        notes = problems(
            readings, is_shown=lambda reading: _is_shown(reading) and (not is_summary or reading.job_id in failed)
        )
        return (*notes, *end_notes(watching, is_reported=is_reported))

    def _is_shown(reading: ReadResult) -> bool:
        return output == "text" or (reading.job is None and output is None and wants_lines(os.environ))

    return show
