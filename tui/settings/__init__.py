"""What jobdeck was told to do: option > environment > profile > default. Pure: opens no file, asks no server, knows no secret."""

from tui.settings.base import is_loopback as is_loopback
from tui.settings.layers import told_by_hand as told_by_hand
from tui.settings.resolving import Settings as Settings
from tui.settings.resolving import is_demo_asked as is_demo_asked
from tui.settings.resolving import resolve as resolve
from tui.settings.resolving import resolve_told as resolve_told
from tui.settings.resolving import told_files as told_files
