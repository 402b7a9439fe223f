"""ctrl-z and what shells do to a stopped program (tests/README.md, Faults, row 25)."""

import re
import shlex

import pytest

from tests.support.pty_app import INSTALLED, PATIENCE_S, ROOT, answer, command, environment, row

PROMPT = "shell> "


@pytest.fixture
def begin(run, server, queue):
    """Return a function that starts the program in an interactive shell, which stays behind it."""
    queue.put(101, answer(101))

    def started(wrapper=""):
        env = {**environment(server.url), "PS1": PROMPT}
        shell = run(["/bin/sh", "-i"], env=env, cwd=None if INSTALLED else ROOT)
        shell.wait_for(PROMPT.strip(), PATIENCE_S)
        shell.type(f"{wrapper}{shlex.join(command('101', '--interval', '0.5'))}\r")
        shell.wait_for(is_there, PATIENCE_S)
        return shell

    return started


def is_there(shell):
    return 1049 in shell.modes and row(101).search(shell.text) is not None and "a add" in shell.lines[-1]


def is_in_shell(shell):
    return (
        shell.foreground_pid == shell.pid and 1049 not in shell.modes and shell.text.rstrip().endswith(PROMPT.strip())
    )


@pytest.mark.parametrize(
    "wrapper",
    ["", "timeout --foreground 1000 ", "nice -n 0 sh -c '\"$@\"; exit $?' wrapper "],
    ids=["alone", "timeout", "sh"],
)
def test_ctrl_z_goes_to_the_shell_and_fg_comes_back(begin, wrapper):
    shell = begin(wrapper)

    for _ in range(3):
        shell.press("ctrl+z")
        shell.wait_for(is_in_shell, PATIENCE_S)
        shell.type("echo $((6 * 7))\r")
        shell.wait_for(re.compile("^42$", re.MULTILINE), PATIENCE_S)
        shell.type("fg\r")
        shell.wait_for(is_there, PATIENCE_S)


def test_threads_stay_as_many_and_it_quits_as_ever(begin):
    shell = begin()
    job = shell.foreground_pid
    shell.wait_quiet(2.0)  # the first look for late jobs starts a worker, which stays
    threads = shell.threads(job)

    for _ in range(3):
        shell.press("ctrl+z")
        shell.wait_for(lambda it: it.state(job) == "T" and is_in_shell(it), PATIENCE_S)
        shell.type("fg\r")
        shell.wait_for(is_there, PATIENCE_S)
        shell.wait_quiet(0.3)
    after = shell.threads(job)
    shell.press("q")
    shell.wait_for(is_in_shell, PATIENCE_S)

    assert after == threads
    assert "101" in shell.text


def test_stopped_program_that_is_sent_to_the_background_comes_back_too(begin):
    shell = begin()
    shell.press("ctrl+z")
    shell.wait_for(is_in_shell, PATIENCE_S)

    shell.type("bg\r")
    shell.wait_quiet(0.3)
    shell.type("fg\r")

    shell.wait_for(is_there, PATIENCE_S)
    shell.press("q")
    shell.wait_for(is_in_shell, PATIENCE_S)


def test_status_that_changed_meanwhile_is_shown(begin, queue):
    shell = begin()
    shell.press("ctrl+z")
    shell.wait_for(is_in_shell, PATIENCE_S)
    queue.put(101, answer(101, "FAILED"))

    shell.type("fg\r")

    shell.wait_for(row(101, "FAILED"), PATIENCE_S)


def test_ctrl_z_without_a_shell_says_so_and_stays(jobdeck, queue):
    queue.put(101, answer(101))
    terminal = jobdeck("101", until=row(101))

    terminal.press("ctrl+z")
    terminal.wait_for("needs a shell", PATIENCE_S)

    assert terminal.state() != "T"
