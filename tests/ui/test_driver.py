import os
import pty

from textual.drivers._writer_thread import WriterThread

from tui.ui.terminal.driver import SignalSafeDriver


def driver_on(fd):
    """A driver that has never touched a terminal or a signal, with a thread that writes nothing."""
    driver = SignalSafeDriver.__new__(SignalSafeDriver)
    driver._writer_thread = WriterThread(os.fdopen(fd, "w", closefd=False))
    return driver


def fill(fd):
    os.set_blocking(fd, False)
    try:
        while True:
            os.write(fd, b"x" * 1000)
    except BlockingIOError:
        return


def test_tty_that_takes_no_more_is_busy_until_it_is_read():
    outside, inside = pty.openpty()
    try:
        driver = driver_on(inside)
        free = driver.is_drained
        fill(inside)
        full = driver.is_drained
        while not driver.is_drained:
            os.read(outside, 65536)

        assert (free, full) == (True, False)
    finally:
        os.close(outside)
        os.close(inside)


def test_tty_is_busy_while_writes_wait_for_it():
    outside, inside = pty.openpty()
    try:
        driver = driver_on(inside)
        driver.write("one")
        one = driver.is_drained
        driver.write("two")

        assert (one, driver.is_drained) == (True, False)
    finally:
        os.close(outside)
        os.close(inside)
