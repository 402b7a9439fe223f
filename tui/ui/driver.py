"""Textual's driver for terminals, made safe for signals that reach it out of turn."""

from __future__ import annotations

import os
import select
import signal

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

    @property
    def can_suspend(self) -> bool:
        """Whether a shell with job control is above, which gives each command a process group of its own and can wake it again."""
        return os.getpgrp() != os.getsid(0)

    def suspend_group(self) -> None:
        """Give the terminal back and stop all that the shell started with us, as ctrl-z does: it waits while a wrapper is awake."""
        self._is_suspended = self._must_signal_resume = True
        # First, as the shell takes the terminal as soon as the wrapper is stopped.
        self.suspend_application_mode()
        os.killpg(0, signal.SIGTSTP)

    def _sigtstp_application(self, *args: object) -> None:
        if self._is_suspended:
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            self._is_suspended = True
            super()._sigtstp_application(*args)

    def _sigcont_application(self, *args: object) -> None:
        if self._is_suspended:
            super()._sigcont_application(*args)
            # In the background (`bg`) it has been stopped again instead, and `fg` is still to come.
            self._is_suspended = self._writer_thread is None or not self._writer_thread.is_alive()

    def start_application_mode(self) -> None:
        # Another program has had the terminal, or none yet: what it shows is not known.
        if isinstance(self._app, CellApp):
            self._app.forget_cells()
        try:
            super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual gives it no types
        except BaseException:
            self.stop_application_mode()  # Textual would leave the terminal half changed
            raise
