"""A forked run is what a fresh process would be."""

import os
import signal
import subprocess
import sys

import pytest

from tests.support import warm
from tests.support.warm import PROGRAM, ROOT

COMMAND = [sys.executable, "-W", "error", *PROGRAM]


@pytest.fixture
def env(tmp_path):
    return {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


def both(arguments, env, **kwargs):
    """Return what a fresh process and a forked one did."""
    command = [*COMMAND, *arguments]
    assert warm.server(("-W", "error")).suits(env)
    fresh = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False, env=env, **kwargs)
    forked = warm.run(command, text=True, timeout=20, env=env, **kwargs)
    return [(it.returncode, it.stdout, it.stderr) for it in (fresh, forked)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["nope"],
        ["config"],
        ["get", "-", "--demo", "-o", "id"],
        ["get", "x"],
        ["find", "--help"],
        ["--man"],
    ],
    ids=" ".join,
)
def test_it_prints_and_ends_as_a_fresh_process(arguments, env):
    fresh, forked = both(arguments, env, input="884204 884207\n")

    assert forked == fresh


def test_it_has_the_variables_the_zone_and_the_folder_that_it_is_given(env, tmp_path):
    (tmp_path / "ids").write_text("884204\n884208\n")
    env |= {
        "TZ": "Asia/Tokyo",
        "JOBDECK_API_HOST": "x.example",
        "COLUMNS": "50",
        "NO_COLOR": "1",
        "KIBO_ACCESS_TOKEN": "é" * 9,
    }

    for arguments in (["config"], ["get", "@ids", "--demo", "-o", "id"], ["get", "--help"]):
        fresh, forked = both(arguments, env, input="", cwd=tmp_path)
        assert forked == fresh


@pytest.mark.parametrize("name", ["PYTHONUTF8", "LC_ALL", "LANG", "TEXTUAL_DRIVER", "TERM_PROGRAM", "PYTHONPATH"])
def test_what_is_read_before_it_begins_takes_a_fresh_process(name, env):
    assert not warm.server(("-W", "error")).suits({**env, name: "C"})


@pytest.mark.parametrize(
    "command",
    [["true"], [sys.executable, "-c", "x"], ["timeout", "3", *COMMAND], [sys.executable, "-X", "dev", *PROGRAM]],
)
def test_other_programs_start_as_they_always_do(command):
    assert warm.split(command) is None


def test_it_is_a_child_of_the_test_that_a_signal_ends(env):
    pipe = subprocess.PIPE
    with warm.Popen(
        [*COMMAND, "wait", "884207", "--demo"], env=env, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
    ) as process:
        assert os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        process.kill()

    assert process.returncode == -signal.SIGKILL


def test_it_holds_nothing_open_that_is_not_its_own(env):
    pipe = subprocess.PIPE
    with warm.Popen([*COMMAND, "wait", "884207", "--demo"], env=env, stdin=pipe, stdout=pipe, stderr=pipe) as first:
        with warm.Popen([*COMMAND, "get", "-"], env=env, stdin=pipe, stdout=pipe, stderr=pipe) as second:
            open_in_second = {
                os.readlink(f"/proc/{second.pid}/fd/{name}")  # noqa: PTH115
                for name in os.listdir(f"/proc/{second.pid}/fd")  # noqa: PTH208
            }
            second.kill()
        open_in_first = {os.readlink(f"/proc/{first.pid}/fd/{name}") for name in range(3)}  # noqa: PTH115
        first.kill()

    assert not open_in_first & open_in_second
