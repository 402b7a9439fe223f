import os
import subprocess
import sys
from contextlib import asynccontextmanager

from rich.segment import Segment
from textual.strip import Strip

from tests.ui.test_screen_diff import picture
from tui.ui.terminal import diffing_app as painting
from tui.ui.terminal.diffing_app import DiffingApp
from tui.ui.terminal.screen_diff import Piece


def line(text, y=0):
    return Piece(0, y, Strip([Segment(text)]))


class Wire:
    """Stands where Textual's driver does, and keeps what was written."""

    is_inline, is_headless = False, True

    def __init__(self):
        self.written = []

    def write(self, text):
        self.written.append(text)

    def flush(self):
        pass


class BusyApp(DiffingApp):
    is_drained = True
    focused_line = None

    def put(self, *painted):
        self._cells.take(painted)
        if self._draining is None:
            self._send()


@asynccontextmanager
async def busy_app():
    """Run an app without a screen of its own, whose characters go to a wire."""
    app, wire = BusyApp(), Wire()
    async with app.run_test() as pilot:
        app._cells.forget()
        driver, app._driver = app._driver, wire
        try:
            yield app, wire, pilot
        finally:
            app._driver = driver


async def test_what_changed_is_written_at_once_to_a_line_with_room():
    async with busy_app() as (app, wire, _):
        app.put(line("one"))

        assert wire.written == ["\x1b[1Hone"]


async def test_busy_line_gets_only_what_there_is_to_show_when_it_has_room_again(monkeypatch):
    monkeypatch.setattr(painting, "DRAIN_S", 0.001)
    async with busy_app() as (app, wire, pilot):
        app.is_drained = False
        for text in ("one", "two", "six"):
            app.put(line(text))
            await pilot.pause()
        waiting = list(wire.written)
        app.is_drained = True
        while not wire.written:
            await pilot.pause()

        assert waiting == []
        assert wire.written == ["\x1b[1Hsix"]


async def test_line_looked_at_is_written_before_the_others():
    async with busy_app() as (app, wire, _):
        app.focused_line = 5
        app.put(*(line(f"line {y}", y) for y in range(8)))

        assert wire.written[0] == "\x1b[6Hline 5"
        shown = picture(8, *wire.written)
        assert ["".join(cell.data for cell in row).rstrip() for row in shown] == [f"line {y}" for y in range(8)]


def test_a_key_behind_a_paint_waits_for_no_frame_of_a_film():
    """Textual reads how often it paints when it is imported, so a fresh process must tell."""
    told = subprocess.run(
        [sys.executable, "-c", "import tui.ui.app, textual.screen; print(textual.screen.UPDATE_PERIOD)"],
        capture_output=True,
        check=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "TEXTUAL_FPS"},
    )
    assert float(told.stdout) <= 1 / 240
