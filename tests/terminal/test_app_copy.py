"""What reaches the clipboard of a real terminal, and of a real tmux."""

import base64
import os
import re
import shutil
import subprocess

import pytest

from tests.support.pty_app import PATIENCE_S, ROOT, answer, command, environment, row

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
MESSAGES = ["UPC 17 not found", "UPC 18 not found"]


def copied(terminal):
    """Return the texts of all OSC 52 that were sent."""
    return [
        base64.b64decode(text).decode() for text in re.findall(rb"\x1b]52;[a-z]*;([A-Za-z0-9+/=]+)\x07", terminal.raw)
    ]


@SIZES
def test_id_causes_messages_and_request_of_a_job_reach_the_clipboard_with_two_keys(jobdeck, queue, server, size):
    queue.put(101, answer(101, "FAILED", messages=MESSAGES))
    terminal = jobdeck("101", size=size, until=row(101, "FAILED"))

    texts = {}
    for number, key in enumerate("icmu", 1):
        terminal.press("Y")
        terminal.wait_for("enter chooses", PATIENCE_S)
        terminal.press(key)
        terminal.wait_for(lambda it, number=number: len(copied(it)) == number, PATIENCE_S)
        texts[key] = copied(terminal)[-1]

    assert texts["i"] == "101"
    assert texts["c"] == "2x UPC ‹…› not found"
    assert texts["m"] == "UPC 17 not found\nUPC 18 not found"
    assert texts["u"].endswith(f"{server.url}/api/commerce/inventory/v1/queue/101")
    assert "$KIBO_ACCESS_TOKEN" in texts["u"]


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
@pytest.mark.parametrize("passes", ["off", "on"])
def test_id_reaches_the_clipboard_of_the_terminal_that_tmux_runs_in(run, server, queue, tmp_path, passes):
    queue.put(101, answer(101, "FAILED"))
    socket = str(tmp_path / "tmux")
    config = tmp_path / "tmux.conf"
    config.write_text(f"set -g allow-passthrough {passes}\nset -s set-clipboard external\n", encoding="utf-8")
    environ = {**os.environ, **environment(server.url), "TERM": "xterm-256color"}
    argv = ["tmux", "-S", socket, "-f", str(config), "new-session", *command("101")]

    terminal = run(argv, env=environ, cwd=ROOT)
    try:
        terminal.wait_for(lambda it: "FAILED" in it.text, PATIENCE_S)
        terminal.press("y")
        terminal.wait_for(lambda it: "101" in copied(it), PATIENCE_S)
        terminal.wait_for("sent 101", PATIENCE_S)
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], check=False)


def test_full_screen_leaves_the_mouse_to_the_terminal(jobdeck, queue):
    queue.put(101, answer(101, "FAILED"))
    terminal = jobdeck("101", until=row(101, "FAILED"))
    captured = 1000 in terminal.modes

    terminal.press("f")
    terminal.wait_for(lambda it: 1000 not in it.modes, PATIENCE_S)
    terminal.press("f")
    terminal.wait_for(lambda it: 1000 in it.modes, PATIENCE_S)

    assert captured
