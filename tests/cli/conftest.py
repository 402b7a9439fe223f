"""The real command in a process of its own, imported before it began, and a simulated API on a real socket."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support import warm
from tui.core.clock import SystemClock
from tui.simulator.app import create_app
from tui.simulator.faults import FaultPlan
from tui.simulator.queue import JobQueue, SimJob

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "canary-5f1d2c"
LIMIT_S = 20

JOBS = (
    SimJob(job_id=1, added_s=-30, start_s=-20, end_s=-10, original_filename="inv.csv", items=500),
    SimJob(
        job_id=2,
        added_s=-30,
        start_s=-20,
        end_s=-10,
        status="FAILED",
        success=True,
        messages=("=cmd|' /C calc'!A1", "caf\u00e9\x1b[2J"),
    ),
    SimJob(job_id=3, added_s=-100),
    SimJob(job_id=4, added_s=-100, start_s=-4.0, items=10_000, end_s=96.0, type="ADJUST", extra={"priority": 7}),
)


def until(condition):
    """Return once `condition` holds; what another process does sets no event here."""
    never = threading.Event()
    for _ in range(500):
        if condition():
            return
        never.wait(0.02)
    raise AssertionError("nothing came")


@pytest.fixture
def faults():
    return FaultPlan(SystemClock())


@pytest.fixture
def queue():
    return JobQueue(JOBS, SystemClock())


@pytest.fixture
def tokens():
    """The tokens that the server takes; a test may change them."""
    return {TOKEN}


@pytest.fixture
def server(serving, switch, queue, faults, tokens):
    switch.app = create_app(queue, faults=faults, tokens=tokens)
    return serving


@pytest.fixture
def bare(tmp_path):
    """An environment that says nothing about any API."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


@pytest.fixture
def environ(bare, server):
    return {**bare, "KIBO_API_HOST": server.url, "KIBO_ACCESS_TOKEN": TOKEN}


@pytest.fixture
def jobdeck(environ):
    """Runs the command to its end."""

    def run(*arguments, stdin="", env=None):
        command = [sys.executable, "-W", "error", "-m", "tui", *arguments]
        return warm.run(command, input=stdin, env=env or environ, text=True, encoding="utf-8", timeout=LIMIT_S)

    return run


@pytest.fixture
def started(environ):
    """Starts the command and ends it with the test if it still runs."""
    processes = []

    def start(*arguments, env=None, is_fresh=False):
        command = [sys.executable, "-W", "error", "-m", "tui", *arguments]
        pipe = subprocess.PIPE
        begin = subprocess.Popen if is_fresh else warm.Popen
        process = begin(command, env=env or environ, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()
