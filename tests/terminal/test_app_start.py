"""Where the app can run, where its keys come from, and what it says where it cannot."""

import os
import shlex
import shutil
import subprocess

import pytest

from tests.support.pty_app import INSTALLED, PATIENCE_S, ROOT, answer, command, environment, is_listed, row, selected


@pytest.fixture
def shell(run, server, queue):
    """Return a function that runs a line of shell in a terminal, `jobdeck` in it being the program."""
    for job_id in (101, 102, 103):
        queue.put(job_id, answer(job_id))

    def begin(line, **env):
        jobdeck = f'jobdeck() {{ {shlex.join(command())} "$@"; }}; '
        return run(
            ["bash", "-c", jobdeck + line],
            env={**environment(server.url), **env},
            cwd=None if INSTALLED else ROOT,
            size=(100, 24),
        )

    return begin


def unwrapped(text):
    """Return the text without blanks: a terminal wraps in the middle of words."""
    return "".join(text.split())


def is_usable(terminal):
    """Whether keys reach the app, and leave it."""
    terminal.wait_for(lambda it: is_listed(101)(it) and is_listed(103)(it), PATIENCE_S)
    terminal.press("j")
    terminal.wait_for(lambda it: selected(it) == 102, PATIENCE_S)
    terminal.press("q")
    return terminal.wait_exit(PATIENCE_S) == 0 and terminal.leftovers() == () and "\njobdeck " in terminal.text


@pytest.mark.parametrize(
    "line",
    [
        "jobdeck find -o id | jobdeck -",
        "printf '101\\n102\\n103\\n' | jobdeck -",
        "jobdeck - <<< '101 102 103'",
        "jobdeck 101-103 </dev/null",
        "echo something else | jobdeck 101-103",
        "jobdeck 101-103 <&-",
        "jobdeck @<(echo 101-103) </dev/null",
    ],
)
def test_keys_come_from_the_terminal_wherever_standard_input_leads(shell, line):
    assert is_usable(shell(line))


def test_app_behind_a_pipe_can_be_suspended(run, server, queue):
    for job_id in (101, 102, 103):
        queue.put(job_id, answer(job_id))
    terminal = run(
        ["sh", "-i"], env={**environment(server.url), "PS1": "ready$ ", "ENV": None}, cwd=ROOT, size=(100, 24)
    )
    terminal.wait_for("ready$", PATIENCE_S)
    terminal.send(f"echo 101-103 | {shlex.join(command('-'))}\r".encode())
    terminal.wait_for(row(103, "PENDING"), PATIENCE_S)

    terminal.press("ctrl+z")
    terminal.wait_for("ready$", PATIENCE_S)
    terminal.send(b"fg\r")
    terminal.wait_for(row(103, "PENDING"), PATIENCE_S)

    terminal.press("j")
    terminal.wait_for(lambda it: selected(it) == 102, PATIENCE_S)


@pytest.mark.parametrize("line", ["echo 101 | setsid -w {} -", "setsid -w {} 101 </dev/null"])
def test_without_any_keyboard_it_says_so_in_one_line(shell, line):
    terminal = shell(line.format(shlex.join(command())))

    assert terminal.wait_exit(PATIENCE_S) == 2
    words = "jobdeck: the app needs a terminal for its keys: standard input is not one, and there is no controlling terminal; in scripts use"
    assert unwrapped(terminal.text).startswith(unwrapped(words))
    assert 1049 not in terminal.modes


WRONG_TERMINALS = {
    "dumb": (
        {"TERM": "dumb"},
        "the app cannot draw here: TERM=dumb cannot position the cursor; set TERM, such as to",
    ),
    "unset": (
        {"TERM": None},
        "the app cannot draw here: TERM is not set; set TERM, such as to xterm-256color, or use",
    ),
    "driver": (
        {"TEXTUAL_DRIVER": "nowhere:None"},
        "TEXTUAL_DRIVER 'nowhere:None' is not a Textual driver; unset it",
    ),
    "no driver": ({"TEXTUAL_DRIVER": "os"}, "TEXTUAL_DRIVER 'os' is not a Textual driver; unset it"),
}


@pytest.mark.parametrize("name", WRONG_TERMINALS)
def test_terminal_that_it_cannot_use_is_named_with_the_remedy(shell, name):
    env, words = WRONG_TERMINALS[name]

    terminal = shell("jobdeck 101", **env)

    assert terminal.wait_exit(PATIENCE_S) == 2
    assert unwrapped(terminal.text).startswith(unwrapped(f"jobdeck: {words}"))
    assert terminal.text.count("jobdeck:") == 1


@pytest.mark.parametrize(
    ("line", "stream"), [("jobdeck 101 | cat", "output"), ("jobdeck 101 2>&1 >/dev/null | cat", "output and error")]
)
def test_stream_that_is_no_terminal_is_named(shell, line, stream):
    terminal = shell(f"{line}; exit ${{PIPESTATUS[0]}}")

    assert terminal.wait_exit(PATIENCE_S) == 2
    verb = "are not" if "and" in stream else "is not one"
    words = f"jobdeck: the app needs a terminal, but standard {stream} {verb}; in scripts use"
    assert unwrapped(words) in unwrapped(terminal.text)


WITHOUT_MOUSE = {
    "option": ("--no-mouse", {}),
    "variable": ("", {"JOBDECK_NO_MOUSE": "1"}),
    "screen": ("", {"STY": "1234.pts-0.host", "TERM": "screen.xterm-256color"}),
    "screen elsewhere": ("", {"TERM": "screen-256color"}),
}


@pytest.mark.parametrize("name", WITHOUT_MOUSE)
def test_mouse_is_left_to_the_terminal(shell, name):
    option, env = WITHOUT_MOUSE[name]

    terminal = shell(f"jobdeck {option} 101-103", **env)

    assert is_usable(terminal)
    assert not any(b"\x1b[?%dh" % mode in terminal.raw for mode in (1000, 1002, 1003, 1006, 1015, 1016))


def test_mouse_is_taken_in_tmux_whose_terminal_is_called_like_screen(shell):
    terminal = shell("jobdeck 101-103", TERM="screen-256color", TMUX="/tmp/tmux-0/default,1,0")

    assert is_usable(terminal)
    assert b"\x1b[?1006h" in terminal.raw


@pytest.fixture
def screen(run, server, tmp_path):
    """Starts the program in a GNU screen of its own, which ends with the test."""
    folder = tmp_path / "screens"
    folder.mkdir(mode=0o700)
    env = {**environment(server.url), "SCREENDIR": str(folder), "LANG": "C.UTF-8"}
    yield lambda *arguments: run(
        ["screen", "-U", "-c", "/dev/null", "-S", "jobdeck", *command(*arguments)], env=env, cwd=ROOT
    )
    subprocess.run(
        ["screen", "-S", "jobdeck", "-X", "quit"],
        env={**os.environ, "SCREENDIR": str(folder)},
        capture_output=True,
        check=False,
    )


@pytest.mark.skipif(shutil.which("screen") is None, reason="GNU screen is not installed")
def test_escape_and_the_key_behind_it_arrive_in_gnu_screen(screen, queue):
    queue.put(101, answer(101))
    terminal = screen("101")
    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)

    terminal.press("?")
    terminal.wait_for("in this pane: jobs", PATIENCE_S)
    terminal.press("esc")
    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)
    terminal.press("?")
    terminal.wait_for("in this pane: jobs", PATIENCE_S)
    terminal.press("esc", "q")  # screen holds the one back and passes both on together

    terminal.wait_exit(PATIENCE_S)
