"""Fixtures of the tests that run programs in a real pty."""

from contextlib import ExitStack

import pytest

from tests.support import warm
from tests.support.pty_app import INSTALLED, PATIENCE_S, ROOT, command, environment
from tests.support.pty_terminal import Terminal
from tui.core.clock import SystemClock
from tui.simulator.app import create_app
from tui.simulator.faults import FaultPlan
from tui.simulator.queue import JobQueue


@pytest.fixture
def run():
    """Return a function that starts a program as `Terminal` does; it is killed when the test ends."""
    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(Terminal(*args, **kwargs))


class Api(FaultPlan):
    """What the simulated API does wrong, and what it was asked."""

    def asked(self, job_id):
        """Return how often the job was asked for."""
        return sum(request.path.endswith(f"/{job_id}") for request in tuple(self.log))


@pytest.fixture
def api():
    return Api(SystemClock())


@pytest.fixture
def queue():
    """No job; tests put what is to be answered."""
    return JobQueue((), SystemClock())


@pytest.fixture
def server(serving, switch, queue, api):
    switch.app = create_app(queue, faults=api)
    return serving


@pytest.fixture
def start(run):
    """Return a function that starts the program against any URL."""

    def begin(url, *arguments, env=None, prefix=(), interval="0.5", **kwargs):
        argv = [*prefix, *command(*arguments, *(["--interval", interval] if interval else []))]
        return run(
            argv, env={**environment(url), **(env or {})}, cwd=None if INSTALLED else ROOT, spawn=warm.spawn, **kwargs
        )

    return begin


@pytest.fixture
def jobdeck(start, server):
    """Return a function that starts the program against the simulated API and waits until `until` holds."""

    def begin(*arguments, until="", **kwargs):
        terminal = start(server.url, *arguments, **kwargs)
        terminal.wait_for(until or (lambda it: 1049 in it.modes and it.text.strip() != ""), PATIENCE_S)
        return terminal

    return begin
