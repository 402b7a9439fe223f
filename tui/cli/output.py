"""Standard output and standard error: encoding, colour, the progress line."""

from __future__ import annotations

import locale
import os
import select
import shutil
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import TextIO

from tui.core import terminal as terminals
from tui.core.errors import ConfigError
from tui.core.terminal import is_capable
from tui.core.text import one_line, without_commands


def accept_any_text(stream: TextIO | None) -> None:
    """Have characters that the locale cannot show written as escapes; a stream that is closed or replaced stays as it
    is.

    Python writes UTF-8 in a locale of ASCII, too.
    """
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(
            encoding=None if is_utf8() or not terminals.is_utf8(stream.encoding) else "ascii", errors="backslashreplace"
        )


def write(text: str) -> None:
    """Write `text` to standard output at once.

    Raises:
        BrokenPipeError: The reader has gone.
        ConfigError: It cannot be written, as when the disk is full.
    """
    stream = sys.stdout
    try:
        stream.flush()
        if (descriptor := _descriptor(stream)) is None:
            stream.write(text)
        else:
            _write_all(descriptor, text.encode(stream.encoding, stream.errors or "strict"))
    except BrokenPipeError:
        raise
    except OSError as error:
        silence()
        raise unwritable(error) from error


def _descriptor(stream: TextIO) -> int | None:
    """Return the descriptor behind a stream; None for one in memory."""
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None


def _write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`.

    A stream of Python takes a short write for the whole if PYTHONUNBUFFERED is set, as in many containers: what a
    reader that goes away
    leaves over would be no error. One that another program has made non-blocking raises where it would wait.
    """
    left = memoryview(data)
    while left:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:
            select.select((), (descriptor,), ())


def unwritable(error: OSError) -> ConfigError:
    """Return the error of a standard output that takes nothing any more."""
    reason = (error.strerror or "unknown reason").lower()
    return ConfigError(f"standard output cannot be written: {reason}", "check where it goes, and how full that disk is")


def write_utf8(text: str) -> None:
    """Write `text` as `write` does, in UTF-8 whatever the locale."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    write(text)


def warn(message: str) -> None:
    """Write one line `jobdeck: message` to standard error, safe for any reader; nobody being there to read it is no
    error.
    """
    try:
        if sys.stderr is not None:
            sys.stderr.write(f"jobdeck: {without_commands(one_line(message))}\n")
            sys.stderr.flush()
    except OSError:
        return


def silence() -> None:
    """Point standard output at nothing, so that the interpreter has nowhere to complain about it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def has_colour(environ: Mapping[str, str], *, is_refused: bool) -> bool:
    """Return whether standard output takes colour."""
    wish = False if is_refused else terminals.colour_wish(environ)
    return terminals.is_capable(environ) and is_terminal_stream(sys.stdout) if wish is None else wish


def encoding() -> str:
    """Return the encoding of the locale that this process was asked to use."""
    return terminals.encoding(os.environ, by_python=locale.getencoding(), is_utf8_mode=bool(sys.flags.utf8_mode))


def is_utf8() -> bool:
    """Return whether the locale can show more than ASCII."""
    return terminals.is_utf8(encoding())


def wants_lines(environ: Mapping[str, str]) -> bool:
    """Return whether plain lines suit standard output better than what is laid out for people: it is no terminal, or CI
    is set.
    """
    return not is_terminal() or is_ci(environ)


def is_ci(environ: Mapping[str, str]) -> bool:
    """Return whether this is a build machine, by the variable that they all set."""
    return environ.get("CI", "").lower() not in {"", "0", "false"}


def is_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return is_terminal_stream(sys.stdout)


def is_in_foreground(stream: TextIO) -> bool:
    """Return whether the shell has given us the terminal of a stream; one that is not the shell's has nobody else."""
    try:
        return os.tcgetpgrp(stream.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return True


def is_terminal_stream(stream: TextIO | None) -> bool:
    """Return whether a stream is open, and a terminal."""
    return stream is not None and not stream.closed and stream.isatty()


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
