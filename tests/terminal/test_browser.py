"""The app behind textual-serve, which draws in a browser: Textual's own driver over pipes, spoken to as the server does."""

import json
import os
import select
import subprocess
import time

import pytest

from tests.support.emulator import Emulator
from tests.support.pty_app import INSTALLED, PATIENCE_S, ROOT, answer, command, environment

DRIVER = "textual.drivers.web_driver:WebDriver"


class Browser:
    """What a browser shows of a program's packets, and what it sends."""

    def __init__(self, process, size):
        self.process, self.exit_seen = process, False
        self._emulator, self._left = Emulator(*size), b""
        self.packets = 0

    @property
    def text(self):
        return "\n".join(line for line, _ in self._emulator.rendered)

    def until(self, condition):
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline_s, f"never came true\n{self.text}"
            if select.select([self.process.stdout], [], [], 0.05)[0]:
                self._left += os.read(self.process.stdout.fileno(), 65536)
                self._take()

    def send(self, text):
        self._packet(b"D", text.encode())

    def resize(self, width, height):
        self._emulator.resize(width, height)
        self._packet(b"M", json.dumps({"type": "resize", "width": width, "height": height}).encode())

    def _packet(self, kind, payload):
        self.process.stdin.write(kind + len(payload).to_bytes(4, "big") + payload)
        self.process.stdin.flush()

    def _take(self):
        begin, mark, rest = self._left.partition(b"__GANGLION__\n")
        self._left = rest if mark else begin
        while len(self._left) >= 5 and len(self._left) >= 5 + (size := int.from_bytes(self._left[1:5], "big")):
            kind, payload, self._left = self._left[:1], self._left[5 : 5 + size], self._left[5 + size :]
            assert kind in {b"D", b"M"}, "nothing but packets goes to standard output"
            self.packets += 1
            if kind == b"D":
                self._emulator.feed(payload)
            else:
                self.exit_seen = self.exit_seen or json.loads(payload)["type"] == "exit"


@pytest.fixture
def browser(server, queue, tmp_path):
    for job_id in (101, 102, 103):
        queue.put(job_id, answer(job_id))
    clean = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "ROWS": "30",
        "TEXTUAL_DRIVER": DRIVER,
    }
    env = {**clean, **{name: value for name, value in environment(server.url).items() if value is not None}}
    with subprocess.Popen(
        command("101-103"),
        env=env,
        cwd=None if INSTALLED else ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        yield Browser(process, (100, 30))
        process.kill()


def test_app_runs_in_a_browser_whatever_terminal_there_is_and_ends_cleanly(browser):
    browser.until(lambda: "103 W01" in browser.text)

    browser.send("jj")
    browser.until(lambda: "━ 103 · PENDING ━" in browser.text)
    browser.send("184213")
    browser.until(lambda: " + 184213" in browser.text)
    browser.send("\x1b[200~\x1b[201~\x1b")
    browser.until(lambda: " a add " in browser.text)
    browser.send("q")
    browser.until(lambda: browser.exit_seen)

    assert browser.process.wait(PATIENCE_S) == 0
    assert browser.process.stdout.read() == b""
    assert browser.process.stderr.read() == b""


def test_size_is_the_browsers_and_nothing_is_painted_again_and_again(browser):
    browser.until(lambda: "103 W01" in browser.text)

    browser.resize(140, 40)
    browser.until(lambda: len(browser.text.splitlines()[2].rstrip()) == 140)
    before, deadline_s = browser.packets, time.monotonic() + 3.0
    browser.until(lambda: time.monotonic() > deadline_s)

    assert browser.packets - before < 30
