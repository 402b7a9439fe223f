"""Textual's driver for terminals, made safe for signals that reach it out of turn."""

from __future__ import annotations

import select

from textual.drivers.linux_driver import LinuxDriver

from tui.ui.painting import CellApp


class SshDriver(LinuxDriver):
    """Comes back to the screen after its own suspension only.

    `timeout`, debuggers and some supervisors send SIGCONT to a program that was never stopped; Textual would enter
    application mode a second time, leak threads and hang when quitting (faults.md, row 24).
    """

    _is_suspended = False

    @property
    def is_drained(self) -> bool:
        """Whether the tty has room and next to nothing waits for it; what an ssh server holds back nobody can know."""
        writer = self._writer_thread
        if writer is None:
            return True
        return writer._queue.qsize() < 2 and bool(select.select([], [writer], [], 0)[1])  # noqa: SLF001  # it has no public name

    def _get_terminal_size(self) -> tuple[int, int]:
        """Ask where the app asks, too.

        Of a terminal that tells no size (0x0) the two believed different ones, and had the screen laid out for each in turn for ever.
        """
        return self._app.console.size

    def _sigtstp_application(self, *args: object) -> None:
        self._is_suspended = True
        super()._sigtstp_application(*args)

    def _sigcont_application(self, *args: object) -> None:
        if self._is_suspended:
            self._is_suspended = False
            super()._sigcont_application(*args)

    def start_application_mode(self) -> None:
        # Another program has had the terminal, or none yet: what it shows is not known.
        if isinstance(self._app, CellApp):
            self._app.forget_cells()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual gives it no types
