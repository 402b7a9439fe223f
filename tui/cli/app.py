"""The command without a name: the terminal app. Puts it together and tidies up after it; draws nothing."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import click

from tui.cli.building import DEMO_JOBS, Target, opened_client
from tui.cli.completing import jobs_seen
from tui.cli.jobs import read_jobs
from tui.cli.memory import Memory
from tui.cli.options import Chosen, api_options, chosen
from tui.cli.output import has_terminal, is_utf8, write
from tui.errors import ConfigError
from tui.settings import Settings

if TYPE_CHECKING:  # the screens and what they stand on take long to import; lines without a terminal do not need them
    from tui.monitor.monitor import Monitor
    from tui.ui.session import Session

NAMED_COMMANDS = ("config", "doctor", "find", "get", "simulate", "wait", "watch")


@click.command("app", add_help_option=False)
@click.argument("jobs", nargs=-1, shell_complete=jobs_seen, metavar="[JOB]...")
@api_options
@click.help_option("-h", "--help", callback=lambda context, _, is_asked: _help(context, is_asked=is_asked))
@click.pass_context
def command(context: click.Context, /, jobs: tuple[str, ...], **_: object) -> int:
    """Show the app, or its demo as plain lines where there is no terminal, and return the exit code."""
    options = chosen(context)
    job_ids = read_jobs(jobs, commands=NAMED_COMMANDS)
    target = Target.of(options)
    if has_terminal(os.environ):
        return _run(target, job_ids, options)
    if not target.settings.is_demo:
        raise ConfigError(
            "the app needs a terminal on standard input, output and error; in scripts use `jobdeck get JOB…`, or `jobdeck watch JOB…`"
        )
    from tui.cli.demo import watch_demo  # noqa: PLC0415  # heavy: the monitor

    return watch_demo(target, job_ids or DEMO_JOBS)


def _help(context: click.Context, *, is_asked: bool) -> None:
    """Show the page of `jobdeck` itself: this command has no name to ask by. Completion reads the words and wants no page."""
    if not is_asked or context.resilient_parsing:
        return
    write(f"{(context.parent or context).get_help()}\n")
    context.exit()


def _run(target: Target, asked: tuple[int, ...], options: Chosen) -> int:
    """Show the app until somebody leaves it, and return the exit code."""
    if options.is_on("no_color"):
        os.environ["NO_COLOR"] = "1"
    gc.disable()  # looking for garbage among a thousand modules would delay the first screen by a tenth
    memory = Memory(None if target.settings.is_demo else target.settings.api_base)
    session = _session(target, asked or memory.last(), memory)
    from tui.ui.app import run_app  # noqa: PLC0415  # heavy: textual

    code = run_app(session)
    is_over = session.engine.stop()
    if memory.problem is not None:
        raise memory.problem
    write(memory.farewell(is_demo=target.settings.is_demo))
    if not is_over:  # a thread that waits for a name look-up would hold the prompt (faults.md, row 16)
        sys.stderr.flush()
        os._exit(code)
    return code


def _session(target: Target, job_ids: tuple[int, ...], memory: Memory) -> Session:
    from platformdirs import user_state_path  # noqa: PLC0415  # the app alone needs it

    from tui.api.errors import Unauthorised  # noqa: PLC0415
    from tui.cli.budgets import budget_for  # noqa: PLC0415  # heavy: the monitor
    from tui.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio
    from tui.journal.crash_log import CrashLog  # noqa: PLC0415  # the app alone needs it
    from tui.monitor.monitor import Monitor  # noqa: PLC0415  # heavy: the monitor
    from tui.monitor.schedule import PollPolicy  # noqa: PLC0415
    from tui.ui.monitor_thread import MonitorThread  # noqa: PLC0415
    from tui.ui.session import Session  # noqa: PLC0415
    from tui.ui.views.bars import Place  # noqa: PLC0415
    from tui.ui.views.look import ASCII_GLYPHS, Glyphs  # noqa: PLC0415

    clock, settings = SystemClock(), target.settings
    tokens = target.tokens(clock)
    policy = PollPolicy(settings.interval_s)
    budget, crash_log = budget_for(settings), CrashLog(user_state_path("jobdeck"))

    @asynccontextmanager
    async def opened() -> AsyncIterator[Monitor]:
        gc.freeze()  # the first screen is painted now, and what it is made of stays
        gc.enable()
        with memory.noticing():
            async with opened_client(target, tokens, clock) as client:
                yield Monitor(client, clock, policy=policy, budget=budget)

    access_problem = None
    try:
        tokens.check()
    except Unauthorised as error:
        access_problem = str(error)
    return Session(
        engine=MonitorThread(opened, clock=clock, on_batch=memory.take, on_bug=lambda bug: crash_log.keep(bug, at=clock.now())),
        place=Place(settings.environment, _name(settings), is_marked=settings.is_production),
        clock=clock,
        job_ids=job_ids or (DEMO_JOBS if settings.is_demo else ()),
        policy=policy,
        glyphs=ASCII_GLYPHS if settings.is_ascii or not is_utf8() else Glyphs(),
        crash_log=str(crash_log.path),
        access_problem=access_problem,
    )


def _name(settings: Settings) -> str:
    """Profile and tenant; a profile that is called like its environment is not said twice."""
    if settings.is_demo:
        return "simulator"
    profile = settings.profile if settings.profile != settings.environment else None
    return " ".join(filter(None, (profile, f"t{settings.tenant}" if settings.tenant else None)))
