"""The terminal app, which is the command without a name: starts it and cleans up after it."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

import click

from tui.cli.build import DEMO_JOBS, Target
from tui.cli.commands import COMMANDS
from tui.cli.completion_values import jobs_seen
from tui.cli.job_arguments import read_jobs
from tui.cli.keyboard import has_other_driver, obstacle, take_keyboard
from tui.cli.options import Chosen, api_options, chosen
from tui.cli.output import warn, write
from tui.cli.process_exit import SIGNALLED, note_signal
from tui.cli.saved_session import SavedSession
from tui.cli.selection_options import selected, selection_options
from tui.cli.user_folders import state_folder

if TYPE_CHECKING:
    from tui.domain.selection import Selection


@click.command("app", add_help_option=False)
@click.argument("jobs", nargs=-1, shell_complete=jobs_seen, metavar="[JOB]...")
@selection_options
@api_options
@click.help_option("-h", "--help", callback=lambda context, _, is_requested: _help(context, is_requested=is_requested))
@click.pass_context
def command(context: click.Context, /, jobs: tuple[str, ...], **_: object) -> int:
    """Run the app and return the exit code. Without a terminal, `--demo` prints plain lines."""
    options, selection = chosen(context), selected(context)
    given = read_jobs(jobs, commands=tuple(COMMANDS))
    if jobs and not given.job_ids and selection is None:
        return given.code
    target = Target.of(options)
    problem = obstacle(os.environ)
    if problem is None:
        return _run(target, given.job_ids, options, selection)
    if not target.settings.is_demo or selection is not None:
        raise problem
    from tui.cli.commands.demo import watch_demo  # noqa: PLC0415  # heavy: the monitor

    return watch_demo(target, given.job_ids or DEMO_JOBS)


def _help(context: click.Context, *, is_requested: bool) -> None:
    """Print the help of `jobdeck` itself, because this command has no name."""
    if not is_requested or context.resilient_parsing:
        return
    write(f"{(context.parent or context).get_help()}\n")
    context.exit()


def _run(target: Target, job_ids: tuple[int, ...], options: Chosen, selection: Selection | None) -> int:
    """Run the app until the user quits, and return the exit code."""
    if options.is_on("no_color"):
        os.environ["NO_COLOR"] = "1"
    gc.disable()  # garbage collection over a thousand modules would delay the first screen by 10 %
    memory = SavedSession(None if target.settings.is_demo else target.settings.api_base)
    from tui.cli.app_session import session_of  # noqa: PLC0415  # heavy: the monitor
    from tui.cli.signals import report_logged  # noqa: PLC0415  # heavy: asyncio
    from tui.history.views import Views  # noqa: PLC0415  # the app alone needs it
    from tui.ui.app import run_app  # noqa: PLC0415  # heavy: textual

    views = Views(state_folder())
    is_new = job_ids or selection is not None
    last = None if is_new else memory.last_kept()
    session = session_of(
        target,
        last.job_ids if last else job_ids,
        memory,
        selections=last.selections if last else tuple(each for each in (selection,) if each),
        removed=last.removed if last else (),
        view=views.last(target.settings.api_base),
        command=memory.command(options.values, is_demo=target.settings.is_demo),
    )
    report_logged()
    is_elsewhere = has_other_driver(os.environ)
    if not is_elsewhere:
        take_keyboard()
    code, bug, view = run_app(session)
    if code > SIGNALLED:
        note_signal(code - SIGNALLED)
    try:
        is_over = session.monitor.stop()
        if memory.problem is not None:
            raise memory.problem
        memory.keep_at_last()
        if not target.settings.is_demo:
            views.keep(target.settings.api_base, view)
        if not is_elsewhere:  # otherwise the driver owns standard output
            write(memory.summary(options.values, is_demo=target.settings.is_demo))
        for notice in memory.last_notices():
            warn(f"note: {notice}")
    finally:
        if bug is not None:
            raise bug
    if not is_over:  # a thread that waits for DNS would delay the exit (tests/README.md, row 16)
        sys.stderr.flush()
        os._exit(code)
    return code
