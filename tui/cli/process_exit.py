"""How the process ends: at once on a signal, without waiting for threads. Imports little."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

THREADS_S = 0.3

"""Time for an idle thread to end; one that is still there then waits for a name look-up (faults.md, row 16)."""

SIGNALLED = 128

"""What is added to the number of a signal to make an exit code."""

_noted: list[int] = []


def end_on_signals() -> None:
    """Have Ctrl-C and SIGTERM end the process at once, until somebody who has something to print first takes
    them over.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end_at_once)


def note_signal(number: int) -> None:
    """Remember that a signal is ending the process: its exit code wins over that of a bug on the way out (cli.md, Exit
    codes).
    """
    _noted.append(number)


def signal_code() -> int | None:
    """Return the exit code of the signal that is ending the process; None if none is."""
    return SIGNALLED + _noted[0] if _noted else None


def end_at_once(number: int, _frame: FrameType | None) -> NoReturn:
    """End the process, as the handler of a signal."""
    os._exit(SIGNALLED + number)


def leave(code: int) -> NoReturn:
    """End the process; everything that is to be read has been flushed."""
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
            os._exit(code)  # the terminal has gone: Python would try again and end with a code of its own
    sys.exit(code)
