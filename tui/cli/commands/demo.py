"""`jobdeck --demo` where no app can run: the same simulator, ten times as fast, as plain lines."""

from __future__ import annotations

from collections.abc import Sequence

from tui.cli.build import Target
from tui.cli.commands.watch import shown_lines
from tui.cli.follow import follow
from tui.cli.output import warn
from tui.core.clock import ScaledClock
from tui.domain.exit_codes import Exit
from tui.scripts.wait_state import Plan

SPEED = 10.0

LONGEST_S = 68.0

"""Simulated seconds after which it ends; all but one job, which waits for ten minutes, have ended by then."""


def watch_demo(target: Target, job_ids: Sequence[int]) -> int:
    """Print each change of these jobs of the demo for some seconds and return the exit code.

    Raises:
        BrokenPipeError: The reader has gone.
        ConfigError: A setting is unusable.
    """
    warn("no terminal to draw on: the demo as plain lines, ten times as fast")
    show = shown_lines(tells_why=False)
    code = follow(target, Plan(timeout_s=LONGEST_S), job_ids, show, clock=ScaledClock(SPEED))
    return code if code in {Exit.INTERRUPTED, Exit.TERMINATED} else Exit.DONE
