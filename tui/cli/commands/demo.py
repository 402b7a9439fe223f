"""`jobdeck --demo` without a terminal: the same simulator, ten times as fast, as plain lines."""

from __future__ import annotations

from collections.abc import Sequence

from tui.cli.build import Target
from tui.cli.commands.watch import shown_lines
from tui.cli.exit_codes import Exit
from tui.cli.follow import follow
from tui.cli.output import warn
from tui.core.clock import ScaledClock
from tui.scripts.wait_state import Plan

SPEED = 10.0

LONGEST_S = 68.0
"""Simulated seconds until the demo ends. By then all jobs have ended but one, which waits for ten minutes."""


def watch_demo(target: Target, job_ids: Sequence[int]) -> int:
    """Print each change of these demo jobs for a few seconds and return the exit code.

    Raises:
        BrokenPipeError: The reader has gone.
        ConfigError: A setting is unusable.
    """
    warn("no usable terminal: showing the demo as plain lines, ten times as fast")
    show = shown_lines(tells_why=False)
    code = follow(target, Plan(timeout_s=LONGEST_S), job_ids, show, clock=ScaledClock(SPEED))
    return code if code in {Exit.INTERRUPTED, Exit.TERMINATED} else Exit.DONE
