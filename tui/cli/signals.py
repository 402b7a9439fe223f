"""Run a coroutine of a command, and let signals end it in time."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

import click

from tui.cli.crash_report import report
from tui.cli.process_exit import end_at_once, note_signal
from tui.domain.exit_codes import Exit

T = TypeVar("T")

LAST_WORDS_S = 1.5

"""Time after a signal to say what is known, until the process ends anyway: its reader may have stalled."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _Reporting(logging.Handler):
    """Reports what libraries log as errors; asyncio does so with bugs of tasks and callbacks. Python would write it out
    as it is.
    """

    def emit(self, record: logging.LogRecord) -> None:
        met = record.exc_info[1] if record.exc_info else None
        report(met or RuntimeError(record.getMessage()))


def report_logged() -> None:
    """Have errors reported that a library logs, and that no log of ours takes."""
    logging.lastResort = _Reporting(logging.ERROR)


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose end waits for no thread: a name look-up may hold one for many seconds (faults.md, row 16)."""

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109  # asyncio's own signature
        del timeout


def run(main: Coroutine[Any, Any, T]) -> T:
    """Return what `main` returns.

    Raises:
        click.exceptions.Exit: A signal came, which `main` did not take for itself: it was cancelled, and with it what
        it had started.
    """
    report_logged()
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(until_signalled(main))


async def until_signalled(main: Coroutine[Any, Any, T]) -> T:
    """Return what `main` returns, in a loop that runs already.

    Raises:
        click.exceptions.Exit: As from `run`.
    """
    work, codes = asyncio.ensure_future(main), []

    def end(code: Exit) -> None:
        codes.append(code)
        work.cancel()

    with interruptible(end):
        try:
            return await work
        except asyncio.CancelledError:
            if not codes:
                raise
            raise click.exceptions.Exit(codes[0]) from None


@contextmanager
def interruptible(interrupt: Callable[[Exit], object]) -> Iterator[None]:
    """Have the first SIGINT or SIGTERM call `interrupt` in the running loop with its exit code; a second one ends the
    process.
    """
    loop = asyncio.get_running_loop()

    def on_signal(number: int, _: FrameType | None) -> None:
        for each in _SIGNALS:
            signal.signal(each, end_at_once)
        signal.signal(signal.SIGALRM, lambda *_: os._exit(128 + number))
        signal.setitimer(signal.ITIMER_REAL, LAST_WORDS_S)
        note_signal(number)
        loop.call_soon_threadsafe(interrupt, Exit(128 + number))

    before = {number: signal.signal(number, on_signal) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
