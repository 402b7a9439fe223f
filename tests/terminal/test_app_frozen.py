"""A terminal that stands still, as a frozen ssh client does: polling goes on, and the thaw finds everything current (tests/README.md, Faults, row 26)."""

import itertools
import os
import select
import sys
import threading
from pathlib import Path

import pytest

from tests.support.pty_app import INSTALLED, PATIENCE_S, ROOT, answer, environment, row
from tui.core.clock import SystemClock
from tui.simulator.faults import FaultPlan

SPEED = 20
FROZEN_S = 120 / SPEED
"""Two minutes of the program's own time."""

LAST_READINGS_S = 3.0
"""A minute of the program's own time: each job is read again, one by one if need be."""

LONGEST_GAP_S = 1.0
"""Twenty seconds of the program's own time; it asks every two."""

THAW_S = 2.0
IDS = tuple(range(101, 141))

IN_FAST_TIME = f"""
import functools, sys
import tui.core.clock
tui.core.clock.SystemClock = functools.partial(tui.core.clock.ScaledClock, {SPEED})
from tui.cli.main import main
sys.exit(main())
"""
"""The whole program, on a clock that runs faster."""


class HeardApi(FaultPlan):
    """The simulated API; lets a test wait for the next request."""

    def __init__(self):
        super().__init__(SystemClock())
        self._heard = threading.Condition()

    def meet(self, request):
        with self._heard:
            self._heard.notify_all()
            return super().meet(request)

    def wait_for_next(self):
        """Return at the next request; none for too long means that polling has stopped."""
        with self._heard:
            assert self._heard.wait(LONGEST_GAP_S), "polling has stopped"


@pytest.fixture
def api():
    return HeardApi()


@pytest.fixture
def fast(run, server):
    """Start the program in fast time."""

    def begin(*arguments, **kwargs):
        argv = [sys.executable, "-c", IN_FAST_TIME, *arguments, "--interval", "2"]
        return run(argv, env=environment(server.url), cwd=ROOT, **kwargs)

    return begin


@pytest.fixture
def change(queue):
    """Give every job another look, with this status."""
    numbers = itertools.count(100)

    def changed(status):
        number = next(numbers)
        for job_id in IDS:
            queue.put(job_id, answer(job_id, status, itemCount=number * 1000 + job_id, locationCode=f"W{number}"))

    return changed


def takes_output(terminal):
    """Return whether the terminal has room for more output; without it whoever writes has to wait."""
    descriptor = os.open(Path(f"/proc/{terminal.pid}/fd/1").readlink(), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        return bool(select.select([], [descriptor], [], 0)[1])
    finally:
        os.close(descriptor)


def poll_until(api, is_enough, *, meanwhile=lambda: None):
    """Let the program poll, without reading what it writes; return the number of requests."""
    begin_s, before = api.now_s, api.requests
    while not is_enough():
        assert api.now_s < begin_s + PATIENCE_S
        meanwhile()
        api.wait_for_next()
    return api.requests - before


def after(api, duration_s):
    """Return whether this time has passed, as a question."""
    until_s = api.now_s + duration_s
    return lambda: api.now_s >= until_s


@pytest.mark.long
@pytest.mark.skipif(INSTALLED is not None, reason="the program's clock is replaced in the checkout")
def test_row_26_frozen_terminal_stops_no_polling_and_is_current_after_the_thaw(fast, api, change):
    change("PENDING")
    terminal = fast(",".join(map(str, IDS)), size=(150, 50))
    terminal.wait_for(lambda it: all(row(job_id, "PENDING").search(it.text) for job_id in IDS), PATIENCE_S)
    looks = itertools.cycle(["WORKING", "HALTED", "PENDING"])

    poll_until(api, lambda: not takes_output(terminal), meanwhile=lambda: change(next(looks)))
    asked = poll_until(api, after(api, FROZEN_S), meanwhile=lambda: change(next(looks)))
    change("THAWED")
    poll_until(api, after(api, LAST_READINGS_S))

    assert not takes_output(terminal)
    assert asked >= FROZEN_S / LONGEST_GAP_S
    terminal.wait_for(lambda it: all(row(job_id, "THAWED").search(it.text) for job_id in IDS), THAW_S)
