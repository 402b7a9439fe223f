"""What jobdeck was told to do: option > environment > profile > default. Pure: opens no file, asks no server, knows no secret."""

from tui.settings.resolve import Settings as Settings
from tui.settings.resolve import is_demo_asked as is_demo_asked
from tui.settings.resolve import resolve as resolve
from tui.settings.resolve import resolve_told as resolve_told
from tui.settings.resolve import told_files as told_files
from tui.settings.schema import is_loopback as is_loopback
from tui.settings.schema import told_by_hand as told_by_hand
