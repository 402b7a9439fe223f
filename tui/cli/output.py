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
    """Write characters that the locale cannot encode as escapes. A closed or replaced stream stays unchanged.

    Python writes UTF-8 even in an ASCII locale.
    """
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(
            encoding=None if is_utf8() or not terminals.is_utf8(stream.encoding) else "ascii", errors="backslashreplace"
        )


def write(text: str) -> None:
    """Write `text` to standard output at once.

    Raises:
        BrokenPipeError: The reader closed the pipe.
        ConfigError: Standard output cannot be written; for example, the disk is full.
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
        discard_stdout()
        raise unwritable(error) from error


def _descriptor(stream: TextIO) -> int | None:
    """Return the descriptor of a stream; None for one in memory."""
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None


def _write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`.

    With PYTHONUNBUFFERED, as in many containers, a Python stream treats a short write as complete, so a closed pipe
    would raise no error. A descriptor that another program made non-blocking raises an error instead of waiting.
    """
    remaining = memoryview(data)
    while remaining:
        try:
            remaining = remaining[os.write(descriptor, remaining) :]
        except BlockingIOError:
            select.select((), (descriptor,), ())


def unwritable(error: OSError) -> ConfigError:
    """Return the error for a standard output that cannot be written."""
    reason = (error.strerror or "unknown reason").lower()
    return ConfigError(f"standard output cannot be written: {reason}", "check where it goes, and how full that disk is")


def write_utf8(text: str) -> None:
    """Write `text` as `write` does, in UTF-8 whatever the locale."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    write(text)


def warn(message: str) -> None:
    """Write one safe line `jobdeck: message` to standard error; ignore a closed stream."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(f"jobdeck: {without_commands(one_line(message))}\n")
            sys.stderr.flush()
    except OSError:
        return


def discard_stdout() -> None:
    """Redirect standard output to /dev/null, so that the interpreter does not report it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def has_colour(environ: Mapping[str, str], *, is_refused: bool) -> bool:
    """Return whether to write colours to standard output."""
    wish = False if is_refused else terminals.colour_wish(environ)
    return terminals.is_capable(environ) and is_terminal_stream(sys.stdout) if wish is None else wish


def encoding() -> str:
    """Return the encoding of the locale."""
    return terminals.encoding(os.environ, by_python=locale.getencoding(), is_utf8_mode=bool(sys.flags.utf8_mode))


def is_utf8() -> bool:
    """Return whether the locale can show more than ASCII."""
    return terminals.is_utf8(encoding())


def wants_lines(environ: Mapping[str, str]) -> bool:
    """Return whether to write plain lines instead of a table: standard output is not a terminal, or CI is set."""
    return not is_terminal() or is_ci(environ)


def is_ci(environ: Mapping[str, str]) -> bool:
    """Return whether this is a build machine, by the variable CI."""
    return environ.get("CI", "").lower() not in {"", "0", "false"}


def is_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return is_terminal_stream(sys.stdout)


def is_in_foreground(stream: TextIO) -> bool:
    """Return whether this process is in the foreground of a stream's terminal; True if it is not the controlling
    terminal.
    """
    try:
        return os.tcgetpgrp(stream.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return True


def is_terminal_stream(stream: TextIO | None) -> bool:
    """Return whether a stream is an open terminal."""
    return stream is not None and not stream.closed and stream.isatty()


class StatusLine:
    """A progress line that is redrawn in place; empty if standard error is not a capable terminal.

    It is also empty in the background, because the cursor line belongs to the shell.

    Args:
        environ: The environment of the process; CI and TERM=dumb disable the line.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.is_on = is_terminal_stream(sys.stderr) and not is_ci(environ) and is_capable(environ)
        self._is_shown = False
        self._warned: set[str] = set()

    def show(self, text: str) -> None:
        """Draw `text`, cut to the width of the terminal."""
        if not self.is_on or not is_in_foreground(sys.stderr):
            return
        from rich.cells import cell_len, set_cell_size  # noqa: PLC0415  # heavy; only terminals need it

        room = max(1, shutil.get_terminal_size().columns - 1)
        self._write(f"\r{text if cell_len(text) <= room else set_cell_size(text, room)}\x1b[K")
        self._is_shown = True

    def clear(self) -> None:
        """Erase the line. Call this before other output and at the end."""
        if self._is_shown and is_in_foreground(sys.stderr):
            self._write("\r\x1b[K")
        self._is_shown = False

    def warn(self, message: str) -> None:
        """Write a message to standard error instead of the line, once for each text."""
        if message not in self._warned:
            self._warned.add(message)
            self.clear()
            warn(message)

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            self.is_on = self._is_shown = False  # the terminal has closed; standard output may still work
