"""Ends the process: at once on a signal, without waiting for threads. Imports little."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

THREADS_S = 0.3
"""Time for an idle thread to end; a thread that runs longer waits for DNS (tests/README.md, row 16)."""

SIGNALLED = 128
"""Offset of the exit code for a signal number."""

_noted: list[int] = []


def end_on_signals() -> None:
    """End the process at once on Ctrl-C and SIGTERM, until a command installs its own handlers."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end_at_once)


def note_signal(number: int) -> None:
    """Record that a signal ends the process: its exit code wins over that of a bug during exit (tui/scripts/README.md,
    Exit codes).
    """
    _noted.append(number)


def signal_code() -> int | None:
    """Return the exit code of the signal that ends the process; None if there is none."""
    return SIGNALLED + _noted[0] if _noted else None


def end_at_once(number: int, _frame: FrameType | None) -> NoReturn:
    """End the process at once; a signal handler."""
    os._exit(SIGNALLED + number)


def leave(code: int) -> NoReturn:
    """Flush the output and end the process."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(THREADS_S)
            if thread.is_alive():
                os._exit(code)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            os._exit(code)  # the terminal has closed: Python would try again and exit with another code
    signal.setitimer(signal.ITIMER_REAL, 0)  # the limit after a signal; without its handler it would kill Python's exit
    sys.exit(code)
