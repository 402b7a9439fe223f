"""Runs the coroutine of a command, and ends it on signals."""

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
from tui.cli.exit_codes import Exit
from tui.cli.process_exit import end_at_once, note_signal

T = TypeVar("T")

LAST_WORDS_S = 1.5
"""Time after a signal to write the last output; then the process exits anyway, because its reader may have stalled."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _Reporting(logging.Handler):
    """Reports errors that libraries log, such as asyncio's errors in tasks and callbacks. Without it, Python prints
    them unescaped.
    """

    def emit(self, record: logging.LogRecord) -> None:
        met = record.exc_info[1] if record.exc_info else None
        report(met or RuntimeError(record.getMessage()))


def report_logged() -> None:
    """Report the errors that libraries log without a handler."""
    logging.lastResort = _Reporting(logging.ERROR)


class _Loop(asyncio.SelectorEventLoop):
    """A loop that closes without waiting for threads: DNS may block one for many seconds (tests/README.md, row 16)."""

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109  # asyncio's own signature
        del timeout


def run(main: Coroutine[Any, Any, T]) -> T:
    """Return the result of `main`.

    Raises:
        click.exceptions.Exit: A signal came that `main` does not handle; `main` was cancelled with its tasks.
    """
    report_logged()
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(until_signalled(main))


async def until_signalled(main: Coroutine[Any, Any, T]) -> T:
    """Return the result of `main`, in a running loop.

    Raises:
        click.exceptions.Exit: As in `run`.
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
    """Call `interrupt` with the exit code in the running loop on the first SIGINT or SIGTERM; a second signal ends the
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
