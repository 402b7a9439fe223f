"""`jobdeck history`: shows what jobdeck saw of past jobs, without a request."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from tui.cli.build import Target
from tui.cli.completion_values import jobs_seen
from tui.cli.exit_codes import Exit
from tui.cli.job_arguments import read_jobs
from tui.cli.options import api_options, chosen, number_of, one_text, time_of
from tui.cli.output import warn, write
from tui.cli.script_options import output_option
from tui.core.errors import ConfigError
from tui.core.job_ids import written

HELP = """Show what jobdeck saw of past jobs, and exit. It sends no request.

Without a JOB the output is the jobs that were seen last; with JOBs also every change that was seen. jobdeck records the
jobs that the app, `watch` and `wait` watch, and keeps them for 90 days (`history_days` in a profile; 0 keeps nothing).
It keeps causes, not the texts of messages (`history_messages`). The exit code is 5 if a JOB is not known.

\b
Examples:
  jobdeck history --since 12h                what changed during the night
  jobdeck history 884213                     every change of a job
  jobdeck history --file inv.csv -o jsonl
"""


@click.command("history", help=HELP)
@click.argument("jobs", nargs=-1, shell_complete=jobs_seen, metavar="[JOB]...")
@click.option(
    "--file", callback=one_text, metavar="NAME", multiple=True, help="Jobs of this uploaded file; its exact name."
)
@click.option("--location", callback=one_text, metavar="CODE", multiple=True, help="Jobs of this location.")
@click.option(
    "--since", callback=time_of, metavar="TIME", help="Jobs that changed since, such as 12h or 2026-11-23T09:30:00Z."
)
@click.option("--limit", callback=number_of(1, 100_000), metavar="N", help="The most jobs; default 1000.")
@output_option(("text", "json", "jsonl"), "text", "Output format; default text.")
@api_options
@click.pass_context
def command(context: click.Context, /, jobs: tuple[str, ...], output: str, **_: object) -> int:
    """Read the history, write it, and return the exit code."""
    from tui.core.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio
    from tui.history.store import HistoryStore, StoreError  # noqa: PLC0415  # heavy: SQLite
    from tui.scripts.history import history_records, history_text  # noqa: PLC0415
    from tui.scripts.json_output import json_array, json_lines  # noqa: PLC0415

    params = context.params
    given = read_jobs(jobs) if jobs else None
    job_ids = given.job_ids if given else ()
    if given and not job_ids:
        return given.code
    target = Target.of(chosen(context))
    path = target.history_path()
    since = _moment(params["since"], SystemClock().now())
    try:
        store = HistoryStore(path, is_read_only=True)
        found = store.jobs(
            job_ids,
            file=params["file"],
            location=params["location"],
            since=since,
            limit=params["limit"] or 1000,
        )
        is_detailed = bool(job_ids) or since is not None
        changes = store.changes([job.job_id for job in found], since=since) if is_detailed or output != "text" else ()
        store.close()
    except StoreError as error:
        if path.exists():
            raise ConfigError(f"the history in {path} cannot be read: {error}", "move the file away") from error
        found, changes, is_detailed = (), (), False
        warn("nothing is recorded yet: the app, `jobdeck watch` and `jobdeck wait` record the jobs that they watch")
    if output == "text":
        write(history_text(found, changes, is_detailed=is_detailed))
    else:
        records = history_records(found, changes)
        write(json_array(records) if output == "json" else json_lines(records))
    missing = sorted(set(job_ids) - {job.job_id for job in found})
    if missing:
        warn(f"not in the history: {written(tuple(missing))}; `jobdeck get` asks the server")
    return Exit.NO_SUCH_JOB if missing else Exit.DONE


def _moment(since: datetime | timedelta | None, now: datetime) -> datetime | None:
    return now - since if isinstance(since, timedelta) else since
