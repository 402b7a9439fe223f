"""A signal may end the app before its screen is mounted; what the last session remembered is then kept."""

from tui.core.clock import SystemClock
from tui.history.views import RememberedView
from tui.ui.app_context import AppContext
from tui.ui.monitor_client import MonitorThread
from tui.ui.rendering.status_bar import Place
from tui.ui.screens.main import MainScreen


def test_screen_that_was_never_mounted_remembers_what_the_last_session_did():
    view = RememberedView(order="newest", filter_text="w07", pinned=(101,), layout="deck")
    monitor = MonitorThread(lambda: None)

    screen = MainScreen(AppContext(monitor, Place("sandbox", "t4711"), SystemClock(), (101,), view=view))

    assert screen.remembered == view
