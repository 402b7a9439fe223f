"""A bug in the app: the terminal as it was, one safe line, an entry in the crash log, exit code 70 (tests/README.md, Faults, rows 23 and 38)."""

import signal

import pytest

from tests.support.planted_bugs import planted
from tests.support.pty_app import INSTALLED, PATIENCE_S, answer, environment, row

pytestmark = pytest.mark.skipif(bool(INSTALLED), reason="bugs are planted in the checkout")

AT_START = {
    "styles": "tui.ui.app:JobDeckApp.get_theme_variable_defaults",
    "load": "tui.ui.app:JobDeckApp.on_load",
    "driver": "tui.ui.terminal.driver:SignalSafeDriver._enable_bracketed_paste",
    "first screen": "tui.ui.screens.main:MainScreen.compose",
    "mount": "tui.ui.app:JobDeckApp.on_mount",
    "facts": "tui.ui.screens.main:MainScreen.watch_scene",
    "listener": "tui.cli.saved_session:SavedSession.take",
    "session": "tui.cli.app_session:session_of",
    "monitor": "tui.monitor.monitor:Monitor.__init__",
    "import": "tui.ui.screens.main",
}


@pytest.fixture
def begin(run, server, queue, tmp_path):
    """Starts the app with a bug in it."""

    def started(place, *arguments):
        queue.put(101, answer(101))
        return run(
            planted(place, *arguments),
            env={**environment(server.url), "KIBO_SHARED_SECRET": "canary-5f1d2c"},
            home=tmp_path,
        )

    return started


@pytest.fixture
def log(tmp_path):
    return tmp_path / "state" / "jobdeck" / "crash.log"


def check(terminal, log):
    assert terminal.leftovers() == ()
    assert "jobdeck: internal error: ZeroDivisionError: " in terminal.text
    assert f"details: {log}" in terminal.text.replace("\n", "")
    assert "Traceback (most" not in terminal.text
    assert b"\x9b2J" not in terminal.raw
    assert b"canary" not in terminal.raw
    assert "Traceback (most recent call last)" in log.read_text()
    assert "canary" not in log.read_text()


@pytest.mark.parametrize("place", AT_START.values(), ids=AT_START)
def test_bug_at_the_start_ends_the_app(begin, log, place):
    terminal = begin(place, "101")

    assert terminal.wait_exit(PATIENCE_S) == 70
    check(terminal, log)


@pytest.mark.parametrize(
    "place", ["tui.cli.saved_session:SavedSession.summary", "tui.ui.monitor_client:MonitorThread.stop"]
)
def test_bug_on_the_way_out_ends_the_app_with_70(begin, log, place):
    terminal = begin(place, "101")
    terminal.wait_for(row(101), PATIENCE_S)

    terminal.press("q")

    assert terminal.wait_exit(PATIENCE_S) == 70
    check(terminal, log)


def test_signal_wins_over_a_bug_on_the_way_out(begin, log):
    terminal = begin("tui.cli.saved_session:SavedSession.summary", "101")
    terminal.wait_for(row(101), PATIENCE_S)

    terminal.signal(signal.SIGTERM)

    assert terminal.wait_exit(PATIENCE_S) == 143
    check(terminal, log)


@pytest.mark.parametrize("key", ["j", "?", ":"])
def test_bug_behind_a_key_ends_the_app(begin, log, key):
    places = {
        "j": "tui.ui.widgets.job_list:JobList.action_move",
        "?": "tui.ui.screens.help:HelpScreen.compose",
        ":": "tui.ui.screens.command_palette:ChoiceScreen.__init__",
    }
    terminal = begin(places[key], "101")
    terminal.wait_for(row(101), PATIENCE_S)

    terminal.press(key)

    assert terminal.wait_exit(PATIENCE_S) == 70
    check(terminal, log)
    assert "jobdeck 101" in terminal.text


def test_bug_of_the_monitor_is_told_and_written_down(begin, log):
    terminal = begin("tui.monitor.monitor_state:MonitorState.answered", "101")

    terminal.wait_for("met a bug and continues", PATIENCE_S)
    terminal.press("q")

    assert terminal.wait_exit(PATIENCE_S) == 0
    assert terminal.leftovers() == ()
    assert "Traceback (most recent call last)" in log.read_text()
    assert "canary" not in log.read_text()
