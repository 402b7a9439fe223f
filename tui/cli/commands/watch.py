"""`jobdeck watch`: writes a line for each change until every job has ended."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from tui.cli.build import Target
from tui.cli.completion_values import jobs_seen
from tui.cli.exit_codes import Exit
from tui.cli.job_arguments import read_jobs
from tui.cli.options import api_options, chosen
from tui.cli.output import has_colour, write
from tui.cli.script_options import check_named, following_options, output_option, plan_of

if TYPE_CHECKING:
    from tui.cli.follow import Show
    from tui.scripts.watch import Event, Watching


HELP = """Print a line for each change until every JOB has ended, or Ctrl-C.

The exit code is 0 if every job is SUCCESS, 1 if one is FAILED or ended with an unknown status, 124 after --timeout.

\b
Examples:
  jobdeck watch 884213-884220
  jobdeck watch --file inv.csv --timeout 30m
  jobdeck watch @jobs.txt -o jsonl | jq -c '[.event, .jobID, .status]'
"""


@click.command("watch", help=HELP)
@click.argument("jobs", nargs=-1, shell_complete=jobs_seen, metavar="[JOB]...")
@following_options
@output_option(
    ("table", "jsonl"),
    "table",
    "Output format: plain lines (table), or one JSON object per line (jsonl); default table.",
)
@api_options
@click.pass_context
def command(context: click.Context, /, jobs: tuple[str, ...], output: str, **_: object) -> int:
    """Watch, and return the exit code."""
    check_named(context)
    options, plan = chosen(context), plan_of(context)
    given, target = read_jobs(jobs), Target.of(options)
    if not (given.job_ids or plan.has_files):
        from tui.cli.result_output import write_no_jobs  # noqa: PLC0415  # heavy: the monitor

        write_no_jobs(output)
        return Exit.DONE

    from tui.cli.follow import follow  # noqa: PLC0415  # heavy: the monitor

    colour = has_colour(os.environ, is_refused=options.is_on("no_color"))
    return given.exit_with(
        follow(target, plan, given.job_ids, _shown_object if output == "jsonl" else shown_lines(has_colour=colour))
    )


def shown_lines(*, has_colour: bool = False, tells_why: bool = True) -> Show:
    """Return a function that prints events as plain lines, and at the end the number of jobs by state.

    Args:
        has_colour: Whether statuses are coloured.
        tells_why: Whether to return the reason of the end, if the lines do not show it.
    """
    from tui.cli.follow import end_notes  # noqa: PLC0415  # heavy: the monitor
    from tui.scripts.formats import (  # noqa: PLC0415
        counts_line,
        event_line,
        event_note,
    )

    def show(event: Event, watching: Watching) -> tuple[str, ...]:
        line = (
            event_line(event, has_colour=has_colour)
            if watching.outcome is None
            else counts_line(watching.snapshot.watchlist)
        )
        if line is not None:
            write(f"{line}\n")
        note = event_note(event)
        if note:
            return (note,)
        return end_notes(watching) if tells_why else ()

    return show


def _shown_object(event: Event, watching: Watching) -> tuple[str, ...]:
    from tui.cli.follow import end_notes  # noqa: PLC0415  # heavy: the monitor
    from tui.scripts.json_output import event_as_jsonl  # noqa: PLC0415

    write(event_as_jsonl(event))
    return end_notes(watching)
