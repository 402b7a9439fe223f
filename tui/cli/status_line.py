"""The one line on standard error that updates while people wait. Decides nothing about its text."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping

from tui.cli.output import is_ci, is_in_foreground, is_terminal_stream, warn
from tui.core.terminal import is_capable


class StatusLine:
    """A line that is drawn over itself on a terminal that can do that, and nowhere else.

    In the background there is none: the line that the cursor is in belongs to the shell.

    Args:
        environ: The process's environment; CI and TERM=dumb keep it away.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.is_on = is_terminal_stream(sys.stderr) and not is_ci(environ) and is_capable(environ)
        self._is_shown = False
        self._warned: set[str] = set()

    def show(self, text: str) -> None:
        """Draw `text`, safe and in one line, cut to the terminal's width."""
        if not self.is_on or not is_in_foreground(sys.stderr):
            return
        from rich.cells import cell_len, set_cell_size  # noqa: PLC0415  # heavy, and people alone need it

        room = max(1, shutil.get_terminal_size().columns - 1)
        self._write(f"\r{text if cell_len(text) <= room else set_cell_size(text, room)}\x1b[K")
        self._is_shown = True

    def clear(self) -> None:
        """Take the line away, before anything else is written and at the end."""
        if self._is_shown and is_in_foreground(sys.stderr):
            self._write("\r\x1b[K")
        self._is_shown = False

    def warn(self, message: str) -> None:
        """Write one line to standard error in its place, unless the same was written before."""
        if message not in self._warned:
            self._warned.add(message)
            self.clear()
            warn(message)

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            self.is_on = self._is_shown = False  # the terminal has gone; data may go on elsewhere
