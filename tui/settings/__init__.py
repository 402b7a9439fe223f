"""The settings of one run: option > environment > profile > default. Pure."""

from tui.settings.resolve import Settings as Settings
from tui.settings.resolve import files_in_settings as files_in_settings
from tui.settings.resolve import is_demo_asked as is_demo_asked
from tui.settings.resolve import resolve as resolve
from tui.settings.resolve import resolve_raw as resolve_raw
from tui.settings.schema import from_options_and_env as from_options_and_env
from tui.settings.schema import is_loopback as is_loopback
