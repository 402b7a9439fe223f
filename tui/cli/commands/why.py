"""`jobdeck why`: reads jobs once and groups what went wrong by cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.build import Target
from tui.cli.completion_values import jobs_seen
from tui.cli.exit_codes import Exit, exit_after, gravest
from tui.cli.job_arguments import read_jobs
from tui.cli.options import Chosen, api_options, chosen, number_of, some_text
from tui.cli.output import warn, write
from tui.cli.script_options import output_option
from tui.core.errors import ConfigError
from tui.core.text import one_line

if TYPE_CHECKING:
    from tui.scripts.why import Explanation


HELP = """Group what went wrong with each JOB by cause, and exit.

The output is how many jobs failed, and what the messages of all jobs that are not SUCCESS have in common: a count, the
jobs, the parts that differ, and an example. The exit code is 0 if every job was read, whatever its status.

\b
Examples:
  jobdeck why 884213-884220
  jobdeck why --file inv.csv
  jobdeck why --file inv.csv -o markdown --max-chars 2000
  jobdeck find --status FAILED --since 2h -o id | jobdeck why -
"""


@click.command("why", help=HELP)
@click.argument("jobs", nargs=-1, shell_complete=jobs_seen, metavar="[JOB]...")
@click.option(
    "--file",
    callback=some_text,
    metavar="NAME",
    help="All jobs of this uploaded file, or of files such as 'INV_*'. Only beside * or ? is [...] a set of characters.",
)
@click.option(
    "--newest", "is_newest", is_flag=True, help="With --file: only the newest upload that matches the pattern."
)
@output_option(("text", "markdown", "json", "id"), "text", "Output format; default text. id: the failed jobs.")
@click.option(
    "--max-chars",
    callback=number_of(300, 10_000_000),
    metavar="N",
    help="Never print more characters: leave out values and jobs first, then rare causes.",
)
@api_options
@click.pass_context
def command(context: click.Context, /, jobs: tuple[str, ...], output: str, max_chars: int | None, **_: object) -> int:
    """Read the jobs, explain them, and return the exit code."""
    file, is_newest = context.params["file"], context.params["is_newest"]
    if is_newest and file is None:
        raise ConfigError("--newest applies only to uploads", "give --file with it, such as --file 'KIBO_REFRESH_*'")
    if not jobs and file is None:
        raise ConfigError("no JOB given", "give an id such as `jobdeck why 884213`, or --file NAME")
    if jobs and file is not None:
        raise ConfigError("JOB and --file exclude each other", "give one of them")
    explained, code = (
        _of_jobs(chosen(context), jobs) if file is None else _of_file(chosen(context), file, is_newest=is_newest)
    )
    _write(explained, output, chosen(context), max_chars)
    return code


def _of_jobs(options: Chosen, jobs: Sequence[str]) -> tuple[Explanation, int]:
    """Return what went wrong with the given jobs, and the exit code; report the jobs that were not read."""
    from tui.cli.commands.get import read_each  # noqa: PLC0415  # two commands for one help page
    from tui.cli.signals import run  # noqa: PLC0415  # heavy: asyncio
    from tui.core.clock import SystemClock  # noqa: PLC0415
    from tui.presentation.messages import skipped_note  # noqa: PLC0415
    from tui.scripts.stderr_messages import problems  # noqa: PLC0415  # heavy: the monitor
    from tui.scripts.why import explanation  # noqa: PLC0415

    given = read_jobs(jobs)
    target = Target.of(options)
    readings, ended_by, skipped = run(read_each(target, given.job_ids)) if given.job_ids else ((), 0, 0)
    for problem in problems(readings):
        warn(problem)
    if skipped:
        warn(skipped_note(skipped))
    code = ended_by or given.exit_with(exit_after(reading.error for reading in readings if reading.error))
    return explanation(readings, SystemClock().now()), code


def _of_file(options: Chosen, file: str, *, is_newest: bool) -> tuple[Explanation, int]:
    """Return what went wrong with the jobs of a file, and the exit code; report if there may be more jobs, or none."""
    from tui.cli.commands.find import find_jobs  # noqa: PLC0415  # two commands for one help page
    from tui.cli.signals import run  # noqa: PLC0415  # heavy: asyncio
    from tui.core.clock import SystemClock  # noqa: PLC0415
    from tui.domain.watched_list import Extent  # noqa: PLC0415
    from tui.scripts.find import Search, incomplete_notes  # noqa: PLC0415  # heavy: the monitor
    from tui.scripts.why import explanation  # noqa: PLC0415

    search = Search(file=file, is_newest=is_newest)
    found = run(find_jobs(Target.of(options), search))
    for note in incomplete_notes(search, found):
        warn(note)
    if not found.readings:
        warn(f"no job of '{one_line(file)}' exists; check the name and the tenant")
    is_complete = found.extent is Extent.COMPLETE
    codes = (Exit.DONE if is_complete else Exit.UNPROVEN, Exit.DONE if found.readings else Exit.NO_SUCH_JOB)
    return explanation(found.readings, SystemClock().now(), is_complete=is_complete), gravest(codes)


def _write(explained: Explanation, output: str, options: Chosen, max_chars: int | None) -> None:
    from tui.cli.result_output import marks_for  # noqa: PLC0415  # heavy: cell widths
    from tui.scripts.why import failed_ids, why_json, why_markdown, why_text  # noqa: PLC0415

    match output:
        case "markdown":
            write(why_markdown(explained, marks_for(options), max_chars))
        case "json":
            write(why_json(explained, max_chars))
        case "id":
            write(failed_ids(explained, max_chars))
        case _:
            write(why_text(explained, marks_for(options), max_chars))
