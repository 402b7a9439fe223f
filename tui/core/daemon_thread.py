"""Run a call that may hang forever in a daemon thread. The caller sets the timeout."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def run_in_daemon_thread(call: Callable[[], T], *, name: str) -> Future[T]:
    """Return a future for `call` in a daemon thread.

    The call cannot be cancelled; neither asyncio nor the interpreter waits for its end.

    Args:
        call: The function to run.
        name: Name of the thread.
    """
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = call()
        except Exception as error:  # noqa: BLE001  # handed on, to be judged where it is waited for
            outcome.set_exception(error)
        else:
            outcome.set_result(result)

    threading.Thread(target=run, name=name, daemon=True).start()
    return outcome
